//! Every type of page: nothing is wider than the window from 320 px, and axe-core finds nothing, in every mode.

mod deep;

use std::collections::{BTreeMap, BTreeSet};

use gongkai_journeys::{Page, browser_here};

use crate::crawl::walk;

/// Pages that no link leads to, or that look different when they are asked something: who looks, and where.
const ALSO: &[(&str, &str)] = &[
    ("", "/no-such-page"),
    ("", "/login"),
    ("", "/search?q=安澜"),
    ("", "/search?q=没有这样的文件名"),
    ("", "/requests/new?guided=1"),
    ("clerk", "/workspace/ledger"),
    ("clerk", "/workspace/bulletins/new?kind=criticism"),
    ("clerk", "/workspace/practices?side=office"),
    (
        "clerk",
        "/workspace/organisation/activities/new?kind=meeting",
    ),
    ("clerk", "/workspace/find?q=公开"),
    ("head", "/workspace"),
    ("liaison", "/workspace"),
    (
        "liaison",
        "/workspace/organisation/activities/new?kind=training",
    ),
    ("leader", "/workspace"),
    ("sysadmin", "/workspace"),
    ("officer", "/workspace/requests/publications?view=kept"),
];

/// From a desk to the narrowest phone.
const WIDTHS: [u32; 2] = [1280, 320];
const OFFICE: &str = "clerk";

/// What is wrong with the page that is open at a desk and on a phone, each with where it is.
async fn faults_of(page: &Page, place: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for width in WIDTHS {
        page.resize(width).await;
        if let Some(pixels) = page.overflow().await {
            faults.push(format!("{place} at {width}: {pixels}px too wide"));
        }
        let violations = page.accessibility_violations().await;
        faults.extend(
            violations
                .iter()
                .map(|found| format!("{place} at {width}: {found}")),
        );
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_office_fits_and_has_no_accessibility_violations() {
    every_page_fits(|login| login == OFFICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_all_others_fits_and_has_no_accessibility_violations() {
    every_page_fits(|login| login != OFFICE).await;
}

/// One page of each kind that anybody is led to, by those among whom `of` is true.
async fn every_page_fits(of: impl Fn(&str) -> bool) {
    if !browser_here() {
        return;
    }
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let found = walk().await.pages.values();
    for (login, path) in found
        .map(|(login, path)| (*login, path.as_str()))
        .chain(ALSO.iter().copied())
    {
        seen.entry(login).or_default().insert(path);
    }
    let world = crate::filled::world().await;
    let mut faults = Vec::new();
    for (login, paths) in seen.iter().filter(|(login, _)| of(login)) {
        let account = if login.is_empty() {
            None
        } else {
            Some(world.account(login).await)
        };
        let page = Page::open(&world, account, WIDTHS[0]).await;
        for path in paths {
            page.goto(path).await;
            faults.extend(faults_of(&page, &format!("{path} as {login}")).await);
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
