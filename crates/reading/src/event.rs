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
    /// The same, where other units stood there before: their dates hold no longer.
    UnitsAbove(Vec<Units>),
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
    /// Written beside it; nothing where 无 is written there.
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
    /// The text of a cell could not be told for sure (words over a ruling line, a cell cut by a page break, a hidden row).
    CellUnclear,
    /// The row has a cell too few: its units stand one column further right.
    UnitsMoved,
    /// The leading units are those of the row above, for their cell is blank.
    LeadAbove,
    /// Its own units only help; those of the heading answer for it.
    OnlyHelpers,
    /// The time is that of the row above, for its cell is blank.
    TimeAbove,
    /// Units stand only above it, in a table of which each cell is a line.
    UnitsAbove,
    /// Units stand only below it, behind another measure, in a table of which each cell is a line.
    UnitsBelow,
    /// The text stands in a heading column.
    TextFromHeading,
    /// The head of its table is not known: the columns are told by what stands in them.
    HeadsUnknown,
    /// Its table has columns of units of several levels.
    UnitLevels,
    /// Its sentences have units of their own, in brackets.
    UnitsInside,
    /// The bracket of its units is never closed.
    UnitsOpen,
    /// Two rows put together: a page break tore them.
    Torn,
    /// A line without number, taken for a measure because units stand below it.
    Unmarked,
    /// A paragraph without number, taken for a measure because a line below it tells of the projects above.
    Referred,
    /// Its cell of units is blank, and its text names some.
    UnitsInText,
    /// One number stands before several measures, each with its units.
    Parted,
    /// Units stand above it and below it.
    UnitsBetween,
    /// A word stands above it with which the foot of a page begins.
    BehindFoot,
    /// Its heading names a date that may be no time limit.
    DateInHeading,
    /// The paper tells by its type which unit leads, and type is not read.
    LeadInType,
    /// Its time is told by ticks in columns of months.
    TimeInTicks,
    /// A line of the paper names some who answer for all tasks.
    UnitsForAll,
    /// A paragraph below it names those who try it out, and by when.
    Pilots,
    /// A line below it names units behind a label that is not known.
    OtherUnits,
    /// Notes of a tracked change stand between its words.
    Revisions,
    /// Most cells of its row are struck through.
    Struck,
}

impl Doubt {
    /// The problem's code, and the sentence that begins with the name of the task.
    pub(crate) fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::WhichUnits => (
                "organs-ambiguous",
                "所在的格里有几段单位，按先后对应，请核对",
            ),
            Self::CellUnclear => (
                "cell-unclear",
                "所在行有一格看不准（跨页、压线、嵌套表格、隐藏的行或逐栏抄录），请对照原件",
            ),
            Self::UnitsAbove => (
                "organs-inherited",
                "没有写明单位，按同组上一项单位处理，请核对",
            ),
            Self::UnitsBelow => (
                "organs-shared",
                "没有写明单位，按后面任务的单位处理，也可能与前面的相同，请核对",
            ),
            Self::LeadAbove => (
                "lead-inherited",
                "的牵头单位栏为空，按上一行的牵头单位处理，请核对",
            ),
            Self::TimeAbove => ("deadline-inherited", "的时间栏为空，按上一行的时间处理"),
            Self::UnitsMoved => (
                "units-moved",
                "所在行少一格，牵头单位按上一行、其余单位右移一列处理，请核对",
            ),
            Self::Torn => ("row-torn", "像是被分页断成两行，已合为一项，请对照原件"),
            Self::Unmarked => ("list-unmarked", "没有编号，按紧挨着的单位行读出，请核对"),
            Self::UnitsInText => (
                "organs-in-text",
                "的单位栏为空，按任务一栏里写明的单位处理，请核对",
            ),
            Self::Parted => (
                "item-parted",
                "和同一编号下的其他句子各写有单位，已按单位分成几项，请核对",
            ),
            Self::UnitsBetween => (
                "organs-ambiguous",
                "前后都有写明单位的行，按前面的单位处理，请核对",
            ),
            Self::BehindFoot => (
                "behind-foot",
                "前面有一行像是网页页脚的字样，后面仍有单位，按任务处理，请核对",
            ),
            Self::DateInHeading
            | Self::LeadInType
            | Self::TimeInTicks
            | Self::OnlyHelpers
            | Self::HeadsUnknown
            | Self::TextFromHeading
            | Self::UnitsForAll
            | Self::Pilots
            | Self::OtherUnits
            | Self::Referred
            | Self::UnitLevels
            | Self::Revisions
            | Self::Struck => self.told_elsewhere(),
            Self::UnitsInside => (
                "organs-ambiguous",
                "的各句写有不同的单位，都已列入这一项，请核对",
            ),
            Self::UnitsOpen => (
                "bracket-open",
                "的单位前有左括号，没有右括号，到段末都按单位处理，请核对",
            ),
        }
    }

    /// What the paper tells by type, ticks or notes of its own, and no words, or in a heading or a line of its own.
    fn told_elsewhere(self) -> (&'static str, &'static str) {
        match self {
            Self::DateInHeading => (
                "deadline-in-heading",
                "的标题中写有时间，没有作为时限，请核对",
            ),
            Self::TextFromHeading => ("text-from-heading", "写在标题栏里，按任务处理，请核对"),
            Self::HeadsUnknown => (
                "heads-unknown",
                "所在的表没有认得的表头，各列按内容判断，请对照原件",
            ),
            Self::LeadInType => (
                "lead-in-type",
                "的牵头单位在原件上用字体或颜色标出，这里看不出，请核对由谁牵头",
            ),
            Self::OnlyHelpers => (
                "lead-from-heading",
                "只写了配合单位，责任单位按标题处写明的单位处理，请核对",
            ),
            Self::UnitsForAll => (
                "organs-for-all",
                "以外另有一行写明各项任务共同的单位，没有列入这一项，请核对",
            ),
            Self::Pilots => (
                "pilots-apart",
                "以下另有一段写明试点单位或试点范围，没有列入这一项，请核对",
            ),
            Self::UnitLevels => (
                "organs-of-levels",
                "所在的表写有几级单位，都已列入，请核对由哪一级承担",
            ),
            Self::Referred => (
                "list-referred",
                "没有编号，按后面“上述项目由……负责”一句读出，请核对",
            ),
            Self::OtherUnits => (
                "organs-other-label",
                "以下另有一行写有单位，看不出承担什么责任，没有列入这一项，请核对",
            ),
            Self::Revisions => (
                "revision-marks",
                "夹有修订痕迹的批注（如“删除”“设置格式”），请对照没有修订痕迹的原件",
            ),
            Self::Struck => ("row-struck", "在原件上划了删除线，可能已经取消，请核对"),
            _ => (
                "deadline-in-ticks",
                "的时间用记号标在各月的栏里，没有读成时限，请在确认时填写",
            ),
        }
    }

    /// Its problem shows the units, for it concerns nothing else.
    pub(crate) fn is_of_units(self) -> bool {
        matches!(
            self,
            Self::WhichUnits
                | Self::UnitLevels
                | Self::UnitsInside
                | Self::UnitsOpen
                | Self::LeadInType
        )
    }
}

/// Gives all items the same doubt.
pub(crate) fn doubt_items(events: &mut [Event], doubt: Doubt) {
    for event in events {
        if let Event::Item(item) = event {
            item.doubts.push(doubt);
        }
    }
}

/// Doubts the items from a character of the source on, for a line there may have ended the plan.
pub(crate) fn doubt_from(events: &mut [Event], at: u32) {
    for event in events {
        if let Event::Item(item) = event
            && item.source.first().is_some_and(|m| m.at >= at)
        {
            item.doubts.push(Doubt::BehindFoot);
        }
    }
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
