//! 站点: portals of one store, each with its own hosts, the organs that it shows, its look and its foot.
//!
//! [`Face`] is what one request sees; [`known`] finds it by the host. Without any portal there is one face: the
//! configuration's name and address, and every organ.

pub mod acts;
pub mod emblem;
mod face;
pub mod handle;
pub mod host;
pub mod known;
mod pages;
pub mod store;
#[cfg(test)]
mod tests;
pub mod theme;

use gongkai_basis::id::OrganId;

use crate::fault::{Reason, Wanted, text_fault};
pub use face::{Face, Place};
pub(crate) use face::{is_for_staff, layer as face_layer, staff_layer};
pub use host::HostName;
pub use known::{Known, Look};
pub use pages::{nav, routes};
pub use theme::{Accent, Header};

gongkai_basis::ids! {
    /// 站点
    PortalId,
}

/// Characters of a name, and of each line of the foot.
pub const LINE_CHARS_MAX: usize = 60;
pub const INTRO_CHARS_MAX: usize = 300;
/// Characters of an address in the foot.
pub const ADDRESS_CHARS_MAX: usize = 300;
/// Digits of 公安备案号.
const POLICE_DIGITS: usize = 14;
/// Hosts of one site.
pub const HOSTS_MAX: usize = 8;
/// Sites of one store.
pub const PORTALS_MAX: i64 = 500;

/// How much of the tree below its organ a site shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// The organ and all below it.
    #[default]
    Branch,
    /// Without the governments below it: 本级.
    Own,
}

impl Extent {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Own => "own",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "branch" => Some(Self::Branch),
            "own" => Some(Self::Own),
            _ => None,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Branch => "本级和全部下级",
            Self::Own => "只有本级（不含下级政府）",
        }
    }
}

/// What an administrator writes about a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub organ: OrganId,
    /// What requests to no listed host see; it needs no hosts of its own.
    pub kind: PortalKind,
    pub name: String,
    /// The first is the one that links name.
    pub hosts: Vec<HostName>,
    pub extent: Extent,
    pub intro: String,
    pub accent: Accent,
    pub header: Header,
    /// Empty: the name and 政府信息公开.
    pub logo: String,
    pub foot: Foot,
}

/// Is it the site of the configuration, or one beside it?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PortalKind {
    Main,
    #[default]
    Beside,
}

/// What stands at the bottom of each page. Empty lines are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foot {
    /// 主办单位
    pub sponsor: String,
    /// 网站标识码: ten characters, given by the national office for websites.
    pub site_code: String,
    /// ICP备案号
    pub icp: String,
    /// 公安备案号
    pub police: String,
    pub contact: String,
    /// 承办单位
    pub operator: String,
    /// Where people report mistakes of government websites: 我为政府网站找错.
    pub mistakes_url: String,
    /// Where 党政机关网站标识 of this site is shown.
    pub badge_url: String,
}

impl Foot {
    fn why_not(&self) -> Vec<Reason> {
        let lines = [
            (("sponsor", "主办单位"), &self.sponsor),
            (("operator", "承办单位"), &self.operator),
            (("contact", "联系方式"), &self.contact),
            (("icp", "ICP备案号"), &self.icp),
            (("police", "公安备案号"), &self.police),
        ];
        let mut reasons: Vec<Reason> = lines
            .into_iter()
            .filter_map(|(field, text)| text_fault(field, text, LINE_CHARS_MAX, Wanted::No))
            .collect();
        for (field, name, address) in [
            ("mistakes_url", "网站找错的网址", &self.mistakes_url),
            ("badge_url", "党政机关网站标识的网址", &self.badge_url),
        ] {
            reasons.extend(address_fault(field, name, address));
        }
        let code = &self.site_code;
        let well_formed = code.len() == 10 && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !code.is_empty() && !well_formed {
            let sentence = "网站标识码是10位数字（或含字母），与标识证书一致，例：4499010001。";
            reasons.push(("site_code", sentence.to_owned()));
        }
        reasons
    }

    /// The page of a police registration: it is found by the digits of its number.
    #[must_use]
    pub fn police_url(&self) -> Option<String> {
        let digits: String = self.police.chars().filter(char::is_ascii_digit).collect();
        (digits.len() == POLICE_DIGITS)
            .then(|| format!("https://beian.mps.gov.cn/#/query/webSearch?code={digits}"))
    }
}

/// A site as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    pub id: PortalId,
    pub words: Words,
    pub organ_name: String,
    /// PNG; empty for none.
    pub emblem: Vec<u8>,
    /// Counts changes; an update names the version that it read.
    pub version: i64,
}

impl Words {
    /// All that speaks against keeping these words, but for what other sites have.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let texts = [
            (
                ("name", "站点名称"),
                &self.name,
                LINE_CHARS_MAX,
                Wanted::Yes,
            ),
            (("intro", "简介"), &self.intro, INTRO_CHARS_MAX, Wanted::No),
            (("logo", "抬头文字"), &self.logo, LINE_CHARS_MAX, Wanted::No),
        ];
        let mut reasons: Vec<Reason> = texts
            .into_iter()
            .filter_map(|(field, text, most, wanted)| text_fault(field, text, most, wanted))
            .collect();
        reasons.extend(self.foot.why_not());
        match self.kind {
            PortalKind::Beside if self.hosts.is_empty() => {
                reasons.push((
                    "hosts",
                    "请填写至少一个域名，公众凭域名进入这个站点。".to_owned(),
                ));
            }
            PortalKind::Main if !self.hosts.is_empty() => {
                let sentence = "主站的网址写在配置文件的 url 里，这里不填域名。";
                reasons.push(("hosts", sentence.to_owned()));
            }
            PortalKind::Main | PortalKind::Beside => {}
        }
        if self.hosts.len() > HOSTS_MAX {
            reasons.push(("hosts", format!("一个站点最多{HOSTS_MAX}个域名。")));
        }
        reasons
    }
}

/// What is wrong with an address that the foot links to; an empty one is left out there.
fn address_fault(field: &'static str, name: &str, address: &str) -> Option<Reason> {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        address
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    });
    let is_plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    if address.is_empty() || (is_web && is_plain && address.chars().count() <= ADDRESS_CHARS_MAX) {
        None
    } else {
        let sentence =
            format!("“{name}”以 https:// 或 http:// 开头，不含空格，最多{ADDRESS_CHARS_MAX}字。");
        Some((field, sentence))
    }
}
