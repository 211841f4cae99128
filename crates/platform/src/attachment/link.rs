//! An address on the web that somebody gave as proof.

const URL_BYTES_MAX: usize = 2_000;

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
