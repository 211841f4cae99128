//! Somebody applies for what is public already: it is shown, found, and no application is made; with scripts and without.

use gongkai_journeys::{Page, World, browser_here};
use gongkai_platform::testing::Browser;
use thirtyfour::WindowHandle;

use crate::filled;

const WISH: &str = "我想申请城镇老旧小区改造的有关事项";

/// A city with its documents, all in the index.
async fn with_index() -> World {
    let world = filled::world().await;
    world.is_indexed().await;
    world
}

/// How many applications were avoided this year, as the office reads it.
async fn avoided(world: &World) -> i64 {
    let mut clerk: Browser = world.http(world.account("clerk").await).await;
    let page = clerk.get("/workspace/requests/offers").await.page();
    let before = page.split("</b> 不再申请").next().unwrap();
    before.rsplit("<b>").next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_appears_while_typing_and_is_enough() {
    if !browser_here() {
        return;
    }
    let world = with_index().await;
    let before = avoided(&world).await;
    let page = Page::open(&world, None, 1280).await;
    page.goto("/requests/new").await;
    page.fill("#subject", WISH).await;
    page.says("这些已公开的信息可能有您要的").await;
    let found = "[data-offers] li:first-child button";
    assert!(!page.find(found).await.is_displayed().await.unwrap());
    // The record opens in a window of its own; what was typed stays.
    let here: WindowHandle = page.driver.window().await.unwrap();
    page.find("[data-offers] li:first-child a")
        .await
        .click()
        .await
        .unwrap();
    page.driver.switch_to_window(here).await.unwrap();
    let typed = page.find("#subject").await.prop("value").await.unwrap();
    assert_eq!(typed.as_deref(), Some(WISH));
    let violations = page.accessibility_violations().await;
    assert!(violations.is_empty(), "{violations:?}");
    let button = page.find(found).await;
    assert!(button.is_displayed().await.unwrap());
    button.click().await.unwrap();
    page.says("不用申请了").await;
    page.close().await;
    assert_eq!(avoided(&world).await, before + 1);
}

/// Going back shows the page before with what was typed there, and asks nobody to send a form again.
#[tokio::test(flavor = "multi_thread")]
async fn going_back_in_the_guided_form_finds_each_page_as_it_was() {
    if !browser_here() {
        return;
    }
    let world = filled::world().await;
    let page = Page::open(&world, None, 1280).await;
    page.goto("/requests/new?guided=1").await;
    page.find("#organ option:not([value=''])")
        .await
        .click()
        .await
        .unwrap();
    let organ = page.find("#organ").await.prop("value").await.unwrap();
    page.click("下一步").await;
    page.says("第 2 步").await;
    page.fill("#subject", WISH).await;
    page.click("下一步").await;
    page.says("第 3 步").await;
    page.driver.back().await.unwrap();
    page.says("第 2 步").await;
    let typed = page.find("#subject").await.prop("value").await.unwrap();
    assert_eq!(typed.as_deref(), Some(WISH));
    page.driver.back().await.unwrap();
    page.says("第 1 步").await;
    let chosen = page.find("#organ").await.prop("value").await.unwrap();
    assert_eq!(chosen, organ);
    page.click("下一步").await;
    page.says("第 2 步").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_step_before_the_check_shows_what_is_public() {
    let world = with_index().await;
    let before = avoided(&world).await;
    let mut visitor = world.public();
    let form = visitor.get("/requests/new").await.page();
    let value = |page: &str, name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let rest = rest.unwrap_or_else(|| panic!("no {name} in\n{page}"));
        rest.split('"').next().unwrap().to_owned()
    };
    let organ = form.split("name=\"organ\"").nth(1).unwrap();
    let organ = organ
        .split("<option value=\"")
        .nth(2)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let token = value(&form, "token");
    let fields = [
        ("token", token.as_str()),
        ("organ", organ),
        ("kind", "information"),
        ("applicant_kind", "natural"),
        ("name", "（演示）申请人"),
        ("paper", "护照"),
        ("paper_number", "E00000001"),
        ("phone", "000-0000000"),
        ("subject", WISH),
        ("form", "electronic"),
        ("way", "web"),
    ];
    let check = "/requests/check";
    let none = ("file", "", b"".as_slice());
    let step = visitor.upload(check, &fields, none).await.page();
    assert!(step.contains("这些已公开的信息可能有您要的"), "{step}");
    let link = step
        .split("href=\"")
        .find(|part| part.starts_with("/requests/offers/open"))
        .unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    let record = visitor.get(&link).await.redirected();
    visitor.get(&record).await.page();
    let key = value(&step, "of").replace("&#58;", ":");
    let found = visitor
        .post("/requests/offers/found", &[("of", &key)])
        .await
        .page();
    assert!(found.contains("不用申请了"), "{found}");
    assert_eq!(avoided(&world).await, before + 1);
    // Who found nothing goes on to the check with everything that was typed.
    let mut again = fields.to_vec();
    again.push(("offered", "1"));
    let page = visitor.upload(check, &again, none).await.page();
    assert!(page.contains("核对申请") && page.contains(WISH), "{page}");
}
