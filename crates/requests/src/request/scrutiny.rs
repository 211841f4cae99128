//! 公开审查表: what the reviewer of a reply says of what leaves with it, field by field, and to each finding of the check. Pure.
//!
//! Law: 条例 art. 14, 15, 17: nothing leaves unreviewed; 保守国家秘密法 (2024) art. 35, 64; 个人信息保护法 art. 28; 地图管理条例 art. 15.

use gongkai_basis::{Date, coded};
use gongkai_inspect::answer::Answer;
use gongkai_inspect::{Confidence, Finding, Masking, answers_map, mask};
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use serde_json::{Value, json};

use super::case::{Case, Entry};
use super::state::Act;
use super::step::FILES;
use super::{LINE_CHARS_MAX, TEXT_CHARS_MAX};
use crate::letter::compose::printed;

/// In the data of the entry: the review's own fields, and what was answered to the findings.
const REVIEW: &str = "review";
const ANSWERS: &str = "answers";

coded! {
    /// What the content that leaves may hold.
    pub enum Mark {
        Secret = "secret", "国家秘密";
        WorkSecret = "work_secret", "工作秘密";
        Business = "business", "商业秘密";
        Personal = "personal", "个人信息";
        Map = "map", "地图";
        Unpublished = "unpublished", "未公开文件引用";
    }
}

coded! {
    /// 密级. What has one does not pass.
    pub enum Grade {
        None = "none", "无密级";
        Declassified = "declassified", "原有密级，已经解密";
    }
}

coded! {
    /// 处理
    pub enum Handling {
        AsIs = "as_is", "不需要处理";
        Masked = "masked", "去标识";
        Cut = "cut", "删减";
        Lawful = "lawful", "依法可以原样提供";
        Withheld = "withheld", "不公开";
    }
}

/// 承办部门负责人意见
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadOpinion {
    pub words: String,
    pub name: String,
    pub on: Date,
}

/// The fields of the review. An empty one is that of a review from before there were fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrutiny {
    /// 信息标题
    pub title: String,
    /// 来源文号, or where it comes from.
    pub source: String,
    pub grade: Option<Grade>,
    /// 拟公开方式
    pub way: String,
    /// 平台
    pub platform: String,
    /// What the content holds of the six.
    pub held: Vec<Mark>,
    pub handling: Option<Handling>,
    /// What was done, or by which law it may leave.
    pub handling_why: String,
    pub head: Option<HeadOpinion>,
    /// What is said to the findings of the check.
    pub answers: Vec<Answer>,
}

/// A review as it is kept in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the reviewer wrote, without the sum of the fields.
    pub opinion: String,
    pub scrutiny: Scrutiny,
}

impl Scrutiny {
    /// Every reason why a reply with this review cannot go on; `releases` where content leaves with it.
    #[must_use]
    pub fn why_not(&self, releases: bool, today: Date) -> Vec<Reason> {
        let line = |field: &'static str, name: &str, text: &str| {
            text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes)
        };
        let mut reasons: Vec<Reason> = [
            line("title", "信息标题", &self.title),
            line("source", "来源文号", &self.source),
            self.grade
                .is_none()
                .then(|| ("grade", "请选择“密级”。".to_owned())),
            line("way", "拟公开方式", &self.way),
            line("platform", "平台", &self.platform),
        ]
        .into_iter()
        .flatten()
        .collect();
        reasons.extend(self.secrets());
        reasons.extend(self.handling_faults(releases));
        reasons.extend(self.head_faults(releases, today));
        reasons
    }

    fn holds(&self, mark: Mark) -> bool {
        self.held.contains(&mark)
    }

    fn secrets(&self) -> Vec<Reason> {
        let secret = self.holds(Mark::Secret).then(|| {
            let said = "含国家秘密的不得公开（条例第14条，保守国家秘密法第35条）。请“退回重拟”，由经办人删去或者不予公开。";
            (Mark::Secret.code(), said.to_owned())
        });
        let work = self.holds(Mark::WorkSecret).then(|| {
            let said = "含工作秘密的不能对外提供（保守国家秘密法第64条）。请“退回重拟”，由经办人删去或者不予公开。";
            (Mark::WorkSecret.code(), said.to_owned())
        });
        secret.into_iter().chain(work).collect()
    }

    fn handling_faults(&self, releases: bool) -> Vec<Reason> {
        let Some(handling) = self.handling else {
            return vec![("handling", "请选择“处理”。".to_owned())];
        };
        let named: Vec<&str> = [Mark::Business, Mark::Personal, Mark::Map, Mark::Unpublished]
            .into_iter()
            .filter(|mark| self.holds(*mark))
            .map(Mark::name)
            .collect();
        let mut reasons = Vec::new();
        if !named.is_empty() && handling == Handling::AsIs {
            let said = format!(
                "含{}的，“处理”要选去标识、删减或者依法可以原样提供；都不能的，请“退回重拟”。",
                named.join("、")
            );
            reasons.push(("handling", said));
        }
        if handling == Handling::Withheld && releases {
            let said = "这件答复给出信息，“处理”不能是不公开；不能公开的，请“退回重拟”。";
            reasons.push(("handling", said.to_owned()));
        }
        let wanted = if handling == Handling::AsIs {
            Wanted::No
        } else {
            Wanted::Yes
        };
        let why = ("handling_why", "处理说明");
        reasons.extend(text_fault(why, &self.handling_why, TEXT_CHARS_MAX, wanted));
        if self.holds(Mark::Map) && !answers_map(&self.handling_why) {
            let said = "含地图的，“处理说明”里要写审图号，例：审图号：粤S（2026）012号（地图管理条例第15条）。";
            reasons.push(("handling_why", said.to_owned()));
        }
        reasons
    }

    fn head_faults(&self, releases: bool, today: Date) -> Vec<Reason> {
        let Some(head) = &self.head else {
            let said = "给出信息的答复，要有承办部门负责人的意见、姓名和日期。";
            return releases
                .then(|| ("head_words", said.to_owned()))
                .into_iter()
                .collect();
        };
        let line = |field: &'static str, name: &str, text: &str| {
            text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes)
        };
        [
            line("head_words", "承办部门负责人意见", &head.words),
            line("head_name", "承办部门负责人", &head.name),
            (head.on > today).then(|| ("head_on", "日期还没有到，请核对。".to_owned())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The fields for people, label and text; none of a review from before there were fields.
    #[must_use]
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let Some(grade) = self.grade else {
            return Vec::new();
        };
        let mut lines = vec![
            ("信息标题", self.title.clone()),
            ("来源文号", self.source.clone()),
            ("密级", grade.name().to_owned()),
            ("拟公开方式", self.way.clone()),
            ("平台", self.platform.clone()),
        ];
        lines.extend(Mark::ALL.iter().map(|mark| {
            let held = if self.holds(*mark) { "含" } else { "不含" };
            (mark.name(), held.to_owned())
        }));
        if let Some(handling) = self.handling {
            let why = self.handling_why.trim();
            let said = match why {
                "" => handling.name().to_owned(),
                why => format!("{}：{why}", handling.name()),
            };
            lines.push(("处理", said));
        }
        if let Some(head) = &self.head {
            let said = format!("{}（{}，{}）", head.words, head.name, printed(head.on));
            lines.push(("承办部门负责人意见", said));
        }
        lines
    }

    /// All that the review says, in words: the opinion, then the fields.
    #[must_use]
    pub fn sum(&self, opinion: &str) -> String {
        let fields = self.lines().into_iter();
        let fields = fields.map(|(label, text)| format!("{label}：{text}"));
        std::iter::once(opinion.trim_end_matches('。').to_owned())
            .chain(fields)
            .collect::<Vec<_>>()
            .join("；")
    }

    /// What the entry keeps: the sum in words, the files that stood beside the reply, the fields, the answers.
    pub(super) fn data(&self, opinion: &str, files: &[String]) -> Value {
        let Some(grade) = self.grade else {
            return json!({ "words": opinion, FILES: files });
        };
        let held: Vec<&str> = self.held.iter().map(|mark| mark.code()).collect();
        let head = self
            .head
            .as_ref()
            .map(|head| json!({ "words": head.words, "name": head.name, "on": head.on }));
        let answers: Vec<Value> = self
            .answers
            .iter()
            .map(|one| json!({ "about": one.key(), "note": one.note }))
            .collect();
        json!({
            "words": self.sum(opinion),
            FILES: files,
            REVIEW: {
                "opinion": opinion,
                "title": self.title,
                "source": self.source,
                "grade": grade.code(),
                "way": self.way,
                "platform": self.platform,
                "held": held,
                "handling": self.handling.map(Handling::code),
                "handling_why": self.handling_why,
                "head": head,
            },
            ANSWERS: answers,
        })
    }

    /// Complete, with nothing held and nothing to answer.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            title: "老旧小区改造项目清单".to_owned(),
            source: "安建〔2025〕3号".to_owned(),
            grade: Some(Grade::None),
            way: "依申请公开".to_owned(),
            platform: "只提供给申请人".to_owned(),
            handling: Some(Handling::AsIs),
            head: Date::new(2024, 1, 5).ok().map(|on| HeadOpinion {
                words: "同意公开".to_owned(),
                name: "科室负责人".to_owned(),
                on,
            }),
            ..Self::default()
        }
    }
}

impl Kept {
    /// The review that an entry holds; `None` where it is none, or one from before there were fields: its words say all.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let review = entry.data.get(REVIEW)?;
        let text = |value: &Value, name: &str| {
            let text = value.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let held = review.get("held").and_then(Value::as_array);
        let held = held.into_iter().flatten().filter_map(Value::as_str);
        let head = review.get("head").filter(|head| head.is_object());
        let head = head.and_then(|head| {
            Some(HeadOpinion {
                words: text(head, "words"),
                name: text(head, "name"),
                on: text(head, "on").parse().ok()?,
            })
        });
        Some(Self {
            opinion: text(review, "opinion"),
            scrutiny: Scrutiny {
                title: text(review, "title"),
                source: text(review, "source"),
                grade: Grade::from_code(&text(review, "grade")),
                way: text(review, "way"),
                platform: text(review, "platform"),
                held: held.filter_map(Mark::from_code).collect(),
                handling: Handling::from_code(&text(review, "handling")),
                handling_why: text(review, "handling_why"),
                head,
                answers: answers(entry).unwrap_or_default(),
            },
        })
    }
}

/// What was answered to the findings at a review; `None` of one from before they were asked about.
#[must_use]
pub fn answers(entry: &Entry) -> Option<Vec<Answer>> {
    let kept = entry.data.get(ANSWERS)?.as_array()?;
    let one = |kept: &Value| {
        let about = kept.get("about")?.as_str()?;
        Answer::of(about, kept.get("note")?.as_str()?)
    };
    Some(kept.iter().filter_map(one).collect())
}

/// What an answer is about, with personal data covered: the form that is kept and printed gives no numbers away once more.
///
/// Law: 个人信息保护法 art. 6, 51.
#[must_use]
pub fn about(answer: &Answer) -> String {
    match covered(answer) {
        Some(text) => format!("{}“{text}”", answer.kind.title()),
        None => answer.about(),
    }
}

/// The passage with what is personal in it covered; `None` where nothing is.
fn covered(answer: &Answer) -> Option<String> {
    if !answer.kind.is_personal() || answer.text.is_empty() {
        return None;
    }
    let (file, passage) = match in_file(&answer.text) {
        Some((name, passage)) => (format!("附件“{name}”："), passage),
        None => (String::new(), answer.text.as_str()),
    };
    let whole = Finding {
        start: 0,
        end: passage.chars().count(),
        kind: answer.kind,
        confidence: Confidence::High,
        text: passage.to_owned(),
        advice: String::new(),
    };
    let covered = mask(passage, &[whole], &Masking::default());
    Some(format!("{file}{covered}"))
}

/// Covers what is personal in the answers that an entry keeps, when the personal data of its case go; tells whether something
/// was there. What was answered, and by whom, stays.
pub(crate) fn cover(data: &mut Value) -> bool {
    let answers = data.get_mut(ANSWERS).and_then(Value::as_array_mut);
    let mut changed = false;
    for one in answers.into_iter().flatten() {
        let Some(Value::String(key)) = one.get_mut("about") else {
            continue;
        };
        let Some(answer) = Answer::of(key, "") else {
            continue;
        };
        let Some(text) = covered(&answer).filter(|text| *text != answer.text) else {
            continue;
        };
        *key = Answer { text, ..answer }.key();
        changed = true;
    }
    changed
}

/// The name of the file and the passage, where something was found in a file.
fn in_file(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("附件“")?.split_once("”：")
}

/// 公开审查表 as a text of its own, one for each review of the case; empty where none was done.
#[must_use]
pub fn form(case: &Case) -> String {
    let mut text = String::new();
    for (place, entry) in case.entries.iter().enumerate() {
        if entry.act != Some(Act::Pass) {
            continue;
        }
        let mut line = |label: &str, said: &str| {
            text.push_str(&format!("{label}：{said}\n"));
        };
        line("公开审查表", &case.request.number);
        let signed = |entry: &Entry| format!("{}，{}", entry.by, printed(entry.on));
        let before = case.entries.get(..place).unwrap_or_default();
        let drafted = before.iter().rev().find(|one| one.act == Some(Act::Decide));
        if let Some(drafted) = drafted {
            let said = format!("{}（{}）", drafted.sentence, signed(drafted));
            line("承办人意见", &said);
        }
        let opinion = match Kept::of(entry) {
            Some(kept) => {
                for (label, said) in kept.scrutiny.lines() {
                    line(label, &said);
                }
                for answer in &kept.scrutiny.answers {
                    line(&format!("送出前的检查：{}", about(answer)), &answer.note);
                }
                kept.opinion
            }
            None => entry.sentence.clone(),
        };
        line("审查人意见", &format!("{opinion}（{}）", signed(entry)));
        let after = case.entries.iter().skip(place + 1);
        let mut round =
            after.take_while(|one| !matches!(one.act, Some(Act::Pass | Act::Decide | Act::Return)));
        if let Some(sign) = round.find(|one| one.act == Some(Act::Sign)) {
            line("领导审批", &format!("同意（{}）", signed(sign)));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_inspect::answer::Answer;
    use serde_json::json;

    use super::{Grade, Handling, Kept, Mark, Scrutiny, about, cover};
    use crate::request::case::Entry;
    use crate::request::state::Act;

    fn today() -> Date {
        "2026-03-04".parse().unwrap()
    }

    fn fields(scrutiny: &Scrutiny, releases: bool) -> Vec<&'static str> {
        let reasons = scrutiny.why_not(releases, today());
        reasons.into_iter().map(|(field, _)| field).collect()
    }

    fn entry(data: serde_json::Value) -> Entry {
        Entry {
            act: Some(Act::Pass),
            on: today(),
            at: 0,
            by: "审查".to_owned(),
            account: None,
            sentence: "公开审查通过：可以公开".to_owned(),
            public: String::new(),
            data,
            clock: Vec::new(),
        }
    }

    #[test]
    fn each_field_is_asked_for_and_what_is_secret_does_not_pass() {
        assert!(fields(&Scrutiny::sample(), true).is_empty());
        assert_eq!(
            fields(&Scrutiny::default(), true),
            [
                "title",
                "source",
                "grade",
                "way",
                "platform",
                "handling",
                "head_words"
            ]
        );
        // A refusal gives nothing: the department's word is not asked for.
        let alone = Scrutiny {
            head: None,
            handling: Some(Handling::Withheld),
            handling_why: "全部是过程性信息".to_owned(),
            ..Scrutiny::sample()
        };
        assert!(fields(&alone, false).is_empty());
        assert_eq!(fields(&alone, true), ["handling", "head_words"]);
        for mark in [Mark::Secret, Mark::WorkSecret] {
            let secret = Scrutiny {
                held: vec![mark],
                ..Scrutiny::sample()
            };
            assert_eq!(fields(&secret, true), [mark.code()]);
            assert_eq!(fields(&secret, false), [mark.code()]);
        }
        let held = |handling, why: &str, mark| Scrutiny {
            held: vec![mark],
            handling: Some(handling),
            handling_why: why.to_owned(),
            ..Scrutiny::sample()
        };
        let personal = Mark::Personal;
        assert_eq!(
            fields(&held(Handling::AsIs, "", personal), true),
            ["handling"]
        );
        assert_eq!(
            fields(&held(Handling::Masked, "", personal), true),
            ["handling_why"]
        );
        assert!(fields(&held(Handling::Masked, "姓名只留姓", personal), true).is_empty());
        let map = held(Handling::Lawful, "随规划公布", Mark::Map);
        assert_eq!(fields(&map, true), ["handling_why"]);
        let map = held(Handling::Lawful, "审图号：粤S（2026）012号", Mark::Map);
        assert!(fields(&map, true).is_empty());
    }

    #[test]
    fn what_is_kept_reads_back_and_an_older_review_says_its_words() {
        let mut said = Scrutiny {
            held: vec![Mark::Personal],
            handling: Some(Handling::Lawful),
            handling_why: "申请人本人的信息".to_owned(),
            ..Scrutiny::sample()
        };
        said.answers = vec![Answer::of("mobile｜13800138000", "窗口值班手机").unwrap()];
        let data = said.data("可以公开。", &["ab".to_owned()]);
        let words = data["words"].as_str().unwrap();
        assert!(
            words.starts_with("可以公开；信息标题：") && words.contains("个人信息：含；地图：不含"),
            "{words}"
        );
        assert_eq!(data["files"], json!(["ab"]));
        let kept = Kept::of(&entry(data)).unwrap();
        assert_eq!(kept.opinion, "可以公开。");
        assert_eq!(kept.scrutiny, said);
        let older = json!({ "words": "可以公开", "files": [] });
        assert_eq!(Scrutiny::default().data("可以公开", &[]), older);
        assert_eq!(Kept::of(&entry(older.clone())), None);
        assert_eq!(super::answers(&entry(older)), None);
        assert_eq!(Grade::from_code("none"), Some(Grade::None));
    }

    #[test]
    fn the_form_gives_no_numbers_away() {
        let mobile = Answer::of("mobile｜附件“名单.txt”：13800138000", "值班手机").unwrap();
        assert_eq!(about(&mobile), "手机号码“附件“名单.txt”：138****8000”");
        let grade = Answer::of("secrecy｜机密★20年", "引文").unwrap();
        assert_eq!(about(&grade), "涉密和内部标志“机密★20年”");
        let said = Scrutiny {
            answers: vec![mobile, grade],
            ..Scrutiny::sample()
        };
        let mut data = said.data("可以公开", &[]);
        assert!(data.to_string().contains("13800138000"));
        assert!(cover(&mut data) && !cover(&mut data));
        assert!(!data.to_string().contains("13800138000"), "{data}");
        let kept = super::answers(&entry(data)).unwrap();
        assert_eq!(kept[0].note, "值班手机");
        assert_eq!(kept[1].text, "机密★20年");
    }
}
