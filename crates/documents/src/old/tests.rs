use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::testing::{self, MovableClock, backends};

use super::{AUTHOR, Doubt, Old, TableError, Taken, left_alone, outlook, read, take};
use crate::document::validity::{Change, Turn};
use crate::document::{Head, Visibility, body, store};
use crate::house_field::HouseField;
use crate::kind::Kind;

const LIST: &str = "文件,名称,种类,文号,发布机构,成文日期,发布日期,有效性,有效性变动日期,附件,原网址\n\
    a/1.html,安澜市养犬管理办法,行政规范性文件,安府规〔2021〕2号,安澜市人民政府,2021年3月5日,2021/3/9 10:22,已废止,2024年1月1日,a/附表.xlsx；a/图.docx,http://old.example/1.html\n\
    ,,,,,,,,,,\n\
    a/2.html,某通知,通告,,安澜市人民政府,,2021-13-01,作废,,,\n";

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
        Some((Change::Repealed, "2024-01-01".parse().unwrap()))
    );
    assert_eq!(good.attachments, ["a/附表.xlsx", "a/图.docx"]);
    let bad = &lines[1];
    assert_eq!(bad.number, 4);
    assert_eq!(bad.mistakes.len(), 3, "{:?}", bad.mistakes);
}

#[test]
fn a_number_of_another_shape_is_read_and_told() {
    let read = |number: &str| {
        let list = format!(
            "文件,名称,种类,文号,发布机构,发布日期\n1.html,甲办法,行政规范性文件,{number},安澜市人民政府,2019-03-05\n"
        );
        let line = read(list.as_bytes()).unwrap().remove(0);
        assert!(line.mistakes.is_empty(), "{:?}", line.mistakes);
        let told = line.repaired.map(|repaired| repaired.is_guessed);
        (line.head.number, told)
    };
    for written in [
        "安府[2019]7号",
        "安府［2019］7号",
        "安府(2019)7号",
        "安府（2019）7号",
        "安府【2019】7号",
        "安府〔2019〕第7号",
        "安府〔2019〕07号",
    ] {
        let (number, told) = read(written);
        assert_eq!(
            (number.as_str(), told),
            ("安府〔2019〕7号", Some(false)),
            "{written}"
        );
    }
    assert_eq!(read("安府〔2019〕7").1, Some(true), "the end is made up");
    for as_it_is in ["安府〔2019〕7号", "安澜市人民政府令第7号", "无文号", ""] {
        assert_eq!(read(as_it_is), (as_it_is.to_owned(), None));
    }
}

#[test]
fn columns_of_a_kind_are_read_in_its_lines_and_left_alone_in_others() {
    let list = "文件,名称,种类,发布机构,发布日期,规划期,规划类别,版本日期\n\
        1.html,安澜市养老规划,规划,安澜市人民政府,2021-03-05,2021-2025年,专项规划,\n\
        2.html,权责清单,权责清单,安澜市人民政府,2021-03-05,2021,,2021年3月1日\n\
        3.html,安澜市某规划,规划,安澜市人民政府,2021-03-05,2021,,\n";
    let lines = read(list.as_bytes()).unwrap();
    let told = |n: usize| -> Vec<String> {
        let own = &lines[n].head.own;
        own.iter().map(crate::kind::own::OwnValue::line).collect()
    };
    assert_eq!(told(0), ["规划期：2021—2025年", "规划类别：专项规划"]);
    assert_eq!(told(1), ["版本日期：2021年3月1日"]);
    assert!(lines[1].mistakes.is_empty(), "{:?}", lines[1].mistakes);
    assert!(lines[2].mistakes[0].starts_with("“规划期”请写起止年份"));
}

#[test]
fn columns_with_the_names_of_a_governments_fields_fill_them() {
    let field = |kind: Kind, name: &str, form: &str| HouseField {
        kind: kind.code().to_owned(),
        name: name.to_owned(),
        form: form.to_owned(),
        required: true,
    };
    let house = [
        field(Kind::Notice, "咨询电话", "phone"),
        field(Kind::Notice, "受理日期", "date"),
        // The table has a field of this name, of another kind.
        field(Kind::Notice, "版本日期", "date"),
        field(Kind::Planning, "适用区域", "choice:市区|全市"),
    ];
    let list = "文件,名称,种类,发布机构,发布日期,咨询电话,受理日期,版本日期,适用区域,浏览量,来源\n\
        1.html,甲通知,通知公告,安澜市人民政府,2021-03-05,0750-1234567,2021年3月8日,2021/3/9,全市,77,\n\
        2.html,乙通知,通知公告,安澜市人民政府,2021-03-05,见官网,,,,78,\n\
        3.html,某规划,规划,安澜市人民政府,2021-03-05,0750-1234567,,,全市,,\n";
    let mut lines = read(list.as_bytes()).unwrap();
    for line in &mut lines {
        line.take_fields(&house);
    }
    let told = |n: usize| -> Vec<String> {
        let own = &lines[n].head.own;
        own.iter().map(crate::kind::own::OwnValue::line).collect()
    };
    assert_eq!(
        told(0),
        [
            "咨询电话：0750-1234567",
            "受理日期：2021年3月8日",
            "版本日期：2021年3月9日"
        ]
    );
    assert!(lines[0].mistakes.is_empty(), "{:?}", lines[0].mistakes);
    assert!(
        lines[1].mistakes[0].starts_with("“咨询电话”不是电话号码"),
        "{:?}",
        lines[1].mistakes
    );
    assert_eq!(told(2), ["适用区域：全市"]);
    assert_eq!(left_alone(&lines, &house), ["浏览量"], "named, not taken");
    assert_eq!(
        left_alone(&lines, &[]),
        ["咨询电话", "受理日期", "适用区域", "浏览量"]
    );
}

/// Its own day of publication would be told to the public as the day of its repeal.
#[test]
fn a_repeal_without_its_day_is_a_mistake_and_never_guessed() {
    let list = |validity: &str, on: &str| {
        let head = "文件,名称,种类,发布机构,发布日期,有效性,有效性变动日期\n";
        let line =
            format!("1.html,办法,行政规范性文件,安澜市人民政府,2021-03-05,{validity},{on}\n");
        read(format!("{head}{line}").as_bytes()).unwrap().remove(0)
    };
    for validity in ["已废止", "已失效", "已修改"] {
        let line = list(validity, "");
        assert_eq!(line.change, None);
        let told = format!("有效性是“{validity}”，“有效性变动日期”却是空的");
        assert_eq!(line.mistakes, [told]);
    }
    assert!(list("有效", "").mistakes.is_empty());
    assert!(list("已废止", "2024-01-01").mistakes.is_empty());
    // An unreadable day is told as such, once.
    assert_eq!(list("已废止", "去年").mistakes.len(), 1);
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
            by: AUTHOR.to_owned(),
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
        assert_eq!(
            taken,
            [
                Some(Taken::Published),
                None,
                Some(Taken::Draft(vec![Doubt::Held]))
            ]
        );
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
        let same = Taken::Draft(vec![Doubt::SameNumber("安澜市养犬管理办法".to_owned())]);
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

/// What contradicts itself or another document waits for a person, and a look beforehand tells the same.
#[tokio::test]
async fn a_number_that_is_taken_and_days_that_cross_make_a_draft() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let one = |source: &str, edit: fn(&mut Old)| {
            let mut one = old(city, source, false);
            one.head.issued_on = Some("2021-03-01".parse().unwrap());
            edit(&mut one);
            one
        };
        let title = "安澜市养犬管理办法".to_owned();
        let draft = |doubt: Doubt| Taken::Draft(vec![doubt]);
        let number = |old: &mut Old| old.index_number = "11990000000000001G/2021-00001".to_owned();
        for (made, becomes) in [
            (one("1.html", number), Taken::Published),
            (
                one("2.html", number),
                draft(Doubt::SameIndexNumber(title.clone())),
            ),
            (
                one("3.html", |old| {
                    old.head.effective_on = Some("2021-04-01".parse().unwrap());
                    old.head.expires_on = Some("2021-03-20".parse().unwrap());
                }),
                draft(Doubt::Days("有效期至早于施行日期")),
            ),
            (
                one("4.html", |old| {
                    old.head.expires_on = Some("2020-01-01".parse().unwrap());
                }),
                draft(Doubt::Days("有效期至早于成文日期")),
            ),
            (
                one("5.html", |old| {
                    old.published_on = "2021-02-28".parse().unwrap();
                }),
                draft(Doubt::Days("发布日期早于成文日期")),
            ),
            (
                one("6.html", |old| {
                    let turn = old.turn.as_mut().unwrap();
                    turn.on = "2020-01-01".parse().unwrap();
                }),
                draft(Doubt::Days("有效性变动日期早于成文日期")),
            ),
            (
                one("7.html", |old| {
                    // It takes effect before it is signed: that happens.
                    old.head.effective_on = Some("2021-01-01".parse().unwrap());
                    old.head.expires_on = Some("2025-12-31".parse().unwrap());
                }),
                Taken::Published,
            ),
        ] {
            let told = db.read(async |tx: &mut Tx| outlook(tx, &made).await).await;
            assert_eq!(told.unwrap(), becomes, "{}", made.source);
            let done = db
                .write(async |tx: &mut Tx| take(tx, &Actor::System, made.clone()).await)
                .await;
            assert_eq!(done.unwrap(), becomes, "{}", made.source);
        }
        let public = db
            .read(async |tx: &mut Tx| {
                store::list(tx, &Scope::Everything, &store::Narrow::default(), (0, 10)).await
            })
            .await
            .unwrap();
        let (public, drafts): (Vec<_>, Vec<_>) = public
            .into_iter()
            .partition(|one| one.visibility == Visibility::Public);
        assert_eq!(public.len(), 2);
        // What waits keeps what the list told of its validity.
        let ids: Vec<_> = drafts.iter().map(|one| one.id).collect();
        let turns = db
            .read(async |tx: &mut Tx| store::turns(tx, &ids).await)
            .await
            .unwrap();
        assert_eq!(turns.len(), 5);
    }
}
