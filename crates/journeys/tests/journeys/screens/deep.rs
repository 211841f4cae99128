//! The pages that only a piece of work in the right state has: every step of an import, the directory's forms, changes.

use gongkai_journeys::{Page, World, browser_here};
use gongkai_platform::testing::Browser;

use super::{Frames, WIDTHS, faults_of, wide_faults_of};
use crate::crawl::{sort_of, walk};

/// The ends of the paths that hold most: the check of a draft, and the measures of one plan beside those of another.
const DENSE: [&str; 2] = ["/tasks", "/coverage"];

const NO_PLAN: &str = "关于召开2026年政务公开工作会议的通知\n\n各有关单位：\n请派一名负责同志参加。\n\n安澜市人民政府办公室\n2026年5月6日\n";

/// The first link on a page that begins and ends like this.
fn link(page: &str, start: &str, end: &str) -> String {
    let found = page
        .split('"')
        .find(|part| part.starts_with(start) && part.ends_with(end));
    found
        .unwrap_or_else(|| panic!("no link {start}…{end} in\n{page}"))
        .replace("&amp;", "&")
}

async fn uploaded(world: &World, clerk: &mut Browser, path: &str, file: (&str, &[u8])) -> String {
    let form = clerk.get("/workspace/import").await.page();
    let office: Vec<(&str, &str)> = match form.split("name=\"organ\"").nth(1) {
        Some(select) => vec![(
            "organ",
            select
                .split("value=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap(),
        )],
        None => Vec::new(),
    };
    let address = clerk
        .upload(path, &office, ("file", file.0, file.1))
        .await
        .redirected();
    world.works_off_jobs().await;
    address.split('?').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_work_in_hand_fit_and_have_no_accessibility_violations() {
    if !browser_here() {
        return;
    }
    let world = crate::filled::world().await;
    let account = world.account("clerk").await;
    let mut clerk = world.http(account).await;
    let mut paths = imports(&world, &mut clerk).await;
    let mut led_to = directory(&mut clerk).await;
    led_to.extend(changes(&mut clerk).await);
    led_to.extend(compared(&mut clerk).await);
    led_to.extend(evidence(&world, &mut clerk).await);
    paths.extend(rounds(&mut clerk).await);
    paths.extend(not_walked(&mut clerk, led_to).await);
    let (mut faults, mut frames) = (Vec::new(), Frames::new());
    let page = Page::open(&world, Some(account), WIDTHS[0]).await;
    for path in &paths {
        faults.extend(faults_of(&page, (path, path), &mut frames).await);
        if DENSE.iter().any(|end| path.ends_with(end)) {
            faults.extend(wide_faults_of(&page, path).await);
        }
    }
    page.close().await;
    let looked_at = |end: &&str| paths.iter().any(|path| path.ends_with(*end));
    assert!(DENSE.iter().all(looked_at), "{paths:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Those that no walk comes to: the others are looked at already. What a question makes of a page, a walk does not tell
/// apart, and the dense ones are looked at on the widest screen, too: both stay.
async fn not_walked(clerk: &mut Browser, paths: Vec<String>) -> Vec<String> {
    let walked = &walk().await.pages;
    let mut left = Vec::new();
    for path in paths {
        let stays = path.contains('?') || DENSE.iter().any(|end| path.ends_with(end));
        let text = clerk.get(&path).await.text();
        let sort = sort_of(&path, &text);
        if stays || sort.is_none_or(|sort| !walked.contains_key(&sort)) {
            left.push(path);
        }
    }
    left
}

/// Evidence that a check found to have decayed, and the run that found it.
async fn evidence(world: &World, clerk: &mut Browser) -> Vec<String> {
    let ledger = clerk.get("/workspace/ledger?light=decayed").await.page();
    let task = link(&ledger, "/workspace/tasks/", "");
    let page = clerk.get(&task).await.page();
    let item = link(&page, "/workspace/evidence/", "");
    let asked = clerk.post(&format!("{task}/evidence/check"), &[]).await;
    let run = asked.redirected();
    world.works_off_jobs().await;
    vec![task, item.replace("/file", ""), run]
}

/// An import in each of its states.
async fn imports(world: &World, clerk: &mut Browser) -> Vec<String> {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let sample = |name: &str| std::fs::read(samples.join(name)).unwrap();
    let new = "/workspace/import";
    let draft = uploaded(
        world,
        clerk,
        new,
        ("2026年方案.docx", &sample("city-2026.docx")),
    )
    .await;
    let no_plan = uploaded(world, clerk, new, ("通知.txt", NO_PLAN.as_bytes())).await;
    let failed = uploaded(world, clerk, new, ("坏.docx", b"PK\x03\x04 cut off")).await;
    let discarded = uploaded(world, clerk, new, ("旧.txt", NO_PLAN.as_bytes())).await;
    let page = clerk.get(&discarded).await.page();
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    clerk
        .post(&format!("{discarded}/discard"), &[("version", version)])
        .await
        .redirected();
    let plans = clerk.get("/workspace/plans").await.page();
    let ledger = link(&plans, "/workspace/ledger?plan=", "");
    let plan = ledger.split("plan=").nth(1).unwrap().to_owned();
    let reimport = format!("/workspace/plans/{plan}/reimport");
    let progress = format!("/workspace/plans/{plan}/import-progress");
    let corrected = uploaded(
        world,
        clerk,
        &reimport,
        ("更正.docx", &sample("city-2026.docx")),
    )
    .await;
    let filled = uploaded(
        world,
        clerk,
        &progress,
        ("台账.xlsx", &sample("ledger-2025.xlsx")),
    )
    .await;
    let mut paths: Vec<String> = ["", "/tasks", "/organs", "/confirm"]
        .iter()
        .map(|step| format!("{draft}{step}"))
        .collect();
    paths.extend([no_plan, failed, discarded, reimport, progress]);
    paths.extend([
        format!("{corrected}/changes"),
        format!("{filled}/progress"),
        format!("/workspace/plans/{plan}/progress"),
        format!("/workspace/ledger?plan={plan}&view=assignments&col=section&col=units&col=light"),
        "/workspace/ledger?text=没有这样的任务".to_owned(),
    ]);
    paths
}

/// Rounds as the notice asks for them, and one by hand with its units.
async fn rounds(clerk: &mut Browser) -> Vec<String> {
    let list = clerk.get("/workspace/rounds").await.page();
    let new = link(&list, "/workspace/rounds/new?plan=", "");
    let plan = new.split("plan=").nth(1).unwrap().to_owned();
    let round = clerk
        .post(
            "/workspace/rounds/new",
            &[
                ("plan", &plan),
                ("name", "十一月进展"),
                ("due_on", "2026-11-20"),
                ("from_on", "2026-07-01"),
                ("to_on", "2026-11-20"),
                ("text", "上级要求报一次进展"),
            ],
        )
        .await
        .redirected();
    let shown = clerk.get(&round).await.page();
    let unit = link(&shown, &format!("{round}/units/"), "");
    vec![new.clone(), format!("{new}&from=1"), round, unit]
}

/// A plan beside last year's, one task beside what answers it, what was carried over, and the levels.
async fn compared(clerk: &mut Browser) -> Vec<String> {
    let plans = clerk.get("/workspace/plans").await.page();
    let list = link(&plans, "/workspace/plans/", "/compare/year");
    let plan = list.trim_end_matches("/compare/year").to_owned();
    let level = format!("{plan}/compare/level");
    let mut paths = vec![level, format!("{plan}/coverage")];
    let form = clerk.get(&list).await.page();
    let option = form
        .split("<option value=\"")
        .nth(1)
        .expect("last year's plan");
    let other = option.split('"').next().unwrap().to_owned();
    clerk.post(&list, &[("other", &other)]).await.redirected();
    clerk.post(&format!("{plan}/carry"), &[]).await.redirected();
    let page = clerk.get(&list).await.page();
    let side = page
        .split('"')
        .find(|part| part.starts_with(&format!("{list}/")) && !part.contains("/file"));
    paths.push(side.expect("a task beside its answer").to_owned());
    let reviews = format!("{plan}/reviews");
    let page = clerk.get(&reviews).await.page();
    paths.push(link(&page, "/workspace/reviews/", ""));
    paths.extend([list.clone(), format!("{list}?class=dropped"), reviews]);
    paths
}

/// Every form of the directory of organs.
async fn directory(clerk: &mut Browser) -> Vec<String> {
    let list = clerk.get("/workspace/organs").await.page();
    let organ = list
        .split("href=\"")
        .filter(|part| part.starts_with("/workspace/organs/"))
        .filter_map(|part| part.split('"').next())
        .filter(|path| path.len() > 40)
        .last()
        .unwrap()
        .to_owned();
    let collectives = "/workspace/organs/collectives".to_owned();
    let rules = clerk.get(&collectives).await.page();
    let mut paths = vec![
        link(&rules, "/workspace/organs/collectives/", ""),
        collectives,
    ];
    paths.extend(["new", "import"].map(|form| format!("/workspace/organs/{form}")));
    paths.extend(["edit", "rename", "merge", "dissolve"].map(|form| format!("{organ}/{form}")));
    paths.push(organ);
    paths
}

/// The forms that change a confirmed task, and a change that waits for approval.
async fn changes(clerk: &mut Browser) -> Vec<String> {
    let ledger = clerk.get("/workspace/ledger").await.page();
    let new_task = link(&ledger, "/workspace/plans/", "/tasks/new");
    let task = ledger
        .split('"')
        .find(|part| part.starts_with("/workspace/tasks/"))
        .unwrap()
        .to_owned();
    let shown = clerk.get(&task).await.page();
    let kinds = [
        "kind=cancel",
        "kind=add_organ",
        "kind=transfer",
        "kind=due",
        "kind=duty",
    ];
    let forms = kinds.map(|kind| {
        let found = shown
            .split('"')
            .find(|part| part.starts_with("/workspace/changes/new") && part.contains(kind));
        found
            .unwrap_or_else(|| panic!("no {kind}"))
            .replace("&amp;", "&")
    });
    let assignment = shown
        .split('"')
        .find(|part| part.starts_with("/workspace/assignments/"))
        .unwrap()
        .to_owned();
    let mut paths = vec![new_task, format!("{task}/amend"), task, assignment];
    paths.extend(forms);
    paths
}
