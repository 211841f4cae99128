//! A register that came as a table: read purely, judged whole, taken over in one transaction.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::SheetLine;
use serde_json::json;

use super::handle::{Instead, put};
use super::{StaffEntry, StaffKind, Words, store};
use crate::acts::KeepGroup;
use gongkai_platform::organ::reach::{self, Reach};

/// Rows of one table.
pub const ROWS_MAX: usize = 5_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Problems that a page lists.
pub const PROBLEMS_SHOWN: usize = 100;

/// The columns, with the words that lists use for them.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("单位", &["单位", "单位名称", "机关", "填报单位"]),
    ("类别", &["类别", "类型", "身份"]),
    ("姓名", &["姓名", "姓名（机构名称）", "名称", "机构名称"]),
    ("职务", &["职务", "单位职务"]),
    ("电话", &["电话", "联系电话", "联系方式", "手机"]),
];

/// The heads of the table that goes out and comes back.
pub const HEADS: [&str; 5] = ["单位", "类别", "姓名（机构名称）", "职务", "电话"];

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub line: usize,
    pub unit: String,
    pub kind: String,
    pub words: Words,
}

/// A line that cannot be taken over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub sentence: String,
}

/// The lines below the head; the table is the first one of the file that has a head with 单位 and 类别.
///
/// # Errors
/// A sentence when there is no such table, or it is too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<Vec<Row>, String> {
    for sheet in sheets {
        let Some((place, columns)) = sheet
            .iter()
            .enumerate()
            .find_map(|(place, (_, cells))| Some((place, head(cells)?)))
        else {
            continue;
        };
        let rows: Vec<Row> = sheet
            .iter()
            .skip(place + 1)
            .map(|(line, cells)| row(*line, cells, &columns))
            .filter(|row| !(row.unit.is_empty() && row.words.name.is_empty()))
            .collect();
        if rows.len() > ROWS_MAX {
            return Err(format!(
                "表里有{}行，一次最多{ROWS_MAX}行，请分成几个文件导入。",
                rows.len()
            ));
        }
        return Ok(rows);
    }
    Err(format!(
        "没有找到名册：表头要有“{}”这几列。请先导出现有名册，在它上面填写后再导入。",
        HEADS.join("、")
    ))
}

/// Where each column stands; `None` where 单位, 类别 or 姓名 is missing.
fn head(cells: &[String]) -> Option<[Option<usize>; 5]> {
    let find = |words: &[&str]| {
        let is =
            |cell: &String| words.contains(&cell.split_whitespace().collect::<String>().as_str());
        cells.iter().position(is)
    };
    let columns = COLUMNS.map(|(_, words)| find(words));
    let [unit, kind, name, _, _] = columns;
    (unit.is_some() && kind.is_some() && name.is_some()).then_some(columns)
}

fn row(line: usize, cells: &[String], columns: &[Option<usize>; 5]) -> Row {
    let [unit, kind, name, post, phone] = columns.map(|column| {
        let cell = column.and_then(|column| cells.get(column));
        cell.map_or_else(String::new, |cell| cell.trim().to_owned())
    });
    Row {
        line,
        unit,
        kind,
        words: Words { name, post, phone },
    }
}

/// What a table would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub new: Vec<(OrganId, String, StaffKind, Words)>,
    /// Registered just so already.
    pub same: usize,
    pub faults: Vec<Fault>,
}

/// Judges every line: the unit must be one of these (by its name, its short name or another name), the kind one of the
/// three; who is registered just so stays.
#[must_use]
pub fn plan(
    units: &BTreeMap<String, (OrganId, String)>,
    there: &BTreeMap<OrganId, Vec<StaffEntry>>,
    rows: &[Row],
) -> Plan {
    let mut plan = Plan {
        new: Vec::new(),
        same: 0,
        faults: Vec::new(),
    };
    for row in rows {
        let fault = |sentence: String| Fault {
            line: row.line,
            sentence,
        };
        let unit = units.get(&row.unit);
        let kind = StaffKind::from_word(&row.kind);
        let (Some((organ, name)), Some(kind)) = (unit, kind) else {
            let sentence = if unit.is_none() {
                format!("没有找到单位“{}”，或它不归您管理。", row.unit)
            } else {
                format!("类别“{}”不是分管领导、承办机构、责任人之一。", row.kind)
            };
            plan.faults.push(fault(sentence));
            continue;
        };
        let reasons = row.words.why_not(kind);
        if !reasons.is_empty() {
            let sentences: Vec<String> = reasons.into_iter().map(|(_, reason)| reason).collect();
            plan.faults.push(fault(sentences.join("")));
            continue;
        }
        let own = there.get(organ).map_or(&[][..], Vec::as_slice);
        let twice = plan
            .new
            .iter()
            .any(|(id, _, other, words)| id == organ && *other == kind && *words == row.words);
        if twice
            || own
                .iter()
                .any(|one| one.kind == kind && one.words == row.words)
        {
            plan.same += 1;
        } else {
            plan.new
                .push((*organ, name.clone(), kind, row.words.clone()));
        }
    }
    plan
}

/// The names by which units of a reach are found; a name that leads to two is none.
async fn names(
    tx: &mut Tx,
    within: &Reach,
) -> Result<BTreeMap<String, (OrganId, String)>, StoreError> {
    let units = reach::store::units(tx, within).await?;
    let ids: Vec<OrganId> = units.iter().map(|(id, _)| *id).collect();
    let mut found: BTreeMap<String, Option<(OrganId, String)>> = BTreeMap::new();
    for organ in organ::store::load_all(tx, &ids).await? {
        let short = organ.short_name.clone();
        let other = organ.aliases.iter().map(|alias| alias.text.clone());
        for name in std::iter::once(organ.name.clone())
            .chain(short)
            .chain(other)
        {
            let mine = (organ.id, organ.name.clone());
            let slot = found.entry(name).or_insert_with(|| Some(mine.clone()));
            if slot.as_ref().is_some_and(|known| known.0 != organ.id) {
                *slot = None;
            }
        }
    }
    Ok(found
        .into_iter()
        .filter_map(|(name, unit)| Some((name, unit?)))
        .collect())
}

/// Judges a table for the units that an office watches over.
///
/// # Errors
/// When the store fails.
pub async fn judge(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    rows: &[Row],
) -> Result<Plan, StoreError> {
    let within = Reach::of(tx, permit.roles()).await?.office();
    let units = names(tx, &within).await?;
    let ids: Vec<OrganId> = units.values().map(|(id, _)| *id).collect();
    let there = store::current(tx, &ids).await?;
    Ok(plan(&units, &there, rows))
}

/// Takes a table over whole: who is new takes the place of who held it. Nothing is stored while a line has a fault.
///
/// # Errors
/// Stale when a line has a fault; when the store fails.
pub async fn take_over(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    rows: &[Row],
    today: Date,
) -> Result<Plan, StoreError> {
    let plan = judge(tx, permit, rows).await?;
    // The page judged the table a moment ago; a fault now means that somebody else was first.
    if !plan.faults.is_empty() {
        return Err(StoreError::Stale);
    }
    let ids: Vec<OrganId> = plan.new.iter().map(|(organ, ..)| *organ).collect();
    let mut there = store::current(tx, &ids).await?;
    for (organ, name, kind, words) in &plan.new {
        // The first newcomer of a place empties it, those after come beside.
        let own = there.entry(*organ).or_default();
        let (before, rest): (Vec<StaffEntry>, Vec<StaffEntry>) =
            own.drain(..).partition(|one| one.kind == *kind);
        *own = rest;
        let who = (*organ, name.clone(), *kind, words.clone());
        put(tx, permit.actor(), who, (Instead::Replace, before), today).await?;
    }
    let sentence = format!(
        "导入人员名册：新登记{}条，未变{}条",
        plan.new.len(),
        plan.same
    );
    tx.record(
        Event::new(
            permit.actor(),
            "staff.imported",
            ("staff", String::new()),
            sentence,
        )
        .data(json!({ "new": plan.new.len(), "same": plan.same })),
    );
    Ok(plan)
}

/// The register as rows of [`HEADS`], for the units of a reach. A unit without an entry has an empty line for each kind.
///
/// # Errors
/// When the store fails.
pub async fn rows_of(tx: &mut Tx, within: &Reach) -> Result<Vec<Vec<String>>, StoreError> {
    let units = reach::store::units(tx, within).await?;
    let ids: Vec<OrganId> = units.iter().map(|(id, _)| *id).collect();
    let there = store::current(tx, &ids).await?;
    let mut rows = Vec::new();
    for (id, name) in units {
        let own = there.get(&id).map_or(&[][..], Vec::as_slice);
        for kind in StaffKind::ALL {
            let line = |words: &Words| {
                vec![
                    name.clone(),
                    kind.name().to_owned(),
                    words.name.clone(),
                    words.post.clone(),
                    words.phone.clone(),
                ]
            };
            let of_kind: Vec<&StaffEntry> = own.iter().filter(|one| one.kind == *kind).collect();
            if of_kind.is_empty() {
                rows.push(line(&Words::default()));
            }
            rows.extend(of_kind.into_iter().map(|one| line(&one.words)));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{plan, read};

    fn lines(rows: &[&[&str]]) -> Vec<(usize, Vec<String>)> {
        (1..)
            .zip(rows)
            .map(|(n, cells)| (n, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect()
    }

    #[test]
    fn every_line_is_judged_and_all_faults_come_at_once() {
        let sheet = lines(&[
            &["安澜市政务公开人员名册"],
            &["联系电话", "单 位", "类别", "姓名", "职务"],
            &["1234", "市司法局", "分管领导", "林知远", "副局长"],
            &["", "市司法局", "分管领导", "林知远", "副局长"],
            &["", "火星局", "责任人", "某人", ""],
            &["", "市司法局", "看门人", "某人", ""],
            &["", "市司法局", "责任人员", "", ""],
            &["", "", "", "", ""],
        ]);
        let rows = read(&[lines(&[&["别的表"]]), sheet]).unwrap();
        assert_eq!(rows.len(), 5);
        let organ = OrganId::new(Uuid::from_u128(1));
        let units = BTreeMap::from([("市司法局".to_owned(), (organ, "安澜市司法局".to_owned()))]);
        let plan = plan(&units, &BTreeMap::new(), &rows);
        assert_eq!(plan.new.len(), 2);
        assert_eq!(plan.new[0].3.phone, "1234");
        let faults: Vec<usize> = plan.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(faults, [5, 6, 7]);
        assert!(read(&[lines(&[&["单位", "类别"]])]).is_err());
    }
}
