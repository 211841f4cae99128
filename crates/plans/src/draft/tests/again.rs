//! A document that arrives once more, who hears of a plan, and a reading that never ended.

use gongkai_basis::Role;
use gongkai_basis::id::AccountId;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::job;
use gongkai_platform::testing::{self, backends, person};

use super::journey::{confirm, settle_doubts};
use super::world::{CITY_HTML, TOWN_TXT, World, value_of};
use crate::draft::upload::READ_AT_ONCE_BYTES_MAX;

#[tokio::test]
async fn the_same_plan_is_confirmed_twice_only_by_who_says_that_it_is_another() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let first = world
            .browser
            .get(&format!("{address}/confirm"))
            .await
            .page();
        assert!(!first.contains("可能已经导入过"), "{first}");
        confirm(&mut world, &address).await;
        let tasks = "SELECT COUNT(*) AS n FROM task WHERE state = 'open'";
        assert_eq!(world.count(tasks).await, 3);
        // The same bytes under another name; and the same number and title in other bytes.
        let other = CITY_HTML.replace("并组织培训", "，组织培训");
        for (name, text) in [("再来.html", CITY_HTML), ("另存.html", other.as_str())] {
            let again = world
                .upload("/workspace/import", name, text.as_bytes())
                .await;
            settle_doubts(&mut world, &again).await;
            let path = format!("{again}/confirm");
            let page = world.browser.get(&path).await.page();
            assert!(
                page.contains("可能已经导入过") && page.contains("/reimport\">上传更正稿"),
                "{page}"
            );
            let version = value_of(&page, "version");
            let form = [("version", version.as_str())];
            let refused = world.browser.post(&path, &form).await;
            assert_eq!(refused.status, 422);
            let words = "已在台账里，再确认一次各单位的任务会重复";
            assert!(refused.text().contains(words), "{}", refused.text());
            assert_eq!(world.count(tasks).await, 3, "nothing doubled");
            let discard = format!("{again}/discard");
            world.browser.post(&discard, &form).await.redirected();
        }
        let again = world
            .upload("/workspace/import", "再来.html", CITY_HTML.as_bytes())
            .await;
        settle_doubts(&mut world, &again).await;
        let path = format!("{again}/confirm");
        let version = world.version(&path).await;
        let form = [("version", version.as_str()), ("another", "1")];
        world.browser.post(&path, &form).await.redirected();
        assert_eq!(world.count(tasks).await, 6);
    }
}

#[tokio::test]
async fn each_unit_hears_once_of_a_plan_that_was_confirmed_and_of_one_that_was_taken_back() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let organ = world.organs[2];
        let liaison = person(&world.db, "联络员", &[(Role::Liaison, organ)]).await;
        confirm(&mut world, &address).await;
        let told = self::told(&world, liaison).await;
        let title = "2026年任务已下达：本单位1项（牵头1项）";
        let body = "安澜市2026年政务公开工作要点分工方案";
        assert_eq!(told, [(title.to_owned(), body.to_owned())]);
        let stranger = testing::organ(&world.db, "安澜市审计局", Some(world.organs[0])).await;
        let stranger = person(&world.db, "旁人", &[(Role::Liaison, stranger)]).await;
        let undo = format!("/workspace/plans/{}/undo-import", plan_of(&world).await);
        world.browser.post(&undo, &[]).await.redirected();
        let told = self::told(&world, liaison).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told.iter().any(|(title, body)| {
                title == "2026年任务已撤回：原来下达的任务不再有效"
                    && body.contains("《安澜市2026年政务公开工作要点分工方案》的导入已撤销")
            }),
            "{told:?}"
        );
        assert!(self::told(&world, stranger).await.is_empty());
    }
}

/// Title and body of what lies in a person's inbox.
async fn told(world: &World, account: AccountId) -> Vec<(String, String)> {
    world
        .db
        .read(async |tx: &mut Tx| {
            let mine = sql("SELECT title, body FROM inbox_message WHERE account_id = $1");
            let rows = tx.all(mine.bind(account)).await?;
            rows.iter()
                .map(|row| Ok((row.get("title")?, row.get("body")?)))
                .collect()
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap()
}

/// The one plan there is.
pub(super) async fn plan_of(world: &World) -> String {
    world
        .db
        .read(async |tx: &mut Tx| tx.one(sql("SELECT id FROM plan")).await?.get("id"))
        .await
        .map_err(|error: StoreError| error)
        .unwrap()
}

#[tokio::test]
async fn a_draft_whose_reading_was_given_up_can_be_thrown_away() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut large = TOWN_TXT.to_owned();
        large.push_str(&"\n".repeat(READ_AT_ONCE_BYTES_MAX));
        let address = world
            .upload("/workspace/import", "大文件.txt", large.as_bytes())
            .await;
        let page = world.browser.get(&address).await.page();
        assert!(page.contains("正在读取文件"), "{page}");
        let stopped = world
            .db
            .upkeep(async |tx: &mut Tx| {
                let newest =
                    sql("SELECT job_id FROM import_draft ORDER BY created_at DESC LIMIT 1");
                let id = tx.one(newest).await?.get("job_id")?;
                job::cancel(tx, id).await
            })
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        assert!(stopped);
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains("未能读取这份文件")
                && page.contains("读取已被取消")
                && !page.contains("http-equiv=\"refresh\""),
            "{page}"
        );
        let version = value_of(&page, "version");
        let discard = format!("{address}/discard");
        let form = [("version", version.as_str())];
        world.browser.post(&discard, &form).await.redirected();
        let list = world.browser.get("/workspace/import").await.page();
        assert!(!list.contains("大文件.txt"), "{list}");
    }
}

/// Counts are there once the file is open; who cancels ends job and draft, and no reader opens it again.
#[tokio::test]
async fn a_reading_shows_what_is_left_of_it_and_can_be_cancelled() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut large = TOWN_TXT.to_owned();
        large.push_str(&"\n".repeat(READ_AT_ONCE_BYTES_MAX));
        let to = "/workspace/import";
        let address = world.upload(to, "大文件.txt", large.as_bytes()).await;
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains("正在排队") && page.contains("取消读取"),
            "{page}"
        );
        for (done, total, words) in [
            (0_i64, 0_i64, "正在打开文件"),
            (0, 312, "有 312 段文字和表格行，已识别 0，还剩 312"),
        ] {
            world
                .db
                .upkeep(async |tx: &mut Tx| {
                    let counted =
                        sql("UPDATE job SET state = 'running', locked_until = $1, done = $2, total = $3");
                    let lease = tx.now().as_millisecond() + 60_000;
                    tx.run(counted.bind(lease).bind(done).bind(total)).await
                })
                .await
                .map_err(|error: StoreError| error)
                .unwrap();
            let page = world.browser.get(&address).await.page();
            assert!(page.contains(words), "{words}: {page}");
        }
        let version = value_of(&page, "version");
        let form = [("version", version.as_str())];
        let discard = format!("{address}/discard");
        let list = world.browser.post(&discard, &form).await.redirected();
        assert_eq!(list, "/workspace/import");
        let told = world.browser.get(&list).await.page();
        assert!(told.contains("已取消读取，草稿一并作废。"), "{told}");
        let cancelled = "SELECT COUNT(*) AS n FROM job WHERE state = 'cancelled'";
        assert_eq!(world.count(cancelled).await, 1);
        let event = "SELECT COUNT(*) AS n FROM event WHERE kind = 'draft.discarded' AND sentence LIKE '取消读取“大文件.txt”%'";
        assert_eq!(world.count(event).await, 1);
        let id = address.rsplit('/').next().unwrap().parse().unwrap();
        crate::draft::reading::read(&world.app, id).await.unwrap();
        let kept =
            "SELECT COUNT(*) AS n FROM import_draft WHERE state = 'discarded' AND content IS NULL";
        assert_eq!(world.count(kept).await, 1);
    }
}

#[tokio::test]
async fn what_was_typed_stays_when_somebody_else_saved_first() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let old = world.version(&address).await;
        let meta = format!("{address}/meta");
        let form = |title: &'static str| {
            vec![
                ("version", old.as_str()),
                ("title", title),
                ("notice_title", ""),
                ("document_number", "安府办函〔2026〕12号"),
                ("issuer", "安澜市人民政府办公室"),
                ("issued_on", "2026-03-16"),
                ("published_on", ""),
                ("year", "2026"),
                ("deadline_text", "12月20日前报送台账"),
                ("deadline_date", "2026-12-20"),
                ("deadline_kind", "by"),
            ]
        };
        let (first, second) = (form("先保存的标题"), form("后保存的标题"));
        world.browser.post(&meta, &first).await.redirected();
        let late = world.browser.post_from(&address, &meta, &second).await;
        assert_eq!(late.status, 409);
        let page = late.text();
        assert!(
            page.contains("value=\"后保存的标题\"")
                && page.contains("value=\"12月20日前报送台账\""),
            "{page}"
        );
        // A card, too: its words come back unfolded, to be saved on what is there now.
        let tasks = format!("{address}/tasks");
        let card = [
            ("version", old.as_str()),
            ("key", "1"),
            ("act", "save"),
            ("text", "改过的任务内容"),
            ("organ_name", "市审计局"),
            ("organ_duty", "lead"),
        ];
        let late = world.browser.post_from(&tasks, &tasks, &card).await;
        assert_eq!(late.status, 409);
        let page = late.text();
        assert!(
            page.contains("改过的任务内容</textarea>") && page.contains("value=\"市审计局\""),
            "{page}"
        );
        let fresh = world.browser.get(&tasks).await.page();
        assert!(!fresh.contains("改过的任务内容"), "{fresh}");
    }
}

#[tokio::test]
async fn what_was_issued_on_a_plan_keeps_it_from_being_taken_back() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        confirm(&mut world, &address).await;
        let (office, unit) = (world.office, world.organs[2]);
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let part = sql("SELECT id, task_id FROM assignment WHERE organ_id = $1 ORDER BY id LIMIT 1");
                let part = tx.one(part.bind(unit)).await?;
                let (id, task): (String, String) = (part.get("id")?, part.get("task_id")?);
                tx.run(
                    sql("INSERT INTO supervision (id, office_id, organ_id, title, requirement, reply_days, state, drafted_by, drafted_on, issued_on, version, created_at) \
                         VALUES ('s1', $1, $2, '督办', '尽快', 5, 'issued', '文书', '2026-03-18', '2026-03-18', 1, 0)")
                        .bind(office)
                        .bind(unit),
                )
                .await?;
                tx.run(
                    sql("INSERT INTO supervision_item (supervision_id, position, kind, reference, task_id, text, due_text) VALUES ('s1', 1, 'task', $1, $2, '任务', '')")
                        .bind(&id)
                        .bind(task),
                )
                .await?;
                tx.run(
                    sql("INSERT INTO score_period (id, office_id, title, year, from_on, to_on, scheme, scheme_version, state, computed_on, version, created_at) \
                         VALUES ('p1', $1, '一季度', 2026, '2026-01-01', '2026-03-31', '{}', 1, 'computed', '2026-03-18', 1, 0)")
                        .bind(office),
                )
                .await
            })
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        let page = world.browser.get(&address).await.page();
        for words in ["已有 1 份已发出的督办单", "已有 1 次已计算的考核"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let undo = format!("/workspace/plans/{}/undo-import", plan_of(&world).await);
        let refused = world.browser.post(&undo, &[]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("督办单"), "{}", refused.text());
    }
}
