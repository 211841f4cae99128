//! What happens to scores that cannot stay as they are: the principal sends them back, a record is appealed that forces the
//! last grade, a period was opened by mistake; and who appeals for whom.

use gongkai_basis::Role;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::finding::FindingKind;
use gongkai_platform::testing::{Answer, Browser, backends, organ, person};
use jiff::SignedDuration;

use crate::assessment::Scheme;
use crate::assessment::scheme::Measure;
use crate::assignment::Duty;
use crate::testing::{World, assesses};

pub(super) const DAY: i64 = 24;

/// A period up to 25 September, with the standard scheme; gives its address.
pub(super) async fn opened(clerk: &mut Browser) -> String {
    assesses(clerk, "2026年9月考核", "2026-09-25").await
}

async fn judged(clerk: &mut Browser, period: &str) {
    let all = Scheme::standard(2026).indicators;
    for one in all.iter().filter(|one| one.measure == Measure::Judged) {
        let weight = one.weight.to_string();
        let fields = [
            ("indicator", one.code.as_str()),
            ("points", weight.as_str()),
            ("note", "抽查没有问题"),
        ];
        clerk
            .post(&format!("{period}/judge-rest"), &fields)
            .await
            .redirected();
    }
}

pub(super) async fn takes(browser: &mut Browser, period: &str, step: &str) -> Answer {
    browser
        .post(&format!("{period}/step"), &[("step", step)])
        .await
}

/// A period of which the scores are computed, nine days after the world begins.
pub(super) async fn computed(world: &World) -> String {
    let mut clerk = world.browser(world.clerk).await;
    let period = opened(&mut clerk).await;
    world.clock.advance(SignedDuration::from_hours(DAY * 8));
    let mut clerk = world.browser(world.clerk).await;
    judged(&mut clerk, &period).await;
    takes(&mut clerk, &period, "compute").await.redirected();
    period
}

/// The form in which an appeal on a page is decided.
pub(super) fn decision(page: &str) -> String {
    let mut parts = page.split('"');
    let form = parts.find(|part| part.contains("/appeals/") && !part.contains("/files"));
    form.unwrap_or_else(|| panic!("no appeal to decide in {page}"))
        .to_owned()
}

pub(super) async fn appeals(browser: &mut Browser, unit: &str, code: &str, text: &str) -> Answer {
    let fields = [("indicator", code), ("text", text)];
    browser
        .upload(&format!("{unit}/appeal"), &fields, ("file", "", b""))
        .await
}

#[tokio::test]
async fn what_the_principal_sends_back_is_put_right_and_computed_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let wrong = world.wrong(0, FindingKind::NotUpdated, "栏目未更新");
        world.finds(wrong).await;
        let period = computed(&world).await;
        let unit = format!("{period}/units/{}", world.units[0]);
        let mut own = world.browser(world.liaisons[0]).await;
        appeals(&mut own, &unit, "a2", "当天已更新")
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let decide = decision(&clerk.get(&unit).await.page());
        let upheld = [("state", "upheld"), ("change", "1"), ("decision", "属实")];
        clerk.post(&decide, &upheld).await.redirected();
        world.clock.advance(SignedDuration::from_hours(DAY * 15));
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        takes(&mut clerk, &period, "submit").await.redirected();
        let reject = [("step", "reject"), ("note", "政策解读评高了")];
        head.post(&format!("{period}/decide"), &reject)
            .await
            .redirected();

        let page = clerk.get(&period).await.page();
        assert!(
            page.contains("退回重算") && page.contains("审批人退回：政策解读评高了"),
            "{page}"
        );
        let stays = takes(&mut clerk, &period, "submit").await;
        assert_eq!(stays.status, 422, "what was sent back is computed first");
        // 85 points, the appeal upheld; the judgement is put right, and shown before anything is computed.
        let judge = [
            ("indicator", "b1"),
            ("points", "12"),
            ("note", "两件没有解读"),
        ];
        clerk
            .post(&format!("{unit}/judge"), &judge)
            .await
            .redirected();
        let page = clerk.get(&unit).await.page();
        assert!(
            page.contains("：82 分，") && page.contains("两件没有解读"),
            "{page}"
        );
        // So is the appeal that was decided.
        let rejected = [("state", "rejected"), ("decision", "截图不是当天的")];
        clerk.post(&decide, &rejected).await.redirected();
        takes(&mut clerk, &period, "compute").await.redirected();
        let mut own = world.browser(world.liaisons[0]).await;
        let page = own.get(&unit).await.page();
        assert!(
            page.contains("：81 分，") && page.contains("截图不是当天的"),
            "{page}"
        );
        let inbox = own.get("/workspace/inbox?unread=1").await.page();
        assert!(inbox.contains("得分已重新计算：81分"), "{inbox}");
        // What was computed anew may be appealed anew, once.
        appeals(&mut own, &unit, "a2", "附当天截图")
            .await
            .redirected();
        assert_eq!(appeals(&mut own, &unit, "a2", "再来").await.status, 422);
        let mut clerk = world.browser(world.clerk).await;
        let decide = decision(&clerk.get(&unit).await.page());
        clerk.post(&decide, &upheld).await.redirected();
        world.clock.advance(SignedDuration::from_hours(DAY * 15));
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        takes(&mut clerk, &period, "submit").await.redirected();
        head.post(&format!("{period}/decide"), &[("step", "approve")])
            .await
            .redirected();
        let page = head.get(&unit).await.page();
        assert!(
            page.contains("：82 分，") && page.contains("已锁定"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_period_opened_by_mistake_is_cancelled_with_a_reason() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut clerk = world.browser(world.clerk).await;
        let period = opened(&mut clerk).await;
        let mut own = world.browser(world.liaisons[0]).await;
        assert!(
            own.get("/workspace/scores/own")
                .await
                .page()
                .contains("9月考核")
        );
        let wordless = takes(&mut clerk, &period, "cancel").await;
        assert!(
            wordless.status == 422 && wordless.text().contains("请填写“作废原因”"),
            "{}",
            wordless.text()
        );
        let fields = [("step", "cancel"), ("note", "止日选错")];
        clerk
            .post(&format!("{period}/step"), &fields)
            .await
            .redirected();
        let page = clerk.get(&period).await.page();
        assert!(
            page.contains("已作废。原因：止日选错") && !page.contains("作废这个考核期"),
            "{page}"
        );
        let page = own.get("/workspace/scores/own").await.page();
        assert!(!page.contains("9月考核"), "{page}");
        let unit = format!("{period}/units/{}", world.units[0]);
        assert_eq!(own.get(&unit).await.status, 404);
        for step in ["compute", "cancel"] {
            let refused = takes(&mut clerk, &period, step).await;
            assert_eq!(refused.status, 422, "{step}");
        }
    }
}

#[tokio::test]
async fn the_record_behind_a_veto_is_named_and_can_be_appealed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let leak = world.wrong(0, FindingKind::Secrecy, "附件含涉密会议名称");
        world.finds(leak).await;
        let period = computed(&world).await;
        let unit = format!("{period}/units/{}", world.units[0]);
        let mut own = world.browser(world.liaisons[0]).await;
        let page = own.get(&unit).await.page();
        for words in ["有一票否决的问题", "附件含涉密会议名称", "不合格"] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let code = page.split("value=\"veto:").nth(1).unwrap();
        let code = format!("veto:{}", code.split('"').next().unwrap());
        assert!(
            page.contains(&format!("/workspace/findings/{}", &code[5..])),
            "{page}"
        );
        assert_eq!(
            appeals(&mut own, &unit, "veto:0", "没有").await.status,
            404,
            "no such record"
        );
        appeals(&mut own, &unit, &code, "该会议已解密")
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&period).await.page();
        assert!(page.contains("：一票否决 "), "{page}");
        let decide = decision(&clerk.get(&unit).await.page());
        let upheld = [("state", "upheld"), ("decision", "保密局已解密")];
        clerk.post(&decide, &upheld).await.redirected();
        let page = own.get(&unit).await.page();
        assert!(
            page.contains("申诉成立，不计") && !page.contains("有一票否决的问题"),
            "{page}"
        );
        assert!(!page.contains("不合格</h1>"), "{page}");
        let docx = own.get(&format!("{unit}/file?format=docx")).await;
        let text = office_text(&docx.bytes);
        assert!(text.contains("附件含涉密会议名称"), "{text}");
        let xlsx = own.get(&format!("{unit}/file?format=xlsx")).await;
        let text = office_text(&xlsx.bytes);
        assert!(text.contains("附件含涉密会议名称"), "{text}");
    }
}

/// All words of an office file, in whatever part they stand.
fn office_text(bytes: &[u8]) -> String {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for nth in 0..archive.len() {
        let mut part = archive.by_index(nth).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

#[tokio::test]
async fn an_appeal_stands_on_the_sheet_on_which_it_was_made() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(
                1,
                "公开规章",
                Some("2026-09-01"),
                &[(0, Duty::Lead), (1, Duty::Lead)],
            )
            .await;
        let both = [
            (Role::OfficeClerk, world.office),
            (Role::Liaison, world.units[0]),
            (Role::Liaison, world.units[1]),
        ];
        let person = person(&world.db, "兼职文书", &both).await;
        let period = computed(&world).await;
        world.names(&[person, world.clerk], "李明").await;
        let mut both = world.browser(person).await;
        let unit = format!("{period}/units/{}", world.units[1]);
        // The office's own view offers the appeal to whoever belongs to the unit too.
        assert!(both.get(&unit).await.page().contains("对这一项申诉"));
        appeals(&mut both, &unit, "a1", "已按期完成")
            .await
            .redirected();
        let mut second = world.browser(world.liaisons[1]).await;
        assert!(second.get(&unit).await.page().contains("已按期完成"));
        let first = format!("{period}/units/{}", world.units[0]);
        let page = both.get(&first).await.page();
        assert!(!page.contains("已按期完成"), "{page}");
        let decide = decision(&both.get(&unit).await.page());
        let upheld = [("state", "upheld"), ("change", "1"), ("decision", "属实")];
        // A name is shared and changes: the account decides.
        world.names(&[person], "李鸣").await;
        let refused = both.post(&decide, &upheld).await;
        assert!(
            refused.status == 422 && refused.text().contains("由本办其他人裁定"),
            "{}",
            refused.text()
        );
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&unit).await.page();
        assert!(!page.contains("对这一项申诉"), "{page}");
        let other = appeals(&mut second, &first, "a1", "代申诉").await;
        assert_eq!(other.status, 404);
        clerk.post(&decide, &upheld).await.redirected();
    }
}

/// A unit that was merged after scores were computed leaves its sheet to the heir.
#[tokio::test]
async fn the_heir_reads_the_sheet_of_a_merged_unit_and_appeals_for_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let period = computed(&world).await;
        let unit = format!("{period}/units/{}", world.units[0]);
        let mut heir = world.browser(world.liaisons[1]).await;
        assert_eq!(heir.get(&unit).await.status, 404);
        // It goes into a unit that goes into another.
        merge(&world, 0, 2).await;
        merge(&world, 2, 1).await;
        let list = heir.get("/workspace/scores/own").await.page();
        assert_eq!(list.matches(&unit).count(), 1, "{list}");
        appeals(&mut heir, &unit, "a1", "任务已移交")
            .await
            .redirected();
        assert!(heir.get(&unit).await.page().contains("任务已移交"));
        let mut clerk = world.browser(world.clerk).await;
        let decide = decision(&clerk.get(&unit).await.page());
        let upheld = [("state", "upheld"), ("change", "1"), ("decision", "属实")];
        clerk.post(&decide, &upheld).await.redirected();
        let told = heir.get("/workspace/inbox?unread=1").await.page();
        assert!(told.contains("2026年9月考核申诉成立"), "{told}");
        let elsewhere = organ(&world.db, "市体育局", Some(world.city)).await;
        let roles = [(Role::Liaison, elsewhere)];
        let other = person(&world.db, "体育局联络员", &roles).await;
        let mut other = world.browser(other).await;
        assert_eq!(other.get(&unit).await.status, 404);
    }
}

pub(super) async fn merge(world: &World, from: usize, into: usize) {
    world
        .write("test.merged", async |tx: &mut Tx| {
            let merged = sql("UPDATE organ SET status = 'merged', successor_id = $1 WHERE id = $2");
            tx.run(merged.bind(world.units[into]).bind(world.units[from]))
                .await
        })
        .await;
}
