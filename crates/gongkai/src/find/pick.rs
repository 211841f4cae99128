//! 检索推荐: for a word that people type, the page that the office wants them to see first.

use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use serde_json::json;

use super::acts::ManageSearch;
use super::store;

const TITLE_CHARS_MAX: usize = 100;
const ADDRESS_CHARS_MAX: usize = 300;
const WORDS_CHARS_MAX: usize = 200;
/// Words of one pick.
const WORDS_MAX: usize = 20;
const SUBJECT: &str = "search_pick";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pick {
    pub(super) id: String,
    /// As typed, parted by spaces.
    pub(super) words: String,
    pub(super) title: String,
    pub(super) address: String,
    pub(super) by: String,
}

/// One spelling for what people type: no blanks, small letters.
pub(super) fn folded(word: &str) -> String {
    word.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A page of this portal, or one of another site by its whole address.
fn is_address(address: &str) -> bool {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    let other = ["https://", "http://"].iter().any(|scheme| {
        address
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    });
    (own || other) && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// # Errors
/// Refused with all the reasons: a word leads to one page only.
pub(super) async fn add(
    tx: &mut Tx,
    permit: &Permit<ManageSearch>,
    (words, title, address): (&str, &str, &str),
) -> Result<(), NotDone> {
    let mut reasons: Vec<_> = [
        text_fault(("words", "检索词"), words, WORDS_CHARS_MAX, Wanted::Yes),
        text_fault(("title", "推荐的名称"), title, TITLE_CHARS_MAX, Wanted::Yes),
        text_fault(
            ("address", "推荐的网址"),
            address,
            ADDRESS_CHARS_MAX,
            Wanted::Yes,
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut spelled: Vec<String> = words
        .split([' ', '　', '、', '，', ','])
        .map(folded)
        .filter(|word| !word.is_empty())
        .collect();
    spelled.sort();
    spelled.dedup();
    if spelled.len() > WORDS_MAX {
        reasons.push(("words", format!("一条推荐最多{WORDS_MAX}个检索词。")));
    }
    if !address.is_empty() && !is_address(address) {
        reasons.push((
            "address",
            "网址以“/”开头（本门户的页面）或以“https://”开头，中间没有空格。".to_owned(),
        ));
    }
    refused(reasons)?;
    for word in &spelled {
        if let Some(other) = store::pick_for(tx, word).await? {
            let sentence = format!("“{word}”已经推荐了“{}”，请先删除那一条。", other.title);
            return refused(vec![("words", sentence)]);
        }
    }
    let pick = Pick {
        id: tx.fresh().to_string(),
        words: words.to_owned(),
        title: title.to_owned(),
        address: address.to_owned(),
        by: permit.actor().name().to_owned(),
    };
    store::insert(tx, &pick, &spelled).await?;
    let sentence = format!("检索“{words}”时推荐“{title}”");
    tx.record(
        Event::new(
            permit.actor(),
            "search.pick-added",
            (SUBJECT, pick.id),
            sentence,
        )
        .data(json!({ "address": address })),
    );
    Ok(())
}

/// # Errors
/// Not found when somebody removed it before.
pub(super) async fn remove(
    tx: &mut Tx,
    permit: &Permit<ManageSearch>,
    id: &str,
) -> Result<Pick, NotDone> {
    let pick = store::load(tx, id).await?.ok_or(NotDone::NotFound)?;
    store::remove(tx, id).await?;
    let sentence = format!("检索“{}”时不再推荐“{}”", pick.words, pick.title);
    tx.record(
        Event::new(
            permit.actor(),
            "search.pick-removed",
            (SUBJECT, pick.id.clone()),
            sentence,
        )
        .data(json!({ "words": pick.words, "title": pick.title, "address": pick.address })),
    );
    Ok(pick)
}

#[cfg(test)]
mod tests {
    use super::{folded, is_address};

    #[test]
    fn an_address_is_a_page_here_or_a_whole_address() {
        for (address, fine) in [
            ("/documents/1", true),
            ("https://www.example.cn/a", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("/a b", false),
        ] {
            assert_eq!(is_address(address), fine, "{address}");
        }
    }

    #[test]
    fn words_have_one_spelling() {
        assert_eq!(folded(" 社保 卡 ABC "), "社保卡abc");
    }
}
