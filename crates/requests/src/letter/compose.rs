//! From facts to the paper: fills a template's places, adds the remedy paragraph, signature and contact. Pure.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_office::form::letter::Line;
use gongkai_office::form::letterhead::{Annex, Letterhead};
use serde::{Deserialize, Serialize};

use super::door::Door;
use super::profile::Profile;
use super::remedy::{self, Served};
use super::template::{Blank, BlankKind, LetterKind, Need, Shape};
use crate::request::reply::Ground;

/// What an empty place shows.
pub const GAP: &str = "＿＿＿＿";
/// 条例 as letters cite it.
pub const LAW: &str = "《政府信息公开条例》";
/// Places that no blank fills: how the applicant is addressed, and the law.
pub const DERIVED: [&str; 2] = ["you", "law"];
/// The longest line and text of a blank, in characters.
pub const LINE_CHARS_MAX: usize = 200;
pub const TEXT_CHARS_MAX: usize = 4_000;

/// What was typed into a letter's blanks, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, String>);

impl Facts {
    /// Trimmed; empty where nothing was typed.
    #[must_use]
    pub fn get(&self, code: &str) -> &str {
        self.0.get(code).map_or("", |text| text.trim())
    }

    #[must_use]
    pub fn with(mut self, code: &str, text: impl Into<String>) -> Self {
        self.0.insert(code.to_owned(), text.into());
        self
    }

    /// The samples of a template.
    #[must_use]
    pub fn sample(kind: LetterKind) -> Self {
        let blanks = kind.template().all_blanks();
        let one = |blank: &&Blank| (blank.code.to_owned(), blank.sample.to_owned());
        let facts = Self(blanks.iter().map(one).collect());
        match kind {
            LetterKind::CoMaker | LetterKind::Assist => facts.with("to", "安澜市住房和城乡建设局"),
            LetterKind::ReviewReferral => facts.with("to", "安澜市国家保密局"),
            _ => facts,
        }
    }

    /// Of what a form sent, the blanks of this kind; several values of one name (boxes that were ticked) are joined.
    #[must_use]
    pub fn of_form(kind: LetterKind, pairs: &[(String, String)]) -> Self {
        let mut facts = BTreeMap::new();
        for blank in kind.template().all_blanks() {
            let sent = pairs.iter().filter(|(name, _)| name == blank.code);
            let texts: Vec<&str> = sent.map(|(_, text)| text.trim()).collect();
            facts.insert(blank.code.to_owned(), texts.join(","));
        }
        Self(facts)
    }

    /// These facts as far as a paper of another kind has a place for them.
    #[must_use]
    pub fn carried_to(&self, kind: LetterKind) -> Self {
        let blanks = kind.template().all_blanks();
        let kept = self
            .0
            .iter()
            .filter(|(code, _)| blanks.iter().any(|blank| blank.code == code.as_str()));
        Self(
            kept.map(|(code, text)| (code.clone(), text.clone()))
                .collect(),
        )
    }
}

/// What a paper carries besides its facts.
#[derive(Debug, Clone, Copy)]
pub struct Head<'h> {
    pub organ: &'h str,
    pub profile: &'h Profile,
    /// 发文字号; empty before issue.
    pub number: &'h str,
    /// 成文日期
    pub dated: Option<Date>,
    pub served: Served,
    /// Where its reader goes on over the net; `None` where the code is not for who looks at it, or there is none.
    pub door: Option<&'h Door>,
}

/// The grounds that a blank of that kind holds; an unknown code is an error that names it.
///
/// # Errors
/// The sentence for people.
pub fn grounds(text: &str) -> Result<Vec<Ground>, String> {
    let codes = text
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty());
    let mut found: Vec<Ground> = codes
        .map(|code| {
            Ground::from_code(&code.to_uppercase())
                .ok_or_else(|| format!("没有“{code}”这种不予公开事由。"))
        })
        .collect::<Result<_, _>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// What a blank prints; `None` for an empty one.
///
/// # Errors
/// The sentence for people: what is wrong with what was typed.
pub fn value(blank: &Blank, typed: &str) -> Result<Option<String>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let most = |most: usize| {
        if typed.chars().count() > most {
            Err(format!("“{}”最多{most}字。", blank.label))
        } else {
            Ok(Some(typed.replace("\r\n", "\n")))
        }
    };
    match blank.kind {
        BlankKind::Line => most(LINE_CHARS_MAX),
        BlankKind::Text => most(TEXT_CHARS_MAX),
        BlankKind::Date => typed
            .parse()
            .map(|date| Some(printed(date)))
            .map_err(|_| format!("“{}”不是日期，例：2026-09-18。", blank.label)),
        BlankKind::Number(from, to) => match typed.parse::<i64>() {
            Ok(number) if (from..=to).contains(&number) => Ok(Some(number.to_string())),
            Ok(_) | Err(_) => Err(format!("“{}”须是{from}到{to}的整数。", blank.label)),
        },
        BlankKind::Choice(options) => options
            .iter()
            .find(|(code, _)| *code == typed)
            .map(|(_, words)| Some((*words).to_owned()))
            .ok_or_else(|| format!("请为“{}”选择一项。", blank.label)),
        BlankKind::Grounds => {
            let found = grounds(typed)?;
            let words: Vec<String> = found
                .iter()
                .map(|ground| format!("{}（{LAW}{}）", ground.words(), ground.clause()))
                .collect();
            Ok((!words.is_empty()).then(|| words.join("；")))
        }
    }
}

/// A day as letters write it: no leading zeros.
#[must_use]
pub fn printed(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The names of the places in a paragraph.
#[must_use]
pub fn places(line: &str) -> Vec<&str> {
    let pieces = line.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
        .collect()
}

/// The paper.
#[must_use]
pub fn letter(kind: LetterKind, facts: &Facts, head: &Head<'_>) -> Letterhead {
    let template = kind.template();
    let mut body: Vec<Line> = template
        .body
        .iter()
        .filter_map(|line| shown(kind, facts, line))
        .flat_map(|line| filled(kind, facts, line))
        .collect();
    let remedy = remedy::paragraph(template.remedy, head.profile, kind.paper(), head.served);
    if !remedy.is_empty() {
        body.push(Line::Text(remedy));
    }
    body.extend(
        head.door
            .and_then(|door| way_in(kind, facts, door))
            .map(Line::Text),
    );
    let is_letter = template.shape == Shape::Letter;
    Letterhead {
        mark: head.organ.to_owned(),
        number: if is_letter {
            head.number.to_owned()
        } else {
            String::new()
        },
        title: title(kind).to_owned(),
        to: to(kind, facts),
        body,
        fields: if is_letter {
            Vec::new()
        } else {
            fields(kind, facts)
        },
        annexes: annexes(kind, facts),
        signed: if is_letter {
            head.organ.to_owned()
        } else {
            String::new()
        },
        dated: match (is_letter, head.dated) {
            (false, _) => String::new(),
            (true, Some(date)) => printed(date),
            (true, None) => "　　年　月　日".to_owned(),
        },
        note: note(head.profile, is_letter),
        annex: annex(kind, facts, head),
        faces: head.profile.faces.clone(),
    }
}

/// The day that a sample bears, so that it fits the days of its facts.
#[must_use]
pub fn sample_day(kind: LetterKind) -> Option<Date> {
    let (month, day) = match kind {
        LetterKind::Receipt => (9, 18),
        LetterKind::Supplement
        | LetterKind::ExplainReasons
        | LetterKind::Fee
        | LetterKind::ThirdParty
        | LetterKind::CoMaker
        | LetterKind::Assist
        | LetterKind::ReviewReferral => (9, 22),
        LetterKind::Consulting => (9, 23),
        LetterKind::Closed => (10, 23),
        _ => (10, 15),
    };
    Date::new(2026, month, day).ok()
}

/// The title on paper: what a list adds in brackets stays in the list.
#[must_use]
pub fn title(kind: LetterKind) -> &'static str {
    let name = kind.name();
    match (kind, name.split_once('（')) {
        (LetterKind::Correction, _) | (_, None) => name,
        (_, Some((title, _))) => title,
    }
}

fn to(kind: LetterKind, facts: &Facts) -> String {
    let template = kind.template();
    let code = ["applicant", "to"]
        .into_iter()
        .find(|code| template.shape == Shape::Letter && template.blank(code).is_some());
    code.map_or_else(String::new, |code| {
        let name = facts.get(code);
        format!("{}：", if name.is_empty() { GAP } else { name })
    })
}

fn note(profile: &Profile, is_letter: bool) -> String {
    let parts = [("联系人", &profile.contact), ("联系电话", &profile.phone)];
    let given: Vec<String> = parts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}：{text}"))
        .collect();
    if is_letter && !given.is_empty() {
        format!("（{}）", given.join("，"))
    } else {
        String::new()
    }
}

fn annexes(kind: LetterKind, facts: &Facts) -> Vec<String> {
    match kind {
        LetterKind::ThirdParty => vec![LetterKind::ThirdPartyAnswer.name().to_owned()],
        LetterKind::Disclose if facts.get("supply") == "given" => {
            let list = facts.get("list").lines().map(str::trim);
            list.filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// What a letter says of the way over the net.
fn way_in(kind: LetterKind, facts: &Facts, door: &Door) -> Option<String> {
    let Door { address, code } = door;
    let number = facts.get("case_no");
    Some(match kind {
        LetterKind::ThirdParty | LetterKind::CoMaker => {
            format!("也可以在网上答复：打开{address}，填写申请编号{number}和查询码{code}。")
        }
        LetterKind::Receipt => format!("查询码：{code}。"),
        _ => return None,
    })
}

/// The form that a letter names as its annex, to be filled in by whoever gets it: number and names are known.
fn annex(kind: LetterKind, facts: &Facts, head: &Head<'_>) -> Option<Annex> {
    if kind != LetterKind::ThirdParty {
        return None;
    }
    let form = LetterKind::ThirdPartyAnswer;
    let known = Facts::default()
        .with("asked_by", head.organ)
        .with("asked_number", head.number)
        .with("third_party", facts.get("to"));
    Some(Annex {
        title: form.name().to_owned(),
        fields: fields(form, &known),
    })
}

/// What a blank of this kind prints, a gap for an empty or faulty one.
fn words(kind: LetterKind, facts: &Facts, code: &str) -> Option<String> {
    let blank = kind.template().blank(code)?;
    value(blank, facts.get(code)).ok().flatten()
}

/// The paragraph without its conditions, where they hold.
fn shown<'l>(kind: LetterKind, facts: &Facts, line: &'l str) -> Option<&'l str> {
    let Some(rest) = line.strip_prefix(['?', '!']) else {
        return Some(line);
    };
    let (condition, text) = rest.split_once(' ')?;
    let holds = match condition.split_once('=') {
        // A choice that has still to be made shows all its ways, so that a blank preview is whole. One that may stay open says
        // nothing while it does.
        Some((code, wanted)) => match facts.get(code) {
            "" => kind
                .template()
                .blank(code)
                .is_some_and(|blank| blank.need == Need::Must),
            chosen => chosen == wanted,
        },
        None => words(kind, facts, condition).is_some() != line.starts_with('!'),
    };
    // A second condition may follow the first.
    holds
        .then_some(text)
        .and_then(|text| shown(kind, facts, text))
}

fn filled(kind: LetterKind, facts: &Facts, line: &str) -> Vec<Line> {
    let (heading, line) = match line.strip_prefix("# ") {
        Some(text) => (true, text),
        None => (false, line),
    };
    // One pass: braces in what was typed stay what they are.
    let mut text = String::new();
    for (n, piece) in line.split('{').enumerate() {
        let Some((place, rest)) = piece.split_once('}').filter(|_| n > 0) else {
            text.push_str(piece);
            continue;
        };
        match place {
            "law" => text.push_str(LAW),
            "you" => text.push_str(addressed(facts)),
            code => {
                let word = words(kind, facts, code).unwrap_or_else(|| GAP.to_owned());
                // 因…。，本机关: the sentence goes on, whatever what was typed ends with.
                text.push_str(match rest.starts_with(['，', '、', '；']) {
                    true => word.trim_end_matches(['。', '，', '、', '；']),
                    false => &word,
                });
            }
        }
        text.push_str(rest);
    }
    // People end what they type with a full stop, and the sentence around it ends, too.
    let mut text = text.replace("。。", "。").replace("。；", "；");
    // What was typed at the end of a paragraph ends as a sentence; addresses on the web stay whole.
    let last = text.chars().next_back();
    let open = last.is_some_and(|last| !last.is_ascii() && last.is_alphanumeric());
    if !heading && line.ends_with('}') && open && !text.contains('\n') {
        text.push('。');
    }
    text.split('\n')
        .map(|part| {
            let part = part.to_owned();
            if heading {
                Line::Heading(part)
            } else {
                Line::Text(part)
            }
        })
        .collect()
}

fn addressed(facts: &Facts) -> &'static str {
    match facts.get("applicant_kind") {
        "person" => "您",
        "organisation" => "贵单位",
        _ => "您（贵单位）",
    }
}

fn fields(kind: LetterKind, facts: &Facts) -> Vec<(String, String)> {
    let blanks = kind.template().all_blanks();
    let shown = |blank: &&Blank| {
        let typed = facts.get(blank.code);
        let text = match blank.kind {
            BlankKind::Choice(options) => {
                let boxes = options.iter().map(|(code, words)| {
                    let mark = if *code == typed { '■' } else { '□' };
                    format!("{mark}{words}")
                });
                boxes.collect::<Vec<_>>().join("　")
            }
            BlankKind::Line
            | BlankKind::Text
            | BlankKind::Date
            | BlankKind::Number(..)
            | BlankKind::Grounds => value(blank, typed).ok().flatten().unwrap_or_default(),
        };
        (blank.label.to_owned(), text)
    };
    blanks.iter().map(shown).collect()
}
