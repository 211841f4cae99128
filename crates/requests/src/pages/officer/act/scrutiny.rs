//! 公开审查: the fields of the review form, and what is said to each finding of the check.

use gongkai_inspect::answer::Answer;

use super::field::{Field, Given, Input, Read, choice, field};
use crate::request::scrutiny::{Grade, Handling, HeadOpinion, Mark, Scrutiny};
use crate::request::step::Step;
use crate::request::{Kind, LINE_CHARS_MAX, Way};

/// The findings that the form asks about, and what is said to each, in pairs.
pub(super) const ASKED: &str = "asked";
pub(super) const ANSWER: &str = "answer";
/// What says that the content holds one of the six.
const HOLDS: &str = "yes";

pub(super) fn fields(given: &Given<'_>) -> Vec<Field> {
    let request = &given.case.request;
    let decision = request.decision.as_ref();
    let releases = decision.is_some_and(|decision| decision.reply.releases());
    let wish = &request.wish;
    let title: String = wish.subject.replace('\n', " ");
    let title: String = title.chars().take(LINE_CHARS_MAX).collect();
    let way = match request.kind {
        Kind::Information => format!("依申请公开，{}，{}", wish.form.name(), wish.way.name()),
        Kind::Correction | Kind::Complaint => "书面答复本人".to_owned(),
    };
    let platform = match wish.way {
        Way::Web => "本网站“查询我的申请”，只有申请人可以打开",
        Way::Post | Way::Email | Way::PickUp | Way::Fax => "不上网，只提供给申请人",
    };
    let mut fields = vec![
        field("title", "信息标题", Input::Line).value(title),
        field("source", "来源文号", Input::Line)
            .hint("例：安建〔2025〕3号。没有文号的，写来源单位和形成日期。"),
        grade(),
        field("way", "拟公开方式", Input::Line).value(way),
        field("platform", "平台", Input::Line).value(platform),
    ];
    fields.extend(Mark::ALL.iter().map(|mark| held(*mark)));
    fields.push(handling());
    fields.push(
        field("handling_why", "处理说明", Input::Area)
            .hint("做了处理或者含有上面内容的必填。例：姓名只留姓，隐去身份证号码；本人信息，提供给本人（个人信息保护法第45条）；含地图的写审图号。")
            .optional(),
    );
    fields.extend(
        head()
            .into_iter()
            .map(|field| if releases { field } else { field.optional() }),
    );
    fields.push(
        field("words", "审查意见", Input::Area)
            .hint("是否涉密，是否含商业秘密、个人隐私，可否公开（条例第17条）。"),
    );
    fields
}

fn grade() -> Field {
    let options = std::iter::once(("", "请选择")).chain(Grade::options());
    field("grade", "密级", Input::Choice(choice(options)))
        .hint("有密级、没有解密的不能给，请“退回重拟”。")
}

/// Whether what leaves holds one of the six.
fn held(mark: Mark) -> Field {
    let (label, hint) = match mark {
        Mark::Secret => (
            "是否含国家秘密",
            "这里和下面五项，说的是送出的内容：答复文字、公开的部分和附件。",
        ),
        Mark::WorkSecret => ("是否含工作秘密", ""),
        Mark::Business => ("是否含商业秘密", ""),
        Mark::Personal => ("是否含个人信息", ""),
        Mark::Map => ("是否含地图", ""),
        Mark::Unpublished => ("是否引用未公开文件", "标题、文号和内容都算。"),
    };
    let options = [("", "请选择"), ("no", "不含"), (HOLDS, "含")];
    field(mark.code(), label, Input::Choice(choice(options))).hint(hint)
}

fn handling() -> Field {
    let options = std::iter::once(("", "请选择")).chain(Handling::options());
    field("handling", "处理", Input::Choice(choice(options)))
}

fn head() -> [Field; 3] {
    [
        field("head_words", "承办部门负责人意见", Input::Line).hint("例：同意公开。"),
        field("head_name", "承办部门负责人", Input::Line),
        field("head_on", "承办部门负责人意见日期", Input::Date),
    ]
}

pub(super) fn step(read: &mut Read<'_>) -> Step {
    let held = Mark::ALL.iter().copied();
    let held = held.filter(|mark| read.filled.text(mark.code()) == HOLDS);
    let scrutiny = Scrutiny {
        title: read.text("title"),
        source: read.text("source"),
        grade: Grade::from_code(read.filled.text("grade")),
        way: read.text("way"),
        platform: read.text("platform"),
        held: held.collect(),
        handling: Handling::from_code(read.filled.text("handling")),
        handling_why: read.text("handling_why"),
        head: head_opinion(read),
        answers: answers(read),
    };
    Step::Pass {
        words: read.text("words"),
        // Named where they are kept.
        files: Vec::new(),
        scrutiny: Box::new(scrutiny),
    }
}

fn head_opinion(read: &mut Read<'_>) -> Option<HeadOpinion> {
    let (words, name) = (read.text("head_words"), read.text("head_name"));
    let empty = read.filled.text("head_on").is_empty();
    if words.is_empty() && name.is_empty() && empty {
        return None;
    }
    let on = read.date("head_on");
    if on.is_none() && read.errors.on("head_on").is_none() {
        let said = "请填写“承办部门负责人意见日期”。";
        read.errors.add("head_on", said);
    }
    on.map(|on| HeadOpinion { words, name, on })
}

/// What was said to the findings; what was left empty is no answer.
fn answers(read: &Read<'_>) -> Vec<Answer> {
    let pairs = read.filled.all(ASKED).iter().zip(read.filled.all(ANSWER));
    pairs
        .filter_map(|(asked, said)| Answer::of(asked, said))
        .filter(|one| !one.note.is_empty())
        .collect()
}
