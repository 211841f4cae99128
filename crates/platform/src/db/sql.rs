//! A statement with its values, and the rows that come back: the same for both databases.
//!
//! Statements are put together from `&'static str` pieces and numbered values only, so no foreign text
//! can become SQL.

use gongkai_basis::{Date, id};
use rusqlite::types::FromSql;
use sqlx::{
    ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow,
};

use super::StoreError;
use super::sqlite::WrittenRow;

/// A value bound to a statement. `None` keeps its type, which PostgreSQL wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

/// A statement and its values.
#[derive(Debug, Clone)]
pub struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

/// Begins a statement; values are `$1`, `$2`, … in the order of [`Sql::bind`].
#[must_use]
pub fn sql(text: &'static str) -> Sql {
    Sql {
        text: text.to_owned(),
        values: Vec::new(),
    }
}

impl Sql {
    /// The value for the next `$n` that the text already names.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// More text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder for the value, numbered by itself.
    pub fn push_value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Appends another statement with its values, as a part of this one.
    pub fn push_sql(&mut self, part: Self) -> &mut Self {
        let before = self.values.len();
        let mut pieces = part.text.split('$');
        self.text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit());
            let (number, rest) = piece.split_at(end.unwrap_or(piece.len()));
            self.text.push('$');
            if let Ok(number) = number.parse::<usize>() {
                self.text.push_str(&(before + number).to_string());
            }
            self.text.push_str(rest);
        }
        self.values.extend(part.values);
        self
    }

    /// Appends a column's name that came from outside, if it can be one.
    pub(super) fn push_column(&mut self, name: &str) -> Result<&mut Self, StoreError> {
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
        {
            return Err(StoreError::Unsupported("this is no column's name"));
        }
        self.text.push_str(name);
        Ok(self)
    }

    /// Appends `(…, …)` with a placeholder for each value; an empty list matches nothing.
    pub fn push_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.push("(");
        let mut first = true;
        for value in values {
            if !first {
                self.push(", ");
            }
            first = false;
            self.push_value(value);
        }
        if first {
            self.push("NULL");
        }
        self.push(")")
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Int(Some(i64::from(yes)))
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(Some(date.to_string()))
    }
}

impl From<Option<Date>> for Value {
    fn from(date: Option<Date>) -> Self {
        Self::Text(date.map(|date| date.to_string()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

/// A row of either database.
#[derive(Debug)]
pub enum Row {
    Sqlite(SqliteRow),
    /// What SQLite's writer read.
    Written(WrittenRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column by its name.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the column holds what the type cannot be; a missing column is a database error.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T, StoreError> {
        T::from_column(self, column)
    }

    /// The value of a text column through `FromStr`, for types that are no column of their own.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the text is none.
    pub fn parsed<T: std::str::FromStr>(
        &self,
        column: &str,
        wanted: &'static str,
    ) -> Result<T, StoreError> {
        let text: String = self.get(column)?;
        text.parse().map_err(|_| corrupt(column, &text, wanted))
    }

    /// The value of a column that holds the code of a closed list.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when no entry has the code.
    pub fn coded<T>(
        &self,
        column: &str,
        from_code: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let code: String = self.get(column)?;
        from_code(&code).ok_or_else(|| corrupt(column, &code, "a known code"))
    }

    fn raw<'r, T>(&'r self, column: &str) -> Result<T, StoreError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> + FromSql,
        for<'a> &'a str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Written(row) => row.get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// What a column can be read as.
pub trait FromColumn: Sized {
    /// # Errors
    /// See [`Row::get`].
    fn from_column(row: &Row, column: &str) -> Result<Self, StoreError>;
}

macro_rules! plain_columns {
    ($($type:ty),+) => {$(
        impl FromColumn for $type {
            fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
                row.raw(column)
            }
        }
    )+};
}

plain_columns!(
    String,
    Option<String>,
    i64,
    Option<i64>,
    Vec<u8>,
    Option<Vec<u8>>
);

impl FromColumn for bool {
    fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
        Ok(row.raw::<i64>(column)? != 0)
    }
}

impl FromColumn for u32 {
    fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
        let number = row.raw::<i64>(column)?;
        u32::try_from(number).map_err(|_| corrupt(column, &number.to_string(), "a small number"))
    }
}

/// Columns that hold text and are read through `FromStr`.
macro_rules! parsed_columns {
    ($($type:ty => $wanted:literal),+ $(,)?) => {$(
        impl FromColumn for $type {
            fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
                let text = row.raw::<String>(column)?;
                text.parse().map_err(|_| corrupt(column, &text, $wanted))
            }
        }

        impl FromColumn for Option<$type> {
            fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
                let Some(text) = row.raw::<Option<String>>(column)? else { return Ok(None) };
                text.parse().map(Some).map_err(|_| corrupt(column, &text, $wanted))
            }
        }
    )+};
}

macro_rules! id_values {
    ($($type:ty),+ $(,)?) => {
        parsed_columns!($($type => "an identifier"),+);
        $(
            impl From<$type> for Value {
                fn from(id: $type) -> Self {
                    Self::Text(Some(id.to_string()))
                }
            }

            impl From<Option<$type>> for Value {
                fn from(id: Option<$type>) -> Self {
                    Self::Text(id.map(|id| id.to_string()))
                }
            }
        )+
    };
}

id_values!(
    id::OrganId,
    id::AccountId,
    id::PlanId,
    id::DraftId,
    id::TaskId,
    id::AssignmentId,
    id::ReportId,
    id::EvidenceId,
    id::FileId,
    id::JobId,
    id::FindingId,
    id::ViewId,
    id::MessageId,
);
parsed_columns!(Date => "a date");

fn corrupt(column: &str, found: &str, wanted: &'static str) -> StoreError {
    StoreError::Corrupt {
        column: column.to_owned(),
        found: found.to_owned(),
        wanted,
    }
}

/// A `LIKE` pattern for what contains this text, whose escape is `!`: `… LIKE $1 ESCAPE '!'`.
#[must_use]
pub fn containing(text: &str) -> String {
    let escaped = text
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{escaped}%")
}
