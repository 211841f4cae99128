//! A reply with a photograph: kept without where it was taken, and opened by the reviewer before it leaves.

use gongkai_journeys::World;
use gongkai_platform::testing::{self, Answer, Browser, backends};

use super::publishing::{address, hides, photograph};

const NOW: &str = "2026-03-02T09:00:00+08:00";
const TODAY: &str = "2026-03-02";

async fn by(world: &World, login: &str) -> Browser {
    world.http(world.account(login).await).await
}

/// An act of the desk, with the version that the case has now.
async fn act(
    person: &mut Browser,
    (path, act): (&str, &str),
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Answer {
    let place = format!("{path}/act/{act}");
    let page = person.get(&place).await.page();
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
    person.upload(&place, &all, ("file", file.0, file.1)).await
}

/// What the bureau's letters carry.
async fn sets_letters(officer: &mut Browser, organ: &str) {
    let fields = [
        ("organ", organ),
        ("version", "0"),
        ("pattern", "安司公开〔{year}〕{n}号"),
        ("review_body", "安澜市人民政府"),
        ("review_address", "安澜市滨河路1号市司法局行政复议窗口"),
        ("review_online", "https://fuyi.anlan.example"),
        ("court", "云岭县人民法院"),
        ("contact", "市司法局依申请公开窗口"),
        ("phone", "0700-0000000"),
        ("account", ""),
        ("face_title", "方正小标宋简体"),
        ("face_heading", "黑体"),
        ("face_subheading", "楷体_GB2312"),
        ("face_body", "仿宋_GB2312"),
    ];
    officer
        .post("/workspace/requests/letters/settings", &fields)
        .await
        .redirected();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_is_given_without_its_place_and_after_somebody_looked_at_it() {
    for backend in backends() {
        let world = World::on(&backend, NOW).await;
        world.moves_in().await;
        let organ = gongkai::demo::organ(&world.db, "安澜市司法局").await;
        let organ = organ.unwrap().to_string();
        let mut officer = by(&world, "officer2").await;
        sets_letters(&mut officer, &organ).await;
        let token = testing::uuid().to_string();
        let application = [
            ("token", token.as_str()),
            ("organ", organ.as_str()),
            ("kind", "information"),
            ("channel", "counter"),
            ("submitted_on", TODAY),
            ("applicant_kind", "natural"),
            ("name", "（演示）申请人"),
            ("paper", "护照"),
            ("paper_number", "E00000001"),
            ("phone", "0000-0000000"),
            ("subject", "（演示）公共法律服务大厅现场照片"),
            ("form", "electronic"),
            ("way", "web"),
        ];
        let none = ("", b"".as_slice());
        let path = officer
            .upload(
                "/workspace/requests/new",
                &application,
                ("file", none.0, none.1),
            )
            .await
            .redirected();
        act(&mut officer, (&path, "accept"), &[], none)
            .await
            .redirected();
        let photograph = photograph();
        assert!(!hides(&photograph).is_empty());
        let decide = [("reply", "R2"), ("text", "提供现场照片一张")];
        let file = ("现场照片.jpg", photograph.as_slice());
        act(&mut officer, (&path, "decide"), &decide, file)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("“现场照片.jpg”已清除") && page.contains("要在公开审查时逐处说明"),
            "{page}"
        );
        let given = officer.get(&address(&page, "/files/request-reply/")).await;
        assert!(hides(&given.bytes).is_empty());

        let mut reviewer = by(&world, "reviewer").await;
        let page = reviewer.get(&format!("{path}/act/pass")).await.page();
        assert!(
            page.contains("没有检查的附件“现场照片.jpg”：图片，里面的文字没有检查"),
            "{page}"
        );
        let asked = page.split("name=\"asked\" value=\"").nth(1).unwrap();
        let asked = asked.split('"').next().unwrap();
        for (said, status) in [("看过了", 422), ("已人工核对，照片里没有人像和车牌", 303)]
        {
            let fields = [
                ("title", "（演示）公共法律服务大厅现场照片"),
                ("source", "（演示）公共法律服务科，2026年2月"),
                ("grade", "none"),
                ("way", "依申请公开"),
                ("platform", "只提供给申请人"),
                ("secret", "no"),
                ("work_secret", "no"),
                ("business", "no"),
                ("personal", "no"),
                ("map", "no"),
                ("unpublished", "no"),
                ("handling", "as_is"),
                ("handling_why", ""),
                ("head_words", "同意公开"),
                ("head_name", "（演示）科室负责人"),
                ("head_on", TODAY),
                ("words", "不涉密，可以公开"),
                ("asked", asked),
                ("answer", said),
            ];
            let answer = act(&mut reviewer, (&path, "pass"), &fields, none).await;
            assert_eq!(answer.status, status, "{said} {}", answer.text());
        }
        let page = reviewer.get(&path).await.page();
        assert!(page.contains("已人工核对，照片里没有人像和车牌"), "{page}");
    }
}
