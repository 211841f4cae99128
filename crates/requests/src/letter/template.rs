//! The papers of a request as data: title, blanks, articles, remedy, text. The first 33 are those of the list of standard
//! forms; the one behind them is ours.
//!
//! A paragraph may begin with `?code ` (only where that blank is filled), `?code=value ` (only for that choice, and while a
//! choice that must be made is open), `!code ` (only where it is empty), two of these one after the other, or `# ` (a heading).
//! `{code}` stands for what a blank holds, `{you}` for how the applicant is addressed, `{law}` for 条例 with its full name.

mod consult;
mod file;
mod notice;
mod refuse;
mod reply;

use gongkai_basis::coded;

use super::remedy::Remedy;

coded! {
    /// The papers, in the order of the list of standard forms; what it does not have comes last.
    pub enum LetterKind {
        Application = "application", "政府信息公开申请表";
        Register = "register", "政府信息公开申请登记表";
        Receipt = "receipt", "政府信息公开申请登记回执";
        Supplement = "supplement", "政府信息公开申请补正告知书";
        ExplainReasons = "explain_reasons", "说明理由告知书";
        Extension = "extension", "延期答复告知书";
        Deferral = "deferral", "延迟答复告知书";
        ThirdParty = "third_party", "征求第三方意见书";
        ThirdPartyAnswer = "third_party_answer", "第三方意见回执";
        Consulting = "consulting", "征求意见告知书";
        DecidedOpen = "decided_open", "决定公开告知书";
        CoMaker = "co_maker", "征求共同制作机关意见书";
        Assist = "assist", "协办函";
        Fee = "fee", "信息处理费收费通知书";
        Review = "review", "政府信息公开保密审查表";
        ReviewReferral = "review_referral", "保密审查送审函";
        AlreadyPublished = "already_published", "政府信息公开答复书（已主动公开）";
        Disclose = "disclose", "政府信息公开答复书（予以公开）";
        Partly = "partly", "政府信息公开答复书（部分公开）";
        Refuse = "refuse", "政府信息公开答复书（不予公开）";
        NotHeld = "not_held", "政府信息公开答复书（信息不存在）";
        NotOurs = "not_ours", "政府信息公开答复书（非本机关负责公开）";
        NotReady = "not_ready", "政府信息公开答复书（没有现成信息）";
        StillUnclear = "still_unclear", "政府信息公开答复书（补正后仍不明确）";
        Repeated = "repeated", "不予重复处理告知书";
        Query = "query", "行政查询事项告知书";
        Petition = "petition", "信访投诉举报类申请告知书";
        Publication = "publication", "公开出版物告知书";
        Excessive = "excessive", "大量反复申请不予处理告知书";
        Confirmation = "confirmation", "要求确认或重新出具告知书";
        Closed = "closed", "不再处理告知书";
        Correction = "correction", "更正申请答复（转送）告知书";
        Delivery = "delivery", "送达回证";
        /// Art. 47; in no list of standard forms.
        Complaint = "complaint", "政府信息公开投诉处理答复书";
    }
}

/// Papers of the list of standard forms.
pub const STANDARD: usize = 33;

impl LetterKind {
    /// 1 to 33 as the list has it, then what it does not have.
    #[must_use]
    pub fn no(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0) + 1
    }

    #[must_use]
    pub const fn template(self) -> &'static Template {
        match self {
            Self::Application => &file::APPLICATION,
            Self::Register => &file::REGISTER,
            Self::Receipt => &notice::RECEIPT,
            Self::Supplement => &notice::SUPPLEMENT,
            Self::ExplainReasons => &notice::EXPLAIN_REASONS,
            Self::Extension => &notice::EXTENSION,
            Self::Deferral => &notice::DEFERRAL,
            Self::ThirdParty => &consult::THIRD_PARTY,
            Self::ThirdPartyAnswer => &consult::THIRD_PARTY_ANSWER,
            Self::Consulting => &consult::CONSULTING,
            Self::DecidedOpen => &consult::DECIDED_OPEN,
            Self::CoMaker => &consult::CO_MAKER,
            Self::Assist => &consult::ASSIST,
            Self::Fee => &notice::FEE,
            Self::Review => &file::REVIEW,
            Self::ReviewReferral => &consult::REVIEW_REFERRAL,
            Self::AlreadyPublished => &reply::ALREADY_PUBLISHED,
            Self::Disclose => &reply::DISCLOSE,
            Self::Partly => &reply::PARTLY,
            Self::Refuse => &reply::REFUSE,
            Self::NotHeld => &reply::NOT_HELD,
            Self::NotOurs => &reply::NOT_OURS,
            Self::NotReady => &reply::NOT_READY,
            Self::StillUnclear => &reply::STILL_UNCLEAR,
            Self::Repeated => &refuse::REPEATED,
            Self::Query => &refuse::QUERY,
            Self::Petition => &refuse::PETITION,
            Self::Publication => &refuse::PUBLICATION,
            Self::Excessive => &refuse::EXCESSIVE,
            Self::Confirmation => &refuse::CONFIRMATION,
            Self::Closed => &refuse::CLOSED,
            Self::Correction => &refuse::CORRECTION,
            Self::Delivery => &file::DELIVERY,
            Self::Complaint => &reply::COMPLAINT,
        }
    }

    /// 答复书, 告知书, 通知书 …: how the letter speaks of itself.
    #[must_use]
    pub fn paper(self) -> &'static str {
        let name = self.name();
        ["答复书", "告知书", "通知书", "意见书", "回执", "函"]
            .into_iter()
            .find(|word| name.contains(word))
            .unwrap_or("文书")
    }
}

/// A form is ruled pairs of label and value, without a number; everything else is a letter with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Letter,
    Form,
}

/// Whom a paper speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Applicant,
    /// 第三方, 共同制作机关, 协办单位, 保密行政管理部门: named in the blank `to`.
    Named,
    /// Stays in the file, or is filled in by others.
    File,
}

impl Audience {
    /// For the list.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applicant => "申请人",
            Self::Named => "其他单位或第三方",
            Self::File => "内部或填写用",
        }
    }
}

/// What a blank takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlankKind {
    Line,
    /// Several lines.
    Text,
    Date,
    /// A whole number from … to ….
    Number(i64, i64),
    /// 不予公开事由, one or several.
    Grounds,
    /// Code and words of each.
    Choice(&'static [(&'static str, &'static str)]),
}

/// Must a blank be filled before the letter leaves?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Must,
    May,
}

/// A place to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    pub code: &'static str,
    pub label: &'static str,
    pub kind: BlankKind,
    pub need: Need,
    /// As typed: dates as 2026-09-18, choices and grounds as codes.
    pub sample: &'static str,
}

/// One of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    pub shape: Shape,
    pub to: Audience,
    /// The articles it rests on, as cited.
    pub articles: &'static [&'static str],
    pub remedy: Remedy,
    /// Its own blanks, after those that all letters of its audience have.
    pub blanks: &'static [Blank],
    pub body: &'static [&'static str],
}

impl Template {
    /// Every blank: the common ones first.
    #[must_use]
    pub fn all_blanks(&self) -> Vec<&'static Blank> {
        let common: &[Blank] = match (self.shape, self.to) {
            (_, Audience::Applicant) => &TO_APPLICANT,
            (_, Audience::Named) => &TO_OTHERS,
            (_, Audience::File) => &[],
        };
        common.iter().chain(self.blanks).collect()
    }

    #[must_use]
    pub fn blank(&self, code: &str) -> Option<&'static Blank> {
        self.all_blanks()
            .into_iter()
            .find(|blank| blank.code == code)
    }
}

const fn must(
    code: &'static str,
    label: &'static str,
    kind: BlankKind,
    sample: &'static str,
) -> Blank {
    Blank {
        code,
        label,
        kind,
        need: Need::Must,
        sample,
    }
}

const fn may(
    code: &'static str,
    label: &'static str,
    kind: BlankKind,
    sample: &'static str,
) -> Blank {
    Blank {
        code,
        label,
        kind,
        need: Need::May,
        sample,
    }
}

const APPLICANT_KINDS: BlankKind =
    BlankKind::Choice(&[("person", "公民"), ("organisation", "法人或其他组织")]);

/// The head of every letter to an applicant.
const TO_APPLICANT: [Blank; 5] = [
    must("applicant", "申请人姓名（名称）", BlankKind::Line, "刘某"),
    must("applicant_kind", "申请人类型", APPLICANT_KINDS, "person"),
    must("case_no", "申请编号", BlankKind::Line, "AL2026-0042"),
    must("received_on", "收到申请日期", BlankKind::Date, "2026-09-18"),
    must(
        "summary",
        "申请内容摘要",
        BlankKind::Line,
        "2025年度市级“三公”经费决算明细",
    ),
];

/// The head of a letter to others.
const TO_OTHERS: [Blank; 3] = [
    must("to", "主送", BlankKind::Line, "安澜市市政工程有限公司"),
    must("case_no", "申请编号", BlankKind::Line, "AL2026-0042"),
    must(
        "summary",
        "申请内容摘要",
        BlankKind::Line,
        "2025年滨河路改造工程结算审核报告",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Audience, BlankKind, LetterKind, Need, Remedy, STANDARD, Shape};
    use crate::letter::compose::{self, Facts};

    #[test]
    fn there_are_thirty_three_and_one_of_ours_and_their_texts_fit_their_blanks() {
        assert_eq!(LetterKind::ALL.len(), STANDARD + 1);
        assert_eq!(LetterKind::Complaint.no(), STANDARD + 1);
        for kind in LetterKind::ALL {
            let template = kind.template();
            let blanks = template.all_blanks();
            let codes: BTreeSet<&str> = blanks.iter().map(|blank| blank.code).collect();
            assert_eq!(codes.len(), blanks.len(), "{kind:?}: a blank twice");
            for blank in &blanks {
                assert_eq!(
                    compose::value(blank, blank.sample).map(|_| ()),
                    Ok(()),
                    "{kind:?} {}",
                    blank.code
                );
                // Every blank of a letter is printed somewhere, or decides what is.
                let used = template.shape == Shape::Form
                    || template.body.iter().any(|line| {
                        line.contains(&format!("{{{}}}", blank.code))
                            || line.starts_with(&format!("?{}", blank.code))
                    })
                    || matches!(blank.code, "to" | "applicant" | "applicant_kind");
                assert!(used, "{kind:?}: {} is nowhere", blank.code);
            }
            for line in template.body {
                for place in compose::places(line) {
                    let known = codes.contains(place) || compose::DERIVED.contains(&place);
                    assert!(known, "{kind:?}: no blank {place}");
                }
            }
            assert_eq!(LetterKind::from_code(kind.code()), Some(*kind));
        }
    }

    #[test]
    fn only_final_papers_carry_remedies() {
        for kind in LetterKind::ALL {
            let expected = match kind.no() {
                19 => Remedy::Mixed,
                20 => Remedy::ReviewFirst,
                // 决定公开 goes to a third party whose rights it touches.
                11 | 17 | 18 | 21..=32 => Remedy::Either,
                _ => Remedy::None,
            };
            assert_eq!(kind.template().remedy, expected, "{kind:?}");
            if kind.template().to == Audience::File {
                assert_eq!(kind.template().remedy, Remedy::None);
            }
        }
    }

    #[test]
    fn a_refusal_asks_for_ground_reason_and_separation() {
        let refuse = LetterKind::Refuse.template();
        assert_eq!(refuse.blank("grounds").unwrap().kind, BlankKind::Grounds);
        for code in ["grounds", "reason", "separation"] {
            assert_eq!(refuse.blank(code).unwrap().need, Need::Must, "{code}");
        }
        assert!(Facts::default().get("reason").is_empty());
    }
}
