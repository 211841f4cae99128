//! An entry is proposed, kept, declined, or taken back by who proposed it.

use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{self, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::ToList;

use super::{Proposal, State, store};
use crate::acts::KeepCatalogue;
use crate::entry::{Entry, LINE_CHARS_MAX, store as entries};
use crate::id::ProposalId;

/// Where proposals are listed.
pub const LIST: &str = "/workspace/catalogue/proposals";

const SUBJECT: &str = "catalogue_proposal";

/// The unit and what is proposed to it, for sentences.
fn named(proposal: &Proposal) -> String {
    format!("{}“{}”", proposal.organ_name, proposal.title)
}

/// Proposes an entry. What was proposed before waits again, for the unit that is named now; what is an entry stays one.
///
/// # Errors
/// When the store fails.
pub async fn propose(tx: &mut Tx, actor: &Actor, wanted: &ToList) -> Result<(), StoreError> {
    let before = store::of_refs(tx, std::slice::from_ref(&wanted.of)).await?;
    let known = before.into_iter().next();
    if let Some(entry) = known.as_ref().and_then(|one| one.entry) {
        let entry = entries::load(tx, &Reach::everything(), entry).await?;
        if entry.is_some_and(|entry| entry.removed_why.is_none()) {
            return Ok(());
        }
    }
    let mut proposal = Proposal {
        id: ProposalId::new(tx.fresh()),
        of: wanted.of.clone(),
        organ: wanted.owner,
        organ_name: String::new(),
        title: wanted.title.clone(),
        source: wanted.source.clone(),
        path: wanted.path.clone(),
        due_on: wanted.due_on,
        state: State::Open,
        entry: None,
        why: String::new(),
        decided_by: String::new(),
        decided_on: None,
        version: 1,
    };
    match known {
        None => store::insert(tx, &proposal).await?,
        Some(known) => {
            (proposal.id, proposal.version) = (known.id, known.version);
            store::save(tx, &proposal).await?;
        }
    }
    // With the name of its unit.
    let Some(proposal) = store::load(tx, &Reach::everything(), proposal.id).await? else {
        return Ok(());
    };
    tx.record(
        Event::new(
            actor,
            "catalogue.proposed",
            (SUBJECT, proposal.id.to_string()),
            format!("{}建议列入主动公开目录", named(&proposal)),
        )
        .organ(proposal.organ),
    );
    tell(tx, &proposal).await
}

/// Tells the office that keeps the unit's catalogue.
async fn tell(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    let message = Outgoing {
        organ: proposal.organ,
        roles: &[Role::OfficeClerk],
        reach: access::Reach::Government,
        topic: Topic::Request,
        key: format!("catalogue-proposal:{}:{}", proposal.id, proposal.version),
        title: format!("请列入主动公开目录：{}", proposal.title),
        body: format!("{}　{}", proposal.organ_name, proposal.source),
        path: LIST.to_owned(),
        about: proposal.due_on,
    };
    inbox::send(tx, vec![message]).await.map(|_| ())
}

/// Takes back what nobody has decided; nothing where there is none.
///
/// # Errors
/// When the store fails.
pub async fn withdraw(tx: &mut Tx, actor: &Actor, of: &Ref, why: &str) -> Result<(), StoreError> {
    let found = store::of_refs(tx, std::slice::from_ref(of)).await?;
    let Some(mut proposal) = found.into_iter().find(|one| one.state == State::Open) else {
        return Ok(());
    };
    proposal.state = State::Withdrawn;
    proposal.why = why.to_owned();
    store::save(tx, &proposal).await?;
    tx.record(
        Event::new(
            actor,
            "catalogue.proposal-withdrawn",
            (SUBJECT, proposal.id.to_string()),
            format!("{}不再建议列入目录：{why}", named(&proposal)),
        )
        .organ(proposal.organ),
    );
    Ok(())
}

/// A proposal that waits, to a unit inside the permit's reach; `field` is where a form says that it does not.
async fn open(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, field): (ProposalId, &'static str),
) -> Result<Proposal, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let found = store::load(tx, &within, id).await?;
    let proposal = found.ok_or(NotDone::NotFound)?;
    if proposal.state == State::Open {
        return Ok(proposal);
    }
    let sentence = format!(
        "这条建议现在是“{}”，不用再处理；目录没有变化。请回到“建议列入目录的事项”核对。",
        proposal.state.name()
    );
    Err(NotDone::Refused(vec![(field, sentence)]))
}

/// Notes that a proposal has become this entry.
///
/// # Errors
/// Not found out of reach; refused where it waits no longer.
pub async fn keep(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    id: ProposalId,
    entry: &Entry,
    today: Date,
) -> Result<(), NotDone> {
    let mut proposal = open(tx, permit, (id, "item")).await?;
    proposal.state = State::Kept;
    proposal.entry = Some(entry.id);
    proposal.decided_by = permit.actor().name().to_owned();
    proposal.decided_on = Some(today);
    store::save(tx, &proposal).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.proposal-kept",
            (SUBJECT, id.to_string()),
            format!(
                "{}已加入目录，索引{}",
                named(&proposal),
                entry.words.index_number
            ),
        )
        .organ(proposal.organ),
    );
    Ok(())
}

/// Says why a proposal is to be no entry.
///
/// # Errors
/// Not found out of reach; stale when somebody was first; refused without a reason, and where it waits no longer.
pub async fn decline(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, version): (ProposalId, i64),
    why: &str,
    today: Date,
) -> Result<Proposal, NotDone> {
    let mut proposal = open(tx, permit, (id, "why")).await?;
    if proposal.version != version {
        return Err(StoreError::Stale.into());
    }
    let fault = text_fault(("why", "不列入的理由"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    proposal.state = State::Declined;
    proposal.why = why.to_owned();
    proposal.decided_by = permit.actor().name().to_owned();
    proposal.decided_on = Some(today);
    store::save(tx, &proposal).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.proposal-declined",
            (SUBJECT, id.to_string()),
            format!("{}不列入目录：{why}", named(&proposal)),
        )
        .organ(proposal.organ),
    );
    Ok(proposal)
}
