//! Addresses that come from a form or a link and are then followed.

/// The address itself when it is a path on this site, else the fallback: a sign-in page must not send people elsewhere.
///
/// Browsers read `//host`, `/\host` and addresses with control characters in them as other sites.
#[must_use]
pub fn local_path<'p>(path: &'p str, fallback: &'p str) -> &'p str {
    let elsewhere = !path.starts_with('/')
        || path.starts_with("//")
        || path.contains('\\')
        || path.chars().any(char::is_control);
    if elsewhere { fallback } else { path }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in ["/", "/workspace/tasks?due=today&page=2", "/plans/%E5%AE%89"] {
            assert_eq!(local_path(path, "/x"), path);
        }
        for path in [
            "",
            "workspace",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "https://evil.test",
            "https:/evil.test",
            "javascript:alert(1)",
            "/\t/evil.test",
            "/\n/evil.test",
            " //evil.test",
            "@evil.test",
            "/a\\..\\b",
            ".evil.test",
            "\u{0}/x",
        ] {
            assert_eq!(local_path(path, "/x"), "/x", "{path:?}");
        }
    }
}
