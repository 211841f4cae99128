//! Sheets after a hard life: sorted, columns moved, rows inserted, copied, deleted, types changed, codes damaged or beside
//! other rows' words, while a colleague reports. With `GONGKAI_SOFFICE` each goes through the real LibreOffice, too.

mod workbook;

use std::collections::BTreeMap;

use gongkai_basis::id::{AccountId, AssignmentId};
use gongkai_platform::db::Tx;
use gongkai_platform::testing::backends;

use super::{SHEETS, colleague, report_in_system, rows, versions};
use crate::acts::ReportProgress;
use crate::assignment::Duty;
use crate::exchange::Field;
use crate::exchange::apply;
use crate::exchange::code::RowCode;
use crate::exchange::compare::RowState;
use crate::exchange::sheet::FilledRow;
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day};

const TASKS: i64 = 12;
const TRIALS: u64 = 20;
/// Every so many sheets the rows come back in another workbook; else in the one that left.
const BARE_EVERY: u64 = 3;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.next(at + 1));
        }
    }
}

/// What happens to a row between its leaving and its coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Edited,
    /// A colleague reports; the file's cell stays.
    Meanwhile,
    Both,
    Deleted,
    CopiedAlike,
    CopiedDifferent,
    Damaged,
    /// Filled in, with the words of another row beside its code.
    Slid,
}

const FATES: [Fate; 9] = [
    Fate::Kept,
    Fate::Edited,
    Fate::Meanwhile,
    Fate::Both,
    Fate::Deleted,
    Fate::CopiedAlike,
    Fate::CopiedDifferent,
    Fate::Damaged,
    Fate::Slid,
];

impl Fate {
    /// The state of the row, if it comes back; of a copied one, of its first.
    fn expected(self) -> Option<RowState> {
        match self {
            Self::Kept | Self::Meanwhile | Self::CopiedAlike => Some(RowState::Same),
            Self::Edited => Some(RowState::Changed),
            Self::Both => Some(RowState::Conflict),
            Self::CopiedDifferent => Some(RowState::Repeated),
            Self::Slid => Some(RowState::Mismatched),
            Self::Deleted | Self::Damaged => None,
        }
    }
}

/// One row's fate: reports what the colleague reports, and puts what comes back into the new sheet.
fn mutate(row: FilledRow, fate: Fate, mark: &str, random: &mut Random) -> Vec<FilledRow> {
    let edited = |mut row: FilledRow, what: &str| {
        row.fields
            .insert(Field::Done, format!("表格{what}{mark}\n第二段"));
        row.fields.insert(Field::Pending, "继续推进".to_owned());
        row.fields.insert(Field::PlannedOn, "2026-11-05".to_owned());
        row.fields.insert(Field::Outcome, "进行中".to_owned());
        row
    };
    match fate {
        Fate::Kept | Fate::Meanwhile => vec![row],
        Fate::Edited | Fate::Both => vec![edited(row, "填写")],
        Fate::Deleted => Vec::new(),
        Fate::CopiedAlike => vec![row.clone(), row],
        Fate::CopiedDifferent => vec![edited(row.clone(), "甲"), edited(row, "乙")],
        Fate::Damaged => {
            let at = 1 + random.next(8);
            let mut code: Vec<char> = row.code.chars().collect();
            code[at] = if code[at] == '7' { '8' } else { '7' };
            let code = code.into_iter().collect();
            vec![FilledRow {
                code,
                ..edited(row, "坏码")
            }]
        }
        Fate::Slid => vec![FilledRow {
            item: Some("召开新闻发布会".to_owned()),
            ..edited(row, "错行")
        }],
    }
}

async fn in_force(
    world: &World,
    parts: &[AssignmentId],
) -> BTreeMap<AssignmentId, Option<Content>> {
    let mut contents = BTreeMap::new();
    for part in parts {
        let newest = versions(world, *part).await.into_iter().next();
        contents.insert(*part, newest.map(|report| report.content));
    }
    contents
}

/// One sheet goes round.
async fn trial(world: &World, (parts, other): (&[AssignmentId], AccountId), seed: u64) {
    let mut random = Random(seed);
    let mut liaison = world.browser(world.liaisons[0]).await;
    let left = liaison.get("/workspace/sheets/file").await.bytes;
    let out = rows(&left);
    assert_eq!(out.len(), parts.len(), "seed {seed}");
    let mut other = world.browser(other).await;
    let mut fates = BTreeMap::new();
    let mut back = Vec::new();
    for row in out {
        let code: RowCode = row.code.parse().unwrap();
        let of = |part: &&AssignmentId| RowCode::of(**part, 0).mark() == code.mark();
        let part = *parts.iter().find(of).unwrap();
        let fate = FATES[random.next(FATES.len())];
        if matches!(fate, Fate::Meanwhile | Fate::Both) {
            report_in_system(&mut other, part, &format!("系统填写{seed}-{part}")).await;
        }
        fates.insert(part, fate);
        back.extend(mutate(row, fate, &format!("{seed}-{part}"), &mut random));
    }
    random.shuffle(&mut back);
    let bytes = if seed.is_multiple_of(BARE_EVERY) {
        workbook::bare(&back, &mut random)
    } else {
        workbook::as_it_left(&left, &back, &mut random)
    };
    let folder = world.guard.folder().join(format!("office-{seed}"));
    std::fs::create_dir_all(&folder).unwrap();
    let bytes = workbook::through_office(bytes, &folder);
    if back.is_empty() {
        return;
    }
    let there = liaison
        .upload(SHEETS, &[], ("file", "填报.xlsx", &bytes))
        .await
        .redirected();
    let id = there.rsplit('/').next().unwrap().parse().unwrap();
    let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
    let (_, compared) = world
        .db
        .read(async |tx: &mut Tx| apply::compared(tx, &permit, id, day(TODAY)).await)
        .await
        .unwrap();
    let before = in_force(world, parts).await;
    let mut form = Vec::new();
    let mut expected = before.clone();
    for (part, fate) in &fates {
        let mut of: Vec<_> = compared
            .iter()
            .filter(|row| row.assignment == Some(*part))
            .collect();
        of.sort_by_key(|row| row.nth);
        let state = of.first().map(|row| row.state);
        assert_eq!(state, fate.expected(), "seed {seed}: {fate:?} {of:#?}");
        let Some(row) = of.first().filter(|row| row.state.is_applicable()) else {
            continue;
        };
        // What stands in the system of a row that slid may be nothing, and nothing is no report.
        let from_file = *fate == Fate::Slid || random.next(2) == 0;
        form.push(("row".to_owned(), row.nth.to_string()));
        form.push((
            format!("seen-{}", row.nth),
            row.based_on.map_or_else(String::new, |id| id.to_string()),
        ));
        for field in Field::ALL {
            let side = if from_file { "file" } else { "system" };
            form.push((
                format!("cell-{}-{}", row.nth, field.code()),
                side.to_owned(),
            ));
        }
        let content = row.content(|_| from_file);
        assert_eq!(content.outcome, Outcome::InProgress);
        if *fate != Fate::Both || from_file {
            assert!(
                content.done_text.starts_with("表格"),
                "seed {seed}: {content:?}"
            );
        }
        // In a conflict the day may be as it left: then the system's stands.
        if *fate != Fate::Both {
            assert_eq!(content.planned_on, Some(day("2026-11-05")), "seed {seed}");
        }
        expected.insert(*part, Some(content));
    }
    let damaged = fates
        .values()
        .filter(|fate| **fate == Fate::Damaged)
        .count();
    let unknown = compared
        .iter()
        .filter(|row| row.state == RowState::Unknown)
        .count();
    assert_eq!(unknown, damaged, "seed {seed}");
    if form.is_empty() {
        return;
    }
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    liaison.post(&there, &form).await.redirected();
    assert_eq!(in_force(world, parts).await, expected, "seed {seed}");
    for (part, content) in &expected {
        let newest = versions(world, *part).await.into_iter().next();
        if before[part] != *content {
            assert_eq!(
                newest.unwrap().author,
                Some(world.liaisons[0]),
                "seed {seed}"
            );
        }
    }
}

#[tokio::test]
#[expect(
    clippy::print_stdout,
    reason = "a failing trial is repeated by its seed"
)]
async fn mutated_sheets_change_what_was_changed_and_nothing_else() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let trials = number("GONGKAI_SHEET_TRIALS").unwrap_or(TRIALS);
    let start = number("GONGKAI_SEED").unwrap_or(1);
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = Vec::new();
        for position in 1..=TASKS {
            let task = world
                .task(
                    position,
                    &format!("公开第{position}类文件"),
                    Some("2026-10-30"),
                    &[(0, Duty::Lead)],
                )
                .await;
            parts.push(world.assignment(task, 0).await.id);
        }
        let other = colleague(&world).await;
        for nth in 0..trials {
            let seed = start.wrapping_add(nth);
            println!("sheet seed {seed}");
            trial(&world, (&parts, other), seed).await;
        }
    }
}
