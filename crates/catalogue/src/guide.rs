//! 政府信息公开指南: how an organ's information is classified and found, and how to reach the office that keeps it.
//! 条例 art. 12 says what it must hold, and that it is kept up to date.

pub mod handle;
pub mod store;

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};
use gongkai_platform::fault::{Reason, Wanted, phone_fault, text_fault};
use jiff::ToSpan as _;

use crate::version::Difference;

/// Characters of a line, and of a longer text.
pub const LINE_CHARS_MAX: usize = 200;
pub const TEXT_CHARS_MAX: usize = 5_000;
/// What an organ without a fax writes.
const NO_FAX: &str = "无";
/// A public guide is confirmed or renewed once in so many years, ours.
const CONFIRM_YEARS: i16 = 1;

coded! {
    /// Where a guide stands. What is public stays public while a new text is written.
    pub enum State {
        Draft = "draft", "正在编写";
        Waiting = "waiting", "待审核";
        /// What is written is what the public reads.
        Current = "current", "已公开";
    }
}

coded! {
    /// What happens to a guide.
    pub enum Step {
        Write = "write", "编写";
        Submit = "submit", "送审";
        Return = "return", "退回";
        Approve = "approve", "审核通过并公开";
        /// It still holds as it stands.
        Confirm = "confirm", "确认仍为最新";
    }
}

impl State {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Current, Step::Write) | (Self::Waiting, Step::Return) => {
                Some(Self::Draft)
            }
            (Self::Draft, Step::Submit) => Some(Self::Waiting),
            (Self::Waiting, Step::Approve) | (Self::Current, Step::Confirm) => Some(Self::Current),
            (Self::Draft, Step::Return | Step::Approve | Step::Confirm)
            | (Self::Waiting, Step::Write | Step::Submit | Step::Confirm)
            | (Self::Current, Step::Submit | Step::Return | Step::Approve) => None,
        }
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Line,
    Text,
}

/// One field of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub code: &'static str,
    pub name: &'static str,
    pub shape: Shape,
    /// Asked by article 12, or by ours for the procedure of requests.
    pub must: bool,
    pub hint: &'static str,
}

const fn field(
    code: &'static str,
    name: &'static str,
    shape: Shape,
    must: bool,
    hint: &'static str,
) -> Field {
    Field {
        code,
        name,
        shape,
        must,
        hint,
    }
}

/// The fields in the order of the page: what article 12 asks for first, then what people ask about.
pub const FIELDS: [Field; 13] = [
    field(
        "classification",
        "政府信息的分类",
        Shape::Text,
        true,
        "例：按条例第二十条分为15类，按单位和年度再分。",
    ),
    field(
        "arrangement",
        "编排体系",
        Shape::Text,
        true,
        "例：每条信息有索引号，按“单位代码—类别—流水号”编排。",
    ),
    field(
        "ways",
        "获取方式",
        Shape::Text,
        true,
        "例：政府网站、政府公报、国家档案馆和公共图书馆的查阅点。",
    ),
    field(
        "body",
        "政府信息公开工作机构",
        Shape::Line,
        true,
        "例：安澜市人民政府办公室政务公开科。",
    ),
    field("address", "办公地址", Shape::Line, true, ""),
    field(
        "hours",
        "办公时间",
        Shape::Line,
        true,
        "例：工作日8:30—12:00，14:30—17:30。",
    ),
    field("phone", "联系电话", Shape::Line, true, "区号和号码。"),
    field("fax", "传真号码", Shape::Line, true, "没有传真的写“无”。"),
    field(
        "internet",
        "互联网联系方式",
        Shape::Line,
        true,
        "电子邮箱，或者网上提交申请的网址。",
    ),
    field("postcode", "邮政编码", Shape::Line, false, ""),
    field(
        "apply",
        "申请公开的程序",
        Shape::Text,
        true,
        "怎样提出、要写明什么、多久答复、怎样补正。",
    ),
    field(
        "fees",
        "收费",
        Shape::Text,
        false,
        "不收费的，也可以写明什么情形收取信息处理费。",
    ),
    field(
        "remedies",
        "监督和救济",
        Shape::Text,
        false,
        "投诉举报、行政复议、行政诉讼。",
    ),
];

/// The texts of a guide, by the code of the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(pub BTreeMap<String, String>);

impl Words {
    #[must_use]
    pub fn text(&self, code: &str) -> &str {
        self.0.get(code).map_or("", String::as_str)
    }

    /// Keeps the known fields, without blanks around them.
    #[must_use]
    pub fn of(typed: impl Fn(&str) -> String) -> Self {
        let one = |field: &Field| (field.code.to_owned(), typed(field.code).trim().to_owned());
        Self(FIELDS.iter().map(one).collect())
    }

    /// What most guides say, to begin from.
    #[must_use]
    pub fn usual(name: &str) -> Self {
        Self::of(|code| {
            match code {
            "classification" => "按《中华人民共和国政府信息公开条例》第二十条分为15类：法规文件、机构职能、规划、统计、行政许可、处罚强制、财政预决算、收费、政府采购、重大建设项目、民生政策、应急、监督检查、公务员招考和其他。".to_owned(),
            "arrangement" => "每条信息编有索引号，并标明名称、内容概述、生成日期、发布机构；可以按类别、领域、单位和时间查找。".to_owned(),
            "ways" => "一、主动公开：在政府网站的政府信息公开专栏查阅；也可以到国家档案馆、公共图书馆的政府信息查阅点查阅。\n二、依申请公开：没有主动公开的，可以申请。".to_owned(),
            "body" => name.to_owned(),
            "apply" => "一、提出申请：写明姓名或名称、身份证明、联系方式，所需信息的名称、文号或其他特征性描述，以及获取信息的方式、途径。可以网上提交，也可以信函或当面提交。\n二、收到之日起20个工作日内答复；需要延长的，最多再延长20个工作日，并告知申请人。\n三、内容不明确的，7个工作日内一次性告知补正。".to_owned(),
            "fees" => "不收取费用；申请数量、频次明显超过合理范围的，可以收取信息处理费。".to_owned(),
            "remedies" => "认为未依法履行政府信息公开义务的，可以向政府信息公开工作主管部门投诉、举报，也可以依法申请行政复议或者提起行政诉讼。".to_owned(),
            _ => String::new(),
        }
        })
    }

    /// All the reasons why this is no guide: 条例 art. 12, and a way to reach the office that can be used.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = FIELDS
            .iter()
            .filter_map(|field| self.fault(field))
            .collect();
        reasons.extend(phone_fault(("phone", "联系电话"), self.text("phone")));
        let fax = self.text("fax");
        if fax != NO_FAX && phone_fault(("fax", "传真"), fax).is_some() {
            reasons.push(("fax", "传真写号码，没有的写“无”。".to_owned()));
        }
        let internet = self.text("internet");
        let reachable = ["@", "http://", "https://"]
            .iter()
            .any(|sign| internet.contains(sign));
        if !internet.is_empty() && !reachable {
            let sentence = "互联网联系方式写电子邮箱，或者以 http 开头的网址。";
            reasons.push(("internet", sentence.to_owned()));
        }
        reasons
    }

    fn fault(&self, field: &Field) -> Option<Reason> {
        let most = match field.shape {
            Shape::Line => LINE_CHARS_MAX,
            Shape::Text => TEXT_CHARS_MAX,
        };
        let wanted = if field.must { Wanted::Yes } else { Wanted::No };
        text_fault(
            (field.code, field.name),
            self.text(field.code),
            most,
            wanted,
        )
    }

    /// What two texts say differently, in the order of the page.
    #[must_use]
    pub fn differences(&self, after: &Self) -> Vec<Difference> {
        FIELDS
            .iter()
            .map(|field| Difference {
                field: field.code,
                name: field.name,
                before: self.text(field.code).to_owned(),
                after: after.text(field.code).to_owned(),
            })
            .filter(|one| one.before != one.after)
            .collect()
    }
}

/// The guide of an organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    pub organ: OrganId,
    pub organ_name: String,
    pub state: State,
    pub words: Words,
    pub why: String,
    pub returned_why: String,
    /// The account that wrote it last; `system` for the program.
    pub writer: String,
    pub written_by: String,
    /// The number of the public edition.
    pub edition: Option<i64>,
    pub confirmed_on: Option<Date>,
    pub version: i64,
}

impl Guide {
    /// When the public edition is to be confirmed or renewed: a year after the last time.
    #[must_use]
    pub fn confirm_by(&self) -> Option<Date> {
        self.confirmed_on?.checked_add(CONFIRM_YEARS.years()).ok()
    }
}

/// What the public reads, or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub organ: OrganId,
    pub organ_name: String,
    pub number: i64,
    pub words: Words,
    pub why: String,
    pub written_by: String,
    pub approved_by: String,
    pub published_on: Date,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn words() -> Words {
        let mut words = Words::usual("安澜市财政局办公室");
        for (code, text) in [
            ("address", "安澜市滨江路1号"),
            ("hours", "工作日8:30—17:30"),
            ("phone", "0000-1234567"),
            ("fax", "无"),
            ("internet", "gk@anlan.example"),
        ] {
            words.0.insert(code.to_owned(), text.to_owned());
        }
        words
    }

    /// Every state × every step.
    #[test]
    fn a_guide_is_public_only_after_it_was_looked_through() {
        let way = |state: State| {
            Step::ALL
                .iter()
                .map(|step| state.after(*step).map_or("-", State::code))
                .collect::<Vec<_>>()
        };
        assert_eq!(way(State::Draft), ["draft", "waiting", "-", "-", "-"]);
        assert_eq!(way(State::Waiting), ["-", "-", "draft", "current", "-"]);
        assert_eq!(way(State::Current), ["draft", "-", "-", "-", "current"]);
    }

    #[test]
    fn each_thing_that_article_12_asks_for_is_missed() {
        assert_eq!(words().why_not(), []);
        for field in FIELDS.iter().filter(|field| field.must) {
            let mut words = words();
            words.0.insert(field.code.to_owned(), "  ".to_owned());
            let missed: Vec<&str> = words.why_not().into_iter().map(|one| one.0).collect();
            assert!(missed.contains(&field.code), "{}", field.name);
        }
        for (code, text) in [("phone", "前台"), ("fax", "没有"), ("internet", "微信")] {
            let mut words = words();
            words.0.insert(code.to_owned(), text.to_owned());
            let missed: Vec<&str> = words.why_not().into_iter().map(|one| one.0).collect();
            assert_eq!(missed, [code]);
        }
    }
}
