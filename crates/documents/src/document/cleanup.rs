//! 到期清理: the worksheet goes round among those who drafted the documents and comes back with their opinions. Each opinion
//! is recorded as the single act is, all in one step.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::web::{SheetLine, day};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::validity::{self, Change, Turn};
use super::{Document, LINE_CHARS_MAX, store, turn};
use crate::acts::PublishDocuments;
use crate::id::DocumentId;

#[cfg(test)]
mod tests;

/// Rows of one sheet that have an opinion.
pub const ROWS_MAX: usize = 1_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

const NAME: &str = "名称";
const OPINION: &str = "清理意见（继续有效、修改、废止、宣布失效）";
const UNTIL: &str = "新的有效期至";
const ON: &str = "处理日期（作出决定的那天）";
const BASIS: &str = "理由和依据";
const CODE: &str = "行码（请勿改动）";
/// The columns after 有效性 are for those to fill in among whom it is handed around, but for the last.
pub const SHEET: [&str; 15] = [
    "序号",
    NAME,
    "文号",
    "发布机构",
    "起草单位",
    "成文日期",
    "施行日期",
    "有效期至",
    "剩余天数",
    "有效性",
    OPINION,
    UNTIL,
    ON,
    BASIS,
    CODE,
];

/// 行码: which document a row is about, with a check over the name beside it, so that a row whose cells were mixed up with
/// another's is not taken for either.
#[must_use]
pub fn code(id: DocumentId, title: &str) -> String {
    let check = hex::encode(Sha256::digest(format!("{id}\n{title}")));
    format!("{id}-{}", check.get(..6).unwrap_or_default())
}

/// A row that somebody filled in, as it stands in the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// In the file, from 1.
    pub line: usize,
    pub code: String,
    pub title: String,
    pub opinion: String,
    pub until: String,
    pub on: String,
    pub basis: String,
}

/// The rows with an opinion, and how many have none.
///
/// # Errors
/// A sentence where it is no such sheet, or too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<(Vec<Row>, usize), String> {
    const HEADS: [&str; 6] = [CODE, NAME, OPINION, UNTIL, ON, BASIS];
    for sheet in sheets {
        let places = |cells: &[String]| -> Option<[usize; 6]> {
            let place = |head: &str| cells.iter().position(|cell| cell.trim() == head);
            let found: Vec<usize> = HEADS.into_iter().filter_map(place).collect();
            found.try_into().ok()
        };
        let mut lines = sheet.iter();
        let Some(places) = lines.by_ref().find_map(|(_, cells)| places(cells)) else {
            continue;
        };
        let (mut rows, mut blank) = (Vec::new(), 0);
        for (line, cells) in lines {
            let [code, title, opinion, until, on, basis] =
                places.map(|place| cells.get(place).map_or("", |cell| cell.trim()).to_owned());
            if code.is_empty() && title.is_empty() {
                continue;
            }
            if [&opinion, &until, &on, &basis]
                .iter()
                .all(|cell| cell.is_empty())
            {
                blank += 1;
                continue;
            }
            rows.push(Row {
                line: *line,
                code,
                title,
                opinion,
                until,
                on,
                basis,
            });
        }
        if rows.len() > ROWS_MAX {
            return Err(format!(
                "表里有{}行填了意见，一次最多{ROWS_MAX}行，请分成几个文件交回。",
                rows.len()
            ));
        }
        return Ok((rows, blank));
    }
    Err(format!(
        "没有找到清理表：表头要有“{}”这几列，请用本页导出的清理表填写。",
        HEADS.join("、")
    ))
}

/// A date as tables hold it: 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日.
fn date(text: &str) -> Option<Date> {
    let first = text.split_whitespace().next()?;
    let mut parts = first
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty());
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let of_month = parts.next()?.parse().ok()?;
    Date::new(year, month, of_month)
        .ok()
        .filter(|_| parts.next().is_none())
}

/// What a row would have recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    pub document: DocumentId,
    pub change: Change,
    pub on: Date,
    pub until: Option<Date>,
    pub basis: String,
}

/// The day on which it was decided; a sheet tells what was, not what will be.
fn decided_on(row: &Row, today: Date) -> Result<Date, String> {
    match date(&row.on) {
        Some(on) if on <= today => Ok(on),
        Some(on) => Err(format!("处理日期{}还没有到，请填作出决定的那天。", day(on))),
        None => Err(format!(
            "处理日期“{}”无法识别，请填作出决定的那天，例：2026-09-18。",
            row.on
        )),
    }
}

/// What its opinion wants and the row leaves open.
fn left_open(row: &Row, change: Option<Change>) -> Vec<String> {
    let mut open = Vec::new();
    if change == Some(Change::Kept) && row.until.is_empty() {
        open.push("继续有效要写明新的有效期至。".to_owned());
    }
    let basis = ("basis", BASIS);
    let fault = text_fault(basis, &row.basis, LINE_CHARS_MAX, Wanted::Yes);
    open.extend(fault.map(|(_, said)| said));
    open
}

/// What a row says, or in words all that is wrong with it.
fn said(row: &Row, today: Date) -> Result<Opinion, Vec<String>> {
    let mut wrong = Vec::new();
    let id: Option<DocumentId> = row
        .code
        .rsplit_once('-')
        .and_then(|(id, _)| id.parse().ok());
    let document = id.filter(|id| code(*id, &row.title) == row.code);
    if document.is_none() {
        wrong.push(
            "行码和名称对不上：名称或行码改动过，或者排序时没有带上整行。请在导出的表里找到这一件重新填。"
                .to_owned(),
        );
    }
    let change = match row.opinion.as_str() {
        "继续有效" | "保留" => Some(Change::Kept),
        "修改" => Some(Change::Amended),
        "废止" => Some(Change::Repealed),
        "宣布失效" | "失效" => Some(Change::Lapsed),
        _ => None,
    };
    if change.is_none() {
        let said = format!(
            "清理意见“{}”无法识别，请填继续有效、修改、废止或者宣布失效。",
            row.opinion
        );
        wrong.push(said);
    }
    let on = match decided_on(row, today) {
        Ok(on) => Some(on),
        Err(said) => {
            wrong.push(said);
            None
        }
    };
    let until = date(&row.until);
    if until.is_none() && !row.until.is_empty() {
        wrong.push(format!(
            "新的有效期至“{}”无法识别，例：2029-01-31。",
            row.until
        ));
    }
    if until.is_some() && change.is_some_and(|change| change != Change::Kept) {
        wrong.push("只有继续有效才填新的有效期至。".to_owned());
    }
    wrong.extend(left_open(row, change));
    match (document, change, on) {
        (Some(document), Some(change), Some(on)) if wrong.is_empty() => Ok(Opinion {
            document,
            change,
            on,
            until,
            basis: row.basis.clone(),
        }),
        _ => Err(wrong),
    }
}

/// What becomes of a row: what would be recorded of which document, or why nothing can be.
#[derive(Debug, Clone)]
pub struct Judged {
    pub row: Row,
    pub outcome: Result<(Document, Opinion), Vec<String>>,
}

/// After its last day a document has lapsed by itself: nobody declares it any more.
fn why_not_lapsed(
    document: &Document,
    before: &[Turn],
    (change, on): (Change, Date),
) -> Option<Reason> {
    let (last, days) = validity::left(on, document.expires_on, before)?;
    (change == Change::Lapsed && days < 0).then(|| {
        let sentence = format!(
            "有效期到{}为止，此后已自动失效，不必再宣布失效；决定在此之前作出的，日期请填作出决定的那天。",
            day(last)
        );
        ("on", sentence)
    })
}

async fn judge(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    (row, today): (&Row, Date),
) -> Result<Result<(Document, Opinion), Vec<String>>, StoreError> {
    let opinion = match said(row, today) {
        Ok(opinion) => opinion,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Some(document) = store::load(tx, permit.scope(), opinion.document).await? else {
        let sentence = "这一件不归您所在的单位处理，或者已经不在了。";
        return Ok(Err(vec![sentence.to_owned()]));
    };
    let Opinion {
        change, on, until, ..
    } = opinion;
    let turns = store::turns(tx, &[document.id]).await?;
    let is_there = turns.iter().any(|(_, turn)| {
        (turn.change, turn.on, turn.until) == (change, on, until) && turn.basis == opinion.basis
    });
    if is_there {
        let sentence = format!("这一条已经登记过：{}“{}”。", day(on), change.name());
        return Ok(Err(vec![sentence]));
    }
    let mut reasons = turn::why_not(tx, &document, (change, on, until), &opinion.basis).await?;
    let before: Vec<Turn> = turns.into_iter().map(|(_, turn)| turn).collect();
    reasons.extend(why_not_lapsed(&document, &before, (change, on)));
    Ok(if reasons.is_empty() {
        Ok((document, opinion))
    } else {
        Err(reasons.into_iter().map(|(_, sentence)| sentence).collect())
    })
}

/// What the rows would do; nothing is recorded yet.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    (rows, today): (&[Row], Date),
) -> Result<Vec<Judged>, StoreError> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let outcome = match seen.insert(&row.code, row.line) {
            Some(first) => Err(vec![format!("第{first}行已经是这一件，一件只填一行。")]),
            None => judge(tx, permit, (row, today)).await?,
        };
        judged.push(Judged {
            row: row.clone(),
            outcome,
        });
    }
    Ok(judged)
}

/// Records all rows, each with its event, or none; gives how many. Each can be undone on its document's page.
///
/// # Errors
/// Refused with all the reasons where a row cannot be recorded, or there is none.
pub async fn apply(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    (rows, today): (&[Row], Date),
) -> Result<usize, NotDone> {
    let mut reasons: Vec<Reason> = Vec::new();
    if rows.is_empty() || rows.len() > ROWS_MAX {
        reasons.push(("rows", "没有可以登记的意见，请重新交回清理表。".to_owned()));
    }
    let mut opinions = Vec::new();
    for one in look(tx, permit, (rows, today)).await? {
        match one.outcome {
            Ok(outcome) => opinions.push(outcome),
            Err(wrong) => {
                let sentence = format!(
                    "第{}行《{}》：{}",
                    one.row.line,
                    one.row.title,
                    wrong.concat()
                );
                reasons.push(("rows", sentence));
            }
        }
    }
    refused(reasons)?;
    for (document, opinion) in &opinions {
        let what = (opinion.change, opinion.on, opinion.until);
        let of = (document.id, document.version);
        turn::turn(tx, permit, of, what, (&opinion.basis, "")).await?;
    }
    Ok(opinions.len())
}
