//! A new year's notice comes in.

use gongkai_basis::Role;
use gongkai_basis::calendar::WorkCalendar;

use super::{load, nav, routes};
use crate::testing::{self, Backend, Browser, Guard, MovableClock, backends};
use crate::web::{self, App};

/// A notice in the words of the real ones, for a year that the program does not come with.
const NOTICE: &str = "国务院办公厅关于2027年部分节假日安排的通知\n\
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n\
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。\n\
一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n\
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。\n\
三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n\
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。\n\
五、端午节：6月9日（周三）放假。\n\
六、中秋节：9月15日（周三）放假。\n\
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。\n\
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。\n";

struct World {
    app: App,
    browser: Browser,
    _guard: Guard,
}

async fn world(backend: &Backend) -> World {
    let clock = MovableClock::at("2026-11-12T09:00:00+08:00");
    let (db, guard) = testing::scratch(backend, clock.clock()).await;
    let top = testing::organ(&db, "安澜市人民政府", None).await;
    let system = testing::person(&db, "系统员", &[(Role::SystemAdmin, top)]).await;
    let app = testing::app(&db, &guard, nav());
    let mut browser = Browser::new(web::wrap(web::router(routes()), app.clone()));
    browser.sign_in(&db, system).await;
    World {
        app,
        browser,
        _guard: guard,
    }
}

fn works(calendar: &WorkCalendar, date: &str) -> Option<bool> {
    calendar.is_working_day(date.parse().unwrap()).ok()
}

const DESK: &str = "/workspace/admin/calendar";

#[tokio::test]
async fn a_pasted_notice_is_shown_first_and_counts_once_confirmed() {
    for backend in backends() {
        let mut world = world(&backend).await;
        let page = world.browser.get(DESK).await.page();
        assert!(
            page.contains("还没有2027年的放假安排")
                && page.contains("2026年")
                && page.contains("✓ 已核对")
        );
        let preview = format!("{DESK}/preview");
        let shown = world
            .browser
            .upload(&preview, &[("text", NOTICE)], ("file", "", b""))
            .await
            .page();
        assert!(
            shown.contains("核对2027年放假安排") && shown.contains("2027年10月9日（周六）"),
            "{shown}"
        );
        assert_eq!(
            works(&world.app.calendar(), "2027-10-09"),
            None,
            "looking changes nothing"
        );
        let confirm = format!("{DESK}/confirm");
        let unread = world
            .browser
            .post(&confirm, &[("text", NOTICE), ("how", "replace")])
            .await;
        assert!(unread.status == 422 && unread.text().contains("请与通知原文逐日核对"));
        let fields = [("text", NOTICE), ("how", "replace"), ("compared", "yes")];
        assert_eq!(
            world.browser.post(&confirm, &fields).await.redirected(),
            DESK
        );
        for calendar in [
            (*world.app.calendar()).clone(),
            load(&world.app.db).await.unwrap(),
        ] {
            assert_eq!(works(&calendar, "2027-10-09"), Some(true));
            assert_eq!(works(&calendar, "2027-10-07"), Some(false));
            assert_eq!(
                works(&calendar, "2026-10-10"),
                Some(true),
                "the years of the program stay"
            );
        }
        let page = world.browser.get(DESK).await.page();
        assert!(page.contains("2026年11月12日 09:00 导入") && !page.contains("还没有2027年"));
        let year = world.browser.get(&format!("{DESK}/2027")).await.page();
        assert!(year.contains("国庆节") && year.contains("2027年9月26日（周日）"));
        assert_eq!(world.browser.get(&format!("{DESK}/2031")).await.status, 404);
    }
}

#[tokio::test]
async fn an_amendment_changes_its_holiday_and_no_other() {
    for backend in backends() {
        let mut world = world(&backend).await;
        let confirm = format!("{DESK}/confirm");
        let amendment = "国务院办公厅关于调整2026年劳动节假期安排的通知\n\
            劳动节：2026年5月1日（周五）至3日（周日）放假，共3天。\n";
        let how = world
            .browser
            .upload(
                &format!("{DESK}/preview"),
                &[("text", amendment)],
                ("file", "", b""),
            )
            .await
            .page();
        assert!(
            how.contains("value=\"amend\" checked")
                && how.contains("通知没有列出元旦、春节、清明节、端午节、中秋节、国庆节"),
            "{how}"
        );
        // What an amendment does not name is missing from the year only if that is replaced whole.
        let missing = how.find("没有找到元旦的安排").unwrap();
        assert!(missing > how.find("如果整年替换").unwrap(), "{how}");
        // The days that change, and the year that results.
        let amended = how
            .split("如果只调整")
            .nth(1)
            .and_then(|rest| rest.split("如果整年替换").next())
            .unwrap();
        for said in [
            "<th scope=\"row\">2026年5月4日（周一）</th><td data-label=\"现在\">劳动节放假</td><td data-label=\"启用后\">工作日</td>",
            "<th scope=\"row\">2026年5月9日（周六）</th><td data-label=\"现在\">劳动节调休上班</td><td data-label=\"启用后\">周末</td>",
            "<th scope=\"row\">国庆节</th>",
        ] {
            assert!(amended.contains(said), "{said}: {amended}");
        }
        assert!(!amended.contains("2026年10月8日"), "{amended}");
        // Who forgot to tick finds the choice as it was made.
        let chosen = [("text", amendment), ("how", "replace")];
        let again = world.browser.post(&confirm, &chosen).await;
        assert!(
            again.status == 422 && again.text().contains("value=\"replace\" checked"),
            "{}",
            again.text()
        );
        assert_eq!(works(&world.app.calendar(), "2026-05-04"), Some(false));
        let fields = [("text", amendment), ("how", "amend"), ("compared", "yes")];
        world.browser.post(&confirm, &fields).await.redirected();
        let calendar = world.app.calendar();
        assert_eq!(works(&calendar, "2026-05-04"), Some(true));
        assert_eq!(
            works(&calendar, "2026-05-09"),
            Some(false),
            "its make-up day went with it"
        );
        assert_eq!(works(&calendar, "2026-10-10"), Some(true), "国庆节 stays");
    }
}

#[tokio::test]
async fn a_file_in_an_old_encoding_is_read_and_nonsense_refused() {
    let mut world = world(&backends()[0]).await;
    let preview = format!("{DESK}/preview");
    let (bytes, _, _) = encoding_rs::GB18030.encode(NOTICE);
    let shown = world
        .browser
        .upload(&preview, &[("text", " ")], ("file", "通知.txt", &bytes))
        .await
        .page();
    assert!(shown.contains("核对2027年放假安排"));
    for nonsense in ["", "今天天气好", "{\"year\": 2027}"] {
        let answer = world
            .browser
            .upload(&preview, &[("text", nonsense)], ("file", "", b""))
            .await;
        assert!(
            answer.status == 422 && answer.text().contains("日历没有改动"),
            "{nonsense}: {}",
            answer.text()
        );
    }
    let huge = "年".repeat(2 * 1024 * 1024);
    assert_eq!(
        world
            .browser
            .upload(&preview, &[("text", &huge)], ("file", "", b""))
            .await
            .status,
        413
    );
}

#[tokio::test]
async fn only_the_system_administrator_keeps_the_calendar() {
    let world = world(&backends()[0]).await;
    let top = testing::organ(&world.app.db, "清河县人民政府", None).await;
    for role in Role::ALL.iter().filter(|role| **role != Role::SystemAdmin) {
        let mut browser = world.browser.clone();
        let person = testing::person(&world.app.db, role.code(), &[(*role, top)]).await;
        browser.sign_in(&world.app.db, person).await;
        assert_eq!(browser.get(DESK).await.status, 403, "{}", role.name());
        let fields = [("text", NOTICE), ("how", "replace"), ("compared", "yes")];
        assert_eq!(
            browser
                .post(&format!("{DESK}/confirm"), &fields)
                .await
                .status,
            403
        );
    }
}
