//! The official form of 国办公开办函〔2021〕30号: its sections, tables, labels and cells, exactly as printed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// 六个部分, in the order of the form.
pub const SECTIONS: [&str; 6] = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
];

/// What the head cell of table 三 says.
pub const TABLE3_CORNER: &str =
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";

/// Columns of table 三: code and label; the second to the sixth stand under 法人或其他组织.
pub const APPLICANTS: [(&str, &str); 7] = [
    ("natural", "自然人"),
    ("biz", "商业企业"),
    ("sci", "科研机构"),
    ("ngo", "社会公益组织"),
    ("law", "法律服务机构"),
    ("other", "其他"),
    ("total", "总计"),
];
/// The column 总计 of table 三.
pub const TOTAL: usize = 6;

/// One row of table 三.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultRow {
    pub key: &'static str,
    /// As printed.
    pub label: &'static str,
    /// The block inside 三、本年度办理结果, where it has several rows.
    pub block: &'static str,
    /// How a cell's path names the row, such as （三）3.
    pub short: &'static str,
}

const fn row(
    key: &'static str,
    label: &'static str,
    block: &'static str,
    short: &'static str,
) -> ResultRow {
    ResultRow {
        key,
        label,
        block,
        short,
    }
}

const DENY: &str = "（三）不予公开";
const NONE: &str = "（四）无法提供";
const NOT: &str = "（五）不予处理";
const OTHER: &str = "（六）其他处理";

/// The 25 rows of table 三.
pub const ROWS: [ResultRow; 25] = [
    row("new", "一、本年新收政府信息公开申请数量", "", "一"),
    row("carry_in", "二、上年结转政府信息公开申请数量", "", "二"),
    row("open", "（一）予以公开", "", "（一）"),
    row(
        "partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "",
        "（二）",
    ),
    row("deny_secret", "1.属于国家秘密", DENY, "（三）1"),
    row("deny_law", "2.其他法律行政法规禁止公开", DENY, "（三）2"),
    row("deny_safety", "3.危及“三安全一稳定”", DENY, "（三）3"),
    row("deny_third", "4.保护第三方合法权益", DENY, "（三）4"),
    row("deny_internal", "5.属于三类内部事务信息", DENY, "（三）5"),
    row("deny_process", "6.属于四类过程性信息", DENY, "（三）6"),
    row("deny_casefile", "7.属于行政执法案卷", DENY, "（三）7"),
    row("deny_query", "8.属于行政查询事项", DENY, "（三）8"),
    row("na_nohold", "1.本机关不掌握相关政府信息", NONE, "（四）1"),
    row("na_make", "2.没有现成信息需要另行制作", NONE, "（四）2"),
    row("na_unclear", "3.补正后申请内容仍不明确", NONE, "（四）3"),
    row("np_petition", "1.信访举报投诉类申请", NOT, "（五）1"),
    row("np_repeat", "2.重复申请", NOT, "（五）2"),
    row("np_publication", "3.要求提供公开出版物", NOT, "（五）3"),
    row("np_mass", "4.无正当理由大量反复申请", NOT, "（五）4"),
    row(
        "np_confirm",
        "5.要求行政机关确认或重新出具已获取信息",
        NOT,
        "（五）5",
    ),
    row(
        "oth_nocorrect",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        OTHER,
        "（六）1",
    ),
    row(
        "oth_nopay",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        OTHER,
        "（六）2",
    ),
    row("oth_other", "3.其他", OTHER, "（六）3"),
    row("sum", "（七）总计", "", "（七）"),
    row("carry_out", "四、结转下年度继续办理", "", "四"),
];
pub const NEW: usize = 0;
pub const CARRY_IN: usize = 1;
/// The leaves of 三、本年度办理结果.
pub const LEAVES: std::ops::Range<usize> = 2..23;
pub const OTH_OTHER: usize = 22;
pub const SUM: usize = 23;
pub const CARRY_OUT: usize = 24;

/// A value of table 二.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosed {
    pub key: &'static str,
    /// 第二十条第（一）项 and so on.
    pub article: &'static str,
    pub row: &'static str,
    pub column: &'static str,
}

const fn disclosed(
    key: &'static str,
    article: &'static str,
    row: &'static str,
    column: &'static str,
) -> Disclosed {
    Disclosed {
        key,
        article,
        row,
        column,
    }
}

const ONE: &str = "第二十条第（一）项";
const FIVE: &str = "第二十条第（五）项";
const SIX: &str = "第二十条第（六）项";
const EIGHT: &str = "第二十条第（八）项";
const MADE: &str = "本年制发件数";
const REPEALED: &str = "本年废止件数";
const IN_FORCE: &str = "现行有效件数";
const DECISIONS: &str = "本年处理决定数量";
const CHARGED: &str = "本年收费金额（单位：万元）";

/// The ten values of table 二.
pub const DISCLOSED: [Disclosed; 10] = [
    disclosed("rules.made", ONE, "规章", MADE),
    disclosed("rules.repealed", ONE, "规章", REPEALED),
    disclosed("rules.in_force", ONE, "规章", IN_FORCE),
    disclosed("normative.made", ONE, "行政规范性文件", MADE),
    disclosed("normative.repealed", ONE, "行政规范性文件", REPEALED),
    disclosed("normative.in_force", ONE, "行政规范性文件", IN_FORCE),
    disclosed("licences", FIVE, "行政许可", DECISIONS),
    disclosed("penalties", SIX, "行政处罚", DECISIONS),
    disclosed("coercion", SIX, "行政强制", DECISIONS),
    disclosed("fees", EIGHT, "行政事业性收费", CHARGED),
];
/// The only value that may have decimals (万元).
pub const FEES: usize = 9;

/// The three blocks of table 四: code and label.
pub const REMEDIES: [(&str, &str); 3] = [
    ("review", "行政复议"),
    ("direct", "未经复议直接起诉"),
    ("after", "复议后起诉"),
];
/// The five columns of each block.
pub const OUTCOMES: [(&str, &str); 5] = [
    ("kept", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
];

/// One cell of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A place in [`DISCLOSED`].
    Two(usize),
    /// Row in [`ROWS`], column in [`APPLICANTS`].
    Three(usize, usize),
    /// Block in [`REMEDIES`], column in [`OUTCOMES`].
    Four(usize, usize),
}

impl Cell {
    /// All 200 cells, in the order of the form.
    pub fn all() -> impl Iterator<Item = Self> {
        let two = (0..DISCLOSED.len()).map(Self::Two);
        let three = (0..ROWS.len())
            .flat_map(|row| (0..APPLICANTS.len()).map(move |column| Self::Three(row, column)));
        let four = (0..REMEDIES.len())
            .flat_map(|block| (0..OUTCOMES.len()).map(move |column| Self::Four(block, column)));
        two.chain(three).chain(four)
    }

    /// Stable code, such as `3.deny_safety.natural`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Two(at) => format!("2.{}", DISCLOSED.get(at).map_or("", |it| it.key)),
            Self::Three(row, column) => format!(
                "3.{}.{}",
                ROWS.get(row).map_or("", |it| it.key),
                APPLICANTS.get(column).map_or("", |it| it.0)
            ),
            Self::Four(block, column) => format!(
                "4.{}_{}",
                REMEDIES.get(block).map_or("", |it| it.0),
                OUTCOMES.get(column).map_or("", |it| it.0)
            ),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        // A page of fifty reports reads some ten thousand of them.
        static CODES: LazyLock<BTreeMap<String, Cell>> =
            LazyLock::new(|| Cell::all().map(|cell| (cell.code(), cell)).collect());
        CODES.get(code).copied()
    }

    /// The live figure that fills the cell; totals are added up and have none.
    #[must_use]
    pub fn figure(self) -> Option<String> {
        match self {
            // What the library of documents published in the year is what was made in it.
            Self::Two(0) => Some("documents.rules".to_owned()),
            Self::Two(3) => Some("documents.normative".to_owned()),
            Self::Two(at) => Some(format!("documents.table2.{}", DISCLOSED.get(at)?.key)),
            Self::Three(_, TOTAL) | Self::Three(SUM, _) | Self::Four(_, 4) => None,
            Self::Three(row, column) => Some(format!(
                "requests.table3.{}.{}",
                ROWS.get(row)?.key,
                APPLICANTS.get(column)?.0
            )),
            Self::Four(block, column) => Some(format!(
                "requests.table4.{}_{}",
                REMEDIES.get(block)?.0,
                OUTCOMES.get(column)?.0
            )),
        }
    }

    /// The cells that a total adds up, down to those that are none; of another cell, itself.
    #[must_use]
    pub fn parts(self) -> Vec<Self> {
        let parts: Vec<Self> = match self {
            Self::Three(row, TOTAL) => (0..TOTAL).map(|column| Self::Three(row, column)).collect(),
            Self::Three(SUM, column) => LEAVES.map(|row| Self::Three(row, column)).collect(),
            Self::Four(block, column) if column + 1 == OUTCOMES.len() => (0..column)
                .map(|column| Self::Four(block, column))
                .collect(),
            Self::Two(_) | Self::Three(..) | Self::Four(..) => return vec![self],
        };
        parts.into_iter().flat_map(Self::parts).collect()
    }

    /// Is it a total that the form adds up?
    #[must_use]
    pub const fn is_total(self) -> bool {
        matches!(
            self,
            Self::Three(_, TOTAL) | Self::Three(SUM, _) | Self::Four(_, 4)
        )
    }
}

/// The cell's path, such as `三.（三）3.自然人`.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Two(at) => {
                let (row, column) = DISCLOSED.get(at).map_or(("", ""), |it| (it.row, it.column));
                let column = column.split('（').next().unwrap_or(column);
                write!(f, "二.{row}.{column}")
            }
            Self::Three(row, column) => write!(
                f,
                "三.{}.{}",
                ROWS.get(row).map_or("", |it| it.short),
                APPLICANTS.get(column).map_or("", |it| it.1)
            ),
            Self::Four(block, column) => write!(
                f,
                "四.{}.{}",
                REMEDIES.get(block).map_or("", |it| it.1),
                OUTCOMES.get(column).map_or("", |it| it.1)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn every_cell_has_a_code_and_a_path_of_its_own() {
        let all: Vec<Cell> = Cell::all().collect();
        assert_eq!(all.len(), 200);
        for cell in &all {
            assert_eq!(Cell::from_code(&cell.code()), Some(*cell));
        }
        let mut paths: Vec<String> = all.iter().map(ToString::to_string).collect();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), 200);
        assert_eq!(Cell::Three(6, 0).to_string(), "三.（三）3.自然人");
        assert_eq!(Cell::Two(9).to_string(), "二.行政事业性收费.本年收费金额");
        assert_eq!(Cell::Four(1, 4).to_string(), "四.未经复议直接起诉.总计");
    }
}
