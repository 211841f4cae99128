//! The list of hosts that may be asked: names, `*.` for all below a name, addresses, each with a port where it is not
//! the usual one.

use url::{Host, Url};

/// Hosts in one list; more than any site needs.
const HOSTS_MAX: usize = 500;

/// An entry of the list cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    #[error("“{0}”不是网站名，请写成 www.example.gov.cn、*.example.gov.cn 或 10.1.2.3:8080")]
    Unreadable(String),
    #[error("最多列出{HOSTS_MAX}个网站")]
    TooMany,
}

/// How an address is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// By its own name: it may stand in a private network.
    Exact,
    /// As one of all below a name: it must be a public site.
    Below,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// Lower case, in the form that goes over the wire.
    name: String,
    listing: Listing,
    port: Option<u16>,
}

/// The hosts that the configuration lists. None: nothing is ever asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostList(Vec<Entry>);

impl HostList {
    /// # Errors
    /// The first entry that cannot be understood.
    pub fn read(entries: &[String]) -> Result<Self, HostError> {
        if entries.len() > HOSTS_MAX {
            return Err(HostError::TooMany);
        }
        entries
            .iter()
            .map(|text| entry(text.trim()).ok_or_else(|| HostError::Unreadable(text.clone())))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// How this address is listed; `None` when it is not, or is no web address.
    #[must_use]
    pub fn listing(&self, url: &Url) -> Option<Listing> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
            return None;
        }
        let host = url.host_str()?;
        // The exact entry says more than one for all below a name.
        let found = |listing| {
            self.0
                .iter()
                .filter(|entry| entry.listing == listing)
                .any(|entry| entry.admits(host, url))
        };
        [Listing::Exact, Listing::Below]
            .into_iter()
            .find(|listing| found(*listing))
    }

    /// May this name lead into a private network?
    #[must_use]
    pub fn is_exact(&self, host: &str) -> bool {
        self.0
            .iter()
            .any(|entry| entry.listing == Listing::Exact && entry.name == host)
    }
}

impl Entry {
    fn admits(&self, host: &str, url: &Url) -> bool {
        let port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        let name = match self.listing {
            Listing::Exact => host == self.name,
            Listing::Below => host
                .strip_suffix(&self.name)
                .is_some_and(|before| before.ends_with('.')),
        };
        port && name
    }
}

fn entry(text: &str) -> Option<Entry> {
    let (listing, name) = match text.strip_prefix("*.") {
        Some(name) => (Listing::Below, name),
        None => (Listing::Exact, text),
    };
    if name.is_empty() || name.contains(['/', '@', '?', '#', '*', '\\', ' ']) {
        return None;
    }
    // The parser of addresses brings the name into the form that addresses have.
    let url = Url::parse(&format!("http://{name}/")).ok()?;
    // Port 80 is what the parser leaves out.
    let port = if name.ends_with(":80") {
        Some(80)
    } else {
        url.port()
    };
    let numeric = matches!(url.host()?, Host::Ipv4(_) | Host::Ipv6(_));
    if listing == Listing::Below && (numeric || !name.contains('.')) {
        return None;
    }
    Some(Entry {
        name: url.host_str()?.to_owned(),
        listing,
        port,
    })
}

#[cfg(test)]
mod tests {
    use super::{HostError, HostList, Listing};

    fn list(entries: &[&str]) -> HostList {
        HostList::read(
            &entries
                .iter()
                .map(|&one| one.to_owned())
                .collect::<Vec<_>>(),
        )
        .unwrap()
    }

    #[test]
    fn only_what_is_listed_is_asked() {
        let hosts = list(&[
            "www.Anlan.gov.cn",
            "*.anlan.gov.cn",
            "10.1.2.3:8080",
            "[::1]:9000",
            "公开.example",
        ]);
        for (address, wanted) in [
            ("https://www.anlan.gov.cn/a", Some(Listing::Exact)),
            ("http://WWW.ANLAN.GOV.CN/", Some(Listing::Exact)),
            ("https://sfj.anlan.gov.cn/a", Some(Listing::Below)),
            ("https://a.b.anlan.gov.cn/a", Some(Listing::Below)),
            ("http://10.1.2.3:8080/a", Some(Listing::Exact)),
            ("http://[::1]:9000/a", Some(Listing::Exact)),
            ("https://公开.example/", Some(Listing::Exact)),
            ("https://anlan.gov.cn/", None),
            ("https://xanlan.gov.cn/", None),
            ("https://www.anlan.gov.cn.evil.test/", None),
            ("https://www.anlan.gov.cn@evil.test/", None),
            ("https://user@www.anlan.gov.cn/", None),
            ("https://www.anlan.gov.cn:8443/", None),
            ("http://10.1.2.3/", None),
            ("http://167838211:8080/", Some(Listing::Exact)),
            ("ftp://www.anlan.gov.cn/", None),
            ("file:///etc/passwd", None),
        ] {
            let url = url::Url::parse(address).unwrap();
            assert_eq!(hosts.listing(&url), wanted, "{address}");
        }
        assert!(hosts.is_exact("10.1.2.3") && !hosts.is_exact("sfj.anlan.gov.cn"));
        assert_eq!(
            HostList::default().listing(&url::Url::parse("https://a.cn").unwrap()),
            None
        );
    }

    #[test]
    fn an_entry_that_is_no_host_is_refused() {
        for bad in [
            "",
            "https://a.cn",
            "a.cn/x",
            "*",
            "*.cn",
            "*.1.2.3.4",
            "a@b",
            "*.a*.cn",
            "a b",
        ] {
            assert_eq!(
                HostList::read(&[bad.to_owned()]),
                Err(HostError::Unreadable(bad.to_owned())),
                "{bad}"
            );
        }
        let many = vec!["a.cn".to_owned(); super::HOSTS_MAX + 1];
        assert_eq!(HostList::read(&many), Err(HostError::TooMany));
        assert!(HostList::read(&many[1..]).is_ok());
    }
}
