//! One case: what goes, what stays, why not yet; proposing, holding back, approving.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::{self, Attachment};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, form_errors};
use gongkai_platform::files;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, day, page, redirect_with};
use serde::Deserialize;

use crate::acts::{ApproveErasure, KeepRetention, ViewRetention};
use crate::id::RequestId;
use crate::pages::refuse;
use crate::request::ApplicantKind;
use crate::request::submit::SUBJECT;
use crate::retention::handle::{self, PLACES};
use crate::retention::passage::Passage;
use crate::retention::{Eraser, Known, Part, labels, store, third_parties};

/// A file with its place, and whether it goes in any case.
struct Listed {
    place: &'static str,
    file: Attachment,
    always: bool,
}

#[derive(Template)]
#[template(path = "retention/show.html")]
struct ShowPage {
    shell: Shell,
    known: Known,
    files: Vec<Listed>,
    /// Texts elsewhere that name whose data go, when somebody may approve it.
    passages: Vec<Passage>,
    today: Date,
    typed: Typed,
    errors: FormErrors,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        format!(
            "/workspace/requests/{}/retention",
            self.known.case.request.id
        )
    }

    fn parts(&self) -> Vec<(Part, Vec<Reason>)> {
        let of = |part: &Part| (*part, self.known.why_not(*part, self.today));
        Part::ALL.iter().map(of).collect()
    }

    /// The parts that may go now.
    fn open_parts(&self) -> Vec<(&'static str, &'static str)> {
        let open = self.parts().into_iter();
        let open = open.filter(|(_, reasons)| reasons.is_empty());
        open.map(|(part, _)| (part.code(), part.name())).collect()
    }

    fn reached(&self, part: &Part) -> String {
        let on = self.known.reached_on(*part);
        on.map_or_else(|| "未归档，未起算".to_owned(), day)
    }

    fn labels(&self, part: &Part) -> String {
        labels(&self.known.case.request.applicant, *part).join("、")
    }

    /// Third parties whose names go with all of the data.
    fn third_parties(&self) -> String {
        third_parties(&self.known.case).join("、")
    }

    /// Reasons beside the case are ticked until the person takes the tick away; other cases have terms of their own.
    fn masks(&self, passage: &Passage) -> bool {
        if self.typed.step.is_empty() {
            !passage.is_of_another_case()
        } else {
            self.typed.mask.contains(&passage.key)
        }
    }

    fn is_organisation(&self) -> bool {
        self.known.case.request.applicant.kind != ApplicantKind::Natural
    }

    fn may_keep(&self) -> bool {
        self.shell.may(&KeepRetention::ROW)
    }

    /// May this person decide what is open? Not who proposed it.
    fn may_decide(&self) -> bool {
        let me = self.shell.person.as_ref().map(|person| person.account);
        let open = self.known.open();
        self.shell.may(&ApproveErasure::ROW) && open.is_some_and(|one| Some(one.proposer) != me)
    }

    fn goes(&self, file: &Listed) -> bool {
        let id = file.file.id.to_string();
        file.always || self.known.open().is_some_and(|one| one.also.contains(&id))
    }

    fn is_ticked(&self, file: &Listed) -> bool {
        self.typed.also.contains(&file.file.id.to_string())
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    /// propose, hold, release; approve, refuse
    step: String,
    part: String,
    also: Vec<String>,
    /// Keys of texts elsewhere that are masked.
    mask: Vec<String>,
    why: String,
    sure: String,
}

async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<ViewRetention>),
    id: RequestId,
    (typed, errors): (Typed, FormErrors),
) -> Result<ShowPage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(known) = handle::known(tx, permit.roles(), id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let subject = id.to_string();
            let mut all = Vec::new();
            for (place, name) in PLACES {
                let of = attachment::of(tx, (place, &subject)).await?;
                all.extend(of.into_iter().map(|file| Listed {
                    place: name,
                    always: place == SUBJECT,
                    file,
                }));
            }
            let passages = match known.open() {
                Some(open) => {
                    let place = (id, known.case.request.organ);
                    let eraser = Eraser::of(&known.case, open.part);
                    store::passage::find(tx, place, &eraser).await?
                }
                None => Vec::new(),
            };
            Ok(Some((known, all, passages)))
        })
        .await?;
    let (known, files, passages) = found.ok_or_else(Problem::not_found)?;
    Ok(ShowPage {
        shell,
        known,
        files,
        passages,
        today: app.today(),
        typed,
        errors,
    })
}

/// `GET /workspace/requests/{id}/retention`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRetention>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let fresh = (Typed::default(), FormErrors::default());
    page(&shown(&app, (shell, &permit), id, fresh).await?)
}

/// `POST /workspace/requests/{id}/retention`: proposes, holds back, releases.
pub(super) async fn keep(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewRetention>,
    permit: Permit<KeepRetention>,
    Path(id): Path<RequestId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (today, of) = (app.today(), (id, typed.version));
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let why = typed.why.as_str();
            match typed.step.as_str() {
                "hold" => {
                    handle::hold(tx, &permit, of, why, today).await?;
                    Ok("已保留，解除以前不会被清除。")
                }
                "release" => {
                    handle::release(tx, &permit, of, why, today).await?;
                    Ok("已解除保留。")
                }
                _ => {
                    let part = Part::from_code(&typed.part);
                    let part = part.ok_or_else(|| {
                        NotDone::Refused(vec![("part", "请选择清除什么。".to_owned())])
                    })?;
                    let what = (part, typed.also.clone(), why);
                    handle::propose(tx, &permit, of, what, today).await?;
                    Ok("已提请清除，等待另一人批准；批准以前什么都没有清除。")
                }
            }
        })
        .await;
    match done {
        Ok(said) => Ok(redirect_with(
            &format!("/workspace/requests/{id}/retention"),
            said,
        )),
        Err(NotDone::Refused(reasons)) => {
            let kept = (typed, form_errors(reasons));
            refuse(&shown(&app, (shell, &viewing), id, kept).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/requests/{id}/retention/decision`: the second person.
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewRetention>,
    permit: Permit<ApproveErasure>,
    Path(id): Path<RequestId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (today, of) = (app.today(), (id, typed.version));
    let approves = typed.step == "approve";
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            if !approves {
                handle::refuse(tx, &permit, of, &typed.why, today).await?;
                return Ok(Vec::new());
            }
            if typed.sure != "yes" {
                let said = "请勾选“已经核对，知道清除以后不能恢复”。".to_owned();
                return Err(NotDone::Refused(vec![("sure", said)]));
            }
            let said = (typed.why.as_str(), typed.mask.as_slice());
            handle::approve(tx, &permit, of, said, today).await
        })
        .await;
    match done {
        Ok(unneeded) => {
            // What is left on the disk by a failure here goes with the nightly tidying.
            if let Err(error) = files::forget(&app.db, &app.files, &unneeded).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "bytes that nobody names are still on the disk");
            }
            let said = if approves {
                "已清除，不能恢复。归档包按清除后的内容重新打成，附清除登记。"
            } else {
                "没有同意清除，什么都没有清除。"
            };
            Ok(redirect_with(
                &format!("/workspace/requests/{id}/retention"),
                said,
            ))
        }
        Err(NotDone::Refused(reasons)) => {
            let kept = (typed, form_errors(reasons));
            refuse(&shown(&app, (shell, &viewing), id, kept).await?)
        }
        Err(error) => Err(error.into()),
    }
}
