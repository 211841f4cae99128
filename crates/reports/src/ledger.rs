//! 工作要点落实情况 as a draft for the prose, from what the ledger counts.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::FigureKey;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;

/// A sentence for 其他需要报告的事项; `None` where the ledger has no task of the year.
///
/// # Errors
/// When the store fails.
pub async fn sentence(
    tx: &mut Tx,
    seams: &Seams,
    (organ, year): (OrganId, i16),
) -> Result<Option<String>, StoreError> {
    let key = |name: &str| FigureKey {
        name: name.to_owned(),
        organ,
        year,
    };
    let figures = seams
        .figures(tx, &[key("tasks.all"), key("tasks.done")])
        .await?;
    let value = |at: usize| {
        figures
            .get(at)
            .and_then(Option::as_ref)
            .map(|figure| figure.value)
    };
    Ok(match (value(0), value(1)) {
        (Some(all), Some(done)) if all > 0 => Some(words(year, all, done)),
        _ => None,
    })
}

fn words(year: i16, all: i64, done: i64) -> String {
    if done >= all {
        format!("{year}年政务公开工作要点涉及任务{all}项，已全部落实。")
    } else {
        format!(
            "{year}年政务公开工作要点涉及任务{all}项，已完成{done}项，其余{}项正在推进。",
            all - done
        )
    }
}
