//! The worksheet of 到期清理 comes back filled in: first seen, then recorded in one step.

use std::path::PathBuf;

use async_trait::async_trait;
use gongkai_platform::web::{Sandbox, SandboxError, SheetLine};

use super::*;
use crate::document::cleanup::{SHEET, code};

/// Reads this one sheet, whatever the file is.
struct Sheet(Vec<SheetLine>);

#[async_trait]
impl Sandbox for Sheet {
    async fn read(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError("只读表格。".to_owned()))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Ok(vec![self.0.clone()])
    }
}

/// A row of the sheet: the document's page and name, its opinion, the new last day, the day, the basis.
fn row(line: usize, (path, title): (&str, &str), filled: [&str; 4]) -> SheetLine {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let mut cells = vec![String::new(); SHEET.len()];
    cells[1] = title.to_owned();
    for (cell, text) in cells.iter_mut().skip(10).zip(filled) {
        text.clone_into(cell);
    }
    cells[14] = code(id, title);
    (line, cells)
}

impl World {
    /// Sends the sheet back; the page that shows what it would do.
    async fn sheet_returns(&mut self, rows: Vec<SheetLine>, who: AccountId) -> (u16, String) {
        let mut lines = vec![(2, SHEET.map(str::to_owned).to_vec())];
        lines.extend(rows);
        let mut parts = testing::parts(&self.db, &self.guard, crate::nav());
        parts.seams = crate::seams();
        parts.sandbox = Arc::new(Sheet(lines));
        self.app = App::new(parts);
        let mut browser = self.browser(who).await;
        let address = "/workspace/documents/cleanup/opinions";
        let file = ("file", "清理表.xlsx", &b"PK"[..]);
        let answer = browser.upload(address, &[], file).await;
        (answer.status.as_u16(), answer.text())
    }

    async fn confirms(&self, page: &str) -> u16 {
        let (_, rest) = page.split_once("name=\"rows\" value=\"").unwrap();
        let rows = rest.split('"').next().unwrap();
        let rows = rows
            .replace("&#34;", "\"")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        let mut clerk = self.browser(self.clerk).await;
        let address = "/workspace/documents/cleanup/opinions/record";
        let answer = clerk.post(address, &[("rows", rows.as_str())]).await;
        answer.status.as_u16()
    }
}

#[tokio::test]
async fn a_filled_worksheet_is_seen_row_by_row_and_recorded_in_one_step() {
    const BASIS: &str = "市政府第12次常务会议";
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut paths = Vec::new();
        for title in ["甲办法", "乙办法", "丙办法", "丁办法"] {
            paths.push(world.law(title).await);
        }
        let clerk = world.clerk;
        let kept = ["继续有效", "2029-01-31", "2026-10-12", BASIS];
        let rows = vec![
            row(3, (&paths[0], "甲办法"), kept),
            row(4, (&paths[1], "乙办法"), ["废止", "", "2026/10/12", BASIS]),
            row(
                5,
                (&paths[2], "丙办法"),
                ["继续有效", "", "2026-10-12", BASIS],
            ),
            row(6, (&paths[3], "丁办法"), ["", "", "", ""]),
            row(7, (&paths[0], "甲办法"), ["废止", "", "2026-10-12", BASIS]),
        ];
        let (status, page) = world.sheet_returns(rows.clone(), clerk).await;
        assert_eq!(status, 200, "{page}");
        for said in [
            "可以登记2行，不能登记2行",
            "另有1行没有填意见",
            "登记这2件",
            "第5行《丙办法》：继续有效要写明新的有效期至。",
            "第7行《甲办法》：第3行已经是这一件",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        let events = "SELECT COUNT(*) AS n FROM event WHERE kind = 'document.validity'";
        assert_eq!(world.count(events).await, 0, "nothing is recorded yet");
        assert_eq!(world.confirms(&page).await, 303);
        assert_eq!(world.count(events).await, 2, "each has its event");
        let public = paths[1].replace("/workspace", "");
        let text = world.public().get(&public).await.text();
        assert!(text.contains("已废止") && text.contains(BASIS), "{text}");
        // The same once more changes nothing: all or none.
        assert_eq!(world.confirms(&page).await, 422);
        assert_eq!(world.count(events).await, 2);
        let (_, page) = world.sheet_returns(rows, clerk).await;
        assert!(page.contains("这一条已经登记过"), "{page}");
        // Each can be undone where the single act can.
        let page = world.browser(clerk).await.get(&paths[1]).await.page();
        assert!(page.contains("<select id=\"turn\""), "{page}");
    }
}

#[tokio::test]
async fn what_lapsed_by_itself_or_is_not_decided_yet_is_not_declared() {
    const BASIS: &str = "市政府第12次常务会议";
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let clerk = world.clerk;
        let of = (path.as_str(), "甲办法");
        let ahead = row(3, of, ["宣布失效", "", "2027-12-01", BASIS]);
        let (_, page) = world.sheet_returns(vec![ahead], clerk).await;
        assert!(
            page.contains("处理日期2027年12月1日还没有到") && !page.contains("name=\"rows\""),
            "{page}"
        );
        // Its last day is 31 January 2027.
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 150));
        let late = row(3, of, ["宣布失效", "", "2027-03-01", BASIS]);
        let (_, page) = world.sheet_returns(vec![late], clerk).await;
        assert!(
            page.contains("有效期到2027年1月31日为止，此后已自动失效，不必再宣布失效"),
            "{page}"
        );
        let before = row(3, of, ["宣布失效", "", "2027-01-15", BASIS]);
        let (_, page) = world.sheet_returns(vec![before], clerk).await;
        assert!(page.contains("登记这1件"), "{page}");
        assert_eq!(world.confirms(&page).await, 303);
    }
}

#[tokio::test]
async fn rows_of_others_and_rows_that_were_mixed_up_are_refused_in_words() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let filled = ["废止", "", "2026-10-12", "市政府第12次常务会议"];
        let one = row(3, (&path, "甲办法"), filled);
        let stranger = world.stranger;
        let (status, page) = world.sheet_returns(vec![one.clone()], stranger).await;
        assert_eq!(status, 200);
        assert!(page.contains("不归您所在的单位处理"), "{page}");
        let (line, mut cells) = one;
        cells[1] = "乙办法".to_owned();
        let clerk = world.clerk;
        let (_, page) = world.sheet_returns(vec![(line, cells)], clerk).await;
        assert!(
            page.contains("行码和名称对不上") && !page.contains("name=\"rows\""),
            "{page}"
        );
        let mut browser = world.browser(clerk).await;
        let address = "/workspace/documents/cleanup/opinions/record";
        let none = browser.post(address, &[("rows", "[]")]).await;
        assert_eq!(none.status, 422);
    }
}
