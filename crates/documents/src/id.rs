//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 文件
    DocumentId,
    /// 文件的一个稿次
    EditionId,
}
