//! What stands where a unit's column meets a measure's row, and what it means.

use super::super::organs::Role;
use super::super::text::{Mark, part, plain, trim};

const TICKS: &str = "√✓✔☑●○◎▲△★☆■□◆◇*VvYy是";
/// Signs between a tick and its meaning in a legend: “▲”为牵头单位, ▲代表牵头, ▲：牵头.
const LEGEND_GAP_MAX: usize = 6;

/// What stands for a unit in a row: a sign, or the word of its role.
pub(super) enum Tick {
    Sign(char),
    Role(Option<Role>),
}

pub(super) fn tick(run: &[Mark]) -> Option<Tick> {
    let text = plain(run);
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if TICKS.contains(c) || TICKS.contains(trim(run).first()?.ch) => {
            Some(Tick::Sign(trim(run).first()?.ch))
        }
        _ => role_word(&text, true).map(Tick::Role),
    }
}

/// The role that a word names, at the start of the text or as the whole of it.
fn role_word(text: &str, whole: bool) -> Option<Option<Role>> {
    const WORDS: &[(&str, Option<Role>)] = &[
        ("牵头", Some(Role::Lead)),
        ("主办", Some(Role::Lead)),
        ("主责", Some(Role::Lead)),
        ("配合", Some(Role::Cooperate)),
        ("协办", Some(Role::Cooperate)),
        ("协助", Some(Role::Cooperate)),
        ("参与", Some(Role::Cooperate)),
        ("参加", Some(Role::Cooperate)),
        ("责任", None),
        ("负责", None),
        ("承办", None),
        ("落实", None),
    ];
    let rest = |word: &str| text.strip_prefix(word);
    let ends = |rest: &str| !whole || rest.is_empty() || rest == "单位" || rest == "部门";
    let found = WORDS.iter().find(|(word, _)| rest(word).is_some_and(ends));
    found.map(|(_, role)| *role)
}

/// What the paper says that a sign means.
pub(super) fn meaning(sign: char, legend: &[Mark]) -> Option<Option<Role>> {
    let places = legend.iter().enumerate().filter(|(_, m)| m.ch == sign);
    let said = places.filter_map(|(i, _)| {
        let behind = plain(part(legend, i + 1, i + 1 + LEGEND_GAP_MAX + 2));
        let words = behind.trim_start_matches([
            '”', '"', '』', '」', ')', ':', '-', '=', '—', '为', '表', '示', '代', '指', '是', '的',
        ]);
        role_word(words, false)
    });
    said.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::super::super::text::run;
    use super::*;

    #[test]
    fn ticks_are_signs_and_words_of_roles() {
        for text in ["√", " ▲ ", "●", "牵头", "配合单位", "责 任"] {
            assert!(tick(&run(text)).is_some(), "{text}");
        }
        for text in ["", "6月底前", "市财政局", "牵头实施", "√√"] {
            assert!(tick(&run(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn a_legend_says_what_a_sign_means() {
        let (lead, with) = (Some(Some(Role::Lead)), Some(Some(Role::Cooperate)));
        for (legend, sign, want) in [
            ("注：▲牵头单位，●配合单位", '▲', lead),
            ("注：▲牵头单位，●配合单位", '●', with),
            ("（“★”为牵头，“☆”表示配合）", '☆', with),
            ("“√”代表责任单位", '√', Some(None)),
            ("带√的公开", '√', None),
            ("", '√', None),
        ] {
            assert_eq!(meaning(sign, &run(legend)), want, "{legend} {sign}");
        }
    }
}
