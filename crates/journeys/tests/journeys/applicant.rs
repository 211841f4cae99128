//! The applicant's whole way by keyboard alone, in a narrow window, with scripts off; the desk answers in between.

use std::path::PathBuf;

use gongkai_journeys::{Page, World, browser_here};
use gongkai_platform::testing::{Answer, Backend, Browser};
use thirtyfour::Key;

const NARROW: u32 = 360;

/// Goes to the field and types.
async fn fills(page: &Page, name: &str, text: &str) {
    let field = page.tabs_to(name).await;
    // Sent to the field, Control is held for the next key.
    field.send_keys(Key::Control + "a").await.unwrap();
    page.press(text).await;
}

/// Goes to the button or link and presses Enter, then looks whether the page fits.
async fn enters(page: &Page, words: &str) {
    page.tabs_to(words).await;
    page.press(Key::Enter).await;
}

/// What stands in the page after some words, up to the next tag.
async fn after(page: &Page, words: &str) -> String {
    let source = page.driver.source().await.unwrap();
    let rest = source.split(words).nth(1).unwrap();
    let rest = rest.split("<b>").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// An act of the desk, with the version that the case has now.
async fn desk(officer: &mut Browser, path: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let page = officer.get(&format!("{path}/act/{act}")).await.page();
    let value = |before: &str| -> Option<String> {
        let rest = page.split(before).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let version = value("name=\"version\" value=\"").unwrap();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    let handler = page.split("id=\"handler\"").nth(1);
    let handler = handler.and_then(|rest| rest.split("<option value=\"").nth(1));
    if let Some(handler) = handler {
        all.push(("handler", handler.split('"').next().unwrap()));
    }
    let none = ("file", "", b"".as_slice());
    officer
        .upload(&format!("{path}/act/{act}"), &all, none)
        .await
}

/// A file on this machine, as an applicant has one.
fn proof(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("缴费凭证.txt");
    std::fs::write(&path, "（演示）缴费凭证").unwrap();
    path
}

async fn applies(page: &Page) -> Vec<(String, String)> {
    page.goto("/").await;
    enters(page, "依申请公开").await;
    enters(page, "申请公开政府信息").await;
    page.tabs_to("organ").await;
    page.press("安澜市司法局").await;
    enters(page, "下一步").await;
    // Nothing written: the page says so and stays.
    enters(page, "下一步").await;
    page.says("有需要修改的内容").await;
    fills(page, "subject", "（演示）2025年度行政复议案件统计").await;
    enters(page, "下一步").await;
    page.says("第 3 步").await;
    enters(page, "下一步").await;
    page.says("第 4 步").await;
    enters(page, "下一步").await;
    fills(page, "name", "（演示）赵键盘").await;
    fills(page, "paper_number", "110101199001011234").await;
    enters(page, "下一步").await;
    page.says("身份证号码不对").await;
    fills(page, "paper", "护照").await;
    fills(page, "paper_number", "E12345678").await;
    enters(page, "下一步").await;
    fills(page, "phone", "13800000000").await;
    enters(page, "下一步").await;
    page.says("第 7 步").await;
    enters(page, "核对填写内容").await;
    page.says("还没有提交").await;
    page.says("（演示）赵键盘").await;
    let form = hidden(&page.driver.source().await.unwrap());
    enters(page, "提交申请").await;
    page.says("申请已提交").await;
    assert_eq!(page.overflow().await, None);
    form
}

/// What the form that hands in carries.
fn hidden(source: &str) -> Vec<(String, String)> {
    let form = source.split("action=\"/requests/submit\"").nth(1).unwrap();
    let fields = form
        .split("</form>")
        .next()
        .unwrap()
        .split("<input")
        .skip(1);
    let value = |tag: &str, name: &str| {
        let rest = tag.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    fields
        .map(|tag| (value(tag, "name"), value(tag, "value")))
        .collect()
}

async fn looks(page: &Page, (number, code): (&str, &str)) {
    page.goto(&format!("/requests/progress?number={number}"))
        .await;
    fills(page, "code", code).await;
    enters(page, "查询进度").await;
    page.says("期限怎么算的").await;
    assert_eq!(page.overflow().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_needs_neither_a_mouse_nor_scripts() {
    if !browser_here() {
        return;
    }
    let world = World::on(&Backend::Sqlite, "2026-10-12T09:00:00+08:00").await;
    world.moves_in().await;
    let page = Page::without_scripts(&world, NARROW).await;
    let form = applies(&page).await;
    let number = after(&page, "<dt>申请编号").await;
    let code = after(&page, "<dt>查询码").await;
    // Handed in once more, it is the same one.
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (&**k, &**v)).collect();
    let again = world.public().post("/requests/submit", &form).await;
    let again = world.public().get(&again.redirected()).await.page();
    assert!(again.contains(&number) && again.contains(&code), "{again}");

    let mut officer = world.http(world.account("officer2").await).await;
    let list = officer.get("/workspace/requests").await.page();
    assert_eq!(list.matches("（演示）2025年度行政复议案件统计").count(), 1);
    let path = list.split("<a href=\"/workspace/requests/").skip(1);
    let path = path
        .filter_map(|rest| rest.split('"').next())
        .find(|id| id.len() == 36)
        .map(|id| format!("/workspace/requests/{id}"))
        .unwrap();
    let today = world.app.today().to_string();
    let on = [("on", today.as_str())];
    desk(&mut officer, &path, "confirm", &on).await.redirected();
    let items = [("items", "（演示）请写明案件类别"), ("until", "2026-11-02")];
    desk(&mut officer, &path, "ask_supplement", &items)
        .await
        .redirected();
    let known = (number.as_str(), code.as_str());
    looks(&page, known).await;
    page.says("（演示）请写明案件类别").await;
    fills(&page, "text", "（演示）只要行政处罚类").await;
    enters(&page, "提交补正").await;
    page.says("答复期限从今天起重新计算").await;

    desk(&mut officer, &path, "accept", &[]).await.redirected();
    let fee = [
        ("scheme", "pages"),
        ("count", "50"),
        ("notice", "（演示）财政专户"),
        ("until", "2026-11-20"),
    ];
    desk(&mut officer, &path, "charge", &fee).await.redirected();
    looks(&page, known).await;
    page.says("应缴200元").await;
    let folder = tempfile::tempdir().unwrap();
    let file = page.tabs_to("file").await;
    file.send_keys(proof(&folder).to_str().unwrap())
        .await
        .unwrap();
    enters(&page, "提交缴费凭证").await;
    page.says("工作机构正在核对").await;
    let paid = [("on", today.as_str()), ("proof", "（演示）票据1号")];
    desk(&mut officer, &path, "pay", &paid).await.redirected();

    looks(&page, known).await;
    enters(&page, "不再需要这项信息").await;
    page.says("撤回后不再办理这件申请").await;
    enters(&page, "撤回申请").await;
    page.says("申请已撤回。").await;
    page.says("已办结").await;
    page.close().await;
}
