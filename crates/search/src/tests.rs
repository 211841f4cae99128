//! The index as a whole, over a generated government.

mod city;
mod hits;
mod people;

use city::*;
use proptest::prelude::*;

use crate::{Doc, Index, Order, Query};

/// People look for a known record by its number, or by most words of its title with its year.
#[test]
fn a_known_record_is_among_the_first_ten() {
    let corpus = &*CORPUS;
    let (mut tried, mut found) = (0, 0);
    for doc in corpus.docs.iter().step_by(23) {
        // Titles that several records share are told apart by nothing a title could say.
        let same = |other: &&Doc| other.title == doc.title;
        if corpus.docs.iter().filter(same).count() > 10 {
            continue;
        }
        let spaced = doc.title.replacen("年", "年 ", 1);
        for text in [&doc.document_number, &doc.index_number, &doc.title, &spaced] {
            tried += 1;
            found += usize::from(ids(&corpus.index, text).contains(&doc.id));
        }
    }
    assert!(tried > 300, "{tried}");
    assert!(found * 100 >= tried * 98, "{found} of {tried}");
}

#[test]
fn every_spelling_of_a_number_is_found_first() {
    for text in [
        "安政发〔2019〕815号",
        "安政发[2019]815号",
        "安政发［2019］815号",
        "安政发（2019）815号",
        "安政发(2019)815",
        "安政发【2019】第815号",
        "安政发 2019 815",
        "安政发２０１９８１５号",
        "〔2019〕815号",
        "安政发2019年815号",
        "11340800MB000022X/2019-00814",
        "11340800mb000022x 2019 00814",
    ] {
        assert_eq!(
            ids(&CORPUS.index, text).first().map(String::as_str),
            Some("d814"),
            "{text}"
        );
    }
}

#[test]
fn void_stands_below_valid_unless_its_number_is_asked_for() {
    let page = |offset| Query {
        limit: 100,
        offset,
        ..asked("规范性文件管理")
    };
    let mut hits = CORPUS.index.query(&page(0)).unwrap().hits;
    hits.append(&mut CORPUS.index.query(&page(100)).unwrap().hits);
    let void: Vec<bool> = hits.iter().map(|hit| hit.void).collect();
    assert!(void.contains(&true) && void.contains(&false));
    assert!(void.is_sorted(), "valid ones first");
    assert!(CORPUS.docs[9].void);
    assert_eq!(ids(&CORPUS.index, &CORPUS.docs[9].document_number)[0], "d9");
}

#[test]
fn filters_and_their_counts_agree() {
    let all = CORPUS.index.query(&asked("营商环境")).unwrap();
    assert!(!all.relaxed);
    for facet in &all.facets.class {
        let query = Query {
            class: Some(facet.value.clone()),
            ..asked("营商环境")
        };
        let some = CORPUS.index.query(&query).unwrap();
        assert_eq!(some.total as u64, facet.n);
        assert!(some.hits.iter().all(|hit| hit.class == facet.value));
    }
    let years: Vec<&str> = all
        .facets
        .year
        .iter()
        .map(|year| year.value.as_str())
        .collect();
    assert!(years.is_sorted_by(|one, two| one > two), "{years:?}");
    let level = &all.facets.level[0];
    let within = CORPUS
        .index
        .query(&Query {
            level: Some(level.value.clone()),
            ..asked("营商环境")
        })
        .unwrap();
    assert_eq!(within.total as u64, level.n);
    let organ = &all.facets.organ[0];
    let query = Query {
        organ: Some(organ.value.clone()),
        ..asked("营商环境")
    };
    let some = CORPUS.index.query(&query).unwrap();
    assert!(some.hits.iter().all(|hit| hit.organ == organ.name) && some.total as u64 == organ.n);
    let newest = CORPUS
        .index
        .query(&Query {
            order: Order::Newest,
            ..asked("")
        })
        .unwrap();
    assert_eq!(newest.total, 3_000);
    assert!(newest.hits.is_sorted_by(|one, two| one.day >= two.day));
}

#[test]
fn words_characters_pinyin_synonyms_and_phrases_find() {
    let (_folder, index) = small(&[
        ("安澜市城乡居民最低生活保障办法", false),
        ("云岭县税收保障条例", false),
        ("关于加强规范性文件管理的通知", false),
        ("关于文件归档范围的规范", false),
    ]);
    let first = |text: &str| ids(&index, text).first().cloned().unwrap_or_default();
    assert_eq!(ids(&index, "税"), ["云岭县税收保障条例"]);
    assert_eq!(ids(&index, "例"), ["云岭县税收保障条例"]);
    assert_eq!(first("低保"), "安澜市城乡居民最低生活保障办法");
    for question in [
        "低保怎么办",
        "低保怎么申请",
        "哪里可以办理低保",
        "低保 怎么领取",
    ] {
        assert_eq!(
            first(question),
            "安澜市城乡居民最低生活保障办法",
            "{question}"
        );
    }
    assert_eq!(first("guifanxingwenjian"), "关于加强规范性文件管理的通知");
    assert_eq!(first("guifan xing wenj"), "关于加强规范性文件管理的通知");
    assert_eq!(first("gfxwj"), "关于加强规范性文件管理的通知");
    assert_eq!(
        ids(&index, "“规范性文件管理”"),
        ["关于加强规范性文件管理的通知"]
    );
    assert_eq!(ids(&index, "\"文件规范\""), Vec::<String>::new());
    assert_eq!(
        index.typed(&typed("规范性文")).unwrap()[0],
        "关于加强规范性文件管理的通知"
    );
    assert_eq!(
        index.typed(&typed("yunling")).unwrap()[0],
        "云岭县税收保障条例"
    );
}

#[test]
fn a_slip_is_told_and_nothing_else() {
    let meant = |text: &str| CORPUS.index.query(&asked(text)).unwrap().suggestion;
    for (wrong, right) in [
        ("规范性文建", "规范性文件"),
        ("规犯性文件", "规范性文件"),
        ("营商环竟", "营商环境"),
        ("住房公积金提曲", "住房公积金提取"),
        ("不动产登计", "不动产登记"),
        ("政府消息公开", "政府信息公开"),
        ("规范文性件", "规范性文件"),
        ("规范性性文件", "规范性文件"),
        ("森林方火", "森林防火"),
    ] {
        let meant = meant(wrong).unwrap_or_default();
        assert!(
            meant == right || meant == wrong.replace(wrong, right),
            "{wrong}: {meant}"
        );
    }
    for right in [
        "规范性文件",
        "营商环境",
        "二〇一九",
        "安澜市",
        "2019年",
        "安澜市财政局森林防火",
    ] {
        assert_eq!(meant(right), None, "{right}");
    }
}

#[test]
fn what_is_no_word_is_not_proposed() {
    let (_folder, index) = small(&[
        ("安澜市大学工作规定", false),
        ("关于医生执业注册的通知", false),
        ("云岭县税收保障条例", false),
    ]);
    let meant = |text: &str| index.query(&asked(text)).unwrap().suggestion;
    for right in ["学校", "学校 招生 2019", "医改", "规顶工"] {
        assert_eq!(meant(right), None, "{right}");
    }
    // Of the same sound it may be a name that no dictionary has.
    assert_eq!(meant("云令县").as_deref(), Some("云岭县"));
    assert_eq!(meant("医声").as_deref(), Some("医生"));
}

#[test]
fn snippets_mark_what_was_asked() {
    let hit = CORPUS
        .index
        .query(&asked("森林防火"))
        .unwrap()
        .hits
        .remove(0);
    assert!(
        hit.title
            .0
            .iter()
            .any(|piece| piece.hit && piece.text == "森林防火"),
        "{:?}",
        hit.title
    );
    assert!(
        hit.snippet
            .0
            .iter()
            .any(|piece| piece.hit && piece.text == "森林防火")
    );
    assert!(hit.snippet.plain().chars().count() <= 112);
}

#[test]
fn what_is_removed_is_gone_and_what_is_replaced_is_there_once() {
    let (folder, index) = small(&[("甲办法", false), ("乙办法", false)]);
    let doc = Doc {
        kind: "document".into(),
        id: "甲办法".into(),
        title: "丙办法".into(),
        ..Doc::default()
    };
    index
        .apply(&[doc], &[("document".into(), "乙办法".into())], "7")
        .unwrap();
    assert_eq!(index.len(), 1);
    assert_eq!(ids(&index, "丙办法"), ["甲办法"]);
    drop(index);
    let again = Index::open(folder.path()).unwrap();
    assert_eq!(
        (again.len(), again.cursor().unwrap().as_deref()),
        (1, Some("7"))
    );
    again.clear("").unwrap();
    assert!(again.is_empty());
}

#[test]
fn a_broken_index_begins_anew() {
    let (folder, index) = small(&[("甲办法", false)]);
    drop(index);
    std::fs::write(folder.path().join("meta.json"), b"{").unwrap();
    let again = Index::open(folder.path()).unwrap();
    assert_eq!((again.len(), again.cursor().unwrap()), (0, None));
}

#[test]
fn limits_hold() {
    let long = "规范性文件".repeat(400);
    assert!(CORPUS.index.query(&asked(&long)).is_ok());
    let many = Query {
        limit: 100_000,
        ..asked("")
    };
    assert_eq!(
        CORPUS.index.query(&many).unwrap().hits.len(),
        crate::PAGE_MAX
    );
    assert_eq!(CORPUS.index.query(&asked("？！…")).unwrap().total, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_query_panics(text in "\\PC{0,60}", tail in "[a-z' \"“”（）〔〕0-9年号政府公开\u{3000}\u{0}]{0,40}") {
        for text in [&text, &tail, &format!("{text}{tail}")] {
            prop_assert!(CORPUS.index.query(&asked(text)).is_ok());
            prop_assert!(CORPUS.index.typed(&typed(text)).is_ok());
        }
    }
}
