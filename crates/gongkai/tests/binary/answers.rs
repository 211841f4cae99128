//! `--format json`: one object on standard output, with the same exit status as in words.

use std::path::Path;

use gongkai_basis::id::FileId;
use gongkai_platform::db::Tx;
use gongkai_platform::files::{self, Stored};
use gongkai_platform::testing;
use serde_json::{Value, json};

use crate::server::Site;
use crate::{gongkai, text};

/// Runs a command of a site and gives its exit status and its answer; anything beside one object fails.
fn answer(site: &Site, arguments: &[&str]) -> (i32, Value) {
    let config = site.config();
    let config = ["--config", config.to_str().unwrap()];
    let output = gongkai(&[&config[..], arguments, &["--format", "json"][..]].concat());
    let said = text(&output.stdout);
    let object = serde_json::from_str(&said)
        .unwrap_or_else(|error| panic!("{error}: {said}{}", text(&output.stderr)));
    (output.status.code().unwrap(), object)
}

async fn begun() -> Site {
    let site = Site::new().await;
    std::fs::remove_file(site.config()).unwrap();
    let url = site.url("");
    let (code, made) = answer(&site, &["init", "--name", "安澜市", "--url", &url]);
    assert_eq!(code, 0);
    assert_eq!(made["government"], "安澜市人民政府");
    let links = made["links"].as_array().unwrap();
    let logins: Vec<&Value> = links.iter().map(|link| &link["login"]).collect();
    assert_eq!(logins, ["sysadmin", "secadmin", "auditadmin", "office"]);
    for link in links {
        let address = link["link"].as_str().unwrap();
        assert!(address.starts_with(&site.url("/invite/")), "{address}");
        assert_eq!(link["valid_hours"], 72);
    }
    site
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn backup_restore_and_verify_answer_with_an_object() {
    let site = begun().await;
    let (code, verified) = answer(&site, &["verify"]);
    assert_eq!(code, 0);
    assert!(verified["events"].as_i64().unwrap() > 0, "{verified}");
    assert_eq!(verified["head"].as_str().unwrap().len(), 64);
    assert_eq!(verified["broken"], Value::Null);
    assert_eq!(verified["damaged"], json!([]));

    let archive = site.path("backup.tar");
    let (code, kept) = answer(&site, &["backup", path(&archive)]);
    assert_eq!((code, &kept["files"]), (0, &json!(0)));
    assert_eq!(kept["archive"], path(&archive));
    assert!(kept["rows"].as_u64().unwrap() > 0, "{kept}");
    let other = Site::new().await;
    let (code, restored) = answer(&other, &["restore", path(&archive)]);
    assert_eq!(code, 0, "{restored}");
    assert_eq!(restored["verify"], verified);
    for key in ["archive", "rows", "files", "digest"] {
        assert_eq!(restored[key], kept[key], "{key}");
    }

    // What could not be done is said on the other stream, and nothing stands on this one.
    let config = other.config();
    let again = gongkai(&[
        "--config",
        path(&config),
        "restore",
        path(&archive),
        "--format",
        "json",
    ]);
    assert_eq!(again.status.code(), Some(2));
    assert!(again.stdout.is_empty() && !again.stderr.is_empty());
}

#[tokio::test]
async fn a_lost_file_is_named_in_the_answer() {
    let site = begun().await;
    let db = site.store().await;
    let stored = Stored {
        id: FileId::new(testing::uuid()),
        sha256: site.files().put(b"lost").unwrap(),
        name: "会议纪要.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: 4,
        organ: None,
    };
    db.upkeep(async |tx: &mut Tx| files::insert(tx, &stored).await)
        .await
        .unwrap();
    db.close().await;
    std::fs::remove_file(site.files().path(&stored.sha256)).unwrap();
    let (code, verified) = answer(&site, &["verify"]);
    assert_eq!(code, 1);
    let [damaged] = verified["damaged"].as_array().unwrap().as_slice() else {
        panic!("{verified}");
    };
    assert_eq!(damaged["problem"], "missing");
    assert_eq!(damaged["name"], "会议纪要.txt");
    assert_eq!(damaged["sha256"], stored.sha256.as_str());
    assert!(
        verified["events"].is_i64(),
        "the chain is whole: {verified}"
    );
}

#[tokio::test]
async fn doctor_and_a_way_back_in_answer_with_an_object() {
    let site = begun().await;
    let (code, looked) = answer(&site, &["doctor"]);
    let findings = looked["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    let all_good = findings.iter().all(|finding| finding["good"] == true);
    assert_eq!(code == 0, all_good, "{looked}");
    let said: Vec<&str> = findings
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .collect();
    assert!(said.contains(&"配置文件可以读取"), "{said:?}");

    let (code, back_in) = answer(&site, &["account", "link", "secadmin"]);
    assert_eq!(code, 0);
    assert_eq!(back_in["login"], "secadmin");
    assert_eq!(back_in["valid_hours"], 72);
    let link = back_in["link"].as_str().unwrap();
    assert!(link.starts_with(&site.url("/invite/")), "{link}");
}

#[tokio::test]
async fn an_export_and_an_import_answer_with_an_object() {
    let site = begun().await;
    let folder = site.path("public");
    let (code, exported) = answer(&site, &["export", "site", path(&folder)]);
    assert_eq!(exported["folder"], path(&folder));
    assert_eq!(exported["manifest"], "SHA256SUMS");
    assert!(exported["files"].as_u64().unwrap() > 0, "{exported}");
    assert_eq!(
        (&exported["same"], &exported["removed"]),
        (&json!(0), &json!(0))
    );
    let broken = exported["broken"].as_array().unwrap();
    assert_eq!(code == 0, broken.is_empty(), "{exported}");

    let table = site.path("list.csv");
    let line = "文件,名称,种类,发布机构,发布日期\n1.html,防汛通知,通知,没有这个机构,2026-01-05\n";
    std::fs::write(&table, line).unwrap();
    let old = site.path("old");
    std::fs::create_dir(&old).unwrap();
    let import = ["documents", "import", path(&old), "--table", path(&table)];
    let (code, imported) = answer(&site, &import);
    assert_eq!(code, 1);
    for (key, wanted) in [
        ("confirmed", json!(false)),
        ("published", json!(0)),
        ("drafts", json!(0)),
        ("known", json!(0)),
        ("refused", json!(1)),
    ] {
        assert_eq!(imported[key], wanted, "{key}: {imported}");
    }
    let remark = &imported["remarks"][0];
    assert_eq!(
        (&remark["line"], &remark["source"]),
        (&json!(2), &json!("1.html"))
    );
    assert!(!remark["message"].as_str().unwrap().is_empty());
}
