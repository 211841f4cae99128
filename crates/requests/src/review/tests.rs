//! Limits, and whole stories over HTTP on both databases.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, FigureKey};
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{Browser, backends};

use super::{ANSWER_DAYS_MAX, AnswerDays, Procedure, RemedyKind, RemedyWords, RightTold};
use crate::letter::tests::{World, refused};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn words(kind: RemedyKind, served: Option<&str>) -> RemedyWords {
    RemedyWords {
        kind,
        case_number: String::new(),
        applicant: "刘某".into(),
        body: "安澜市人民政府".into(),
        matter: "撤销答复".into(),
        served_on: served.map(day),
        told: RightTold::Yes,
        learned_on: None,
        filed_on: day("2026-09-20"),
        copy_on: Some(day("2026-09-21")),
        procedure: Procedure::Ordinary,
        answered_on: None,
    }
}

#[test]
fn limits_count_from_the_day_after() {
    let limit =
        |kind, served, decision: Option<&str>| words(kind, served).filing_limit(decision.map(day));
    // 60 days.
    assert_eq!(
        limit(RemedyKind::Review, Some("2026-09-18"), None),
        Some(day("2026-11-17"))
    );
    // Six months; a month without that day ends it.
    assert_eq!(
        limit(RemedyKind::DirectSuit, Some("2026-03-18"), None),
        Some(day("2026-09-18"))
    );
    assert_eq!(
        limit(RemedyKind::DirectSuit, Some("2026-08-31"), None),
        Some(day("2027-02-28"))
    );
    // 15 days from the decision of the review; silence has no beginning.
    assert_eq!(
        limit(
            RemedyKind::SuitAfter,
            Some("2026-01-01"),
            Some("2026-09-18")
        ),
        Some(day("2026-10-03"))
    );
    assert_eq!(limit(RemedyKind::Review, None, None), None);
    // The organ's own answer, as it has set it.
    let mut days = AnswerDays::default();
    let mut review = words(RemedyKind::Review, None);
    assert_eq!(review.answer_limit(&days), Some(day("2026-10-01")));
    review.procedure = Procedure::Simple;
    assert_eq!(review.answer_limit(&days), Some(day("2026-09-26")));
    assert_eq!(
        words(RemedyKind::SuitAfter, None).answer_limit(&days),
        Some(day("2026-10-06"))
    );
    days.simple = 7;
    assert_eq!(review.answer_limit(&days), Some(day("2026-09-28")));
    let fields = |days: &AnswerDays| -> Vec<&'static str> {
        days.why_not().into_iter().map(|(field, _)| field).collect()
    };
    assert_eq!(fields(&days), ["basis"]);
    days.basis = "行政复议法".to_owned();
    assert!(fields(&days).is_empty());
    (days.review, days.suit) = (0, ANSWER_DAYS_MAX + 1);
    assert_eq!(fields(&days), ["review_days", "suit_days"]);
    review.copy_on = None;
    assert_eq!(review.answer_limit(&days), None);
}

/// Law: 行政复议法 art. 20(3): from coming to know of the right, the organ and the limit; a year from the reply at most.
#[test]
fn who_was_not_told_of_the_right_has_a_year_at_most() {
    let limit = |learned: Option<&str>| {
        let untold = RemedyWords {
            told: RightTold::No,
            learned_on: learned.map(day),
            ..words(RemedyKind::Review, Some("2026-03-18"))
        };
        untold.filing_limit(None)
    };
    assert_eq!(limit(None), Some(day("2027-03-18")));
    assert_eq!(limit(Some("2026-07-20")), Some(day("2026-09-18")));
    assert_eq!(limit(Some("2027-03-01")), Some(day("2027-03-18")));
    let told = words(RemedyKind::Review, Some("2026-03-18"));
    assert_eq!(told.filing_limit(None), Some(day("2026-05-17")));
}

#[tokio::test]
async fn a_review_after_an_untold_answer_is_not_late_and_silence_says_why_it_has_no_limit() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.officer().await;
        let untold = [
            ("kind", "review"),
            ("served_on", "2026-04-01"),
            ("told", "no"),
        ];
        let path = noted(&mut officer, world.finance, &untold).await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("2027年4月1日")
                && page.contains("行政复议法第二十条第三款")
                && !page.contains("超过期限</td>"),
            "{page}"
        );
        let late = [
            ("kind", "review"),
            ("served_on", "2026-04-01"),
            ("told", "yes"),
        ];
        let path = noted(&mut officer, world.finance, &late).await;
        let page = officer.get(&path).await.page();
        assert!(page.contains("，超过期限</td>"), "{page}");
        // Each of the sixty days stands there.
        assert!(page.contains("<li>2026年5月31日　第60日</li>"), "{page}");
        let silence = [("kind", "review"), ("served_on", "")];
        let path = noted(&mut officer, world.finance, &silence).await;
        let page = officer.get(&path).await.page();
        assert!(page.contains("算不出申请（起诉）期限"), "{page}");
        // Who was told has nothing to learn.
        let organ = world.finance.to_string();
        let wrong = [
            ("organ", organ.as_str()),
            ("kind", "review"),
            ("applicant", "刘某"),
            ("body", "安澜市人民政府"),
            ("matter", "撤销答复"),
            ("served_on", "2026-04-01"),
            ("learned_on", "2026-05-01"),
            ("filed_on", "2026-09-01"),
        ];
        let answer = officer
            .post("/workspace/requests/reviews/new", &wrong)
            .await;
        refused(&answer, 422, "不用填写知道的日期");
    }
}

async fn noted(browser: &mut Browser, organ: OrganId, fields: &[(&str, &str)]) -> String {
    let organ = organ.to_string();
    let mut all = vec![
        ("organ", organ.as_str()),
        ("applicant", "刘某"),
        ("body", "安澜市人民政府"),
        ("matter", "撤销安财公开〔2026〕1号答复"),
        ("served_on", "2026-08-03"),
        ("filed_on", "2026-09-01"),
        ("copy_on", "2026-09-16"),
        ("procedure", "ordinary"),
    ];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend(fields);
    browser
        .post("/workspace/requests/reviews/new", &all)
        .await
        .redirected()
}

/// The four columns and the total of a block.
async fn block(world: &World, organ: OrganId, block: &str, year: i16) -> Vec<i64> {
    let columns = ["kept", "corrected", "other", "pending", "total"];
    let keys: Vec<FigureKey> = columns
        .iter()
        .map(|column| FigureKey {
            name: format!("requests.table4.{block}_{column}"),
            organ,
            year,
        })
        .collect();
    let figures = world
        .db
        .read(async |tx: &mut Tx| crate::seams().figures(tx, &keys).await)
        .await
        .unwrap();
    figures
        .into_iter()
        .map(|figure| {
            let figure = figure.unwrap();
            assert_eq!(i64::try_from(figure.refs.len()).unwrap(), figure.value);
            figure.value
        })
        .collect()
}

/// Behind a figure of table 四: what its first record is called, and where it leads.
async fn behind(world: &World, organ: OrganId, name: &str) -> (String, String) {
    let key = FigureKey {
        name: format!("requests.table4.{name}"),
        organ,
        year: 2026,
    };
    let found = world
        .db
        .read(async |tx: &mut Tx| {
            let figures = crate::seams().figures(tx, &[key]).await?;
            let of = figures[0].as_ref().unwrap().refs[0].clone();
            crate::seams().describe(tx, &of).await
        })
        .await
        .unwrap()
        .unwrap();
    (found.title, found.path)
}

#[tokio::test]
async fn a_review_is_noted_decided_counted_and_learned_from() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.officer().await;
        let path = noted(&mut officer, world.finance, &[("kind", "review")]).await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("2026年10月2日") && page.contains("2026年9月26日"),
            "{page}"
        );
        assert_eq!(
            block(&world, world.city, "review", 2026).await,
            [0, 0, 0, 1, 1]
        );
        let scope = Scope::Everything;
        let range = DateRange {
            from: day("2026-09-20"),
            to: day("2026-09-30"),
        };
        let due = world
            .db
            .read(async |tx: &mut Tx| crate::seams().due(tx, &scope, range).await)
            .await
            .unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].due_on, day("2026-09-26"));
        // A suit after reconsideration waits for its decision.
        let id = path.rsplit('/').next().unwrap().to_owned();
        let organ = world.finance.to_string();
        let suit = [
            ("organ", organ.as_str()),
            ("kind", "after"),
            ("after", &id),
            ("applicant", "刘某"),
            ("body", "云岭县人民法院"),
            ("matter", "撤销复议决定"),
            ("filed_on", "2026-09-21"),
            ("copy_on", ""),
        ];
        let new = "/workspace/requests/reviews/new";
        let empty = officer.post(new, &suit[..1]).await;
        for words in ["请选择类别", "请填写“请求事项”", "请填写“申请人（原告）”"]
        {
            refused(&empty, 422, words);
        }
        refused(&officer.post(new, &suit).await, 422, "还没有审结");
        // A correction says what to do otherwise.
        let mut end = vec![
            ("version", "1"),
            ("outcome", "corrected"),
            ("decided_on", "2026-09-18"),
            ("decision_on", "2026-09-19"),
            ("reason", "没有征求第三方意见，撤销答复。"),
        ];
        let end_path = format!("{path}/end");
        refused(&officer.post(&end_path, &end).await, 422, "以后应当怎样做");
        end.extend([
            ("lesson", "先书面征求第三方意见"),
            ("lesson_kind", "refuse"),
        ]);
        officer.post(&end_path, &end).await.redirected();
        refused(&officer.post(&end_path, &end).await, 409, "别人刚刚改动");
        assert_eq!(
            block(&world, world.city, "review", 2026).await,
            [0, 1, 0, 0, 1]
        );
        // The figure leads to what it counts, by name.
        let (title, there) = behind(&world, world.city, "review_corrected").await;
        assert!(title.ends_with("行政复议：结果纠正"), "{title}");
        assert_eq!(there, path);
        assert_eq!(
            block(&world, world.city, "review", 2025).await,
            [0, 0, 0, 0, 0]
        );
        let template = officer
            .get("/workspace/requests/letters/templates/refuse")
            .await
            .page();
        assert!(
            template.contains("曾被纠正：先书面征求第三方意见"),
            "{template}"
        );
        noted(&mut officer, world.finance, &suit[1..]).await;
        assert_eq!(
            block(&world, world.finance, "after", 2026).await,
            [0, 0, 0, 1, 1]
        );
        // Off the list, out of the figures, and no warning any more.
        let remove = format!("{path}/remove");
        refused(
            &officer
                .post(&remove, &[("version", "2"), ("why", "")])
                .await,
            422,
            "请填写“删除原因”",
        );
        officer
            .post(&remove, &[("version", "2"), ("why", "重复登记")])
            .await
            .redirected();
        assert_eq!(
            block(&world, world.city, "review", 2026).await,
            [0, 0, 0, 0, 0]
        );
        let template = officer
            .get("/workspace/requests/letters/templates/refuse")
            .await
            .page();
        assert!(!template.contains("曾被纠正"), "{template}");
        let list = officer
            .get("/workspace/requests/reviews?outcome=pending")
            .await
            .page();
        assert!(
            list.contains("撤销复议决定") && !list.contains("1号答复"),
            "{list}"
        );
    }
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let world = World::on(&backends()[0]).await;
    let mut officer = world.officer().await;
    let organ = world.finance.to_string();
    let fields = [
        ("organ", organ.as_str()),
        ("kind", "direct"),
        ("served_on", "2026-09-10"),
        ("filed_on", "2026-09-01"),
        ("copy_on", "2026-12-01"),
        ("matter", "撤销答复"),
    ];
    let answer = officer
        .post("/workspace/requests/reviews/new", &fields)
        .await;
    refused(&answer, 422, "申请人（原告）");
    refused(&answer, 422, "不能早于答复送达日期");
    refused(&answer, 422, "“收到副本日期”还没有到");
    assert!(answer.text().contains("撤销答复"));
}

#[tokio::test]
async fn answer_limits_are_set_by_the_head_and_hold_for_what_is_open() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.officer().await;
        let path = noted(&mut officer, world.finance, &[("kind", "review")]).await;
        assert!(officer.get(&path).await.page().contains("2026年9月26日"));
        let organ = world.finance.to_string();
        let mut fields = vec![
            ("organ", organ.as_str()),
            ("version", "0"),
            ("review_days", "7"),
            ("simple_days", "5"),
            ("suit_days", "0"),
            ("basis", "复议机关通知"),
        ];
        let terms = "/workspace/requests/reviews/terms";
        assert_eq!(officer.post(terms, &fields).await.status, 403);
        let mut head = world.head().await;
        refused(&head.post(terms, &fields).await, 422, "答复期限是1至90日");
        fields[4].1 = "15";
        head.post(terms, &fields).await.redirected();
        assert_eq!(head.post(terms, &fields).await.status, 409);
        let page = officer.get(&path).await.page();
        assert!(page.contains("2026年9月23日"), "{page}");
        let page = officer.get(terms).await.page();
        assert!(
            page.contains("复议机关通知") && !page.contains("<form class=\"stack\""),
            "{page}"
        );
    }
}
