//! 继续有效, 修改, 废止, 宣布失效: each walked to the public page, and undone.

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
        let turn = first_choice(&clerk.get(&path).await.page(), "<select id=\"turn\"");
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
                "<a href=\"#until\">新的有效期至2026年10月1日早于处理日期2026年10月9日，请核对这两个日期。</a>",
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
