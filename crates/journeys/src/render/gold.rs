//! A plan as its labels say it should be read.

use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldPlan {
    pub title: Option<String>,
    pub notice_title: Option<String>,
    pub tasks: Vec<GoldTask>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldTask {
    pub no: Option<u32>,
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    #[serde(default)]
    pub organs: Vec<Organ>,
    #[serde(default)]
    pub organ_text: String,
    #[serde(default)]
    pub deadlines: Vec<Deadline>,
    /// May be found or not: never a fault.
    #[serde(default)]
    pub soft_deadlines: Vec<Deadline>,
    /// The unit cell is blank: the row above counts.
    #[serde(default)]
    pub organs_inherited: bool,
    /// … and the row above stands in another group.
    #[serde(default)]
    pub organs_inherited_across_group: bool,
    /// The unit paragraph stands after a later item.
    #[serde(default)]
    pub organs_shared: bool,
    /// With one of these unit texts the organs are right, whatever they are.
    #[serde(default)]
    pub accept_organ_texts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Organ {
    pub name: String,
    pub role: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Deadline {
    #[serde(default)]
    pub text: String,
    pub date: Option<String>,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub date_accept: Vec<String>,
}
