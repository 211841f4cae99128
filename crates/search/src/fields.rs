//! What is stored and what is searched of each record.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{TantivyDocument, Term};

use crate::Doc;
use crate::text::Gram;
use crate::{lexicon, pinyin, text};

/// Raised when the fields or the cutting change: an index of another version is built anew.
pub(crate) const VERSION: &str = "6";
/// Characters of a body that are indexed at most.
pub(crate) const BODY_CHARS_MAX: usize = 400_000;
/// Between an organ's id and its name where both are one value.
pub(crate) const SPLIT: char = '\u{1F}';
/// Room between two texts of one field, so that no phrase reaches from one into the other.
const ROOM: usize = 10;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) key: Field,
    pub(crate) kind: Field,
    pub(crate) id: Field,
    pub(crate) title: Field,
    pub(crate) path: Field,
    pub(crate) body: Field,
    pub(crate) shown_number: Field,
    pub(crate) class: Field,
    pub(crate) organ: Field,
    pub(crate) organ_id: Field,
    pub(crate) level: Field,
    pub(crate) year: Field,
    pub(crate) validity: Field,
    pub(crate) void: Field,
    pub(crate) day: Field,
    pub(crate) changed: Field,
    pub(crate) standing: Field,
    pub(crate) title_words: Field,
    pub(crate) title_grams: Field,
    pub(crate) body_words: Field,
    pub(crate) body_grams: Field,
    pub(crate) title_sound: Sound,
    pub(crate) organ_sound: Sound,
    pub(crate) exact: Field,
}

/// Pinyin of one text: its syllables, and pairs of their initials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sound {
    pub(crate) syllables: Field,
    pub(crate) initials: Field,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut all = Schema::builder();
    let cut = |option: IndexRecordOption| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let words = cut(IndexRecordOption::WithFreqs);
    let placed = cut(IndexRecordOption::WithFreqsAndPositions);
    let counted = STRING | FAST | STORED;
    let number = NumericOptions::from(FAST | STORED);
    let fields = Fields {
        key: all.add_text_field("key", STRING),
        kind: all.add_text_field("kind", STRING | STORED),
        id: all.add_text_field("id", STORED),
        title: all.add_text_field("title", STORED),
        path: all.add_text_field("path", STORED),
        body: all.add_text_field("body", STORED),
        shown_number: all.add_text_field("shown_number", STORED),
        class: all.add_text_field("class", counted.clone()),
        organ: all.add_text_field("organ", counted.clone()),
        organ_id: all.add_text_field("organ_id", STRING),
        level: all.add_text_field("level", counted.clone()),
        year: all.add_text_field("year", counted.clone()),
        validity: all.add_text_field("validity", counted),
        void: all.add_u64_field("void", number.clone()),
        day: all.add_i64_field("day", number),
        changed: all.add_i64_field("changed", STORED),
        standing: all.add_u64_field("standing", FAST),
        title_words: all.add_text_field("title_words", words.clone()),
        title_grams: all.add_text_field("title_grams", placed.clone()),
        body_words: all.add_text_field("body_words", words),
        body_grams: all.add_text_field("body_grams", placed.clone()),
        title_sound: Sound {
            syllables: all.add_text_field("syllables", placed.clone()),
            initials: all.add_text_field("initials", placed.clone()),
        },
        organ_sound: Sound {
            syllables: all.add_text_field("organ_syllables", placed.clone()),
            initials: all.add_text_field("organ_initials", placed),
        },
        exact: all.add_text_field("exact", STRING),
    };
    (all.build(), fields)
}

impl Fields {
    /// What a record is deleted and replaced by.
    pub(crate) fn key_of(&self, kind: &str, id: &str) -> Term {
        Term::from_field_text(self.key, &format!("{kind}{SPLIT}{id}"))
    }

    pub(crate) fn document(&self, doc: &Doc) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        out.add_text(self.key, format!("{}{SPLIT}{}", doc.kind, doc.id));
        let body: String = doc.body.chars().take(BODY_CHARS_MAX).collect();
        let shown = [
            (self.kind, &doc.kind),
            (self.id, &doc.id),
            (self.title, &doc.title),
            (self.path, &doc.path),
            (self.body, &body),
            (self.shown_number, &doc.document_number),
            (self.class, &doc.class),
            (self.level, &doc.level),
            (self.validity, &doc.validity),
        ];
        for (field, value) in shown {
            if !value.is_empty() {
                out.add_text(field, value);
            }
        }
        if let Some((id, name)) = &doc.organ {
            out.add_text(self.organ_id, id);
            out.add_text(self.organ, format!("{id}{SPLIT}{name}"));
        }
        if doc.day > 0 {
            out.add_text(self.year, (doc.day / 10_000).to_string());
        }
        out.add_u64(self.void, u64::from(doc.void));
        out.add_i64(self.day, doc.day);
        out.add_i64(self.changed, doc.changed);
        out.add_u64(self.standing, doc.standing);
        self.searched(doc, &body, &mut out);
        out
    }

    fn searched(&self, doc: &Doc, body: &str, out: &mut TantivyDocument) {
        let organ = doc.organ.as_ref().map_or("", |(_, name)| name);
        let near: Vec<&str> = [doc.title.as_str()]
            .into_iter()
            .chain(doc.keywords.iter().map(String::as_str))
            .collect();
        let far = [body, organ, &doc.class, &doc.document_number];
        out.add_pre_tokenized_text(self.title_words, words(&near));
        out.add_pre_tokenized_text(self.title_grams, placed(&near, text::grams));
        out.add_pre_tokenized_text(self.body_words, words(&far));
        out.add_pre_tokenized_text(self.body_grams, placed(&far, text::grams));
        for (sound, text) in [
            (self.title_sound, doc.title.as_str()),
            (self.organ_sound, organ),
        ] {
            out.add_pre_tokenized_text(sound.syllables, placed(&[text], pinyin::syllables));
            out.add_pre_tokenized_text(sound.initials, placed(&[text], pinyin::initials));
        }
        let numbers = text::number_keys(&doc.document_number)
            .into_iter()
            .chain(text::index_keys(&doc.index_number));
        for key in numbers {
            out.add_text(self.exact, format!("n{key}"));
        }
        for key in text::index_end_keys(&doc.index_number) {
            out.add_text(self.exact, format!("e{key}"));
        }
        out.add_text(self.exact, format!("t{}", text::title_key(&doc.title)));
    }
}

fn token(text: String, position: usize) -> Token {
    Token {
        text,
        position,
        ..Token::default()
    }
}

fn words(texts: &[&str]) -> PreTokenizedString {
    let all = texts.iter().flat_map(|text| lexicon::all_words(text));
    PreTokenizedString {
        text: String::new(),
        tokens: all.enumerate().map(|(at, word)| token(word, at)).collect(),
    }
}

fn placed(texts: &[&str], cut: impl Fn(&str) -> Vec<Gram>) -> PreTokenizedString {
    let (mut tokens, mut from) = (Vec::new(), 0);
    for text in texts {
        let grams = cut(text);
        let next = grams.last().map_or(from, |last| from + last.at + ROOM);
        tokens.extend(
            grams
                .into_iter()
                .map(|gram| token(gram.text, from + gram.at)),
        );
        from = next;
    }
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}
