use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use uuid::Uuid;

use super::{Item, Verdict, verdicts, year_of};
use crate::activity::ActivityKind;
use crate::overview::UnitYear;
use crate::staff::StaffKind;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn unit(hearings: i64, staff: &[StaffKind]) -> UnitYear {
    UnitYear {
        organ: OrganId::new(Uuid::from_u128(1)),
        name: "市司法局".to_owned(),
        counts: BTreeMap::from([(ActivityKind::Hearing, hearings)]),
        staff: staff.to_vec(),
    }
}

#[test]
fn a_missing_hearing_is_told_from_november_on_and_settled_at_any_time() {
    let hearing = |unit: &UnitYear, on: &str| {
        let found = verdicts(unit, day(on));
        let seen = found
            .iter()
            .find(|(item, _)| matches!(item, Item::Hearing(_)));
        seen.map(|(_, verdict)| *verdict)
    };
    let none = unit(0, StaffKind::ALL);
    assert_eq!(hearing(&none, "2026-10-31"), None);
    assert_eq!(hearing(&none, "2026-11-01"), Some(Verdict::Missing));
    assert_eq!(hearing(&unit(1, &[]), "2026-03-01"), Some(Verdict::InOrder));
}

#[test]
fn every_part_of_the_register_is_looked_at() {
    let found = verdicts(&unit(1, &[StaffKind::Body]), day("2026-10-12"));
    let missing: Vec<Item> = found
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Missing)
        .map(|(item, _)| *item)
        .collect();
    assert_eq!(
        missing,
        [
            Item::Staff(StaffKind::Leader),
            Item::Staff(StaffKind::Responsible)
        ]
    );
    assert_eq!(Item::Meeting(2026).key(), "organisation:meeting:2026");
    assert_eq!(
        year_of(day("2026-02-28")),
        (day("2026-01-01"), day("2026-12-31"))
    );
}
