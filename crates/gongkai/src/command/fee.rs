//! `gongkai fee`: the 信息处理费 of requests or pages, with its working.

use anyhow::Result;
use clap::{ArgGroup, Args};
use gongkai_requests::fee::{self, FeeScheme, Quote};

use crate::cli::{Format, Outcome};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("counted").args(["requests", "pages"]).required(true)))]
pub(crate) struct Arguments {
    /// 按件计收：同一申请人当月申请的件数
    #[arg(
        long,
        value_name = "件数",
        conflicts_with = "pages",
        allow_hyphen_values = true
    )]
    requests: Option<String>,
    /// 按量计收：一件申请提供的页数（A4及以下单面）
    #[arg(long, value_name = "页数", allow_hyphen_values = true)]
    pages: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    format: Format,
}

pub(crate) fn quote(arguments: &Arguments) -> Result<Outcome> {
    let (scheme, text) = match &arguments.requests {
        Some(text) => (FeeScheme::ByRequest, text.as_str()),
        None => (
            FeeScheme::ByPage,
            arguments.pages.as_deref().unwrap_or_default(),
        ),
    };
    let quote = fee::count(scheme, text)
        .and_then(|count| scheme.quote(count))
        .map_err(|error| anyhow::anyhow!("{}", error.sentence()))?;
    show(&quote, arguments.format)?;
    Ok(Outcome::Done)
}

fn show(quote: &Quote, format: Format) -> Result<()> {
    match format {
        Format::Json => {
            let answer = serde_json::json!({ "yuan": quote.yuan, "bands": quote.bands });
            println!("{}", serde_json::to_string(&answer)?);
        }
        Format::Csv => {
            println!("起,止,数量,单价（元）,金额（元）");
            for band in &quote.bands {
                println!(
                    "{},{},{},{},{}",
                    band.from, band.to, band.count, band.price, band.yuan
                );
            }
        }
        Format::Table => {
            println!(
                "{} {}{}：{} 元",
                quote.scheme.name(),
                quote.count,
                quote.scheme.unit(),
                quote.yuan
            );
            for line in quote.working() {
                println!("  {line}");
            }
        }
    }
    Ok(())
}
