//! Fetches pages of listed sites: within limits of bytes and time, never led on to a host that is not listed, and never
//! into a private network unless the host is listed by its own name.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use gongkai_platform::outside::{
    Answered, HOPS_MAX, HostList, Listing, NoAnswer, Nowhere, Outside, PAGE_BYTES_MAX, host_of,
    is_private,
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url, header, redirect};

/// The longest that one page may take, all its redirects together.
const WAIT_MAX: Duration = Duration::from_secs(10);
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(4);

/// The fetcher for these hosts; without any it asks nobody.
///
/// # Errors
/// When an entry is no host, or the machine's certificates cannot be read.
pub fn of(hosts: &[String]) -> Result<Arc<dyn Outside>> {
    // Every client of this process needs it. Another part may have chosen already; then it is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if hosts.is_empty() {
        return Ok(Arc::new(Nowhere));
    }
    let hosts = HostList::read(hosts)
        .context("配置文件中 [evidence] 的 hosts 有误。没有改动任何数据。请改正后重新启动")?;
    Ok(Arc::new(Http::new(hosts)?))
}

/// Asks over HTTP and HTTPS.
struct Http {
    hosts: Arc<HostList>,
    client: Client,
}

impl Http {
    fn new(hosts: HostList) -> Result<Self> {
        let hosts = Arc::new(hosts);
        let client = Client::builder()
            .user_agent(concat!("Gongkai/", env!("CARGO_PKG_VERSION")))
            // Each step is looked at before it is taken.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_WAIT_MAX)
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(PublicOnly(hosts.clone())))
            .build()
            .context("不能准备核验网页所需的加密连接。请检查系统的根证书")?;
        Ok(Self { hosts, client })
    }

    async fn follow(&self, address: &str) -> Result<Answered, NoAnswer> {
        let mut url = Url::parse(address).map_err(|_| NoAnswer::NoAddress)?;
        if self.hosts.listing(&url).is_none() {
            return Err(NoAnswer::NotListed(host_of(address)));
        }
        for _ in 0..=HOPS_MAX {
            self.refuse_private(&url)?;
            let response = self
                .client
                .get(url.clone())
                .send()
                .await
                .map_err(|error| unanswered(&error, &url))?;
            let Some(next) = led_to(&response, &url) else {
                return body(response).await;
            };
            let next = next.ok_or(NoAnswer::NoAddress)?;
            if self.hosts.listing(&next).is_none() {
                return Err(NoAnswer::Elsewhere(host_of(next.as_str())));
            }
            url = next;
        }
        Err(NoAnswer::TooManyHops)
    }

    /// An address in figures never reaches the resolver.
    fn refuse_private(&self, url: &Url) -> Result<(), NoAnswer> {
        let host = url.host_str().unwrap_or("");
        let figures: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        match figures {
            Some(figures) if is_private(figures) && !self.hosts.is_exact(host) => {
                Err(NoAnswer::Private(host.to_owned()))
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[async_trait]
impl Outside for Http {
    fn lists(&self, address: &str) -> bool {
        Url::parse(address)
            .ok()
            .and_then(|url| self.hosts.listing(&url))
            .is_some_and(|listing| matches!(listing, Listing::Exact | Listing::Below))
    }

    async fn get(&self, address: &str) -> Result<Answered, NoAnswer> {
        tokio::time::timeout(WAIT_MAX, self.follow(address))
            .await
            .unwrap_or(Err(NoAnswer::TooSlow))
    }
}

/// Where an answer leads on to; the inner `None` is an address that cannot be understood.
fn led_to(response: &Response, from: &Url) -> Option<Option<Url>> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?;
    let text = std::str::from_utf8(location.as_bytes()).ok();
    Some(text.and_then(|text| from.join(text).ok()))
}

async fn body(mut response: Response) -> Result<Answered, NoAnswer> {
    let status = response.status();
    let mut bytes = Vec::new();
    if status.is_success() {
        if response
            .content_length()
            .is_some_and(|length| length > PAGE_BYTES_MAX as u64)
        {
            return Err(NoAnswer::TooLarge);
        }
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > PAGE_BYTES_MAX => {
                    return Err(NoAnswer::TooLarge);
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => return Err(NoAnswer::Unreachable),
            }
        }
    }
    Ok(Answered {
        status: status.as_u16(),
        bytes,
    })
}

fn unanswered(error: &reqwest::Error, url: &Url) -> NoAnswer {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if found.downcast_ref::<OnlyPrivate>().is_some() {
            return NoAnswer::Private(host_of(url.as_str()));
        }
        cause = found.source();
    }
    tracing::info!(
        error = error as &dyn std::error::Error,
        "a page did not answer"
    );
    if error.is_timeout() {
        NoAnswer::TooSlow
    } else {
        NoAnswer::Unreachable
    }
}

/// Gives the addresses of a name, without those of private networks unless the name itself is listed: what a name leads
/// to may change between looking and asking, so it is decided where the connection is made.
struct PublicOnly(Arc<HostList>);

#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network only")]
struct OnlyPrivate;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0.clone();
        Box::pin(async move {
            let inner = hosts.is_exact(name.as_str());
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| inner || !is_private(address.ip()))
                .collect();
            if found.is_empty() {
                return Err(OnlyPrivate.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
