use super::{Filter, counts, fresh_id, insert, search};
use crate::access::Scope;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::organ::{Alias, AliasKind, Kind, Level, Organ, Status};
use crate::testing::{self, MovableClock};

#[tokio::test]
async fn a_search_counts_pages_and_takes_wildcards_as_letters() {
    for backend in testing::backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        db.write(async |tx: &mut Tx| {
            let root = fresh_id(tx.now());
            for number in 0..60 {
                let id = if number == 0 {
                    root
                } else {
                    fresh_id(tx.now())
                };
                let organ = Organ {
                    id,
                    parent: (number > 0).then_some(root),
                    path: if number == 0 {
                        format!("/{id}/")
                    } else {
                        format!("/{root}/{id}/")
                    },
                    name: format!("第{number}局"),
                    short_name: (number == 7).then(|| "七_局".to_owned()),
                    level: if number < 10 {
                        Level::City
                    } else {
                        Level::County
                    },
                    kind: Kind::Department,
                    status: if number == 59 {
                        Status::Dissolved
                    } else {
                        Status::Active
                    },
                    successor: None,
                    position: 100 - number,
                    version: 1,
                    aliases: (number == 8)
                        .then(|| Alias {
                            text: "百%处".into(),
                            kind: AliasKind::Alias,
                        })
                        .into_iter()
                        .collect(),
                };
                insert(tx, &organ).await?;
            }
            tx.record(Event::new(
                &gongkai_basis::Actor::System,
                "test",
                ("organ", root.to_string()),
                "准备",
            ));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        let found = async |filter: Filter, offset: i64, rows: i64| {
            db.read(async |tx: &mut Tx| search(tx, &Scope::Everything, &filter, offset, rows).await)
                .await
                .unwrap()
        };
        let text = |text: &str| Filter {
            text: text.into(),
            ..Filter::default()
        };
        let (rows, total) = found(
            Filter {
                level: Some(Level::County),
                status: Some(Status::Active),
                ..Filter::default()
            },
            40,
            20,
        )
        .await;
        assert_eq!((rows.len(), total), (9, 49));
        assert_eq!(rows[0].name, "第18局", "in the order of their positions");
        assert_eq!(found(text("七_"), 0, 10).await.1, 1);
        assert_eq!(
            found(text("第_局"), 0, 10).await.1,
            0,
            "a wildcard is a letter"
        );
        let (rows, total) = found(text("百%"), 0, 10).await;
        assert_eq!(
            (rows[0].name.as_str(), rows[0].aliases.len(), total),
            ("第8局", 1, 1)
        );
        assert_eq!(found(text("!"), 0, 10).await.1, 0);
        let (nobody, counted) = db
            .read(async |tx: &mut Tx| {
                let nobody = search(tx, &Scope::nothing(), &Filter::default(), 0, 10).await?;
                Ok::<_, StoreError>((nobody.1, counts(tx, &Scope::Everything).await?))
            })
            .await
            .unwrap();
        assert_eq!(nobody, 0, "outside the scope nothing is found");
        assert_eq!(counted, [(Level::City, 10), (Level::County, 49)]);
    }
}
