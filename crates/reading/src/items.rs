//! Splits a cell that holds several numbered items.

use super::number::{Level, Number, number};
use super::text::{Mark, from, is_empty, part, trim};

/// The items of a cell: number and text without it. One part without number where the cell holds none.
pub(crate) fn split_items(run: &[Mark]) -> Vec<(Option<Number>, &[Mark])> {
    let cuts = cuts(run);
    let Some(&(first, _)) = cuts.first() else {
        return vec![(None, trim(run))];
    };
    if !is_empty(part(run, 0, first)) {
        return vec![(None, trim(run))];
    }
    let ends = cuts.iter().skip(1).map(|(i, _)| *i).chain([run.len()]);
    cuts.iter()
        .zip(ends)
        .map(|((i, n), end)| (Some(*n), trim(part(run, i + n.len, end))))
        .collect()
}

/// Places in a line where further items begin behind a sentence or a bracket: 3.…。（甲局）4.…
pub(crate) fn further(run: &[Mark]) -> Vec<usize> {
    let mut last = match number(run).filter(|n| n.level == Level::Item) {
        Some(n) => n.value,
        None => return Vec::new(),
    };
    let mut out = Vec::new();
    for i in 1..run.len() {
        if run.get(i).is_none_or(|m| !m.fold.is_ascii_digit()) {
            continue;
        }
        let before = part(run, 0, i).iter().rev().find(|m| !m.is_blank());
        if !before.is_some_and(|m| matches!(m.fold, '。' | ')')) {
            continue;
        }
        if let Some(n) = number(from(run, i))
            && n.level == Level::Item
            && n.value == last + 1
        {
            last = n.value;
            out.push(i);
        }
    }
    out
}

/// Places where items begin. After the first, an item must follow on the one before, or stand at a line's start with
/// a higher number; so years and figures in running text do not part it.
fn cuts(run: &[Mark]) -> Vec<(usize, Number)> {
    let mut out: Vec<(usize, Number)> = Vec::new();
    for i in 0..run.len() {
        let before = i.checked_sub(1).and_then(|j| run.get(j));
        let line_start = before.is_none_or(|m| m.fold == '\n') || is_empty(part(run, 0, i));
        let word_start = before.is_none_or(|m| m.is_blank() || matches!(m.fold, '。' | ';'));
        if !word_start || run.get(i).is_none_or(|m| !m.fold.is_ascii_digit()) {
            continue;
        }
        let Some(n) = number(from(run, i)).filter(|n| n.level == Level::Item) else {
            continue;
        };
        let follows = match out.last() {
            None => line_start,
            Some((_, last)) => {
                n.value == last.value + 1
                    || (line_start && n.value > last.value && n.value <= last.value + 3)
            }
        };
        if follows {
            out.push((i, n));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;

    fn check(text: &str, want: &[(Option<u32>, &str)]) {
        let run = run(text);
        let got: Vec<_> = split_items(&run)
            .into_iter()
            .map(|(n, t)| (n.map(|n| n.value), printed(t)))
            .collect();
        let want: Vec<_> = want.iter().map(|(n, t)| (*n, (*t).to_owned())).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn several_items_in_a_cell() {
        check(
            "3. 公开清单。 4. 公开举措。 5. 强化执法公开。",
            &[
                (Some(3), "公开清单。"),
                (Some(4), "公开举措。"),
                (Some(5), "强化执法公开。"),
            ],
        );
        check(
            "\n8. 加大力度。\n \n9. 推动落实。\n",
            &[(Some(8), "加大力度。"), (Some(9), "推动落实。")],
        );
        check(
            "1.完成90%以上。2.及时公布。",
            &[(Some(1), "完成90%以上。"), (Some(2), "及时公布。")],
        );
        check(
            "30. 2021 年底前支持协议第 6 版。",
            &[(Some(30), "2021 年底前支持协议第 6 版。")],
        );
    }

    #[test]
    fn text_without_numbers_is_one_item() {
        check("加强公开。 12. 月份", &[(None, "加强公开。 12. 月份")]);
        check("公开清单，2022. 5起", &[(None, "公开清单，2022. 5起")]);
    }
}
