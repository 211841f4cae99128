//! Evidence of every kind is added, checked, lost, accepted, counted.

use std::sync::atomic::Ordering;

use gongkai_platform::db::Tx;
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::testing::{self, Browser, backends};

use super::{hidden, refused};
use crate::assignment::Duty;
use crate::evidence::{Evidence, run, store};
use crate::plan::{Deadline, DeadlineKind, Quantity};
use crate::testing::{World, page};

const NO_FILE: (&str, &str, &[u8]) = ("file-1", "", b"");
const PAGE: &str = "https://www.anlan.example/gz/1.html";

async fn of(world: &World, assignment: gongkai_basis::id::AssignmentId) -> Vec<Evidence> {
    world
        .db
        .read(async |tx: &mut Tx| store::of_assignment(tx, assignment).await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_page_is_seen_when_it_is_attached_and_its_loss_is_seen_by_everybody() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        world.site.says(
            PAGE,
            "<html><body><h1>规章库</h1><p>现行有效规章　１２件。</p></body></html>",
        );
        let mut words = vec![
            ("outcome", "done"),
            ("done_text", "已公开12件"),
            ("url-1", PAGE),
            ("title-1", "规章库<script>alert(1)</script>"),
            ("proves-1", "规章已公开"),
            ("quote-1", "现行有效规章12件。"),
            ("dated_on-1", "2026-09-10"),
        ];
        words[5].1 = "12";
        refused(
            &liaison.upload(&form, &words, NO_FILE).await,
            422,
            "“摘引原句”太短",
        );
        words[5].1 = "现行有效规章12件。";
        liaison.upload(&form, &words, NO_FILE).await.redirected();
        world.works_off_jobs().await;
        let item = of(&world, part.id).await.remove(0);
        assert_eq!(item.verdict_name(), "有效");
        let path = format!("/workspace/evidence/{}", item.id);
        let shown = liaison.get(&path).await.page();
        assert!(
            shown.contains("现行有效规章12件。") && shown.contains("有效"),
            "{shown}"
        );
        assert!(!shown.contains("<script>alert"), "{shown}");

        // The page is rewritten by somebody with bad intentions.
        world.site.says(
            PAGE,
            "<script>document.write('现行有效规章12件。')</script><p>已下线</p>",
        );
        let mut clerk = world.browser(world.clerk).await;
        let to = clerk
            .post(&format!("/workspace/tasks/{task}/evidence/check"), &[])
            .await;
        let run = to.redirected();
        assert!(clerk.get(&run).await.page().contains("正在排队"));
        world.works_off_jobs().await;
        let shown = clerk.get(&run).await.page();
        assert!(
            shown.contains("已核验 1 份，共 1 份") && shown.contains("◇ 内容已变"),
            "{shown}"
        );
        assert!(shown.contains(&path), "{shown}");

        let mine = liaison.get("/workspace/tasks?light=decayed").await.page();
        assert!(
            mine.contains("<b>1</b> <span class=\"light light-decayed\">◇ 佐证失效"),
            "{mine}"
        );
        assert!(
            mine.contains("◇ 1 失效") && mine.contains("公开规章"),
            "{mine}"
        );
        for list in ["?light=decayed", "?view=assignments&light=decayed"] {
            let ledger = clerk.get(&format!("/workspace/ledger{list}")).await.page();
            assert!(
                ledger.contains("共 1 条") && ledger.contains("◇ 1 失效"),
                "{ledger}"
            );
        }
        for list in [
            "?light=done",
            "?view=assignments&light=done",
            "?view=assignments&light=soon",
        ] {
            let ledger = clerk.get(&format!("/workspace/ledger{list}")).await.page();
            assert!(ledger.contains("没有符合筛选条件的任务"), "{ledger}");
        }
        let shown = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(
            shown.contains("任务重新打开") && shown.contains("◇ 佐证失效"),
            "{shown}"
        );

        // Reported again as done it is refused, and nothing typed is lost.
        let version = hidden(&liaison.get(&form).await.page(), "based_on");
        let again = [
            ("based_on", version.as_str()),
            ("outcome", "done"),
            ("done_text", "还是12件"),
        ];
        let answer = liaison.upload(&form, &again, NO_FILE).await;
        refused(&answer, 422, "有佐证失效，不能报“已完成”");
        assert!(answer.text().contains("还是12件</textarea>"));

        // A person has looked; the unit itself cannot say so.
        let accept = format!("{path}/accept");
        assert_eq!(
            liaison
                .post(&accept, &[("why", "有效")])
                .await
                .status
                .as_u16(),
            403
        );
        refused(
            &clerk.post(&accept, &[("why", " ")]).await,
            422,
            "请写明认定的依据",
        );
        assert_eq!(
            clerk
                .post(&accept, &[("why", "已人工查看")])
                .await
                .redirected(),
            path
        );
        let shown = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(
            shown.contains("✓ 已完成") && shown.contains("人工认定有效"),
            "{shown}"
        );
        // Gone altogether is another matter.
        world.site.status(PAGE, 404);
        assert_eq!(
            liaison
                .post(&format!("{path}/check"), &[])
                .await
                .redirected(),
            path
        );
        let shown = liaison.get(&path).await.page();
        assert!(
            shown.contains("◇ 已不存在") && shown.contains("网页已经不存在"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn what_is_not_listed_cannot_be_told_and_reopens_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let item = world
            .done(task, 0, vec![page("http://169.254.169.254/latest", "")])
            .await
            .remove(0);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let path = format!("/workspace/evidence/{}", item.id);
        liaison
            .post(&format!("{path}/check"), &[])
            .await
            .redirected();
        let shown = liaison.get(&path).await.page();
        assert!(
            shown.contains("无法核验") && shown.contains("不在配置列出的可核验网站中"),
            "{shown}"
        );
        let shown = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(shown.contains("✓ 已完成"), "{shown}");
        // By night nothing else comes of it, and the ledger says when that was.
        queue_due(&world.db, &run::schedules()).await.unwrap();
        world.works_off_jobs().await;
        let mut clerk = world.browser(world.clerk).await;
        let ledger = clerk.get("/workspace/ledger?light=done").await.page();
        assert!(
            ledger.contains("佐证上次夜间核验：2026年9月21日 09:00") && ledger.contains("共 1 条"),
            "{ledger}"
        );
    }
}

#[tokio::test]
async fn others_find_neither_evidence_nor_run() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let item = world.done(task, 0, vec![page(PAGE, "")]).await.remove(0);
        let part = world.assignment(task, 0).await;
        let mut clerk = world.browser(world.clerk).await;
        let run = clerk
            .post(
                &format!("/workspace/plans/{}/evidence/check", world.plan),
                &[],
            )
            .await
            .redirected();
        assert_eq!(
            clerk.post(&format!("{run}/stop"), &[]).await.redirected(),
            run
        );
        refused(
            &clerk.post(&format!("{run}/stop"), &[]).await,
            422,
            "已经结束",
        );
        let mut other = world.browser(world.liaisons[1]).await;
        for path in [
            format!("/workspace/evidence/{}", item.id),
            run.clone(),
            format!("/workspace/assignments/{}/evidence/new", part.id),
        ] {
            assert_eq!(other.get(&path).await.status.as_u16(), 404, "{path}");
        }
        for path in [
            format!("/workspace/evidence/{}/check", item.id),
            format!("/workspace/tasks/{task}/evidence/check"),
            // A unit checks its tasks, not the office's whole plan.
            format!("/workspace/plans/{}/evidence/check", world.plan),
            format!("{run}/stop"),
        ] {
            assert_eq!(other.post(&path, &[]).await.status.as_u16(), 404, "{path}");
        }
        let jobs = world
            .db
            .read(async |tx: &mut Tx| gongkai_platform::job::recent(tx, 10).await)
            .await
            .unwrap();
        assert_eq!(jobs.len(), 1, "nothing was queued by those who may not");
    }
}

/// A task that wants three meetings.
async fn counted(world: &World) -> gongkai_basis::id::TaskId {
    let deadlines = [Deadline {
        text: "每年至少召开2次".to_owned(),
        date: Some("2026-12-31".parse().unwrap()),
        kind: DeadlineKind::MinimumCount,
    }];
    let quantities = [Quantity {
        text: "至少召开2次".to_owned(),
        value: 2,
        max: None,
        unit: "次".to_owned(),
    }];
    world
        .counted_task(
            "每年至少召开2次会议",
            &deadlines,
            &quantities,
            &[(0, Duty::Lead)],
        )
        .await
}

async fn event(browser: &mut Browser, form: &str, on: &str) -> gongkai_platform::testing::Answer {
    let fields = [
        ("kind", "event"),
        ("event_kind", "meeting"),
        ("title", "推进会"),
        ("dated_on", on),
        ("attendance", "42"),
        ("proves", "已召开会议"),
    ];
    browser.post(form, &fields).await
}

#[tokio::test]
async fn meetings_that_the_plan_counts_are_counted_before_it_is_done() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = counted(&world).await;
        let part = world.assignment(task, 0).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let add = format!("/workspace/assignments/{}/evidence/new", part.id);
        let page = liaison.get(&add).await.page();
        assert!(
            page.contains("方案要求“至少召开2次”") && page.contains("还差2次"),
            "{page}"
        );
        refused(&event(&mut liaison, &add, "").await, 422, "请填写活动日期");
        refused(
            &event(&mut liaison, &add, "2026-09-22").await,
            422,
            "活动还没有举行",
        );
        refused(
            &event(&mut liaison, &add, "九月").await,
            422,
            "日期无法识别",
        );
        let back = event(&mut liaison, &add, "2026-06-01").await.redirected();
        // One of last year and a file without a date count nothing.
        event(&mut liaison, &add, "2025-06-01").await.redirected();
        let done = [
            ("outcome", "done"),
            ("done_text", "已召开"),
            ("proves-1", "纪要"),
        ];
        let answer = liaison
            .upload(&form, &done, ("file-1", "纪要.pdf", b"%PDF-1.7 x"))
            .await;
        refused(&answer, 422, "佐证次数不够，不能报“已完成”");
        assert!(
            answer.text().contains("证明了1次，还差1次"),
            "{}",
            answer.text()
        );
        let shown = liaison.get(&back).await.page();
        assert!(shown.contains("badge-warn\">1/2次"), "{shown}");
        // Who sends one file for several periods reads why it counts once.
        let once = "同一份文件、同一网址、同一条记录只计一次";
        assert!(shown.contains(once), "{shown}");
        let asked = liaison.get(&form).await.page();
        assert!(
            asked.contains(once) && asked.contains("badge-warn\">1/2次"),
            "{asked}"
        );
        let mut clerk = world.browser(world.clerk).await;
        for view in ["", "?view=assignments"] {
            let ledger = clerk.get(&format!("/workspace/ledger{view}")).await.page();
            assert!(ledger.contains("1/2次"), "{ledger}");
        }
        event(&mut liaison, &add, "2026-09-01").await.redirected();
        liaison
            .upload(&form, &done[..2], NO_FILE)
            .await
            .redirected();
        let shown = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(
            shown.contains("badge-good\">2/2次") && shown.contains("会议，42人参加"),
            "{shown}"
        );
        // One of the two cannot be taken away again.
        let counting = of(&world, part.id).await;
        let second = counting
            .iter()
            .find(|item| item.dated_on == Some("2026-09-01".parse().unwrap()));
        let withdraw = format!("/workspace/evidence/{}/withdraw", second.unwrap().id);
        let answer = liaison.post(&withdraw, &[("why", "填错了")]).await;
        refused(&answer, 422, "撤回后佐证不足以报“已完成”");
        // A reason lets it pass, and the count still says what is missing.
        let other = counted(&world).await;
        let part = world.assignment(other, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let excused = [
            ("outcome", "done"),
            ("done_text", "合并召开"),
            ("no_evidence_why", "与市委会议合并召开"),
        ];
        liaison.upload(&form, &excused, NO_FILE).await.redirected();
        let shown = clerk.get(&format!("/workspace/tasks/{other}")).await.page();
        assert!(shown.contains("badge-warn\">0/2次"), "{shown}");
    }
}

#[tokio::test]
async fn figures_and_records_are_added_and_bad_ones_are_named() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let add = format!("/workspace/assignments/{}/evidence/new", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let mut figure = vec![
            ("kind", "figure"),
            ("title", "任务数"),
            ("value", "很多"),
            ("unit", ""),
            ("from", "台账"),
            ("key", "tasks.all"),
            ("proves", "全部公开"),
        ];
        refused(
            &liaison.post(&add, &figure).await,
            422,
            "请填写数字，如 120 或 99.5",
        );
        figure[2].1 = "1";
        refused(&liaison.post(&add, &figure).await, 422, "请填写“单位”");
        figure[3].1 = "项";
        liaison.post(&add, &figure).await.redirected();
        let organs = [("7", world.units[0]), ("8", world.units[1])];
        for (id, organ) in organs {
            let mut meetings = world.records.meetings.lock().unwrap();
            meetings.insert(id.to_owned(), (organ, "v1".to_owned()));
        }
        let found = liaison
            .get(&format!("{add}?kind=record&of=meeting&words=7"))
            .await
            .page();
        assert!(
            found.contains("value=\"meeting:7\"") && !found.contains("meeting:8"),
            "{found}"
        );
        let record = |id| [("kind", "record"), ("record", id), ("proves", "已开会")];
        refused(&liaison.post(&add, &record("")).await, 422, "请先查找");
        // Another unit's record, and one that nobody knows.
        for id in ["meeting:8", "meeting:9", "case:1"] {
            refused(&liaison.post(&add, &record(id)).await, 422, "没有这条记录");
        }
        liaison.post(&add, &record("meeting:7")).await.redirected();
        let items = of(&world, part.id).await;
        assert_eq!(items.len(), 2);
        let record = items.iter().find(|item| item.title == "会议7").unwrap();
        assert_eq!(record.seal.as_deref(), Some("v1"));
        let shown = liaison
            .get(&format!("/workspace/evidence/{}", record.id))
            .await
            .page();
        assert!(shown.contains("href=\"/workspace/meetings/7\""), "{shown}");
    }
}

/// A day that has not come would count for a period that has not come; a record keeps its own day.
#[tokio::test]
async fn nothing_proves_before_its_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = counted(&world).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let add = format!("/workspace/assignments/{}/evidence/new", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let report = |on| {
            [
                ("outcome", "in_progress"),
                ("done_text", "已召开"),
                ("proves-1", "纪要"),
                ("dated_on-1", on),
            ]
        };
        let file: (&str, &str, &[u8]) = ("file-1", "纪要.pdf", b"%PDF-1.7 x");
        let tomorrow = liaison.upload(&form, &report("2026-09-22"), file).await;
        refused(&tomorrow, 422, "材料日期2026年9月22日还没有到");
        let figure = [
            ("kind", "figure"),
            ("title", "会议数"),
            ("value", "2"),
            ("unit", "次"),
            ("from", "台账"),
            ("dated_on", "2026-12-31"),
            ("proves", "已召开会议"),
        ];
        refused(
            &liaison.post(&add, &figure).await,
            422,
            "统计日期2026年12月31日还没有到",
        );
        let unit = world.units[0];
        let meeting = ("7".to_owned(), (unit, "v1".to_owned()));
        world.records.meetings.lock().unwrap().extend([meeting]);
        let record = [
            ("kind", "record"),
            ("record", "meeting:7"),
            ("proves", "已开会"),
            ("dated_on", "2026-09-01"),
        ];
        *world.records.on.lock().unwrap() = Some("2026-09-22".parse().unwrap());
        refused(
            &liaison.post(&add, &record).await,
            422,
            "这条记录的日期是2026年9月22日",
        );
        assert!(of(&world, part.id).await.is_empty());
        *world.records.on.lock().unwrap() = Some("2026-03-10".parse().unwrap());
        liaison.post(&add, &record).await.redirected();
        let today = liaison.upload(&form, &report("2026-09-21"), file).await;
        today.redirected();
        let days: Vec<_> = of(&world, part.id)
            .await
            .iter()
            .filter_map(|item| item.dated_on)
            .map(|day| day.to_string())
            .collect();
        assert_eq!(days.len(), 2);
        for day in ["2026-03-10", "2026-09-21"] {
            assert!(days.iter().any(|on| on == day), "{days:?}");
        }
    }
}

/// 规范性文件集中公开: the library belongs to the government's office, and another unit leads the task.
#[tokio::test]
async fn what_the_own_government_published_proves_the_work_of_its_units() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "集中公开", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let add = format!("/workspace/assignments/{}/evidence/new", part.id);
        let county = testing::organ(&world.db, "云岭县人民政府", None).await;
        let organs = [
            ("1", world.city),
            ("2", world.office),
            ("3", world.units[1]),
            ("4", county),
        ];
        for (id, organ) in organs {
            let mut meetings = world.records.meetings.lock().unwrap();
            meetings.insert(id.to_owned(), (organ, "v1".to_owned()));
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        for public in [false, true] {
            world.records.public.store(public, Ordering::SeqCst);
            let list = liaison
                .get(&format!("{add}?kind=record&of=meeting"))
                .await
                .page();
            for (id, _) in organs {
                let there = public && ["1", "2"].contains(&id);
                let value = format!("value=\"meeting:{id}\"");
                assert_eq!(list.contains(&value), there, "{id}: {list}");
                let record = format!("meeting:{id}");
                let fields = [
                    ("kind", "record"),
                    ("record", record.as_str()),
                    ("proves", "已公开"),
                ];
                let status = if there { 303 } else { 422 };
                assert_eq!(liaison.post(&add, &fields).await.status, status, "{id}");
            }
        }
        assert!(
            liaison
                .get(&format!("{add}?kind=record&of=meeting"))
                .await
                .page()
                .contains("会议1　安澜市人民政府")
        );
    }
}
