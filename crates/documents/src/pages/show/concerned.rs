//! 协商确认 on the page of a document: what its organs said, and what may be asked, taken back or decided now.

use gongkai_platform::access::Act as _;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;

use super::ShowPage;
use crate::acts::{AskConcerned, DecideConcerned};
use crate::document::Document;
use crate::review::concerned::{self, Concerned, Matter, handle, store, usual_due};

/// What the page reads of it.
pub(super) struct Concerning {
    /// In the order in which they were asked.
    pub(super) all: Vec<Concerned>,
    /// The organs of the same government, to choose from.
    pub(super) near: Vec<String>,
}

pub(super) async fn read(tx: &mut Tx, document: &Document) -> Result<Concerning, StoreError> {
    let mut near = Vec::new();
    if handle::may_be_asked(document)
        && let Some(home) = organ::government_of(tx, document.owner).await?
    {
        let all = organ::store::children(tx, home).await?;
        let others = all
            .into_iter()
            .filter(|one| one.is_active() && one.id != document.owner && one.id != document.organ);
        near.extend(others.map(|one| one.name));
    }
    Ok(Concerning {
        all: store::of(tx, document.id).await?,
        near,
    })
}

/// Which question a form is about, with the version that was seen, and what people call it.
fn choice(one: &Concerned) -> (String, String) {
    let name = format!(
        "{}（{}，{}）：{}",
        one.organ_name,
        one.matter.name(),
        one.said(),
        one.about
    );
    (format!("{}:{}", one.id, one.version), name)
}

/// What a form offers, nothing chosen at first; nothing where there are none.
fn choices<'c>(all: impl Iterator<Item = &'c Concerned>) -> Vec<(String, String)> {
    let mut choices: Vec<(String, String)> = all.map(choice).collect();
    if !choices.is_empty() {
        choices.insert(0, (String::new(), "请选择".to_owned()));
    }
    choices
}

impl ShowPage {
    pub(super) fn shows_concerned(&self) -> bool {
        !self.concerned.all.is_empty() || self.may_ask()
    }

    pub(super) fn may_ask(&self) -> bool {
        self.shell.may(&AskConcerned::ROW) && handle::may_be_asked(&self.document)
    }

    pub(super) fn may_decide(&self) -> bool {
        self.shell.may(&DecideConcerned::ROW) && !self.to_decide().is_empty()
    }

    /// What keeps the newest text from the public; nothing of one that is out.
    pub(super) fn held_by(&self) -> Vec<String> {
        if !handle::may_be_asked(&self.document) {
            return Vec::new();
        }
        let why = concerned::why_not_out(&self.concerned.all, self.edition.id);
        why.into_iter().map(|(_, said)| said).collect()
    }

    pub(super) fn to_decide(&self) -> Vec<(String, String)> {
        if !handle::may_be_asked(&self.document) {
            return Vec::new();
        }
        let newest = self.edition.id;
        let all = self.concerned.all.iter();
        choices(all.filter(|one| one.edition == newest && one.may_be_decided()))
    }

    pub(super) fn to_take_back(&self) -> Vec<(String, String)> {
        let all = &self.concerned.all;
        let may = |one: &&Concerned| handle::may_be_taken_back(all, one);
        choices(all.iter().filter(may))
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    pub(super) fn matters(&self) -> Vec<(&'static str, &'static str)> {
        Matter::options()
    }

    pub(super) fn is_answer_late(&self, one: &Concerned) -> bool {
        one.is_late(self.today)
    }

    /// What the field of the day holds at first.
    pub(super) fn usual_due(&self) -> String {
        usual_due(&self.calendar, self.today).to_string()
    }
}
