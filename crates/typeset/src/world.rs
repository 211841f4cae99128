//! What a template can see: itself, the shared layout, the data, the fonts. There is no way out to files or network.

use std::sync::{LazyLock, OnceLock};

use gongkai_basis::Date;
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Content, Datetime, Duration, NativeElement as _, Selector, Smart};
use typst::introspection::{Introspector, MetadataElem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::TypesetError;
use crate::font::{self, Face};
use crate::picture::{self, Pictures};

const OFFICIAL: &str = include_str!("../templates/official.typ");

/// Asia/Shanghai is eight hours before UTC, without summer time.
const SHANGHAI_MINUTES: i32 = 8 * 60;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// What is printed: a template, its data and its pictures.
pub(crate) type Work<'w> = (&'w str, &'w Value, &'w Pictures);

/// The files of every world. Their names are the same each time, so nothing piles up in typst's table of names.
#[derive(Clone, PartialEq, Eq)]
struct Names {
    main: FileId,
    official: FileId,
    data: FileId,
    fonts: FileId,
    pictures: FileId,
    /// By their places.
    each_picture: Vec<FileId>,
}

impl Names {
    fn new(pictures: usize) -> Result<Self, TypesetError> {
        let name = |path: &str| {
            let path = VirtualPath::new(path)
                .map_err(|error| TypesetError::Compile(format!("{error:?}")))?;
            Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        Ok(Self {
            main: name("/main.typ")?,
            official: name("/official.typ")?,
            data: name("/data.json")?,
            fonts: name("/fonts.json")?,
            pictures: name("/pictures.json")?,
            each_picture: (0..pictures)
                .map(|place| name(&picture::path(place)))
                .collect::<Result<_, _>>()?,
        })
    }
}

struct PrintWorld<'faces> {
    names: Names,
    main: Source,
    official: Source,
    data: Bytes,
    fonts: Bytes,
    /// What the template is told of the pictures, and their bytes.
    told: Bytes,
    pictures: &'faces [Bytes],
    book: LazyHash<FontBook>,
    faces: &'faces [Face],
    loaded: Vec<OnceLock<Option<Font>>>,
    today: Option<Datetime>,
}

impl World for PrintWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.names.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.names.main {
            Ok(self.main.clone())
        } else if id == self.names.official {
            Ok(self.official.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.names.data {
            Ok(self.data.clone())
        } else if id == self.names.fonts {
            Ok(self.fonts.clone())
        } else if id == self.names.pictures {
            Ok(self.told.clone())
        } else {
            let mut places = self.names.each_picture.iter();
            let place = places.position(|name| *name == id);
            let bytes = place.and_then(|place| self.pictures.get(place));
            bytes.cloned().ok_or(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        self.loaded.get(index)?.get_or_init(|| face.load()).clone()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

/// Sets up what every world shares.
pub(crate) fn warm() {
    LazyLock::force(&LIBRARY);
}

/// Compiles one template with its data to PDF/A-2u.
pub(crate) fn compile(
    work: Work<'_>,
    faces: &[Face],
    today: Date,
) -> Result<Vec<u8>, TypesetError> {
    let world = world(work, faces, today)?;
    let printed = print(&world);
    // Results of one PDF are of no use to the next, and they would hold its data and fonts.
    typst::comemo::evict(0);
    printed
}

/// The pages on which the template's metadata stand, in their order.
pub(crate) fn pages(work: Work<'_>, faces: &[Face], today: Date) -> Result<Vec<i64>, TypesetError> {
    let world = world(work, faces, today)?;
    let laid = lay(&world).map(|document| {
        let introspector: &dyn Introspector = document.introspector().as_ref();
        let marks = introspector.query(&Selector::Elem(MetadataElem::ELEM, None));
        let page = |mark: &Content| introspector.page(mark.location()?);
        marks
            .iter()
            .filter_map(page)
            .filter_map(|page| i64::try_from(page.get()).ok())
            .collect()
    });
    typst::comemo::evict(0);
    laid
}

fn world<'faces>(
    (template, data, pictures): Work<'faces>,
    faces: &'faces [Face],
    today: Date,
) -> Result<PrintWorld<'faces>, TypesetError> {
    let names = Names::new(pictures.bytes.len())?;
    let midnight = Datetime::from_ymd_hms(
        i32::from(today.year()),
        today.month().unsigned_abs(),
        today.day().unsigned_abs(),
        0,
        0,
        0,
    );
    Ok(PrintWorld {
        main: Source::new(names.main, template.to_owned()),
        official: Source::new(names.official, OFFICIAL.to_owned()),
        names,
        data: Bytes::from_string(data.to_string()),
        fonts: Bytes::from_string(font::roles(faces).to_string()),
        told: Bytes::from_string(Value::from(pictures.told.clone()).to_string()),
        pictures: &pictures.bytes,
        book: LazyHash::new(FontBook::from_infos(
            faces.iter().map(|face| face.info().clone()),
        )),
        faces,
        loaded: faces.iter().map(|_| OnceLock::new()).collect(),
        today: midnight,
    })
}

fn lay(world: &PrintWorld<'_>) -> Result<PagedDocument, TypesetError> {
    typst::compile(world)
        .output
        .map_err(|errors| refusal(&errors))
}

fn print(world: &PrintWorld<'_>) -> Result<Vec<u8>, TypesetError> {
    let document = lay(world)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2u])
        .map_err(|error| TypesetError::Compile(error.message().to_string()))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("公开".into())),
        timestamp: world
            .today
            .and_then(|midnight| Timestamp::new_local(midnight, SHANGHAI_MINUTES)),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refusal(&errors))
}

/// typst's own words, turned into ours where a person can do something about it.
fn refusal(errors: &[SourceDiagnostic]) -> TypesetError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    for message in &messages {
        // "…the text `"𠮷"` could not be displayed with font `X`"
        if message.contains("could not be displayed") {
            let quoted = message.split('"').nth(1).unwrap_or_default();
            return TypesetError::MissingCharacters {
                characters: quoted.chars().collect(),
            };
        }
        if message.contains("too restrictive") {
            let family = message.split('`').nth(1).unwrap_or_default().to_owned();
            return TypesetError::FontNotEmbeddable { family };
        }
    }
    TypesetError::Compile(messages.join("; "))
}
