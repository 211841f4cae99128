//! From facts to the right letter, one question at a time (条例 art. 30, 35–39, 41; 收费办法). Pure.

use super::template::LetterKind;
use crate::request::reply::{Decision, Ground, Reply, ResultRow};

/// Where an answer leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Ask(&'static Question),
    /// The request ends.
    End(Reply),
    /// A paper on the way: the request goes on after it.
    Meanwhile(LetterKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub code: &'static str,
    pub words: &'static str,
    /// What of the information is to be withheld, if this answer says so.
    pub ground: Option<Ground>,
    pub next: Next,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    pub code: &'static str,
    pub text: &'static str,
    pub hint: &'static str,
    pub choices: &'static [Choice],
}

const fn choice(code: &'static str, words: &'static str, next: Next) -> Choice {
    Choice {
        code,
        words,
        ground: None,
        next,
    }
}

const fn withheld(code: &'static str, words: &'static str, ground: Ground, next: Next) -> Choice {
    Choice {
        code,
        words,
        ground: Some(ground),
        next,
    }
}

/// The first question.
pub static FIRST: Question = Question {
    code: "matter",
    text: "申请人实际要什么？",
    hint: "看实质，不看申请的名称。例：标题写“信息公开”，内容是要求查处，属于投诉。",
    choices: &[
        choice(
            "information",
            "获取已制作或者获取的政府信息",
            Next::Ask(&CLEAR),
        ),
        choice("petition", "信访、投诉、举报", Next::End(Reply::Petition)),
        choice(
            "publication",
            "政府公报、报刊、书籍等公开出版物",
            Next::End(Reply::Publication),
        ),
        choice(
            "confirmation",
            "确认或者重新出具已经获取的信息",
            Next::End(Reply::Confirmation),
        ),
        choice(
            "correction",
            "更正与本人有关的记录",
            Next::Meanwhile(LetterKind::Correction),
        ),
        choice(
            "complaint",
            "投诉行政机关没有依法公开、答复（向主管部门提出）",
            Next::Meanwhile(LetterKind::Complaint),
        ),
        choice("withdrawn", "申请人撤回了申请", Next::End(Reply::OtherEnd)),
    ],
};

static CLEAR: Question = Question {
    code: "clear",
    text: "申请内容是否明确、材料是否完备？",
    hint: "姓名（名称）和身份证明、联系方式、可以检索的描述、获取方式，缺一项即不完备（条例第二十九条）。补正只能告知一次，7个工作日内。",
    choices: &[
        choice("yes", "明确、完备", Next::Ask(&EXCESS)),
        choice(
            "ask",
            "不明确，还没有告知补正",
            Next::Meanwhile(LetterKind::Supplement),
        ),
        choice(
            "late",
            "已告知补正，无正当理由逾期不补正",
            Next::End(Reply::NotSupplemented),
        ),
        choice(
            "unclear",
            "已补正，仍不明确",
            Next::End(Reply::StillUnclear),
        ),
    ],
};

static EXCESS: Question = Question {
    code: "excess",
    text: "是否重复申请，或者数量、频次明显超过合理范围？",
    hint: "条例没有规定件数；同一申请人一个自然月超过10件可以作为提醒线。",
    choices: &[
        choice("no", "都不是", Next::Ask(&SPECIAL)),
        choice(
            "repeated",
            "同一申请人的相同申请，已经答复过",
            Next::End(Reply::Repeated),
        ),
        choice(
            "explain",
            "明显超过，还没有要求说明理由",
            Next::Meanwhile(LetterKind::ExplainReasons),
        ),
        choice(
            "unreasonable",
            "已说明，理由不合理",
            Next::End(Reply::Excessive),
        ),
        choice(
            "defer",
            "已说明，理由合理，但不能如期答复",
            Next::Meanwhile(LetterKind::Deferral),
        ),
        choice(
            "charge",
            "决定收取信息处理费，还没有通知",
            Next::Meanwhile(LetterKind::Fee),
        ),
        choice("unpaid", "已通知缴费，逾期未缴", Next::End(Reply::NotPaid)),
        choice(
            "goes_on",
            "明显超过，但继续办理：理由合理、能够如期答复，或者已告知延迟答复，或者已缴费",
            Next::Ask(&SPECIAL),
        ),
    ],
};

static SPECIAL: Question = Question {
    code: "special",
    text: "有关法律、行政法规对这类信息的获取有没有特别规定？",
    hint: "例：工商登记、不动产登记资料的查询。",
    choices: &[
        choice("no", "没有", Next::Ask(&HELD)),
        withheld(
            "yes",
            "有，按特别规定查询",
            Ground::Query,
            Next::End(Reply::SpecialLaw),
        ),
    ],
};

static HELD: Question = Question {
    code: "held",
    text: "本机关有没有这份信息？",
    hint: "先检索并留下检索记录，再回答。",
    choices: &[
        choice("yes", "有现成的", Next::Ask(&PUBLISHED)),
        choice("not_ours", "由其他机关负责公开", Next::End(Reply::NotOurs)),
        choice(
            "nothing",
            "属于本机关职责，经检索没有",
            Next::End(Reply::NotThere),
        ),
        choice(
            "analysis",
            "没有现成的，需要加工、分析",
            Next::End(Reply::NeedsMaking),
        ),
    ],
};

static PUBLISHED: Question = Question {
    code: "published",
    text: "已经主动公开了吗？",
    hint: "给得出网址、公报期号才算。",
    choices: &[
        choice("no", "没有", Next::Ask(&GROUND)),
        choice("yes", "已经主动公开", Next::End(Reply::AlreadyPublic)),
    ],
};

static GROUND: Question = Question {
    code: "ground",
    text: "公开审查发现不予公开的内容吗？",
    hint: "以公开为常态；有几种时选最主要的，其余在文书里补选。",
    choices: &[
        choice("none", "没有", Next::Ask(&JOINT)),
        withheld("n1", "国家秘密", Ground::Secret, Next::Ask(&SEPARABLE)),
        withheld(
            "n2",
            "法律、行政法规禁止公开",
            Ground::Law,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n3",
            "危及国家安全、公共安全、经济安全、社会稳定",
            Ground::Safety,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n4",
            "商业秘密、个人隐私等第三方权益",
            Ground::ThirdParty,
            Next::Ask(&THIRD),
        ),
        withheld(
            "n5",
            "人事、后勤、内部工作流程信息",
            Ground::Internal,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n6",
            "讨论记录、过程稿、磋商信函、请示报告",
            Ground::Process,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n7",
            "行政执法案卷",
            Ground::CaseFile,
            Next::Ask(&SEPARABLE),
        ),
        choice(
            "unsure",
            "不能确定，需要送审",
            Next::Meanwhile(LetterKind::ReviewReferral),
        ),
    ],
};

const THIRD_TEXT: &str = "书面征求第三方意见了吗？";
const THIRD_HINT: &str =
    "第三方15个工作日内答复；逾期不答复不等于同意，由本机关决定（条例第三十二条）。";

static THIRD: Question = Question {
    code: "third",
    text: THIRD_TEXT,
    hint: THIRD_HINT,
    choices: &[
        choice("ask", "还没有征求", Next::Meanwhile(LetterKind::ThirdParty)),
        choice("agrees", "第三方同意公开", Next::Ask(&JOINT)),
        choice(
            "partly",
            "第三方只同意公开一部分，其余不同意且理由合理",
            Next::Ask(&SEPARABLE),
        ),
        choice("refuses", "第三方不同意，理由合理", Next::Ask(&SEPARABLE)),
        choice(
            "harm",
            "逾期未答复或理由不合理，本机关认为公开会损害其权益",
            Next::Ask(&SEPARABLE),
        ),
        choice(
            "no_harm",
            "逾期未答复或理由不合理，本机关认为不损害其权益",
            Next::Ask(&JOINT),
        ),
        choice(
            "interest",
            "不同意，但不公开对公共利益有重大影响，还没有告知第三方",
            Next::Meanwhile(LetterKind::DecidedOpen),
        ),
        choice("told", "同上，已书面告知第三方", Next::Ask(&JOINT)),
    ],
};

static JOINT: Question = Question {
    code: "joint",
    text: "是不是与其他机关共同制作的？",
    hint: "牵头机关收到申请的，可以征求共同制作机关意见；15个工作日逾期视为同意（条例第三十四条）。",
    choices: &[
        choice(
            "no",
            "不是，或者已同意公开（含逾期视为同意）",
            Next::End(Reply::Open),
        ),
        choice(
            "ask",
            "是，还没有征求意见",
            Next::Meanwhile(LetterKind::CoMaker),
        ),
        choice("objects", "是，对方不同意公开", Next::Ask(&OBJECTED)),
    ],
};

/// What a co-making organ says is an opinion: the lead organ decides, and withholds on grounds of the law alone.
static OBJECTED: Question = Question {
    code: "objected",
    text: "共同制作机关不同意公开，提出的不予公开事由成立吗？",
    hint: "由牵头机关审查决定：对方不同意本身不是不予公开的事由，要落在条例第十四条至第十六条的一项上（条例第十三条、第三十四条）。",
    choices: &[
        choice("none", "不成立", Next::End(Reply::Open)),
        withheld("n1", "国家秘密", Ground::Secret, Next::Ask(&SEPARABLE)),
        withheld(
            "n2",
            "法律、行政法规禁止公开",
            Ground::Law,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n3",
            "危及国家安全、公共安全、经济安全、社会稳定",
            Ground::Safety,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n4",
            "商业秘密、个人隐私等第三方权益",
            Ground::ThirdParty,
            Next::Ask(&THIRD_OF_JOINT),
        ),
        withheld(
            "n5",
            "人事、后勤、内部工作流程信息",
            Ground::Internal,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n6",
            "讨论记录、过程稿、磋商信函、请示报告",
            Ground::Process,
            Next::Ask(&SEPARABLE),
        ),
        withheld(
            "n7",
            "行政执法案卷",
            Ground::CaseFile,
            Next::Ask(&SEPARABLE),
        ),
        choice(
            "unsure",
            "不能确定，需要送审",
            Next::Meanwhile(LetterKind::ReviewReferral),
        ),
    ],
};

/// As [`THIRD`], where the co-making organ has been heard already.
static THIRD_OF_JOINT: Question = Question {
    code: "third_of_joint",
    text: THIRD_TEXT,
    hint: THIRD_HINT,
    choices: &[
        choice("ask", "还没有征求", Next::Meanwhile(LetterKind::ThirdParty)),
        choice("agrees", "第三方同意公开", Next::End(Reply::Open)),
        choice(
            "partly",
            "第三方只同意公开一部分，其余不同意且理由合理",
            Next::Ask(&SEPARABLE),
        ),
        choice("refuses", "第三方不同意，理由合理", Next::Ask(&SEPARABLE)),
        choice(
            "harm",
            "逾期未答复或理由不合理，本机关认为公开会损害其权益",
            Next::Ask(&SEPARABLE),
        ),
        choice(
            "no_harm",
            "逾期未答复或理由不合理，本机关认为不损害其权益",
            Next::End(Reply::Open),
        ),
        choice(
            "interest",
            "不同意，但不公开对公共利益有重大影响，还没有告知第三方",
            Next::Meanwhile(LetterKind::DecidedOpen),
        ),
        choice("told", "同上，已书面告知第三方", Next::End(Reply::Open)),
    ],
};

static SEPARABLE: Question = Question {
    code: "separable",
    text: "去掉不予公开的内容，其余部分能单独提供吗？",
    hint: "能区分处理的必须区分（条例第三十七条）。例：遮盖姓名、身份证号后提供。",
    choices: &[
        choice("yes", "能", Next::End(Reply::Partly)),
        choice("no", "不能", Next::End(Reply::Refused)),
    ],
};

/// Where a path of answers has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    Ask(&'static Question),
    Done(Outcome),
}

/// The letter, and how the request ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub letter: LetterKind,
    /// `None` where the request goes on after this paper.
    pub situation: Option<Reply>,
    pub ground: Option<Ground>,
}

impl Outcome {
    /// Where the case counts in the annual report's table 三; `None` where it goes on.
    #[must_use]
    pub fn row(&self) -> Option<ResultRow> {
        let decision = Decision {
            grounds: self.ground.into_iter().collect(),
            ..Decision::of(self.situation?)
        };
        decision.row()
    }
}

/// An answer that was given.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    pub question: &'static Question,
    pub choice: &'static Choice,
}

/// Follows the answers, in order; an answer that its question does not know ends the walk there, and so does one too
/// many. Gives what was answered, and where it stands.
#[must_use]
pub fn walk(answers: &[&str]) -> (Vec<Given>, Stand) {
    let mut question: &'static Question = &FIRST;
    let (mut given, mut ground) = (Vec::new(), None);
    for answer in answers {
        let Some(choice) = question.choices.iter().find(|one| one.code == *answer) else {
            break;
        };
        given.push(Given { question, choice });
        ground = choice.ground.or(ground);
        let (letter, situation) = match choice.next {
            Next::Ask(next) => {
                question = next;
                continue;
            }
            Next::End(situation) => (situation.letter(), Some(situation)),
            Next::Meanwhile(letter) => (letter, None),
        };
        // Who lets the information out withholds nothing.
        let ground = ground.filter(|_| situation != Some(Reply::Open));
        let outcome = Outcome {
            letter,
            situation,
            ground,
        };
        return (given, Stand::Done(outcome));
    }
    (given, Stand::Ask(question))
}

/// Every way through the tree: the answers' codes and what they lead to.
#[must_use]
pub fn every_way() -> Vec<(Vec<&'static str>, Outcome)> {
    let (mut open, mut found) = (vec![Vec::new()], Vec::new());
    while let Some(path) = open.pop() {
        match walk(&path).1 {
            Stand::Done(outcome) => found.push((path, outcome)),
            Stand::Ask(question) => open.extend(question.choices.iter().rev().map(|choice| {
                let mut longer: Vec<&'static str> = path.clone();
                longer.push(choice.code);
                longer
            })),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Ground, LetterKind, Outcome, Reply, Stand, every_way, walk};

    fn outcome(path: &str) -> Outcome {
        let answers: Vec<&str> = path.split(' ').collect();
        match walk(&answers).1 {
            Stand::Done(outcome) => outcome,
            Stand::Ask(question) => panic!("{path} still asks {}", question.code),
        }
    }

    #[test]
    fn every_reply_and_every_ground_is_reached() {
        let ways = every_way();
        let information = |reply: &&Reply| reply.code().starts_with('R');
        for situation in Reply::ALL.iter().filter(information) {
            assert!(
                ways.iter()
                    .any(|(_, one)| one.situation == Some(*situation)),
                "{situation:?} is never reached"
            );
        }
        for ground in Ground::ALL {
            let reached = ways.iter().any(|(_, one)| {
                one.ground == Some(*ground)
                    && matches!(one.situation, Some(Reply::Refused | Reply::SpecialLaw))
            });
            assert!(reached, "{ground:?} never refuses");
        }
        for (path, one) in &ways {
            // A withheld part has its ground, and nothing else has one.
            let withheld = matches!(
                one.situation,
                Some(Reply::Refused | Reply::Partly | Reply::SpecialLaw)
            );
            let asked = one.situation.is_none() && one.ground == Some(Ground::ThirdParty);
            assert_eq!(one.ground.is_some(), withheld || asked, "{path:?}");
        }
    }

    #[test]
    fn the_tree_follows_the_articles() {
        let information = "information yes no no yes no";
        let refuse = outcome(&format!("{information} n6 no"));
        assert_eq!(
            (refuse.letter, refuse.ground),
            (LetterKind::Refuse, Some(Ground::Process))
        );
        assert_eq!(refuse.row().unwrap().code(), "deny_process");
        // What can be separated is only ever partly open, and counts as nothing else.
        let partly = outcome(&format!("{information} n4 refuses yes"));
        assert_eq!(partly.situation, Some(Reply::Partly));
        assert_eq!(partly.row().unwrap().code(), "partial");
        // Third parties are asked first; silence is no consent and no refusal.
        assert_eq!(
            outcome(&format!("{information} n4 ask")).letter,
            LetterKind::ThirdParty
        );
        assert_eq!(
            outcome(&format!("{information} n4 interest")).letter,
            LetterKind::DecidedOpen
        );
        // A co-making organ that objects leads to the grounds, never to giving or asking again without a look at them.
        let objects = outcome(&format!("{information} none objects n6 no"));
        assert_eq!(
            (objects.letter, objects.ground),
            (LetterKind::Refuse, Some(Ground::Process))
        );
        assert_eq!(
            outcome(&format!("{information} none objects none")).letter,
            LetterKind::Disclose
        );
        assert_eq!(
            outcome(&format!("{information} n4 agrees objects n4 refuses yes")).situation,
            Some(Reply::Partly)
        );
        let agreed = outcome(&format!("{information} n4 agrees no"));
        assert_eq!((agreed.letter, agreed.ground), (LetterKind::Disclose, None));
        assert_eq!(outcome("information ask").situation, None);
        // Reasons that were good, a fee that was paid, a later day that was told: the application is answered like any other
        // (art. 35).
        let goes_on = outcome("information yes goes_on no yes no n4 partly yes");
        assert_eq!(goes_on.situation, Some(Reply::Partly));
        assert_eq!(goes_on.ground, Some(Ground::ThirdParty));
        assert_eq!(
            outcome("information yes no yes").ground,
            Some(Ground::Query)
        );
        // Unknown answers and answers too many change nothing.
        assert!(matches!(walk(&["information", "nonsense"]).1, Stand::Ask(q) if q.code == "clear"));
        assert_eq!(
            outcome("petition information yes").letter,
            LetterKind::Petition
        );
    }
}
