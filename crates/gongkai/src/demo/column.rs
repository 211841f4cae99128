//! Columns of the demo: filled by tags with what was published; one is stale, one is blank, one lacks an element.

use anyhow::{Context as _, Result};
use gongkai_basis::Actor;
use gongkai_documents::acts::{FillColumns, KeepColumns};
use gongkai_documents::column::{Rhythm, Spec, check, handle};
use gongkai_documents::document::store::{self, Library};
use gongkai_platform::db::Tx;

use super::clock::at;
use super::organ;
use super::year::Year;

/// Name, address, keeper, rhythm, days, elements, and the word in the titles of what stands in it.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    Rhythm,
    Option<i64>,
    &'static [&'static str],
    &'static str,
);

const OFFICE: &str = "安澜市人民政府办公室";

const COLUMNS: [Row; 8] = [
    (
        "政务公开",
        "zhengwu-gongkai",
        OFFICE,
        Rhythm::Yearly,
        None,
        &["制度文件"],
        "政务公开",
    ),
    (
        "义务教育",
        "yiwu-jiaoyu",
        "安澜市教育局",
        Rhythm::Yearly,
        None,
        &["招生政策"],
        "义务教育",
    ),
    (
        "老旧小区改造",
        "laojiu-xiaoqu",
        "安澜市住房和城乡建设局",
        Rhythm::Yearly,
        None,
        &["改造政策"],
        "老旧小区",
    ),
    (
        "就业",
        "jiuye",
        OFFICE,
        Rhythm::Policy,
        None,
        &["就业政策", "招聘信息"],
        "高校毕业生就业",
    ),
    (
        "公平竞争",
        "gongping-jingzheng",
        "安澜市市场监督管理局",
        Rhythm::Policy,
        None,
        &["审查制度"],
        "公平竞争",
    ),
    (
        "环境保护",
        "huanjing-baohu",
        OFFICE,
        Rhythm::Policy,
        None,
        &["保护区划定"],
        "饮用水",
    ),
    // What it holds is far older than two weeks.
    (
        "应急动态",
        "yingji-dongtai",
        OFFICE,
        Rhythm::News,
        None,
        &[],
        "防汛防风",
    ),
    // Nothing stands in it.
    (
        "公共法律服务",
        "falv-fuwu",
        "安澜市司法局",
        Rhythm::Days,
        Some(30),
        &["服务机构名录", "收费标准"],
        "",
    ),
];

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn columns(&self) -> Result<()> {
        let head = self.permit::<KeepColumns>("head").await?;
        let author = self.permit::<FillColumns>("author").await?;
        let opened = self.ago(330)?;
        for (name, slug, keeper, rhythm, days, elements, word) in COLUMNS {
            let spec = Spec {
                organ: organ(&self.app.db, keeper).await?,
                slug: slug.to_owned(),
                name: name.to_owned(),
                about: format!("（演示）{name}领域的政策文件、解读和办事信息。"),
                elements: elements.iter().map(|one| (*one).to_owned()).collect(),
                rhythm,
                days,
            };
            let column = at(
                opened,
                self.app
                    .db
                    .write(async |tx: &mut Tx| handle::open(tx, &head, spec.clone(), opened).await),
            )
            .await
            .with_context(|| format!("专栏{name}"))?;
            if word.is_empty() {
                continue;
            }
            let library = Library {
                text: word.to_owned(),
                ..Library::default()
            };
            let documents = self
                .app
                .db
                .read(async |tx: &mut Tx| store::library(tx, &library, (0, 20)).await)
                .await?;
            for (n, document) in documents.iter().enumerate() {
                let element = if n == 0 { elements.first() } else { None };
                let place = (column.id, *element.unwrap_or(&""));
                self.app
                    .db
                    .write(async |tx: &mut Tx| handle::put(tx, &author, document.id, place).await)
                    .await?;
            }
        }
        check::run(self.app, &Actor::System, self.app.today()).await?;
        Ok(())
    }
}
