//! The first line of a head that reads like a title of anything.

use super::super::organ_name::is_organ;
use super::super::stops::is_frame;
use super::super::text::{plain, tidy, weight};
use super::{Line, is_date_line, is_other_paper, issue_number, title};

/// Most lines over which a headline goes.
pub(super) const HEADLINE_LINES: usize = 4;

/// The first line that reads like a title; with the lines below it where only the whole names another kind of paper
/// (关于同意建立… / 联席会议制度的批复).
pub(super) fn headline(all: &[Line]) -> Option<String> {
    let first = first_headline(all)?;
    let line = |i: usize| all.get(i).map(|l| tidy(l.run));
    let mut text = line(first)?;
    if !is_other_paper(&text) && text.contains("关于") && !text.ends_with("通知") {
        let mut whole = text.clone();
        for next in (first + 1..first + HEADLINE_LINES).map_while(|i| all.get(i)) {
            if !title::plain_line(next) {
                break;
            }
            whole.push_str(&tidy(next.run));
            if is_other_paper(&whole) {
                text = whole;
                break;
            }
        }
    }
    Some(text)
}

fn first_headline(all: &[Line]) -> Option<usize> {
    all.iter().take(30).enumerate().position(|(i, l)| {
        let weight = weight(l.run);
        (6..=70).contains(&weight)
            && !is_menu(all, i)
            && !l.text.contains(['。', '>', '|'])
            && (!l.text.contains(':') || l.text.contains("解读:《") || l.text.ends_with("解读"))
            && !is_frame(l.run)
            && !l.text.contains("星期")
            && !(l.text.starts_with('(') && l.text.ends_with(')'))
            && issue_number(l.run).is_none()
            && !is_date_line(l.run)
            && !is_organ(&l.text)
    })
}

/// Heaviest entry of a menu.
const ENTRY_MAX: usize = 12;
/// Fewest entries of a menu that stand in one line, parted by blanks.
const ENTRIES_MIN: usize = 4;

/// 领导之窗 / 政策解读 / 在线访谈, one under the other or in one line: the channels of a site, and no title of this page.
fn is_menu(all: &[Line], i: usize) -> bool {
    let sign = |c: char| c.is_ascii_digit() || matches!(c, ':' | '。' | ',' | '、' | '(');
    let entry =
        |text: &str| (2..=ENTRY_MAX).contains(&text.chars().count()) && !text.contains(sign);
    let short = |i: usize| {
        let line = all.get(i);
        line.is_some_and(|l| {
            entry(&l.text) && !is_date_line(l.run) && issue_number(l.run).is_none()
        })
    };
    let above = i.checked_sub(1).is_some_and(short);
    let around = [
        above,
        short(i + 1),
        short(i + 2) && short(i + 1),
        i > 1 && above && short(i - 2),
    ];
    let stacked = short(i) && around.iter().filter(|near| **near).count() > 1;
    let run = all.get(i).map(|l| l.run).unwrap_or_default();
    let words = run.split(|m| m.is_blank()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(plain).collect();
    stacked || words.len() >= ENTRIES_MIN && words.iter().all(|word| entry(word))
}
