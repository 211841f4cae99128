//! What a line of the table says: a case with what the older system did to its clock, or every reason against it. Pure.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Clock, ClockEvent, limits};
use gongkai_basis::id::OrganId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::wait::{self, Wait};
use super::{Row, UNKNOWN, date, filled};
use crate::id::FormToken;
use crate::request::receipt::{Days, Receipt};
use crate::request::state::Act;
use crate::request::step::{EXTENSION_WORKING_DAYS_MAX, Step};
use crate::request::submit::Form;
use crate::request::{Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish};

/// A case to take over: the form, and what the old system had done to its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub form: Form,
    pub before: Before,
    /// What it waits for now.
    pub wait: Option<Wait>,
    /// The name of who has it in hand; empty where nobody has.
    pub handler: String,
    /// Its line of the table.
    pub line: usize,
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

impl Taken {
    /// What happened to the clock after the receipt, in order; an open opinion pauses it from its day on.
    pub(super) fn events(&self, received: Date, pause: Uuid, open: Uuid) -> Vec<ClockEvent> {
        let before = &self.before;
        let mut dated: Vec<(Date, ClockEvent)> = Vec::new();
        if before.extended > 0 {
            let by = before.extended;
            dated.push((received, ClockEvent::Extended { on: received, by }));
        }
        if let Some((sent, on)) = before.asked {
            dated.push((sent, ClockEvent::Paused { pause, sent }));
            dated.push((on, ClockEvent::Resumed { pause, on }));
        }
        if let Some(sent) = self.asking() {
            let event = ClockEvent::Paused { pause: open, sent };
            dated.push((sent, event));
        }
        let restarts = before.restarted.iter();
        dated.extend(restarts.map(|(_, on)| (*on, ClockEvent::Restarted { on: *on })));
        dated.sort_by_key(|(on, _)| *on);
        dated.into_iter().map(|(_, event)| event).collect()
    }

    /// Since when somebody's opinion is waited for.
    fn asking(&self) -> Option<Date> {
        let wait = self.wait.as_ref()?;
        matches!(wait.step, Step::Consult { .. }).then_some(wait.on)
    }

    /// Why no clock can have run so; nothing of it is guessed.
    fn clock_fault(&self, received: Date, calendar: &WorkCalendar) -> Option<String> {
        let (pause, open) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let waits = self.wait.as_ref().filter(|_| self.asking().is_none());
        if let Some(wait) = waits {
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
        let events: Vec<ClockEvent> = std::iter::once(started)
            .chain(self.events(received, pause, open))
            .chain(waits.map(|wait| ClockEvent::Waiting { since: wait.on }))
            .collect();
        Clock::replay(&events, calendar)
            .err()
            .map(|fault| fault.error.sentence())
    }
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
    let applicant_kind = applicant_kind(kind);
    if applicant_kind.is_none() {
        let known: Vec<&str> = ApplicantKind::ALL.iter().map(|one| one.name()).collect();
        let known = known.join("、");
        faults.push(if kind.is_empty() {
            format!("没有申请人类型，请写{known}：年度报告按它分列。")
        } else {
            format!("申请人类型“{kind}”不认识，请写{known}。")
        });
    }
    let received_on = date(received);
    if received_on.is_none() {
        faults.push(format!("收到日期“{received}”不是日期。"));
    }
    let before = before(row, (received_on, today), &mut faults);
    let wait = wait::read(row, (received_on, today), &mut faults);
    let told = (found, channel_read, applicant_kind, received_on);
    let (Some(organ), Some(channel), Some(applicant_kind), Some(received_on)) = told else {
        return Err(faults);
    };
    let form = form(row, (organ, channel, applicant_kind), received_on);
    if number.is_empty() {
        faults.push("没有原编号。".to_owned());
    }
    faults.extend(
        form.why_not(today)
            .into_iter()
            .map(|(_, sentence)| sentence),
    );
    let taken = Taken {
        form,
        before,
        wait,
        handler: filled(row, "经办人").to_owned(),
        line: row.line,
    };
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

/// The form that a row fills in: what the older system did not keep says so.
fn form(
    row: &Row,
    (organ, channel, applicant_kind): (OrganId, Channel, ApplicantKind),
    received_on: Date,
) -> Form {
    let [number, _, name, subject, _, _, _, paper, phone, ..] = &row.cells;
    let unknown = |text: &str| {
        if text.is_empty() {
            UNKNOWN.to_owned()
        } else {
            text.to_owned()
        }
    };
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
            workplace: String::new(),
            phone: unknown(phone),
            fax: String::new(),
            email: filled(row, "电子邮箱").to_owned(),
            address: filled(row, "通信地址").to_owned(),
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
                arrived_on: None,
                confirmed_on: None,
            },
            set: Some((received_on, format!("由原系统导入，原编号{number}"))),
        },
        other_number: number.clone(),
        late_why: String::new(),
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
