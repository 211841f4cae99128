//! Small parts that the account pages share.

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;

use super::super::session::Living;
use super::super::store::RoleRow;
use crate::web::moment;

/// A role in an organ as one form value: `liaison:0190…`.
pub(super) fn parse_seat(text: &str) -> Option<(Role, OrganId)> {
    let (role, organ) = text.split_once(':')?;
    Some((Role::from_code(role)?, organ.parse().ok()?))
}

/// A line of a list of roles.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    /// As [`parse_seat`] reads it.
    pub(super) value: String,
    pub(super) role: &'static str,
    pub(super) organ: String,
    pub(super) person: String,
    pub(super) account: String,
    /// `代理张伟，至2026年11月2日`; empty for a role of one's own.
    pub(super) deputy: String,
}

impl From<RoleRow> for Seat {
    fn from(row: RoleRow) -> Self {
        let deputy = match (&row.deputy_for_name, row.until) {
            (Some(name), Some(until)) => format!("代理{name}，至{}", crate::web::day(until)),
            (Some(name), None) => format!("代理{name}"),
            (None, Some(until)) => format!("至{}", crate::web::day(until)),
            (None, None) => String::new(),
        };
        Self {
            value: format!("{}:{}", row.role.code(), row.organ),
            role: row.role.name(),
            organ: row.organ_name,
            person: row.account_name,
            account: row.account.to_string(),
            deputy,
        }
    }
}

/// A line of a list of sessions.
#[derive(Debug, Clone)]
pub(super) struct SessionLine {
    pub(super) id_hash: String,
    pub(super) began: String,
    pub(super) seen: String,
    pub(super) address: String,
    pub(super) browser: String,
    pub(super) current: bool,
}

impl SessionLine {
    pub(super) fn of(living: Living, current: &str) -> Self {
        Self {
            began: moment(living.created_at),
            seen: moment(living.last_seen_at),
            browser: browser(&living.agent),
            address: living.address,
            current: living.id_hash == current,
            id_hash: living.id_hash,
        }
    }
}

/// What people call the browser; the words that it sends of itself help nobody.
fn browser(agent: &str) -> String {
    let known = [
        ("MicroMessenger", "微信"),
        ("DingTalk", "钉钉"),
        ("QQBrowser", "QQ 浏览器"),
        ("Edg", "Edge 浏览器"),
        ("Firefox", "火狐浏览器"),
        ("Chrome", "Chrome 内核浏览器"),
        ("Safari", "Safari 浏览器"),
    ];
    let systems = [
        ("HarmonyOS", "鸿蒙"),
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux（含国产系统）"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(&known), find(&systems)) {
        (Some(browser), Some(system)) => format!("{browser}，{system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "未能识别".to_owned(),
    }
}

/// The roles that can be chosen, as (code, name).
pub(super) fn role_choices() -> Vec<(&'static str, &'static str)> {
    Role::ALL
        .iter()
        .map(|role| (role.code(), role.name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{browser, parse_seat};

    #[test]
    fn browsers_have_names() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125 Safari/537.36 Edg/125";
        assert_eq!(browser(edge), "Edge 浏览器，Windows");
        assert_eq!(browser("curl/8"), "未能识别");
    }

    #[test]
    fn seats_are_parsed_or_refused() {
        let id = "01900000-0000-7000-8000-000000000000";
        assert_eq!(
            parse_seat(&format!("liaison:{id}")).unwrap().0.code(),
            "liaison"
        );
        for text in ["", "liaison", &format!("root:{id}"), "liaison:1"] {
            assert_eq!(parse_seat(text), None, "{text}");
        }
    }
}
