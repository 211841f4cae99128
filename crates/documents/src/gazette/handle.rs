//! An issue is put together, proposed by one person, issued by another; afterwards it can only be corrected beside itself.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Act, Permit, Reach};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::organ::{self, Kind, Organ};
use serde_json::json;

use super::{
    Erratum, ITEMS_MAX, Issue, REMARK_CHARS_MAX, State, Step, Whole, Words, check, sections, store,
};
use crate::acts::{EditGazette, IssueGazette};
use crate::document::{Visibility, seal, store as documents};
use crate::id::{DocumentId, ErratumId, IssueId, ItemId};

/// The noun in events and references.
pub const SUBJECT: &str = "gazette";

pub(super) fn event(actor: &Actor, issue: &Issue, kind: &'static str, sentence: String) -> Event {
    Event::new(actor, kind, (SUBJECT, issue.id.to_string()), sentence).organ(issue.owner)
}

fn who(actor: &Actor) -> (String, String) {
    let id = actor
        .account()
        .map_or_else(|| "system".to_owned(), |account| account.to_string());
    (id, actor.name().to_owned())
}

/// The next issue of a government: number, total, and the sections as they stand by default.
///
/// # Errors
/// When the store fails.
pub async fn next(tx: &mut Tx, government: &Organ, today: Date) -> Result<Words, StoreError> {
    let year = i64::from(today.year());
    let (number, total) = store::last_numbers(tx, government.id, year).await?;
    Ok(Words {
        year,
        number: number + 1,
        total: total + 1,
        dated_on: today,
        sections: sections(government.level),
    })
}

/// The government whose gazette an office makes; departments, townships and street offices publish none
/// (国办发〔2018〕22号).
///
/// # Errors
/// Not found; refused for an organ that is no government's office.
pub async fn government(tx: &mut Tx, owner: OrganId) -> Result<Organ, NotDone> {
    let own = organ::store::load(tx, owner)
        .await?
        .ok_or(NotDone::NotFound)?;
    let above = match own.kind {
        Kind::Office => organ::store::government_of(tx, owner).await?,
        _ => None,
    };
    let government = match above {
        Some(id) => organ::store::load(tx, id).await?,
        None => None,
    };
    government
        .filter(|organ| organ.kind == Kind::Government)
        .ok_or_else(|| {
            NotDone::Refused(vec![(
                "number",
                "政府公报由县级以上政府的办公室编辑，部门和乡镇、街道不出版公报（国办发〔2018〕22号）。"
                    .to_owned(),
            )])
        })
}

/// Year and number for the government at the top; those below it and whoever comes second name the government before.
async fn address(
    tx: &mut Tx,
    government: &Organ,
    (words, own): (&Words, Option<IssueId>),
) -> Result<String, StoreError> {
    let short = format!("{}/{}", words.year, words.number);
    if government.parent.is_none() {
        let there = store::addressed(tx, &short).await?;
        if there.is_none_or(|other| Some(other.id) == own) {
            return Ok(short);
        }
    }
    Ok(format!("of/{}/{short}", government.id))
}

async fn checked(
    tx: &mut Tx,
    organ: OrganId,
    (words, own): (&Words, Option<IssueId>),
) -> Result<(), NotDone> {
    let mut reasons = words.why_not();
    if let Some(other) = store::numbered(tx, organ, (words.year, words.number)).await?
        && Some(other.id) != own
    {
        reasons.push(("number", format!("{}已经有了。", other.words.name())));
    }
    refused(reasons)
}

/// Begins an issue, in the name of the government whose office makes it.
///
/// # Errors
/// Not found outside the permit's reach; refused with all the reasons.
pub async fn begin(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    owner: OrganId,
    words: Words,
) -> Result<Issue, NotDone> {
    let own = organ::store::load(tx, owner)
        .await?
        .ok_or(NotDone::NotFound)?;
    if !permit.scope().contains(owner, &own.path) {
        return Err(NotDone::NotFound);
    }
    let government = government(tx, owner).await?;
    checked(tx, government.id, (&words, None)).await?;
    let issue = Issue {
        id: IssueId::new(tx.fresh()),
        owner,
        organ: government.id,
        address: address(tx, &government, (&words, None)).await?,
        organ_name: government.name,
        words,
        state: State::Preparing,
        remark: String::new(),
        proposed_by: None,
        issued_by: None,
        issued_at: None,
        seal: None,
        version: 1,
    };
    store::insert(tx, &issue).await?;
    let sentence = format!("开始编辑{}", issue.words.name());
    tx.record(event(permit.actor(), &issue, "gazette.begun", sentence));
    Ok(issue)
}

async fn existing<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (id, version): (IssueId, i64),
) -> Result<Whole, NotDone> {
    let issue = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if issue.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(store::whole(tx, issue).await?)
}

pub(super) async fn being_edited(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
) -> Result<Whole, NotDone> {
    let whole = existing(tx, permit, of).await?;
    if whole.issue.state == State::Preparing {
        return Ok(whole);
    }
    Err(NotDone::Refused(vec![(
        "items",
        format!("这一期{}，不能改动内容。", whole.issue.state.name()),
    )]))
}

/// Changes number, day and sections while it is edited.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
    words: Words,
) -> Result<(), NotDone> {
    let whole = being_edited(tx, permit, of).await?;
    let own = Some(whole.issue.id);
    checked(tx, whole.issue.organ, (&words, own)).await?;
    if let Some(item) = whole
        .items
        .iter()
        .find(|item| !words.sections.contains(&item.section))
    {
        return Err(NotDone::Refused(vec![(
            "sections",
            format!(
                "栏目“{}”里还有《{}》，请先移到别的栏目。",
                item.section, item.head.title
            ),
        )]));
    }
    let government = organ::store::load(tx, whole.issue.organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let issue = Issue {
        address: address(tx, &government, (&words, own)).await?,
        words,
        ..whole.issue
    };
    store::update(tx, &issue).await?;
    let sentence = format!("修改{}的期号、日期或栏目", issue.words.name());
    tx.record(event(permit.actor(), &issue, "gazette.changed", sentence));
    Ok(())
}

/// Takes the published edition of a document into a section, at its end.
///
/// # Errors
/// Not found; stale; refused for what is not public, stands in it already, or has no such section.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
    (document, section): (DocumentId, &str),
) -> Result<ItemId, NotDone> {
    let whole = being_edited(tx, permit, of).await?;
    let mut reasons = Vec::new();
    if !whole.issue.words.sections.iter().any(|one| one == section) {
        reasons.push(("section", "请选择这一期的一个栏目。".to_owned()));
    }
    if whole.items.len() >= ITEMS_MAX {
        reasons.push(("document", format!("一期最多{ITEMS_MAX}篇。")));
    }
    if whole.items.iter().any(|item| item.document == document) {
        reasons.push(("document", "这一期已经有这份文件。".to_owned()));
    }
    refused(reasons)?;
    let (document, edition) = published(tx, document).await?;
    let id = ItemId::new(tx.fresh());
    let last = whole.items.iter().map(|item| item.position).max();
    let place = (id, section, last.unwrap_or(0) + 1);
    let (edition_id, hash) = (edition.id.to_string(), seal(&edition.head, &edition.html));
    store::insert_item(tx, whole.issue.id, place, (&document, &edition_id, &hash)).await?;
    store::update(tx, &whole.issue).await?;
    let sentence = format!(
        "{}“{section}”选入《{}》",
        whole.issue.words.name(),
        edition.head.title
    );
    tx.record(
        event(permit.actor(), &whole.issue, "gazette.item-added", sentence)
            .data(json!({ "document": document.id.to_string(), "edition": hash })),
    );
    Ok(id)
}

async fn published(
    tx: &mut Tx,
    id: DocumentId,
) -> Result<(crate::document::Document, crate::document::Edition), NotDone> {
    let document = documents::public(tx, id)
        .await?
        .filter(|document| document.visibility == Visibility::Public && !document.limited);
    let edition = match document.as_ref().and_then(|document| document.published) {
        Some(edition) => documents::edition(tx, edition).await?,
        None => None,
    };
    document
        .zip(edition)
        .ok_or_else(|| NotDone::Refused(vec![("document", "只能选入已发布的文件。".to_owned())]))
}

/// What is done to an item while the issue is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// One place up or down, within its section.
    Up,
    Down,
    Remove,
    /// To the edition that the website shows now.
    Renew,
}

/// # Errors
/// Not found; stale; refused where the website shows nothing to renew it to.
pub async fn arrange(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
    (item, change): (ItemId, Change),
) -> Result<(), NotDone> {
    let whole = being_edited(tx, permit, of).await?;
    let found = whole
        .items
        .iter()
        .find(|one| one.id == item)
        .ok_or(NotDone::NotFound)?;
    let title = &found.head.title;
    let verb = match change {
        Change::Remove => {
            store::remove_item(tx, item).await?;
            "移出"
        }
        Change::Renew => {
            let (_, edition) = published(tx, found.document).await?;
            let hash = seal(&edition.head, &edition.html);
            store::renew_item(tx, item, (&edition.id.to_string(), &hash)).await?;
            "改用现行文本："
        }
        Change::Up | Change::Down => {
            let mut peers = whole
                .items
                .iter()
                .filter(|one| one.section == found.section);
            let other = if change == Change::Up {
                peers.rfind(|one| one.position < found.position)
            } else {
                peers.find(|one| one.position > found.position)
            };
            if let Some(other) = other {
                store::place_item(tx, found.id, (&found.section, other.position)).await?;
                store::place_item(tx, other.id, (&found.section, found.position)).await?;
            }
            "调整顺序："
        }
    };
    store::update(tx, &whole.issue).await?;
    let sentence = format!("{}{verb}《{title}》", whole.issue.words.name());
    tx.record(event(
        permit.actor(),
        &whole.issue,
        "gazette.item-changed",
        sentence,
    ));
    Ok(())
}

/// Sends it to be issued, when every text agrees with the website.
///
/// # Errors
/// Not found; stale; refused with all the differences.
pub async fn propose(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
) -> Result<(), NotDone> {
    let whole = existing(tx, permit, of).await?;
    let mut reasons = whole.why_not();
    let next = whole.issue.state.after(Step::Propose);
    if next.is_none() {
        reasons.push((
            "items",
            format!("这一期{}，不用再送签。", whole.issue.state.name()),
        ));
    }
    refused(reasons)?;
    let issue = Issue {
        state: next.unwrap_or(State::Proposed),
        remark: String::new(),
        proposed_by: Some(who(permit.actor())),
        ..whole.issue
    };
    store::update(tx, &issue).await?;
    let name = issue.words.name();
    let sentence = format!("{name}送签");
    tx.record(event(permit.actor(), &issue, "gazette.proposed", sentence));
    let told = (
        format!("等您签发：{}公报{name}", issue.organ_name),
        format!(
            "{}送签，共{}篇，各篇与网站文本一致。请审阅后签发，或者写明意见退回。",
            permit.actor().name(),
            whole.items.len()
        ),
    );
    let heads: &'static [Role] = &[Role::OfficeHead];
    tell(tx, &issue, (heads, "proposed"), told).await?;
    Ok(())
}

/// Gives it back with a word.
///
/// # Errors
/// Not found; stale; refused without a word, or where it was not proposed.
pub async fn give_back(
    tx: &mut Tx,
    permit: &Permit<IssueGazette>,
    of: (IssueId, i64),
    remark: &str,
) -> Result<(), NotDone> {
    let whole = existing(tx, permit, of).await?;
    let mut reasons: Vec<_> = text_fault(
        ("remark", "退回意见"),
        remark,
        REMARK_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    let next = whole.issue.state.after(Step::Return);
    if next.is_none() {
        reasons.push(("remark", "只有待签发的可以退回。".to_owned()));
    }
    refused(reasons)?;
    let issue = Issue {
        state: next.unwrap_or(State::Preparing),
        remark: remark.to_owned(),
        proposed_by: None,
        ..whole.issue
    };
    store::update(tx, &issue).await?;
    let name = issue.words.name();
    let sentence = format!("退回{name}：{remark}");
    tx.record(event(permit.actor(), &issue, "gazette.returned", sentence));
    let told = (
        format!("退回修改：{}公报{name}", issue.organ_name),
        format!("退回意见：{remark}。请修改后重新送签。"),
    );
    let editors: &'static [Role] = &[Role::Author, Role::OfficeClerk];
    tell(tx, &issue, (editors, "returned"), told).await?;
    Ok(())
}

/// Tells people of the office that makes it what waits for them now: title and words.
async fn tell(
    tx: &mut Tx,
    issue: &Issue,
    (roles, step): (&'static [Role], &str),
    (title, body): (String, String),
) -> Result<(), StoreError> {
    inbox::send(
        tx,
        vec![Outgoing {
            organ: issue.owner,
            roles,
            reach: Reach::Own,
            topic: Topic::House,
            key: format!("gazette:{}:{}:{step}", issue.id, issue.version),
            title,
            body,
            path: format!("/workspace/gazette/{}", issue.id),
            about: None,
        }],
    )
    .await?;
    Ok(())
}

/// Issues it, sealed, with the page of each text as the typesetter told them; none where no typesetter is wired.
///
/// # Errors
/// Not found; stale; refused with all the differences, or for the person who proposed it.
pub async fn issue(
    tx: &mut Tx,
    permit: &Permit<IssueGazette>,
    of: (IssueId, i64),
    pages: &[i64],
) -> Result<(), NotDone> {
    let whole = existing(tx, permit, of).await?;
    let mut reasons = whole.why_not();
    let next = whole.issue.state.after(Step::Issue);
    if next.is_none() {
        reasons.push(("items", "只有待签发的可以签发。".to_owned()));
    }
    let by = who(permit.actor());
    if whole
        .issue
        .proposed_by
        .as_ref()
        .is_some_and(|(id, _)| *id == by.0)
    {
        reasons.push((
            "items",
            "编辑送签的人不能自己签发，请由另一位负责人签发。".to_owned(),
        ));
    }
    refused(reasons)?;
    let sealed = whole.seal();
    if pages.len() == whole.items.len() {
        for (item, page) in whole.items.iter().zip(pages) {
            store::set_page(tx, item.id, *page).await?;
        }
    }
    let issue = Issue {
        state: next.unwrap_or(State::Issued),
        issued_by: Some(by),
        issued_at: Some(tx.now().as_millisecond()),
        seal: Some(sealed.clone()),
        ..whole.issue
    };
    store::update(tx, &issue).await?;
    store::print_errata(tx, &issue).await?;
    let sentence = format!("签发{}，共{}篇", issue.words.name(), whole.items.len());
    tx.record(
        event(permit.actor(), &issue, "gazette.issued", sentence).data(json!({ "seal": sealed })),
    );
    Ok(())
}

/// Records a mistake in what was issued; it stands beside the text at once and is printed in the next issue.
///
/// # Errors
/// Not found; refused with all the reasons.
pub async fn correct(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    (id, item): (IssueId, ItemId),
    (dated_on, wrong, correct): (Date, &str, &str),
) -> Result<(), NotDone> {
    let issue = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    let whole = store::whole(tx, issue).await?;
    let found = whole
        .items
        .iter()
        .find(|one| one.id == item)
        .ok_or(NotDone::NotFound)?;
    let mut reasons: Vec<_> = [
        text_fault(("wrong", "误"), wrong, REMARK_CHARS_MAX, Wanted::Yes),
        text_fault(("correct", "正"), correct, REMARK_CHARS_MAX, Wanted::Yes),
    ]
    .into_iter()
    .flatten()
    .collect();
    if whole.issue.state != State::Issued {
        reasons.push(("wrong", "还没有出版，请直接修改文件。".to_owned()));
    }
    if wrong == correct && !wrong.trim().is_empty() {
        reasons.push(("correct", "改前和改后相同。".to_owned()));
    }
    if dated_on < whole.issue.words.dated_on {
        reasons.push(("dated_on", "勘误日期不能早于出版日期。".to_owned()));
    }
    let words = check::printed(&found.head, &found.text);
    if !wrong.is_empty() && !words.contains(wrong) {
        reasons.push(("wrong", "公报文本里没有这几个字，请照原文填写。".to_owned()));
    }
    refused(reasons)?;
    let erratum = Erratum {
        id: ErratumId::new(tx.fresh()),
        issue: whole.issue.id,
        issue_name: whole.issue.words.name(),
        item,
        title: found.head.title.clone(),
        dated_on,
        wrong: wrong.to_owned(),
        correct: correct.to_owned(),
        covers: found.web_seal(),
        printed: None,
        withdrawn: found.withdrawn().is_some(),
    };
    store::insert_erratum(tx, &erratum, permit.actor().name()).await?;
    let sentence = format!("勘误：{}", erratum.sentence());
    tx.record(event(
        permit.actor(),
        &whole.issue,
        "gazette.corrected",
        sentence,
    ));
    Ok(())
}
