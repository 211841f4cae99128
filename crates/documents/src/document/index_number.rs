//! 索引号: made by the rule of the place. Without one, `{信用代码}/{年}-{流水号5}` (the scheme of Guangdong and others). The
//! serial begins anew each year for each organ. A number that was given never changes.

pub mod handle;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::credit_code::{is_credit_code, is_organisation_code, organisation_code_of};
use gongkai_basis::id::OrganId;
use gongkai_platform::organ::Organ;
use gongkai_platform::organ::profile::Words;

/// Characters of a rule as written.
pub const SCHEME_CHARS_MAX: usize = 80;
/// What holds where the place has set no rule.
pub const USUAL: &str = "{信用代码}/{年}-{流水号5}";
/// Rules that places use, to begin from: what it is called, and the rule.
pub const KNOWN: [(&str, &str); 5] = [
    ("广东等地：信用代码/年-5位流水号", USUAL),
    ("信用代码/年-7位流水号", "{信用代码}/{年}-{流水号7}"),
    ("信用代码/年月-5位流水号", "{信用代码}/{年月}-{流水号5}"),
    ("组织机构代码/年-5位流水号", "{组织机构代码}/{年}-{流水号5}"),
    (
        "地区编号-机关代码-日期-流水号",
        "440000-{机关代码}-{年月日}-{流水号5}",
    ),
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    CreditCode,
    OrganisationCode,
    HouseCode,
    Year,
    Month,
    Day,
    /// With so many digits at least.
    Serial(usize),
}

impl Part {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "信用代码" => Self::CreditCode,
            "组织机构代码" => Self::OrganisationCode,
            "机关代码" => Self::HouseCode,
            "年" => Self::Year,
            "年月" => Self::Month,
            "年月日" => Self::Day,
            "流水号4" => Self::Serial(4),
            "流水号5" => Self::Serial(5),
            "流水号6" => Self::Serial(6),
            "流水号7" => Self::Serial(7),
            _ => return None,
        })
    }

    const fn is_code(&self) -> bool {
        matches!(
            self,
            Self::CreditCode | Self::OrganisationCode | Self::HouseCode
        )
    }

    const fn is_time(&self) -> bool {
        matches!(self, Self::Year | Self::Month | Self::Day)
    }

    const fn is_serial(&self) -> bool {
        matches!(self, Self::Serial(_))
    }
}

/// A rule that gives each document of a place a number of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme(Vec<Part>);

impl Scheme {
    /// Reads a rule: text, with words in braces for what changes.
    ///
    /// # Errors
    /// All the reasons why numbers made by it would be no numbers, or not their own.
    pub fn read(written: &str) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        if written.chars().count() > SCHEME_CHARS_MAX {
            faults.push(format!("规则最多{SCHEME_CHARS_MAX}字。"));
        }
        let mut parts = Vec::new();
        let mut rest = written;
        while !rest.is_empty() {
            let (text, after) = rest.split_once('{').unwrap_or((rest, ""));
            if text.chars().any(|c| c.is_whitespace() || c == '}') {
                faults.push("花括号要成对，规则里不能有空格。".to_owned());
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            if text.len() == rest.len() {
                break;
            }
            let Some((word, after)) = after.split_once('}') else {
                faults.push("花括号要成对，规则里不能有空格。".to_owned());
                break;
            };
            match Part::of(word) {
                Some(part) => parts.push(part),
                None => faults.push(format!("不认识“{{{word}}}”。")),
            }
            rest = after;
        }
        let count = |is: fn(&Part) -> bool| parts.iter().filter(|part| is(part)).count();
        if count(Part::is_code) == 0 {
            faults.push(
                "要有{信用代码}、{组织机构代码}或{机关代码}，否则不同机关的索引号会重复。"
                    .to_owned(),
            );
        }
        if count(Part::is_time) == 0 {
            faults.push("要有{年}、{年月}或{年月日}：流水号每年重新开始。".to_owned());
        }
        if count(Part::is_serial) != 1 {
            faults.push("要有且只有一个流水号，例：{流水号5}。".to_owned());
        }
        faults.dedup();
        if faults.is_empty() {
            Ok(Self(parts))
        } else {
            Err(faults)
        }
    }

    /// The number of a document.
    #[must_use]
    pub fn number(&self, codes: &Codes, day: Date, serial: i64) -> String {
        let one = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::CreditCode => codes.credit.clone().unwrap_or_else(|| codes.own.clone()),
            Part::OrganisationCode => codes
                .organisation
                .clone()
                .unwrap_or_else(|| codes.own.clone()),
            Part::HouseCode => codes.house.clone().unwrap_or_else(|| codes.own.clone()),
            Part::Year => format!("{:04}", day.year()),
            Part::Month => day.strftime("%Y%m").to_string(),
            Part::Day => day.strftime("%Y%m%d").to_string(),
            Part::Serial(digits) => {
                let digits = *digits;
                format!("{serial:0digits$}")
            }
        };
        self.0.iter().map(one).collect()
    }

    /// Does the organ have every code that the rule asks for?
    #[must_use]
    pub fn is_served(&self, codes: &Codes) -> bool {
        self.0.iter().all(|part| match part {
            Part::CreditCode => codes.credit.is_some(),
            Part::OrganisationCode => codes.organisation.is_some(),
            Part::HouseCode => codes.house.is_some(),
            _ => true,
        })
    }
}

impl Default for Scheme {
    fn default() -> Self {
        Self(vec![
            Part::CreditCode,
            Part::Text("/".to_owned()),
            Part::Year,
            Part::Text("-".to_owned()),
            Part::Serial(5),
        ])
    }
}

/// The codes of one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    credit: Option<String>,
    organisation: Option<String>,
    house: Option<String>,
    /// Made of the organ's id, for as long as it has no other: letters say that it is no credit code.
    own: String,
}

impl Codes {
    /// What is registered comes first, then codes that stand among the organ's names.
    #[must_use]
    pub fn of(organ: &Organ, words: &Words) -> Self {
        let named = |is: fn(&str) -> bool| {
            let texts = organ.aliases.iter().map(|alias| alias.text.as_str());
            texts.into_iter().find(|text| is(text)).map(str::to_owned)
        };
        let written = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let credit = written(&words.credit_code).or_else(|| named(is_credit_code));
        let inside = credit.as_deref().and_then(organisation_code_of);
        let organisation = inside
            .map(str::to_owned)
            .or_else(|| named(is_organisation_code));
        Self {
            // Before an organ had a credit code, its numbers began with its organisation code.
            credit: credit.or_else(|| organisation.clone()),
            organisation,
            house: written(&words.house_code),
            own: own_code(organ.id),
        }
    }
}

fn own_code(organ: OrganId) -> String {
    let id = organ.to_string().replace('-', "").to_uppercase();
    id.chars().rev().take(9).collect()
}
