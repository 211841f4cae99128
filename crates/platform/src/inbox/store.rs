//! The SQL of the inbox.

use std::collections::BTreeSet;

use gongkai_basis::id::{AccountId, MessageId, OrganId};
use gongkai_basis::{Date, Role};

use super::{Message, Outgoing, READ_KEPT_MILLISECONDS, Topic};
use crate::db::{Row, Sql, StoreError, Tx, Value, sql};

/// The column of a session's query that counts the unread messages of account `a`, as far as the top bar shows.
pub(crate) const UNREAD: &str = "(SELECT COUNT(*) FROM (SELECT 1 FROM inbox_message n WHERE n.account_id = a.id AND n.read_at IS NULL LIMIT 100) AS few) AS unread";
/// Organs in one list of a statement.
const ORGANS_AT_ONCE: usize = 200;

/// Somebody who holds a role in an organ today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) account: AccountId,
    pub(super) organ: OrganId,
    pub(super) role: Role,
}

/// Pairs of an organ and one that stands above it.
pub(super) async fn above(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<Vec<(OrganId, OrganId)>, StoreError> {
    let mut pairs = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql("SELECT o.id, o.path FROM organ o WHERE o.id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let id: OrganId = row.get("id")?;
            let path: String = row.get("path")?;
            let above = path.split('/').filter_map(|part| part.parse().ok());
            pairs.extend(above.filter(|above| *above != id).map(|above| (id, above)));
        }
    }
    Ok(pairs)
}

/// Pairs of a government and an office of it.
pub(super) async fn offices(
    tx: &mut Tx,
    governments: &[OrganId],
) -> Result<Vec<(OrganId, OrganId)>, StoreError> {
    let mut pairs = Vec::new();
    for some in governments.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql(
            "SELECT g.id AS government_id, o.id FROM organ o JOIN organ g ON g.id = o.parent_id \
             WHERE o.kind IN ('office', 'section') AND g.kind IN ('government', 'zone', 'town', 'street') AND o.parent_id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            pairs.push((row.get("government_id")?, row.get("id")?));
        }
    }
    Ok(pairs)
}

/// Who holds one of these roles in one of these organs today, stand-ins included; nobody whose account is closed.
pub(super) async fn holders(
    tx: &mut Tx,
    organs: &[OrganId],
    roles: &[Role],
    today: Date,
) -> Result<Vec<Holder>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql(
            "SELECT r.account_id, r.organ_id, r.role FROM account_role r JOIN account a ON a.id = r.account_id \
             WHERE a.disabled_at IS NULL AND (r.until_on IS NULL OR r.until_on >= ",
        );
        statement
            .push_value(today)
            .push(") AND r.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" AND r.role IN ")
            .push_list(roles.iter().map(|role| role.code()));
        for row in tx.all(statement).await? {
            found.push(Holder {
                account: row.get("account_id")?,
                organ: row.get("organ_id")?,
                role: row.coded("role", Role::from_code)?,
            });
        }
    }
    Ok(found)
}

/// What people are called.
pub(super) async fn names(
    tx: &mut Tx,
    people: &BTreeSet<AccountId>,
) -> Result<Vec<String>, StoreError> {
    let named = named(tx, people).await?;
    Ok(named.into_iter().map(|(_, name)| name).collect())
}

/// As [`names`], with the accounts.
pub(super) async fn named(
    tx: &mut Tx,
    people: &BTreeSet<AccountId>,
) -> Result<Vec<(AccountId, String)>, StoreError> {
    let mut statement = sql("SELECT id, name FROM account WHERE id IN ");
    statement
        .push_list(people.iter().copied())
        .push(" ORDER BY name, id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// Stores messages, each to its reader and once; gives how many were new.
pub(super) async fn insert(tx: &mut Tx, rows: &[(AccountId, Outgoing)]) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    let values: Vec<[Value; 10]> = rows
        .iter()
        .map(|(reader, message)| {
            [
                MessageId::new(tx.fresh()).into(),
                (*reader).into(),
                message.organ.into(),
                message.topic.code().into(),
                (&message.key).into(),
                (&message.title).into(),
                (&message.body).into(),
                (&message.path).into(),
                message.about.into(),
                now.into(),
            ]
        })
        .collect();
    tx.insert(
        "INSERT INTO inbox_message (id, account_id, organ_id, topic, key, title, body, path, about_on, at)",
        values,
        "ON CONFLICT (account_id, key) DO NOTHING",
    )
    .await
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Narrow {
    pub(super) topic: Option<Topic>,
    pub(super) unread_only: bool,
}

fn push_narrow(statement: &mut Sql, account: AccountId, narrow: Narrow) {
    statement.push(" WHERE n.account_id = ").push_value(account);
    if let Some(topic) = narrow.topic {
        statement.push(" AND n.topic = ").push_value(topic.code());
    }
    if narrow.unread_only {
        statement.push(" AND n.read_at IS NULL");
    }
}

/// One page: what is unread first, then the newest.
pub(super) async fn list(
    tx: &mut Tx,
    account: AccountId,
    narrow: Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Message>, StoreError> {
    let mut statement = sql(
        "SELECT n.*, o.name AS organ_name FROM inbox_message n JOIN organ o ON o.id = n.organ_id",
    );
    push_narrow(&mut statement, account, narrow);
    statement
        .push(
            " ORDER BY CASE WHEN n.read_at IS NULL THEN 0 ELSE 1 END, n.at DESC, n.id DESC LIMIT ",
        )
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

pub(super) async fn count(
    tx: &mut Tx,
    account: AccountId,
    narrow: Narrow,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM inbox_message n");
    push_narrow(&mut statement, account, narrow);
    tx.one(statement).await?.get("n")
}

/// How many unread messages there are of each topic.
pub(super) async fn unread_topics(
    tx: &mut Tx,
    account: AccountId,
) -> Result<Vec<(Topic, i64)>, StoreError> {
    let mut found = Vec::new();
    let rows = tx
        .all(
            sql("SELECT topic, COUNT(*) AS n FROM inbox_message WHERE account_id = $1 AND read_at IS NULL GROUP BY topic")
                .bind(account),
        )
        .await?;
    for row in rows {
        found.push((row.coded("topic", Topic::from_code)?, row.get("n")?));
    }
    found.sort();
    Ok(found)
}

pub(super) async fn unread(tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
    let narrow = Narrow {
        unread_only: true,
        ..Narrow::default()
    };
    count(tx, account, narrow).await
}

/// A message of this reader and of no other.
pub(super) async fn load(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    tx.optional(
        sql("SELECT n.*, o.name AS organ_name FROM inbox_message n JOIN organ o ON o.id = n.organ_id WHERE n.id = $1 AND n.account_id = $2")
            .bind(id)
            .bind(account),
    )
    .await?
    .map(|row| from_row(&row))
    .transpose()
}

/// Notes that one message was read; the first time stays.
pub(super) async fn read(tx: &mut Tx, account: AccountId, id: MessageId) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE inbox_message SET read_at = $1 WHERE id = $2 AND account_id = $3 AND read_at IS NULL")
            .bind(now)
            .bind(id)
            .bind(account),
    )
    .await?;
    Ok(())
}

/// Notes that all were read that were there at an instant, of one topic or of all; gives how many.
pub(super) async fn read_all(
    tx: &mut Tx,
    account: AccountId,
    topic: Option<Topic>,
    until: i64,
) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    let mut statement = sql("UPDATE inbox_message SET read_at = ");
    statement
        .push_value(now)
        .push(" WHERE account_id = ")
        .push_value(account)
        .push(" AND read_at IS NULL AND at <= ")
        .push_value(until);
    if let Some(topic) = topic {
        statement.push(" AND topic = ").push_value(topic.code());
    }
    tx.run(statement).await
}

/// The same for every reader.
pub(super) async fn read_until(tx: &mut Tx, until: i64) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE inbox_message SET read_at = $1 WHERE read_at IS NULL AND at <= $2")
            .bind(now)
            .bind(until),
    )
    .await
}

/// Gives the unread messages of one person to another, but for those that the other was told, too.
pub(super) async fn give(tx: &mut Tx, from: AccountId, to: AccountId) -> Result<i64, StoreError> {
    let moved = tx
        .run(
            sql("UPDATE inbox_message SET account_id = $1 WHERE account_id = $2 AND read_at IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM inbox_message s WHERE s.account_id = $3 AND s.key = inbox_message.key)")
                .bind(to)
                .bind(from)
                .bind(to),
        )
        .await?;
    Ok(i64::try_from(moved).unwrap_or(i64::MAX))
}

/// Forgets what was read long ago; gives how many.
pub(crate) async fn purge(tx: &mut Tx) -> Result<u64, StoreError> {
    let before = tx.now().as_millisecond() - READ_KEPT_MILLISECONDS;
    tx.run(sql("DELETE FROM inbox_message WHERE read_at < $1").bind(before))
        .await
}

/// Somebody to whom a digest is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) account: AccountId,
    pub(super) login: String,
    pub(super) name: String,
    pub(super) address: Option<String>,
    /// Up to which instant the last digest told.
    pub(super) told_upto: i64,
}

/// Readers with unread messages that no digest of this channel told of, and that got none today; in the order of their ids.
pub(super) async fn due_readers(
    tx: &mut Tx,
    (channel, with_address): (&str, bool),
    (today, upto): (Date, i64),
    (after, rows): (Option<AccountId>, i64),
) -> Result<Vec<Reader>, StoreError> {
    let mut statement = sql(
        "SELECT a.id, a.login, a.name, a.mail_address, COALESCE(d.upto, 0) AS upto FROM account a \
         LEFT JOIN inbox_digest d ON d.account_id = a.id AND d.channel = ",
    );
    statement
        .push_value(channel)
        .push(" WHERE a.disabled_at IS NULL AND (d.sent_on IS NULL OR d.sent_on < ")
        .push_value(today)
        .push(") AND EXISTS (SELECT 1 FROM inbox_message n WHERE n.account_id = a.id AND n.read_at IS NULL AND n.at > COALESCE(d.upto, 0) AND n.at <= ")
        .push_value(upto)
        .push(")");
    if with_address {
        statement.push(" AND a.mail_address IS NOT NULL");
    }
    if let Some(after) = after {
        statement.push(" AND a.id > ").push_value(after);
    }
    statement.push(" ORDER BY a.id LIMIT ").push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Reader {
                account: row.get("id")?,
                login: row.get("login")?,
                name: row.get("name")?,
                address: row.get("mail_address")?,
                told_upto: row.get("upto")?,
            })
        })
        .collect()
}

/// How many unread messages came after one instant and up to another.
pub(super) async fn count_new(
    tx: &mut Tx,
    account: AccountId,
    (after, upto): (i64, i64),
) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM inbox_message WHERE account_id = $1 AND read_at IS NULL AND at > $2 AND at <= $3")
            .bind(account)
            .bind(after)
            .bind(upto),
    )
    .await?
    .get("n")
}

/// The newest of them.
pub(super) async fn new_items(
    tx: &mut Tx,
    account: AccountId,
    (after, upto): (i64, i64),
    rows: i64,
) -> Result<Vec<Message>, StoreError> {
    tx.all(
        sql("SELECT n.*, o.name AS organ_name FROM inbox_message n JOIN organ o ON o.id = n.organ_id \
             WHERE n.account_id = $1 AND n.read_at IS NULL AND n.at > $2 AND n.at <= $3 ORDER BY n.at DESC, n.id DESC LIMIT $4")
            .bind(account)
            .bind(after)
            .bind(upto)
            .bind(rows),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// Notes that a digest of a day was taken over, and up to which instant it told.
pub(super) async fn note_digest(
    tx: &mut Tx,
    (account, channel): (AccountId, &str),
    day: Date,
    upto: i64,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO inbox_digest (account_id, channel, sent_on, upto) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account_id, channel) DO UPDATE SET sent_on = excluded.sent_on, upto = excluded.upto")
            .bind(account)
            .bind(channel)
            .bind(day)
            .bind(upto),
    )
    .await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.get("id")?,
        organ_name: row.get("organ_name")?,
        topic: row.coded("topic", Topic::from_code)?,
        title: row.get("title")?,
        body: row.get("body")?,
        path: row.get("path")?,
        about: row.get("about_on")?,
        at: row.get("at")?,
        read_at: row.get("read_at")?,
    })
}
