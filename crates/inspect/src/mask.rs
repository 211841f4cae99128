//! Covering what may stay in part. A masked text has as many characters as before.
//!
//! Law: 个人信息保护法 art. 51 (去标识化); 条例 art. 15. The amounts are local practice, so they are settings.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Kind};
use crate::person::surname_length;

/// The sign that covers.
const COVER: char = '*';

/// How much of each kind stays readable: characters at the head and at the tail, blanks and dashes not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Masking {
    /// 身份证号码 on public pages.
    pub id_card: (usize, usize),
    pub mobile: (usize, usize),
    pub bank_card: (usize, usize),
    pub name: NameMask,
}

/// What stays of a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMask {
    /// 张**, 欧阳**.
    #[default]
    Surname,
    /// The name stays, as on lists that the law wants with names.
    Keep,
    /// Nothing.
    All,
}

impl Default for Masking {
    fn default() -> Self {
        Self {
            id_card: (3, 2),
            mobile: (3, 4),
            bank_card: (0, 4),
            name: NameMask::Surname,
        }
    }
}

/// Characters of a number that may stay readable at most: of an 身份证号码 as many are covered as its date of birth has.
const ID_CARD_KEPT_MAX: usize = 10;
const MOBILE_KEPT_MAX: usize = 7;
const BANK_CARD_KEPT_MAX: usize = 10;

impl Masking {
    /// Settings that leave so much of a number that it can be told: the setting's name, and a sentence for people.
    #[must_use]
    pub fn why_not(&self) -> Vec<(&'static str, String)> {
        [
            ("id_card", "身份证号码", self.id_card, ID_CARD_KEPT_MAX),
            ("mobile", "手机号码", self.mobile, MOBILE_KEPT_MAX),
            ("bank_card", "银行卡号", self.bank_card, BANK_CARD_KEPT_MAX),
        ]
        .into_iter()
        .filter(|(_, _, (head, tail), most)| head.saturating_add(*tail) > *most)
        .map(|(name, title, _, most)| {
            let sentence =
                format!("{title}前后合计最多留{most}位，留得再多，就能认出或者推算出原号。");
            (name, sentence)
        })
        .collect()
    }

    /// What stays, for people: 身份证号码留前3位和末2位 …
    #[must_use]
    pub fn sentence(&self) -> String {
        let number = |title: &str, (head, tail): (usize, usize)| match (head, tail) {
            (0, 0) => format!("{title}全部遮盖"),
            (0, tail) => format!("{title}留末{tail}位"),
            (head, 0) => format!("{title}留前{head}位"),
            (head, tail) => format!("{title}留前{head}位和末{tail}位"),
        };
        [
            number("身份证号码", self.id_card),
            number("手机号码", self.mobile),
            number("银行卡号", self.bank_card),
            format!("姓名{}", self.name.title()),
        ]
        .join("，")
    }
}

impl NameMask {
    /// Every way, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Surname, Self::All, Self::Keep];

    /// As files and forms name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Surname => "surname",
            Self::Keep => "keep",
            Self::All => "all",
        }
    }

    /// What becomes of a name, for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Surname => "只留姓",
            Self::Keep => "不遮盖",
            Self::All => "全部遮盖",
        }
    }
}

/// The text with its personal data covered. Findings that cannot be masked (marks, slips) leave it as it is.
///
/// `findings` are those of [`inspect`](crate::inspect) on the same text; masking the result again changes nothing.
#[must_use]
pub fn mask(text: &str, findings: &[Finding], masking: &Masking) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for finding in findings {
        // What stays is told from the finding's own text, since findings that overlap cover each other's.
        let passage: Vec<char> = finding.text.chars().collect();
        if let Some(place) = chars.get_mut(finding.start..finding.end) {
            cover(place, &passage, finding.kind, masking);
        }
    }
    chars.into_iter().collect()
}

fn cover(place: &mut [char], passage: &[char], kind: Kind, masking: &Masking) {
    let counted = |c: &char| c.is_alphanumeric() || *c == COVER;
    let length = passage.iter().filter(|c| counted(c)).count();
    let (head, tail) = match kind {
        Kind::IdCard => masking.id_card,
        Kind::Mobile => {
            let (head, tail) = masking.mobile;
            // +86 stays too.
            (head + length.saturating_sub(11), tail)
        }
        Kind::BankCard => masking.bank_card,
        Kind::Name => match masking.name {
            NameMask::Keep => return,
            NameMask::Surname => {
                let name: String = passage.iter().filter(|c| counted(c)).collect();
                (surname_length(&name), 0)
            }
            NameMask::All => (0, 0),
        },
        Kind::Address => (address_head(passage), 0),
        Kind::HomePhone | Kind::Passport | Kind::TravelPermit => (1, 2),
        Kind::Plate => (2, 1),
        Kind::Email => return cover_mail(place, passage),
        Kind::BirthDate => (4, 0),
        Kind::Secrecy
        | Kind::Citation
        | Kind::Wording
        | Kind::OrganName
        | Kind::Reference
        | Kind::Missing
        | Kind::Map
        | Kind::Reprint
        | Kind::Hidden
        | Kind::Unread => return,
    };
    // What is too short for its rule is covered whole.
    let (head, tail) = if head + tail < length {
        (head, tail)
    } else {
        (0, 0)
    };
    let mut seen = 0;
    for (place, c) in place.iter_mut().zip(passage) {
        if !counted(c) {
            continue;
        }
        if seen >= head && seen + tail < length {
            *place = COVER;
        }
        seen += 1;
    }
}

/// An address stays down to its street office, township or district. What follows a number is no longer its area: a
/// second address may stand there.
fn address_head(passage: &[char]) -> usize {
    let area = passage
        .iter()
        .position(|c| c.is_numeric())
        .unwrap_or(passage.len());
    let passage = passage.get(..area).unwrap_or_default();
    let upto = |signs: &[char]| {
        passage
            .iter()
            .rposition(|c| signs.contains(c))
            .map(|at| at + 1)
    };
    let counted = |end: usize| {
        passage
            .get(..end)
            .unwrap_or_default()
            .iter()
            .filter(|c| c.is_alphanumeric())
            .count()
    };
    let street_office = passage
        .windows(2)
        .rposition(|pair| pair == ['街', '道'])
        .map(|at| at + 2);
    upto(&['镇', '乡'])
        .or(street_office)
        .or_else(|| upto(&['区', '县']))
        .or_else(|| upto(&['市', '省']))
        .map_or(0, counted)
}

fn cover_mail(place: &mut [char], passage: &[char]) {
    for (place, c) in place.iter_mut().zip(passage).skip(1) {
        if *c == '@' || *c == '＠' {
            break;
        }
        *place = COVER;
    }
}
