//! A reader of files that gives what a test wants to be found in them.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongkai_office::hidden::{self, Hidden};
use gongkai_office::{
    Block, Document, Format, Limits, Paragraph, Picture, PictureSource, Place, Unreadable, wire,
};
use gongkai_platform::web::{Sandbox, SandboxError, SheetLine};

type Found = Result<Document, Unreadable>;

/// What a file says; it hides nothing, or nobody can tell.
pub(super) struct Reader {
    pub(super) read: Box<dyn Fn(&Path) -> Found + Send + Sync>,
    hidden: Result<Vec<Hidden>, Unreadable>,
}

impl Reader {
    pub(super) fn new(read: impl Fn(&Path) -> Found + Send + Sync + 'static) -> Self {
        Self {
            read: Box::new(read),
            hidden: Ok(Vec::new()),
        }
    }

    /// What the file hides cannot be told.
    pub(super) fn searched_in_vain(self, why: Unreadable) -> Self {
        Self {
            hidden: Err(why),
            ..self
        }
    }

    /// This is hidden in every file.
    pub(super) fn hiding(self, one: Hidden) -> Self {
        Self {
            hidden: Ok(vec![one]),
            ..self
        }
    }

    /// One article and a picture, whatever the file is.
    pub(super) fn one_article(picture: &'static [u8]) -> Self {
        Self::new(move |_| {
            let mut document = saying("第一条 为规范管理，制定本办法。");
            document.format = Format::Docx;
            document.pictures.push(Picture {
                before: 1,
                alt: "流程图".to_owned(),
                source: PictureSource::Inside(STANDARD.encode(picture)),
                place: Place::default(),
            });
            Ok(document)
        })
    }

    /// The file's bytes as one paragraph.
    pub(super) fn words() -> Self {
        Self::new(|file| Ok(saying(&std::fs::read_to_string(file).unwrap())))
    }
}

pub(super) fn saying(text: &str) -> Document {
    Document {
        format: Format::Text,
        source_chars: text.chars().count() as u64,
        blocks: vec![Block::Paragraph(Paragraph {
            text: text.to_owned(),
            heading: None,
            place: Place::default(),
        })],
        problems: Vec::new(),
        pictures: Vec::new(),
        headers: Vec::new(),
    }
}

#[async_trait]
impl Sandbox for Reader {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let mut found = (self.read)(&file);
        if let Ok(document) = &mut found {
            document.pictures.clear();
        }
        Ok(wire::to_wire(&found))
    }

    async fn read_with_pictures(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Ok(wire::to_wire(&(self.read)(&file)))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Ok(Vec::new())
    }

    async fn hidden(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Ok(wire::hidden_to_wire(&self.hidden))
    }

    async fn clean(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).unwrap();
        let copy = hidden::clean(&bytes, &Limits::default());
        Ok(wire::clean_to_wire(copy))
    }

    async fn pieces(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).unwrap();
        let found = hidden::pieces(&bytes, &Limits::default());
        Ok(wire::pieces_to_wire(&found))
    }

    async fn cover(&self, order: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let order = std::fs::read(order).unwrap();
        let (changes, file) = wire::order_from_wire(&order).unwrap();
        let copy = hidden::cover(file, &changes, &Limits::default());
        Ok(wire::clean_to_wire(copy))
    }
}
