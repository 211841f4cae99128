//! A plan as read, held against the source that it was printed from: every field, exactly.

use gongkai_office::Limits;
use gongkai_reading::{Plan, Task};

use crate::source::{self, Measure};
use crate::sure::folded;

pub(crate) fn read(bytes: &[u8]) -> Plan {
    let document = gongkai_office::read(bytes, &Limits::default()).unwrap();
    gongkai_reading::read(&document)
}

/// One field that is not as in the source.
pub(crate) struct Difference {
    /// The measure; `None` for the document's head.
    pub(crate) no: Option<u32>,
    /// For people.
    pub(crate) what: String,
}

/// As a failing test shows it.
impl std::fmt::Debug for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.no {
            Some(no) => write!(f, "measure {no}: {}", self.what),
            None => write!(f, "head: {}", self.what),
        }
    }
}

/// Every difference between a plan as read and its source.
pub(crate) fn differences(source: &source::Plan, plan: &Plan) -> Vec<Difference> {
    let measures = source.measures();
    let wanted: Vec<_> = measures.iter().map(|measure| Some(measure.no)).collect();
    let numbers: Vec<_> = plan.tasks.iter().map(|task| task.no).collect();
    if wanted != numbers {
        let what = format!(
            "numbers {wanted:?} were read as {numbers:?}; problems: {:#?}",
            plan.problems
        );
        return vec![Difference { no: None, what }];
    }
    let tasks = measures.iter().zip(&plan.tasks);
    let mut differences: Vec<Difference> = tasks
        .flat_map(|(measure, task)| task_differences(measure, task))
        .collect();
    let notice = &source.notice;
    let head = [
        ("title", &source.title, &plan.title),
        ("issuer", &notice.issuer, &plan.issuer),
        ("number", &notice.number, &plan.document_number),
        ("notice title", &notice.title, &plan.notice_title),
    ];
    for (field, wanted, read) in head {
        if folded(wanted) != folded(read.as_deref().unwrap_or_default()) {
            let what = format!("{field}: {wanted} was read as {read:?}");
            differences.push(Difference { no: None, what });
        }
    }
    differences
}

fn task_differences(measure: &Measure, task: &Task) -> Vec<Difference> {
    let wanted: Vec<String> = measure.heads().map(folded).collect();
    let heads: Vec<String> = [&task.section, &task.group]
        .into_iter()
        .flatten()
        .map(|head| folded(head))
        .collect();
    let fields = [
        ("text", folded(&measure.text), folded(&task.text)),
        ("units", folded(&measure.units), folded(&task.organ_text)),
        ("heads", wanted.join("|"), heads.join("|")),
        ("roles", roles(&measure.units), named(task)),
    ];
    let different = fields
        .into_iter()
        .filter(|(_, wanted, read)| wanted != read);
    different
        .map(|(field, wanted, read)| Difference {
            no: Some(measure.no),
            what: format!("{field}: {wanted} was read as {read}"),
        })
        .collect()
}

/// The organs of a unit text clause by clause, in the plain forms that the samples use.
fn roles(units: &str) -> String {
    let mut named = Vec::new();
    for clause in units.split('，') {
        let (names, role) = if let Some(names) = clause.strip_suffix("牵头") {
            (names, "lead")
        } else if let Some(names) = clause.strip_suffix("配合") {
            (names, "cooperate")
        } else {
            (clause, "responsible")
        };
        let names = ["按职能分工落实", "按职责分工落实", "落实"]
            .iter()
            .find_map(|tail| names.strip_suffix(tail))
            .unwrap_or(names);
        named.extend(names.split('、').map(|name| (name, role)));
    }
    // A bare clause between 牵头 and a later 配合 cooperates.
    let lead = named.iter().position(|(_, role)| *role == "lead");
    let last = named.iter().rposition(|(_, role)| *role == "cooperate");
    if let (Some(lead), Some(last)) = (lead, last) {
        for (_, role) in named.iter_mut().take(last).skip(lead) {
            if *role == "responsible" {
                *role = "cooperate";
            }
        }
    }
    joined(named.into_iter())
}

fn named(task: &Task) -> String {
    joined(
        task.organs
            .iter()
            .map(|organ| (organ.name.as_str(), organ.role.as_str())),
    )
}

fn joined<'a>(organs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut organs: Vec<String> = organs
        .map(|(name, role)| format!("{}/{role}", folded(name)))
        .collect();
    organs.sort();
    organs.join(" ")
}
