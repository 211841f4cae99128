use super::*;
use crate::calendar::{CalendarError, Day, WorkCalendar, WorkingDays};

/// A notice in the shape of the real ones; `{}` takes the list of holidays.
fn notice(year: i16, items: &str) -> String {
    format!(
        "国务院办公厅关于{year}年部分节假日安排的通知\n国办发明电〔{}〕1号\n各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n　　\
         经国务院批准，现将{year}年元旦、春节等节假日放假安排通知如下。\n{items}\n　　\
         节假日期间，各地区、各部门要妥善安排好值班，遇有重大情况，10月1日前按规定报告。\n国务院办公厅\n{}年11月4日",
        year - 1,
        year - 1
    )
}

const YEAR_2027: &str = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。
　　二、春节：2月5日（农历腊月二十九、周五）至11日（农历正月初六、周四）放假调休，共7天。2月14日（周日）上班。
　　三、清明节：4月3日（周六）至5日（周一）放假，共3天。
　　四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
　　五、端午节：6月9日（周三）放假1天，不调休。
　　六、中秋节：9月15日（周三）放假，共1天。
　　七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。";

fn kinds(problems: &[Problem]) -> Vec<ProblemKind> {
    problems.iter().map(|problem| problem.kind).collect()
}

fn shown(year: &YearNotice) -> String {
    let line = |holiday: &Holiday| {
        let make_up: String = holiday
            .make_up()
            .iter()
            .map(|day| format!(" +{day}"))
            .collect();
        format!(
            "{} {}..{}{make_up}",
            holiday.name(),
            holiday.first(),
            holiday.last()
        )
    };
    year.holidays()
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn listed(problems: &[Problem]) -> String {
    let line = |p: &Problem| format!("{:?}: {} [{}]", p.kind, p.message, p.quote);
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn reads_a_new_year() {
    let (year, problems) = read_notice(&notice(2027, YEAR_2027)).unwrap();
    assert!(!year.is_verified());
    assert_eq!(year.year(), 2027);
    assert_eq!(
        year.notices()[0].title,
        "国务院办公厅关于2027年部分节假日安排的通知"
    );
    insta::assert_snapshot!("new_year", shown(&year));
    assert_eq!(listed(&problems), "");

    let old = WorkCalendar::builtin();
    let new = old.with(year);
    let due = |calendar: &WorkCalendar| {
        calendar.after("2026-12-30".parse().unwrap(), WorkingDays::new(5).unwrap())
    };
    assert_eq!(due(&old), Err(CalendarError::YearNotPublished(2027)));
    assert_eq!(due(&new), Ok("2027-01-07".parse().unwrap()));
    assert_eq!(
        new.day("2027-10-09".parse().unwrap()),
        Ok(Day::MakeUp("国庆节"))
    );
    assert_eq!(
        new.notes("2026-12-30".parse().unwrap(), "2027-01-07".parse().unwrap())
            .len(),
        1
    );
}

/// Prints a year the way its notice does.
fn printed(year: &YearNotice) -> String {
    let weekday = |day: Date| {
        ["一", "二", "三", "四", "五", "六", "日"]
            [usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()]
    };
    let day = |day: Date, full: bool| {
        let head = if full {
            format!("{}年", day.year())
        } else {
            String::new()
        };
        format!(
            "{head}{}月{}日（星期{}）",
            day.month(),
            day.day(),
            weekday(day)
        )
    };
    let mut items = String::new();
    for (index, holiday) in year.holidays().iter().enumerate() {
        let number = crate::han::numeral(u64::try_from(index).unwrap() + 1);
        let full = holiday.first().year() != year.year();
        let span = if holiday.first() == holiday.last() {
            day(holiday.first(), full)
        } else if holiday.first().month() == holiday.last().month() {
            format!("{}至{}日", day(holiday.first(), full), holiday.last().day())
        } else {
            format!(
                "{}至{}",
                day(holiday.first(), full),
                day(holiday.last(), full)
            )
        };
        items += &format!(
            "{number}、{}：{span}放假调休，共{}天。",
            holiday.name(),
            holiday.days().count()
        );
        if !holiday.make_up().is_empty() {
            let days: Vec<String> = holiday.make_up().iter().map(|d| day(*d, full)).collect();
            items += &format!("{}上班。", days.join("、"));
        }
        items.push('\n');
    }
    notice(year.year(), &items)
}

#[test]
fn reads_back_every_built_in_year() {
    for year in WorkCalendar::builtin().notices() {
        let (read, problems) = read_notice(&printed(year)).unwrap();
        assert_eq!(shown(&read), shown(year));
        // 2015 had a day off of its own, 2020 a lengthened 春节: the law's balance notices both.
        let expected: &[ProblemKind] = match year.year() {
            2015 | 2020 => &[ProblemKind::DaysOffBalance],
            _ => &[],
        };
        assert_eq!(
            kinds(&problems),
            expected,
            "{}: {}",
            year.year(),
            listed(&problems)
        );
        let (again, _) = read_notice(&year.to_json()).unwrap();
        assert_eq!(&again, year);
    }
}

#[test]
fn reads_the_wordings_of_other_years() {
    let items = "\
        1.“元旦”：2022年12月31日至2023年1月2日放假调休，共3天。\n\
        (二) 春节：1 月 21 日至 27 日放假调休，共 7 天。1月28日（星期六）、1月29日（星期天）上班。\n\
        三、清明：4月5日放假，4月6日（星期四）补休。鼓励4月7日放假。\n\
        四、“五一”国际劳动节：4月29日到5月3日公休，共5天；4月23日、5月6日照常上班。\n\
        五、端午节：6月22日放假，与周末连休，共4天。6月25日（星期日）上班。\n\
        六、中秋节、国庆节：9月29日至10月6日放假调休。鼓励各单位结合带薪年休假，安排职工在中秋前（9月28日）休息。10月7日、8日上班。";
    let (year, problems) = read_notice(&notice(2023, items)).unwrap();
    insta::assert_snapshot!(
        "other_wordings",
        format!("{}\n\n{}", shown(&year), listed(&problems))
    );
}

#[test]
fn names_every_doubt() {
    let items = "\
        一、元旦：1月2日（周五）放假，共2天。1月4日（周日）、1月5日上班。\n\
        二、春节：2月30日至3月2日放假。2月9日至1日放假。2月9日至31日（周日）放假。\n\
        四、劳动节：5月1日至5日放假调休，共6天。5月3日（周日）、5月9日、5月9日（周六）上班。另有5月10日。\n\
        五、端午节：5月5日至6月19日放假。5月5日放假。\n\
        六、教师节：9月10日（周五）放假。";
    let (year, problems) = read_notice(&notice(2026, items)).unwrap();
    insta::assert_snapshot!(
        "doubts",
        format!("{}\n\n{}", shown(&year), listed(&problems))
    );
}

#[test]
fn applies_an_amending_notice() {
    let text = "国务院办公厅关于调整2019年劳动节假期安排的通知\n劳动节：2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。";
    let (amendment, problems) = read_notice(text).unwrap();
    assert!(kinds(&problems).contains(&ProblemKind::MissingHoliday));
    let builtin = WorkCalendar::builtin();
    let stored = builtin
        .notices()
        .find(|notice| notice.year() == 2019)
        .unwrap()
        .clone();
    let first = Holiday::new(
        "劳动节",
        "2019-05-01".parse().unwrap(),
        "2019-05-01".parse().unwrap(),
        vec![],
    );
    let others = stored
        .holidays()
        .iter()
        .filter(|h| h.name() != "劳动节")
        .cloned();
    let original = YearNotice::new(2019, vec![], others.chain([first]).collect()).unwrap();
    let amended = original.clone().amended_by(amendment.clone()).unwrap();
    assert_eq!(shown(&amended), shown(&stored));
    assert_eq!(
        amended.notices()[0].title,
        "国务院办公厅关于调整2019年劳动节假期安排的通知"
    );
    assert!(
        !original
            .verified()
            .amended_by(amendment.clone())
            .unwrap()
            .is_verified()
    );
    let other = builtin
        .notices()
        .find(|notice| notice.year() == 2020)
        .unwrap()
        .clone();
    assert!(matches!(
        other.amended_by(amendment),
        Err(NoticeError::OutsideYear { .. })
    ));
}

/// In 2025 国庆节 and 中秋节 were one block; the amendment names one of both.
#[test]
fn an_amendment_replaces_a_joint_block() {
    let builtin = WorkCalendar::builtin();
    let joint = builtin
        .notices()
        .find(|notice| notice.year() == 2025)
        .unwrap()
        .clone();
    let (amendment, _) = read_notice(
        "国务院办公厅关于调整2025年国庆节假期安排的通知\n\
         国庆节：2025年10月1日（周三）至7日（周二）放假，共7天。",
    )
    .unwrap();
    let left: Vec<&str> = joint
        .untouched_by(&amendment)
        .into_iter()
        .map(Holiday::name)
        .collect();
    assert_eq!(left, ["元旦", "春节", "清明节", "劳动节", "端午节"]);
    let calendar = builtin.with(joint.clone().amended_by(amendment).unwrap());
    let works = |date: &str| calendar.is_working_day(date.parse().unwrap()).unwrap();
    assert!(
        works("2025-10-08"),
        "what was taken out of the block is worked"
    );
    assert!(!works("2025-10-07") && !works("2025-10-11"));
    // A block of another name that reaches into it replaces it, too.
    let day = |date: &str| date.parse().unwrap();
    let block = Holiday::new(
        "抗日战争胜利纪念日",
        day("2025-10-08"),
        day("2025-10-09"),
        vec![],
    );
    let moved = YearNotice::new(2025, vec![], vec![block]).unwrap();
    let calendar = builtin.with(joint.amended_by(moved).unwrap());
    assert!(
        calendar
            .is_working_day("2025-10-06".parse().unwrap())
            .unwrap()
    );
}

#[test]
fn refuses_what_is_no_notice() {
    let outside =
        r#"{"year":2027,"holidays":[{"name":"元旦","first":"2028-01-01","last":"2028-01-01"}]}"#;
    let backwards =
        r#"{"year":2027,"holidays":[{"name":"元旦","first":"2027-01-02","last":"2027-01-01"}]}"#;
    let endless =
        r#"{"year":2027,"holidays":[{"name":"元旦","first":"2027-01-01","last":"9999-12-31"}]}"#;
    let sentences = [
        "",
        "今天天气很好。",
        "关于2027年工作的通知",
        "{}",
        r#"{"year":2027,"holidays":[]}"#,
        r#"{"year":2027,"holidays":[],"off":[]}"#,
        outside,
        backwards,
        endless,
    ]
    .map(|source| read_notice(source).unwrap_err().sentence());
    insta::assert_snapshot!("refusals", sentences.join("\n"));
    let long = "放".repeat(NOTICE_BYTES_MAX / 3 + 1);
    assert_eq!(read_notice(&long), Err(NoticeError::TooMuch));
    let holiday = |n: usize| {
        let items = "元旦：1月1日放假。".repeat(n);
        read_notice(&format!("2027年部分节假日{items}")).map(|_| ())
    };
    assert_eq!(holiday(crate::calendar::notice::HOLIDAYS_MAX), Ok(()));
    assert_eq!(
        holiday(crate::calendar::notice::HOLIDAYS_MAX + 1),
        Err(NoticeError::TooMuch)
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "[0-9月日年至、，。：（）()放假上班共天周一星期元旦春节国庆鼓励 ]{0,80}") {
        let _ = read_notice(&format!("2027年部分节假日{text}"));
        let _ = read_notice(&notice(2027, &format!("一、元旦：{text}")));
    }
}
