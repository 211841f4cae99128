//! 文号: given once by an organ, and told where it is asked for twice.

use super::*;

const NUMBER: &str = "安府规〔2026〕9号";
const BODY: &str = "<p>第一条 甲。</p>";

#[tokio::test]
async fn one_organ_gives_a_number_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let of = ("notice", NUMBER);
        let first = world.numbered(of, "关于甲的通知", BODY).await;
        let second = world.numbered(of, "关于乙的通知", BODY).await;
        // Two drafts may stand side by side; the first that is sent has the number.
        assert_eq!(world.act(world.clerk, &first, "send", &[]).await, 303);
        assert_eq!(world.act(world.clerk, &second, "send", &[]).await, 422);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&second).await.page();
        assert!(
            page.contains(&format!("<a href=\"{first}\">打开《关于甲的通知》</a>")),
            "{page}"
        );
        let said = format!("文号“{NUMBER}”已经用在");
        assert_eq!(page.matches(&said).count(), 1, "{page}");
        assert!(!page.contains("<button class=\"main\">送审"), "{page}");
        assert_eq!(world.act(world.clerk, &first, "recall", &[]).await, 303);

        // The next edition of the same document keeps it; what is public has it.
        world.goes_out(&first, Kind::Notice).await;
        assert_eq!(world.act(world.clerk, &second, "send", &[]).await, 422);
        let version = world.version(&first).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于甲的通知"),
            ("number", NUMBER),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "第一条 乙。"),
        ];
        let write = format!("{first}/write");
        let saved = clerk.upload(&write, &fields, ("file", "", b"")).await;
        assert_eq!(saved.status, 303);
        assert_eq!(world.act(world.clerk, &first, "send", &[]).await, 303);

        // What was withdrawn gives it back.
        let why = [("why", "登记有误")];
        assert_eq!(world.act(world.clerk, &first, "withdraw", &why).await, 303);
        assert_eq!(world.act(world.clerk, &second, "send", &[]).await, 303);
        // The other has it now, so the first one does not come back with it.
        assert_eq!(world.act(world.clerk, &first, "restore", &why).await, 422);
        let page = world.public().get(&first.replace("/workspace", "")).await;
        assert_eq!(page.status, 410);
        assert_eq!(world.act(world.clerk, &second, "recall", &[]).await, 303);
        assert_eq!(world.act(world.clerk, &first, "restore", &why).await, 303);
    }
}

#[tokio::test]
async fn another_units_unpublished_document_is_not_named() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Two offices of one government publish in its name.
        let second = testing::organ(&world.db, "市政务公开办公室", Some(world.city)).await;
        set_kind(&world.db, second, "office").await;
        let other = testing::person(&world.db, "另一文书", &[(Role::OfficeClerk, second)]).await;
        let first = world
            .numbered(("notice", NUMBER), "关于未公开事项的通知", BODY)
            .await;
        assert_eq!(world.act(world.clerk, &first, "send", &[]).await, 303);

        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "关于乙的通知"),
            ("number", NUMBER),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", BODY),
        ];
        let mut clerk = world.browser(other).await;
        let new = "/workspace/documents/new?kind=notice";
        let path = clerk.upload(new, &fields, ("file", "", b"")).await;
        let path = path.redirected();
        let version = world.version(&path).await;
        let sent = clerk
            .post(&format!("{path}/send"), &[("version", version.as_str())])
            .await;
        assert_eq!(sent.status, 422);
        for page in [sent.text(), clerk.get(&path).await.page()] {
            assert!(
                page.contains("已经用在安澜市人民政府另一份还没有公开的文件上"),
                "{page}"
            );
            assert!(
                !page.contains("未公开事项") && !page.contains(&first),
                "{page}"
            );
        }
    }
}

#[tokio::test]
async fn who_reads_what_ended_is_led_to_what_took_its_place() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let of = |number| ("normative", number);
        let old = world
            .numbered(of("安府规〔2026〕1号"), "安澜市停车办法", BODY)
            .await;
        let next = world.numbered(of(NUMBER), "安澜市停车管理办法", BODY).await;
        let other = world
            .numbered(of("安府规〔2026〕2号"), "安澜市停车收费办法", BODY)
            .await;
        for path in [&old, &next, &other] {
            world.goes_out(path, Kind::Normative).await;
        }
        let ends = async |change: &str, path: &str, successor: &str| {
            let fields = [
                ("change", change),
                ("on", "2026-10-12"),
                ("basis", "市政府第12次常务会议"),
                ("successor", successor),
            ];
            world.act(world.clerk, path, "validity", &fields).await
        };
        // Several fit; it cannot follow itself; what is amended has no successor.
        assert_eq!(ends("repealed", &old, "停车").await, 422);
        assert_eq!(ends("repealed", &old, "安澜市停车办法").await, 422);
        assert_eq!(ends("amended", &old, NUMBER).await, 422);
        assert_eq!(ends("repealed", &old, NUMBER).await, 303);
        assert_eq!(ends("lapsed", &other, "《另一份文件》").await, 303);

        let public = |path: &str| path.replace("/workspace", "");
        let link = format!(
            "由<a href=\"{}\">《安澜市停车管理办法》（{NUMBER}）</a>替代",
            public(&next)
        );
        let mut anyone = world.public();
        for page in [public(&old), format!("{}/history", public(&old))] {
            let page = anyone.get(&page).await.page();
            assert!(page.contains(&link), "{page}");
        }
        let page = anyone.get(&public(&next)).await.page();
        assert!(
            page.contains("本文替代：") && page.contains(&public(&old)),
            "{page}"
        );
        let page = anyone.get(&public(&other)).await.page();
        assert!(page.contains("由《另一份文件》替代"), "{page}");

        // A successor that is taken down keeps its name and loses its link.
        let why = [("why", "有误")];
        assert_eq!(world.act(world.clerk, &next, "withdraw", &why).await, 303);
        let page = anyone.get(&public(&old)).await.page();
        assert!(
            page.contains("由《安澜市停车管理办法》") && !page.contains(&link),
            "{page}"
        );
    }
}
