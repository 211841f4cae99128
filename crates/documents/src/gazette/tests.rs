//! The rules of the gazette.

use gongkai_platform::testing::uuid;

use super::{Agreement, Item, State, Step, Web, Words};
use crate::document::{Head, Visibility, seal};
use crate::id::{DocumentId, EditionId, ItemId};

fn item() -> Item {
    let head = Head {
        title: "办法".to_owned(),
        ..Head::default()
    };
    let html = "<p>第一条</p>".to_owned();
    Item {
        id: ItemId::new(uuid()),
        section: "其他".to_owned(),
        position: 1,
        document: DocumentId::new(uuid()),
        edition: EditionId::new(uuid()),
        hash: seal(&head, &html),
        page: None,
        organ_name: "安澜市人民政府".to_owned(),
        web: Some(Web {
            visibility: Visibility::Public,
            head: head.clone(),
            html: html.clone(),
            text: "第一条".to_owned(),
            explanation: String::new(),
        }),
        text: "第一条".to_owned(),
        published_on: None,
        maps: Vec::new(),
        hidden: None,
        head,
        html,
    }
}

#[test]
fn every_step_from_every_state() {
    use State::{Issued, Preparing, Proposed};
    let table = [
        (Preparing, [Some(Proposed), None, None]),
        (Proposed, [None, Some(Preparing), Some(Issued)]),
        (Issued, [None, None, None]),
    ];
    for (state, after) in table {
        for (step, wanted) in [Step::Propose, Step::Return, Step::Issue].iter().zip(after) {
            assert_eq!(state.after(*step), wanted, "{state:?} {step:?}");
        }
    }
}

#[test]
fn an_item_is_compared_by_its_seal() {
    let same = item();
    assert_eq!(same.agreement(), Agreement::Same);
    let mut other = item();
    other.web.as_mut().unwrap().html = "<p>第二条</p>".to_owned();
    assert_eq!(other.agreement(), Agreement::Differs);
    let mut titled = item();
    titled.web.as_mut().unwrap().head.number = "安府〔2026〕1号".to_owned();
    assert_eq!(
        titled.agreement(),
        Agreement::Differs,
        "the head counts, too"
    );
    let mut gone = item();
    gone.web.as_mut().unwrap().visibility = Visibility::Withdrawn;
    assert_eq!(gone.agreement(), Agreement::Withdrawn);
    assert_eq!(gone.web_seal(), "");
    assert_eq!((gone.withdrawn(), gone.gone_mark()), (Some(""), "已撤下"));
    let mut earlier = item();
    assert_eq!(earlier.withdrawn(), None);
    earlier.hidden = Some("附表载有个人联系电话。".to_owned());
    assert_eq!(
        (earlier.withdrawn(), earlier.gone_mark()),
        (Some("附表载有个人联系电话。"), "不再提供")
    );
    let mut broken = item();
    broken.html.push('x');
    assert_eq!(broken.agreement(), Agreement::Broken);
}

#[test]
fn what_an_issue_says_of_itself_is_checked_whole() {
    let fine = Words {
        year: 2026,
        number: 3,
        total: 88,
        dated_on: "2026-03-31".parse().unwrap(),
        sections: vec!["规章".to_owned()],
    };
    assert!(fine.why_not().is_empty());
    assert_eq!(fine.name(), "2026年第3期（总第88期）");
    let wrong = Words {
        year: 2025,
        number: 0,
        total: -1,
        sections: Vec::new(),
        ..fine
    };
    let fields: Vec<&str> = wrong.why_not().iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, ["dated_on", "number", "total", "sections"]);
}

#[test]
fn only_who_makes_rules_has_a_section_for_them() {
    use gongkai_platform::organ::Level;
    assert_eq!(super::sections(Level::City)[0], "政府规章");
    assert_eq!(super::sections(Level::County)[0], "行政规范性文件");
}

#[test]
fn an_issue_is_not_older_than_what_it_holds() {
    let on = |day: &str| day.parse().unwrap();
    let said = |issued: Option<&str>, published: Option<&str>| {
        let mut one = item();
        one.head.issued_on = issued.map(on);
        one.published_on = published.map(on);
        one.why_not_dated(on("2026-11-28")).map(|(_, said)| said)
    };
    assert_eq!(said(None, None), None);
    assert_eq!(said(Some("2026-11-28"), Some("2026-11-28")), None);
    let late = said(Some("2026-12-01"), Some("2026-12-01")).unwrap();
    assert!(late.contains("成文日期是2026年12月1日"), "{late}");
    let late = said(Some("2026-11-20"), Some("2026-12-01")).unwrap();
    assert!(late.contains("发布日期是2026年12月1日"), "{late}");
}
