//! What plans offer to other capabilities: figures of tasks, and tasks that are due.

pub(crate) mod held;
pub(crate) mod portal;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod year;

use async_trait::async_trait;
use gongkai_basis::reference::{DateRange, Figure, FigureKey};
use gongkai_platform::access::{Permit, Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DueItem, FigureSource, Hit, Lookup, Obligation};

use crate::acts::{ViewLedger, ViewOwnTasks};
use crate::{bulletin, carried, supervision};

/// References that a figure carries at most; the number itself is whole.
const REFS_MAX: i64 = 200;

/// The figure of a government's own active plans, without those of the governments below it.
const OWN_PLANS: &str = "plans.own";

/// Counts of tasks in the active plans of a government and those below it; and its own plans.
pub(crate) struct TaskFigures;

/// Which of a year's tasks a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    All,
    Done,
    Overdue,
}

impl Counted {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "tasks.all" => Some(Self::All),
            "tasks.done" => Some(Self::Done),
            "tasks.overdue" => Some(Self::Overdue),
            _ => None,
        }
    }
}

#[async_trait]
impl FigureSource for TaskFigures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("tasks.all", "要点任务数"),
            ("tasks.done", "已完成的要点任务数"),
            ("tasks.overdue", "已逾期的要点任务数"),
            (OWN_PLANS, "本级要点方案数"),
        ]
    }

    fn fewer_is_better(&self) -> &'static [&'static str] {
        &["tasks.overdue"]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            figures.push(match Counted::from_name(&key.name) {
                Some(counted) => Some(store::figure(tx, key, counted).await?),
                None if key.name == OWN_PLANS => Some(store::own_plans(tx, key).await?),
                None => None,
            });
        }
        Ok(figures)
    }
}

/// Tasks of the plans that a person reads whole, and those in which the person's unit has a part.
pub(crate) struct Tasks;

#[async_trait]
impl Lookup for Tasks {
    fn name(&self) -> &'static str {
        "要点任务"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let plans = person.permit::<ViewLedger>();
        let parts = person.permit::<ViewOwnTasks>();
        let within = (
            plans.as_ref().map(Permit::scope),
            parts.as_ref().map(Permit::scope),
        );
        store::tasks(tx, within, words, rows).await
    }
}

/// Open parts of tasks.
pub(crate) struct TasksDue;

#[async_trait]
impl Obligation for TasksDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("task", "要点任务")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        store::due(tx, scope, range).await
    }
}

/// 督办单 that units have not answered.
pub(crate) struct OrdersDue;

#[async_trait]
impl Obligation for OrdersDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("supervision", "督办单")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        supervision::store::due(tx, scope, range).await
    }
}

/// What bulletins asked units to mend.
pub(crate) struct RectificationsDue;

#[async_trait]
impl Obligation for RectificationsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("bulletin", "通报整改")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        bulletin::store::due(tx, scope, range).await
    }
}

/// What units said that they would have put right of last year.
pub(crate) struct ReviewsDue;

#[async_trait]
impl Obligation for ReviewsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("carried", "回头看事项")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        carried::store::due(tx, scope, range).await
    }
}

/// What units have to hand in for a reporting round.
pub(crate) struct RoundsDue;

#[async_trait]
impl Obligation for RoundsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("round", "报送")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        store::rounds_due(tx, scope, range).await
    }
}
