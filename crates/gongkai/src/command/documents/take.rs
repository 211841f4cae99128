//! What becomes of each line: told beforehand, then done. Both ask the same rules in the same order.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_documents::old::{self, Doubt, Line, Old, Taken};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::App;

use super::Summary;

/// The documents that earlier lines of this run brought in, or would have.
#[derive(Default)]
pub(super) struct Run {
    sources: HashSet<(OrganId, String)>,
    /// Titles of the public ones by what nobody else may have.
    numbers: HashMap<(OrganId, String), String>,
    indexes: HashMap<String, String>,
}

impl Run {
    /// What would become of each, with nothing changed.
    pub(super) async fn look(
        &mut self,
        app: &App,
        ready: &[(&Line, Old)],
        summary: &mut Summary,
    ) -> Result<()> {
        for (line, old) in ready {
            let outlook = app
                .db
                .read(async |tx: &mut Tx| old::outlook(tx, old).await)
                .await
                .map(|taken| self.beside_earlier(old, taken));
            self.count(line, old, outlook, summary)?;
        }
        Ok(())
    }

    /// A transaction for each: a refused document keeps no other out, and an interrupted run goes on where it stopped.
    pub(super) async fn take(
        &mut self,
        app: &App,
        ready: Vec<(&Line, Old)>,
        summary: &mut Summary,
    ) -> Result<()> {
        for (line, old) in ready {
            let known = app
                .db
                .read(async |tx: &mut Tx| old::is_known(tx, &old).await)
                .await?;
            let taken = if known {
                Ok(Taken::Known)
            } else {
                app.db
                    .write(async |tx: &mut Tx| old::take(tx, &Actor::System, old.clone()).await)
                    .await
            };
            self.count(line, &old, taken, summary)?;
        }
        Ok(())
    }

    /// What earlier lines would change about it, had they been taken in.
    fn beside_earlier(&self, old: &Old, taken: Taken) -> Taken {
        if self.sources.contains(&key(old, &old.source)) {
            return Taken::Known;
        }
        let mut doubts = match taken {
            Taken::Known => return Taken::Known,
            Taken::Published => Vec::new(),
            Taken::Draft(doubts) => doubts,
        };
        let number = self.numbers.get(&key(old, &old.head.number));
        let index = self.indexes.get(&old.index_number);
        doubts.extend(number.map(|title| Doubt::SameNumber(title.clone())));
        doubts.extend(index.map(|title| Doubt::SameIndexNumber(title.clone())));
        if doubts.is_empty() {
            Taken::Published
        } else {
            Taken::Draft(doubts)
        }
    }

    fn count(
        &mut self,
        line: &Line,
        old: &Old,
        taken: Result<Taken, NotDone>,
        summary: &mut Summary,
    ) -> Result<()> {
        let source = key(old, &old.source);
        match taken {
            Ok(Taken::Known) if self.sources.contains(&source) => {
                summary.refuse(line, "清单里前面已有这个文件，同一文件只迁入一次");
            }
            Ok(Taken::Known) => summary.known += 1,
            Ok(Taken::Draft(doubts)) => {
                summary.drafts += 1;
                for sentence in doubts.iter().filter_map(|doubt| doubt.sentence(old)) {
                    summary.remark(line, sentence);
                }
                self.sources.insert(source);
            }
            Ok(Taken::Published) => {
                summary.published += 1;
                self.sources.insert(source);
                let title = &old.head.title;
                if !old.head.number.is_empty() {
                    let number = key(old, &old.head.number);
                    self.numbers.insert(number, title.clone());
                }
                if !old.index_number.is_empty() {
                    let index = old.index_number.clone();
                    self.indexes.insert(index, title.clone());
                }
            }
            Err(NotDone::Refused(reasons)) => {
                let sentences: Vec<String> =
                    reasons.into_iter().map(|(_, sentence)| sentence).collect();
                summary.refuse(line, sentences.join(""));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

fn key(old: &Old, text: &str) -> (OrganId, String) {
    (old.organ, text.to_owned())
}

#[cfg(test)]
mod tests {
    use gongkai_documents::document::body;
    use gongkai_documents::kind::Kind;
    use gongkai_documents::old::{self, Line, Old};
    use gongkai_platform::testing::{self, MovableClock, backends};

    use super::{Run, Summary};

    fn counts(summary: &Summary) -> [usize; 4] {
        [
            summary.published,
            summary.drafts,
            summary.known,
            summary.refused,
        ]
    }

    /// What is told beforehand is what is done: over the whole list, and again once it is done.
    #[tokio::test]
    async fn the_look_promises_what_the_run_does() {
        let list = "文件,名称,种类,发布机构,发布日期,索引号\n\
            1.html,甲通知,通知公告,安澜市人民政府,2021-03-05,安澜/2021-00001\n\
            2.html,乙通知,通知公告,安澜市人民政府,2021-03-05,安澜/2021-00001\n\
            1.html,甲通知,通知公告,安澜市人民政府,2021-03-05,\n\
            3.html,丙通知,通知公告,安澜市人民政府,2027-01-01,\n";
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, guard) = testing::scratch(&backend, clock.clock()).await;
            let app = testing::app(&db, &guard, Vec::new());
            let city = testing::organ(&db, "安澜市人民政府", None).await;
            let lines = old::read(list.as_bytes()).unwrap();
            let made = |line: &Line| Old {
                source: line.source.clone(),
                address: String::new(),
                kind: Kind::Notice,
                organ: city,
                head: line.head.clone(),
                html: body::of_text("正文。"),
                published_on: line.published_on.unwrap(),
                index_number: line.index_number.clone(),
                turn: None,
                files: Vec::new(),
                pictures: Vec::new(),
                doubtful: false,
            };
            let ready: Vec<(&Line, Old)> = lines.iter().map(|line| (line, made(line))).collect();
            for (round, wanted) in [[1, 1, 0, 2], [0, 0, 3, 1]].into_iter().enumerate() {
                let (mut told, mut done) = (Summary::default(), Summary::default());
                let mut run = Run::default();
                // In parts, as a long list is read.
                for part in ready.chunks(1) {
                    run.look(&app, part, &mut told).await.unwrap();
                }
                let mut run = Run::default();
                run.take(&app, ready.clone(), &mut done).await.unwrap();
                assert_eq!((counts(&told), counts(&done)), (wanted, wanted), "{round}");
                let said = |summary: &Summary| -> Vec<String> {
                    let remarks = summary.remarks.iter();
                    remarks.map(|remark| remark.sentence.clone()).collect()
                };
                assert_eq!(said(&told), said(&done));
            }
        }
    }
}
