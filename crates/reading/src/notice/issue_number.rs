//! 发文字号: 安府办发〔2022〕103号, with whatever brackets the capture left.

use super::super::number::digits;
use super::super::text::{Mark, Run, from, is_han, part, starts, trim};

/// Longest issuing code, in characters.
const CODE_MAX: usize = 14;

/// The number at the start of a line: where it ends, and its text.
pub(crate) fn issue_number(line: &[Mark]) -> Option<(usize, Run)> {
    let lead = line.iter().take_while(|m| m.is_blank()).count();
    let body = from(line, lead);
    let code = body
        .iter()
        .take_while(|m| is_han(m.ch) || m.is_blank())
        .count();
    if !(2..=CODE_MAX).contains(&code) {
        return None;
    }
    let mut len = code;
    let open = body.get(len)?.fold;
    if !matches!(open, '[' | '(' | '{' | '<' | '〈') {
        return None;
    }
    len += 1;
    let (year, figures) = digits(from(body, len))?;
    if figures != 4 || !(1980..=2099).contains(&year) {
        return None;
    }
    len += figures;
    if !matches!(body.get(len)?.fold, ']' | ')' | '}' | '>' | '〉') {
        return None;
    }
    len += 1;
    len += from(body, len)
        .iter()
        .take_while(|m| m.is_blank() || m.fold == '第')
        .count();
    let (_, figures) = digits(from(body, len))?;
    len += figures;
    let figured = len;
    len += from(body, len).iter().take_while(|m| m.is_blank()).count();
    match starts(from(body, len), "号") {
        Some(sign) => len += sign,
        // 安府办〔2022〕3: the sign was lost at the line's end
        None if len >= body.len() && open == '[' => len = figured,
        None => return None,
    }
    Some((lead + len, trim(part(body, 0, len)).to_vec()))
}

/// Blanks that part a number from the name before it.
const GAP_MIN: usize = 2;

/// 签发人：张三  安财发〔2022〕17号: a number behind who signed the paper, on one line.
pub(super) fn behind_signer(line: &[Mark]) -> Option<Run> {
    let line = trim(line);
    starts(line, "签发人")?;
    let gap = |at: usize| {
        part(line, 0, at)
            .iter()
            .rev()
            .take_while(|m| m.is_blank())
            .count()
    };
    let whole = |at: &usize| {
        let (end, _) = issue_number(from(line, *at))?;
        (at + end == line.len()).then_some(*at)
    };
    let begins = |least: usize| {
        let places = (1..line.len()).rev();
        let mut places =
            places.filter(|at| gap(*at) >= least && line.get(*at).is_some_and(|m| !m.is_blank()));
        places.find_map(|at| whole(&at))
    };
    // the letters of a code may stand apart as well, all of them
    let apart = |at: &usize| {
        let code = from(line, *at)
            .iter()
            .take_while(|m| is_han(m.ch) || m.is_blank());
        let code: Run = code.copied().collect();
        let mut pieces = code.split(|m| m.is_blank()).filter(|p| !p.is_empty());
        !trim(&code).iter().any(|m| m.is_blank()) || pieces.all(|p| p.len() == 1)
    };
    let at = begins(GAP_MIN).filter(apart).or_else(|| begins(1))?;
    issue_number(from(line, at)).map(|(_, run)| run)
}

#[cfg(test)]
mod tests {
    use super::super::super::text::{run, tidy};
    use super::*;

    #[test]
    fn numbers_of_papers() {
        let read = |text: &str| issue_number(&run(text)).map(|(_, r)| tidy(&r));
        assert_eq!(
            read("安府办发函〔2022〕103号").as_deref(),
            Some("安府办发函〔2022〕103号")
        );
        assert_eq!(
            read("安政办秘[2020]84號").as_deref(),
            Some("安政办秘[2020]84號")
        );
        assert_eq!(
            read("安政办发〔2016〕26号《关于印发要点的通知》").as_deref(),
            Some("安政办发〔2016〕26号")
        );
        assert_eq!(read("安政发〔2019〕1 ").as_deref(), Some("安政发〔2019〕1"));
        assert_eq!(read("根据安政发〔2019〕1精神"), None);
        assert_eq!(read("中府办函2022127号"), None);
        assert_eq!(read("关于印发要点的通知"), None);
    }

    #[test]
    fn a_number_behind_who_signed() {
        let read = |text: &str| behind_signer(&run(text)).map(|r| tidy(&r));
        for (text, want) in [
            (
                "签发人：张三    安财发〔2022〕17号",
                Some("安财发〔2022〕17号"),
            ),
            (
                "签发人：张  三 安财发〔2022〕17号",
                Some("安财发〔2022〕17号"),
            ),
            (
                "签发人：张三　　安 财 发〔2022〕17号",
                Some("安财发〔2022〕17号"),
            ),
            ("签发人：张三", None),
            ("张三  安财发〔2022〕17号", None),
        ] {
            assert_eq!(read(text).as_deref(), want, "{text}");
        }
    }
}
