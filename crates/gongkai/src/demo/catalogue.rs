//! The catalogue of what must be public: the city's entries, what the county and a town replaced, a year of fillings with
//! some gaps, and the gaps as findings.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_catalogue::acts::{FillCatalogue, KeepCatalogue};
use gongkai_catalogue::due::{self, Owed};
use gongkai_catalogue::entry::handle::{self, New};
use gongkai_catalogue::entry::{Entry, Words};
use gongkai_catalogue::filling::handle::{self as filling, Said};
use gongkai_catalogue::filling::{Cell, Standing};
use gongkai_catalogue::gap;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ::{self as directory, Organ};
use gongkai_platform::seam::{Found, Wanted};
use jiff::ToSpan as _;

use super::clock::at;
use super::organ;
use super::year::Year;

const CITY: &str = "安澜市人民政府";
const COUNTY: &str = "云岭县人民政府";
const TOWN: &str = "云岭县青禾镇人民政府";
const SITE: &str = "https://www.anlan.example/zwgk";

/// One line of the standard list, in the order of its columns.
struct Line {
    class: i64,
    domain: &'static str,
    item: &'static str,
    sub: &'static str,
    content: &'static str,
    basis: &'static str,
    limit: &'static str,
    publisher: &'static str,
    levels: &'static str,
}

macro_rules! lines {
    ($(($class:literal, $domain:literal, $item:literal, $sub:literal, $content:literal, $basis:literal, $limit:literal, $publisher:literal, $levels:literal)),+ $(,)?) => {
        &[$(Line { class: $class, domain: $domain, item: $item, sub: $sub, content: $content, basis: $basis, limit: $limit, publisher: $publisher, levels: $levels }),+]
    };
}

const REGULATION: &str = "《中华人民共和国政府信息公开条例》";

#[rustfmt::skip]
const ITEMS: &[Line] = lines![
    (1, "", "行政规范性文件", "现行有效规范性文件目录", "文件名称、文号、发布日期、有效性", "《中华人民共和国政府信息公开条例》第二十条第一项", "每半年公开一次", "各级人民政府", "市级、县级"),
    (2, "", "机关职能", "机构职能和负责人", "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名", "《中华人民共和国政府信息公开条例》第二十条第二项", "每年公开一次", "各部门、各级人民政府", "市级、县级、乡级"),
    (3, "", "规划信息", "国民经济和社会发展规划", "规划文本、年度计划、执行情况", "《中华人民共和国政府信息公开条例》第二十条第三项", "每年公开一次", "发展和改革部门", "市级、县级"),
    (4, "", "统计信息", "经济运行情况", "主要指标、增速、分析", "《中华人民共和国政府信息公开条例》第二十条第四项", "每季度公开一次", "发展和改革部门", "市级"),
    (5, "", "行政许可", "行政许可办理结果", "许可决定文书号、事项名称、相对人、决定日期", "《中华人民共和国行政许可法》第四十条", "每季度公开一次", "市场监督管理部门、自然资源部门", "市级、县级"),
    (6, "城市综合执法", "行政处罚", "行政处罚决定", "处罚依据、条件、程序和具有一定社会影响的处罚决定", "《中华人民共和国行政处罚法》第四十八条", "每季度公开一次", "住房和城乡建设部门", "市级"),
    (7, "财政预决算", "财政预决算", "部门预算", "收支总表、“三公”经费、机关运行经费", "《中华人民共和国预算法》第十四条", "每年公开一次", "各部门", "市级、县级"),
    (7, "财政预决算", "财政预决算", "政府预算执行情况", "一般公共预算、政府性基金预算执行情况", "《中华人民共和国预算法》第十四条", "每半年公开一次", "财政部门", "市级、县级"),
    (8, "", "行政事业性收费", "收费目录清单", "项目、依据、标准", "《中华人民共和国政府信息公开条例》第二十条第八项", "每年公开一次", "财政部门", "市级"),
    (9, "公共资源交易", "政府采购", "集中采购项目目录和标准", "目录、标准、实施情况", "《中华人民共和国政府采购法》第十一条", "每半年公开一次", "财政部门", "市级"),
    (10, "重大建设项目", "重大建设项目", "批准和实施情况", "项目名称、批准结果、施工进展、竣工", "《中华人民共和国政府信息公开条例》第二十条第十项", "每季度公开一次", "发展和改革部门", "市级"),
    (11, "义务教育", "招生管理", "义务教育招生", "招生方案、范围、条件、程序、结果", "《中华人民共和国义务教育法》", "每年公开一次", "教育部门", "市级、县级"),
    (11, "社会救助", "最低生活保障", "低保对象名单和标准", "保障标准、对象名单、救助金额", "《社会救助暂行办法》", "每季度公开一次", "民政部门", "市级"),
    (11, "就业", "公共就业服务", "就业政策和招聘信息", "政策、申领条件、招聘活动", "《中华人民共和国就业促进法》", "每季度公开一次", "人力资源和社会保障部门", "市级"),
    (11, "医疗卫生", "公共卫生服务", "卫生监督抽查结果", "抽查范围、结果、处理情况", "《中华人民共和国基本医疗卫生与健康促进法》", "每半年公开一次", "卫生健康部门", "市级、县级"),
    (11, "生态环境", "环境质量", "空气和饮用水水质", "监测点位、指标、达标情况", "《中华人民共和国环境保护法》第五十四条", "每月公开一次", "生态环境部门", "市级"),
    (11, "涉农补贴", "涉农补贴", "补贴政策和发放结果", "补贴对象、标准、发放结果", "《中华人民共和国农业法》", "每半年公开一次", "农业农村部门、乡镇人民政府", "县级、乡级"),
    (11, "公共文化服务", "公共文化机构", "场馆开放和活动", "开放时间、活动安排、免费项目", "《中华人民共和国公共文化服务保障法》", "每季度公开一次", "文化广电旅游部门", "市级"),
    (11, "公共法律服务", "法律援助", "法律援助办理情况", "机构、条件、程序、办理数据", "《中华人民共和国法律援助法》", "每季度公开一次", "司法部门", "市级、县级"),
    (12, "救灾", "应急管理", "突发事件应急预案", "预案、预警信息、应对情况", "《中华人民共和国突发事件应对法》", "每年公开一次", "应急管理部门", "市级、县级"),
    (13, "食品药品监管", "监督检查", "食品药品抽检结果", "抽检品种、不合格项目、处置", "《中华人民共和国食品安全法》第一百一十八条", "每月公开一次", "市场监督管理部门", "市级"),
    (13, "安全生产", "监督检查", "安全生产执法检查", "检查计划、重大隐患、整改结果", "《中华人民共和国安全生产法》", "每季度公开一次", "应急管理部门", "市级、县级"),
    (14, "", "公务员招考", "招考职位和录用结果", "职位、名额、报考条件、录用结果", "《中华人民共和国公务员法》", "每年公开一次", "人力资源和社会保障部门", "市级"),
    (15, "", "重大行政决策", "重大行政决策事项目录", "事项、承办单位、决策时间", "《重大行政决策程序暂行条例》", "每年公开一次", "各级人民政府", "市级、县级"),
];

/// What the county writes otherwise than the city, and the town otherwise than the county: of which item.
#[rustfmt::skip]
const COUNTY_OWN: &[Line] = lines![
    (11, "涉农补贴", "涉农补贴", "补贴政策和发放结果", "补贴对象、标准、分村发放结果、咨询电话", "《中华人民共和国农业法》；县政府常务会议要求", "每季度公开一次", "农业农村部门、乡镇人民政府", "县级、乡级"),
    (11, "义务教育", "招生管理", "义务教育招生", "招生方案、学区划分图、随迁子女入学、结果", "《中华人民共和国义务教育法》", "每半年公开一次", "县教育局", "县级"),
];
#[rustfmt::skip]
const TOWN_OWN: &[Line] = lines![
    (11, "涉农补贴", "涉农补贴", "补贴政策和发放结果", "分村分户发放结果、咨询电话、公示栏照片", "《中华人民共和国农业法》", "每月公开一次", "青禾镇人民政府", "乡级"),
];
#[rustfmt::skip]
const TOWN_NEW: &[Line] = lines![
    (15, "", "乡镇事务", "筹资筹劳", "项目、金额、用途、结果", "《中华人民共和国政府信息公开条例》第二十一条", "每半年公开一次", "青禾镇人民政府", "乡级"),
    (15, "", "乡镇事务", "宅基地使用情况审核", "申请人、位置、面积、审核结果", "《中华人民共和国政府信息公开条例》第二十一条", "每季度公开一次", "青禾镇人民政府", "乡级"),
];

fn words(prefix: &str, nth: usize, line: &Line) -> Words {
    let text = str::to_owned;
    Words {
        index_number: format!("{prefix}-{:02}-{nth:03}", line.class),
        class: line.class,
        domain: text(line.domain),
        item: text(line.item),
        sub_item: text(line.sub),
        content: text(line.content),
        basis: if line.basis.is_empty() {
            text(REGULATION)
        } else {
            text(line.basis)
        },
        limit_text: text(line.limit),
        publisher: text(line.publisher),
        channels: text("■政府网站 ■政府信息公开平台 □公开查阅点"),
        audience: text("全社会"),
        method: text("主动"),
        levels: text(line.levels),
    }
}

/// Which of the demo's documents show an entry: words of its name, and of their titles.
const SHOWN_BY: [(&str, &str); 8] = [
    ("机构职能", "工作机构职能"),
    ("发展规划", "“十五五”规划"),
    ("义务教育", "义务教育招生入学"),
    ("就业", "高校毕业生就业"),
    ("卫生监督", "家庭医生签约服务"),
    ("饮用水", "饮用水水源地保护"),
    ("应急预案", "应急预案"),
    ("补贴", "高标准农田建设"),
];

/// The published document for a period of an entry, if the demo has one that fits.
fn record<'f>(name: &str, (number, day): (usize, Date), records: &'f [Found]) -> Option<&'f Found> {
    let (_, title) = SHOWN_BY.iter().find(|(word, _)| name.contains(word))?;
    let fitting: Vec<&Found> = records
        .iter()
        .filter(|found| found.title.contains(title))
        .filter(|found| found.dated_on.is_some_and(|on| on <= day))
        .collect();
    fitting.get(number % fitting.len().max(1)).copied()
}

/// What a person does about one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Shown,
    Nothing,
    Left,
}

impl Course {
    /// Most is filled; some periods have nothing; some are forgotten.
    fn of(number: usize) -> Self {
        match number % 13 {
            4 => Self::Left,
            2 | 9 => Self::Nothing,
            _ => Self::Shown,
        }
    }
}

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn catalogue(&self) -> Result<()> {
        let formed_on = Date::new(self.ago(0)?.year(), 1, 4)?;
        let clerk = self.permit::<KeepCatalogue>("clerk").await?;
        let county = self.permit::<KeepCatalogue>("county").await?;
        let city = self
            .entries(&clerk, (CITY, "AL"), ITEMS, &[], formed_on)
            .await?;
        let above = self
            .entries(&county, (COUNTY, "YL"), COUNTY_OWN, &city, formed_on)
            .await?;
        let town = Permit::system();
        self.entries(&town, (TOWN, "QH"), TOWN_OWN, &above, formed_on)
            .await?;
        self.entries(&town, (TOWN, "QH-B"), TOWN_NEW, &[], formed_on)
            .await?;
        self.fillings().await?;
        for (login, base) in [("clerk", CITY), ("county", COUNTY)] {
            let permit = self.permit::<KeepCatalogue>(login).await?;
            let base = organ(&self.app.db, base).await?;
            gap::run(self.app, permit.actor(), base).await?;
        }
        Ok(())
    }

    /// Entries of one organ; those of the same item above are replaced.
    async fn entries(
        &self,
        permit: &Permit<KeepCatalogue>,
        (name, prefix): (&str, &str),
        lines: &[Line],
        above: &[Entry],
        formed_on: Date,
    ) -> Result<Vec<Entry>> {
        let organ = organ(&self.app.db, name).await?;
        let mut made = Vec::with_capacity(lines.len());
        for (nth, line) in (1..).zip(lines) {
            let replaced = above
                .iter()
                .find(|entry| entry.words.item == line.item && entry.words.domain == line.domain);
            let new = New {
                organ,
                overrides: replaced.map(|entry| entry.id),
                words: words(prefix, nth, line),
                formed_on,
                in_force_on: formed_on,
            };
            let added = self
                .app
                .db
                .write(async |tx: &mut Tx| handle::add(tx, permit, new).await);
            made.push(at(formed_on, added).await?);
        }
        Ok(made)
    }

    /// Every period that was due is filled some days before its day, but for those that were forgotten.
    async fn fillings(&self) -> Result<()> {
        let (today, calendar) = (self.ago(0)?, self.app.calendar());
        let (years, records) = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                let units: Vec<Organ> = directory::store::all(tx).await?;
                let years = due::years(tx, units, today.year(), (&calendar, today)).await?;
                let wanted = Wanted {
                    kind: "document".to_owned(),
                    words: String::new(),
                    within: None,
                };
                let records = self.app.seams.find(tx, &Scope::Everything, &wanted).await?;
                Ok::<_, StoreError>((years, records))
            })
            .await?;
        let clerk = self.permit::<FillCatalogue>("clerk").await?;
        let county = self.permit::<FillCatalogue>("county").await?;
        let mut number = 0;
        for year in &years {
            let permit = if year.unit.name.starts_with("云岭县") && year.unit.name != COUNTY {
                &county
            } else {
                &clerk
            };
            // Those that neither office watches over stay empty, as they are before their own offices begin.
            let other = ["东渚区", "石桥县"]
                .iter()
                .any(|name| year.unit.name.starts_with(name));
            for owed in year.owed.iter().filter(|_| !other) {
                for cell in &owed.cells {
                    number += 1;
                    if cell.standing == Standing::Overdue {
                        self.fills(permit, (year.unit.id, owed), cell, (number, &records))
                            .await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn fills(
        &self,
        permit: &Permit<FillCatalogue>,
        (organ, owed): (OrganId, &Owed),
        cell: &Cell,
        (number, records): (usize, &[Found]),
    ) -> Result<()> {
        let (calendar, course) = (self.app.calendar(), Course::of(number));
        let title = format!("（演示）{}{}", owed.entry.words.name(), cell.period.name);
        let address = Said::Address(
            title,
            format!(
                "{SITE}/{}/{}.html",
                owed.entry.words.index_number, cell.period.code
            ),
        );
        let name = owed.entry.words.name();
        let Some(due) = cell.period.due_on else {
            return Ok(());
        };
        let day = due.checked_sub(6.days())?.max(cell.period.last);
        let said = match (course, record(name, (number, day), records)) {
            (Course::Left, _) => return Ok(()),
            (Course::Nothing, _) => {
                Said::Nothing("（演示）本期没有新增或变更，特此说明。".to_owned())
            }
            (Course::Shown, Some(found)) => Said::Record(found.of.clone()),
            (Course::Shown, None) => address,
        };
        let filled = self.app.db.write(async |tx: &mut Tx| {
            let of = (owed.entry.id, organ, cell.period.code.as_str());
            let now = (&self.app.seams, &*calendar, day);
            filling::fill(tx, permit, of, said, now).await?;
            Ok::<_, NotDone>(())
        });
        at(day, filled).await?;
        Ok(())
    }
}
