//! The papers: their list, and each as it looks, empty or filled in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_office::form::letterhead::Letterhead;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query, Shell, page};
use serde::Deserialize;

use super::{Preview, download};
use crate::acts::{ViewLetters, WriteLetters};
use crate::letter::LetterKind;
use crate::letter::compose::{self, Facts, Head};
use crate::letter::profile::Profile;
use crate::letter::remedy::{Remedy, Served};
use crate::letter::store;
use crate::letter::template::{Blank, Need, STANDARD};
use crate::reach;
use crate::review;

/// An organ that does not exist, for examples.
const SAMPLE_ORGAN: &str = "安澜市财政局";

/// What a paper is printed with: the example's organ, or that of the person who will use the blank.
enum Paper {
    Sample,
    Blank {
        organ: String,
        profile: Box<Profile>,
    },
}

impl Paper {
    async fn of(app: &App, permit: &Permit<ViewLetters>, fill: &str) -> Result<Self, Problem> {
        if fill == "sample" {
            return Ok(Self::Sample);
        }
        let found = app
            .db
            .read(async |tx: &mut Tx| {
                let scope = reach::handled(tx, permit.roles()).await?;
                let Some((id, name)) = store::organs(tx, &scope).await?.into_iter().next() else {
                    return Ok(None);
                };
                let profile = store::profile(tx, id).await?;
                Ok::<_, StoreError>(Some((name, profile)))
            })
            .await?;
        let (organ, profile) =
            found.unwrap_or_else(|| (compose::GAP.to_owned(), Profile::default()));
        Ok(Self::Blank {
            organ,
            profile: Box::new(profile),
        })
    }

    const fn is_sample(&self) -> bool {
        matches!(self, Self::Sample)
    }

    fn letter(&self, kind: LetterKind) -> Letterhead {
        let sample = Profile::sample();
        let (facts, organ, profile) = match self {
            Self::Sample => (Facts::sample(kind), SAMPLE_ORGAN, &sample),
            Self::Blank { organ, profile } => (Facts::default(), organ.as_str(), &**profile),
        };
        let dated = compose::sample_day(kind).filter(|_| self.is_sample());
        let number = profile.number(dated.map_or(0, |on| on.year()), 15);
        let head = Head {
            organ,
            profile,
            number: if self.is_sample() { &number } else { "" },
            dated,
            served: Served::OnPaper,
            door: None,
        };
        compose::letter(kind, &facts, &head)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `sample` fills the blanks with an example.
    fill: String,
    format: String,
}

#[derive(Template)]
#[template(path = "letter/templates.html")]
struct ListPage {
    shell: Shell,
    /// How often something was corrected in letters of a kind.
    lessons: Vec<(LetterKind, i64)>,
    may_write: bool,
    has_pdf: bool,
}

impl ListPage {
    fn kinds(&self) -> &'static [LetterKind] {
        LetterKind::ALL
    }

    /// How many of them are in the list of standard forms: the first.
    fn standard(&self) -> usize {
        STANDARD
    }

    fn corrected(&self, kind: &LetterKind) -> i64 {
        let found = self.lessons.iter().find(|(one, _)| one == kind);
        found.map_or(0, |(_, n)| *n)
    }
}

/// `GET /workspace/requests/letters/templates`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewLetters>,
) -> Result<Response, Problem> {
    let lessons = app
        .db
        .read(async |tx: &mut Tx| review::store::lesson_counts(tx).await)
        .await?;
    let may_write = may_write(&shell);
    page(&ListPage {
        shell,
        lessons,
        may_write,
        has_pdf: app.printer.is_some(),
    })
}

pub(super) fn may_write(shell: &Shell) -> bool {
    let person = shell.person.as_ref();
    person.is_some_and(|person| person.permit::<WriteLetters>().is_some())
}

#[derive(Template)]
#[template(path = "letter/template.html")]
struct ShowPage {
    shell: Shell,
    kind: LetterKind,
    preview: Preview,
    is_sample: bool,
    lessons: Vec<String>,
    may_write: bool,
    has_pdf: bool,
}

impl ShowPage {
    fn blanks(&self) -> Vec<&'static Blank> {
        self.kind.template().all_blanks()
    }

    fn is_must(&self, blank: &Blank) -> bool {
        blank.need == Need::Must
    }

    fn remedy(&self) -> Remedy {
        self.kind.template().remedy
    }

    fn articles(&self) -> String {
        self.kind.template().articles.join("、")
    }

    fn fill(&self) -> &'static str {
        if self.is_sample { "sample" } else { "" }
    }
}

fn known(kind: &str) -> Result<LetterKind, Problem> {
    LetterKind::from_code(kind).ok_or_else(Problem::not_found)
}

/// `GET /workspace/requests/letters/templates/{kind}?fill=sample`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLetters>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = known(&kind)?;
    let paper = Paper::of(&app, &permit, &asked.fill).await?;
    let lessons = app
        .db
        .read(async |tx: &mut Tx| {
            let lessons = review::store::lessons(tx, kind).await?;
            Ok::<_, StoreError>(lessons)
        })
        .await?;
    let may_write = may_write(&shell);
    page(&ShowPage {
        shell,
        kind,
        preview: Preview {
            letter: paper.letter(kind),
        },
        is_sample: paper.is_sample(),
        lessons,
        may_write,
        has_pdf: app.printer.is_some(),
    })
}

/// `GET /workspace/requests/letters/templates/{kind}/file?format=docx&fill=sample`
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ViewLetters>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = known(&kind)?;
    let paper = Paper::of(&app, &permit, &asked.fill).await?;
    let name = format!(
        "{:02}{}{}",
        kind.no(),
        kind.name(),
        if paper.is_sample() {
            "（示例）"
        } else {
            ""
        }
    );
    download(&app, paper.letter(kind), &name, &asked.format).await
}
