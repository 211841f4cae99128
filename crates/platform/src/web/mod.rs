//! The web shell: what every page stands in, how a request becomes a permit, how failures become pages.

mod again;
mod app;
mod assets;
mod counted;
pub mod download;
mod fields;
mod form;
mod hanzi;
mod hot;
mod how_counted;
mod layers;
mod local;
mod memory;
mod moment;
mod open;
mod pace;
mod piece;
mod problem;
pub mod qr;
mod route;
mod shell;
mod tag;
mod wait;

pub use again::Again;
pub use app::{
    App, BoxFuture, NavItem, Parts, PrintError, Printer, Sandbox, SandboxError, SheetLine, Site,
    put_aside,
};
pub use assets::{asset, asset_names, asset_version, has_asset};
pub use counted::CountedDays;
pub(crate) use fields::plain;
pub use fields::{Form, Query};
pub use form::{FormErrors, PAGE_ROWS, Paging, address, redirect_with};
pub use hanzi::{Hanzi, in_simplified};
pub use how_counted::HowCounted;
pub(crate) use layers::answer;
pub use layers::{
    CLIENT_BODY_BYTES_MAX, ClientAddress, SESSION_COOKIE, hash_token, session_cookie,
    session_token, wrap,
};
pub use local::local_path;
pub use moment::{civil_day, day, moment, stamp, start_of};
pub use open::{OPEN_ASKS_MAX, OpenReader, open_json};
pub use pace::Pace;
pub use problem::{Problem, ProblemRow};
pub use route::{Access, Route, router};
pub use shell::{Column, Mode, Shell, SignedIn, page, refuse};
pub use tag::{is_known, not_modified};
