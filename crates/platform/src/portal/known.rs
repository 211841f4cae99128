//! All sites as requests need them: read once, kept for seconds, found by host.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongkai_basis::id::OrganId;
use sha2::{Digest as _, Sha256};

use super::store::Placed;
use super::{Accent, Extent, Foot, Header, HostName, Portal, PortalId, PortalKind, store};
use crate::access::Scope;
use crate::db::{StoreError, Tx};
use crate::web::{App, Site};

/// How long what was read is believed. A change in this process is seen at once; one in another process after this.
const FRESH_MILLISECONDS: i64 = 5_000;

/// What a site shows and looks like.
#[derive(Debug, Clone)]
pub struct Look {
    /// `None` where the configuration is all there is.
    pub id: Option<PortalId>,
    pub version: i64,
    pub name: String,
    /// What stands in the head of each page.
    pub logo: String,
    /// Where the public reaches it, without a slash at the end.
    pub url: String,
    /// The first of its hosts; `None` for the main site.
    pub host: Option<HostName>,
    /// The organ whose site it is.
    pub organ: Option<OrganId>,
    organ_path: String,
    /// The organs whose records it shows.
    pub scope: Scope,
    pub intro: String,
    pub accent: Accent,
    pub header: Header,
    pub foot: Foot,
    pub emblem: Option<Emblem>,
}

/// A picture, named by its content.
#[derive(Debug, Clone)]
pub struct Emblem {
    pub hash: String,
    pub png: Arc<[u8]>,
    /// What an image's `src` says.
    pub address: String,
}

impl Emblem {
    #[must_use]
    pub fn of(png: &[u8]) -> Option<Self> {
        let hash: String = hex::encode(Sha256::digest(png)).chars().take(32).collect();
        (!png.is_empty()).then(|| Self {
            address: format!("/emblem/{hash}.png"),
            hash,
            png: png.into(),
        })
    }
}

impl Look {
    /// The site of the configuration alone.
    #[must_use]
    pub fn plain(site: &Site) -> Self {
        Self {
            id: None,
            version: 0,
            name: site.name.clone(),
            logo: logo("", &site.name),
            url: site.url.clone(),
            host: None,
            organ: None,
            organ_path: String::new(),
            scope: Scope::Everything,
            intro: String::new(),
            accent: Accent::default(),
            header: Header::default(),
            foot: Foot {
                sponsor: format!("{}人民政府办公室", site.name),
                ..Foot::default()
            },
            emblem: None,
        }
    }

    /// As it would look with these words; for the preview before they are kept, too.
    #[must_use]
    pub fn of(site: &Site, portal: &Portal, placed: &Placed) -> Self {
        let words = &portal.words;
        let main = words.kind == PortalKind::Main;
        let host = words.hosts.first().filter(|_| !main);
        Self {
            id: Some(portal.id),
            version: portal.version,
            name: words.name.clone(),
            logo: logo(&words.logo, &words.name),
            url: host.map_or_else(|| site.url.clone(), |host| beside(&site.url, host)),
            host: host.cloned(),
            organ: Some(words.organ),
            organ_path: placed.path.clone(),
            scope: match words.extent {
                Extent::Branch => Scope::Organs {
                    single: Vec::new(),
                    branches: vec![placed.path.clone()],
                },
                Extent::Own => Scope::Organs {
                    single: placed.own.clone(),
                    branches: Vec::new(),
                },
            },
            intro: words.intro.clone(),
            accent: words.accent,
            header: words.header,
            foot: words.foot.clone(),
            emblem: Emblem::of(&portal.emblem),
        }
    }

    /// The host of its address, as the meta tag `SiteDomain` wants it.
    #[must_use]
    pub fn domain(&self) -> &str {
        let address = self
            .url
            .split_once("://")
            .map_or(&*self.url, |(_, rest)| rest);
        let authority = address.split('/').next().unwrap_or("");
        match authority
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
        {
            Some((host, _)) => host,
            None => authority.split(':').next().unwrap_or(""),
        }
    }

    /// With the picture in the page itself, for one that is not kept yet.
    #[must_use]
    pub fn with_emblem_inside(mut self) -> Self {
        if let Some(emblem) = &mut self.emblem {
            emblem.address = format!("data:image/png;base64,{}", STANDARD.encode(&emblem.png));
        }
        self
    }
}

fn logo(written: &str, name: &str) -> String {
    if written.is_empty() {
        format!("{name}政府信息公开")
    } else {
        written.to_owned()
    }
}

/// The same scheme and port with another host.
fn beside(url: &str, host: &HostName) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split('/').next().unwrap_or("");
    let after_brackets = authority.rsplit(']').next().unwrap_or("");
    match after_brackets.split_once(':') {
        Some((_, port)) if !port.is_empty() => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

/// All sites of a store.
#[derive(Debug)]
pub struct Known {
    pub main: Look,
    pub beside: Vec<Look>,
    hosts: HashMap<HostName, usize>,
}

impl Known {
    /// The site of the configuration alone.
    #[must_use]
    pub fn plain(site: &Site) -> Self {
        Self::only(Look::plain(site))
    }

    /// One site alone, for the preview.
    #[must_use]
    pub fn only(look: Look) -> Self {
        Self {
            main: look,
            beside: Vec::new(),
            hosts: HashMap::new(),
        }
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn read(tx: &mut Tx, site: &Site) -> Result<Self, StoreError> {
        let mut known = Self::plain(site);
        for portal in store::list(tx).await? {
            let placed = store::placed(tx, portal.words.organ, portal.words.extent).await?;
            let look = Look::of(site, &portal, &placed);
            match portal.words.kind {
                PortalKind::Main => known.main = look,
                PortalKind::Beside => {
                    let at = known.beside.len();
                    let hosts = portal.words.hosts.into_iter();
                    known.hosts.extend(hosts.map(|host| (host, at)));
                    known.beside.push(look);
                }
            }
        }
        Ok(known)
    }

    /// The place among those beside the main site; `None` for the main site, as for every host that nobody listed.
    #[must_use]
    pub fn at_host(&self, host: &HostName) -> Option<usize> {
        self.hosts.get(host).copied()
    }

    /// The place of a site by its id, its name or one of its hosts.
    #[must_use]
    pub fn at_word(&self, word: &str) -> Option<usize> {
        let named =
            |look: &Look| look.name == word || look.id.is_some_and(|id| id.to_string() == word);
        let by_name = self.beside.iter().position(named);
        by_name.or_else(|| self.at_host(&HostName::of_header(word)?))
    }

    /// Is there one face for everything?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.beside.is_empty() && self.main.scope == Scope::Everything
    }

    /// The one site to which the records of an organ belong: the nearest above it that shows it, else the main site.
    #[must_use]
    pub fn home(&self, organ: OrganId, path: &str) -> Option<&Look> {
        self.beside
            .iter()
            .filter(|look| look.scope.contains(organ, path))
            .max_by_key(|look| look.organ_path.len())
            .or_else(|| Some(&self.main).filter(|main| main.scope.contains(organ, path)))
    }

    /// An emblem by its name.
    #[must_use]
    pub fn emblem(&self, hash: &str) -> Option<Arc<[u8]>> {
        let looks = std::iter::once(&self.main).chain(&self.beside);
        let mut emblems = looks.filter_map(|look| look.emblem.as_ref());
        emblems
            .find(|emblem| emblem.hash == hash)
            .map(|emblem| emblem.png.clone())
    }
}

/// What was read last, and when.
#[derive(Debug, Default)]
pub struct Kept(RwLock<Option<(i64, Arc<Known>)>>);

impl Kept {
    /// All sites, as they were read a few seconds ago at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(&self, app: &App) -> Result<Arc<Known>, StoreError> {
        let now = app.db.now().as_millisecond();
        if let Some((at, known)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && (now - at).abs() < FRESH_MILLISECONDS
        {
            return Ok(known.clone());
        }
        let read = app
            .db
            .read(async |tx: &mut Tx| Known::read(tx, &app.site).await)
            .await?;
        let known = Arc::new(read);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, known.clone()));
        Ok(known)
    }

    /// The next request reads anew.
    pub fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn sites_share_scheme_and_port() {
        let host = "yunxi.anlan.example".parse().unwrap();
        for (url, other) in [
            ("https://www.anlan.example", "https://yunxi.anlan.example"),
            ("http://127.0.0.1:9314", "http://yunxi.anlan.example:9314"),
            ("http://[::1]:8080", "http://yunxi.anlan.example:8080"),
            ("http://[::1]", "http://yunxi.anlan.example"),
        ] {
            assert_eq!(beside(url, &host), other, "{url}");
        }
    }
}
