//! What the demo's units name as evidence: pages of its own portal mostly, so that each verdict of a check is seen.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_plans::evidence::attach::{NewEvidence, NewProof};
use gongkai_plans::evidence::target::{Asks, Counted, Tally, Wanted, What};
use gongkai_plans::evidence::{FigureOf, Occasion, OccasionKind, StatedFigure};

/// As many as a plan counts at most.
const PROOFS_MAX: i64 = 5;
/// A column of the portal, its path, and the sentence that proves it.
pub const PAGES: [(&str, &str, &str); 4] = [
    ("政府公报", "/gazette", "政府公报刊登的规章文本是标准文本。"),
    ("依申请公开", "/requests", "收到之日起20个工作日内答复"),
    ("重点领域信息公开", "/columns", "重点领域信息公开"),
    ("公开指南", "/guide", "各单位的公开指南"),
];
/// A sentence that no page says any more.
pub const NO_MORE: &str = "收到之日起15个工作日内答复";
/// A page that is gone.
pub const GONE: &str = "/columns/kefu-zhuanlan";
/// Nobody has listed this site: its pages cannot be looked at.
const ELSEWHERE: &str = "https://www.anlan.example/zwgk/demo.html";

fn page(address: &str, title: &str, quote: &str, dated_on: Option<Date>) -> Result<NewEvidence> {
    Ok(NewEvidence {
        proof: NewProof::Link(address.parse()?),
        title: format!("（演示）{title}"),
        proves: "有关内容已经公开。".to_owned(),
        quote: quote.to_owned(),
        dated_on,
    })
}

fn held(kind: OccasionKind, title: &str, dated_on: Option<Date>) -> NewEvidence {
    NewEvidence {
        proof: NewProof::Event(Occasion {
            kind,
            attendance: Some(12),
        }),
        title: format!("（演示）{title}"),
        proves: format!("{}已经举办。", kind.name()),
        quote: String::new(),
        dated_on,
    }
}

/// As many proofs as the plan counts, each of another month of its year; `site` is the portal's address, `nth` makes
/// neighbours differ.
pub(super) fn proofs(wanted: &Wanted, site: &str, nth: usize) -> Result<Vec<NewEvidence>> {
    let most = wanted.targets.iter().map(|target| target.least).max();
    let months = 3..3 + i8::try_from(most.unwrap_or(1).clamp(1, PROOFS_MAX))?;
    let is_held = wanted.targets.iter().any(|target| target.held);
    let asks = wanted.targets.iter().find_map(|target| target.asks);
    let kind = match asks {
        Some(Asks::Training) => OccasionKind::Training,
        Some(Asks::Meeting | Asks::Briefing) | None => OccasionKind::Meeting,
    };
    let mut pages = PAGES.iter().map(Some).chain([None]).cycle().skip(nth);
    months
        .map(|month| {
            let on = Some(Date::new(wanted.year, month, 10)?);
            if is_held {
                return Ok(held(kind, &format!("{month}月专题{}", kind.name()), on));
            }
            // A page counts once: each month has its own.
            match pages.next().flatten() {
                Some((name, path, quote)) => {
                    let title = format!("门户网站“{name}”栏目{month}月");
                    page(&format!("{site}{path}?month={month}"), &title, quote, on)
                }
                None => {
                    let address = format!("{ELSEWHERE}?month={month}");
                    page(&address, &format!("部门网站专栏{month}月"), "", on)
                }
            }
        })
        .collect()
}

pub(super) fn is_enough(wanted: &Wanted, proofs: &[NewEvidence]) -> bool {
    let counted: Vec<Counted> = proofs
        .iter()
        .filter_map(|proof| {
            let (of, verified, occurred) = match &proof.proof {
                NewProof::Link(link) => (Some(link.as_str().to_owned()), false, None),
                NewProof::Event(event) => (None, true, Some(event.kind.into())),
                _ => (None, true, None),
            };
            Some(Counted {
                on: proof.dated_on?,
                what: What::Other,
                of,
                verified,
                occurred,
            })
        })
        .collect();
    wanted.tally(&counted).iter().all(Tally::is_met)
}

/// What proves nothing any more, one of each kind for the first parts of a plan that are done: a figure that got worse
/// since, a sentence that the page no longer says, a page that is gone. A check finds them, and their tasks open again.
pub(super) fn outdated(site: &str, nth: usize) -> Result<Option<NewEvidence>> {
    Ok(match nth {
        0 => Some(NewEvidence {
            proof: NewProof::Figure(StatedFigure {
                value: "0".parse()?,
                unit: "项".to_owned(),
                from: "（演示）导入时的台账".to_owned(),
                key: Some("tasks.overdue".to_owned()),
                of: FigureOf::Government,
            }),
            title: "（演示）逾期的要点任务数".to_owned(),
            proves: "任务没有逾期。".to_owned(),
            quote: String::new(),
            dated_on: None,
        }),
        1 => {
            let address = format!("{site}/requests");
            Some(page(&address, "依申请公开答复时限", NO_MORE, None)?)
        }
        2 => {
            let address = format!("{site}{GONE}");
            Some(page(&address, "已经撤销的专栏", "", None)?)
        }
        _ => None,
    })
}
