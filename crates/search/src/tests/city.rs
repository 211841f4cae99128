//! A generated government and an index over it.

use std::sync::LazyLock;

use crate::{Doc, Index, Query};

pub(super) fn typed(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        ..Query::default()
    }
}

pub(super) const PLACES: [&str; 6] = [
    "安澜市",
    "云岭县",
    "青禾镇",
    "临江区",
    "安澜市城东新区",
    "云岭县白石乡",
];
pub(super) const ORGANS: [&str; 12] = [
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
pub(super) const MATTERS: [&str; 24] = [
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
pub(super) const SHAPES: [(&str, &str); 8] = [
    ("关于印发{}办法的通知", "行政规范性文件"),
    ("关于做好{}工作的通知", "其他文件"),
    ("{}实施方案", "其他文件"),
    ("《{}办法》政策解读", "政策解读"),
    ("关于{}有关事项的公告", "通知公告"),
    ("{}专项资金决算公开", "财政信息"),
    ("{}应急预案", "应急预案"),
    ("关于废止{}规定的决定", "行政规范性文件"),
];

pub(super) struct Corpus {
    _folder: tempfile::TempDir,
    pub(super) index: Index,
    pub(super) docs: Vec<Doc>,
}

pub(super) fn generated(n: usize) -> Vec<Doc> {
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
            changed: 0,
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

pub(super) static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
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

pub(super) fn asked(text: &str) -> Query {
    Query {
        text: text.into(),
        limit: 10,
        ..Query::default()
    }
}

pub(super) fn ids(index: &Index, text: &str) -> Vec<String> {
    let answer = index.query(&asked(text)).unwrap();
    answer.hits.into_iter().map(|hit| hit.id).collect()
}

pub(super) fn small(titles: &[(&str, bool)]) -> (tempfile::TempDir, Index) {
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
