//! The SQL of texts that name somebody, found by exact search: reasons beside the case, and the history of other cases.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, containing, sql};

use crate::id::RequestId;
use crate::retention::Eraser;
use crate::retention::passage::{ENTRY, Passage};

/// Lines of other cases that are shown.
const OTHERS_MAX: i64 = 200;

/// Texts beside a case, two columns of each row.
struct Source {
    code: &'static str,
    place: &'static str,
    read: &'static str,
    write: &'static str,
}

const SOURCES: [Source; 4] = [
    Source {
        code: "hold",
        place: "保留、解除保留的原因",
        read: "SELECT id AS row_key, why AS one, COALESCE(released_why, '') AS other FROM request_hold WHERE request_id = $1 ORDER BY id",
        write: "UPDATE request_hold SET why = $1, released_why = CASE WHEN released_why IS NULL THEN NULL ELSE $2 END WHERE id = $3",
    },
    Source {
        code: "erasure",
        place: "提请清除的原因、意见",
        read: "SELECT id AS row_key, why AS one, COALESCE(decided_why, '') AS other FROM request_erasure WHERE request_id = $1 ORDER BY id",
        write: "UPDATE request_erasure SET why = $1, decided_why = CASE WHEN decided_why IS NULL THEN NULL ELSE $2 END WHERE id = $3",
    },
    Source {
        code: "publication",
        place: "是否主动公开的说明",
        read: "SELECT request_id AS row_key, why AS one, published_at AS other FROM request_publication WHERE request_id = $1",
        write: "UPDATE request_publication SET why = $1, published_at = $2 WHERE request_id = $3",
    },
    Source {
        code: "cluster",
        place: "转主动公开建议的名称、说明",
        read: "SELECT c.id AS row_key, c.subject AS one, c.why AS other FROM request_cluster c \
               JOIN request_cluster_case m ON m.cluster_id = c.id WHERE m.request_id = $1",
        write: "UPDATE request_cluster SET subject = $1, why = $2 WHERE id = $3",
    },
];

/// The two columns of one row.
struct Texts {
    place: String,
    key: String,
    one: String,
    other: String,
    write: &'static str,
    id: String,
    /// Of a line of a history.
    position: Option<i64>,
}

async fn beside(tx: &mut Tx, case: RequestId) -> Result<Vec<Texts>, StoreError> {
    let mut found = Vec::new();
    for source in &SOURCES {
        for row in tx.all(sql(source.read).bind(case.to_string())).await? {
            let id: String = row.get("row_key")?;
            found.push(Texts {
                place: source.place.to_owned(),
                key: format!("{}:{id}", source.code),
                one: row.get("one")?,
                other: row.get("other")?,
                write: source.write,
                id,
                position: None,
            });
        }
    }
    Ok(found)
}

/// Lines of the histories of the organ's other cases.
async fn others(
    tx: &mut Tx,
    (case, organ): (RequestId, OrganId),
    eraser: &Eraser,
) -> Result<Vec<Texts>, StoreError> {
    if eraser.words().is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = sql(
        "SELECT e.request_id, e.position, e.sentence AS one, e.public AS other, r.number FROM request_entry e \
         JOIN request r ON r.id = e.request_id WHERE r.organ_id = ",
    );
    statement
        .push_value(organ)
        .push(" AND r.id <> ")
        .push_value(case.to_string())
        .push(" AND (1 = 0");
    for word in eraser.words() {
        for column in [" OR e.sentence LIKE ", " OR e.public LIKE "] {
            statement
                .push(column)
                .push_value(containing(word))
                .push(" ESCAPE '!'");
        }
    }
    statement
        .push(") ORDER BY e.request_id, e.position LIMIT ")
        .push_value(OTHERS_MAX);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| {
            let (id, position): (String, i64) = (row.get("request_id")?, row.get("position")?);
            let number: String = row.get("number")?;
            Ok(Texts {
                place: format!("{number}的经过"),
                key: format!("{ENTRY}{id}:{position}"),
                one: row.get("one")?,
                other: row.get("other")?,
                write: "UPDATE request_entry SET sentence = $1, public = $2 WHERE request_id = $3 AND position = $4",
                id,
                position: Some(position),
            })
        })
        .collect()
}

async fn all(
    tx: &mut Tx,
    of: (RequestId, OrganId),
    eraser: &Eraser,
) -> Result<Vec<Texts>, StoreError> {
    let mut found = beside(tx, of.0).await?;
    found.extend(others(tx, of, eraser).await?);
    let named = |texts: &Texts| {
        let [one, other] = [&texts.one, &texts.other].map(|text| eraser.clean(text));
        one.is_some() || other.is_some()
    };
    found.retain(named);
    Ok(found)
}

/// Texts outside of a case's own that name its applicant or a third party.
///
/// # Errors
/// When the store fails.
pub(crate) async fn find(
    tx: &mut Tx,
    of: (RequestId, OrganId),
    eraser: &Eraser,
) -> Result<Vec<Passage>, StoreError> {
    let found = all(tx, of, eraser).await?.into_iter().map(|texts| {
        let named = |text: &&String| eraser.clean(text).is_some();
        let named = [&texts.one, &texts.other].into_iter().filter(named);
        Passage {
            text: named.cloned().collect::<Vec<_>>().join("；"),
            place: texts.place,
            key: texts.key,
        }
    });
    Ok(found.collect())
}

/// Masks those of the texts that somebody ticked; gives how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn mask(
    tx: &mut Tx,
    of: (RequestId, OrganId),
    eraser: &Eraser,
    ticked: &[String],
) -> Result<usize, StoreError> {
    let mut masked = 0;
    for texts in all(tx, of, eraser).await? {
        if !ticked.contains(&texts.key) {
            continue;
        }
        let clean = |text: String| eraser.clean(&text).unwrap_or(text);
        let mut statement = sql(texts.write)
            .bind(clean(texts.one))
            .bind(clean(texts.other))
            .bind(texts.id);
        if let Some(position) = texts.position {
            statement = statement.bind(position);
        }
        tx.run(statement).await?;
        masked += 1;
    }
    Ok(masked)
}
