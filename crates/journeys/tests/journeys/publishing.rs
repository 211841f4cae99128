//! A notice with a photograph: uploaded, cleaned, edited in the browser, reviewed, published, exported, taken down.

use std::path::Path;

use docx_rs::{Docx, Paragraph, Pic, Run};
use gongkai::export;
use gongkai_basis::Role;
use gongkai_documents::kind::Kind;
use gongkai_documents::review::checklist;
use gongkai_journeys::{Page, World, browser_here};
use gongkai_office::{Limits, hidden};
use gongkai_platform::testing::{Backend, Browser, backends};
use thirtyfour::Key;

const NOW: &str = "2026-10-12T09:00:00+08:00";
const DESK: &str = "/workspace/documents";
const CLERK: &str = "clerk";

/// One grey pixel, with where it was taken: 30°N 104°E.
pub(super) fn photograph() -> Vec<u8> {
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
    let gps = [(2_u16, 30_u32), (4, 104)];
    exif.extend(2_u16.to_be_bytes());
    let values = 26 + 2 + 2 * 12 + 4;
    for (n, (tag, _)) in (0_u32..).zip(&gps) {
        exif.extend(tag.to_be_bytes());
        exif.extend([0, 5, 0, 0, 0, 3]);
        exif.extend((values + n * 24).to_be_bytes());
    }
    exif.extend([0; 4]);
    for (_, degrees) in gps {
        for part in [degrees, 0, 0] {
            exif.extend(part.to_be_bytes());
            exif.extend(1_u32.to_be_bytes());
        }
    }
    let mut file = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xFF, marker]);
        file.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        file.extend(content);
    };
    segment(0xE1, &exif);
    segment(0xDB, &[&[0][..], &[16; 64]].concat());
    segment(0xC0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    for class in [0, 0x10] {
        segment(0xC4, &[&[class, 1][..], &[0; 16]].concat());
    }
    segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    file.extend([0x3F, 0xFF, 0xD9]);
    file
}

/// A Word file with a paragraph, the photograph, and another paragraph.
fn docx() -> Vec<u8> {
    let words = |text: &str| Paragraph::new().add_run(Run::new().add_text(text));
    let picture = Pic::new_with_dimensions(photograph(), 1, 1);
    let mut bytes = std::io::Cursor::new(Vec::new());
    Docx::new()
        .add_paragraph(words("办理流程如下图。"))
        .add_paragraph(Paragraph::new().add_run(Run::new().add_image(picture)))
        .add_paragraph(words("特此通知。"))
        .build()
        .pack(&mut bytes)
        .unwrap();
    bytes.into_inner()
}

/// The kinds of what a file hides.
pub(super) fn hides(bytes: &[u8]) -> Vec<hidden::Place> {
    let mut pieces = hidden::scan(bytes, &Limits::default()).unwrap();
    pieces.retain(|one| one.what != hidden::Place::Aside);
    pieces.into_iter().map(|one| one.what).collect()
}

/// The first address in a page that holds this.
pub(super) fn address(page: &str, part: &str) -> String {
    let found = page
        .split('"')
        .find(|word| word.starts_with('/') && word.contains(part));
    found
        .unwrap_or_else(|| panic!("no {part} in {page}"))
        .to_owned()
}

struct Notice<'w> {
    world: &'w World,
    /// Among the staff's pages.
    path: String,
}

impl<'w> Notice<'w> {
    async fn begun(
        world: &'w World,
        title: &str,
        more: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Self {
        let organ = gongkai::demo::organ(&world.db, "安澜市人民政府")
            .await
            .unwrap();
        let organ = organ.to_string();
        let mut fields = vec![
            ("organ", organ.as_str()),
            ("title", title),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", ""),
            ("as_body", "yes"),
        ];
        fields.extend_from_slice(more);
        let mut clerk = by(world, CLERK).await;
        let path = clerk
            .upload(
                &format!("{DESK}/new?kind=notice"),
                &fields,
                ("file", file.0, file.1),
            )
            .await
            .redirected();
        Self { world, path }
    }

    fn public(&self) -> String {
        self.path.replace("/workspace", "")
    }

    async fn page(&self) -> String {
        by(self.world, CLERK).await.get(&self.path).await.page()
    }

    /// Presses a button of the page, with the version that its form holds.
    async fn act(&self, login: &str, act: &str, more: &[(&str, &str)]) {
        let mut person = by(self.world, login).await;
        let page = person.get(&self.path).await.page();
        let form = page
            .split(&format!("action=\"{}/{act}\"", self.path))
            .nth(1);
        let form = form.unwrap_or_else(|| panic!("{login} cannot {act}: {page}"));
        let version = form.split("name=\"version\" value=\"").nth(1).unwrap();
        let version = version.split('"').next().unwrap();
        let mut fields = vec![("version", version)];
        fields.extend_from_slice(more);
        let answer = person.post(&format!("{}/{act}", self.path), &fields).await;
        assert_eq!(answer.status, 303, "{login} {act}: {}", answer.text());
    }

    async fn goes_through(&self) {
        let page = by(self.world, CLERK).await.get(&self.path).await.page();
        if page.contains("name=\"rest\"") {
            // A drawing of how work flows is no map.
            self.act(CLERK, "pictures", &[("rest", "none")]).await;
        }
        self.act(CLERK, "send", &[]).await;
        for step in Kind::Notice.chain() {
            let login = match step.role() {
                Role::Proofreader => "proof",
                Role::FirstReviewer => "review1",
                Role::SecondReviewer => "review2",
                Role::ThirdReviewer => "review3",
                Role::SecrecyReviewer => "secrecy",
                _ => "legality",
            };
            self.act(login, "review", &[("act", "claim")]).await;
            let mut passed = vec![("act", "pass")];
            let fine = checklist::all_fine(*step, Kind::Notice);
            let fine: Vec<String> = fine.iter().map(checklist::Checked::key).collect();
            passed.extend(fine.iter().map(|check| ("check", check.as_str())));
            // Pictures in an attachment are looked at by people.
            let page = by(self.world, login).await.get(&self.path).await.page();
            let asked = page.split("name=\"asked\" value=\"").skip(1);
            for one in asked.filter_map(|rest| rest.split('"').next()) {
                passed.push(("asked", one));
                passed.push(("answer", "已人工核对，一幅办理流程图，没有个人信息"));
            }
            self.act(login, "review", &passed).await;
        }
        self.act(CLERK, "publish", &[]).await;
    }
}

async fn by(world: &World, login: &str) -> Browser {
    world.http(world.account(login).await).await
}

async fn exported(world: &World, site: Option<&str>, to: &Path) -> export::Summary {
    world.is_indexed().await;
    let face = export::face(&world.app, site).await.unwrap();
    export::site(
        &world.app,
        world.router.clone(),
        (&face, export::Texts::default()),
        to,
    )
    .await
    .unwrap()
}

/// Where an address lies in the export, below its folder.
fn lies(folder: &Path, address: &str) -> std::path::PathBuf {
    folder.join(address.trim_start_matches('/'))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_goes_out_without_its_place_and_comes_back_whole() {
    for backend in backends() {
        let world = World::on(&backend, NOW).await;
        world.moves_in().await;
        let file = docx();
        assert!(hides(&file).contains(&hidden::Place::Position));
        // Whoever asks is told; whoever sends it as it is has been told, too.
        let mut clerk = by(&world, CLERK).await;
        let told = clerk
            .upload(
                "/workspace/check",
                &[("text", "")],
                ("file", "通知.docx", &file),
            )
            .await;
        assert!(told.page().contains("照片拍摄位置"), "{}", told.text());

        let notice = Notice::begun(&world, "关于办事流程的通知", &[], ("通知.docx", &file)).await;
        let page = notice.page().await;
        assert!(
            page.contains("办理流程如下图。") && page.contains("特此通知。"),
            "{page}"
        );
        let own = address(&page, "/pictures/");
        let picture = clerk.get(&own).await;
        assert_eq!(picture.headers["content-type"], "image/jpeg");
        assert_eq!(hides(&picture.bytes), [], "what the text shows");
        let copy = clerk.get(&address(&page, "/files/")).await;
        assert_eq!(hides(&copy.bytes), [], "what the attachment holds");

        notice.goes_through().await;
        let public = world.public().get(&notice.public()).await.page();
        let shown = address(&public, "/pictures/");
        let served = world.public().get(&shown).await;
        assert_eq!(
            (served.status.as_u16(), &served.bytes),
            (200, &picture.bytes)
        );
        let download = address(&public, "/files/");
        assert_eq!(hides(&world.public().get(&download).await.bytes), []);

        // As files: the page, its picture and its attachment, each where the page's own link leads.
        let folder = tempfile::tempdir().unwrap();
        let (main, beside) = (folder.path().join("main"), folder.path().join("beside"));
        let done = exported(&world, None, &main).await;
        assert!(done.broken.is_empty(), "{:?}", done.broken);
        let page = lies(&main, &notice.public()).join("index.html");
        let text = std::fs::read_to_string(&page).unwrap();
        let name = shown.rsplit('/').next().unwrap();
        assert!(text.contains(&format!("\"pictures/{name}\"")), "{text}");
        assert_eq!(std::fs::read(lies(&main, &shown)).unwrap(), picture.bytes);
        let attachment = lies(&main, &download);
        let way = std::fs::read_to_string(attachment.join("index.html")).unwrap();
        assert!(way.contains("\"%E9%80%9A%E7%9F%A5.docx\""), "{way}");
        assert_eq!(
            std::fs::read(attachment.join("通知.docx")).unwrap(),
            copy.bytes
        );
        // Another site has nothing of it.
        let done = exported(&world, Some("jiaoyu.localhost"), &beside).await;
        assert!(done.broken.is_empty(), "{:?}", done.broken);
        assert!(!lies(&beside, &notice.public()).exists());

        // The picture is taken down: the page stays, its picture does not.
        let found = clerk
            .upload("/workspace/files", &[], ("file", "x.jpg", &picture.bytes))
            .await
            .redirected();
        takes_down(&mut clerk, &found).await;
        exported(&world, None, &main).await;
        assert!(page.is_file() && !lies(&main, &shown).exists());
        let found = clerk
            .upload("/workspace/files", &[], ("file", "x.docx", &copy.bytes))
            .await
            .redirected();
        takes_down(&mut clerk, &found).await;
        exported(&world, None, &main).await;
        assert!(!attachment.exists(), "bytes that were taken down are gone");
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(text.contains("已撤下：含个人信息。"), "{text}");

        notice
            .act(CLERK, "withdraw", &[("why", "全文撤下。")])
            .await;
        exported(&world, None, &main).await;
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(
            text.contains("撤下说明：全文撤下。") && !text.contains("办理流程如下图。"),
            "{text}"
        );
        let below = std::fs::read_dir(lies(&main, &notice.public())).unwrap();
        assert_eq!(below.count(), 1, "nothing but the page that says so");
    }
}

async fn takes_down(clerk: &mut Browser, found: &str) {
    let list = clerk.get(found).await.page();
    let place = list.split("name=\"place\" value=\"").nth(1).unwrap();
    let place = place.split('"').next().unwrap();
    let down = [("place", place), ("reason", "含个人信息。")];
    assert_eq!(clerk.post(found, &down).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_gives_its_pictures_without_their_place() {
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let page = format!(
        "<html><body><p>上图</p><img alt=\"现场\" src=\"{}\"></body></html>",
        data_address()
    );
    assert_eq!(hides(page.as_bytes()), [hidden::Place::Position]);
    let notice = Notice::begun(
        &world,
        "关于现场的通知",
        &[],
        ("现场.html", page.as_bytes()),
    )
    .await;
    let text = notice.page().await;
    assert!(text.contains("alt=\"现场\""), "{text}");
    let mut clerk = by(&world, CLERK).await;
    for part in ["/pictures/", "/files/"] {
        let kept = clerk.get(&address(&text, part)).await;
        assert_eq!(
            (kept.status.as_u16(), hides(&kept.bytes)),
            (200, Vec::new())
        );
    }
    // Whoever says so keeps the file as it is.
    let as_it_is = [("as_it_is", "yes")];
    let file = ("现场.html", page.as_bytes());
    let other = Notice::begun(&world, "关于另一处现场的通知", &as_it_is, file).await;
    let kept = clerk.get(&address(&other.page().await, "/files/")).await;
    assert_eq!(kept.bytes, page.as_bytes());
}

/// The photograph as an address that holds it.
fn data_address() -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut code = String::new();
    for three in photograph().chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for n in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * n) & 63) as usize];
            code.push(if n > three.len() {
                '='
            } else {
                char::from(sign)
            });
        }
    }
    format!("data:image/jpeg;base64,{code}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_keeps_the_pictures_of_a_text() {
    if !browser_here() || !gongkai_platform::web::has_asset("editor.min.js") {
        return;
    }
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let notice = Notice::begun(&world, "关于办事流程的通知", &[], ("通知.docx", &docx())).await;
    let before = address(&notice.page().await, "/pictures/");
    let clerk = world.account(CLERK).await;
    let page = Page::open(&world, Some(clerk), 1280).await;
    page.goto(&format!("{}/write", notice.path)).await;
    let editor = page.find(".editor [role=textbox]").await;
    // Waits for the picture, or for the news that there is none.
    let width = "const done = arguments[0], picture = document.querySelector('.editor img[src]'); \
        picture.decode().then(() => done(picture.naturalWidth), () => done('no picture at ' + picture.src));";
    let seen = page.driver.execute_async(width, Vec::new()).await.unwrap();
    assert_eq!(seen.json(), 1, "the editor shows the picture itself");
    editor.click().await.unwrap();
    let end = Key::Control + Key::End;
    let chain = page
        .driver
        .action_chain()
        .send_keys(end)
        .send_keys("以上。");
    chain.perform().await.unwrap();
    page.click("保存为新的一稿").await;
    page.says("已保存").await;
    page.close().await;
    let text = notice.page().await;
    assert!(text.contains("特此通知。以上。"), "{text}");
    assert_eq!(address(&text, "/pictures/"), before, "the picture stays");
    assert_eq!(by(&world, CLERK).await.get(&before).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_came_back_names_the_pictures_of_its_file() {
    if !browser_here() || !gongkai_platform::web::has_asset("editor.min.js") {
        return;
    }
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("通知.docx");
    std::fs::write(&file, docx()).unwrap();
    let clerk = world.account(CLERK).await;
    let page = Page::open(&world, Some(clerk), 1280).await;
    page.goto(&format!("{DESK}/new?kind=notice")).await;
    page.fill("#title", "关于办事流程的通知").await;
    page.fill("#number", "安府第3").await;
    let body = page.find("input[name=as_body]").await;
    body.scroll_into_view().await.unwrap();
    body.click().await.unwrap();
    let files = page.find("#file").await;
    files.send_keys(file.to_str().unwrap()).await.unwrap();
    page.click("保存草稿").await;
    page.says("内容尚未保存").await;
    page.says("（保存后显示）").await;
    page.close().await;
}
