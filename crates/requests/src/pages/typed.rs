//! What somebody typed into a form, kept as typed, and the files that came with it.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::attachment::{Filled, New, sniff};
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem};

use crate::id::FormToken;
use crate::key::Keys;
use crate::request::receipt::{Days, Receipt};
use crate::request::submit::Form;
use crate::request::{Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish};

/// Every field of an application.
pub(super) const FIELDS: [&str; 31] = [
    "token",
    "organ",
    "kind",
    "channel",
    "applicant_kind",
    "name",
    "paper",
    "paper_number",
    "head",
    "contact",
    "workplace",
    "phone",
    "fax",
    "email",
    "address",
    "postcode",
    "subject",
    "description",
    "form",
    "way",
    "waiver",
    "submitted_on",
    "signed_on",
    "arrived_on",
    "confirmed_on",
    "set_on",
    "set_why",
    "late_why",
    "other_number",
    "offered",
    // Where the guided form stands.
    "step",
];

/// A file that was uploaded on the step before; the mark proves that it was here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) sha256: String,
    pub(super) name: String,
    pub(super) bytes: i64,
}

/// The papers that most people and most organisations prove themselves with.
const CARD: &str = "居民身份证";
const CODE: &str = "统一社会信用代码证书";

/// How the fields of an applicant ask, as far as the form knows who it is and how the reply is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asks {
    /// Are there the fields of a person, and those of an organisation?
    pub(super) natural: bool,
    pub(super) organisation: bool,
    /// Labels of name and number, hints of the others.
    pub(super) name: &'static str,
    pub(super) number: &'static str,
    pub(super) paper: &'static str,
    pub(super) head: &'static str,
    pub(super) workplace: &'static str,
    /// Must the fields of an organisation be there? Only once it is known to be one.
    pub(super) is_organisation: bool,
    pub(super) fax: Reach,
    pub(super) email: Reach,
    pub(super) address: Reach,
}

/// A way to reach somebody: the hint of its field, and whether it must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) hint: &'static str,
    pub(super) must: bool,
}

impl Asks {
    /// `is_settled`: who applies and by which way were chosen on pages before.
    ///
    /// Law: art. 29: 获取信息的方式、途径 are part of an application, not of a 更正 (art. 41) or a 投诉 (art. 47).
    pub(super) fn of(typed: &Typed, is_settled: bool) -> Self {
        let kind = Kind::from_code(typed.get("kind")).unwrap_or(Kind::Information);
        let who = ApplicantKind::from_code(typed.get("applicant_kind")).filter(|_| is_settled);
        let way = Way::from_code(typed.get("way"));
        let reach = |wanted: Way, chosen: &'static str, open: &'static str| {
            let (hint, must) = match kind {
                Kind::Correction | Kind::Complaint => ("用来答复您。", false),
                Kind::Information if !is_settled => (open, false),
                Kind::Information if way == Some(wanted) => (chosen, true),
                Kind::Information => ("", false),
            };
            Reach { hint, must }
        };
        let (name, number, paper, head, workplace) = match who {
            None => (
                "姓名或名称",
                "证件号码或统一社会信用代码",
                "自然人：居民身份证、护照等；单位：统一社会信用代码证书。",
                "自然人不用填；单位必填。",
                "自然人有的可以填；单位不用填。",
            ),
            Some(ApplicantKind::Natural) => (
                "姓名",
                "证件号码",
                "居民身份证、护照等。",
                "",
                "有的可以填。",
            ),
            Some(_) => (
                "名称",
                "统一社会信用代码",
                "统一社会信用代码证书、营业执照等。",
                "",
                "",
            ),
        };
        Self {
            natural: who.is_none_or(|who| who == ApplicantKind::Natural),
            organisation: who.is_none_or(|who| who != ApplicantKind::Natural),
            is_organisation: who.is_some_and(|who| who != ApplicantKind::Natural),
            name,
            number,
            paper,
            head,
            workplace,
            fax: reach(Way::Fax, "您选择了用传真获取。", "选择用传真获取的必填。"),
            email: reach(
                Way::Email,
                "您选择了用电子邮件获取。",
                "选择用电子邮件获取的必填。",
            ),
            address: reach(Way::Post, "您选择了邮寄。", "选择邮寄的必填。"),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    fields: BTreeMap<String, String>,
    pub(super) held: Vec<Held>,
}

impl Typed {
    pub(super) fn of_filled(filled: &Filled) -> Self {
        let fields = FIELDS
            .iter()
            .map(|name| ((*name).to_owned(), filled.text(name).to_owned()));
        Self {
            fields: fields.collect(),
            held: Vec::new(),
        }
    }

    /// From a form without files; a file's mark must fit.
    pub(super) fn of_pairs(pairs: Vec<(String, String)>, keys: &Keys) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            if name == "held" {
                typed.held.extend(Held::read(&value, keys));
            } else if FIELDS.contains(&name.as_str()) {
                typed
                    .fields
                    .insert(name, value.replace("\r\n", "\n").trim().to_owned());
            }
        }
        typed
    }

    /// Files of an earlier step, from their hidden fields.
    pub(super) fn hold(&mut self, sealed: &[String], keys: &Keys) {
        let read = sealed.iter().filter_map(|one| Held::read(one, keys));
        self.held.extend(read);
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The paper that the form proposes is that of a person; an organisation has another one, and the other way round.
    pub(super) fn fit_paper(&mut self) {
        let who = ApplicantKind::from_code(self.get("applicant_kind"));
        let (usual, other) = match who {
            Some(ApplicantKind::Natural) => (CARD, CODE),
            Some(_) => (CODE, CARD),
            None => return,
        };
        if self.get("paper") == other {
            self.set("paper", usual);
        }
    }

    /// Hidden fields for the next step.
    pub(super) fn hidden(&self) -> Vec<(&str, &str)> {
        FIELDS
            .iter()
            .map(|name| (*name, self.get(name)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// The files that wait, to be attached.
    ///
    /// # Errors
    /// When their bytes cannot be read.
    pub(super) async fn files(&self, app: &App) -> Result<Vec<New>, Problem> {
        let mut new = Vec::new();
        for held in &self.held {
            let (files, sha256) = (app.files.clone(), held.sha256.clone());
            let bytes = off_thread(move || files.get(&sha256)).await??;
            if let Some(media_type) = sniff::media_type(&bytes) {
                new.push(New::File {
                    sha256: held.sha256.clone(),
                    name: held.name.clone(),
                    media_type,
                    bytes: held.bytes,
                });
            }
        }
        Ok(new)
    }

    fn date(&self, name: &str, errors: &mut FormErrors) -> Option<Date> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            errors.add(name, "日期请按“2026-03-02”的格式填写。");
        }
        read
    }

    fn applicant(&self, errors: &mut FormErrors) -> Applicant {
        let kind = ApplicantKind::from_code(self.get("applicant_kind"));
        if kind.is_none() {
            errors.add("applicant_kind", "请选择申请人类型。");
        }
        let text = |name: &str| self.get(name).to_owned();
        Applicant {
            kind: kind.unwrap_or(ApplicantKind::Natural),
            name: text("name"),
            paper: text("paper"),
            paper_number: text("paper_number"),
            head: text("head"),
            contact: text("contact"),
            workplace: text("workplace"),
            phone: text("phone"),
            fax: text("fax"),
            email: text("email"),
            address: text("address"),
            postcode: text("postcode"),
        }
    }

    fn receipt(&self, errors: &mut FormErrors) -> Receipt {
        let set = self.date("set_on", errors);
        Receipt {
            days: Days {
                submitted_on: self.date("submitted_on", errors),
                signed_on: self.date("signed_on", errors),
                arrived_on: self.date("arrived_on", errors),
                confirmed_on: self.date("confirmed_on", errors),
            },
            set: set.map(|on| (on, self.get("set_why").to_owned())),
        }
    }

    /// The form, once every field can be read; rules of its own are the noun's.
    pub(super) fn form(&self, errors: &mut FormErrors) -> Option<Form> {
        let organ: Option<OrganId> = self.get("organ").parse().ok();
        if organ.is_none() {
            errors.add("organ", "请选择受理机关。");
        }
        let carrier = Carrier::from_code(self.get("form"));
        if carrier.is_none() {
            errors.add("form", "请选择获取信息的方式。");
        }
        let way = Way::from_code(self.get("way"));
        if way.is_none() {
            errors.add("way", "请选择获取信息的途径。");
        }
        let channel = Channel::from_code(self.get("channel"));
        if channel.is_none() {
            errors.add("channel", "请选择收到的渠道。");
        }
        let token: Option<FormToken> = self.get("token").parse().ok();
        if token.is_none() {
            errors.add("token", "表单已失效，请重新打开申请页面。");
        }
        let (applicant, receipt) = (self.applicant(errors), self.receipt(errors));
        Some(Form {
            token: token?,
            organ: organ?,
            kind: Kind::from_code(self.get("kind")).unwrap_or(Kind::Information),
            channel: channel?,
            applicant,
            wish: Wish {
                subject: self.get("subject").to_owned(),
                description: self.get("description").to_owned(),
                form: carrier?,
                way: way?,
                waiver: self.get("waiver").to_owned(),
            },
            receipt,
            other_number: self.get("other_number").to_owned(),
            late_why: self.get("late_why").to_owned(),
        })
    }
}

impl Held {
    pub(super) fn of_new(new: &[New]) -> Vec<Self> {
        new.iter()
            .filter_map(|one| match one {
                New::File {
                    sha256,
                    name,
                    bytes,
                    ..
                } => Some(Self {
                    sha256: sha256.clone(),
                    name: name.clone(),
                    bytes: *bytes,
                }),
                New::Link(_) => None,
            })
            .collect()
    }

    /// For a hidden field: nobody can name a file that was not uploaded here.
    pub(super) fn sealed(&self, keys: &Keys) -> String {
        let plain = format!("{}|{}|{}", self.sha256, self.bytes, self.name);
        format!("{}|{plain}", keys.seal(&plain))
    }

    fn read(sealed: &str, keys: &Keys) -> Option<Self> {
        let (given, plain) = sealed.split_once('|')?;
        if keys.seal(plain) != given {
            return None;
        }
        let mut parts = plain.splitn(3, '|');
        let (sha256, bytes, name) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            sha256: sha256.to_owned(),
            name: name.to_owned(),
            bytes: bytes.parse().ok()?,
        })
    }
}
