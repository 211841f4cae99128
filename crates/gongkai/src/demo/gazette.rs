//! The demo's gazette: two issues that went out, the later one with an erratum of the earlier, and one in preparation whose
//! first text was corrected on the website after it was taken in.

use anyhow::{Context as _, Result};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_documents::acts::{EditGazette, IssueGazette};
use gongkai_documents::document::Document;
use gongkai_documents::document::store::{self, Library};
use gongkai_documents::gazette::handle::{self, next};
use gongkai_documents::gazette::{Issue, check, printed, store as gazettes};
use gongkai_documents::id::{DocumentId, IssueId};
use gongkai_documents::kind::Kind;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, civil_day};
use jiff::Timestamp;

use super::clock::at;
use super::organ;
use super::year::Year;

const OFFICE: &str = "安澜市人民政府办公室";
const COUNTY: &str = "云岭县人民政府";
const COUNTY_OFFICE: &str = "云岭县人民政府办公室";
/// Texts of one issue.
const TEXTS: usize = 5;

/// Who makes a government's gazette, and who issues it.
struct Desk {
    owner: OrganId,
    clerk: Permit<EditGazette>,
    head: Permit<IssueGazette>,
}

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn gazettes(&self) -> Result<()> {
        let desk = Desk {
            owner: organ(&self.app.db, OFFICE).await?,
            clerk: self.permit("clerk").await?,
            head: self.permit("head").await?,
        };
        let documents = self.newest_first().await?;
        let mut documents = documents.into_iter().rev();
        let first = self
            .put_together(&desk, self.ago(60)?, documents.by_ref().take(TEXTS))
            .await?;
        self.goes_out(&desk, &first, self.ago(58)?).await?;
        self.erratum(&first, self.ago(50)?).await?;
        let second = self
            .put_together(&desk, self.ago(30)?, documents.by_ref().take(TEXTS))
            .await?;
        self.goes_out(&desk, &second, self.ago(28)?).await?;
        let texts: Vec<Document> = documents.take(TEXTS - 1).collect();
        let changed = texts.first().map(|document| document.id);
        self.put_together(&desk, self.ago(3)?, texts.into_iter())
            .await?;
        if let Some(changed) = changed {
            self.correct_after(changed).await.context("更正")?;
        }
        self.county_gazette().await.context("县公报")?;
        check::run(self.app, &Actor::System, self.app.today()).await?;
        Ok(())
    }

    /// A county counts its own issues.
    async fn county_gazette(&self) -> Result<()> {
        let county = organ(&self.app.db, COUNTY).await?;
        let desk = Desk {
            owner: organ(&self.app.db, COUNTY_OFFICE).await?,
            clerk: self.permit("county").await?,
            head: Permit::system(),
        };
        let texts = self
            .app
            .db
            .read(async |tx: &mut Tx| gazettes::choices(tx, county, "", 3).await)
            .await?;
        let issue = self
            .put_together(&desk, self.ago(20)?, texts.into_iter())
            .await?;
        self.goes_out(&desk, &issue, self.ago(18)?).await
    }

    /// What the office itself wrote this year; what came from the old site stood in gazettes long ago.
    async fn newest_first(&self) -> Result<Vec<Document>> {
        let owner = organ(&self.app.db, OFFICE).await?;
        let all = self
            .app
            .db
            .read(async |tx: &mut Tx| store::library(tx, &Library::default(), (0, 40)).await)
            .await?;
        let own = all.into_iter().filter(|document| document.owner == owner);
        Ok(own.collect())
    }

    async fn put_together(
        &self,
        desk: &Desk,
        day: Date,
        documents: impl Iterator<Item = Document>,
    ) -> Result<Issue> {
        let documents: Vec<Document> = documents.collect();
        let day = no_sooner(day, &documents);
        let issue = at(
            day,
            self.app.db.write(async |tx: &mut Tx| {
                let government = handle::government(tx, desk.owner).await?;
                let words = next(tx, &government, day).await?;
                handle::begin(tx, &desk.clerk, desk.owner, words).await
            }),
        )
        .await?;
        for document in documents {
            let of = (issue.id, self.issue_version(issue.id).await?);
            let place = (document.id, section(document.kind));
            at(
                day,
                self.app
                    .db
                    .write(async |tx: &mut Tx| handle::add(tx, &desk.clerk, of, place).await),
            )
            .await?;
        }
        Ok(issue)
    }

    async fn issue_version(&self, id: IssueId) -> Result<i64> {
        let found = self
            .app
            .db
            .read(async |tx: &mut Tx| gazettes::load(tx, &Scope::Everything, id).await)
            .await?;
        Ok(found.map_or(0, |issue| issue.version))
    }

    async fn goes_out(&self, desk: &Desk, issue: &Issue, day: Date) -> Result<()> {
        let Desk { clerk, head, .. } = desk;
        let day = day.max(issue.words.dated_on);
        let of = (issue.id, self.issue_version(issue.id).await?);
        at(
            day,
            self.app
                .db
                .write(async |tx: &mut Tx| handle::propose(tx, clerk, of).await),
        )
        .await?;
        let pages = pages(self.app, issue).await?;
        let of = (issue.id, self.issue_version(issue.id).await?);
        at(
            day,
            self.app
                .db
                .write(async |tx: &mut Tx| handle::issue(tx, head, of, &pages).await),
        )
        .await?;
        Ok(())
    }

    async fn erratum(&self, issue: &Issue, day: Date) -> Result<()> {
        let clerk = self.permit::<EditGazette>("clerk").await?;
        let day = day.max(issue.words.dated_on);
        let issue = issue.clone();
        let whole = self
            .app
            .db
            .read(async |tx: &mut Tx| gazettes::whole(tx, issue).await)
            .await?;
        let (wrong, correct) = ("每季度", "每半年");
        if let Some(item) = whole.items.iter().find(|item| item.text.contains(wrong)) {
            let of = (whole.issue.id, item.id);
            let words = (day, wrong, correct);
            at(
                day,
                self.app
                    .db
                    .write(async |tx: &mut Tx| handle::correct(tx, &clerk, of, words).await),
            )
            .await?;
        }
        Ok(())
    }

    /// The website's text is corrected after the issue took it in.
    async fn correct_after(&self, id: DocumentId) -> Result<()> {
        let found = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                let Some(document) = store::load(tx, &Scope::Everything, id).await? else {
                    return Ok(None);
                };
                let edition = store::edition(tx, document.edition).await?;
                Ok::<_, StoreError>(edition.map(|edition| (document.kind, edition)))
            })
            .await?;
        if let Some((kind, edition)) = found {
            let html = edition.html.replace("20个工作日", "15个工作日");
            self.corrects(id, (kind, self.ago(1)?), (edition.head, html))
                .await?;
        }
        Ok(())
    }
}

/// This day, or a later one on which all these texts were out.
fn no_sooner(day: Date, documents: &[Document]) -> Date {
    let published = |document: &Document| {
        let instant = Timestamp::from_millisecond(document.published_at?).ok()?;
        Some(civil_day(instant))
    };
    let days = documents
        .iter()
        .flat_map(|one| [published(one), one.issued_on]);
    days.flatten().fold(day, Ord::max)
}

/// The pages as the typesetter tells them; none where the demo has none.
async fn pages(app: &App, issue: &Issue) -> Result<Vec<i64>> {
    let Some(printer) = app.printer.clone() else {
        return Ok(Vec::new());
    };
    let issue = issue.clone();
    let whole = app
        .db
        .read(async |tx: &mut Tx| gazettes::whole(tx, issue).await)
        .await?;
    let (data, today) = (whole.typeset_data(), app.today());
    let pictures = printed::pictures(app, &whole).await?;
    let pages = tokio::task::spawn_blocking(move || {
        printer.pages("gazette", &data, &pictures.bytes(), today)
    })
    .await?;
    // A machine without a Chinese font has a gazette all the same, without pages.
    Ok(pages.unwrap_or_default())
}

fn section(kind: Kind) -> &'static str {
    match kind {
        Kind::Rule => "政府规章",
        Kind::Normative => "行政规范性文件",
        Kind::Interpretation => "政策解读",
        Kind::Other | Kind::Planning => "政策文件",
        _ => "其他",
    }
}
