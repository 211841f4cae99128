//! The pages of organs, for the site map and the static export.

use async_trait::async_trait;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::profile::store;
use gongkai_platform::seam::{Branch, PublicPage, PublicPages};

const LIST: &str = "/organs";

pub(crate) struct Organs;

#[async_trait]
impl PublicPages for Organs {
    fn fixed(&self) -> Vec<&'static str> {
        vec![LIST]
    }

    async fn branches(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<Branch>, StoreError> {
        let levels = store::levels(tx, scope).await?;
        let one = |(level, n): (gongkai_platform::organ::Level, i64)| Branch {
            below: LIST,
            title: format!("{}机构（{n}个）", level.name()),
            path: format!("{LIST}/level/{}", level.code()),
        };
        Ok(levels.into_iter().map(one).collect())
    }

    /// Ids begin with digits or letters before `l`, so the levels come last.
    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after.unwrap_or_default();
        let id = last.strip_prefix("/organs/").unwrap_or_default();
        let mut pages: Vec<PublicPage> = store::listed_after(tx, scope, id, limit)
            .await?
            .into_iter()
            .map(|(id, changed_at)| PublicPage {
                path: format!("{LIST}/{id}"),
                changed_at,
            })
            .collect();
        if pages.is_empty() {
            let levels = self.branches(tx, scope).await?;
            let paths = levels.into_iter().map(|branch| branch.path);
            let mut paths: Vec<String> = paths.filter(|path| path.as_str() > last).collect();
            paths.sort();
            pages.extend(paths.into_iter().map(|path| PublicPage {
                path,
                changed_at: 0,
            }));
        }
        Ok(pages)
    }
}
