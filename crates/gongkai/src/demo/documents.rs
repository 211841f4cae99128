//! Documents of every kind and in every state, written and reviewed by the demo's people on days of the past.

mod concerned;

use anyhow::Result;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, Role};
use gongkai_documents::acts::{PublishDocuments, ReviewDocuments, WriteDocuments};
use gongkai_documents::document::cited::{self, Cited};
use gongkai_documents::document::validity::Change;
use gongkai_documents::document::{self, Document, Head, body, handle, publish, turn, withdraw};
use gongkai_documents::id::DocumentId;
use gongkai_documents::kind::own::{self, OwnValue};
use gongkai_documents::kind::{Kind, Step};
use gongkai_documents::review::Do;
use gongkai_documents::review::checklist;
use gongkai_documents::review::handle::{self as review, Said, Way};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;

use super::clock::at;
use super::organ;
use super::uppers::base_of;
use super::year::Year;

const OFFICE: &str = "安澜市人民政府办公室";
const CITY: &str = "安澜市人民政府";

/// What a unit says of a text that it does not agree to.
const DIFFERS: &str = "（演示）第六条与本局合法性审核的意见不一致：文件由制定机关解释，不写由主管部门解释，请相应修改。";

/// How far a document of the demo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Draft,
    /// So many steps are passed.
    Reviewing(usize),
    Returned,
    Approved,
    Published,
    Corrected,
    Amended,
    Withdrawn,
    Repealed,
}

/// What the city writes about; each becomes documents of several kinds.
pub(super) const THEMES: [(&str, &str); 12] = [
    ("综合政务", "政务公开"),
    ("综合政务", "行政规范性文件"),
    ("城乡建设", "城镇老旧小区改造"),
    ("教育", "义务教育招生入学"),
    ("卫生", "家庭医生签约服务"),
    ("民政", "社区养老服务"),
    ("劳动就业", "高校毕业生就业"),
    ("农业", "高标准农田建设"),
    ("环境保护", "饮用水水源地保护"),
    ("市场监管", "公平竞争审查"),
    ("交通", "城乡公交一体化"),
    ("应急管理", "防汛防风"),
];

fn head(kind: Kind, (number, theme, subject): (usize, &str, &str), day: Date) -> Result<Head> {
    let trial = if number % 5 == 2 { "（试行）" } else { "" };
    let title = match kind {
        Kind::Rule => format!("安澜市{subject}规定"),
        Kind::Normative => format!("安澜市{subject}管理办法{trial}"),
        Kind::Other => format!("安澜市人民政府关于加强{subject}工作的意见"),
        Kind::Interpretation => format!("《安澜市{subject}管理办法{trial}》政策解读"),
        Kind::Planning => format!("安澜市{subject}“十五五”规划"),
        Kind::Emergency => format!("安澜市{subject}应急预案"),
        Kind::Finance => format!("安澜市{subject}专项资金分配结果"),
        Kind::Notice => format!("关于{subject}有关事项的通知"),
        Kind::Duties => format!("安澜市{subject}工作机构职能"),
        Kind::Powers => format!("安澜市{subject}权责清单"),
        Kind::Gazette => format!("安澜市人民政府公报（{subject}专辑）"),
        Kind::Material => format!("{subject}办事指南"),
    };
    let serial = number + 1;
    let code = match kind {
        Kind::Normative => "安府规",
        Kind::Other | Kind::Planning => "安府",
        Kind::Emergency => "安府办",
        _ => "",
    };
    let year = day.year();
    let number_text = if kind == Kind::Rule {
        format!("安澜市人民政府令第{serial}号")
    } else if code.is_empty() {
        String::new()
    } else {
        format!("{code}〔{year}〕{serial}号")
    };
    let lasting = kind.has_validity();
    // Some of them lapse soon, so that the clean-up worksheet has something to show.
    let years = if number % 4 == 1 {
        1
    } else {
        document::validity::years_max(&title)
    };
    let expires_on = day
        .checked_add(jiff::Span::new().years(years))?
        .yesterday()?;
    Ok(Head {
        title: format!("（演示）{title}"),
        number: number_text,
        theme: theme.to_owned(),
        issued_on: Some(day),
        effective_on: lasting.then_some(day),
        expires_on: lasting.then_some(expires_on),
        summary: format!("（演示）{subject}的目标、职责和保障措施。"),
        keywords: subject.to_owned(),
        own: own(kind, day),
        ..Head::default()
    })
}

/// What only documents of this kind say.
fn own(kind: Kind, day: Date) -> Vec<OwnValue> {
    let said = |code: &str| match code {
        "own_plan_years" => "2026—2030".to_owned(),
        "own_plan_class" => "专项规划".to_owned(),
        "own_plan_level" | "own_emergency_level" => "市级".to_owned(),
        "own_finance_class" => "财政专项资金".to_owned(),
        "own_finance_year" | "own_gazette_year" => day.year().to_string(),
        "own_duties_head" => "（演示）".to_owned(),
        "own_duties_address" => "安澜市和平路1号（演示）".to_owned(),
        "own_duties_hours" => "工作日 8:30—12:00，14:00—17:30".to_owned(),
        "own_duties_phone" => "12345".to_owned(),
        "own_emergency_class" => "专项应急预案".to_owned(),
        "own_powers_version" => day.to_string(),
        "own_gazette_issue" => "1".to_owned(),
        _ => String::new(),
    };
    own::read(kind, |field| said(field.code)).0
}

/// What it rests on stands in its first article.
fn text(subject: &str, number: usize, base: Option<&str>) -> String {
    let base = base.map_or_else(String::new, |base| format!("根据{base}，"));
    let articles = [
        format!(
            "为规范{subject}工作，保障公众的知情权、参与权、监督权，{base}结合本市实际，制定本文件。"
        ),
        format!("本市行政区域内的{subject}工作适用本文件。法律、法规、规章另有规定的，从其规定。"),
        format!(
            "市人民政府统一领导{subject}工作；市级主管部门负责组织实施；县（区）人民政府负责本行政区域内的落实。"
        ),
        "有关单位应当自信息形成或者变更之日起20个工作日内，通过政府网站公开。".to_owned(),
        "对公众提出的意见建议，有关单位应当研究并答复。".to_owned(),
        format!("本文件由{subject}主管部门负责解释。"),
    ];
    let mut html = String::from("<h2>第一章 总则</h2>");
    for (n, article) in ["一", "二", "三", "四", "五", "六"]
        .iter()
        .zip(articles.iter())
    {
        html.push_str(&format!("<p>第{n}条　{article}</p>"));
        if *n == "三" {
            html.push_str("<h2>第二章 职责</h2>");
        }
    }
    html.push_str(&format!(
        "<table><tr><th>事项</th><th>责任单位</th><th>完成时限</th></tr><tr><td>{subject}信息公开</td><td>市级主管部门</td><td>每季度</td></tr><tr><td>{subject}培训</td><td>各县（区）</td><td>第{}季度</td></tr></table>",
        ["一", "二", "三", "四"].get(number % 4).unwrap_or(&"四")
    ));
    body::clean(&html)
}

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn documents(&self) -> Result<()> {
        let kinds: [Kind; 5] = [
            Kind::Normative,
            Kind::Notice,
            Kind::Other,
            Kind::Interpretation,
            Kind::Finance,
        ];
        let owner = organ(&self.app.db, OFFICE).await?;
        let city = organ(&self.app.db, CITY).await?;
        self.uppers_entered().await?;
        let mut number = 0;
        for (theme, subject) in THEMES {
            let mut interpreted = None;
            let mut base: Option<String> = None;
            for kind in kinds {
                let kind = match (kind, number % 10) {
                    (Kind::Finance, 4) => Kind::Planning,
                    (Kind::Finance, 9) => Kind::Emergency,
                    (Kind::Other, 7) => Kind::Rule,
                    (Kind::Notice, 6) => Kind::Duties,
                    (Kind::Notice, 1) if number > 30 => Kind::Powers,
                    (kind, _) => kind,
                };
                let stand = stand(kind, number, interpreted.is_some());
                let made = self
                    .one(
                        (owner, city),
                        (kind, stand),
                        (number, theme, subject),
                        (
                            interpreted.clone(),
                            base.clone().or_else(|| base_of(number)),
                        ),
                    )
                    .await?;
                match number {
                    54 => self.asks(made, None).await?,
                    55 => self.asks(made, Some(DIFFERS)).await?,
                    _ => {}
                }
                if kind == Kind::Normative {
                    base = self.citation(made).await?;
                    let valid =
                        matches!(stand, Stand::Published | Stand::Corrected | Stand::Amended);
                    interpreted = valid.then(|| made.to_string());
                }
                number += 1;
            }
        }
        self.uppers_recorded().await
    }

    async fn one(
        &self,
        (owner, city): (OrganId, OrganId),
        (kind, stand): (Kind, Stand),
        (number, theme, subject): (usize, &str, &str),
        (interprets, base): (Option<String>, Option<String>),
    ) -> Result<DocumentId> {
        let days = 300 - i64::try_from(number)? * 5;
        let day = self.ago(days.max(4))?;
        let author = self.permit::<WriteDocuments>("author").await?;
        let mut head = head(kind, (number, theme, subject), day)?;
        if kind == Kind::Interpretation {
            head.interprets = interprets;
        }
        head.cites = base
            .as_deref()
            .and_then(Cited::of_line)
            .into_iter()
            .collect();
        let html = text(subject, number, base.as_deref());
        let made = at(
            day,
            self.app.db.write(async |tx: &mut Tx| {
                let mut head = head.clone();
                cited::bind(tx, city, &mut head.cites).await?;
                handle::begin(tx, &author, (owner, city, kind), (head, html.clone())).await
            }),
        )
        .await?;
        let id = made.id;
        if stand == Stand::Draft {
            return Ok(id);
        }
        self.goes(id, day, kind, stand).await?;
        if matches!(
            stand,
            Stand::Draft | Stand::Reviewing(_) | Stand::Returned | Stand::Approved
        ) {
            return Ok(id);
        }
        self.publishes(id, day, "").await?;
        self.afterwards(id, (kind, stand), (head, html), day)
            .await?;
        Ok(id)
    }

    /// What became of a published document.
    async fn afterwards(
        &self,
        id: DocumentId,
        (kind, stand): (Kind, Stand),
        (mut head, html): (Head, String),
        day: Date,
    ) -> Result<()> {
        match stand {
            Stand::Corrected => {
                let later = day.checked_add(jiff::Span::new().days(3))?;
                head.summary.push_str("（更正）");
                self.corrects(id, (kind, later), (head, html)).await?;
            }
            Stand::Amended => {
                let later = day.checked_add(jiff::Span::new().days(40))?;
                let html = html.replace("20个工作日", "10个工作日");
                self.amends(id, (kind, later), (head, html)).await?;
            }
            Stand::Withdrawn => {
                let clerk = self.permit::<PublishDocuments>("clerk").await?;
                let of = (id, self.version(id).await?);
                at(
                    day,
                    self.app.db.write(async |tx: &mut Tx| {
                        withdraw::withdraw(tx, &clerk, of, "（演示）事项已办结，不再公示。").await
                    }),
                )
                .await?;
            }
            Stand::Repealed => {
                let clerk = self.permit::<PublishDocuments>("clerk").await?;
                let of = (id, self.version(id).await?);
                let turn = (Change::Repealed, self.ago(2)?, None);
                let why = (
                    "（演示）市政府第12次常务会议",
                    "《（演示）安澜市政务公开工作办法》（安府规〔2026〕88号）",
                );
                at(
                    day,
                    self.app
                        .db
                        .write(async |tx: &mut Tx| turn::turn(tx, &clerk, of, turn, why).await),
                )
                .await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Another text, the whole way through review, in place of what is published.
    pub(super) async fn corrects(
        &self,
        id: DocumentId,
        (kind, later): (Kind, Date),
        text: (Head, String),
    ) -> Result<()> {
        self.writes_again(id, (kind, later), text).await?;
        self.publishes(id, later, "（演示）原文表述有误，现予更正。")
            .await
    }

    /// Another text, which counts from that day on; the one before stays as what it was.
    async fn amends(
        &self,
        id: DocumentId,
        (kind, from): (Kind, Date),
        text: (Head, String),
    ) -> Result<()> {
        self.writes_again(id, (kind, from), text).await?;
        let clerk = self.permit::<PublishDocuments>("clerk").await?;
        let of = (id, self.version(id).await?);
        let word = (from, "（演示）市政府关于修改部分行政规范性文件的决定");
        at(
            from,
            self.app
                .db
                .write(async |tx: &mut Tx| publish::amend(tx, &clerk, of, word).await),
        )
        .await?;
        Ok(())
    }

    /// Another edition, approved.
    async fn writes_again(
        &self,
        id: DocumentId,
        (kind, later): (Kind, Date),
        text: (Head, String),
    ) -> Result<()> {
        let author = self.permit::<WriteDocuments>("author").await?;
        let of = (id, self.version(id).await?);
        at(
            later,
            self.app
                .db
                .write(async |tx: &mut Tx| handle::write(tx, &author, of, text.clone()).await),
        )
        .await?;
        self.goes(id, later, kind, Stand::Approved).await
    }

    /// 《名称》（文号） of a document that the public reads; `None` for one that it does not.
    async fn citation(&self, id: DocumentId) -> Result<Option<String>> {
        let found = self
            .app
            .db
            .read(async |tx: &mut Tx| document::store::load(tx, &Scope::Everything, id).await)
            .await?;
        let public = found.filter(|one| one.visibility == document::Visibility::Public);
        Ok(public.map(|one| format!("《{}》（{}）", one.title, one.number)))
    }

    async fn version(&self, id: DocumentId) -> Result<i64> {
        let found = self
            .app
            .db
            .read(async |tx: &mut Tx| document::store::load(tx, &Scope::Everything, id).await)
            .await?;
        Ok(found.map_or(0, |document: Document| document.version))
    }

    async fn publishes(&self, id: DocumentId, day: Date, explanation: &str) -> Result<()> {
        let clerk = self.permit::<PublishDocuments>("clerk").await?;
        let of = (id, self.version(id).await?);
        at(
            day,
            self.app
                .db
                .write(async |tx: &mut Tx| publish::publish(tx, &clerk, of, explanation).await),
        )
        .await?;
        Ok(())
    }

    /// Sent to review, and as far through it as it stands.
    async fn goes(&self, id: DocumentId, day: Date, kind: Kind, stand: Stand) -> Result<()> {
        let calendar = self.app.calendar();
        let author = self.permit::<WriteDocuments>("author").await?;
        let of = (id, self.version(id).await?);
        at(
            day,
            self.app.db.write(async |tx: &mut Tx| {
                review::send(tx, &author, of, &Way::Usual, (&calendar, day)).await
            }),
        )
        .await?;
        let chain = kind.chain();
        let passed = match stand {
            Stand::Reviewing(steps) => steps.min(chain.len() - 1),
            Stand::Returned => 1,
            _ => chain.len(),
        };
        for step in chain.iter().take(passed) {
            self.steps((id, kind), day, *step, Do::Pass, "").await?;
        }
        if stand == Stand::Returned
            && let Some(step) = chain.get(passed)
        {
            self.steps(
                (id, kind),
                day,
                *step,
                Do::Return,
                "（演示）第三条的责任单位与“三定”规定不一致，请核对。",
            )
            .await?;
        }
        Ok(())
    }

    async fn steps(
        &self,
        (id, kind): (DocumentId, Kind),
        day: Date,
        step: Step,
        act: Do,
        remark: &str,
    ) -> Result<()> {
        let permit: Permit<ReviewDocuments> = self.permit(login(step.role())).await?;
        let calendar = self.app.calendar();
        let said = Said {
            checks: checklist::all_fine(step, kind),
            remark: remark.to_owned(),
            ..Said::default()
        };
        at(
            day,
            self.app.db.write(async |tx: &mut Tx| {
                let version = in_turn(tx, id).await?;
                review::act(
                    tx,
                    &permit,
                    (id, version),
                    (Do::Claim, Said::default()),
                    (&calendar, day),
                )
                .await?;
                review::act(
                    tx,
                    &permit,
                    (id, version + 1),
                    (act, said.clone()),
                    (&calendar, day),
                )
                .await?;
                Ok::<_, NotDone>(())
            }),
        )
        .await?;
        Ok(())
    }
}

/// The version of the step in turn.
async fn in_turn(tx: &mut Tx, id: DocumentId) -> Result<i64, StoreError> {
    let Some(document) = document::store::load(tx, &Scope::Everything, id).await? else {
        return Ok(0);
    };
    let stages = gongkai_documents::review::store::of(tx, document.edition).await?;
    Ok(gongkai_documents::review::current(&stages).map_or(0, |stage| stage.version))
}

fn login(role: Role) -> &'static str {
    match role {
        Role::Proofreader => "proof",
        Role::FirstReviewer => "review1",
        Role::SecondReviewer => "review2",
        Role::ThirdReviewer => "review3",
        Role::SecrecyReviewer => "secrecy",
        _ => "legality",
    }
}

/// Most are public; the newest are on their way.
fn stand(kind: Kind, number: usize, has_base: bool) -> Stand {
    match number {
        _ if kind == Kind::Interpretation && !has_base => Stand::Draft,
        8 | 33 => Stand::Withdrawn,
        5 | 25 => Stand::Corrected,
        10 | 20 => Stand::Repealed,
        15 | 35 => Stand::Amended,
        47 => Stand::Returned,
        48 | 51 | 52 => Stand::Approved,
        50 => Stand::Reviewing(0),
        53 => Stand::Reviewing(2),
        54 => Stand::Reviewing(4),
        55 => Stand::Reviewing(6),
        56..=59 => Stand::Draft,
        _ => Stand::Published,
    }
}
