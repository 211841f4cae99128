//! The index as a whole, over a generated government.

use std::sync::LazyLock;

use proptest::prelude::*;

use crate::{Doc, Index, Order, Query};

fn typed(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        ..Query::default()
    }
}

const PLACES: [&str; 6] = [
    "安澜市",
    "云岭县",
    "青禾镇",
    "临江区",
    "安澜市城东新区",
    "云岭县白石乡",
];
const ORGANS: [&str; 12] = [
    "人民政府",
    "人民政府办公室",
    "财政局",
    "教育局",
    "司法局",
    "民政局",
    "人力资源和社会保障局",
    "市场监督管理局",
    "住房和城乡建设局",
    "卫生健康委员会",
    "自然资源和规划局",
    "应急管理局",
];
const MATTERS: [&str; 24] = [
    "规范性文件管理",
    "城乡居民最低生活保障",
    "义务教育招生入学",
    "政府信息公开",
    "优化营商环境",
    "森林防火",
    "防汛抗旱应急",
    "住房公积金提取",
    "农村危房改造",
    "城市生活垃圾分类",
    "电动自行车停放充电",
    "食品小作坊登记",
    "老旧小区改造",
    "高龄津贴发放",
    "灵活就业人员社会保险补贴",
    "不动产登记",
    "重大行政决策程序",
    "行政执法公示",
    "财政预算绩效",
    "养老服务机构备案",
    "国有土地上房屋征收补偿",
    "医疗保障待遇",
    "校外培训机构监管",
    "道路交通安全",
];
const SHAPES: [(&str, &str); 8] = [
    ("关于印发{}办法的通知", "行政规范性文件"),
    ("关于做好{}工作的通知", "其他文件"),
    ("{}实施方案", "其他文件"),
    ("《{}办法》政策解读", "政策解读"),
    ("关于{}有关事项的公告", "通知公告"),
    ("{}专项资金决算公开", "财政信息"),
    ("{}应急预案", "应急预案"),
    ("关于废止{}规定的决定", "行政规范性文件"),
];

struct Corpus {
    _folder: tempfile::TempDir,
    index: Index,
    docs: Vec<Doc>,
}

fn generated(n: usize) -> Vec<Doc> {
    let mut docs = Vec::with_capacity(n);
    for i in 0..n {
        let place = PLACES[i % PLACES.len()];
        let organ = ORGANS[(i / 6) % ORGANS.len()];
        let matter = MATTERS[(i * 7 + i / 72) % MATTERS.len()];
        let (shape, class) = SHAPES[(i * 5 + i / 24) % SHAPES.len()];
        let year = 2015 + i % 10;
        let title = format!("{place}{organ}{year}年{}", shape.replace("{}", matter));
        docs.push(Doc {
            kind: "document".into(),
            id: format!("d{i}"),
            title,
            path: format!("/documents/d{i}"),
            body: format!("各有关单位：为了进一步做好{matter}，根据上级要求，经研究，现就有关事项通知如下。一、总体要求。二、主要任务。第{i}条由{place}{organ}负责解释。"),
            organ: Some((format!("o{}", i % 72), format!("{place}{organ}"))),
            class: class.into(),
            day: i64::try_from(year * 10_000 + 100 * (1 + i % 12) + 1 + i % 28).unwrap(),
            document_number: format!("安政发〔{year}〕{}号", i + 1),
            index_number: format!("11340800MB0{:05}X/{year}-{:05}", i % 72, i),
            validity: if i % 9 == 0 { "废止" } else { "有效" }.into(),
            void: i % 9 == 0,
            keywords: Vec::new(),
            standing: 0,
            level: if i % 3 == 0 { "县区级" } else { "市级" }.into(),
        });
    }
    docs
}

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let docs = generated(3_000);
    index.apply(&docs, &[], "1").unwrap();
    Corpus {
        _folder: folder,
        index,
        docs,
    }
});

fn asked(text: &str) -> Query {
    Query {
        text: text.into(),
        limit: 10,
        ..Query::default()
    }
}

fn ids(index: &Index, text: &str) -> Vec<String> {
    let answer = index.query(&asked(text)).unwrap();
    answer.hits.into_iter().map(|hit| hit.id).collect()
}

fn small(titles: &[(&str, bool)]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let docs: Vec<Doc> = titles
        .iter()
        .map(|(title, void)| Doc {
            kind: "document".into(),
            id: (*title).into(),
            title: (*title).into(),
            path: "/x".into(),
            void: *void,
            ..Doc::default()
        })
        .collect();
    index.apply(&docs, &[], "1").unwrap();
    (folder, index)
}

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
