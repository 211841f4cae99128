//! Annual reports: last year's published for the city and some units; this year's being written, one of them with a sum that
//! does not add up and a paragraph copied from last year.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_reports::amount::Amount;
use gongkai_reports::annual::handle::{self, Typed};
use gongkai_reports::annual::import::{self, Brought, Original};
use gongkai_reports::annual::{Annual, store};
use gongkai_reports::consolidated;
use gongkai_reports::draft::Draft;
use gongkai_reports::form::{CARRY_IN, CARRY_OUT, Cell, TOTAL};
use gongkai_reports::model::Report;

use super::clock::at;
use super::organ;
use super::year::Year;

const CITY: &str = "安澜市人民政府";
/// The unit whose draft carries the planted faults: the demo's liaison writes it.
const FAULTY: &str = "安澜市司法局";
const WAITING: &str = "安澜市市场监督管理局";

/// What a unit counts in a year, by code: natural persons and companies, in and out.
struct Counts {
    unit: &'static str,
    /// 本年新收, 上年结转, 予以公开, 部分公开, 不掌握, 结转下年 of natural persons.
    natural: [i64; 6],
    /// 本年新收 and 予以公开 of companies.
    companies: i64,
    normative: [i64; 3],
    decisions: [i64; 3],
}

const fn counts(
    unit: &'static str,
    natural: [i64; 6],
    companies: i64,
    normative: [i64; 3],
    decisions: [i64; 3],
) -> Counts {
    Counts {
        unit,
        natural,
        companies,
        normative,
        decisions,
    }
}

const LAST: [Counts; 4] = [
    counts(FAULTY, [14, 1, 9, 2, 3, 1], 2, [1, 0, 12], [36, 4, 0]),
    counts(
        "安澜市财政局",
        [9, 0, 6, 1, 2, 0],
        1,
        [2, 1, 18],
        [12, 1, 0],
    ),
    counts(
        "安澜市教育局",
        [21, 2, 15, 3, 3, 2],
        0,
        [3, 1, 22],
        [140, 2, 0],
    ),
    counts(
        WAITING,
        [33, 3, 20, 6, 7, 3],
        8,
        [2, 0, 15],
        [8_210, 417, 63],
    ),
];

const THIS: [Counts; 3] = [
    counts(FAULTY, [18, 1, 12, 3, 2, 2], 1, [1, 1, 12], [41, 3, 0]),
    counts(
        "安澜市财政局",
        [11, 0, 8, 1, 1, 1],
        2,
        [1, 0, 19],
        [10, 0, 0],
    ),
    counts(
        WAITING,
        [29, 3, 18, 5, 6, 3],
        6,
        [1, 2, 14],
        [8_466, 398, 51],
    ),
];

impl Counts {
    fn cells(&self) -> BTreeMap<Cell, String> {
        let [new, carry_in, open, partial, nohold, carry_out] = self.natural;
        let natural = [
            (0, new),
            (1, carry_in),
            (2, open),
            (3, partial),
            (12, nohold),
            (24, carry_out),
        ];
        let mut cells: BTreeMap<Cell, String> = Cell::all()
            .filter(|cell| !cell.is_total())
            .map(|cell| (cell, "0".to_owned()))
            .collect();
        for (row, n) in natural {
            cells.insert(Cell::Three(row, 0), n.to_string());
        }
        for row in [0, 2] {
            cells.insert(Cell::Three(row, 1), self.companies.to_string());
        }
        let two = self.normative.iter().chain(&self.decisions);
        for (at, n) in (3..).zip(two) {
            cells.insert(Cell::Two(at), n.to_string());
        }
        cells
    }

    fn received(&self) -> i64 {
        let [new, ..] = self.natural;
        new + self.companies
    }

    fn texts(&self, what: &str) -> [String; 6] {
        let mut texts: [String; 6] = Default::default();
        let [general, .., problems, other] = &mut texts;
        *general = format!(
            "（演示）主动公开方面，及时发布{what}信息。依申请公开方面，全年新收政府信息公开申请{}件。\n\
             政府信息管理方面，落实公开前审查；平台建设方面，维护好网站专栏；监督保障方面，组织培训和考核。",
            self.received()
        );
        *problems = format!("（演示）{what}政策解读的形式还不够丰富，下一步多用图文和问答。");
        "（演示）本年度未收取信息处理费。政务公开工作要点任务按计划推进。".clone_into(other);
        texts
    }
}

impl Counts {
    /// This year's words, which are not last year's.
    fn new_texts(&self, what: &str) -> [String; 6] {
        let mut texts: [String; 6] = Default::default();
        let [general, .., problems, other] = &mut texts;
        *general = format!(
            "（演示）{what}专栏改版后按事项集中发布，群众一页看全。新收政府信息公开申请{}件，答复前先电话沟通。\n\
             {what}文件逐件标注有效性，失效的当天下架；公开平台增加问答栏目；开展两次业务培训，公开工作列入年度考核，接受监督。",
            self.received()
        );
        *problems = format!(
            "（演示）上年指出的解读形式问题已改进；{what}数据更新还有延迟，将改为办结后自动发布。"
        );
        "（演示）没有收取信息处理费；年度政务公开工作要点所列事项均有佐证。".clone_into(other);
        texts
    }
}

/// What one unit writes about, so that no two write the same.
fn theme(unit: &str) -> &'static str {
    match unit {
        FAULTY => "规章和行政执法",
        WAITING => "产品质量抽查和信用监管",
        "安澜市财政局" => "预决算和政府采购",
        _ => "招生入学和校园安全",
    }
}

/// The paragraph that one unit copies from its own report of last year, but for a number.
const COPIED: &str = "（演示）着力提升政策解读质量，坚持政策文件与解读材料同步起草、同步审批、同步发布，全年发布解读材料";

impl Year<'_> {
    pub(super) async fn annual_reports(&self) -> Result<()> {
        let today = self.ago(0)?;
        let (last, year) = (today.year() - 1, today.year());
        for one in &LAST {
            self.published(one, last).await?;
        }
        self.city(last).await?;
        for one in &THIS {
            self.written(one, year).await?;
        }
        let city = organ(&self.app.db, CITY).await?;
        let begun = self.begun(city, year, today).await?;
        self.carried_over(city, begun, today).await
    }

    /// What last year left over came in before this system: the city's draft takes it from last year's report, so that both
    /// add up.
    async fn carried_over(&self, city: OrganId, begun: Annual, day: Date) -> Result<()> {
        let year = begun.year - 1;
        let last = self
            .app
            .db
            .read(async |tx: &mut Tx| store::of_year(tx, city, year).await)
            .await?
            .context("没有上年报告")?;
        let whole = |draft: &Draft, cell: Cell| -> i64 {
            draft
                .value(cell)
                .amount()
                .and_then(Amount::as_whole)
                .unwrap_or(0)
        };
        let mut cells = BTreeMap::new();
        for column in 0..TOTAL {
            let left = whole(&last.draft, Cell::Three(CARRY_OUT, column));
            let taken = left - whole(&begun.draft, Cell::Three(CARRY_IN, column));
            for row in [CARRY_IN, 2] {
                let cell = Cell::Three(row, column);
                cells.insert(cell, (whole(&begun.draft, cell) + taken).to_string());
            }
        }
        for first in [0, 3] {
            let [made, repealed] = [0, 1].map(|at| whole(&begun.draft, Cell::Two(first + at)));
            let before = whole(&last.draft, Cell::Two(first + 2));
            cells.insert(Cell::Two(first + 2), (before + made - repealed).to_string());
        }
        let typed = Typed {
            cells,
            texts: begun.draft.texts.clone(),
            why: "（演示）上年结转的和旧库的文件在本系统上线以前登记".to_owned(),
        };
        let of = (begun.id, begun.version);
        self.kept(day, async |tx: &mut Tx| {
            handle::save(tx, &Permit::system(), of, typed).await
        })
        .await
        .context("上年结转")?;
        Ok(())
    }

    async fn kept<T>(
        &self,
        day: Date,
        step: impl AsyncFnOnce(&mut Tx) -> Result<T, NotDone>,
    ) -> Result<T> {
        at(day, self.app.db.write(step))
            .await
            .map_err(|error| match error {
                NotDone::Refused(reasons) => anyhow::anyhow!("{reasons:?}"),
                other => other.into(),
            })
    }

    /// Last year's report of a unit, as if brought in from a file.
    async fn published(&self, one: &Counts, year: i16) -> Result<()> {
        let unit = organ(&self.app.db, one.unit).await?;
        let mut draft = Draft::default();
        draft
            .fill(&one.cells(), "（演示）")
            .map_err(|reasons| anyhow::anyhow!("{reasons:?}"))?;
        draft.texts = one.texts(theme(one.unit));
        if one.unit == FAULTY {
            let [general, ..] = &mut draft.texts;
            general.push_str(&format!("\n{COPIED}21篇。"));
        }
        let report = draft.report(one.unit, year);
        self.brought(unit, year, &report, Date::new(year + 1, 1, 20)?)
            .await
    }

    async fn brought(&self, unit: OrganId, year: i16, report: &Report, day: Date) -> Result<()> {
        let publish = Permit::system();
        let original = Original {
            name: "（演示）上年年度报告.docx",
            kept: None,
        };
        let what = (report, &original, Brought::AsPublished(&publish));
        // Until March the year's report would have to go the whole way here.
        let judged = Date::new(year + 1, 12, 31)?;
        self.kept(day, async |tx: &mut Tx| {
            import::import(tx, &Permit::system(), (unit, year), what, judged).await
        })
        .await?;
        Ok(())
    }

    /// The city's report is what its own office counted, with the sum of its units'.
    async fn city(&self, year: i16) -> Result<()> {
        let city = organ(&self.app.db, CITY).await?;
        let units = self
            .app
            .db
            .read(async |tx: &mut Tx| store::of_units(tx, city, year).await)
            .await?;
        let mut draft = Draft::default();
        let own = BTreeMap::from([
            (Cell::Two(0), "1".to_owned()),
            (Cell::Two(2), "9".to_owned()),
        ]);
        draft
            .fill(&own, "（演示）市政府规章")
            .map_err(|reasons| anyhow::anyhow!("{reasons:?}"))?;
        let sums = consolidated::sums(&units);
        draft.take_units(&sums, &BTreeMap::new(), "（演示）本级的数加各单位之和");
        let [general, .., problems, other] = &mut draft.texts;
        *general = "（演示）全市依法主动公开政府信息，规范办理政府信息公开申请，加强政府信息管理和政府信息公开平台建设。\n\
             监督保障方面，开展工作考核和社会评议，没有责任追究情形。"
            .to_owned();
        "（演示）部分单位答复文书不够规范，下一步组织业务培训。".clone_into(problems);
        "（演示）全市未收取信息处理费。政务公开工作要点已全部落实。".clone_into(other);
        let report = draft.report(CITY, year);
        self.brought(city, year, &report, Date::new(year + 1, 3, 20)?)
            .await
    }

    async fn begun(&self, unit: OrganId, year: i16, day: Date) -> Result<Annual> {
        let seams = &self.app.seams;
        self.kept(day, async |tx: &mut Tx| {
            handle::begin(tx, &Permit::system(), seams, (unit, year), day).await
        })
        .await
    }

    /// This year's report of a unit: one waits for the pre-check, one has faults.
    async fn written(&self, one: &Counts, year: i16) -> Result<()> {
        let unit = organ(&self.app.db, one.unit).await?;
        let day = self.ago(5)?;
        let annual = self.begun(unit, year, day).await.context("开始编写")?;
        let mut typed = Typed {
            cells: one.cells(),
            texts: one.new_texts(theme(one.unit)),
            why: "（演示）本单位依申请公开台账".to_owned(),
        };
        if one.unit == FAULTY {
            // One case too few is carried over, and last year's paragraph stands there with a new number.
            typed.cells.insert(Cell::Three(24, 0), "1".to_owned());
            let [general, ..] = &mut typed.texts;
            general.push_str(&format!("\n{COPIED}36篇。"));
        }
        let of = (annual.id, annual.version);
        let annual = self
            .kept(day, async |tx: &mut Tx| {
                handle::save(tx, &Permit::system(), of, typed).await
            })
            .await
            .context("填写")?;
        if one.unit == WAITING {
            self.kept(day, async |tx: &mut Tx| {
                let stored = store::of_year(tx, unit, year).await?;
                let version = stored.map_or(annual.version, |stored| stored.version);
                handle::confirm(tx, &Permit::system(), (annual.id, version)).await
            })
            .await
            .context("确认")?;
        }
        Ok(())
    }
}
