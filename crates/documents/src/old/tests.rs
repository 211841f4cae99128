use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::testing::{self, MovableClock, backends};

use super::{Old, TableError, Taken, read, take};
use crate::document::validity::{Change, Turn};
use crate::document::{Head, Visibility, body, store};
use crate::kind::Kind;

const LIST: &str = "文件,名称,种类,文号,发布机构,成文日期,发布日期,有效性,附件,原网址\n\
    a/1.html,安澜市养犬管理办法,行政规范性文件,安府规〔2021〕2号,安澜市人民政府,2021年3月5日,2021/3/9 10:22,已废止,a/附表.xlsx；a/图.docx,http://old.example/1.html\n\
    ,,,,,,,,,\n\
    a/2.html,某通知,通告,,安澜市人民政府,,2021-13-01,作废,,\n";

#[test]
fn a_list_is_read_line_by_line_and_says_what_it_cannot_read() {
    let lines = read(LIST.as_bytes()).unwrap();
    assert_eq!(lines.len(), 2);
    let good = &lines[0];
    assert!(good.mistakes.is_empty(), "{:?}", good.mistakes);
    assert_eq!(good.kind, Some(Kind::Normative));
    assert_eq!(good.published_on.unwrap().to_string(), "2021-03-09");
    assert_eq!(good.head.issued_on.unwrap().to_string(), "2021-03-05");
    assert_eq!(
        good.change,
        Some((Change::Repealed, "2021-03-09".parse().unwrap()))
    );
    assert_eq!(good.attachments, ["a/附表.xlsx", "a/图.docx"]);
    let bad = &lines[1];
    assert_eq!(bad.number, 4);
    assert_eq!(bad.mistakes.len(), 3, "{:?}", bad.mistakes);
}

#[test]
fn a_list_in_an_old_encoding_is_read_and_one_without_its_columns_is_refused() {
    let (old, _, _) = encoding_rs::GB18030.encode(LIST);
    assert_eq!(read(&old), read(LIST.as_bytes()));
    assert_eq!(
        read("文件,名称\n".as_bytes()),
        Err(TableError::Columns("种类、发布机构、发布日期".to_owned()))
    );
}

fn old(organ: OrganId, source: &str, doubtful: bool) -> Old {
    Old {
        source: source.to_owned(),
        address: "http://old.example/1.html".to_owned(),
        kind: Kind::Normative,
        organ,
        head: Head {
            title: "安澜市养犬管理办法".to_owned(),
            number: format!("安府规〔2021〕{}号", source.trim_end_matches(".html")),
            ..Head::default()
        },
        html: body::of_text("第一条 为规范养犬行为，制定本办法。"),
        published_on: "2021-03-09".parse().unwrap(),
        index_number: String::new(),
        turn: Some(Turn {
            change: Change::Repealed,
            on: "2024-01-01".parse().unwrap(),
            basis: "旧站标注".to_owned(),
            until: None,
            successor: None,
            by: "旧站迁入".to_owned(),
        }),
        files: Vec::new(),
        pictures: Vec::new(),
        doubtful,
    }
}

#[tokio::test]
async fn what_was_public_stays_public_with_its_own_day_and_is_taken_once() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let mut taken = Vec::new();
        for (source, doubtful) in [("1.html", false), ("1.html", false), ("2.html", true)] {
            let done = db
                .write(async |tx: &mut Tx| {
                    take(tx, &Actor::System, old(city, source, doubtful)).await
                })
                .await;
            taken.push(done.ok());
        }
        // The second wrote nothing, and a transaction without an event is refused: the caller batches several.
        assert_eq!(taken, [Some(Taken::Published), None, Some(Taken::Draft)]);
        let all = db
            .read(async |tx: &mut Tx| {
                store::list(tx, &Scope::Everything, &store::Narrow::default(), (0, 10)).await
            })
            .await
            .unwrap();
        assert_eq!(all.len(), 2);
        let public: Vec<_> = all
            .iter()
            .filter(|one| one.visibility == Visibility::Public)
            .collect();
        assert_eq!(public.len(), 1);
        assert!(
            public[0].index_number.contains("2021"),
            "{}",
            public[0].index_number
        );
        assert_eq!(
            gongkai_platform::web::moment(public[0].published_at.unwrap()),
            "2021年3月9日 00:00"
        );
        let turns = db
            .read(async |tx: &mut Tx| store::turns(tx, &[public[0].id]).await)
            .await
            .unwrap();
        assert_eq!(turns.len(), 1);
        // The number of what is public already: it comes in, and the public does not see it.
        let mut twin = old(city, "4.html", false);
        twin.head.number = "安府规〔2021〕1号".to_owned();
        let done = db
            .write(async |tx: &mut Tx| take(tx, &Actor::System, twin.clone()).await)
            .await;
        let same = Taken::SameNumber("安澜市养犬管理办法".to_owned());
        assert_eq!(done.ok(), Some(same));
        let later = Old {
            published_on: "2027-01-01".parse().unwrap(),
            ..old(city, "3.html", false)
        };
        let refused = db
            .write(async |tx: &mut Tx| take(tx, &Actor::System, later.clone()).await)
            .await;
        assert!(matches!(refused, Err(NotDone::Refused(_))));
    }
}
