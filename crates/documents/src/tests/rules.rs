//! 检查词库和例外: what the office adds holds in every check from then on, and goes when it is taken away.

use gongkai_platform::seam::Check as _;

use super::*;
use crate::seam_check::House;

const ADD: &str = "/workspace/check/rules/add";

#[tokio::test]
async fn what_the_house_adds_holds_until_it_is_taken_away() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let slip = [("what", "slip"), ("wrong", "安兰市"), ("right", "安澜市")];
        assert_eq!(clerk.post(ADD, &slip).await.status, 303);
        assert_eq!(clerk.post(ADD, &slip).await.status, 422, "twice");
        let secret = [
            ("what", "non_public"),
            ("title", "《关于某专项工作的内部安排》"),
            ("number", ""),
        ];
        assert_eq!(clerk.post(ADD, &secret).await.status, 303);
        for wrong in [
            [("what", "slip"), ("wrong", "市"), ("right", "州")],
            [("what", "exception"), ("kind", "id_card"), ("text", "1")],
            [
                ("what", "exception"),
                ("kind", "citation"),
                ("text", "某秘密件"),
            ],
            [("what", "non_public"), ("title", ""), ("number", "")],
        ] {
            assert_eq!(clerk.post(ADD, &wrong).await.status, 422, "{wrong:?}");
        }
        // Reviewers read the list and do not write it.
        let mut proof = world.browser(world.who(Role::Proofreader)).await;
        assert_eq!(proof.post(ADD, &slip).await.status, 403);
        let list = proof.get("/workspace/check/rules").await.page();
        assert!(
            list.contains("“安兰市”应为“安澜市”") && !list.contains("去掉这一条"),
            "{list}"
        );

        let body = "<p>安兰市按《关于某专项工作的内部安排》办理。</p>";
        let path = world.draft("notice", "关于办理的通知", body).await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("疑为“安澜市”") && page.contains("引用未公开文件"),
            "{page}"
        );
        // A wording that is right after all is not shown any more.
        let right = [
            ("what", "exception"),
            ("kind", "wording"),
            ("text", "安兰市"),
        ];
        assert_eq!(clerk.post(ADD, &right).await.status, 303);
        let page = clerk.get(&path).await.page();
        assert!(
            !page.contains("疑为“安澜市”") && page.contains("引用未公开文件"),
            "{page}"
        );
        let gone = [(
            "rule",
            "{\"what\":\"exception\",\"kind\":\"wording\",\"text\":\"安兰市\"}",
        )];
        let remove = "/workspace/check/rules/remove";
        assert_eq!(clerk.post(remove, &gone).await.status, 303);
        assert_eq!(clerk.post(remove, &gone).await.status, 404, "it is gone");
        assert!(clerk.get(&path).await.page().contains("疑为“安澜市”"));
        // Reviewers are told that there are papers which are not public, and not which.
        let list = proof.get("/workspace/check/rules").await.page();
        assert!(
            list.contains("另有未公开的文件1份") && !list.contains("专项工作"),
            "{list}"
        );
        let file = proof.get("/workspace/check/rules/words.json").await;
        assert!(!file.text().contains("专项工作"), "{}", file.text());
        // The list leaves as a file, and comes back as the same rules.
        let file = clerk.get("/workspace/check/rules/words.json").await;
        assert_eq!(file.status, 200);
        let own = crate::rules::from_file(&file.text()).unwrap();
        let kept = world
            .db
            .read(async |tx: &mut Tx| crate::rules::rules(tx, world.office).await)
            .await
            .unwrap();
        assert_eq!(own.len(), 2);
        assert_eq!(crate::rules::with(own), kept);
    }
}

/// The city's list holds for a county, which reads it and may only except for itself.
#[tokio::test]
async fn each_government_keeps_its_own_list_below_those_above_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        for (organ, kind) in [(county, "government"), (office, "office")] {
            set_kind(&world.db, organ, kind).await;
        }
        let below = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, office)]).await;
        let mut city = world.browser(world.clerk).await;
        let mut county_clerk = world.browser(below).await;
        // The list of the time when there was one for all, which is the city's.
        let rule = crate::rules::Rule::NonPublic {
            title: "关于某专项工作的内部安排".to_owned(),
            number: String::new(),
        };
        let data = serde_json::json!({ "rule": rule });
        let old = ("check_rule", "house".to_owned());
        let old = Event::new(&Actor::System, "check.rule_added", old, "旧词条").data(data);
        world
            .db
            .write(async |tx: &mut Tx| {
                tx.record(old.clone());
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let slip = [("what", "slip"), ("wrong", "安兰市"), ("right", "安澜市")];
        assert_eq!(city.post(ADD, &slip).await.status, 303);
        let list = "/workspace/check/rules";
        assert!(city.get(list).await.page().contains("内部安排"));
        let seen = county_clerk.get(list).await.page();
        for words in [
            "上级：安澜市人民政府的词库",
            "“安兰市”应为“安澜市”",
            "另有未公开的文件1份",
        ] {
            assert!(seen.contains(words), "{words} in {seen}");
        }
        assert!(
            !seen.contains("内部安排") && !seen.contains("去掉这一条"),
            "{seen}"
        );
        let file = county_clerk
            .get("/workspace/check/rules/words.json")
            .await
            .text();
        assert!(
            file.contains("安兰市") && !file.contains("内部安排"),
            "{file}"
        );
        let gone = r#"{"what":"slip","wrong":"安兰市","right":"安澜市"}"#;
        let city_id = world.city.to_string();
        let remove = "/workspace/check/rules/remove";
        for organ in ["", city_id.as_str()] {
            let sent = [("organ", organ), ("rule", gone)];
            assert_eq!(county_clerk.post(remove, &sent).await.status, 404);
        }
        let told = county_clerk.post(ADD, &slip).await;
        assert_eq!(told.status, 422, "it holds already");

        let check = async |browser: &mut Browser| {
            let sent = [("text", "安兰市按《关于某专项工作的内部安排》办理。")];
            let page = browser
                .upload("/workspace/check", &sent, ("file", "", b""))
                .await;
            page.page()
        };
        let found = check(&mut county_clerk).await;
        assert!(
            found.contains("疑为“安澜市”") && found.contains("引用未公开文件"),
            "{found}"
        );
        let right = [
            ("what", "exception"),
            ("kind", "wording"),
            ("text", "安兰市"),
        ];
        assert_eq!(county_clerk.post(ADD, &right).await.status, 303);
        assert!(!check(&mut county_clerk).await.contains("疑为“安澜市”"));
        assert!(check(&mut city).await.contains("疑为“安澜市”"));
    }
}

/// Two reviewers answer for each text that quotes what is not public; one clerk ends that question for nobody.
#[test]
fn an_old_exception_of_what_is_asked_holds_no_more() {
    let exception = |kind| crate::rules::Rule::Exception {
        kind,
        text: "《内部安排》".to_owned(),
    };
    let kinds = [
        gongkai_inspect::Kind::Citation,
        gongkai_inspect::Kind::Wording,
    ];
    let rules = crate::rules::with(kinds.map(exception));
    let left: Vec<_> = rules.exceptions.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(left, [gongkai_inspect::Kind::Wording]);
}

#[test]
fn a_file_of_words_is_refused_with_all_that_is_wrong() {
    let wrong = crate::rules::from_file("[\n{").unwrap_err();
    assert_eq!(wrong, ["第2行看不懂。"]);
    let file = r#"[{"what":"slip","wrong":"安兰市","right":"安澜市"},
        {"what":"slip","wrong":"市","right":"州"},
        {"what":"exception","kind":"id_card","text":"1"}]"#;
    let wrong = crate::rules::from_file(file).unwrap_err().concat();
    assert!(
        wrong.contains("第2条：错的写法至少两个字") && wrong.contains("第3条：“"),
        "{wrong}"
    );
}

#[tokio::test]
async fn the_store_itself_knows_what_is_not_public_and_how_its_documents_are_called() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let inside = world
            .draft("notice", "关于专项资金安排的内部方案", "<p>正文。</p>")
            .await;
        world
            .rewrites(
                &inside,
                &[
                    ("title", "关于专项资金安排的内部方案"),
                    ("number", "安府办〔2026〕77号"),
                    ("theme", "综合政务"),
                    ("openness", "closed"),
                    ("ground", "n5"),
                    ("markup", "html"),
                    ("body", "<p>正文。</p>"),
                ],
            )
            .await;
        let open = world
            .draft("notice", "安澜市停车管理办法", "<p>正文。</p>")
            .await;
        world.goes_out(&open, Kind::Notice).await;
        let body = "<p>按照安府办〔2026〕77号和《关于专项资金安排的内部方案》，依据《安澜市停车管理办法》（安府规〔2026〕9号）、《安澜市停车办法》（安府规〔2026〕4号）办理。</p>";
        let path = world.draft("notice", "关于办理的通知", body).await;
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert_eq!(page.matches("引用未公开文件</td>").count(), 2, "{page}");
        for words in [
            "本库里《安澜市停车管理办法》的文号是安府规〔2026〕4号",
            "本库里这个文号是《安澜市停车管理办法》",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }
}

#[tokio::test]
async fn the_check_holds_what_a_text_quotes_against_the_library() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let law = world.law("安澜市停车管理办法").await;
        let right = "《安澜市停车管理办法》（安府规〔2026〕3号）";
        let text = format!(
            "依据{right}、《安澜市养犬规定》（安府规〔2026〕3号）、《安澜市绿化办法》（安府规〔2026〕999号）、\
             《某省绿化办法》（某府规〔2026〕999号）办理。"
        );
        let checks = async || {
            let sent = [("text", text.as_str())];
            let mut clerk = world.browser(world.clerk).await;
            clerk
                .upload("/workspace/check", &sent, ("file", "", b""))
                .await
                .page()
        };
        let page = checks().await;
        assert_eq!(page.matches("文件引用不完整</td>").count(), 2, "{page}");
        assert!(
            page.contains("本库里这个文号是《安澜市停车管理办法》"),
            "{page}"
        );
        assert!(
            page.contains("本库公开的安府规〔2026〕文件里没有这个文号"),
            "{page}"
        );
        assert_eq!(world.turns(&law, "repealed", "2026-10-12", "").await, 303);
        let page = checks().await;
        assert!(page.contains("这份文件已废止"), "{page}");

        // Other capabilities ask the same; what only the other house numbers by is nobody's fault.
        let spotted = async |organ: OrganId| {
            let texts = [text.clone()];
            let found = world
                .db
                .read(async |tx: &mut Tx| House.texts(tx, organ, &texts).await);
            found.await.unwrap().remove(0)
        };
        let own = spotted(world.office).await;
        assert_eq!(own.iter().filter(|one| one.kind == "reference").count(), 3);
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        set_kind(&world.db, county, "government").await;
        let theirs = spotted(county).await;
        assert_eq!(
            theirs.iter().filter(|one| one.kind == "reference").count(),
            2
        );
    }
}
