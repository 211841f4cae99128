//! One bulletin: the office's working copy, the principal's and the superiors' view, the unit's extract.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Kept};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, FormErrors, Problem, Query, Shell, download, page};
use serde::Deserialize;

use crate::acts::{AnswerBulletin, ApproveBulletin, DraftBulletin, ReadBulletin, ViewOwnBulletins};
use crate::bulletin::handle::reach_of;
use crate::bulletin::mask::Covered;
use crate::bulletin::standing::{self, Gone, Holding};
use crate::bulletin::store::{self, Reach, Side};
use crate::bulletin::{
    Bulletin, BulletinId, BulletinState, FactRef, Part, PartStep, RankedPart, Step, handle, print,
    ranking,
};
use crate::lookup::scope_of;
use crate::{approval, letter, when};

const EVENTS_MAX: i64 = 100;

/// What was typed and not saved.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The unit whose part it is about.
    pub(super) organ: Option<OrganId>,
    pub(super) note: String,
    pub(super) text: String,
    pub(super) url: String,
    pub(super) kept: Vec<Kept>,
}

#[derive(Template)]
#[template(path = "bulletin/show.html")]
pub(super) struct ShowPage {
    shell: Shell,
    pub(super) bulletin: Bulletin,
    /// All parts, or those of the reader's own unit.
    pub(super) parts: Vec<(Part, Vec<Attachment>)>,
    ranked: Vec<RankedPart>,
    events: Vec<Recorded>,
    today: Date,
    is_office: bool,
    may_decide: bool,
    /// Who can approve it, by name, while somebody has to.
    principals: Vec<String>,
    /// The units among the parts for which the reader answers.
    own: Vec<OrganId>,
    /// The sentences whose facts do not stand any more, for those who prepare or decide it.
    gone: Vec<Gone>,
    /// What the ledger says of the parts that wait for a re-check, for those who make it.
    holding: Vec<Holding>,
    /// The reader sees the parts of the own units alone.
    is_unit: bool,
    has_pdf: bool,
    /// What saving would cover, after 预览遮盖.
    pub(super) covered: Option<Vec<Covered>>,
    /// What may be personal and would not be covered.
    pub(super) doubts: Vec<(&'static str, String)>,
    pub(super) errors: FormErrors,
    pub(super) typed: Typed,
}

impl ShowPage {
    /// Units are ranked within classes.
    fn is_classed(&self) -> bool {
        self.ranked.iter().any(|one| !one.class.is_empty())
    }

    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn is(&self, code: &str) -> bool {
        self.bulletin.state.code() == code
    }

    fn can(&self, code: &str) -> bool {
        Step::from_code(code).is_some_and(|step| self.bulletin.state.after(step).is_some())
    }

    fn waits_for_check(&self, part: &Part) -> bool {
        part.state.after(PartStep::Pass).is_some()
    }

    fn late_words(&self, part: &Part) -> Option<&'static str> {
        part.late_words(self.bulletin.reply_due_on, self.today)
    }

    /// The reader speaks for the unit of this part, and something is asked of it.
    fn may_reply(&self, part: &Part) -> bool {
        self.own.contains(&part.organ)
            && self.is("issued")
            && part.state.after(PartStep::Reply).is_some()
    }

    /// Why the fact of a sentence does not stand any more.
    fn why_gone(&self, fact: &FactRef) -> Option<&str> {
        let mut gone = self.gone.iter();
        gone.find(|one| one.fact == *fact)
            .map(|one| one.why.as_str())
    }

    /// What of a part is not mended yet, by the ledger.
    fn holding(&self, part: &Part) -> Vec<&Holding> {
        let own = |one: &&Holding| one.organ == part.organ;
        self.holding.iter().filter(own).collect()
    }

    /// What was typed belongs to this part.
    fn typed_for(&self, part: &Part) -> bool {
        self.typed.organ == Some(part.organ)
    }

    fn files(&self, part: &Part) -> String {
        format!(
            "/workspace/bulletins/{}/units/{}/files",
            self.bulletin.id, part.organ
        )
    }
}

/// What a person sees of a bulletin: whole, or the parts of the own units.
struct Seen {
    bulletin: Bulletin,
    whole: bool,
    parts: Vec<Part>,
}

async fn seen(tx: &mut Tx, shell: &Shell, id: BulletinId) -> Result<Option<Seen>, StoreError> {
    let reach = reach_of(shell.person.as_ref());
    if let Some(bulletin) = store::load(tx, Side::Reach(&reach), id).await? {
        let parts = store::parts(tx, id, None).await?;
        return Ok(Some(Seen {
            bulletin,
            whole: true,
            parts,
        }));
    }
    let units = scope_of::<ViewOwnBulletins>(shell.person.as_ref());
    let Some(bulletin) = store::load(tx, Side::Unit(&units), id).await? else {
        return Ok(None);
    };
    let parts = store::parts(tx, id, Some(&units)).await?;
    Ok(Some(Seen {
        bulletin,
        whole: false,
        parts,
    }))
}

/// How the facts of a bulletin stand now.
#[derive(Default)]
struct Stand {
    gone: Vec<Gone>,
    holding: Vec<Holding>,
}

impl Stand {
    async fn read(
        tx: &mut Tx,
        (bulletin, parts): (&Bulletin, &[Part]),
        today: Date,
    ) -> Result<Self, StoreError> {
        let holding = if bulletin.state == BulletinState::Issued {
            standing::holding(tx, bulletin, parts, today).await?
        } else {
            Vec::new()
        };
        let gone = standing::gone(tx, bulletin, parts, today).await?;
        Ok(Self { gone, holding })
    }
}

struct Loaded {
    seen: Seen,
    files: BTreeMap<String, Vec<Attachment>>,
    events: Vec<Recorded>,
    all: Vec<Part>,
    own: Vec<OrganId>,
    stand: Stand,
    is_office: bool,
    may_decide: bool,
    principals: Vec<String>,
}

async fn load(
    tx: &mut Tx,
    shell: &Shell,
    id: BulletinId,
    today: Date,
) -> Result<Option<Loaded>, StoreError> {
    let person = shell.person.as_ref();
    let office = person.and_then(|person| person.permit::<DraftBulletin>());
    let principal = person.and_then(|person| person.permit::<ApproveBulletin>());
    let Some(seen) = seen(tx, shell, id).await? else {
        return Ok(None);
    };
    let is_office = match &office {
        Some(permit) => {
            let reach = Reach::office(permit.scope());
            store::load(tx, Side::Reach(&reach), id).await?.is_some()
        }
        None => false,
    };
    let may_decide = match &principal {
        Some(permit) => {
            let of = (seen.bulletin.office, seen.bulletin.approver);
            handle::is_principal(tx, permit, of).await?
        }
        None => false,
    };
    let subjects: Vec<String> = seen
        .parts
        .iter()
        .map(|part| format!("{id}:{}", part.organ))
        .collect();
    let files = attachment::of_all(tx, "bulletin_part", &subjects).await?;
    let events = if seen.whole {
        audit::about(tx, "bulletin", &id.to_string(), EVENTS_MAX).await?
    } else {
        Vec::new()
    };
    let all = store::parts(tx, id, None).await?;
    // An office answers what is said of itself and of its government, beside all that it sees as the office.
    let answering = scope_of::<AnswerBulletin>(shell.person.as_ref());
    let own = store::parts(tx, id, Some(&answering)).await?;
    let stand = if is_office || may_decide {
        Stand::read(tx, (&seen.bulletin, &all), today).await?
    } else {
        Stand::default()
    };
    let waits = [BulletinState::Draft, BulletinState::Submitted].contains(&seen.bulletin.state);
    let principals = if is_office && waits {
        approval::principals(tx, seen.bulletin.office, seen.bulletin.approver).await?
    } else {
        Vec::new()
    };
    Ok(Some(Loaded {
        seen,
        files,
        events,
        all,
        own: own.into_iter().map(|part| part.organ).collect(),
        stand,
        is_office,
        may_decide,
        principals,
    }))
}

pub(super) async fn build(app: &App, shell: Shell, id: BulletinId) -> Result<ShowPage, Problem> {
    let today = app.today();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| load(tx, &shell, id, today).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let Loaded {
        seen,
        mut files,
        events,
        all,
        own,
        stand,
        is_office,
        may_decide,
        principals,
    } = loaded;
    let parts = seen
        .parts
        .into_iter()
        .map(|part| {
            let own = files.remove(&format!("{id}:{}", part.organ));
            (part, own.unwrap_or_default())
        })
        .collect();
    let ranked = if seen.bulletin.ranking {
        ranking(&all)
    } else {
        Vec::new()
    };
    Ok(ShowPage {
        shell,
        parts,
        ranked,
        events,
        today,
        is_office,
        may_decide,
        principals,
        own,
        gone: stand.gone,
        holding: stand.holding,
        is_unit: !seen.whole,
        has_pdf: app.printer.is_some(),
        covered: None,
        doubts: Vec::new(),
        errors: FormErrors::default(),
        typed: Typed::default(),
        bulletin: seen.bulletin,
    })
}

/// `GET /workspace/bulletins/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadBulletin>,
    Path(id): Path<BulletinId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    format: String,
}

/// `GET /workspace/bulletins/{id}/print?format=docx`: whole, or the unit's extract.
pub(super) async fn print(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadBulletin>,
    Path(id): Path<BulletinId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let (seen, all) = app
        .db
        .read(async |tx: &mut Tx| match seen(tx, &shell, id).await? {
            Some(seen) => {
                let all = store::parts(tx, id, None).await?;
                Ok(Some((seen, all)))
            }
            None => Ok::<_, StoreError>(None),
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let name = format!(
        "{}{}",
        seen.bulletin.number.as_deref().unwrap_or("通报（草稿）"),
        if seen.whole { "" } else { "摘录" }
    );
    let letter = print::letter(&seen.bulletin, &seen.parts, &all);
    letter::download(&app, letter, &name, &wanted.format).await
}

/// `GET /workspace/bulletins/{id}/units/{organ}/files/{file}`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadBulletin>,
    Path((id, organ, file)): Path<(BulletinId, OrganId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| match seen(tx, &shell, id).await? {
            Some(seen) if seen.parts.iter().any(|part| part.organ == organ) => {
                let subject = format!("{id}:{organ}");
                attachment::file(tx, ("bulletin_part", &subject), file).await
            }
            Some(_) | None => Ok::<_, StoreError>(None),
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

impl ShowPage {
    fn is_draft(&self) -> bool {
        self.bulletin.state == BulletinState::Draft
    }
}
