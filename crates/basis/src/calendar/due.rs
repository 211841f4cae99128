//! `gongkai calendar due` as pure functions: arguments or a line of JSON in, JSON out.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{CalendarError, Note, Pause, PauseError, WorkCalendar, Working, WorkingDays};

/// Pauses one question may have.
pub const PAUSES_MAX: usize = 1_000;
/// Bytes one line of a batch may have.
pub const LINE_BYTES_MAX: usize = 64 * 1024;
/// Characters of foreign text that an error repeats.
const QUOTE_CHARS_MAX: usize = 40;

/// A question: the n-th working day after `from`, pauses left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRequest {
    /// Day zero.
    pub from: Date,
    pub working_days: WorkingDays,
    pub pauses: Vec<Pause>,
}

/// The answer as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueAnswer {
    pub due: Date,
    pub counted: Vec<Date>,
    pub skipped: Vec<SkippedDay>,
    /// Sentences about unverified or unfinished data; absent when there is nothing to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A day that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedDay {
    pub date: Date,
    pub why: String,
}

#[derive(Serialize)]
struct BatchAnswer {
    due: Date,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

#[derive(Serialize)]
struct BatchError {
    error: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    #[error("the line is longer than {LINE_BYTES_MAX} bytes")]
    LineTooLong,
    #[error("the line is empty")]
    EmptyLine,
    #[error("the line is not a JSON object")]
    NotAnObject,
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    #[error("the field `{0}` is not known")]
    UnknownField(String),
    #[error("`{0}` is not a date")]
    BadDate(String),
    #[error("`{0}` is not a number of working days")]
    BadDays(String),
    #[error("`{0}` is not a pause")]
    BadPause(String),
    #[error("more than {PAUSES_MAX} pauses")]
    TooManyPauses,
    #[error(transparent)]
    Pause(#[from] PauseError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl DueError {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        let max = WorkingDays::MAX;
        match self {
            Self::LineTooLong => format!("本行超过{LINE_BYTES_MAX}字节，未计算；请拆成较短的行。"),
            Self::EmptyLine => "本行是空行，未计算；请每行写一个 JSON 对象。".to_owned(),
            Self::NotAnObject => "本行不是 JSON 对象，未计算；请写成 \
                {\"from\":\"2022-09-26\",\"working_days\":20,\"pauses\":[]}。"
                .to_owned(),
            Self::Missing(field) => format!("缺少“{field}”，未计算；请补上后重试。"),
            Self::UnknownField(field) => {
                format!("不认识“{field}”，未计算；只能写 from、working_days、pauses，请核对拼写。")
            }
            Self::BadDate(text) => {
                format!("“{text}”不是有效日期，未计算；请写成 2022-09-26 这样的日期。")
            }
            Self::BadDays(text) => {
                format!("工作日数“{text}”无效，未计算；请写 0 至 {max} 的整数。")
            }
            Self::BadPause(text) => format!(
                "暂停期“{text}”无效，未计算；请写明发出日和结束日，例如 2022-09-26..2022-10-14。"
            ),
            Self::TooManyPauses => format!("暂停期超过{PAUSES_MAX}个，未计算；请合并后重试。"),
            Self::Pause(PauseError::EndsBeforeSent { sent, end }) => {
                format!("暂停期结束日{end}早于发出日{sent}，未计算；请核对两个日期。")
            }
            Self::Calendar(error) => error.sentence(),
        }
    }
}

impl DueRequest {
    /// From command-line words: a date, a number, pauses as `SENT..END`.
    ///
    /// # Errors
    /// [`DueError`], the first that is found.
    pub fn from_arguments(
        from: &str,
        working_days: &str,
        pauses: &[impl AsRef<str>],
    ) -> Result<Self, DueError> {
        if pauses.len() > PAUSES_MAX {
            return Err(DueError::TooManyPauses);
        }
        let pauses = pauses.iter().map(|text| {
            let text = text.as_ref();
            let (sent, end) = text
                .split_once("..")
                .ok_or_else(|| DueError::BadPause(quote(text)))?;
            Ok(Pause::new(date(sent)?, date(end)?)?)
        });
        let days = working_days
            .parse()
            .ok()
            .and_then(|days| WorkingDays::new(days).ok())
            .ok_or_else(|| DueError::BadDays(quote(working_days)))?;
        Ok(Self {
            from: date(from)?,
            working_days: days,
            pauses: pauses.collect::<Result<_, DueError>>()?,
        })
    }

    /// From one line of a batch: `{"from", "working_days", "pauses": [[SENT, END], …]}`; `pauses`
    /// may be left out. A field of another name is an error: a misspelt pause must not be lost.
    ///
    /// # Errors
    /// [`DueError`], the first that is found.
    pub fn from_json_line(line: &str) -> Result<Self, DueError> {
        if line.len() > LINE_BYTES_MAX {
            return Err(DueError::LineTooLong);
        }
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            return Err(DueError::EmptyLine);
        }
        let fields: Map<String, Value> =
            serde_json::from_str(line).map_err(|_| DueError::NotAnObject)?;
        if let Some(field) = fields
            .keys()
            .find(|key| !matches!(key.as_str(), "from" | "working_days" | "pauses"))
        {
            return Err(DueError::UnknownField(quote(field)));
        }
        let pauses = match fields.get("pauses") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(pauses)) if pauses.len() > PAUSES_MAX => {
                return Err(DueError::TooManyPauses);
            }
            Some(Value::Array(pauses)) => {
                pauses.iter().map(json_pause).collect::<Result<_, _>>()?
            }
            Some(other) => return Err(DueError::BadPause(quote(&other.to_string()))),
        };
        Ok(Self {
            from: json_date(fields.get("from").ok_or(DueError::Missing("from"))?)?,
            working_days: json_days(
                fields
                    .get("working_days")
                    .ok_or(DueError::Missing("working_days"))?,
            )?,
            pauses,
        })
    }

    /// The due date with its working.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn answer(&self, calendar: &WorkCalendar) -> Result<DueAnswer, CalendarError> {
        let Working {
            due,
            counted,
            skipped,
            notes,
        } = calendar.working(self.from, self.working_days, &self.pauses)?;
        let skipped = skipped.into_iter().map(|day| SkippedDay {
            date: day.date,
            why: day.why,
        });
        Ok(DueAnswer {
            due,
            counted,
            skipped: skipped.collect(),
            notes: sentences(notes),
        })
    }

    fn brief(&self, calendar: &WorkCalendar) -> Result<BatchAnswer, CalendarError> {
        let due = calendar.after_pauses(self.from, self.working_days, &self.pauses)?;
        Ok(BatchAnswer {
            due,
            notes: sentences(calendar.notes(self.from, due)),
        })
    }
}

/// One line of a batch to one line of output, without its line break: `{"due"}` or `{"error"}`.
/// The second value says whether there is a due date. Never panics, whatever the line.
#[must_use]
pub fn batch_line(calendar: &WorkCalendar, line: &str) -> (String, bool) {
    let answer = DueRequest::from_json_line(line)
        .and_then(|request| request.brief(calendar).map_err(DueError::from));
    match answer {
        Ok(answer) => (print(&answer), true),
        Err(error) => (
            print(&BatchError {
                error: error.sentence(),
            }),
            false,
        ),
    }
}

/// These structs hold strings and dates only: printing them cannot fail.
fn print(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

fn sentences(notes: Vec<Note>) -> Vec<String> {
    notes.into_iter().map(Note::sentence).collect()
}

fn json_date(value: &Value) -> Result<Date, DueError> {
    match value {
        Value::String(text) => date(text),
        other => Err(DueError::BadDate(quote(&other.to_string()))),
    }
}

fn json_days(value: &Value) -> Result<WorkingDays, DueError> {
    value
        .as_u64()
        .and_then(|days| u16::try_from(days).ok())
        .and_then(|days| WorkingDays::new(days).ok())
        .ok_or_else(|| DueError::BadDays(quote(&value.to_string())))
}

fn json_pause(value: &Value) -> Result<Pause, DueError> {
    match value.as_array().map(Vec::as_slice) {
        Some([sent, end]) => Ok(Pause::new(json_date(sent)?, json_date(end)?)?),
        _ => Err(DueError::BadPause(quote(&value.to_string()))),
    }
}

/// Exactly `YYYY-MM-DD`: other spellings that the date library reads (week dates, times, zones) are
/// refused, so that nobody's slip is taken for a date.
fn date(text: &str) -> Result<Date, DueError> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let date = if shape { text.parse().ok() } else { None };
    date.ok_or_else(|| DueError::BadDate(quote(text)))
}

fn quote(text: &str) -> String {
    let mut quoted: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(QUOTE_CHARS_MAX)
        .collect();
    if text.chars().nth(QUOTE_CHARS_MAX).is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests;
