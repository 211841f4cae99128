//! A done that is taken back buys no punctuality.

use gongkai_platform::testing::{Browser, backends};
use jiff::SignedDuration;

use crate::assignment::Duty;
use crate::testing::{World, assesses};

/// Reports on a part, on top of what was reported before.
async fn reports(browser: &mut Browser, form: &str, (outcome, text): (&str, &str)) {
    let page = browser.get(form).await.page();
    let before = page.split("name=\"based_on\" value=\"").nth(1).unwrap();
    let before = before.split('"').next().unwrap().to_owned();
    let pending = if outcome == "done" {
        ""
    } else {
        "继续公开"
    };
    let fields = [
        ("based_on", before.as_str()),
        ("outcome", outcome),
        ("done_text", text),
        ("pending_text", pending),
        ("no_evidence_why", "内部事项，没有可以公开的佐证"),
    ];
    browser
        .upload(form, &fields, ("file-1", "", b""))
        .await
        .redirected();
}

#[tokio::test]
async fn done_counts_from_the_day_since_which_it_stands() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut forms = Vec::new();
        for (n, due) in [(1, "2026-09-25"), (2, "2026-09-25")] {
            let text = format!("任务{n}");
            let task = world.task(n, &text, Some(due), &[(0, Duty::Lead)]).await;
            let part = world.assignment(task, 0).await.id;
            forms.push(format!("/workspace/assignments/{part}/report"));
        }
        let mut own = world.browser(world.liaisons[0]).await;
        for form in &forms {
            reports(&mut own, form, ("done", "已公开")).await;
        }
        // One stays done, and is corrected later; the other was not done at all.
        reports(&mut own, &forms[1], ("in_progress", "还缺一件")).await;
        world.clock.advance(SignedDuration::from_hours(24 * 30));
        let mut own = world.browser(world.liaisons[0]).await;
        for form in &forms {
            reports(&mut own, form, ("done", "已公开12件")).await;
        }
        let mut clerk = world.browser(world.clerk).await;
        let period = assesses(&mut clerk, "2026年考核", "2026-12-31").await;
        let unit = format!("{period}/units/{}", world.units[0]);
        let page = clerk.get(&unit).await.page();
        for words in ["1 / 2 件", "“任务2”：应于2026年9月25日前完成"] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!page.contains("“任务1”：应于"), "{page}");
    }
}
