//! The SQL of the gazette.

mod heir;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use gongkai_platform::web::civil_day;
use jiff::Timestamp;

pub(super) use heir::{give, of_owner};

use super::{Erratum, Issue, Item, State, Web, Whole, Words};
use crate::document::map::told_of_maps;
use crate::document::store::{document_id, edition_id, parsed};
use crate::document::{Document, Visibility, store as documents};
use crate::id::{DocumentId, EditionId, ErratumId, IssueId, ItemId};

const SELECT: &str = "SELECT g.*, p.name AS organ_name FROM gazette_issue g JOIN organ o ON o.id = g.owner_id JOIN organ p ON p.id = g.organ_id WHERE ";
const COUNT: &str =
    "SELECT COUNT(*) AS n FROM gazette_issue g JOIN organ o ON o.id = g.owner_id WHERE ";
/// An item with its own edition, and with what the website shows of the document.
const ITEMS: &str = "SELECT i.*, p.name AS organ_name, e.head, e.html, e.text, d.visibility, d.explanation, d.published_at, \
     c.head AS web_head, c.html AS web_html, c.text AS web_text, h.why AS hidden_why \
     FROM gazette_item i JOIN edition e ON e.id = i.edition_id JOIN document d ON d.id = i.document_id \
     JOIN organ p ON p.id = d.organ_id LEFT JOIN edition c ON c.id = d.published_id \
     LEFT JOIN hidden_text h ON h.edition_id = i.edition_id AND i.edition_id <> d.published_id WHERE ";
const ERRATA: &str = "SELECT r.*, g.year, g.number, g.total, g.dated_on AS issue_dated, e.head, d.visibility, \
     h.edition_id AS hidden_id FROM gazette_erratum r \
     JOIN gazette_issue g ON g.id = r.issue_id JOIN gazette_item i ON i.id = r.item_id JOIN edition e ON e.id = i.edition_id \
     JOIN document d ON d.id = i.document_id \
     LEFT JOIN hidden_text h ON h.edition_id = i.edition_id AND i.edition_id <> d.published_id WHERE ";
/// Errata of one list.
const ERRATA_MAX: i64 = 500;
/// Issues of one list: a year has some dozens.
pub const ISSUES_MAX: i64 = 1_000;

pub(super) async fn insert(tx: &mut Tx, issue: &Issue) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &issue.words;
    tx.run(
        sql("INSERT INTO gazette_issue (id, owner_id, organ_id, year, number, total, dated_on, state, sections, remark, version, created_at, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 1, $10, $11)")
            .bind(issue.id.to_string())
            .bind(issue.owner)
            .bind(issue.organ)
            .bind(words.year)
            .bind(words.number)
            .bind(words.total)
            .bind(words.dated_on)
            .bind(issue.state.code())
            .bind(serde_json::to_string(&words.sections).unwrap_or_default())
            .bind(now)
            .bind(&issue.address),
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, issue: &Issue) -> Result<(), StoreError> {
    let words = &issue.words;
    let (proposed_by, proposed_name) = issue.proposed_by.clone().unzip();
    let (issued_by, issued_name) = issue.issued_by.clone().unzip();
    tx.run_versioned(
        sql("UPDATE gazette_issue SET year = $1, number = $2, total = $3, dated_on = $4, state = $5, sections = $6, remark = $7, \
             proposed_by = $8, proposed_name = $9, issued_by = $10, issued_name = $11, issued_at = $12, seal = $13, address = $14, version = version + 1 \
             WHERE id = $15 AND version = $16")
            .bind(words.year)
            .bind(words.number)
            .bind(words.total)
            .bind(words.dated_on)
            .bind(issue.state.code())
            .bind(serde_json::to_string(&words.sections).unwrap_or_default())
            .bind(&issue.remark)
            .bind(proposed_by)
            .bind(proposed_name)
            .bind(issued_by)
            .bind(issued_name)
            .bind(issue.issued_at)
            .bind(issue.seal.clone())
            .bind(&issue.address)
            .bind(issue.id.to_string())
            .bind(issue.version),
    )
    .await?;
    Ok(())
}

/// Takes an issue away that never came out, with what was chosen for it, if nobody changed it meanwhile.
pub(super) async fn remove(tx: &mut Tx, issue: &Issue) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM gazette_item WHERE issue_id = $1").bind(issue.id.to_string()))
        .await?;
    tx.run_versioned(
        sql("DELETE FROM gazette_issue WHERE id = $1 AND version = $2 AND state = 'preparing'")
            .bind(issue.id.to_string())
            .bind(issue.version),
    )
    .await
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, scope: &Scope, id: IssueId) -> Result<Option<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND g.id = ").push_value(id.to_string());
    one(tx, statement).await
}

async fn one(tx: &mut Tx, statement: Sql) -> Result<Option<Issue>, StoreError> {
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// A government's issue of this year and number, in whatever state.
///
/// # Errors
/// When the store fails.
pub async fn numbered(
    tx: &mut Tx,
    organ: OrganId,
    (year, number): (i64, i64),
) -> Result<Option<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.organ_id = ")
        .push_value(organ)
        .push(" AND g.year = ")
        .push_value(year)
        .push(" AND g.number = ")
        .push_value(number);
    one(tx, statement).await
}

/// The issue at a public address, in whatever state.
///
/// # Errors
/// When the store fails.
pub async fn addressed(tx: &mut Tx, address: &str) -> Result<Option<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("g.address = ").push_value(address);
    one(tx, statement).await
}

/// Issues that a person works on or reads along, newest first, each with the number of its texts.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Issue, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT g.*, p.name AS organ_name, (SELECT COUNT(*) FROM gazette_item i WHERE i.issue_id = g.id) AS n \
         FROM gazette_issue g JOIN organ o ON o.id = g.owner_id JOIN organ p ON p.id = g.organ_id WHERE ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY g.year DESC, g.number DESC LIMIT ")
        .push_value(ISSUES_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((from_row(row)?, row.get("n")?)))
        .collect()
}

/// How many wait for a signature that this person may give: whoever proposed an issue does not issue it.
///
/// # Errors
/// When the store fails.
pub async fn to_issue(tx: &mut Tx, scope: &Scope, me: &str) -> Result<i64, StoreError> {
    let mut statement = sql(COUNT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND g.state = 'proposed' AND (g.proposed_by IS NULL OR g.proposed_by <> ")
        .push_value(me)
        .push(")");
    tx.one(statement).await?.get("n")
}

/// How many came back with a remark and were not proposed again.
///
/// # Errors
/// When the store fails.
pub async fn returned(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement = sql(COUNT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND g.state = 'preparing' AND g.remark <> ''");
    tx.one(statement).await?.get("n")
}

/// Issued ones, of one year or of all: each government's together, in the order of the directory, newest first.
///
/// # Errors
/// When the store fails.
pub async fn issued(
    tx: &mut Tx,
    within: &Scope,
    year: Option<i64>,
) -> Result<Vec<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("g.state = 'issued'");
    within.push_within(&mut statement, "g.organ_id");
    if let Some(year) = year {
        statement.push(" AND g.year = ").push_value(year);
    }
    statement
        .push(" ORDER BY p.path, g.year DESC, g.number DESC LIMIT ")
        .push_value(ISSUES_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many texts each issue holds.
///
/// # Errors
/// When the store fails.
pub async fn item_counts(tx: &mut Tx) -> Result<BTreeMap<IssueId, i64>, StoreError> {
    tx.all(sql(
        "SELECT issue_id, COUNT(*) AS n FROM gazette_item GROUP BY issue_id",
    ))
    .await?
    .iter()
    .map(|row| Ok((row.parsed("issue_id", "an issue's id")?, row.get("n")?)))
    .collect()
}

/// Issued ones in which a document stands, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn issued_with(tx: &mut Tx, document: DocumentId) -> Result<Vec<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.state = 'issued' AND g.id IN (SELECT i.issue_id FROM gazette_item i WHERE i.document_id = ")
        .push_value(document.to_string())
        .push(") ORDER BY g.dated_on, g.id LIMIT ")
        .push_value(ISSUES_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// These issues, if they are issued.
///
/// # Errors
/// When the store fails.
pub async fn issued_by_ids(tx: &mut Tx, ids: Vec<String>) -> Result<Vec<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.state = 'issued' AND g.id IN ")
        .push_list(ids);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Ids of issued ones after this id, in order.
///
/// # Errors
/// When the store fails.
pub async fn issued_after(tx: &mut Tx, after: &str, rows: i64) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT id FROM gazette_issue WHERE state = 'issued' AND id > $1 ORDER BY id LIMIT $2")
            .bind(after)
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| row.get("id"))
    .collect()
}

/// A government's highest number of a year and its highest of all, for the next issue.
///
/// # Errors
/// When the store fails.
pub async fn last_numbers(
    tx: &mut Tx,
    organ: OrganId,
    year: i64,
) -> Result<(i64, i64), StoreError> {
    let row = tx
        .one(
            sql("SELECT COALESCE(MAX(CASE WHEN year = $1 THEN number END), 0) AS number, COALESCE(MAX(total), 0) AS total FROM gazette_issue WHERE organ_id = $2")
                .bind(year)
                .bind(organ),
        )
        .await?;
    Ok((row.get("number")?, row.get("total")?))
}

/// The issue with everything in it.
///
/// # Errors
/// When the store fails.
pub async fn whole(tx: &mut Tx, issue: Issue) -> Result<Whole, StoreError> {
    let mut statement = sql(ITEMS);
    statement
        .push("i.issue_id = ")
        .push_value(issue.id.to_string())
        .push(" ORDER BY i.position, i.id");
    let mut items: Vec<Item> = tx
        .all(statement)
        .await?
        .iter()
        .map(item_row)
        .collect::<Result<_, _>>()?;
    let place = |item: &Item| {
        let mut sections = issue.words.sections.iter();
        sections.position(|one| *one == item.section)
    };
    let editions: Vec<EditionId> = items.iter().map(|item| item.edition).collect();
    let said = documents::said_of_many(tx, &editions).await?;
    for item in &mut items {
        if let Some(said) = said.get(&item.edition.to_string()) {
            item.maps = told_of_maps(&item.html, said);
        }
    }
    items.sort_by_key(|item| (place(item).unwrap_or(usize::MAX), item.position));
    // What was not printed yet goes into the government's next issue that comes out.
    let mut statement = sql(ERRATA);
    if issue.state == State::Issued {
        statement
            .push("r.printed_id = ")
            .push_value(issue.id.to_string());
    } else {
        statement
            .push("r.printed_id IS NULL AND g.organ_id = ")
            .push_value(issue.organ);
    }
    let printed = errata(tx, statement).await?;
    let mut statement = sql(ERRATA);
    statement
        .push("r.issue_id = ")
        .push_value(issue.id.to_string());
    let own = errata(tx, statement).await?;
    Ok(Whole {
        issue,
        items,
        printed,
        errata: own,
    })
}

async fn errata(tx: &mut Tx, mut statement: Sql) -> Result<Vec<Erratum>, StoreError> {
    statement
        .push(" ORDER BY r.dated_on, r.id LIMIT ")
        .push_value(ERRATA_MAX);
    tx.all(statement).await?.iter().map(erratum_row).collect()
}

pub(super) async fn insert_item(
    tx: &mut Tx,
    issue: IssueId,
    item: (ItemId, &str, i64),
    document: (&Document, &str, &str),
) -> Result<(), StoreError> {
    let ((id, section, position), (document, edition, hash)) = (item, document);
    tx.run(
        sql("INSERT INTO gazette_item (id, issue_id, section, position, document_id, edition_id, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id.to_string())
            .bind(issue.to_string())
            .bind(section)
            .bind(position)
            .bind(document.id.to_string())
            .bind(edition)
            .bind(hash),
    )
    .await?;
    Ok(())
}

pub(super) async fn place_item(
    tx: &mut Tx,
    id: ItemId,
    (section, position): (&str, i64),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE gazette_item SET section = $1, position = $2 WHERE id = $3")
            .bind(section)
            .bind(position)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

pub(super) async fn renew_item(
    tx: &mut Tx,
    id: ItemId,
    (edition, hash): (&str, &str),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE gazette_item SET edition_id = $1, hash = $2 WHERE id = $3")
            .bind(edition)
            .bind(hash)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

pub(super) async fn remove_item(tx: &mut Tx, id: ItemId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM gazette_item WHERE id = $1").bind(id.to_string()))
        .await?;
    Ok(())
}

pub(super) async fn set_page(tx: &mut Tx, id: ItemId, page: i64) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE gazette_item SET page = $1 WHERE id = $2")
            .bind(page)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_erratum(
    tx: &mut Tx,
    erratum: &Erratum,
    by: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO gazette_erratum (id, issue_id, item_id, dated_on, wrong, correct, recorded_by, covers, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(erratum.id.to_string())
            .bind(erratum.issue.to_string())
            .bind(erratum.item.to_string())
            .bind(erratum.dated_on)
            .bind(&erratum.wrong)
            .bind(&erratum.correct)
            .bind(by)
            .bind(&erratum.covers)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// What its government has not printed yet is printed in this issue.
pub(super) async fn print_errata(tx: &mut Tx, issue: &Issue) -> Result<(), StoreError> {
    tx.run(
        sql(
            "UPDATE gazette_erratum SET printed_id = $1 WHERE printed_id IS NULL \
             AND issue_id IN (SELECT id FROM gazette_issue WHERE organ_id = $2)",
        )
        .bind(issue.id.to_string())
        .bind(issue.organ),
    )
    .await?;
    Ok(())
}

/// Public documents that stand in no issue of this government yet: its own and those of organs below it first, newest
/// first. What others published comes after them, for reprints.
///
/// # Errors
/// When the store fails.
pub async fn choices(
    tx: &mut Tx,
    organ: OrganId,
    words: &str,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let sought = documents::sought(tx, words).await?;
    let mut found = Vec::new();
    // Each half is walked from its newest on, until the choice is full.
    for of in [" IN ", " NOT IN "] {
        let left = rows.saturating_sub(i64::try_from(found.len()).unwrap_or(rows));
        let mut statement = sql(documents::SELECT);
        statement.push("d.id IN (SELECT d.id FROM ");
        documents::push_documents(&mut statement, sought.as_ref());
        statement
            .push(" WHERE ")
            .push(documents::LISTED)
            .push(" AND d.organ_id")
            .push(of)
            .push("(SELECT p.id FROM organ p JOIN organ r ON p.path LIKE r.path || '%' WHERE r.id = ")
            .push_value(organ)
            .push(") AND NOT EXISTS (SELECT 1 FROM gazette_item i JOIN gazette_issue g ON g.id = i.issue_id WHERE i.document_id = d.id AND g.organ_id = ")
            .push_value(organ)
            .push(")");
        documents::push_words(&mut statement, sought.as_ref());
        statement
            .push(" ORDER BY d.published_at DESC, d.id DESC LIMIT ")
            .push_value(left)
            .push(") ORDER BY d.published_at DESC, d.id DESC");
        for row in tx.all(statement).await? {
            found.push(documents::from_row(&row)?);
        }
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Issue, StoreError> {
    let sections: String = row.get("sections")?;
    let pair = |id: &str, name: &str| -> Result<Option<(String, String)>, StoreError> {
        let (id, name): (Option<String>, Option<String>) = (row.get(id)?, row.get(name)?);
        Ok(id.zip(name))
    };
    Ok(Issue {
        id: parsed(row, "id", "an issue's id")?,
        owner: row.get("owner_id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        words: Words {
            year: row.get("year")?,
            number: row.get("number")?,
            total: row.get("total")?,
            dated_on: row.get("dated_on")?,
            sections: serde_json::from_str(&sections).map_err(|_| StoreError::Corrupt {
                column: "sections".into(),
                found: sections,
                wanted: "names as JSON",
            })?,
        },
        state: row.coded("state", State::from_code)?,
        remark: row.get("remark")?,
        proposed_by: pair("proposed_by", "proposed_name")?,
        issued_by: pair("issued_by", "issued_name")?,
        issued_at: row.get("issued_at")?,
        seal: row.get("seal")?,
        version: row.get("version")?,
        address: row.get("address")?,
    })
}

fn head(text: String) -> Result<crate::document::Head, StoreError> {
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "head".into(),
        found: text,
        wanted: "a document's head",
    })
}

fn item_row(row: &Row) -> Result<Item, StoreError> {
    let web_head: Option<String> = row.get("web_head")?;
    let web = match web_head {
        Some(web_head) => Some(Web {
            visibility: row.coded("visibility", Visibility::from_code)?,
            head: head(web_head)?,
            html: row.get("web_html")?,
            text: row.get("web_text")?,
            explanation: row.get("explanation")?,
        }),
        None => None,
    };
    let published: Option<i64> = row.get("published_at")?;
    let published = published.and_then(|at| Timestamp::from_millisecond(at).ok());
    Ok(Item {
        published_on: published.map(civil_day),
        id: parsed(row, "id", "an item's id")?,
        section: row.get("section")?,
        position: row.get("position")?,
        document: document_id(row, "document_id")?,
        edition: edition_id(row, "edition_id")?,
        hash: row.get("hash")?,
        page: row.get("page")?,
        organ_name: row.get("organ_name")?,
        head: head(row.get("head")?)?,
        html: row.get("html")?,
        text: row.get("text")?,
        maps: Vec::new(),
        web,
        hidden: row.get("hidden_why")?,
    })
}

fn erratum_row(row: &Row) -> Result<Erratum, StoreError> {
    let dated: Date = row.get("issue_dated")?;
    let printed: Option<String> = row.get("printed_id")?;
    let words = Words {
        year: row.get("year")?,
        number: row.get("number")?,
        total: row.get("total")?,
        dated_on: dated,
        sections: Vec::new(),
    };
    let id: ErratumId = parsed(row, "id", "an erratum's id")?;
    let hidden: Option<String> = row.get("hidden_id")?;
    let is_public = row.coded("visibility", Visibility::from_code)? == Visibility::Public;
    Ok(Erratum {
        id,
        issue: parsed(row, "issue_id", "an issue's id")?,
        issue_name: words.name(),
        item: parsed(row, "item_id", "an item's id")?,
        title: head(row.get("head")?)?.title,
        dated_on: row.get("dated_on")?,
        wrong: row.get("wrong")?,
        correct: row.get("correct")?,
        covers: row.get("covers")?,
        printed: printed.and_then(|id| id.parse().ok()),
        withdrawn: !is_public || hidden.is_some(),
    })
}
