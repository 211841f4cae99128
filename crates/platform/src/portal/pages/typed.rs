//! What the form of a site sends, kept as typed.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;

use super::super::emblem::{self, EMBLEM_BYTES_MAX};
use super::super::handle::EmblemChange;
use super::super::{Accent, Extent, Foot, Header, HostName, Portal, PortalKind, Words};
use crate::fault::Reason;
use crate::web::Problem;

/// The picture's field; all others are texts.
const EMBLEM: &str = "emblem";

#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    texts: BTreeMap<String, String>,
    emblem: Vec<u8>,
}

fn unreadable(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Problem::TOO_LARGE).detail(format!("标识最大{}KB。", EMBLEM_BYTES_MAX / 1024))
    } else {
        Problem::new(Problem::BAD_REQUEST)
    }
}

impl Typed {
    /// # Errors
    /// When the body is no such form, or too large.
    pub(super) async fn read(mut multipart: Multipart) -> Result<Self, Problem> {
        let mut typed = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(|e| unreadable(&e))? {
            let name = field.name().unwrap_or("").to_owned();
            if name == EMBLEM {
                typed.emblem = field.bytes().await.map_err(|e| unreadable(&e))?.to_vec();
                continue;
            }
            let text = field.text().await.map_err(|e| unreadable(&e))?;
            let text = text.replace("\r\n", "\n").trim().to_owned();
            typed.texts.insert(name, text);
        }
        Ok(typed)
    }

    /// What the store has, as the form shows it.
    pub(super) fn of(portal: &Portal) -> Self {
        let (words, foot) = (&portal.words, &portal.words.foot);
        let hosts: Vec<_> = words.hosts.iter().map(ToString::to_string).collect();
        let kind = match words.kind {
            PortalKind::Main => "main",
            PortalKind::Beside => "beside",
        };
        let texts = [
            ("organ", words.organ.to_string()),
            ("kind", kind.to_owned()),
            ("name", words.name.clone()),
            ("hosts", hosts.join("\n")),
            ("extent", words.extent.code().to_owned()),
            ("intro", words.intro.clone()),
            ("accent", words.accent.code().to_owned()),
            ("header", words.header.code().to_owned()),
            ("logo", words.logo.clone()),
            ("sponsor", foot.sponsor.clone()),
            ("site_code", foot.site_code.clone()),
            ("icp", foot.icp.clone()),
            ("police", foot.police.clone()),
            ("contact", foot.contact.clone()),
            ("operator", foot.operator.clone()),
            ("mistakes_url", foot.mistakes_url.clone()),
            ("badge_url", foot.badge_url.clone()),
            ("version", portal.version.to_string()),
        ];
        Self {
            texts: texts
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text))
                .collect(),
            emblem: Vec::new(),
        }
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    pub(super) fn set(&mut self, name: &str, text: String) {
        self.texts.insert(name.to_owned(), text);
    }

    pub(super) fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(0)
    }

    /// Only to be looked at?
    pub(super) fn is_preview(&self) -> bool {
        !self.get("look").is_empty()
    }

    /// What is to be kept, and of the picture; else why not. `url` is the main site's, whose host is no other's.
    ///
    /// # Errors
    /// All that cannot be read.
    pub(super) fn parse(&self, url: &str) -> Result<(Words, EmblemChange), Vec<Reason>> {
        let mut reasons: Vec<Reason> = Vec::new();
        let organ = self.get("organ").parse().ok();
        if organ.is_none() {
            reasons.push(("organ", "请选择展示哪个机关的信息。".to_owned()));
        }
        let authority = url.split("://").nth(1).unwrap_or(url).split('/').next();
        let main = authority.and_then(HostName::of_header);
        let mut hosts: Vec<HostName> = Vec::new();
        for line in self.get("hosts").split_whitespace() {
            match line.parse() {
                Ok(host) if Some(&host) == main.as_ref() => {
                    reasons.push(("hosts", format!("“{line}”是主站的域名，不能再给别的站点。")));
                }
                Ok(host) if !hosts.contains(&host) => hosts.push(host),
                Ok(_) => {}
                Err(error) => reasons.push(("hosts", format!("“{line}”：{error}"))),
            }
        }
        let picture = if !self.emblem.is_empty() {
            match emblem::clean(&self.emblem) {
                Ok(png) => EmblemChange::Put(png),
                Err(error) => {
                    reasons.push((EMBLEM, error.to_string()));
                    EmblemChange::Keep
                }
            }
        } else if self.get("drop_emblem").is_empty() {
            EmblemChange::Keep
        } else {
            EmblemChange::Drop
        };
        let text = |name: &str| self.get(name).to_owned();
        let Some(organ) = organ.filter(|_| reasons.is_empty()) else {
            return Err(reasons);
        };
        let words = Words {
            organ,
            kind: match self.get("kind") {
                "main" => PortalKind::Main,
                _ => PortalKind::Beside,
            },
            name: text("name"),
            hosts,
            extent: Extent::from_code(self.get("extent")).unwrap_or_default(),
            intro: text("intro"),
            accent: Accent::from_code(self.get("accent")).unwrap_or_default(),
            header: Header::from_code(self.get("header")).unwrap_or_default(),
            logo: text("logo"),
            foot: Foot {
                sponsor: text("sponsor"),
                site_code: text("site_code"),
                icp: text("icp"),
                police: text("police"),
                contact: text("contact"),
                operator: text("operator"),
                mistakes_url: text("mistakes_url"),
                badge_url: text("badge_url"),
            },
        };
        Ok((words, picture))
    }
}
