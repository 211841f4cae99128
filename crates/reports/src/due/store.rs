//! What governments have set, among the settings.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::setting::{Setting, store};
use serde_json::{Value, json};

use super::{Day, Days, Terms};

const PREFIX: &str = "reports.due:";

fn name(organ: OrganId) -> String {
    format!("{PREFIX}{organ}")
}

fn read(setting: &Setting) -> Result<Days, StoreError> {
    let corrupt = || StoreError::Corrupt {
        column: "setting.value".to_owned(),
        found: setting.value.clone(),
        wanted: "days of annual reports",
    };
    let value: Value = serde_json::from_str(&setting.value).map_err(|_| corrupt())?;
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let day = |field: &str| -> Result<Day, StoreError> {
        text(field)
            .and_then(|text| text.parse().ok())
            .ok_or_else(corrupt)
    };
    Ok(Days {
        departments: day("departments")?,
        governments: day("governments")?,
        towns: day("towns")?,
        basis: text("basis").unwrap_or("").to_owned(),
        version: setting.version,
    })
}

/// Everything that was set.
///
/// # Errors
/// When the store fails.
pub async fn terms(tx: &mut Tx) -> Result<Terms, StoreError> {
    let mut terms = Terms::default();
    for (organ, setting) in store::beginning(tx, PREFIX).await? {
        if let Ok(organ) = organ.parse() {
            terms.0.insert(organ, read(&setting)?);
        }
    }
    Ok(terms)
}

/// What a government has set; the usual days where it has set none.
///
/// # Errors
/// When the store fails.
pub async fn days(tx: &mut Tx, organ: OrganId) -> Result<Days, StoreError> {
    match store::load(tx, &name(organ)).await? {
        Some(setting) => read(&setting),
        None => Ok(Days::USUAL),
    }
}

/// Stale when somebody else has set them meanwhile.
pub(super) async fn save(tx: &mut Tx, organ: OrganId, days: &Days) -> Result<(), StoreError> {
    let value = json!({
        "departments": days.departments.to_string(),
        "governments": days.governments.to_string(),
        "towns": days.towns.to_string(),
        "basis": days.basis,
    });
    store::save(tx, &name(organ), &value.to_string(), days.version).await
}
