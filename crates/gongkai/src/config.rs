//! One commented TOML file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use gongkai_platform::db::Address;
use gongkai_platform::web::Site;
use serde::{Deserialize, Serialize};

/// Where the configuration is looked for when nothing names it.
pub const DEFAULT_FILE: &str = "gongkai.toml";

/// The settings that a `GONGKAI_…` variable may overrule; other such variables are none of this file's business.
const SETTINGS: &[&str] = &[
    "name",
    "url",
    "data",
    "database",
    "secure_cookies",
    "fonts",
    "log",
    "virus_scan",
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// 单位名称, as the head line shows it: 安澜市.
    pub name: String,
    pub url: String,
    pub listen: Vec<SocketAddr>,
    pub data: PathBuf,
    /// Empty: SQLite in the data folder.
    pub database: String,
    pub trusted_proxies: Vec<IpAddr>,
    pub secure_cookies: bool,
    /// Looked into first; then the folder `fonts` beside the program, then the system's fonts.
    pub fonts: PathBuf,
    pub log: String,
    /// The scanner that looks at uploads; empty: none. See [`crate::scan`].
    #[serde(default)]
    pub virus_scan: String,
    pub evidence: Evidence,
    /// Where digests of the inbox leave by mail; off where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailConfig>,
    /// Where they are pushed; off where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookConfig>,
}

/// How pages elsewhere are looked at: those of evidence, of the catalogue, of documents from above.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The only hosts whose pages are looked at; see [`crate::outside`].
    pub hosts: Vec<String>,
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub host: String,
    /// 465 with `tls`, 587 with `starttls`, 25 with `none` where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default)]
    pub security: MailSecurity,
    /// Empty: no signing in.
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: String,
    /// `安澜市政务公开办 <gongkai@…>`
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    #[default]
    Tls,
    Starttls,
    /// Only inside a network that is trusted.
    None,
}

/// `[webhook]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    pub url: String,
    /// The receiver checks the signature with it.
    pub secret: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "未命名".into(),
            url: "http://127.0.0.1:8080".into(),
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
            data: PathBuf::from("data"),
            database: String::new(),
            trusted_proxies: Vec::new(),
            secure_cookies: false,
            fonts: PathBuf::new(),
            log: "info".into(),
            virus_scan: String::new(),
            evidence: Evidence::default(),
            mail: None,
            webhook: None,
        }
    }
}

impl Config {
    /// Reads the file; `GONGKAI_…` variables overrule it. Paths are relative to the file's folder.
    ///
    /// # Errors
    /// When the file is missing or a line cannot be understood.
    pub fn load(file: &Path) -> Result<Self> {
        anyhow::ensure!(
            file.is_file(),
            "找不到配置文件“{}”。没有改动任何数据。请先运行 gongkai init（要恢复备份时放回原来的配置文件，或用 gongkai init --empty），或用 --config 指明配置文件。",
            file.display()
        );
        let mut config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("GONGKAI_").only(SETTINGS))
            .extract()
            .with_context(|| {
                format!(
                    "配置文件“{}”中有看不懂的内容。没有改动任何数据。请按文件中的说明修改后重试",
                    file.display()
                )
            })?;
        let folder = file.parent().unwrap_or(Path::new("."));
        if config.data.is_relative() {
            config.data = folder.join(&config.data);
        }
        if !config.fonts.as_os_str().is_empty() && config.fonts.is_relative() {
            config.fonts = folder.join(&config.fonts);
        }
        config.url = config.url.trim_end_matches('/').to_owned();
        Ok(config)
    }

    /// # Errors
    /// When the address is of no known kind.
    pub fn address(&self) -> Result<Address> {
        if self.database.is_empty() {
            Ok(Address::Sqlite(self.data.join("gongkai.db")))
        } else {
            Ok(self.database.parse()?)
        }
    }

    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// The search index of this node; it can be deleted at any time.
    #[must_use]
    pub fn search(&self) -> PathBuf {
        self.data.join("search")
    }

    #[must_use]
    pub fn site(&self) -> Site {
        Site {
            name: self.name.clone(),
            url: self.url.clone(),
            secure: self.secure_cookies,
            demo: false,
            trusted_proxies: self.trusted_proxies.clone(),
        }
    }

    /// The file that `init` writes, with a comment at each line.
    #[must_use]
    pub fn commented(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let list = |items: Vec<String>| {
            format!(
                "[{}]",
                items
                    .iter()
                    .map(|item| quoted(item))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        };
        format!(
            "# 公开（Gongkai）配置文件。改动后重新启动服务生效；改完可先运行 gongkai doctor 检查。\n\
             # 口令不想写在这里的，可用环境变量 GONGKAI_DATABASE 代替 database 一行。\n\n\
             # 单位名称，显示在每页抬头。\nname = {}\n\n\
             # 公众访问的网址，末尾不带斜杠。\nurl = {}\n\n\
             # 监听地址，可写多个，IPv6 写作 \"[::1]:8080\"。对外服务请放在反向代理（TLS）之后。\nlisten = {}\n\n\
             # 数据目录：数据库、上传的文件都在这里。请纳入备份。\ndata = {}\n\n\
             # 数据库。留空为数据目录中的 SQLite；大型站点写 postgres://用户@主机/库名，\n# 不在本机的加上 ?sslmode=verify-full，经 TLS 连接并核对证书。\ndatabase = {}\n\n\
             # 反向代理的地址；只有它们转来的 X-Forwarded-For 才可信，没有写的代理，经它来的访问者都记作代理的地址。\n# 代理要自己写这一项，不能照转访问者带来的（样例见 packaging/nginx.conf）。\ntrusted_proxies = {}\n\n\
             # 全站 TLS 时设为 true，登录凭证只经加密连接传送。\nsecure_cookies = {}\n\n\
             # 字体目录（小标宋、仿宋等本单位已获授权的字体）。先在这里找，再找程序所在目录下的 fonts，\n# 再用系统字体；没有这样的目录时留空。\nfonts = {}\n\n\
             # 日志详略：error、warn、info、debug。\nlog = {}\n\n\
             # 上传文件的杀毒服务（ClamAV 协议），如 tcp://127.0.0.1:3310 或 unix:/run/clamav/clamd.ctl。留空则不查；\n\
             # 写了而服务不通时，文件一律不收。\nvirus_scan = {}\n\n\
             # 网页核验：佐证、主动公开目录里登记的网址、上级文件。\n[evidence]\n\
             # 可以访问其网页的网站，如 [\"www.example.gov.cn\", \"*.example.gov.cn\"]；其余网址一律判为“无法核验”。\n\
             # 带星号的只访问公网地址；内网网站请单独列出，端口不是80、443的写明端口，如 \"10.1.2.3:8080\"。留空则不访问任何网站。\nhosts = {}\n\n{}\n{}",
            quoted(&self.name),
            quoted(&self.url),
            list(self.listen.iter().map(ToString::to_string).collect()),
            quoted(&self.data.to_string_lossy()),
            quoted(&self.database),
            list(
                self.trusted_proxies
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            ),
            self.secure_cookies,
            quoted(&self.fonts.to_string_lossy()),
            quoted(&self.log),
            quoted(&self.virus_scan),
            list(self.evidence.hosts.clone()),
            self.mail_lines(),
            self.webhook_lines(),
        )
    }

    /// `[mail]`, or how to switch it on.
    fn mail_lines(&self) -> String {
        const WHAT: &str = "# 每个工作日早上把未读消息的摘要发到各人填写的邮箱。不写这一段就不发邮件。\n\
            # security：tls（默认，端口465）、starttls（端口587）、none（只限可信的内网，端口25）。user 留空则不登录。\n";
        const SAMPLE: &str = "# [mail]\n# host = \"smtp.example.gov.cn\"\n# security = \"tls\"\n# user = \"gongkai@example.gov.cn\"\n\
            # password = \"授权码\"\n# from = \"政务公开办 <gongkai@example.gov.cn>\"\n";
        section("mail", WHAT, SAMPLE, self.mail.as_ref())
    }

    /// `[webhook]`, or how to switch it on.
    fn webhook_lines(&self) -> String {
        const WHAT: &str = "# 把同样的摘要以 JSON 推送到一个网址（如本单位的即时通信、办公系统）。不写这一段就不推送。\n\
            # 正文用 secret 作 HMAC-SHA-256 签名，放在 X-Gongkai-Signature 头里，接收方据此核对来源。\n";
        const SAMPLE: &str = "# [webhook]\n# url = \"https://im.example.gov.cn/hook\"\n# secret = \"至少16个字符的随机密钥\"\n";
        section("webhook", WHAT, SAMPLE, self.webhook.as_ref())
    }
}

/// A section as it is set, else the sample, commented out.
fn section<T: Serialize>(name: &str, what: &str, sample: &str, set: Option<&T>) -> String {
    let lines = set.and_then(|set| toml::to_string(set).ok());
    match lines {
        Some(lines) => format!("{what}[{name}]\n{lines}"),
        None => format!("{what}{sample}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, MailConfig, MailSecurity, WebhookConfig};

    #[test]
    fn the_commented_file_says_what_the_configuration_says() {
        let config = Config {
            name: "安澜市 \"测试\"".into(),
            trusted_proxies: vec!["::1".parse().unwrap()],
            evidence: super::Evidence {
                hosts: vec!["*.anlan.example".into()],
            },
            ..Config::default()
        };
        let read: Config = toml::from_str(&config.commented()).unwrap();
        assert_eq!(read, config);
        let config = Config {
            mail: Some(MailConfig {
                host: "smtp.example.gov.cn".into(),
                port: Some(2525),
                security: MailSecurity::Starttls,
                user: "gongkai".into(),
                password: "#\"秘密\"".into(),
                from: "政务公开办 <gongkai@example.gov.cn>".into(),
            }),
            webhook: Some(WebhookConfig {
                url: "https://im.example.gov.cn/hook".into(),
                secret: "0123456789abcdef".into(),
            }),
            ..config
        };
        let read: Config = toml::from_str(&config.commented()).unwrap();
        assert_eq!(read, config);
        // What is commented out works once the marks are taken off.
        let sample = Config::default().commented().replace("\n# [", "\n[");
        let sample: String = sample
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") => format!("{rest}\n"),
                Some(_) | None => format!("{line}\n"),
            })
            .collect();
        let read: Config = toml::from_str(&sample).unwrap();
        assert!(read.mail.is_some() && read.webhook.is_some());
    }

    #[test]
    fn a_line_that_nobody_knows_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gongkai.toml");
        std::fs::write(&file, "name = \"安澜市\"\nlisen = []\n").unwrap();
        assert!(Config::load(&file).is_err());
    }
}
