//! What a merger of organs does to bulletins: what is still to be mended goes to the heir, with what drafts say.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::attachment;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use super::store::{self, Reach, Side};
use super::{Bulletin, BulletinId, Part, PartState};
use crate::notify::{Notice, To, notify, short};

/// Parts of issued bulletins that are not closed, and parts of drafts.
pub struct OpenParts;

#[async_trait]
impl OpenWork for OpenParts {
    fn title(&self) -> &'static str {
        "未销号的通报整改"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let open = store::unended(tx, organ).await?;
        Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let mut count = 0;
        for id in store::unended(tx, moved.from).await? {
            move_one(tx, actor, id, moved).await?;
            count += 1;
        }
        Ok(count)
    }
}

fn only(organ: OrganId) -> Scope {
    Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    }
}

async fn move_one(
    tx: &mut Tx,
    actor: &Actor,
    id: BulletinId,
    moved: Moved<'_>,
) -> Result<(), StoreError> {
    let heir = moved.to;
    let reach = Reach::office(&Scope::Everything);
    let bulletin = store::load(tx, Side::Reach(&reach), id).await?;
    let part = store::parts(tx, id, Some(&only(moved.from))).await?.pop();
    let (Some(bulletin), Some(part)) = (bulletin, part) else {
        return Err(StoreError::Stale);
    };
    let from = part.organ_name.clone();
    let due = match store::parts(tx, id, Some(&only(heir.id))).await?.pop() {
        None => {
            store::give_part(tx, id, &part, heir.id).await?;
            part.due_now(bulletin.reply_due_on)
        }
        Some(own) => {
            let both = joined(own, part);
            store::join_parts(tx, id, &both, moved.from).await?;
            both.due_now(bulletin.reply_due_on)
        }
    };
    let (old, new) = (format!("{id}:{}", moved.from), format!("{id}:{}", heir.id));
    attachment::rehang(tx, ("bulletin_part", &old), &new).await?;
    let sentence = format!(
        "“{from}”的部分随机构调整移交“{}”，原因：{}",
        heir.name, moved.reason
    );
    tx.record(event(actor, &bulletin, "bulletin.moved", sentence));
    tell(tx, (&bulletin, due), (heir.id, moved.reason)).await
}

async fn tell(
    tx: &mut Tx,
    (bulletin, due): (&Bulletin, Option<Date>),
    (heir, reason): (OrganId, &str),
) -> Result<(), StoreError> {
    let (Some(number), true) = (&bulletin.number, bulletin.issued_on.is_some()) else {
        return Ok(());
    };
    let notice = Notice {
        to: To::Unit,
        organ: heir,
        topic: Topic::Bulletin,
        key: format!(
            "bulletin:{}:moved:{}",
            bulletin.id,
            tx.now().as_millisecond()
        ),
        title: format!("机构调整，{number}的整改移交本单位：{}", bulletin.title),
        body: short(reason),
        path: format!("/workspace/bulletins/{}", bulletin.id),
        about: due,
    };
    notify(tx, notice).await
}

/// How much is left to do, most last.
const fn left(state: PartState) -> u8 {
    match state {
        PartState::Silent => 0,
        PartState::Closed => 1,
        PartState::Replied => 2,
        PartState::Failed => 3,
        PartState::Waiting => 4,
    }
}

/// The heir's own part with that of the organ that went into it: everything that is said of both, and of the two states
/// the one that leaves more to do. Whoever has not answered yet makes both unanswered.
fn joined(own: Part, moved: Part) -> Part {
    let state = if left(own.state) < left(moved.state) {
        moved.state
    } else {
        own.state
    };
    let from = moved.organ_name;
    let both = |one: Option<String>, other: Option<String>| match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}\n（原{from}）{other}")),
        (None, Some(other)) => Some(format!("（原{from}）{other}")),
        (one, None) => one,
    };
    let mut sentences = own.sentences;
    sentences.extend(moved.sentences);
    Part {
        sentences,
        state,
        reply_text: both(own.reply_text, moved.reply_text),
        replied_by: own.replied_by.or(moved.replied_by),
        replied_on: own
            .replied_on
            .zip(moved.replied_on)
            .map(|(one, other)| one.max(other)),
        again_due_on: (state == PartState::Failed)
            .then(|| own.again_due_on.max(moved.again_due_on))
            .flatten(),
        missed_on: own.missed_on.or(moved.missed_on),
        verdict: both(own.verdict, moved.verdict),
        closed_on: (state == PartState::Closed)
            .then(|| own.closed_on.max(moved.closed_on))
            .flatten(),
        ..own
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::joined;
    use crate::bulletin::{Part, PartState, Sentence};
    use crate::testing::day;

    fn part(state: PartState, replied_on: Option<&str>) -> Part {
        Part {
            organ: OrganId::new(Uuid::from_u128(1)),
            organ_name: "市外办".to_owned(),
            class: String::new(),
            sentences: vec![Sentence {
                text: state.name().to_owned(),
                fact: None,
            }],
            state,
            reply_text: replied_on.map(|_| "已整改".to_owned()),
            replied_by: None,
            replied_on: replied_on.map(day),
            again_due_on: None,
            missed_on: None,
            verdict: None,
            closed_on: None,
            version: 1,
        }
    }

    #[test]
    fn what_nobody_answered_keeps_both_open() {
        let both = joined(
            part(PartState::Closed, Some("2026-09-01")),
            part(PartState::Waiting, None),
        );
        assert_eq!((both.state, both.replied_on), (PartState::Waiting, None));
        assert_eq!(both.sentences.len(), 2);
        let both = joined(
            part(PartState::Replied, Some("2026-09-01")),
            part(PartState::Failed, Some("2026-09-05")),
        );
        assert_eq!(both.state, PartState::Failed);
        assert_eq!(both.replied_on, Some(day("2026-09-05")));
        assert_eq!(both.reply_text.unwrap(), "已整改\n（原市外办）已整改");
    }
}
