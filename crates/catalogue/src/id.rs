//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 公开事项
    EntryId,
    /// 一个周期的公开情况
    FillingId,
    /// 建议列入目录的事项
    ProposalId,
}
