//! Where plans have stored files: as evidence, as the source of a plan, beside replies, appeals, parts, submissions.

mod store;

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{FileHolder, Held};

pub(crate) struct Files;

/// Subjects of attachments: the code, what people call the place, where its list is.
const SUBJECTS: [(&str, &str, &str); 5] = [
    (
        "supervision_reply",
        "督办单回复的附件",
        "/workspace/supervision",
    ),
    ("score_appeal", "考核申诉的附件", "/workspace/scores"),
    ("bulletin_part", "通报材料的附件", "/workspace/bulletins"),
    ("round_submission", "报送的盖章扫描件", "/workspace/rounds"),
    ("practice", "优秀案例的附件", "/workspace/practices"),
];

#[async_trait]
impl FileHolder for Files {
    async fn held(
        &self,
        tx: &mut Tx,
        files: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError> {
        let mut held = store::evidence(tx, files).await?;
        held.append(&mut store::sources(tx, files).await?);
        held.extend(attached.iter().filter_map(|(file, of)| {
            let (_, class, path) = SUBJECTS.iter().find(|(code, _, _)| *code == of.kind)?;
            Some(Held {
                file: *file,
                of: of.clone(),
                class,
                title: (*class).to_owned(),
                path: (*path).to_owned(),
                is_public: false,
            })
        }));
        Ok(held)
    }
}
