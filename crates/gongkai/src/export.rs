//! The portal as static files: every public page rendered through the router itself, in folders that a plain web server
//! serves below whatever path, for every link inside is relative. A run that was cut off goes on where it stopped; what
//! was withdrawn is removed, but for a page that says so; a manifest proves the rest.

mod disk;
mod links;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use gongkai_documents::document::store;
use gongkai_platform::access::Scope;
use gongkai_platform::audit;
use gongkai_platform::db::Tx;
use gongkai_platform::portal::{Face, HostName, Known};
use gongkai_platform::web::{App, asset_names, asset_version};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use disk::{Done, Folder};

pub use disk::{MANIFEST, WITHDRAWN};
pub use links::Texts;

/// One page or attachment, in bytes.
const PAGE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Addresses asked from a capability at once.
const BATCH: i64 = 1_000;
/// Broken addresses that are named.
const BROKEN_MAX: usize = 200;
/// Pages of the portal itself.
const OWN: [&str; 7] = [
    "/",
    "/sitemap",
    "/feed.xml",
    "/feeds",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/fixed.xml",
];

/// What an export did.
#[derive(Debug, Default)]
pub struct Summary {
    pub files: usize,
    /// Of these, so many were there already, byte for byte.
    pub same: usize,
    pub removed: usize,
    /// Pages of documents that were withdrawn.
    pub withdrawn: usize,
    /// Addresses that pages or capabilities name and that did not answer; at most [`BROKEN_MAX`].
    pub broken: Vec<String>,
}

struct Run<'a> {
    router: Router,
    /// The host that names the site; `None` for the main one.
    host: Option<HostName>,
    url: &'a str,
    texts: Texts,
    folder: Folder,
    seen: HashSet<String>,
    waiting: VecDeque<String>,
    /// Pages of documents that were withdrawn: they answer 410, and say why.
    withdrawn: BTreeSet<String>,
    /// Relative file names and their hashes.
    files: BTreeMap<String, String>,
    summary: Summary,
}

/// Which site a name, a host or an id means; the main one without a word.
///
/// # Errors
/// When no site is called so, or the store fails.
pub async fn face(app: &App, word: Option<&str>) -> Result<Face> {
    let known = app
        .db
        .read(async |tx: &mut Tx| Known::read(tx, &app.site).await)
        .await?;
    let at = match word {
        None => None,
        Some(word) if word == known.main.name => None,
        Some(word) => {
            let names: Vec<&str> = known.beside.iter().map(|look| look.name.as_str()).collect();
            Some(known.at_word(word).with_context(|| {
                format!(
                    "没有叫“{word}”的站点，没有导出。现有站点：{}。请写站点的名称或域名",
                    names.join("、")
                )
            })?)
        }
    };
    Ok(Face::new(Arc::new(known), at))
}

/// Writes a whole site.
///
/// # Errors
/// When the folder holds something else, the disk is full, or the store fails.
pub async fn site(
    app: &App,
    router: Router,
    (face, texts): (&Face, Texts),
    folder: &Path,
) -> Result<Summary> {
    let (seq, hash) = app
        .db
        .read(async |tx: &mut Tx| audit::newest(tx).await)
        .await?;
    // The first words are how pages are written, which a run that goes on must share.
    let written = format!("relative:{}:{}", texts.word, texts.pdf);
    let state = format!("{written}:{seq}:{hash}:{}:{}", asset_version(), face.url);
    let mut run = Run {
        router,
        host: face.host.clone(),
        url: &face.url,
        texts,
        folder: Folder::open(folder, &state)?,
        seen: HashSet::new(),
        waiting: VecDeque::new(),
        withdrawn: withdrawn(app, &face.scope).await?,
        files: BTreeMap::new(),
        summary: Summary::default(),
    };
    for name in asset_names() {
        run.wants(&format!("/assets/{}/{name}", asset_version()));
    }
    let fixed = app.seams.pages.iter().flat_map(|source| source.fixed());
    for path in OWN.into_iter().chain(fixed) {
        run.wants(path);
    }
    for path in run.withdrawn.clone() {
        run.wants(&path);
    }
    run.work().await?;
    for source in &app.seams.pages {
        let mut last: Option<String> = None;
        loop {
            let pages = app
                .db
                .read(async |tx: &mut Tx| {
                    source.urls(tx, &face.scope, last.as_deref(), BATCH).await
                })
                .await?;
            let Some(end) = pages.last() else { break };
            last = Some(end.path.clone());
            for page in &pages {
                run.wants(&page.path);
            }
            run.work().await?;
        }
    }
    run.finish()
}

/// Where documents stood that were withdrawn from this site.
async fn withdrawn(app: &App, scope: &Scope) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut last = String::new();
    loop {
        let ids = app
            .db
            .read(async |tx: &mut Tx| store::withdrawn_after(tx, scope, &last, BATCH).await)
            .await?;
        let Some(end) = ids.last() else {
            return Ok(found);
        };
        last = end.clone();
        found.extend(ids.iter().map(|id| format!("/documents/{id}")));
    }
}

/// The address at another site that a page gives way to.
fn elsewhere(response: &Response) -> Option<&str> {
    let there = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let whole = there.contains("://") && response.status() == StatusCode::TEMPORARY_REDIRECT;
    whole.then_some(there)
}

async fn whole(path: &str, response: Response) -> Result<axum::body::Bytes> {
    axum::body::to_bytes(response.into_body(), PAGE_BYTES_MAX)
        .await
        .with_context(|| {
            format!("{path} 的内容不完整，导出停止。已写好的文件保留，重新运行会接着导出")
        })
}

impl Run<'_> {
    /// Puts an address on the list, once; what needs the server is left to the server.
    fn wants(&mut self, path: &str) {
        if !links::needs_server(path, self.texts) && self.seen.insert(path.to_owned()) {
            self.waiting.push_back(path.to_owned());
        }
    }

    async fn work(&mut self) -> Result<()> {
        while let Some(path) = self.waiting.pop_front() {
            let done = match self.folder.take_done(&path) {
                Some(done) => {
                    self.summary.same += 1;
                    done
                }
                None => match self.page(&path).await? {
                    Some(done) => done,
                    None => {
                        if self.summary.broken.len() < BROKEN_MAX {
                            self.summary.broken.push(path);
                        }
                        continue;
                    }
                },
            };
            for link in &done.links {
                self.wants(link);
            }
            self.files.insert(done.file, done.hash);
        }
        Ok(())
    }

    /// Renders one page and writes it; `None` where it does not answer.
    async fn page(&mut self, path: &str) -> Result<Option<Done>> {
        let mut request = Request::builder().uri(path);
        if let Some(host) = &self.host {
            request = request.header(header::HOST, host.as_str());
        }
        let (Some(file), Ok(request)) = (disk::file_of(path), request.body(Body::empty())) else {
            return Ok(None);
        };
        let Ok(response) = self.router.clone().oneshot(request).await;
        if let Some(address) = elsewhere(&response) {
            let bytes = links::sign_post(address);
            return self
                .keep(path, file, bytes.as_bytes(), Vec::new())
                .map(Some);
        }
        let is_told = response.status() == StatusCode::GONE && self.withdrawn.contains(path);
        if response.status() != StatusCode::OK && !is_told {
            return Ok(None);
        }
        if let Some(name) = disk::name_of(response.headers(), &file) {
            return self.download(path, (file, name), response).await.map(Some);
        }
        let kind = response.headers().get(header::CONTENT_TYPE);
        let html = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let body = whole(path, response).await?;
        let (bytes, links) = match std::str::from_utf8(&body) {
            Ok(text) if html => {
                let (text, links) = links::rewrite(text, (self.url, &file), self.texts);
                (text.into_bytes(), links)
            }
            Ok(text) if path == "/sitemap.xml" => (body.to_vec(), links::parts(text, self.url)),
            _ => (body.to_vec(), Vec::new()),
        };
        self.keep(path, file, &bytes, links).map(Some)
    }

    /// A download whose address tells no ending lies under its name, so that a plain web server knows what it is; at its
    /// address stands a page that leads there.
    async fn download(
        &mut self,
        path: &str,
        (page, name): (String, String),
        response: Response,
    ) -> Result<Done> {
        let body = whole(path, response).await?;
        let address = format!("{path}/{}", links::encoded(&name));
        let file = format!("{}{name}", page.trim_end_matches("index.html"));
        let done = self.keep(&address, file, &body, Vec::new())?;
        self.seen.insert(address.clone());
        self.files.insert(done.file, done.hash);
        let sign = links::way_to_file(&name);
        self.keep(path, page, sign.as_bytes(), vec![address])
    }

    fn keep(&mut self, path: &str, file: String, bytes: &[u8], links: Vec<String>) -> Result<Done> {
        let hash = hex::encode(Sha256::digest(bytes));
        if self.folder.write(&file, bytes, &hash)? {
            self.summary.same += 1;
        }
        let done = Done {
            path: path.to_owned(),
            file,
            hash,
            links,
        };
        self.folder.note(&done)?;
        Ok(done)
    }

    /// Writes which pages are those of withdrawn documents, as nginx reads a map of addresses and files, so that the server
    /// of the files can answer 410 for them.
    fn list_withdrawn(&mut self) -> Result<()> {
        let mut map = String::new();
        for path in &self.withdrawn {
            let Some(file) = disk::file_of(path).filter(|file| self.files.contains_key(file))
            else {
                continue;
            };
            let _ = writeln!(map, "{path}/ /{file};\n/{file} /{file};");
            self.summary.withdrawn += 1;
        }
        let hash = hex::encode(Sha256::digest(&map));
        if self.folder.write(WITHDRAWN, map.as_bytes(), &hash)? {
            self.summary.same += 1;
        }
        self.files.insert(WITHDRAWN.to_owned(), hash);
        Ok(())
    }

    fn finish(mut self) -> Result<Summary> {
        self.list_withdrawn()?;
        self.summary.files = self.files.len();
        self.summary.removed = self.folder.finish(&self.files)?;
        Ok(self.summary)
    }
}
