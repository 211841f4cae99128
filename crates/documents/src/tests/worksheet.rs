//! The worksheet of 到期清理: who stands on it, and the file that is handed around.

use super::*;

impl World {
    pub(super) async fn worksheet(&self) -> String {
        let mut clerk = self.browser(self.clerk).await;
        clerk.get("/workspace/documents/cleanup").await.page()
    }

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

/// What the sheet says, cell by cell.
fn words_of(sheet: &[u8]) -> String {
    let read = gongkai_office::read(sheet, &gongkai_office::Limits::default()).unwrap();
    gongkai_office::hidden::text_of(&read)
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
async fn the_worksheet_leaves_as_a_file_with_room_for_an_opinion() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.law("甲办法").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/documents/cleanup").await.page();
        assert!(page.contains("/workspace/documents/cleanup.xlsx"), "{page}");
        let file = clerk.get("/workspace/documents/cleanup.xlsx").await;
        assert_eq!(file.status, 200);
        let words = words_of(&file.bytes);
        for said in ["到期清理表", "甲办法", "2027-01-31", "111", "清理意见"] {
            assert!(words.contains(said), "{said} in {words}");
        }
        // Another government's clerk has another sheet.
        let mut stranger = world.browser(world.stranger).await;
        let file = stranger.get("/workspace/documents/cleanup.xlsx").await;
        assert!(!words_of(&file.bytes).contains("甲办法"));
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
        let words = words_of(&file.bytes);
        assert_eq!(words.matches("到期办法").count(), 60, "all of them");
        assert!(words.contains("甲办法") && !words.contains("保留办法"));
    }
}
