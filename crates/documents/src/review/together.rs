//! 数据汇聚: what the check finds in the documents that have not gone out, seen together and beside what is public already.
//! Pieces that are harmless one by one may tell who somebody is when several documents have them.
//!
//! Law: 政府信息公开条例 (2019) art. 15, 17; 个人信息保护法 art. 28, 51.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind, Rules};
use gongkai_platform::access::Scope;
use gongkai_platform::attachment::{self, Attachment};
use gongkai_platform::db::{StoreError, Tx};
use sha2::{Digest as _, Sha256};

use super::answer::references_by;
use super::demand;
use crate::document::files::{self, bare};
use crate::document::handle::SUBJECT;
use crate::document::reference::{self, Reference};
use crate::document::store::{self, Narrow, Public};
use crate::document::{Document, Edition, State};
use crate::id::{DocumentId, EditionId};
use crate::{inspection, rules};

/// Documents of each state that one look goes through, the newest first.
pub const LOOKED_MAX: i64 = 60;
/// Published documents that the pieces are looked for in, the newest first: those of a city over many years.
pub const PUBLIC_MAX: i64 = 20_000;
/// Published texts that are read at once.
pub const PUBLIC_AT_ONCE: i64 = 500;
/// Published documents that a piece names.
pub const NAMED_MAX: usize = 10;
/// Characters of a piece that is looked for among public texts: a surname alone is everywhere.
const PIECE_CHARS_MIN: usize = 2;

/// A document that has a piece.
pub type Holder = (DocumentId, String);
/// One on its way out, with its state: what is under review or waits for its day is sealed, what is being written is not.
pub type Outgoing = (Holder, State);
/// The states of what has not gone out.
pub const STATES: [State; 3] = [State::Reviewing, State::Approved, State::Draft];

/// The same passage of the same kind, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
    pub is_sure: bool,
    /// Documents on their way out that have it.
    pub documents: Vec<Outgoing>,
    /// Other documents that the public reads already and that have it, too: the first of them, and how many there are.
    pub public: Vec<Holder>,
    pub public_count: usize,
}

impl Piece {
    /// Several documents have it.
    #[must_use]
    pub fn is_gathered(&self) -> bool {
        self.documents.len() + self.public_count > 1
    }

    /// Does a document in this state have it?
    #[must_use]
    pub fn is_in(&self, state: State) -> bool {
        self.documents.iter().any(|(_, of)| *of == state)
    }
}

/// What the store says of one document on its way out, and the rules that hold for its unit.
pub struct Candidate {
    outgoing: Outgoing,
    owner: OrganId,
    rules: Arc<Rules>,
    edition: Edition,
    files: Vec<Attachment>,
    in_files: Vec<Finding>,
}

/// What one look goes through.
pub struct Candidates {
    pub all: Vec<Candidate>,
    /// Further documents that are not among them.
    pub more: i64,
}

impl Candidate {
    #[must_use]
    pub fn state(&self) -> State {
        self.outgoing.1
    }

    /// The attachments of a draft; nothing was kept of them, as of those that review sealed.
    #[must_use]
    pub fn unsealed(&self) -> &[Attachment] {
        match self.state() {
            State::Draft => &self.files,
            State::Reviewing | State::Approved | State::Discarded | State::Settled => &[],
        }
    }

    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.clone()
    }

    /// Adds what the check found in the attachments of a draft.
    pub fn add_found(&mut self, found: Vec<store::InFile>) {
        self.in_files.extend(files::named(found, &self.files));
    }
}

/// A document with what the check finds in it, and the references that the library may say otherwise of.
pub struct Looked {
    outgoing: Outgoing,
    owner: OrganId,
    rules: Arc<Rules>,
    findings: Vec<Finding>,
    references: Vec<Reference>,
}

/// The pieces of these findings, each once.
#[must_use]
pub fn gathered(found: Vec<(Outgoing, Vec<Finding>)>) -> Vec<Piece> {
    let mut pieces: BTreeMap<(Kind, String), Piece> = BTreeMap::new();
    for (outgoing, findings) in found {
        for one in findings {
            // The same number in two attachments is the same number; what could not be checked is each file's own.
            let text = match one.kind {
                Kind::Unread => &one.text,
                _ => bare(&one.text),
            };
            let piece = pieces
                .entry((one.kind, text.to_owned()))
                .or_insert_with(|| Piece {
                    kind: one.kind,
                    text: text.to_owned(),
                    is_sure: false,
                    documents: Vec::new(),
                    public: Vec::new(),
                    public_count: 0,
                });
            piece.is_sure |= one.confidence == Confidence::High;
            if !piece.documents.contains(&outgoing) {
                piece.documents.push(outgoing.clone());
            }
        }
    }
    pieces.into_values().collect()
}

/// Reads the documents within a scope that are on their way out.
///
/// # Errors
/// When the store fails.
pub async fn candidates(tx: &mut Tx, scope: &Scope) -> Result<Candidates, StoreError> {
    let counts = store::counts(tx, scope, &Narrow::default()).await?;
    let (mut documents, mut all) = (Vec::new(), 0);
    for state in STATES {
        let narrow = Narrow {
            state: Some(state),
            ..Narrow::default()
        };
        documents.append(&mut store::list(tx, scope, &narrow, (0, LOOKED_MAX)).await?);
        let known = counts.iter().find(|(of, _)| *of == state);
        all += known.map_or(0, |(_, n)| *n);
    }
    let looked = i64::try_from(documents.len()).unwrap_or(all);
    Ok(Candidates {
        all: with_editions(tx, documents).await?,
        more: (all - looked).max(0),
    })
}

/// These documents with their newest editions and what is attached to those, in few statements.
async fn with_editions(
    tx: &mut Tx,
    documents: Vec<Document>,
) -> Result<Vec<Candidate>, StoreError> {
    let ids: Vec<EditionId> = documents.iter().map(|one| one.edition).collect();
    let subjects: Vec<String> = documents.iter().map(|one| one.id.to_string()).collect();
    let mut editions = store::editions_of(tx, &ids).await?;
    let with = store::files_of(tx, &ids).await?;
    let mut attached = attachment::of_all(tx, SUBJECT, &subjects).await?;
    let mut found = store::found(tx, &ids).await?;
    let rules = rules_of(tx, &documents).await?;
    let candidate = |document: Document| {
        let edition = editions.remove(&document.edition)?;
        let files = attached.remove(&document.id.to_string());
        let mut files = files.unwrap_or_default();
        files.retain(|file| with.contains(&(edition.id, file.id)));
        let found = found.remove(&edition.id).unwrap_or_default();
        Some(Candidate {
            rules: rules.get(&document.owner).cloned().unwrap_or_default(),
            outgoing: ((document.id, edition.head.title.clone()), document.state),
            owner: document.owner,
            in_files: files::named(found, &files),
            files,
            edition,
        })
    };
    Ok(documents.into_iter().filter_map(candidate).collect())
}

/// The rules for the texts of each unit that has one of these documents; those of one government are read once.
async fn rules_of(
    tx: &mut Tx,
    documents: &[Document],
) -> Result<BTreeMap<OrganId, Arc<Rules>>, StoreError> {
    let mut of_unit: BTreeMap<OrganId, Arc<Rules>> = BTreeMap::new();
    let mut of_house: BTreeMap<OrganId, Arc<Rules>> = BTreeMap::new();
    for document in documents {
        let unit = document.owner;
        if of_unit.contains_key(&unit) {
            continue;
        }
        let house = demand::house(tx, unit).await?;
        let rules = match of_house.get(&house).cloned() {
            Some(rules) => rules,
            None => Arc::new(rules::rules(tx, house).await?),
        };
        of_house.insert(house, rules.clone());
        of_unit.insert(unit, rules);
    }
    Ok(of_unit)
}

/// Looks through the texts. It takes its time, and asks no store.
#[must_use]
pub fn inspected(candidates: Vec<Candidate>) -> Vec<Looked> {
    let look = |one: Candidate| {
        let mut findings = inspection::of_edition(&one.edition, &one.files, &one.rules);
        findings.extend(one.in_files);
        Looked {
            outgoing: one.outgoing,
            owner: one.owner,
            rules: one.rules,
            findings,
            references: reference::in_text(&one.edition.text),
        }
    };
    candidates.into_iter().map(look).collect()
}

/// All that was found, with what the library says otherwise.
///
/// # Errors
/// When the store fails.
pub async fn pieces(tx: &mut Tx, looked: Vec<Looked>) -> Result<Vec<Piece>, StoreError> {
    let mut found = Vec::with_capacity(looked.len());
    for mut one in looked {
        one.findings
            .extend(references_by(tx, (one.owner, &one.rules), &one.references).await?);
        found.push((one.outgoing, one.findings));
    }
    Ok(gathered(found))
}

/// The personal pieces, all looked for at once.
pub struct Wanted {
    all: AhoCorasick,
    /// Which of the pieces each is.
    pieces: Vec<usize>,
}

impl Wanted {
    /// `None` where there is nothing to look for.
    #[must_use]
    pub fn of(pieces: &[Piece]) -> Option<Self> {
        let wanted: Vec<usize> = (0..)
            .zip(pieces)
            .filter(|(_, one)| {
                one.kind.is_personal() && one.text.chars().count() >= PIECE_CHARS_MIN
            })
            .map(|(place, _)| place)
            .collect();
        let words = wanted.iter().filter_map(|place| pieces.get(*place));
        let all = AhoCorasick::new(words.map(|one| one.text.as_str())).ok()?;
        (!wanted.is_empty()).then_some(Self {
            all,
            pieces: wanted,
        })
    }

    /// The hashes by which the store knows the pieces, each with its places among them.
    #[must_use]
    pub fn hashes(&self, pieces: &[Piece]) -> BTreeMap<String, Vec<usize>> {
        let mut hashes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for place in &self.pieces {
            if let Some(piece) = pieces.get(*place) {
                let hash = hex::encode(Sha256::digest(&piece.text));
                hashes.entry(hash).or_default().push(*place);
            }
        }
        hashes
    }

    /// Which of the pieces each of these texts has. It takes its time.
    #[must_use]
    pub fn found(&self, public: Vec<Public>) -> Vec<(Holder, BTreeSet<usize>)> {
        let look = |(holder, text): Public| {
            let met = self.all.find_overlapping_iter(&text);
            let met = met.filter_map(|one| self.pieces.get(one.pattern().as_usize()));
            (holder, met.copied().collect())
        };
        let all = public.into_iter().map(look);
        all.filter(|(_, met): &(_, BTreeSet<usize>)| !met.is_empty())
            .collect()
    }
}

/// By which name the store keeps the looks of a scope of staff.
#[must_use]
pub fn key(scope: &Scope) -> String {
    hex::encode(Sha256::digest(format!("{scope:?}")))
}

/// What one look through public texts found, and what it went through.
#[derive(Debug, Default)]
pub struct Look {
    found: BTreeMap<DocumentId, (String, BTreeSet<usize>)>,
    editions: Vec<EditionId>,
    /// The editions of the documents in which something was found.
    of: BTreeMap<DocumentId, EditionId>,
}

impl Look {
    /// These editions were looked through, and this was found in their documents.
    pub fn add(
        &mut self,
        editions: Vec<(DocumentId, EditionId)>,
        found: Vec<(Holder, BTreeSet<usize>)>,
    ) {
        self.editions.extend(editions.iter().map(|(_, id)| *id));
        self.of.extend(editions);
        for ((id, title), places) in found {
            self.met(id, title, places);
        }
    }

    /// What looks before found, by the hashes of the pieces.
    pub fn add_kept(&mut self, kept: Vec<(Holder, String)>, hashes: &BTreeMap<String, Vec<usize>>) {
        for ((id, title), hash) in kept {
            let places = hashes.get(&hash).into_iter().flatten().copied().collect();
            self.met(id, title, places);
        }
    }

    fn met(&mut self, id: DocumentId, title: String, places: BTreeSet<usize>) {
        if places.is_empty() {
            return;
        }
        let (_, met) = self
            .found
            .entry(id)
            .or_insert_with(|| (title, BTreeSet::new()));
        met.extend(places);
    }

    /// The editions that it went through itself.
    #[must_use]
    pub fn editions(&self) -> &[EditionId] {
        &self.editions
    }

    /// What it found itself, by the hashes of the pieces, for the store.
    #[must_use]
    pub fn matches(&self, hashes: &BTreeMap<String, Vec<usize>>) -> Vec<(String, EditionId)> {
        let mut matches = Vec::new();
        for (document, (_, met)) in &self.found {
            let Some(edition) = self.of.get(document) else {
                continue;
            };
            let own = hashes
                .iter()
                .filter(|(_, places)| places.iter().any(|place| met.contains(place)));
            matches.extend(own.map(|(hash, _)| (hash.clone(), *edition)));
        }
        matches
    }

    /// What all looks found, the newest document first.
    #[must_use]
    pub fn found(self) -> Vec<(Holder, BTreeSet<usize>)> {
        let all = self.found.into_iter().rev();
        all.map(|(id, (title, met))| ((id, title), met)).collect()
    }
}

/// Adds to the pieces what was found in public texts; a document that is being corrected does not stand beside itself.
pub fn add_public(pieces: &mut [Piece], found: Vec<(Holder, BTreeSet<usize>)>) {
    for (holder, met) in found {
        for place in met {
            let Some(piece) = pieces.get_mut(place) else {
                continue;
            };
            if piece.documents.iter().any(|((id, _), _)| *id == holder.0) {
                continue;
            }
            piece.public_count += 1;
            if piece.public.len() < NAMED_MAX {
                piece.public.push(holder.clone());
            }
        }
    }
}

/// In the order of kinds; of one kind those first that several documents have.
pub fn sort(pieces: &mut [Piece]) {
    let weight = |kind: Kind| Kind::ALL.iter().position(|one| *one == kind);
    pieces.sort_by_key(|piece| (weight(piece.kind), !piece.is_gathered(), !piece.is_sure));
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Confidence, Finding, Kind};

    use super::{Holder, Look, NAMED_MAX, Outgoing, Wanted, add_public, gathered, sort};
    use crate::document::State;

    fn holder(n: u128, title: &str) -> Holder {
        let id = uuid::Uuid::from_u128(n).to_string().parse().unwrap();
        (id, title.to_owned())
    }

    fn draft(n: u128, title: &str) -> Outgoing {
        (holder(n, title), State::Draft)
    }

    fn finding(kind: Kind, text: &str) -> Finding {
        Finding {
            start: 0,
            end: 1,
            kind,
            confidence: Confidence::Low,
            text: text.to_owned(),
            advice: String::new(),
        }
    }

    #[test]
    fn what_several_documents_have_comes_first_and_once() {
        let (one, two, out) = (holder(1, "甲"), holder(2, "乙"), holder(3, "丙"));
        let mut pieces = gathered(vec![
            (
                (one, State::Reviewing),
                vec![
                    finding(Kind::Mobile, "13900139000"),
                    finding(Kind::Mobile, "13800138000"),
                    finding(Kind::Mobile, "13800138000"),
                    finding(Kind::Name, "张伟"),
                ],
            ),
            (
                (two.clone(), State::Draft),
                vec![finding(Kind::Mobile, "附件“名单.txt”：13800138000")],
            ),
        ]);
        let public = vec![
            (out.clone(), "张伟，男；张伟之父张伟民".to_owned()),
            (two.clone(), "乙现在公开的文本：13800138000".to_owned()),
        ];
        let found = Wanted::of(&pieces).unwrap().found(public);
        add_public(&mut pieces, found);
        sort(&mut pieces);
        let said: Vec<(&str, usize, usize)> = pieces
            .iter()
            .map(|one| (one.text.as_str(), one.documents.len(), one.public_count))
            .collect();
        assert_eq!(
            said,
            [("13800138000", 2, 0), ("13900139000", 1, 0), ("张伟", 1, 1)]
        );
        assert!(pieces[0].is_in(State::Draft) && pieces[0].is_in(State::Reviewing));
        assert!(!pieces[1].is_in(State::Draft) && !pieces[0].is_in(State::Approved));
        assert!(pieces[0].is_gathered() && !pieces[1].is_gathered() && pieces[2].is_gathered());
    }

    /// What was found before stands beside what is found now, and the store is told of the latter alone.
    #[test]
    fn a_look_goes_on_where_those_before_it_ended() {
        let findings = vec![finding(Kind::Name, "张伟"), finding(Kind::Name, "李四")];
        let pieces = gathered(vec![(draft(1, "甲"), findings)]);
        let wanted = Wanted::of(&pieces).unwrap();
        let hashes = wanted.hashes(&pieces);
        assert_eq!(hashes.len(), 2);
        let (before, now) = (holder(2, "乙"), holder(3, "丙"));
        let edition: crate::id::EditionId = uuid::Uuid::from_u128(9).to_string().parse().unwrap();
        let mut look = Look::default();
        let found = wanted.found(vec![(now.clone(), "名单：张伟".to_owned())]);
        look.add(vec![(now.0, edition)], found);
        let known = |text: &str| {
            let place = pieces.iter().position(|piece| piece.text == text).unwrap();
            let mut all = hashes.iter();
            all.find(|(_, places)| places.contains(&place))
                .unwrap()
                .0
                .clone()
        };
        look.add_kept(
            vec![
                (before.clone(), known("李四")),
                (before.clone(), "nobody asks for this any more".to_owned()),
            ],
            &hashes,
        );
        assert_eq!(look.editions(), [edition]);
        assert_eq!(look.matches(&hashes), [(known("张伟"), edition)]);
        let found = look.found();
        let titles: Vec<&str> = found.iter().map(|((_, title), _)| title.as_str()).collect();
        assert_eq!(titles, ["丙", "乙"], "the newest first");
        assert!(found.iter().all(|(_, met)| met.len() == 1));
    }

    #[test]
    fn of_many_public_documents_some_are_named_and_all_are_counted() {
        let found = vec![(draft(1, "甲"), vec![finding(Kind::Name, "张伟")])];
        let mut pieces = gathered(found);
        let public: Vec<_> = (0..=NAMED_MAX as u128)
            .map(|n| (holder(n + 2, "公示"), "名单：张伟".to_owned()))
            .collect();
        let found = Wanted::of(&pieces).unwrap().found(public);
        add_public(&mut pieces, found);
        assert_eq!(pieces[0].public.len(), NAMED_MAX);
        assert_eq!(pieces[0].public_count, NAMED_MAX + 1);
        // What is not about a person, and a surname alone, is looked for nowhere.
        let none = vec![finding(Kind::Name, "张"), finding(Kind::Wording, "截止")];
        assert!(Wanted::of(&gathered(vec![(draft(1, "甲"), none)])).is_none());
    }
}
