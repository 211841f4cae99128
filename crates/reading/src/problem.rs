//! What the reader repaired, guessed or left out, and the account of every character of the source.

use gongkai_office::Place;

use super::text::Mark;

/// Shown to a person beside its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case code, such as `organs-inherited`, `number-gap`, `notice-text`.
    pub code: String,
    /// One plain Chinese sentence.
    pub message: String,
    pub place: Place,
}

/// Characters of the source, white space not counted: `source_chars = in_fields + in_problems + dropped`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    pub source_chars: u64,
    /// Characters that went into a field, or that told what a field is (numbers, labels, table heads).
    pub in_fields: u64,
    /// Characters that a problem names.
    pub in_problems: u64,
    /// Characters that are in no field and in no problem. Anything but 0 is a defect of the reader.
    pub dropped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Blank,
    Unused,
    Problem,
    Field,
}

/// Problems so far, and what became of each character.
#[derive(Debug, Default)]
pub(crate) struct Account {
    states: Vec<State>,
    /// First character of each piece with its place, ascending.
    places: Vec<(u32, Place)>,
    pub(crate) problems: Vec<Problem>,
}

impl Account {
    /// Opens a piece of the source; its characters get the next running numbers.
    pub(crate) fn open(&mut self, text: &str, place: Place) -> Vec<Mark> {
        let start = self.states.len();
        self.places.push((number(start), place));
        text.chars()
            .enumerate()
            .map(|(i, c)| {
                let blank = c.is_whitespace() || super::noise::invisible(c);
                self.states
                    .push(if blank { State::Blank } else { State::Unused });
                Mark::new(c, number(start + i))
            })
            .collect()
    }

    pub(crate) fn place(&self, run: &[Mark]) -> Place {
        run.iter()
            .find(|m| !m.is_blank())
            .or(run.first())
            .map_or_else(Place::default, |m| self.place_at(m.at))
    }

    fn place_at(&self, at: u32) -> Place {
        let i = self.places.partition_point(|(start, _)| *start <= at);
        i.checked_sub(1)
            .and_then(|i| self.places.get(i))
            .map_or_else(Place::default, |(_, place)| *place)
    }

    /// These characters are in a field.
    pub(crate) fn field(&mut self, run: &[Mark]) {
        self.set(run, State::Field);
    }

    pub(crate) fn problem(&mut self, code: &str, message: impl Into<String>, run: &[Mark]) {
        let place = self.place(run);
        self.set(run, State::Problem);
        self.problem_at(code, message, place);
    }

    pub(crate) fn problem_at(&mut self, code: &str, message: impl Into<String>, place: Place) {
        self.problems.push(Problem {
            code: code.to_owned(),
            message: message.into(),
            place,
        });
    }

    /// A field outweighs a problem: what is both is in a field.
    fn set(&mut self, run: &[Mark], to: State) {
        for mark in run {
            if let Some(state) = self.states.get_mut(mark.at as usize)
                && (*state == State::Unused || (*state == State::Problem && to == State::Field))
            {
                *state = to;
            }
        }
    }

    /// The characters of a run that are in no field and no problem.
    pub(crate) fn unused(&self, run: &[Mark]) -> Vec<Mark> {
        run.iter()
            .copied()
            .filter(|m| self.states.get(m.at as usize) == Some(&State::Unused))
            .collect()
    }

    /// Adds up. `source_chars` and `lost` (characters that never became blocks) come from the file's reader.
    pub(crate) fn coverage(&self, source_chars: u64, lost: u64) -> Coverage {
        let count = |state| self.states.iter().filter(|s| **s == state).count() as u64;
        let (in_fields, in_blocks) = (count(State::Field), count(State::Problem));
        let in_problems = in_blocks + lost;
        let source_chars = source_chars.max(in_fields + in_problems + count(State::Unused));
        Coverage {
            source_chars,
            in_fields,
            in_problems,
            dropped: source_chars - in_fields - in_problems,
        }
    }
}

fn number(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}
