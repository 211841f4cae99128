//! 一、总体情况 is drafted from the year's tasks, and never leaves unseen.

use gongkai_platform::seam::{Accomplishment, Accomplishments, Seams};

use super::*;

/// One task that is done and proved, whoever asks.
struct One;

#[async_trait]
impl Accomplishments for One {
    async fn of_year(
        &self,
        _: &mut Tx,
        _: (OrganId, i16),
        _: i64,
    ) -> Result<Vec<Accomplishment>, StoreError> {
        Ok(vec![Accomplishment {
            of: Ref {
                kind: "task".to_owned(),
                id: "1".to_owned(),
            },
            text: "集中公开现行有效规章。".to_owned(),
            section: String::new(),
            is_done: true,
            proofs: vec!["规章库栏目".to_owned()],
        }])
    }
}

#[tokio::test]
async fn the_first_part_is_drafted_and_waits_for_somebody_to_look() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let permit = gongkai_platform::access::Permit::system();
        let mut seams = Seams {
            accomplishments: vec![Arc::new(One)],
            ..Seams::default()
        };
        seams.figures.push(Arc::new(Seven { city: world.city }));
        let (organ, today) = (world.units[0], "2027-01-12".parse().unwrap());
        let begun = world
            .db
            .write(async |tx: &mut Tx| {
                crate::annual::handle::begin(tx, &permit, &seams, (organ, 2026), today).await
            })
            .await
            .unwrap();
        let path = format!("{LIST}/{}", begun.id);
        let mut liaison = world.browser(world.liaison).await;
        let edit = format!("{path}/edit");
        let page = liaison.get(&edit).await.page();
        for words in [
            "新收政府信息公开申请{本年新收总计}件",
            "政府信息管理方面，落实年度政务公开工作要点，已完成：集中公开现行有效规章。",
            "集中公开现行有效规章——规章库栏目。",
            "还有5处系统起草的",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // What is shown follows the table; with the marks nobody confirms it.
        let page = liaison.get(&path).await.page();
        assert!(page.contains("新收政府信息公开申请<a href="), "{page}");
        assert!(page.contains("\">7</a>件，上年结转"), "{page}");
        let mut fields = filled("1", "7");
        fields.retain(|(name, _)| *name != "text0");
        let text = begun.draft.texts[0].clone();
        let with = |text: &str| {
            let mut own: Vec<(&str, String)> = Vec::new();
            own.extend(
                fields
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned())),
            );
            own.push(("text0", text.to_owned()));
            own
        };
        let own = with(&text);
        let own: Vec<(&str, &str)> = own.iter().map(|(name, it)| (*name, it.as_str())).collect();
        liaison.post(&edit, &own).await.redirected();
        let mut head = world.browser(world.head).await;
        let confirm = format!("{path}/confirm");
        let refused = head.post(&confirm, &[("version", "2")]).await;
        says(&refused, 422, "系统起草的");
        // Looked at, the marks are taken out.
        let mut seen = String::new();
        for line in text.lines() {
            seen.push_str(line.split(crate::general::MARK).next().unwrap());
            seen.push('\n');
        }
        let mut own = with(&seen);
        own.retain(|(name, _)| *name != "version");
        own.push(("version", "2".to_owned()));
        let own: Vec<(&str, &str)> = own.iter().map(|(name, it)| (*name, it.as_str())).collect();
        liaison.post(&edit, &own).await.redirected();
        head.post(&confirm, &[("version", "3")]).await.redirected();
    }
}
