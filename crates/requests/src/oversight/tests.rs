//! What is counted from above, purely.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use uuid::Uuid;

use super::{Column, Days, Unit, common, order, told_late};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn unit(n: u128, figures: &[(Column, i64)]) -> Unit {
    let mut unit = Unit::new(OrganId::new(Uuid::from_u128(n)), format!("第{n}局"));
    for (column, figure) in figures {
        unit.add(*column, *figure);
    }
    unit
}

#[test]
fn the_ladder_is_cut_at_working_days() {
    let calendar = WorkCalendar::builtin();
    // Over the holiday of 2022: 8 and 9 October are worked.
    let days = Days::of(2022, day("2022-09-29"), &calendar);
    assert_eq!(
        (days.two, days.five),
        (day("2022-10-08"), day("2022-10-11"))
    );
    assert_eq!(
        (days.first, days.last),
        (day("2022-01-01"), day("2022-12-31"))
    );
    // Where no notice says the days, nothing is guessed.
    let days = Days::of(2099, day("2099-01-05"), &calendar);
    assert_eq!(
        (days.two, days.five),
        (day("2099-01-05"), day("2099-01-05"))
    );
    // At the year's end, before the next notice is there, what is due until then is near all the same.
    let known = calendar.notices().filter(|one| one.year() <= 2025);
    let calendar = WorkCalendar::of(known.cloned().collect::<Vec<_>>());
    let days = Days::of(2025, day("2025-12-26"), &calendar);
    assert_eq!(
        (days.two, days.five),
        (day("2025-12-30"), day("2025-12-31"))
    );
    let days = Days::of(2025, day("2025-12-30"), &calendar);
    assert_eq!(
        (days.two, days.five),
        (day("2025-12-31"), day("2025-12-31"))
    );
}

#[test]
fn supplements_told_on_the_sixth_day_are_late() {
    let calendar = WorkCalendar::builtin();
    let late = |received: &str, told: &str| told_late(day(received), day(told), &calendar);
    // Law: 条例 art. 30; 2022-01-24 and 7 working days is 2022-02-07.
    assert!(!late("2022-01-24", "2022-01-24"));
    assert!(!late("2022-01-24", "2022-01-29"));
    assert!(late("2022-01-24", "2022-01-30"));
    assert!(late("2022-01-24", "2022-02-07"));
}

#[test]
fn what_more_than_one_has_is_common() {
    let mut units = vec![
        unit(1, &[(Column::Late, 1), (Column::Held, 2)]),
        unit(2, &[(Column::Late, 3), (Column::Over, 1)]),
        unit(3, &[(Column::Over, 1), (Column::Two, 4)]),
        unit(4, &[]),
    ];
    units[0].held = vec![("救济途径".to_owned(), 2), ("理由".to_owned(), 2)];
    units[1].held = vec![("理由".to_owned(), 1)];
    let found = common(&units);
    let of = |column| found.iter().find(|one| one.column == column).unwrap();
    let late = of(Column::Late);
    assert!(late.is_common() && late.cases == 4);
    assert_eq!(late.units[0].1, "第2局");
    let held = of(Column::Held);
    assert!(!held.is_common());
    assert_eq!(
        held.places,
        [("理由".to_owned(), 3), ("救济途径".to_owned(), 2)]
    );
    assert!(of(Column::Lost).units.is_empty());
    assert!(units[3].is_quiet() && !units[2].is_quiet());
    order(&mut units, Column::Over);
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["第3局", "第2局", "第1局", "第4局"]);
    order(&mut units, Column::Late);
    assert_eq!(units[0].name, "第2局");
}
