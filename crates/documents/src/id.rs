//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 文件
    DocumentId,
    /// 文件的一个稿次
    EditionId,
    /// 有效性的一次登记
    TurnId,
    /// 一个机关的协商确认
    ConcernedId,
    /// 上级文件
    UpperId,
    /// 专栏
    ColumnId,
    /// 公报的一期
    IssueId,
    /// 公报里的一篇
    ItemId,
    /// 勘误
    ErratumId,
}
