//! Identifiers of letters, reviews and suits.

gongkai_basis::ids! {
    /// 答复文书
    LetterId,
    /// 行政复议、行政诉讼
    RemedyId,
}
