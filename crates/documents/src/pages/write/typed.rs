//! What the form of a draft holds, as typed, and the head that it makes.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::attachment::Filled;
use gongkai_platform::web::FormErrors;

use super::{LOST_MAX, cut};
use crate::document::cited::{self, Cited};
use crate::document::{Edition, Ground, Head, Openness, body};
use crate::house_field::HouseField;
use crate::kind::Kind;
use crate::kind::own::{self, OwnValue};
use crate::pages::hidden;

/// What a form holds, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) organ: String,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) theme: String,
    pub(super) issued_on: String,
    pub(super) effective_on: String,
    pub(super) expires_on: String,
    pub(super) shown_until: String,
    pub(super) limited: bool,
    pub(super) openness: String,
    pub(super) ground: String,
    pub(super) why_closed: String,
    pub(super) review_on: String,
    pub(super) summary: String,
    pub(super) keywords: String,
    pub(super) interprets: String,
    /// The number or title of the interpreted document, where the list does not have it.
    pub(super) interprets_named: String,
    /// 依据和引用的文件, one a line.
    pub(super) cites: String,
    pub(super) source_url: String,
    /// 专有要素 by their codes, of whatever kind.
    pub(super) own: BTreeMap<String, String>,
    pub(super) body: String,
    pub(super) is_html: bool,
    /// What the file that brought the text lost: travels with a form that is sent again.
    pub(super) lost: Vec<String>,
    /// Attachments are kept with what they hide.
    pub(super) as_it_is: bool,
}

pub(super) fn shown(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

impl Typed {
    pub(super) fn of_form(filled: &Filled, house: &[HouseField]) -> Self {
        let text = |name: &str| filled.text(name).to_owned();
        let of_table = own::all().iter().map(|field| field.code.to_owned());
        let codes = of_table.chain(house.iter().map(HouseField::code));
        Self {
            organ: text("organ"),
            title: text("title"),
            number: text("number"),
            theme: text("theme"),
            issued_on: text("issued_on"),
            effective_on: text("effective_on"),
            expires_on: text("expires_on"),
            shown_until: text("shown_until"),
            limited: filled.text("limited") == "yes",
            openness: text("openness"),
            ground: text("ground"),
            why_closed: text("why_closed").trim().to_owned(),
            review_on: text("review_on"),
            summary: text("summary"),
            keywords: text("keywords"),
            interprets: text("interprets"),
            interprets_named: text("interprets_named").trim().to_owned(),
            cites: text("cites"),
            source_url: text("source_url").trim().to_owned(),
            own: codes
                .map(|code| {
                    let typed = text(&code);
                    (code, typed)
                })
                .collect(),
            body: text("body"),
            is_html: filled.text("markup") == "html",
            lost: filled
                .all("lost")
                .iter()
                .take(LOST_MAX)
                .map(|one| cut(one))
                .collect(),
            as_it_is: filled.text(hidden::AS_IT_IS) == "yes",
        }
    }

    pub(super) fn of_edition(edition: &Edition) -> Self {
        let head = edition.head.clone();
        Self {
            organ: String::new(),
            issued_on: shown(head.issued_on),
            effective_on: shown(head.effective_on),
            expires_on: shown(head.expires_on),
            shown_until: shown(head.shown_until),
            limited: head.limited,
            review_on: shown(head.review_on),
            title: head.title,
            number: head.number,
            theme: head.theme,
            openness: head.openness,
            ground: head.ground,
            why_closed: head.why_closed,
            summary: head.summary,
            keywords: head.keywords,
            interprets: head.interprets.unwrap_or_default(),
            interprets_named: String::new(),
            cites: head
                .cites
                .iter()
                .map(Cited::written)
                .collect::<Vec<_>>()
                .join("\n"),
            source_url: head.source_url,
            own: head
                .own
                .iter()
                .map(|one| (one.code.clone(), one.typed()))
                .collect(),
            body: edition.html.clone(),
            is_html: true,
            lost: Vec::new(),
            as_it_is: false,
        }
    }

    pub(super) fn own(&self, code: impl AsRef<str>) -> String {
        self.own.get(code.as_ref()).cloned().unwrap_or_default()
    }

    /// What the fields of the kind say, and of those that the government added to it.
    fn of_kind(
        &self,
        (kind, house): (Kind, &[HouseField]),
        errors: &mut FormErrors,
    ) -> Vec<OwnValue> {
        let (mut said, wrong) = own::read(kind, |field| self.own(field.code));
        for (field, sentence) in wrong {
            errors.add(field, sentence);
        }
        for field in house {
            let typed = self.own(field.code());
            if typed.trim().is_empty() {
                continue;
            }
            match field.read(&typed) {
                Ok(value) => said.push(value),
                Err(sentence) => errors.add(field.code(), sentence),
            }
        }
        said
    }

    pub(super) fn head(&self, of: (Kind, &[HouseField]), errors: &mut FormErrors) -> Head {
        let own = self.of_kind(of, errors);
        let mut date = |field: &'static str, text: &str| {
            if text.is_empty() {
                return None;
            }
            let day = text.parse().ok();
            if day.is_none() {
                errors.add(field, "日期无法识别，例：2026-09-18。");
            }
            day
        };
        let openness = Openness::from_code(&self.openness).unwrap_or(Openness::Open);
        let ground = Ground::from_code(&self.ground).filter(|_| openness != Openness::Open);
        Head {
            title: self.title.clone(),
            number: self.number.clone(),
            theme: self.theme.clone(),
            issued_on: date("issued_on", &self.issued_on),
            effective_on: date("effective_on", &self.effective_on),
            expires_on: date("expires_on", &self.expires_on),
            shown_until: date("shown_until", &self.shown_until),
            limited: self.limited,
            openness: openness.code().to_owned(),
            ground: ground.map_or_else(String::new, |ground| ground.code().to_owned()),
            review_on: date("review_on", &self.review_on),
            summary: self.summary.clone(),
            keywords: self.keywords.clone(),
            interprets: (!self.interprets.is_empty()).then(|| self.interprets.clone()),
            cites: cited::of_lines(&self.cites),
            source_url: self.source_url.clone(),
            own,
            why_closed: if openness == Openness::Open {
                String::new()
            } else {
                self.why_closed.clone()
            },
        }
    }

    pub(super) fn html(&self) -> String {
        if self.is_html {
            body::clean(&self.body)
        } else {
            body::of_text(&self.body)
        }
    }
}
