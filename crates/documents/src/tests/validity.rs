//! 继续有效, 修改, 废止, 宣布失效: each walked to the public page, and the worksheet that is handed around.

use super::*;

impl World {
    pub(super) async fn law(&self, title: &str) -> String {
        let path = self
            .draft("normative", title, "<p>第一条 公开是常态。</p>")
            .await;
        self.goes_out(&path, Kind::Normative).await;
        path
    }

    pub(super) async fn turns(&self, path: &str, change: &str, on: &str, until: &str) -> u16 {
        let fields = [
            ("change", change),
            ("on", on),
            ("until", until),
            ("basis", "市政府第12次常务会议"),
        ];
        self.act(self.clerk, path, "validity", &fields).await
    }

    async fn worksheet(&self) -> String {
        let mut clerk = self.browser(self.clerk).await;
        clerk.get("/workspace/documents/cleanup").await.page()
    }
}

#[tokio::test]
async fn each_change_of_validity_reaches_the_public_and_leaves_the_worksheet() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Their last day is 31 January 2027, within half a year.
        for (title, change, until, says) in [
            ("甲办法", "kept", "2029-01-31", "2029年1月31日"),
            ("乙办法", "amended", "", "已修改"),
            ("丙办法", "repealed", "", "【已废止】"),
            ("丁办法", "lapsed", "", "【已失效】"),
        ] {
            let path = world.law(title).await;
            assert!(world.worksheet().await.contains(title));
            assert_eq!(world.turns(&path, change, "2026-10-12", until).await, 303);
            let public = path.replace("/workspace", "");
            let page = world.public().get(&public).await.page();
            assert!(
                page.contains(says) && page.contains("市政府第12次常务会议"),
                "{change}: {page}"
            );
            // What is only amended still lapses on its day.
            let listed = world.worksheet().await.contains(title);
            assert_eq!(listed, change == "amended", "{change}");
        }
        // The annual report counts what ended in the year, and what is in force at its end.
        let figures = async |year: i16| -> Vec<i64> {
            let keys = ["repealed", "in_force"].map(|name| FigureKey {
                name: format!("documents.table2.normative.{name}"),
                organ: world.city,
                year,
            });
            let seams = crate::seams();
            let found = world
                .db
                .read(async |tx: &mut Tx| seams.figures(tx, &keys).await)
                .await
                .unwrap();
            found.into_iter().map(|one| one.unwrap().value).collect()
        };
        assert_eq!(figures(2026).await, [2, 2]);
        assert_eq!(figures(2025).await, [0, 0]);
        // At the end of the next year the amended one has lapsed by its own last day.
        assert_eq!(figures(2027).await, [0, 1]);
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
async fn what_has_no_validity_is_not_on_the_worksheet() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>正文。</p>")
            .await;
        world.goes_out(&path, Kind::Notice).await;
        // Nothing could be recorded of it that takes it off again.
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 422);
        assert!(!world.worksheet().await.contains("关于开放日的通知"));
    }
}

#[tokio::test]
async fn what_ended_does_not_go_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        for (change, on, until) in [
            ("kept", "2026-10-12", ""),
            ("kept", "2026-10-12", "2026-10-11"),
            ("kept", "2027-02-01", "2029-01-31"),
            ("repealed", "1026-10-12", ""),
        ] {
            assert_eq!(world.turns(&path, change, on, until).await, 422, "{on}");
        }
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 303);
        for change in ["kept", "amended", "repealed", "lapsed"] {
            let again = world.turns(&path, change, "2026-10-12", "2028-01-01").await;
            assert_eq!(again, 422, "{change}");
        }
    }
}

#[tokio::test]
async fn the_worksheet_leaves_as_a_file_with_room_for_an_opinion() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.law("甲办法").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/documents/cleanup").await.page();
        assert!(page.contains("/workspace/documents/cleanup.xlsx"), "{page}");
        let file = clerk.get("/workspace/documents/cleanup.xlsx").await;
        assert_eq!(file.status, 200);
        let read = gongkai_office::read(&file.bytes, &gongkai_office::Limits::default()).unwrap();
        let words = gongkai_office::hidden::text_of(&read);
        for said in ["到期清理表", "甲办法", "2027-01-31", "111", "清理意见"] {
            assert!(words.contains(said), "{said} in {words}");
        }
        // Another government's clerk has another sheet.
        let mut stranger = world.browser(world.stranger).await;
        let file = stranger.get("/workspace/documents/cleanup.xlsx").await;
        let read = gongkai_office::read(&file.bytes, &gongkai_office::Limits::default()).unwrap();
        assert!(!gongkai_office::hidden::text_of(&read).contains("甲办法"));
    }
}

/// The id of the only event that may be undone.
fn recorded(page: &str) -> String {
    let list = page.split("<select id=\"turn\"").nth(1).unwrap();
    let id = list.split("<option value=\"").nth(1).unwrap();
    id.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_recorded_by_mistake_is_undone_and_the_public_reads_why() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let public = path.replace("/workspace", "");
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 303);
        assert!(
            world
                .public()
                .get(&public)
                .await
                .page()
                .contains("【已废止】")
        );
        let mut clerk = world.browser(world.clerk).await;
        let turn = recorded(&clerk.get(&path).await.page());
        let undo = |why| [("turn", turn.clone()), ("why_undone", String::from(why))];
        for (why, status) in [
            ("", 422),
            ("废止的是2019年的同名文件", 303),
            ("再来一次", 422),
        ] {
            let fields = undo(why);
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let done = world
                .act(world.clerk, &path, "validity/undo", &fields)
                .await;
            assert_eq!(done, status, "{why}");
        }
        let page = world.public().get(&public).await.page();
        assert!(
            !page.contains("【已废止】") && page.contains("现行有效"),
            "{page}"
        );
        assert!(
            page.contains("登记有误，已撤销。废止的是2019年的同名文件"),
            "{page}"
        );
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("<s>废止") && page.contains("撤销《甲办法》的有效性登记"),
            "{page}"
        );
        // It goes on as before: on the worksheet, and open to another act.
        assert!(world.worksheet().await.contains("甲办法"));
        let kept = world.turns(&path, "kept", "2026-10-12", "2029-01-31").await;
        assert_eq!(kept, 303);
    }
}

impl World {
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
        let city = self.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("version", &self.version(path).await),
            ("title", "甲办法"),
            ("number", number),
            ("theme", "综合政务"),
            ("issued_on", "2026-09-01"),
            ("effective_on", "2026-10-01"),
            ("expires_on", "2027-01-31"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", body),
        ];
        let mut clerk = self.browser(self.clerk).await;
        let write = format!("{path}/write");
        let saved = clerk.upload(&write, &fields, ("file", "", b"")).await;
        assert_eq!(saved.status, 303);
        self.approve(path, Kind::Normative).await;
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

#[tokio::test]
async fn a_page_says_what_its_text_is_and_until_when_it_is_valid_now() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let public = path.replace("/workspace", "");
        for (change, until) in [("kept", "2029-01-31"), ("amended", "")] {
            let turned = world.turns(&path, change, "2026-10-12", until).await;
            assert_eq!(turned, 303, "{change}");
        }
        let mut clerk = world.browser(world.clerk).await;
        for page in [&public, &path] {
            let page = clerk.get(page).await.page();
            let until = "<dt>有效期至</dt><dd>2029年1月31日（原2027年1月31日）</dd>";
            assert!(page.contains(until), "{page}");
        }
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("以下仍是修改前的文本") && !page.contains("修改后的文本"),
            "{page}"
        );
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("【已修改】以下是2026年10月13日起适用的修改后的文本")
                && !page.contains("修改前的文本"),
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
        let texts = page.split("name=\"text\"").nth(1).unwrap();
        let text = texts.split("<option value=\"").nth(1).unwrap();
        let text = text.split('"').next().unwrap().to_owned();
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
        let page = world.browser(world.clerk).await.get(&path).await.page();
        let texts = page.split("name=\"text\"").nth(1).unwrap();
        let text = texts.split("<option value=\"").nth(1).unwrap();
        let text = text.split('"').next().unwrap();
        let said = [
            ("text", text),
            ("why_hidden", "图中有个人信息。"),
            ("sure", "yes"),
        ];
        let hidden = world.act(world.clerk, &path, "history/hide", &said).await;
        assert_eq!(hidden, 303);
        assert_eq!(status().await, 404, "taken back");
        let said = [("hidden", text), ("why_shown", "核实后没有个人信息。")];
        let shown = world.act(world.clerk, &path, "history/show", &said).await;
        assert_eq!(shown, 303);
        assert_eq!(status().await, 200);
        // It is found as public by its bytes, and goes alone, too.
        let list = world.takes_down(PNG, "图中有个人信息。").await;
        assert!(list.contains("文件正文里的图片"), "{list}");
        assert!(!list.contains("不在公开的这一稿里"), "{list}");
        assert_eq!(status().await, 410);
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
        let turn = recorded(&clerk.get(&path).await.page());
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

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let version = world.version(&path).await;
        let typed = [
            ("version", version.as_str()),
            ("change", "kept"),
            ("on", "2026-10-09"),
            ("until", "2026-10-01"),
            ("basis", "市政府第12次常务会议"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let to = format!("{path}/validity");
        // The page that answers stands at the address of the form; a second mistake is answered there too.
        for page in [&path, &to] {
            let answer = clerk.post_from(page, &to, &typed).await;
            assert_eq!(answer.status, 422);
            let shown = answer.text();
            for said in [
                "<a href=\"#until\">继续有效要写明新的有效期至。</a>",
                "<option value=\"kept\" selected>",
                "value=\"2026-10-09\"",
                "value=\"2026-10-01\"",
                "value=\"市政府第12次常务会议\"",
                "id=\"validity\"",
            ] {
                assert!(shown.contains(said), "{said}: {shown}");
            }
        }
        // Somebody else was faster: the newest page, with what was typed.
        assert_eq!(
            world.turns(&path, "kept", "2026-10-12", "2028-01-31").await,
            303
        );
        let answer = clerk.post_from(&path, &to, &typed).await;
        assert_eq!(answer.status, 409);
        let shown = answer.text();
        assert!(
            shown.contains("别人刚刚改动了同一内容")
                && shown.contains("value=\"市政府第12次常务会议\"")
        );
        // A page that the person may not see, or that is none, is not asked for.
        for elsewhere in ["/workspace/accounts", "/documents", "/workspace/nowhere"] {
            let answer = clerk.post_from(elsewhere, &to, &typed).await;
            assert_eq!(answer.status, 409);
            assert!(answer.text().contains("打开最新内容"), "{elsewhere}");
        }
    }
}

#[tokio::test]
async fn no_button_ends_in_a_refusal() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Repealed: nothing follows but undoing.
        let path = world.law("甲办法").await;
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 303);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(
            !page.contains("记入有效性") && page.contains("撤销登记"),
            "{page}"
        );
        // What is missing is told; it cannot be sent.
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "乙办法"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "第一条 甲。"),
        ];
        let to = "/workspace/documents/new?kind=normative";
        let begun = clerk.upload(to, &fields, ("file", "", b"")).await;
        let bare = begun.redirected();
        let page = clerk.get(&bare).await.page();
        assert!(page.contains("送审前还要补齐") && !page.contains("<button class=\"main\">送审"));
        // Who took the first review does not take the second.
        let path = world
            .draft("normative", "丙办法", "<p>第一条 甲。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let both = [
            (Role::FirstReviewer, world.office),
            (Role::SecondReviewer, world.office),
        ];
        let both = testing::person(&world.db, "兼任", &both).await;
        for step in Kind::Normative.chain() {
            if step.role() == Role::SecondReviewer {
                break;
            }
            let who = if step.role() == Role::FirstReviewer {
                both
            } else {
                world.who(step.role())
            };
            let checks = world.fine(&path, *step).await;
            assert_eq!(world.review(who, &path, "claim", &[], "").await, 303);
            assert_eq!(world.review(who, &path, "pass", &checks, "").await, 303);
        }
        let page = world.browser(both).await.get(&path).await.page();
        assert!(
            page.contains("二审须由另一个人办理") && !page.contains("领取二审"),
            "{page}"
        );
        assert_eq!(world.review(both, &path, "claim", &[], "").await, 422);
        let second = world.who(Role::SecondReviewer);
        assert!(
            world
                .browser(second)
                .await
                .get(&path)
                .await
                .page()
                .contains("领取二审")
        );
    }
}

impl World {
    /// As many public documents as this one with this name and last day; where `kept`, each stays in force far beyond it.
    pub(super) async fn copies(&self, of: &str, (n, name, last): (usize, &str, &str), kept: bool) {
        let id = of.rsplit('/').next().unwrap().to_owned();
        let copy = "INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, published_id, \
             published_at, explanation, title, number, theme, issued_on, effective_on, expires_on, limited, year, version, created_at) \
             SELECT $1, owner_id, organ_id, kind, state, visibility, '', edition_id, published_id, published_at, explanation, $2, '', \
             theme, issued_on, effective_on, $3, limited, year, version, created_at FROM document WHERE id = $4";
        let keep = "INSERT INTO validity_event (id, document_id, change, happened_on, basis, until_on, recorded_by, created_at, successor) \
             VALUES ($1, $2, 'kept', '2026-10-01', '决定', '2031-01-31', '文书', 0, '')";
        self.db
            .upkeep(async |tx: &mut Tx| {
                for at in 0..n {
                    let one = tx.fresh().to_string();
                    let made = sql(copy).bind(&one).bind(format!("{name}{at:03}"));
                    tx.run(made.bind(last).bind(&id)).await?;
                    if kept {
                        let event = tx.fresh().to_string();
                        tx.run(sql(keep).bind(event).bind(&one)).await?;
                    }
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_worksheet_is_narrowed_before_it_is_cut() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        // Nobody need decide on these any more, though their printed days come first.
        world
            .copies(&path, (510, "保留办法", "2026-11-01"), true)
            .await;
        world
            .copies(&path, (60, "到期办法", "2027-02-01"), false)
            .await;
        let page = world.worksheet().await;
        assert!(
            page.contains("共 61 条") && page.contains("甲办法"),
            "{page}"
        );
        assert!(!page.contains("保留办法") && page.contains("到期办法"));
        let mut clerk = world.browser(world.clerk).await;
        let second = "/workspace/documents/cleanup?page=2";
        let second = clerk.get(second).await.page();
        assert!(
            second.contains("第 51–61 条") && second.contains("到期办法"),
            "{second}"
        );
        let file = clerk.get("/workspace/documents/cleanup.xlsx").await;
        let read = gongkai_office::read(&file.bytes, &gongkai_office::Limits::default()).unwrap();
        let words = gongkai_office::hidden::text_of(&read);
        assert_eq!(words.matches("到期办法").count(), 60, "all of them");
        assert!(words.contains("甲办法") && !words.contains("保留办法"));
    }
}
