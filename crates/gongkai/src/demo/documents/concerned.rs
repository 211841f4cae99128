//! 协商确认 (条例 art. 11): a unit is asked about what concerns it in two texts under review; it has not answered of one, and does
//! not agree to the other.

use anyhow::Result;
use gongkai_documents::acts::{AnswerConcerned, AskConcerned};
use gongkai_documents::id::DocumentId;
use gongkai_documents::review::concerned::handle::{self, Asking};
use gongkai_documents::review::concerned::{Matter, Stand, answer, store};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;

use crate::demo::clock::at;
use crate::demo::year::Year;

/// The unit of the demo's liaison.
const UNIT: &str = "安澜市司法局";

impl Year<'_> {
    /// Asks the unit about a text that is on its way; `differs` is why it does not agree, where it has answered.
    pub(super) async fn asks(&self, id: DocumentId, differs: Option<&str>) -> Result<()> {
        let author = self.permit::<AskConcerned>("author").await?;
        let day = self.ago(2)?;
        let of = (id, self.version(id).await?);
        let asking = Asking {
            organ: UNIT.to_owned(),
            matter: Matter::Confirm,
            about: "（演示）第六条：文件由谁负责解释，与本局合法性审核的意见是否一致。".to_owned(),
            due_on: Some(self.ago(-4)?),
        };
        let work = self
            .app
            .db
            .write(async |tx: &mut Tx| handle::ask(tx, &author, of, &asking, day).await);
        at(day, work).await?;
        let Some(words) = differs else {
            return Ok(());
        };
        let liaison = self.permit::<AnswerConcerned>("liaison").await?;
        let day = self.ago(1)?;
        let work = self.app.db.write(async |tx: &mut Tx| {
            let asked = store::of(tx, id).await?;
            let Some(one) = asked.last() else {
                return Err(NotDone::NotFound);
            };
            let said = (Some(Stand::Differs), words);
            answer::answer(tx, &liaison, (one.id, one.version), said).await
        });
        at(day, work).await?;
        Ok(())
    }
}
