//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod act;
mod archive;
pub(crate) mod check;
mod clean_file;
mod cleanup;
mod column;
mod compare;
mod concerned;
mod copy;
mod cover;
mod cover_file;
pub(crate) mod desk;
mod feed;
mod file;
mod gazette;
pub(crate) mod hidden;
mod history;
mod house_field;
mod index_scheme;
mod left;
mod map;
mod older;
mod openness;
mod organ;
mod portal;
mod publish;
mod record;
mod rules;
mod show;
pub(crate) mod source;
mod takedown;
mod together;
mod upper;
mod validity;
mod ways;
mod write;

use axum::http::Method;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::{Route, refuse};

use crate::acts::{
    CheckBeforePublication, FillColumns, KeepCheckRules, KeepColumns, KeepIndexScheme,
    KeepReviewWays, PublishDocuments, ReleaseSteps, ReviewDocuments, ViewColumns, ViewDocuments,
    WriteDocuments,
};

pub(crate) use portal::open::PARTS as OPEN_PARTS;

/// Where staff work on documents.
const DESK: &str = "/workspace/documents";

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = staff();
    routes.extend(acts());
    routes.extend(columns());
    routes.extend(gazette::routes());
    routes.extend(takedown::routes());
    routes.extend(rules());
    routes.extend(clean_file::routes());
    routes.extend(cover_file::routes());
    routes.extend(uppers());
    routes.extend(concerned::routes());
    routes.extend(demands());
    routes.extend([
        Route::public(Method::GET, "/documents", portal::library::list).for_all(),
        Route::public(Method::GET, "/documents/feed.xml", feed::feed).for_all(),
        Route::public(Method::GET, "/documents/years", archive::years).for_all(),
        Route::public(Method::GET, "/documents/years/{year}", archive::year).for_all(),
        Route::public(
            Method::GET,
            "/documents/years/{year}/{kind}",
            archive::year_and_kind,
        )
        .for_all(),
        Route::public(
            Method::GET,
            "/documents/years/{year}/{kind}/{page}",
            archive::page_of,
        )
        .for_all(),
        Route::public(Method::GET, "/api/documents.json", portal::open::list).for_all(),
        Route::public(Method::GET, "/api/documents.ndjson", portal::open::lines),
        Route::public(Method::GET, "/api/documents/{name}", portal::open::show).for_all(),
        Route::public(Method::GET, "/documents/{id}", portal::show).for_all(),
        Route::public(Method::GET, "/documents/{id}/history", history::show).for_all(),
        Route::public(
            Method::GET,
            "/documents/{id}/history/{edition}/files/{file}",
            portal::file::attached_to_text,
        ),
        Route::public(Method::GET, "/documents/{id}/text", copy::moved),
        Route::public(Method::GET, "/documents/{id}/text.docx", copy::word),
        Route::public(Method::GET, "/documents/{id}/text.pdf", copy::pdf),
        Route::public(
            Method::GET,
            "/documents/{id}/files/{file}",
            portal::file::attached,
        ),
        Route::public(
            Method::GET,
            "/documents/{id}/pictures/{name}",
            portal::file::shown_picture,
        ),
        Route::act::<ViewDocuments, _, _>(
            Method::GET,
            "/workspace/documents/{id}/pictures/{name}",
            file::shown_picture,
        ),
    ]);
    routes
}

/// What the house sets for its own documents: the words of the check, and how numbers are made.
fn rules() -> Vec<Route> {
    vec![
        Route::act::<CheckBeforePublication, _, _>(
            Method::GET,
            "/workspace/check/rules",
            rules::list,
        ),
        Route::act::<CheckBeforePublication, _, _>(
            Method::GET,
            "/workspace/check/rules/words.json",
            rules::file,
        ),
        Route::act::<CheckBeforePublication, _, _>(
            Method::GET,
            "/workspace/check/rules/masking.json",
            rules::masking_file,
        ),
        Route::act::<KeepCheckRules, _, _>(
            Method::POST,
            "/workspace/check/rules/masking",
            rules::set_masking,
        ),
        Route::act::<KeepCheckRules, _, _>(Method::POST, "/workspace/check/rules/add", rules::add),
        Route::act::<KeepCheckRules, _, _>(
            Method::POST,
            "/workspace/check/rules/remove",
            rules::remove,
        ),
        Route::act::<KeepIndexScheme, _, _>(
            Method::GET,
            "/workspace/documents/index-numbers",
            index_scheme::show,
        ),
        Route::act::<KeepIndexScheme, _, _>(
            Method::POST,
            "/workspace/documents/index-numbers",
            index_scheme::keep,
        ),
    ]
}

/// 上级文件, on which documents rest.
fn uppers() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/upper", upper::list),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/upper", upper::add)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/upper/{id}", upper::show),
        Route::act::<WriteDocuments, _, _>(
            post(),
            "/workspace/documents/upper/{id}",
            upper::correct,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewDocuments, _, _>(
            post(),
            "/workspace/documents/upper/{id}/look",
            upper::look,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/upper/{id}/standing",
            upper::record,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/upper/{id}/settle",
            upper::settle,
        ),
    ]
}

fn staff() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents", desk::list),
        Route::act::<ViewDocuments, _, _>(
            post(),
            "/workspace/documents/columns",
            desk::keep_columns,
        ),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/cleanup", desk::cleanup),
        Route::act::<ViewDocuments, _, _>(
            get(),
            "/workspace/documents/cleanup.xlsx",
            desk::cleanup_sheet,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/cleanup/opinions",
            cleanup::preview,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/cleanup/opinions/record",
            cleanup::record,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/openness", openness::list),
        Route::act::<WriteDocuments, _, _>(get(), "/workspace/documents/new", write::ask),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/new", write::begin)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/findings", together::list),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/{id}", show::show),
        Route::act::<ViewDocuments, _, _>(
            get(),
            "/workspace/documents/{id}/compare",
            compare::show,
        ),
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/{id}/record", record::show),
        Route::act::<ViewDocuments, _, _>(
            get(),
            "/workspace/documents/{id}/files/{file}/check",
            check::attached,
        ),
        Route::act::<ViewDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/source",
            source::compare,
        ),
        Route::act::<ViewDocuments, _, _>(
            get(),
            "/workspace/documents/{id}/files/{file}",
            file::file,
        ),
        Route::act::<WriteDocuments, _, _>(get(), "/workspace/documents/{id}/mask", cover::ask),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/{id}/mask", cover::save),
        Route::act::<WriteDocuments, _, _>(
            get(),
            "/workspace/documents/{id}/write",
            write::ask_again,
        ),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/{id}/write", write::write)
            .body_bytes_max(FORM_BYTES_MAX),
    ]
}

/// 审核流程: what a government asks beside what the kinds ask.
fn demands() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewDocuments, _, _>(get(), "/workspace/documents/ways", ways::list),
        Route::act::<KeepReviewWays, _, _>(post(), "/workspace/documents/ways/add", ways::add),
        Route::act::<KeepReviewWays, _, _>(
            post(),
            "/workspace/documents/ways/remove",
            ways::remove,
        ),
        Route::act::<KeepReviewWays, _, _>(
            post(),
            "/workspace/documents/ways/fields/add",
            house_field::add,
        ),
        Route::act::<KeepReviewWays, _, _>(
            post(),
            "/workspace/documents/ways/fields/remove",
            house_field::remove,
        ),
    ]
}

fn acts() -> Vec<Route> {
    let post = || Method::POST;
    vec![
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/{id}/send", act::send),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/{id}/recall", act::recall),
        Route::act::<WriteDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/discard",
            act::discard,
        ),
        Route::act::<WriteDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/discard/undo",
            act::take_back,
        ),
        Route::act::<WriteDocuments, _, _>(post(), "/workspace/documents/{id}/pictures", map::say),
        Route::act::<WriteDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/openness",
            openness::decide,
        ),
        Route::act::<ReviewDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/review",
            act::review,
        ),
        Route::act::<ReleaseSteps, _, _>(post(), "/workspace/documents/{id}/release", act::release),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/publish",
            publish::publish,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/schedule",
            publish::schedule,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/withdraw",
            publish::withdraw,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/restore",
            publish::restore,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/validity",
            validity::record,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/validity/undo",
            validity::undo,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/history/hide",
            older::hide,
        ),
        Route::act::<PublishDocuments, _, _>(
            post(),
            "/workspace/documents/{id}/history/show",
            older::show,
        ),
    ]
}

fn columns() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/organs", organ::list::list).for_all(),
        Route::public(get(), "/organs/level/{level}", organ::list::of_level).for_all(),
        Route::public(get(), "/organs/{id}", organ::show).for_all(),
        Route::public(get(), "/organs/{id}/pages/{page}", organ::page_of).for_all(),
        Route::public(get(), "/columns", column::public::list).for_all(),
        Route::public(get(), "/columns/{slug}", column::public::show).for_all(),
        Route::public(
            get(),
            "/columns/{slug}/pages/{page}",
            column::public::page_of,
        )
        .for_all(),
        Route::public(get(), "/columns/{slug}/feed.xml", column::public::feed).for_all(),
        Route::act::<ViewColumns, _, _>(get(), "/workspace/columns", column::list),
        Route::act::<KeepColumns, _, _>(get(), "/workspace/columns/new", column::ask),
        Route::act::<KeepColumns, _, _>(post(), "/workspace/columns/new", column::open),
        Route::act::<ViewColumns, _, _>(get(), "/workspace/columns/{id}", column::show),
        Route::act::<KeepColumns, _, _>(
            get(),
            "/workspace/columns/{id}/change",
            column::ask_change,
        ),
        Route::act::<KeepColumns, _, _>(post(), "/workspace/columns/{id}/change", column::change),
        Route::act::<KeepColumns, _, _>(post(), "/workspace/columns/{id}/close", column::close),
        Route::act::<FillColumns, _, _>(post(), "/workspace/documents/{id}/columns", column::fill),
    ]
}
