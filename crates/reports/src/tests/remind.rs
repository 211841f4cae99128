//! Who owes a report hears so in time, once for each rung, and owes it until it is public.

use gongkai_basis::Date;
use gongkai_platform::job;
use gongkai_platform::job::schedule::queue_due;

use super::*;

impl World {
    /// Goes on to the morning of a day and does the night's work.
    async fn morning(&self, day: &str) {
        let wanted: jiff::Timestamp = format!("{day}T08:00:00+08:00").parse().unwrap();
        self.clock.advance(wanted.duration_since(self.clock.now()));
        queue_due(&self.db, &crate::schedules()).await.unwrap();
        let workers = crate::workers(&self.app);
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }

    /// The titles of what a person was told of reports, in order.
    async fn told(&self, person: AccountId) -> Vec<String> {
        let titles = async |tx: &mut Tx| {
            let told = sql("SELECT title FROM inbox_message WHERE account_id = $1 ORDER BY title");
            let rows = tx.all(told.bind(person)).await?;
            rows.iter()
                .map(|row| row.get("title"))
                .collect::<Result<Vec<String>, StoreError>>()
        };
        self.db.read(titles).await.unwrap()
    }
}

fn about(titles: &[String], words: &str) -> usize {
    titles.iter().filter(|title| title.contains(words)).count()
}

#[tokio::test]
async fn the_ladder_speaks_once_on_each_rung_and_is_quiet_on_rest_days() {
    for backend in backends() {
        let world = World::at(&backend, "2026-01-16T07:00:00+08:00").await;
        // A Friday before the first rung, and a rest day.
        for day in ["2026-01-16", "2026-01-18"] {
            world.morning(day).await;
            assert_eq!(
                world.told(world.liaison).await,
                Vec::<String>::new(),
                "{day}"
            );
        }
        let own = "《安澜市司法局2025年政府信息公开工作年度报告》";
        // Ten working days before 31 January 2026: who writes it.
        for day in ["2026-01-19", "2026-01-20"] {
            world.morning(day).await;
            let told = world.told(world.liaison).await;
            assert_eq!(
                told,
                [format!("{own}还有10个工作日截止，还没有编写")],
                "{day}"
            );
            assert_eq!(world.told(world.head).await, Vec::<String>::new(), "{day}");
        }
        // Three before: the head, too, and the office how many there are. Its own unit owes one as well.
        world.morning("2026-01-28").await;
        let told = world.told(world.head).await;
        assert_eq!(told, [format!("{own}还有3个工作日截止，还没有编写")]);
        let told = world.told(world.clerk).await;
        assert_eq!(about(&told, "还有3个单位没有公布"), 1, "{told:?}");
        // 31 January is a Saturday: what belongs to it comes while there is time.
        world.morning("2026-01-30").await;
        world.morning("2026-01-31").await;
        let told = world.told(world.head).await;
        assert_eq!(about(&told, "今天是截止前最后一个工作日"), 1, "{told:?}");
        for day in ["2026-02-02", "2026-02-03", "2026-03-02"] {
            world.morning(day).await;
            let told = world.told(world.head).await;
            assert_eq!(about(&told, "已经逾期没有公布"), 1, "{day}: {told:?}");
            assert_eq!(told.len(), 3, "{day}: {told:?}");
        }
        // The government's own day is 31 March: its office has heard nothing of it as late.
        let told = world.told(world.clerk).await;
        let city = "《安澜市人民政府2025年政府信息公开工作年度报告》";
        assert_eq!(about(&told, city), 0, "{told:?}");
    }
}

#[tokio::test]
async fn last_years_report_is_owed_until_it_is_public() {
    for backend in backends() {
        let world = World::at(&backend, "2026-01-16T07:00:00+08:00").await;
        let owed = async |today: &str| {
            let range = DateRange {
                from: Date::constant(2026, 1, 1),
                to: today.parse().unwrap(),
            };
            let due = async |tx: &mut Tx| world.app.seams.due(tx, &Scope::Everything, range).await;
            let due = world.db.read(due).await.unwrap();
            let own = due.into_iter().filter(|item| item.organ == world.units[0]);
            own.map(|item| item.title).collect::<Vec<_>>()
        };
        let wanted = ["公布2025年政府信息公开工作年度报告"];
        assert_eq!(owed("2026-01-31").await, wanted);
        // On the first of April nobody has begun it: it is late, and the running year's is not there yet.
        world.morning("2026-04-01").await;
        assert_eq!(owed("2026-04-01").await, wanted);
        let mut liaison = world.browser(world.liaison).await;
        let list = liaison.get(LIST).await.page();
        assert!(
            list.contains("2025年的报告还有 1 个单位没有公布") && list.contains("?year=2025"),
            "{list}"
        );
        // Who came into the directory later has published elsewhere, and is not among those that the list warns of.
        let open = async || {
            let mut clerk = world.browser(world.clerk).await;
            let list = clerk.get(LIST).await.page();
            let rest = list.split("2025年的报告还有 ").nth(1).unwrap();
            rest.split(' ').next().unwrap().to_owned()
        };
        let before = open().await;
        let late = testing::organ(&world.db, "安澜市数据局", Some(world.city)).await;
        set_kind(&world.db, late, "department").await;
        assert_eq!(open().await, before);
        let range = DateRange {
            from: Date::constant(2026, 1, 1),
            to: Date::constant(2026, 12, 31),
        };
        let due = async |tx: &mut Tx| world.app.seams.due(tx, &Scope::Everything, range).await;
        let due = world.db.read(due).await.unwrap();
        assert!(due.iter().all(|item| item.organ != late), "{due:?}");
        // Published elsewhere and brought in, it is owed no more.
        let organ = world.units[0].to_string();
        let report = crate::sample::city();
        let file = super::files::report_file(&report);
        let fields = [
            ("organ", organ.as_str()),
            ("year", "2025"),
            ("brought", "published"),
        ];
        let mut head = world.browser(world.head).await;
        let file = ("file", "年报.docx", file.as_slice());
        head.upload(&format!("{LIST}/import"), &fields, file)
            .await
            .redirected();
        assert_eq!(owed("2026-04-01").await, Vec::<String>::new());
    }
}
