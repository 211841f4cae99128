use std::collections::BTreeMap;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Clock, ClockEvent, limits};
use gongkai_basis::id::OrganId;
use uuid::Uuid;

use super::judge::{Taken, judge};
use super::{date, heads, read, twice};
use crate::request::ApplicantKind;

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
    let events = taken.events(received, Uuid::from_u128(9), Uuid::from_u128(8));
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
    // A table without the types of its applicants is refused as a whole, not line by line.
    let without: Vec<&str> = heads()
        .into_iter()
        .filter(|it| *it != "申请人类型")
        .collect();
    let refused = read(&[vec![line(1, &without)]]).unwrap_err();
    assert!(refused.contains("申请人类型"), "{refused}");
    assert_eq!(date("2026-13-01"), None);
    assert_eq!(date("2026.3.2 10:00"), date("2026-03-02"));
}

fn judged(more: &[(&str, &str)]) -> Result<Taken, Vec<String>> {
    let calendar = WorkCalendar::builtin();
    let basic = [
        ("原编号", "旧009"),
        ("受理机关", "市司法局"),
        ("申请人", "甲"),
        ("申请内容", "清单"),
        ("渠道", "当面"),
        ("收到日期", "2026-03-02"),
        ("申请人类型", "自然人"),
    ];
    let cell = |head: &str| {
        let mut given = more.iter().chain(&basic);
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
fn where_to_reach_the_applicant_and_who_has_it_in_hand_are_taken_over() {
    let taken = judged(&[
        ("通信地址", "安澜市测试路1号"),
        ("电子邮箱", "a@example.invalid"),
        ("经办人", "经办"),
    ])
    .unwrap();
    assert_eq!(taken.form.applicant.address, "安澜市测试路1号");
    assert_eq!(taken.form.applicant.email, "a@example.invalid");
    assert_eq!((taken.handler.as_str(), taken.line), ("经办", 2));
    let faults = judged(&[("电子邮箱", "没有")]).unwrap_err();
    assert!(faults[0].contains("电子邮箱写得不完整"), "{faults:?}");
}

#[test]
fn nobody_becomes_a_natural_person_by_a_blank() {
    let kind = |name| judged(&[("申请人类型", name)]);
    assert_eq!(
        kind("公民").unwrap().form.applicant.kind,
        ApplicantKind::Natural
    );
    assert_eq!(
        kind("商业企业").unwrap().form.applicant.kind,
        ApplicantKind::Business
    );
    let faults = kind("").unwrap_err();
    assert!(faults[0].contains("没有申请人类型"), "{faults:?}");
    assert_eq!(faults.len(), 1);
}

#[test]
fn what_a_case_waits_for_is_read_with_its_dates() {
    let act = |more: &[(&str, &str)]| judged(more).unwrap().wait.map(|one| one.step.act().code());
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
    let early = [
        asked[0],
        asked[1],
        sent[0],
        ("征求意见结束日期", "2026-03-12"),
    ];
    assert!(judged(&early).unwrap_err()[0].contains("先后"));
}

#[test]
fn an_opinion_asked_for_before_a_later_supplement_goes_on_pausing_the_new_count() {
    let taken = judged(&[
        ("征求意见发出日期", "2026-03-05"),
        ("征求对象", "某公司"),
        ("收到补正日期", "2026-03-12"),
    ])
    .unwrap();
    assert_eq!(taken.wait.as_ref().unwrap().step.act().code(), "consult");
    let (received, calendar) = (date("2026-03-02").unwrap(), WorkCalendar::builtin());
    let started = ClockEvent::Started {
        on: received,
        terms: limits::REPLY,
    };
    let open = Uuid::from_u128(2);
    let mut events = vec![started];
    events.extend(taken.events(received, Uuid::from_u128(1), open));
    let clock = Clock::replay(&events, &calendar).unwrap();
    assert_eq!(clock.base(), date("2026-03-12").unwrap());
    let paused: Vec<_> = clock.open_pauses().collect();
    assert_eq!(paused, [(open, date("2026-03-05").unwrap())]);
    // Answered on 03-16, two days of the new count were not counted: 20 working days from 03-16.
    events.push(ClockEvent::Resumed {
        pause: open,
        on: date("2026-03-16").unwrap(),
    });
    let due = Clock::replay(&events, &calendar).unwrap().due(&calendar);
    let without = calendar
        .after(
            "2026-03-16".parse().unwrap(),
            gongkai_basis::calendar::WorkingDays::new(20).unwrap(),
        )
        .unwrap();
    assert_eq!(due.unwrap(), gongkai_basis::clock::Due::On(without));
}
