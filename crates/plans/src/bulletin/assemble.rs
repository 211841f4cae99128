//! The office chooses facts and edits the sentences that follow from them. What is kept is masked already.

use std::sync::Arc;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_inspect::Masking;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::seam::Check;

use super::facts::{Fact, by_unit};
use super::handle::event;
use super::mask::{self, Covered, doubts, mask};
use super::rules::rules;
use super::store::{self, Reach, Side};
use super::{
    Bulletin, BulletinId, BulletinKind, BulletinState, FactRef, Part, PartState, REPLY_DAYS_MAX,
    SENTENCES_MAX, Sentence, TEXT_CHARS_MAX, TITLE_CHARS_MAX,
};
use crate::acts::DraftBulletin;
use crate::assessment::handle::class_names;
use crate::offices;
use crate::step::{StepError, refused, text_fault};

/// Drafts a bulletin of an office from chosen facts of its own: one part for each unit, one sentence for each fact.
///
/// # Errors
/// Refused without facts, and without an office among several.
pub async fn draft(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    (office, check): (&str, Option<&Arc<dyn Check>>),
    (kind, facts): (BulletinKind, Vec<Fact>),
    today: Date,
) -> Result<Bulletin, StepError> {
    let (office, office_name) = offices::chosen(offices::organs(permit), ("step", office))?;
    if facts.is_empty() || facts.len() > SENTENCES_MAX {
        return Err(StepError::refuse(format!(
            "请勾选1至{SENTENCES_MAX}项事实。"
        )));
    }
    let count = facts.len();
    let units = by_unit(facts);
    let approver = rules(tx, office).await?.approver;
    let covering = mask::rule(tx, check, office).await?;
    let (opening, closing) = frame(kind, units.len());
    let bulletin = Bulletin {
        id: BulletinId::new(tx.fresh()),
        office,
        office_name,
        kind,
        title: format!("关于政务公开工作{}的通报", subject(kind)),
        number: None,
        opening,
        closing,
        ranking: false,
        reply_days: 10,
        reply_due_on: None,
        state: BulletinState::Draft,
        approver,
        drafted_by: permit.actor().name().to_owned(),
        drafted_on: today,
        approved_by: None,
        issued_on: None,
        reason: None,
        version: 1,
    };
    let organs: Vec<OrganId> = units.iter().map(|(organ, _, _)| *organ).collect();
    let scheme = (office, i64::from(today.year()));
    let mut classes = class_names(tx, scheme, &organs).await?;
    let parts: Vec<Part> = units
        .into_iter()
        .map(|(organ, organ_name, facts)| {
            let sentences = facts.into_iter().map(|fact| Sentence {
                text: mask(&fact.text, &covering).0,
                fact: Some(fact.reference),
            });
            let class = classes.remove(&organ).unwrap_or_default();
            part((organ, organ_name), class, sentences.collect())
        })
        .collect();
    store::insert(tx, &bulletin, &parts).await?;
    tx.record(event(
        permit.actor(),
        &bulletin,
        "bulletin.drafted",
        format!(
            "起草{}通报，涉及{}个单位、{count}项事实",
            kind.name(),
            parts.len()
        ),
    ));
    Ok(bulletin)
}

fn part((organ, organ_name): (OrganId, String), class: String, sentences: Vec<Sentence>) -> Part {
    Part {
        organ,
        organ_name,
        class,
        sentences,
        state: PartState::Silent,
        reply_text: None,
        replied_by: None,
        replied_on: None,
        again_due_on: None,
        missed_on: None,
        verdict: None,
        closed_on: None,
        version: 1,
    }
}

const fn subject(kind: BulletinKind) -> &'static str {
    match kind {
        BulletinKind::Praise => "先进做法",
        BulletinKind::Criticism => "存在问题",
        BulletinKind::Situation => "情况",
    }
}

fn frame(kind: BulletinKind, units: usize) -> (String, String) {
    match kind {
        BulletinKind::Praise => (
            format!("近期，{units}个单位在政务公开工作中积极探索，成效明显，现予通报表扬。"),
            "希望受表扬的单位再接再厉，其他单位认真学习借鉴。".to_owned(),
        ),
        BulletinKind::Criticism | BulletinKind::Situation => (
            format!(
                "近期，对各单位政务公开工作落实情况进行了检查，发现{units}个单位存在以下问题，现予通报。"
            ),
            "请有关单位认真整改，举一反三，并按期书面报告整改情况。整改情况以复核结果为准。"
                .to_owned(),
        ),
    }
}

/// What the office typed: the sentences in their order, each with the unit it is about and the fact it rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edited {
    pub title: String,
    pub opening: String,
    pub closing: String,
    pub ranking: Option<()>,
    pub reply_days: Option<u32>,
    pub sentences: Vec<(OrganId, Option<FactRef>, String)>,
}

impl Edited {
    fn check(&self, kind: BulletinKind) -> Result<u32, StepError> {
        let mut reasons: Vec<_> = [
            text_fault("title", "标题", &self.title, TITLE_CHARS_MAX),
            text_fault("opening", "开头", &self.opening, TEXT_CHARS_MAX),
            text_fault("closing", "结尾", &self.closing, TEXT_CHARS_MAX),
        ]
        .into_iter()
        .flatten()
        .collect();
        let days = self
            .reply_days
            .filter(|days| (1..=REPLY_DAYS_MAX).contains(days));
        if kind.wants_reply() && days.is_none() {
            reasons.push((
                "reply_days",
                format!("整改报告期限请填1至{REPLY_DAYS_MAX}个工作日。"),
            ));
        }
        if self.sentences.len() > SENTENCES_MAX {
            reasons.push(("step", format!("一份通报最多{SENTENCES_MAX}句。")));
        }
        if self
            .sentences
            .iter()
            .any(|(_, _, text)| text.chars().count() > TEXT_CHARS_MAX)
        {
            reasons.push(("step", format!("每句最多{TEXT_CHARS_MAX}字。")));
        }
        if self.sentences.iter().all(|(_, _, text)| text.is_empty()) {
            reasons.push(("step", "通报里一句事实也没有。".to_owned()));
        }
        refused(reasons)?;
        Ok(days.unwrap_or(1))
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        [&self.title, &self.opening, &self.closing]
            .into_iter()
            .chain(self.sentences.iter().map(|(_, _, text)| text))
    }

    /// What will be covered on saving.
    #[must_use]
    pub fn covered(&self, rule: &Masking) -> Vec<Covered> {
        self.texts().flat_map(|text| mask(text, rule).1).collect()
    }

    /// What may be personal and will not be covered.
    #[must_use]
    pub fn doubts(&self, rule: &Masking) -> Vec<(&'static str, String)> {
        self.texts().flat_map(|text| doubts(text, rule)).collect()
    }
}

/// Saves the edited draft, masked. Units come only from the draft itself; a fact stays with its own sentence.
///
/// # Errors
/// Not found; refused when it is no draft, or with faulty words.
pub async fn revise(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    (id, check): (BulletinId, Option<&Arc<dyn Check>>),
    edited: &Edited,
) -> Result<(Bulletin, usize), StepError> {
    let mut bulletin = drafted(tx, permit, id).await?;
    let rule = mask::rule(tx, check, bulletin.office).await?;
    let reply_days = edited.check(bulletin.kind)?;
    let before = store::parts(tx, id, None).await?;
    let mut parts = Vec::with_capacity(before.len());
    for old in before {
        let known = |fact: &FactRef| {
            old.sentences
                .iter()
                .any(|sentence| sentence.fact.as_ref() == Some(fact))
        };
        let sentences: Vec<Sentence> = edited
            .sentences
            .iter()
            .filter(|(organ, _, text)| *organ == old.organ && !text.is_empty())
            .map(|(_, fact, text)| Sentence {
                text: mask(text, &rule).0,
                fact: fact.clone().filter(|fact| known(fact)),
            })
            .collect();
        if !sentences.is_empty() {
            parts.push(part((old.organ, old.organ_name), old.class, sentences));
        }
    }
    if parts.is_empty() {
        return Err(StepError::refuse("通报里一句事实也没有。"));
    }
    let covered = edited.covered(&rule).len();
    bulletin.title = mask(&edited.title, &rule).0;
    bulletin.opening = mask(&edited.opening, &rule).0;
    bulletin.closing = mask(&edited.closing, &rule).0;
    bulletin.ranking = edited.ranking.is_some();
    bulletin.reply_days = reply_days;
    store::set_parts(tx, id, &parts).await?;
    store::update(tx, &bulletin).await?;
    tx.record(event(
        permit.actor(),
        &bulletin,
        "bulletin.revised",
        format!("修改通报，遮盖个人信息{covered}处"),
    ));
    Ok((bulletin, covered))
}

pub(super) async fn drafted(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    id: BulletinId,
) -> Result<Bulletin, StepError> {
    let reach = Reach::office(permit.scope());
    let bulletin = store::load(tx, Side::Reach(&reach), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if bulletin.state != BulletinState::Draft {
        return Err(StepError::refuse(format!(
            "通报{}，不能再修改。",
            bulletin.state.name()
        )));
    }
    Ok(bulletin)
}
