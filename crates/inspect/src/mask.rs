//! Covering what may stay in part. A masked text has as many characters as before.
//!
//! Law: 个人信息保护法 art. 51 (去标识化); 条例 art. 15. The amounts are local practice, so they are settings.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Kind};

/// The sign that covers.
const COVER: char = '*';

/// How much of each kind stays readable: characters at the head and at the tail, blanks and dashes not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// 张**.
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
            NameMask::Surname => (1, 0),
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
    upto(&['镇', '乡'])
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
