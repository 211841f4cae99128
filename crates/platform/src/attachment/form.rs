//! A form with files: what was typed, kept as typed, and the files that were chosen. A file whose form was refused
//! waits, so that nobody has to choose it again.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use gongkai_basis::id::{AccountId, FileId};

use super::{FILE_BYTES_MAX, FILES_MAX, New, sniff};
use crate::db::{StoreError, Tx};
use crate::files::NotKept;
use crate::files::pending::{self, Pending};
use crate::web::download::off_thread;
use crate::web::{App, FormErrors, Problem, plain};

/// A form with its files.
pub const FORM_BYTES_MAX: usize = FILES_MAX * FILE_BYTES_MAX + 1024 * 1024;
// The names of the fields: files, an address, the ids of files that wait.
const FILE: &str = "file";
const URL: &str = "url";
const KEPT: &str = "kept";

/// A file that waits since an earlier try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: FileId,
    pub name: String,
}

/// What a person filled in.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    texts: BTreeMap<String, Vec<String>>,
    uploads: Vec<(String, Bytes)>,
    waiting: Vec<Pending>,
}

impl Filled {
    /// # Errors
    /// When the body is no such form, or too large.
    pub async fn read(mut multipart: Multipart) -> Result<Self, Problem> {
        let mut filled = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(|e| unreadable(&e))? {
            let name = field.name().unwrap_or("").to_owned();
            if name == FILE {
                let file = last_part(field.file_name().unwrap_or(""));
                let bytes = field.bytes().await.map_err(|e| unreadable(&e))?;
                // A browser sends an empty nameless file for a field that was left alone.
                if !file.is_empty() {
                    filled.uploads.push((file, bytes));
                }
                continue;
            }
            let text = field.text().await.map_err(|e| unreadable(&e))?;
            let text = plain(text)?.replace("\r\n", "\n").trim().to_owned();
            filled.texts.entry(name).or_default().push(text);
        }
        Ok(filled)
    }

    /// The first text under a name, or nothing.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Every text under a name.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.texts.get(name).map_or(&[], Vec::as_slice)
    }

    /// The files that wait, for the form that is shown again.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        let kept = |file: &Pending| Kept {
            id: file.id,
            name: file.name.clone(),
        };
        self.waiting.iter().map(kept).collect()
    }

    /// What is to be attached: errors stand under `file` and `url`. The files' bytes are stored and wait for
    /// [`Filled::release`].
    ///
    /// # Errors
    /// When the disk or the store fails.
    pub async fn attachments(
        &mut self,
        app: &App,
        account: Option<AccountId>,
        errors: &mut FormErrors,
    ) -> Result<Vec<New>, Problem> {
        self.recall(app, account).await?;
        let mut new = Vec::new();
        if !self.text(URL).is_empty() {
            match self.text(URL).parse() {
                Ok(link) => new.push(New::Link(link)),
                Err(error) => errors.add(URL, format!("{error}")),
            }
        }
        if self.uploads.len() + self.waiting.len() > FILES_MAX {
            errors.add(
                FILE,
                format!("一次最多{FILES_MAX}个文件，请合并或压缩后上传。"),
            );
            self.uploads.clear();
        }
        for (name, bytes) in std::mem::take(&mut self.uploads) {
            if bytes.len() > FILE_BYTES_MAX {
                errors.add(FILE, format!("“{name}”超过20MB，请压缩或拆分后上传。"));
                continue;
            }
            match sniff::media_type(&bytes) {
                None => errors.add(FILE, format!("“{name}”：{}", sniff::REFUSED)),
                Some(media_type) if sniff::is_false_picture(&name, media_type) => {
                    errors.add(FILE, format!("“{name}”{}", sniff::NOT_A_PICTURE));
                }
                Some(_) => self.keep(app, account, (name, bytes), errors).await?,
            }
        }
        for file in &self.waiting {
            let (files, sha256) = (app.files.clone(), file.sha256.clone());
            let bytes = off_thread(move || files.get(&sha256)).await??;
            if let Some(media_type) = sniff::media_type(&bytes) {
                new.push(New::File {
                    sha256: file.sha256.clone(),
                    name: file.name.clone(),
                    media_type,
                    bytes: file.bytes,
                });
            }
        }
        Ok(new)
    }

    /// [`Filled::attachments`] of a form that asks for scans: what cannot be one is not kept, so that the form comes back
    /// without it.
    ///
    /// # Errors
    /// When the disk or the store fails.
    pub async fn scans(
        &mut self,
        app: &App,
        account: Option<AccountId>,
        errors: &mut FormErrors,
    ) -> Result<Vec<New>, Problem> {
        let uploads = std::mem::take(&mut self.uploads);
        for (name, bytes) in uploads {
            if bytes.is_empty() {
                errors.add(
                    FILE,
                    format!("“{name}”是空文件，没有保存。请选择有内容的文件。"),
                );
            } else if sniff::media_type(&bytes).is_none_or(sniff::is_scan) {
                self.uploads.push((name, bytes));
            } else {
                errors.add(FILE, format!("“{name}”{}", sniff::NOT_A_SCAN));
            }
        }
        self.attachments(app, account, errors).await
    }

    /// The files have found their place.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for file in &self.waiting {
            pending::release(tx, file.id).await?;
        }
        Ok(())
    }

    async fn recall(&mut self, app: &App, account: Option<AccountId>) -> Result<(), Problem> {
        let Some(account) = account else {
            return Ok(());
        };
        for id in self.all(KEPT).to_vec() {
            let Ok(id) = id.parse::<FileId>() else {
                continue;
            };
            let found = app
                .db
                .read(async |tx: &mut Tx| pending::find(tx, account, id).await)
                .await?;
            self.waiting.extend(found);
        }
        Ok(())
    }

    async fn keep(
        &mut self,
        app: &App,
        account: Option<AccountId>,
        (name, bytes): (String, Bytes),
        errors: &mut FormErrors,
    ) -> Result<(), Problem> {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let files = app.files.clone();
        let put = off_thread(move || files.put(&bytes)).await?;
        let sha256 = match put {
            Ok(sha256) => sha256,
            // The form comes back with all that was typed; only this file is not with it.
            Err(StoreError::NotKept(why)) => {
                errors.add(FILE, not_kept(&name, &why));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let waiting = app
            .db
            .upkeep(async |tx: &mut Tx| {
                let file = Pending {
                    id: FileId::new(tx.fresh()),
                    sha256: sha256.clone(),
                    name: name.clone(),
                    bytes: size,
                };
                if let Some(account) = account {
                    pending::keep(tx, account, &file).await?;
                }
                Ok::<_, StoreError>(file)
            })
            .await?;
        self.waiting.push(waiting);
        Ok(())
    }
}

fn not_kept(name: &str, why: &NotKept) -> String {
    match why {
        NotKept::Infected(found) => format!(
            "“{name}”里发现病毒（{found}），没有保存。请用本机的杀毒软件处理后，重新选择干净的文件。"
        ),
        NotKept::NotScanned => format!(
            "“{name}”没有完成杀毒检查，没有保存。文件太大时请拆分；其他情况请稍后重新选择文件再保存，仍不行请告诉系统管理员检查杀毒服务。"
        ),
    }
}

fn unreadable(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Problem::TOO_LARGE).detail("每个文件最多20MB，一次最多3个。")
    } else {
        Problem::new(Problem::BAD_REQUEST)
    }
}

/// The last part of a path, without what no file name may hold.
fn last_part(name: &str) -> String {
    const CHARS_MAX: usize = 150;
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).collect();
    let skip = clean.chars().count().saturating_sub(CHARS_MAX);
    // The ending says what it is, so the beginning goes.
    clean.chars().skip(skip).collect()
}
