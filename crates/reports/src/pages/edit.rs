//! The editor: the tables as the form looks, the prose, the findings beside.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::tables::{ShownTable, tables};
use super::{LIST, refuse};
use crate::acts::WriteReport;
use crate::annual::handle::{self, Typed};
use crate::annual::{Annual, store};
use crate::bound::Named;
use crate::check::{self, Finding, Weight};
use crate::form::{Cell, SECTIONS};
use crate::id::AnnualId;
use gongkai_platform::fault::{self, NotDone, Reason, form_errors};
use gongkai_platform::organ::reach;

#[derive(Template)]
#[template(path = "reports/edit.html")]
struct EditPage {
    shell: Shell,
    annual: Annual,
    tables: Vec<ShownTable>,
    findings: Vec<Finding>,
    remarks: Vec<String>,
    texts: [String; 6],
    why: String,
    errors: FormErrors,
}

/// What a part should say, as a hint over its text.
fn hint(part: usize) -> &'static str {
    match part {
        0 => {
            "写五个方面：主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障。政府的报告还要写工作考核、社会评议和责任追究结果。例：“全年新收政府信息公开申请12件，办结12件。”开始编写时按要点台账起草，“【草稿……】”里的话看过以后删去；清空保存，再点“重新取数”，会重新起草。"
        }
        4 => "写本年度的主要问题，和针对上年问题、本年问题的改进情况，不要照抄上年。",
        5 => "必须写信息处理费收取情况，没有收取也要写明；写本年度政务公开工作要点落实情况。",
        1..=3 => "表格以外需要说明的，可以写在这里；没有可以不写。",
        _ => "",
    }
}

impl EditPage {
    fn part(&self, at: &usize) -> &'static str {
        SECTIONS.get(*at).copied().unwrap_or("")
    }

    fn hint(&self, at: &usize) -> &'static str {
        hint(*at)
    }

    fn text(&self, at: &usize) -> &str {
        self.texts.get(*at).map_or("", String::as_str)
    }

    fn lines(&self, at: &usize) -> usize {
        match at {
            0 | 4 => 10,
            5 => 6,
            _ => 2,
        }
    }

    fn table(&self, part: &usize) -> Option<&ShownTable> {
        self.tables.iter().find(|table| table.part == *part)
    }

    /// Does the form have a table there?
    fn is_table(&self, part: &usize) -> bool {
        (1..=3).contains(part)
    }

    /// Figures of the prose that the tables contradict, each with what names it.
    fn contradictions(&self) -> Vec<(&Finding, String)> {
        let wrong = self.findings.iter().filter(|it| it.weight == Weight::Wrong);
        wrong.filter_map(|it| Some((it, it.matter()?))).collect()
    }

    /// How many figures of the prose agree with the tables and do not follow them yet.
    fn bindable(&self) -> usize {
        self.annual.draft.clone().bind(self.annual.year, None)
    }

    /// The names that a text can have for a number, with what the tables say now.
    fn names(&self) -> Vec<(String, String)> {
        let value = |cell| self.annual.draft.value(cell);
        let shown = |named: Named| {
            let amount = named
                .amount(value, self.annual.draft.told)
                .map_or_else(|| "空，还没有数".to_owned(), |it| it.to_string());
            (named.mark(), amount)
        };
        Named::all().into_iter().map(shown).collect()
    }

    /// How many cells of tables 三 and 四 are empty.
    fn empty(&self) -> usize {
        let empty = self.annual.draft.unfilled().into_iter();
        empty.filter(|cell| !matches!(cell, Cell::Two(_))).count()
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }
}

async fn own(
    app: &App,
    permit: &Permit<WriteReport>,
    id: AnnualId,
) -> Result<(Annual, Vec<Finding>), Problem> {
    let (annual, last) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::own(tx, permit).await?;
            let Some(annual) = store::load_own(tx, &scope, id).await? else {
                return Ok(None);
            };
            let last = handle::last_of(tx, &annual).await?;
            Ok::<_, StoreError>(Some((annual, last)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let findings = annual.findings(last.as_ref());
    Ok((annual, findings))
}

/// `GET /workspace/reports/{id}/edit`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteReport>,
    Path(id): Path<AnnualId>,
) -> Result<Response, Problem> {
    let (annual, findings) = own(&app, &permit, id).await?;
    if let Some(sentence) = annual.why_closed() {
        return Err(Problem::refused(vec![sentence]));
    }
    page(&EditPage {
        shell,
        tables: tables(&annual, None, &findings),
        remarks: check::remarks(&annual.report()),
        findings,
        texts: annual.draft.texts.clone(),
        annual,
        why: String::new(),
        errors: FormErrors::default(),
    })
}

/// The fields of the editor: `version`, `why`, `text0` … `text5`, and `c:` with a cell's code; with `noughts`, what is empty in
/// tables 三 and 四 is 0 by the word of who sends it.
fn typed_of(fields: Vec<(String, String)>) -> Option<(i64, Typed)> {
    let mut typed = Typed::default();
    let (mut version, mut noughts) = (None, false);
    for (name, value) in fields {
        if let Some(code) = name.strip_prefix("c:") {
            typed.cells.insert(Cell::from_code(code)?, value);
        } else if let Some(part) = name.strip_prefix("text") {
            let part: usize = part.parse().ok()?;
            *typed.texts.get_mut(part)? = value.replace("\r\n", "\n");
        } else if name == "why" {
            value.trim().clone_into(&mut typed.why);
        } else if name == "version" {
            version = value.parse().ok();
        } else if name == "noughts" {
            noughts = true;
        }
    }
    if noughts {
        for (cell, text) in &mut typed.cells {
            if !matches!(cell, Cell::Two(_)) && text.trim().is_empty() {
                "0".clone_into(text);
            }
        }
    }
    Some((version?, typed))
}

/// `POST /workspace/reports/{id}/edit`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteReport>,
    Path(id): Path<AnnualId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let Some((version, typed)) = typed_of(fields) else {
        return Err(Problem::new(Problem::BAD_REQUEST));
    };
    let kept = typed.clone();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::save(tx, &permit, (id, version), typed).await)
        .await;
    match done {
        Ok(annual) => {
            let place = format!("{LIST}/{}/edit", annual.id);
            Ok(redirect_with(&place, "已保存草稿，核对结果见页面上方。"))
        }
        Err(NotDone::Refused(reasons)) => {
            let found = own(&app, &permit, id).await?;
            refuse(&refilled(shell, found, kept, errors_of(reasons)))
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let found = own(&app, &permit, id).await?;
            // Confirmed while somebody was still writing: nothing can be saved, and nothing typed may be lost.
            let closed = found.0.why_closed().map(|said| ("closed", said));
            let errors = form_errors(vec![closed.unwrap_or_else(fault::overtaken)]);
            let mut response = refuse(&refilled(shell, found, kept, errors))?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// The reasons under their fields; one about a number under its cell.
fn errors_of(reasons: Vec<Reason>) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, sentence) in reasons {
        let about = |cell: &Cell| sentence.starts_with(&format!("{cell}："));
        let cell = Cell::all().filter(|_| field == "cells").find(about);
        let field = cell.map_or_else(|| field.to_owned(), |cell| format!("cell-{}", cell.code()));
        errors.add(field, sentence);
    }
    errors
}

/// The editor with what was typed, over the report as it is stored now.
fn refilled(
    shell: Shell,
    (annual, findings): (Annual, Vec<Finding>),
    typed: Typed,
    errors: FormErrors,
) -> EditPage {
    let cells: BTreeMap<Cell, String> = typed.cells;
    EditPage {
        shell,
        tables: tables(&annual, Some(&cells), &findings),
        remarks: check::remarks(&annual.report()),
        findings,
        annual,
        texts: typed.texts,
        why: typed.why,
        errors,
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Versioned {
    pub(super) version: i64,
}

/// `POST /workspace/reports/{id}/refresh`
pub(super) async fn refresh(
    State(app): State<App>,
    permit: Permit<WriteReport>,
    Path(id): Path<AnnualId>,
    Form(of): Form<Versioned>,
) -> Result<Response, Problem> {
    let annual = app
        .db
        .write(async |tx: &mut Tx| handle::refresh(tx, &permit, &app.seams, (id, of.version)).await)
        .await?;
    let place = format!("{LIST}/{}/edit", annual.id);
    Ok(redirect_with(
        &place,
        "已重新取数；人工填写和调整的数没有改动。",
    ))
}
