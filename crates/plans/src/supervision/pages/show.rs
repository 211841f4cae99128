//! One 督办单: what it demands, what was replied, the next step for whoever looks; its print form.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Kept};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, Finding};
use gongkai_platform::web::{App, FormErrors, HowCounted, Problem, Query, Shell, download, page};
use serde::Deserialize;

use crate::acts::{
    AnswerSupervision, ApproveSupervision, ManageSupervision, ReadSupervision, ViewOwnSupervision,
    ViewSupervision,
};
use crate::approval;
use crate::step::run_of;
use crate::supervision::standing::{self, Standing};
use crate::supervision::store::{self, Side};
use crate::supervision::{Item, ItemKind, Order, OrderId, OrderState, Reply, Step, print};
use crate::{letter, when};

const EVENTS_MAX: i64 = 100;
/// Open findings of the unit that a draft offers.
const FINDINGS_MAX: i64 = 50;

/// What of 督办单 a person may see: as the office, and as a unit.
pub(super) struct Reach {
    office: Scope,
    unit: Scope,
}

impl Reach {
    pub(super) fn of(shell: &Shell) -> Self {
        let person = shell.person.as_ref();
        let office = person.and_then(|person| person.permit::<ViewSupervision>());
        let unit = person.and_then(|person| person.permit::<ViewOwnSupervision>());
        Self {
            office: office.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
            unit: unit.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
        }
    }

    pub(super) async fn load(&self, tx: &mut Tx, id: OrderId) -> Result<Option<Order>, StoreError> {
        match store::load(tx, Side::Office(&self.office), id).await? {
            Some(order) => Ok(Some(order)),
            None => store::load(tx, Side::Unit(&self.unit), id).await,
        }
    }
}

/// What was typed and refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) note: String,
    pub(super) url: String,
    pub(super) kept: Vec<Kept>,
}

#[derive(Template)]
#[template(path = "supervision/show.html")]
pub(super) struct ShowPage {
    shell: Shell,
    order: Order,
    /// What it is about, and how that stands now.
    items: Vec<(Item, Standing)>,
    /// Open findings of the unit, to be taken up while it is a draft.
    offered: Vec<Finding>,
    replies: Vec<(Reply, Vec<Attachment>)>,
    events: Vec<Recorded>,
    today: Date,
    calendar: Arc<WorkCalendar>,
    left: String,
    may_manage: bool,
    may_approve: bool,
    /// Who can approve it, by name, while somebody has to.
    heads: Vec<String>,
    may_answer: bool,
    has_pdf: bool,
    pub(super) errors: FormErrors,
    pub(super) typed: Typed,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    /// 怎么算的 of the reply's limit, from the day of issue on.
    fn how(&self) -> String {
        let issued = self.order.issued_on;
        let run = issued.and_then(|on| run_of(on, self.order.reply_days));
        let same = |run: &Run| run.due(&self.calendar).ok() == self.order.reply_due_on;
        let how = run
            .filter(same)
            .and_then(|run| HowCounted::of(run, &self.calendar));
        how.map_or_else(String::new, |how| how.to_string())
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn is(&self, code: &str) -> bool {
        self.order.state.code() == code
    }

    fn late_words(&self) -> Option<&'static str> {
        self.order.late_words(self.today)
    }

    fn can(&self, code: &str) -> bool {
        Step::from_code(code).is_some_and(|step| self.order.state.after(step).is_some())
    }

    fn is_taken(&self, finding: &Finding) -> bool {
        let id = finding.id.to_string();
        self.items
            .iter()
            .any(|(item, _)| item.kind == ItemKind::Finding && item.reference == id)
    }

    fn tasks(&self) -> Vec<&Item> {
        let tasks = |item: &&Item| item.kind == ItemKind::Assignment;
        let items = self.items.iter().map(|(item, _)| item);
        items.filter(tasks).collect()
    }

    /// How many items are not done yet.
    fn count_open(&self) -> usize {
        let open = |(_, now): &&(Item, Standing)| now.open(self.today).is_some();
        self.items.iter().filter(open).count()
    }

    fn files(&self, reply: &Reply) -> String {
        format!(
            "/workspace/supervision/{}/replies/{}/files",
            self.order.id, reply.id
        )
    }
}

/// May this person manage, approve, answer this very one?
async fn may(tx: &mut Tx, shell: &Shell, id: OrderId) -> Result<(bool, bool, bool), StoreError> {
    let person = shell.person.as_ref();
    let manage = person.and_then(|person| person.permit::<ManageSupervision>());
    let approve = person.and_then(|person| person.permit::<ApproveSupervision>());
    let answer = person.and_then(|person| person.permit::<AnswerSupervision>());
    let mut may = (false, false, false);
    if let Some(permit) = &manage {
        may.0 = store::load(tx, Side::Office(permit.scope()), id)
            .await?
            .is_some();
    }
    if let Some(permit) = &approve {
        may.1 = store::load(tx, Side::Office(permit.scope()), id)
            .await?
            .is_some();
    }
    if let Some(permit) = &answer {
        may.2 = store::load(tx, Side::Unit(permit.scope()), id)
            .await?
            .is_some();
    }
    Ok(may)
}

pub(super) async fn build(app: &App, shell: Shell, id: OrderId) -> Result<ShowPage, Problem> {
    let reach = Reach::of(&shell);
    let today = app.today();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(order) = reach.load(tx, id).await? else {
                return Ok(None);
            };
            let may = may(tx, &shell, id).await?;
            let offered = if order.state == OrderState::Draft && may.0 {
                open_findings(tx, &order).await?
            } else {
                Vec::new()
            };
            let heads = match order.state {
                OrderState::Draft | OrderState::Submitted if may.0 => {
                    approval::heads(tx, order.office).await?
                }
                _ => Vec::new(),
            };
            let replies = store::replies(tx, id).await?;
            let ids: Vec<String> = replies.iter().map(|reply| reply.id.clone()).collect();
            let mut files: BTreeMap<String, Vec<Attachment>> =
                attachment::of_all(tx, "supervision_reply", &ids).await?;
            let replies: Vec<_> = replies
                .into_iter()
                .map(|reply| {
                    let own = files.remove(&reply.id).unwrap_or_default();
                    (reply, own)
                })
                .collect();
            let items = standing::items(tx, &order, today).await?;
            let events = audit::about(tx, "supervision", &id.to_string(), EVENTS_MAX).await?;
            Ok::<_, StoreError>(Some((order, items, offered, (replies, heads), events, may)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (order, items, offered, (replies, heads), events, may) = loaded;
    let owed = match order.replied_on {
        None => order.reply_due_on,
        Some(_) => order.again_due_on,
    };
    let left = match owed {
        Some(due) if order.state.waits_for_unit() => when::left(&app.calendar(), today, due),
        Some(_) | None => String::new(),
    };
    Ok(ShowPage {
        shell,
        order,
        items,
        offered,
        replies,
        events,
        today,
        calendar: app.calendar(),
        left,
        may_manage: may.0,
        may_approve: may.1,
        heads,
        may_answer: may.2,
        has_pdf: app.printer.is_some(),
        errors: FormErrors::default(),
        typed: Typed::default(),
    })
}

/// The unit's confirmed findings that are not closed.
pub(super) async fn open_findings(tx: &mut Tx, order: &Order) -> Result<Vec<Finding>, StoreError> {
    let all = finding::of(tx, order.organ, &finding::Narrow::default(), FINDINGS_MAX).await?;
    Ok(all
        .into_iter()
        .filter(|finding| finding.state.is_open() && finding.confirmed_on.is_some())
        .collect())
}

/// `GET /workspace/supervision/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadSupervision>,
    Path(id): Path<OrderId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    format: String,
}

/// `GET /workspace/supervision/{id}/print?format=docx`
pub(super) async fn print(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadSupervision>,
    Path(id): Path<OrderId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let reach = Reach::of(&shell);
    let (order, items) = app
        .db
        .read(async |tx: &mut Tx| match reach.load(tx, id).await? {
            Some(order) => {
                let items = store::items(tx, id).await?;
                Ok(Some((order, items)))
            }
            None => Ok::<_, StoreError>(None),
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let name = format!(
        "督办单{}{}",
        order.number.as_deref().unwrap_or("（草稿）"),
        order.organ_name
    );
    letter::download(&app, print::letter(&order, &items), &name, &wanted.format).await
}

/// `GET /workspace/supervision/{id}/replies/{reply}/files/{file}`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadSupervision>,
    Path((id, reply, file)): Path<(OrderId, String, AttachmentId)>,
) -> Result<Response, Problem> {
    let reach = Reach::of(&shell);
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            if reach.load(tx, id).await?.is_none() {
                return Ok(None);
            }
            let replies = store::replies(tx, id).await?;
            match replies.iter().find(|known| known.id == reply) {
                Some(known) => attachment::file(tx, ("supervision_reply", &known.id), file).await,
                None => Ok::<_, StoreError>(None),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}
