//! An office container in parts, and written again without some of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use zip::write::SimpleFileOptions;

use super::dom;
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::package::{Package, resolve};
use crate::refusal::damaged;

/// Every part by its name, in the order of names.
pub(super) struct Parts {
    pub(super) bytes: BTreeMap<String, Vec<u8>>,
}

impl Parts {
    pub(super) fn open(file: &[u8], limits: &Limits) -> Result<Self, Unreadable> {
        let mut package = Package::open(file, limits)?;
        let mut bytes = BTreeMap::new();
        for name in package.names() {
            if !name.ends_with('/')
                && let Some(part) = package.bytes(&name)?
            {
                bytes.insert(name, part);
            }
        }
        Ok(Self { bytes })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.bytes.keys().map(String::as_str)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        let bytes = self.bytes.get(name)?;
        Some(match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned(),
            Err(_) => crate::encoding::decode(bytes, None).text,
        })
    }

    /// A part's root; parts that are no XML give `None`.
    pub(super) fn xml(
        &self,
        name: &str,
        limits: &Limits,
    ) -> Result<Option<dom::Element>, Unreadable> {
        self.text(name)
            .map(|text| dom::parse(&text, limits))
            .transpose()
    }

    pub(super) fn put(&mut self, name: &str, root: &dom::Element) {
        self.bytes.insert(name.to_owned(), dom::to_part(root));
    }

    /// Takes parts out, with what points at them in relationships and in the list of content types.
    pub(super) fn remove(
        &mut self,
        gone: &dyn Fn(&str) -> bool,
        limits: &Limits,
    ) -> Result<(), Unreadable> {
        let removed: BTreeSet<String> = self
            .names()
            .filter(|name| gone(name))
            .map(str::to_owned)
            .collect();
        self.bytes.retain(|name, _| {
            let owner = owner_of(name);
            !removed.contains(name)
                && owner.is_none_or(|owner| owner.is_empty() || !removed.contains(&owner))
        });
        let relations: Vec<String> = self
            .names()
            .filter(|name| name.ends_with(".rels"))
            .map(str::to_owned)
            .collect();
        for name in relations {
            let Some(mut root) = self.xml(&name, limits)? else {
                continue;
            };
            let owner = owner_of(&name).unwrap_or_default();
            let folder = owner
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned();
            root.retain(&mut |element| {
                let target = element.attribute("Target").unwrap_or_default();
                let kind = element.attribute("Type").unwrap_or_default();
                let outside = element.attribute("TargetMode").as_deref() == Some("External");
                if outside {
                    ![
                        "attachedTemplate",
                        "oleObject",
                        "externalLinkPath",
                        "mailMergeSource",
                    ]
                    .iter()
                    .any(|leak| kind.ends_with(leak))
                } else {
                    !removed.contains(&resolve(&folder, &target))
                }
            });
            self.put(&name, &root);
        }
        if let Some(mut types) = self.xml("[Content_Types].xml", limits)? {
            types.retain(&mut |element| {
                element
                    .attribute("PartName")
                    .is_none_or(|part| !removed.contains(part.trim_start_matches('/')))
            });
            self.put("[Content_Types].xml", &types);
        }
        Ok(())
    }

    /// The container, every part with the same empty time stamp.
    pub(super) fn pack(&self) -> Result<Vec<u8>, Unreadable> {
        let failed = |_| damaged("干净文件写不出来");
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        // Readers look for the content types first.
        const FIRST: &str = "[Content_Types].xml";
        let first = self.bytes.get_key_value(FIRST);
        let rest = self.bytes.iter().filter(|(name, _)| *name != FIRST);
        for (name, bytes) in first.into_iter().chain(rest) {
            zip.start_file(name.as_str(), options).map_err(failed)?;
            zip.write_all(bytes)
                .map_err(|_| damaged("干净文件写不出来"))?;
        }
        zip.finish()
            .map(std::io::Cursor::into_inner)
            .map_err(failed)
    }
}

/// The part whose relationships a `.rels` part holds: empty for those of the container.
pub(super) fn owner_of(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    let file = file.strip_suffix(".rels")?;
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{file}"))
}
