//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 领导小组成员
    MemberId,
    /// 会议、听取汇报、培训、投稿、试点
    ActivityId,
    /// 人员名册的一行
    StaffId,
}
