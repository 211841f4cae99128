//! What an office does in a year besides the ledger: cases, findings, 督办单, a bulletin, scores. Each step is one that
//! people take on the screens, by the demo's people, on a day of the past.

use anyhow::{Context as _, Result};
use gongkai_basis::id::PlanId;
use gongkai_basis::{Actor, Date};
use gongkai_plans::acts::{
    AppealScore, ApprovePractice, ApproveScores, ChoosePractice, ManageScores, SubmitPractice,
};
use gongkai_plans::assessment::scheme::Scheme;
use gongkai_plans::assessment::store::Side;
use gongkai_plans::assessment::{self, PeriodId, Points, class, score};
use gongkai_plans::step::StepError;
use gongkai_plans::{plan, practice};
use gongkai_platform::access::{Act, Permit, Scope, Session};
use gongkai_platform::account;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::inbox;
use gongkai_platform::web::App;
use jiff::ToSpan as _;
use jiff::tz::{TimeZone, offset};

use super::clock::at;
use super::organ;

/// The classes of the city's scheme, as its office would write them.
const CLASSES: &str = "县（市、区）政府：县级政府、功能区管委会\n市直部门：市级政府办公室、工作部门、直属机构、派出机构、党群机关、垂管单位\n公共企事业单位：企事业单位";
/// What is older than so many days has been read.
const READ_DAYS: i64 = 3;

/// The city office's year, up to today.
pub(super) struct Year<'a> {
    pub(super) app: &'a App,
    /// The city's plan of this year.
    pub(super) plan: PlanId,
    today: Date,
}

impl<'a> Year<'a> {
    pub(super) fn new(app: &'a App, plan: PlanId) -> Self {
        let today = app.today();
        Self { app, plan, today }
    }

    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn passes(&self) -> Result<()> {
        self.organisation().await.context("组织保障")?;
        self.rounds().await.context("报送轮次")?;
        self.changes().await.context("任务变更")?;
        self.old_site().await.context("旧站文件")?;
        self.documents().await.context("文件")?;
        self.catalogue().await.context("主动公开目录")?;
        self.guides().await.context("公开指南")?;
        self.columns().await.context("专栏")?;
        self.gazettes().await.context("公报")?;
        self.practice().await.context("优秀案例")?;
        self.findings().await.context("问题")?;
        self.orders().await.context("督办")?;
        self.bulletins().await.context("通报")?;
        self.scores().await.context("考核")?;
        self.requests().await.context("依申请公开")?;
        self.reviews().await.context("复议诉讼")?;
        self.publications().await.context("转主动公开")?;
        self.annual_reports().await.context("年度报告")?;
        self.read().await.context("收件箱")
    }

    /// What people were told until a few days ago they have read: what is new stands out.
    async fn read(&self) -> Result<()> {
        let evening = self.ago(READ_DAYS)?.at(20, 0, 0, 0);
        let until = evening.to_zoned(TimeZone::fixed(offset(8)))?.timestamp();
        self.app
            .db
            .upkeep(async |tx: &mut Tx| inbox::read_until(tx, until).await)
            .await?;
        Ok(())
    }

    pub(super) fn ago(&self, days: i64) -> Result<Date> {
        Ok(self.today.checked_sub(days.days())?)
    }

    /// The permit of one of the demo's people.
    pub(super) async fn permit<A: Act>(&self, login: &str) -> Result<Permit<A>> {
        let today = self.today;
        let session = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                let Some(person) = account::store::by_login(tx, login).await? else {
                    return Ok(None);
                };
                let roles = account::session::held_roles(tx, person.id, today).await?;
                Ok::<_, StoreError>(Some(Session {
                    account: person.id,
                    name: person.name,
                    roles,
                    second_factor: false,
                    unread: 0,
                    id_hash: String::new(),
                }))
            })
            .await?;
        session
            .and_then(|session| session.permit())
            .with_context(|| format!("{login} may not do this"))
    }

    /// One transaction on a day of the past.
    pub(super) async fn on<T>(
        &self,
        day: Date,
        step: impl AsyncFnOnce(&mut Tx) -> Result<T, StepError>,
    ) -> Result<T> {
        Ok(at(day, self.app.db.write(step)).await?)
    }

    /// A case that is submitted, chosen and approved, and one that waits.
    async fn practice(&self) -> Result<()> {
        let unit = self.permit::<SubmitPractice>("liaison").await?;
        let words = |title: &str, done: &str, effect: &str| practice::handle::Words {
            title: format!("（演示）{title}"),
            done_text: done.to_owned(),
            effect_text: effect.to_owned(),
        };
        let day = self.ago(45)?;
        let kept = words(
            "规章库“一处更新、处处同步”",
            "规章制定、修改、废止的当天更新库内条目，各栏目引用同一份文本。",
            "现行有效规章的更新时间由平均9天缩短到当天。",
        );
        let id = self
            .on(day, async |tx: &mut Tx| {
                practice::handle::submit(tx, &unit, "", (kept, Vec::new()), day).await
            })
            .await?
            .id;
        let clerk = self.permit::<ChoosePractice>("clerk").await?;
        self.on(self.ago(40)?, async |tx: &mut Tx| {
            practice::handle::choose(tx, &clerk, id, (practice::Step::Choose, "")).await
        })
        .await?;
        let head = self.permit::<ApprovePractice>("head").await?;
        self.on(self.ago(38)?, async |tx: &mut Tx| {
            practice::handle::approve(tx, &head, id).await
        })
        .await?;
        let other = self.permit::<SubmitPractice>("liaison2").await?;
        let day = self.ago(3)?;
        let waiting = words(
            "抽查结果“一图读懂”",
            "双随机抽查结果按月配图解读，同步公布复查结论。",
            "咨询电话比上季度减少三成。",
        );
        self.on(day, async |tx: &mut Tx| {
            practice::handle::submit(tx, &other, "", (waiting, Vec::new()), day).await
        })
        .await?;
        Ok(())
    }

    /// What the office itself saw on websites, one of it past its day.
    async fn findings(&self) -> Result<()> {
        let seen = [
            (
                "安澜市市场监督管理局",
                FindingKind::DeadLink,
                Severity::Minor,
                "抽查结果栏目有 2 个链接打不开",
                24,
                10,
            ),
            (
                "安澜市教育局",
                FindingKind::NotUpdated,
                Severity::Major,
                "学校目录超过半年没有更新",
                18,
                -6,
            ),
            (
                "云岭县人民政府",
                FindingKind::MissingField,
                Severity::Minor,
                "3 份规范性文件缺有效性标注",
                12,
                -9,
            ),
        ];
        let office = organ(&self.app.db, "安澜市人民政府办公室").await?;
        for (nth, (name, kind, severity, title, days, due)) in seen.into_iter().enumerate() {
            let unit = organ(&self.app.db, name).await?;
            let (day, due) = (self.ago(days)?, self.ago(due)?);
            let found = Found {
                organ: unit,
                office,
                key: format!("demo:{nth}"),
                kind,
                severity,
                source: Source::Person,
                title: format!("（演示）{title}"),
                detail: "（演示）日常巡查时发现，已截图留存。".to_owned(),
                url: None,
                about: None,
                found_on: day,
                fix_due_on: Some(due),
            };
            self.on(day, async |tx: &mut Tx| {
                Ok(finding::report(tx, &Actor::System, found).await?)
            })
            .await?;
        }
        Ok(())
    }

    /// The year before the newest plan's, locked; of the plan's own year what is over, with an appeal that waits.
    async fn scores(&self) -> Result<()> {
        let year = self.plan_year().await?;
        let last = [[year - 1, 1, 1], [year - 1, 12, 31], [year, 1, 12]].map(date);
        let [from, to, computed] = last;
        if let Some(id) = self
            .computed(
                &format!("{}年度考核", year - 1),
                year - 1,
                (from?, to?),
                computed?,
            )
            .await?
        {
            let (submitted, locked) = (date([year, 1, 21])?, date([year, 1, 23])?);
            let clerk = self.permit::<ManageScores>("clerk").await?;
            let head = self.permit::<ApproveScores>("head").await?;
            if locked < self.today {
                self.on(locked, async |tx: &mut Tx| {
                    assessment::handle::submit(tx, &clerk, id, submitted).await?;
                    let approve = (assessment::Step::Approve, "");
                    assessment::handle::decide(tx, &head, id, approve, locked).await
                })
                .await?;
            }
        }
        if let Some(part) = PartOfYear::of(year, self.today)? {
            let title = format!("{year}年{}考核", part.name);
            let range = (part.from, part.to);
            if let Some(id) = self.computed(&title, year, range, part.computed).await? {
                self.appeal(id, part.appealed).await?;
            }
        }
        Ok(())
    }

    /// The year of the demo's newest plan of the city.
    async fn plan_year(&self) -> Result<i16> {
        let plan = self
            .app
            .db
            .read(async |tx: &mut Tx| plan::store::load(tx, &Scope::Everything, self.plan).await)
            .await?
            .context("演示方案不在了")?;
        Ok(i16::try_from(plan.year)?)
    }

    /// A period computed on its day; `None` while that day is still to come.
    async fn computed(
        &self,
        title: &str,
        year: i16,
        range: (Date, Date),
        day: Date,
    ) -> Result<Option<PeriodId>> {
        if day >= self.today {
            return Ok(None);
        }
        let clerk = self.permit::<ManageScores>("clerk").await?;
        let calendar = self.app.calendar();
        let title = format!("{title}（演示）");
        let year = i64::from(year);
        let id = self
            .on(day, async |tx: &mut Tx| {
                let scheme = Scheme {
                    classes: class::read(CLASSES, &[]).0,
                    ..Scheme::standard(year)
                };
                assessment::handle::save_scheme(tx, &clerk, ("", year), &scheme).await?;
                let dates = (Some(range.0), Some(range.1));
                let id = assessment::handle::open(tx, &clerk, "", (&title, year), dates)
                    .await?
                    .id;
                let period = assessment::store::load(tx, Side::Office(clerk.scope()), id).await?;
                let units = match &period {
                    Some(period) => assessment::store::units(tx, period, None, (0, 12)).await?,
                    None => Vec::new(),
                };
                for (number, (unit, _)) in (0_i64..).zip(&units) {
                    let judged = (
                        Some(Points(1_450 - 100 * (number * 5 % 7))),
                        "（演示）按抽查到的解读件数和质量评定。",
                    );
                    assessment::judge::judge(tx, &clerk, (id, *unit, "b1"), judged).await?;
                }
                for (code, points) in [("b1", 1_300), ("c1", 900), ("f3", 450)] {
                    let judged = (Some(Points(points)), "（演示）抽查门户网站，内容齐全。");
                    assessment::judge::judge_rest(tx, &clerk, (id, code), judged).await?;
                }
                assessment::handle::compute(tx, &clerk, id, (&calendar, day)).await?;
                Ok(id)
            })
            .await?;
        Ok(Some(id))
    }

    /// The liaison's unit disputes the first line that cost it points.
    async fn appeal(&self, id: PeriodId, day: Date) -> Result<()> {
        let unit = self.permit::<AppealScore>("liaison").await?;
        self.on(day, async |tx: &mut Tx| {
            let side = Side::Unit(unit.scope());
            let Some(period) = assessment::store::load(tx, side, id).await? else {
                return Ok(());
            };
            let own = Some(unit.scope());
            let kept = assessment::store::kept(tx, id, own, (0, 1)).await?;
            let Some(kept) = kept.first() else {
                return Ok(());
            };
            let lines = score::unit(&period.scheme, &kept.inputs, &[]).lines;
            let lost = lines
                .into_iter()
                .find(|line| line.points < line.indicator.weight);
            if let Some(line) = lost {
                let text = "（演示）材料已按期报送，因系统切换显示较晚，请核对送达记录。";
                let which = (id, kept.organ, line.indicator.code.as_str());
                assessment::appeal::appeal(tx, &unit, which, (text, Vec::new()), day).await?;
            }
            Ok(())
        })
        .await
    }
}

/// What of a plan's year is scored, and when.
#[derive(Debug, PartialEq, Eq)]
struct PartOfYear {
    name: &'static str,
    from: Date,
    to: Date,
    computed: Date,
    /// A unit disputes a line.
    appealed: Date,
}

impl PartOfYear {
    /// The first half; before it is over and scored what went by so far, so that a demo shows a dispute on every day. `None`
    /// in the year's first days.
    fn of(year: i16, today: Date) -> Result<Option<Self>> {
        let half = Self {
            name: "上半年",
            from: date([year, 1, 1])?,
            to: date([year, 6, 30])?,
            computed: date([year, 7, 6])?,
            appealed: date([year, 7, 8])?,
        };
        if half.appealed < today {
            return Ok(Some(half));
        }
        let so_far = Self {
            name: "阶段",
            to: today.checked_sub(10.days())?,
            computed: today.checked_sub(6.days())?,
            appealed: today.checked_sub(4.days())?,
            ..half
        };
        Ok((so_far.from < so_far.to).then_some(so_far))
    }
}

fn date([year, month, day]: [i16; 3]) -> Result<Date> {
    Ok(Date::new(year, i8::try_from(month)?, i8::try_from(day)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_shows_a_dispute_on_every_day_of_the_plans_year_and_after() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let of = |today: &str| PartOfYear::of(2026, day(today)).unwrap();
        for today in ["2026-07-09", "2026-11-30", "2027-05-01"] {
            let part = of(today).unwrap();
            assert_eq!((part.name, part.to), ("上半年", day("2026-06-30")));
        }
        for today in ["2026-01-13", "2026-03-18", "2026-07-07", "2026-07-08"] {
            let part = of(today).unwrap();
            let days = [part.from, part.to, part.computed, part.appealed, day(today)];
            assert!(days.windows(2).all(|two| two[0] < two[1]), "{days:?}");
        }
        assert_eq!(of("2026-01-05"), None);
    }
}
