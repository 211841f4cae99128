//! `gongkai check`: what a text or a file must not carry out of the house, before it is published.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use gongkai_basis::id::OrganId;
use gongkai_documents::inspection::{Inspection, Unread};
use gongkai_documents::rules;
use gongkai_inspect::{Confidence, Finding, Kind, Masking, Rules, inspect, mask};
use gongkai_office::form::table_csv;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use serde::Serialize;

use crate::cli::{Format, Outcome};
use crate::config::Config;
use crate::sandbox;

/// Bytes of standard input.
const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The list of the house beside the built-in rules.
#[derive(Debug, Args)]
pub(crate) struct HouseArguments {
    /// 本单位的检查词库和例外：在“检查词库和例外”页面下载的文件
    #[arg(long, value_name = "词库文件")]
    words: Option<PathBuf>,
    /// 用配置文件所指系统里的检查词库和例外
    #[arg(long, conflicts_with = "words")]
    house: bool,
    /// 哪个单位的文字：用它的政府和各上级政府的词库；不写用最上级政府的
    #[arg(long, value_name = "单位名称", requires = "house")]
    organ: Option<String>,
}

impl HouseArguments {
    /// The organ that is named, or the one at the top; the sentence says why that is none.
    async fn whose(
        &self,
        tx: &mut Tx,
    ) -> std::result::Result<std::result::Result<OrganId, String>, StoreError> {
        let known = match &self.organ {
            Some(_) => organ::store::all(tx).await?,
            None => organ::store::roots(tx).await?,
        };
        let mut found = known.into_iter().filter(|one| {
            let named = |name: &String| one.name == *name || one.short_name.as_ref() == Some(name);
            one.is_active() && self.organ.as_ref().is_none_or(named)
        });
        Ok(match (found.next(), found.next(), &self.organ) {
            (Some(one), None, _) => Ok(one.id),
            (None, _, Some(name)) => Err(format!(
                "机关名录里没有“{name}”，没有检查。请核对单位名称。"
            )),
            (None, _, None) => Err("系统里还没有机关名录，没有检查。".to_owned()),
            (Some(_), Some(_), Some(name)) => {
                Err(format!("叫“{name}”的单位不止一个，没有检查。请写全称。"))
            }
            (Some(_), Some(_), None) => Err(
                "系统里有几个最上级的政府，没有检查。请用 --organ 写明是哪个单位的文字。"
                    .to_owned(),
            ),
        })
    }

    async fn rules(&self, config: &Path) -> Result<Rules> {
        if self.house {
            let db = super::open_current(&Config::load(config)?).await?;
            let rules = db
                .read(async |tx: &mut Tx| match self.whose(tx).await? {
                    Ok(organ) => rules::rules(tx, organ).await.map(Ok),
                    Err(sentence) => Ok::<_, StoreError>(Err(sentence)),
                })
                .await
                .context("读不出检查词库，没有检查。数据没有被改动。请稍后重试")?;
            db.close().await;
            return rules.map_err(|sentence| anyhow!("{sentence}"));
        }
        let Some(file) = &self.words else {
            return Ok(Rules::default());
        };
        let text = std::fs::read_to_string(file).map_err(|_| {
            anyhow!(
                "词库文件“{}”打不开，没有检查。请核对文件位置，或到“检查词库和例外”页面重新下载。",
                file.display()
            )
        })?;
        let own = rules::from_file(&text).map_err(|wrong| {
            anyhow!(
                "词库文件“{}”有问题，没有检查。{}请改正，或到“检查词库和例外”页面重新下载。",
                file.display(),
                wrong.concat()
            )
        })?;
        Ok(rules::with(own))
    }
}

/// The text with its personal data covered, as a file of its own.
#[derive(Debug, Args)]
pub(crate) struct MaskArguments {
    /// 把遮盖了个人信息的文字另存为文本文件
    #[arg(long, value_name = "文件")]
    masked: Option<PathBuf>,
    /// 遮盖规则：在“检查词库和例外”页面下载的 JSON 文件，也可以写成 TOML；不写用系统自带的规则
    #[arg(long, value_name = "规则文件", requires = "masked")]
    masking: Option<PathBuf>,
}

impl MaskArguments {
    /// The rule of the file; read before anything is checked, so that a wrong one is told at once.
    fn rule(&self) -> Result<Masking> {
        let Some(file) = &self.masking else {
            return Ok(Masking::default());
        };
        let text = std::fs::read_to_string(file).map_err(|_| {
            anyhow!(
                "规则文件“{}”打不开，没有检查。请核对文件位置，或到“检查词库和例外”页面重新下载。",
                file.display()
            )
        })?;
        let text = text.trim_start_matches('\u{FEFF}');
        let is_toml = file
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("toml"));
        let rule: Option<Masking> = if is_toml {
            toml::from_str(text).ok()
        } else {
            serde_json::from_str(text).ok()
        };
        let wrong: String = match &rule {
            Some(rule) => rule.why_not().into_iter().map(|(_, why)| why).collect(),
            None => "看不懂，每种号码写留前几位和末几位，例：\"id_card\": [3, 2]。".to_owned(),
        };
        match rule {
            Some(rule) if wrong.is_empty() => Ok(rule),
            _ => Err(anyhow!(
                "规则文件“{}”有问题，没有检查。{wrong}请改正，或到“检查词库和例外”页面重新下载。",
                file.display()
            )),
        }
    }

    /// Writes the covered text where one is asked for.
    fn save(&self, (text, findings): (&str, &[Finding]), rule: &Masking) -> Result<()> {
        let Some(out) = &self.masked else {
            return Ok(());
        };
        let covered = mask(text, findings, rule);
        write_new(out, covered.as_bytes(), "遮盖后的文字")?;
        eprintln!(
            "已另存遮盖后的文字：{}（{}）。请核对后再用。",
            out.display(),
            rule.sentence()
        );
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(crate) struct TextArguments {
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    format: Format,
    #[command(flatten)]
    house: HouseArguments,
    #[command(flatten)]
    mask: MaskArguments,
}

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    #[arg(value_name = "文件")]
    file: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    format: Format,
    /// 另存一份去掉隐藏内容的干净文件
    #[arg(long, value_name = "文件")]
    clean: Option<PathBuf>,
    #[command(flatten)]
    house: HouseArguments,
    #[command(flatten)]
    mask: MaskArguments,
}

#[derive(Debug, Serialize)]
struct Answer<'s> {
    findings: &'s [Finding],
    /// `picture` or `scan`, where no words were read at all.
    unread: Option<&'static str>,
    /// What was not checked, in words.
    gap: Option<String>,
}

/// Checks what stands on standard input.
pub(crate) async fn text(config: &Path, arguments: &TextArguments) -> Result<Outcome> {
    let rules = arguments.house.rules(config).await?;
    let masking = arguments.mask.rule()?;
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(TEXT_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .context("读不到标准输入")?;
    anyhow::ensure!(
        bytes.len() as u64 <= TEXT_BYTES_MAX,
        "文字超过 {} MB，没有检查。请拆分后重试。",
        TEXT_BYTES_MAX / 1024 / 1024
    );
    let text = String::from_utf8(bytes)
        .map_err(|_| anyhow!("标准输入不是 UTF-8 文字，没有检查。请另存为 UTF-8 后重试，或用 gongkai check file 检查文件。"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let seen = Inspection {
        findings: inspect(text, &rules),
        ..Inspection::default()
    };
    let outcome = answer(&seen, arguments.format)?;
    arguments.mask.save((text, &seen.findings), &masking)?;
    Ok(outcome)
}

/// Checks the text of a file and what the file hides.
pub(crate) async fn file(config: &Path, arguments: &FileArguments) -> Result<Outcome> {
    let rules = arguments.house.rules(config).await?;
    let masking = arguments.mask.rule()?;
    let seen =
        crate::inspection::file(&arguments.file, &rules).map_err(|refused| anyhow!("{refused}"))?;
    if seen.unread.is_some() {
        eprintln!("这是图片或扫描件，读不出里面的文字：只查了隐藏内容，文字没有检查，请人工核对。");
    }
    if let Some(gap) = &seen.gap {
        eprintln!("没有检查全：{gap}。请打开文件人工核对这些内容。");
    }
    // What was found is told also where no copy can be made.
    let outcome = answer(&seen, arguments.format)?;
    if seen.unread.is_none() {
        arguments
            .mask
            .save((&seen.text, &seen.findings), &masking)?;
    } else if arguments.mask.masked.is_some() {
        eprintln!("读不出文字，没有另存遮盖后的文字。");
    }
    if let Some(out) = &arguments.clean {
        save_clean(&arguments.file, out)?;
        say_what_is_blank(&arguments.file, out);
        say_what_stays(out, &rules);
    }
    Ok(outcome)
}

/// A file that is not there yet: nothing is overwritten, least of all the file that is checked.
fn write_new(out: &Path, bytes: &[u8], what: &str) -> Result<()> {
    use std::io::{ErrorKind, Write as _};
    let file = std::fs::File::create_new(out);
    match file.and_then(|mut file| file.write_all(bytes)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(anyhow!(
            "已经有文件“{}”，没有覆盖，{what}没有另存。请换一个文件名，或先移走原来的文件。",
            out.display()
        )),
        Err(_) => Err(anyhow!(
            "{what}写不到“{}”，没有另存。请检查目录和写入权限。",
            out.display()
        )),
    }
}

fn save_clean(file: &Path, out: &Path) -> Result<()> {
    let bytes = sandbox::clean(file).map_err(|refused| anyhow!("{refused}"))?;
    write_new(out, &bytes, "干净文件")?;
    eprintln!(
        "已另存干净文件：{}。请打开核对内容后再发布。",
        out.display()
    );
    Ok(())
}

/// Formulas whose result the file does not hold leave nothing where cleaning takes formulas out.
fn say_what_is_blank(file: &Path, out: &Path) {
    let has_blanks = |path| {
        let read = sandbox::read(path);
        read.is_ok_and(|document| document.unseen_results().is_some())
    };
    if has_blanks(file) && !has_blanks(out) {
        eprintln!(
            "原文件里有的公式没有存下算好的结果，这些单元格在干净文件里是空白的。请用 WPS 或 Excel 打开原文件，保存一次，再重新生成。"
        );
    }
}

/// What cleaning leaves: it takes out what nobody sees, and no word of the text, its footnotes or its headers.
fn say_what_stays(out: &Path, rules: &Rules) {
    let Ok(seen) = crate::inspection::file(out, rules) else {
        eprintln!("干净文件里的文字读不出来，没有再检查，请打开人工核对。");
        return;
    };
    let mut sure = seen
        .findings
        .iter()
        .filter(|one| one.confidence == Confidence::High)
        .peekable();
    if sure.peek().is_some() {
        eprintln!("干净文件里还有下列内容，清理不改文字，请打开文件手工删去或遮盖：");
    }
    for one in sure {
        eprintln!("　{}：{}。{}", one.kind.title(), one.text, one.advice);
    }
}

/// Words that should be there and could not be looked at are a problem by themselves, of a whole file and of some of its pages;
/// a picture has none.
fn outcome(seen: &Inspection) -> Outcome {
    let is_missed = seen.unread == Some(Unread::Scan) || seen.scanned_pages > 0;
    if seen.findings.is_empty() && !is_missed {
        Outcome::Done
    } else {
        Outcome::LookAt
    }
}

/// What was not checked, in a few words; `None` where all was.
fn not_checked(seen: &Inspection) -> Option<String> {
    let unread = seen.unread.map(|one| match one {
        Unread::Picture => "图片，里面的文字没有检查",
        Unread::Scan => "扫描件，读不出里面的文字，没有检查",
    });
    seen.gap.clone().or(unread.map(str::to_owned))
}

fn answer(seen: &Inspection, format: Format) -> Result<Outcome> {
    match format {
        Format::Json => println!("{}", json(seen)?),
        Format::Csv => print!("{}", csv(seen)?),
        Format::Table if seen.unread.is_some() && seen.findings.is_empty() => {
            println!("没有发现隐藏内容。");
        }
        Format::Table => table(seen),
    }
    Ok(outcome(seen))
}

fn json(seen: &Inspection) -> Result<String> {
    Ok(serde_json::to_string(&Answer {
        findings: &seen.findings,
        unread: seen.unread.map(|one| match one {
            Unread::Picture => "picture",
            Unread::Scan => "scan",
        }),
        gap: not_checked(seen),
    })?)
}

fn sure(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "必须处理",
        Confidence::Low => "请核对",
    }
}

/// The findings, and last what was not checked, as a sheet that no spreadsheet takes for formulas.
fn csv(seen: &Inspection) -> Result<String> {
    let row = |one: &Finding| {
        vec![
            one.start.to_string(),
            one.end.to_string(),
            one.kind.title().to_owned(),
            sure(one.confidence).to_owned(),
            one.text.clone(),
            one.advice.clone(),
        ]
    };
    let gap = not_checked(seen).map(|text| Finding {
        start: 0,
        end: 0,
        kind: Kind::Unread,
        confidence: Confidence::High,
        text,
        advice: "请打开文件人工核对这些内容。".to_owned(),
    });
    let rows: Vec<Vec<String>> = seen.findings.iter().chain(&gap).map(row).collect();
    let heads = ["起", "止", "类别", "把握", "原文", "建议"];
    Ok(String::from_utf8_lossy(&table_csv(&heads, &rows)?).into_owned())
}

fn table(seen: &Inspection) {
    let findings = &seen.findings;
    if findings.is_empty() && seen.gap.is_some() {
        println!("检查过的部分没有发现问题，但没有检查全。机器检查不能代替保密审查。");
        return;
    }
    if findings.is_empty() {
        println!("没有发现问题。机器检查不能代替保密审查。");
        return;
    }
    for one in findings {
        println!(
            "{}  {}  第 {} 字起：{}",
            sure(one.confidence),
            one.kind.title(),
            one.start + 1,
            one.text
        );
        println!("      {}", one.advice);
    }
    let high = findings
        .iter()
        .filter(|one| one.confidence == Confidence::High)
        .count();
    println!("\n共 {} 处，其中必须处理 {high} 处。", findings.len());
}

#[cfg(test)]
mod tests {
    use gongkai_documents::inspection::{Inspection, Unread};
    use gongkai_inspect::{Rules, inspect};

    use super::{csv, json, outcome};
    use crate::cli::Outcome;

    #[test]
    fn pages_that_nobody_read_are_told_on_every_way_out() {
        let some = Inspection {
            gap: Some("第 3 页是扫描图像，里面的文字没有检查".to_owned()),
            scanned_pages: 18,
            ..Inspection::default()
        };
        assert_eq!(outcome(&some), Outcome::LookAt);
        let said = json(&some).unwrap();
        assert!(
            said.contains(r#""findings":[],"unread":null,"gap":"第 3 页"#),
            "{said}"
        );
        let said = csv(&some).unwrap();
        assert!(
            said.contains("0,0,没有检查的内容,必须处理,第 3 页"),
            "{said}"
        );

        let all = |unread| Inspection {
            unread,
            ..Inspection::default()
        };
        assert_eq!(outcome(&all(None)), Outcome::Done);
        assert_eq!(outcome(&all(Some(Unread::Picture))), Outcome::Done);
        assert_eq!(outcome(&all(Some(Unread::Scan))), Outcome::LookAt);
        let said = json(&all(Some(Unread::Scan))).unwrap();
        assert!(said.contains(r#""unread":"scan","gap":"扫描件"#), "{said}");
        assert_eq!(
            json(&all(None)).unwrap(),
            r#"{"findings":[],"unread":null,"gap":null}"#
        );
    }

    #[test]
    fn no_passage_is_a_formula_of_a_spreadsheet() {
        let mut findings = inspect("手机13800138000。", &Rules::default());
        for one in &mut findings {
            one.text = "=HYPERLINK(1)".to_owned();
        }
        assert!(!findings.is_empty());
        let seen = Inspection {
            findings,
            ..Inspection::default()
        };
        let said = csv(&seen).unwrap();
        assert!(said.contains(",'=HYPERLINK(1),"), "{said}");
    }
}
