//! 文: a document, its head, and its editions. An edition never changes: each save makes the next one, review attaches
//! to one by its hash, and only the text that was approved goes out.

pub mod body;
pub mod cited;
pub mod cleanup;
pub mod days;
pub mod directory;
pub mod discard;
pub mod files;
pub mod fitting;
pub mod handle;
pub mod history;
pub mod index_number;
pub mod map;
pub mod number;
pub mod older;
pub mod openness;
pub mod own_head;
pub mod publish;
pub mod reading;
pub mod reference;
pub mod schedule;
pub mod sealed;
pub mod standing;
pub mod store;
pub mod successor;
pub mod turn;
pub mod upper;
pub mod validity;
pub mod withdraw;
pub mod words;

use std::collections::BTreeSet;

use gongkai_basis::document_number::DocumentNumber;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::id::{DocumentId, EditionId};
use crate::kind::own::{self, OwnValue};
use crate::kind::{Field, Kind};
use gongkai_platform::fault::{Reason, Wanted, text_fault};

pub const TITLE_CHARS_MAX: usize = 200;
pub const LINE_CHARS_MAX: usize = 200;
pub const SUMMARY_CHARS_MAX: usize = 500;
/// Characters of an address.
pub const ADDRESS_CHARS_MAX: usize = 500;
/// Characters of a body.
pub const BODY_CHARS_MAX: usize = 500_000;

coded! {
    /// Where the newest edition stands.
    pub enum State {
        Draft = "draft", "起草";
        Reviewing = "reviewing", "审核中";
        Approved = "approved", "待发布";
        /// A draft that nobody goes on with; lists leave it out.
        Discarded = "discarded", "已作废";
        /// It is what the public reads, or read; or it is not open, passed its review and is kept.
        Settled = "settled", "已定稿";
    }
}

coded! {
    /// Does the public read it? A published text goes on standing while the next one is written.
    pub enum Visibility {
        Never = "never", "未发布";
        Public = "public", "已发布";
        Withdrawn = "withdrawn", "已撤下";
    }
}

coded! {
    /// 公开属性
    pub enum Openness {
        Open = "open", "主动公开";
        OnRequest = "on_request", "依申请公开";
        Closed = "closed", "不予公开";
    }
}

coded! {
    /// Why something is not open: 政府信息公开条例 (2019) art. 14–16, 36(7).
    pub enum Ground {
        StateSecret = "n1", "国家秘密（第十四条）";
        Forbidden = "n2", "法律、行政法规禁止公开（第十四条）";
        Security = "n3", "危及国家安全、公共安全、经济安全、社会稳定（第十四条）";
        ThirdParty = "n4", "商业秘密、个人隐私等第三方合法权益（第十五条）";
        Internal = "n5", "内部事务信息（第十六条第一款）";
        Process = "n6", "过程性信息（第十六条第二款）";
        Enforcement = "n7", "行政执法案卷信息（第十六条第二款）";
    }
}

/// Everything that an edition says above its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub title: String,
    pub number: String,
    pub theme: String,
    pub issued_on: Option<Date>,
    pub effective_on: Option<Date>,
    pub expires_on: Option<Date>,
    /// The last day of 公示; what is over is not indexed any more.
    pub shown_until: Option<Date>,
    /// 特定范围公示: in no list, and gone after its last day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limited: bool,
    pub openness: String,
    pub ground: String,
    /// When openness is looked at again (art. 18).
    pub review_on: Option<Date>,
    pub summary: String,
    pub keywords: String,
    /// 解读的文件
    pub interprets: Option<String>,
    /// 依据和引用的文件, each bound to the text that it had. Editions sealed before there was such a list have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<cited::Cited>,
    /// 同源地址 of a reprint.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source_url: String,
    /// 专有要素 of its kind. Editions sealed before there were any have none, and keep their seal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnValue>,
    /// Beside the legal ground: in words, why it is not open. For reviewers, never for the public.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why_closed: String,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            title: String::new(),
            number: String::new(),
            theme: String::new(),
            issued_on: None,
            effective_on: None,
            expires_on: None,
            shown_until: None,
            limited: false,
            openness: Openness::Open.code().to_owned(),
            ground: String::new(),
            review_on: None,
            summary: String::new(),
            keywords: String::new(),
            interprets: None,
            cites: Vec::new(),
            source_url: String::new(),
            own: Vec::new(),
            why_closed: String::new(),
        }
    }
}

impl Head {
    #[must_use]
    pub fn openness(&self) -> Openness {
        Openness::from_code(&self.openness).unwrap_or(Openness::Open)
    }

    #[must_use]
    pub fn ground(&self) -> Option<Ground> {
        Ground::from_code(&self.ground)
    }

    /// The ids of the documents that it names, each once: as cited (those of others, too) and as interpreted.
    pub(crate) fn named(&self) -> BTreeSet<&str> {
        let cites = self.cites.iter();
        let cited = cites.filter_map(|one| one.document.as_deref().or(one.upper.as_deref()));
        let ids = cited.chain(self.interprets.as_deref());
        ids.filter(|id| !id.is_empty()).collect()
    }

    /// What keeps a draft from being saved at all.
    #[must_use]
    pub fn why_not_save(&self) -> Vec<(&'static str, String)> {
        let mut reasons: Vec<_> = [
            text_fault(("title", "名称"), &self.title, TITLE_CHARS_MAX, Wanted::Yes),
            text_fault(
                ("theme", "主题分类"),
                &self.theme,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("summary", "内容概述"),
                &self.summary,
                SUMMARY_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("keywords", "主题词"),
                &self.keywords,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("why_closed", "不主动公开的理由"),
                &self.why_closed,
                SUMMARY_CHARS_MAX,
                Wanted::No,
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !self.number.is_empty()
            && let Err(error) = self.number.parse::<DocumentNumber>()
            && !is_order(&self.number)
        {
            reasons.push(("number", error.sentence()));
        }
        reasons.extend(cited::why_not(&self.cites));
        reasons.extend(own::why_not(&self.own));
        if !self.source_url.is_empty() && !is_address(&self.source_url) {
            reasons.push((
                "source_url",
                "请填写来源页面的完整网址，以 http:// 或 https:// 开头。".to_owned(),
            ));
        }
        reasons
    }

    /// What keeps it from going to review: fields that its kind demands, grounds that the law demands.
    #[must_use]
    pub fn why_not_review(&self, kind: Kind) -> Vec<(&'static str, String)> {
        let mut reasons = self.why_not_save();
        for field in kind.required() {
            let missing = match field {
                Field::Number => self.number.is_empty(),
                Field::Theme => self.theme.is_empty(),
                Field::IssuedOn => self.issued_on.is_none(),
                Field::EffectiveOn => self.effective_on.is_none(),
                Field::ExpiresOn => self.expires_on.is_none(),
                Field::Interprets => self.interprets.is_none(),
                Field::ShownUntil => self.shown_until.is_none(),
                Field::Summary => self.summary.is_empty(),
                Field::Keywords => self.keywords.is_empty(),
            };
            if missing {
                reasons.push((
                    field.code(),
                    format!("{}必须填写“{}”。", kind.name(), field.name()),
                ));
            }
        }
        reasons.extend(own::missing(kind, &self.own));
        // 实施细则 (国办发〔2016〕80号): not to open needs a stated legal reason.
        if self.openness() != Openness::Open && self.ground().is_none() {
            reasons.push((
                "ground",
                format!("选择“{}”，请写明法定理由。", self.openness().name()),
            ));
        }
        // A ground by its number says nothing of this text: who reviews it reads why it fits.
        if self.openness() != Openness::Open && self.why_closed.trim().is_empty() {
            reasons.push((
                "why_closed",
                format!(
                    "选择“{}”，请用几句话写明为什么这份文件不主动公开。",
                    self.openness().name()
                ),
            ));
        }
        if let (Some(from), Some(to)) = (self.effective_on, self.expires_on)
            && to < from
        {
            reasons.push(("expires_on", "有效期至不能早于施行日期。".to_owned()));
        }
        if self.limited && kind != Kind::Notice {
            reasons.push(("limited", "只有通知公告可以作特定范围公示。".to_owned()));
        }
        if self.limited && self.shown_until.is_none() {
            reasons.push((
                "shown_until",
                "特定范围公示期满就自动撤下，请填写公示期至哪一天。".to_owned(),
            ));
        }
        reasons
    }

    /// Why a notice of limited scope whose last day is over leads nowhere; one without a last day [`Head::why_not_review`] refuses.
    #[must_use]
    pub fn why_over(&self, today: Date) -> Option<Reason> {
        let over = self.limited && self.shown_until.is_some_and(|last| last < today);
        let sentence =
            "特定范围公示的公示期已经过去，发布了也没有人看得到。请先改好公示期，再送审。";
        over.then(|| ("shown_until", sentence.to_owned()))
    }

    /// Whom it is shown to, where that is not everybody.
    #[must_use]
    pub const fn limits(&self) -> &'static str {
        if self.limited {
            "特定范围公示"
        } else {
            ""
        }
    }
}

/// The address of a page: shown as a link, so nothing but http and https.
fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && text.chars().count() <= ADDRESS_CHARS_MAX
            && !rest.contains(char::is_whitespace)
    })
}

/// 国务院令第711号
fn is_order(number: &str) -> bool {
    number
        .split_once("令第")
        .and_then(|(code, rest)| Some((code, rest.strip_suffix('号')?)))
        .is_some_and(|(code, serial)| {
            (1..=11).contains(&code.chars().count())
                && !serial.starts_with('0')
                && serial.parse::<u32>().is_ok()
        })
}

/// One state of the text. Immutable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub id: EditionId,
    pub document: DocumentId,
    /// From 1.
    pub number: i64,
    pub head: Head,
    /// Clean HTML.
    pub html: String,
    pub text: String,
    /// SHA-256 over head and text, hexadecimal.
    pub hash: String,
    pub author: String,
    pub author_name: String,
    pub created_at: i64,
}

/// What was not brought along when a text came from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Of the edition that came from it.
    pub number: i64,
    /// A sentence for each place.
    pub places: Vec<String>,
}

/// The seal of an edition: whoever reviewed saw exactly these bytes.
#[must_use]
pub fn seal(head: &Head, html: &str) -> String {
    let mut hasher = Sha256::new();
    // A struct of plain fields always has a JSON form.
    hasher.update(serde_json::to_vec(head).unwrap_or_default());
    hasher.update([0]);
    hasher.update(html.as_bytes());
    hex::encode(hasher.finalize())
}

/// A document with its newest edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    /// Who works on it.
    pub owner: OrganId,
    pub owner_name: String,
    /// 发布机构
    pub organ: OrganId,
    pub organ_name: String,
    pub kind: Kind,
    pub state: State,
    pub visibility: Visibility,
    /// 索引号; given when it is first published.
    pub index_number: String,
    /// The newest edition.
    pub edition: EditionId,
    /// What the public reads.
    pub published: Option<EditionId>,
    /// Milliseconds since 1970. A draft has one where an older site had published it.
    pub published_at: Option<i64>,
    /// When it goes out by itself.
    pub publish_at: Option<i64>,
    /// Said to the public: why it was corrected or withdrawn.
    pub explanation: String,
    /// When that was said or taken away, an amendment included; milliseconds since 1970.
    pub explained_at: Option<i64>,
    /// What lists show: of the published edition, else of the newest.
    pub title: String,
    pub number: String,
    pub theme: String,
    pub issued_on: Option<Date>,
    pub effective_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub shown_until: Option<Date>,
    pub limited: bool,
    pub interprets: Option<String>,
    /// When its openness is looked at again, where it is not open.
    pub review_on: Option<Date>,
    pub discarded: Option<Discarded>,
    pub version: i64,
}

/// Why and when a draft was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discarded {
    /// Milliseconds since 1970.
    pub at: i64,
    pub why: String,
    /// Its files went, and it stays put aside.
    pub is_final: bool,
}

impl Document {
    /// Puts a word to the public on it, of this instant; an empty one takes it away.
    pub(crate) fn explain(&mut self, explanation: &str, now: Timestamp) {
        self.explanation = explanation.to_owned();
        self.explained_at = Some(now.as_millisecond());
    }

    /// Is its newest text one that the public does not get? Only of such a text there is a day on which that is looked at
    /// again.
    #[must_use]
    pub const fn is_unopened(&self) -> bool {
        self.review_on.is_some()
    }

    /// The day on which it was corrected or withdrawn.
    #[must_use]
    pub fn explained_on(&self) -> Option<Date> {
        self.modified_on().filter(|_| !self.explanation.is_empty())
    }

    /// The day on which an older site had published what is not public here yet.
    #[must_use]
    pub fn published_before_on(&self) -> Option<Date> {
        let at = self
            .published_at
            .filter(|_| self.visibility == Visibility::Never)?;
        let instant = Timestamp::from_millisecond(at).ok()?;
        Some(gongkai_platform::web::civil_day(instant))
    }

    /// The day of the last correction, amendment or withdrawal.
    #[must_use]
    pub fn modified_on(&self) -> Option<Date> {
        let instant = Timestamp::from_millisecond(self.explained_at?).ok()?;
        Some(gongkai_platform::web::civil_day(instant))
    }

    /// When what the public reads changed last; milliseconds since 1970.
    #[must_use]
    pub fn changed_at(&self) -> Option<i64> {
        self.explained_at.max(self.published_at)
    }

    /// 公示期 is over.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.shown_until.is_some_and(|last| last < today)
    }

    /// Whether its text and files are given to whoever has their address. A notice of limited scope is gone with its last day.
    #[must_use]
    pub fn is_readable(&self, today: Date) -> bool {
        self.visibility == Visibility::Public && !(self.limited && self.is_over(today))
    }

    /// Whether lists, feeds and the index may name it on this day.
    #[must_use]
    pub fn is_found(&self, today: Date) -> bool {
        self.visibility == Visibility::Public && !self.limited && !self.is_over(today)
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, seal};
    use crate::kind::Kind;

    fn head() -> Head {
        Head {
            title: "安澜市行政规范性文件管理办法".to_owned(),
            number: "安府规〔2026〕3号".to_owned(),
            theme: "综合政务".to_owned(),
            issued_on: Some("2026-03-01".parse().unwrap()),
            effective_on: Some("2026-04-01".parse().unwrap()),
            expires_on: Some("2031-03-31".parse().unwrap()),
            ..Head::default()
        }
    }

    #[test]
    fn a_kind_says_what_is_missing() {
        assert!(head().why_not_review(Kind::Normative).is_empty());
        let bare = Head {
            title: "通知".to_owned(),
            ..Head::default()
        };
        let fields: Vec<&str> = bare
            .why_not_review(Kind::Normative)
            .iter()
            .map(|(field, _)| *field)
            .collect();
        assert_eq!(
            fields,
            ["number", "theme", "issued_on", "effective_on", "expires_on"]
        );
        assert_eq!(bare.why_not_review(Kind::Interpretation)[0].0, "interprets");
    }

    #[test]
    fn what_is_not_open_says_why_and_numbers_are_strict() {
        let closed = Head {
            openness: "closed".to_owned(),
            ..head()
        };
        assert_eq!(closed.why_not_review(Kind::Normative)[0].0, "ground");
        let mut with = Head {
            ground: "n5".to_owned(),
            ..closed
        };
        let open: Vec<_> = with.why_not_review(Kind::Normative);
        assert_eq!((open.len(), open[0].0), (1, "why_closed"));
        with.why_closed = "只涉及本机关内部分工。".to_owned();
        assert!(with.why_not_review(Kind::Normative).is_empty());
        for (number, fine) in [
            ("安府规〔2026〕3号", true),
            ("安澜市人民政府令第12号", true),
            ("安府规[2026]3号", false),
            ("安府规〔2026〕03号", false),
            ("令第0号", false),
        ] {
            let one = Head {
                number: number.to_owned(),
                ..head()
            };
            assert_eq!(one.why_not_save().is_empty(), fine, "{number}");
        }
        let back = Head {
            expires_on: Some("2026-03-01".parse().unwrap()),
            ..head()
        };
        assert_eq!(back.why_not_review(Kind::Normative)[0].0, "expires_on");
    }

    #[test]
    fn a_kind_demands_its_own_fields_and_a_text_without_any_is_sealed_as_before() {
        let fields = |head: &Head| -> Vec<&'static str> {
            let reasons = head.why_not_review(Kind::Finance);
            reasons.iter().map(|(field, _)| *field).collect()
        };
        assert_eq!(fields(&head()), ["own_finance_class", "own_finance_year"]);
        let (own, _) = crate::kind::own::read(Kind::Finance, |field| match field.code {
            "own_finance_class" => "决算".to_owned(),
            "own_finance_year" => "2025".to_owned(),
            _ => String::new(),
        });
        let mut told = Head { own, ..head() };
        assert!(fields(&told).is_empty());
        assert_ne!(seal(&told, ""), seal(&head(), ""));
        assert!(!serde_json::to_string(&head()).unwrap().contains("\"own\""));
        told.own[1].value = "去年".to_owned();
        assert_eq!(told.why_not_save()[0].0, "own_finance_year");
    }

    #[test]
    fn a_seal_is_of_head_and_text() {
        let one = seal(&head(), "<p>一</p>");
        assert_eq!(one, seal(&head(), "<p>一</p>"));
        assert_ne!(one, seal(&head(), "<p>二</p>"));
        let other = Head {
            title: "别的".to_owned(),
            ..head()
        };
        assert_ne!(one, seal(&other, "<p>一</p>"));
    }
}
