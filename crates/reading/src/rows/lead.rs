//! Who leads where the cell of 牵头单位 is blank.

use crate::columns::Column;
use crate::event::{Event, Lead};
use crate::grid::Row;
use crate::organs::{Role, Units};
use crate::text::is_empty;

/// Whether 牵头单位 is blank beside units of another column.
pub(super) fn lead(row: &Row, columns: &[Column], units: &[Units]) -> Lead {
    let leads = Column::Units(Some(Role::Lead));
    let blank = columns
        .iter()
        .zip(row)
        .any(|(c, run)| *c == leads && run.as_ref().is_none_or(|r| is_empty(r)));
    let own = units.iter().all(|u| u.role != Some(Role::Lead));
    if blank && own && !units.is_empty() {
        Lead::Blank
    } else {
        Lead::Told
    }
}

/// Where 牵头单位 is blank in the first row below a heading, too, a blank says that nobody leads.
pub(crate) fn settle_leads(events: &mut [Event]) {
    let mut first = true;
    let mut nobody = false;
    for event in events.iter() {
        match event {
            Event::Section(_) | Event::Group(_) | Event::Middle(_) => first = true,
            Event::Item(item) => {
                nobody |= first && item.lead == Lead::Blank;
                first = false;
            }
            _ => {}
        }
    }
    for event in events {
        if let (true, Event::Item(item)) = (nobody, event) {
            item.lead = Lead::Told;
        }
    }
}
