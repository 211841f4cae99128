//! One search over all that a person may see at work: every kind of record is found, and every hit opens.

use std::collections::BTreeSet;

use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::Browser;

/// The heads of the answer, and the addresses of its hits.
async fn looked_up(person: &mut Browser, words: &str) -> (Vec<String>, Vec<String>) {
    let path = gongkai_platform::web::address("/workspace/find", &[("q", words)]);
    let page = person.get(&path).await.page();
    let (mut heads, mut hits) = (Vec::new(), Vec::new());
    for part in page.split("<h2>").skip(1) {
        heads.push(part.split('<').next().unwrap().to_owned());
        let links = part.split("<li><a href=\"").skip(1);
        hits.extend(links.map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    (heads, hits)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_may_see_is_found_and_opens() {
    let world = crate::filled::world().await;
    let mut clerk = world.http(world.account("clerk").await).await;
    let (mut heads, mut hits) = (Vec::new(), Vec::new());
    for words in [
        "公开", "专栏", "公报", "督办", "通报", "会", "养老", "答复", "教育",
    ] {
        let (some, links) = looked_up(&mut clerk, words).await;
        heads.extend(some);
        hits.extend(links);
    }
    for kind in [
        "要点任务",
        "督办单",
        "通报",
        "文件",
        "重点领域专栏",
        "政府公报",
        "主动公开目录",
        "政府信息公开指南",
        "依申请公开",
        "依申请公开文书",
        "年度报告",
        "会议、培训等活动",
        "问题",
        "机关",
    ] {
        assert!(heads.iter().any(|head| head == kind), "{kind}: {heads:?}");
    }
    hits.sort();
    hits.dedup();
    for hit in &hits {
        assert_eq!(clerk.get(hit).await.status, 200, "{hit}");
    }
    // A unit's own people find what is theirs, and each opens for them too.
    let mut liaison = world.http(world.account("liaison").await).await;
    for words in ["公开", "教育", "督办"] {
        for hit in looked_up(&mut liaison, words).await.1 {
            assert_eq!(liaison.get(&hit).await.status, 200, "{hit}");
        }
    }
}

/// The city rests on rules of the province that its library does not hold; one was amended since.
#[tokio::test(flavor = "multi_thread")]
async fn an_amended_rule_of_those_above_is_flagged_where_it_is_named() {
    let world = crate::filled::world().await;
    let mut clerk = world.http(world.account("clerk").await).await;
    let list = clerk.get("/workspace/documents/upper").await.page();
    for said in ["安澜省政务公开办法", "已修改", "现行有效"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    let hits = looked_up(&mut clerk, "安澜市政务公开管理办法").await.1;
    let mut flagged = 0;
    for hit in hits.iter().filter(|hit| hit.contains("/documents/")) {
        let page = clerk.get(hit).await.page();
        let names_it = page.contains("安澜省人民政府令第88号");
        if names_it && page.contains("■ 内容在引用之后变了") {
            flagged += 1;
        }
    }
    assert_eq!(flagged, 1, "{hits:?}");
}

/// A number is the same however it is typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_found_in_any_spelling() {
    let world = crate::filled::world().await;
    let mut clerk = world.http(world.account("clerk").await).await;
    let list = clerk.get("/workspace/documents").await.page();
    let number = list
        .split(['<', '>', '　', '（', '）'])
        .find(|text| text.contains('〔') && text.ends_with('号'))
        .unwrap()
        .trim();
    let bare = number
        .replace('〔', "")
        .replace('〕', " ")
        .replace('号', "");
    let same = looked_up(&mut clerk, number).await.1;
    assert!(!same.is_empty(), "{number}");
    for hit in looked_up(&mut clerk, &bare).await.1 {
        assert!(same.contains(&hit), "{hit} for {bare}");
    }
    assert!(!looked_up(&mut clerk, &bare).await.1.is_empty(), "{bare}");
}

/// Whatever happened in two years of work can be chosen in the audit's list of matters: nothing of it is 其他.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_city_has_a_matter_to_choose() {
    let world = crate::filled::world().await;
    let kinds = world
        .db
        .read(async |tx: &mut Tx| {
            let rows = tx.all(sql("SELECT DISTINCT kind FROM event")).await?;
            let kinds = rows.iter().map(|row| row.get::<String>("kind"));
            kinds.collect::<Result<BTreeSet<_>, StoreError>>()
        })
        .await
        .unwrap();
    assert!(kinds.len() > 100, "{kinds:?}");
    let mut auditor = world.http(world.account("auditadmin").await).await;
    let page = auditor.get("/workspace/admin/audit").await.page();
    let without = kinds.iter().filter(|kind| {
        let noun = kind.split('.').next().unwrap_or_default();
        !page.contains(&format!("<option value=\"{noun}.\""))
    });
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&String>::new());
}
