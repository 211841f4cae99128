//! The SQL of where plans have stored files.

use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::seam::Held;

use crate::plan::PlanState;

/// Files in one list of a statement.
const FILES_AT_ONCE: usize = 200;

pub(super) async fn evidence(tx: &mut Tx, files: &[FileId]) -> Result<Vec<Held>, StoreError> {
    let mut held = Vec::new();
    for some in files.chunks(FILES_AT_ONCE) {
        let mut statement =
            sql("SELECT id, file_id, proves, title FROM evidence WHERE file_id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let (id, title): (String, String) = (row.get("id")?, row.get("title")?);
            let proves: String = row.get("proves")?;
            held.push(Held {
                file: row.get("file_id")?,
                path: format!("/workspace/evidence/{id}"),
                of: Ref {
                    kind: "evidence".to_owned(),
                    id,
                },
                class: "佐证",
                title: if proves.is_empty() { title } else { proves },
                is_public: false,
            });
        }
    }
    Ok(held)
}

pub(super) async fn sources(tx: &mut Tx, files: &[FileId]) -> Result<Vec<Held>, StoreError> {
    let mut held = Vec::new();
    for some in files.chunks(FILES_AT_ONCE) {
        let mut statement = sql(
            "SELECT id, state, draft_id, source_file_id, title FROM plan WHERE source_file_id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let (id, state): (String, String) = (row.get("id")?, row.get("state")?);
            let draft: Option<String> = row.get("draft_id")?;
            // What came from above has no ledger, and what was undone has none any more: its draft is open again.
            let (path, class) = if state == PlanState::Upper.code() {
                (format!("/workspace/plans/{id}/coverage"), "上级来文的原件")
            } else if let (true, Some(draft)) = (state == PlanState::Undone.code(), draft) {
                (format!("/workspace/import/{draft}"), "已撤销导入的原件")
            } else {
                (format!("/workspace/ledger?plan={id}"), "要点分工方案的原件")
            };
            held.push(Held {
                file: row.get("source_file_id")?,
                path,
                of: Ref {
                    kind: "plan".to_owned(),
                    id,
                },
                class,
                title: row.get("title")?,
                is_public: false,
            });
        }
    }
    Ok(held)
}
