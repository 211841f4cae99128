//! 信息处理费收取情况 and 工作要点落实情况 as drafts for the prose, from what cases and the ledger count.

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

/// A sentence on 信息处理费 for 其他需要报告的事项 (年报格式); `None` where nobody counts it.
///
/// # Errors
/// When the store fails.
pub async fn fees(
    tx: &mut Tx,
    seams: &Seams,
    (organ, year): (OrganId, i16),
) -> Result<Option<String>, StoreError> {
    let key = |name: &str| FigureKey {
        name: name.to_owned(),
        organ,
        year,
    };
    let keys = [key("requests.fees.cases"), key("requests.fees.yuan")];
    let figures = seams.figures(tx, &keys).await?;
    let mut values = figures
        .into_iter()
        .map(|figure| figure.map(|figure| figure.value));
    let both = values.next().flatten().zip(values.next().flatten());
    Ok(both.map(|(cases, yuan)| match cases {
        0 => format!("{year}年没有收取政府信息公开信息处理费。"),
        _ => format!("{year}年收取政府信息公开信息处理费{yuan}元，涉及申请{cases}件。"),
    }))
}
