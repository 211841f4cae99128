//! What a person typed into the report form, kept as typed until it can be read.

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use gongkai_basis::Date;
use gongkai_basis::id::ReportId;
use gongkai_platform::diff;
use gongkai_platform::web::{App, FormErrors, Problem};

use crate::evidence::attach::{NewEvidence, NewProof};
use crate::evidence::{FILE_BYTES_MAX, Link, sniff};
use crate::pages::download::off_thread;
use crate::report::{Content, Outcome, Report};

/// Places for evidence on one form; more can be added after saving.
pub(crate) const SLOTS: usize = 3;

/// One place for evidence: a file or an address, and the words about it.
#[derive(Debug, Default, Clone)]
pub(super) struct Slot {
    pub(super) title: String,
    pub(super) proves: String,
    pub(super) quote: String,
    pub(super) url: String,
    pub(super) dated_on: String,
    pub(super) file_name: String,
    /// The id of the file that waits here since an earlier try; empty where none does.
    pub(super) kept: String,
    pub(super) bytes: Bytes,
}

impl Slot {
    pub(super) fn blank() -> Vec<Self> {
        vec![Self::default(); SLOTS]
    }

    /// Something stands in it.
    pub(super) fn is_filled(&self) -> bool {
        !self.is_blank()
    }

    /// A file was chosen that holds nothing: who chose it believes that it is here.
    fn is_an_empty_file(&self) -> bool {
        !self.file_name.is_empty() && self.bytes.is_empty() && self.kept.is_empty()
    }

    fn is_blank(&self) -> bool {
        self.url.is_empty()
            && self.kept.is_empty()
            && self.bytes.is_empty()
            && self.title.is_empty()
            && self.proves.is_empty()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Filled {
    pub(super) based_on: String,
    pub(super) outcome: String,
    pub(super) done_text: String,
    pub(super) pending_text: String,
    pub(super) planned_on: String,
    pub(super) no_evidence_why: String,
    pub(super) slots: Vec<Slot>,
}

fn unreadable(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Problem::TOO_LARGE).detail("每个文件最多20MB，一次最多3个。")
    } else {
        Problem::new(Problem::BAD_REQUEST)
    }
}

impl Filled {
    pub(super) fn from_report(report: Option<&Report>) -> Self {
        let content = report.map(|report| &report.content);
        let text = |field: fn(&Content) -> &String| {
            content.map_or_else(String::new, |content| field(content).clone())
        };
        Self {
            based_on: report.map_or_else(String::new, |report| report.id.to_string()),
            outcome: content
                .map_or(Outcome::InProgress, |content| content.outcome)
                .code()
                .to_owned(),
            done_text: text(|c| &c.done_text),
            pending_text: text(|c| &c.pending_text),
            planned_on: content
                .and_then(|content| content.planned_on)
                .map_or_else(String::new, |date| date.to_string()),
            no_evidence_why: text(|c| &c.no_evidence_why),
            slots: Slot::blank(),
        }
    }

    pub(super) async fn read(mut multipart: Multipart) -> Result<Self, Problem> {
        let mut filled = Self::from_report(None);
        while let Some(field) = multipart
            .next_field()
            .await
            .map_err(|error| unreadable(&error))?
        {
            let name = field.name().unwrap_or("").to_owned();
            if let Some(slot) = name.strip_prefix("file-").and_then(|n| filled.slot(n)) {
                let file_name = field.file_name().unwrap_or("").to_owned();
                let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
                // A browser sends an empty nameless file for a place that was left alone.
                if !file_name.is_empty() {
                    slot.file_name = file_name;
                    slot.bytes = bytes;
                }
                continue;
            }
            let text = field.text().await.map_err(|error| unreadable(&error))?;
            let text = text.replace("\r\n", "\n").trim().to_owned();
            match name.as_str() {
                "based_on" => filled.based_on = text,
                "outcome" => filled.outcome = text,
                "done_text" => filled.done_text = text,
                "pending_text" => filled.pending_text = text,
                "planned_on" => filled.planned_on = text,
                "no_evidence_why" => filled.no_evidence_why = text,
                other => {
                    let Some((field, n)) = other.rsplit_once('-') else {
                        continue;
                    };
                    let field = field.to_owned();
                    let Some(slot) = filled.slot(n) else { continue };
                    match field.as_str() {
                        "title" => slot.title = text,
                        "proves" => slot.proves = text,
                        "quote" => slot.quote = text,
                        "url" => slot.url = text,
                        "dated_on" => slot.dated_on = text,
                        "kept" => slot.kept = text,
                        _ => {}
                    }
                }
            }
        }
        Ok(filled)
    }

    /// Places count from 1.
    fn slot(&mut self, n: &str) -> Option<&mut Slot> {
        let index = n.parse::<usize>().ok()?.checked_sub(1)?;
        self.slots.get_mut(index)
    }

    pub(super) fn based_on(&self) -> Option<ReportId> {
        self.based_on.parse().ok()
    }

    /// The words, or errors under their fields.
    pub(super) fn content(&self, errors: &mut FormErrors) -> Option<Content> {
        let outcome = Outcome::from_code(&self.outcome);
        if outcome.is_none() {
            errors.add("outcome", "请选择“进行中”或“已完成”。");
        }
        let planned_on = date(&self.planned_on);
        if planned_on.is_err() {
            errors.add("planned_on", "日期无法识别，请按 2026-09-30 的样子填写。");
        }
        Some(Content {
            outcome: outcome?,
            done_text: self.done_text.clone(),
            pending_text: self.pending_text.clone(),
            planned_on: planned_on.ok()?,
            no_evidence_why: self.no_evidence_why.clone(),
        })
    }

    /// This author's words as a version beside another's, to compare them.
    pub(super) fn as_version(&self, beside: &Report) -> Report {
        let mut version = beside.clone();
        version.content = self
            .content(&mut FormErrors::default())
            .unwrap_or_else(|| Content {
                done_text: self.done_text.clone(),
                pending_text: self.pending_text.clone(),
                ..beside.content.clone()
            });
        version
    }

    /// Brings together what two people made of one version: what only one of them touched is as that one wants it, also
    /// different paragraphs of one text. Gives the fields that both changed, each otherwise; there this author's words stay.
    pub(super) fn merge(&mut self, base: Option<&Report>, theirs: &Report) -> Vec<&'static str> {
        let (base, theirs) = (Self::from_report(base), Self::from_report(Some(theirs)));
        let mut clashes = Vec::new();
        for (name, mine, base, theirs) in [
            ("进展", &mut self.outcome, &base.outcome, &theirs.outcome),
            (
                "计划完成时间",
                &mut self.planned_on,
                &base.planned_on,
                &theirs.planned_on,
            ),
        ] {
            if *mine == *base {
                mine.clone_from(theirs);
            } else if *theirs != *base && *theirs != *mine {
                clashes.push(name);
            }
        }
        for (name, mine, base, theirs) in [
            (
                "已落实情况",
                &mut self.done_text,
                &base.done_text,
                &theirs.done_text,
            ),
            (
                "待完成计划",
                &mut self.pending_text,
                &base.pending_text,
                &theirs.pending_text,
            ),
            (
                "没有佐证的原因",
                &mut self.no_evidence_why,
                &base.no_evidence_why,
                &theirs.no_evidence_why,
            ),
        ] {
            match diff::merge(base, mine, theirs) {
                Some(both) => *mine = both,
                None => clashes.push(name),
            }
        }
        self.based_on = theirs.based_on;
        clashes
    }

    /// Stores the files' bytes and gives the evidence that was filled in; errors stand under their places.
    pub(super) async fn store_proofs(
        &self,
        app: &App,
        errors: &mut FormErrors,
    ) -> Result<Vec<NewEvidence>, Problem> {
        let mut proofs = Vec::new();
        for (n, slot) in (1..).zip(&self.slots) {
            if slot.is_an_empty_file() {
                let name = file_name(&slot.file_name);
                errors.add(
                    format!("file-{n}"),
                    format!(
                        "佐证{n}：“{name}”是空文件，没有保存。请换有内容的文件，或者不选文件。"
                    ),
                );
                continue;
            }
            if slot.is_blank() {
                continue;
            }
            let dated_on = date(&slot.dated_on);
            if dated_on.is_err() {
                errors.add(
                    format!("dated_on-{n}"),
                    format!("佐证{n}的日期无法识别，请按 2026-09-30 的样子填写。"),
                );
            }
            let Some(proof) = proof_of(slot, n, errors) else {
                continue;
            };
            let title = if slot.title.is_empty() {
                file_name(&slot.file_name)
            } else {
                slot.title.clone()
            };
            let new = NewEvidence {
                proof,
                title,
                proves: slot.proves.clone(),
                quote: slot.quote.clone(),
                dated_on: dated_on.unwrap_or(None),
            };
            for refusal in new.refusals(app.today()) {
                errors.add(
                    format!("{}-{n}", refusal.field),
                    format!("佐证{n}：{}", refusal.sentence),
                );
            }
            proofs.push((new, slot.bytes.clone()));
        }
        if !errors.is_empty() {
            return Ok(Vec::new());
        }
        let mut stored = Vec::with_capacity(proofs.len());
        for (mut new, bytes) in proofs {
            if let NewProof::File { sha256, .. } = &mut new.proof {
                let files = app.files.clone();
                *sha256 = off_thread(move || files.put(&bytes)).await??;
            }
            stored.push(new);
        }
        Ok(stored)
    }
}

fn proof_of(slot: &Slot, n: usize, errors: &mut FormErrors) -> Option<NewProof> {
    match (slot.bytes.is_empty(), slot.url.is_empty()) {
        (true, true) => {
            errors.add(
                format!("file-{n}"),
                format!("佐证{n}：请选择文件，或填写网址。"),
            );
            None
        }
        (false, false) => {
            errors.add(
                format!("url-{n}"),
                format!("佐证{n}：文件和网址只能选一种；两样都有的，请分两处填写。"),
            );
            None
        }
        (true, false) => match slot.url.parse::<Link>() {
            Ok(link) => Some(NewProof::Link(link)),
            Err(error) => {
                errors.add(format!("url-{n}"), format!("佐证{n}：{error}"));
                None
            }
        },
        (false, true) if slot.bytes.len() > FILE_BYTES_MAX => {
            errors.add(
                format!("file-{n}"),
                format!("佐证{n}：文件超过20MB，请压缩或拆分后上传。"),
            );
            None
        }
        (false, true) => match sniff::media_type(&slot.bytes) {
            Some(media_type) if sniff::is_false_picture(&slot.file_name, media_type) => {
                let name = file_name(&slot.file_name);
                errors.add(
                    format!("file-{n}"),
                    format!("佐证{n}：“{name}”{}", sniff::NOT_A_PICTURE),
                );
                None
            }
            Some(media_type) => Some(NewProof::File {
                sha256: String::new(),
                name: file_name(&slot.file_name),
                media_type,
                bytes: i64::try_from(slot.bytes.len()).unwrap_or(i64::MAX),
            }),
            None => {
                errors.add(format!("file-{n}"), format!("佐证{n}：{}", sniff::REFUSED));
                None
            }
        },
    }
}

/// The last part of a path, without what no file name may hold.
fn file_name(name: &str) -> String {
    const CHARS_MAX: usize = 150;
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).collect();
    let skip = clean.chars().count().saturating_sub(CHARS_MAX);
    // The ending says what it is, so the beginning goes.
    clean.chars().skip(skip).collect()
}

fn date(text: &str) -> Result<Option<Date>, ()> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_name_is_no_path() {
        assert_eq!(file_name("C:\\材料\\会议纪要.docx"), "会议纪要.docx");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(
            file_name(&format!("{}.pdf", "长".repeat(300)))
                .chars()
                .count(),
            150
        );
        assert!(file_name(&format!("{}.pdf", "长".repeat(300))).ends_with(".pdf"));
    }
}
