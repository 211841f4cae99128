//! A plan as its source describes it.

use std::path::Path;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Plan {
    /// Says on every document that it is a demonstration.
    pub(crate) mark: String,
    pub(crate) notice: Notice,
    pub(crate) title: String,
    pub(crate) columns: Vec<String>,
    pub(crate) sections: Vec<Section>,
    pub(crate) closing: Vec<String>,
}

/// The covering notice; what is empty is not printed.
#[derive(Debug, Deserialize)]
pub(crate) struct Notice {
    pub(crate) issuer: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) to: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) date: String,
    /// The day that a web page says it was put up; empty where the sample is no web page.
    #[serde(default)]
    pub(crate) posted_on: String,
    #[serde(default)]
    pub(crate) index_number: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Group {
    /// Empty where a section has no groups.
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) no: u32,
    pub(crate) text: String,
    /// `None`: the unit cell above reaches down over this item (in flattened text: the unit line below counts).
    /// Empty: a cell of its own with nothing in it.
    pub(crate) units: Option<String>,
    #[serde(default)]
    pub(crate) due: String,
    #[serde(default)]
    pub(crate) done: String,
    #[serde(default)]
    pub(crate) pending: String,
}

impl Plan {
    pub(crate) fn items(&self) -> impl Iterator<Item = (&Section, &Group, &Item)> {
        self.sections.iter().flat_map(|section| {
            let groups = section.groups.iter();
            groups.flat_map(move |group| group.items.iter().map(move |item| (section, group, item)))
        })
    }

    /// For each item, how many items its unit cell covers; 0 where the cell above reaches over it.
    pub(crate) fn unit_spans(&self) -> Vec<usize> {
        let units: Vec<_> = self
            .items()
            .map(|(_, _, item)| item.units.is_some())
            .collect();
        let mut spans = Vec::with_capacity(units.len());
        for (index, own) in units.iter().enumerate() {
            let below = units
                .iter()
                .skip(index + 1)
                .take_while(|own| !**own)
                .count();
            spans.push(if *own { below + 1 } else { 0 });
        }
        spans
    }
}

impl Section {
    pub(crate) fn len(&self) -> usize {
        self.groups.iter().map(|group| group.items.len()).sum()
    }
}

pub(crate) fn read(path: &Path) -> Result<Plan, Box<dyn std::error::Error>> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}
