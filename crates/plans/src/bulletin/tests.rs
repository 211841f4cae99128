//! Bulletins as people meet them.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::finding::{FindingKind, Found};
use gongkai_platform::testing::{Browser, backends, person, uuid};
use jiff::SignedDuration;

mod covered;
mod principal;
mod standing;
mod whose;

use super::{BulletinState, PartState, PartStep, Step};
use crate::assignment::Duty;
use crate::plan;
use crate::testing::{TODAY, World, day};

#[test]
fn only_approval_issues_and_only_a_re_check_closes() {
    for state in BulletinState::ALL {
        for step in Step::ALL {
            if state.after(*step) == Some(BulletinState::Issued) {
                assert_eq!((*state, *step), (BulletinState::Submitted, Step::Approve));
            }
        }
    }
    for state in PartState::ALL {
        for step in PartStep::ALL {
            if state.after(*step) == Some(PartState::Closed) {
                assert_eq!((*state, *step), (PartState::Replied, PartStep::Pass));
            }
        }
    }
}

async fn finding(world: &World, unit: usize, title: &str) {
    let found = Found {
        fix_due_on: Some(day("2026-09-15")),
        ..world.wrong(unit, FindingKind::NotUpdated, title)
    };
    world.finds(found).await;
}

/// A check looks again and finds nothing to mend.
async fn mended(world: &World, organ: OrganId, title: &str) {
    let key = format!("test:{title}");
    let closed = async |tx: &mut Tx| {
        let of = (organ, key.as_str());
        gongkai_platform::finding::settle(tx, &Actor::System, of, day(TODAY)).await
    };
    assert!(world.db.write(closed).await.unwrap().is_some());
}

/// Chooses everything that is offered and gives the draft's address.
async fn drafted(browser: &mut Browser, kind: &str) -> String {
    let new = "/workspace/bulletins/new";
    let page = browser.get(&format!("{new}?kind={kind}")).await.page();
    let facts = values(&page, "name=\"fact\" value=\"");
    let mut fields = vec![("kind", kind)];
    fields.extend(facts.iter().map(|fact| ("fact", fact.as_str())));
    browser.post(new, &fields).await.redirected()
}

/// The fields of the draft's form, as a browser would send them.
fn form(page: &str) -> Vec<(String, String)> {
    let form = page.split("/revise\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let value = |name: &str| {
        let at = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        at.split("value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let area = |name: &str| {
        let at = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        at.split('>')
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned()
    };
    let mut fields = vec![
        ("title".to_owned(), value("title")),
        ("opening".to_owned(), area("opening")),
        ("closing".to_owned(), area("closing")),
        ("reply_days".to_owned(), "10".to_owned()),
    ];
    for one in form
        .split("<input type=\"hidden\" name=\"organ\" value=\"")
        .skip(1)
    {
        let organ = one.split('"').next().unwrap();
        let fact = one.split("name=\"fact\" value=\"").nth(1).unwrap();
        let text = one.split("<textarea").nth(1).unwrap();
        fields.push(("organ".to_owned(), organ.to_owned()));
        fields.push((
            "fact".to_owned(),
            fact.split('"').next().unwrap().to_owned(),
        ));
        let text = text.split('>').nth(1).unwrap().split('<').next().unwrap();
        fields.push(("text".to_owned(), text.to_owned()));
    }
    fields
}

async fn post(
    browser: &mut Browser,
    path: &str,
    fields: &[(String, String)],
) -> gongkai_platform::testing::Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(path, &fields).await
}

/// The values of a page's boxes and hidden fields of that name.
fn values(page: &str, start: &str) -> Vec<String> {
    let rest = page.split(start).skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn of_the_late_parts_of_all_plans_those_longest_past_their_day_are_offered() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut tasks = Vec::new();
        for (position, due) in (1..).zip(["2026-08-31", "2026-06-30", "2026-07-31", "2026-12-31"]) {
            let units = [(0, Duty::Lead), (1, Duty::Cooperate)];
            let task = world.task(position, "公开规章", Some(due), &units);
            tasks.push(task.await);
        }
        let moved = async |tx: &mut Tx| {
            let mut other = plan::store::find(tx, world.plan).await?.unwrap();
            other.id = PlanId::new(uuid());
            plan::store::insert(tx, &other, &[]).await?;
            for text in [
                "UPDATE task SET plan_id = $1 WHERE id = $2",
                "UPDATE assignment SET plan_id = $1 WHERE task_id = $2",
            ] {
                tx.run(sql(text).bind(other.id).bind(tasks[2])).await?;
            }
            Ok::<_, StoreError>(())
        };
        world.write("test.moved", moved).await;
        for (most, days) in [
            (2, &["6月30日", "7月31日"][..]),
            (9, &["6月30日", "7月31日", "8月31日"][..]),
        ] {
            let facts = world
                .db
                .read(async |tx: &mut Tx| {
                    super::store::overdue(tx, &Scope::Everything, day(TODAY), most).await
                })
                .await
                .unwrap();
            assert_eq!(facts.len(), days.len());
            for (fact, day) in facts.iter().zip(days) {
                let said = format!("应于2026年{day}前完成");
                assert!(fact.text.contains(&said), "{}", fact.text);
                assert_eq!(fact.organ, world.units[0]);
            }
        }
    }
}

#[tokio::test]
async fn facts_are_chosen_over_several_pages() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for n in 0..60 {
            finding(&world, n % 2, &format!("问题{n}")).await;
        }
        let mut clerk = world.browser(world.clerk).await;
        let new = "/workspace/bulletins/new";
        let (boxes, kept) = (
            "type=\"checkbox\" name=\"fact\" value=\"",
            "type=\"hidden\" name=\"fact\" value=\"",
        );
        let first = clerk.get(new).await.page();
        let offered = values(&first, boxes);
        assert_eq!(offered.len(), 50);
        assert!(first.contains("第 1–50 项，共 60 项"), "{first}");
        let turn = [("fact", offered[3].as_str()), ("go", "2")];
        let second = clerk.post(new, &turn).await.page();
        assert_eq!(values(&second, kept), [offered[3].as_str()]);
        let later = values(&second, boxes);
        assert_eq!(later.len(), 10);
        // One unit alone: what was chosen of the other goes along.
        let narrow = [
            ("fact", offered[3].as_str()),
            ("fact", later[0].as_str()),
            ("unit", "市司法局"),
            ("go", "1"),
        ];
        let narrowed = clerk.post(new, &narrow).await.page();
        assert!(
            narrowed.contains("共 30 项") && narrowed.contains("已选 2 项"),
            "{narrowed}"
        );
        let both = values(&narrowed, kept).len() + narrowed.matches("\" checked>").count();
        assert_eq!(both, 2);
        let none = [("unit", "没有这个单位"), ("go", "1")];
        assert!(
            clerk
                .post(new, &none)
                .await
                .page()
                .contains("没有名称含“没有这个单位”的单位")
        );
        let gone = [("fact", offered[3].as_str()), ("fact", "finding:gone")];
        let refused = clerk.post(new, &gone).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("刚刚已经办结") && refused.text().contains("已选 1 项"));
        let draft = [("fact", offered[3].as_str()), ("fact", later[0].as_str())];
        let bulletin = clerk.post(new, &draft).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert_eq!(page.matches("出处：<a").count(), 2, "{page}");
    }
}

#[tokio::test]
async fn a_bulletin_is_assembled_masked_approved_answered_and_re_checked() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        finding(&world, 1, "预算栏目未更新，联系人13911112222").await;
        finding(&world, 1, "预算公开表缺项").await;
        let mut clerk = world.browser(world.clerk).await;
        let none = clerk
            .post("/workspace/bulletins/new", &[("kind", "criticism")])
            .await;
        assert_eq!(none.status, 422);
        let bulletin = drafted(&mut clerk, "criticism").await;
        let page = clerk.get(&bulletin).await.page();
        for words in [
            "139****2222",
            "承担的“公开规章”应于2026年9月1日前完成",
            "逾期未完成整改",
            "出处：<a href=\"/workspace/findings/",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!page.contains("13911112222"), "{page}");

        let revise = format!("{bulletin}/revise");
        let mut fields = form(&page);
        let last = fields.len() - 1;
        fields[last].1 = "居民张某，住安澜市云岭县青禾镇石桥村三组12号反映。".to_owned();
        fields.push(("ranking".to_owned(), "1".to_owned()));
        let mut preview = fields.clone();
        preview.push(("step".to_owned(), "preview".to_owned()));
        let shown = post(&mut clerk, &revise, &preview).await.page();
        assert!(
            shown.contains("保存时会遮盖 1 处")
                && shown.contains("尚未") | shown.contains("还没有保存"),
            "{shown}"
        );
        post(&mut clerk, &revise, &fields).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("青禾镇反映") && page.contains("人工补充，没有出处"),
            "{page}"
        );
        assert!(page.contains("遮盖了1处个人信息"), "{page}");
        let mut empty = form(&page);
        for field in &mut empty {
            if field.0 == "text" {
                field.1.clear();
            }
        }
        assert_eq!(post(&mut clerk, &revise, &empty).await.status, 422);

        // Before approval nobody but the office sees it.
        let leader = person(&world.db, "市长", &[(Role::Leader, world.city)]).await;
        let mut leader = world.browser(leader).await;
        let mut unit = world.browser(world.liaisons[1]).await;
        for state in ["draft", "submitted"] {
            let page = clerk.get(&bulletin).await.page();
            let named = match state {
                "draft" => "由主任审批。",
                _ => "正在等主任审批，批准之前不会印发。",
            };
            assert!(page.contains(named), "{page}");
            for browser in [&mut leader, &mut unit] {
                assert_eq!(browser.get(&bulletin).await.status, 404, "{state}");
            }
            if state == "draft" {
                clerk
                    .post(&format!("{bulletin}/step"), &[("step", "submit")])
                    .await
                    .redirected();
            }
        }
        assert_eq!(
            clerk
                .post(&format!("{bulletin}/decide"), &[("step", "approve")])
                .await
                .status,
            403
        );
        let mut head = world.browser(world.head).await;
        assert_eq!(
            head.post(&format!("{bulletin}/decide"), &[("step", "reject")])
                .await
                .status,
            422
        );
        head.post(&format!("{bulletin}/decide"), &[("step", "approve")])
            .await
            .redirected();

        let page = unit.get(&bulletin).await.page();
        for words in [
            "通报〔2026〕1号",
            "待回复",
            "各单位排名",
            "市财政局",
            "139****2222",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(
            !page.contains("公开规章"),
            "the extract is the unit's own: {page}"
        );
        assert!(leader.get(&bulletin).await.page().contains("公开规章"));
        assert_eq!(
            world
                .browser(world.liaisons[2])
                .await
                .get(&bulletin)
                .await
                .status,
            404
        );
        let start = unit.get("/workspace").await.page();
        assert!(
            start.contains("<b>1</b> 通报待报告整改") && start.contains("<b>2</b> 问题待整改"),
            "{start}"
        );
        let docx = unit.get(&format!("{bulletin}/print?format=docx")).await;
        assert!(docx.bytes.starts_with(b"PK"));

        world.clock.advance(SignedDuration::from_hours(24 * 40));
        let mut unit = world.browser(world.liaisons[1]).await;
        let mut clerk = world.browser(world.clerk).await;
        let reply = format!("{bulletin}/reply");
        let organ = world.units[1].to_string();
        let own = ("unit", organ.as_str());
        assert_eq!(
            unit.upload(&reply, &[own, ("text", "")], ("file", "", b""))
                .await
                .status,
            422
        );
        unit.upload(
            &reply,
            &[own, ("text", "已更新")],
            ("file", "截图.png", b"\x89PNG\r\n\x1a\n"),
        )
        .await
        .redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("逾期报告") && page.contains("待复核") && page.contains("截图.png"),
            "{page}"
        );
        let check = format!("{bulletin}/recheck");
        clerk
            .post(
                &check,
                &[("unit", &organ), ("step", "fail"), ("note", "仍缺项")],
            )
            .await
            .redirected();
        // Ten working days from 31 October, again.
        let page = unit.get(&bulletin).await.page();
        assert!(page.contains("请在2026年11月13日前重报"), "{page}");
        world.clock.advance(SignedDuration::from_hours(24 * 14));
        let mut unit = world.browser(world.liaisons[1]).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&bulletin).await.page();
        assert!(page.contains("逾期未重报"), "{page}");
        unit.upload(&reply, &[own, ("text", "已补齐")], ("file", "", b""))
            .await
            .redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("应在2026年11月13日前重报，没有按期重报") && !page.contains("逾期未重报"),
            "{page}"
        );
        for title in ["预算栏目未更新，联系人13911112222", "预算公开表缺项"] {
            mended(&world, world.units[1], title).await;
        }
        clerk
            .post(
                &check,
                &[("unit", &organ), ("step", "pass"), ("note", "逐项核对无误")],
            )
            .await
            .redirected();
        assert!(unit.get(&bulletin).await.page().contains("已销号"));
        clerk
            .post(&format!("{bulletin}/step"), &[("step", "withdraw")])
            .await;
        assert!(
            unit.get(&bulletin).await.page().contains("已印发"),
            "withdrawing needs a reason"
        );
        clerk
            .post(
                &format!("{bulletin}/step"),
                &[("step", "withdraw"), ("note", "事实有误")],
            )
            .await
            .redirected();
        assert!(
            unit.get(&bulletin)
                .await
                .page()
                .contains("已撤回。原因：事实有误")
        );
    }
}

#[tokio::test]
async fn praise_commends_a_practice_and_the_leader_may_be_the_principal() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut unit = world.browser(world.liaisons[0]).await;
        let words = [
            ("title", "一键更新"),
            ("done_text", "当天更新"),
            ("effect_text", "缩到当天"),
        ];
        let case = unit
            .upload("/workspace/practices/new", &words, ("file", "", b""))
            .await
            .redirected();
        let mut head = world.browser(world.head).await;
        head.post(&format!("{case}/choose"), &[("step", "choose")])
            .await
            .redirected();
        head.post(&format!("{case}/approve"), &[])
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let rules = [("approver", "leader"), ("pattern", "安通报〔{year}〕{n}号")];
        assert_eq!(
            clerk
                .post("/workspace/bulletins/rules", &rules)
                .await
                .status,
            422
        );
        let faulty = [("approver", "leader"), ("pattern", "安通报")];
        let refused = head.post("/workspace/bulletins/rules", &faulty).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("编号格式须同时含有"));
        head.post("/workspace/bulletins/rules", &rules)
            .await
            .redirected();
        let bulletin = drafted(&mut head, "praise").await;
        head.post(&format!("{bulletin}/step"), &[("step", "submit")])
            .await
            .redirected();
        assert_eq!(
            head.post(&format!("{bulletin}/decide"), &[("step", "approve")])
                .await
                .status,
            422,
            "the leader decides"
        );
        let leader = person(&world.db, "市长", &[(Role::Leader, world.city)]).await;
        let mut leader = world.browser(leader).await;
        assert!(
            leader
                .get("/workspace/bulletins")
                .await
                .page()
                .contains("待审批")
        );
        leader
            .post(&format!("{bulletin}/decide"), &[("step", "approve")])
            .await
            .redirected();
        let page = unit.get(&bulletin).await.page();
        assert!(page.contains("安通报〔2026〕1号"), "{page}");
        assert!(
            page.contains("“一键更新”入选优秀案例：缩到当天。") && !page.contains("报告整改"),
            "{page}"
        );
        assert!(unit.get(&case).await.page().contains("已通报表扬"));
    }
}
