//! 外部网页: pages of other sites that the program looks at, to see whether they still say what somebody relied on.
//!
//! Only hosts that the configuration lists are ever asked. The binary wires what really fetches; a store without such a
//! list asks nobody.

mod address;
mod hosts;

pub use address::is_private;
pub use hosts::{HostError, HostList, Listing};

use async_trait::async_trait;

/// The largest page that is looked at, in bytes.
pub const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How often an address may lead on to another.
pub const HOPS_MAX: usize = 5;

/// What a site answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// Empty unless the status is one of success.
    pub bytes: Vec<u8>,
}

/// Why there is no answer to look at. The sentence says what happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("网站“{0}”不在配置列出的可核验网站中，请人工查看。")]
    NotListed(String),
    #[error("网站“{0}”指向内部网络地址，没有访问。确为本单位内网网站的，请把它单独列入配置。")]
    Private(String),
    #[error("页面转到了没有列入配置的网站“{0}”，没有跟随。请人工查看。")]
    Elsewhere(String),
    #[error("页面一再转到别的地址，没有看到内容。")]
    TooManyHops,
    #[error("页面超过{}MB，没有读完。请人工查看。", PAGE_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    #[error("网站没有在规定时间内回答，稍后会再试。")]
    TooSlow,
    #[error("暂时连不上网站，稍后会再试。")]
    Unreachable,
    #[error("网址无法识别。")]
    NoAddress,
}

/// Looks at pages of listed hosts.
#[async_trait]
pub trait Outside: Send + Sync {
    /// May this address be asked at all?
    fn lists(&self, address: &str) -> bool;

    /// Asks for a page, following it only to listed hosts, within limits of bytes and time.
    async fn get(&self, address: &str) -> Result<Answered, NoAnswer>;
}

/// Asks nobody: no host is listed.
pub struct Nowhere;

#[async_trait]
impl Outside for Nowhere {
    fn lists(&self, _: &str) -> bool {
        false
    }

    async fn get(&self, address: &str) -> Result<Answered, NoAnswer> {
        Err(NoAnswer::NotListed(host_of(address)))
    }
}

/// The host of an address, for sentences; the address itself where it has none.
#[must_use]
pub fn host_of(address: &str) -> String {
    url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| address.to_owned())
}
