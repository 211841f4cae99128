//! A report made elsewhere comes in: to be written on, or as published before.

use gongkai_basis::Date;
use gongkai_basis::id::{FileId, OrganId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::files::{self, Stored};
use gongkai_platform::organ::reach;

use super::handle::{SUBJECT, insert, new, own_unit, record, there, year_fault};
use super::{Annual, store};
use crate::acts::{PublishReport, WriteReport};
use crate::draft::Draft;
use crate::model::Report;
use crate::seam::reported_year;
use crate::state::State;

/// How an imported report comes in.
#[derive(Debug, Clone, Copy)]
pub enum Brought<'p> {
    /// To be written on.
    AsDraft,
    /// Published elsewhere before: the public may read it here at once, too, on the word of who may publish.
    AsPublished(&'p Permit<PublishReport>),
}

/// The file that a report comes in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original<'f> {
    pub name: &'f str,
    /// Its bytes, where they were stored.
    pub kept: Option<Kept>,
}

/// Stored bytes without a row yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub sha256: String,
    pub media_type: &'static str,
    pub bytes: i64,
}

/// The row of the file, so that what was read of it can be held against it ever after.
async fn keep(
    tx: &mut Tx,
    organ: OrganId,
    original: &Original<'_>,
) -> Result<Option<FileId>, StoreError> {
    let Some(kept) = &original.kept else {
        return Ok(None);
    };
    let stored = Stored {
        id: FileId::new(tx.fresh()),
        sha256: kept.sha256.clone(),
        name: original.name.to_owned(),
        media_type: kept.media_type.to_owned(),
        bytes: kept.bytes,
        organ: Some(organ),
    };
    files::insert(tx, &stored).await?;
    Ok(Some(stored.id))
}

/// The report that is being written now goes the whole way here; only earlier ones come in as published.
fn not_over(year: i16, today: Date) -> Option<(&'static str, String)> {
    (year >= reported_year(today)).then(|| {
        let said = format!(
            "{year}年的报告要在这里核对、确认、预审以后公布，不能作为已经公布过的导入。请选“还没有公布，作为草稿继续编写”。"
        );
        ("brought", said)
    })
}

/// A draft that came from a file, that the public does not read, and in which nobody has written since: another file may
/// take its place. One in the trial form is what its file says, whatever was written: nobody writes reports in it any more.
async fn is_untouched(tx: &mut Tx, annual: &Annual) -> Result<bool, StoreError> {
    if annual.state != State::Draft || annual.published_at.is_some() {
        return Ok(false);
    }
    if annual.is_trial() {
        return Ok(true);
    }
    let id = annual.id.to_string();
    let imported = audit::about_only(tx, (SUBJECT, &id), &["annual.imported"], 1).await?;
    let written = [
        "annual.saved",
        "annual.refreshed",
        "annual.consolidated",
        "annual.settled",
        "annual.bound",
    ];
    let written = audit::about_only(tx, (SUBJECT, &id), &written, 1).await?;
    Ok(!imported.is_empty() && written.is_empty())
}

/// The right file in the place of the wrong one.
async fn retake(tx: &mut Tx, before: &Annual, annual: &mut Annual) -> Result<(), StoreError> {
    annual.id = before.id;
    annual.version = before.version;
    store::retake(tx, annual).await?;
    if let Some(old) = before.original {
        files::remove(tx, old).await?;
    }
    Ok(())
}

/// Takes in a report made elsewhere, with the numbers as they stand in the file.
///
/// # Errors
/// Not found, also as published for an organ for which one may not publish; refused without a table in the file, for a year
/// without sense, as published for a year that is being reported on, for a report that is there already.
pub async fn import(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    (organ, year): (OrganId, i16),
    (report, original, brought): (&Report, &Original<'_>, Brought<'_>),
    today: Date,
) -> Result<Annual, NotDone> {
    let unit = own_unit(tx, permit, organ).await?;
    let mut reasons: Vec<(&'static str, String)> = year_fault(year, today).into_iter().collect();
    if let Brought::AsPublished(publish) = brought {
        if !reach::own(tx, publish).await?.contains(organ, "") {
            return Err(NotDone::NotFound);
        }
        reasons.extend(not_over(year, today));
    }
    if report.cells.is_empty() {
        reasons.push((
            "file",
            "文件里没有读到年度报告的表格。请确认表格是文字而不是图片。".to_owned(),
        ));
    }
    if report.year.is_some_and(|found| found != year) {
        let found = report.year.unwrap_or(year);
        reasons.push((
            "year",
            format!("文件是{found}年的报告，与所选年度{year}不一致。"),
        ));
    }
    refused(reasons)?;
    let before = store::of_year(tx, organ, year).await?;
    if let Some(before) = &before
        && !is_untouched(tx, before).await?
    {
        return Err(there(&unit, year));
    }
    let file = original.name;
    let draft = Draft::imported(report, file);
    let mut annual = new(tx, permit, (unit, year), draft);
    annual.original = keep(tx, organ, original).await?;
    let published = match brought {
        Brought::AsPublished(_) => {
            annual.state = State::Published;
            annual.published_at = Some(tx.now().as_millisecond());
            annual.taken_in = true;
            "已经公布过的"
        }
        Brought::AsDraft => "",
    };
    match before {
        Some(before) => retake(tx, &before, &mut annual).await?,
        None => insert(tx, &annual).await?,
    }
    let sentence = format!("从文件“{file}”导入{published}《{}》", annual.title());
    record(tx, permit.actor(), &annual, "annual.imported", sentence);
    Ok(annual)
}
