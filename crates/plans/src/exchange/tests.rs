//! A sheet goes round: over HTTP as a person does it, and with everything that programs and people do to a sheet.

mod mutated;

use gongkai_basis::id::{AccountId, AssignmentId, PlanId};
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::{self, Browser, backends};

use super::sheet::{self, FilledRow};
use crate::assignment::Duty;
use crate::pages::tests::hidden;
use crate::report::{self, Report};
use crate::testing::{World, without_results};

const SHEETS: &str = "/workspace/sheets";
const NO_FILE: (&str, &str, &[u8]) = ("file-1", "", b"");

/// The rows of a sheet as the office reader sees them.
fn rows(bytes: &[u8]) -> Vec<FilledRow> {
    let document = gongkai_office::read(bytes, &gongkai_office::Limits::default()).unwrap();
    sheet::read(&document).unwrap()
}

/// A person reports in the system.
async fn report_in_system(browser: &mut Browser, part: AssignmentId, done: &str) {
    let form = format!("/workspace/assignments/{part}/report");
    let page = browser.get(&form).await.page();
    let based_on = hidden(&page, "based_on");
    let fields = [
        ("based_on", based_on.as_str()),
        ("outcome", "in_progress"),
        ("done_text", done),
        ("pending_text", "年底前全部公开"),
    ];
    browser.upload(&form, &fields, NO_FILE).await.redirected();
}

async fn versions(world: &World, part: AssignmentId) -> Vec<Report> {
    world
        .db
        .read(async |tx: &mut Tx| report::store::versions(tx, part).await)
        .await
        .unwrap()
}

async fn colleague(world: &World) -> AccountId {
    let liaison = gongkai_basis::Role::Liaison;
    testing::person(&world.db, "另一位联络员", &[(liaison, world.units[0])]).await
}

fn csv(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut text = "行码,已落实情况,完成情况\n".to_owned();
    for row in rows {
        text.push_str(&row.map(|cell| format!("\"{cell}\"")).join(","));
        text.push('\n');
    }
    text.into_bytes()
}

#[tokio::test]
async fn a_sheet_of_another_unit_says_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        world.task(2, "公开预算", None, &[(1, Duty::Lead)]).await;
        let mut own = world.browser(world.liaisons[0]).await;
        let mut other = world.browser(world.liaisons[1]).await;
        let theirs = other.get("/workspace/sheets/file").await.bytes;
        let there = own
            .upload(SHEETS, &[], ("file", "填报.xlsx", &theirs))
            .await
            .redirected();
        let page = own.get(&there).await.page();
        assert!(
            page.contains("没有本单位现在的任务") && page.contains("行不属于本单位"),
            "{page}"
        );
        assert!(!page.contains("没有不同"), "{page}");
    }
}

#[tokio::test]
async fn a_formula_without_its_result_is_named_and_says_nothing() {
    let world = World::on(&backends()[0]).await;
    let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
    let part = world.assignment(task, 0).await.id;
    let mut liaison = world.browser(world.liaisons[0]).await;
    report_in_system(&mut liaison, part, "已公开10件").await;
    let out = rows(&liaison.get("/workspace/sheets/file").await.bytes);
    let bytes = without_results(&[
        &["行码", "已落实情况", "完成情况"],
        &[&out[0].code, "=1+1", "进行中"],
    ]);
    let refused = liaison
        .upload(SHEETS, &[], ("file", "填报.xlsx", &bytes))
        .await;
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(
        page.contains("的 B2是公式") && page.contains("已有数据没有改动"),
        "{page}"
    );
}

#[tokio::test]
async fn a_sheet_is_taken_over_cell_by_cell_and_undone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let first = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let second = world.task(2, "公开预算", None, &[(0, Duty::Lead)]).await;
        let (first, second) = (
            world.assignment(first, 0).await.id,
            world.assignment(second, 0).await.id,
        );
        let mut liaison = world.browser(world.liaisons[0]).await;
        let mut other = world.browser(colleague(&world).await).await;
        report_in_system(&mut liaison, first, "已公开10件").await;

        let file = liaison.get("/workspace/sheets/file").await;
        assert!(
            file.headers["content-disposition"]
                .to_str()
                .unwrap()
                .contains("xlsx")
        );
        let out = rows(&file.bytes);
        assert_eq!(out.len(), 2);
        let code = |part: AssignmentId| {
            let mark = super::code::RowCode::of(part, 0).mark().to_owned();
            out.iter()
                .find(|row| row.code.contains(&mark))
                .unwrap()
                .code
                .clone()
        };
        // Somebody reports meanwhile.
        report_in_system(&mut other, first, "已公开11件").await;
        let bytes = csv(&[
            [&code(first), "已公开12件", "进行中"],
            [&code(second), "预算已公开", "进行中"],
        ]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        let page = liaison.get(&there).await.page();
        assert!(
            page.contains("<b>1</b> 行冲突") && page.contains("<b>1</b> 行修改"),
            "{page}"
        );
        assert!(
            page.contains("已公开1<ins>1</ins>件") && page.contains("已公开1<ins>2</ins>件"),
            "{page}"
        );
        // Nobody else sees the sheet.
        assert_eq!(other.get(&there).await.status.as_u16(), 404);

        // Without a choice nothing happens, to no row.
        let nth = |part: AssignmentId| if part == first { "0" } else { "1" };
        let seen = |part: AssignmentId| {
            (
                format!("seen-{}", nth(part)),
                hidden(&page, &format!("seen-{}", nth(part))),
            )
        };
        let (seen_first, seen_second) = (seen(first), seen(second));
        let mut form = vec![
            ("row", "0"),
            ("row", "1"),
            (&seen_first.0, &seen_first.1),
            (&seen_second.0, &seen_second.1),
        ];
        let refused = liaison.post(&there, &form).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(
            refused.text().contains("有冲突，请选择采用哪一边"),
            "{}",
            refused.text()
        );
        assert!(versions(&world, second).await.is_empty());

        form.push(("cell-0-done", "file"));
        // The page is older than the newest report.
        report_in_system(&mut other, second, "预算公开一半").await;
        let refused = liaison.post(&there, &form).await;
        assert!(
            refused.text().contains("又有人填报了这项任务"),
            "{}",
            refused.text()
        );
        let newest = hidden(&refused.text(), "seen-1");
        form.retain(|(name, _)| *name != seen_second.0);
        form.extend([("seen-1", newest.as_str()), ("cell-1-done", "system")]);
        liaison.post(&there, &form).await.redirected();
        let made = versions(&world, first).await;
        assert_eq!(
            (
                made.len(),
                made[0].content.done_text.as_str(),
                made[0].author
            ),
            (3, "已公开12件", Some(world.liaisons[0]))
        );
        assert_eq!(
            made[0].content.pending_text, "年底前全部公开",
            "a column that is not there says nothing"
        );

        // Undone: the colleague's words are in force again, as a version of its own.
        liaison
            .post(&format!("{there}/undo"), &[])
            .await
            .redirected();
        let back = versions(&world, first).await;
        assert_eq!(
            (back.len(), back[0].content.done_text.as_str()),
            (4, "已公开11件")
        );
        let again = liaison.post(&format!("{there}/undo"), &[]).await;
        assert_eq!(again.status.as_u16(), 422);
    }
}

#[tokio::test]
async fn the_first_report_of_a_task_is_taken_back_whole() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await.id;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let code = rows(&liaison.get("/workspace/sheets/file").await.bytes)[0]
            .code
            .clone();
        let bytes = csv(&[[&code, "已公开12件", ""]]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        // Columns that the sheet has no more are named: what was written there was not found.
        let page = liaison.get(&there).await.page();
        let absent = "没有“待完成计划”、“计划完成时间”、“没有佐证的原因”这几列";
        assert!(page.contains(absent), "{page}");
        let form = [("row", "0"), ("seen-0", "")];
        liaison.post(&there, &form).await.redirected();
        assert_eq!(versions(&world, part).await.len(), 1);
        liaison
            .post(&format!("{there}/undo"), &[])
            .await
            .redirected();
        assert_eq!(world.assignment(task, 0).await.report, None);
        let list = liaison.get("/workspace/tasks?unreported=1").await.page();
        assert!(list.contains("公开规章"), "{list}");
        // The same file again: the code's version 0 is what is in force.
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        liaison.post(&there, &form).await.redirected();
        assert_eq!(versions(&world, part).await.len(), 2);
    }
}

#[tokio::test]
async fn one_row_that_cannot_be_put_back_does_not_hold_up_the_others() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let tasks = [
            world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await,
            world.task(2, "公开预算", None, &[(0, Duty::Lead)]).await,
        ];
        let mut liaison = world.browser(world.liaisons[0]).await;
        let known = rows(&liaison.get("/workspace/sheets/file").await.bytes);
        let bytes = csv(&[
            [&known[0].code, "已公开12件", ""],
            [&known[1].code, "已公开3件", ""],
        ]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        let form = [("row", "0"), ("row", "1"), ("seen-0", ""), ("seen-1", "")];
        liaison.post(&there, &form).await.redirected();
        let mut gone = world.assignment(tasks[0], 0).await;
        gone.state = crate::assignment::AssignmentState::Cancelled;
        world
            .write("test.cancelled", async |tx: &mut Tx| {
                crate::assignment::store::update(tx, &mut gone).await
            })
            .await;
        let undo = format!("{there}/undo");
        liaison.post(&undo, &[]).await.redirected();
        assert_eq!(world.assignment(tasks[1], 0).await.report, None);
        assert!(world.assignment(tasks[0], 0).await.report.is_some());
        let page = liaison.get(&there).await.page();
        assert!(
            page.contains("1 行没有恢复") && page.contains("已取消，或已转交其他单位"),
            "{page}"
        );
        let list = liaison.get(SHEETS).await.page();
        assert!(list.contains("class=\"num\">2</td>"), "{list}");
        // An older program kept no reasons of what was undone, and put everything back.
        let made = sql("SELECT made FROM filled_sheet");
        let read = async |tx: &mut Tx| tx.one(made).await?.get::<String>("made");
        let made = world.db.read(read).await.unwrap();
        assert!(made.contains("why_kept"), "{made}");
        let made = made.replace("这项任务已取消，或已转交其他单位", "");
        world
            .write("test.older", async |tx: &mut Tx| {
                tx.run(sql("UPDATE filled_sheet SET made = $1").bind(&made))
                    .await
            })
            .await;
        let page = liaison.get(&there).await.page();
        assert!(!page.contains("没有恢复"), "{page}");
    }
}

#[tokio::test]
async fn foreign_and_broken_sheets_are_told_apart() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", None, &[(0, Duty::Lead), (1, Duty::Lead)])
            .await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let mut finance = world.browser(world.liaisons[1]).await;
        let theirs = rows(&finance.get("/workspace/sheets/file").await.bytes)[0]
            .code
            .clone();
        let own = rows(&liaison.get("/workspace/sheets/file").await.bytes)[0]
            .code
            .clone();
        let bytes = csv(&[
            [&theirs, "别人的", ""],
            [&own.replace('R', "R9"), "改坏的", ""],
            ["", "没有码", ""],
            [&own, "甲", "做完了"],
        ]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        let page = liaison.get(&there).await.page();
        for words in [
            "<b>1</b> 行不属于本单位",
            "<b>3</b> 行无法识别",
            "行码有误",
            "没有行码",
            "“做完了”不是",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let forced = liaison.post(&there, &[("row", "0"), ("seen-0", "")]).await;
        assert!(
            forced.text().contains("没有可采用的内容"),
            "{}",
            forced.text()
        );
        liaison
            .post(&format!("{there}/discard"), &[])
            .await
            .redirected();
        for (name, bytes, words) in [
            ("空.xlsx", &b""[..], "没有选择文件"),
            (
                "别的.csv",
                "姓名,电话\n甲,1\n".as_bytes(),
                "没有“行码”这一列",
            ),
            ("程序.exe", b"MZ\x90\x00", "没有"),
        ] {
            let answer = liaison.upload(SHEETS, &[], ("file", name, bytes)).await;
            assert_eq!(answer.status.as_u16(), 422, "{name}");
            assert!(answer.text().contains(words), "{name}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_sheet_has_a_thousand_rows_and_not_one_more() {
    let backend = backends().remove(0);
    let world = World::on(&backend).await;
    let mut liaison = world.browser(world.liaisons[0]).await;
    let at = csv(&vec![["", "甲", ""]; super::ROWS_MAX]);
    liaison
        .upload(SHEETS, &[], ("file", "a.csv", &at))
        .await
        .redirected();
    let past = csv(&vec![["", "甲", ""]; super::ROWS_MAX + 1]);
    let answer = liaison.upload(SHEETS, &[], ("file", "a.csv", &past)).await;
    assert!(answer.text().contains("最多1000行"), "{}", answer.text());
}

/// A sheet of the office's own, with its key columns, rows as given.
fn keyed(rows: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = "行码,具体工作事项,完成时限,已落实情况\n".to_owned();
    for (code, item, due, done) in rows {
        writeln!(text, "\"{code}\",\"{item}\",\"{due}\",\"{done}\"").unwrap();
    }
    text.into_bytes()
}

#[tokio::test]
async fn words_that_slid_beside_other_codes_are_not_taken_unseen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        world.task(2, "公开预算", None, &[(0, Duty::Lead)]).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let out = rows(&liaison.get("/workspace/sheets/file").await.bytes);
        let [a, b] = out.as_slice() else {
            panic!("two rows: {out:?}")
        };
        let (item_a, item_b) = (a.item.as_deref().unwrap(), b.item.as_deref().unwrap());
        let slid = keyed(&[
            (&a.code, item_b, "", "预算已公开"),
            (&b.code, item_a, "", ""),
        ]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &slid))
            .await
            .redirected();
        let page = liaison.get(&there).await.page();
        assert!(
            page.contains("行码与事项不一致") && page.contains("只改了锁定的格"),
            "{page}"
        );
        let seen = hidden(&page, "seen-0");
        let answer = liaison
            .post(&there, &[("row", "0"), ("seen-0", &seen)])
            .await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("请选择采用哪一边"));
        // The right row is taken as before.
        let right = keyed(&[(&a.code, item_a, "", "规章已公开")]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &right))
            .await
            .redirected();
        let page = liaison.get(&there).await.page();
        assert!(!page.contains("行码与事项不一致</span>"), "{page}");
        let seen = hidden(&page, "seen-0");
        liaison
            .post(&there, &[("row", "0"), ("seen-0", &seen)])
            .await
            .redirected();
    }
}

#[tokio::test]
async fn the_sheet_lets_people_do_what_its_guide_says() {
    use std::io::{Cursor, Read as _};
    let world = World::on(&backends()[0]).await;
    world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
    let mut liaison = world.browser(world.liaisons[0]).await;
    let bytes = liaison.get("/workspace/sheets/file").await.bytes;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    archive
        .by_name("xl/worksheets/sheet2.xml")
        .unwrap()
        .read_to_string(&mut sheet)
        .unwrap();
    for open in ["sort", "insertRows", "deleteRows", "autoFilter"] {
        assert!(sheet.contains(&format!(" {open}=\"0\"")), "{open}: {sheet}");
    }
    let page = liaison.get(SHEETS).await.page();
    assert!(page.contains("撤销工作表保护”（没有密码）"), "{page}");
}

/// The same office's plan of another year, with a task of the first unit.
async fn plan_of_last_year(world: &mut World) {
    let this = world.plan;
    let mut plan = world
        .db
        .read(async |tx: &mut Tx| crate::plan::store::find(tx, this).await)
        .await
        .unwrap()
        .unwrap();
    plan.id = PlanId::new(testing::uuid());
    plan.year = 2025;
    plan.title = "安澜市2025年政务公开工作要点分工方案".to_owned();
    world
        .write("test.plan", async |tx: &mut Tx| {
            crate::plan::store::insert(tx, &plan, &[]).await
        })
        .await;
    world.plan = plan.id;
    world.task(1, "公开目录", None, &[(0, Duty::Lead)]).await;
    world.plan = this;
}

#[tokio::test]
async fn rows_of_two_plans_say_whose_they_are() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.task(1, "公开目录", None, &[(0, Duty::Lead)]).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let alone = rows(&liaison.get("/workspace/sheets/file").await.bytes);
        assert_eq!(alone[0].item.as_deref(), Some("1. 公开目录"));
        plan_of_last_year(&mut world).await;
        let both = rows(&liaison.get("/workspace/sheets/file").await.bytes);
        let mut items: Vec<_> = both.iter().filter_map(|row| row.item.clone()).collect();
        items.sort_unstable();
        assert_eq!(items, ["〔2025年〕1. 公开目录", "〔2026年〕1. 公开目录"]);

        // A sheet from before the second plan is still understood, and its page names the plan.
        let bytes = keyed(&[(&alone[0].code, "1. 公开目录", "", "目录已公开")]);
        let there = liaison
            .upload(SHEETS, &[], ("file", "填报.csv", &bytes))
            .await
            .redirected();
        let page = liaison.get(&there).await.page();
        assert!(
            page.contains("〔2026年〕1. 公开目录") && !page.contains("行码与事项不一致</span>"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_sheet_past_the_limit_is_told_its_limit() {
    let world = World::on(&backends()[0]).await;
    let mut liaison = world.browser(world.liaisons[0]).await;
    let bytes = vec![b'a'; super::UPLOAD_BYTES_MAX + 8 * 1024 * 1024];
    let answer = liaison
        .upload(SHEETS, &[], ("file", "填报.xlsx", &bytes))
        .await;
    let text = answer.text();
    assert_eq!(answer.status, 413, "{text}");
    assert!(
        text.contains("文件超过20MB") && !text.contains("检查网络"),
        "{text}"
    );
}

#[tokio::test]
async fn a_picture_is_no_sheet() {
    let world = World::on(&backends()[0]).await;
    let mut liaison = world.browser(world.liaisons[0]).await;
    let picture = b"\x89PNG\r\n\x1a\nxxxx";
    let answer = liaison
        .upload(SHEETS, &[], ("file", "填报.png", picture))
        .await;
    let text = answer.text();
    assert_eq!(answer.status, 422, "{text}");
    assert!(
        text.contains("这不是表格") && !text.contains("Word 文件"),
        "{text}"
    );
    // There is a file to choose again, and nothing that was typed.
    assert!(
        text.contains("文件请在下面重新选择") && !text.contains("都在下面"),
        "{text}"
    );
}
