//! The organisation ledger of the city: a leading group that changed, meetings and hearings of this year and the last,
//! training with attendance, a submission, a pilot, and a register in which some units still lack somebody.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_organisation::activity::{ActivityKind, Attendee, Words, handle as activities};
use gongkai_organisation::acts::{KeepGroup, KeepOrganisation};
use gongkai_organisation::group::GroupDuty;
use gongkai_organisation::group::handle as group;
use gongkai_organisation::staff::handle::{Instead, register};
use gongkai_organisation::staff::{StaffKind, Words as Person};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;

use super::clock::at;
use super::organ;
use super::year::Year;

const CITY: &str = "安澜市人民政府";
const OWN: &str = "安澜市司法局";

/// Units with a register of three; the second and the third lack a leader or somebody who answers.
const REGISTERED: [(&str, &[StaffKind]); 6] = [
    ("安澜市人民政府办公室", StaffKind::ALL),
    (OWN, &[StaffKind::Body, StaffKind::Responsible]),
    ("安澜市教育局", &[StaffKind::Leader, StaffKind::Body]),
    ("安澜市财政局", StaffKind::ALL),
    ("安澜市民政局", StaffKind::ALL),
    ("云岭县人民政府", StaffKind::ALL),
];

/// Who leads: duty, name, post, days ago of coming, and of leaving with its reason.
const GROUP: [(GroupDuty, &str, &str, i64, Option<i64>); 5] = [
    (GroupDuty::Head, "甲某", "常务副市长", 600, Some(210)),
    (GroupDuty::Head, "乙某", "常务副市长", 210, None),
    (GroupDuty::Deputy, "丙某", "市政府秘书长", 600, None),
    (GroupDuty::OfficeHead, "丁某", "市政府办公室主任", 600, None),
    (GroupDuty::Member, "戊某", "市司法局局长", 480, None),
];

fn person(name: &str) -> String {
    format!("（演示）{name}")
}

fn words(kind: ActivityKind, held_on: Date, unit: &str) -> Words {
    let (title, place, who, summary, outcome) = match kind {
        ActivityKind::Meeting => (
            "政务公开领导小组会议",
            "市政府第二会议室",
            "甲某",
            "审议年度工作要点分工方案，研究政府信息公开平台改版。",
            "原则同意分工方案；平台改版由市政务服务和数据管理局牵头。",
        ),
        ActivityKind::Hearing => (
            "听取政务公开工作汇报",
            "局会议室",
            "己某",
            "听取本单位上半年要点任务落实和依申请公开办理情况汇报。",
            "逾期任务列入局务督办，月底前补报佐证。",
        ),
        ActivityKind::Training => (
            "政府信息公开申请办理业务培训",
            "市委党校三号教室",
            "庚某",
            "讲解答复期限的计算、补正和征求第三方意见，分析三起被纠错的案例。",
            "现场测试平均91分。",
        ),
        ActivityKind::Submission => (
            "规章库集中公开的做法",
            "政务公开工作交流",
            "辛某",
            "介绍规章一处更新、处处同步的做法和效果。",
            "已收稿，待采用。",
        ),
        ActivityKind::Pilot => (
            "基层政务公开专区标准化试点",
            "青禾镇便民服务中心",
            "壬某",
            "统一专区的设备、栏目和台账，提供查阅、申请、咨询三项服务。",
            "专区已建成，累计接待群众。",
        ),
    };
    let attendees = [
        ("甲某", CITY, true),
        ("丁某", unit, true),
        ("癸某", unit, false),
    ];
    Words {
        title: format!("（演示）{title}"),
        held_on,
        until_on: None,
        place: place.to_owned(),
        person: person(who),
        summary: summary.to_owned(),
        outcome: outcome.to_owned(),
        attendees: if kind.has_attendance() {
            attendees
                .map(|(name, unit, attended)| Attendee {
                    name: person(name),
                    unit: unit.to_owned(),
                    attended,
                })
                .to_vec()
        } else {
            Vec::new()
        },
    }
}

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn organisation(&self) -> Result<()> {
        self.group().await?;
        for (kind, unit, days) in [
            (ActivityKind::Meeting, CITY, 400),
            (ActivityKind::Meeting, CITY, 190),
            (ActivityKind::Hearing, OWN, 420),
            (ActivityKind::Hearing, "安澜市人民政府办公室", 120),
            (ActivityKind::Hearing, "安澜市财政局", 95),
            (ActivityKind::Training, "安澜市人民政府办公室", 160),
            (ActivityKind::Training, OWN, 60),
            (ActivityKind::Submission, OWN, 75),
            (ActivityKind::Pilot, "云岭县人民政府", 150),
        ] {
            self.activity(kind, unit, days).await?;
        }
        for (nth, (unit, kinds)) in (1..).zip(REGISTERED) {
            self.register(unit, kinds, nth).await?;
        }
        Ok(())
    }

    async fn on_day<T>(
        &self,
        day: Date,
        step: impl AsyncFnOnce(&mut Tx) -> Result<T, NotDone>,
    ) -> Result<T> {
        Ok(at(day, self.app.db.write(step)).await?)
    }

    async fn group(&self) -> Result<()> {
        let clerk: Permit<KeepGroup> = self.permit("clerk").await?;
        let city = organ(&self.app.db, CITY).await?;
        for (duty, name, post, came, left) in GROUP {
            let from_on = self.ago(came)?;
            let new = group::Newcomer {
                duty,
                name: person(name),
                post: post.to_owned(),
                from_on,
                from_why: "（演示）关于调整市政务公开领导小组成员的通知".to_owned(),
            };
            let member = self
                .on_day(from_on, async |tx: &mut Tx| {
                    group::join(tx, &clerk, city, new).await
                })
                .await?;
            if let Some(left) = left {
                let day = self.ago(left)?;
                let of = (member.id, member.version);
                self.on_day(day, async |tx: &mut Tx| {
                    group::leave(tx, &clerk, of, (day, "（演示）职务变动")).await
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn activity(&self, kind: ActivityKind, unit: &str, days: i64) -> Result<()> {
        let clerk: Permit<KeepOrganisation> = self.permit("clerk").await?;
        let (held_on, id) = (self.ago(days)?, organ(&self.app.db, unit).await?);
        let words = words(kind, held_on, unit);
        self.on_day(held_on, async |tx: &mut Tx| {
            activities::add(tx, &clerk, (id, kind), (words, Vec::new()), held_on).await
        })
        .await?;
        Ok(())
    }

    async fn register(&self, unit: &str, kinds: &[StaffKind], nth: usize) -> Result<()> {
        let clerk: Permit<KeepOrganisation> = self.permit("clerk").await?;
        let (day, id): (Date, OrganId) = (self.ago(200)?, organ(&self.app.db, unit).await?);
        for kind in kinds {
            let (name, post) = match kind {
                StaffKind::Leader => (person("子某"), "副职领导"),
                StaffKind::Body => ("综合科".to_owned(), ""),
                StaffKind::Responsible => (person("丑某"), "科长"),
            };
            let words = Person {
                name,
                post: post.to_owned(),
                phone: format!("0000-12347{nth:02}"),
            };
            self.on_day(day, async |tx: &mut Tx| {
                register(tx, &clerk, (id, *kind, words), Instead::Beside, day).await
            })
            .await?;
        }
        Ok(())
    }
}
