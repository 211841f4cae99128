//! An order to publish begins a draft: its unit finds it, without a text, and a government's lies at its office.

use super::*;
use gongkai_platform::seam::ToDraft;

#[tokio::test]
async fn an_order_begins_a_draft_without_a_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let drafts = world.app.seams.drafts.clone().unwrap();
        let wanted = ToDraft {
            owner: world.office,
            title: "公交线路调整评估报告".to_owned(),
            source: "依申请公开决定转为主动公开".to_owned(),
        };
        let begin = async |tx: &mut Tx| drafts.begin(tx, &Actor::System, &wanted).await;
        let draft = world.db.write(begin).await.unwrap().unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&draft.path).await.page();
        for words in [
            "公交线路调整评估报告",
            "依申请公开决定转为主动公开",
            "安澜市人民政府",
            "起草",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // Nobody of the public sees it, nor does another unit.
        let refs = [draft.of.clone()];
        let entries = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.entries(tx, &refs).await)
            .await
            .unwrap();
        assert_eq!(entries, [None]);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&draft.path).await.status, 404);
        // Where the unit is no more, there is no draft.
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let gone = sql("UPDATE organ SET status = 'dissolved' WHERE id = $1");
                tx.run(gone.bind(world.office)).await?;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert_eq!(world.db.read(begin).await.unwrap(), None);
    }
}

/// Finds a virus in one file, and looks at no other.
struct Unwell;

impl gongkai_platform::files::Scanner for Unwell {
    fn scan(&self, bytes: &[u8]) -> Result<(), gongkai_platform::files::NotKept> {
        if bytes == b"ill" {
            Err(gongkai_platform::files::NotKept::Infected(
                "Eicar".to_owned(),
            ))
        } else {
            Err(gongkai_platform::files::NotKept::NotScanned)
        }
    }
}

#[tokio::test]
async fn a_file_that_the_scanner_refuses_loses_nothing_that_was_typed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.seams = crate::seams();
        parts.files = parts.files.clone().scanned_by(Arc::new(Unwell));
        let router = web::wrap(web::router(crate::routes()), App::new(parts));
        let mut clerk = Browser::new(router);
        clerk.sign_in(&world.db, world.clerk).await;
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "关于开放日的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "写了很久的正文。"),
        ];
        for (bytes, says) in [("ill", "发现病毒（Eicar）"), ("well", "没有完成杀毒检查")]
        {
            let file = ("file", "名单.txt", bytes.as_bytes());
            let to = "/workspace/documents/new?kind=notice";
            let answer = clerk.upload(to, &fields, file).await;
            assert_eq!(answer.status, 422);
            let page = answer.text();
            for said in [says, "关于开放日的通知", "写了很久的正文。"] {
                assert!(page.contains(said), "{said}: {page}");
            }
        }
    }
}

#[tokio::test]
async fn each_step_says_what_comes_next() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于步骤的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let chain = Kind::Notice.chain();
        for (n, step) in chain.iter().enumerate() {
            let mut person = world.browser(world.who(step.role())).await;
            let checks = world.fine(&path, *step).await;
            let mut said = Vec::new();
            for act in ["claim", "pass"] {
                let version = world.step_version(&path).await;
                let mut fields = vec![("version", version.as_str()), ("act", act)];
                fields.extend(checks.iter().map(|check| ("check", check.as_str())));
                let done = person.post(&format!("{path}/review"), &fields).await;
                assert_eq!(done.status, 303, "{step:?}");
                said.push(person.get(&path).await.page());
            }
            let next = chain.get(n + 1).map_or_else(
                || "审核全部办完，现在可以发布".to_owned(),
                |next| format!("下一步是{}", next.name()),
            );
            assert!(said[1].contains(&next), "{next} in {}", said[1]);
        }
        // A text that is written anew loses its hour, and the author is told.
        let at = [("at", "2026-10-12T10:00")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &at).await, 303);
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于步骤的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "改过的正文。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let saved = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let page = clerk.get(&path).await.page();
        assert!(page.contains("原来定的发布时间已取消"), "{page}");
    }
}

#[tokio::test]
async fn what_a_file_lost_is_listed_for_who_wrote_and_who_reviews() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::new(|_| {
            let mut read = reader::saying("第一条 为规范管理，制定本办法。");
            read.problems = (1..=8)
                .map(|line| gongkai_office::Problem {
                    code: "formula-flattened".to_owned(),
                    message: "公式只读出了一行文字。".to_owned(),
                    place: gongkai_office::Place::at_line(line),
                    dropped_chars: 0,
                })
                .collect();
            Ok(read)
        }));
        let city = world.city.to_string();
        let form = |title: &'static str| {
            [
                ("organ", city.clone()),
                ("title", title.to_owned()),
                ("theme", "综合政务".to_owned()),
                ("openness", "open".to_owned()),
            ]
        };
        let new = "/workspace/documents/new?kind=notice";
        let mut clerk = world.browser(world.clerk).await;
        let mut first = form("").to_vec();
        first.push(("as_body", "yes".to_owned()));
        let fields: Vec<(&str, &str)> = first.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = clerk
            .upload(new, &fields, ("file", "办法.docx", b"docx"))
            .await;
        assert_eq!(refused.status, 422);
        // A form that comes back keeps the list, as it keeps the text.
        let page = refused.text();
        let lost: Vec<String> = page
            .split("name=\"lost\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert_eq!(lost.len(), 8, "{page}");
        let mut second = form("关于办法的通知").to_vec();
        second.push(("markup", "html".to_owned()));
        second.push(("body", "<p>第一条 为规范管理，制定本办法。</p>".to_owned()));
        second.extend(lost.iter().map(|one| ("lost", one.clone())));
        let fields: Vec<(&str, &str)> = second.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let saved = clerk.upload(new, &fields, ("file", "", b"")).await;
        let path = saved.redirected();
        let proof = world.who(Role::Proofreader);
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for who in [world.clerk, proof] {
            let page = world.browser(who).await.get(&path).await.page();
            assert!(
                page.contains("第1稿的正文是从文件带入的，有8处没有原样带过来")
                    && page.contains("<li>第8段：公式只读出了一行文字</li>"),
                "{page}"
            );
        }
    }
}

#[tokio::test]
async fn who_writes_for_two_units_chooses_whose_the_document_is() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let bureau = testing::organ(&world.db, "市财政局", Some(world.city)).await;
        let roles = [(Role::Author, world.office), (Role::Author, bureau)];
        let writer = testing::person(&world.db, "两处撰稿", &roles).await;
        let mut browser = world.browser(writer).await;
        let new = "/workspace/documents/new?kind=notice";
        let form = browser.get(new).await.page();
        for organ in [world.office, bureau] {
            let link = format!("kind=notice&#38;unit={organ}\"");
            assert!(form.contains(&link), "{link} {form}");
        }
        let asked = format!("{new}&unit={bureau}");
        let form = browser.get(&asked).await.page();
        let publisher = format!("<option value=\"{bureau}\"");
        assert!(form.contains(&publisher), "{form}");
        assert!(!form.contains(&format!("<option value=\"{}\"", world.city)));
        let organ = bureau.to_string();
        let fields = [
            ("organ", organ.as_str()),
            ("title", "关于预算公开的通知"),
            ("theme", "财政"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "正文。"),
        ];
        let made = browser.upload(&asked, &fields, ("file", "", b"")).await;
        let page = browser.get(&made.redirected()).await.page();
        assert!(
            page.contains("<dt>承办单位</dt><dd>市财政局</dd>"),
            "{page}"
        );
        // Nobody writes for a unit of others; who has one is not asked.
        let other = format!("{new}&unit={}", world.city);
        assert_eq!(browser.get(&other).await.status, 404);
        let form = world.browser(world.clerk).await.get(new).await.page();
        assert!(!form.contains("unit="), "{form}");
    }
}

#[tokio::test]
async fn who_drafts_for_the_government_interprets_what_it_published() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let rule = world
            .draft("normative", "安澜市停车办法", "<p>第一条 甲。</p>")
            .await;
        world.goes_out(&rule, Kind::Normative).await;
        let rule = rule.rsplit('/').next().unwrap();
        let mut bureau = world.browser(world.stranger).await;
        let new = "/workspace/documents/new?kind=interpretation";
        let page = bureau.get(new).await.page();
        let option = format!("<option value=\"{rule}\"");
        assert!(page.contains(&option), "{page}");
        let organ = page.split("<select id=\"organ\"").nth(1).unwrap();
        let organ = organ.split("</select>").next().unwrap();
        let organ = organ
            .split("<option value=\"")
            .skip(1)
            .map(|one| one.split('"').next().unwrap());
        let organ = organ.last().unwrap().to_owned();
        let form = |named: &'static str| {
            [
                ("organ", organ.clone()),
                ("title", "《安澜市停车办法》解读".to_owned()),
                ("openness", "open".to_owned()),
                ("markup", "text".to_owned()),
                ("body", "一、背景".to_owned()),
                ("interprets_named", named.to_owned()),
            ]
        };
        let mut sent = async |named| {
            let fields = form(named);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            bureau.upload(new, &fields, ("file", "", b"")).await
        };
        let refused = sent("安府规〔2026〕99号").await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("没有这个文号或名称"),
            "{}",
            refused.text()
        );
        let path = sent("安府规〔2026〕3号").await.redirected();
        let page = bureau.get(&format!("{path}/write")).await.page();
        assert!(page.contains(&format!("{option} selected")), "{page}");
    }
}

#[tokio::test]
async fn a_text_that_says_another_number_or_day_is_told_to_author_and_reviewers() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body = "<p>安府〔2026〕88号</p><p>第一条 本办法自2026年10月1日起施行，有效期5年。</p>";
        let numbered = ("normative", "安府规〔2026〕88号");
        let path = world.numbered(numbered, "安澜市停车办法", body).await;
        let number = "正文开头的文号是“安府〔2026〕88号”，文号栏填的是“安府规〔2026〕88号”";
        let until = "正文写“有效期5年”，有效期至填的是2027年1月31日";
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains(number) && page.contains(until), "{page}");
        assert!(!page.contains("正文写自"), "the first day agrees: {page}");
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let proof = world.who(Role::Proofreader);
        let page = world.browser(proof).await.get(&path).await.page();
        assert!(
            page.contains("审核时请核对：") && page.contains(number) && page.contains(until),
            "{page}"
        );
    }
}

#[tokio::test]
async fn the_form_says_what_an_address_is_for_beside_the_source_of_a_reprint() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/documents/new?kind=notice").await;
        let page = page.page();
        for words in [
            "转载来源网址",
            "附上的网址",
            "在别的网站上的材料，网址列在附件里",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }
}
