//! Running cases of an older system, from a table: read purely, judged whole, taken over in one transaction.

pub mod wait;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Clock, ClockEvent, limits};
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::web::SheetLine;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::wait::Wait;
use super::case::Case;
use super::receipt::{Days, Receipt};
use super::state::Act;
use super::step::{EXTENSION_WORKING_DAYS_MAX, Moment};
use super::store;
use super::submit::{self, Form};
use super::{Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish};
use crate::acts::TakeRequests;
use crate::id::{ConsultationId, FormToken};
use gongkai_platform::fault::NotDone;

/// Rows of one table.
pub const ROWS_MAX: usize = 2_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
const COLUMNS_COUNT: usize = 23;
/// The heads of the table, and how each is written; the first six must be there.
pub const COLUMNS: [(&str, &str); COLUMNS_COUNT] = [
    ("原编号", "旧001；同一机关不能重复"),
    ("受理机关", "市司法局；全称或者简称"),
    ("申请人", "张某"),
    ("申请内容", "老旧小区加装电梯清单"),
    ("渠道", "当面、口头、邮寄、平信、传真、电子邮件、互联网"),
    ("收到日期", "2026-03-02"),
    (
        "申请人类型",
        "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他；空着算自然人",
    ),
    ("证件号码", "没有的空着"),
    ("联系电话", "没有的空着"),
    ("已延长工作日", "1至20；没有延期的空着"),
    ("收到补正日期", "从这一天起重新计算期限"),
    ("收到缴费日期", "从这一天起重新计算期限"),
    ("征求意见发出日期", "和下一列一起填"),
    ("征求意见结束日期", "收到意见或者期满的日期，其间不计入期限"),
    (
        "告知补正日期",
        "已告知、还没有收到补正的，导入后是“待补正”；只能告知一次",
    ),
    ("补正截止日期", "告知补正的要填"),
    ("补正事项", "可以空着，见原系统发出的文书"),
    ("收费通知日期", "已通知、还没有收到缴费的，导入后是“待缴费”"),
    ("计收方式和数量", "收费的要填：按件12、按页50"),
    ("缴费截止日期", "收费的要填"),
    ("征求对象", "发出了、还没有结束的要填，导入后是“征求意见中”"),
    ("征求对象类别", "第三方、共同制作机关；空着算第三方"),
    ("征求意见书收到日期", "15个工作日从收到起算；空着按发出日期"),
];
/// The heads alone.
#[must_use]
pub fn heads() -> [&'static str; COLUMNS_COUNT] {
    COLUMNS.map(|(head, _)| head)
}
/// So many of them must be there.
pub const WANTED: usize = 6;

/// A line of the table: its number in the file, and its cells in the order of [`heads`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: usize,
    pub cells: [String; COLUMNS_COUNT],
}

/// What a line has under a head; empty where there is no such column.
fn filled<'r>(row: &'r Row, head: &str) -> &'r str {
    let place = COLUMNS.iter().position(|(name, _)| *name == head);
    place
        .and_then(|place| row.cells.get(place))
        .map_or("", String::as_str)
}

/// The lines below the head.
///
/// # Errors
/// A sentence when there is no such table, or it is too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<Vec<Row>, String> {
    for sheet in sheets {
        let head = |cells: &[String]| {
            let places = heads().map(|head| cells.iter().position(|cell| cell.trim() == head));
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
    let wanted: Vec<&str> = heads().into_iter().take(WANTED).collect();
    Err(format!(
        "没有找到申请：表头要有“{}”这几列。",
        wanted.join("、")
    ))
}

/// A case to take over: the form, and what the old system had done to its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub form: Form,
    pub before: Before,
    /// What it waits for now.
    pub wait: Option<Wait>,
}

/// What happened in the old system, after the receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// Working days (art. 33).
    pub extended: u16,
    /// 补正 and 缴费: the count begins anew (art. 30; 收费办法 art. 7).
    pub restarted: Vec<(Act, Date)>,
    /// 征求意见: sent, answered or run out (art. 33 ¶3).
    pub asked: Option<(Date, Date)>,
}

impl Before {
    /// As events of the clock, in order.
    fn events(&self, received: Date, pause: Uuid) -> Vec<ClockEvent> {
        let mut dated: Vec<(Date, Vec<ClockEvent>)> = Vec::new();
        if self.extended > 0 {
            let by = self.extended;
            dated.push((received, vec![ClockEvent::Extended { on: received, by }]));
        }
        if let Some((sent, on)) = self.asked {
            let events = vec![
                ClockEvent::Paused { pause, sent },
                ClockEvent::Resumed { pause, on },
            ];
            dated.push((sent, events));
        }
        let restarts = self.restarted.iter();
        dated.extend(restarts.map(|(_, on)| (*on, vec![ClockEvent::Restarted { on: *on }])));
        dated.sort_by_key(|(on, _)| *on);
        dated.into_iter().flat_map(|(_, events)| events).collect()
    }
}

impl Taken {
    /// Why no clock can have run so; nothing of it is guessed.
    fn clock_fault(&self, received: Date, calendar: &WorkCalendar) -> Option<String> {
        let (pause, open) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let before = self.before.events(received, pause);
        if let Some(wait) = &self.wait {
            let ends = self.before.asked.map(|(_, end)| end);
            let restarts = self.before.restarted.iter().map(|(_, on)| *on);
            if let Some(last) = restarts.chain(ends).max().filter(|last| wait.on < *last) {
                let name = wait.step.act().name();
                return Some(format!(
                    "“{name}”的日期{}早于{last}的另一步，请核对先后。",
                    wait.on
                ));
            }
        }
        let started = ClockEvent::Started {
            on: received,
            terms: limits::REPLY,
        };
        let waits = self.wait.as_ref().map(|wait| wait.event(open));
        let events: Vec<ClockEvent> = std::iter::once(started)
            .chain(before)
            .chain(waits)
            .collect();
        Clock::replay(&events, calendar)
            .err()
            .map(|fault| fault.error.sentence())
    }
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
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Taken, Vec<String>> {
    let [number, organ, _, _, channel, received, kind, ..] = &row.cells;
    let mut faults = Vec::new();
    let found = organs.get(organ).copied();
    if found.is_none() {
        faults.push(format!("没有找到受理机关“{organ}”，或它的申请不由您办理。"));
    }
    let channel_read = channel_of(channel);
    if channel_read.is_none() {
        let known = "请写当面、口头、邮寄、平信、传真、电子邮件或者互联网";
        faults.push(format!("渠道“{channel}”不认识，{known}。"));
    }
    if !kind.is_empty() && applicant_kind(kind).is_none() {
        let known: Vec<&str> = ApplicantKind::ALL.iter().map(|one| one.name()).collect();
        let known = known.join("、");
        faults.push(format!("申请人类型“{kind}”不认识，请写{known}。"));
    }
    let received_on = date(received);
    if received_on.is_none() {
        faults.push(format!("收到日期“{received}”不是日期。"));
    }
    let before = before(row, (received_on, today), &mut faults);
    let wait = wait::read(row, (received_on, today), &mut faults);
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
    let taken = Taken { form, before, wait };
    if faults.is_empty() {
        faults.extend(taken.clock_fault(received_on, calendar));
    }
    if faults.is_empty() {
        Ok(taken)
    } else {
        Err(faults)
    }
}

/// As people write it; the word of the form or a part of it.
fn channel_of(name: &str) -> Option<Channel> {
    let known = match name {
        "" => return None,
        "网络" | "网站" | "网上" | "在线" | "网上提交" => "互联网",
        "邮件" | "邮箱" | "E-mail" | "email" => "电子邮件",
        "挂号信" | "快递" | "EMS" | "信函" => "邮寄",
        "平信" => "平常信函",
        "现场" | "窗口" => "当面",
        "电话" => "口头",
        other => other,
    };
    let mut all = Channel::ALL.iter().copied();
    all.find(|one| one.name().contains(known))
}

fn applicant_kind(name: &str) -> Option<ApplicantKind> {
    let known = if name == "公民" { "自然人" } else { name };
    let mut all = ApplicantKind::ALL.iter().copied();
    all.find(|one| one.name() == known)
}

/// Working days by which the case was extended; none where nothing is written.
fn extension(text: &str, faults: &mut Vec<String>) -> u16 {
    let days: u16 = if text.is_empty() {
        0
    } else {
        text.parse().unwrap_or(u16::MAX)
    };
    if days > EXTENSION_WORKING_DAYS_MAX {
        faults.push("已延长工作日应在0至20之间（条例第33条）。".to_owned());
    }
    days
}

/// What the line says of the clock; what cannot be is a fault.
fn before(
    row: &Row,
    (received_on, today): (Option<Date>, Date),
    faults: &mut Vec<String>,
) -> Before {
    let days = extension(filled(row, "已延长工作日"), faults);
    let (sent, ended) = (
        filled(row, "征求意见发出日期"),
        filled(row, "征求意见结束日期"),
    );
    let mut read = |name: &str| {
        let text = filled(row, name);
        if text.is_empty() {
            return None;
        }
        let on = date(text);
        match on {
            None => faults.push(format!("{name}“{text}”不是日期。")),
            Some(on) if on > today => faults.push(format!("{name}{on}还没有到。")),
            Some(on) if received_on.is_some_and(|received| on < received) => {
                faults.push(format!("{name}{on}早于收到日期。"));
            }
            Some(_) => {}
        }
        on
    };
    let restarted = [
        read("收到补正日期").map(|on| (Act::Supplement, on)),
        read("收到缴费日期").map(|on| (Act::Pay, on)),
    ];
    let asked = match (read("征求意见发出日期"), read("征求意见结束日期")) {
        (Some(sent), Some(ended)) if ended < sent => {
            faults.push("征求意见结束日期早于发出日期。".to_owned());
            None
        }
        (Some(sent), Some(ended)) => Some((sent, ended)),
        (None, _) | (_, None) => {
            if sent.is_empty() && !ended.is_empty() {
                faults.push("有征求意见结束日期，没有发出日期。".to_owned());
            }
            None
        }
    };
    Before {
        extended: days,
        restarted: restarted.into_iter().flatten().collect(),
        asked,
    }
}

/// Two lines of one organ with the same number: the second would be lost.
#[must_use]
pub fn twice(rows: &[Row]) -> Vec<(usize, String)> {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let [number, organ, ..] = &row.cells;
        if number.is_empty() {
            continue;
        }
        match seen.get(&(organ.as_str(), number.as_str())) {
            Some(line) => faults.push((row.line, format!("原编号{number}与第{line}行重复。"))),
            None => {
                seen.insert((organ.as_str(), number.as_str()), row.line);
            }
        }
    }
    faults
}

/// The form that a row fills in: what the older system did not keep says so.
fn form(row: &Row, (organ, channel, received_on): (OrganId, Channel, Date)) -> Form {
    let [number, _, name, subject, _, _, kind, paper, phone, ..] = &row.cells;
    let unknown = |text: &str| {
        if text.is_empty() {
            "原系统未载".to_owned()
        } else {
            text.to_owned()
        }
    };
    let applicant_kind = applicant_kind(kind).unwrap_or(ApplicantKind::Natural);
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
        let pause = tx.fresh();
        let before = received.map_or_else(Vec::new, |on| taken.before.events(on, pause));
        let what = (taken.form, before);
        let when = (today, calendar);
        let (case, there) = submit::take_with(tx, permit, what, Vec::new(), when).await?;
        if !there {
            new += 1;
            history(tx, case, (taken.before.restarted, taken.wait), calendar).await?;
        }
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

/// What the older system had done, and what it waits for, in the history of the new case.
async fn history(
    tx: &mut Tx,
    mut case: Case,
    (restarted, wait): (Vec<(Act, Date)>, Option<Wait>),
    calendar: &WorkCalendar,
) -> Result<(), NotDone> {
    let at = tx.now().as_millisecond();
    for done in restarted {
        let entry = wait::done(done, at);
        case.entries.push(entry.clone());
        store::save(tx, &case, &entry).await?;
        case.request.version += 1;
    }
    if let Some(wait) = wait {
        let moment = Moment {
            today: wait.on,
            at,
            fresh: ConsultationId::new(tx.fresh()),
            calendar,
        };
        let entry = case.taken_over(&wait.step, &wait::doer(), &moment);
        store::save(tx, &case, &entry).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongkai_basis::calendar::WorkCalendar;
    use gongkai_basis::clock::{Clock, ClockEvent, limits};
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{date, heads, judge, read, twice};

    fn line(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn a_table_is_read_whatever_stands_above_it_and_judged_line_by_line() {
        let rows = read(&[vec![
            line(1, &["在办申请"]),
            line(2, &heads()),
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
                    "2026-03-10",
                    "",
                    "2026-03-12",
                    "2026/3/16",
                ],
            ),
            line(
                4,
                &[
                    "",
                    "市某局",
                    "乙",
                    "",
                    "电报",
                    "三月",
                    "个体户",
                    "",
                    "",
                    "30",
                    "明天",
                    "",
                    "2026-03-12",
                ],
            ),
            line(5, &["", "", ""]),
        ]])
        .unwrap();
        assert_eq!(rows.len(), 2);
        let organs = BTreeMap::from([("市司法局".to_owned(), OrganId::new(Uuid::from_u128(1)))]);
        let calendar = WorkCalendar::builtin();
        let today = ("2026-03-20".parse().unwrap(), &calendar);
        let taken = judge(&rows[0], &organs, today).unwrap();
        assert_eq!(taken.before.extended, 10);
        let received = date("2026-03-02").unwrap();
        let events = taken.before.events(received, Uuid::from_u128(9));
        let started = ClockEvent::Started {
            on: received,
            terms: limits::REPLY,
        };
        let clock = Clock::replay(std::iter::once(&started).chain(&events), &calendar).unwrap();
        assert_eq!(
            (clock.base(), clock.extended()),
            (date("2026-03-10").unwrap(), 10)
        );
        assert_eq!(events.len(), 4);
        let again = [rows[0].clone(), rows[1].clone(), rows[0].clone()];
        assert_eq!(twice(&again).len(), 1);
        assert_eq!(
            taken.form.receipt.received_on(taken.form.channel),
            date("2026/3/2")
        );
        assert_eq!(
            judge(&rows[0], &organs, today).unwrap().form.token,
            taken.form.token
        );
        assert_eq!(judge(&rows[1], &organs, today).unwrap_err().len(), 7);
        assert!(
            read(&[vec![line(1, &["姓名"])]])
                .unwrap_err()
                .contains("原编号")
        );
        assert_eq!(date("2026-13-01"), None);
        assert_eq!(date("2026.3.2 10:00"), date("2026-03-02"));
    }

    fn judged(more: &[(&str, &str)]) -> Result<super::Taken, Vec<String>> {
        let calendar = WorkCalendar::builtin();
        let basic = [
            ("原编号", "旧009"),
            ("受理机关", "市司法局"),
            ("申请人", "甲"),
            ("申请内容", "清单"),
            ("渠道", "当面"),
            ("收到日期", "2026-03-02"),
        ];
        let cell = |head: &str| {
            let mut given = basic.iter().chain(more);
            given.find(|(name, _)| *name == head).map_or("", |it| it.1)
        };
        let cells: Vec<&str> = heads().into_iter().map(cell).collect();
        let rows = read(&[vec![line(1, &heads()), line(2, &cells)]]).unwrap();
        let organs = BTreeMap::from([("市司法局".to_owned(), OrganId::new(Uuid::from_u128(1)))]);
        judge(
            &rows[0],
            &organs,
            ("2026-03-20".parse().unwrap(), &calendar),
        )
    }

    #[test]
    fn what_a_case_waits_for_is_read_with_its_dates() {
        let act =
            |more: &[(&str, &str)]| judged(more).unwrap().wait.map(|one| one.step.act().code());
        let asked = [
            ("告知补正日期", "2026-03-05"),
            ("补正截止日期", "2026-03-26"),
        ];
        assert_eq!(act(&asked), Some("ask_supplement"));
        let got = [asked[0], asked[1], ("收到补正日期", "2026-03-10")];
        assert_eq!(act(&got), None, "answered, it waits for nothing");
        let charged = [
            ("收费通知日期", "2026-03-05"),
            ("计收方式和数量", "按件 12"),
            ("缴费截止日期", "2026-04-02"),
        ];
        assert_eq!(act(&charged), Some("charge"));
        let sent = [("征求意见发出日期", "2026-03-09"), ("征求对象", "某公司")];
        assert_eq!(act(&sent), Some("consult"));
        let faulty: [&[(&str, &str)]; 8] = [
            &[("告知补正日期", "2026-03-05")],
            &[
                ("告知补正日期", "2026-03-05"),
                ("补正截止日期", "2026-03-01"),
            ],
            &[
                ("告知补正日期", "2026-02-05"),
                ("补正截止日期", "2026-03-26"),
            ],
            &[charged[0], charged[2], ("计收方式和数量", "按件3")],
            &[charged[0], charged[2], ("计收方式和数量", "十二")],
            &[("征求意见发出日期", "2026-03-09")],
            &[sent[0], sent[1], ("征求对象类别", "邻居")],
            &[asked[0], asked[1], sent[0], sent[1]],
        ];
        for more in faulty {
            assert_eq!(
                judged(more).unwrap_err().len(),
                1,
                "{more:?}: {:?}",
                judged(more)
            );
        }
        let early = [sent[0], sent[1], ("收到补正日期", "2026-03-12")];
        assert!(judged(&early).unwrap_err()[0].contains("先后"));
    }
}
