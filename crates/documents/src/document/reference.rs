//! 《…》（文号） in a text, held against the own library and 上级文件: a title with another's number, a number with another's
//! title, what is void, and a number of the own series that nobody knows.
//!
//! Law: 党政机关公文处理工作条例 art. 19: what a paper quotes is checked against its source.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::document_number;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::civil_day;

use super::cited::Cited;
use super::upper::Upper;
use super::validity::{self, Turn, Validity};
use super::{Document, store};
use crate::id::DocumentId;
use crate::review::demand;

/// References of one text that are looked up.
const LOOKED_UP_MAX: usize = 100;
/// Documents of the library that share a title or number with one of them.
const KNOWN_MAX: i64 = 2_000;
/// Characters between the brackets of a number.
const NUMBER_CHARS_MAX: usize = 40;
/// Characters of a title that may be part of a longer one: 甲办法 is in 关于印发《甲办法》的通知.
const PART_CHARS_MIN: usize = 5;
/// Series (安府办〔2025〕) of one text that are looked up, and the public documents of each that tell whose it is.
const SERIES_MAX: usize = 10;
const OF_SERIES_MAX: i64 = 20;
/// A line with one of these tells itself that what it names is void.
const ENDS: [&str; 5] = ["废止", "失效", "停止执行", "不再执行", "已被修改"];

/// A title with the number behind it, as the text has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    title: String,
    number: String,
    /// First character, and one past the last.
    span: (usize, usize),
    /// Its line speaks of 废止 or 失效.
    is_said_void: bool,
}

impl Reference {
    /// The number in its strict form, as the library has it; as written where there is none.
    fn strict(&self) -> String {
        document_number::read(&self.number)
            .map_or_else(|_| self.number.clone(), |(number, _)| number.to_string())
    }

    /// The number up to its serial: 安府办〔2025〕.
    fn series(&self) -> Option<String> {
        let (number, _) = document_number::read(&self.number).ok()?;
        Some(format!("{}〔{}〕", number.code().as_str(), number.year()))
    }

    fn is_number(&self, number: &str) -> bool {
        plain(number) == plain(&self.strict())
    }

    /// Is this its title, or one that has it inside (关于印发《…》的通知), or that leaves out the issuer?
    fn is_title(&self, title: &str) -> bool {
        let (own, other) = (plain(&self.title), plain(title));
        let is_part = |part: &str| part.chars().count() >= PART_CHARS_MIN;
        own == other
            || is_part(&own) && other.contains(&own)
            || is_part(&other) && own.contains(&other)
    }
}

/// What is known of the references of one text.
#[derive(Debug, Default)]
struct Known {
    /// Public documents with one of the titles or numbers, the newest first.
    documents: Vec<(DocumentId, String, String)>,
    /// How those of them stand that are void.
    void: BTreeMap<DocumentId, Validity>,
    /// Title, number, and how they stand.
    uppers: Vec<(String, String, Option<Validity>)>,
    /// Series of the own government with public documents in the library.
    series: BTreeSet<String>,
}

/// A number without its kinds of brackets and blanks.
pub(super) fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn references(text: &str) -> Vec<Reference> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in chars.iter().enumerate() {
        match c {
            '《' if open.is_none() => open = Some(at),
            '\n' => open = None,
            '》' => {
                let rest = chars.get(at + 1..).unwrap_or_default();
                if let (Some(from), Some(behind)) = (open.take(), number_behind(rest)) {
                    let title = chars.get(from + 1..at).unwrap_or_default();
                    found.push(Reference {
                        title: title.iter().collect(),
                        span: (from, at + 1 + behind.1),
                        number: behind.0,
                        is_said_void: is_said_void(&chars, at),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// Does the line of this place speak of 废止 or 失效?
fn is_said_void(chars: &[char], at: usize) -> bool {
    let (before, behind) = chars.split_at(at);
    let before = before.iter().rev().take_while(|c| **c != '\n').count();
    let behind = behind.iter().take_while(|c| **c != '\n').count();
    let line: String = chars
        .get(at - before..at + behind)
        .unwrap_or_default()
        .iter()
        .collect();
    ENDS.iter().any(|end| line.contains(end))
}

/// （安府规〔2026〕3号） at the start, and how many characters it takes.
fn number_behind(chars: &[char]) -> Option<(String, usize)> {
    if !matches!(chars.first()?, '（' | '(') {
        return None;
    }
    let end = chars
        .iter()
        .take(NUMBER_CHARS_MAX)
        .position(|c| matches!(c, '）' | ')'))?;
    let number: String = chars.get(1..end)?.iter().collect();
    let number = number.trim();
    let whole = number.ends_with('号') && number.contains('〔');
    whole.then(|| (number.to_owned(), end + 1))
}

/// The references of a text that are looked up.
#[must_use]
pub fn in_text(text: &str) -> Vec<Reference> {
    let mut references = references(text);
    references.truncate(LOOKED_UP_MAX);
    references
}

/// What the own library and 上级文件 say otherwise, for a text of an organ. Only what the public reads is spoken of.
///
/// # Errors
/// When the store fails.
pub async fn findings(
    tx: &mut Tx,
    organ: OrganId,
    references: &[Reference],
) -> Result<Vec<Finding>, StoreError> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(tx, organ, references).await?;
    let finding = |one: &Reference| {
        let (confidence, advice) = otherwise(one, &known)?;
        let (start, end) = one.span;
        Some(Finding {
            start,
            end,
            kind: Kind::Reference,
            confidence,
            text: format!("《{}》（{}）", one.title, one.number),
            advice,
        })
    };
    Ok(references.iter().filter_map(finding).collect())
}

async fn known(tx: &mut Tx, organ: OrganId, references: &[Reference]) -> Result<Known, StoreError> {
    let titles: Vec<&str> = references.iter().map(|one| one.title.as_str()).collect();
    let strict: Vec<String> = references.iter().map(Reference::strict).collect();
    let numbers: Vec<&str> = strict.iter().map(String::as_str).collect();
    let documents = store::known_as(tx, (&titles, &numbers), KNOWN_MAX).await?;
    let cited: Vec<Cited> = references
        .iter()
        .zip(&strict)
        .map(|(one, number)| Cited {
            title: one.title.clone(),
            number: number.clone(),
            document: None,
            hash: String::new(),
            upper: None,
        })
        .collect();
    let uppers = store::uppers_of(tx, &cited).await?;
    let meant: Vec<&Document> = documents
        .iter()
        .filter(|document| references.iter().any(|one| one.is_number(&document.number)))
        .collect();
    let void = void(tx, &meant).await?;
    let is_known = |one: &&Reference| {
        documents.iter().any(|known| one.is_number(&known.number))
            || uppers
                .iter()
                .any(|known| one.is_number(&known.words.number))
    };
    let unknown = references.iter().filter(|one| !is_known(one));
    let asked: BTreeSet<String> = unknown.filter_map(Reference::series).collect();
    let series = own_series(tx, organ, asked).await?;
    let of_upper = |one: Upper| {
        let validity = one.validity();
        (one.words.title, one.words.number, validity)
    };
    Ok(Known {
        documents: documents
            .into_iter()
            .map(|one| (one.id, one.title, one.number))
            .collect(),
        void,
        uppers: uppers.into_iter().map(of_upper).collect(),
        series,
    })
}

/// How those of these documents stand that are void today.
async fn void(
    tx: &mut Tx,
    documents: &[&Document],
) -> Result<BTreeMap<DocumentId, Validity>, StoreError> {
    let today = civil_day(tx.now());
    let ids: Vec<DocumentId> = documents.iter().map(|one| one.id).collect();
    let mut turns: BTreeMap<DocumentId, Vec<Turn>> = BTreeMap::new();
    for (id, turn) in store::turns(tx, &ids).await? {
        turns.entry(id).or_default().push(turn);
    }
    let stands = |one: &&Document| {
        let own = turns.get(&one.id).map_or(&[][..], Vec::as_slice);
        let validity = validity::on(today, one.effective_on, one.expires_on, own);
        (one.kind.has_validity() && validity.is_void()).then_some((one.id, validity))
    };
    Ok(documents.iter().filter_map(stands).collect())
}

/// Which of these series organs of the own government number by: it has public documents of them.
async fn own_series(
    tx: &mut Tx,
    organ: OrganId,
    asked: BTreeSet<String>,
) -> Result<BTreeSet<String>, StoreError> {
    let mut own = BTreeSet::new();
    if asked.is_empty() {
        return Ok(own);
    }
    let house = demand::house(tx, organ).await?;
    let mut houses: BTreeMap<OrganId, OrganId> = BTreeMap::new();
    for series in asked.into_iter().take(SERIES_MAX) {
        let mut issuers: Vec<OrganId> = store::named_like(tx, &series, OF_SERIES_MAX)
            .await?
            .iter()
            .filter(|document| document.number.starts_with(&series))
            .map(|document| document.organ)
            .collect();
        issuers.dedup();
        for issuer in issuers {
            let of = match houses.get(&issuer) {
                Some(of) => *of,
                None => demand::house(tx, issuer).await?,
            };
            houses.insert(issuer, of);
            if of == house {
                own.insert(series.clone());
                break;
            }
        }
    }
    Ok(own)
}

/// What is wrong with one reference, by what is known.
fn otherwise(one: &Reference, known: &Known) -> Option<(Confidence, String)> {
    let mut numbered = known
        .documents
        .iter()
        .filter(|(_, _, number)| one.is_number(number))
        .peekable();
    if let Some((_, title, _)) = numbered.peek().copied() {
        let Some((id, _, _)) = numbered.find(|(_, title, _)| one.is_title(title)) else {
            let advice = format!("本库里这个文号是《{title}》，请核对标题。");
            return Some((Confidence::High, advice));
        };
        return said_void(one, known.void.get(id).copied());
    }
    let upper = |(_, number, _): &&(String, String, Option<Validity>)| one.is_number(number);
    if let Some((_, _, validity)) = known.uppers.iter().find(upper) {
        return said_void(one, validity.filter(|validity| validity.is_void()));
    }
    // An older text of the same title may have had the number.
    let titled = |(_, title, number): &&(DocumentId, String, String)| {
        *title == one.title && !number.is_empty()
    };
    if let Some((_, _, number)) = known.documents.iter().find(titled) {
        let advice = format!("本库里《{}》的文号是{number}，请核对文号。", one.title);
        return Some((Confidence::Low, advice));
    }
    let series = one
        .series()
        .filter(|series| known.series.contains(series))?;
    let advice = format!(
        "本库公开的{series}文件里没有这个文号，请对照原文核对；文号没有错的，请核对这份文件是否已经公开。"
    );
    Some((Confidence::Low, advice))
}

/// What is void is no ground any more; who says that it is, knows it.
fn said_void(one: &Reference, void: Option<Validity>) -> Option<(Confidence, String)> {
    let void = void.filter(|_| !one.is_said_void)?;
    let advice = format!(
        "这份文件{}，请核对能否再作依据；只是提到它的，请写明{}。",
        void.name(),
        void.name()
    );
    Some((Confidence::Low, advice))
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::Confidence;

    use super::{Known, otherwise, references};
    use crate::document::validity::Validity;
    use crate::id::DocumentId;

    #[test]
    fn titles_with_numbers_are_read_with_their_places() {
        let text = "按《甲办法》（安府规〔2026〕3号）和《乙规定》、《丙》（试行）办理。";
        let found = references(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title, "甲办法");
        assert_eq!(found[0].number, "安府规〔2026〕3号");
        let (start, end) = found[0].span;
        let passage: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(passage, "《甲办法》（安府规〔2026〕3号）");
        assert!(references("《甲（安府规〔2026〕3号）").is_empty());
    }

    fn library(all: &[(&str, &str)]) -> Known {
        let document = |(title, number): &(&str, &str)| {
            let id = DocumentId::new(uuid::Uuid::nil());
            (id, (*title).to_owned(), (*number).to_owned())
        };
        Known {
            documents: all.iter().map(document).collect(),
            ..Known::default()
        }
    }

    #[test]
    fn the_right_one_is_named() {
        let one = references("《甲办法》（安府规〔2026〕3号）").remove(0);
        assert_eq!(otherwise(&one, &Known::default()), None);
        let right = library(&[("甲办法", "安府规〔2026〕3号")]);
        assert_eq!(otherwise(&one, &right), None);
        let (sure, advice) = otherwise(&one, &library(&[("乙办法", "安府规〔2026〕3号")])).unwrap();
        assert!(sure == Confidence::High && advice.contains("乙办法"));
        let (sure, advice) = otherwise(&one, &library(&[("甲办法", "安府规〔2025〕9号")])).unwrap();
        assert!(sure == Confidence::Low && advice.contains("〔2025〕9号"));
    }

    #[test]
    fn the_notice_that_issues_a_text_is_no_other_title() {
        let text = "《安澜市停车管理办法》（安府办〔2025〕 122 号)";
        let one = references(text).remove(0);
        for title in [
            "安澜市人民政府办公室关于印发《安澜市停车管理办法》的通知",
            "停车管理办法",
        ] {
            let known = library(&[(title, "安府办〔2025〕122号")]);
            assert_eq!(otherwise(&one, &known), None, "{title}");
        }
        let other = library(&[("关于春节值班的通知", "安府办〔2025〕122号")]);
        assert!(otherwise(&one, &other).is_some());
    }

    #[test]
    fn what_is_void_is_asked_about_unless_the_line_says_so() {
        let mut known = library(&[("甲办法", "安府规〔2026〕3号")]);
        let id = known.documents[0].0;
        known.void.insert(id, Validity::Repealed);
        let one = references("根据《甲办法》（安府规〔2026〕3号）办理。").remove(0);
        let (sure, advice) = otherwise(&one, &known).unwrap();
        assert!(
            sure == Confidence::Low && advice.contains("已废止"),
            "{advice}"
        );
        let said = "《甲办法》（安府规〔2026〕3号）同时废止。\n其他照旧。";
        assert_eq!(otherwise(&references(said)[0], &known), None);
        let elsewhere = "《乙办法》废止。\n根据《甲办法》（安府规〔2026〕3号）办理。";
        assert!(otherwise(&references(elsewhere)[0], &known).is_some());
    }

    #[test]
    fn only_an_own_series_can_lack_a_number() {
        let mut known = Known::default();
        known.series.insert("安府办〔2025〕".to_owned());
        let asks = |text: &str| otherwise(&references(text)[0], &known);
        let (sure, advice) = asks("《丙办法》（安府办〔2025〕999号）").unwrap();
        assert!(sure == Confidence::Low && advice.contains("安府办〔2025〕"));
        assert_eq!(asks("《丙办法》（安府办〔2011〕9号）"), None);
        assert_eq!(asks("《丙办法》（粤府办〔2025〕999号）"), None);
        let upper = ("丙办法".to_owned(), "安府办〔2025〕999号".to_owned(), None);
        known.uppers.push(upper);
        let one = references("《丙办法》（安府办〔2025〕999号）").remove(0);
        assert_eq!(otherwise(&one, &known), None);
    }
}
