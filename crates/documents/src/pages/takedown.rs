//! Where the same bytes are, and the form that takes them down together.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::FileId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{FILE_BYTES_MAX, FORM_BYTES_MAX};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::files::{hash_of, withheld};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Route, Shell, moment, page, redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::acts::TakeDownFiles;
use crate::takedown::{self, Chosen, Down, Place};

const LIST: &str = "/workspace/files";
/// What was taken down, on the first page.
const LISTED: i64 = 100;

pub(super) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<TakeDownFiles, _, _>(get(), "/workspace/files", ask),
        Route::act::<TakeDownFiles, _, _>(post(), "/workspace/files", find)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<TakeDownFiles, _, _>(get(), "/workspace/files/{hash}", show),
        Route::act::<TakeDownFiles, _, _>(post(), "/workspace/files/{hash}", take_down),
        Route::act::<TakeDownFiles, _, _>(
            post(),
            "/workspace/files/{hash}/{file}/restore",
            restore,
        ),
    ]
}

#[derive(Template)]
#[template(path = "takedown/find.html")]
struct FindPage {
    shell: Shell,
    /// What is taken down now.
    places: Vec<Place>,
    errors: FormErrors,
}

impl FindPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

async fn find_page(
    app: &App,
    shell: Shell,
    permit: &Permit<TakeDownFiles>,
    errors: FormErrors,
) -> Result<FindPage, Problem> {
    let places = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            let copies = withheld::all(tx, &within, LISTED).await?;
            takedown::named(tx, &app.seams, copies).await
        })
        .await?;
    Ok(FindPage {
        shell,
        places,
        errors,
    })
}

/// `GET /workspace/files`
async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeDownFiles>,
) -> Result<Response, Problem> {
    page(&find_page(&app, shell, &permit, FormErrors::default()).await?)
}

/// `POST /workspace/files`: the bytes are only hashed, not kept.
async fn find(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeDownFiles>,
    mut multipart: Multipart,
) -> Result<Response, Problem> {
    while let Some(field) = multipart.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field.bytes().await?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(Problem::new(Problem::TOO_LARGE));
        }
        if !bytes.is_empty() {
            let hash = gongkai_platform::web::download::off_thread(move || hash_of(&bytes)).await?;
            return Ok(redirect_with(
                &format!("{LIST}/{hash}"),
                "已按内容查找；这个文件本身没有保存。",
            ));
        }
    }
    let mut errors = FormErrors::default();
    errors.add("file", "请选择要查找的文件。");
    refuse(&find_page(&app, shell, &permit, errors).await?)
}

#[derive(Template)]
#[template(path = "takedown/show.html")]
struct ShowPage {
    shell: Shell,
    hash: String,
    places: Vec<Place>,
    /// Places in organs that this person does not reach.
    beyond: i64,
    chosen: Chosen,
    errors: FormErrors,
}

impl ShowPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn is_chosen(&self, place: &Place) -> bool {
        self.chosen.files.is_empty() || self.chosen.files.contains(&place.copy.file)
    }

    fn open(&self) -> Vec<&Place> {
        let open = self.places.iter();
        open.filter(|place| place.copy.withheld.is_none()).collect()
    }

    fn down(&self) -> Vec<&Place> {
        let down = self.places.iter();
        down.filter(|place| place.copy.withheld.is_some()).collect()
    }

    fn public(&self) -> usize {
        self.places.iter().filter(|place| place.is_public()).count()
    }
}

/// A SHA-256 as it stands in addresses.
fn checked(hash: String) -> Result<String, Problem> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash {
        Ok(hash.to_ascii_lowercase())
    } else {
        Err(Problem::not_found())
    }
}

async fn show_page(
    app: &App,
    shell: Shell,
    permit: &Permit<TakeDownFiles>,
    hash: String,
    (chosen, errors): (Chosen, FormErrors),
) -> Result<ShowPage, Problem> {
    let (places, beyond) = app
        .db
        .read(async |tx: &mut Tx| {
            let found = takedown::places(tx, permit, &app.seams, &hash).await?;
            Ok::<_, StoreError>(found)
        })
        .await?;
    Ok(ShowPage {
        shell,
        hash,
        places,
        beyond,
        chosen,
        errors,
    })
}

/// `GET /workspace/files/{hash}`
async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeDownFiles>,
    Path(hash): Path<String>,
) -> Result<Response, Problem> {
    let hash = checked(hash)?;
    page(&show_page(&app, shell, &permit, hash, Default::default()).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Sent {
    place: Vec<FileId>,
    page: Vec<crate::id::DocumentId>,
    reason: String,
}

/// `POST /workspace/files/{hash}`
async fn take_down(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeDownFiles>,
    Path(hash): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let hash = checked(hash)?;
    let chosen = Chosen {
        files: sent.place,
        documents: sent.page,
        reason: sent.reason.trim().to_owned(),
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            takedown::take_down(tx, &permit, &app.seams, &hash, &chosen).await
        })
        .await;
    match done {
        Ok(Down { files, pages }) => {
            let pages = match pages {
                0 => String::new(),
                pages => format!("，连同{pages}个页面"),
            };
            let said =
                format!("已撤下{files}处文件{pages}，现在谁也打不开；撤错了可以在这里恢复。");
            Ok(redirect_with(&format!("{LIST}/{hash}"), &said))
        }
        Err(NotDone::Refused(reasons)) => {
            let errors = form_errors(reasons);
            refuse(&show_page(&app, shell, &permit, hash, (chosen, errors)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Reasoned {
    reason: String,
}

/// `POST /workspace/files/{hash}/{file}/restore`
async fn restore(
    State(app): State<App>,
    permit: Permit<TakeDownFiles>,
    Path((hash, file)): Path<(String, FileId)>,
    Form(form): Form<Reasoned>,
) -> Result<Response, Problem> {
    let hash = checked(hash)?;
    let reason = form.reason.trim().to_owned();
    let is_public = app
        .db
        .write(async |tx: &mut Tx| {
            takedown::restore(tx, &permit, &app.seams, (&hash, file), &reason).await
        })
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{hash}"),
        if is_public {
            "已恢复，这一处公众又可以下载。"
        } else {
            "已恢复这个文件；它所在的页面没有公开，公众仍然看不到。整页撤下的，请到那份文件里恢复发布。"
        },
    ))
}
