//! The official form and the data leave as files that can be read again.

use std::sync::Arc;

use gongkai_basis::Date;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::{self, App, PrintError, Printer};

use super::refused;
use crate::assignment::Duty;
use crate::testing::World;

/// All that a file says, read again by the program's own readers.
fn texts(bytes: &[u8]) -> String {
    let document = gongkai_office::read(bytes, &gongkai_office::Limits::default()).unwrap();
    serde_json::to_string(&document.blocks).unwrap()
}

struct Paper;

impl Printer for Paper {
    fn pdf(
        &self,
        template: &str,
        data: &serde_json::Value,
        _: Date,
    ) -> Result<Vec<u8>, PrintError> {
        if data["forms"]
            .as_array()
            .is_some_and(|forms| forms.len() > 1)
        {
            return Err(PrintError("一次一张。".to_owned()));
        }
        Ok(format!("%PDF {template} {}", data["forms"][0]["unit"]).into_bytes())
    }
}

#[tokio::test]
async fn forms_leave_for_one_unit_or_all() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(
                1,
                "公开规章",
                Some("2026-09-30"),
                &[(0, Duty::Lead), (1, Duty::Cooperate)],
            )
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let part = world.assignment(task, 0).await.id;
        let mut reporter = world.browser(world.liaisons[0]).await;
        let report = format!("/workspace/assignments/{part}/report");
        let said = [("outcome", "in_progress"), ("done_text", "已公开5件")];
        reporter
            .upload(&report, &said, ("file-1", "", b""))
            .await
            .redirected();
        let base = format!("/workspace/plans/{}/export", world.plan);
        let page = clerk.get(&base).await.page();
        assert!(
            page.contains("全部单位") && page.contains("没有安装 PDF 生成组件"),
            "{page}"
        );
        let docx = clerk
            .get(&format!("{base}/file?format=docx&organ={}", world.units[0]))
            .await;
        assert!(docx.bytes.starts_with(b"PK"), "{}", docx.text());
        let name = docx.headers["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            name.contains("filename*=UTF-8''%E5%AE%89%E6%BE%9C%E5%B8%822026"),
            "{name}"
        );
        let form = texts(&docx.bytes);
        for words in [
            "填报单位",
            "市司法局",
            "具体工作事项进度",
            "公开规章",
            "2026-09-30前",
        ] {
            assert!(form.contains(words), "{words} not in {form}");
        }
        assert!(!form.contains("市财政局"), "{form}");
        for format in ["xlsx", "docx"] {
            for layout in ["one", "each"] {
                let file = clerk
                    .get(&format!("{base}/file?format={format}&layout={layout}"))
                    .await;
                let form = texts(&file.bytes);
                assert!(
                    form.contains("市司法局") && form.contains("市财政局"),
                    "{form}"
                );
                // Who reported for a unit stands in that unit's form, and not in the office's.
                let names_reporter = form.contains("填报人：市司法局联络员");
                assert_eq!(names_reporter, layout == "each", "{form}");
            }
        }
        refused(
            &clerk.get(&format!("{base}/file?format=pdf")).await,
            503,
            "没有安装PDF生成组件",
        );
        assert_eq!(
            clerk
                .get(&format!("{base}/file?format=exe"))
                .await
                .status
                .as_u16(),
            400
        );
        let json = clerk.get(&format!("{base}/file?format=json")).await;
        let data: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!(data["plan"]["document_number"], "安政办发〔2026〕12号");
        assert_eq!(data["tasks"][0]["organs"][0]["name"], "市司法局");

        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.printer = Some(Arc::new(Paper));
        let mut browser = Browser::new(web::wrap(web::router(crate::routes()), App::new(parts)));
        browser.cookies = clerk.cookies.clone();
        let pdf = browser
            .get(&format!("{base}/file?format=pdf&layout=one"))
            .await;
        assert_eq!(pdf.text(), "%PDF ledger \"安澜市人民政府办公室\"");
        refused(
            &browser
                .get(&format!("{base}/file?format=pdf&layout=each"))
                .await,
            422,
            "一次一张",
        );
        // A liaison takes the own part, whatever the address leaves out.
        let mut liaison = world.browser(world.liaisons[1]).await;
        let json = liaison.get(&format!("{base}/file?format=json")).await;
        let data: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!(data["tasks"][0]["organs"].as_array().unwrap().len(), 1);
        assert_eq!(data["tasks"][0]["organs"][0]["name"], "市财政局");
    }
}
