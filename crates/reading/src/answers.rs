//! Answers about words that many rules ask the same of: kept while one document is read, and told by the words alone.

use std::cell::RefCell;
use std::collections::HashMap;

use super::organs::{Organs, Role};
use super::prose::{Brackets, Tail};
use super::text::{Mark, Run};

thread_local! {
    /// `None` where no document is being read: then each question is answered anew.
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Kept {
    /// Whether a name is that of an organ.
    organs: HashMap<String, bool>,
    /// Whether two names run together in one.
    glued: HashMap<String, bool>,
    /// How much of a text is organs.
    shares: Answers<f32>,
    /// Whether a text is a deadline.
    deadlines: Answers<bool>,
    /// What stands at a paragraph's end.
    tails: Answers<Tail>,
    /// The organs of a text.
    parsed: Answers<Organs>,
}

/// While it lives, answers are kept.
pub(crate) struct Reading(());

impl Reading {
    pub(crate) fn begin() -> Self {
        KEPT.set(Some(Kept::default()));
        Self(())
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        KEPT.set(None);
    }
}

/// Most characters of texts with answers of one kind; beyond it they are forgotten, and found anew.
const CHARS_MAX: usize = 500_000;
/// Most names with answers of one kind; beyond it they are forgotten, too.
const NAMES_MAX: usize = 50_000;
/// Longest name that is kept, in bytes.
const NAME_MAX: usize = 120;

/// Whether a name is that of an organ.
pub(crate) fn organ(name: &str, find: impl FnOnce() -> bool) -> bool {
    of_name(name, |kept| &mut kept.organs, find)
}

/// Whether two names run together in one.
pub(crate) fn glued(name: &str, find: impl FnOnce() -> bool) -> bool {
    of_name(name, |kept| &mut kept.glued, find)
}

fn of_name(
    name: &str,
    of: fn(&mut Kept) -> &mut HashMap<String, bool>,
    find: impl FnOnce() -> bool,
) -> bool {
    if name.len() > NAME_MAX {
        return find();
    }
    let known = KEPT.with_borrow_mut(|kept| of(kept.as_mut()?).get(name).copied());
    known.unwrap_or_else(|| {
        let found = find();
        KEPT.with_borrow_mut(|kept| {
            if let Some(names) = kept.as_mut().map(of) {
                if names.len() >= NAMES_MAX {
                    names.clear();
                }
                names.insert(name.to_owned(), found);
            }
        });
        found
    })
}

/// How much of a text is organs.
pub(crate) fn share(run: &[Mark], find: impl FnOnce() -> f32) -> f32 {
    answer(run, 0, |kept| &mut kept.shares, alike, find)
}

/// Whether a text is a deadline.
pub(crate) fn deadline(run: &[Mark], find: impl FnOnce() -> bool) -> bool {
    answer(run, 0, |kept| &mut kept.deadlines, alike, find)
}

/// What stands at a paragraph's end: these answers tell places, so that they hold for the same place only.
pub(crate) fn tail(run: &[Mark], brackets: Brackets, find: impl FnOnce() -> Tail) -> Tail {
    let meaning = match brackets {
        Brackets::BehindSentences => 0,
        Brackets::Always => 1,
        Brackets::Bare => 2,
        Brackets::Followed => 3,
    };
    answer(run, meaning, |kept| &mut kept.tails, |a, b| a == b, find)
}

/// The organs of a text whose column or label says what they do: for the same place only, too.
pub(crate) fn organs(run: &[Mark], role: Option<Role>, find: impl FnOnce() -> Organs) -> Organs {
    let meaning = match role {
        None => 0,
        Some(Role::Lead) => 1,
        Some(Role::Cooperate) => 2,
        Some(Role::Responsible) => 3,
    };
    answer(run, meaning, |kept| &mut kept.parsed, |a, b| a == b, find)
}

/// Answers by a number made of the words, each with the words themselves: of two texts with one number the last one is kept.
struct Answers<V> {
    found: HashMap<u64, (Run, V)>,
    /// Characters of all texts.
    chars: usize,
}

impl<V> Default for Answers<V> {
    fn default() -> Self {
        Self {
            found: HashMap::new(),
            chars: 0,
        }
    }
}

/// `kind` parts questions of one kind that differ in more than the words.
fn answer<V: Clone>(
    run: &[Mark],
    kind: u64,
    of: fn(&mut Kept) -> &mut Answers<V>,
    same: fn(&[Mark], &[Mark]) -> bool,
    find: impl FnOnce() -> V,
) -> V {
    let key = key(run).wrapping_add(kind);
    let known = KEPT.with_borrow_mut(|kept| {
        let (words, value) = of(kept.as_mut()?).found.get(&key)?;
        same(words, run).then(|| value.clone())
    });
    known.unwrap_or_else(|| {
        let value = find();
        KEPT.with_borrow_mut(|kept| {
            let Some(answers) = kept.as_mut().map(of) else {
                return;
            };
            answers.chars += run.len();
            if answers.chars > CHARS_MAX {
                answers.found.clear();
                answers.chars = run.len();
            }
            answers.found.insert(key, (run.to_vec(), value.clone()));
        });
        value
    })
}

/// The same words, wherever they stand.
fn alike(a: &[Mark], b: &[Mark]) -> bool {
    let same = |(a, b): (&Mark, &Mark)| a.ch == b.ch && a.fold == b.fold;
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// Characters at either end that make the number of a text.
const ENDS: usize = 8;

fn key(run: &[Mark]) -> u64 {
    let ends = run
        .iter()
        .take(ENDS)
        .chain(run.iter().rev().take(ENDS))
        .map(|m| u64::from(u32::from(m.ch)));
    ends.fold(run.len() as u64, |key, c| {
        (key ^ c)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(23)
    })
}

#[cfg(test)]
mod tests {
    use super::super::organs::{Units, parse};
    use super::super::text::run;
    use super::*;

    #[test]
    fn answers_are_kept_for_the_same_words_while_a_document_is_read() {
        let ask = |text: &str, new: bool| deadline(&run(text), || new);
        assert_eq!((ask("年底前", true), ask("年底前", false)), (true, false));
        let reading = Reading::begin();
        assert_eq!((ask("年底前", true), ask("年底前", false)), (true, true));
        // as long, and the same at either end
        let long = |c: char| format!("甲局牵头办理这一件{c}乙局配合办理这一件");
        let (first, other) = (long('、'), long('和'));
        assert_eq!((ask(&first, true), ask(&other, false)), (true, false));
        drop(reading);
        assert!(!ask("年底前", false));
    }

    #[test]
    fn organs_are_kept_with_the_place_that_they_stand_at() {
        let _reading = Reading::begin();
        let text = run("甲局、乙局，见附件");
        let further: Run = text
            .iter()
            .map(|m| Mark {
                at: m.at + 50,
                ..*m
            })
            .collect();
        let noted = |text: &Run, role| {
            let text = text.clone();
            let organs = parse(&[Units { role, text }]);
            let places = organs.notes.iter().flatten().map(|m| m.at);
            (organs.list.first().map(|o| o.role), places.min())
        };
        for role in [None, Some(Role::Lead), Some(Role::Cooperate)] {
            let said = Some(role.unwrap_or(Role::Responsible));
            assert_eq!(noted(&text, role), (said, Some(6)));
            assert_eq!(noted(&further, role), (said, Some(56)));
        }
    }
}
