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
    /// Empty: the `fonts` folder beside the data, then the system's fonts.
    pub fonts: PathBuf,
    pub log: String,
    pub evidence: Evidence,
}

/// How evidence is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The only hosts whose pages are looked at; see [`crate::outside`].
    pub hosts: Vec<String>,
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
            evidence: Evidence::default(),
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
            "找不到配置文件“{}”。没有改动任何数据。请先运行 gongkai init，或用 --config 指明配置文件。",
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
            "# 公开（Gongkai）配置文件。改动后重新启动服务生效；改完可先运行 gongkai doctor 检查。\n\n\
             # 单位名称，显示在每页抬头。\nname = {}\n\n\
             # 公众访问的网址，末尾不带斜杠。\nurl = {}\n\n\
             # 监听地址，可写多个，IPv6 写作 \"[::1]:8080\"。对外服务请放在反向代理（TLS）之后。\nlisten = {}\n\n\
             # 数据目录：数据库、上传的文件都在这里。请纳入备份。\ndata = {}\n\n\
             # 数据库。留空为数据目录中的 SQLite；大型站点写 postgres://用户@主机/库名。\ndatabase = {}\n\n\
             # 反向代理的地址；只有它们转来的 X-Forwarded-For 才可信。\ntrusted_proxies = {}\n\n\
             # 全站 TLS 时设为 true，登录凭证只经加密连接传送。\nsecure_cookies = {}\n\n\
             # 字体目录（小标宋、仿宋等本单位已获授权的字体）。留空则用系统字体。\nfonts = {}\n\n\
             # 日志详略：error、warn、info、debug。\nlog = {}\n\n\
             # 佐证核验。\n[evidence]\n\
             # 可以访问其网页来核验佐证的网站，如 [\"www.example.gov.cn\", \"*.example.gov.cn\"]；其余网址一律判为“无法核验”。\n\
             # 带星号的只访问公网地址；内网网站请单独列出，端口不是80、443的写明端口，如 \"10.1.2.3:8080\"。留空则不访问任何网站。\nhosts = {}\n",
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
            list(self.evidence.hosts.clone()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

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
    }

    #[test]
    fn a_line_that_nobody_knows_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gongkai.toml");
        std::fs::write(&file, "name = \"安澜市\"\nlisen = []\n").unwrap();
        assert!(Config::load(&file).is_err());
    }
}
