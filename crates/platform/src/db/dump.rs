//! Rows as JSON, for backup and restore: the same on both databases.

use futures::TryStreamExt as _;
use serde_json::{Map, Value as Json};
use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _};

use gongkai_schema::{COLUMNS_NOT_BACKED_UP, Table};

use super::connect::Connection;
use super::sql::{Row, Sql, sql};
use super::{DbKind, StoreError, Tx};

impl Tx {
    /// Hands every row of a table, in its order, to `each` as a JSON object, without [`COLUMNS_NOT_BACKED_UP`].
    ///
    /// # Errors
    /// When the store cannot be read, or `each` fails.
    pub async fn dump(
        &mut self,
        table: &Table,
        each: impl FnMut(Map<String, Json>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut each = narrowed(table.name, each);
        let bytes = match self.kind() {
            DbKind::Sqlite => " COLLATE BINARY",
            DbKind::Postgres => " COLLATE \"C\"",
        };
        let order = table.order.replace("{bytes}", bytes);
        let text = format!("SELECT * FROM {} ORDER BY {order}", table.name);
        match self.begun.connection()? {
            Connection::Writer(store) => {
                let statement = Sql {
                    text,
                    values: Vec::new(),
                };
                store.each(&statement, |row| each(to_json(&row)?))?;
            }
            Connection::Sqlite(connection) => {
                let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(connection);
                while let Some(row) = rows.try_next().await? {
                    each(to_json(&Row::Sqlite(row))?)?;
                }
            }
            Connection::Postgres(connection) => {
                let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(connection);
                while let Some(row) = rows.try_next().await? {
                    each(to_json(&Row::Postgres(row))?)?;
                }
            }
        }
        Ok(())
    }

    /// Puts one dumped row back. Columns that held nothing are left out, so their type need not be known.
    ///
    /// # Errors
    /// When a name is no column's name or the database refuses.
    pub async fn load_dumped(
        &mut self,
        table: &Table,
        row: Map<String, Json>,
    ) -> Result<(), StoreError> {
        let mut insert = sql("INSERT INTO ");
        insert.push(table.name).push(" (");
        let held: Vec<(String, Json)> = row
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect();
        for (position, (column, _)) in held.iter().enumerate() {
            if position > 0 {
                insert.push(", ");
            }
            insert.push_column(column)?;
        }
        insert.push(") VALUES (");
        for (position, (_, value)) in held.into_iter().enumerate() {
            if position > 0 {
                insert.push(", ");
            }
            match value {
                Json::String(text) => insert.push_value(text),
                Json::Number(number) => insert.push_value(number.as_i64()),
                _ => {
                    return Err(StoreError::Unsupported(
                        "a dumped value is neither text nor a whole number",
                    ));
                }
            };
        }
        insert.push(")");
        self.run(insert).await?;
        Ok(())
    }

    /// Removes the rows that the migrations themselves put into a new store, before dumped ones are loaded.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn clear_seeded(&mut self) -> Result<(), StoreError> {
        self.run(sql("DELETE FROM event_head")).await?;
        Ok(())
    }
}

/// Takes whole rows of a table, and hands them on without the columns that no backup holds.
fn narrowed(
    table: &'static str,
    mut each: impl FnMut(Map<String, Json>) -> Result<(), StoreError>,
) -> impl FnMut(Map<String, Json>) -> Result<(), StoreError> {
    let is_whole = COLUMNS_NOT_BACKED_UP.iter().all(|(of, _)| *of != table);
    move |row: Map<String, Json>| {
        if is_whole {
            return each(row);
        }
        let is_held = |column: &str| !COLUMNS_NOT_BACKED_UP.contains(&(table, column));
        let held = row.into_iter().filter(|(column, _)| is_held(column));
        each(held.collect())
    }
}

fn to_json(row: &Row) -> Result<Map<String, Json>, StoreError> {
    let columns: Vec<(String, String)> = match row {
        Row::Written(row) => row
            .columns()
            .map(|(name, value)| {
                (
                    name.to_owned(),
                    value.data_type().to_string().to_uppercase(),
                )
            })
            .collect(),
        Row::Sqlite(row) => row
            .columns()
            .iter()
            .map(|column| {
                let value = row.try_get_raw(column.ordinal())?;
                Ok((column.name().to_owned(), kind(&value)))
            })
            .collect::<Result<_, sqlx::Error>>()?,
        Row::Postgres(row) => row
            .columns()
            .iter()
            .map(|column| {
                let value = row.try_get_raw(column.ordinal())?;
                Ok((column.name().to_owned(), kind(&value)))
            })
            .collect::<Result<_, sqlx::Error>>()?,
    };
    let mut object = Map::new();
    for (name, kind) in columns {
        let value = match kind.as_str() {
            "NULL" => Json::Null,
            "INTEGER" | "INT8" | "BIGINT" => Json::from(row.get::<i64>(&name)?),
            "TEXT" => Json::from(row.get::<String>(&name)?),
            _ => {
                return Err(StoreError::Unsupported(
                    "a column is neither TEXT nor BIGINT",
                ));
            }
        };
        object.insert(name, value);
    }
    Ok(object)
}

/// The name of a value's type; a missing value is `NULL`, whatever its column was declared as.
fn kind<'r>(value: &impl sqlx::ValueRef<'r>) -> String {
    if value.is_null() {
        "NULL".to_owned()
    } else {
        value.type_info().name().to_owned()
    }
}
