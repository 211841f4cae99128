//! What is wrong with a letter before it leaves: each finding with its place. Pure.

mod dates;
mod third;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::coded;
use gongkai_office::form::letter::Line;

use super::compose::{self, Facts, GAP, Head};
use super::law::{Law, citations};
use super::remedy::{Remedy, Served};
use super::template::{LetterKind, Need};
use crate::fee::{Bill, FeeScheme, PlaceInMonth};
use crate::request::Kind;
use crate::request::case::Opinion;
use crate::request::reply::Ground;

/// Fewer characters than this are no reason that could be examined.
const REASON_CHARS_MIN: usize = 10;

coded! {
    /// Does it hold the letter back?
    pub enum Weight {
        Stop = "stop", "必须改";
        Look = "look", "请核对";
    }
}

/// The place of what the organ's own data leave open: mended in 文书设置, not in the letter.
const REMEDY: (&str, &str) = ("remedy", "救济途径");

/// Something to mend, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub weight: Weight,
    /// The blank's code, or `remedy`, `text`, `profile`.
    pub place: String,
    /// The blank's label, or 救济途径, 正文.
    pub place_name: String,
    pub sentence: String,
}

/// What the case says, to be compared with what the letter says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFacts {
    pub applicant: String,
    pub case_no: String,
    pub received_on: Option<Date>,
    /// The last day for the reply, as the clock has it.
    pub due_on: Option<Date>,
    /// Which of 更正 and 投诉 it is, by its code: that day is then of the organ's own limit. Empty for an application.
    pub own_term: &'static str,
    /// Why that day cannot be told, where the notice of a year is missing.
    pub untold: Option<String>,
    pub position: Position,
    /// Has a third party answered, or let its days pass (art. 32)?
    pub third_party_heard: bool,
    /// Who was asked as a third party, and what each said at last.
    pub third_parties: Vec<(String, Opinion)>,
    /// Its applicant gets nothing but files, and none stands beside the reply.
    pub lacks_files: bool,
    /// Are others asked, and the limit stands still (art. 33)?
    pub is_suspended: bool,
    /// What of its applicant a letter to a unit that helps names.
    pub names_applicant: Option<&'static str>,
}

/// Which request of its applicant's month the case is, for a fee by request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Position {
    /// Nothing is known of it, or nothing is charged for it.
    #[default]
    Unknown,
    /// As the cases of the organ tell, before anything was charged.
    Counted(PlaceInMonth),
    /// As it was charged already.
    Charged(u64),
}

impl Position {
    /// Why a letter cannot name this position.
    fn refusal(&self, count: u64) -> Option<String> {
        match self {
            Self::Counted(place) if place.nth() != count => Some(place.refusal(count)),
            Self::Charged(charged) if *charged != count => Some(format!(
                "案卷“发出收费通知”是按当月第{charged}件收费的，文书写的是第{count}件。请改为第{charged}件。"
            )),
            Self::Unknown | Self::Counted(_) | Self::Charged(_) => None,
        }
    }
}

/// All that a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'c> {
    pub kind: LetterKind,
    pub facts: &'c Facts,
    pub head: &'c Head<'c>,
    pub today: Date,
    pub calendar: &'c WorkCalendar,
    pub case: Option<&'c CaseFacts>,
    /// What reviews and courts corrected in letters of this kind.
    pub lessons: &'c [String],
}

/// Everything that is wrong, what stops it first.
#[must_use]
pub fn check(of: &Checked<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    blanks(of, &mut faults);
    needed_together(of, &mut faults);
    grounds(of, &mut faults);
    third::check(of, &mut faults);
    files(of, &mut faults);
    position(of, &mut faults);
    fee(of, &mut faults);
    dates::check(of, &mut faults);
    suspended(of, &mut faults);
    named(of, &mut faults);
    case(of, &mut faults);
    remedy(of, &mut faults);
    wording(of, &mut faults);
    for lesson in of.lessons {
        faults.push(fault(
            Weight::Look,
            ("text", "正文"),
            format!("同类文书曾被纠正：{lesson}"),
        ));
    }
    faults.sort_by_key(|fault| fault.weight);
    faults
}

/// May the letter leave?
#[must_use]
pub fn may_leave(faults: &[Fault]) -> bool {
    faults.iter().all(|fault| fault.weight != Weight::Stop)
}

/// Why a letter that is on its way goes no further: what stops it by today's checks. Where only its organ's data are missing
/// the letter itself is right, and nothing has to be drafted again.
#[must_use]
pub fn stopped(faults: &[Fault]) -> Option<String> {
    let stops = || faults.iter().filter(|fault| fault.weight == Weight::Stop);
    let said: Vec<String> = stops()
        .map(|fault| format!("{}：{}", fault.place_name, fault.sentence))
        .collect();
    let why = if stops().all(|fault| fault.place == REMEDY.0) {
        "答复文书要写的救济途径还没有登记齐，这一步没有办理，什么都没有发出。文书不用退回：请经办人或者机构负责人先在“文书设置”补齐，再办理这一步。"
    } else {
        "答复文书还有必须改的地方，这一步没有办理，什么都没有发出。请“退回重拟”，由经办人改好以后重新送审。"
    };
    (!said.is_empty()).then(|| format!("{why}{}", said.join("")))
}

fn fault(weight: Weight, (place, name): (&str, &str), sentence: impl Into<String>) -> Fault {
    Fault {
        weight,
        place: place.to_owned(),
        place_name: name.to_owned(),
        sentence: sentence.into(),
    }
}

/// A fault of a blank, under its label.
fn on_blank(of: &Checked<'_>, weight: Weight, code: &str, sentence: impl Into<String>) -> Fault {
    let label = of
        .kind
        .template()
        .blank(code)
        .map_or(code, |blank| blank.label);
    fault(weight, (code, label), sentence)
}

fn blanks(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    for blank in of.kind.template().all_blanks() {
        match compose::value(blank, of.facts.get(blank.code)) {
            Err(sentence) => faults.push(fault(Weight::Stop, (blank.code, blank.label), sentence)),
            Ok(None) if blank.need == Need::Must => faults.push(fault(
                Weight::Stop,
                (blank.code, blank.label),
                format!("请填写“{}”。", blank.label),
            )),
            Ok(_) => {}
        }
        let typed = of.facts.get(blank.code);
        if let Some(left) = ["××", "XX", "xx", "某某", GAP, "待填", "此处填写", "***"]
            .into_iter()
            .find(|left| typed.contains(left))
        {
            let sentence = format!("“{}”里还有没换掉的占位文字“{left}”。", blank.label);
            faults.push(fault(Weight::Stop, (blank.code, blank.label), sentence));
        }
    }
}

/// Blanks that another one makes necessary.
fn needed_together(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let facts = of.facts;
    let is = |code: &str, wanted: &str| facts.get(code) == wanted;
    let needed: &[&str] = match of.kind {
        LetterKind::Disclose if is("supply", "given") => &["list", "form"],
        LetterKind::Disclose if is("supply", "later") => &["where", "when"],
        LetterKind::NotOurs if !facts.get("responsible").is_empty() => &["responsible_contact"],
        LetterKind::Closed if !is("why", "withdrawn") => &["asked_number"],
        LetterKind::Correction if is("result", "transferred") || is("result", "told") => {
            &["competent"]
        }
        LetterKind::ThirdPartyAnswer if is("opinion", "refuse") || is("opinion", "partly") => {
            &["reason"]
        }
        _ => &[],
    };
    for code in needed.iter().filter(|code| facts.get(code).is_empty()) {
        let label = of
            .kind
            .template()
            .blank(code)
            .map_or(*code, |blank| blank.label);
        faults.push(fault(
            Weight::Stop,
            (code, label),
            format!("这种情形下必须填写“{label}”。"),
        ));
    }
    if of.kind == LetterKind::NotOurs && facts.get("responsible").is_empty() {
        faults.push(on_blank(
            of,
            Weight::Look,
            "responsible",
            "能够确定负责公开的机关的，应当告知其名称和联系方式（条例第三十六条第（五）项）。",
        ));
    }
}

/// Ground, reason and separation of what is withheld.
fn grounds(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    if !matches!(of.kind, LetterKind::Refuse | LetterKind::Partly) {
        return;
    }
    let found = compose::grounds(of.facts.get("grounds")).unwrap_or_default();
    if found.contains(&Ground::Query) {
        faults.push(on_blank(
            of,
            Weight::Stop,
            "grounds",
            "行政查询事项不是不予公开的事由，请改用“行政查询事项告知书”（条例第三十六条第（七）项）。",
        ));
    }
    let reason = of.facts.get("reason");
    if !reason.is_empty() && reason.chars().count() < REASON_CHARS_MIN {
        faults.push(on_blank(
            of,
            Weight::Stop,
            "reason",
            "理由过于简单，请结合本件信息的内容说明为什么属于该事由。",
        ));
    }
    if found
        .iter()
        .any(|ground| reason == ground.name() || reason == ground.words())
    {
        faults.push(on_blank(
            of,
            Weight::Stop,
            "reason",
            "理由只重复了事由，没有结合本件说明。",
        ));
    }
    if of.kind == LetterKind::Refuse && found.iter().any(|ground| ground.leaves_a_choice()) {
        faults.push(on_blank(
            of,
            Weight::Look,
            "separation",
            "该事由是“可以”不予公开或有例外，请确认已考虑区分处理和公共利益（条例第十五条、第十六条、第三十七条）。",
        ));
    }
}

/// Law: art. 36(2): it is given, or its applicant is told how, where and when to get it; art. 17: what is given is reviewed with
/// the reply. What is promised as files and is not there stops the letter; paper may be enclosed.
fn files(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let (place, otherwise) = match of.kind {
        LetterKind::Disclose if of.facts.get("supply") == "given" => (
            "supply",
            "只告知获取途径的，“怎样提供”选“告知获取的方式、途径和时间”（条例第三十六条第（二）项）",
        ),
        LetterKind::Partly if of.facts.get("supply") != "here" => (
            "open_part",
            "公开的内容全部写在文书里的，“公开的部分怎样提供”选“全部写在本答复书里”",
        ),
        LetterKind::Partly => return in_the_letter(of, faults),
        _ => return,
    };
    if of.case.is_none_or(|case| !case.lacks_files) {
        return;
    }
    let as_files = of.facts.get("form").contains("电子");
    let weight = if as_files { Weight::Stop } else { Weight::Look };
    let sentence = format!(
        "申请人要求网上获取或者电子邮件，案卷里还没有答复材料：要提供的文件请在案卷“拟定答复”附上，随答复一起审查（条例第十七条），发出时不能再加。{otherwise}；随纸质文书寄送、交付的，“提供形式”写纸质、光盘。"
    );
    faults.push(on_blank(of, weight, place, sentence));
}

/// What is given in the letter itself stands there, not its name.
fn in_the_letter(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    faults.push(on_blank(
        of,
        Weight::Look,
        "open_part",
        "选了“全部写在本答复书里”：请核对这里写的是要公开的内容本身，不只是名称。",
    ));
}

/// While others are asked the limit stands still: the notice of an extension has no day to tell, and nobody guesses one.
fn suspended(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    if of.kind == LetterKind::Extension && of.case.is_some_and(|case| case.is_suspended) {
        faults.retain(|fault| fault.place != "due_on" && fault.place != "new_due_on");
        faults.push(on_blank(
            of,
            Weight::Stop,
            "due_on",
            "正在征求意见，答复期限暂停计算，原到期日还没有确定，不要估计：请等恢复计算以后、期限届满以前再发出。",
        ));
    }
}

/// Law: 个人信息保护法 art. 6: who helps with an answer need not know whose it is.
fn named(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    if let Some(what) = of.case.and_then(|case| case.names_applicant) {
        let sentence = format!(
            "协办内容里有申请人的{what}，协办单位看得到。请去掉，只写要它提供什么（个人信息保护法第六条）。"
        );
        faults.push(on_blank(of, Weight::Stop, "content", sentence));
    }
}

/// Law: 收费办法 art. 4: the position in the applicant's month is a fact; another one needs its reason in the case.
fn position(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let by_request = of.facts.get("scheme") == FeeScheme::ByRequest.code();
    let (LetterKind::Fee, true, Some(case)) = (of.kind, by_request, of.case) else {
        return;
    };
    let count = of.facts.get("count").parse().ok();
    if let Some(sentence) = count.and_then(|count| case.position.refusal(count)) {
        faults.push(on_blank(of, Weight::Stop, "count", sentence));
    }
}

/// The amount follows from scheme and count.
fn fee(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    if of.kind != LetterKind::Fee {
        return;
    }
    let facts = of.facts;
    let (Some(scheme), Ok(yuan)) = (
        FeeScheme::from_code(facts.get("scheme")),
        facts.get("yuan").parse::<u64>(),
    ) else {
        return;
    };
    let Ok(bill) = Bill::of(scheme.code(), facts.get("count")) else {
        return;
    };
    if bill.yuan() == 0 {
        let what = match scheme {
            FeeScheme::ByRequest => format!("当月第{}件", bill.count),
            FeeScheme::ByPage => format!("{}页", bill.count),
        };
        let sentence = format!("{what}不收费，不应发收费通知。");
        faults.push(on_blank(of, Weight::Stop, "count", sentence));
    } else if bill.yuan() != yuan {
        let sentence = format!(
            "{}应为{}元，不是{yuan}元：{}。",
            scheme.name(),
            bill.yuan(),
            bill.working()
        );
        faults.push(on_blank(of, Weight::Stop, "yuan", sentence));
    }
}

/// Names and numbers agree with the case.
fn case(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let Some(case) = of.case else {
        return;
    };
    let received = case
        .received_on
        .map_or_else(String::new, |day| day.to_string());
    let same = [
        ("applicant", case.applicant.as_str()),
        ("case_no", case.case_no.as_str()),
        ("received_on", received.as_str()),
    ];
    for (code, wanted) in same {
        let typed = of.facts.get(code);
        if !typed.is_empty() && !wanted.is_empty() && typed != wanted {
            let sentence = format!("与登记的不一致：登记为“{wanted}”，文书写作“{typed}”。");
            faults.push(on_blank(of, Weight::Stop, code, sentence));
        }
    }
    let cites = of.kind.template().blank("own_term").is_some();
    if cites && of.facts.get("own_term") != case.own_term {
        let what = Kind::from_code(case.own_term).unwrap_or(Kind::Information);
        let sentence = format!(
            "与登记的不一致：登记为“{}”，期限的依据不同（条例第三十三条只管政府信息公开申请）。",
            what.name()
        );
        faults.push(on_blank(of, Weight::Stop, "own_term", sentence));
    }
    if of.kind.template().remedy != Remedy::None && case.due_on.is_some_and(|due| due < of.today) {
        let due = case.due_on.map_or_else(String::new, compose::printed);
        faults.push(fault(
            Weight::Look,
            ("text", "正文"),
            if case.own_term.is_empty() {
                format!("答复期限{due}已过，请尽快发出，并核对是否发过延期答复告知书。")
            } else {
                format!("本机关办理期限{due}已过，请尽快发出。")
            },
        ));
    }
}

/// Where and until when it can be challenged: the paragraph needs the organ's data.
fn remedy(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    if of.kind.template().remedy == Remedy::None {
        return;
    }
    let profile = of.head.profile;
    let mut missing = vec![
        ("行政复议机关", &profile.review_body),
        ("行政复议机关地址", &profile.review_address),
        ("人民法院", &profile.court),
    ];
    if of.head.served == Served::Online {
        missing.push((
            "网上申请行政复议的地址（行政复议法第二十二条）",
            &profile.review_online,
        ));
    }
    for (name, text) in missing {
        if text.is_empty() {
            let weight = if name == "行政复议机关地址" {
                Weight::Look
            } else {
                Weight::Stop
            };
            let sentence = format!("本机关还没有登记{name}，请先在“文书设置”填写。");
            faults.push(fault(weight, REMEDY, sentence));
        }
    }
    if profile.review_body == of.head.organ && !profile.review_body.is_empty() {
        faults.push(fault(
            Weight::Look,
            REMEDY,
            "复议机关与答复机关相同，请核对：只有省级政府和国务院部门的复议由本机关管辖，其他政府的由上一级政府管辖（行政复议法第二十四条、第二十五条）。",
        ));
    }
}

/// The text itself: what it cites, and what the law no longer asks.
fn wording(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let letter = compose::letter(of.kind, of.facts, of.head);
    let day = of.head.dated.unwrap_or(of.today);
    for line in &letter.body {
        let (Line::Heading(text) | Line::Text(text)) = line;
        for (name, article) in citations(text) {
            let Some(law) = Law::named(name) else {
                continue;
            };
            if !law.in_force(day) {
                let instead = if law.instead.is_empty() {
                    String::new()
                } else {
                    format!("请改引{}。", law.instead)
                };
                faults.push(fault(
                    Weight::Stop,
                    ("text", "正文"),
                    format!(
                        "《{name}》在{}不是现行有效的文本。{instead}",
                        compose::printed(day)
                    ),
                ));
            }
            if let (Some(article), Some(last)) = (article, law.articles)
                && (article == 0 || article > last)
            {
                faults.push(fault(
                    Weight::Stop,
                    ("text", "正文"),
                    format!("《{name}》共{last}条，没有第{article}条。"),
                ));
            }
        }
        if ["生产、生活、科研等特殊需要", "特殊需要无关", "三需要"]
            .iter()
            .any(|words| text.contains(words))
        {
            faults.push(fault(
                Weight::Stop,
                ("text", "正文"),
                "2019年修订后的条例不再要求申请与生产、生活、科研等特殊需要有关，不能以此为由。",
            ));
        }
    }
}

#[cfg(test)]
mod tests;
