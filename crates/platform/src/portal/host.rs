//! Host names, as browsers send them and as the administrator lists them. Pure.

/// Letters of a host name, as DNS allows.
const HOST_CHARS_MAX: usize = 253;
const LABEL_CHARS_MAX: usize = 63;

/// A host name in small letters, without a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

/// Why a text is no host name that a site can have. The sentence stands under the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    #[error(
        "域名只含字母、数字、连字符和点，如 yunxi.anlan.gov.cn；不写 http://，不写端口，中文域名写成 xn-- 开头的形式。"
    )]
    Characters,
    #[error("站点用域名区分，不能填 IP 地址。")]
    Address,
}

impl HostName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a `Host` header names: the port, a dot at the end and capital letters do not matter. `None` for addresses
    /// in numbers and for everything that is no host name.
    #[must_use]
    pub fn of_header(value: &str) -> Option<Self> {
        let name = match value.split_once(':') {
            Some((name, port)) if port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) => {
                name
            }
            Some(_) => return None,
            None => value,
        };
        name.strip_suffix('.').unwrap_or(name).parse().ok()
    }
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for HostName {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let text = text.trim().to_ascii_lowercase();
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= LABEL_CHARS_MAX
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if text.len() > HOST_CHARS_MAX || !text.split('.').all(label) {
            return Err(HostError::Characters);
        }
        // A last label of digits alone is what makes an address in numbers.
        let last = text.rsplit('.').next().unwrap_or("");
        if last.bytes().all(|b| b.is_ascii_digit()) {
            return Err(HostError::Address);
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::{HostError, HostName};

    #[test]
    fn a_header_names_a_host_whatever_its_spelling() {
        let read = |text: &str| HostName::of_header(text).map(|host| host.to_string());
        for (header, host) in [
            ("yunxi.anlan.gov.cn", Some("yunxi.anlan.gov.cn")),
            ("YunXi.Anlan.GOV.cn:8080", Some("yunxi.anlan.gov.cn")),
            ("yunxi.anlan.gov.cn.", Some("yunxi.anlan.gov.cn")),
            ("xian.localhost:9314", Some("xian.localhost")),
            ("127.0.0.1:9314", None),
            ("[::1]:8080", None),
            ("[::ffff:127.0.0.1]", None),
            ("yunxi.anlan.gov.cn:8080:9", None),
            ("yunxi.anlan.gov.cn:http", None),
            ("yunxi.anlan.gov.cn@evil.example", None),
            ("yunxi.anlan.gov.cn/../", None),
            ("yunxi.anlan.gov.cn\r\nx: y", None),
            ("yunxi.anlan.gov.cn, evil.example", None),
            ("云溪.中国", None),
            ("..", None),
            ("", None),
            (":80", None),
        ] {
            assert_eq!(read(header).as_deref(), host, "{header}");
        }
    }

    #[test]
    fn a_site_has_a_name_and_no_number() {
        let read = |text: &str| text.parse::<HostName>();
        assert!(read(" Yunxi.Anlan.gov.cn ").is_ok());
        assert_eq!(read("10.1.2.3"), Err(HostError::Address));
        assert_eq!(read("https://a.cn"), Err(HostError::Characters));
        assert_eq!(read("a.cn:80"), Err(HostError::Characters));
        assert_eq!(read(&"a.".repeat(200)), Err(HostError::Characters));
        assert_eq!(
            read(&format!("{}.cn", "a".repeat(64))),
            Err(HostError::Characters)
        );
        assert!(read(&format!("{}.cn", "a".repeat(63))).is_ok());
    }
}
