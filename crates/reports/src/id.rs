//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 年度报告
    AnnualId,
}
