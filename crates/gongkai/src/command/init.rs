//! `gongkai init`: configuration, data folder, first accounts by one-time links. No default password anywhere.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::account::Purpose;
use gongkai_platform::account::link::INVITE_VALID;
use gongkai_platform::db::Db;
use gongkai_platform::organ::{Kind, Level, import};
use serde_json::{Value, json};

use super::open;
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::people::{self, Newcomer};
use crate::private;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 单位名称，如 安澜市、云岭县、青禾镇
    #[arg(long, value_name = "名称", required_unless_present = "empty")]
    name: Option<String>,
    /// 级别；不写则按名称推断，县级市等从名称看不出来的请写明
    #[arg(long, value_name = "级别", value_parser = levels())]
    level: Option<Level>,
    /// 公众访问的网址
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "网址")]
    url: String,
    /// 监听地址，可写多次
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "地址:端口")]
    listen: Vec<SocketAddr>,
    /// 数据目录
    #[arg(long, default_value = "data", value_name = "目录")]
    data: PathBuf,
    /// 只写配置文件、建数据目录，不建机构和账号：接着用 gongkai restore 恢复备份
    #[arg(long)]
    empty: bool,
    /// 数据库；不写则用数据目录中的 SQLite
    #[arg(long, default_value = "", value_name = "地址")]
    database: String,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// The three powers, and the office that begins the work.
const FIRST: [(&str, &str, Role); 4] = [
    ("sysadmin", "系统管理员", Role::SystemAdmin),
    ("secadmin", "安全管理员", Role::SecurityAdmin),
    ("auditadmin", "审计管理员", Role::AuditAdmin),
    ("office", "政务公开办", Role::OfficeClerk),
];

/// The levels that have a government of their own.
fn levels() -> impl TypedValueParser<Value = Level> {
    let known = [Level::Province, Level::City, Level::County, Level::Town];
    PossibleValuesParser::new(known.map(Level::name))
        .try_map(|word| Level::from_word(&word).ok_or("no level"))
}

pub(crate) async fn run(file: &Path, arguments: Arguments) -> Result<Outcome> {
    ensure!(
        !file.exists(),
        "配置文件“{}”已存在，没有改动任何内容。如要重新开始，请先移走它，或用 --config 指明另一个文件名。",
        file.display()
    );
    let usual = Config::default();
    let config = Config {
        secure_cookies: arguments.url.starts_with("https://"),
        trusted_proxies: proxies(&arguments.url, &arguments.listen),
        name: arguments.name.unwrap_or(usual.name),
        url: arguments.url,
        listen: arguments.listen,
        data: arguments.data,
        database: arguments.database,
        ..Config::default()
    };
    // Refused before anything is written.
    let first = if arguments.empty {
        None
    } else {
        Some(Home::of(&config.name, arguments.level)?)
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // It may come to hold passwords of the database and of the mail server.
    private::file(file)
        .and_then(|mut written| written.write_all(config.commented().as_bytes()))
        .with_context(|| format!("不能写入配置文件“{}”", file.display()))?;
    let begun = begin(file, first).await;
    if begun.is_err() {
        // A file that names a store which cannot be had would stand in the way of the next try.
        let _ = std::fs::remove_file(file);
    }
    let begun = begun
        .context("初始化没有做完，没有留下配置文件。请按下面的原因改正后，重新运行 gongkai init")?;
    match arguments.format {
        Answer::Json => println!("{}", begun.to_json(file)),
        Answer::Table => begun.tell(file),
    }
    Ok(Outcome::Done)
}

/// What an init made: the data folder, and where the directory has a beginning, that one with whom it invited.
struct Begun {
    data: PathBuf,
    first: Option<(Home, Vec<Invited>)>,
}

/// Somebody with a one-time link.
struct Invited {
    login: &'static str,
    name: &'static str,
    link: String,
}

impl Begun {
    /// `{"config", "data", "government", "level", "kind", "links": [{"login", "name", "link", "valid_hours"}]}`; the three in
    /// the middle are null where there is no directory yet.
    fn to_json(&self, file: &Path) -> Value {
        let home = self.first.as_ref().map(|(home, _)| home);
        let invited = self.first.iter().flat_map(|(_, invited)| invited);
        let links = invited.map(|one| {
            json!({
                "login": one.login,
                "name": one.name,
                "link": one.link,
                "valid_hours": INVITE_VALID.as_hours(),
            })
        });
        json!({
            "config": file.display().to_string(),
            "data": self.data.display().to_string(),
            "government": home.map(|home| home.government.as_str()),
            "level": home.map(|home| home.level.name()),
            "kind": home.map(|home| home.kind.name()),
            "links": links.collect::<Vec<_>>(),
        })
    }

    /// In sentences, on standard output.
    fn tell(&self, file: &Path) {
        let (file, data) = (file.display(), self.data.display());
        println!("已写好配置文件 {file}，数据目录 {data}。");
        let Some((home, invited)) = &self.first else {
            println!(
                "\n没有建立机构和账号。请把配置文件中的 name、url 等改成与原来一致。下一步：gongkai --config {file} restore 备份文件"
            );
            return;
        };
        println!(
            "机关名录从“{}”开始，级别是{}，类型是{}。如不对，请在“机关名录”里修改，或换一个空目录，加上 --level 重新初始化。",
            home.government,
            home.level.name(),
            home.kind.name()
        );
        println!("\n首批账号的一次性链接（72 小时内有效，只显示这一次，请分别交给本人设置密码）：");
        for Invited { login, name, link } in invited {
            println!("  {name}（登录名 {login}）  {link}");
        }
        println!("\n下一步：gongkai --config {file} serve");
    }
}

/// Behind a proxy on the same machine every visitor would have the machine's own address.
fn proxies(url: &str, listen: &[SocketAddr]) -> Vec<IpAddr> {
    let beside = listen.iter().all(|address| address.ip().is_loopback());
    if !url.starts_with("https://") || !beside {
        return Vec::new();
    }
    let own = [
        IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::from(Ipv6Addr::LOCALHOST),
    ];
    own.into_iter()
        .filter(|own| {
            listen
                .iter()
                .any(|address| address.is_ipv4() == own.is_ipv4())
        })
        .collect()
}

/// Opens the store of the configuration just written and fills it; `first` is what the directory begins with, and `None` where
/// a backup will bring all.
async fn begin(file: &Path, first: Option<Home>) -> Result<Begun> {
    // Read back, so that relative paths mean what the file will mean to `serve`.
    let config = Config::load(file)?;
    let db = open(&config).await?;
    ensure!(
        db.is_empty().await?,
        "数据库中已有数据，没有改动。请换一个数据目录或空数据库。"
    );
    let Some(home) = first else {
        return Ok(Begun {
            data: config.data,
            first: None,
        });
    };
    db.migrate().await?;
    let invited = fill(&db, &home, &config.url).await.context(
        "数据库里已写入一部分内容，不能接着用。重新运行时请换一个空的数据目录（--data）或空数据库（--database）",
    )?;
    Ok(Begun {
        data: config.data,
        first: Some((home, invited)),
    })
}

/// Stores the first organs and accounts; gives who is invited, with the link.
async fn fill(db: &Db, home: &Home, url: &str) -> Result<Vec<Invited>> {
    let (_, office) = home.found(db).await?;
    let mut invited = Vec::with_capacity(FIRST.len());
    for (login, name, role) in FIRST {
        let newcomer = Newcomer {
            login,
            name,
            roles: &[(role, office)],
        };
        let (_, token) = people::invite(db, &newcomer, Purpose::Invite, INVITE_VALID).await?;
        let path = Purpose::Invite.path(&token);
        invited.push(Invited {
            login,
            name,
            link: format!("{url}{path}"),
        });
    }
    Ok(invited)
}

/// The organ that the directory begins with, and the office that begins the work.
#[derive(Debug, PartialEq, Eq)]
struct Home {
    government: String,
    office: String,
    level: Level,
    kind: Kind,
}

/// What a whole name ends with; the name of a place gets one of these.
const WHOLE: [&str; 5] = ["人民政府", "办事处", "管理委员会", "管委会", "行政公署"];
const ZONES: [&str; 5] = ["开发区", "高新区", "工业园区", "示范区", "合作区"];
/// A part of a government, with which no directory begins.
const PARTS: [&str; 3] = ["办公室", "办公厅", "局"];

/// Does a zone's name say that a county or a district has it? Its own 区 says nothing.
fn is_of_county(zone: &str) -> bool {
    let zone = zone
        .trim_end_matches("管理委员会")
        .trim_end_matches("管委会")
        .trim_end_matches('区');
    zone.contains('县') || zone.contains('区')
}

impl Home {
    /// From a place's name, such as 云岭县, or the whole one, such as 青禾镇人民政府. A level that is said counts more than the
    /// name, which cannot tell a city of the county's level.
    ///
    /// # Errors
    /// The name of a department.
    fn of(name: &str, said: Option<Level>) -> Result<Self> {
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        ensure!(
            !ends(&PARTS),
            "“{name}”像是一个部门，机关名录要从一级政府或管委会开始。没有改动任何内容。--name 请写地名或政府的全称，如 云岭县、安澜市人民政府；部门在初始化以后加进“机关名录”。"
        );
        let government = if ends(&WHOLE) {
            name.to_owned()
        } else if let Some(place) = name.strip_suffix("政府") {
            format!("{place}人民政府")
        } else if ends(&ZONES) {
            format!("{name}管理委员会")
        } else if name.ends_with("街道") {
            format!("{name}办事处")
        } else if name.ends_with("街道办") {
            format!("{name}事处")
        } else if name.ends_with("地区") {
            format!("{name}行政公署")
        } else {
            format!("{name}人民政府")
        };
        let (guessed, kind) = import::guessed(&government);
        let guessed = match kind {
            Kind::Zone if is_of_county(&government) => Level::County,
            _ => guessed,
        };
        let level = said.unwrap_or(guessed);
        let kind = match (level, kind) {
            (Level::Town, Kind::Government) => Kind::Town,
            (_, kind) => kind,
        };
        let place = government
            .trim_end_matches("人民政府")
            .trim_end_matches("办事处");
        let office = match kind {
            Kind::Town | Kind::Street => format!("{place}党政办公室"),
            _ => format!("{government}办公室"),
        };
        Ok(Self {
            government,
            office,
            level,
            kind,
        })
    }

    /// Stores both and gives them.
    async fn found(&self, db: &Db) -> Result<(OrganId, OrganId)> {
        let root = people::organ(db, None, &self.government, self.level, self.kind).await?;
        let office = people::organ(db, Some(root), &self.office, self.level, Kind::Office).await?;
        Ok((root, office))
    }
}

#[cfg(test)]
mod tests {
    use gongkai_platform::db::Tx;
    use gongkai_platform::organ::{self, Certainty, Kind, Level, Target};
    use gongkai_platform::testing::{MovableClock, backends, scratch};

    use super::{Home, proxies};
    use crate::people;

    #[tokio::test]
    async fn collectives_of_a_county_and_of_a_town_hold_their_own_units() {
        for backend in backends() {
            for (name, said, unit, level, kind) in [
                (
                    "云岭县",
                    "县直各单位",
                    "云岭县教育局",
                    Level::County,
                    Kind::Department,
                ),
                (
                    "青禾镇",
                    "镇直各单位",
                    "青禾镇公共服务办公室",
                    Level::Town,
                    Kind::Section,
                ),
                (
                    "青禾镇",
                    "各科室",
                    "青禾镇财政所",
                    Level::Section,
                    Kind::Section,
                ),
            ] {
                let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
                let (db, _guard) = scratch(&backend, clock.clock()).await;
                let home = Home::of(name, None).unwrap();
                let (root, office) = home.found(&db).await.unwrap();
                let unit = people::organ(&db, Some(root), unit, level, kind)
                    .await
                    .unwrap();
                let directory = db
                    .read(async |tx: &mut Tx| organ::directory(tx, root).await)
                    .await
                    .unwrap();
                let found = directory.find(said);
                let Target::Collective(key) = &found[0].target else {
                    panic!("{said}: {found:?}");
                };
                assert_eq!(found[0].certainty, Certainty::Certain, "{}", found[0].note);
                let members = directory.expand(key, &[]);
                assert!(members.contains(&unit), "{said}");
                if said != "各科室" {
                    assert!(members.contains(&office), "{said}");
                }
            }
        }
    }

    #[test]
    fn level_and_kind_follow_from_the_name_unless_the_level_is_said() {
        for (name, said, government, office, level, kind) in [
            (
                "安澜市",
                None,
                "安澜市人民政府",
                "安澜市人民政府办公室",
                Level::City,
                Kind::Government,
            ),
            (
                "安澜市",
                Some(Level::County),
                "安澜市人民政府",
                "安澜市人民政府办公室",
                Level::County,
                Kind::Government,
            ),
            (
                "云岭县",
                None,
                "云岭县人民政府",
                "云岭县人民政府办公室",
                Level::County,
                Kind::Government,
            ),
            (
                "东渚区人民政府",
                None,
                "东渚区人民政府",
                "东渚区人民政府办公室",
                Level::County,
                Kind::Government,
            ),
            (
                "青禾镇",
                None,
                "青禾镇人民政府",
                "青禾镇党政办公室",
                Level::Town,
                Kind::Town,
            ),
            (
                "松口街道",
                None,
                "松口街道办事处",
                "松口街道党政办公室",
                Level::Town,
                Kind::Street,
            ),
            (
                "安澜高新区",
                None,
                "安澜高新区管理委员会",
                "安澜高新区管理委员会办公室",
                Level::City,
                Kind::Zone,
            ),
        ] {
            let wanted = Home {
                government: government.to_owned(),
                office: office.to_owned(),
                level,
                kind,
            };
            assert_eq!(Home::of(name, said).unwrap(), wanted);
        }
    }

    #[test]
    fn a_short_name_is_made_whole_and_a_departments_is_refused() {
        for (name, government, level) in [
            ("云岭县政府", "云岭县人民政府", Level::County),
            ("安西地区", "安西地区行政公署", Level::City),
            ("云岭县工业园区", "云岭县工业园区管理委员会", Level::County),
            ("松口街道办", "松口街道办事处", Level::Town),
        ] {
            let home = Home::of(name, None).unwrap();
            assert_eq!((home.government.as_str(), home.level), (government, level));
        }
        for name in ["安澜市人民政府办公室", "云岭县教育局"] {
            assert!(Home::of(name, None).is_err(), "{name}");
        }
    }

    #[test]
    fn a_proxy_beside_the_program_is_believed_and_no_other() {
        let https = "https://gk.example.gov.cn";
        for (url, listen, wanted) in [
            (https, "127.0.0.1:8080", "127.0.0.1"),
            (https, "127.0.0.1:8080 [::1]:8080", "127.0.0.1 ::1"),
            (https, "[::1]:8080", "::1"),
            (https, "0.0.0.0:8080", ""),
            (https, "127.0.0.1:8080 10.0.0.1:8080", ""),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", ""),
        ] {
            let addresses: Vec<_> = listen
                .split_whitespace()
                .map(|address| address.parse().unwrap())
                .collect();
            let wanted: Vec<std::net::IpAddr> = wanted
                .split_whitespace()
                .map(|address| address.parse().unwrap())
                .collect();
            assert_eq!(proxies(url, &addresses), wanted, "{url} {listen}");
        }
    }
}
