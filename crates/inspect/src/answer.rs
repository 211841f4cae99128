//! 说明: what a reviewer says to a finding before the text or the file leaves the house. Asked about is what the check is sure of
//! (a secrecy mark, personal data, a citation of what is not public, what a file hides and keeps), what may be a map, and what
//! could not be checked at all. Pure: who asks, and where answers are kept, is the capability's.
//!
//! Law: 政府信息公开条例 (2019) art. 15, 17; 保守国家秘密法 (2024) art. 35; 个人信息保护法 art. 28; 地图管理条例 art. 22.

use crate::document::answers_map;
use crate::finding::{Confidence, Finding, Kind};

/// Passages of one kind that are asked about one by one; of more the kind is asked about as a whole, such as a list of names,
/// and never where each is a file to be opened.
pub const ONE_BY_ONE_MAX: usize = 10;

/// Characters of one answer.
pub const NOTE_CHARS_MAX: usize = 200;

const PART: char = '｜';
/// What stands around a key in a kept remark: no passage has them.
const MARKS: [char; 2] = ['【', '】'];
/// What somebody says who looked at what the system could not check, and how many characters tell what was seen.
const BY_HAND: &str = "已人工核对";
const SEEN_CHARS_MIN: usize = 4;

/// What a reviewer says about one passage, or with an empty text about every passage of the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub kind: Kind,
    pub text: String,
    pub note: String,
}

/// What must be answered; an empty text asks about all of the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub kind: Kind,
    pub text: String,
    /// Places in the text.
    pub places: usize,
}

impl Question {
    /// As the form sends it back.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}{PART}{}", self.kind.name(), self.text)
    }

    /// What an answer must say.
    #[must_use]
    pub fn wants(&self) -> &'static str {
        match self.kind {
            Kind::Map => {
                "写明审图号，例：审图号：粤S（2026）012号；不是地图的，写“不是地图”和理由。"
            }
            Kind::Unread => {
                "打开附件看过全部内容后，写“已人工核对”和看到了什么，例：已人工核对，12页扫描件，没有个人信息和涉密内容。"
            }
            Kind::Hidden => {
                "看过附件里隐藏的内容后，写明为什么原样保留，例：修订痕迹就是要征求意见的内容；不该保留的，请退回，清除以后再送审。"
            }
            _ => "",
        }
    }

    /// What it is about, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.text.is_empty() {
            format!("{}，共{}处", self.kind.title(), self.places)
        } else if self.kind == Kind::Map {
            format!("像是地图的{}", self.text)
        } else if self.kind == Kind::Unread {
            format!("没有检查的{}", self.text)
        } else if self.places > 1 {
            format!("{}“{}”，{}处", self.kind.title(), self.text, self.places)
        } else {
            format!("{}“{}”", self.kind.title(), self.text)
        }
    }
}

impl Answer {
    /// What the form sent; `None` where it names no kind.
    #[must_use]
    pub fn of(key: &str, note: &str) -> Option<Self> {
        let (kind, text) = key.split_once(PART)?;
        let kind = Kind::ALL.into_iter().find(|one| one.name() == kind)?;
        Some(Self {
            kind,
            text: plain(text),
            note: flat(note),
        })
    }

    /// As [`Answer::of`] reads it back.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}{PART}{}", self.kind.name(), self.text)
    }

    /// What it is about, for people.
    #[must_use]
    pub fn about(&self) -> String {
        if self.text.is_empty() {
            format!("各处{}", self.kind.title())
        } else {
            format!("{}“{}”", self.kind.title(), self.text)
        }
    }

    fn settles(&self, finding: &Finding) -> bool {
        self.kind == finding.kind
            && match self.kind {
                Kind::Map => answers_map(&self.note),
                Kind::Unread => is_looked_at(&self.note),
                _ => true,
            }
            && (self.text == plain(&finding.text) || self.text.is_empty() && is_list(self.kind))
    }
}

/// Does somebody say to have looked, and at what?
fn is_looked_at(note: &str) -> bool {
    let chars = note.chars().filter(|c| c.is_alphanumeric()).count();
    note.contains(BY_HAND) && chars >= BY_HAND.chars().count() + SEEN_CHARS_MIN
}

/// Must somebody answer for it?
#[must_use]
pub fn is_asked(finding: &Finding) -> bool {
    let is_sure = finding.confidence == Confidence::High;
    match finding.kind {
        // Its number may be printed in the picture, where only a person sees it.
        Kind::Map | Kind::Unread => true,
        // What stays hidden in a file was kept by its writer alone.
        Kind::Secrecy | Kind::Citation | Kind::Hidden => is_sure,
        kind => kind.is_personal() && is_sure,
    }
}

/// A passage as it can be compared: without blanks, and without the marks of a kept remark.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !MARKS.contains(c) && *c != PART)
        .collect()
}

/// In one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What these findings ask and these answers leave open.
#[must_use]
pub fn questions(findings: &[Finding], answers: &[Answer]) -> Vec<Question> {
    let mut open: Vec<Question> = Vec::new();
    for finding in findings.iter().filter(|finding| is_asked(finding)) {
        if answers.iter().any(|answer| answer.settles(finding)) {
            continue;
        }
        let text = plain(&finding.text);
        match open
            .iter_mut()
            .find(|one| one.kind == finding.kind && one.text == text)
        {
            Some(known) => known.places += 1,
            None => open.push(Question {
                kind: finding.kind,
                text,
                places: 1,
            }),
        }
    }
    Kind::ALL
        .into_iter()
        .flat_map(|kind| gathered(kind, &open))
        .collect()
}

/// May one answer stand for all of a kind? Each file that was not checked is opened for itself.
const fn is_list(kind: Kind) -> bool {
    !matches!(kind, Kind::Unread)
}

fn gathered(kind: Kind, open: &[Question]) -> Vec<Question> {
    let own = open.iter().filter(|one| one.kind == kind);
    if own.clone().count() <= ONE_BY_ONE_MAX || !is_list(kind) {
        return own.cloned().collect();
    }
    vec![Question {
        kind,
        text: String::new(),
        places: own.map(|one| one.places).sum(),
    }]
}

/// What keeps a review from passing with these answers; the findings that are not answered, and answers that are too long.
#[must_use]
pub fn why_not(findings: &[Finding], answers: &[Answer]) -> Vec<(&'static str, String)> {
    let mut reasons: Vec<_> = questions(findings, answers)
        .iter()
        .map(|one| {
            (
                "answer",
                match one.wants() {
                    "" => format!(
                        "{}还没有说明。确可公开的写明理由，不能公开的请退回修改。",
                        one.sentence()
                    ),
                    wants => format!("{}还没有说明。{wants}", one.sentence()),
                },
            )
        })
        .collect();
    let long = |one: &Answer| one.note.chars().nth(NOTE_CHARS_MAX).is_some();
    if answers.iter().any(long) {
        reasons.push(("answer", format!("每处说明不超过{NOTE_CHARS_MAX}字。")));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::{Answer, ONE_BY_ONE_MAX, questions, why_not};
    use crate::finding::{Confidence, Finding, Kind};

    fn finding(kind: Kind, confidence: Confidence, text: &str) -> Finding {
        Finding {
            start: 0,
            end: 1,
            kind,
            confidence,
            text: text.to_owned(),
            advice: String::new(),
        }
    }

    #[test]
    fn only_sure_findings_of_what_must_stay_inside_are_asked_about() {
        let high = Confidence::High;
        let found = [
            finding(Kind::Secrecy, high, "机密 ★20年"),
            finding(Kind::Mobile, high, "13800138000"),
            finding(Kind::Mobile, high, "13800138000"),
            finding(Kind::Mobile, Confidence::Low, "13900139000"),
            finding(Kind::Wording, high, "截止"),
            finding(Kind::Hidden, Confidence::Low, "整个文件：没有检查"),
        ];
        let open = questions(&found, &[]);
        let said: Vec<String> = open.iter().map(super::Question::sentence).collect();
        assert_eq!(
            said,
            ["涉密和内部标志“机密★20年”", "手机号码“13800138000”，2处"]
        );
        let answers: Vec<Answer> = open
            .iter()
            .filter_map(|one| Answer::of(&one.key(), "已核"))
            .collect();
        assert!(why_not(&found, &answers).is_empty());
        assert_eq!(why_not(&found, &answers[..1]).len(), 1);
        let long = Answer::of("mobile｜", &"长".repeat(201)).unwrap();
        assert_eq!(why_not(&found[1..3], &[long]).len(), 1);
        assert_eq!(Answer::of("nothing｜x", "好"), None);
    }

    #[test]
    fn what_may_be_a_map_is_answered_with_its_permit_or_with_why_it_is_none() {
        let found = [finding(Kind::Map, Confidence::Low, "图片“云岭县地图.jpg”")];
        let open = questions(&found, &[]);
        assert_eq!(open[0].sentence(), "像是地图的图片“云岭县地图.jpg”");
        for (said, fine) in [
            ("已核", false),
            ("审图号已核对", false),
            ("S12345号", false),
            ("审图号：粤S（2026）012号", true),
            ("粤S（2026）012号", true),
            ("不是地图，是办公楼的指路牌", true),
        ] {
            let answer = Answer::of(&open[0].key(), said).unwrap();
            assert_eq!(why_not(&found, &[answer]).is_empty(), fine, "{said}");
        }
        assert!(why_not(&found, &[])[0].1.contains("写“不是地图”和理由"));
    }

    #[test]
    fn what_could_not_be_checked_is_looked_at_by_a_person() {
        let found = [finding(
            Kind::Unread,
            Confidence::High,
            "附件“名单.pdf”：扫描件，没有文字层",
        )];
        let open = questions(&found, &[]);
        assert_eq!(
            open[0].sentence(),
            "没有检查的附件“名单.pdf”：扫描件，没有文字层"
        );
        for (said, fine) in [
            ("看过了，没有问题", false),
            ("已人工核对", false),
            ("已人工核对。。。。", false),
            ("已人工核对，3页都是签到表，没有号码", true),
        ] {
            let answer = Answer::of(&open[0].key(), said).unwrap();
            assert_eq!(why_not(&found, &[answer]).is_empty(), fine, "{said}");
        }
        assert!(why_not(&found, &[])[0].1.contains("已人工核对"));
    }

    #[test]
    fn a_long_list_is_asked_about_once() {
        let name = |n: usize| finding(Kind::Name, Confidence::High, &format!("张{n}"));
        let few: Vec<Finding> = (0..ONE_BY_ONE_MAX).map(name).collect();
        let many: Vec<Finding> = (0..=ONE_BY_ONE_MAX).map(name).collect();
        assert_eq!(questions(&few, &[]).len(), ONE_BY_ONE_MAX);
        let open = questions(&many, &[]);
        assert_eq!((open.len(), open[0].places), (1, 11));
        let one = Answer::of(&open[0].key(), "补贴名单依规定公开姓名").unwrap();
        assert!(questions(&many, std::slice::from_ref(&one)).is_empty());
        assert!(questions(&few, &[one]).is_empty());
    }

    #[test]
    fn each_file_that_was_not_checked_is_asked_about_for_itself() {
        let scan = |n: usize| {
            let text = format!("附件“签到表{n}.pdf”：扫描件，没有文字层");
            finding(Kind::Unread, Confidence::High, &text)
        };
        let many: Vec<Finding> = (0..=ONE_BY_ONE_MAX).map(scan).collect();
        let open = questions(&many, &[]);
        assert_eq!(open.len(), many.len());
        let said = "已人工核对，3页都是签到表，没有号码";
        let one = Answer::of(&open[0].key(), said).unwrap();
        assert_eq!(questions(&many, &[one]).len(), ONE_BY_ONE_MAX);
        let all = Answer::of("unread｜", said).unwrap();
        assert_eq!(questions(&many, &[all]).len(), many.len());
    }
}
