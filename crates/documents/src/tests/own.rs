//! 专有要素: a kind asks for them, and the public reads them.

use super::*;
use crate::old;

/// The form of a plan with these of its own fields.
async fn sent(world: &World, to: &str, own: &[(&str, &str)]) -> testing::Answer {
    let city = world.city.to_string();
    let version = if to.ends_with("/write") {
        world.version(to.trim_end_matches("/write")).await
    } else {
        String::new()
    };
    let mut fields = vec![
        ("organ", city.as_str()),
        ("version", version.as_str()),
        ("title", "安澜市养老服务规划"),
        ("number", "安府〔2026〕9号"),
        ("theme", "民政"),
        ("issued_on", "2026-09-01"),
        ("effective_on", "2026-10-01"),
        ("openness", "open"),
        ("markup", "text"),
        ("body", "增加养老床位。"),
    ];
    fields.extend_from_slice(own);
    let mut clerk = world.browser(world.clerk).await;
    clerk.upload(to, &fields, ("file", "", b"")).await
}

#[tokio::test]
async fn a_kind_asks_for_its_own_fields_and_the_public_reads_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let new = "/workspace/documents/new?kind=planning";
        let mut clerk = world.browser(world.clerk).await;
        let form = clerk.get(new).await.page();
        for words in ["规划期", "规划类别", "name=\"own_plan_years\"", "区域规划"] {
            assert!(form.contains(words), "{words}");
        }
        assert!(!form.contains("预算年度"), "a field of another kind");
        let refused = sent(&world, new, &[("own_plan_years", "2030—2026")]).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(page.contains("“规划期”请写起止年份") && page.contains("2030—2026"));
        let path = sent(&world, new, &[]).await.redirected();
        let page = clerk.get(&path).await.page();
        assert!(page.contains("规划必须填写“规划期”。"), "{page}");
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let own = [
            ("own_plan_years", "2026-2030"),
            ("own_plan_class", "专项规划"),
            // Of another kind: left alone.
            ("own_finance_year", "2026"),
        ];
        let saved = sent(&world, &format!("{path}/write"), &own).await;
        assert_eq!(saved.status, 303);
        let form = clerk.get(&format!("{path}/write")).await.page();
        assert!(form.contains("value=\"2026—2030\""), "{form}");
        world.goes_out(&path, Kind::Planning).await;
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        for words in [
            "<dt>规划期</dt><dd>2026—2030年</dd>",
            "<dt>规划类别</dt><dd>专项规划</dd>",
            "\"temporalCoverage\":\"2026/2030\"",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("预算年度"));
        let of = Ref {
            kind: "document".to_owned(),
            id: path.rsplit('/').next().unwrap().to_owned(),
        };
        let entries = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.entries(tx, std::slice::from_ref(&of)).await)
            .await
            .unwrap();
        let entry = entries.into_iter().next().unwrap().unwrap();
        assert!(entry.body.contains("规划期：2026—2030年"), "{}", entry.body);
    }
}

#[tokio::test]
async fn a_government_adds_a_field_and_makes_it_compulsory() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let ways = "/workspace/documents/ways";
        let mut clerk = world.browser(world.clerk).await;
        for (name, form, options, status) in [
            ("咨询电话", "", "", 422),
            ("主题分类", "text", "", 422),
            ("适用区域", "choice", "市区", 422),
            ("咨询电话", "phone", "", 303),
            ("咨询电话", "phone", "", 422),
        ] {
            let fields = [
                ("kind", "notice"),
                ("name", name),
                ("form", form),
                ("options", options),
                ("required", "yes"),
            ];
            let answer = clerk.post(&format!("{ways}/fields/add"), &fields).await;
            assert_eq!(answer.status, status, "{name} {form}");
        }
        let page = clerk.get(ways).await.page();
        assert!(
            page.contains("主题分类、咨询电话") && page.contains("✓ 必填"),
            "{page}"
        );
        let path = world
            .draft("notice", "关于开放日的通知", "<p>10月开放。</p>")
            .await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("本级政府要求通知公告填写“咨询电话”。"),
            "{page}"
        );
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let form = clerk.get(&format!("{path}/write")).await.page();
        let code = form.split("name=\"own_house_").nth(1).unwrap();
        let code = format!("own_house_{}", code.split('"').next().unwrap());
        let version = world.version(&path).await;
        let fields = |phone: &'static str| {
            [
                ("version", version.clone()),
                ("title", "关于开放日的通知".to_owned()),
                ("theme", "综合政务".to_owned()),
                ("openness", "open".to_owned()),
                ("markup", "text".to_owned()),
                ("body", "10月开放。".to_owned()),
                (code.as_str(), phone.to_owned()),
            ]
        };
        for (phone, status) in [("见官网", 422), ("0750-1234567", 303)] {
            let fields = fields(phone);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let saved = clerk
                .upload(&format!("{path}/write"), &fields, ("file", "", b""))
                .await;
            assert_eq!(saved.status, status, "{phone}");
        }
        world.goes_out(&path, Kind::Notice).await;
        let public = path.replace("/workspace", "");
        let said = "<dt>咨询电话</dt><dd>0750-1234567</dd>";
        assert!(world.public().get(&public).await.page().contains(said));
        let data = world.public().get(&format!("/api{public}.json")).await;
        let field = "\"own_fields\":[{\"name\":\"咨询电话\",\"value\":\"0750-1234567\"}]";
        assert!(data.page().contains(field), "{}", data.text());
        let word = world.public().get(&format!("{public}/text.docx")).await;
        let limits = gongkai_office::Limits::default();
        let word = gongkai_office::read(&word.bytes, &limits).unwrap();
        let words = gongkai_office::hidden::text_of(&word);
        assert!(words.contains("咨询电话：0750-1234567"), "{words}");
        // An older site's list fills it by a column of its name.
        let fields = world
            .db
            .read(async |tx: &mut Tx| old::fields(tx, world.city).await)
            .await
            .unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["咨询电话"]);
        // What an edition says it goes on saying.
        let of = [("kind", "notice"), ("name", "咨询电话")];
        let gone = clerk.post(&format!("{ways}/fields/remove"), &of).await;
        assert_eq!(gone.status, 303);
        assert!(!clerk.get(ways).await.page().contains("✓ 必填"));
        assert!(world.public().get(&public).await.page().contains(said));
        let again = clerk.post(&format!("{ways}/fields/remove"), &of).await;
        assert_eq!(again.status, 404);
    }
}
