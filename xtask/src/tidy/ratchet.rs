//! The list of old offenders, which may only shrink: a table for each rule, and in it a measure for each key.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};

use super::{Finding, RATCHET};

const HEAD: &str = "\
# Old offenders against `cargo xtask tidy`, each with its measure.
# The list may only shrink: tidy fails above a measure, and also when a measure is higher than needed.
# After an improvement: cargo xtask tidy --tighten
";

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ratchet {
    /// Rule, key, measure.
    tolerated: BTreeMap<(String, String), usize>,
}

impl Ratchet {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let rules: BTreeMap<String, BTreeMap<String, usize>> =
            toml::from_str(text).context(RATCHET)?;
        let rows = rules.into_iter().flat_map(|(rule, keys)| {
            keys.into_iter()
                .map(move |(key, measure)| ((rule.clone(), key), measure))
        });
        Ok(Self {
            tolerated: rows.collect(),
        })
    }

    /// What is worse than the list allows, and what the list allows without need.
    pub(super) fn judge(&self, findings: &[Finding]) -> Vec<String> {
        let measures = measures(findings);
        let mut complaints = Vec::new();
        for finding in findings {
            let id = (finding.rule.to_owned(), finding.key.clone());
            let (found, tolerated) = (
                measures.get(&id).copied().unwrap_or(0),
                self.tolerated.get(&id).copied().unwrap_or(0),
            );
            if found > tolerated {
                let old = if tolerated > 0 {
                    format!(" (was {tolerated}, now {found})")
                } else {
                    String::new()
                };
                complaints.push(format!(
                    "{}: {}: {}{old}",
                    finding.place, finding.rule, finding.message
                ));
            }
        }
        for ((rule, key), tolerated) in &self.tolerated {
            let found = measures
                .get(&(rule.clone(), key.clone()))
                .copied()
                .unwrap_or(0);
            if found < *tolerated {
                complaints.push(format!("{RATCHET}: {rule}: \"{key}\" is allowed {tolerated} and needs {found}: cargo xtask tidy --tighten"));
            }
        }
        complaints
    }

    /// The same list with every measure as low as it can be.
    pub(super) fn tightened(&self, findings: &[Finding]) -> Self {
        let measures = measures(findings);
        let rows = self.tolerated.iter().filter_map(|(id, tolerated)| {
            let found = measures.get(id).copied()?;
            Some((id.clone(), found.min(*tolerated)))
        });
        Self {
            tolerated: rows.collect(),
        }
    }
}

/// Findings under one key add up.
fn measures(findings: &[Finding]) -> BTreeMap<(String, String), usize> {
    let mut measures = BTreeMap::new();
    for finding in findings {
        *measures
            .entry((finding.rule.to_owned(), finding.key.clone()))
            .or_default() += finding.measure;
    }
    measures
}

impl fmt::Display for Ratchet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        let mut current = "";
        for ((rule, key), measure) in &self.tolerated {
            if rule != current {
                write!(f, "\n[{rule}]\n")?;
                current = rule;
            }
            writeln!(f, "{} = {measure}", toml::Value::String(key.clone()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Ratchet};

    const LIST: &str = "[file-lines]\n\"a.rs\" = 900\n\"b.rs\" = 850\n";

    fn long(path: &str, lines: usize) -> Finding {
        Finding::one("file-lines", path, "long").measure(lines)
    }

    #[test]
    fn the_list_tolerates_what_it_names_and_nothing_more() {
        let ratchet = Ratchet::parse(LIST).unwrap();
        assert!(
            ratchet
                .judge(&[long("a.rs", 900), long("b.rs", 850)])
                .is_empty()
        );
        assert_eq!(
            ratchet.judge(&[long("a.rs", 901), long("b.rs", 850)]),
            ["a.rs: file-lines: long (was 900, now 901)"]
        );
        assert_eq!(
            ratchet
                .judge(&[long("a.rs", 900), long("b.rs", 850), long("c.rs", 801)])
                .len(),
            1
        );
    }

    #[test]
    fn the_list_may_not_stay_higher_than_needed() {
        let ratchet = Ratchet::parse(LIST).unwrap();
        assert_eq!(ratchet.judge(&[long("a.rs", 880)]).len(), 2);
        let tight = ratchet.tightened(&[long("a.rs", 880), long("c.rs", 999)]);
        assert_eq!(
            tight,
            Ratchet::parse("[file-lines]\n\"a.rs\" = 880\n").unwrap()
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        let ratchet = Ratchet::parse(LIST).unwrap();
        assert_eq!(Ratchet::parse(&ratchet.to_string()).unwrap(), ratchet);
    }
}
