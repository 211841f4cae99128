//! Every type of page: nothing is wider than the window from 320 px, and axe-core finds nothing, in every mode.

mod deep;

use gongkai_journeys::{Page, browser_here};

/// Who looks, and at what. `{plan}` and `{task}` stand for ones of the demo.
const PAGES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "/",
            "/plans",
            "/login",
            "/no-such-page",
            "/search",
            "/search?q=安澜",
            "/search?q=没有这样的文件名",
            "/documents",
            "/catalogue",
            "/guide",
            "/columns",
            "/documents/years",
            "/gazette",
            "/reports",
            "/requests/new",
            "/requests/new?guided=1",
            "/requests/form",
            "/requests/progress",
            "/requests/key",
        ],
    ),
    (
        "clerk",
        &[
            "/workspace",
            "/workspace/dashboard",
            "/workspace/dashboard/trend",
            "/workspace/brief",
            "/workspace/calendar",
            "/workspace/gantt",
            "/workspace/ledger",
            "/workspace/plans",
            "/workspace/import",
            "/workspace/changes",
            "/workspace/findings",
            "/workspace/findings/new",
            "/workspace/inbox",
            "/workspace/rounds",
            "/workspace/supervision",
            "/workspace/levels",
            "/workspace/practices?side=office",
            "/workspace/bulletins",
            "/workspace/bulletins/new?kind=criticism",
            "/workspace/scores",
            "/workspace/scores/scheme",
            "/workspace/organs",
            "/workspace/organisation",
            "/workspace/organisation/group",
            "/workspace/organisation/activities",
            "/workspace/organisation/activities/new?kind=meeting",
            "/workspace/organisation/staff",
            "/workspace/organisation/staff/import",
            "/workspace/account",
            "/workspace/check",
            "/workspace/columns",
            "/workspace/files",
            "/workspace/gazette",
            "/workspace/catalogue",
            "/workspace/catalogue/new",
            "/workspace/catalogue/import",
            "/workspace/catalogue/matrix",
            "/workspace/catalogue/units",
            "/workspace/guides",
            "/workspace/find?q=公开",
            "/workspace/search",
            "/workspace/reports",
        ],
    ),
    ("head", &["/workspace", "/workspace/changes"]),
    (
        "liaison",
        &[
            "/workspace",
            "/workspace/due",
            "/workspace/calendar",
            "/workspace/gantt",
            "/workspace/organisation",
            "/workspace/organisation/activities/new?kind=training",
            "/workspace/tasks",
            "/workspace/reviews",
            "/workspace/sheets",
            "/workspace/rounds/own",
            "/workspace/findings/own",
            "/workspace/supervision/own",
            "/workspace/practices",
            "/workspace/practices/new",
            "/workspace/bulletins/own",
            "/workspace/scores/own",
        ],
    ),
    (
        "leader",
        &["/workspace", "/workspace/ledger", "/workspace/brief"],
    ),
    (
        "sysadmin",
        &[
            "/workspace",
            "/workspace/admin/jobs",
            "/workspace/admin/calendar",
            "/workspace/admin/sites",
            "/workspace/admin/sites/new",
        ],
    ),
    (
        "secadmin",
        &[
            "/workspace",
            "/workspace/admin/accounts",
            "/workspace/admin/accounts/new",
        ],
    ),
    ("auditadmin", &["/workspace/admin/audit"]),
    (
        "author",
        &[
            "/workspace/documents",
            "/workspace/documents/new",
            "/workspace/documents/cleanup",
            "/workspace/documents/findings",
            "/workspace/documents/openness",
            "/workspace/documents/ways",
        ],
    ),
    (
        "officer",
        &[
            "/workspace/requests",
            "/workspace/requests/new",
            "/workspace/requests/fee",
            "/workspace/requests/import",
            "/workspace/requests/letters",
            "/workspace/requests/letters/decide",
            "/workspace/requests/letters/templates",
            "/workspace/requests/reviews",
            "/workspace/requests/reviews/new",
            "/workspace/requests/suggestions",
            "/workspace/requests/publications",
            "/workspace/requests/publications?view=kept",
            "/workspace/requests/offers",
        ],
    ),
];

/// Pages about one thing: who looks, the list that leads there, and the link to follow.
const DEEPER: &[(&str, &str, &str)] = &[
    (
        "clerk",
        "/workspace/ledger",
        "main tbody a[href^='/workspace/tasks/']",
    ),
    ("clerk", "/workspace/ledger", "main a[href$='/export']"),
    (
        "clerk",
        "/workspace/organs",
        "main a[href^='/workspace/organs/']",
    ),
    ("liaison", "/workspace/tasks", "main a[href$='/report']"),
    (
        "liaison",
        "/workspace/tasks",
        "main tbody a[href^='/workspace/tasks/']",
    ),
    ("secadmin", "/workspace/admin/accounts", "main tbody a"),
    (
        "sysadmin",
        "/workspace/admin/sites",
        "main tbody a[href^='/workspace/admin/sites/']",
    ),
    ("clerk", "/plans", "main a[href^='/plans/']"),
    ("clerk", "/documents", "main a[href^='/documents/']"),
    (
        "clerk",
        "/gazette",
        "main a[href^='/gazette/']:not([href$='.xml'])",
    ),
    (
        "clerk",
        "/workspace/gazette",
        "main tbody a[href^='/workspace/gazette/']",
    ),
    (
        "clerk",
        "/workspace/columns",
        "main tbody a[href^='/workspace/columns/']",
    ),
    ("clerk", "/reports", "main a[href^='/reports/']"),
    ("clerk", "/catalogue", "main a[href^='/catalogue/']"),
    (
        "clerk",
        "/workspace/guides",
        "main a[href^='/workspace/guides/']",
    ),
    (
        "clerk",
        "/workspace/catalogue",
        "main tbody a[href^='/workspace/catalogue/entries/']",
    ),
    (
        "clerk",
        "/workspace/reports",
        "main a[href^='/workspace/reports/']",
    ),
    (
        "author",
        "/workspace/documents",
        "main tbody a[href^='/workspace/documents/']",
    ),
    (
        "officer",
        "/workspace/requests",
        "main tbody a[href^='/workspace/requests/']",
    ),
    (
        "clerk",
        "/workspace/requests/suggestions",
        "main tbody a[href^='/workspace/requests/suggestions/']",
    ),
    (
        "officer",
        "/workspace/requests/publications",
        "main tbody a[href$='/publication']",
    ),
    (
        "officer",
        "/workspace/requests/letters",
        "main tbody a[href^='/workspace/requests/letters/']",
    ),
    (
        "officer",
        "/workspace/requests/letters/templates",
        "main tbody a[href^='/workspace/requests/letters/templates/']",
    ),
];

/// What is wrong with the page that is open, each with where it is.
async fn faults_of(page: &Page, place: &str) -> Vec<String> {
    let too_wide = page.overflow().await;
    let mut faults: Vec<String> = too_wide
        .map(|pixels| format!("{place}: {pixels}px too wide"))
        .into_iter()
        .collect();
    let violations = page.accessibility_violations().await;
    faults.extend(violations.iter().map(|found| format!("{place}: {found}")));
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_desk_and_has_no_accessibility_violations() {
    every_page_fits(1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_phone_and_has_no_accessibility_violations() {
    every_page_fits(320).await;
}

async fn every_page_fits(width: u32) {
    if !browser_here() {
        return;
    }
    for (who, ..) in DEEPER {
        assert!(PAGES.iter().any(|(login, _)| login == who), "{who}");
    }
    let world = crate::filled::world().await;
    let mut faults = Vec::new();
    for (login, paths) in PAGES {
        let account = if login.is_empty() {
            None
        } else {
            Some(world.account(login).await)
        };
        let page = Page::open(&world, account, width).await;
        for path in *paths {
            page.goto(path).await;
            let place = format!("{path} as {login} at {width}");
            faults.extend(faults_of(&page, &place).await);
        }
        for (_, list, link) in DEEPER.iter().filter(|(who, ..)| who == login) {
            page.goto(list).await;
            let path = page.link(link).await;
            page.goto(&path).await;
            let place = format!("{path} as {login} at {width}");
            faults.extend(faults_of(&page, &place).await);
        }
        page.close().await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mode_of_reading_has_accessibility_violations() {
    if !browser_here() {
        return;
    }
    let world = crate::filled::world().await;
    let mut faults = Vec::new();
    let page = Page::open(&world, Some(world.account("clerk").await), 1280).await;
    for mode in ["elder", "contrast", "dark"] {
        page.goto(&format!("/mode/{mode}?next=/workspace/ledger"))
            .await;
        for path in ["/workspace/ledger", "/plans"] {
            page.goto(path).await;
            for violation in page.accessibility_violations().await {
                faults.push(format!("{path} in mode {mode}: {violation}"));
            }
        }
    }
    page.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
