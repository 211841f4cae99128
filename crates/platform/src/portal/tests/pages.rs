//! The administrator's pages of sites, and what visitors find at the foot and at dead ends.

use axum::body::Body;
use axum::http::Request;

use super::{words, world};
use crate::access::Permit;
use crate::db::Tx;
use crate::portal::acts::ManagePortals;
use crate::portal::handle::{self, EmblemChange};
use crate::portal::{Foot, Words, emblem};
use crate::testing::Backend;

fn form<'a>(organ: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("organ", organ),
        ("kind", "beside"),
        ("name", "云溪县"),
        ("hosts", "yunxi.example"),
        ("extent", "branch"),
        ("accent", "lake"),
        ("header", "left"),
        ("sponsor", "云溪县人民政府办公室"),
    ];
    for (name, text) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, text));
    }
    fields
}

#[tokio::test]
async fn the_administrator_looks_before_keeping_and_never_writes_over_another() {
    let mut world = world(&Backend::Sqlite).await;
    let organ = world.organs["县"].to_string();
    let desk = "/workspace/admin/sites";
    assert!(
        world
            .admin
            .get(desk)
            .await
            .page()
            .contains("还没有设立站点")
    );
    let png = emblem::tests::png(8, &[]);
    let picture = ("emblem", "a.png", png.as_slice());
    let none = ("emblem", "", b"".as_slice());
    let new = format!("{desk}/new");
    let looked = world
        .admin
        .upload(&new, &form(&organ, &[("look", "1")]), picture)
        .await;
    let text = looked.page();
    assert!(text.contains("没有保存") && text.contains("accent-lake portal-head-left"));
    assert!(text.contains("data:image/png;base64,"));
    assert!(
        world.known().await.beside.is_empty(),
        "a look keeps nothing"
    );
    let refused = world
        .admin
        .upload(&new, &form(&organ, &[("hosts", "10.0.0.1")]), none)
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("不能填 IP 地址"));
    let stolen = world
        .admin
        .upload(&new, &form(&organ, &[("hosts", "Gongkai.TEST")]), none)
        .await;
    assert!(stolen.text().contains("主站的域名"));
    let svg = ("emblem", "a.svg", b"<svg/>".as_slice());
    assert!(
        world
            .admin
            .upload(&new, &form(&organ, &[]), svg)
            .await
            .text()
            .contains("须是 PNG")
    );
    assert_eq!(
        world
            .admin
            .upload(&new, &form(&organ, &[]), picture)
            .await
            .redirected(),
        desk
    );
    let id = world.known().await.beside[0].id.unwrap();
    let edit = format!("{desk}/{id}");
    assert!(
        world
            .admin
            .get(&edit)
            .await
            .page()
            .contains("云溪县人民政府办公室")
    );
    let change = |version: &'static str, intro: &'static str| {
        form(&organ, &[("version", version), ("intro", intro)])
    };
    world
        .admin
        .upload(&edit, &change("1", "先改的"), none)
        .await
        .redirected();
    let late = world
        .admin
        .upload(&edit, &change("1", "后改的"), none)
        .await;
    assert_eq!(late.status, 409);
    let text = late.text();
    assert!(
        text.contains("先改的") && text.contains("后改的"),
        "both texts are there"
    );
    assert!(
        text.contains("name=\"version\" value=\"2\""),
        "who reads and saves again means it"
    );
    world
        .admin
        .upload(&edit, &change("2", "后改的"), none)
        .await
        .redirected();
    let look = world.known().await.beside[0].clone();
    assert_eq!(look.intro, "后改的");
    let emblem = look.emblem.expect("kept where no other was chosen");
    let mut public = world.public.at("yunxi.example");
    let served = public.get(&emblem.address).await;
    assert_eq!(
        (served.status.as_u16(), served.bytes.as_ref()),
        (200, png.as_slice())
    );
    assert_eq!(served.headers["content-type"], "image/png");
    assert_eq!(public.get("/emblem/00.png").await.status, 404);
    // An administrator sees a site whose name leads nowhere yet; nobody else does.
    let preview = format!("/nowhere?site={id}");
    assert!(world.admin.get(&preview).await.text().contains("云溪县"));
    assert!(!world.public.get(&preview).await.text().contains("云溪县"));
    let close = format!("{edit}/close");
    assert_eq!(
        world.admin.post(&close, &[("version", "1")]).await.status,
        409
    );
    world
        .admin
        .post(&close, &[("version", "3")])
        .await
        .redirected();
    assert!(
        !public.get("/nowhere").await.text().contains("云溪县"),
        "its host leads to the main site"
    );
}

#[tokio::test]
async fn what_another_process_changed_is_seen_after_seconds() {
    let world = world(&Backend::Sqlite).await;
    let mut browser = world.public.at("yunxi.example");
    assert!(!browser.get("/nowhere").await.text().contains("云溪县"));
    let wanted = (
        words(world.organs["县"], "云溪县", "yunxi.example"),
        EmblemChange::Keep,
    );
    let permit = Permit::<ManagePortals>::system();
    world
        .db
        .write(async |tx: &mut Tx| handle::open(tx, &permit, wanted.clone()).await)
        .await
        .unwrap();
    assert!(!browser.get("/nowhere").await.text().contains("云溪县"));
    world.clock.advance(jiff::SignedDuration::from_secs(6));
    assert!(browser.get("/nowhere").await.text().contains("云溪县"));
}

#[tokio::test]
async fn the_foot_says_what_is_set_and_nothing_else() {
    let mut world = world(&Backend::Sqlite).await;
    let bare = world.public.get("/nowhere").await.text();
    assert!(bare.contains("href=\"/sitemap\">站点地图"), "{bare}");
    for left_out in ["承办单位", "网站找错", "网站标识", "备案号"] {
        assert!(!bare.contains(left_out), "{left_out} in {bare}");
    }
    world
        .open(Words {
            foot: Foot {
                operator: "云溪县政务服务中心".to_owned(),
                police: "皖公网安备 34010002000001号".to_owned(),
                mistakes_url: "https://zfwzgl.example/jiucuo?site_code=3499990001&a=b".to_owned(),
                badge_url: "https://bszs.example/x".to_owned(),
                ..Foot::default()
            },
            ..words(world.organs["县"], "云溪县", "yunxi.example")
        })
        .await
        .unwrap();
    let full = world
        .public
        .at("yunxi.example")
        .get("/nowhere")
        .await
        .text();
    for said in [
        "<dd>云溪县政务服务中心</dd>",
        "webSearch?code=34010002000001\"",
        "我为政府网站找错",
        "党政机关网站标识",
    ] {
        assert!(full.contains(said), "{said} in {full}");
    }
}

#[tokio::test]
async fn a_dead_end_leads_on_for_the_public_and_back_to_work_for_staff() {
    let mut world = world(&Backend::Sqlite).await;
    world
        .open(Words {
            foot: Foot {
                sponsor: "云溪县人民政府办公室".to_owned(),
                contact: "0000-123456".to_owned(),
                ..Foot::default()
            },
            ..words(world.organs["县"], "云溪县", "yunxi.example")
        })
        .await
        .unwrap();
    let lost = world.public.at("yunxi.example").get("/nowhere").await;
    let text = lost.text();
    assert_eq!(lost.status, 404);
    for words in ["href=\"/\">首页", "云溪县", "0000-123456", "noindex"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("返回工作台"), "{text}");
    let cross = Request::post("/nowhere").header("sec-fetch-site", "cross-site");
    let cross = world.public.send(cross, Body::empty()).await;
    assert_eq!(cross.status, 403);
    assert!(cross.text().contains("href=\"/\">首页"));
    let own = world.admin.get("/workspace/nowhere").await;
    assert_eq!(own.status, 404);
    assert!(own.text().contains("href=\"/workspace\">返回工作台"));
    // The store is gone: no page can say more, but it is a page all the same, with a way on.
    world.db.close().await;
    world.clock.advance(jiff::SignedDuration::from_secs(60));
    let broken = world.public.get("/nowhere").await;
    assert_eq!(broken.status, 500);
    let text = broken.text();
    assert!(
        text.contains("href=\"/\">首页") && text.contains("告诉主办单位"),
        "{text}"
    );
}
