//! `gongkai receipt verify`: does a citizen's receipt carry the signature of this key, and is it about this content? Needs
//! no store and no network.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use gongkai_requests::key;

use crate::cli::{self, Outcome};

/// A receipt, a key and an application's content are some lines; larger files are none of them. Bytes.
const BYTES_MAX: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 下载的回执文件
    #[arg(value_name = "回执文件")]
    file: PathBuf,
    /// 公钥：PEM 文件，或64位十六进制；在门户“核验回执”页下载
    #[arg(long, value_name = "公钥")]
    key: String,
    /// 申请内容文件，提交后下载的；给出就核对它是不是回执所证明的内容
    #[arg(long, value_name = "文件")]
    content: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = cli::Answer::Table, value_name = "格式")]
    format: cli::Answer,
}

fn small(path: &Path, what: &str) -> Result<String> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .map_err(|error| anyhow::anyhow!("{what}“{shown}”{}", unopened(&error)))?
        .len();
    anyhow::ensure!(
        size <= BYTES_MAX,
        "{what}“{shown}”太大，不像{what}，没有核验。请确认文件"
    );
    std::fs::read_to_string(path).map_err(|error| {
        let why = if error.kind() == ErrorKind::InvalidData {
            "不是 UTF-8 文字，没有核验。请使用原来下载的文件"
        } else {
            unopened(&error)
        };
        anyhow::anyhow!("{what}“{shown}”{why}")
    })
}

/// Why a file was not read, without the system's own words: they are English.
fn unopened(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "不存在，没有核验。请检查文件名和所在的文件夹",
        ErrorKind::PermissionDenied => "没有读取权限，没有核验。请检查文件的权限",
        _ => "打不开，没有核验。请检查文件名和读取权限",
    }
}

/// Says whether the signature holds.
///
/// # Errors
/// A file that cannot be read, a key that is none.
pub(crate) fn verify(arguments: &Arguments) -> Result<Outcome> {
    let text = small(&arguments.file, "回执")?;
    // Editors put a byte order mark before it and blank lines around it.
    let text = text.trim_start_matches('\u{feff}').trim();
    let public = match key::public_of(&arguments.key) {
        Some(public) => public,
        None => key::public_of(&small(Path::new(&arguments.key), "公钥")?).context(
            "公钥读不出来，没有核验。请使用门户“核验回执”页下载的 key.pem，或者64位十六进制",
        )?,
    };
    let holds = key::verifies(text, &public);
    let content = arguments.content.as_deref();
    let content = content.map(|file| small(file, "申请内容")).transpose()?;
    let same = content.map(|content| key::is_content(text, &content));
    let facts = key::facts(text);
    if arguments.format == cli::Answer::Json {
        let mut answer = serde_json::Map::new();
        answer.insert("valid".to_owned(), holds.into());
        if let Some(same) = same {
            answer.insert("content".to_owned(), same.into());
        }
        for (name, value) in &facts {
            answer.insert((*name).to_owned(), (*value).into());
        }
        println!("{}", serde_json::Value::Object(answer));
    } else if holds {
        println!("签名有效：回执出自持有这把公钥的网站，文字没有改动。");
        for (name, value) in &facts {
            println!("  {name}　{value}");
        }
    } else {
        println!("签名无效：文字被改动过、不完整，或者不是用这把公钥对应的私钥签的。");
    }
    if arguments.format == cli::Answer::Table {
        match same {
            Some(true) => println!("内容相符：这就是回执所证明的申请内容。"),
            Some(false) => {
                println!("内容不符：申请内容被改动过、不完整，或者是另一件申请的。");
            }
            None => {}
        }
    }
    Ok(if holds && same.unwrap_or(true) {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}
