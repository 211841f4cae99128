//! `gongkai demo`: the fictitious 安澜市, in a temporary folder, on this machine only.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use gongkai_platform::db::{Address, Db};
use gongkai_platform::files::Files;
use gongkai_platform::web::Site;
use tokio::net::TcpListener;

use super::{clock, log, printer};
use crate::cli::{Outcome, block_on};
use crate::compose::{self, Setup};
use crate::demo;
use crate::find::Finder;
use crate::outside;
use crate::sandbox::ChildProcess;
use crate::serve;

/// Ports tried after the wanted one.
const PORTS_TRIED: u16 = 50;
/// How often used links are looked for.
const LINKS_LOOKED_AT: Duration = Duration::from_secs(2);
/// A forgotten demo ends by itself.
const DEMO_LIVES: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 端口；被占用时自动换下一个空闲端口
    #[arg(long, default_value_t = 8080, value_name = "端口")]
    port: u16,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let folder = tempfile::Builder::new()
        .prefix("gongkai-demo-")
        .tempdir()
        .context("不能建立临时目录。请检查剩余空间")?;
    let outcome = block_on(serve_in(folder.path(), arguments))?;
    // Only now is nobody left who could still write into it.
    drop(folder);
    // The terminal may be what was closed.
    let _ = writeln!(std::io::stdout(), "演示已结束，临时数据已清除。");
    Ok(outcome)
}

async fn serve_in(folder: &Path, arguments: &Arguments) -> Result<Outcome> {
    log("warn");
    let listener = bind(arguments.port).await?;
    let address = listener.local_addr()?;
    let db = Db::open(
        &Address::Sqlite(folder.join("gongkai.db")),
        demo::clock::dated(clock()),
    )
    .await?;
    db.migrate().await?;
    let links = demo::people(&db).await?;
    let doors = db.clone();
    demo::queue_work(&db).await?;
    let url = format!("http://{address}");
    let finder = Finder::open(&folder.join("search"))?;
    let setup = Setup {
        db,
        files: Files::new(folder.join("files")),
        site: Site {
            name: demo::CITY.into(),
            url: url.clone(),
            secure: false,
            demo: true,
            trusted_proxies: Vec::new(),
        },
        sandbox: Arc::new(ChildProcess),
        printer: printer(Path::new("")),
        carriers: Vec::new(),
        // Its own pages, which its units name as evidence, and no others.
        outside: outside::of(&[address.to_string()])?,
        finder: finder.clone(),
    };
    let (app, router) = compose::compose(setup).await?;
    announce(&url, &links);
    let mut workers = compose::workers(&app);
    workers.push(Arc::new(demo::seed::Seeder::new(app.clone())));
    tokio::select! {
        ended = serve::run(app, router, vec![listener], workers, finder) => ended?,
        () = renew_links(&doors, &url, links) => {}
        () = tokio::time::sleep(DEMO_LIVES) => println!("演示已运行 24 小时，自动结束。"),
    }
    Ok(Outcome::Done)
}

/// Never ends: says in the terminal which link takes the place of one that was used.
async fn renew_links(db: &Db, url: &str, mut links: Vec<demo::Link>) {
    loop {
        tokio::time::sleep(LINKS_LOOKED_AT).await;
        // What fails now is looked at again.
        for at in demo::renew(db, &mut links).await.unwrap_or_default() {
            if let Some(link) = links.get(at) {
                let said = format!("  再次进入  {}  {url}{}", pad(&link.name, 46), link.path());
                // The terminal may be closed, and the demo goes on.
                let _ = writeln!(std::io::stdout(), "{said}");
            }
        }
    }
}

async fn bind(wanted: u16) -> Result<TcpListener> {
    for port in wanted..=wanted.saturating_add(PORTS_TRIED) {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(listener) => return Ok(listener),
            Err(_) => println!("端口 {port} 已被占用，换下一个。"),
        }
    }
    anyhow::bail!(
        "从 {wanted} 起的 {PORTS_TRIED} 个端口都被占用。没有启动。请用 --port 指定一个空闲端口。"
    )
}

fn announce(url: &str, links: &[demo::Link]) {
    println!(
        "\n公开（Gongkai）演示系统：虚构的{}，数据在临时目录，只有本机能访问。\n",
        demo::CITY
    );
    println!("  公开门户  {url}/");
    println!("  工作台    {url}/workspace\n");
    println!("同一套数据的分站（在本机浏览器打开；维护：以系统管理员进入“站点”）：");
    let port = url.rsplit(':').next().unwrap_or_default();
    for (name, host) in demo::portals::hosts() {
        println!("  {}  http://{host}:{port}/", pad(name, 16));
    }
    println!();
    println!("一次性进入链接（每个角色一个，点开即可进入）：");
    for link in links {
        println!("  {}  {url}{}", pad(&link.name, 46), link.path());
    }
    println!(
        "链接用过以后，这里会给出这个角色的新链接；30分钟没有操作会自动退出，再用新链接进入。"
    );
    println!("\n两年的方案正在导入，进度见工作台（以系统管理员进入“后台作业”）。");
    println!("按 Ctrl-C 结束；正式使用请运行 gongkai init。\n");
}

/// Pads to columns of the terminal, where a Chinese character takes two.
fn pad(text: &str, columns: usize) -> String {
    let taken: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(columns.saturating_sub(taken)))
}
