//! `gongkai doctor`: looks at the configuration, the data and the machine, and says what to do.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use gongkai_platform::audit::{self, Verdict};
use gongkai_platform::db::{Db, DbKind, Tx};
use gongkai_platform::job::{self, JobState};

use gongkai_platform::portal::Known;
use gongkai_platform::web::{Site, civil_day, moment};
use serde_json::json;

use super::{how_to_upgrade, not_current, open, upgrade};
use crate::carrier;
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::failure;
use crate::private;
use crate::scan::Clamd;

/// From this month on the notice of the next year may be out (国务院办公厅 publishes it in October to December).
const NOTICE_MONTH: i8 = 11;

/// How far two clocks may lie apart.
const CLOCK_AHEAD_MAX: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// What a finding asks of whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Nothing.
    Good,
    /// Something is not there that one may do without; the exit status does not speak of it.
    Notice,
    /// Something is to be mended.
    Bad,
}

impl Level {
    const fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Notice => "▲",
            Self::Bad => "■",
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Bad => "bad",
        }
    }
}

struct Finding {
    level: Level,
    text: String,
}

impl Finding {
    /// Is there nothing to mend?
    fn is_good(&self) -> bool {
        self.level != Level::Bad
    }

    fn line(&self) -> String {
        format!("{} {}", self.level.mark(), self.text)
    }
}

pub(crate) async fn run(file: &Path, arguments: &Arguments) -> Result<Outcome> {
    let config = Config::load(file)?;
    let findings = look(file, &config).await?;
    match arguments.format {
        Answer::Json => println!("{}", to_json(&findings)),
        Answer::Table => {
            for finding in &findings {
                println!("{}", finding.line());
            }
        }
    }
    Ok(if findings.iter().all(Finding::is_good) {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}

/// `{"findings": [{"good", "level", "message"}]}`
fn to_json(findings: &[Finding]) -> serde_json::Value {
    let findings = findings.iter().map(|finding| {
        json!({
            "good": finding.is_good(),
            "level": finding.level.code(),
            "message": finding.text,
        })
    });
    json!({ "findings": findings.collect::<Vec<_>>() })
}

async fn look(file: &Path, config: &Config) -> Result<Vec<Finding>> {
    let mut findings = vec![good("配置文件可以读取")];
    findings.extend(network(config));
    findings.push(private_places(file, config));
    findings.push(writable(&config.data));
    findings.extend(copies(config));
    findings.push(fonts(&config.fonts));
    findings.extend(carriers(config).await);
    findings.push(hosts(&config.evidence.hosts));
    findings.push(virus_scan(&config.virus_scan));
    findings.push(if gongkai_office::convert::find_libreoffice().is_some() {
        good("找到 LibreOffice：读不了的旧 .doc/.wps 会先经它转换")
    } else {
        notice("没有安装 LibreOffice：少数旧 .doc/.wps 需要先另存为 .docx（不影响其他功能）")
    });
    match open(config).await {
        Err(error) => findings.push(bad(failure::told(&error))),
        Ok(db) => {
            findings.push(good(match db.kind() {
                DbKind::Sqlite => "数据库：SQLite（WAL，每次提交落盘）",
                DbKind::Postgres => "数据库：PostgreSQL（已测试；同类数据库以各自说明为准）",
            }));
            match db.pending_migrations().await? {
                0 => {
                    let verdict = db.read(async |tx: &mut Tx| audit::verify(tx).await).await?;
                    findings.push(match verdict {
                        Verdict::Whole { events, .. } => {
                            good(&format!("审计链完整，共 {events} 个事件"))
                        }
                        Verdict::Broken { seq, why } => bad(format!(
                            "审计链第 {seq} 个事件{why}。请停用并用可信备份比对"
                        )),
                    });
                    findings.push(clock(&db).await?);
                    findings.extend(digest(&db).await?);
                    findings.push(site_code(&db, &config.site()).await?);
                    findings.extend(holidays(&db).await?);
                }
                pending => findings.push(bad(format!(
                    "{}。{}",
                    not_current(&db, pending).await?,
                    how_to_upgrade(&db).await?
                ))),
            }
        }
    }
    Ok(findings)
}

/// Are the holidays of this year known, and towards its end those of the next?
async fn holidays(db: &Db) -> Result<Vec<Finding>> {
    let calendar = gongkai_platform::calendar::load(db).await?;
    let today = civil_day(db.now());
    let (year, month) = (today.year(), today.month());
    let is_known = |year| {
        let last = jiff::civil::date(year, 12, 31);
        calendar.is_working_day(last).is_ok()
    };
    let mut findings = vec![if is_known(year) {
        good(&format!("{year} 年的放假安排已收录"))
    } else {
        bad(format!(
            "{year} 年的放假安排没有收录，期限无法计算。请在“管理—工作日历”导入国务院办公厅通知"
        ))
    }];
    let next = year + 1;
    if month >= NOTICE_MONTH && !is_known(next) {
        findings.push(notice(&format!(
            "{next} 年的放假安排还没有收录：跨年的期限暂时算不出来，通知公布后请在“管理—工作日历”导入"
        )));
    }
    Ok(findings)
}

/// Can mail leave? Nothing is sent.
async fn carriers(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(settings) = &config.mail {
        findings.push(match carrier::mail::Mail::new(settings) {
            Err(error) => bad(failure::told(&error)),
            Ok(mail) => match mail.knock().await {
                Ok(()) => good(&format!("邮件服务器 {} 可以连接", settings.host)),
                Err(why) => bad(format!(
                    "邮件服务器 {} 连不上，每日摘要发不出去，消息仍在收件箱。请检查 [mail] 的设置和网络：{why}",
                    settings.host
                )),
            },
        });
    }
    if let Some(settings) = &config.webhook {
        findings.push(match carrier::webhook::Webhook::new(settings) {
            Err(error) => bad(failure::told(&error)),
            Ok(webhook) => good(&format!("网络推送已启用：{}", webhook.receiver())),
        });
    }
    if findings.is_empty() {
        findings.push(notice("没有启用邮件和网络推送，消息都在收件箱"));
    }
    findings
}

/// How the last digest went.
async fn digest(db: &Db) -> Result<Option<Finding>> {
    let last = db
        .read(async |tx: &mut Tx| job::last_ended(tx, gongkai_platform::inbox::digest::KIND).await)
        .await?;
    Ok(last.filter(|job| job.state == JobState::Failed).map(|job| {
        bad(format!(
            "最近一次每日摘要没有发完：{}",
            job.message.unwrap_or_default()
        ))
    }))
}

/// Do pages carry every tag that 国办发〔2017〕47号 wants?
async fn site_code(db: &Db, site: &Site) -> Result<Finding> {
    let known = db
        .read(async |tx: &mut Tx| Known::read(tx, site).await)
        .await?;
    let looks = std::iter::once(&known.main).chain(&known.beside);
    let without: Vec<&str> = looks
        .filter(|look| look.foot.site_code.is_empty())
        .map(|look| look.name.as_str())
        .collect();
    Ok(if without.is_empty() {
        good("公开页面的网页标签齐全（SiteName、SiteDomain、SiteIDCode）")
    } else {
        notice(&format!(
            "没有填写网站标识码的站点：{}。它们的公开页面不带 SiteIDCode 标签；有标识码的，请在“管理—站点”填写",
            without.join("、")
        ))
    })
}

fn network(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let open = config
        .listen
        .iter()
        .any(|address| !address.ip().is_loopback());
    if open && !config.secure_cookies {
        findings.push(bad(
            "服务对外监听但没有启用 secure_cookies。请放在 TLS 反向代理之后，并把 secure_cookies 设为 true".to_owned(),
        ));
    }
    if config.secure_cookies && !config.url.starts_with("https://") {
        findings.push(bad(
            "secure_cookies 为 true，但 url 不是 https:// 开头，浏览器将无法登录".to_owned(),
        ));
    }
    if !config.secure_cookies && config.url.starts_with("https://") {
        findings.push(bad(
            "url 是 https:// 开头，但 secure_cookies 为 false：登录凭证可能经未加密的连接传送。请把 secure_cookies 设为 true".to_owned(),
        ));
    }
    // The program speaks no TLS itself.
    if config.url.starts_with("https://") && config.trusted_proxies.is_empty() {
        findings.push(bad(
            "url 是 https:// 开头，前面应有反向代理，但 trusted_proxies 是空的：所有访问者都记作代理的地址，几个人输错密码，所有人都可能暂时登录不了。请写上代理的地址，与本程序在同一台机器的写 127.0.0.1".to_owned(),
        ));
    }
    if findings.is_empty() {
        findings.push(good("监听地址、反向代理与加密设置相符"));
    }
    findings
}

/// Can others of the machine read passwords and data?
fn private_places(file: &Path, config: &Config) -> Finding {
    let open: Vec<String> = [file, &config.data]
        .into_iter()
        .filter(|path| private::is_open(path))
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        good("配置文件和数据目录只有运行程序的用户可以读")
    } else {
        bad(format!(
            "本机其他用户（含同组用户）可以读：{}。里面有口令和个人信息，请用 chmod go-rwx 收回（系统服务请先确认属主是运行程序的用户）",
            open.join("、")
        ))
    }
}

/// Night work and deadlines go by the clock of the machine.
async fn clock(db: &Db) -> Result<Finding> {
    let newest = db
        .read(async |tx: &mut Tx| {
            let (seq, _) = audit::newest(tx).await?;
            audit::page(tx, seq - 1, 1).await
        })
        .await?;
    let newest = newest.first().map(audit::Recorded::time);
    Ok(compared(db.now(), newest))
}

fn compared(now: jiff::Timestamp, newest: Option<jiff::Timestamp>) -> Finding {
    match newest {
        Some(at) if at > now + CLOCK_AHEAD_MAX => bad(format!(
            "本机时间（北京时间{}）比最近一次操作（{}）早：时间可能不对。请先校准系统时间，再启动服务",
            moment(now.as_millisecond()),
            moment(at.as_millisecond())
        )),
        _ => good("系统时间与数据相符"),
    }
}

fn writable(folder: &Path) -> Finding {
    match std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(|_| ())) {
        Ok(()) => good(&format!("数据目录可写：{}", folder.display())),
        Err(error) => bad(format!(
            "数据目录“{}”不可写（{}）。请检查权限和剩余空间",
            folder.display(),
            failure::why(&error)
        )),
    }
}

/// What upgrades have left beside the data; nothing takes it away but an operator.
fn copies(config: &Config) -> Option<Finding> {
    const MEGABYTE: u64 = 1024 * 1024;
    let (files, folder, bytes) = upgrade::copies(config);
    (files > 0).then(|| {
        notice(&format!(
            "升级前的副本 {files} 份，共 {} MB，在“{}”。确认新版本运行正常以后，可以移到别处保存",
            bytes.div_ceil(MEGABYTE),
            folder.display()
        ))
    })
}

fn virus_scan(address: &str) -> Finding {
    if address.is_empty() {
        return notice("没有配置杀毒服务：上传的文件不查毒（需要时填写 virus_scan）");
    }
    match Clamd::new(address) {
        Err(sentence) => bad(sentence),
        Ok(scanner) => match scanner.ping() {
            Ok(()) => good("杀毒服务可以连通"),
            Err(error) => bad(format!(
                "杀毒服务“{address}”连不通（{}）：上传的文件会一律不收。请检查 clamd 是否在运行",
                failure::why(&error)
            )),
        },
    }
}

fn hosts(hosts: &[String]) -> Finding {
    match crate::outside::of(hosts) {
        Ok(_) if hosts.is_empty() => {
            notice("没有列出可核验的网站：网址类佐证一律“无法核验”（其他佐证不受影响）")
        }
        Ok(_) => good(&format!("可核验佐证的网站：{}", hosts.join("、"))),
        Err(error) => bad(failure::told(&error)),
    }
}

#[cfg(feature = "pdf")]
fn fonts(folder: &Path) -> Finding {
    let families = crate::printer::Typst::new(folder).families();
    if families.is_empty() {
        bad("没有找到中文字体，不能生成PDF（Word和表格不受影响）。请把字体文件放入 fonts 目录或安装系统中文字体".to_owned())
    } else {
        good(&format!("生成PDF使用的字体：{}", families.join("、")))
    }
}

#[cfg(not(feature = "pdf"))]
fn fonts(_: &Path) -> Finding {
    bad("这个程序没有编入PDF功能，只能导出Word和表格".to_owned())
}

fn good(text: &str) -> Finding {
    Finding {
        level: Level::Good,
        text: text.to_owned(),
    }
}

/// Nothing is wrong, but something is missing or left to do.
fn notice(text: &str) -> Finding {
    Finding {
        level: Level::Notice,
        text: text.to_owned(),
    }
}

fn bad(text: String) -> Finding {
    Finding {
        level: Level::Bad,
        text,
    }
}

#[cfg(test)]
mod tests {
    use gongkai_platform::testing::{MovableClock, backends, scratch};

    use super::{Finding, Level, carriers, compared, holidays, hosts, network, virus_scan};
    use crate::config::Config;

    fn levels(findings: &[Finding]) -> Vec<Level> {
        findings.iter().map(|finding| finding.level).collect()
    }

    #[tokio::test]
    async fn what_is_missing_has_another_mark_than_what_is_there() {
        for backend in backends() {
            // No notice of these years is known.
            let clock = MovableClock::at("2099-12-01T09:00:00+08:00");
            let (db, _guard) = scratch(&backend, clock.clock()).await;
            let found = holidays(&db).await.unwrap();
            assert_eq!(levels(&found), [Level::Bad, Level::Notice]);
            assert!(found[0].line().starts_with("■ 2099 年的放假安排没有收录"));
            assert!(found[1].line().starts_with("▲ 2100 年的放假安排还没有收录"));
        }
        let without = Config::default();
        assert_eq!(levels(&carriers(&without).await), [Level::Notice]);
        let unset = [virus_scan(""), hosts(&[])];
        assert_eq!(levels(&unset), [Level::Notice, Level::Notice]);
        assert!(
            unset.iter().all(Finding::is_good),
            "nothing is to be mended"
        );
        let json = super::to_json(&unset);
        assert_eq!(json["findings"][0]["level"], "notice");
        assert_eq!(json["findings"][0]["good"], true);
    }

    #[test]
    fn a_proxy_that_nobody_named_is_told() {
        let config = Config {
            url: "https://gk.example.gov.cn".into(),
            secure_cookies: true,
            ..Config::default()
        };
        let [finding]: [super::Finding; 1] = network(&config).try_into().ok().unwrap();
        assert!(finding.level == Level::Bad && finding.text.contains("trusted_proxies"));
        let named = Config {
            trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
            ..config
        };
        assert!(network(&named).iter().all(Finding::is_good));
        assert!(network(&Config::default()).iter().all(Finding::is_good));
    }

    #[test]
    fn a_clock_that_is_behind_is_told_in_beijing_time() {
        let at = |text: &str| text.parse().unwrap();
        let (now, newest) = (at("2025-10-12T01:05:00Z"), at("2026-10-12T16:30:00Z"));
        let finding = compared(now, Some(newest));
        assert_eq!(finding.level, Level::Bad);
        for said in ["北京时间2025年10月12日 09:05", "（2026年10月13日 00:30）"] {
            assert!(finding.text.contains(said), "{}", finding.text);
        }
        assert!(compared(newest, Some(now)).is_good() && compared(now, Some(now)).is_good());
        assert!(compared(now, None).is_good());
    }
}
