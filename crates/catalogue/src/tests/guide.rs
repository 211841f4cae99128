//! A guide is public only after another person looked it through; it is to be confirmed each year.

use gongkai_basis::id::AccountId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_basis::{Date, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::{self, Browser, backends};

use super::World;
use crate::guide::tests::words;

impl World {
    async fn head(&self) -> AccountId {
        let roles = [(Role::UnitHead, self.unit), (Role::Liaison, self.unit)];
        testing::person(&self.db, "局长", &roles).await
    }

    fn guide(&self) -> String {
        format!("/workspace/guides/{}", self.unit)
    }

    /// The form of a whole guide.
    async fn writes(&self, browser: &mut Browser, version: &str, phone: &str) -> u16 {
        let mut words = words();
        words.0.insert("phone".to_owned(), phone.to_owned());
        let mut fields: Vec<(&str, &str)> = vec![("version", version), ("why", "首次编制")];
        fields.extend(
            words
                .0
                .iter()
                .map(|(code, text)| (code.as_str(), text.as_str())),
        );
        let edit = format!("{}/edit", self.guide());
        browser.post(&edit, &fields).await.status.as_u16()
    }

    async fn steps(&self, browser: &mut Browser, step: &str, version: &str) -> u16 {
        let path = format!("{}/{step}", self.guide());
        let fields = [("version", version), ("why", "地址请写到门牌")];
        browser.post(&path, &fields).await.status.as_u16()
    }
}

#[tokio::test]
async fn what_the_public_reads_was_looked_through_by_another_person() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaison).await;
        let mut head = world.browser(world.head().await).await;
        let public = format!("/guide/{}", world.unit);
        let edit = format!("{}/edit", world.guide());
        assert!(liaison.get(&edit).await.page().contains("市财政局"));

        // A draft may lack fields, but is not submitted so.
        let bare = [("version", "0"), ("ways", "网站")];
        liaison.post(&edit, &bare).await.redirected();
        assert!(
            liaison
                .get(&world.guide())
                .await
                .page()
                .contains("请填写“传真号码”。")
        );
        assert_eq!(world.steps(&mut liaison, "submit", "1").await, 422);
        assert_eq!(world.writes(&mut liaison, "1", "0000-1234567").await, 303);
        assert_eq!(world.steps(&mut liaison, "submit", "2").await, 303);
        assert_eq!(liaison.get(&public).await.status.as_u16(), 404);
        assert_eq!(world.writes(&mut liaison, "3", "1").await, 422, "it waits");
        assert_eq!(world.steps(&mut liaison, "approve", "3").await, 403);

        assert_eq!(world.steps(&mut head, "return", "3").await, 303);
        assert!(
            liaison
                .get(&world.guide())
                .await
                .page()
                .contains("地址请写到门牌")
        );
        // The head writes it anew: then somebody else has to look.
        assert_eq!(world.writes(&mut head, "4", "0000-1234567").await, 303);
        assert_eq!(world.steps(&mut head, "submit", "5").await, 303);
        assert_eq!(world.steps(&mut head, "approve", "6").await, 422);
        assert_eq!(world.steps(&mut head, "return", "6").await, 303);
        assert_eq!(world.writes(&mut liaison, "7", "0000-1234567").await, 303);
        assert_eq!(world.steps(&mut liaison, "submit", "8").await, 303);
        assert_eq!(world.steps(&mut head, "approve", "9").await, 303);

        let page = liaison.get(&public).await.page();
        for text in [
            "0000-1234567",
            "安澜市滨江路1号",
            "gk@anlan.example",
            "2026年10月12日",
        ] {
            assert!(page.contains(text), "{text}");
        }
        assert!(
            !page.contains("局长") && !page.contains("联络员"),
            "no staff"
        );
        let tags = "<meta name=\"ArticleTitle\" content=\"市财政局政府信息公开指南\"><meta name=\"PubDate\" content=\"20";
        assert!(page.contains(tags), "{page}");
        let list = liaison.get("/guide").await.page();
        assert!(
            list.contains(&public) && list.contains("；2026年10月12日确认）"),
            "{list}"
        );
        let desk = liaison.get("/workspace/guides").await.page();
        assert!(desk.contains("2026年10月12日"), "{desk}");

        // A new text is written while the public reads the old one.
        assert_eq!(world.writes(&mut liaison, "10", "0000-7654321").await, 303);
        assert!(liaison.get(&public).await.page().contains("0000-1234567"));
        assert_eq!(world.writes(&mut head, "10", "0000-1111111").await, 409);
    }
}

#[tokio::test]
async fn a_public_guide_is_due_a_year_after_it_was_confirmed_and_can_be_found() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaison).await;
        let mut head = world.browser(world.head().await).await;
        assert_eq!(world.writes(&mut liaison, "0", "0000-1234567").await, 303);
        assert_eq!(world.steps(&mut liaison, "submit", "1").await, 303);
        let seams = crate::seams();
        let of = Ref {
            kind: "guide".to_owned(),
            id: world.unit.to_string(),
        };
        let look = async || {
            let day = |text: &str| text.parse::<Date>().unwrap();
            let range = DateRange {
                from: day("2027-01-01"),
                to: day("2027-12-31"),
            };
            world
                .db
                .read(async |tx: &mut Tx| {
                    let due = seams.due(tx, &Scope::Everything, range).await?;
                    let (mut found, mut pages) = (Vec::new(), Vec::new());
                    for source in &seams.searchable {
                        if source.kinds().contains(&"guide") {
                            let refs = std::slice::from_ref(&of);
                            found.append(&mut source.entries(tx, refs).await?);
                        }
                    }
                    for source in &seams.pages {
                        pages.append(&mut source.urls(tx, &Scope::Everything, None, 10).await?);
                    }
                    let due: Vec<String> = due.iter().map(|one| one.due_on.to_string()).collect();
                    let titles: Vec<String> =
                        found.into_iter().flatten().map(|one| one.title).collect();
                    let paths: Vec<String> = pages.into_iter().map(|one| one.path).collect();
                    Ok::<_, StoreError>((due, titles, paths))
                })
                .await
                .unwrap()
        };
        let (due, titles, paths) = look().await;
        assert!(due.is_empty() && titles.is_empty() && paths.is_empty());
        assert_eq!(world.steps(&mut head, "approve", "2").await, 303);
        let (due, titles, paths) = look().await;
        assert_eq!(due, ["2027-10-12"]);
        assert_eq!(titles, ["市财政局政府信息公开指南"]);
        assert_eq!(paths, [format!("/guide/{}", world.unit)]);
        assert_eq!(world.steps(&mut liaison, "confirm", "3").await, 303);
    }
}
