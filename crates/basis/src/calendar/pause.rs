//! Pauses: spans of days that do not count towards a limit.

use jiff::civil::Date;

/// Days that do not count: every `d` with `sent < d ≤ end`.
///
/// Law: 政府信息公开条例 art. 33 ¶3: time spent asking third parties and other organs is not counted
/// in the reply limit. Our reading: `sent` is the day the letter left (it still counts), `end` the
/// day the answer arrived, or the last day for answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pause {
    sent: Date,
    end: Date,
}

/// Why two days are no pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PauseError {
    /// The end lies before the sending.
    #[error("the pause ends on {end}, before it begins on {sent}")]
    EndsBeforeSent { sent: Date, end: Date },
}

impl Pause {
    /// A checked pause; `sent == end` pauses no day.
    ///
    /// # Errors
    /// [`PauseError::EndsBeforeSent`].
    pub fn new(sent: Date, end: Date) -> Result<Self, PauseError> {
        if end < sent {
            return Err(PauseError::EndsBeforeSent { sent, end });
        }
        Ok(Self { sent, end })
    }

    /// The day the letter left: the last day that still counts.
    #[must_use]
    pub fn sent(self) -> Date {
        self.sent
    }

    /// The last day that does not count.
    #[must_use]
    pub fn end(self) -> Date {
        self.end
    }

    /// Whether this day is not counted.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.sent < day && day <= self.end
    }

    /// The same days as few, disjoint, ascending pauses: overlapping ones are not counted twice.
    #[must_use]
    pub fn merged(pauses: &[Self]) -> Vec<Self> {
        let mut sorted = pauses.to_vec();
        sorted.sort_unstable();
        let mut merged: Vec<Self> = Vec::with_capacity(sorted.len());
        for pause in sorted {
            match merged.last_mut() {
                Some(last) if pause.sent <= last.end => last.end = last.end.max(pause.end),
                _ => merged.push(pause),
            }
        }
        merged
    }
}
