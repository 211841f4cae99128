//! What is chosen is shown, and what is kept comes back.

use gongkai_basis::Actor;

use super::{ListColumn, chooser, chosen, keep, keys, of};
use crate::db::Tx;
use crate::testing::{self, MovableClock, backends};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Day,
    State,
}

impl ListColumn for Column {
    const OFFERED: &'static [Self] = &[Self::Name, Self::Day, Self::State];
    const AT_FIRST: &'static [Self] = &[Self::Name, Self::State];

    fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Day => "day",
            Self::State => "state",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Name => "名称",
            Self::Day => "日期",
            Self::State => "状态",
        }
    }
}

fn named(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn an_address_names_columns_in_any_order() {
    let check = |keys: &[&str], want: &[Column]| assert_eq!(chosen::<Column>(&named(keys)), want);
    check(&[], Column::AT_FIRST);
    check(&["boss"], Column::AT_FIRST);
    check(
        &["state", "day", "state", "boss"],
        &[Column::Day, Column::State],
    );
    assert_eq!(keys(Column::AT_FIRST), Vec::<String>::new());
    assert_eq!(keys(&[Column::Day]), ["day"]);
}

#[test]
fn the_chooser_ticks_what_is_shown() {
    let shown = chooser(&[Column::Day], "/workspace/x/columns").to_string();
    assert!(shown.contains("value=\"day\" checked"), "{shown}");
    assert!(shown.contains("value=\"name\">"), "{shown}");
    assert!(shown.contains("formaction=\"/workspace/x/columns\""));
    let of_views = chooser(&[Column::Day], "").to_string();
    assert!(!of_views.contains("formaction"), "{of_views}");
}

#[tokio::test]
async fn what_a_person_keeps_is_its_own_and_an_address_goes_before_it() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, guard) = testing::scratch(&backend, clock.clock()).await;
        let (one, other) = (
            testing::person(&db, "甲", &[]).await,
            testing::person(&db, "乙", &[]).await,
        );
        let app = testing::app(&db, &guard, Vec::new());
        let actor = Actor::Person {
            account: one,
            name: "甲".to_owned(),
        };
        let seen = async |person, keys: &[&str]| {
            let keys = named(keys);
            db.read(async |tx: &mut Tx| of::<Column>(tx, Some(person), "x", &keys).await)
                .await
                .unwrap()
        };
        for days in [["day", "boss"], ["day", "state"]] {
            keep::<Column>(&app, &actor, "x", &named(&days))
                .await
                .unwrap();
        }
        assert_eq!(seen(one, &[]).await, [Column::Day, Column::State]);
        assert_eq!(seen(one, &["name"]).await, [Column::Name]);
        assert_eq!(seen(other, &[]).await, Column::AT_FIRST);
        keep::<Column>(&app, &actor, "x", &[]).await.unwrap();
        assert_eq!(seen(one, &[]).await, Column::AT_FIRST);
    }
}
