//! 更正 and 投诉 run by the limit that an organ has set, and break no article when it is over.

use super::letters::{amend, written};
use super::*;
use gongkai_platform::finding::store::Side;
use gongkai_platform::finding::{self, FindingKind, FindingState, Found, Severity, Source};

const LIMITS: &str = "/workspace/requests/limits";

/// What the head of an organ sets; as its own, or over the version that it has.
fn set<'f>(organ: &'f str, version: &'f str, days: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("organ", organ),
        ("version", version),
        ("correction_days", days),
        ("complaint_days", "30"),
        ("basis", "市政府办公室工作规程"),
    ]
}

/// Somebody wants a record corrected; gives the receipt and the case's page.
async fn corrected(world: &World) -> (String, String) {
    let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
    let mut fields = application(&token, &organ, "本人社保记录有误");
    fields.retain(|(name, _)| *name != "kind");
    fields.extend([("kind", "correction"), ("description", "应为2018年")]);
    let mut visitor = world.visitor();
    let receipt = visitor.post("/requests/submit", &fields).await.redirected();
    let (_, _, id) = world.known(&receipt).await;
    (receipt, format!("/workspace/requests/{id}"))
}

async fn late_findings(world: &World) -> usize {
    let narrow = finding::Narrow {
        kind: Some(FindingKind::LateReply),
        ..finding::Narrow::default()
    };
    let list = async |tx: &mut Tx| {
        let side = Side::Office(&Scope::Everything);
        finding::store::list(tx, side, &narrow, (0, 50)).await
    };
    world.db.read(list).await.unwrap().len()
}

#[tokio::test]
async fn a_correction_runs_by_the_organs_own_limit_and_cites_no_article_for_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (city, bureau) = (world.city.to_string(), world.bureau.to_string());
        let of_city = [(Role::OfficeHead, world.city)];
        let of_city = testing::person(&world.db, "市公开办负责人", &of_city).await;
        let mut above = world.browser(of_city).await;
        let mut officer = world.browser(world.officer).await;
        let own = officer.post(LIMITS, &set(&bureau, "0", "15")).await;
        assert_eq!(own.status, 403);
        says(
            &above.post(LIMITS, &set(&city, "0", "91")).await,
            422,
            "1至90个工作日",
        );
        above
            .post(LIMITS, &set(&city, "0", "15"))
            .await
            .redirected();
        let stale = above.post(LIMITS, &set(&city, "0", "16")).await;
        assert_eq!(stale.status, 409);
        // A unit that has set none keeps that of its government, and says whose it is.
        let page = officer.get(LIMITS).await.page();
        assert!(page.contains("用的是安澜市人民政府的设置"), "{page}");
        let (receipt, path) = corrected(&world).await;
        let page = world.visitor().get(&receipt).await.page();
        assert!(
            page.contains("15个工作日（依据：市政府办公室工作规程）")
                && !page.contains("20个工作日"),
            "{page}"
        );
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("本机关办理期限") && page.contains("2026年3月23日"),
            "{page}"
        );
        assert!(!page.contains("/act/propose_extension"), "{page}");
        let sheet = officer.get(&format!("{path}/clock")).await.page();
        assert!(
            sheet.contains("本机关办理期限（15个工作日），依据市政府办公室工作规程")
                && !sheet.contains("第三十三条"),
            "{sheet}"
        );
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        says(
            &act(&mut officer, &path, "propose_extension", &ask).await,
            422,
            "按本机关办理期限办理",
        );
        // The unit's own goes before its government's, and moves no case that is there.
        let mut head = world.browser(world.head).await;
        head.post(LIMITS, &set(&bureau, "0", "10"))
            .await
            .redirected();
        let (receipt, _) = corrected(&world).await;
        let page = world.visitor().get(&receipt).await.page();
        assert!(page.contains("10个工作日（依据："), "{page}");
        assert!(officer.get(&path).await.page().contains("2026年3月23日"));
    }
}

#[tokio::test]
async fn a_correction_that_is_over_its_limit_is_told_and_breaks_no_article() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (_, path) = corrected(&world).await;
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        // Twenty working days where nobody has set any: 30 March.
        world.days(29);
        assert_eq!(night::run(&world.app).await.unwrap().late, 0);
        assert_eq!(late_findings(&world).await, 0);
        assert_eq!(
            world.told(world.supervisor, "已经超过本机关办理期限").await,
            1
        );
        let mut above = world.browser(world.supervisor).await;
        let page = above.get("/workspace/requests/units").await.page();
        assert!(
            page.contains("aria-label=\"安澜市司法局已逾期1件\"") && !page.contains("答复超期1件"),
            "{page}"
        );
    }
}

/// What its applicant gets cites no article for a limit that the organ has set.
#[tokio::test]
async fn the_papers_of_a_correction_rest_on_the_organs_own_limit() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (_, path) = corrected(&world).await;
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let by_law = "根据《政府信息公开条例》第三十三条";
        let receipt = written(&mut officer, &path, "receipt", &[]).await;
        let page = officer.get(&receipt).await.page();
        for words in [
            "提出的政府信息更正申请",
            "按照本机关办理期限，本机关将于2026年3月30日（含当日）前作出答复",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains(by_law), "{page}");
        let asked = [("asked", "third"), ("sent_on", "2026-03-02")];
        let consulting = written(&mut officer, &path, "consulting", &asked).await;
        let page = officer.get(&consulting).await.page();
        assert!(
            page.contains("不计算在本机关办理期限内") && !page.contains(by_law),
            "{page}"
        );
        // One that was drafted as that of an application does not leave.
        amend(&mut officer, &receipt, &[("own_term", "")])
            .await
            .redirected();
        let page = officer.get(&receipt).await.page();
        assert!(
            page.contains(by_law) && page.contains("登记为“政府信息更正申请”"),
            "{page}"
        );
    }
}

/// A general office sees what its units have set, and sets it for its government and itself alone.
#[tokio::test]
async fn the_form_is_shown_only_for_an_organ_that_one_sets_it_for() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", Some(world.city)).await;
        set_kind(&world.db, office, "office").await;
        let role = [(Role::OfficeHead, office)];
        let head = testing::person(&world.db, "市公开办负责人", &role).await;
        let mut head = world.browser(head).await;
        for path in [LIMITS, "/workspace/requests/reviews/terms"] {
            for (organ, is_own) in [(world.city, true), (office, true), (world.bureau, false)] {
                let page = head.get(&format!("{path}?organ={organ}")).await.page();
                assert_eq!(page.contains("name=\"basis\""), is_own, "{page}");
            }
        }
    }
}

/// What was noted before these cases had a limit of their own goes with the night, whether they still run or not.
#[tokio::test]
async fn what_was_noted_of_a_correction_as_late_goes_after_its_end_too() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (_, path) = corrected(&world).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let noted = async |tx: &mut Tx| {
            let found = Found {
                organ: world.bureau,
                office: world.city,
                key: format!("request-late:{id}"),
                kind: FindingKind::LateReply,
                severity: Severity::Major,
                source: Source::Check,
                title: "更正逾期未答复".to_owned(),
                detail: String::new(),
                url: None,
                about: Some(("request".to_owned(), id.clone())),
                found_on: world.app.today(),
                fix_due_on: None,
            };
            finding::report(tx, &Actor::System, found).await.map(drop)
        };
        world.db.upkeep(noted).await.unwrap();
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "withdraw", &[("why", "不再需要")])
            .await
            .redirected();
        let to_verify = async || {
            let narrow = finding::Narrow {
                state: Some(FindingState::ToVerify),
                ..finding::Narrow::default()
            };
            let list = async |tx: &mut Tx| {
                let side = Side::Office(&Scope::Everything);
                finding::store::list(tx, side, &narrow, (0, 50)).await
            };
            world.db.read(list).await.unwrap().len()
        };
        assert_eq!(to_verify().await, 1);
        night::run(&world.app).await.unwrap();
        assert_eq!(to_verify().await, 0);
    }
}

/// Who supplements a 更正 is told which limit begins anew.
#[tokio::test]
async fn a_supplement_of_a_correction_begins_the_organs_own_limit_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (receipt, path) = corrected(&world).await;
        let (number, code, _) = world.known(&receipt).await;
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        let ask = [("items", "请写明险种"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_supplement", &ask)
            .await
            .redirected();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("act", "supplement"),
            ("text", "养老保险"),
        ];
        let answer = world
            .visitor()
            .upload("/requests/progress/act", &fields, ("file", "", b""))
            .await;
        says(&answer, 200, "本机关办理期限从今天起重新计算");
        says(&answer, 200, "收到您的补正，本机关办理期限重新计算");
    }
}

/// Law: art. 29 wants 身份证明 and names no way for it: only where the organ has set so it must come with the application.
#[tokio::test]
async fn proof_of_identity_must_come_over_the_net_where_the_organ_wants_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (city, bureau) = (world.city.to_string(), world.bureau.to_string());
        let subject = "2025年老旧小区改造项目清单";
        let before = world.applied(&testing::uuid().to_string(), subject).await;
        assert!(before.contains("/receipt/"), "{before}");
        let of_city = [(Role::OfficeHead, world.city)];
        let of_city = testing::person(&world.db, "市公开办负责人", &of_city).await;
        let mut above = world.browser(of_city).await;
        let mut must = set(&city, "0", "15");
        must.push(("proof", "must"));
        above.post(LIMITS, &must).await.redirected();
        // What holds for the city holds for its bureau.
        let mut visitor = world.visitor();
        let token = testing::uuid().to_string();
        let fields = application(&token, &bureau, subject);
        let refused = visitor.post("/requests/submit", &fields).await;
        says(&refused, 422, "受理机关要求网上申请上传身份证明");
        let nothing = ("file", "", b"".as_slice());
        let refused = visitor.upload("/requests/check", &fields, nothing).await;
        says(&refused, 422, "受理机关要求网上申请上传身份证明");
        let card = ("file", "证件.pdf", b"%PDF-1.7 card".as_slice());
        let checked = visitor.upload("/requests/check", &fields, card).await;
        says(&checked, 200, "核对申请");
        // A 更正 keeps its own rules, and so does what comes over the counter.
        let (receipt, _) = corrected(&world).await;
        assert!(receipt.contains("/receipt/"), "{receipt}");
        let mut officer = world.browser(world.officer).await;
        let path = super::letters::counter_case(&world, &mut officer, "E51").await;
        says(&officer.get(&path).await, 200, "办理中");
    }
}
