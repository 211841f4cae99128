//! Times, recall and size of the index over a generated government; one JSON object a line. `bench [DOCUMENTS]`.
#![expect(clippy::print_stdout, reason = "this prints what it measured")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use gongkai_search::{Doc, Index, Query};

const DOCUMENTS: usize = 100_000;
const BATCH: usize = 2_000;
/// Known records that are looked for, each by title and by number.
const KNOWN: usize = 500;
/// What every record has: a word, a phrase, two words.
const COMMON: [&str; 3] = ["通知", "事项通知如下", "通知 事项"];
/// How often each of them is asked for.
const ROUNDS: usize = 60;

const PLACES: [&str; 5] = ["安澜市", "云岭县", "临江区", "青禾镇", "白石乡"];
const ORGANS: [&str; 8] = [
    "财政局",
    "教育局",
    "司法局",
    "民政局",
    "应急管理局",
    "医疗保障局",
    "交通运输局",
    "水利局",
];
const MATTERS: [&str; 16] = [
    "规范性文件管理",
    "最低生活保障",
    "义务教育招生",
    "政府信息公开",
    "营商环境",
    "森林防火",
    "防汛抗旱",
    "公积金提取",
    "危房改造",
    "垃圾分类",
    "食品小作坊登记",
    "老旧小区改造",
    "高龄津贴",
    "不动产登记",
    "行政执法公示",
    "校外培训监管",
];
const SENTENCES: [&str; 8] = [
    "各有关单位要提高认识，落实责任，按时完成各项任务。",
    "申请人应当如实提交材料，并对其真实性负责。",
    "经办机构应当自受理之日起二十个工作日内作出决定。",
    "所需资金列入本级财政预算，专款专用，接受审计监督。",
    "本办法由发文机关负责解释，自发布之日起施行，有效期五年。",
    "对弄虚作假、骗取补贴的，依法追究责任。",
    "各地可以结合实际制定实施细则，报上级主管部门备案。",
    "工作中遇到的问题，请及时向主管部门反映。",
];

fn pick<'a>(from: &[&'a str], n: usize) -> &'a str {
    from.get(n % from.len()).copied().unwrap_or_default()
}

fn doc(n: usize) -> Doc {
    let (place, organ) = (pick(&PLACES, n), pick(&ORGANS, n / 5));
    let matter = pick(&MATTERS, n / 40 + n * 3);
    let year = 2010 + n % 15;
    let mut body = format!("为了做好{matter}，现就第{n}号事项通知如下。");
    for k in 0..40 {
        body.push_str(pick(&SENTENCES, n * 7 + k * (1 + n % 5)));
    }
    Doc {
        kind: "document".into(),
        id: n.to_string(),
        title: format!("{place}{organ}关于{year}年{matter}第{n}批工作的通知"),
        path: format!("/documents/{n}"),
        body,
        organ: Some((organ.into(), format!("{place}{organ}"))),
        class: "其他文件".into(),
        day: i64::try_from(year).unwrap_or(0) * 10_000 + 101,
        changed: 0,
        document_number: format!("安政发〔{year}〕{n}号"),
        validity: "有效".into(),
        ..Doc::default()
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0.0)
}

fn bytes_of(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

/// Fills the index with the records of these numbers; gives the bytes of their text.
fn fill(index: &Index, numbers: std::ops::Range<usize>) -> Result<usize, Box<dyn Error>> {
    let mut text = 0;
    for first in numbers.clone().step_by(BATCH) {
        let batch: Vec<Doc> = (first..(first + BATCH).min(numbers.end)).map(doc).collect();
        text += batch
            .iter()
            .map(|doc| doc.title.len() + doc.body.len())
            .sum::<usize>();
        index.apply(&batch, &[], "bench")?;
    }
    Ok(text)
}

/// How many of the known records are among the first ten, each by title and by number.
fn known(index: &Index, documents: usize) -> Result<usize, Box<dyn Error>> {
    let mut found = 0;
    for k in 0..KNOWN {
        let wanted = doc(k * 7_919 % documents);
        for text in [wanted.title, wanted.document_number] {
            let answer = index.query(&Query {
                text,
                limit: 10,
                ..Query::default()
            })?;
            found += usize::from(answer.hits.iter().any(|hit| hit.id == wanted.id));
        }
    }
    Ok(found)
}

/// What each of many queries of all sorts took, in milliseconds, the quickest first.
fn queries(index: &Index) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut took = Vec::new();
    for k in 0..KNOWN {
        let words = match k % 5 {
            0 => pick(&MATTERS, k).to_owned(),
            1 => format!("{} {}", pick(&PLACES, k), pick(&MATTERS, k / 3)),
            2 => format!("{}{}", pick(&ORGANS, k), pick(&MATTERS, k / 3)),
            3 => format!("安政发{}{}", 2010 + k % 15, k),
            _ => format!("“{}”", pick(&MATTERS, k / 2)),
        };
        let began = Instant::now();
        index.query(&Query {
            text: words,
            limit: 20,
            ..Query::default()
        })?;
        took.push(milliseconds(began));
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

/// What the words took that every record has, in milliseconds, the quickest first.
fn common(index: &Index) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut took = Vec::new();
    for k in 0..COMMON.len() * ROUNDS {
        let began = Instant::now();
        let answer = index.query(&Query {
            text: pick(&COMMON, k).to_owned(),
            limit: 20,
            ..Query::default()
        })?;
        took.push(milliseconds(began));
        if u64::try_from(answer.total)? != index.len() {
            return Err("a record lacks what all should have".into());
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

#[expect(clippy::cast_precision_loss, reason = "ratios need no more")]
fn main() -> Result<(), Box<dyn Error>> {
    let documents = std::env::args()
        .nth(1)
        .map_or(Ok(DOCUMENTS), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let index = Index::open(folder.path())?;
    let began = Instant::now();
    let mut text = fill(&index, 0..documents / 10)?;
    let filled = began.elapsed();
    // The same queries over a tenth, before the rest comes; once for nothing, as what runs first pays for the dictionary.
    queries(&index)?;
    let tenth = queries(&index)?;
    let began = Instant::now();
    text += fill(&index, documents / 10..documents)?;
    println!(
        "{{\"what\":\"index\",\"documents_a_second\":{}}}",
        documents as f64 / (filled + began.elapsed()).as_secs_f64()
    );
    println!(
        "{{\"what\":\"recall\",\"at_10\":{}}}",
        known(&index, documents)? as f64 / (2 * KNOWN) as f64
    );
    let took = queries(&index)?;
    println!(
        "{{\"what\":\"query\",\"p50\":{},\"p99\":{}}}",
        at(&took, 50),
        at(&took, 99)
    );
    let common = common(&index)?;
    println!(
        "{{\"what\":\"common\",\"common_p50\":{},\"common_p99\":{}}}",
        at(&common, 50),
        at(&common, 99)
    );
    println!(
        "{{\"what\":\"tenfold\",\"tenfold\":{}}}",
        at(&took, 50) / at(&tenth, 50)
    );
    println!(
        "{{\"what\":\"size\",\"of_text\":{}}}",
        bytes_of(folder.path())? as f64 / text as f64
    );
    Ok(())
}
