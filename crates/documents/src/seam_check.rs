//! 发布前检查 for other capabilities: what they send out is looked at by the same rules of the house, in the same readings of files.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind, NameMask, Rules, inspect};
use gongkai_platform::attachment::New;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::withheld;
use gongkai_platform::seam::{Check, Cleaned, Readable, Spotted};
use gongkai_platform::web::{App, FormErrors, Problem};

use crate::document::files::down_finding;
use crate::document::reading::{self, Reading};
use crate::document::{reference, store};
use crate::inspection::Inspection;
use crate::pages::hidden;
use crate::review::answer::references_by;
use crate::{masking, rules};

/// The check, for whoever sends something out.
pub(crate) struct House;

#[async_trait]
impl Check for House {
    async fn texts(
        &self,
        tx: &mut Tx,
        organ: OrganId,
        texts: &[String],
    ) -> Result<Vec<Vec<Spotted>>, StoreError> {
        let rules = rules::rules(tx, organ).await?;
        let mut all = Vec::with_capacity(texts.len());
        for text in texts {
            let mut found = inspect(text, &rules);
            let references = reference::in_text(text);
            found.extend(references_by(tx, (organ, &rules), &references).await?);
            all.push(spotted(found, text));
        }
        Ok(all)
    }

    async fn files(
        &self,
        tx: &mut Tx,
        organ: OrganId,
        files: &[(String, String)],
    ) -> Result<Vec<Option<Vec<Spotted>>>, StoreError> {
        let rules = rules::rules(tx, organ).await?;
        let hashes: Vec<String> = files.iter().map(|(sha256, _)| sha256.clone()).collect();
        let down = withheld::down(tx, &hashes).await?;
        let mut read = Vec::with_capacity(files.len());
        for (sha256, title) in files {
            let reading = store::reading(tx, sha256).await?;
            let words = reading
                .as_ref()
                .map_or("", |reading| reading.words.as_str());
            let references = reference::in_text(words);
            let mut otherwise = references_by(tx, (organ, &rules), &references).await?;
            let reason = down.get(sha256);
            otherwise.extend(reason.map(|reason| down_finding(title, reason)));
            read.push((reading, title.clone(), otherwise));
        }
        // A long table takes its time.
        let work = move || {
            let one = |(reading, title, otherwise): (Option<Reading>, String, Vec<Finding>)| {
                reading.map(|reading| in_file(reading, (&title, otherwise), &rules))
            };
            read.into_iter().map(one).collect()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|end| StoreError::File(end.into()))
    }

    async fn read(&self, app: &App, sha256: &str) -> Result<(), StoreError> {
        reading::at_upload(app, sha256).await.map(drop)
    }

    async fn clean(
        &self,
        app: &App,
        files: Vec<New>,
        errors: &mut FormErrors,
    ) -> Result<Cleaned, Problem> {
        hidden::clean(app, files, errors).await
    }

    async fn readable(&self, tx: &mut Tx, organ: OrganId) -> Result<Readable, StoreError> {
        let rule = masking::of_unit(tx, organ).await?;
        Ok(Readable {
            id_card: rule.id_card,
            mobile: rule.mobile,
            bank_card: rule.bank_card,
            name: match rule.name {
                NameMask::Surname => Some(1),
                NameMask::All => Some(0),
                NameMask::Keep => None,
            },
        })
    }
}

/// `otherwise` is what the store says of its bytes, and the library of the references in its words.
fn in_file(
    reading: Reading,
    (title, otherwise): (&str, Vec<Finding>),
    rules: &Rules,
) -> Vec<Spotted> {
    let gap = reading.gap();
    let seen = Inspection::of_reading(reading, rules).unwrap_or_default();
    let seen = seen.called(title);
    let mut found = seen.findings;
    found.extend(otherwise);
    found.extend(gap);
    spotted(found, &seen.text)
}

/// The findings as others know them, each with its line of this text.
fn spotted(found: Vec<Finding>, text: &str) -> Vec<Spotted> {
    let ends: Vec<usize> = text
        .chars()
        .enumerate()
        .filter_map(|(at, c)| (c == '\n').then_some(at))
        .collect();
    let line = |finding: &Finding| {
        let stands = finding.end > finding.start;
        stands.then(|| ends.partition_point(|end| *end < finding.start) + 1)
    };
    found
        .into_iter()
        .map(|finding| Spotted {
            kind: finding.kind.name(),
            is_sure: finding.confidence == Confidence::High,
            line: line(&finding),
            advice: match finding.kind {
                Kind::Unread => "请打开附件看过全部内容，写明“已人工核对”和看到了什么。".to_owned(),
                _ => finding.advice,
            },
            text: finding.text,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Rules, inspect};
    use gongkai_office::Unreadable;

    use super::{in_file, spotted};
    use crate::document::reading::Reading;

    #[test]
    fn what_is_found_is_told_with_its_line() {
        let text = "补贴名单\n\n身份证号码：11010519491231002X";
        let found = spotted(inspect(text, &Rules::default()), text);
        let number = found.iter().find(|one| one.kind == "id_card").unwrap();
        assert!(number.is_sure);
        assert_eq!(
            (number.text.as_str(), number.line),
            ("11010519491231002X", Some(3))
        );
    }

    #[test]
    fn a_scan_is_something_to_look_at() {
        let scan = Reading {
            refused: Some(Unreadable {
                code: "scanned-pdf".to_owned(),
                message: "这份 PDF 只有扫描图像。".to_owned(),
            }),
            ..Reading::default()
        };
        let found = in_file(scan, ("签到表.pdf", Vec::new()), &Rules::default());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].line), ("unread", None));
        assert!(found[0].text.starts_with("扫描件"), "{}", found[0].text);
    }
}
