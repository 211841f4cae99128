use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::backends;

use super::{Entry, Left, at_most, feed, months};
use crate::assignment::Duty;
use crate::testing::{World, day};

fn entry(on: &str, title: &str) -> Entry {
    Entry {
        on: day(on),
        key: format!("task-{title}"),
        kind: "要点任务",
        title: title.to_owned(),
        left: Left::Owed,
        path: "/workspace/tasks/1".to_owned(),
    }
}

#[test]
fn a_year_has_every_day_once_and_knows_when_the_office_works() {
    let calendar = WorkCalendar::builtin();
    let entries = [entry("2026-10-10", "甲"), entry("2026-10-10", "乙")];
    let year = months(&calendar, 2026, &entries);
    let days: Vec<Date> = year
        .iter()
        .flat_map(|month| month.weeks.iter().flatten().flatten())
        .map(|square| square.day)
        .collect();
    assert_eq!(days.len(), 365);
    assert!(
        days.windows(2)
            .all(|pair| pair[1] == pair[0].tomorrow().unwrap())
    );
    let october = &year[9];
    let square = |date: &str| {
        october
            .weeks
            .iter()
            .flatten()
            .flatten()
            .find(|square| square.day == day(date))
            .unwrap()
    };
    assert_eq!(square("2026-10-01").mark.as_ref().unwrap().0, "休");
    assert_eq!(square("2026-10-10").mark.as_ref().unwrap().0, "班");
    assert_eq!(square("2026-10-10").working, Some(true));
    assert_eq!(square("2026-10-10").entries, 2);
    assert_eq!(square("2026-10-11").working, Some(false));
    assert_eq!(october.entries.len(), 2);
    // A year without a notice says so instead of guessing.
    let later = months(&calendar, 2040, &[]);
    assert!(
        later[0]
            .weeks
            .iter()
            .flatten()
            .flatten()
            .all(|square| square.working.is_none())
    );
}

#[test]
fn a_feed_is_an_icalendar_of_whole_days() {
    let long = "公开，含；分号;逗号,\\反斜杠和换行\n以及一段很长很长的文字，长到必须按规范折行才放得下的任务名称，长到必须折行";
    let mut done = entry("2026-09-30", "已办");
    done.left = Left::Nothing;
    let now = "2026-10-12T01:00:00Z".parse().unwrap();
    let text = feed::icalendar(
        ("安澜市", "https://gk.anlan.example"),
        (
            &[entry("2026-09-28", "逾期"), done, entry("2026-10-31", long)],
            &WorkCalendar::of([]),
        ),
        (day("2026-10-12"), now),
    );
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert!(
        text.lines().count() == text.matches("\r\n").count(),
        "every line ends by CRLF"
    );
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
}

/// Whole blocks with their end behind the last day, and identifiers that stay.
#[test]
fn a_feed_has_the_days_off_and_the_weekend_days_worked() {
    let now = "2026-10-12T01:00:00Z".parse().unwrap();
    let text = feed::icalendar(
        ("安澜市", "https://gk.anlan.example"),
        (&[], &WorkCalendar::builtin()),
        (day("2026-10-12"), now),
    );
    for lines in [
        [
            "DTEND;VALUE=DATE:20261008",
            "DTSTAMP:20261012T010000Z",
            "DTSTART;VALUE=DATE:20261001",
            "SUMMARY:休：国庆节放假",
            "TRANSP:TRANSPARENT",
            "UID:holiday-2026-10-01@gk.anlan.example",
        ]
        .as_slice(),
        &[
            "DTSTART;VALUE=DATE:20261010",
            "SUMMARY:班：国庆节调休上班",
            "TRANSP:TRANSPARENT",
            "UID:workday-2026-10-10@gk.anlan.example",
        ],
    ] {
        assert!(text.contains(&lines.join("\r\n")), "{lines:?}");
    }
    for (year, is_given) in [(2013, false), (2025, false), (2026, true)] {
        let found = text.contains(&format!("UID:holiday-{year}-"));
        assert_eq!(found, is_given, "as far back as what is due: {year}");
    }
}

/// Of a past date of the notice nobody is late: it is shown as past, and in the feed without a mark.
#[tokio::test]
async fn a_date_of_the_notice_is_past_and_never_overdue() {
    use gongkai_platform::db::sql;
    for backend in backends() {
        let world = World::on(&backend).await;
        let parts = [(0, Duty::Lead)];
        world.task(1, "公开规章", Some("2026-12-31"), &parts).await;
        world
            .write("test.deadline", async |tx: &mut Tx| {
                tx.run(
                    sql("INSERT INTO plan_deadline (plan_id, position, text, due_on, kind) VALUES ($1, 1, '8月15日前', '2026-08-15', 'by')")
                        .bind(world.plan),
                )
                .await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/calendar").await.page();
        assert!(
            page.contains("通知规定的时限：8月15日前") && page.contains("● 已过"),
            "{page}"
        );
        assert!(!page.contains("■ 已逾期"), "{page}");
        let page = clerk.post("/workspace/calendar/feed", &[]).await.page();
        let address = page
            .split("http://gongkai.test")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .unwrap();
        let text = world.visitor().get(address).await.page();
        let text = text.replace("\r\n ", "");
        assert!(
            text.contains("SUMMARY:方案节点：通知规定的时限：8月15日前"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_address_shows_its_owner_what_is_due_until_it_is_revoked() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        world
            .task(2, "公开预算", Some("2026-10-31"), &[(1, Duty::Lead)])
            .await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let page = liaison.get("/workspace/calendar").await.page();
        assert!(
            page.contains("公开规章") && !page.contains("公开预算"),
            "{page}"
        );
        let page = liaison.post("/workspace/calendar/feed", &[]).await.page();
        let address = page
            .split("http://gongkai.test")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .unwrap()
            .to_owned();
        let mut program = world.visitor();
        let answer = program.get(&address).await;
        assert_eq!(
            answer.headers["content-type"],
            "text/calendar; charset=utf-8"
        );
        let text = answer.page();
        assert!(
            text.contains("DTSTART;VALUE=DATE:20260930") && !text.contains("20261031"),
            "{text}"
        );
        assert!(
            program
                .get(&format!("{address}.ics"))
                .await
                .page()
                .contains("公开规章")
        );
        let noted = liaison.get("/workspace/calendar").await.page();
        assert!(noted.contains("日历软件最近一次读取"), "{noted}");
        // The secret itself is stored nowhere.
        let token = address.rsplit('/').next().unwrap();
        assert!(!noted.contains(token));
        // A new address ends the old one; revoking ends both.
        let second = liaison.post("/workspace/calendar/feed", &[]).await.page();
        assert!(!second.contains(token));
        assert_eq!(program.get(&address).await.status, 404);
        liaison
            .post("/workspace/calendar/feed/revoke", &[])
            .await
            .redirected();
        let after = liaison.get("/workspace/calendar").await.page();
        assert!(after.contains("生成订阅地址"), "{after}");
        let office = world
            .browser(world.clerk)
            .await
            .get("/workspace/calendar?year=2026")
            .await
            .page();
        assert!(
            office.contains("公开规章") && office.contains("公开预算"),
            "{office}"
        );
    }
}

#[tokio::test]
async fn the_chart_shows_a_plan_whole_and_a_unit_its_own_parts() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world
            .task(2, "公开预算", Some("2026-10-31"), &[(1, Duty::Lead)])
            .await;
        world.task(3, "没有期限", None, &[(1, Duty::Lead)]).await;
        let lost = world
            .task(4, "失效任务", Some("2026-12-31"), &[(1, Duty::Lead)])
            .await;
        let each = crate::plan::Deadline {
            text: "每季度".to_owned(),
            date: None,
            kind: crate::plan::DeadlineKind::Recurring,
        };
        world
            .counted_task("报送进展", &[each], &[], &[(1, Duty::Lead)])
            .await;
        let decay = gongkai_platform::db::sql("UPDATE task SET reopened = 1 WHERE id = $1");
        let decay = decay.bind(lost);
        world
            .write("test.decay", async |tx: &mut Tx| {
                tx.run(decay.clone()).await
            })
            .await;
        let page = world
            .browser(world.clerk)
            .await
            .get("/workspace/gantt")
            .await
            .page();
        for words in [
            "公开规章",
            "公开预算",
            "没有期限",
            "gantt-bar gantt-overdue",
            "gantt-now",
            "◇ 佐证失效",
            "每季度<div class=\"hint\">计到2026年6月30日</div>",
            ">计到2026年12月31日</td>",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(page.matches("gantt-bar").count(), 5, "each has its day");
        assert_eq!(page.matches("gantt-days").count(), 5, "{page}");
        // Names of months are as large as other words, however narrow the drawing is.
        assert!(page.contains("<text x=\"0.00%\" dx=\"2\""), "{page}");
        let own = world
            .browser(world.liaisons[0])
            .await
            .get(&format!("/workspace/gantt?plan={}", world.plan))
            .await
            .page();
        assert!(
            own.contains("公开规章") && !own.contains("公开预算"),
            "{own}"
        );
        let stranger = world
            .browser(world.liaisons[2])
            .await
            .get(&format!("/workspace/gantt?plan={}", world.plan))
            .await;
        assert_eq!(stranger.status, 404);
    }
}

#[tokio::test]
async fn months_with_too_much_say_so_and_the_others_are_whole() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (n, due) in (1..).zip([
            "2026-03-10",
            "2026-03-11",
            "2026-03-12",
            "2026-06-30",
            "2026-11-30",
            "2026-12-01",
        ]) {
            world.task(n, "任务", Some(due), &[(0, Duty::Lead)]).await;
        }
        let session = gongkai_platform::access::Session {
            account: world.clerk,
            name: "文书".to_owned(),
            roles: world
                .db
                .read(async |tx: &mut Tx| {
                    let today = day(crate::testing::TODAY);
                    gongkai_platform::account::session::held_roles(tx, world.clerk, today).await
                })
                .await
                .unwrap(),
            second_factor: false,
            unread: 0,
            id_hash: String::new(),
        };
        let year = gongkai_basis::reference::DateRange {
            from: day("2026-01-01"),
            to: day("2026-12-31"),
        };
        let days = async |most: usize| -> Vec<String> {
            let found = world
                .db
                .read(async |tx: &mut Tx| {
                    at_most(tx, (&world.app.seams, &session), year, most).await
                })
                .await
                .unwrap();
            let line = |entry: &Entry| format!("{} {}", entry.on, entry.kind);
            found.iter().map(line).collect()
        };
        assert_eq!(
            days(2).await,
            [
                "2026-03-01 提示",
                "2026-03-10 方案任务",
                "2026-03-11 方案任务",
                "2026-06-30 方案任务",
                "2026-11-30 方案任务",
                "2026-12-01 方案任务",
            ]
        );
        assert_eq!(
            days(6).await.len(),
            6,
            "as many as there may be: nothing is cut"
        );
    }
}

#[tokio::test]
async fn an_office_sees_its_rounds_instead_of_the_dates_that_they_stand_for() {
    use gongkai_platform::db::sql;
    for backend in backends() {
        let world = World::on(&backend).await;
        let parts = [(0, Duty::Lead)];
        world.task(1, "公开规章", Some("2026-12-31"), &parts).await;
        world
            .write("test.deadline", async |tx: &mut Tx| {
                tx.run(
                    sql("INSERT INTO plan_deadline (plan_id, position, text, due_on, kind) VALUES ($1, 1, '12月15日前', '2026-12-15', 'by')")
                        .bind(world.plan),
                )
                .await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/calendar").await.page();
        assert!(page.contains("通知规定的时限：12月15日前"), "{page}");
        let plan = world.plan.to_string();
        let fields = [
            ("plan", plan.as_str()),
            ("from", "1"),
            ("name", "年末报送"),
            ("due_on", "2026-12-15"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-12-15"),
            ("looked_at", "1"),
        ];
        let round = clerk
            .post("/workspace/rounds/new", &fields)
            .await
            .redirected();
        let moved = [("due_on", "2026-12-18"), ("note", "延期三天")];
        clerk
            .post(&format!("{round}/move"), &moved)
            .await
            .redirected();
        let page = clerk.get("/workspace/calendar").await.page();
        assert!(
            page.contains("“年末报送”截止") && page.contains(&round),
            "{page}"
        );
        assert!(
            page.contains("18日到期 1 件") && !page.contains("通知规定的时限：12月15日前"),
            "{page}"
        );
    }
}
