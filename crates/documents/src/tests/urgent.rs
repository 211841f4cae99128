//! 紧急发布, 原文意见, 修改与历次文本, 依据和引用: whole stories on both databases.

use super::*;
use crate::review::urgent::chain;

impl World {
    /// A notice that went out after secrecy and the third review, with the steps that come after.
    async fn urgent(&self, title: &str, body: &str) -> (String, Vec<Step>) {
        let path = self.draft("notice", title, body).await;
        let urgent = [("urgent", "yes"), ("reason", "台风红色预警")];
        assert_eq!(self.act(self.clerk, &path, "send", &urgent).await, 303);
        let mut steps = chain(Kind::Notice.chain());
        let after = steps.split_off(2);
        for step in steps {
            self.pass(&path, step).await;
        }
        assert_eq!(self.act(self.clerk, &path, "publish", &[]).await, 303);
        (path, after)
    }
}

#[tokio::test]
async fn what_is_urgent_goes_out_after_secrecy_and_its_review_follows() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "台风停课通知", "<p>即日停课。</p>")
            .await;
        let public = path.replace("/workspace", "");
        let urgent = [("urgent", "yes"), ("reason", "")];
        assert_eq!(
            world.act(world.clerk, &path, "send", &urgent).await,
            422,
            "no reason"
        );
        let urgent = [("urgent", "yes"), ("reason", "台风红色预警")];
        assert_eq!(world.act(world.clerk, &path, "send", &urgent).await, 303);
        let steps = chain(Kind::Notice.chain());
        assert_eq!(steps[..2], [Step::Secrecy, Step::ThirdReview]);
        // Not before secrecy, not before the third review.
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.pass(&path, steps[0]).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.pass(&path, steps[1]).await;
        assert_eq!(world.public().get(&public).await.status, 404);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        assert_eq!(world.public().get(&public).await.status, 200);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        for words in ["已紧急发布", "2026年10月19日", "台风红色预警"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        // Public and under review: neither called back nor published twice; who let it out reviews nothing of it.
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 422);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        for step in &steps[2..] {
            world.pass(&path, *step).await;
        }
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("已定稿") && !page.contains("正在补办"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_late_review_that_is_not_done_in_its_time_is_a_finding() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (path, after) = world.urgent("台风停课通知", "<p>即日停课。</p>").await;
        let night = async || {
            let (calendar, today) = (world.app.calendar(), world.app.today());
            let look = async |tx: &mut Tx| {
                crate::review::late::look(tx, &Actor::System, (&calendar, today)).await
            };
            let outcome = world.db.write(look).await.unwrap();
            (outcome.late, outcome.settled)
        };
        // Published on Monday 12 October: the fifth working day is Monday the 19th.
        let days = |n: i64| jiff::SignedDuration::from_hours(24 * n);
        world.clock.advance(days(7));
        assert_eq!(night().await, (0, 0), "the last day is still in time");
        world.clock.advance(days(1));
        assert_eq!(night().await, (1, 0));
        assert_eq!(night().await, (1, 0), "found again, it is one finding");
        let found = async || {
            let rows = world
                .db
                .read(async |tx: &mut Tx| {
                    tx.all(sql(
                        "SELECT state, title, detail FROM finding WHERE key LIKE 'late-review:%'",
                    ))
                    .await
                })
                .await
                .unwrap();
            assert_eq!(rows.len(), 1);
            let text = |column: &str| rows[0].get::<String>(column).unwrap();
            (text("state"), text("title"), text("detail"))
        };
        let (state, title, detail) = found().await;
        assert_eq!(title, "紧急发布的补审超期：《台风停课通知》");
        assert!(
            state == "to_verify" && detail.contains("2026年10月19日"),
            "{detail}"
        );
        assert!(
            detail.contains(after[0].name()) && !detail.contains(Step::Secrecy.name()),
            "{detail}"
        );
        for step in &after {
            world.pass(&path, *step).await;
        }
        assert_eq!(night().await, (0, 1));
        assert_eq!(night().await, (0, 0));
        assert_eq!(found().await.0, "closed");
    }
}

#[tokio::test]
async fn a_late_review_sends_back_what_the_public_reads() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body = "<p>明天停水，年底前恢复。</p>";
        let (path, _) = world.urgent("停水通知", body).await;
        let proof = world.who(Role::Proofreader);
        assert_eq!(world.review(proof, &path, "claim", &[], "").await, 303);
        // A remark on a passage that the text does not have leads nobody anywhere.
        let version = world.step_version(&path).await;
        let mut browser = world.browser(proof).await;
        let remark = |quote: &'static str| {
            [
                ("version", version.as_str().to_owned()),
                ("act", "return".to_owned()),
                ("quote", quote.to_owned()),
                ("note", "应为今天".to_owned()),
            ]
        };
        let mut say = async |quote: &'static str| {
            let fields = remark(quote);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            browser.post(&format!("{path}/review"), &fields).await
        };
        assert_eq!(say("后天停水").await.status, 422);
        assert_eq!(say("明天停水").await.status, 303);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        for words in [
            "补审没有通过",
            "应为今天",
            "<mark id=\"r1\">明天停水<sup>1</sup></mark>",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        // The same text is not sent again; the next one is reviewed as ever and corrects it.
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let fields = [
            ("title", "停水通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", "<p>今天停水。</p>"),
        ];
        world.rewrites(&path, &fields).await;
        world.approve(&path, Kind::Notice).await;
        let why = [("explanation", "日期有误")];
        assert_eq!(world.act(world.clerk, &path, "publish", &why).await, 303);
        let page = world
            .public()
            .get(&path.replace("/workspace", ""))
            .await
            .page();
        assert!(
            page.contains("今天停水。") && !page.contains("明天停水"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_amendment_leaves_the_old_text_readable_and_a_correction_does_not() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body = "<p>第一条 年底前完成。</p><table><tr><td>公开</td><td>20日</td></tr></table>";
        let path = world.draft("normative", "甲办法", body).await;
        let public = path.replace("/workspace", "");
        world.goes_out(&path, Kind::Normative).await;
        // Another document rests on it.
        let upper = [
            ("title", "乙细则"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", "<p>依据甲办法。</p>"),
            (
                "cites",
                "《甲办法》（安府规〔2026〕3号）\n《没有的文件》（安府〔2001〕1号）",
            ),
        ];
        let below = world.draft("notice", "乙细则", "<p>依据甲办法。</p>").await;
        world.rewrites(&below, &upper).await;
        world.goes_out(&below, Kind::Notice).await;
        let page = world.browser(world.clerk).await.get(&below).await.page();
        assert!(
            page.contains("与引用时一致") && page.contains("本库没有"),
            "{page}"
        );

        let head = |body: &'static str| form(("甲办法", "安府规〔2026〕3号"), ("html", body));
        // A correction first: what was wrong is shown nowhere.
        world.rewrites(&path, &head("<p>第一条 11月底前完成。</p><table><tr><td>公开</td><td>20日</td></tr></table>")).await;
        world.approve(&path, Kind::Normative).await;
        let wrong = [
            ("word", "amends"),
            ("from", "2026-09-01"),
            ("explanation", "据"),
        ];
        assert_eq!(
            world.act(world.clerk, &path, "publish", &wrong).await,
            422,
            "before it was in force"
        );
        let corrects = [("explanation", "日期有误")];
        assert_eq!(
            world.act(world.clerk, &path, "publish", &corrects).await,
            303
        );
        let history = world
            .public()
            .get(&format!("{public}/history"))
            .await
            .page();
        assert!(!history.contains("年底前"), "{history}");
        assert!(
            history.contains("现在的文本已于2026年10月12日更正。更正说明：日期有误"),
            "{history}"
        );
        // Then an amendment from a day on.
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        world.rewrites(&path, &head("<p>第一条 11月底前完成。</p><table><tr><td>公开</td><td>15日</td></tr></table>")).await;
        world.approve(&path, Kind::Normative).await;
        let amends = [
            ("word", "amends"),
            ("from", "2026-12-01"),
            ("explanation", "《修改甲办法的决定》"),
        ];
        assert_eq!(world.act(world.clerk, &path, "publish", &amends).await, 303);
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("自2026年12月1日起施行")
                && page.contains("15日")
                && page.contains(r#""dateModified":"2026-10-13""#),
            "{page}"
        );
        let day = world
            .public()
            .get(&format!("{public}/history?on=2026-11-30"))
            .await
            .page();
        let text = day
            .split("<article")
            .nth(1)
            .unwrap()
            .split("</article>")
            .next()
            .unwrap();
        assert!(text.contains("20日") && !text.contains("15日"), "{text}");
        assert!(day.contains("<ins>15</ins>日"), "{day}");
        let coming = day.find("2026年12月1日起</a>　尚未生效");
        let now = day.find("至2026年11月30日</a>　现在的文本");
        assert!(coming.is_some() && coming < now, "{day}");
        let day = world
            .public()
            .get(&format!("{public}/history?on=2026-12-01"))
            .await
            .page();
        let text = day
            .split("<article")
            .nth(1)
            .unwrap()
            .split("</article>")
            .next()
            .unwrap();
        assert!(text.contains("15日"), "{text}");
        let day = world
            .public()
            .get(&format!("{public}/history?on=2026-09-01"))
            .await
            .page();
        assert!(day.contains("还没有适用的文本"), "{day}");
        assert_eq!(
            world
                .public()
                .get(&format!("{public}/history?on=x"))
                .await
                .status,
            200
        );
        // Who rests on it sees that it changed, and is told.
        let page = world.browser(world.clerk).await.get(&below).await.page();
        assert!(page.contains("内容在引用之后变了"), "{page}");
        let told: i64 = world
            .db
            .read(async |tx: &mut Tx| {
                let statement =
                    "SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE '引用的文件有变化%'";
                tx.one(sql(statement)).await?.get("n")
            })
            .await
            .unwrap();
        assert!(told >= 1, "the people of the other document are told");
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("引用、解读本文的文件") && page.contains("乙细则"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_went_out_urgently_and_was_withdrawn_can_be_written_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (path, _) = world.urgent("台风停课通知", "<p>即日停课。</p>").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("公众正在看这一稿") && !page.contains("/recall"),
            "{page}"
        );
        let why = [("why", "内容有误，更正后重新发布。")];
        assert_eq!(world.act(world.clerk, &path, "withdraw", &why).await, 303);
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("已经撤下，公众看不到")
                && !page.contains("公众正在看这一稿")
                && page.contains("/recall"),
            "{page}"
        );
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 303);
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("写更正稿") && !page.contains("/send\""),
            "the text that went out is not sent again: {page}"
        );
        let more = [
            ("title", "台风停课通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
        ];
        let more = [&more[..], &[("body", "<p>明日停课。</p>")]].concat();
        world.rewrites(&path, &more).await;
        world.approve(&path, Kind::Notice).await;
        let said = [("explanation", "更正停课日期。")];
        assert_eq!(world.act(world.clerk, &path, "publish", &said).await, 303);
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        assert!(page.contains("明日停课"), "{page}");
    }
}

#[tokio::test]
async fn an_urgent_amendment_leaves_the_old_law_readable_and_has_its_own_time() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("normative", "甲办法", "<p>第一条 年底前完成。</p>")
            .await;
        world.goes_out(&path, Kind::Normative).await;
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 30));
        let number = "安府规〔2026〕3号";
        let next = form(("甲办法", number), ("html", "<p>第一条 立即完成。</p>"));
        world.rewrites(&path, &next).await;
        let urgent = [("urgent", "yes"), ("reason", "台风红色预警")];
        assert_eq!(world.act(world.clerk, &path, "send", &urgent).await, 303);
        for step in &chain(Kind::Normative.chain())[..3] {
            world.pass(&path, *step).await;
        }
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains("name=\"word\" value=\"amends\""), "{page}");
        let amends = [
            ("word", "amends"),
            ("from", "2026-11-12"),
            ("explanation", "《修改甲办法的决定》"),
        ];
        assert_eq!(world.act(world.clerk, &path, "publish", &amends).await, 303);
        let history = format!("{}/history?on=2026-11-11", path.replace("/workspace", ""));
        let page = world.public().get(&history).await.page();
        assert!(page.contains("年底前完成"), "{page}");

        // Its late review has the days that follow this publication, not those after the first one.
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        let (calendar, today) = (world.app.calendar(), world.app.today());
        let look = async |tx: &mut Tx| {
            crate::review::late::look(tx, &Actor::System, (&calendar, today)).await
        };
        assert_eq!(world.db.write(look).await.unwrap().late, 0);
    }
}
