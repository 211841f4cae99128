//! The office records a finding that a person made, or that came from above.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::HandleFinding;
use super::super::report::{Found, report};
use super::super::{FindingKind, Severity, Source, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::access::Permit;
use crate::attachment::Link;
use crate::db::{StoreError, Tx};
use crate::organ::{self, Certainty, Directory, Entry, MatchKind, Target};
use crate::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    kind: String,
    severity: String,
    source: String,
    title: String,
    detail: String,
    url: String,
    fix_due_on: String,
}

#[derive(Template)]
#[template(path = "finding/new.html")]
struct NewPage {
    shell: Shell,
    /// What may be written for each organ, in the directory's order.
    organs: Vec<String>,
    asked: Asked,
    errors: FormErrors,
}

impl NewPage {
    /// None is proposed: whoever forgets to choose would record something else than what was seen.
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let mut kinds = vec![("", "请选择")];
        kinds.append(&mut FindingKind::options());
        kinds
    }

    fn severities(&self) -> Vec<(&'static str, &'static str)> {
        Severity::options()
    }

    fn sources(&self) -> Vec<(&'static str, &'static str)> {
        [Source::Person, Source::Bulletin]
            .iter()
            .map(|source| (source.code(), source.name()))
            .collect()
    }
}

/// The organs in use of the governments that the office works for.
struct Organs {
    directories: Vec<Directory>,
    /// What may be written for each: its name, and where several bear it, with the one above.
    written: Vec<(OrganId, String)>,
}

impl Organs {
    async fn of(tx: &mut Tx, permit: &Permit<HandleFinding>) -> Result<Self, StoreError> {
        let mut directories = Vec::new();
        let mut governments = BTreeSet::new();
        for held in permit.roles() {
            if let Some(government) = organ::government_of(tx, held.organ).await?
                && governments.insert(government)
            {
                directories.push(organ::directory(tx, government).await?);
            }
        }
        Ok(Self {
            written: written(&directories),
            directories,
        })
    }

    fn names(&self) -> Vec<String> {
        self.written.iter().map(|(_, name)| name.clone()).collect()
    }

    /// The one organ that somebody means by its name, short name or another name, with its name; or the sentence that says
    /// why there is none. What may be a slip of the pen is asked for: the organ sees at once what is recorded.
    fn meant(&self, typed: &str) -> Result<(OrganId, String), String> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err("请填写责任单位。".to_owned());
        }
        if let Some(found) = self.written.iter().find(|(_, name)| name == typed) {
            return Ok(found.clone());
        }
        let (mut sure, mut near): (Vec<&Entry>, Vec<&Entry>) = (Vec::new(), Vec::new());
        for directory in &self.directories {
            for hit in directory.find(typed) {
                let entry = match &hit.target {
                    Target::Organ(id) => directory.entry(*id),
                    Target::Collective(_) => None,
                };
                let Some(entry) = entry else { continue };
                let list = match hit.certainty {
                    Certainty::Certain => &mut sure,
                    Certainty::Likely if hit.kind != MatchKind::Slip => &mut sure,
                    Certainty::Likely | Certainty::Doubtful => &mut near,
                };
                if !list.iter().any(|known| known.id == entry.id) {
                    list.push(entry);
                }
            }
        }
        if let [one] = sure.as_slice() {
            return Ok((one.id, one.name.clone()));
        }
        let may_be: Vec<String> = sure
            .iter()
            .chain(&near)
            .map(|entry| format!("“{}”", entry.name))
            .collect();
        Err(if may_be.is_empty() {
            format!("机关名录里没有“{typed}”。请从列表中选择，或先在机关名录中添加。")
        } else {
            format!(
                "“{typed}”可能指{}。请从列表中选择，或填写全称。",
                may_be.join("、")
            )
        })
    }
}

/// Each organ once, in the directory's order.
fn written(directories: &[Directory]) -> Vec<(OrganId, String)> {
    let mut organs: Vec<&Entry> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in directories.iter().flat_map(Directory::entries) {
        if seen.insert(entry.id) {
            organs.push(entry);
            *bearers.entry(entry.name.as_str()).or_default() += 1;
        }
    }
    let above = |entry: &Entry| {
        let parent = entry.parent?;
        directories.iter().find_map(|known| known.entry(parent))
    };
    let one = |entry: &&Entry| {
        let alone = bearers.get(entry.name.as_str()) == Some(&1);
        let name = match above(entry) {
            Some(above) if !alone => format!("{}（上级：{}）", entry.name, above.name),
            Some(_) | None => entry.name.clone(),
        };
        (entry.id, name)
    };
    organs.iter().map(one).collect()
}

/// `GET /workspace/findings/new`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
) -> Result<Response, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| Organs::of(tx, &permit).await)
        .await?;
    page(&NewPage {
        shell,
        organs: organs.names(),
        asked: Asked::default(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/findings/new`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| Organs::of(tx, &permit).await)
        .await?;
    let office = permit.roles().first().map(|held| held.organ);
    let mut errors = FormErrors::default();
    let organ = match organs.meant(&asked.organ) {
        Ok(organ) => Some(organ),
        Err(sentence) => {
            errors.add("organ", sentence);
            None
        }
    };
    let found = office.and_then(|office| {
        let organ = organ.as_ref().map(|(id, _)| *id);
        read(&asked, (organ, office), app.today(), &mut errors)
    });
    let Some((found, (_, unit))) = found.zip(organ).filter(|_| errors.is_empty()) else {
        let mut response = page(&NewPage {
            shell,
            organs: organs.names(),
            asked,
            errors,
        })?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    let finding = app
        .db
        .write(async |tx: &mut Tx| {
            let key = format!("person:{}", tx.fresh());
            report(tx, permit.actor(), Found { key, ..found }).await
        })
        .await?;
    Ok(redirect_with(
        &format!("/workspace/findings/{}", finding.id),
        &format!("问题已登记，责任单位“{unit}”可以看到了。"),
    ))
}

fn read(
    asked: &Asked,
    (organ, office): (Option<OrganId>, OrganId),
    today: Date,
    errors: &mut FormErrors,
) -> Option<Found> {
    let kind = FindingKind::from_code(&asked.kind);
    if kind.is_none() {
        errors.add("kind", "请选择是哪一类问题。");
    }
    let (title, detail) = (asked.title.trim(), asked.detail.trim());
    if title.is_empty() {
        errors.add("title", "请写明是什么问题。");
    } else if title.chars().count() > TITLE_CHARS_MAX {
        errors.add("title", format!("最多{TITLE_CHARS_MAX}字。"));
    }
    if detail.chars().count() > TEXT_CHARS_MAX {
        errors.add("detail", format!("最多{TEXT_CHARS_MAX}字。"));
    }
    let url = match asked.url.trim() {
        "" => None,
        text => match text.parse::<Link>() {
            Ok(link) => Some(link.as_str().to_owned()),
            Err(error) => {
                errors.add("url", error.to_string());
                None
            }
        },
    };
    let due = asked.fix_due_on.parse::<Date>().ok();
    match due {
        None => errors.add("fix_due_on", "请填写整改期限，如 2026-10-31。"),
        Some(due) if due < today => errors.add("fix_due_on", "整改期限不能早于今天。"),
        Some(_) => {}
    }
    Some(Found {
        organ: organ?,
        office,
        key: String::new(),
        kind: kind?,
        severity: Severity::from_code(&asked.severity).unwrap_or(Severity::Minor),
        source: match asked.source.as_str() {
            "bulletin" => Source::Bulletin,
            _ => Source::Person,
        },
        title: title.to_owned(),
        detail: detail.to_owned(),
        url,
        about: None,
        found_on: today,
        fix_due_on: due,
    })
}
