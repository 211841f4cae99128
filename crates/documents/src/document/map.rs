//! 图片是不是地图: no machine here sees what a picture shows, so its writer is asked, and says 审图号 and 来源 of a map. Who
//! reviews the text reads it, the seal holds it, and the public page says it.
//!
//! Law: 地图管理条例 (2015) art. 15 (maps are examined before they are shown to the public; 景区图、街区图、地铁线路图 and other
//! simple maps are not), art. 22 (审图号 is shown with the map).

use gongkai_basis::coded;
use gongkai_inspect::{names_map_permit, unlicensed_map};
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, Attachment, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::handle::event;
use super::publish::existing;
use super::{Document, Edition, LINE_CHARS_MAX, State, files, sealed, store};
use crate::acts::WriteDocuments;
use crate::id::DocumentId;
use crate::inspection::is_picture;
use crate::picture;

/// Characters of an 审图号: 粤S（2026）012号.
const PERMIT_CHARS_MAX: usize = 40;
/// Pictures that a sentence names.
const NAMED_MAX: usize = 5;

coded! {
    /// What a picture shows.
    pub enum Shows {
        NoMap = "no_map", "不是地图";
        Map = "map", "是地图";
        /// art. 15: not examined.
        SimpleMap = "simple_map", "是景区图、街区图、地铁线路图等内容简单的地图";
    }
}

/// What somebody says of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Of the picture's bytes.
    pub sha256: String,
    pub shows: Shows,
    /// 审图号; empty where none is wanted.
    pub permit: String,
    /// 地图来源; empty where it is no map.
    pub source: String,
    pub by: String,
}

impl Said {
    /// For people: 审图号：粤S（2026）012号；来源：…
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.shows {
            Shows::NoMap => Shows::NoMap.name().to_owned(),
            Shows::Map => format!("审图号：{}；来源：{}", self.permit, self.source),
            Shows::SimpleMap => format!("{}；来源：{}", Shows::SimpleMap.name(), self.source),
        }
    }
}

/// A picture of an edition, in its text or beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub sha256: String,
    /// What the text says that it shows, or the file's name.
    pub title: String,
    /// Below the document's own address.
    pub path: String,
    pub said: Option<Said>,
}

impl Picture {
    /// As the public reads it of a map; `None` of what is none, or of what nobody said anything about.
    #[must_use]
    pub fn map(&self) -> Option<&Said> {
        self.said.as_ref().filter(|said| said.shows != Shows::NoMap)
    }
}

/// What the public reads of the maps inside a text, a line for each: 地图“区位图”审图号：粤S（2026）012号；来源：…
#[must_use]
pub fn told_of_maps(html: &str, said: &[Said]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (sha256, _, title) in picture::shown(html) {
        let mut maps = said.iter().filter(|one| one.shows != Shows::NoMap);
        let Some(map) = maps.find(|one| one.sha256 == sha256) else {
            continue;
        };
        let line = if map.permit.is_empty() {
            format!("地图“{title}”来源：{}", map.source)
        } else {
            format!("地图“{title}”{}", map.sentence())
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// What a form says of one picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub sha256: String,
    /// The code of [`Shows`]; empty where nothing was chosen.
    pub shows: String,
    pub permit: String,
    pub source: String,
}

/// The pictures in a text, then those among these attachments; each once.
async fn with_files(
    tx: &mut Tx,
    (document, edition): (&Document, &Edition),
    attachments: &[Attachment],
) -> Result<Vec<Picture>, StoreError> {
    let said = store::said_of_pictures(tx, edition.id).await?;
    let own = (picture::SUBJECT, document.id.to_string());
    let own = attachment::of(tx, (own.0, own.1.as_str())).await?;
    let is_down = |sha256: &str| {
        let mut same = own
            .iter()
            .filter(|one| one.sha256.as_deref() == Some(sha256));
        same.any(|one| one.withheld.is_some())
    };
    let inside = picture::shown(&edition.html).into_iter();
    let inside = inside
        .filter(|(sha256, _, _)| !is_down(sha256))
        .map(|(sha256, name, title)| (sha256, format!("pictures/{name}"), title));
    let beside = attachments
        .iter()
        .filter(|file| file.withheld.is_none() && is_picture(&file.title))
        .filter_map(|file| {
            let sha256 = file.sha256.clone()?;
            Some((sha256, at(file.id), file.title.clone()))
        });
    let mut found: Vec<Picture> = Vec::new();
    for (sha256, path, title) in inside.chain(beside) {
        if found.iter().all(|one| one.sha256 != sha256) {
            found.push(Picture {
                said: said.iter().find(|one| one.sha256 == sha256).cloned(),
                sha256,
                title,
                path,
            });
        }
    }
    Ok(found)
}

fn at(file: AttachmentId) -> String {
    format!("files/{file}")
}

/// The pictures of an edition as staff see it.
///
/// # Errors
/// When the store fails.
pub async fn pictures(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<Vec<Picture>, StoreError> {
    let attachments = files::of(tx, document, edition.id).await?;
    with_files(tx, (document, edition), &attachments).await
}

/// The maps that the public reads with an edition.
///
/// # Errors
/// When the store fails.
pub async fn maps(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<Vec<Picture>, StoreError> {
    let said = store::said_of_pictures(tx, edition.id).await?;
    if said.iter().all(|one| one.shows == Shows::NoMap) {
        return Ok(Vec::new());
    }
    let attachments = sealed::public(tx, document, edition.id).await?;
    let mut found = with_files(tx, (document, edition), &attachments).await?;
    found.retain(|one| one.map().is_some());
    Ok(found)
}

/// What keeps a text from review: pictures of which neither their writer nor the check says whether they are maps. One that is
/// a map by its name is asked about in the review.
#[must_use]
pub fn why_not_send(pictures: &[Picture], edition: &Edition) -> Option<Reason> {
    let open: Vec<String> = pictures
        .iter()
        .filter(|one| one.said.is_none())
        .filter(|one| unlicensed_map(&one.title, &edition.text).is_none())
        .map(|one| format!("“{}”", one.title))
        .collect();
    if open.is_empty() {
        return None;
    }
    let named = open.iter().take(NAMED_MAX).cloned();
    let named: Vec<String> = named.collect();
    let more = if open.len() > NAMED_MAX { "等" } else { "" };
    let sentence = format!(
        "有{}张图片没有说明是不是地图：{}{more}。请在“图片”里说明，公开的地图要写审图号（《地图管理条例》第十五条、第二十二条）。",
        open.len(),
        named.join("、")
    );
    Some(("pictures", sentence))
}

/// Is it written out: 粤S（2026）012号, GS（2024）1234号?
fn is_permit(text: &str) -> bool {
    names_map_permit(text) && text.ends_with('号')
}

/// What was typed of a picture, as it is kept; nothing where nothing was chosen.
fn read(picture: &Picture, typed: &Typed, by: &str) -> Result<Option<Said>, Vec<Reason>> {
    let Some(shows) = Shows::from_code(&typed.shows) else {
        return Ok(None);
    };
    let is_map = shows != Shows::NoMap;
    let title = &picture.title;
    let bare = typed.permit.trim().trim_start_matches("审图号");
    let permit = if shows == Shows::Map {
        bare.trim_start_matches(['：', ':', ' ']).to_owned()
    } else {
        String::new()
    };
    let source = if is_map { typed.source.trim() } else { "" };
    let wanted = if is_map { Wanted::Yes } else { Wanted::No };
    let source_name = format!("“{title}”的地图来源");
    let mut reasons: Vec<Reason> = text_fault(
        ("pictures", source_name.as_str()),
        source,
        LINE_CHARS_MAX,
        wanted,
    )
    .into_iter()
    .collect();
    if shows == Shows::Map && (!is_permit(&permit) || permit.chars().count() > PERMIT_CHARS_MAX) {
        let sentence =
            format!("请写全“{title}”的审图号，例：粤S（2026）012号；没有审图号的地图不能公开。");
        reasons.push(("pictures", sentence));
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    Ok(Some(Said {
        sha256: picture.sha256.clone(),
        shows,
        permit,
        source: source.to_owned(),
        by: by.to_owned(),
    }))
}

/// Says of pictures of a draft whether they are maps; with `rest`, of all others of which nothing is said that they are none.
///
/// # Errors
/// Not found; stale; refused where it is no draft, a map lacks its number or source, or nothing changes.
pub async fn say(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    of: (DocumentId, i64),
    (typed, rest): (&[Typed], bool),
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    if document.state != State::Draft || document.published == Some(document.edition) {
        let why = "只有草稿能改图片说明。审核和发布对的是说明好的这一稿；要改的，请先撤回送审，或者写更正稿。";
        return Err(NotDone::Refused(vec![("pictures", why.to_owned())]));
    }
    let edition = store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let by = permit.actor().name();
    let none = Typed {
        shows: Shows::NoMap.code().to_owned(),
        ..Typed::default()
    };
    let (mut new, mut reasons) = (Vec::new(), Vec::new());
    for one in pictures(tx, &document, &edition).await? {
        let mut own = typed.iter().filter(|typed| typed.sha256 == one.sha256);
        let own = own.find(|typed| !typed.shows.is_empty());
        let own = own.or((rest && one.said.is_none()).then_some(&none));
        match own.map(|typed| read(&one, typed, by)) {
            Some(Ok(Some(said))) => {
                let is_new = |old: &Said| {
                    (old.shows, &old.permit, &old.source)
                        != (said.shows, &said.permit, &said.source)
                };
                if one.said.as_ref().is_none_or(is_new) {
                    new.push((one.title, said));
                }
            }
            Some(Err(wrong)) => reasons.extend(wrong),
            Some(Ok(None)) | None => {}
        }
    }
    if new.is_empty() && reasons.is_empty() {
        reasons.push(("pictures", "没有填写新的说明，没有改动。".to_owned()));
    }
    refused(reasons)?;
    keep(tx, permit.actor(), (&document, &edition), &new).await?;
    Ok(())
}

async fn keep(
    tx: &mut Tx,
    actor: &gongkai_basis::Actor,
    (document, edition): (&Document, &Edition),
    new: &[(String, Said)],
) -> Result<(), StoreError> {
    for (_, said) in new {
        store::say_of_picture(tx, edition.id, said).await?;
    }
    // Whoever sends the draft meanwhile is told that it changed.
    store::update(tx, document, None).await?;
    let told: Vec<String> = new
        .iter()
        .take(NAMED_MAX)
        .map(|(title, said)| format!("“{title}”{}", said.sentence()))
        .collect();
    let more = if new.len() > NAMED_MAX {
        format!("，共{}张", new.len())
    } else {
        String::new()
    };
    let sentence = format!(
        "说明《{}》的图片：{}{more}",
        document.title,
        told.join("；")
    );
    let said: Vec<_> = new
        .iter()
        .map(|(_, said)| json!([said.sha256, said.shows.code(), said.permit, said.source]))
        .collect();
    tx.record(event(actor, document, "document.pictures", sentence).data(json!({ "said": said })));
    Ok(())
}

/// What the seal is over beside the files: the edition's own hash, with what was said of its pictures where anything was.
#[must_use]
pub fn sealed_with(hash: &str, said: &[Said]) -> String {
    if said.is_empty() {
        return hash.to_owned();
    }
    let mut hasher = Sha256::new();
    hasher.update(hash);
    for one in said {
        let parts = [&*one.sha256, one.shows.code(), &*one.permit, &*one.source];
        for part in parts {
            hasher.update([0]);
            hasher.update(part);
        }
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::{Picture, Said, Shows, Typed, is_permit, read, sealed_with};

    fn typed(shows: &str, permit: &str, source: &str) -> Typed {
        Typed {
            sha256: "aa".to_owned(),
            shows: shows.to_owned(),
            permit: permit.to_owned(),
            source: source.to_owned(),
        }
    }

    #[test]
    fn a_map_has_its_number_and_its_source() {
        let picture = Picture {
            sha256: "aa".to_owned(),
            title: "图1".to_owned(),
            path: String::new(),
            said: None,
        };
        let kept = |one: &Typed| read(&picture, one, "文书");
        let said = kept(&typed(
            "map",
            " 审图号：粤S（2026）012号 ",
            "标准地图服务网站",
        ));
        let said = said.unwrap().unwrap();
        assert_eq!(
            said.sentence(),
            "审图号：粤S（2026）012号；来源：标准地图服务网站"
        );
        for wrong in [
            typed("map", "", "标准地图服务网站"),
            typed("map", "粤S（2026）012号", ""),
            typed("simple_map", "", " "),
        ] {
            assert_eq!(kept(&wrong).unwrap_err().len(), 1, "{wrong:?}");
        }
        let none = kept(&typed("no_map", "粤S（2026）012号", "x"))
            .unwrap()
            .unwrap();
        assert!(none.permit.is_empty() && none.source.is_empty());
        assert_eq!(kept(&typed("", "", "")), Ok(None));
        for written in [
            "GS（2024）1234号",
            "GS京（2022）1061号",
            "粤S(2026)012号",
            "粤BS（2026）012号",
        ] {
            assert!(is_permit(written), "{written}");
        }
        assert!(!is_permit("2024年第1234号") && !is_permit("S12345号"));
    }

    #[test]
    fn the_seal_holds_what_was_said_and_is_as_before_where_nothing_was() {
        let said = |permit: &str| Said {
            sha256: "aa".to_owned(),
            shows: Shows::Map,
            permit: permit.to_owned(),
            source: String::new(),
            by: String::new(),
        };
        assert_eq!(sealed_with("hash", &[]), "hash");
        let one = sealed_with("hash", &[said("粤S（2026）012号")]);
        assert_ne!(one, sealed_with("hash", &[said("粤S（2026）013号")]));
        assert_ne!(one, sealed_with("other", &[said("粤S（2026）012号")]));
    }
}
