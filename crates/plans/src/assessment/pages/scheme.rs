//! A year's scheme as a table to edit, with its versions; as JSON and XLSX.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_office::form::table_xlsx;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::FindingKind;
use gongkai_platform::web::download::{self, attachment, off_thread};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::ManageScores;
use crate::assessment::scheme::{Grade, Indicator, Measure};
use crate::assessment::{Points, Scheme, class, handle, store};
use crate::step::{StepError, form_errors};
use crate::{offices, when};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    year: String,
    /// Whose scheme it is, for people of several offices.
    office: String,
    format: String,
    json: String,
    title: String,
    year_weight: String,
    year_weight_why: String,
    bonus_cap: String,
    grades: String,
    /// A class on each line.
    classes: String,
    veto: Vec<String>,
    /// One of each for every indicator, in order.
    code: Vec<String>,
    group: Vec<String>,
    name: Vec<String>,
    weight: Vec<String>,
    measure: Vec<String>,
    rules: Vec<String>,
}

/// A scheme, or what cannot be read of it, by field.
type Read = Result<Scheme, Vec<(&'static str, String)>>;

impl Asked {
    fn year(&self, app: &App) -> i64 {
        let this = i64::from(app.today().year());
        self.year
            .trim()
            .parse()
            .ok()
            .filter(|year| (2000..2100).contains(year))
            .unwrap_or(this)
    }

    /// The scheme as typed, or what cannot be read. `known` are the organs that are named in it.
    fn scheme(&self, known: &[(OrganId, String)]) -> Read {
        let mut wrong = Vec::new();
        let mut points = |field: &'static str, what: &str, text: &str| {
            text.parse::<Points>().unwrap_or_else(|error| {
                wrong.push((field, format!("{what}：{error}。")));
                Points::ZERO
            })
        };
        let year_weight = points("year_weight", "年度绩效权重", &self.year_weight);
        let bonus_cap = points("bonus_cap", "加分上限", &self.bonus_cap);
        let mut indicators = Vec::new();
        let rows = self.code.iter().zip(&self.group).zip(&self.name);
        let rows = rows.zip(self.weight.iter().zip(&self.measure).zip(&self.rules));
        let mut unread = Vec::new();
        for (((code, group), name), ((weight, measure), rules)) in rows {
            if name.trim().is_empty() {
                continue;
            }
            let weight = points("step", name, weight);
            let cases = Indicator::read_rules(rules).unwrap_or_else(|part| {
                unread.push((
                    "step",
                    format!("指标“{name}”：看不懂“{part}”，请写成“更新不及时 1”。"),
                ));
                Vec::new()
            });
            indicators.push(Indicator {
                code: code.trim().to_owned(),
                group: group.trim().to_owned(),
                name: name.trim().to_owned(),
                weight,
                measure: Measure::from_code(measure).unwrap_or(Measure::Judged),
                cases,
            });
        }
        let (grades, unknown) = self.read_grades();
        unread.extend(unknown.into_iter().map(|sentence| ("grades", sentence)));
        let (classes, unknown) = class::read(&self.classes, known);
        unread.extend(unknown.into_iter().map(|sentence| ("classes", sentence)));
        wrong.append(&mut unread);
        if wrong.is_empty() {
            Ok(Scheme {
                title: self.title.trim().to_owned(),
                year_weight,
                year_weight_why: self.year_weight_why.trim().to_owned(),
                indicators,
                bonus_cap,
                grades,
                vetoes: self.veto.clone(),
                classes,
            })
        } else {
            Err(wrong)
        }
    }

    /// The grades as typed, and what cannot be read of them.
    fn read_grades(&self) -> (Vec<Grade>, Vec<String>) {
        let (mut grades, mut unknown) = (Vec::new(), Vec::new());
        for part in self.grades.split(['；', ';']).map(str::trim) {
            let read = part.rsplit_once(' ').and_then(|(name, from)| {
                Some(Grade {
                    name: name.trim().to_owned(),
                    from: from.parse().ok()?,
                })
            });
            match read {
                Some(grade) => grades.push(grade),
                None if part.is_empty() => {}
                None => unknown.push(format!("看不懂等次“{part}”，请写成“优秀 90”。")),
            }
        }
        (grades, unknown)
    }
}

#[derive(Template)]
#[template(path = "assessment/scheme.html")]
struct SchemePage {
    shell: Shell,
    /// Those in whose name the person may save a scheme, and the one whose scheme this is.
    offices: Vec<(OrganId, String)>,
    office: OrganId,
    year: i64,
    scheme: Scheme,
    /// 0 for the standard scheme, which nobody has saved yet.
    version: i64,
    versions: Vec<(i64, String, i64)>,
    /// The classes as people write them.
    classes: String,
    warnings: Vec<String>,
    errors: FormErrors,
}

impl SchemePage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn measures(&self) -> Vec<(&'static str, &'static str)> {
        Measure::options()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        FindingKind::options()
    }

    fn is_veto(&self, code: &str) -> bool {
        self.scheme.vetoes.iter().any(|veto| veto == code)
    }

    fn grades(&self) -> String {
        let grades = self.scheme.grades.iter();
        let words = grades.map(|grade| format!("{} {}", grade.name, grade.from));
        words.collect::<Vec<_>>().join("；")
    }

    /// A code that no indicator has, for the empty row.
    fn next_code(&self) -> String {
        let taken = |code: &String| self.scheme.indicators.iter().any(|one| one.code == *code);
        (1..)
            .map(|n| format!("n{n}"))
            .find(|code| !taken(code))
            .unwrap_or_default()
    }
}

/// Those in whose name a person may save a scheme, and the one that is asked for, else the first.
fn whose(
    permit: &Permit<ManageScores>,
    asked: &str,
) -> Result<(Vec<(OrganId, String)>, OrganId), Problem> {
    let offices = offices::organs(permit);
    let mut known = offices.iter().map(|(organ, _)| *organ);
    let office = known.find(|organ| asked.is_empty() || organ.to_string() == asked);
    let office = office.ok_or_else(Problem::not_found)?;
    Ok((offices, office))
}

/// The classes of a scheme as people write them.
async fn classes(app: &App, scheme: &Scheme) -> Result<String, Problem> {
    let units = scheme.units_by_hand();
    let names = app
        .db
        .read(async |tx: &mut Tx| store::organ_names(tx, &units).await)
        .await?;
    Ok(class::text(&scheme.classes, &names))
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ManageScores>,
    (office, year): (&str, i64),
) -> Result<SchemePage, Problem> {
    let (offices, office) = whose(permit, office)?;
    let (found, versions) = app
        .db
        .read(async |tx: &mut Tx| {
            let found = store::scheme(tx, office, year).await?;
            let versions = store::scheme_versions(tx, office, year).await?;
            Ok::<_, StoreError>((found, versions))
        })
        .await?;
    let (scheme, version) = found.unwrap_or_else(|| (Scheme::standard(year), 0));
    Ok(SchemePage {
        shell,
        offices,
        office,
        year,
        warnings: scheme.warnings(),
        classes: classes(app, &scheme).await?,
        scheme,
        version,
        versions,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/scores/scheme`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Query(asked): Query<Year>,
) -> Result<Response, Problem> {
    let year = Asked {
        year: asked.year,
        ..Asked::default()
    }
    .year(&app);
    page(&build(&app, shell, &permit, (&asked.office, year)).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Year {
    year: String,
    office: String,
    format: String,
}

/// `POST /workspace/scores/scheme`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let year = asked.year(&app);
    let names = class::names(&asked.classes);
    let known = app
        .db
        .read(async |tx: &mut Tx| store::organs_named(tx, &names).await)
        .await?;
    let typed = (asked.scheme(&known), Some(asked.classes.as_str()));
    store_scheme(&app, shell, &permit, (&asked.office, year), typed).await
}

/// `POST /workspace/scores/scheme/import`: a scheme as JSON, as it was exported.
pub(super) async fn import(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let year = asked.year(&app);
    let read = serde_json::from_str::<Scheme>(&asked.json).map_err(|error| {
        let sentence = if asked.json.trim().is_empty() {
            "请粘贴从本页导出的内容。".to_owned()
        } else {
            // What the parser says of it is English.
            format!(
                "这段JSON不是考核办法，从第{}行起读不下去。请粘贴从本页导出的内容。",
                error.line().max(1)
            )
        };
        vec![("json", sentence)]
    });
    store_scheme(&app, shell, &permit, (&asked.office, year), (read, None)).await
}

/// Saves what was typed, or shows it again with what is wrong; `typed_classes` are shown as they were typed.
async fn store_scheme(
    app: &App,
    shell: Shell,
    permit: &Permit<ManageScores>,
    (office, year): (&str, i64),
    (read, typed_classes): (Read, Option<&str>),
) -> Result<Response, Problem> {
    let (_, organ) = whose(permit, office)?;
    let (reasons, typed) = match read {
        Ok(scheme) => {
            let organ = organ.to_string();
            let which = (organ.as_str(), year);
            let done = app
                .db
                .write(async |tx: &mut Tx| handle::save_scheme(tx, permit, which, &scheme).await)
                .await;
            match done {
                Ok(version) => {
                    return Ok(redirect_with(
                        &format!("/workspace/scores/scheme?year={year}&office={office}"),
                        &format!(
                            "已保存{year}年考核办法第{version}版；已开启的考核期仍按原来的一版。"
                        ),
                    ));
                }
                Err(StepError::Refused(reasons)) => (reasons, Some(scheme)),
                Err(error) => return Err(error.into()),
            }
        }
        Err(reasons) => (reasons, None),
    };
    let mut view = build(app, shell, permit, (office, year)).await?;
    if let Some(typed) = typed {
        view.warnings = typed.warnings();
        view.classes = classes(app, &typed).await?;
        view.scheme = typed;
    }
    if let Some(typed) = typed_classes {
        typed.clone_into(&mut view.classes);
    }
    view.errors = form_errors(reasons);
    refuse(&view)
}

/// The scheme as rows of a spreadsheet: an indicator each, then a class each with who belongs to it.
fn rows_of(scheme: &Scheme, classes: &str) -> Vec<Vec<String>> {
    let indicators = scheme.indicators.iter().map(|one| {
        vec![
            one.code.clone(),
            one.group.clone(),
            one.name.clone(),
            one.weight.to_string(),
            one.measure.name().to_owned(),
            one.rule_text(),
        ]
    });
    let classes = classes.lines().map(|line| {
        let (name, units) = line.split_once('：').unwrap_or((line, ""));
        ["", "考核分类", name, "", "类内排名", units]
            .map(str::to_owned)
            .to_vec()
    });
    indicators.chain(classes).collect()
}

/// `GET /workspace/scores/scheme/file?year=2026&format=json`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Query(asked): Query<Year>,
) -> Result<Response, Problem> {
    let format = asked.format.clone();
    let year = Asked {
        year: asked.year,
        ..Asked::default()
    }
    .year(&app);
    let view = build(&app, shell, &permit, (&asked.office, year)).await?;
    let (scheme, classes) = (view.scheme, view.classes);
    let name = format!("{}第{}版.{format}", scheme.title, view.version);
    let (bytes, media_type) = match format.as_str() {
        "json" => (
            serde_json::to_vec_pretty(&scheme).map_err(|_| Problem::new(Problem::INTERNAL))?,
            download::JSON,
        ),
        "xlsx" => {
            let made = off_thread(move || {
                let rows = rows_of(&scheme, &classes);
                let heads = ["代码", "分组", "指标", "分值", "计分方式", "每件分"];
                table_xlsx(&scheme.title, &heads, &rows)
            })
            .await?;
            let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
            (bytes, download::XLSX)
        }
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    Ok(attachment(&name, media_type, bytes))
}
