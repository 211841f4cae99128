//! `cargo xtask tidy`: the house's own rules, as far as a machine can check them and clippy cannot.
//!
//! Every rule is a pure function from the tree of files to findings. Old offenders stand in `tidy-ratchet.toml`
//! with their measure; a finding above its measure fails, and so does a measure that is higher than needed.

mod architecture;
mod arrows;
mod examples;
mod migrations;
mod problems;
mod ratchet;
mod sizes;
mod source;
mod sql;
mod tree;
mod words;

use anyhow::{Result, bail};

use crate::step::{root, step};
use ratchet::Ratchet;
use tree::Tree;

/// Where the measures of old offenders stand.
const RATCHET: &str = "xtask/tidy-ratchet.toml";

/// What to do with measures that are higher than needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldOffenders {
    /// Fail, and say which.
    Keep,
    /// Lower them in the file. Never raises or adds one.
    Tighten,
}

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    /// The rule's name, which is also its table in the ratchet.
    rule: &'static str,
    /// What the ratchet counts under: a file, a function, a pair.
    key: String,
    /// Where to look: `path:line`.
    place: String,
    message: String,
    /// How bad it is, in the rule's unit (lines, occurrences).
    measure: usize,
}

impl Finding {
    /// A breach that is there or not.
    fn one(rule: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        let place = place.into();
        Self {
            rule,
            key: place.clone(),
            place,
            message: message.into(),
            measure: 1,
        }
    }

    fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    fn measure(mut self, measure: usize) -> Self {
        self.measure = measure;
        self
    }
}

/// `cargo xtask tidy`.
pub(crate) fn run(old: OldOffenders) -> Result<()> {
    step("tidy", || check(old))
}

/// All rules over the working tree.
pub(crate) fn check(old: OldOffenders) -> Result<()> {
    let tree = Tree::read(&root())?;
    for warning in sizes::warnings(&tree) {
        println!("   note: {warning}");
    }
    let ratchet = Ratchet::parse(tree.text(RATCHET).unwrap_or_default())?;
    let findings = findings(&tree);
    if old == OldOffenders::Tighten {
        std::fs::write(
            root().join(RATCHET),
            ratchet.tightened(&findings).to_string(),
        )?;
        println!("   {RATCHET} tightened");
        return Ok(());
    }
    let complaints = ratchet.judge(&findings);
    if complaints.is_empty() {
        return Ok(());
    }
    for complaint in &complaints {
        println!("   {complaint}");
    }
    bail!("tidy has {} complaints", complaints.len());
}

/// Every breach there is, old or new.
fn findings(tree: &Tree) -> Vec<Finding> {
    [
        arrows::check(tree),
        examples::check(tree),
        sql::check(tree),
        migrations::check(tree),
        problems::check(tree),
        architecture::check(tree),
        sizes::check(tree),
        words::check(tree, &root().to_string_lossy()),
    ]
    .concat()
}
