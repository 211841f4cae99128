//! The form of a collective's rule.

use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::super::collective::{Group, Rule};
use super::super::super::{Certainty, Directory, Kind, Level, Organ, Target};
use super::super::view::lines;
use crate::web::FormErrors;

/// Names in one field of a rule.
const NAMES_MAX: usize = 500;

/// What the rule's form sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in super::super) struct RuleForm {
    pub(super) root: String,
    pub(super) version: i64,
    /// `level.kind`
    pub(super) groups: Vec<String>,
    pub(super) under: String,
    pub(super) except_named: Option<String>,
    pub(super) manual: Option<String>,
    pub(super) include: String,
    pub(super) exclude: String,
    /// The rule whose effects the person has seen, as JSON; saved only when it is still the same.
    pub(super) seen: String,
}

impl RuleForm {
    pub(super) fn of(rule: &Rule, root: &Organ, version: i64, directory: &Directory) -> Self {
        let names = |ids: &[OrganId]| {
            ids.iter()
                .filter_map(|id| directory.entry(*id).map(|entry| entry.name.as_str()))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let under = rule.under.and_then(|id| directory.entry(id));
        Self {
            root: root.id.to_string(),
            version,
            groups: rule
                .groups
                .iter()
                .map(|group| format!("{}.{}", group.level.code(), group.kind.code()))
                .collect(),
            under: under.map(|entry| entry.name.clone()).unwrap_or_default(),
            except_named: rule.except_named.then(|| "1".to_owned()),
            manual: rule.manual.then(|| "1".to_owned()),
            include: names(&rule.include),
            exclude: names(&rule.exclude),
            seen: String::new(),
        }
    }

    pub(super) fn rule(&self, directory: &Directory) -> Result<Rule, FormErrors> {
        let mut errors = FormErrors::default();
        let mut groups: Vec<Group> = self
            .groups
            .iter()
            .filter_map(|code| {
                let (level, kind) = code.split_once('.')?;
                Some(Group {
                    level: Level::from_code(level)?,
                    kind: Kind::from_code(kind)?,
                })
            })
            .collect();
        groups.sort();
        groups.dedup();
        let include = organs(directory, "include", &self.include, &mut errors);
        let exclude = organs(directory, "exclude", &self.exclude, &mut errors);
        let under = organs(directory, "under", &self.under, &mut errors);
        if under.len() > 1 {
            errors.add("under", "只能填一个机关。");
        }
        if let Some(both) = include.iter().find(|id| exclude.contains(id)) {
            let name = directory
                .entry(*both)
                .map_or("", |entry| entry.name.as_str());
            errors.add(
                "exclude",
                format!("“{name}”同时在“另加”和“排除”中，请去掉一处。"),
            );
        }
        if errors.is_empty() {
            Ok(Rule {
                groups,
                under: under.first().copied(),
                except_named: self.except_named.is_some(),
                include,
                exclude,
                manual: self.manual.is_some(),
            })
        } else {
            Err(errors)
        }
    }
}

/// Names to organs: only what is certain; every other name is a mistake of the form.
fn organs(directory: &Directory, field: &str, text: &str, errors: &mut FormErrors) -> Vec<OrganId> {
    let names = lines(text);
    if names.len() > NAMES_MAX {
        errors.add(field, format!("一次最多填 {NAMES_MAX} 个名称。"));
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for name in names {
        let first = directory.find(&name).into_iter().next();
        match first {
            Some(first) if first.certainty == Certainty::Certain => {
                if let Target::Organ(id) = first.target {
                    if !found.contains(&id) {
                        found.push(id);
                    }
                } else {
                    wrong.push(format!("“{name}”是统称，请逐个填写机关"));
                }
            }
            Some(first) => {
                let near = match first.target {
                    Target::Organ(id) => directory.entry(id).map(|entry| entry.name.clone()),
                    Target::Collective(_) => None,
                };
                wrong.push(match near {
                    Some(near) => format!("“{name}”不能确定是哪个机关，是否指“{near}”"),
                    None => format!("“{name}”不是名录中的机关"),
                });
            }
            None => wrong.push(format!("“{name}”不在名录中")),
        }
    }
    if !wrong.is_empty() {
        errors.add(field, format!("{}。请按名录全称填写。", wrong.join("；")));
    }
    found
}

pub(super) struct GroupChoice {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) count: usize,
    pub(super) chosen: bool,
}

pub(super) fn group_choices(directory: &Directory, form: &RuleForm) -> Vec<GroupChoice> {
    let mut groups: Vec<(Group, usize)> = directory.groups();
    // Groups of the rule that have no organ now are shown as well, or saving would drop them.
    for code in &form.groups {
        if let Some((level, kind)) = code.split_once('.')
            && let (Some(level), Some(kind)) = (Level::from_code(level), Kind::from_code(kind))
            && !groups
                .iter()
                .any(|(group, _)| *group == Group { level, kind })
        {
            groups.push((Group { level, kind }, 0));
        }
    }
    groups.sort();
    groups
        .into_iter()
        .map(|(group, count)| {
            let code = format!("{}.{}", group.level.code(), group.kind.code());
            GroupChoice {
                title: format!("{} · {}", group.level.name(), group.kind.name()),
                count,
                chosen: form.groups.contains(&code),
                code,
            }
        })
        .collect()
}
