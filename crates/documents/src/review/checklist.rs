//! 五关检查清单: what a reviewer answers at a step, question by question, before it is passed. The questions are data
//! (`data/checklists.tsv`), each with its source; what was answered is kept with the step by the question's code.
//!
//! Law: 政府信息公开条例 (2019) art. 17: the procedure of review and who answers for it are named.

use std::sync::LazyLock;

use gongkai_basis::coded;
use gongkai_platform::fault::Reason;

use crate::kind::{Gate, Kind, Step};

coded! {
    /// What is said to one question.
    pub enum Verdict {
        Fine = "yes", "符合";
        NotConcerned = "na", "不涉及";
        Wrong = "no", "不符合";
    }
}

impl Verdict {
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Fine => "✓",
            Self::NotConcerned => "○",
            Self::Wrong => "■",
        }
    }
}

/// One question of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Never given to another question.
    pub code: &'static str,
    pub gate: Gate,
    /// None for what is not asked any more.
    pub steps: Vec<Step>,
    pub kinds: Vec<Kind>,
    pub text: &'static str,
    /// The law or rule that it comes from.
    pub source: &'static str,
}

/// A question and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub code: String,
    pub verdict: Verdict,
}

static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    include_str!("../data/checklists.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(of_line)
        .collect()
});

fn of_line(line: &'static str) -> Option<Question> {
    let mut parts = line.split('\t');
    let (code, gate) = (parts.next()?, Gate::from_code(parts.next()?)?);
    let steps = parts.next()?.split(',').filter_map(Step::from_code);
    let steps = steps.collect();
    let kinds = match parts.next()? {
        "*" => Kind::ALL.to_vec(),
        some => some.split(',').filter_map(Kind::from_code).collect(),
    };
    Some(Question {
        code,
        gate,
        steps,
        kinds,
        text: parts.next()?,
        source: parts.next()?,
    })
}

/// The question of a code, also one that is not asked any more.
#[must_use]
pub fn question(code: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|one| one.code == code)
}

/// What a step asks about a document of this kind, gate by gate.
#[must_use]
pub fn asked(step: Step, kind: Kind) -> Vec<&'static Question> {
    let asks = |one: &&Question| one.steps.contains(&step) && one.kinds.contains(&kind);
    QUESTIONS.iter().filter(asks).collect()
}

/// Everything that a step asks, found right: for stories and tests.
#[must_use]
pub fn all_fine(step: Step, kind: Kind) -> Vec<Checked> {
    let fine = |one: &Question| Checked {
        code: one.code.to_owned(),
        verdict: Verdict::Fine,
    };
    asked(step, kind).into_iter().map(fine).collect()
}

impl Checked {
    /// `code=verdict`, as forms and the store hold it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let (code, verdict) = text.split_once('=')?;
        Some(Self {
            code: question(code)?.code.to_owned(),
            verdict: Verdict::from_code(verdict)?,
        })
    }

    #[must_use]
    pub fn key(&self) -> String {
        format!("{}={}", self.code, self.verdict.code())
    }
}

/// As the store holds them.
#[must_use]
pub fn written(checks: &[Checked]) -> String {
    let keys: Vec<String> = checks.iter().map(Checked::key).collect();
    keys.join(",")
}

/// What the store holds.
#[must_use]
pub fn read(written: &str) -> Vec<Checked> {
    written.split(',').filter_map(Checked::of).collect()
}

/// The answers with their questions, for people.
#[must_use]
pub fn said(checks: &[Checked]) -> Vec<(&'static Question, Checked)> {
    let with = |one: &Checked| Some((question(&one.code)?, one.clone()));
    checks.iter().filter_map(with).collect()
}

fn verdict(checks: &[Checked], code: &str) -> Option<Verdict> {
    let mut said = checks.iter().filter(|one| one.code == code);
    said.next().map(|one| one.verdict)
}

/// The answers to what this step asks, each question once; others are no answers.
#[must_use]
pub fn kept((step, kind): (Step, Kind), checks: &[Checked]) -> Vec<Checked> {
    let one = |question: &'static Question| {
        Some(Checked {
            code: question.code.to_owned(),
            verdict: verdict(checks, question.code)?,
        })
    };
    asked(step, kind).into_iter().filter_map(one).collect()
}

/// The gates of a step that were answered for: every question, and none found wrong.
#[must_use]
pub fn passed((step, kind): (Step, Kind), checks: &[Checked]) -> Vec<Gate> {
    let held: Vec<Gate> = asked(step, kind)
        .into_iter()
        .filter(|one| match verdict(checks, one.code) {
            Some(Verdict::Fine | Verdict::NotConcerned) => false,
            Some(Verdict::Wrong) | None => true,
        })
        .map(|one| one.gate)
        .collect();
    let gates = step.gates().iter().copied();
    gates.filter(|gate| !held.contains(gate)).collect()
}

/// What keeps a step from being passed with these answers.
#[must_use]
pub fn why_not((step, kind): (Step, Kind), checks: &[Checked]) -> Vec<Reason> {
    let named = |wanted: Option<Verdict>| -> Vec<String> {
        asked(step, kind)
            .into_iter()
            .filter(|one| verdict(checks, one.code) == wanted)
            .map(|one| format!("{}“{}”", one.gate.name(), one.text.trim_end_matches('。')))
            .collect()
    };
    let (open, wrong) = (named(None), named(Some(Verdict::Wrong)));
    let mut said = Vec::new();
    if !open.is_empty() {
        said.push(format!(
            "检查清单还有{}问没有回答：{}。",
            open.len(),
            open.join("、")
        ));
    }
    if !wrong.is_empty() {
        said.push(format!(
            "答了“不符合”的不能通过，请写明意见后退回：{}。",
            wrong.join("、")
        ));
    }
    if said.is_empty() {
        return Vec::new();
    }
    vec![("checks", said.concat())]
}

#[cfg(test)]
mod tests {
    use super::{
        Checked, QUESTIONS, Verdict, all_fine, asked, kept, passed, read, why_not, written,
    };
    use crate::kind::{Gate, Kind, Step};

    #[test]
    fn every_line_is_a_question_and_no_code_stands_twice() {
        let file = include_str!("../data/checklists.tsv");
        let lines = file.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), QUESTIONS.len());
        for one in QUESTIONS.iter() {
            assert!(!one.kinds.is_empty() && !one.source.is_empty(), "{one:?}");
            assert!(one.text.ends_with('。'), "{one:?}");
            let same = QUESTIONS.iter().filter(|other| other.code == one.code);
            assert_eq!(same.count(), 1, "{one:?}");
        }
    }

    /// Each gate of a step has its questions, whatever the kind, and a step asks only about its own gates.
    #[test]
    fn every_gate_of_every_step_has_few_questions() {
        for kind in Kind::ALL {
            for step in Step::ALL {
                let questions = asked(*step, *kind);
                assert!(questions.len() <= 8, "{kind:?} {step:?}");
                let mut gates: Vec<Gate> = questions.iter().map(|one| one.gate).collect();
                gates.dedup();
                let mut wanted = step.gates().to_vec();
                gates.sort_unstable();
                wanted.sort_unstable();
                assert_eq!(gates, wanted, "{kind:?} {step:?}");
            }
        }
    }

    #[test]
    fn what_is_open_or_wrong_is_named_and_holds_its_gate() {
        let of = (Step::ThirdReview, Kind::Notice);
        let fine = all_fine(of.0, of.1);
        assert!(why_not(of, &fine).is_empty());
        assert_eq!(passed(of, &fine), Gate::ALL);
        let mut some = fine.clone();
        some[0].verdict = Verdict::Wrong;
        let left = some.pop().unwrap();
        let reasons = why_not(of, &some);
        let sentence = &reasons[0].1;
        assert!(
            sentence.contains("还有1问没有回答：文字关“标题"),
            "{sentence}"
        );
        assert!(sentence.contains("退回：政治关“立场"), "{sentence}");
        assert_eq!(passed(of, &some), [Gate::Law, Gate::Policy, Gate::Secrecy]);
        some.push(Checked {
            verdict: Verdict::NotConcerned,
            ..left
        });
        assert!(passed(of, &some).contains(&Gate::Wording));
    }

    #[test]
    fn what_is_written_is_read_again_and_strangers_are_no_answers() {
        let fine = all_fine(Step::Secrecy, Kind::Rule);
        assert_eq!(read(&written(&fine)), fine);
        assert_eq!(Checked::of("X9=yes"), None);
        assert_eq!(Checked::of("S1=perhaps"), None);
        let others = read("W1=yes,S1=na");
        let own = kept((Step::Secrecy, Kind::Rule), &others);
        assert_eq!(written(&own), "S1=na");
    }
}
