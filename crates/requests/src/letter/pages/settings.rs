//! 文书设置: what an organ's letters carry.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_office::form::letterhead::Faces;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::SetLetters;
use crate::letter::handle;
use crate::letter::profile::Profile;
use crate::letter::store;
use crate::pages::{overtaken, refuse};
use crate::reach;
use gongkai_platform::fault::{NotDone, form_errors};

const PATH: &str = "/workspace/requests/letters/settings";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    version: i64,
    pattern: String,
    review_body: String,
    review_address: String,
    review_online: String,
    court: String,
    contact: String,
    phone: String,
    account: String,
    face_title: String,
    face_heading: String,
    face_subheading: String,
    face_body: String,
}

impl Typed {
    fn profile(&self) -> Profile {
        let text = |text: &str| text.trim().to_owned();
        Profile {
            pattern: text(&self.pattern),
            review_body: text(&self.review_body),
            review_address: text(&self.review_address),
            review_online: text(&self.review_online),
            court: text(&self.court),
            contact: text(&self.contact),
            phone: text(&self.phone),
            account: text(&self.account),
            faces: Faces {
                title: text(&self.face_title),
                heading: text(&self.face_heading),
                subheading: text(&self.face_subheading),
                body: text(&self.face_body),
            },
            version: self.version,
        }
    }
}

#[derive(Template)]
#[template(path = "letter/settings.html")]
struct SettingsPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    organ: OrganId,
    profile: Profile,
    example: String,
    /// Somebody else saved while this was typed.
    overtaken: bool,
    errors: FormErrors,
}

impl SettingsPage {
    fn is_organ(&self, id: &OrganId) -> bool {
        self.organ == *id
    }
}

/// `GET /workspace/requests/letters/settings?organ=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SetLetters>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let wanted: Option<OrganId> = asked.organ.parse().ok();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some((organs, organ)) = reach::chosen(tx, &scope, wanted).await? else {
                return Ok::<_, StoreError>(None);
            };
            let profile = store::profile(tx, organ).await?;
            Ok(Some((organs, organ, profile)))
        })
        .await?;
    let (organs, organ, profile) = found.ok_or_else(Problem::not_found)?;
    page(&SettingsPage {
        shell,
        organs,
        organ,
        example: profile.number(app.today().year(), 1),
        profile,
        overtaken: false,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/requests/letters/settings`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SetLetters>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let organ: OrganId = typed
        .organ
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let profile = typed.profile();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::set_profile(tx, &permit, organ, &profile).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("{PATH}?organ={organ}"),
            "文书设置已保存。",
        )),
        Err(NotDone::Refused(reasons)) => {
            let typed = (organ, profile, form_errors(reasons));
            refuse(&again(&app, (shell, &permit), typed).await?.1)
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let typed = (organ, profile, FormErrors::default());
            let (newest, mut page) = again(&app, (shell, &permit), typed).await?;
            page.overtaken = true;
            // Who has read that and saves again means it.
            page.profile.version = newest;
            overtaken(&page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with what was typed, and the version that is kept now.
async fn again(
    app: &App,
    (shell, permit): (Shell, &Permit<SetLetters>),
    (organ, profile, errors): (OrganId, Profile, FormErrors),
) -> Result<(i64, SettingsPage), Problem> {
    let (organs, newest) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let organs = store::organs(tx, &scope).await?;
            Ok::<_, StoreError>((organs, store::profile(tx, organ).await?.version))
        })
        .await?;
    let page = SettingsPage {
        shell,
        organs,
        organ,
        example: profile.number(app.today().year(), 1),
        profile,
        overtaken: false,
        errors,
    };
    Ok((newest, page))
}
