//! From what a person typed to what the index is asked.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhrasePrefixQuery, PhraseQuery,
    Query as Ask, RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::cited::{self, Cited};
use crate::fields::{Fields, Sound};
use crate::own::Synonyms;
use crate::text::{self, Gram, dense, fold, quote};
use crate::{lexicon, pinyin};

/// Characters of a query that are read; the rest is ignored.
pub const QUERY_CHARS_MAX: usize = 100;
/// Hits on a page at most.
pub const PAGE_MAX: usize = 100;
/// Nobody reads further; feeds and the site map list everything.
pub const OFFSET_MAX: usize = 2_000;
/// Words of a query that count.
const WORDS_MAX: usize = 24;
/// A 文号 that is the one asked for stands above all.
const NUMBER_SCORE: f32 = 10_000.0;
/// A 索引号 that ends so: below a 文号 that is the one asked for, above it where both its spellings match.
const NUMBER_END_SCORE: f32 = 6_500.0;
/// A title that is cited in 《》 among other words.
const CITED_SCORE: f32 = 5_000.0;
/// Syllables from which on other characters may stand between them: 安澜市2026年防汛 is anlanshifangxun.
const GAPS_FROM: usize = 4;
/// So many characters between all of them.
const GAPS_MAX: u32 = 12;
/// What the pinyin of the organ's name counts beside that of the title.
const ORGAN_WEIGHT: f32 = 0.2;
/// Readings of one row of letters that are parted between organ and title.
const PARTED_READINGS_MAX: usize = 2;
/// Neither organ nor title is meant by fewer syllables.
const PART_SYLLABLES_MIN: usize = 2;
/// A record of the day that is asked for; one that says the date in its title stands above.
const DATE_SCORE: f32 = 20.0;
/// A title that is the one asked for.
const TITLE_SCORE: f32 = 300.0;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Relevance,
    Newest,
}

/// What a person looks for. An empty text finds everything within the filters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub kind: Option<String>,
    pub class: Option<String>,
    /// The organ's id.
    pub organ: Option<String>,
    /// Ids of the organs whose records may be found at all; `None` for every record, also of no organ.
    pub within: Option<Vec<String>>,
    /// The organ's level, as [`crate::Doc`] has it.
    pub level: Option<String>,
    /// Four digits.
    pub year: Option<String>,
    pub validity: Option<String>,
    pub order: Order,
    pub offset: usize,
    pub limit: usize,
}

/// A query taken apart. Everything is folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What stood in quotes.
    pub(crate) phrases: Vec<String>,
    /// What stood between spaces.
    pub(crate) chunks: Vec<String>,
    pub(crate) cited: Cited,
    /// What the office says means the same.
    pub(crate) own: Arc<Synonyms>,
}

impl Asked {
    pub(crate) fn read(text: &str, own: Arc<Synonyms>) -> Self {
        let clipped: String = text
            .chars()
            .filter(|c| !c.is_control() || c.is_whitespace())
            .take(QUERY_CHARS_MAX)
            .collect();
        let parts: Vec<&str> = clipped.split(quote).collect();
        let mut asked = Self {
            cited: Cited::read(text),
            own,
            ..Self::default()
        };
        for (n, part) in parts.iter().enumerate() {
            let folded: String = part.chars().map(fold).collect();
            // An odd part lies between two quotes; a last one without its closing quote is free text.
            if n % 2 == 1 && n + 1 < parts.len() {
                let phrase = folded.trim();
                if phrase.chars().any(char::is_alphanumeric) {
                    asked.phrases.push(phrase.to_owned());
                }
            } else {
                let chunks = folded.split_whitespace();
                let worthy = chunks.filter(|chunk| chunk.chars().any(char::is_alphanumeric));
                asked.chunks.extend(worthy.map(str::to_owned));
            }
        }
        asked
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.phrases.is_empty() && self.chunks.is_empty()
    }

    /// The free text in one piece.
    pub(crate) fn free(&self) -> String {
        self.chunks.join(" ")
    }

    pub(crate) fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in self.chunks.iter().flat_map(|chunk| self.words_of(chunk)) {
            if !words.contains(&word) && words.len() < WORDS_MAX {
                words.push(word);
            }
        }
        words
    }

    /// The words of one chunk: those of the office whole, and the matter of what stands between them.
    fn words_of(&self, chunk: &str) -> Vec<String> {
        let pieces = self.own.cut(chunk);
        if pieces.iter().all(|(_, is_own)| !is_own) {
            return lexicon::asked_words(chunk);
        }
        let mut words: Vec<String> = Vec::new();
        for (piece, is_own) in pieces {
            let found = if is_own {
                vec![piece.to_owned()]
            } else {
                lexicon::matter(piece)
            };
            for word in found {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// What is marked in titles and snippets: numbers as a whole, and a single character only where it was typed alone.
    pub(crate) fn marks(&self) -> Vec<String> {
        let free = self.free();
        let (numbers, rest) = cited::parted(&free);
        let chunks: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
        let mut words: Vec<String> = chunks
            .iter()
            .flat_map(|chunk| self.words_of(chunk))
            .take(WORDS_MAX)
            .collect();
        words.retain(|word| word.chars().nth(1).is_some());
        let same: Vec<String> = words
            .iter()
            .flat_map(|word| same(word, &self.own))
            .map(str::to_owned)
            .collect();
        [self.phrases.clone(), numbers, chunks, words, same].concat()
    }
}

type Boxed = Box<dyn Ask>;

/// What means the same as a word, here and everywhere.
fn same<'a>(word: &str, own: &'a Synonyms) -> impl Iterator<Item = &'a str> {
    let common = lexicon::synonyms(word).iter().copied();
    common.chain(own.of_word(word).iter().map(String::as_str))
}

fn term(field: Field, text: &str) -> Boxed {
    let option = IndexRecordOption::WithFreqs;
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

fn raw(field: Field, text: &str) -> Boxed {
    let option = IndexRecordOption::Basic;
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

fn boost(query: Boxed, by: f32) -> Boxed {
    Box::new(BoostQuery::new(query, by))
}

fn fixed(query: Boxed, score: f32) -> Boxed {
    Box::new(ConstScoreQuery::new(query, score))
}

pub(crate) fn any(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        1 => queries.pop().unwrap_or_else(|| Box::new(AllQuery)),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

fn all(queries: Vec<Boxed>) -> Boxed {
    Box::new(BooleanQuery::intersection(queries))
}

/// These grams, at these distances.
fn in_places(field: Field, grams: &[Gram]) -> Option<Boxed> {
    match grams {
        [] => None,
        [one] => Some(term(field, &one.text)),
        [first, ..] => {
            let placed = grams.iter().map(|gram| {
                let at = gram.at.saturating_sub(first.at);
                (at, Term::from_field_text(field, &gram.text))
            });
            Some(Box::new(PhraseQuery::new_with_offset(placed.collect())))
        }
    }
}

/// The text as it stands, in one field of grams; a single character wherever it is.
pub(crate) fn literal(field: Field, text: &str) -> Option<Boxed> {
    let grams = text::phrase(text);
    if let [one] = grams.as_slice() {
        let mut chars = one.text.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && dense(c)
        {
            // Letters of any script are no signs of a pattern.
            let anywhere = RegexQuery::from_pattern(&format!("{c}.?"), field).ok()?;
            return Some(Box::new(anywhere));
        }
    }
    in_places(field, &grams)
}

impl Fields {
    /// The text as it stands, in title or body.
    pub(crate) fn phrase(&self, text: &str) -> Option<Boxed> {
        let title = literal(self.title_grams, text)?;
        let body = literal(self.body_grams, text)?;
        Some(any(vec![boost(title, 6.0), boost(body, 1.5)]))
    }

    fn word(&self, word: &str, own: &Synonyms) -> Boxed {
        let mut ways = vec![
            boost(term(self.title_words, word), 3.0),
            term(self.body_words, word),
        ];
        if !own.of_word(word).is_empty() {
            // The index cut it into words of its own.
            ways.extend(literal(self.title_grams, word).map(|query| boost(query, 3.0)));
            ways.extend(literal(self.body_grams, word));
        }
        for same in same(word, own) {
            ways.extend(literal(self.title_grams, same).map(|query| boost(query, 1.2)));
            ways.extend(literal(self.body_grams, same).map(|query| boost(query, 0.5)));
        }
        any(ways)
    }

    /// One chunk: all its words, or the chunk as it stands, or what means the same, or its letters as pinyin of the title or
    /// of who issued it.
    fn chunk(&self, chunk: &str, asked: &Asked) -> Option<Boxed> {
        let own = &asked.own;
        let mut words = asked.words_of(chunk);
        words.truncate(WORDS_MAX);
        let mut ways: Vec<Boxed> = Vec::new();
        if !words.is_empty() {
            let needed = words.iter().map(|word| (Occur::Must, self.word(word, own)));
            let doings = lexicon::doings(chunk);
            let lifting = doings
                .iter()
                .map(|word| (Occur::Should, self.word(word, own)));
            ways.push(Box::new(BooleanQuery::new(needed.chain(lifting).collect())));
        }
        ways.extend(self.phrase(chunk));
        for same in same(chunk, own) {
            ways.extend(self.phrase(same));
        }
        let sounds = [(self.title_sound, 1.0), (self.organ_sound, ORGAN_WEIGHT)];
        ways.extend(spelled(chunk, &sounds));
        ways.extend(self.dated(chunk));
        (!ways.is_empty()).then(|| any(ways))
    }

    /// What has the date that the text is, or a day of the month.
    fn dated(&self, text: &str) -> Option<Boxed> {
        let (first, last) = text::asked_days(text)?;
        let bound = |day| Bound::Included(Term::from_field_i64(self.day, day));
        let range = RangeQuery::new(bound(first), bound(last));
        Some(fixed(Box::new(range), DATE_SCORE))
    }

    /// Everything that was asked for.
    pub(crate) fn strict(&self, asked: &Asked) -> Boxed {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for phrase in &asked.phrases {
            clauses.extend(self.phrase(phrase).map(|query| (Occur::Must, query)));
        }
        let is_matter = |chunk: &String| !lexicon::only_asks(chunk);
        let has_matter = asked.chunks.iter().any(is_matter);
        for chunk in &asked.chunks {
            let occur = if has_matter && !is_matter(chunk) {
                Occur::Should
            } else {
                Occur::Must
            };
            clauses.extend(self.chunk(chunk, asked).map(|query| (occur, query)));
        }
        let free = asked.free();
        let title = raw(self.exact, &format!("t{}", text::title_key(&free)));
        clauses.push((Occur::Should, fixed(title, TITLE_SCORE)));
        if asked.chunks.len() > 1 {
            clauses.extend(self.phrase(&free).map(|query| (Occur::Should, query)));
        }
        let mut ways: Vec<Boxed> = vec![Box::new(BooleanQuery::new(clauses))];
        ways.extend(self.cited(&asked.cited));
        if asked.phrases.is_empty() && asked.chunks.len() > 1 {
            ways.extend(self.spelled(&free));
        }
        any(ways)
    }

    /// What is cited, whether or not it has the words beside the citation.
    fn cited(&self, cited: &Cited) -> Vec<Boxed> {
        let numbers = cited.numbers.iter().flat_map(|key| {
            [
                (format!("n{key}"), NUMBER_SCORE),
                (format!("e{key}"), NUMBER_END_SCORE),
            ]
        });
        let titles = cited.titles.iter();
        let titles = titles.map(|key| (format!("t{key}"), CITED_SCORE));
        numbers
            .chain(titles)
            .map(|(key, score)| fixed(raw(self.exact, &key), score))
            .collect()
    }

    /// Titles whose pinyin or initials the letters are.
    pub(crate) fn spelled(&self, text: &str) -> Vec<Boxed> {
        spelled(text, &[(self.title_sound, 1.0)])
    }

    /// A row of letters of which one end spells who issued it and the rest the title: anlanshi|fangxun. Asked where the row
    /// as a whole is nowhere, so that no other query waits for it.
    pub(crate) fn parted(&self, asked: &Asked) -> Option<Boxed> {
        let [chunk] = asked.chunks.as_slice() else {
            return None;
        };
        let letters = pinyin::letters(chunk).filter(|_| asked.phrases.is_empty())?;
        let readings = pinyin::readings(&letters);
        let whole = readings.iter().filter(|reading| reading.tail.is_none());
        let mut ways: Vec<Boxed> = Vec::new();
        for reading in whole.take(PARTED_READINGS_MAX) {
            let row = reading.whole.as_slice();
            for at in PART_SYLLABLES_MIN..(row.len() + 1).saturating_sub(PART_SYLLABLES_MIN) {
                let (head, rest) = row.split_at(at);
                ways.push(self.issued_by(head, rest));
                ways.push(self.issued_by(rest, head));
            }
        }
        (!ways.is_empty()).then(|| any(ways))
    }

    /// What has these syllables in the name of who issued it and those in its title.
    fn issued_by(&self, organ: &[String], title: &[String]) -> Boxed {
        let said = |field: Field, row: &[String]| {
            let reading = pinyin::Reading {
                whole: row.to_vec(),
                tail: None,
            };
            any(read_so(field, &reading))
        };
        let organ = boost(said(self.organ_sound.syllables, organ), ORGAN_WEIGHT);
        all(vec![organ, said(self.title_sound.syllables, title)])
    }

    /// Titles that sound like the text.
    pub(crate) fn sounding(&self, text: &str) -> Option<Boxed> {
        in_places(self.title_sound.syllables, &pinyin::syllables(text))
    }

    /// Titles with most of a long word's pairs of characters: 养老院 leads to 养老服务.
    fn nearly(&self, word: &str) -> Option<Boxed> {
        let pairs = text::phrase(word);
        if pairs.len() < 2 || !word.chars().all(dense) {
            return None;
        }
        let needed = pairs.len().div_ceil(2);
        let ways: Vec<Boxed> = pairs
            .iter()
            .map(|gram| term(self.title_grams, &gram.text))
            .collect();
        let some = BooleanQuery::union_with_minimum_required_clauses(ways, needed);
        Some(boost(Box::new(some), 0.3))
    }

    /// A word, or what is nearly it in titles.
    fn loosely(&self, word: &str, own: &Synonyms) -> Boxed {
        let ways = [Some(self.word(word, own)), self.nearly(word)];
        any(ways.into_iter().flatten().collect())
    }

    /// At least half of the words, for when all together are nowhere; `None` where nothing is asked.
    pub(crate) fn relaxed(&self, asked: &Asked) -> Option<Boxed> {
        let phrases = asked
            .phrases
            .iter()
            .filter_map(|phrase| self.phrase(phrase));
        let mut words = asked.words();
        // A single character is in every second text: it is no half of what was asked.
        let is_long = |word: &String| word.chars().nth(1).is_some();
        if words.iter().any(is_long) {
            words.retain(is_long);
        }
        let mut ways: Vec<Boxed> = words
            .iter()
            .map(|word| self.loosely(word, &asked.own))
            .collect();
        ways.extend(phrases);
        let needed = ways.len().div_ceil(2);
        if ways.is_empty() {
            return None;
        }
        let some: Boxed = Box::new(BooleanQuery::union_with_minimum_required_clauses(
            ways, needed,
        ));
        Some(some)
    }

    /// Records of these organs, whatever else; of none where there are none.
    fn of_organs(&self, organs: &[String]) -> Boxed {
        let terms = organs
            .iter()
            .map(|organ| Term::from_field_text(self.organ_id, organ));
        fixed(Box::new(TermSetQuery::new(terms)), 0.0)
    }

    /// What may be found at all of a query.
    pub(crate) fn inside(&self, query: &Query, inner: Boxed) -> Boxed {
        match query.within.as_deref() {
            None => inner,
            Some(organs) => all(vec![self.of_organs(organs), inner]),
        }
    }

    /// The filters around a query.
    pub(crate) fn within(&self, query: &Query, inner: Boxed) -> Boxed {
        let filters = [
            (self.kind, &query.kind),
            (self.class, &query.class),
            (self.organ_id, &query.organ),
            (self.level, &query.level),
            (self.year, &query.year),
            (self.validity, &query.validity),
        ];
        let wanted = filters
            .into_iter()
            .filter_map(|(field, value)| value.as_deref().map(|value| (field, value)))
            .map(|(field, value)| (Occur::Must, fixed(raw(field, value), 0.0)));
        let mut clauses: Vec<(Occur, Boxed)> = wanted.collect();
        clauses.extend(
            query
                .within
                .as_deref()
                .map(|organs| (Occur::Must, self.of_organs(organs))),
        );
        if clauses.is_empty() {
            return inner;
        }
        clauses.push((Occur::Must, inner));
        Box::new(BooleanQuery::new(clauses))
    }
}

/// Where pinyin or initials are what the letters say; each place with its weight.
fn spelled(text: &str, sounds: &[(Sound, f32)]) -> Vec<Boxed> {
    let Some(letters) = pinyin::letters(text) else {
        return Vec::new();
    };
    let readings = pinyin::readings(&letters);
    let chars: Vec<char> = letters.chars().collect();
    let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
    let mut ways = Vec::new();
    for (sound, weight) in sounds {
        let mut here: Vec<Boxed> = Vec::new();
        for reading in &readings {
            here.extend(read_so(sound.syllables, reading));
        }
        here.extend(in_places(sound.initials, &in_a_row(pairs.iter().cloned())));
        ways.extend(here.into_iter().map(|query| boost(query, *weight)));
    }
    ways
}

/// The syllables of one reading in a row; of many, also with something between them.
fn read_so(syllables: Field, reading: &pinyin::Reading) -> Vec<Boxed> {
    if let Some(tail) = &reading.tail {
        let row = reading.whole.iter().chain([tail]);
        let terms = row.map(|text| Term::from_field_text(syllables, text));
        return vec![Box::new(PhrasePrefixQuery::new(terms.collect()))];
    }
    let whole = in_a_row(reading.whole.iter().cloned());
    let row = in_places(syllables, &whole).map(|query| boost(query, 2.0));
    let mut ways: Vec<Boxed> = row.into_iter().collect();
    if whole.len() >= GAPS_FROM {
        let placed = whole
            .iter()
            .map(|gram| (gram.at, Term::from_field_text(syllables, &gram.text)));
        let apart = PhraseQuery::new_with_offset_and_slop(placed.collect(), GAPS_MAX);
        ways.push(Box::new(apart));
    }
    ways
}

fn in_a_row(texts: impl Iterator<Item = String>) -> Vec<Gram> {
    texts
        .enumerate()
        .map(|(at, text)| Gram { at, text })
        .collect()
}
