//! What the city's documents rest on and its library does not hold: rules of the province, entered once; one was amended since.

use anyhow::Result;
use gongkai_documents::acts::{PublishDocuments, WriteDocuments};
use gongkai_documents::document::store;
use gongkai_documents::document::upper::{Words, handle};
use gongkai_documents::document::validity::Validity;
use gongkai_platform::db::Tx;

use super::clock::at;
use super::year::Year;

const ISSUER: &str = "安澜省人民政府";
/// Entries of the list that are read.
const ENTRIES_MAX: i64 = 50;

/// A rule of the province.
struct Rule {
    /// The document of the demo that rests on it.
    cited_by: usize,
    title: &'static str,
    number: &'static str,
    /// What is recorded of it, how many days ago, and where it is said.
    standing: (Validity, i64, &'static str),
}

const RULES: [Rule; 2] = [
    Rule {
        cited_by: 0,
        title: "（演示）安澜省政务公开办法",
        number: "安澜省人民政府令第88号",
        standing: (
            Validity::Amended,
            20,
            "（演示）安澜省人民政府令第96号第三条",
        ),
    },
    Rule {
        cited_by: 30,
        title: "（演示）安澜省促进高校毕业生就业办法",
        number: "安澜省人民政府令第91号",
        standing: (
            Validity::InForce,
            30,
            "（演示）安澜省人民政府继续有效的规章目录",
        ),
    },
];

impl Rule {
    fn words(&self) -> Words {
        let subject = self.title.trim_start_matches("（演示）");
        Words {
            title: self.title.to_owned(),
            number: self.number.to_owned(),
            issuer: ISSUER.to_owned(),
            address: String::new(),
            text: format!(
                "（演示）{subject}\n第一条　为了规范有关工作，结合本省实际，制定本办法。\n第二条　本省各级行政机关适用本办法。\n第三条　有关信息自形成之日起20个工作日内公开。"
            ),
        }
    }
}

/// 《名称》（文号） of what a document of the demo rests on, where that is a rule of the province.
pub(super) fn base_of(number: usize) -> Option<String> {
    let rule = RULES.iter().find(|rule| rule.cited_by == number)?;
    Some(rule.words().written())
}

impl Year<'_> {
    /// Before the documents that rest on them are written.
    pub(super) async fn uppers_entered(&self) -> Result<()> {
        let author = self.permit::<WriteDocuments>("author").await?;
        let day = self.ago(310)?;
        for rule in &RULES {
            let work = self.app.db.write(async |tx: &mut Tx| {
                handle::add(tx, &author, (rule.words(), day), &[]).await
            });
            at(day, work).await?;
        }
        Ok(())
    }

    /// What became of them, once those documents are public.
    pub(super) async fn uppers_recorded(&self) -> Result<()> {
        let clerk = self.permit::<PublishDocuments>("clerk").await?;
        let entered = self
            .app
            .db
            .read(async |tx: &mut Tx| store::uppers(tx, "", (0, ENTRIES_MAX)).await)
            .await?;
        for rule in &RULES {
            let Some(upper) = entered.iter().find(|one| one.words.number == rule.number) else {
                continue;
            };
            let (validity, days, basis) = rule.standing;
            let (of, day) = ((upper.id, upper.version), self.ago(days)?);
            let work = self.app.db.write(async |tx: &mut Tx| {
                handle::record(tx, &clerk, of, (validity, day, basis)).await
            });
            at(day, work).await?;
        }
        Ok(())
    }
}
