//! 图片是不是地图: asked of the writer, read by the reviewer, sealed, and said to the public.

use super::*;

const PERMIT: &str = "审图号：粤S（2026）012号；来源：标准地图服务网站";

impl World {
    /// Says of the only picture that it is a map.
    pub(super) async fn is_map(&self, path: &str, permit: &str, source: &str) -> u16 {
        let page = self.browser(self.clerk).await.get(path).await.page();
        let from = page.split("name=\"picture\" value=\"").nth(1).unwrap();
        let sha256 = from.split('"').next().unwrap();
        let said = [
            ("picture", sha256),
            ("shows", "map"),
            ("permit", permit),
            ("source", source),
        ];
        self.act(self.clerk, path, "pictures", &said).await
    }
}

#[tokio::test]
async fn a_map_says_its_number_to_reviewer_and_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.drawn().await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("有1张图片没有说明是不是地图：“流程图”")
                && !page.contains("<button class=\"main\">送审"),
            "{page}"
        );
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let site = "标准地图服务网站";
        assert_eq!(world.is_map(&path, "", site).await, 422);
        assert_eq!(world.is_map(&path, "粤S（2026）012号", "").await, 422);
        let number = "审图号：粤S（2026）012号";
        assert_eq!(world.is_map(&path, number, site).await, 303);
        assert_eq!(world.is_map(&path, number, site).await, 422, "no change");
        assert!(
            clerk
                .get(&path)
                .await
                .page()
                .contains("说明《关于办事流程的通知》的图片")
        );
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let none = [("rest", "none")];
        let late = world.act(world.clerk, &path, "pictures", &none).await;
        assert_eq!(late, 422, "what is reviewed stands");
        for step in Kind::Notice.chain() {
            if *step == Step::ThirdReview {
                world.claims(&path, *step).await;
                let third = world.who(step.role());
                let page = world.browser(third).await.get(&path).await.page();
                assert!(page.contains("图片是不是地图，撰稿人这样说明"), "{page}");
                assert!(page.contains(PERMIT), "{page}");
                let checks = world.fine(&path, *step).await;
                let passed = world.review(third, &path, "pass", &checks, "").await;
                assert_eq!(passed, 303);
                continue;
            }
            world.pass(&path, *step).await;
        }
        // The seal holds what was said.
        let turn = "UPDATE edition_picture SET permit = $1";
        world.tampers(turn, &["粤S（2026）999号"]).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.tampers(turn, &["粤S（2026）012号"]).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        assert!(page.contains(&format!("地图“流程图”{PERMIT}")), "{page}");
        // 审图号 stands with the map on paper, too.
        let word = world.public().get(&format!("{public}/text.docx")).await;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(word.bytes)).unwrap();
        assert!(archive.by_name("word/media/picture1.png").is_ok());
        let mut document = String::new();
        let mut part = archive.by_name("word/document.xml").unwrap();
        std::io::Read::read_to_string(&mut part, &mut document).unwrap();
        assert!(document.contains("<w:drawing>"), "{document}");
        assert!(document.contains(PERMIT) && document.contains("流程图"));
        assert!(!document.contains("见网站文本"), "{document}");
    }
}

#[tokio::test]
async fn what_was_said_goes_on_to_the_next_edition() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.with_picture().await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("{path}/write")).await.page();
        let name = page.split("pictures/").nth(1).unwrap();
        let name = name.split(['&', '"']).next().unwrap();
        let version = world.version(&path).await;
        let body = format!("<p>改过的话。</p><p><img src=\"pictures/{name}\" alt=\"流程图\"></p>");
        let fields = [
            ("version", version.as_str()),
            ("title", "关于办事流程的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", &body),
        ];
        let saved = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(saved.status, 303);
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("改过的话") && !page.contains("没有说明是不是地图："),
            "{page}"
        );
        assert!(
            page.contains("<option value=\"no_map\" selected>"),
            "{page}"
        );
    }
}
