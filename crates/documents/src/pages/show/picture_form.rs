//! 图片: which of them are maps, as their writer says, and the form that asks.

use super::ShowPage;
use crate::document::State as At;
use crate::document::map::{Picture, Shows};

impl ShowPage {
    /// The writer of a draft says it; what went out is said in its next edition.
    pub(super) fn may_say(&self) -> bool {
        let is_public = self.document.published == Some(self.edition.id);
        self.may_write && self.document.state == At::Draft && !is_public
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    pub(super) fn shows(&self) -> Vec<(&'static str, &'static str)> {
        Shows::options()
    }

    /// What the fields of the n-th picture hold: what it shows, 审图号, 来源; as they were sent where that was refused.
    pub(super) fn said_of(&self, picture: &Picture, n: &usize) -> (String, String, String) {
        let again = &self.shell.again;
        if again.nth("picture", n) == picture.sha256 {
            let sent = |field: &str| again.nth(field, n).to_owned();
            return (sent("shows"), sent("permit"), sent("source"));
        }
        match &picture.said {
            Some(said) => {
                let shows = said.shows.code().to_owned();
                (shows, said.permit.clone(), said.source.clone())
            }
            None => <(String, String, String)>::default(),
        }
    }

    /// What is said of a picture, for people.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    pub(super) fn sentence_of(&self, picture: &Picture) -> String {
        let said = picture.said.as_ref();
        said.map_or_else(
            || "没有说明是不是地图".to_owned(),
            |said| format!("{}（{}说明）", said.sentence(), said.by),
        )
    }
}
