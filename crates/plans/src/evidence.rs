//! 佐证: what proves a report. A file or an address, with what it is called, what it proves, and its date.

pub mod attach;
pub mod sniff;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, EvidenceId, FileId};

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// What one assignment may have; a task that needs more wants a page on the site and one link to it.
pub const PER_ASSIGNMENT_MAX: i64 = 100;
const TITLE_CHARS_MAX: usize = 200;
const PROVES_CHARS_MAX: usize = 500;
const URL_BYTES_MAX: usize = 2_000;

/// What the proof is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    File(FileId),
    Link(Link),
}

/// An address on the web: http or https, with a host, without blanks or quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

/// The sentence says what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("网址须以 http:// 或 https:// 开头，如 https://www.example.gov.cn/zwgk/1.html。")]
    Scheme,
    #[error("网址里不能有空格、引号或尖括号，请从浏览器地址栏原样复制。")]
    Characters,
    #[error("网址太长，请使用更短的网址。")]
    TooLong,
}

impl Link {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > URL_BYTES_MAX {
            return Err(LinkError::TooLong);
        }
        let (scheme, rest) = text.split_once("://").ok_or(LinkError::Scheme)?;
        if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
            return Err(LinkError::Scheme);
        }
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        if host.is_empty() || host.contains('@') {
            return Err(LinkError::Scheme);
        }
        if text.chars().any(|c| {
            c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\')
        }) {
            return Err(LinkError::Characters);
        }
        Ok(Self(text.to_owned()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub assignment: AssignmentId,
    pub proof: Proof,
    pub title: String,
    /// What it proves.
    pub proves: String,
    pub dated_on: Option<Date>,
    /// Milliseconds since 1970, and the reason.
    pub withdrawn: Option<(i64, String)>,
    pub created_at: i64,
}

impl Evidence {
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }

    #[must_use]
    pub fn withdrawn_why(&self) -> &str {
        self.withdrawn.as_ref().map_or("", |(_, why)| why)
    }

    /// The address, where it is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.proof {
            Proof::Link(link) => Some(link.as_str()),
            Proof::File(_) => None,
        }
    }

    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.proof {
            Proof::File(_) => "文件",
            Proof::Link(_) => "网址",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, LinkError};

    #[test]
    fn only_web_addresses_are_links() {
        let read = |text: &str| text.parse::<Link>().map(|link| link.as_str().to_owned());
        assert_eq!(
            read(" https://www.example.gov.cn/公开/1.html?a=1 ").unwrap(),
            "https://www.example.gov.cn/公开/1.html?a=1"
        );
        assert_eq!(read("HTTP://a.cn").unwrap(), "HTTP://a.cn");
        for bad in [
            "javascript:alert(1)",
            "ftp://a.cn",
            "https://",
            "https:///x",
            "www.a.cn",
            "",
            "https://good.cn@evil.cn/",
        ] {
            assert_eq!(read(bad), Err(LinkError::Scheme), "{bad}");
        }
        for bad in [
            "https://a.cn/a b",
            "https://a.cn/\"onclick=",
            "https://a.cn/<x>",
        ] {
            assert_eq!(read(bad), Err(LinkError::Characters), "{bad}");
        }
        assert_eq!(
            read(&format!("https://a.cn/{}", "x".repeat(3_000))),
            Err(LinkError::TooLong)
        );
    }
}
