//! What this capability offers to the others: what is due, what waits for people, cases as evidence, the figures of the annual
//! report's table 三.

pub(crate) mod entrance;
pub(crate) mod fees;
pub(crate) mod held;
pub(crate) mod store;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_basis::{Date, Role};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    DueItem, Duty, EvidenceSource, FOUND_MAX, FigureSource, Found, Obligation, Waiting, Wanted,
};
use sha2::{Digest as _, Sha256};

use crate::acts::HandleRequests;
use crate::reach;
use crate::request::handle::{has_no_head, has_no_reviewer};
use crate::request::reply::ResultRow;
use crate::request::state::State;
use crate::request::{ApplicantKind, Request};
use crate::withheld;
pub use store::Count;

/// References that a figure carries at most; the number itself is whole.
const REFS_MAX: i64 = 200;
/// So many figures asked at once come with references; a whole table comes without, for nobody opens all its cells.
const WITH_REFS_MAX: usize = 8;
const REQUEST: &str = "request";
const TABLE: &str = "requests.table3.";

/// What is due: replies, and what units help with.
pub(crate) struct Due;

#[async_trait]
impl Obligation for Due {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (REQUEST, "依申请公开答复"),
            ("request-help", "依申请公开协办"),
            ("request-publication", "转主动公开"),
        ]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let mut items = store::due_replies(tx, scope, range).await?;
        items.append(&mut store::due_help(tx, scope, range).await?);
        items.append(&mut store::due_publications(tx, scope, range).await?);
        items.sort_by_key(|item| item.due_on);
        Ok(items)
    }
}

/// What waits for people, by their roles.
pub(crate) struct Desk;

const LIST: &str = "/workspace/requests?view=running&state=";

/// What has come to its day: replies that are late, looks at what was withheld. Number, name, path.
async fn by_days(
    tx: &mut Tx,
    (scope, answered): (&Scope, &Scope),
    today: Date,
) -> Result<[(i64, &'static str, &'static str); 2], StoreError> {
    let looks = (withheld::store::View::Due, today);
    Ok([
        (
            store::overdue(tx, scope, today).await?,
            "依申请公开逾期未答复",
            "/workspace/requests?view=overdue",
        ),
        (
            withheld::store::count(tx, answered, looks).await?,
            "不予公开的内容到期复核",
            "/workspace/requests/withheld",
        ),
    ])
}

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let Some(permit) = person.permit::<HandleRequests>() else {
            return Ok(Vec::new());
        };
        let scope = reach::handled(tx, permit.roles()).await?;
        let holds = |roles: &[Role]| permit.roles().iter().any(|held| roles.contains(&held.role));
        let mut duties = Vec::new();
        let mut add = |n: i64, name: &'static str, path: String| {
            duties.push(Duty {
                n,
                name,
                path: path.into(),
            });
        };
        let states = store::waiting_states(tx, &scope).await?;
        let of = |state: State| states.get(&state).copied().unwrap_or(0);
        let at = |state: State| format!("{LIST}{}", state.code());
        if holds(&[Role::RequestOfficer, Role::OfficeClerk]) {
            let answered = reach::answered(tx, permit.roles()).await?;
            for (n, name, path) in by_days(tx, (&scope, &answered), today).await? {
                add(n, name, path.to_owned());
            }
            add(of(State::Submitted), "申请待确认收到", at(State::Submitted));
            add(
                of(State::Registered),
                "申请待审核分派",
                at(State::Registered),
            );
            add(of(State::Signed), "答复待发出", at(State::Signed));
        }
        let (mut approves, mut reviews) = (
            holds(&[Role::OfficeHead]),
            holds(&[Role::OfficeHead, Role::SecrecyReviewer]),
        );
        for held in permit.roles() {
            if held.role == Role::UnitHead {
                approves |= has_no_head(tx, held.organ).await?;
                reviews |= has_no_reviewer(tx, held.organ).await?;
            }
        }
        if approves {
            let asked = store::extensions_asked(tx, &scope).await?;
            add(
                asked,
                "延期待批准",
                "/workspace/requests?view=running".to_owned(),
            );
        }
        if reviews {
            add(of(State::Reviewing), "答复待公开审查", at(State::Reviewing));
        }
        if holds(&[Role::OfficeHead, Role::UnitHead]) {
            add(of(State::Signing), "答复待审签", at(State::Signing));
        }
        if let Some((n, id)) = store::help_wanted(tx, &scope).await? {
            add(n, "依申请公开协办", format!("/workspace/requests/{id}"));
        }
        Ok(duties)
    }
}

/// Cases that were answered, as evidence.
pub(crate) struct Answered;

/// Who asked stays out of what others may cite.
fn found(request: &Request) -> Found {
    let decided = request
        .decision
        .as_ref()
        .filter(|_| request.closed_on.is_some());
    let reply = decided.map_or(request.state.name(), |decision| decision.reply.name());
    Found {
        of: Ref {
            kind: REQUEST.to_owned(),
            id: request.id.to_string(),
        },
        organ: request.organ,
        title: format!("{}申请{}：{reply}", request.organ_name, request.number),
        dated_on: request.closed_on,
        path: format!("/workspace/requests/{}", request.id),
        seal: seal(request),
    }
}

fn seal(request: &Request) -> String {
    let reply = request
        .decision
        .as_ref()
        .map_or("", |decision| decision.reply.code());
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let parts = [
        request.number.as_str(),
        reply,
        &day(request.received_on),
        &day(request.closed_on),
    ];
    hex::encode(Sha256::digest(parts.join("\u{1f}").as_bytes()))
}

#[async_trait]
impl EvidenceSource for Answered {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(REQUEST, "依申请公开件")]
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        if wanted.kind != REQUEST {
            return Ok(Vec::new());
        }
        let rows = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let requests = store::closed(tx, scope, wanted, rows).await?;
        Ok(requests.iter().map(found).collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
        let there = store::by_ids(tx, &ids).await?;
        let one = |of: &Ref| (of.kind == REQUEST).then(|| there.get(&of.id).map(found))?;
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let ids: Vec<String> = claims.iter().map(|claim| claim.of.id.clone()).collect();
        let there = store::by_ids(tx, &ids).await?;
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("没有这件申请。".to_owned()),
            Some(request) => match &claim.seal {
                Some(kept) if *kept != seal(request) => {
                    Verdict::Changed(format!("申请{}引用以后重新办理过。", request.number))
                }
                Some(_) | None => Verdict::Holds,
            },
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

/// The figures of the annual report's table 三, and the plain ones.
pub(crate) struct Figures;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// 本年新收
    New,
    /// 上年结转
    CarriedIn,
    Result(ResultRow),
    /// （七）总计
    Sum,
    /// 结转下年度继续办理
    CarriedOut,
}

/// The rows of the table in its order, with the names of their keys.
fn rows() -> Vec<(&'static str, &'static str, Counted)> {
    let mut rows = vec![
        ("new", "一、本年新收政府信息公开申请数量", Counted::New),
        (
            "carry_in",
            "二、上年结转政府信息公开申请数量",
            Counted::CarriedIn,
        ),
    ];
    rows.extend(
        ResultRow::ALL
            .iter()
            .map(|row| (row.code(), row.name(), Counted::Result(*row))),
    );
    rows.push(("sum", "（七）总计", Counted::Sum));
    rows.push(("carry_out", "四、结转下年度继续办理", Counted::CarriedOut));
    rows
}

/// The plain figures.
const PLAIN: [(&str, &str, Counted); 3] = [
    (
        "requests.received",
        "收到政府信息公开申请件数",
        Counted::New,
    ),
    ("requests.closed", "办结政府信息公开申请件数", Counted::Sum),
    (
        "requests.carried_out",
        "结转下年办理件数",
        Counted::CarriedOut,
    ),
];

static KEYS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    // Made once for the life of the program: 25 rows of 7 columns.
    let leaked = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let mut keys: Vec<(&'static str, &'static str)> =
        PLAIN.iter().map(|(key, name, _)| (*key, *name)).collect();
    for (row, name, _) in rows() {
        let columns = ApplicantKind::options()
            .into_iter()
            .chain([("total", "总计")]);
        for (column, applicant) in columns {
            let key = leaked(format!("{TABLE}{row}.{column}"));
            keys.push((key, leaked(format!("申请情况表·{name}·{applicant}"))));
        }
    }
    keys
});

/// What a key counts, and for which applicants (`None`: all).
#[must_use]
pub fn meaning(name: &str) -> Option<(Counted, Option<ApplicantKind>)> {
    if let Some((_, _, counted)) = PLAIN.iter().find(|(key, _, _)| *key == name) {
        return Some((*counted, None));
    }
    let (row, column) = name.strip_prefix(TABLE)?.split_once('.')?;
    let (_, _, counted) = rows().into_iter().find(|(code, _, _)| *code == row)?;
    match column {
        "total" => Some((counted, None)),
        code => Some((counted, Some(ApplicantKind::from_code(code)?))),
    }
}

/// Does a group of cases belong to what is counted?
fn belongs(group: &Count, (counted, applicant): (Counted, Option<ApplicantKind>)) -> bool {
    let fits = match counted {
        Counted::New => group.new,
        Counted::CarriedIn => !group.new,
        Counted::Sum => group.closed,
        Counted::CarriedOut => !group.closed,
        Counted::Result(row) => group.closed && group.row == Some(row),
    };
    fits && applicant.is_none_or(|applicant| applicant == group.applicant)
}

#[async_trait]
impl FigureSource for Figures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        KEYS.as_slice()
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut counts: BTreeMap<(OrganId, i16), Vec<Count>> = BTreeMap::new();
        let own = keys
            .iter()
            .filter(|key| meaning(&key.name).is_some())
            .count();
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(what) = meaning(&key.name) else {
                figures.push(None);
                continue;
            };
            let of = (key.organ, key.year);
            if let std::collections::btree_map::Entry::Vacant(place) = counts.entry(of) {
                place.insert(store::counts(tx, of).await?);
            }
            let groups = counts.get(&of).map_or(&[][..], Vec::as_slice);
            let value = groups
                .iter()
                .filter(|group| belongs(group, what))
                .map(|group| group.n)
                .sum();
            let ids = if own <= WITH_REFS_MAX {
                store::behind(tx, of, what, REFS_MAX).await?
            } else {
                Vec::new()
            };
            let refs = ids.into_iter().map(|id| Ref {
                kind: REQUEST.to_owned(),
                id,
            });
            figures.push(Some(Figure {
                value,
                refs: refs.collect(),
            }));
        }
        Ok(figures)
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, KEYS, meaning};
    use crate::request::ApplicantKind;
    use crate::request::reply::ResultRow;

    #[test]
    fn every_cell_of_the_table_has_a_key_with_a_meaning() {
        assert_eq!(KEYS.len(), 3 + 25 * 7);
        assert!(KEYS.iter().all(|(key, _)| meaning(key).is_some()));
        assert_eq!(
            meaning("requests.table3.deny_third.biz"),
            Some((
                Counted::Result(ResultRow::DenyThird),
                Some(ApplicantKind::Business)
            ))
        );
        assert_eq!(
            meaning("requests.table3.sum.total"),
            Some((Counted::Sum, None))
        );
        for name in [
            "requests.table3.sum",
            "requests.table3.x.total",
            "requests.table3.new.y",
            "tasks.done",
        ] {
            assert_eq!(meaning(name), None, "{name}");
        }
    }
}
