//! What stands before a title and is no part of it: 附件2, 附表1, 表1, （附件1）, 附：.

use super::super::super::number::digits;
use super::super::super::text::{Mark, from, starts_any, trim};

/// Length of the mark of an annex at the start of a title; 0 where there is none.
pub(super) fn annex_mark(run: &[Mark]) -> usize {
    mark(run).filter(|len| *len < run.len()).unwrap_or(0)
}

fn mark(run: &[Mark]) -> Option<usize> {
    let bracket = run.first().is_some_and(|m| matches!(m.fold, '(' | '['));
    let mut at = usize::from(bracket);
    let sure = starts_any(from(run, at), &["附件", "附表", "附录", "附图"]);
    let word = sure.or_else(|| starts_any(from(run, at), &["附", "表"]))?;
    at += word + blanks(from(run, at + word));
    let counted = count(from(run, at));
    at += counted;
    let mut signs = signs(from(run, at));
    if bracket {
        let closed = matches!(run.get(at).map(|m| m.fold), Some(')' | ']'));
        return (closed && sure.is_some()).then(|| at + 1 + self::signs(from(run, at + 1)));
    }
    let begins = trim(from(run, at)).first().map(|m| m.fold);
    // 附属医院, 表彰先进, 附加任务
    let other = begins.is_none_or(|c| "属近加则带设着送录彰扬决达演格".contains(c));
    let tells = match sure {
        Some(_) => true,
        None => counted > 0 || signs > 0 || run.first().is_some_and(|m| m.fold == '附') && !other,
    };
    // 附表1-2
    if signs == 0 && counted > 0 && from(run, at).first().is_some_and(|m| m.fold == '-') {
        signs = 1 + count(from(run, at + 1));
    }
    tells.then_some(at + signs)
}

/// 2, 一, 十二; of 12023年 the first figure, for four figures before 年 are a year.
fn count(run: &[Mark]) -> usize {
    let numerals = run
        .iter()
        .take_while(|m| "一二三四五六七八九十".contains(m.fold))
        .count();
    let Some((_, figures)) = digits(run) else {
        return if numerals <= 2 { numerals } else { 0 };
    };
    let year = run.get(figures).is_some_and(|m| m.fold == '年');
    match figures {
        _ if year => figures.saturating_sub(4),
        1 | 2 => figures,
        _ => 0,
    }
}

fn blanks(run: &[Mark]) -> usize {
    run.iter().take_while(|m| m.is_blank()).count()
}

fn signs(run: &[Mark]) -> usize {
    run.iter()
        .take_while(|m| m.is_blank() || matches!(m.fold, ':' | '.' | '、'))
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::super::super::text::{plain, run};
    use super::*;

    #[test]
    fn marks_of_annexes_are_no_part_of_a_title() {
        for (text, want) in [
            ("附2场景建设任务表", "场景建设任务表"),
            ("附 2　场景建设任务表", "场景建设任务表"),
            ("表1云岭镇任务表", "云岭镇任务表"),
            ("（附件1）云岭镇任务表", "云岭镇任务表"),
            ("附件二：云岭镇任务表", "云岭镇任务表"),
            ("附：配套清单", "配套清单"),
            ("附配套清单", "配套清单"),
            ("附件2023年任务表", "2023年任务表"),
            ("附件12023年任务表", "2023年任务表"),
            ("附表1-2任务表", "任务表"),
            ("附属医院任务表", "附属医院任务表"),
            ("表彰工作方案", "表彰工作方案"),
            ("附加任务清单", "附加任务清单"),
            ("附件", "附件"),
            ("云岭镇任务表", "云岭镇任务表"),
        ] {
            let text = run(text);
            assert_eq!(plain(from(&text, annex_mark(&text))), want);
        }
    }
}
