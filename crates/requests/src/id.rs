//! Identifiers of this capability's nouns.

gongkai_basis::ids! {
    /// 申请件
    RequestId,
    /// 征求意见、协办
    ConsultationId,
    /// 转主动公开建议
    SuggestionId,
    /// 个人信息清除
    ErasureId,
    /// 保留
    HoldId,
    /// The hidden number of a form that was handed out: what makes a second submission the same one.
    FormToken,
}
