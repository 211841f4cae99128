//! 行码: which assignment a row is, and which version of its report the sheet was made from.
//!
//! `R` + eight characters of the assignment's id, the version's number (0: never reported), two check characters, as in
//! `R7K3M9QPA-3-X4`. The check finds every single wrong character and every swap of neighbours.

use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::AssignmentId;

/// Without I, L, O and U, which are taken for others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MARK_CHARS: u32 = 8;
/// A prime just below what two characters hold.
const CHECK_PRIME: u32 = 1_021;

/// What a row's code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowCode {
    mark: String,
    pub(super) version: i64,
}

/// The text is no code, or one with a slip of the pen in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoCode;

fn letter(value: u128) -> char {
    let at = usize::try_from(value % 32).unwrap_or(0);
    ALPHABET.get(at).map_or('0', |byte| char::from(*byte))
}

impl RowCode {
    pub(super) fn of(assignment: AssignmentId, version: i64) -> Self {
        // The last forty bits of an id are random.
        let bits = assignment.uuid().as_u128();
        let mark = (0..MARK_CHARS)
            .rev()
            .map(|nth| letter(bits >> (nth * 5)))
            .collect();
        Self { mark, version }
    }

    /// What names the assignment, whatever the version.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    fn check(&self) -> String {
        let body = format!("{}-{}", self.mark, self.version);
        let sum = body
            .bytes()
            .fold(0, |sum, byte| (sum * 131 + u32::from(byte)) % CHECK_PRIME);
        [letter(u128::from(sum / 32)), letter(u128::from(sum))]
            .iter()
            .collect()
    }
}

impl fmt::Display for RowCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}-{}-{}", self.mark, self.version, self.check())
    }
}

impl FromStr for RowCode {
    type Err = NoCode;

    /// Small letters, full-width ones, blanks and long dashes are what programs and people make of a code.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\'')
            .map(|c| match c {
                '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                '–' | '—' | '−' | '‐' | '‑' => '-',
                c => c,
            })
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        let mut parts = plain.strip_prefix('R').ok_or(NoCode)?.split('-');
        let (Some(mark), Some(version), Some(check), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoCode);
        };
        let version = version.parse().map_err(|_| NoCode)?;
        let code = Self {
            mark: mark.to_owned(),
            version,
        };
        if code.check() == check {
            Ok(code)
        } else {
            Err(NoCode)
        }
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::AssignmentId;
    use proptest::prelude::*;

    use super::{ALPHABET, NoCode, RowCode};

    proptest! {
        #[test]
        fn codes_go_round_and_slips_are_found(bits: u128, version in 0_i64..500, at in 1_usize..9, other in 0_usize..32) {
            let code = RowCode::of(AssignmentId::new(uuid::Uuid::from_u128(bits)), version);
            let text = code.to_string();
            prop_assert_eq!(text.parse::<RowCode>(), Ok(code.clone()));
            let slack = format!(" {} ", text.to_lowercase().replace('-', " — "));
            prop_assert_eq!(slack.parse::<RowCode>(), Ok(code));
            let mut wrong: Vec<char> = text.chars().collect();
            wrong[at] = char::from(ALPHABET[other]);
            let wrong: String = wrong.into_iter().collect();
            if wrong != text {
                prop_assert_eq!(wrong.parse::<RowCode>(), Err(NoCode));
            }
            let mut swapped: Vec<char> = text.chars().collect();
            swapped.swap(at.min(7), at.min(7) + 1);
            let swapped: String = swapped.into_iter().collect();
            if swapped != text {
                prop_assert_eq!(swapped.parse::<RowCode>(), Err(NoCode));
            }
        }
    }
}
