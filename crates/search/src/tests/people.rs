//! What people type, and what they should get.

use super::city::*;
use crate::{Doc, Index, Query};

#[test]
fn what_citizens_type_leads_to_what_offices_write() {
    let titles = [
        "安澜市社区养老服务规定",
        "安澜市义务教育招生入学管理办法",
        "关于高校毕业生就业有关事项的通知",
        "饮用水水源地保护权责清单",
        "防汛防风应急预案",
        "“三公”经费支出表",
        "双随机、一公开抽查计划",
        "城镇老旧小区改造办事指南",
        "食品抽检结果",
    ];
    let (_folder, index) = small(&titles.map(|title| (title, false)));
    for (typed, wanted) in [
        ("养老院", titles[0]),
        ("幼升小", titles[1]),
        ("上学报名", titles[1]),
        ("大学生就业补贴", titles[2]),
        ("饮水安全", titles[3]),
        ("台风", titles[4]),
        ("三公经费", titles[5]),
        ("双随机一公开", titles[6]),
        ("旧改", titles[7]),
        ("老旧小区加装", titles[7]),
    ] {
        let found = ids(&index, typed);
        assert_eq!(found.first().map(String::as_str), Some(wanted), "{typed}");
    }
    assert!(ids(&index, "高考").is_empty(), "nothing is nothing");
}

#[test]
fn orders_and_numbers_without_their_year_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let doc = |id: &str, number: &str| Doc {
        kind: "document".into(),
        id: id.into(),
        title: format!("文件{id}"),
        path: "/x".into(),
        document_number: number.into(),
        ..Doc::default()
    };
    let docs = [
        doc("令", "安澜市人民政府令第38号"),
        doc("别的令", "安澜市人民政府令第8号"),
        doc("规", "安府规〔2026〕46号"),
    ];
    index.apply(&docs, &[], "1").unwrap();
    for (typed, wanted) in [
        ("市政府令第38号", "令"),
        ("安澜市政府令38", "令"),
        ("政府令 第38号", "令"),
        ("安澜市人民政府令第38号", "令"),
        ("安府规46号", "规"),
        ("安府规〔2026〕046号", "规"),
        ("安府规〔２０２６〕００４６号", "规"),
        ("安府规〔2026〕46号", "规"),
    ] {
        assert_eq!(ids(&index, typed)[0], wanted, "{typed}");
    }
}

/// As it is copied from the head of a page, from 引用格式, or from another document's text.
#[test]
fn what_is_cited_stands_first_whatever_is_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let doc = |id: &str, title: &str, number: &str, serial: usize| Doc {
        kind: "document".into(),
        id: id.into(),
        title: title.into(),
        body: "根据《安澜市社区养老服务管理办法》（安府规〔2026〕26号），养老服务的规定如下。"
            .into(),
        path: format!("/documents/{id}"),
        document_number: number.into(),
        index_number: format!("11990000000000001G/2026-{serial:05}"),
        void: id == "养老",
        ..Doc::default()
    };
    let title = "（演示）安澜市社区养老服务管理办法";
    let mut docs = vec![
        doc("养老", title, "安府规〔2026〕26号", 29),
        doc("无号", "安澜市养老服务补贴标准", "", 27),
        doc("规27", "安澜市校车管理办法", "安府规〔2026〕27号", 1),
        doc("解读", &format!("《{title}》政策解读"), "", 2),
    ];
    docs.extend((0..20).map(|n| {
        let title = format!("安澜市社区养老服务管理办法实施情况{n}");
        doc(&format!("别的{n}"), &title, "", 100 + n)
    }));
    index.apply(&docs, &[], "1").unwrap();
    let cite = format!(
        "《{title}》（安府规〔2026〕26号），安澜市人民政府，2026年5月6日，http://127.0.0.1:8080/documents/0198a2c4-1f5e-7cc0-9d52-7f2b7d6a1b11"
    );
    let short = format!("《{title}》（安府规〔2026〕26号）");
    for (typed, wanted) in [
        ("索引号：11990000000000001G/2026-00029", "养老"),
        ("11990000000000001G/2026-29", "养老"),
        ("养老 11990000000000001g/2026-00029", "养老"),
        ("2026-00029", "养老"),
        ("…/2026-29", "养老"),
        ("文号：安府规〔2026〕26号", "养老"),
        ("根据安府规〔2026〕26号", "养老"),
        ("安府规〔2026〕26号 养老", "养老"),
        ("“安府规〔2026〕26号”", "养老"),
        (short.as_str(), "养老"),
        (cite.as_str(), "养老"),
        ("《安澜市养老服务补贴标准》，安澜市人民政府", "无号"),
        ("《（演示）安澜市社区养老服务管理办法》政策解读", "解读"),
        // The end of a 索引号 in full is that number, in short it may be a 文号 as well.
        ("2026-00027", "无号"),
        ("2026-27", "规27"),
        ("〔2026〕27号", "规27"),
    ] {
        let found = ids(&index, typed);
        assert_eq!(found.first().map(String::as_str), Some(wanted), "{typed}");
    }
}

#[test]
fn a_known_term_that_is_nowhere_finds_nothing_loose() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let doc = |n: usize, title: &str| Doc {
        kind: "document".to_owned(),
        id: n.to_string(),
        title: title.to_owned(),
        body: "一、政务公开的对象由主管部门公布，办理结果同时公开。".to_owned(),
        path: format!("/documents/{n}"),
        ..Doc::default()
    };
    let mut docs: Vec<Doc> = (0..50).map(|n| doc(n, "政务公开办事指南")).collect();
    index.apply(&docs, &[], "1").unwrap();
    let loose = index.query(&typed("双随机一公开")).unwrap();
    assert_eq!(loose.total, 0, "{:?}", loose.hits.first());
    docs.push(doc(50, "关于推行“双随机、一公开”监管的通知"));
    index.apply(&docs, &[], "2").unwrap();
    for typed_so in ["双随机一公开", "双随机、一公开"] {
        let found = index.query(&typed(typed_so)).unwrap();
        assert_eq!((found.total, found.relaxed), (1, false), "{typed_so}");
    }
    // Words that the dictionary lacks: a single character is no half of them.
    let loose = index.query(&typed("零跑腿一公示")).unwrap();
    assert_eq!(loose.total, 0);
}

#[test]
fn letters_find_titles_with_other_words_between() {
    let (_folder, index) = small(&[
        ("安澜市2026年防汛抗旱应急预案", false),
        ("安澜市森林防火应急预案", false),
        ("云岭县防汛值班安排", false),
    ]);
    let wanted = ["安澜市2026年防汛抗旱应急预案"];
    assert_eq!(ids(&index, "anlan shi fangxun"), wanted);
    assert_eq!(ids(&index, "anlanshi fangxun"), wanted);
    assert_eq!(ids(&index, "anlanshifangxun"), wanted);
    assert!(ids(&index, "anlan jiaoyu").is_empty());
}

/// Who issued it is seldom in a title, yet people type it.
#[test]
fn letters_may_spell_who_issued_it() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let of = |title: &str, organ: &str| Doc {
        kind: "document".into(),
        id: title.into(),
        title: title.into(),
        path: "/x".into(),
        organ: Some((organ.into(), organ.into())),
        ..Doc::default()
    };
    let docs = [
        of("防汛防风权责清单", "安澜市水利局"),
        of("水利局防汛值班安排", "云岭县人民政府办公室"),
        of("关于招生有关事项的通知", "安澜市教育局"),
    ];
    index.apply(&docs, &[], "1").unwrap();
    for (typed, wanted) in [
        ("anlan shi fangxun", "防汛防风权责清单"),
        ("anlanshi fangxun", "防汛防风权责清单"),
        ("anlanshifangxun", "防汛防风权责清单"),
        ("anlanshuilijufangxun", "防汛防风权责清单"),
        ("fangxunanlanshi", "防汛防风权责清单"),
        ("fangxun anlan", "防汛防风权责清单"),
        ("anlan 防汛", "防汛防风权责清单"),
        ("shuiliju qingdan", "防汛防风权责清单"),
        ("jyj 招生", "关于招生有关事项的通知"),
        ("jiaoyuju zhaosheng", "关于招生有关事项的通知"),
        ("shuiliju", "水利局防汛值班安排"),
    ] {
        let found = ids(&index, typed);
        assert_eq!(found.first().map(String::as_str), Some(wanted), "{typed}");
    }
    assert!(ids(&index, "anlan gongjiao").is_empty());
    assert!(ids(&index, "anlanshigongjiao").is_empty());
    assert!(index.typed(&typed("shuiliju")).unwrap() == ["水利局防汛值班安排"]);
}

#[test]
fn a_government_stands_before_its_bureaus() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let of = |title: &str, day, standing| Doc {
        kind: "guide".into(),
        id: title.into(),
        title: title.into(),
        path: "/x".into(),
        day,
        standing,
        ..Doc::default()
    };
    let city = "安澜市人民政府政府信息公开指南";
    let docs = [
        of("安澜市民政局政府信息公开指南", 20_260_801, 0),
        of("云岭县人民政府政府信息公开指南", 20_260_821, 2),
        of(city, 20_251_204, 3),
    ];
    index.apply(&docs, &[], "1").unwrap();
    assert_eq!(ids(&index, "公开指南")[0], city);
    // Who names a bureau finds it.
    assert_eq!(
        ids(&index, "民政局 公开指南")[0],
        "安澜市民政局政府信息公开指南"
    );
}

#[test]
fn a_date_finds_what_was_issued_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let of = |title: &str, number: &str, day: i64| Doc {
        kind: "document".into(),
        id: title.into(),
        title: title.into(),
        path: "/x".into(),
        document_number: number.into(),
        day,
        ..Doc::default()
    };
    let docs = [
        of("防汛预案", "", 20_260_901),
        of("公平竞争审查办法", "安府规〔2026〕91号", 20_260_315),
        of("招生通知", "", 20_260_930),
    ];
    index.apply(&docs, &[], "1").unwrap();
    for typed in [
        "2026年9月1日",
        "2026年09月01日",
        "2026-9-1",
        "2026.9.1",
        "2026/09/01",
        "20260901",
        "２０２６年９月１日",
        "2026年9月 防汛",
    ] {
        assert_eq!(ids(&index, typed), ["防汛预案"], "{typed}");
    }
    assert_eq!(ids(&index, "2026年9月").len(), 2);
    assert_eq!(ids(&index, "安府规2026年91号"), ["公平竞争审查办法"]);
    assert_eq!(crate::text::asked_days("2026年13月"), None);
    assert_eq!(crate::text::asked_days("2026-09"), None, "or a number");
}

#[test]
fn words_of_the_office_mean_the_same_at_once() {
    let (_folder, index) = small(&[
        ("东湖新区管理委员会权责清单", false),
        ("安澜市预算公开", false),
    ]);
    let typed = |text: &str| {
        index
            .query(&asked(text))
            .map(|answer| (answer.total, answer.relaxed, answer.suggestion))
            .unwrap()
    };
    let (total, relaxed, _) = typed("湖管办权责清单");
    assert!(total == 0 || relaxed, "nobody knows the word");
    let words = |words: [&str; 2]| words.map(str::to_owned).to_vec();
    index.set_synonyms(crate::Synonyms::of(&[words([
        "湖管办",
        "东湖新区管理委员会",
    ])]));
    for text in [
        "湖管办",
        "湖管办权责清单",
        "湖管办的权责清单",
        "湖管办 清单",
    ] {
        assert_eq!(typed(text), (1, false, None), "{text}");
    }
    let title = index.query(&asked("湖管办")).unwrap().hits.remove(0).title;
    assert!(title.0.iter().any(|piece| piece.hit), "{title:?}");
    let while_typing = Query {
        text: "湖管办权责".to_owned(),
        ..Query::default()
    };
    assert_eq!(
        index.typed(&while_typing).unwrap(),
        ["东湖新区管理委员会权责清单"]
    );
    index.set_synonyms(crate::Synonyms::default());
    assert!(index.typed(&while_typing).unwrap().is_empty());
}
