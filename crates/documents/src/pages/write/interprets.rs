//! 解读: the document that an interpretation is about, chosen from a list or named.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, FormErrors, Problem};

use super::Typed;
use crate::document::{Visibility, handle, store, successor};

/// The organs to publish as, and the documents to interpret: who drafted a text of the government interprets it, too
/// (国办发〔2016〕80号: 谁起草、谁解读). What is `present` in the form stays in the list.
pub(super) async fn choices(
    tx: &mut Tx,
    owner: OrganId,
    present: &str,
) -> Result<(Vec<(String, String)>, Vec<(String, String)>), StoreError> {
    let publishers = handle::publishers(tx, owner).await?;
    let mut organs: Vec<OrganId> = publishers.iter().map(|(id, _)| *id).collect();
    organs.extend(organ::government_of(tx, owner).await?);
    let mut interpretable = vec![(String::new(), "不是解读".to_owned())];
    interpretable.extend(store::interpretable(tx, &organs).await?);
    if !interpretable.iter().any(|(id, _)| id == present)
        && let Some(one) = store::by_ids(tx, &[present.to_owned()]).await?.pop()
        // A form may name anything: what was never public is told to nobody.
        && one.visibility != Visibility::Never
    {
        interpretable.push((one.id.to_string(), one.title));
    }
    let publishers = publishers
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    Ok((publishers, interpretable))
}

/// The published document that was named, as the form's choice.
pub(super) async fn interpreted(
    app: &App,
    typed: &mut Typed,
    errors: &mut FormErrors,
) -> Result<(), Problem> {
    if typed.interprets_named.is_empty() {
        return Ok(());
    }
    let named = async |tx: &mut Tx| successor::library(tx, &typed.interprets_named).await;
    match app.db.read(named).await?.as_slice() {
        [one] => {
            typed.interprets = one.id.to_string();
            typed.interprets_named.clear();
        }
        [] => errors.add(
            "interprets_named",
            "已发布的文件里没有这个文号或名称，请核对；也可以在上面选。",
        ),
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.title.as_str()).collect();
            let sentence = format!("有几份文件都符合：{}。请写完整的文号。", names.join("；"));
            errors.add("interprets_named", sentence);
        }
    }
    Ok(())
}
