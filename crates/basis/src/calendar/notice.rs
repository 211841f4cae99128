//! A year's holiday notice as data, and the ones that come with the program.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Holidays one notice may list. The law knows seven; a special year adds one or two.
pub const HOLIDAYS_MAX: usize = 20;
/// Days one block may last. The longest so far had ten (春节 2020).
pub const BLOCK_DAYS_MAX: usize = 31;
/// Make-up workdays one holiday may have.
pub const MAKE_UP_DAYS_MAX: usize = 10;
/// Characters of a holiday's name.
pub const NAME_CHARS_MAX: usize = 30;

const BUILTIN_JSON: &str = include_str!("../../data/holidays.json");

/// The announced holidays of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawYear")]
pub struct YearNotice {
    year: i16,
    verified: bool,
    notices: Vec<Notice>,
    holidays: Vec<Holiday>,
}

/// A State Council notice that fixes or changes a year's holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub title: String,
    /// Where it was published, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One holiday's block of days off and the weekend days worked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    name: String,
    first: Date,
    last: Date,
    #[serde(default)]
    make_up: Vec<Date>,
}

/// Why a notice cannot be used at all. Doubts that a person may settle are
/// [`super::import::Problem`]s instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    #[error("the text does not say which year it is for")]
    NoYear,
    #[error("no holiday is listed")]
    Empty,
    #[error(
        "more than {HOLIDAYS_MAX} holidays, {MAKE_UP_DAYS_MAX} make-up days or {NAME_CHARS_MAX} characters of a name"
    )]
    TooMuch,
    #[error(
        "the block from {first} to {last} runs backwards or is longer than {BLOCK_DAYS_MAX} days"
    )]
    Block { first: Date, last: Date },
    #[error("{date} belongs neither to {year} nor to the December before it")]
    OutsideYear { year: i16, date: Date },
    #[error("the file is not a notice: see line {line}, column {column}")]
    Json { line: usize, column: usize },
}

impl NoticeError {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = match self {
            Self::NoYear => "没有认出通知是哪一年的放假安排".to_owned(),
            Self::Empty => "通知中没有认出任何节日".to_owned(),
            Self::TooMuch => format!(
                "通知过大（节日不超过{HOLIDAYS_MAX}个，每个节日调休上班日不超过{MAKE_UP_DAYS_MAX}天，\
                 节日名称不超过{NAME_CHARS_MAX}字）"
            ),
            Self::Block { first, last } => {
                format!("放假时段{first}至{last}前后颠倒或超过{BLOCK_DAYS_MAX}天")
            }
            Self::OutsideYear { year, date } => format!("日期{date}不属于{year}年放假安排"),
            Self::Json { line, column } => {
                format!("文件不是放假安排数据（第{line}行第{column}列不合格式）")
            }
        };
        format!("{what}；日历没有改动；请核对文件后重新导入。")
    }
}

impl Holiday {
    /// A block `first..=last` and its make-up workdays; checked when it joins a [`YearNotice`].
    #[must_use]
    pub fn new(name: impl Into<String>, first: Date, last: Date, make_up: Vec<Date>) -> Self {
        Self {
            name: name.into(),
            first,
            last,
            make_up,
        }
    }

    /// For example 国庆节, or 国庆节、中秋节 for a joint block.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First day off.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// Last day off, inclusive.
    #[must_use]
    pub fn last(&self) -> Date {
        self.last
    }

    /// Weekend days worked for this holiday.
    #[must_use]
    pub fn make_up(&self) -> &[Date] {
        &self.make_up
    }

    /// Whether an amendment that lists `new` takes the place of this block: both name the same holiday (国庆节 and
    /// 国庆节、中秋节), or share a day. Days that the amendment takes out of a block do not stay off.
    fn is_replaced_by(&self, new: &Self) -> bool {
        let named = self
            .name
            .split('、')
            .any(|name| new.name.split('、').any(|other| other == name));
        named || (self.first <= new.last && new.first <= self.last)
    }

    /// Every day off of the block.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let last = self.last;
        std::iter::successors(Some(self.first), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= last)
    }
}

impl YearNotice {
    /// A checked year.
    ///
    /// # Errors
    /// [`NoticeError`] when it is empty, too large, runs backwards, or leaves its year; the block
    /// of 1 January may begin in the December before.
    pub fn new(
        year: i16,
        notices: Vec<Notice>,
        holidays: Vec<Holiday>,
    ) -> Result<Self, NoticeError> {
        if holidays.is_empty() {
            return Err(NoticeError::Empty);
        }
        let too_much = holidays.len() > HOLIDAYS_MAX
            || holidays.iter().any(|holiday| {
                holiday.make_up.len() > MAKE_UP_DAYS_MAX
                    || holiday.name.chars().count() > NAME_CHARS_MAX
            });
        if too_much {
            return Err(NoticeError::TooMuch);
        }
        for holiday in &holidays {
            let Holiday { first, last, .. } = *holiday;
            if last < first || holiday.days().take(BLOCK_DAYS_MAX + 1).count() > BLOCK_DAYS_MAX {
                return Err(NoticeError::Block { first, last });
            }
            for date in [first, last]
                .into_iter()
                .chain(holiday.make_up.iter().copied())
            {
                let eve = date.month() == 12 && date.year().checked_add(1) == Some(year);
                if date.year() != year && !eve {
                    return Err(NoticeError::OutsideYear { year, date });
                }
            }
        }
        Ok(Self {
            year,
            verified: false,
            notices,
            holidays,
        })
    }

    /// The holidays of this year that stay as they are when `amendment` amends it.
    #[must_use]
    pub fn untouched_by(&self, amendment: &Self) -> Vec<&Holiday> {
        self.holidays
            .iter()
            .filter(|holiday| {
                !amendment
                    .holidays
                    .iter()
                    .any(|new| holiday.is_replaced_by(new))
            })
            .collect()
    }

    /// The same year after an amending notice (a lengthened 春节, a moved 劳动节): a block that the
    /// amendment names, alone or with another holiday, or reaches into is replaced whole, the others
    /// stay. Verified only if both are.
    ///
    /// # Errors
    /// [`NoticeError::OutsideYear`] when the amendment is for another year; the others as for
    /// [`YearNotice::new`].
    pub fn amended_by(self, amendment: Self) -> Result<Self, NoticeError> {
        if let Some(holiday) = amendment
            .holidays
            .first()
            .filter(|_| amendment.year != self.year)
        {
            return Err(NoticeError::OutsideYear {
                year: self.year,
                date: holiday.first,
            });
        }
        let verified = self.verified && amendment.verified;
        let mut holidays: Vec<Holiday> =
            self.untouched_by(&amendment).into_iter().cloned().collect();
        holidays.extend(amendment.holidays);
        holidays.sort_by_key(|holiday| holiday.first);
        let mut notices = self.notices;
        notices.extend(amendment.notices);
        let year = Self::new(self.year, notices, holidays)?;
        Ok(Self { verified, ..year })
    }

    /// The year whose holidays the notice fixes.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.year
    }

    /// Whether it was checked against its source.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// The same notice after a person compared it with its source.
    #[must_use]
    pub fn verified(self) -> Self {
        Self {
            verified: true,
            ..self
        }
    }

    /// The State Council notices behind the data, later ones amending earlier ones.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The holidays in the order of the notice.
    #[must_use]
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// One line of JSON that [`YearNotice::from_json`] reads back.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads one year's JSON: `{"year", "verified", "notices": [{"title", "address"}],
    /// "holidays": [{"name", "first", "last", "make_up": []}]}`.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub fn from_json(json: &str) -> Result<Self, NoticeError> {
        let raw: RawYear = serde_json::from_str(json).map_err(|error| NoticeError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        raw.try_into()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: i16,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    notices: Vec<Notice>,
    holidays: Vec<Holiday>,
}

impl TryFrom<RawYear> for YearNotice {
    type Error = NoticeError;

    fn try_from(raw: RawYear) -> Result<Self, NoticeError> {
        let notice = Self::new(raw.year, raw.notices, raw.holidays)?;
        Ok(if raw.verified {
            notice.verified()
        } else {
            notice
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Builtin {
    /// Where the data comes from, in Chinese, for a person who opens the file.
    #[serde(rename = "about")]
    _about: String,
    years: Vec<YearNotice>,
}

/// The notices that come with the program.
pub(super) fn builtin() -> Vec<YearNotice> {
    let builtin: Builtin = serde_json::from_str(BUILTIN_JSON)
        .expect("the built-in holiday data is part of the program");
    builtin.years
}
