//! Codes of organs and firms that prove themselves by a check character.

/// 统一社会信用代码 (GB 32100-2015): 18 characters, check character modulo 31.
#[must_use]
pub fn is_credit_code(code: &str) -> bool {
    const SYMBOLS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
    ];
    let values: Option<Vec<usize>> = code
        .chars()
        .map(|c| SYMBOLS.chars().position(|symbol| symbol == c))
        .collect();
    let Some(values) = values else {
        return false;
    };
    let sum: usize = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    values.len() == 18 && values.last() == Some(&((31 - sum % 31) % 31))
}

/// 组织机构代码 (GB 11714-1997): eight characters and a check character modulo 11, with or without a hyphen before it.
#[must_use]
pub fn is_organisation_code(code: &str) -> bool {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let chars: Vec<char> = code.chars().collect();
    let (body, check) = match chars.as_slice() {
        [body @ .., '-', check] | [body @ .., check] if body.len() == 8 => (body, *check),
        _ => return false,
    };
    let value = |c: &char| match c {
        '0'..='9' | 'A'..='Z' => c.to_digit(36),
        _ => None,
    };
    let Some(values) = body.iter().map(value).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let sum: u32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let wanted = match 11 - sum % 11 {
        11 => Some('0'),
        10 => Some('X'),
        rest => char::from_digit(rest, 10),
    };
    wanted == Some(check)
}

/// 组织机构代码 inside a credit code: its ninth to seventeenth character.
#[must_use]
pub fn organisation_code_of(credit_code: &str) -> Option<&str> {
    is_credit_code(credit_code)
        .then(|| credit_code.get(8..17))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{is_credit_code, is_organisation_code, organisation_code_of};

    #[test]
    fn a_credit_code_holds_an_organisation_code() {
        let code = "11441700007280420Y";
        assert!(is_credit_code(code));
        assert_eq!(organisation_code_of(code), Some("007280420"));
        assert!(is_organisation_code("007280420"));
        assert_eq!(organisation_code_of("11441700007280420X"), None);
    }
}
