//! `gongkai account link`: the way back in for whoever nobody else can help, as the only security administrator. It takes any
//! login: whoever may run it can read the store as well, so it opens no door that was closed; the event says that it was used.

use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use gongkai_platform::account::Purpose;
use gongkai_platform::account::link::INVITE_VALID;
use gongkai_platform::account::manage::{self, ChangeError};
use gongkai_platform::db::Tx;
use serde_json::json;

use super::open_current;
use crate::cli::{Answer, Outcome};
use crate::config::Config;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 登录名，如 secadmin
    #[arg(value_name = "登录名")]
    login: String,
    /// 同时关闭登录验证码：手机丢失时
    #[arg(long)]
    without_second_factor: bool,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// Prints the link, or `{"login", "link", "valid_hours"}`; it is shown this once.
pub(crate) async fn link(config: &Path, arguments: &Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open_current(&config).await?;
    let login = arguments.login.trim();
    let made = db
        .write(async |tx: &mut Tx| {
            manage::recover(tx, login, arguments.without_second_factor).await
        })
        .await;
    match made {
        Ok(token) => {
            let link = format!("{}{}", config.url, Purpose::Reset.path(&token));
            match arguments.format {
                Answer::Json => println!(
                    "{}",
                    json!({ "login": login, "link": link, "valid_hours": INVITE_VALID.as_hours() })
                ),
                Answer::Table => {
                    println!(
                        "一次性链接（72 小时内有效，只显示这一次）。原密码已失效，登录都已结束："
                    );
                    println!("  {link}");
                }
            }
            Ok(Outcome::Done)
        }
        Err(ChangeError::NotFound) => {
            bail!(
                "没有登录名为“{login}”的账号。没有改动数据。首批账号是 sysadmin、secadmin、auditadmin、office。"
            )
        }
        Err(ChangeError::Refused(reasons)) => bail!("{}。没有改动数据。", reasons.join("；")),
        Err(ChangeError::Store(error)) => Err(error.into()),
    }
}
