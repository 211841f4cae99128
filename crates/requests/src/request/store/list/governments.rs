//! The organs that take applications by the government that they belong to, as a form offers them.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{UNITS_MAX, addressed};
use crate::request::Kind;

/// What a citizen calls the government (云岭县, 安澜市本级), and its organs, itself first. Empty where an organ is below none,
/// and where no government has more than itself.
pub type Governments = Vec<(String, Vec<(OrganId, String)>)>;

/// An organ as the store has it, those with the shorter path first.
struct Row {
    id: OrganId,
    name: String,
    path: String,
    is_government: bool,
}

/// The [`super::addressees`] by government.
///
/// # Errors
/// When the store fails.
pub async fn addressees_by_government(tx: &mut Tx, kind: Kind) -> Result<Governments, StoreError> {
    let mut statement =
        sql("SELECT id, name, path, kind FROM organ WHERE status = 'active' AND kind IN ");
    statement
        .push_list(addressed(kind).iter().copied())
        .push(" ORDER BY LENGTH(path), position, path LIMIT ")
        .push_value(UNITS_MAX);
    let rows = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Row {
                id: row.get("id")?,
                name: row.get("name")?,
                path: row.get("path")?,
                is_government: row.get::<String>("kind")? == "government",
            })
        })
        .collect::<Result<Vec<Row>, StoreError>>()?;
    Ok(by_government(rows))
}

/// Governments come before what is below them, so that the nearest of them is the last that was met.
fn by_government(rows: Vec<Row>) -> Governments {
    let mut groups: Vec<(Row, Vec<(OrganId, String)>)> = Vec::new();
    let mut apart = Vec::new();
    for row in rows {
        if row.is_government {
            groups.push((row, Vec::new()));
            continue;
        }
        let mut above = groups.iter_mut().rev();
        match above.find(|(government, _)| row.path.starts_with(&government.path)) {
            Some((_, organs)) => organs.push((row.id, row.name)),
            None => apart.push((row.id, row.name)),
        }
    }
    if groups.iter().all(|(_, organs)| organs.is_empty()) {
        let own = groups.into_iter().map(|(row, _)| (row.id, row.name));
        return vec![(String::new(), own.chain(apart).collect())];
    }
    let paths: Vec<String> = groups.iter().map(|(row, _)| row.path.clone()).collect();
    let named = groups.into_iter().map(|(row, organs)| {
        let below = |path: &String| *path != row.path && path.starts_with(&row.path);
        let place = row.name.strip_suffix("人民政府").unwrap_or(&row.name);
        // Who looks for the city's bureaus does not look among those of its counties.
        let own = if paths.iter().any(below) {
            "本级"
        } else {
            ""
        };
        let label = format!("{place}{own}");
        let own = std::iter::once((row.id, row.name));
        (label, own.chain(organs).collect::<Vec<_>>())
    });
    let mut found: Governments = named.collect();
    if !apart.is_empty() {
        found.push((String::new(), apart));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{OrganId, Row, by_government};
    use uuid::Uuid;

    fn row((n, (path, name, is_government)): (u128, (&str, &str, bool))) -> Row {
        Row {
            id: OrganId::new(Uuid::from_u128(n)),
            name: name.to_owned(),
            path: path.to_owned(),
            is_government,
        }
    }

    #[test]
    fn a_citizen_finds_the_organs_of_his_county_together() {
        let rows = [
            ("/1/", "安澜市人民政府", true),
            ("/1/2/", "安澜市财政局", false),
            ("/1/3/", "云岭县人民政府", true),
            ("/1/4/", "石桥县人民政府", true),
            ("/1/3/5/", "云岭县教育局", false),
            ("/1/4/6/", "石桥县黄渡镇人民政府", false),
            ("/1/3/7/", "云岭县司法局", false),
        ];
        let found = by_government((1..).zip(rows).map(row).collect());
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|(label, organs)| {
                let names = organs.iter().map(|(_, name)| name.as_str());
                (label.as_str(), names.collect())
            })
            .collect();
        assert_eq!(
            found,
            [
                ("安澜市本级", vec!["安澜市人民政府", "安澜市财政局"]),
                (
                    "云岭县",
                    vec!["云岭县人民政府", "云岭县教育局", "云岭县司法局"]
                ),
                ("石桥县", vec!["石桥县人民政府", "石桥县黄渡镇人民政府"]),
            ]
        );
    }

    #[test]
    fn governments_alone_are_one_list() {
        let rows = [
            ("/1/", "安澜市人民政府", true),
            ("/1/3/", "云岭县人民政府", true),
        ];
        let found = by_government((1..).zip(rows).map(row).collect());
        assert_eq!(found.len(), 1);
        assert!(found[0].0.is_empty() && found[0].1.len() == 2);
    }
}
