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
}
