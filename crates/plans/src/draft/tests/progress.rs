//! An existing ledger that is imported page by page, beside units that report, and the way back.

use gongkai_basis::Role;
use gongkai_basis::id::{OrganId, ReportId};
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{Backend, backends, person, uuid};

use super::ledger::{LEDGER, world_with_plan};
use super::world::{World, value_of};
use crate::report::{self, Content, Outcome, Report};

const IN_FORCE: &str = "SELECT COUNT(*) AS n FROM assignment WHERE report_id IS NOT NULL";

/// A plan with an uploaded ledger; with the address of its rows.
async fn uploaded(backend: &Backend, ledger: &str) -> (World, String) {
    let (mut world, plan) = world_with_plan(backend).await;
    let to = format!("/workspace/plans/{plan}/import-progress");
    let address = world.upload(&to, "台账.html", ledger.as_bytes()).await;
    let rows = world.browser.get(&address).await.redirected();
    (world, rows)
}

/// A unit reports progress on its part of the task that it leads or answers for.
async fn reports(world: &World, organ: OrganId, words: &str) {
    says(world, organ, (Outcome::InProgress, words)).await;
}

/// A unit reports on its part of the task that it leads or answers for.
async fn says(world: &World, organ: OrganId, (outcome, words): (Outcome, &str)) {
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            let part = sql("SELECT id, task_id, report_id FROM assignment WHERE organ_id = $1 AND role <> 'cooperate'");
            let part = tx.one(part.bind(organ)).await?;
            let id = part.get("id")?;
            let last = report::store::versions(tx, id).await?;
            let report = Report {
                id: ReportId::new(uuid()),
                assignment: id,
                sequence: last.first().map_or(1, |last| last.sequence + 1),
                based_on: part.get("report_id")?,
                content: Content {
                    outcome,
                    done_text: words.to_owned(),
                    pending_text: String::new(),
                    planned_on: None,
                    no_evidence_why: String::new(),
                },
                author: None,
                author_name: "联络员".to_owned(),
                created_at: tx.now().as_millisecond(),
            };
            report::store::insert(tx, &report, part.get("task_id")?).await
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
}

/// What is in force on the part that a unit leads or answers for.
async fn in_force(world: &World, organ: OrganId) -> String {
    world
        .db
        .read(async |tx: &mut Tx| {
            let report = sql("SELECT r.done_text FROM assignment a JOIN report r ON r.id = a.report_id WHERE a.organ_id = $1 AND a.role <> 'cooperate'");
            tx.one(report.bind(organ)).await?.get("done_text")
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap()
}

/// The fields of a page as it stands, with these rows ticked.
fn ticked(page: &str, rows: &[usize], more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = vec![("version".to_owned(), value_of(page, "version"))];
    for shown in page.split("name=\"seen-").skip(1) {
        let nth = shown.split('"').next().unwrap();
        let name = format!("seen-{nth}");
        fields.push((name.clone(), value_of(page, &name)));
    }
    fields.extend(rows.iter().map(|nth| ("row".to_owned(), nth.to_string())));
    let more = more.iter();
    fields.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

fn plain(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn what_a_unit_reported_meanwhile_is_not_written_over() {
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, LEDGER).await;
        let justice = world.organs[2];
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0], &[("outcome", "done")]);
        reports(&world, justice, "已公布20件。").await;
        let late = world.browser.post_from(&rows, &rows, &plain(&fields)).await;
        assert_eq!(late.status, 422);
        let shown = late.text();
        for words in [
            "您看过以后又有单位填报",
            "（市司法局）",
            "已有填报，采用后作为新的一版",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(in_force(&world, justice).await, "已公布20件。");
        // Neither does a tick count for what was not shown.
        let blind = [
            ("version", fields[0].1.as_str()),
            ("row", "0"),
            ("outcome", "done"),
        ];
        assert_eq!(world.browser.post(&rows, &blind).await.status, 422);
        // Who has seen it decides.
        let fields = ticked(&shown, &[0], &[("outcome", "done")]);
        world
            .browser
            .post(&rows, &plain(&fields))
            .await
            .redirected();
        assert_eq!(in_force(&world, justice).await, "已公布规章17件。");
    }
}

#[tokio::test]
async fn an_import_of_progress_is_undone_whole_while_nobody_has_worked_on_it() {
    const TOLD: &str = "SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE '%1项任务的进展%'";
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, LEDGER).await;
        let (justice, education) = (world.organs[2], world.organs[3]);
        person(&world.db, "联络员", &[(Role::Liaison, justice)]).await;
        reports(&world, education, "旧进展。").await;
        let import = async |world: &mut World| {
            let page = world.browser.get(&rows).await.page();
            let fields = ticked(&page, &[0, 1], &[("outcome", "done")]);
            let fields = plain(&fields);
            world.browser.post(&rows, &fields).await.redirected()
        };
        let address = import(&mut world).await;
        assert_eq!(in_force(&world, education).await, "已完成初稿。");
        assert_eq!(
            (world.count(IN_FORCE).await, world.count(TOLD).await),
            (2, 1)
        );
        let events = world.count("SELECT COUNT(*) AS n FROM event").await;
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains("<button class=\"danger\">撤销导入的进展"),
            "{page}"
        );
        let undo = format!("{address}/undo-progress");
        world.browser.post(&undo, &[]).await.redirected();
        // Each part stands as it did, and the ledger can be imported again.
        assert_eq!(in_force(&world, education).await, "旧进展。");
        assert_eq!(
            (world.count(IN_FORCE).await, world.count(TOLD).await),
            (1, 2)
        );
        let all = world.count("SELECT COUNT(*) AS n FROM event").await;
        assert_eq!(all, events + 1);
        let twice = world.browser.post(&undo, &[]).await;
        assert_eq!(twice.status, 422, "{}", twice.text());
        import(&mut world).await;
        assert_eq!(world.count(TOLD).await, 3, "told anew");
        // A unit goes on with it: nothing of it is taken back.
        reports(&world, justice, "又公布3件。").await;
        let refused = world.browser.post(&undo, &[]).await;
        assert_eq!(refused.status, 422);
        let words = "已有 1 项分工在导入以后又有填报，或已取消、转交，不能再整个撤销";
        assert!(refused.text().contains(words), "{}", refused.text());
        assert_eq!(in_force(&world, education).await, "已完成初稿。");
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains(words) && !page.contains("undo-progress"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_was_done_in_time_stays_so_when_a_ledger_put_over_it_is_taken_back() {
    // The version whose day scores take for the day of completion.
    const DONE: &str = "SELECT MAX(sequence) AS n FROM report WHERE outcome = 'done' AND (turned = 1 OR based_on IS NULL)";
    const OWN: &str = "SELECT COUNT(*) AS n FROM assignment a JOIN report r ON r.id = a.report_id \
        WHERE r.author_name = '联络员' AND r.outcome = 'done' AND r.sequence = 3";
    const NET: &str = "SELECT CAST(SUM(turned) AS BIGINT) AS n FROM report";
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, LEDGER).await;
        let justice = world.organs[2];
        says(&world, justice, (Outcome::Done, "已公布20件。")).await;
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0], &[("outcome", "in_progress")]);
        let fields = plain(&fields);
        let address = world.browser.post(&rows, &fields).await.redirected();
        assert_eq!(in_force(&world, justice).await, "已公布规章17件。");
        let undo = format!("{address}/undo-progress");
        world.browser.post(&undo, &[]).await.redirected();
        assert_eq!(in_force(&world, justice).await, "已公布20件。");
        assert_eq!(
            (
                world.count(DONE).await,
                world.count(OWN).await,
                world.count(NET).await
            ),
            (1, 1, 1)
        );
    }
}

#[tokio::test]
async fn a_plan_whose_imported_progress_was_taken_back_can_be_taken_back_itself() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        let to = format!("/workspace/plans/{plan}/import-progress");
        let address = world.upload(&to, "台账.html", LEDGER.as_bytes()).await;
        let rows = world.browser.get(&address).await.redirected();
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0, 1], &[("outcome", "done")]);
        let fields = plain(&fields);
        let address = world.browser.post(&rows, &fields).await.redirected();
        let whole = format!("/workspace/plans/{plan}/undo-import");
        let refused = world.browser.post(&whole, &[]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("已有 2 份进展填报"),
            "{}",
            refused.text()
        );
        let undo = format!("{address}/undo-progress");
        world.browser.post(&undo, &[]).await.redirected();
        world.browser.post(&whole, &[]).await.redirected();
        let undone = "SELECT COUNT(*) AS n FROM plan WHERE state = 'undone'";
        assert_eq!(world.count(undone).await, 1);
    }
}

#[tokio::test]
async fn a_row_whose_part_was_cancelled_while_pages_were_turned_holds_up_nothing() {
    let education = "<tr><td>市教育局</td><td>2.修订主动公开基本目录并组织培训。</td><td>已完成初稿。</td></tr></table>";
    let ledger = long(60).replace("</table>", education);
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, &ledger).await;
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0], &[("outcome", "in_progress"), ("step", "2")]);
        let fields = plain(&fields);
        world.browser.post(&rows, &fields).await.redirected();
        let justice = world.organs[2];
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let part = sql("UPDATE assignment SET state = 'cancelled', version = version + 1 WHERE organ_id = $1 AND role <> 'cooperate'");
                tx.run(part.bind(justice)).await
            })
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        // The kept tick is for what is not there any more: the person is shown it, and imports the rest.
        let first = format!("{rows}?page=1");
        let page = world.browser.get(&first).await.page();
        assert!(page.contains("<b>60</b>行未对应"), "{page}");
        let fields = ticked(&page, &[60], &[("outcome", "in_progress")]);
        let fields = plain(&fields);
        world.browser.post(&first, &fields).await.redirected();
        assert_eq!(in_force(&world, world.organs[3]).await, "已完成初稿。");
    }
}

#[tokio::test]
async fn evidence_for_what_was_imported_keeps_the_import() {
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, LEDGER).await;
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0], &[("outcome", "done")]);
        let address = world
            .browser
            .post(&rows, &plain(&fields))
            .await
            .redirected();
        let proved = async |tx: &mut Tx| {
            let now = tx.now().as_millisecond();
            let proof = sql(
                "INSERT INTO evidence (id, assignment_id, kind, url, title, proves, created_at) \
                SELECT 'e1', id, 'url', 'https://www.anlan.example/1', '规章清单', '已公布', CAST($1 AS BIGINT) FROM assignment WHERE report_id IS NOT NULL",
            );
            tx.run(proof.bind(now)).await
        };
        let proved = world.db.upkeep(proved).await;
        proved.map_err(|error: StoreError| error).unwrap();
        let refused = world
            .browser
            .post(&format!("{address}/undo-progress"), &[])
            .await;
        assert_eq!(refused.status, 422);
        let words = "已有 1 份佐证在导入以后添加，不能再整个撤销";
        assert!(refused.text().contains(words), "{}", refused.text());
        assert_eq!(world.count(IN_FORCE).await, 1);
    }
}

/// A ledger of one task with so many rows, each with its number: `第0次。`
fn long(rows: usize) -> String {
    let mut ledger =
        String::from("<html><body><table><tr><td>单位</td><td>事项</td><td>进展</td></tr>");
    for nth in 0..rows {
        ledger.push_str(&format!(
            "<tr><td>市司法局</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>第{nth}次。</td></tr>"
        ));
    }
    ledger.push_str("</table></body></html>");
    ledger
}

#[tokio::test]
async fn a_long_ledger_is_chosen_page_by_page() {
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, &long(60)).await;
        let page = world.browser.get(&rows).await.page();
        for words in [
            "<b>60</b>行已对应",
            "第 1–50 行，共 60 行",
            "已对应的 10 行也一并导入",
            "name=\"seen-49\"",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("name=\"seen-50\""), "{page}");
        // The first row is left out, and stays so when the page is turned and turned back.
        let all: Vec<usize> = (1..50).collect();
        let fields = ticked(&page, &all, &[("outcome", "in_progress"), ("step", "2")]);
        let second = world
            .browser
            .post(&rows, &plain(&fields))
            .await
            .redirected();
        let first = world.browser.get(&format!("{rows}?page=1")).await.page();
        assert!(
            first.contains("aria-label=\"导入第 1 行\">")
                && first.contains("aria-label=\"导入第 2 行\" checked>")
                && first.contains("value=\"in_progress\" checked"),
            "{first}"
        );
        // One of the second page is added to it.
        let page = world.browser.get(&second).await.page();
        assert!(page.contains("第 51–60 行，共 60 行"), "{page}");
        assert!(!page.contains("也一并导入"), "every page was sent: {page}");
        let fields = ticked(&page, &[55], &[("outcome", "in_progress")]);
        world
            .browser
            .post(&second, &plain(&fields))
            .await
            .redirected();
        let said = in_force(&world, world.organs[2]).await;
        let said: Vec<&str> = said.lines().collect();
        assert_eq!(said.len(), 50, "{said:?}");
        assert_eq!(
            (said[0], said[48], said[49]),
            ("第1次。", "第49次。", "第55次。")
        );
    }
}

#[tokio::test]
async fn pages_that_nobody_turned_to_come_along_only_where_that_is_wanted() {
    for backend in backends() {
        for (rest, lines) in [("", 1), ("1", 11)] {
            let (mut world, rows) = uploaded(&backend, &long(60)).await;
            let page = world.browser.get(&rows).await.page();
            let fields = ticked(&page, &[3], &[("outcome", "in_progress"), ("rest", rest)]);
            world
                .browser
                .post(&rows, &plain(&fields))
                .await
                .redirected();
            let said = in_force(&world, world.organs[2]).await;
            assert_eq!(said.lines().count(), lines, "{said}");
        }
    }
}

#[tokio::test]
async fn rows_that_say_the_same_of_a_part_say_it_once() {
    let row = |words: &str| {
        format!(
            "<tr><td>市司法局</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>{words}</td></tr>"
        )
    };
    let ledger = format!(
        "<html><body><table><tr><td>单位</td><td>事项</td><td>进展</td></tr>{}{}{}</table></body></html>",
        row("已公布17件。"),
        row("已清理。"),
        row("已公布17件。")
    );
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, &ledger).await;
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0, 1, 2], &[("outcome", "in_progress")]);
        world
            .browser
            .post(&rows, &plain(&fields))
            .await
            .redirected();
        let said = in_force(&world, world.organs[2]).await;
        assert_eq!(said, "已公布17件。\n已清理。");
    }
}

/// The task of a page's list whose line says this.
fn listed(page: &str, words: &str) -> String {
    let mut lines = page.split("name=\"task\" value=\"").skip(1);
    let line = lines
        .find(|line| line.split("</tr>").next().unwrap().contains(words))
        .unwrap_or_else(|| panic!("no task “{words}” in {page}"));
    line.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_row_that_its_words_do_not_tell_gets_its_task_by_hand() {
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, LEDGER).await;
        let finance = world.organs[4];
        let page = world.browser.get(&rows).await.page();
        assert!(page.contains("aria-label=\"选择任务：第 3 行\""), "{page}");
        // What is ticked on the page is kept on the way to the choice.
        let more = [("outcome", "in_progress"), ("page", "1"), ("choose", "2")];
        let fields = ticked(&page, &[], &more);
        let choice = world.browser.post(&rows, &plain(&fields)).await;
        let choice = choice.redirected();
        assert_eq!(choice, format!("{rows}/2?back=1"));
        let page = world.browser.get(&choice).await.page();
        assert!(
            page.contains("全然无关的一件事") && page.contains("方案中没有内容相近的任务"),
            "{page}"
        );
        // The tasks of the unit stand first, and all can be searched.
        let first = page.split("name=\"task\"").nth(1).unwrap();
        let first = first.split("</tr>").next().unwrap();
        assert!(first.contains("台账写的单位"), "{first}");
        let row = format!("{rows}/2");
        let searched = format!("{row}?text=%E8%80%83%E6%A0%B8");
        let found = world.browser.get(&searched).await.page();
        let exam = listed(&found, "开展年度考核");
        assert_eq!(found.matches("name=\"task\"").count(), 1, "{found}");
        let meant = listed(&page, "修订主动公开基本目录");
        let version = value_of(&page, "version");
        let version = version.as_str();
        for (task, words) in [
            ("", "请选择一项任务"),
            (exam.as_str(), "“市财政局”没有承担这条任务"),
        ] {
            let wish = [("version", version), ("task", task), ("step", "choose")];
            let refused = world.browser.post(&row, &wish).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains(words), "{}", refused.text());
        }
        let wish = [
            ("version", version),
            ("back", "1"),
            ("task", meant.as_str()),
            ("step", "choose"),
        ];
        let to = world.browser.post(&row, &wish).await.redirected();
        assert_eq!(to, format!("{rows}?page=1"));
        let page = world.browser.get(&rows).await.page();
        for words in [
            "<b>2</b>行已对应",
            "<b>0</b>行未对应",
            "手工选定的任务",
            "aria-label=\"导入第 3 行\" checked>",
            "aria-label=\"导入第 1 行\">",
            "value=\"in_progress\" checked",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // It is imported with the others, and taken back with them.
        let fields = ticked(&page, &[0, 2], &[("outcome", "in_progress")]);
        let fields = plain(&fields);
        let address = world.browser.post(&rows, &fields).await.redirected();
        assert_eq!(in_force(&world, finance).await, "做了。");
        let undo = format!("{address}/undo-progress");
        world.browser.post(&undo, &[]).await.redirected();
        assert_eq!(world.count(IN_FORCE).await, 0);
        let page = world.browser.get(&rows).await.page();
        assert!(page.contains("手工选定的任务"), "{page}");
        // And the choice can be left.
        let version = value_of(&page, "version");
        let leave = [("version", version.as_str()), ("step", "leave")];
        world.browser.post(&row, &leave).await.redirected();
        let page = world.browser.get(&rows).await.page();
        assert!(
            page.contains("<b>1</b>行未对应") && !page.contains("<p class=\"hint\">手工选定的任务"),
            "{page}"
        );
        let stale = world.browser.post(&row, &wish).await;
        assert_eq!(stale.status, 409, "{}", stale.text());
    }
}

#[tokio::test]
async fn a_row_of_an_unknown_unit_gets_task_and_unit_by_hand() {
    let ledger = "<html><body><table><tr><td>单位</td><td>事项</td><td>进展</td></tr>\
        <tr><td>市幻想事务局</td><td>另一件事。</td><td>已办结。</td></tr>\
        <tr><td>市幻想事务局</td><td>什么也没做。</td><td></td></tr></table></body></html>";
    for backend in backends() {
        let (mut world, rows) = uploaded(&backend, ledger).await;
        let finance = world.organs[4];
        // Nothing matched, and there is a way on; not for what says nothing.
        let page = world.browser.get(&rows).await.page();
        assert!(
            page.contains("name=\"choose\" value=\"0\"")
                && !page.contains("name=\"choose\" value=\"1\""),
            "{page}"
        );
        let row = format!("{rows}/0");
        let page = world.browser.get(&row).await.page();
        let (version, unit) = (value_of(&page, "version"), finance.to_string());
        let task = listed(&page, "修订主动公开基本目录");
        let wish = [
            ("version", version.as_str()),
            ("task", task.as_str()),
            ("organ", ""),
            ("step", "choose"),
        ];
        let refused = world.browser.post(&row, &wish).await;
        assert_eq!(refused.status, 422);
        let refused = refused.text();
        assert!(
            refused.contains("名录中没有“市幻想事务局”") && refused.contains("checked"),
            "{refused}"
        );
        let mut wish = wish;
        wish[2].1 = unit.as_str();
        world.browser.post(&row, &wish).await.redirected();
        let page = world.browser.get(&rows).await.page();
        assert!(page.contains("<b>1</b>行已对应"), "{page}");
        // Who has the task no longer gets no progress: the person is told and chooses again.
        let cancels = |state: &'static str| {
            sql("UPDATE assignment SET state = $1, version = version + 1 WHERE organ_id = $2 AND role <> 'cooperate'")
                .bind(state)
                .bind(finance)
        };
        for (state, words) in [
            ("cancelled", "选定的单位没有承担这条任务"),
            ("open", "手工选定的任务"),
        ] {
            let cancels = cancels(state);
            let changed = world.db.upkeep(async |tx: &mut Tx| tx.run(cancels).await);
            changed.await.map_err(|error: StoreError| error).unwrap();
            let page = world.browser.get(&rows).await.page();
            assert!(page.contains(words), "{words}: {page}");
        }
        // What was chosen by hand is ticked already, on whichever page the import is pressed.
        let page = world.browser.get(&rows).await.page();
        let fields = ticked(&page, &[0], &[("outcome", "done")]);
        let fields = plain(&fields);
        world.browser.post(&rows, &fields).await.redirected();
        assert_eq!(in_force(&world, finance).await, "已办结。");
        let nowhere = world.browser.get(&format!("{rows}/9")).await;
        assert_eq!(nowhere.status, 303, "it is imported");
    }
}
