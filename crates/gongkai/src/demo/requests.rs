//! 120 requests for information in every state and with every reply, taken in and handled by the demo's people on days of the
//! past.

mod erasure;
mod forms;
mod walk;
mod withheld;

use anyhow::Result;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::New;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_requests::acts::{
    HandleRequests, IssueLetters, KeepRetention, SetLetters, TakeRequests, WriteLetters,
};
use gongkai_requests::letter::compose::Facts;
use gongkai_requests::letter::profile::Profile;
use gongkai_requests::letter::remedy::Served;
use gongkai_requests::letter::{LetterKind, handle as letters};
use gongkai_requests::night;
use gongkai_requests::request::case::{Asked, Case};
use gongkai_requests::request::reply::{Decision, Reply};
use gongkai_requests::request::step::Step;
use gongkai_requests::request::{Channel, submit};
use gongkai_requests::retention::{self, Part};

use self::forms::{decision, form};
use super::clock::at;
use super::organ;
use super::year::Year;

const CASES: usize = 120;
/// The first cases are on their way; the rest are answered.
const RUNNING: usize = 48;
/// Older ones, in the archive.
const IN_ARCHIVE: usize = 4;
const CITY: &str = "安澜市人民政府";
const BUREAU: &str = "安澜市司法局";

/// Who handles the cases of an organ.
struct Desk {
    organ: OrganId,
    officer: Permit<HandleRequests>,
    taker: Permit<TakeRequests>,
    writer: Permit<WriteLetters>,
    /// A second pair of eyes for papers under way, where the desk has one that writes letters.
    checker: Option<Permit<WriteLetters>>,
    issuer: Permit<IssueLetters>,
    reviewer: Permit<HandleRequests>,
    signer: Permit<HandleRequests>,
}

/// One case on its way: the desk's answer is where it stands now, or that the rules refused the next step.
struct Walk<'w> {
    year: &'w Year<'w>,
    desk: &'w Desk,
    case: Case,
    stuck: bool,
}

impl Year<'_> {
    /// # Errors
    /// When the store fails, or a person of the demo may not do what the demo has them do.
    pub(super) async fn requests(&self) -> Result<()> {
        let desks = [
            self.desk(CITY, ["officer", "head", "head"]).await?,
            self.desk(BUREAU, ["officer2", "reviewer", "unithead"])
                .await?,
        ];
        for number in 0..CASES {
            let place = usize::from(number % 4 == 3);
            let Some(desk) = desks.get(place) else {
                continue;
            };
            if number < RUNNING {
                self.under_way(desk, number).await?;
            } else {
                self.answered(desk, number).await?;
            }
        }
        let [city, _] = &desks;
        self.in_archive(city).await?;
        self.to_erase(city).await?;
        self.withheld(city).await?;
        for desk in &desks {
            self.half_written(desk).await?;
        }
        // What is late becomes a finding, as on any morning.
        night::run(self.app).await?;
        Ok(())
    }

    /// A refusal that somebody saved before it was whole: the check holds it back.
    async fn half_written(&self, desk: &Desk) -> Result<()> {
        let (today, calendar) = (self.ago(1)?, self.app.calendar());
        let new = letters::Draft {
            organ: desk.organ,
            case_id: String::new(),
            kind: LetterKind::Refuse,
            facts: Facts::default().with("applicant", "（演示）何敏"),
            served: Served::OnPaper,
        };
        let work = self.app.db.write(async |tx: &mut Tx| {
            let letter = letters::draft(tx, &desk.writer, new).await?;
            let (_, faults) = letters::faults(tx, &letter, (today, &calendar)).await?;
            letters::held_back(tx, letter.id, &faults, today).await?;
            Ok::<_, NotDone>(())
        });
        Ok(at(today, work).await?)
    }

    /// Cases that lie in the archive for longer than papers that prove identity are kept: two wait for the desk, one is
    /// held back, one is proposed.
    async fn in_archive(&self, desk: &Desk) -> Result<()> {
        let keeper = self.permit::<KeepRetention>("officer").await?;
        for number in 0..IN_ARCHIVE {
            let ago = 430 + i64::try_from(number * 9)?;
            let mut walk = self.begun_with_paper(desk, CASES + number, ago).await?;
            walk.archives(ago, &format!("（演示）公开-旧{number:02}"))
                .await?;
            let (today, of) = (
                self.ago(2)?,
                (walk.case.request.id, walk.case.request.version),
            );
            let db = &self.app.db;
            let done = match number {
                0 => {
                    let why = "（演示）申请人来信称将申请再审。";
                    let work = db.write(async |tx: &mut Tx| {
                        retention::handle::hold(tx, &keeper, of, why, today).await
                    });
                    at(today, work).await
                }
                1 => {
                    let why = "（演示）归档满1年，保存期满。";
                    let work = db.write(async |tx: &mut Tx| {
                        let what = (Part::Identity, Vec::new(), why);
                        retention::handle::propose(tx, &keeper, of, what, today).await
                    });
                    at(today, work).await.map(drop)
                }
                _ => Ok(()),
            };
            done?;
        }
        Ok(())
    }

    async fn desk(&self, name: &str, [officer, reviewer, signer]: [&str; 3]) -> Result<Desk> {
        let organ = organ(&self.app.db, name).await?;
        let permit = self.permit::<SetLetters>(officer).await?;
        let profile = Profile {
            pattern: if name == CITY {
                "安府公开〔{year}〕{n}号"
            } else {
                "安司公开〔{year}〕{n}号"
            }
            .to_owned(),
            contact: "依申请公开窗口".to_owned(),
            ..Profile::sample()
        };
        // 行政复议法 art. 24, 行政诉讼法 art. 15: of a city's government, its upper one decides, and the intermediate court.
        let profile = if name == CITY {
            Profile {
                review_body: "（演示）岭东省人民政府".to_owned(),
                review_address: "（演示）岭东省人民政府行政复议接待室".to_owned(),
                court: "安澜市中级人民法院".to_owned(),
                ..profile
            }
        } else {
            profile
        };
        let set = self
            .app
            .db
            .write(async |tx: &mut Tx| letters::set_profile(tx, &permit, organ, &profile).await);
        at(self.ago(300)?, set).await?;
        Ok(Desk {
            organ,
            writer: self.permit(officer).await?,
            checker: match reviewer {
                "head" => Some(self.permit(reviewer).await?),
                _ => None,
            },
            issuer: self.permit(officer).await?,
            officer: self.permit(officer).await?,
            taker: self.permit(officer).await?,
            reviewer: self.permit(reviewer).await?,
            signer: self.permit(signer).await?,
        })
    }

    /// Taken in so many days ago, and confirmed where the channel wants it.
    async fn begun_request<'w>(
        &'w self,
        desk: &'w Desk,
        number: usize,
        ago: i64,
    ) -> Result<Walk<'w>> {
        self.taken(desk, (number, ago), Vec::new()).await
    }

    /// The same, with what proves who asks.
    async fn begun_with_paper<'w>(
        &'w self,
        desk: &'w Desk,
        number: usize,
        ago: i64,
    ) -> Result<Walk<'w>> {
        let text = format!("（演示）申请人{number:03}的身份证明复印件");
        let (bytes, files) = (i64::try_from(text.len())?, self.app.files.clone());
        let stored = tokio::task::spawn_blocking(move || files.put(text.as_bytes()));
        let paper = New::File {
            sha256: stored.await??,
            name: "（演示）身份证明.txt".to_owned(),
            media_type: "text/plain",
            bytes,
        };
        self.taken(desk, (number, ago), vec![paper]).await
    }

    async fn taken<'w>(
        &'w self,
        desk: &'w Desk,
        (number, ago): (usize, i64),
        files: Vec<New>,
    ) -> Result<Walk<'w>> {
        let day = self.ago(ago)?;
        let form = form(number, desk.organ, day);
        let calendar = self.app.calendar();
        let work = self.app.db.write(async |tx: &mut Tx| {
            let (form, files) = (form.clone(), files.clone());
            if form.channel == Channel::Web {
                submit::submit(tx, form, files, (day, &calendar)).await
            } else {
                submit::take(tx, &desk.taker, form, files, (day, &calendar)).await
            }
        });
        let (case, _) = at(day, work).await?;
        Ok(Walk {
            year: self,
            desk,
            case,
            stuck: false,
        })
    }

    async fn under_way(&self, desk: &Desk, number: usize) -> Result<()> {
        let course = number % 16;
        let ago = match course {
            0 => 1,
            14 | 15 => 45,
            _ => 6 + i64::try_from(number % 5)?,
        };
        let mut walk = self.begun_request(desk, number, ago).await?;
        if course == 0 {
            return Ok(());
        }
        walk.confirmed(ago - 1).await?;
        match course {
            1 => {}
            2 => walk.asks_supplement(ago - 2, -10).await?,
            3 => {
                walk.asks_supplement(ago - 2, -10).await?;
                walk.supplemented(ago - 3).await?;
            }
            4 | 14 | 15 => walk.accepted(ago - 2).await?,
            5 => walk.consults(Asked::ThirdParty, ago - 3).await?,
            6 => {
                walk.consults(Asked::CoMaker, ago - 3).await?;
                walk.opinions(ago - 5).await?;
            }
            7 | 8 => {
                walk.accepted(ago - 2).await?;
                walk.extension(course == 8, 2).await?;
            }
            9 => {
                walk.accepted(ago - 2).await?;
                walk.charges(1).await?;
                walk.paper(LetterKind::Fee, 1).await?;
            }
            10 => {
                walk.accepted(ago - 2).await?;
                walk.asks_reasons(1).await?;
            }
            _ => {
                walk.accepted(ago - 2).await?;
                let decision = decision(1, walk.case.request.kind);
                walk.does(3, Step::Decide(decision)).await?;
                walk.completed(3).await?;
                if course > 11 {
                    walk.passes(2).await?;
                }
                if course > 12 {
                    walk.signs(1).await?;
                }
            }
        }
        Ok(())
    }

    async fn answered(&self, desk: &Desk, number: usize) -> Result<()> {
        let ago = 40 + i64::try_from((number * 7) % 260)?;
        let mut walk = self.begun_request(desk, number, ago).await?;
        walk.confirmed(ago - 1).await?;
        match number {
            51 | 91 => {
                let why = "（演示）不再需要。".to_owned();
                return walk.does(ago - 3, Step::Withdraw { why }).await;
            }
            54 | 94 => {
                walk.asks_supplement(ago - 2, ago - 17).await?;
                return walk.does(ago - 20, Step::NotSupplemented).await;
            }
            57 => {
                walk.accepted(ago - 2).await?;
                walk.charges(ago - 3).await?;
                walk.paper(LetterKind::Fee, ago - 3).await?;
                let on = self.ago(ago - 4)?;
                walk.does(ago - 4, Step::ChargeReached { on }).await?;
                return walk.does(ago - 44, Step::NotPaid).await;
            }
            60 => {
                walk.asks_supplement(ago - 2, ago - 17).await?;
                walk.supplemented(ago - 6).await?;
                let unclear = Decision {
                    text: "（演示）补正后仍不能确定所指。".to_owned(),
                    ..Decision::of(Reply::StillUnclear)
                };
                return walk.replies(unclear, ago - 9).await;
            }
            63 => {
                walk.accepted(ago - 2).await?;
                walk.asks_reasons(ago - 3).await?;
                let text = "（演示）没有说明。".to_owned();
                walk.does(ago - 8, Step::GiveReasons { text }).await?;
                let excessive = Decision {
                    text: "（演示）理由不合理。".to_owned(),
                    ..Decision::of(Reply::Excessive)
                };
                return walk.replies(excessive, ago - 9).await;
            }
            _ => {}
        }
        walk.accepted(ago - 2).await?;
        let decision = decision(number, walk.case.request.kind);
        if decision.reply == Reply::NotThere {
            let step = Step::Search {
                places: "（演示）档案室2020至2025年卷、公文系统。".to_owned(),
                method: "（演示）按标题和文号关键词检索。".to_owned(),
                result: "（演示）没有找到。".to_owned(),
            };
            walk.does(ago - 5, step).await?;
        }
        // One in twelve is late.
        let left = if number.is_multiple_of(12) {
            ago - 38
        } else {
            ago - 12
        };
        walk.replies(decision, left).await?;
        let on = self.ago(left - 1)?;
        let proof = "（演示）签收回执".to_owned();
        walk.does(left - 1, Step::Deliver { on, proof }).await?;
        if number.is_multiple_of(3) {
            let number = format!("（演示）公开-{number:03}");
            walk.does(left - 2, Step::Archive { number }).await?;
        }
        Ok(())
    }
}
