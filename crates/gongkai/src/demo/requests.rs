//! 120 requests for information in every state and with every reply, taken in and handled by the demo's people on days of the
//! past.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::New;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_requests::acts::{
    HandleRequests, IssueLetters, KeepRetention, SetLetters, TakeRequests, WriteLetters,
};
use gongkai_requests::fee::{Bill, FeeScheme};
use gongkai_requests::id::{ConsultationId, FormToken};
use gongkai_requests::letter::compose::Facts;
use gongkai_requests::letter::profile::Profile;
use gongkai_requests::letter::remedy::Served;
use gongkai_requests::letter::template::Need;
use gongkai_requests::letter::tie::{self, Known};
use gongkai_requests::letter::{LetterKind, LetterState, LetterStep, handle as letters};
use gongkai_requests::request::case::{Asked, Case, Opinion};
use gongkai_requests::request::receipt::{Days, Receipt};
use gongkai_requests::request::reply::{Decision, Ground, Reply};
use gongkai_requests::request::step::{Service, Step};
use gongkai_requests::request::submit::{self, Form};
use gongkai_requests::request::{
    Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish, handle,
};
use gongkai_requests::retention::{self, Part};
use jiff::ToSpan as _;
use uuid::Uuid;

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

/// What people ask for: some of it several times, so that suggestions arise.
const SUBJECTS: [&str; 16] = [
    "2025年老旧小区改造项目清单和资金安排",
    "公交线路调整评估报告",
    "城区学位分配方案及测算依据",
    "江滨路道路扩建工程征地补偿标准",
    "2025年老旧小区改造项目清单",
    "饮用水水源地水质监测月报",
    "社区养老服务设施补贴发放情况",
    "公共停车场建设计划",
    "行政执法人员名单和资格证编号",
    "公交线路调整的评估报告",
    "某地块控制性详细规划图则",
    "中小学食堂供餐企业招标结果",
    "加装电梯财政补贴办理情况",
    "农村危房改造对象名单",
    "公共法律服务中心年度经费",
    "生活垃圾处理费收支情况",
];

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

fn applicant(number: usize) -> Applicant {
    let kind = match number % 9 {
        4 => ApplicantKind::Business,
        6 => ApplicantKind::Law,
        7 => ApplicantKind::Charity,
        8 if number.is_multiple_of(2) => ApplicantKind::Science,
        8 => ApplicantKind::Other,
        _ => ApplicantKind::Natural,
    };
    let organisation = kind != ApplicantKind::Natural;
    // A few people ask again and again.
    let who = if number % 10 == 3 { 3 } else { number };
    let text = |yes: &str, no: &str| {
        if organisation {
            yes.to_owned()
        } else {
            no.to_owned()
        }
    };
    Applicant {
        kind,
        name: if organisation {
            format!("（演示）示例单位{who:03}")
        } else {
            format!("（演示）申请人{who:03}")
        },
        paper: text("统一社会信用代码证书", "护照"),
        paper_number: text(&format!("DEMO{who:014}"), &format!("E{who:08}")),
        head: text("（演示）负责人", ""),
        contact: text("（演示）联系人", ""),
        phone: format!("000-{who:07}"),
        email: format!("demo{who:03}@example.invalid"),
        address: format!("安澜市示例路{who}号"),
        postcode: "000000".to_owned(),
    }
}

fn form(number: usize, organ: OrganId, day: Date) -> Form {
    let channel = match number % 8 {
        1 => Channel::Counter,
        2 => Channel::SignedPost,
        3 => Channel::PlainPost,
        4 => Channel::Email,
        5 if number.is_multiple_of(2) => Channel::Oral,
        _ => Channel::Web,
    };
    let kind = match number {
        17 | 77 => Kind::Correction,
        33 | 93 => Kind::Complaint,
        _ => Kind::Information,
    };
    let subject = SUBJECTS
        .get(number % SUBJECTS.len())
        .copied()
        .unwrap_or_default();
    Form {
        token: FormToken::new(Uuid::now_v7()),
        organ,
        kind,
        channel,
        applicant: applicant(number),
        wish: Wish {
            subject: format!("（演示）{subject}"),
            description: "请提供正式文本和附件。".to_owned(),
            form: Carrier::Electronic,
            way: Way::Email,
            waiver: String::new(),
        },
        receipt: Receipt {
            days: Days {
                submitted_on: Some(day),
                signed_on: (channel == Channel::SignedPost).then_some(day),
                confirmed_on: None,
            },
            set: None,
        },
        other_number: String::new(),
    }
}

/// What the demo's officers answer, in turn.
fn decision(number: usize, kind: Kind) -> Decision {
    let of = |reply: Reply, text: &str, place: &str| Decision {
        text: format!("（演示）{text}"),
        place: place.to_owned(),
        ..Decision::of(reply)
    };
    match kind {
        Kind::Correction => return of(Reply::Corrected, "经核实，登记有误，已更正。", ""),
        Kind::Complaint => return of(Reply::ComplaintHolds, "投诉属实，已责令限期答复。", ""),
        Kind::Information => {}
    }
    let refused = |ground: Ground, text: &str| Decision {
        grounds: vec![ground],
        ..of(Reply::Refused, text, "")
    };
    match number % 20 {
        0 => of(
            Reply::AlreadyPublic,
            "该信息已主动公开。",
            "市政府门户网站“重点领域”栏目",
        ),
        1..=6 => of(Reply::Open, "提供清单一份。", ""),
        7 | 8 => Decision {
            grounds: vec![Ground::ThirdParty],
            ..of(Reply::Partly, "提供报告，隐去个人信息。", "")
        },
        9 => refused(Ground::Internal, "属于内部管理信息。"),
        10 => refused(Ground::Process, "属于讨论过程中的材料。"),
        11 => refused(Ground::CaseFile, "属于行政执法案卷信息。"),
        12 => of(
            Reply::NotThere,
            "经检索，本机关没有制作或者获取该信息。",
            "",
        ),
        13 => Decision {
            contact: "000-0000000".to_owned(),
            ..of(Reply::NotOurs, "不属于本机关负责公开。", "安澜市财政局")
        },
        14 => of(
            Reply::Repeated,
            "已就同一信息作出答复。",
            "安府公开〔2025〕3号，2025年1月20日",
        ),
        15 => of(
            Reply::SpecialLaw,
            "属于不动产登记资料。",
            "不动产登记机构，依照不动产登记有关规定",
        ),
        16 => of(Reply::NeedsMaking, "没有现成信息，需要加工、分析。", ""),
        17 => of(
            Reply::Petition,
            "以申请形式进行投诉，请通过相应渠道提出。",
            "12345热线",
        ),
        18 => of(
            Reply::Publication,
            "属于公开出版物。",
            "安澜市年鉴，市图书馆查阅",
        ),
        _ => of(
            Reply::Confirmation,
            "要求确认已获取的信息。",
            "安府公开〔2026〕5号",
        ),
    }
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
        self.in_archive(city).await
    }

    /// Cases that lie in the archive for longer than papers that prove identity are kept: two wait for the desk, one is
    /// held back, one is proposed.
    async fn in_archive(&self, desk: &Desk) -> Result<()> {
        let keeper = self.permit::<KeepRetention>("officer").await?;
        for number in 0..IN_ARCHIVE {
            let ago = 430 + i64::try_from(number * 9)?;
            let mut walk = self.begun_with_paper(desk, CASES + number, ago).await?;
            walk.confirmed(ago - 1).await?;
            walk.accepted(ago - 2).await?;
            walk.replies(decision(1, walk.case.request.kind), ago - 12)
                .await?;
            let on = self.ago(ago - 13)?;
            let proof = "（演示）签收回执".to_owned();
            walk.does(ago - 13, Step::Deliver { on, proof }).await?;
            let archived = format!("（演示）公开-旧{number:02}");
            walk.does(ago - 14, Step::Archive { number: archived })
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
                walk.charges(1, self.ago(-40)?).await?;
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
                walk.charges(ago - 3, self.ago(ago - 43)?).await?;
                walk.paper(LetterKind::Fee, ago - 3).await?;
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

/// Every blank that must be filled, from the template's sample where the case says nothing.
fn whole(kind: LetterKind, mut facts: Facts) -> Facts {
    // An earlier answer is older than the application that repeats it, whenever that was.
    let received: Option<Date> = facts.get("received_on").parse().ok();
    let earlier = received.and_then(|on| on.checked_sub(40.days()).ok());
    for blank in kind.template().all_blanks() {
        let needed = blank.need == Need::Must || matches!(blank.code, "opinion" | "responsible");
        if !needed || !facts.get(blank.code).is_empty() || blank.sample.is_empty() {
            continue;
        }
        facts = match earlier {
            Some(on) if blank.code == "earlier_on" => facts.with(blank.code, on.to_string()),
            _ => facts.with(blank.code, blank.sample),
        };
    }
    let reason = facts.get("reason").to_owned();
    if !reason.is_empty() && reason.chars().count() < 20 {
        facts = facts.with("reason", format!("{reason}经审查，公开会影响依法履职。"));
    }
    facts
}

impl Walk<'_> {
    async fn does(&mut self, ago: i64, step: Step) -> Result<()> {
        let permit = self.desk.officer.clone();
        self.by(&permit, ago, step).await
    }

    /// One step on a day of the past; a case whose next step the rules refuse stays where it is.
    async fn by(&mut self, permit: &Permit<HandleRequests>, ago: i64, step: Step) -> Result<()> {
        if self.stuck {
            return Ok(());
        }
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let key = (self.case.request.id, self.case.request.version);
        let work = self.year.app.db.write(async |tx: &mut Tx| {
            let step = (step.clone(), Vec::new());
            handle::step(tx, permit, key, step, (day, &calendar)).await
        });
        match at(day, work).await {
            Ok(case) => self.case = case,
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, "a case of the demo stays where it is");
                self.stuck = true;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn confirmed(&mut self, ago: i64) -> Result<()> {
        if self.case.request.received_on.is_some() {
            return Ok(());
        }
        let on = self.year.ago(ago)?;
        self.does(ago, Step::Confirm { on }).await
    }

    async fn accepted(&mut self, ago: i64) -> Result<()> {
        let actor = self.desk.officer.actor();
        let Some(account) = actor.account() else {
            return Ok(());
        };
        let handler = (account, actor.name().to_owned());
        self.does(ago, Step::Accept { handler }).await
    }

    /// The month's eleventh and twelfth request cost 100 yuan each.
    async fn charges(&mut self, ago: i64, until: Date) -> Result<()> {
        let step = Step::Charge {
            bill: Bill {
                scheme: FeeScheme::ByRequest,
                count: 12,
            },
            notice: "（演示）本月申请12件，超过10件的2件按件计收。".to_owned(),
            until,
        };
        self.does(ago, step).await
    }

    async fn asks_supplement(&mut self, ago: i64, until: i64) -> Result<()> {
        let items = "（演示）请写明所需信息的年份和具体项目。".to_owned();
        let until = self.year.ago(until)?;
        self.does(ago, Step::AskSupplement { items, until }).await?;
        self.paper(LetterKind::Supplement, ago).await
    }

    async fn supplemented(&mut self, ago: i64) -> Result<()> {
        let (text, on) = ("（演示）2025年，城区。".to_owned(), self.year.ago(ago)?);
        self.does(ago, Step::Supplement { text, on }).await?;
        self.accepted(ago).await
    }

    async fn consults(&mut self, asked: Asked, ago: i64) -> Result<()> {
        self.accepted(ago + 1).await?;
        let name = match asked {
            Asked::ThirdParty => "（演示）某公司",
            Asked::CoMaker | Asked::Unit => "（演示）市财政局",
        };
        let step = Step::Consult {
            asked,
            name: name.to_owned(),
            organ: None,
            question: "（演示）拟公开项目清单，是否同意。".to_owned(),
            got_on: Some(self.year.ago(ago)?),
        };
        self.does(ago, step).await
    }

    async fn opinions(&mut self, ago: i64) -> Result<()> {
        let open: Option<ConsultationId> = self.case.letters_out().next().map(|one| one.id);
        let Some(of) = open else {
            return Ok(());
        };
        let (opinion, words) = (Opinion::Agree, "（演示）同意。".to_owned());
        self.does(ago.max(0), Step::Opinion { of, opinion, words })
            .await
    }

    async fn extension(&mut self, approved: bool, ago: i64) -> Result<()> {
        let why = "（演示）涉及多年卷宗，需要逐卷核对。".to_owned();
        self.does(ago, Step::ProposeExtension { days: 10, why })
            .await?;
        // The bureau of the demo has no head of its own desk; its extension waits.
        if approved
            && self
                .desk
                .reviewer
                .roles()
                .iter()
                .any(|held| held.role == gongkai_basis::Role::OfficeHead)
        {
            let head = self.desk.reviewer.clone();
            self.by(&head, ago, Step::ApproveExtension).await?;
        }
        Ok(())
    }

    async fn asks_reasons(&mut self, ago: i64) -> Result<()> {
        let facts = "（演示）本月已提出18件内容相近的申请。".to_owned();
        let until = self.year.ago(ago - 10)?;
        self.does(ago, Step::AskReasons { facts, until }).await?;
        self.paper(LetterKind::ExplainReasons, ago).await
    }

    /// The reply's letter, with what the decision did not say; then it stands for the review.
    async fn completed(&mut self, ago: i64) -> Result<()> {
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let (case, writer) = (&self.case, &self.desk.writer);
        if self.stuck {
            return Ok(());
        }
        let db = &self.year.app.db;
        let held = db
            .read(async |tx: &mut Tx| tie::handle::of(tx, case).await)
            .await?;
        let draft = held
            .iter()
            .rev()
            .find(|one| one.state == LetterState::Draft && tie::is_reply(one.kind));
        // A complaint has no standard paper.
        let Some(letter) = draft else {
            return Ok(());
        };
        let work = db.write(async |tx: &mut Tx| {
            let facts = whole(letter.kind, letter.facts.clone());
            let of = (letter.id, letter.version);
            letters::amend(tx, writer, of, (facts, Served::OnPaper)).await?;
            let of = (letter.id, letter.version + 1);
            letters::submit(tx, writer, of, (day, &calendar)).await?;
            Ok::<_, NotDone>(())
        });
        self.told(at(day, work).await)
    }

    /// A paper under way: written by the officer, checked by the head, tied to what was done.
    async fn paper(&mut self, kind: LetterKind, ago: i64) -> Result<()> {
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let (case, desk) = (&self.case, self.desk);
        let Some(checker) = desk.checker.as_ref().filter(|_| !self.stuck) else {
            return Ok(());
        };
        let work = self.year.app.db.write(async |tx: &mut Tx| {
            let held = tie::handle::of(tx, case).await?;
            let known = Known {
                case,
                letters: &held,
                today: day,
                calendar: &calendar,
            };
            let new = letters::Draft {
                organ: desk.organ,
                case_id: case.request.id.to_string(),
                kind,
                facts: whole(kind, tie::facts(kind, &known)),
                served: Served::OnPaper,
            };
            let letter = letters::draft(tx, &desk.writer, new).await?;
            letters::submit(tx, &desk.writer, (letter.id, 1), (day, &calendar)).await?;
            letters::decide(tx, checker, (letter.id, 2), (LetterStep::Pass, "")).await?;
            letters::issue(tx, &desk.issuer, (letter.id, 3), (day, &calendar)).await?;
            Ok::<_, NotDone>(())
        });
        match at(day, work).await {
            // A paper that the check holds back stays unwritten; its case goes on.
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, ?kind, "a paper of the demo is not written");
                Ok(())
            }
            other => Ok(other?),
        }
    }

    fn told(&mut self, done: Result<(), NotDone>) -> Result<()> {
        match done {
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, "a letter of the demo stays a draft");
                self.stuck = true;
                Ok(())
            }
            other => Ok(other?),
        }
    }

    async fn passes(&mut self, ago: i64) -> Result<()> {
        let (reviewer, words) = (
            self.desk.reviewer.clone(),
            "（演示）不涉密，可以答复。".to_owned(),
        );
        self.by(&reviewer, ago, Step::Pass { words }).await
    }

    async fn signs(&mut self, ago: i64) -> Result<()> {
        let signer = self.desk.signer.clone();
        self.by(&signer, ago, Step::Sign).await
    }

    async fn replies(&mut self, decision: Decision, ago: i64) -> Result<()> {
        self.does(ago + 1, Step::Decide(decision)).await?;
        self.completed(ago + 1).await?;
        self.passes(ago + 1).await?;
        self.signs(ago).await?;
        let (on, proof) = (self.year.ago(ago)?, "（演示）EMS000000000CN".to_owned());
        let service = Service::Post;
        self.does(ago, Step::Dispatch { service, on, proof }).await
    }
}
