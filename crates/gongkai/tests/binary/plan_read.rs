use std::process::Command;
use std::time::{Duration, Instant};

use gongkai_basis::Role;
use gongkai_platform::testing;
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::header::{COOKIE, LOCATION};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::city::{client, session};
use crate::server::Site;
use crate::{gongkai, text};

/// How long a small plan may take to be read by a busy machine.
const READ_WAIT_MAX: Duration = Duration::from_secs(60);

const PLAN: &str = "安澜市2026年政务公开工作要点分工方案\n\n\
    工作任务\t具体要求\t责任单位\n\
    做好规划公开\t1. 主动公开国土空间规划。\t市自然资源局牵头，各县（市、区）政府配合\n\
    \t2. 2026年6月底前归集历史规划。\t市发展改革局\n";

fn read(name: &str, bytes: &[u8]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let output = gongkai(&["plan", "read", file.to_str().unwrap(), "--format", "json"]);
    let plan = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), plan)
}

#[test]
fn gives_tasks_with_organs_and_dates_as_json() {
    let (_, plan) = read("plan.txt", PLAN.as_bytes());
    assert_eq!(plan["is_plan"], true);
    assert_eq!(plan["year"], 2026);
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 2);
    assert_eq!(plan["tasks"][0]["organs"][0]["role"], "lead");
    assert_eq!(plan["tasks"][1]["deadlines"][0]["date"], "2026-06-30");
}

#[test]
fn the_name_of_a_file_is_not_believed() {
    let (_, plan) = read("plan.pdf", PLAN.as_bytes());
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 2);
}

/// The samples as other programs would have kept them: LibreOffice writes them, the program reads them by itself.
#[test]
fn old_and_open_files_give_the_same_tasks() {
    let Some(office) = std::env::var_os("GONGKAI_SOFFICE") else {
        // Where everything is proved, what cannot be asked is a failure and not a silence.
        assert!(std::env::var_os("CI").is_none(), "no LibreOffice here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let profile = format!("-env:UserInstallation=file://{}", path("profile"));
    let told = |plan: &Value| {
        let tasks = plan["tasks"].as_array().unwrap();
        let told =
            |task: &Value| ["section", "text", "organs", "deadlines"].map(|key| task[key].clone());
        tasks.iter().map(told).collect::<Vec<_>>()
    };
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/");
    for (name, own, kinds, tasks) in [
        ("city-2026", "docx", &["doc", "odt", "fodt"][..], 55),
        ("bureau-2026", "xlsx", &["ods", "fods"][..], 16),
    ] {
        let sample = format!("{samples}{name}.{own}");
        let (_, from_own) = read("plan", &std::fs::read(&sample).unwrap());
        assert_eq!(from_own["tasks"].as_array().unwrap().len(), tasks);
        for kind in kinds {
            let made = Command::new(&office)
                .args([&profile, "--headless", "--convert-to", kind])
                .args(["--outdir", &path(""), &sample])
                .output()
                .unwrap();
            assert!(made.status.success(), "{}", text(&made.stderr));
            let other = std::fs::read(path(&format!("{name}.{kind}"))).unwrap();
            let (_, from_other) = read("plan", &other);
            for field in ["title", "year", "document_number"] {
                assert_eq!(from_other[field], from_own[field], "{kind}: {field}");
            }
            assert_eq!(told(&from_other), told(&from_own), "{kind}");
        }
    }
}

#[test]
fn a_document_that_is_no_plan_says_so_and_ends_with_one() {
    let (status, plan) = read(
        "news.txt",
        "安澜市召开政务公开工作推进会\n\n10月12日，会议在市政府召开，总结了今年工作。\n".as_bytes(),
    );
    assert_eq!(status, Some(1));
    assert_eq!(plan["is_plan"], false);
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 0);
}

#[test]
fn a_file_that_is_not_there_ends_with_two_and_a_sentence() {
    let output = gongkai(&["plan", "read", "nowhere.docx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nowhere.docx"));
}

/// An upgrade puts another file at the program's path while the old one still serves.
#[tokio::test]
async fn a_server_whose_program_was_replaced_still_reads_plans() {
    let site = Site::new().await;
    let db = site.store().await;
    db.migrate().await.unwrap();
    let government = testing::organ(&db, "安澜市人民政府", None).await;
    let office = testing::organ(&db, "安澜市人民政府办公室", Some(government)).await;
    let clerk = testing::person(&db, "经办", &[(Role::OfficeClerk, office)]).await;
    let cookie = format!("{SESSION_COOKIE}={}", session(&db, clerk).await);
    db.close().await;
    let program = site.path("gongkai");
    std::fs::copy(env!("CARGO_BIN_EXE_gongkai"), &program).unwrap();
    let _server = site.start_by(&mut Command::new(&program), &[]).await;
    std::fs::remove_file(&program).unwrap();

    let client = client();
    let form = Form::new()
        .text("organ", office.to_string())
        .part("file", Part::text(PLAN).file_name("分工方案.txt"));
    let sent = client
        .post(site.url("/workspace/import"))
        .header(COOKIE, &cookie)
        .header("sec-fetch-site", "same-origin")
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 303, "{:?}", sent.text().await);
    let draft = site.url(sent.headers()[LOCATION].to_str().unwrap());
    let started = Instant::now();
    loop {
        let page = client.get(&draft).header(COOKIE, &cookie).send();
        let page = page.await.unwrap().text().await.unwrap();
        if page.contains("<b>2</b>条任务") {
            break;
        }
        assert!(!page.contains("读取进程"), "{page}");
        assert!(started.elapsed() < READ_WAIT_MAX, "{page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
