//! A year's tasks with what proves them, for those who write of the year: of a government all of its plans', of a unit those for
//! which it answers.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Accomplishment, Accomplishments};

use super::store;

pub(crate) struct TasksOfYear;

#[async_trait]
impl Accomplishments for TasksOfYear {
    async fn of_year(
        &self,
        tx: &mut Tx,
        of: (OrganId, i16),
        most: i64,
    ) -> Result<Vec<Accomplishment>, StoreError> {
        store::of_year(tx, of, most).await
    }
}
