//! What every layout is brought to: a run of headings, items and units in reading order.

use super::organs::Units;
use super::text::Run;

#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// 一、…
    Section(Run),
    /// （一）…, or a heading of the left column.
    Group(Run),
    /// The middle one of three columns of headings.
    Middle(Run),
    Item(Item),
    /// Units that stand after the items they belong to.
    Units(Vec<Units>),
    /// Units that stand at a heading and hold for the items below it.
    HeadingUnits(Vec<Units>),
    /// Here begins (or ends) a table of which each cell is a line: units below several measures may be those of the last
    /// alone.
    CellLines(bool),
    /// The cell of the last units was merged down to here: they hold for the items below them.
    UnitsEnd,
    /// A deadline that stands at a heading and holds for the items below it that have none.
    HeadingDeadline(Run),
    /// A deadline that stands after the items it belongs to.
    Deadline(Run),
    /// Left out on purpose, with code and reason.
    Aside {
        run: Run,
        code: &'static str,
        message: String,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) no: Option<u32>,
    /// The number as printed, for the account.
    pub(crate) number: Run,
    pub(crate) odd_number: bool,
    /// Its row has no number, though others of the table have one: it may be the rest of the row above.
    pub(crate) unnumbered: bool,
    pub(crate) text: Run,
    /// The line or cell with its number, labels and brackets.
    pub(crate) source: Run,
    pub(crate) units: Given,
    pub(crate) deadlines: Vec<Run>,
    pub(crate) lead: Lead,
    pub(crate) doubts: Vec<Doubt>,
}

/// The cell of leading units beside those of a row's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Filled, or there is no such column.
    Told,
    Blank,
}

/// Where the units of an item are.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Here(Vec<Units>),
    /// The unit cell is blank: as in the row above.
    Above,
    /// The unit cell is merged with that of the row above.
    Merged,
    /// They may stand further down.
    Later,
}

/// Why a person should look at an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Several unit paragraphs for several items; which belongs to which is a guess.
    WhichUnits,
    /// The text of a cell could not be told for sure (words over a ruling line, a cell cut by a page break).
    CellUnclear,
    /// The row has a cell too few: its units stand one column further right.
    UnitsMoved,
    /// The leading units are those of the row above, for their cell is blank.
    LeadAbove,
    /// The time is that of the row above, for its cell is blank.
    TimeAbove,
    /// Units stand only above it, in a table of which each cell is a line.
    UnitsAbove,
    /// Units stand only below it, behind another measure, in a table of which each cell is a line.
    UnitsBelow,
    /// The text stands in a heading column.
    TextFromHeading,
    /// Two rows put together: a page break tore them.
    Torn,
    /// A line without number, taken for a measure because units stand below it.
    Unmarked,
}

impl Item {
    pub(crate) fn new(text: Run) -> Self {
        Self {
            no: None,
            number: Run::new(),
            odd_number: false,
            unnumbered: false,
            source: text.clone(),
            text,
            units: Given::Later,
            deadlines: Vec::new(),
            lead: Lead::Told,
            doubts: Vec::new(),
        }
    }
}
