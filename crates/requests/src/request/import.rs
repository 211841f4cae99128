//! Running cases of an older system, from a table: read purely, judged whole, taken over in one transaction.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::ClockEvent;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::web::SheetLine;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::receipt::{Days, Receipt};
use super::step::EXTENSION_WORKING_DAYS_MAX;
use super::submit::{self, Form};
use super::{Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish};
use crate::acts::TakeRequests;
use crate::id::FormToken;
use gongkai_platform::fault::NotDone;

/// Rows of one table.
pub const ROWS_MAX: usize = 2_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The heads of the table; the first six must be there.
pub const HEADS: [&str; 10] = [
    "原编号",
    "受理机关",
    "申请人",
    "申请内容",
    "渠道",
    "收到日期",
    "申请人类型",
    "证件号码",
    "联系电话",
    "已延长工作日",
];
const WANTED: usize = 6;

/// A line of the table: its number in the file, and its cells in the order of [`HEADS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: usize,
    pub cells: [String; 10],
}

/// The lines below the head.
///
/// # Errors
/// A sentence when there is no such table, or it is too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<Vec<Row>, String> {
    for sheet in sheets {
        let head = |cells: &[String]| {
            let places = HEADS.map(|head| cells.iter().position(|cell| cell.trim() == head));
            places
                .iter()
                .take(WANTED)
                .all(Option::is_some)
                .then_some(places)
        };
        let found = sheet
            .iter()
            .enumerate()
            .find_map(|(place, (_, cells))| Some((place, head(cells)?)));
        let Some((place, places)) = found else {
            continue;
        };
        let rows: Vec<Row> = sheet
            .iter()
            .skip(place + 1)
            .map(|(line, cells)| Row {
                line: *line,
                cells: places.map(|place| {
                    let cell = place.and_then(|place| cells.get(place));
                    cell.map_or_else(String::new, |cell| cell.trim().to_owned())
                }),
            })
            .filter(|row| row.cells.iter().any(|cell| !cell.is_empty()))
            .collect();
        if rows.len() > ROWS_MAX {
            return Err(format!(
                "表里有{}行，一次最多{ROWS_MAX}行，请分成几个文件导入。",
                rows.len()
            ));
        }
        return Ok(rows);
    }
    let wanted: Vec<&str> = HEADS.iter().take(WANTED).copied().collect();
    Err(format!(
        "没有找到申请：表头要有“{}”这几列。",
        wanted.join("、")
    ))
}

/// A case to take over: the form, and by how much the old system had extended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub form: Form,
    pub extended: u16,
}

/// A date as tables hold it: 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日.
fn date(text: &str) -> Option<Date> {
    let day = text.split_whitespace().next()?;
    let mut parts = day
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty());
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::new(year, month, day)
        .ok()
        .filter(|_| parts.next().is_none())
}

/// Judges a line.
///
/// # Errors
/// Every reason why it cannot be taken over.
pub fn judge(
    row: &Row,
    organs: &BTreeMap<String, OrganId>,
    today: Date,
) -> Result<Taken, Vec<String>> {
    let [number, organ, _, _, channel, received, _, _, _, extended] = &row.cells;
    let mut faults = Vec::new();
    let found = organs.get(organ).copied();
    if found.is_none() {
        faults.push(format!("没有找到受理机关“{organ}”，或它的申请不由您办理。"));
    }
    let by_name = |name: &str| {
        Channel::ALL
            .iter()
            .copied()
            .find(|one| one.name().contains(name))
    };
    let channel_read = if channel.is_empty() {
        None
    } else {
        by_name(channel)
    };
    if channel_read.is_none() {
        faults.push(format!("渠道“{channel}”不认识。"));
    }
    let received_on = date(received);
    if received_on.is_none() {
        faults.push(format!("收到日期“{received}”不是日期。"));
    }
    let days: u16 = if extended.is_empty() {
        0
    } else {
        extended.parse().unwrap_or(u16::MAX)
    };
    if days > EXTENSION_WORKING_DAYS_MAX {
        faults.push("已延长工作日应在0至20之间（条例第33条）。".to_owned());
    }
    let (Some(organ), Some(channel), Some(received_on)) = (found, channel_read, received_on) else {
        return Err(faults);
    };
    let form = form(row, (organ, channel, received_on));
    if number.is_empty() {
        faults.push("没有原编号。".to_owned());
    }
    faults.extend(
        form.why_not(today)
            .into_iter()
            .map(|(_, sentence)| sentence),
    );
    if faults.is_empty() {
        Ok(Taken {
            form,
            extended: days,
        })
    } else {
        Err(faults)
    }
}

/// The form that a row fills in: what the older system did not keep says so.
fn form(row: &Row, (organ, channel, received_on): (OrganId, Channel, Date)) -> Form {
    let [number, _, name, subject, _, _, kind, paper, phone, _] = &row.cells;
    let applicant = ApplicantKind::ALL
        .iter()
        .copied()
        .find(|one| one.name() == kind);
    let unknown = |text: &str| {
        if text.is_empty() {
            "原系统未载".to_owned()
        } else {
            text.to_owned()
        }
    };
    let applicant_kind = applicant.unwrap_or(ApplicantKind::Natural);
    let organisation = applicant_kind != ApplicantKind::Natural;
    let only = |yes: bool| if yes { unknown("") } else { String::new() };
    Form {
        token: token(organ, number),
        organ,
        kind: Kind::Information,
        channel,
        applicant: Applicant {
            kind: applicant_kind,
            name: name.clone(),
            paper: unknown(""),
            paper_number: unknown(paper),
            head: only(organisation),
            contact: only(organisation),
            phone: unknown(phone),
            email: String::new(),
            address: String::new(),
            postcode: String::new(),
        },
        wish: Wish {
            subject: subject.clone(),
            description: String::new(),
            form: Carrier::Paper,
            way: Way::PickUp,
            waiver: String::new(),
        },
        receipt: Receipt {
            days: Days {
                signed_on: (channel == Channel::SignedPost).then_some(received_on),
                submitted_on: Some(received_on),
                confirmed_on: None,
            },
            set: Some((received_on, format!("由原系统导入，原编号{number}"))),
        },
        other_number: number.clone(),
    }
}

/// The same row of an organ is the same case, however often the table comes.
fn token(organ: OrganId, number: &str) -> FormToken {
    let digest = Sha256::digest(format!("import|{organ}|{number}").as_bytes());
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    FormToken::new(Uuid::from_bytes(bytes))
}

/// Takes all of them over, or none; gives how many were new.
///
/// # Errors
/// Refused or not found as [`submit::take`].
pub async fn take_over(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    cases: Vec<Taken>,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<usize, NotDone> {
    let mut new = 0;
    let rows = cases.len();
    for taken in cases {
        let received = taken.form.receipt.received_on(taken.form.channel);
        let extended: Vec<ClockEvent> = received
            .filter(|_| taken.extended > 0)
            .map(|on| ClockEvent::Extended {
                on,
                by: taken.extended,
            })
            .into_iter()
            .collect();
        let (_, there) = submit::take_with(
            tx,
            permit,
            (taken.form, extended),
            Vec::new(),
            (today, calendar),
        )
        .await?;
        new += usize::from(!there);
    }
    let sentence = format!("从表格导入在办申请{rows}件，其中新的{new}件");
    let subject = ("request-import", tx.fresh().to_string());
    tx.record(Event::new(
        permit.actor(),
        "request.imported",
        subject,
        sentence,
    ));
    Ok(new)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{HEADS, date, judge, read};

    fn line(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn a_table_is_read_whatever_stands_above_it_and_judged_line_by_line() {
        let rows = read(&[vec![
            line(1, &["在办申请"]),
            line(2, &HEADS),
            line(
                3,
                &[
                    "旧001",
                    "市司法局",
                    "甲",
                    "老旧小区清单",
                    "当面",
                    "2026年3月2日",
                    "自然人",
                    "",
                    "",
                    "10",
                ],
            ),
            line(
                4,
                &["", "市某局", "乙", "", "电报", "三月", "", "", "", "30"],
            ),
            line(5, &["", "", ""]),
        ]])
        .unwrap();
        assert_eq!(rows.len(), 2);
        let organs = BTreeMap::from([("市司法局".to_owned(), OrganId::new(Uuid::from_u128(1)))]);
        let today = "2026-03-20".parse().unwrap();
        let taken = judge(&rows[0], &organs, today).unwrap();
        assert_eq!(taken.extended, 10);
        assert_eq!(
            taken.form.receipt.received_on(taken.form.channel),
            date("2026/3/2")
        );
        assert_eq!(
            judge(&rows[0], &organs, today).unwrap().form.token,
            taken.form.token
        );
        assert_eq!(judge(&rows[1], &organs, today).unwrap_err().len(), 4);
        assert!(
            read(&[vec![line(1, &["姓名"])]])
                .unwrap_err()
                .contains("原编号")
        );
        assert_eq!(date("2026-13-01"), None);
        assert_eq!(date("2026.3.2 10:00"), date("2026-03-02"));
    }
}
