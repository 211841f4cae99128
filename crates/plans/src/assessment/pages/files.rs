//! Scores on their way out: XLSX, DOCX, PDF; and the proofs of appeals.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_office::form::letter::{Letter, Line, Listing};
use gongkai_office::form::table_xlsx;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::FindingKind;
use gongkai_platform::web::download::{self, attachment as send, off_thread};
use gongkai_platform::web::{App, Problem, Query, Shell};
use serde::Deserialize;

use super::{Sees, sheet, show};
use crate::acts::ReadScores;
use crate::assessment::{Period, PeriodId, PeriodState, UnitScore, store};
use crate::{letter, when};

/// Units that one file takes.
const UNITS_MAX: i64 = 10_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    format: String,
}

/// A table under a title, as a letter or as a spreadsheet.
struct Table {
    title: String,
    notes: Vec<String>,
    heads: Vec<(&'static str, u32)>,
    rows: Vec<Vec<String>>,
    signed: String,
    dated: String,
}

impl Table {
    async fn send(self, app: &App, format: &str) -> Result<Response, Problem> {
        let name = self.title.clone();
        if format != "xlsx" {
            let listing = Listing {
                title: String::new(),
                headers: self
                    .heads
                    .iter()
                    .map(|(head, width)| ((*head).to_owned(), *width))
                    .collect(),
                rows: self.rows,
            };
            let made = Letter {
                title: self.title,
                number: String::new(),
                to: String::new(),
                body: self.notes.into_iter().map(Line::Text).collect(),
                listings: vec![listing],
                signed: self.signed,
                dated: self.dated,
            };
            return letter::download(app, made, &name, format).await;
        }
        let made = off_thread(move || {
            let heads: Vec<&str> = self.heads.iter().map(|(head, _)| *head).collect();
            table_xlsx(&self.title, &heads, &self.rows)
        })
        .await?;
        let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
        Ok(send(&format!("{name}.xlsx"), download::XLSX, bytes))
    }
}

fn heading(period: &Period, what: &str) -> String {
    let what_if = if period.state.is_tried() {
        "（试算）"
    } else {
        ""
    };
    format!("{}{what}{what_if}", period.title)
}

fn dated(period: &Period) -> String {
    period
        .locked_on
        .or(period.computed_on)
        .map_or_else(String::new, when::date)
}

/// `GET /workspace/scores/{id}/file?format=xlsx`
pub(super) async fn overall(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadScores>,
    Path(id): Path<PeriodId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (period, rows) = app
        .db
        .read(
            async |tx: &mut Tx| match super::seen(tx, &shell, id).await? {
                Some((period, Sees::Office | Sees::Above)) => {
                    let rows = show::rows(tx, &period, (0, UNITS_MAX), today).await?;
                    Ok::<_, StoreError>(Some((period, rows)))
                }
                Some((_, Sees::Unit(_))) | None => Ok(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    let ranked = period.state == PeriodState::Locked;
    let classed = !period.scheme.classes.is_empty();
    let mut notes = vec![format!("共{}个单位。", rows.len())];
    if ranked && classed {
        notes.push("各类单位分别排名。".to_owned());
    }
    let mut heads = vec![("单位", 4), ("得分", 1), ("等次", 1)];
    if ranked {
        heads.insert(0, ("名次", 1));
    }
    if classed {
        heads.insert(0, ("类别", 2));
    }
    let table = Table {
        title: heading(&period, "得分表"),
        notes,
        heads,
        rows: rows
            .into_iter()
            .map(|row| {
                let class = classed.then_some(row.class).into_iter();
                let rank = row.rank.map(|rank| rank.to_string());
                class
                    .chain(rank)
                    .chain([row.name, row.total.to_string(), row.grade])
                    .collect()
            })
            .collect(),
        signed: period.office_name.clone(),
        dated: dated(&period),
    };
    table.send(&app, &wanted.format).await
}

/// The records that force the last grade, each a row before the lines.
fn vetoes(sheet: &UnitScore) -> Vec<Vec<String>> {
    let rows = sheet.vetoes.iter().map(|veto| {
        let counts = if veto.dropped {
            "申诉成立，不计"
        } else {
            "按最低等次"
        };
        let kind = FindingKind::from_code(&veto.record.kind).map_or("", FindingKind::name);
        vec![
            "一票否决".to_owned(),
            kind.to_owned(),
            String::new(),
            counts.to_owned(),
            veto.record.text.clone(),
        ]
    });
    rows.collect()
}

fn lines(sheet: &UnitScore) -> Vec<Vec<String>> {
    let mut rows = vetoes(sheet);
    rows.extend(sheet.lines.iter().map(|line| {
        let mut records: Vec<String> = line
            .input
            .records
            .iter()
            .map(|record| record.text.clone())
            .collect();
        if !line.input.note.is_empty() {
            records.push(line.input.note.clone());
        }
        vec![
            line.indicator.group.clone(),
            line.indicator.name.clone(),
            line.indicator.weight.to_string(),
            line.points.to_string(),
            records.join("\n"),
        ]
    }));
    rows
}

/// `GET /workspace/scores/{id}/units/{organ}/file?format=xlsx`
pub(super) async fn sheet(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadScores>,
    Path((id, organ)): Path<(PeriodId, OrganId)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (period, _, name, sheet) = app
        .db
        .read(async |tx: &mut Tx| sheet::seen_sheet(tx, &shell, (id, organ), today).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut notes = vec![format!("总分{}分，等次{}。", sheet.total, sheet.grade)];
    if sheet.vetoed {
        notes.push("有一票否决的问题，等次按最低计，见表中各条。".to_owned());
    }
    let table = Table {
        title: heading(&period, &format!("{name}得分单")),
        notes,
        heads: vec![
            ("分组", 2),
            ("指标", 3),
            ("分值", 1),
            ("得分", 1),
            ("记录", 6),
        ],
        rows: lines(&sheet),
        signed: period.office_name.clone(),
        dated: dated(&period),
    };
    table.send(&app, &wanted.format).await
}

/// `GET /workspace/scores/{id}/units/{organ}/appeals/{appeal}/files/{file}`
pub(super) async fn proof(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadScores>,
    Path((id, organ, appeal, file)): Path<(PeriodId, OrganId, String, AttachmentId)>,
) -> Result<Response, Problem> {
    let today = app.today();
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            if sheet::seen_sheet(tx, &shell, (id, organ), today)
                .await?
                .is_none()
            {
                return Ok(None);
            }
            let own = store::appeals_of(tx, id, organ).await?;
            match own.iter().find(|known| known.id == appeal) {
                Some(known) => attachment::file(tx, ("score_appeal", &known.id), file).await,
                None => Ok::<_, StoreError>(None),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}
