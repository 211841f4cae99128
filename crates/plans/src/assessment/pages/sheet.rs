//! A unit's sheet: every line with the records behind it, judging, appeals.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{self, Attachment, Kept as KeptFile};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page};

use super::Sees;
use crate::acts::{AppealScore, ReadScores};
use crate::assessment::appeal::{is_appealed, is_decidable};
use crate::assessment::class::{self, Ranked};
use crate::assessment::scheme::Measure;
use crate::assessment::score::Line;
use crate::assessment::store::Side;
use crate::assessment::{
    Appeal, AppealState, Period, PeriodId, PeriodState, UnitScore, gather, score, store,
};
use crate::lookup::scope_of;
use crate::when;

/// What was typed and refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The line, or the appeal, to which the rest belongs.
    pub(super) indicator: String,
    pub(super) appeal: String,
    pub(super) points: String,
    pub(super) text: String,
    pub(super) url: String,
    pub(super) kept: Vec<KeptFile>,
}

#[derive(Template)]
#[template(path = "assessment/sheet.html")]
pub(super) struct SheetPage {
    shell: Shell,
    pub(super) period: Period,
    pub(super) organ: OrganId,
    pub(super) organ_name: String,
    pub(super) sheet: UnitScore,
    appeals: Vec<(Appeal, Vec<Attachment>)>,
    /// Its place among the units of its class; from approval on.
    ranked: Option<Ranked>,
    is_office: bool,
    /// A unit looks at its own sheet.
    is_unit: bool,
    /// The reader speaks for the unit while appeals are heard.
    may_appeal: bool,
    has_pdf: bool,
    pub(super) errors: FormErrors,
    pub(super) typed: Typed,
}

impl SheetPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn is(&self, code: &str) -> bool {
        self.period.state.code() == code
    }

    fn is_tried(&self) -> bool {
        self.period.state.is_tried()
    }

    /// The class among whose units it is ranked; empty where the scheme has none.
    fn class(&self, ranked: &Ranked) -> &str {
        class::name(&self.period.scheme.classes, ranked.class)
    }

    fn is_shared(&self, line: &Line) -> bool {
        matches!(line.indicator.measure, Measure::Ledger | Measure::Evidence)
    }

    fn is_judged(&self, line: &Line) -> bool {
        line.indicator.measure == Measure::Judged
    }

    /// A person may judge this line now: always before scores are computed, afterwards what nobody had judged.
    fn may_judge(&self, line: &Line) -> bool {
        let open = self.period.state.is_tried() && self.is_judged(line);
        let late = self.period.state == PeriodState::Computed && line.is_unjudged();
        self.is_office && (open || late)
    }

    fn sign(&self, line: &Line) -> &'static str {
        if line.indicator.measure == Measure::Bonus {
            "+"
        } else {
            "−"
        }
    }

    fn part(&self, line: &Line, index: &usize) -> String {
        line.parts
            .get(*index)
            .map_or_else(String::new, ToString::to_string)
    }

    fn appeals_of(&self, code: &str) -> Vec<&(Appeal, Vec<Attachment>)> {
        let own = |pair: &&(Appeal, Vec<Attachment>)| pair.0.indicator == code;
        self.appeals.iter().filter(own).collect()
    }

    /// The reader may appeal against what a code names.
    fn may_appeal(&self, code: &str) -> bool {
        let appeals: Vec<Appeal> = self.appeals.iter().map(|(own, _)| own.clone()).collect();
        self.may_appeal && !is_appealed(&appeals, &self.period, code)
    }

    /// A line that lacks points, and against which the reader may appeal.
    fn may_appeal_line(&self, line: &Line) -> bool {
        line.points < line.indicator.weight && self.may_appeal(&line.indicator.code)
    }

    fn may_decide(&self, appeal: &Appeal) -> bool {
        self.is_office && is_decidable(self.period.state, appeal.state)
    }

    fn waits(&self, appeal: &Appeal) -> bool {
        appeal.state == AppealState::Waiting
    }

    /// What upholding an appeal gives is points; of a veto's record it drops the record.
    fn gives_points(&self, code: &str) -> bool {
        !code.starts_with(score::VETO)
    }

    fn address(&self) -> String {
        format!("/workspace/scores/{}/units/{}", self.period.id, self.organ)
    }

    fn files(&self, appeal: &Appeal) -> String {
        format!("{}/appeals/{}/files", self.address(), appeal.id)
    }
}

/// A unit's sheet: what-if while the period is open, else from what is kept.
pub(super) async fn sheet(
    tx: &mut Tx,
    period: &Period,
    organ: OrganId,
    today: Date,
) -> Result<Option<UnitScore>, StoreError> {
    let only = Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    };
    if period.state.is_tried() {
        if store::units(tx, period, Some(&only), (0, 1))
            .await?
            .is_empty()
        {
            return Ok(None);
        }
        let facts = gather::facts(tx, period, &[organ], today).await?;
        let inputs = facts.inputs(period, &[organ], today).pop();
        let given = facts.given_to(organ, &mut store::adjustments(tx, period.id).await?);
        return Ok(inputs.map(|inputs| score::unit(&period.scheme, &inputs, &given)));
    }
    let kept = store::kept(tx, period.id, Some(&only), (0, 1)).await?;
    Ok(kept.first().map(|kept| kept.recomputed(&period.scheme)))
}

/// The sheet as this person may see it.
pub(super) async fn seen_sheet(
    tx: &mut Tx,
    shell: &Shell,
    (id, organ): (PeriodId, OrganId),
    today: Date,
) -> Result<Option<(Period, Sees, String, UnitScore)>, StoreError> {
    let Some((period, sees)) = super::seen(tx, shell, id).await? else {
        return Ok(None);
    };
    let Some(unit) = organ::store::load(tx, organ).await? else {
        return Ok(None);
    };
    if let Sees::Unit(scope) = &sees
        && !store::speaks_for(tx, scope, organ).await?
    {
        return Ok(None);
    }
    let found = sheet(tx, &period, organ, today).await?;
    Ok(found.map(|sheet| (period, sees, unit.name, sheet)))
}

pub(super) async fn build(
    app: &App,
    shell: Shell,
    (id, organ): (PeriodId, OrganId),
) -> Result<SheetPage, Problem> {
    let today = app.today();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(seen) = seen_sheet(tx, &shell, (id, organ), today).await? else {
                return Ok(None);
            };
            let appeals = store::appeals_of(tx, id, organ).await?;
            let ids: Vec<String> = appeals.iter().map(|appeal| appeal.id.clone()).collect();
            let files = attachment::of_all(tx, "score_appeal", &ids).await?;
            let totals = store::totals(tx, id).await?;
            // Whoever belongs to the unit may appeal, also where the person belongs to the office besides.
            let appealing = scope_of::<AppealScore>(shell.person.as_ref());
            let speaks = store::load(tx, Side::Unit(&appealing), id).await?.is_some()
                && store::speaks_for(tx, &appealing, organ).await?;
            Ok::<_, StoreError>(Some((seen, appeals, files, (totals, speaks))))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let ((period, sees, organ_name, sheet), appeals, files, (totals, speaks)) = loaded;
    let mut files: BTreeMap<String, Vec<Attachment>> = files;
    let in_time = period.appeal_until.is_some_and(|until| today <= until);
    let ranked = class::ranked(&period.scheme.classes, &totals);
    let own = ranked.into_iter().find(|one| one.organ == organ);
    Ok(SheetPage {
        ranked: own.filter(|_| period.state == PeriodState::Locked),
        may_appeal: speaks && in_time && period.state == PeriodState::Computed,
        is_office: matches!(sees, Sees::Office),
        is_unit: matches!(sees, Sees::Unit(_)),
        appeals: appeals
            .into_iter()
            .map(|appeal| {
                let own = files.remove(&appeal.id).unwrap_or_default();
                (appeal, own)
            })
            .collect(),
        shell,
        period,
        organ,
        organ_name,
        sheet,
        has_pdf: app.printer.is_some(),
        errors: FormErrors::default(),
        typed: Typed::default(),
    })
}

/// `GET /workspace/scores/{id}/units/{organ}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadScores>,
    Path(which): Path<(PeriodId, OrganId)>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, which).await?)
}
