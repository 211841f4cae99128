//! The hour at which an approved text goes out by itself, and what it says then, as the fields of their form.

use super::ShowPage;
use crate::document::schedule::Later;

impl ShowPage {
    /// The hour that is set, as its field wants it.
    pub(super) fn publish_at(&self) -> String {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let at = self.document.publish_at;
        let at = at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
        at.map_or_else(String::new, |at| {
            at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
        })
    }

    /// As [`ShowPage::publish_at`]: what its other fields hold.
    pub(super) fn later_word(&self) -> &'static str {
        match &self.later {
            Some(Later {
                amends_from: Some(_),
                ..
            }) => "amends",
            _ => "corrects",
        }
    }

    pub(super) fn later_from(&self) -> String {
        let from = self.later.as_ref().and_then(|later| later.amends_from);
        from.map_or_else(String::new, |day| day.to_string())
    }

    pub(super) fn later_explanation(&self) -> String {
        let later = self.later.as_ref();
        later.map_or_else(String::new, |later| later.explanation.clone())
    }
}
