//! What the demo's city had published before: years of documents from an older site, a few with something to settle.

use anyhow::Result;
use gongkai_basis::{Actor, Date};
use gongkai_documents::document::validity::{Change, Turn};
use gongkai_documents::document::{Head, body};
use gongkai_documents::kind::Kind;
use gongkai_documents::old::{self, Old};
use gongkai_inspect::{Confidence, Rules, inspect};
use gongkai_office::form::table_xlsx;
use gongkai_platform::attachment::New;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;

use super::documents::THEMES;
use super::organ;
use super::year::Year;

const DOCUMENTS: usize = 240;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Documents of one transaction.
const AT_ONCE: usize = 40;
/// Every so many holds a number that must not be public.
const PLANTED_EVERY: usize = 48;
const FIRST_YEAR: i16 = 2014;
const YEARS: i16 = 12;

/// Who published, and how its documents are numbered.
const PUBLISHERS: [(&str, &str); 12] = [
    ("安澜市人民政府", "安府"),
    ("安澜市人民政府办公室", "安府办"),
    ("安澜市教育局", "安教"),
    ("安澜市财政局", "安财"),
    ("安澜市民政局", "安民"),
    ("安澜市自然资源局", "安自然资"),
    ("安澜市交通运输局", "安交"),
    ("安澜市卫生健康委员会", "安卫"),
    ("安澜市市场监督管理局", "安市监"),
    ("云岭县人民政府", "云府"),
    ("云岭县教育局", "云教"),
    ("云岭县青禾镇人民政府", "青府"),
];
const KINDS: [Kind; 9] = [
    Kind::Notice,
    Kind::Normative,
    Kind::Other,
    Kind::Finance,
    Kind::Notice,
    Kind::Emergency,
    Kind::Planning,
    Kind::Powers,
    Kind::Material,
];

struct Made {
    publisher: &'static str,
    head: Head,
    kind: Kind,
    html: String,
    on: Date,
    turn: Option<Turn>,
}

/// What it is called, and whether it carries a number.
fn titled(kind: Kind, year: i16, subject: &str) -> (String, bool) {
    match kind {
        Kind::Normative => (format!("{subject}实施细则"), true),
        Kind::Other => (format!("关于做好{year}年{subject}工作的意见"), true),
        Kind::Finance => (format!("{year}年{subject}专项资金分配情况"), false),
        Kind::Emergency => (format!("{subject}应急预案（{year}年修订）"), true),
        Kind::Planning => (format!("{subject}{year}年度工作计划"), true),
        Kind::Powers => (format!("{subject}权责清单（{year}年版）"), false),
        Kind::Material => (format!("{subject}办事指南（{year}年）"), false),
        _ => (format!("关于{year}年{subject}有关事项的通知"), false),
    }
}

/// What is older than ten years was repealed, of the newest some were amended; the rest lapses by its own last day.
fn turn(n: usize, on: Date, expires_on: Date) -> Result<Option<Turn>> {
    let change = match on.year() - FIRST_YEAR {
        ..3 => Some((Change::Repealed, expires_on)),
        8.. if n.is_multiple_of(2) => {
            let later = on.checked_add(jiff::Span::new().days(120))?;
            Some((Change::Amended, later))
        }
        _ => None,
    };
    Ok(change.map(|(change, on)| Turn {
        change,
        on,
        basis: "（演示）旧站清单标注".to_owned(),
        until: None,
        successor: None,
        by: old::AUTHOR.to_owned(),
    }))
}

fn made(n: usize) -> Result<Made> {
    // Each round over the publishers moves the years and themes on, so that everybody has some of each.
    let round = n / PUBLISHERS.len();
    let (publisher, code) = PUBLISHERS.into_iter().cycle().nth(n).unwrap_or_default();
    let kind = KINDS
        .into_iter()
        .cycle()
        .nth(n + round)
        .unwrap_or(Kind::Notice);
    let (theme, subject) = THEMES
        .into_iter()
        .cycle()
        .nth(n * 5 + round * 7)
        .unwrap_or_default();
    let year = FIRST_YEAR + i16::try_from(n + round)? % YEARS;
    let on = Date::new(
        year,
        i8::try_from(n % 12)? + 1,
        i8::try_from(n * 7 % 28)? + 1,
    )?;
    let (title, numbered) = titled(kind, year, subject);
    let lasting = kind.has_validity();
    let expires_on = on.checked_add(jiff::Span::new().years(5))?.yesterday()?;
    let turn = if lasting {
        turn(n, on, expires_on)?
    } else {
        None
    };
    let mut lines = vec![
        format!("{publisher}就{year}年{subject}工作公布如下。"),
        format!("一、{subject}的对象、条件和程序由主管部门公布，办理结果同时公开。"),
        "二、有关单位每季度核对一次，有变化的自变化之日起20个工作日内更新。".to_owned(),
        format!("三、咨询请向{publisher}政务公开工作机构提出。"),
    ];
    if n % PLANTED_EVERY == 7 {
        lines.push("附：审核通过人员 王某，身份证号11010519491231002X。".to_owned());
    }
    Ok(Made {
        publisher,
        head: Head {
            title: format!("（演示）{title}"),
            number: if numbered {
                format!("{code}〔{year}〕{}号", n + 1)
            } else {
                String::new()
            },
            theme: theme.to_owned(),
            issued_on: Some(on),
            effective_on: lasting.then_some(on),
            expires_on: lasting.then_some(expires_on),
            summary: format!("（演示）{year}年{subject}的安排。"),
            keywords: subject.to_owned(),
            ..Head::default()
        },
        kind,
        html: body::of_text(&lines.join("\n")),
        on,
        turn,
    })
}

impl Year<'_> {
    /// What is attached: the sheet of an allocation, and of some notices and guides the list that they speak of.
    async fn sheet(&self, n: usize, kind: Kind, title: &str) -> Result<Vec<New>> {
        let has = match kind {
            Kind::Finance => true,
            Kind::Notice | Kind::Material => n.is_multiple_of(2),
            _ => false,
        };
        if !has {
            return Ok(Vec::new());
        }
        let rows: Vec<Vec<String>> = (1..=5)
            .map(|row| {
                vec![
                    row.to_string(),
                    format!("（演示）事项{row}"),
                    "市级主管部门".to_owned(),
                    format!("{}", (n + row) % 90 + 10),
                ]
            })
            .collect();
        let heads = ["序号", "事项", "责任单位", "数量"];
        let bytes = table_xlsx(title, &heads, &rows)?;
        let (length, files) = (i64::try_from(bytes.len())?, self.app.files.clone());
        let stored = tokio::task::spawn_blocking(move || files.put(&bytes));
        Ok(vec![New::File {
            sha256: stored.await??,
            name: "附件：明细表.xlsx".to_owned(),
            media_type: XLSX,
            bytes: length,
        }])
    }

    /// Takes the older site in, as `gongkai documents import` would.
    ///
    /// # Errors
    /// When a document is refused, or the store fails.
    pub(super) async fn old_site(&self) -> Result<()> {
        let mut all = Vec::new();
        for n in 0..DOCUMENTS {
            let one = made(n)?;
            let doubtful = inspect(&body::text_of(&one.html), &Rules::default())
                .iter()
                .any(|finding| finding.confidence == Confidence::High);
            let title = one.head.title.clone();
            all.push(Old {
                source: format!("{}/{n}.html", one.on.year()),
                address: format!("https://old.anlan.example/{}/{n}.html", one.on.year()),
                kind: one.kind,
                organ: organ(&self.app.db, one.publisher).await?,
                head: one.head,
                html: one.html,
                published_on: one.on,
                index_number: String::new(),
                turn: one.turn,
                files: self.sheet(n, one.kind, &title).await?,
                pictures: Vec::new(),
                doubtful,
            });
        }
        all.sort_by_key(|old| old.published_on);
        for some in all.chunks(AT_ONCE) {
            self.app
                .db
                .write(async |tx: &mut Tx| {
                    for old in some {
                        old::take(tx, &Actor::System, old.clone()).await?;
                    }
                    Ok::<_, NotDone>(())
                })
                .await?;
        }
        Ok(())
    }
}
