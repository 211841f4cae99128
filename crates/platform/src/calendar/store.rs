//! The notices imported after this version was built.

use gongkai_basis::calendar::{WorkCalendar, YearNotice};

use crate::db::{Db, StoreError, Tx, sql};
use crate::web::App;

/// The calendar to count with: the notices that come with the program, and over them the imported ones.
///
/// # Errors
/// [`StoreError::Corrupt`] when an imported notice cannot be read any more; the store fails.
pub async fn load_calendar(tx: &mut Tx) -> Result<WorkCalendar, StoreError> {
    let imported = imported(tx).await?;
    Ok(imported
        .into_iter()
        .fold(WorkCalendar::builtin(), |calendar, (notice, _)| {
            calendar.with(notice)
        }))
}

/// [`load_calendar`] in a transaction of its own, for the program's start.
///
/// # Errors
/// As [`load_calendar`].
pub async fn load(db: &Db) -> Result<WorkCalendar, StoreError> {
    db.read(async |tx: &mut Tx| load_calendar(tx).await).await
}

/// Brings the notices that another process imported into this one's calendar.
///
/// # Errors
/// As [`load_calendar`]; then the calendar in use stays.
pub async fn refresh(app: &App) -> Result<(), StoreError> {
    let calendar = load(&app.db).await?;
    app.replace_calendar(calendar);
    Ok(())
}

/// The imported notices by year, each with the instant of its import (milliseconds since 1970).
pub(super) async fn imported(tx: &mut Tx) -> Result<Vec<(YearNotice, i64)>, StoreError> {
    tx.all(sql(
        "SELECT year, notice, imported_at FROM calendar_year ORDER BY year",
    ))
    .await?
    .iter()
    .map(|row| {
        let text: String = row.get("notice")?;
        let notice = YearNotice::from_json(&text).map_err(|_| StoreError::Corrupt {
            column: "notice".to_owned(),
            found: text.chars().take(80).collect(),
            wanted: "a year's holiday notice",
        })?;
        Ok((notice, row.get("imported_at")?))
    })
    .collect()
}

/// Stores a year's notice in the place of an earlier one.
pub(super) async fn save(tx: &mut Tx, notice: &YearNotice) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO calendar_year (year, notice, imported_at) VALUES ($1, $2, $3) \
             ON CONFLICT (year) DO UPDATE SET notice = excluded.notice, imported_at = excluded.imported_at")
            .bind(i64::from(notice.year()))
            .bind(notice.to_json())
            .bind(now),
    )
    .await?;
    Ok(())
}
