//! 救济途径: the paragraph that tells where and until when a reply can be challenged.

use gongkai_basis::coded;

use super::profile::Profile;

/// 行政复议: days from knowing of the act (行政复议法 2023 art. 20).
pub const RECONSIDERATION_DAYS: u16 = 60;
/// 行政诉讼 directly: months from knowing (行政诉讼法 art. 46).
pub const SUIT_MONTHS: u16 = 6;
/// 行政诉讼 after reconsideration: days from receiving its decision (行政诉讼法 art. 45).
pub const SUIT_AFTER_DAYS: u16 = 15;

coded! {
    /// Which paragraph a letter asks for.
    pub enum Remedy {
        /// Procedural papers carry none: they cannot be challenged alone (国办函〔2021〕132号 art. 3).
        None = "none", "不写";
        /// 复议前置: refusals under 条例 art. 14–16 (行政复议法 art. 23(4)).
        ReviewFirst = "review_first", "先复议、后诉讼";
        /// The other final replies.
        Either = "either", "复议或者诉讼";
        /// 部分公开: what is withheld, and the rest.
        Mixed = "mixed", "不予公开部分先复议，其他部分复议或者诉讼";
    }
}

/// How the letter reaches the applicant: a decision served over the internet also names the channel there for 复议
/// (行政复议法 art. 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    OnPaper,
    Online,
}

/// The paragraph, with empty data shown as `＿`; empty for [`Remedy::None`].
#[must_use]
pub fn paragraph(remedy: Remedy, profile: &Profile, paper: &str, served: Served) -> String {
    let body = given(&profile.review_body);
    let address = if profile.review_address.is_empty() {
        String::new()
    } else {
        format!("（地址：{}）", profile.review_address)
    };
    let court = given(&profile.court);
    let review =
        format!("自收到本{paper}之日起{RECONSIDERATION_DAYS}日内向{body}{address}申请行政复议");
    let first = format!(
        "可以{review}；对行政复议决定不服的，可以自收到行政复议决定书之日起{SUIT_AFTER_DAYS}日内向{court}提起行政诉讼"
    );
    let either =
        format!("可以{review}，或者自收到本{paper}之日起{SUIT_MONTHS}个月内向{court}提起行政诉讼");
    let mut text = match remedy {
        Remedy::None => return String::new(),
        Remedy::ReviewFirst => format!("如对本{paper}不服，应当先申请行政复议：{first}。"),
        Remedy::Either => format!("如对本{paper}不服，{either}。"),
        Remedy::Mixed => format!(
            "如对本{paper}中不予公开的部分不服，应当先申请行政复议：{first}。如对其他部分不服，{either}。"
        ),
    };
    if served == Served::Online {
        text.push_str(&format!(
            "行政复议申请也可以通过互联网渠道提交：{}。",
            given(&profile.review_online)
        ));
    }
    text
}

fn given(text: &str) -> &str {
    if text.is_empty() {
        super::compose::GAP
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Remedy, Served, paragraph};
    use crate::letter::compose::GAP;
    use crate::letter::profile::Profile;

    #[test]
    fn refusals_go_to_review_first_and_other_replies_have_a_choice() {
        let profile = Profile::sample();
        let text = |remedy, served| paragraph(remedy, &profile, "答复书", served);
        let first = text(Remedy::ReviewFirst, Served::OnPaper);
        assert!(first.contains("应当先申请行政复议") && first.contains("60日内向安澜市人民政府"));
        assert!(
            first.contains("15日内") && !first.contains("6个月"),
            "{first}"
        );
        let either = text(Remedy::Either, Served::OnPaper);
        assert!(
            either.contains("60日内")
                && either.contains("或者")
                && either.contains("6个月内向云岭县人民法院")
        );
        assert!(!either.contains("15日内"), "{either}");
        let mixed = text(Remedy::Mixed, Served::Online);
        assert!(
            mixed.contains("15日内")
                && mixed.contains("6个月")
                && mixed.contains("互联网渠道提交：https://")
        );
        assert_eq!(text(Remedy::None, Served::Online), "");
        // What the organ has not entered stays visibly open.
        let empty = paragraph(
            Remedy::Either,
            &Profile::default(),
            "答复书",
            Served::OnPaper,
        );
        assert_eq!(empty.matches(GAP).count(), 2, "{empty}");
    }
}
