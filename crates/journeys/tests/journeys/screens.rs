//! Every type of page: nothing is wider than the window from 320 px, and axe-core finds nothing, in every mode. The pages
//! that hold most are looked at on the widest screen, too: their lines stay short enough to read.

mod charts;
mod deep;

use std::collections::{BTreeMap, BTreeSet};

use gongkai_journeys::{Page, browser_here};

use crate::crawl::{route_of, walk};

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
/// The widest screen that offices have.
const WIDE: u32 = 1920;
/// The pages that hold most, by their routes: those of the office, and what the public reads.
const DENSE_OF_OFFICE: [&str; 4] = [
    "/workspace/catalogue/matrix",
    "/workspace/dashboard",
    "/workspace/ledger",
    "/workspace/tasks/{id}",
];
const DENSE_OF_OTHERS: [&str; 3] = ["/", "/documents/{id}", "/search"];
/// What runs wider than the design has it: the workspace 1600 px, the portal 62 characters, a document's text 40. The box
/// of a line is measured; half a pixel is rounding.
const TOO_WIDE: &str = "
    const size = (box) => parseFloat(getComputedStyle(box).fontSize);
    const found = [];
    const look = (box, most) => {
        const width = box.getBoundingClientRect().width;
        const words = box.textContent.trim().slice(0, 20);
        if (width > most + 0.5) found.push(`${box.localName} is ${width}px wide, not ${most}px: ${words}`);
    };
    const main = document.querySelector('main');
    look(main, document.body.classList.contains('portal') ? 62 * size(main) : 1600);
    for (const box of document.querySelectorAll('.document-text :is(p, li)')) look(box, 40 * size(box));
    return found;";

/// What is wrong with the page that is open on the widest screen. It is small work: the page is only laid out anew.
async fn wide_faults_of(page: &Page, place: &str) -> Vec<String> {
    page.resize(WIDE).await;
    let pixels = page.overflow().await;
    let mut faults: Vec<String> = pixels
        .map(|pixels| format!("{place} at {WIDE}: {pixels}px too wide"))
        .into_iter()
        .collect();
    let found = page.driver.execute(TOO_WIDE, Vec::new()).await.unwrap();
    let lines = found.json().as_array().unwrap();
    faults.extend(
        lines
            .iter()
            .map(|line| format!("{place} at {WIDE}: {}", line.as_str().unwrap())),
    );
    faults
}

/// The widths at which header, menu and foot of a login were looked at, with what draws them. They are the same on each of
/// its pages, and hold more links than most of them.
type Frames = BTreeSet<(u32, String)>;

/// Opens a page and gives what is wrong with it at a desk and on a phone, each with where it is.
async fn faults_of(page: &Page, (path, place): (&str, &str), frames: &mut Frames) -> Vec<String> {
    page.goto(path).await;
    let here = page.driver.current_url().await.unwrap();
    let asked = path.starts_with("/login") || here.path() != "/login";
    assert!(asked, "nobody is signed in for {place}");
    let frame = page.frame().await;
    let mut faults = Vec::new();
    for width in WIDTHS {
        page.resize(width).await;
        if let Some(pixels) = page.overflow().await {
            faults.push(format!("{place} at {width}: {pixels}px too wide"));
        }
        let violations = if frames.insert((width, frame.clone())) {
            page.accessibility_violations().await
        } else {
            page.violations_inside_frame().await
        };
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
    every_page_fits(|login| login == OFFICE, &DENSE_OF_OFFICE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_all_others_fits_and_has_no_accessibility_violations() {
    every_page_fits(|login| login != OFFICE, &DENSE_OF_OTHERS).await;
}

/// One page of each kind that anybody is led to, by those among whom `of` is true; the `dense` ones on a wide screen, too.
async fn every_page_fits(of: impl Fn(&str) -> bool, dense: &[&str]) {
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
    let page = Page::open(&world, None, WIDTHS[0]).await;
    let (mut faults, mut wide) = (Vec::new(), BTreeSet::new());
    for (login, paths) in seen.iter().filter(|(login, _)| of(login)) {
        let account = if login.is_empty() {
            None
        } else {
            Some(world.account(login).await)
        };
        page.becomes(&world, account).await;
        let mut frames = Frames::new();
        for path in paths {
            let place = format!("{path} as {login}");
            faults.extend(faults_of(&page, (path, &place), &mut frames).await);
            let route = route_of(path).filter(|route| dense.contains(route));
            if route.is_some_and(|route| wide.insert(route)) {
                faults.extend(wide_faults_of(&page, &place).await);
            }
        }
    }
    page.close().await;
    assert_eq!(wide.len(), dense.len(), "of {dense:?} only {wide:?}");
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

/// The address of the city's annual report in the list.
const CITYS_REPORT: &str = "const links = [...document.querySelectorAll('td a')]; \
    return links.find(a => a.textContent.trim() === '安澜市人民政府').getAttribute('href');";
/// How many marks the numbers of a report have, and how many of them do not begin where their number ends.
const MARKS: &str = "const marks = [...document.querySelectorAll('.official-form sup')]; \
    const edges = (one) => one.getBoundingClientRect(); \
    const apart = marks.filter(sup => edges(sup).left < edges(sup.previousElementSibling).right - 1); \
    return [marks.length, apart.length];";

#[tokio::test(flavor = "multi_thread")]
async fn the_marks_of_an_annual_report_stand_beside_their_numbers() {
    if !browser_here() {
        return;
    }
    let world = crate::filled::world().await;
    let page = Page::open(&world, Some(world.account("clerk").await), 1280).await;
    page.goto("/workspace/reports?year=2026").await;
    let found = page.driver.execute(CITYS_REPORT, Vec::new()).await.unwrap();
    page.goto(found.json().as_str().unwrap()).await;
    let marks = page.driver.execute(MARKS, Vec::new()).await.unwrap();
    let counts: Vec<u64> = marks
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_u64().unwrap())
        .collect();
    page.close().await;
    assert!(counts[0] > 0 && counts[1] == 0, "{counts:?}");
}
