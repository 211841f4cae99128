//! What a handler can reach.

use std::future::Future;
use std::io::Write as _;
use std::ops::Deref;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use jiff::tz::TimeZone;
use tempfile::NamedTempFile;

use super::memory::Memory;
use crate::access::ActRow;
use crate::account::{Gate, HandledWork};
use crate::db::{Db, StoreError};
use crate::files::Files;
use crate::inbox::digest::Carrier;
use crate::organ;
use crate::outside::Outside;
use crate::portal::known::Kept;
use crate::seam::Seams;

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reads a foreign file where a crash or a memory blow-up cannot hurt: a child process with limits.
#[async_trait]
pub trait Sandbox: Send + Sync {
    /// Gives the child's answer in `gongkai_office`'s wire form.
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError>;

    /// As [`Sandbox::read`], with the pictures of the text.
    async fn read_with_pictures(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        self.read(file).await
    }

    /// Gives the tables of a file as plain lines of cells, for lists that the platform itself takes.
    async fn sheets(&self, file: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError>;

    /// What the file hides, in `gongkai_office`'s wire form.
    async fn hidden(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError(NOT_WIRED.to_owned()))
    }

    /// The file without what it hides, in `gongkai_office`'s wire form.
    async fn clean(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError(NOT_WIRED.to_owned()))
    }

    /// The words of the file, each with its place, in `gongkai_office`'s wire form.
    async fn pieces(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError(NOT_WIRED.to_owned()))
    }

    /// A clean copy in which some words are covered, in `gongkai_office`'s wire form; the file at this path is an order in that
    /// form, too: what to cover, and of which bytes.
    async fn cover(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError(NOT_WIRED.to_owned()))
    }
}

/// Where no child process is wired.
const NOT_WIRED: &str =
    "这里没有检查文件的进程，文件没有检查。已有数据没有受影响。请联系系统管理员。";

/// A line of a table: its number in the file, from 1, and its cells from the first column on.
pub type SheetLine = (usize, Vec<String>);

/// The child did not answer. The sentence says what happened and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SandboxError(pub String);

/// Bytes where the child can open them; the file goes with the value.
///
/// # Errors
/// When it cannot be written.
pub async fn put_aside(
    bytes: impl AsRef<[u8]> + Send + 'static,
) -> Result<NamedTempFile, StoreError> {
    let written = tokio::task::spawn_blocking(move || {
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes.as_ref())?;
        Ok(file)
    });
    let written: std::io::Result<NamedTempFile> =
        written.await.unwrap_or_else(|end| Err(end.into()));
    Ok(written?)
}

/// Makes a PDF of a named template; wired by the binary when it is built with `pdf`.
pub trait Printer: Send + Sync {
    /// # Errors
    /// When no font has a needed character, or the template does not fit the data.
    fn pdf(
        &self,
        template: &str,
        data: &serde_json::Value,
        today: Date,
    ) -> Result<Vec<u8>, PrintError>;

    /// As [`Printer::pdf`], with pictures by the names that the data call them; one that cannot be drawn is left to the
    /// template's words.
    ///
    /// # Errors
    /// As [`Printer::pdf`].
    fn illustrated(
        &self,
        template: &str,
        data: &serde_json::Value,
        _pictures: &[(String, Vec<u8>)],
        today: Date,
    ) -> Result<Vec<u8>, PrintError> {
        self.pdf(template, data, today)
    }

    /// Makes ready what the first PDF would wait for. Blocks, and fails silently: what is not ready then is made ready by the
    /// PDF itself.
    fn warm(&self) {}

    /// The pages, from 1, on which the template's marked places stand, in their order; none for a template without marks.
    ///
    /// # Errors
    /// As [`Printer::pdf`].
    fn pages(
        &self,
        _template: &str,
        _data: &serde_json::Value,
        _pictures: &[(String, Vec<u8>)],
        _today: Date,
    ) -> Result<Vec<i64>, PrintError> {
        Ok(Vec::new())
    }
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct PrintError(pub String);

/// What the site is called and how it stands in its network.
#[derive(Debug, Clone)]
pub struct Site {
    /// 安澜市
    pub name: String,
    /// Where the public reaches it, without a slash at the end.
    pub url: String,
    /// Cookies only over TLS.
    pub secure: bool,
    /// Fictitious data: a red banner stands on every page.
    pub demo: bool,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

/// An entry of the workspace's menu; shown to those who may do the act.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    pub group: &'static str,
    pub title: &'static str,
    pub path: &'static str,
    pub act: ActRow,
}

/// The parts that the binary puts together once.
pub struct Parts {
    pub db: Db,
    pub files: Files,
    pub site: Site,
    /// Replaced whole when a notice is imported.
    pub calendar: RwLock<Arc<WorkCalendar>>,
    pub sandbox: Arc<dyn Sandbox>,
    pub printer: Option<Arc<dyn Printer>>,
    /// Looks at pages of other sites.
    pub outside: Arc<dyn Outside>,
    pub nav: Vec<NavItem>,
    /// Work that hangs on a person, told and moved when the person leaves.
    pub handled_work: Vec<Arc<dyn HandledWork>>,
    /// What the work of capabilities makes of changes in the directory of organs.
    pub organ_hooks: organ::Hooks,
    /// What capabilities offer each other.
    pub seams: Seams,
    /// The ways out of the house for digests of the inbox.
    pub carriers: Vec<Arc<dyn Carrier>>,
}

/// The application's state; cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    gate: Arc<Gate>,
    portals: Arc<Kept>,
    memory: Arc<Memory>,
}

impl App {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
            gate: Arc::default(),
            portals: Arc::default(),
            memory: Arc::default(),
        }
    }

    /// Counts failed sign-ins of each address.
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The sites of this store, kept for seconds.
    #[must_use]
    pub fn portals(&self) -> &Kept {
        &self.portals
    }

    /// What this process remembers of a type, empty at first.
    #[must_use]
    pub fn memory<T: std::any::Any + Send + Sync + Default>(&self) -> Arc<T> {
        self.memory.of()
    }

    /// Today in Beijing: civil dates are dates, never instants.
    #[must_use]
    pub fn today(&self) -> Date {
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(jiff::tz::offset(8)));
        self.db.now().to_zoned(zone).date()
    }

    #[must_use]
    pub fn calendar(&self) -> Arc<WorkCalendar> {
        self.parts
            .calendar
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    pub fn replace_calendar(&self, calendar: WorkCalendar) {
        *self
            .parts
            .calendar
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(calendar);
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}
