//! A file before publication: its text through the rules, and what it hides.

use gongkai_inspect::{Confidence, Finding, Kind, Rules, foreign_reprint, inspect, unlicensed_map};
use gongkai_office::hidden::{Hidden, Place};
use gongkai_office::{Document, Unreadable};
use gongkai_platform::attachment::Attachment;

use crate::document::Edition;
use crate::document::cited::Cited;
use crate::document::reading::Reading;
use crate::kind::own::OwnValue;
use crate::picture;
use crate::review::answer::is_asked;

/// A file that was looked through, and whose words were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has no characters by its nature; what it hides is all that a machine can check.
    Picture,
    /// It should have characters and gives none: a scan, a PDF without a map of its glyphs.
    Scan,
}

impl Unread {
    /// `None` where the refusal says that the file could not be looked at at all.
    fn of_code(code: &str) -> Option<Self> {
        match code {
            "picture" => Some(Self::Picture),
            "scanned-pdf" | "unmapped-text" => Some(Self::Scan),
            _ => None,
        }
    }
}

/// What a check saw: the text as it was read, and everything to look at in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    pub text: String,
    /// Why the words were not looked at.
    pub unread: Option<Unread>,
    /// What else was not looked at, in a few words for people.
    pub gap: Option<String>,
    /// Pages among others whose words are a picture: they should have characters and give none.
    pub scanned_pages: usize,
    /// Places are characters of `text`; what stands outside it (headers, hidden pieces) has the place 0..0.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// Checks a file that was read and searched in the child process.
    ///
    /// # Errors
    /// [`Unreadable`] as the reader gave it, unless the file is a picture or a scan without text.
    pub fn of_file(
        document: Result<Document, Unreadable>,
        hidden: &[Hidden],
        rules: &Rules,
    ) -> Result<Self, Unreadable> {
        Self::of_reading(Reading::of(document, Ok(hidden.to_vec())), rules)
    }

    /// Checks what was read in a file.
    ///
    /// # Errors
    /// [`Unreadable`] as the reader gave it, unless the file is a picture or a scan without text.
    pub fn of_reading(reading: Reading, rules: &Rules) -> Result<Self, Unreadable> {
        let (gap, unsearched) = (reading.unchecked(), reading.unsearched.is_some());
        let scanned_pages = reading.gaps.len();
        let unread = match reading.refused {
            None => None,
            Some(refused) => Some(Unread::of_code(&refused.code).ok_or(refused)?),
        };
        let text = reading.words;
        let mut findings = inspect(&text, rules);
        findings.extend(maps(reading.pictures.iter().map(String::as_str), &text));
        findings.extend(reading.hidden.iter().flat_map(|one| explain(one, rules)));
        Ok(Self {
            text,
            // That nothing was read in a picture its own sentence says; that nothing was searched, either, only this one.
            gap: gap.filter(|_| unread.is_none() || unsearched),
            unread,
            scanned_pages,
            findings,
        })
    }

    /// What reviewers answer for in an attachment: what the check is sure of, and what it could not look at.
    #[must_use]
    pub fn asked(reading: Reading, rules: &Rules) -> Vec<Finding> {
        let gap = reading.gap();
        let seen = Self::of_reading(reading, rules).unwrap_or_default();
        let mut found = seen.findings;
        found.retain(is_asked);
        found.extend(gap);
        found
    }

    /// The same of a file with this name, which may say that a picture is a map.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        if self.unread == Some(Unread::Picture) {
            self.findings.extend(unlicensed_map(name, ""));
        }
        self
    }
}

/// Pictures that are maps by their names, in a text without 审图号.
pub fn maps<'a>(names: impl Iterator<Item = &'a str>, text: &str) -> Vec<Finding> {
    names
        .filter_map(|name| unlicensed_map(name, text))
        .collect()
}

/// What the check finds in an edition: in its text, in what stands above it on the page, pictures in it and beside it that are
/// maps by their names, and where a reprint was taken from.
pub fn of_edition(edition: &Edition, attachments: &[Attachment], rules: &Rules) -> Vec<Finding> {
    let head = &edition.head;
    let mut found = inspect(&edition.text, rules);
    found.extend(
        [&head.title, &head.summary, &head.keywords]
            .into_iter()
            .cloned()
            .chain(head.cites.iter().map(Cited::written))
            // Without its label: who leads an organ is published (条例 art. 20, no. 2), and 姓名 before a name says otherwise.
            .chain(head.own.iter().map(OwnValue::shown))
            .flat_map(|line| inspect(&line, rules)),
    );
    let mut names: Vec<String> = attachments
        .iter()
        .filter(|file| is_picture(&file.title))
        .map(|file| file.title.clone())
        .collect();
    names.append(&mut picture::words(&edition.html));
    found.extend(maps(names.iter().map(String::as_str), &edition.text));
    found.extend(foreign_reprint(&head.source_url, rules));
    found
}

/// Is a file with this name a picture?
pub(crate) fn is_picture(name: &str) -> bool {
    let name = name.to_lowercase();
    [".jpg", ".jpeg", ".png", ".gif"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// A hidden piece as findings: that it is hidden, and what its own text gives away.
fn explain(one: &Hidden, rules: &Rules) -> Vec<Finding> {
    let aside = one.what == Place::Aside;
    let own = Finding {
        start: 0,
        end: 0,
        kind: Kind::Hidden,
        confidence: if one.sure {
            Confidence::High
        } else {
            Confidence::Low
        },
        text: format!("{}：{}", one.place, one.excerpt()),
        advice: one.advice(),
    };
    let passage = Rules {
        whole_document: false,
        ..rules.clone()
    };
    let inside = inspect(&one.text, &passage)
        .into_iter()
        .filter(|finding| finding.confidence == Confidence::High)
        .map(|finding| Finding {
            start: 0,
            end: 0,
            advice: format!(
                "{}（在{}：{}）",
                finding.advice,
                one.what.title(),
                one.place
            ),
            ..finding
        });
    (!aside).then_some(own).into_iter().chain(inside).collect()
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Kind, Rules};
    use gongkai_office::{Document, Format, Picture, PictureSource, Unreadable};

    use super::{Inspection, is_picture};

    #[test]
    fn every_kind_of_picture_that_can_be_attached_is_one() {
        for name in ["地图.jpg", "地图.JPEG", "地图.png", "云岭县地图.GIF"] {
            assert!(is_picture(name), "{name}");
        }
        assert!(!is_picture("地图.pdf"));
    }

    #[test]
    fn maps_are_told_by_the_names_of_pictures_and_of_picture_files() {
        let with = |text: &str, alt: &str| {
            let paragraph = gongkai_office::Paragraph {
                text: text.to_owned(),
                heading: None,
                place: gongkai_office::Place::default(),
            };
            let document = Document {
                format: Format::Docx,
                blocks: vec![gongkai_office::Block::Paragraph(paragraph)],
                problems: Vec::new(),
                source_chars: 4,
                pictures: vec![Picture {
                    before: 1,
                    alt: alt.to_owned(),
                    source: PictureSource::Inside(String::new()),
                    place: gongkai_office::Place::default(),
                }],
                headers: Vec::new(),
            };
            let seen = Inspection::of_file(Ok(document), &[], &Rules::default()).unwrap();
            seen.findings.iter().any(|one| one.kind == Kind::Map)
        };
        assert!(with("各县位置。", "安澜市行政区划图"));
        assert!(!with("审图号：粤S（2026）12号", "安澜市行政区划图"));
        assert!(!with("各县位置。", "流程图"));
        let picture = || {
            let refused = Unreadable {
                code: "picture".to_owned(),
                message: String::new(),
            };
            Inspection::of_file(Err(refused), &[], &Rules::default()).unwrap()
        };
        assert_eq!(picture().called("云岭县地图.jpg").findings.len(), 1);
        assert_eq!(picture().called("照片.jpg").findings.len(), 0);
    }
}
