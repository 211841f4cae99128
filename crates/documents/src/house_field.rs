//! 本级自定要素: fields that a government adds to a kind of documents, and may make compulsory. Kept as events alone: the chain
//! says who asked for what. What an edition says in one it says for good, with the field's name.

use std::ops::RangeInclusive;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::acts::KeepReviewWays;
use crate::document::{Document, Head, State};
use crate::kind::own::{self, Form, OwnValue};
use crate::kind::{Field, Kind};
use crate::review::demand;

const SUBJECT: &str = "house_field";
const ADDED: &str = "document.field_added";
const REMOVED: &str = "document.field_removed";
/// Events that are read.
const EVENTS_MAX: i64 = 1_000;
/// Fields of one kind.
pub const FIELDS_MAX: usize = 20;
/// Characters of a name.
const NAME_CHARS: RangeInclusive<usize> = 2..=20;
/// What may be chosen from.
const OPTIONS: RangeInclusive<usize> = 2..=30;
/// Characters of one of them.
const OPTION_CHARS_MAX: usize = 30;

/// A field that a government added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseField {
    /// The code of the kind.
    pub kind: String,
    pub name: String,
    /// As [`Form::of_code`] reads it.
    pub form: String,
    pub required: bool,
}

impl HouseField {
    /// What names it in forms and editions: the same for the same name, whenever it is added.
    #[must_use]
    pub fn code(&self) -> String {
        let hash = Sha256::digest(format!("{}\n{}", self.kind, self.name));
        let hash = hex::encode(hash);
        format!("own_house_{}", hash.get(..16).unwrap_or(&hash))
    }

    #[must_use]
    pub fn form(&self) -> Form {
        Form::of_code(&self.form).unwrap_or(Form::Text)
    }

    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        Kind::from_code(&self.kind).map_or("", Kind::name)
    }

    /// What was typed, as an edition keeps it.
    ///
    /// # Errors
    /// A sentence where it means nothing.
    pub fn read(&self, text: &str) -> Result<OwnValue, String> {
        let form = self.form();
        Ok(OwnValue {
            code: self.code(),
            name: self.name.clone(),
            value: form.read(&self.name, text)?,
            // What was chosen is read as it stands.
            form: if form.is_choice() {
                String::new()
            } else {
                self.form.clone()
            },
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name
    }
}

#[derive(Deserialize)]
struct Said {
    field: HouseField,
}

/// What a government added, in the order in which it was added.
///
/// # Errors
/// When the store fails.
pub async fn kept(tx: &mut Tx, house: OrganId) -> Result<Vec<HouseField>, StoreError> {
    let events = audit::about(tx, SUBJECT, &house.to_string(), EVENTS_MAX).await?;
    let mut kept: Vec<HouseField> = Vec::new();
    for event in events.into_iter().rev() {
        let Ok(Said { field }) = serde_json::from_str(&event.data) else {
            continue;
        };
        kept.retain(|one| !one.is_same(&field));
        if event.kind == ADDED {
            kept.push(field);
        }
    }
    Ok(kept)
}

/// What the government of a unit added to a kind.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, owner: OrganId, kind: Kind) -> Result<Vec<HouseField>, StoreError> {
    let house = demand::house(tx, owner).await?;
    let mut fields = kept(tx, house).await?;
    fields.retain(|one| one.kind == kind.code());
    Ok(fields)
}

/// The fields that the government demands of a draft and that are still open.
///
/// # Errors
/// When the store fails.
pub async fn missing(
    tx: &mut Tx,
    document: &Document,
    head: &Head,
) -> Result<Vec<Reason>, StoreError> {
    if document.state != State::Draft {
        return Ok(Vec::new());
    }
    let fields = of(tx, document.owner, document.kind).await?;
    Ok(open(&fields, &head.own))
}

fn open(fields: &[HouseField], said: &[OwnValue]) -> Vec<Reason> {
    let is_open = |field: &&HouseField| {
        let code = field.code();
        field.required && said.iter().all(|one| one.code != code)
    };
    fields
        .iter()
        .filter(is_open)
        .map(|field| {
            let sentence = format!("本级政府要求{}填写“{}”。", field.kind_name(), field.name);
            ("own", sentence)
        })
        .collect()
}

fn why_not(field: &HouseField, kept: &[HouseField]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut refuse = |field: &'static str, said: String| reasons.push((field, said));
    let Some(kind) = Kind::from_code(&field.kind) else {
        return vec![("kind", "请选择文件种类。".to_owned())];
    };
    if !NAME_CHARS.contains(&field.name.chars().count()) {
        refuse(
            "name",
            format!(
                "要素名称要有{}到{}个字。",
                NAME_CHARS.start(),
                NAME_CHARS.end()
            ),
        );
    }
    let is_common = Field::ALL.iter().any(|one| one.name() == field.name)
        || own::of(kind).any(|one| one.name == field.name);
    if is_common || kept.iter().any(|one| one.is_same(field)) {
        refuse(
            "name",
            format!("{}已经有“{}”这一项。", kind.name(), field.name),
        );
    }
    let of_kind = kept.iter().filter(|one| one.kind == field.kind).count();
    if of_kind >= FIELDS_MAX {
        refuse("name", format!("一类文件最多加{FIELDS_MAX}项要素。"));
    }
    match Form::of_code(&field.form) {
        None => refuse("form", "请选择怎样填写。".to_owned()),
        Some(Form::Choice(listed)) => {
            let fits = |one: &String| (1..=OPTION_CHARS_MAX).contains(&one.chars().count());
            if !OPTIONS.contains(&listed.len()) || !listed.iter().all(fits) {
                refuse(
                    "options",
                    format!(
                        "可选的各项一行一项，{}到{}项，每项最多{OPTION_CHARS_MAX}字。",
                        OPTIONS.start(),
                        OPTIONS.end()
                    ),
                );
            }
        }
        Some(Form::Text | Form::Date | Form::Year | Form::Years | Form::Number | Form::Phone) => {}
    }
    reasons
}

fn say(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    (kind, verb): (&'static str, &str),
    field: &HouseField,
) {
    let must = if field.required { "必填" } else { "选填" };
    let sentence = format!(
        "文件要素：{}{verb}“{}”（{must}，{}）",
        field.kind_name(),
        field.name,
        field.form().name()
    );
    let subject = (SUBJECT, house.to_string());
    let event = Event::new(permit.actor(), kind, subject, sentence).organ(house);
    tx.record(event.data(json!({ "field": field })));
}

/// Adds a field; what is under review already goes its way without it.
///
/// # Errors
/// Refused with all the reasons.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    field: &HouseField,
) -> Result<(), NotDone> {
    let kept = kept(tx, house).await?;
    refused(why_not(field, &kept))?;
    say(tx, permit, house, (ADDED, "加上"), field);
    Ok(())
}

/// Takes a field away; editions that say something in it go on saying it.
///
/// # Errors
/// Not found where there is none.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    (kind, name): (&str, &str),
) -> Result<(), NotDone> {
    let mut kept = kept(tx, house).await?.into_iter();
    let field = kept
        .find(|one| one.kind == kind && one.name == name)
        .ok_or(NotDone::NotFound)?;
    say(tx, permit, house, (REMOVED, "不再要求"), &field);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FIELDS_MAX, HouseField, open, why_not};

    fn field(name: &str, form: &str) -> HouseField {
        HouseField {
            kind: "notice".to_owned(),
            name: name.to_owned(),
            form: form.to_owned(),
            required: true,
        }
    }

    #[test]
    fn a_field_has_a_name_of_its_own_and_a_form() {
        assert!(why_not(&field("咨询电话", "phone"), &[]).is_empty());
        let said = |field: &HouseField, kept: &[HouseField]| -> Vec<&'static str> {
            let reasons = why_not(field, kept);
            reasons.into_iter().map(|(field, _)| field).collect()
        };
        for (wrong, on) in [
            (field("电", "phone"), "name"),
            (field(&"名".repeat(21), "phone"), "name"),
            (field("主题分类", "text"), "name"),
            (field("咨询电话", "colour"), "form"),
            (field("适用区域", "choice:市区"), "options"),
            (field("适用区域", "choice:市区|"), "options"),
        ] {
            assert_eq!(said(&wrong, &[]), [on], "{wrong:?}");
        }
        let known = field("咨询电话", "phone");
        assert_eq!(said(&known, std::slice::from_ref(&known)), ["name"]);
        let nowhere = HouseField {
            kind: "nothing".to_owned(),
            ..known.clone()
        };
        assert_eq!(said(&nowhere, &[]), ["kind"]);
        let many: Vec<_> = (0..FIELDS_MAX)
            .map(|n| field(&format!("要素{n}"), "text"))
            .collect();
        assert_eq!(said(&known, &many), ["name"]);
    }

    #[test]
    fn what_is_demanded_is_open_until_it_is_said() {
        let phone = field("咨询电话", "phone");
        let loose = HouseField {
            required: false,
            ..field("适用区域", "choice:市区|全市")
        };
        let fields = [phone.clone(), loose.clone()];
        assert_eq!(open(&fields, &[]).len(), 1);
        assert!(phone.read("见官网").is_err() && loose.read("郊区").is_err());
        let said = phone.read("0750-1234567").unwrap();
        assert_eq!(said.line(), "咨询电话：0750-1234567");
        assert!(open(&fields, &[said]).is_empty());
        assert_eq!(loose.read("全市").unwrap().line(), "适用区域：全市");
        let since = field("受理日期", "date").read("2026-09-18").unwrap();
        assert_eq!(since.line(), "受理日期：2026年9月18日");
        assert_ne!(phone.code(), loose.code());
    }
}
