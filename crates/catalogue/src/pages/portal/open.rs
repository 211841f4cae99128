//! 开放接口: the catalogue as its list shows it, for programs.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::portal::Face;
use gongkai_platform::seam::OpenData;
use gongkai_platform::web::{App, OpenReader, Paging, Problem, Query, open_json};
use serde::Serialize;

use super::Asked;
use crate::entry::{Entry, Words, store};
use crate::standard::class_name;

const OPEN_LIST: &str = "/api/catalogue.json";

/// What this capability's part of the interface is.
pub(crate) const PART: OpenData = OpenData {
    title: "主动公开目录",
    path: OPEN_LIST,
    about: "应当公开的事项，顺序与网页相同，分页。公开的内容在 url 那一页。",
    asks: &[
        ("organ", "公开机关的编号"),
        ("class", "条例第二十条的项号，1至15"),
        ("domain", "领域，例：养老服务"),
        ("text", "事项中的文字"),
        ("page", "第几页，从1起"),
    ],
    fields: &[
        (
            "total、page、rows、next",
            "总数、第几页、每页件数、下一页的地址（最后一页为 null）",
        ),
        ("id", "编号"),
        ("organ", "目录所属的机关：编号和名称"),
        ("index_number", "索引"),
        ("class", "类别：项号和名称"),
        ("domain", "领域"),
        ("item、sub_item", "一级事项、二级事项"),
        ("content、basis", "公开内容（要素）、公开依据"),
        ("limit、publisher", "公开时限、公开主体"),
        (
            "channels、audience、method、levels",
            "公开渠道和载体、公开对象、公开方式、公开层级",
        ),
        ("formed_on、in_force_on", "生成日期、施行日期"),
        ("url", "网页的地址"),
    ],
    example: r#"{"total":1,"page":1,"rows":50,"next":null,"entries":[{"id":"0199…","organ":{"id":"0198…","name":"安澜市财政局"},"index_number":"AL-07-001","class":{"number":7,"name":"财政预算、决算"},"domain":"财政预决算","item":"财政预决算","sub_item":"预算执行情况","content":"收支执行情况","basis":"《中华人民共和国预算法》","limit":"每季度公开","publisher":"各部门","channels":"■政府网站","audience":"全社会","method":"主动","levels":"市级","formed_on":"2026-01-05","in_force_on":"2026-01-05","url":"…/catalogue/0199…"}]}"#,
};

#[derive(Serialize)]
struct Organ {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Class {
    number: i64,
    name: &'static str,
}

#[derive(Serialize)]
struct Described {
    id: String,
    organ: Organ,
    index_number: String,
    class: Class,
    domain: String,
    item: String,
    sub_item: String,
    content: String,
    basis: String,
    limit: String,
    publisher: String,
    channels: String,
    audience: String,
    method: String,
    levels: String,
    formed_on: Date,
    in_force_on: Date,
    url: String,
}

impl Described {
    fn of(site: &str, entry: Entry) -> Self {
        let url = format!("{site}/catalogue/{}", entry.id);
        let words: Words = entry.words;
        Self {
            id: entry.id.to_string(),
            organ: Organ {
                id: entry.organ.to_string(),
                name: entry.organ_name,
            },
            index_number: words.index_number,
            class: Class {
                number: words.class,
                name: class_name(words.class),
            },
            domain: words.domain,
            item: words.item,
            sub_item: words.sub_item,
            content: words.content,
            basis: words.basis,
            limit: words.limit_text,
            publisher: words.publisher,
            channels: words.channels,
            audience: words.audience,
            method: words.method,
            levels: words.levels,
            formed_on: entry.formed_on,
            in_force_on: entry.in_force_on,
            url,
        }
    }
}

#[derive(Serialize)]
struct Listed {
    total: i64,
    page: i64,
    rows: i64,
    next: Option<String>,
    entries: Vec<Described>,
}

/// `GET /api/catalogue.json`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    face: Face,
    _: OpenReader,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let narrow = asked.narrow();
    let within = Reach {
        bases: Vec::new(),
        scope: face.scope.clone(),
    };
    let (entries, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, &within, &narrow).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let entries = store::list(tx, &within, &narrow, part).await?;
            Ok::<_, StoreError>((entries, paging))
        })
        .await?;
    let own = asked.address(OPEN_LIST);
    let next = |page: i64| format!("{}{own}{page}", face.url);
    let described = entries
        .into_iter()
        .map(|entry| Described::of(&face.url, entry));
    let listed = Listed {
        total: paging.total,
        page: paging.page,
        rows: paging.rows(),
        next: paging.next().map(next),
        entries: described.collect(),
    };
    open_json(&headers, &listed)
}
