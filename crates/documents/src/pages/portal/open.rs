//! 开放接口 of the library: its list, one document with its text, and all of them line by line, for programs.

use std::collections::{BTreeMap, VecDeque};

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use gongkai_basis::Date;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::seam::OpenData;
use gongkai_platform::web::{App, OpenReader, Problem, ProblemRow, Query, address, open_json};
use serde::{Deserialize, Serialize};

use super::library::Filter;
use super::{LIST, published_on, with_validity};
use crate::document::store::{self, Library};
use crate::document::validity::Validity;
use crate::document::{Document, Edition, Visibility, sealed};
use crate::id::{DocumentId, EditionId};
use crate::kind::own::OwnValue;

const OPEN_LIST: &str = "/api/documents.json";
const OPEN_LINES: &str = "/api/documents.ndjson";
/// Lines of one answer at most.
const LINES_MAX: i64 = 200;
/// Documents that are read at once for them: a text may have half a million characters.
const LINES_AT_ONCE: usize = 10;

const WITHDRAWN: ProblemRow = ProblemRow {
    code: "document-withdrawn",
    status: 410,
    title: "这份文件已经撤下",
    safe: "其他文件没有受影响。",
    advice: "请同时删除自己保存的副本；撤下的原因见文件原来的网页。",
};

const OVER: ProblemRow = ProblemRow {
    code: "document-over",
    status: 410,
    title: "公示期已经届满",
    safe: "其他文件没有受影响。",
    advice: "请同时删除自己保存的副本。",
};

/// What this capability's part of the interface is.
pub(crate) const PARTS: [OpenData; 3] = [
    OpenData {
        title: "文件列表",
        path: OPEN_LIST,
        about: "公开的文件，最新的在前，分页。撤下的文件、特定范围公示和已经期满的公示不在其中。",
        asks: &[
            ("kind", "文件类别的代码，与政策文件库相同，例：normative"),
            ("organ", "发布机构的编号"),
            ("year", "年份，例：2026"),
            ("theme", "主题分类，例：综合政务"),
            (
                "validity",
                "有效性的代码：not_yet、in_force、amended、repealed、lapsed",
            ),
            ("text", "标题或文号中的文字"),
            ("page", "第几页，从1起"),
        ],
        fields: &[
            (
                "total、page、rows、next",
                "总数、第几页、每页件数、下一页的地址（最后一页为 null）",
            ),
            ("id", "编号，不会改变"),
            ("index_number", "索引号"),
            ("document_number", "文号"),
            ("title", "标题"),
            ("kind", "文件类别：代码和名称"),
            ("organ", "发布机构：编号和名称"),
            ("issued_on、effective_on", "成文日期、施行日期"),
            ("published_on、changed_on", "发布日期、最近更正或修改的日期"),
            ("validity", "有效性：代码和名称；没有有效性的类别为 null"),
            ("theme", "主题分类"),
            ("url、json_url、text_url", "网页、数据、全文（Word）的地址"),
            ("hash", "正文版本的 SHA-256，正文改动后随之改变"),
        ],
        example: r#"{"total":1,"page":1,"rows":50,"next":null,"documents":[{"id":"0199…","index_number":"AL000-2026-00029","document_number":"安府规〔2026〕3号","title":"安澜市行政规范性文件管理办法","kind":{"code":"normative","name":"行政规范性文件"},"organ":{"id":"0198…","name":"安澜市人民政府"},"issued_on":"2026-03-01","effective_on":"2026-04-01","published_on":"2026-03-05","changed_on":null,"validity":{"code":"in_force","name":"现行有效"},"theme":"综合政务","url":"…/documents/0199…","json_url":"…/api/documents/0199….json","text_url":"…/documents/0199…/text.docx","hash":"9f2c…"}]}"#,
    },
    OpenData {
        title: "一份文件",
        path: "/api/documents/{id}.json",
        about: "一份公开文件的全部信息和正文。已撤下的文件和已经期满的公示回答 410。",
        asks: &[],
        fields: &[
            ("（列表中的各项）", "同上"),
            ("summary、keywords", "内容概述、主题词"),
            ("interprets", "所解读文件的编号，没有为 null"),
            (
                "own_fields",
                "这一类文件的专有要素和本级政府加上的要素：名称和值（日期写作2026-09-18，起止年份写作2026/2030）",
            ),
            ("text", "正文的文字，按段分行"),
            ("attachments", "附件：名称、地址、SHA-256"),
        ],
        example: r#"{"id":"0199…","title":"安澜市行政规范性文件管理办法","summary":"","keywords":"","interprets":null,"own_fields":[{"name":"咨询电话","value":"0750-1234567"}],"text":"第一条 …\n第二条 …","attachments":[{"title":"目录.xlsx","url":"…/documents/0199…/files/019a…","sha256":"1b4f…"}]}"#,
    },
    OpenData {
        title: "全部文件",
        path: OPEN_LINES,
        about: "批量下载：每行一份文件，内容与“一份文件”相同（没有附件），按编号排列，一次最多200行。还有更多时，下一次的地址写在回答的 Link 头里（rel=\"next\"）；也可以用最后一行的 id 作 after 继续，直到没有新的一行。",
        asks: &[
            ("after", "上一次最后一行的 id；从头开始时不写"),
            ("rows", "行数，1至200"),
        ],
        fields: &[("（每行）", "同“一份文件”，没有 attachments")],
        example: r#"{"id":"0199…","title":"…","text":"…"}"#,
    },
];

#[derive(Serialize)]
struct Coded {
    code: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct Organ {
    id: String,
    name: String,
}

/// What an address of the interface says of a document; names of fields never change.
#[derive(Serialize)]
struct Described {
    id: String,
    index_number: String,
    document_number: String,
    title: String,
    kind: Coded,
    organ: Organ,
    issued_on: Option<Date>,
    effective_on: Option<Date>,
    published_on: Option<Date>,
    changed_on: Option<Date>,
    validity: Option<Coded>,
    theme: String,
    url: String,
    json_url: String,
    text_url: String,
    hash: String,
}

impl Described {
    fn of(site: &str, document: &Document, validity: Validity, hash: &str) -> Self {
        let page = format!("{site}{LIST}/{}", document.id);
        Self {
            id: document.id.to_string(),
            index_number: document.index_number.clone(),
            document_number: document.number.clone(),
            title: document.title.clone(),
            kind: Coded {
                code: document.kind.code(),
                name: document.kind.name(),
            },
            organ: Organ {
                id: document.organ.to_string(),
                name: document.organ_name.clone(),
            },
            issued_on: document.issued_on,
            effective_on: document.effective_on,
            published_on: published_on(document),
            changed_on: document.modified_on(),
            validity: document.kind.has_validity().then(|| Coded {
                code: validity.code(),
                name: validity.name(),
            }),
            theme: document.theme.clone(),
            json_url: format!("{site}/api{LIST}/{}.json", document.id),
            text_url: format!("{page}/text.docx"),
            url: page,
            hash: hash.to_owned(),
        }
    }
}

#[derive(Serialize)]
struct Listed {
    total: i64,
    page: i64,
    rows: i64,
    next: Option<String>,
    documents: Vec<Described>,
}

/// `GET /api/documents.json`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    face: Face,
    _: OpenReader,
    headers: HeaderMap,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let library = Library {
        found_on: Some(today),
        ..filter.library(&face.scope, today)
    };
    let (documents, hashes, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let paging = filter.paging(store::library_count(tx, &library).await?);
            let found = store::library(tx, &library, (paging.offset(), paging.rows())).await?;
            let hashes = store::hashes(tx, &found).await?;
            let documents = with_validity(tx, found, today).await?;
            Ok::<_, StoreError>((documents, hashes, paging))
        })
        .await?;
    let hash = |document: &Document| {
        let edition = document.published.as_ref();
        edition.and_then(|edition| hashes.get(edition))
    };
    let described = documents.iter().map(|(document, validity)| {
        let hash = hash(document).map_or("", String::as_str);
        Described::of(&face.url, document, *validity, hash)
    });
    let own = filter.address(OPEN_LIST);
    open_json(
        &headers,
        &Listed {
            total: paging.total,
            page: paging.page,
            rows: paging.rows(),
            next: paging.next().map(|page| format!("{}{own}{page}", face.url)),
            documents: described.collect(),
        },
    )
}

/// A document with its text.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    described: Described,
    summary: String,
    keywords: String,
    interprets: Option<String>,
    own_fields: Vec<Said>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<Attached>>,
}

/// What it says in a field that its kind has alone.
#[derive(Serialize)]
struct Said {
    name: String,
    value: String,
}

impl Said {
    fn of(one: OwnValue) -> Self {
        Self {
            name: one.name,
            value: one.value,
        }
    }
}

#[derive(Serialize)]
struct Attached {
    title: String,
    url: String,
    sha256: Option<String>,
}

impl Whole {
    fn of(site: &str, (document, validity): &(Document, Validity), edition: Edition) -> Self {
        Self {
            described: Described::of(site, document, *validity, &edition.hash),
            summary: edition.head.summary,
            keywords: edition.head.keywords,
            interprets: edition.head.interprets,
            own_fields: edition.head.own.into_iter().map(Said::of).collect(),
            text: edition.text,
            attachments: None,
        }
    }
}

/// `GET /api/documents/{id}.json`
pub(in crate::pages) async fn show(
    State(app): State<App>,
    face: Face,
    _: OpenReader,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let id = name.strip_suffix(".json").ok_or_else(Problem::not_found)?;
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let today = app.today();
    let document = app
        .db
        .read(async |tx: &mut Tx| store::public(tx, id).await)
        .await?
        .filter(|document| !document.limited)
        .ok_or_else(Problem::not_found)?;
    let path = format!("/api{LIST}/{name}");
    if let Place::Elsewhere(answer) = face.place(&app, document.organ, &path).await? {
        return Ok(answer);
    }
    if document.visibility != Visibility::Public {
        return Err(Problem::new(WITHDRAWN));
    }
    // Copies of what was shown for a time do not outlive it: programs get no new ones.
    if document.is_over(today) {
        return Err(Problem::new(OVER));
    }
    let edition = document.published.ok_or_else(Problem::not_found)?;
    let (found, edition, files) = app
        .db
        .read(async |tx: &mut Tx| {
            let files = sealed::public(tx, &document, edition).await?;
            let edition = store::edition(tx, edition).await?;
            let found = with_validity(tx, vec![document.clone()], today)
                .await?
                .pop();
            Ok::<_, StoreError>((found, edition, files))
        })
        .await?;
    let (Some(found), Some(edition)) = (found, edition) else {
        return Err(Problem::not_found());
    };
    let files = files.into_iter().filter(|file| file.withheld.is_none());
    let attached = files.map(|file| Attached {
        url: match file.url {
            Some(url) => url,
            None => format!("{}{LIST}/{id}/files/{}", face.url, file.id),
        },
        title: file.title,
        sha256: file.sha256,
    });
    let whole = Whole {
        attachments: Some(attached.collect()),
        ..Whole::of(&face.url, &found, edition)
    };
    open_json(&headers, &whole)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    after: String,
    rows: String,
}

/// `GET /api/documents.ndjson?after=&rows=`: in the order of ids, each line a document as it stands when it is written.
pub(in crate::pages) async fn lines(
    State(app): State<App>,
    face: Face,
    _: OpenReader,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let rows = asked.rows.parse().unwrap_or(LINES_MAX).clamp(1, LINES_MAX);
    let after = if asked.after.is_empty() {
        String::new()
    } else {
        let id: Result<DocumentId, _> = asked.after.parse();
        id.map_err(|_| not_an_id())?.to_string()
    };
    let mut ids: VecDeque<DocumentId> = app
        .db
        .read(async |tx: &mut Tx| store::published_after(tx, &face.scope, &after, rows + 1).await)
        .await?
        .into_iter()
        .filter_map(|(id, _)| id.parse().ok())
        .collect();
    let is_more = i64::try_from(ids.len()).is_ok_and(|found| found > rows);
    if is_more {
        ids.pop_back();
    }
    let last = ids.back().filter(|_| is_more).map(ToString::to_string);
    let state = Lines {
        today: app.today(),
        site: face.url.clone(),
        app,
        ids,
    };
    let kind = "application/x-ndjson; charset=utf-8".to_owned();
    let mut response = ([(header::CONTENT_TYPE, kind)], state.body()).into_response();
    if let Some(last) = last {
        let rows = rows.to_string();
        let next = address(OPEN_LINES, &[("after", &last), ("rows", &rows)]);
        let link = format!("<{}{}>; rel=\"next\"", face.url, next.trim_end_matches('&'));
        if let Ok(link) = link.parse() {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(response)
}

fn not_an_id() -> Problem {
    Problem::new(Problem::BAD_REQUEST).detail("after 要写上一次最后一行的 id。")
}

/// What is still to be written.
struct Lines {
    app: App,
    site: String,
    today: Date,
    ids: VecDeque<DocumentId>,
}

impl Lines {
    fn body(self) -> Body {
        Body::from_stream(stream::try_unfold(self, async |mut state| {
            let some: Vec<DocumentId> = {
                let most = state.ids.len().min(LINES_AT_ONCE);
                state.ids.drain(..most).collect()
            };
            if some.is_empty() {
                return Ok::<_, StoreError>(None);
            }
            let lines = state.read(&some).await?;
            Ok(Some((lines, state)))
        }))
    }

    async fn read(&self, some: &[DocumentId]) -> Result<Bytes, StoreError> {
        let today = self.today;
        let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
        let (documents, mut editions) = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                let mut found = store::by_ids(tx, &ids).await?;
                // It may have been withdrawn since the first line; what was shown for a time is not copied beyond it.
                found.retain(|document| document.is_found(today));
                let editions: Vec<EditionId> =
                    found.iter().filter_map(|one| one.published).collect();
                let editions: BTreeMap<EditionId, Edition> =
                    store::editions_of(tx, &editions).await?;
                Ok::<_, StoreError>((with_validity(tx, found, today).await?, editions))
            })
            .await?;
        let mut lines = Vec::new();
        for id in some {
            let Some(found) = documents.iter().find(|(document, _)| document.id == *id) else {
                continue;
            };
            let edition = found.0.published.as_ref();
            if let Some(edition) = edition.and_then(|edition| editions.remove(edition)) {
                // A struct of plain fields always has a JSON form.
                let whole = Whole::of(&self.site, found, edition);
                lines.append(&mut serde_json::to_vec(&whole).unwrap_or_default());
                lines.push(b'\n');
            }
        }
        Ok(Bytes::from(lines))
    }
}
