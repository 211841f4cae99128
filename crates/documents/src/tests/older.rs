//! 历次文本: a text amends another, and an earlier one is taken from the public.

use super::*;

const OLD: &[u8] = "修改前的目录".as_bytes();
const NEW: &[u8] = "修改后的目录".as_bytes();

/// The edition that the address of an earlier text's file names.
fn edition_of(link: &str) -> String {
    let rest = link.split("/history/").nth(1).unwrap();
    rest.split('/').next().unwrap().to_owned()
}

impl World {
    /// The draft with this file beside its text; the file's id.
    async fn attaches(&self, path: &str, file: (&str, &[u8])) -> String {
        let text = "<p>第一条 甲。</p>";
        self.saves(path, (text, None), file).await
    }

    /// The next text, with another file in the place of an old one; the new file's id.
    async fn replaces(&self, path: &str, (body, old): (&str, &str), file: (&str, &[u8])) -> String {
        self.saves(path, (body, Some(old)), file).await
    }

    async fn saves(
        &self,
        path: &str,
        (body, dropped): (&str, Option<&str>),
        file: (&str, &[u8]),
    ) -> String {
        let version = self.version(path).await;
        let head = ("甲办法", "安府规〔2026〕3号");
        let mut fields = form(head, ("html", body)).to_vec();
        fields.push(("version", version.as_str()));
        fields.extend(dropped.map(|id| ("drop", id)));
        let mut clerk = self.browser(self.clerk).await;
        let write = format!("{path}/write");
        let saved = clerk
            .upload(&write, &fields, ("file", file.0, file.1))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let page = clerk.get(path).await.page();
        let begin = format!("{path}/files/");
        let before = page.split(&format!(">{}</a>", file.0)).next().unwrap();
        let id = before.rsplit(&begin).next().unwrap();
        id.split('"').next().unwrap().to_owned()
    }

    /// The same document with this text, which amends it from a day on.
    pub(super) async fn amends(&self, path: &str, body: &str, from: &str) {
        self.writes_anew(path, body).await;
        assert_eq!(self.amends_from(path, from).await, 303);
    }

    async fn amends_from(&self, path: &str, from: &str) -> u16 {
        let amends = [
            ("word", "amends"),
            ("from", from),
            ("explanation", "修改决定"),
        ];
        self.act(self.clerk, path, "publish", &amends).await
    }

    /// The same document with this text, approved.
    pub(super) async fn writes_anew(&self, path: &str, body: &str) {
        self.approved_text(path, "安府规〔2026〕3号", body).await;
    }

    /// The next text of it, ready to go out.
    async fn approved_text(&self, path: &str, number: &str, body: &str) {
        let form = form(("甲办法", number), ("html", body));
        self.rewrites(path, &form).await;
        self.approve(path, Kind::Normative).await;
    }

    /// Takes the first of its earlier texts from the public; that text.
    pub(super) async fn hides_text(&self, path: &str, why: &str) -> String {
        let page = self.browser(self.clerk).await.get(path).await.page();
        let text = first_choice(&page, "name=\"text\"");
        let said = [
            ("text", text.as_str()),
            ("why_hidden", why),
            ("sure", "yes"),
        ];
        let hidden = self.act(self.clerk, path, "history/hide", &said).await;
        assert_eq!(hidden, 303);
        text
    }

    /// Gives it out again.
    pub(super) async fn shows_text(&self, path: &str, text: &str) {
        let said = [("hidden", text), ("why_shown", "核实后没有个人信息。")];
        let shown = self.act(self.clerk, path, "history/show", &said).await;
        assert_eq!(shown, 303);
    }
}

#[tokio::test]
async fn no_text_amends_what_ended_or_counts_before_an_earlier_amendment() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-11-20")
            .await;
        let body = "<p>第一条 丁。</p>";
        world.approved_text(&path, "安府规〔2026〕3号", body).await;
        for (from, status) in [
            ("2026-11-19", 422),
            ("2026-11-20", 422),
            ("2026-11-21", 303),
        ] {
            assert_eq!(world.amends_from(&path, from).await, status, "{from}");
        }
        let ended = world.law("乙办法").await;
        assert_eq!(world.turns(&ended, "repealed", "2026-10-12", "").await, 303);
        world.approved_text(&ended, "安府规〔2026〕4号", body).await;
        assert_eq!(world.amends_from(&ended, "2026-11-20").await, 422);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&ended).await.page();
        assert!(!page.contains("value=\"amends\""), "{page}");
        // What is wrong in it is still corrected.
        let corrects = [("explanation", "更正错字。")];
        assert_eq!(
            world.act(world.clerk, &ended, "publish", &corrects).await,
            303
        );
    }
}

#[tokio::test]
async fn a_text_says_of_one_amendment_that_it_made_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let public = path.replace("/workspace", "");
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-20")
            .await;
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 8));
        world
            .amends(&path, "<p>第一条 丙。</p>", "2026-11-20")
            .await;
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("以下是修改后的文本，自2026年11月20日起施行")
                && !page.contains("【已修改】"),
            "{page}"
        );
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 31));
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("【已修改】以下是2026年11月20日起适用") && !page.contains("起施行；此前"),
            "{page}"
        );
    }
}

/// Something in it was for nobody: the text goes, with a word on why, and the document stays.
#[tokio::test]
async fn an_earlier_text_is_taken_from_the_public_and_given_out_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        let history = path.replace("/workspace", "") + "/history";
        let read = async |query: &str| {
            let page = world.public().get(&format!("{history}{query}")).await;
            page.page()
        };
        assert!(read("").await.contains("公开是常态"));
        assert!(read("?on=2026-10-05").await.contains("公开是常态"));
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        let text = first_choice(&page, "name=\"text\"");
        let newest = page.split("&amp;to=").nth(1).unwrap();
        let newest = newest.split('"').next().unwrap().to_owned();
        let why = "第一条载有个人联系电话。";
        for (text, why, sure, status) in [
            (text.as_str(), "", "yes", 422),
            (text.as_str(), why, "", 422),
            (newest.as_str(), why, "yes", 422),
            ("", why, "yes", 422),
            (text.as_str(), why, "yes", 303),
            (text.as_str(), why, "yes", 422),
        ] {
            let said = [("text", text), ("why_hidden", why), ("sure", sure)];
            let done = world.act(world.clerk, &path, "history/hide", &said).await;
            assert_eq!(done, status, "{text} {why} {sure}");
        }
        for query in ["", "?on=2026-10-05"] {
            let page = read(query).await;
            assert!(!page.contains("公开是常态"), "{query}: {page}");
            assert!(
                page.contains("不再提供。说明：第一条载有个人联系电话。"),
                "{page}"
            );
        }
        assert!(read("").await.contains("修改前的文本不再提供，不作比较"));
        assert!(read("?on=2026-10-13").await.contains("第一条 乙。"));
        let page = clerk.get(&path).await.page();
        assert!(page.contains("适用的旧文本（第1稿）不再提供"), "{page}");
        let other = [("hidden", text.as_str())];
        let unknown = world
            .act(world.stranger, &path, "history/show", &other)
            .await;
        assert_eq!(unknown, 404, "another unit's");
        for (why, status) in [("", 422), ("核实后没有个人信息。", 303), ("再来", 422)] {
            let said = [("hidden", text.as_str()), ("why_shown", why)];
            let done = world.act(world.clerk, &path, "history/show", &said).await;
            assert_eq!(done, status, "{why}");
        }
        assert!(read("").await.contains("公开是常态"));
        assert!(read("?on=2026-10-05").await.contains("公开是常态"));
    }
}

#[tokio::test]
async fn the_text_of_today_is_no_earlier_one_though_another_edition_has_its_words() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let body = "<p>第一条 乙。</p>";
        world.amends(&path, body, "2026-10-13").await;
        // Only what is attached is corrected.
        world.writes_anew(&path, body).await;
        let corrects = [("explanation", "更正附件。")];
        let corrected = world.act(world.clerk, &path, "publish", &corrects).await;
        assert_eq!(corrected, 303);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        let texts = page.split("name=\"text\"").nth(1).unwrap();
        let texts = texts.split("</select>").next().unwrap();
        assert!(texts.contains("（第1稿）"), "{texts}");
        assert!(!texts.contains("（第2稿）"), "{texts}");
    }
}

#[tokio::test]
async fn an_amendment_that_was_none_becomes_a_correction() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let public = path.replace("/workspace", "");
        let body = "<p>第一条 公开是常态，不公开是例外。</p>";
        world.amends(&path, body, "2026-10-20").await;
        let history = format!("{public}/history?on=2026-10-05");
        assert!(
            world
                .public()
                .get(&history)
                .await
                .page()
                .contains("至2026年10月19日")
        );
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("自2026年10月20日起施行") && !page.contains("【已修改】"),
            "{page}"
        );
        let days = jiff::SignedDuration::from_hours(24 * 8);
        world.clock.advance(days);
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("【已修改】以下是2026年10月20日起适用的修改后的文本，依据：修改决定"),
            "{page}"
        );
        let mut clerk = world.browser(world.clerk).await;
        let turn = first_choice(&clerk.get(&path).await.page(), "<select id=\"turn\"");
        let undo = [("turn", turn.as_str()), ("why_undone", "只是更正一处差错")];
        assert_eq!(
            world.act(world.clerk, &path, "validity/undo", &undo).await,
            303
        );
        let page = world.public().get(&history).await.page();
        assert!(
            !page.contains("至2026年10月19日") && page.contains("不公开是例外"),
            "{page}"
        );
    }
}

/// 历次文本 shows a text whole, with pictures that the present one lacks, as long as the public may read it.
#[tokio::test]
async fn pictures_of_an_earlier_text_are_shown_until_it_is_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let name = world.app.files.put(PNG).unwrap() + ".png";
        let drawn = format!(
            "<p>第一条 公开是常态。</p><p><img src=\"pictures/{name}\" alt=\"流程图\"></p>"
        );
        let path = world.draft("normative", "甲办法", &drawn).await;
        let none = [("rest", "none")];
        assert_eq!(world.act(world.clerk, &path, "pictures", &none).await, 303);
        world.goes_out(&path, Kind::Normative).await;
        let public = path.replace("/workspace", "");
        let address = format!("{public}/pictures/{name}");
        let status = async || world.public().get(&address).await.status;
        assert_eq!(status().await, 200);
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        let old = format!("{public}/history?on=2026-10-05");
        let page = world.public().get(&old).await.page();
        assert!(page.contains(&address), "{page}");
        assert_eq!(status().await, 200, "an earlier text's");
        let text = world.hides_text(&path, "图中有个人信息。").await;
        assert_eq!(status().await, 404, "taken back");
        world.shows_text(&path, &text).await;
        assert_eq!(status().await, 200);
        // It is found as public by its bytes, and goes alone, too.
        let list = world.takes_down(PNG, "图中有个人信息。").await;
        assert!(list.contains("文件正文里的图片"), "{list}");
        assert!(!list.contains("不在公开的这一稿里"), "{list}");
        assert_eq!(status().await, 410);
    }
}

/// What an amendment drops was public with the text before it, and stays so as long as that text does.
#[tokio::test]
async fn attachments_of_an_earlier_text_are_given_out_until_it_is_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("normative", "甲办法", "<p>第一条 甲。</p>")
            .await;
        let old = world.attaches(&path, ("目录.txt", OLD)).await;
        world.goes_out(&path, Kind::Normative).await;
        let public = path.replace("/workspace", "");
        let shown = format!("{public}/files/{old}");
        assert_eq!(world.public().get(&shown).await.status, 200);
        let new = world
            .replaces(&path, ("<p>第一条 乙。</p>", &old), ("新目录.txt", NEW))
            .await;
        world.approve(&path, Kind::Normative).await;
        // Not before it goes out.
        let history = format!("{public}/history");
        let page = world.public().get(&history).await.page();
        assert!(!page.contains("新目录.txt"), "{page}");
        assert_eq!(world.amends_from(&path, "2026-10-13").await, 303);
        assert_eq!(world.public().get(&shown).await.status, 404);
        let page = world
            .public()
            .get(&format!("{history}?on=2026-10-05"))
            .await
            .page();
        let words = "2026年10月1日至2026年10月12日适用的文本的附件：<a href=\"";
        let link = page.split(words).nth(1).unwrap();
        let link = link.split('"').next().unwrap().to_owned();
        assert!(link.starts_with(&history) && link.ends_with(&old), "{link}");
        assert!(
            page.contains(&format!("{public}/files/{new}\">新目录.txt")),
            "the present text's, by its own address: {page}"
        );
        let status = async || world.public().get(&link).await.status;
        assert_eq!(status().await, 200);
        // Neither the other text's file nor that of a text that is none of it.
        let other = link.replace(&old, &new);
        assert_eq!(world.public().get(&other).await.status, 404);
        let unknown = link.replace(&edition_of(&link), &old);
        assert_eq!(world.public().get(&unknown).await.status, 404);

        let text = world.hides_text(&path, "目录中有个人信息。").await;
        assert_eq!(status().await, 404, "taken back");
        let page = world.public().get(&history).await.page();
        assert!(!page.contains(&link), "{page}");
        world.shows_text(&path, &text).await;
        assert_eq!(status().await, 200);

        let list = world.takes_down(OLD, "目录中有个人信息。").await;
        assert!(list.contains("■ 能"), "{list}");
        assert!(!list.contains("不在公开的这一稿里"), "{list}");
        assert_eq!(status().await, 410);
        let page = world.public().get(&history).await.page();
        assert!(
            page.contains("目录.txt（已撤下：目录中有个人信息。）"),
            "{page}"
        );
    }
}

/// A correction takes a file away for good, though its words are those of the text that it corrects.
#[tokio::test]
async fn a_file_that_a_correction_took_away_is_of_no_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body = "<p>第一条 甲。</p>";
        let path = world.draft("normative", "甲办法", body).await;
        let wrong = world.attaches(&path, ("目录.txt", OLD)).await;
        world.goes_out(&path, Kind::Normative).await;
        let right = world
            .replaces(&path, (body, &wrong), ("新目录.txt", NEW))
            .await;
        world.approve(&path, Kind::Normative).await;
        let corrects = [("explanation", "更正附件。")];
        let corrected = world.act(world.clerk, &path, "publish", &corrects).await;
        assert_eq!(corrected, 303);
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        let public = path.replace("/workspace", "");
        let page = world
            .public()
            .get(&format!("{public}/history"))
            .await
            .page();
        assert!(
            page.contains("2026年10月12日适用的文本的附件：") && !page.contains(&wrong),
            "{page}"
        );
        let link = page.split(&format!("{public}/history/")).nth(1).unwrap();
        let edition = link.split('/').next().unwrap();
        let of = |file: &str| format!("{public}/history/{edition}/files/{file}");
        assert_eq!(world.public().get(&of(&right)).await.status, 200);
        assert_eq!(world.public().get(&of(&wrong)).await.status, 404);
    }
}
