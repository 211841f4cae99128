//! 上级来文: the plan of a government above is kept to compare the own one with. It makes tasks and no parts: what it asks for
//! becomes work only through the own plan.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Certainty, Directory, Organ, Target, fold};
use serde_json::json;

use super::confirm::{Loaded, Twin, insert_tasks, new_plan, twins};
use super::content::Content;
use super::effects::{Effects, of_doubts, of_head, of_tasks};
use super::{DraftError, DraftState, store};
use crate::acts::ImportPlan;
use crate::matching::ITEMS_MAX;
use crate::plan::{self, Plan, PlanState};

/// Whose plan it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Above {
    /// A government above in the directory.
    Organ(OrganId, String),
    /// One that the directory does not have: by the name alone.
    Named(String),
    /// An organ of this government or below it: then it came from nowhere above.
    Own(String),
    /// The document's issuer was not filled in.
    Unknown,
}

/// Finds the government above that a document's issuer belongs to, the nearest first: 江南省人民政府办公厅 → 江南省人民政府.
///
/// # Errors
/// When the store fails.
pub async fn above(
    tx: &mut Tx,
    government: OrganId,
    (issuer, directory): (Option<&str>, &Directory),
) -> Result<Above, StoreError> {
    let issuer = issuer.map(str::trim).filter(|name| !name.is_empty());
    let Some(issuer) = issuer else {
        return Ok(Above::Unknown);
    };
    let own = organ::store::load(tx, government).await?;
    let ids: Vec<OrganId> = own.map_or_else(Vec::new, |own| {
        let path = own.path.split('/').filter_map(|id| id.parse().ok());
        path.filter(|id| *id != government).collect()
    });
    let mut governing = organ::store::load_all(tx, &ids).await?;
    governing.retain(|organ| organ.kind.governs() && organ.is_active());
    governing.sort_by_key(|organ| std::cmp::Reverse(organ.path.len()));
    if let Some(found) = governing.into_iter().find(|organ| is_of(organ, issuer)) {
        return Ok(Above::Organ(found.id, found.name));
    }
    let known = directory.find(issuer).into_iter().next();
    Ok(match known.map(|known| (known.target, known.certainty)) {
        Some((Target::Organ(_), Certainty::Certain)) => Above::Own(issuer.to_owned()),
        Some(_) | None => Above::Named(issuer.to_owned()),
    })
}

/// Does the issuer's name begin with one of the government's?
fn is_of(government: &Organ, issuer: &str) -> bool {
    let issuer = fold(issuer);
    let others = government.aliases.iter().map(|alias| alias.text.as_str());
    std::iter::once(government.name.as_str())
        .chain(others)
        .map(fold)
        .any(|name| !name.is_empty() && issuer.starts_with(&*name))
}

/// All the reasons at once; empty when the document can be kept. Its units need no counterpart here.
#[must_use]
pub fn why_not_keep(content: &Content, above: &Above) -> Vec<String> {
    let mut reasons = of_head(content);
    match above {
        Above::Organ(..) | Above::Named(_) => {}
        Above::Own(issuer) => reasons.push(format!(
            "发文机关“{issuer}”是本级或本级以下的单位，不是上级。上级来文请把发文机关改为上级政府；是本级方案的，请作废这份草稿，选“本级方案”重新上传。"
        )),
        Above::Unknown => reasons.push(
            "还没有发文机关。请在“识别结果”一步填写上级政府的名称，例：江南省人民政府办公厅。".to_owned(),
        ),
    }
    reasons.extend(of_tasks(content));
    if content.tasks.len() > ITEMS_MAX {
        reasons.push(format!(
            "有{}条任务；用来对照的方案最多{ITEMS_MAX}条。请删去与本级无关的。",
            content.tasks.len()
        ));
    }
    reasons.extend(of_doubts(content));
    reasons
}

/// Keeps a draft, as the person saw it, as an upper plan.
///
/// # Errors
/// All reasons of a refusal at once.
pub(super) async fn keep(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    mut loaded: Loaded,
    twin: Twin,
) -> Result<Plan, DraftError> {
    let issuer = loaded.content.meta.issuer.as_deref();
    let above = above(tx, loaded.government, (issuer, &loaded.directory)).await?;
    let mut reasons = why_not_keep(&loaded.content, &above);
    let twins = twins(tx, &loaded).await?;
    if let (Twin::Refused, Some(known)) = (twin, twins.first()) {
        reasons.push(format!(
            "上级方案《{}》已经导入过。内容有更正的，请先撤销那一次导入；已经对照过、不能撤销的，或者确是另一个方案的，请勾选“这是另一个方案”后再确认，再到“承接上级”里改选这一份。",
            known.title
        ));
    }
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let plan = Plan {
        government: match &above {
            Above::Organ(id, _) => *id,
            Above::Named(_) | Above::Own(_) | Above::Unknown => loaded.government,
        },
        state: PlanState::Upper,
        ..new_plan(tx, &loaded)
    };
    // Nobody here has a part in it.
    let effects = Effects {
        tasks: vec![Vec::new(); loaded.content.tasks.len()],
        ..Effects::default()
    };
    plan::store::insert(tx, &plan, &loaded.content.meta.deadlines).await?;
    insert_tasks(tx, &plan, &loaded.content.tasks, &effects).await?;
    let id = loaded.draft.id;
    store::set_state(tx, &mut loaded.draft, DraftState::Confirmed, Some(plan.id)).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "plan.upper-kept",
            ("plan", plan.id.to_string()),
            format!(
                "导入上级来文《{}》（{}）：{}条措施，供对照，不进台账",
                plan.title,
                plan.issuer.as_deref().unwrap_or_default(),
                effects.tasks.len()
            ),
        )
        .organ(plan.organ)
        .data(json!({ "draft": id, "file": loaded.draft.file, "tasks": effects.tasks.len() })),
    );
    Ok(plan)
}
