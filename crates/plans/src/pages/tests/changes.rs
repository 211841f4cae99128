//! The clerk proposes, the head decides; one by one and in bulk.

use gongkai_basis::id::{PlanId, TaskId};
use gongkai_basis::{Actor, Role};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::{self, backends, uuid};

use super::{hidden, link, refused};
use crate::approval;
use crate::assignment::Duty;
use crate::bulletin::Approver;
use crate::plan;
use crate::testing::World;

#[tokio::test]
async fn an_amendment_goes_to_the_head_and_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let amend = format!("/workspace/tasks/{task}/amend");
        let form = clerk.get(&amend).await.page();
        let seen = hidden(&form, "seen");
        let fields = [
            ("seen", seen.as_str()),
            ("text", "公开规章和规范性文件"),
            ("section", "一、主动公开"),
            ("group", ""),
            ("due_text", "11月底前"),
            ("due_date", "2026-11-30"),
            ("due_kind", "by"),
            ("reason", "省里要求"),
        ];
        let change = clerk.post(&amend, &fields).await.redirected();
        let page = clerk.get(&change).await.page();
        assert!(
            page.contains("待审批") && page.contains("<ins>和规范性文件</ins>"),
            "{page}"
        );
        assert!(
            !page.contains("批准这项变更"),
            "a clerk does not decide: {page}"
        );
        assert_eq!(
            clerk
                .post(&format!("{change}/approve"), &[])
                .await
                .status
                .as_u16(),
            403
        );
        assert!(
            clerk
                .get(&format!("/workspace/tasks/{task}"))
                .await
                .page()
                .contains("正在等待审批")
        );

        let mut head = world.browser(world.head).await;
        assert!(
            head.get("/workspace")
                .await
                .page()
                .contains("<b>1</b> 变更等您审批")
        );
        head.post(&format!("{change}/approve"), &[])
            .await
            .redirected();
        let page = head.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(
            page.contains("公开规章和规范性文件") && page.contains("11月底前"),
            "{page}"
        );
        refused(
            &head.post(&format!("{change}/undo"), &[("why", "")]).await,
            422,
            "请填写撤销原因",
        );
        head.post(&format!("{change}/undo"), &[("why", "弄错了")])
            .await
            .redirected();
        let page = head.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(
            !page.contains("公开规章和规范性文件</blockquote>"),
            "{page}"
        );
        assert!(page.contains("撤销修改任务，原因：弄错了"), "{page}");
        refused(
            &clerk
                .post(
                    &amend,
                    &[("seen", seen.as_str()), ("text", ""), ("reason", "")],
                )
                .await,
            422,
            "请填写任务内容",
        );
    }
}

#[tokio::test]
async fn chosen_rows_are_previewed_before_they_change() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let one = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let two = world
            .task(2, "公开预算", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let mut head = world.browser(world.head).await;
        let (plan, one, two) = (world.plan.to_string(), one.to_string(), two.to_string());
        let new = "/workspace/changes/new";
        let chosen = [
            ("plan", plan.as_str()),
            ("kind", "due"),
            ("task", &one),
            ("task", &two),
        ];
        assert!(
            head.post(new, &chosen)
                .await
                .page()
                .contains("调整期限：共 2 项")
        );
        let mut wish = chosen.to_vec();
        wish.extend([("due_on", ""), ("reason", "提前"), ("step", "preview")]);
        refused(&head.post(new, &wish).await, 422, "请填写新的期限");
        wish[4].1 = "2020-09-30";
        refused(
            &head.post(new, &wish).await,
            422,
            "早于方案的年度（2026年）",
        );
        wish[4].1 = "2026-08-31";
        let preview = head.post(new, &wish).await.page();
        assert!(
            preview.contains("<ins>2026年8月31日前</ins>") && preview.contains("立即生效"),
            "{preview}"
        );
        wish[6].1 = "propose";
        let change = head.post(new, &wish).await.redirected();
        let ledger = head.get("/workspace/ledger?light=overdue").await.page();
        assert!(ledger.contains("第 1–2 条，共 2 条"), "{ledger}");
        head.post(&format!("{change}/undo"), &[("why", "恢复")])
            .await
            .redirected();
        assert!(
            head.get("/workspace/ledger?light=overdue")
                .await
                .page()
                .contains("没有符合筛选条件的任务")
        );
        refused(
            &head
                .post(new, &[("plan", plan.as_str()), ("kind", "due")])
                .await,
            422,
            "没有选中任何一项",
        );
    }
}

#[tokio::test]
async fn rows_that_cannot_be_changed_are_left_out_and_nothing_is_proposed_twice() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = Vec::new();
        for (n, units) in [(1, &[0, 1][..]), (2, &[0][..])] {
            let units: Vec<(usize, Duty)> = units.iter().map(|unit| (*unit, Duty::Lead)).collect();
            let task = world.task(n, "公开规章", None, &units).await;
            parts.push(world.assignment(task, 0).await.id.to_string());
        }
        let mut clerk = world.browser(world.clerk).await;
        let new = "/workspace/changes/new";
        let plan = world.plan.to_string();
        let mut wish = vec![
            ("plan", plan.as_str()),
            ("kind", "transfer"),
            ("organ", "市财政局"),
            ("reason", "职能划转"),
            ("step", "preview"),
            ("assignment", parts[0].as_str()),
            ("assignment", parts[1].as_str()),
        ];
        let hindered = clerk.post(new, &wish).await;
        refused(&hindered, 422, "“市财政局”已经承担第1项任务");
        refused(&hindered, 422, "去掉不能变更的 1 项，核对其余 1 项");
        wish[4].1 = "rest";
        let rest = clerk.post(new, &wish).await.page();
        let left = parts[1].as_str();
        for words in ["转交任务：共 1 项", "已去掉不能这样变更的 1 项", left] {
            assert!(rest.contains(words), "{words}: {rest}");
        }
        assert!(!rest.contains(parts[0].as_str()), "{rest}");
        wish.remove(5);
        wish[4].1 = "propose";
        let change = clerk.post(new, &wish).await.redirected();
        // Pressed twice, and previewed once more by way of the back button.
        for step in ["propose", "preview"] {
            wish[4].1 = step;
            let twice = clerk.post(new, &wish).await;
            refused(&twice, 422, "已经提出，等待审批");
            refused(&twice, 422, &format!("<a href=\"{change}\">"));
        }
        let list = clerk.get("/workspace/changes?state=proposed").await.page();
        assert!(list.contains("<b>1</b> 待审批"), "{list}");
    }
}

#[tokio::test]
async fn an_amendment_sent_twice_leads_to_the_one_that_waits() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut clerk = world.browser(world.clerk).await;
        let amend = format!("/workspace/tasks/{task}/amend");
        let fields = [
            ("seen", "1"),
            ("text", "公开规章库"),
            ("reason", "省里要求"),
        ];
        let change = clerk.post(&amend, &fields).await.redirected();
        let twice = clerk.post(&amend, &fields).await;
        refused(&twice, 422, "已经提出，等待审批");
        refused(&twice, 422, &format!("<a href=\"{change}\">"));
    }
}

#[tokio::test]
async fn everything_that_a_filter_matches_can_be_chosen_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for n in 1..=60 {
            world.task(n, "公开规章", None, &[(0, Duty::Lead)]).await;
        }
        let mut head = world.browser(world.head).await;
        let page = head
            .get("/workspace/ledger?text=%E8%A7%84%E7%AB%A0&view=assignments")
            .await
            .page();
        assert!(page.contains("改为全部 60 条"), "{page}");
        let query = hidden(&page, "query").replace("&#38;", "&");
        let plan = world.plan.to_string();
        let all = [
            ("plan", plan.as_str()),
            ("kind", "transfer"),
            ("query", &query),
            ("all", "1"),
        ];
        let form = head.post("/workspace/changes/new", &all).await.page();
        assert!(form.contains("转交任务：共 60 项"), "{form}");
        assert_eq!(form.matches("name=\"assignment\"").count(), 60);
    }
}

#[tokio::test]
async fn a_task_is_added_by_hand_and_transferred() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut head = world.browser(world.head).await;
        let new = format!("/workspace/plans/{}/tasks/new", world.plan);
        let mut fields = vec![
            ("text", "增设窗口"),
            ("section", ""),
            ("group", ""),
            ("reason", "市长办公会"),
            ("organ", "市没有局"),
            ("duty", "lead"),
        ];
        refused(
            &head.post(&new, &fields).await,
            422,
            "机关名录里没有“市没有局”",
        );
        fields[4].1 = "市财政局";
        let change = head.post(&new, &fields).await.redirected();
        assert!(head.get(&change).await.page().contains("市财政局（牵头）"));
        let ledger = head.get("/workspace/ledger?view=assignments").await.page();
        let task = head.get(&link(&ledger, "/workspace/tasks/")).await.page();
        let transfer = head
            .get(&link(&task, "/workspace/changes/new?plan="))
            .await
            .page();
        assert!(transfer.contains("增加单位"), "{transfer}");
        assert!(
            transfer.contains("单位<span class=\"must\">必填</span>"),
            "{transfer}"
        );
        let part = task
            .split("kind=transfer&amp;assignment=")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let plan = world.plan.to_string();
        let wish = [
            ("plan", plan.as_str()),
            ("kind", "transfer"),
            ("assignment", part.as_str()),
            ("organ", "市教育局"),
            ("reason", "职能划转"),
            ("step", "propose"),
        ];
        head.post("/workspace/changes/new", &wish)
            .await
            .redirected();
        let mut old = world.browser(world.liaisons[1]).await;
        let mut new = world.browser(world.liaisons[2]).await;
        assert!(
            old.get("/workspace/tasks")
                .await
                .page()
                .contains("本单位现在没有承担的任务")
        );
        assert!(
            new.get("/workspace/tasks")
                .await
                .page()
                .contains("增设窗口")
        );
        refused(
            &old.get(&format!("/workspace/assignments/{part}/report"))
                .await,
            422,
            "已转交其他单位",
        );
    }
}

/// The day counts, not its words: whoever approves sees that another day stands under the same words. What is wrong with
/// a new task is said all at once.
#[tokio::test]
async fn another_day_under_the_same_words_is_seen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let amend = format!("/workspace/tasks/{task}/amend");
        let form = clerk.get(&amend).await.page();
        let fields = [
            ("seen", hidden(&form, "seen")),
            ("text", "公开规章".to_owned()),
            ("due_text", "2026-09-30前".to_owned()),
            ("due_date", "2026-09-15".to_owned()),
            ("due_kind", "by".to_owned()),
            ("reason", "提前".to_owned()),
        ];
        let fields = fields
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let change = clerk.post(&amend, &fields).await.redirected();
        let page = clerk.get(&change).await.page();
        assert!(
            page.contains("<del>2026-09-30前（2026年9月30日）</del>")
                && page.contains("<ins>2026-09-30前（2026年9月15日）</ins>"),
            "{page}"
        );
        let new = format!("/workspace/plans/{}/tasks/new", world.plan);
        let answer = clerk.post(&new, &[("organ", ""), ("duty", "lead")]).await;
        for words in ["请填写任务内容", "请填写变更原因", "至少要有一个单位"]
        {
            refused(&answer, 422, words);
        }
    }
}

/// 领导 above the office are named where the office's rule gives them the word; without one, that is said.
#[tokio::test]
async fn leaders_who_approve_are_named_or_missed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let principals = async || {
            world
                .db
                .read(async |tx: &mut Tx| {
                    approval::principals(tx, world.office, Approver::Leader).await
                })
                .await
                .unwrap()
        };
        assert_eq!(principals().await, Vec::<String>::new());
        testing::person(&world.db, "市长", &[(Role::Leader, world.city)]).await;
        testing::person(&world.db, "局长", &[(Role::Leader, world.units[0])]).await;
        assert_eq!(principals().await, ["市长"]);
    }
}

/// Who approves is named; where nobody can, that is said before and after something is proposed.
#[tokio::test]
async fn who_approves_is_named_or_missed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk
            .get(&format!("/workspace/plans/{}/tasks/new", world.plan))
            .await
            .page();
        assert!(
            page.contains("审批。</p>") && !page.contains("没有人能审批"),
            "{page}"
        );

        let county = testing::organ(&world.db, "云岭县人民政府", None).await;
        let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        let alone = testing::person(&world.db, "县办文书", &[(Role::OfficeClerk, office)]).await;
        let id = PlanId::new(uuid());
        world
            .write("test.plan", async |tx: &mut Tx| {
                let of_city = plan::store::find(tx, world.plan).await?;
                let plan = plan::Plan {
                    id,
                    organ: office,
                    government: county,
                    ..of_city.expect("the city's plan")
                };
                plan::store::insert(tx, &plan, &[]).await
            })
            .await;
        let mut alone = world.browser(alone).await;
        let new = format!("/workspace/plans/{id}/tasks/new");
        let page = alone.get(&new).await.page();
        assert!(
            page.contains("现在没有人能审批") && page.contains("安全管理员"),
            "{page}"
        );
        let fields = [
            ("text", "公开目录"),
            ("organ", "云岭县人民政府办公室"),
            ("duty", "lead"),
            ("reason", "补充"),
        ];
        let change = alone.post(&new, &fields).await.redirected();
        let page = alone.get(&change).await.page();
        assert!(
            page.contains("现在没有人能审批") && page.contains("内容已经保存"),
            "{page}"
        );
    }
}

/// Something happens to a task.
async fn nudged(world: &World, task: TaskId, n: usize) {
    world
        .db
        .write(async |tx: &mut Tx| {
            let subject = ("task", task.to_string());
            let sentence = format!("催办第{n}次");
            tx.record(Event::new(&Actor::System, "test.nudged", subject, sentence));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_long_time_line_shows_what_is_newest() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = format!("/workspace/tasks/{task}");
        for n in 1..=20 {
            nudged(&world, task, n).await;
        }
        let short = clerk.get(&page).await.page();
        assert!(!short.contains("条经过</summary>"), "{short}");
        nudged(&world, task, 21).await;
        let long = clerk.get(&page).await.page();
        let (open, folded) = long.split_once("更早的 1 条经过</summary>").unwrap();
        assert!(open.contains("催办第21次") && open.contains("催办第2次"));
        assert!(folded.contains("催办第1次") && !open.contains("催办第1次"));
    }
}
