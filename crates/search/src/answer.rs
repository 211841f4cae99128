//! What a query finds.

use gongkai_basis::clause::Clause;
use tantivy::TantivyDocument;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, Query as Ask};
use tantivy::schema::{Field, Value as _};

use crate::ask::{self, Asked, OFFSET_MAX, Order, PAGE_MAX, Query};
use crate::fields::SPLIT;
use crate::gather::{Gather, Gathered};
use crate::index::{Index, SearchError};
use crate::mark::{self, Marked, Snippet};
use crate::slip;
use crate::top::{By, Ranked};

/// Titles that are looked at for a suggestion.
const CANDIDATES: usize = 60;
/// Suggestions while typing at most.
const TYPED_MAX: usize = 10;

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: String,
    pub id: String,
    pub path: String,
    pub title: Marked,
    pub snippet: Marked,
    /// Where in the text the snippet's first hit stands.
    pub clause: Option<Clause>,
    pub score: f64,
    pub class: String,
    /// Name of the organ; may be empty.
    pub organ: String,
    pub document_number: String,
    pub validity: String,
    pub void: bool,
    /// 20240305; 0 where there is none.
    pub day: i64,
    /// The day of the last correction; 0 where there was none.
    pub changed: i64,
}

/// One value that can be filtered by, and how many hits have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    pub value: String,
    pub name: String,
    pub n: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub class: Vec<Facet>,
    pub organ: Vec<Facet>,
    /// Newest first.
    pub year: Vec<Facet>,
    pub level: Vec<Facet>,
    pub validity: Vec<Facet>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub total: usize,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// What the person may have meant instead.
    pub suggestion: Option<String>,
    /// Not all words were found together; the hits have at least half of them.
    pub relaxed: bool,
}

impl Index {
    /// What a query finds. Limits are applied, never refused.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn query(&self, query: &Query) -> Result<Answer, SearchError> {
        let asked = Asked::read(&query.text, self.synonyms());
        let nothing_to_find = asked.is_empty() && !query.text.trim().is_empty();
        if nothing_to_find {
            return Ok(Answer::default());
        }
        let strict: Box<dyn Ask> = if asked.is_empty() {
            Box::new(AllQuery)
        } else {
            self.fields.strict(&asked)
        };
        let mut answer = self.ask(query, &asked, strict)?;
        if answer.total == 0
            && let Some(parted) = self.fields.parted(&asked)
        {
            answer = self.ask(query, &asked, parted)?;
        }
        if !asked.is_empty() {
            answer.suggestion = self.suggestion(query, &asked, answer.total)?;
        }
        if answer.total == 0
            && let Some(relaxed) = self.fields.relaxed(&asked)
        {
            let suggestion = answer.suggestion.take();
            answer = self.ask(query, &asked, relaxed)?;
            answer.suggestion = suggestion;
            answer.relaxed = answer.total > 0;
        }
        Ok(answer)
    }

    fn ask(
        &self,
        query: &Query,
        asked: &Asked,
        inner: Box<dyn Ask>,
    ) -> Result<Answer, SearchError> {
        let searcher = self.searcher();
        let whole = self.fields.within(query, inner);
        let offset = query.offset.min(OFFSET_MAX);
        let by = if query.order == Order::Newest || asked.is_empty() {
            By::Day
        } else {
            By::Relevance
        };
        let limit = offset + query.limit.clamp(1, PAGE_MAX);
        let Gathered { total, top, tally } = searcher.search(&*whole, &Gather { by, limit })?;
        let marks = asked.marks();
        let mut hits = Vec::new();
        for Ranked { rank, address } in top.from(offset) {
            let document: TantivyDocument = searcher.doc(address)?;
            hits.push(self.hit(&document, rank, &marks));
        }
        Ok(Answer {
            total,
            hits,
            facets: tally.facets(),
            suggestion: None,
            relaxed: false,
        })
    }

    fn hit(&self, document: &TantivyDocument, score: f64, marks: &[String]) -> Hit {
        let text = |field: Field| {
            let value = document.get_first(field);
            value
                .and_then(|value| value.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let number = |field: Field| document.get_first(field);
        let fields = &self.fields;
        let organ = text(fields.organ);
        let Snippet { marked, clause } = mark::snippet(&text(fields.body), marks);
        Hit {
            kind: text(fields.kind),
            id: text(fields.id),
            path: text(fields.path),
            title: mark::whole(&text(fields.title), marks),
            snippet: marked,
            clause,
            score,
            class: text(fields.class),
            organ: organ
                .split_once(SPLIT)
                .map_or("", |(_, name)| name)
                .to_owned(),
            document_number: text(fields.shown_number),
            validity: text(fields.validity),
            void: number(fields.void).and_then(|value| value.as_u64()) == Some(1),
            day: number(fields.day)
                .and_then(|value| value.as_i64())
                .unwrap_or(0),
            changed: number(fields.changed)
                .and_then(|value| value.as_i64())
                .unwrap_or(0),
        }
    }

    /// Titles for what has been typed so far, the likeliest first; of the filters, those of `within` count.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn typed(&self, query: &Query) -> Result<Vec<String>, SearchError> {
        let asked = Asked::read(&query.text, self.synonyms());
        let free = asked.free();
        let mut ways = self.fields.spelled(&free);
        ways.extend(ask::literal(self.fields.title_grams, &free));
        for said in asked.own.otherwise(&free) {
            ways.extend(ask::literal(self.fields.title_grams, &said));
        }
        if ways.is_empty() {
            return Ok(Vec::new());
        }
        let inside = self.fields.inside(query, ask::any(ways));
        let mut titles = self.titles(&*inside, TYPED_MAX)?;
        let mut seen = std::collections::HashSet::new();
        titles.retain(|title| seen.insert(title.clone()));
        Ok(titles)
    }

    pub(crate) fn titles(&self, query: &dyn Ask, n: usize) -> Result<Vec<String>, SearchError> {
        let searcher = self.searcher();
        let found = searcher.search(query, &TopDocs::with_limit(n).order_by_score())?;
        let mut titles = Vec::with_capacity(found.len());
        for (_, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let title = document.get_first(self.fields.title);
            titles.extend(title.and_then(|value| value.as_str()).map(str::to_owned));
        }
        Ok(titles)
    }

    /// The query with one chunk mended, where a title has what this chunk almost is.
    fn suggestion(
        &self,
        query: &Query,
        asked: &Asked,
        total: usize,
    ) -> Result<Option<String>, SearchError> {
        for (n, chunk) in asked.chunks.iter().enumerate() {
            // A word of the office is no slip, though it may stand nowhere.
            if asked.own.are_in(chunk)
                || !slip::suspect(chunk, total)
                || self.stands(query, chunk)?
            {
                continue;
            }
            let candidates = self.fields.inside(query, self.candidates(chunk));
            let titles = self.titles(&*candidates, CANDIDATES)?;
            if let Some(mended) = slip::mend(chunk, &titles) {
                let mut chunks = asked.chunks.clone();
                if let Some(place) = chunks.get_mut(n) {
                    *place = mended;
                }
                return Ok(Some(chunks.join(" ")));
            }
        }
        Ok(None)
    }

    /// Does the text stand anywhere as it is, in what may be found at all?
    fn stands(&self, query: &Query, text: &str) -> Result<bool, SearchError> {
        match self.fields.phrase(text) {
            Some(phrase) => {
                let inside = self.fields.inside(query, phrase);
                Ok(self.searcher().search(&*inside, &Count)? > 0)
            }
            None => Ok(true),
        }
    }

    fn candidates(&self, chunk: &str) -> Box<dyn Ask> {
        let pairs = crate::text::phrase(chunk);
        let mut ways: Vec<Box<dyn Ask>> = pairs
            .iter()
            .filter_map(|gram| ask::literal(self.fields.title_grams, &gram.text))
            .collect();
        ways.extend(self.fields.sounding(chunk));
        ways.extend(
            chunk
                .chars()
                .next()
                .and_then(|first| ask::literal(self.fields.title_grams, &first.to_string())),
        );
        ask::any(ways)
    }
}
