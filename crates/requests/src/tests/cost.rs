//! What one submission costs the store while others wait for theirs.

use gongkai_platform::job;

use super::*;

/// Statements of one submission, from the first look for its token to its job; those of its event come to it.
const STATEMENTS_MAX: u64 = 16;

#[tokio::test]
async fn a_submission_leaves_the_index_and_the_comparison_to_one_job_for_all() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let token = || testing::uuid().to_string();
        // The first one makes the keys.
        world.applied(&token(), "公交线路调整评估报告").await;
        let before = world.db.statements();
        world.applied(&token(), "城区学位分配方案").await;
        let one = world.db.statements() - before;
        assert!(one <= STATEMENTS_MAX, "{one} statements");
        for subject in ["公交线路调整评估报告和附件", "老旧小区改造清单", "财政决算"]
        {
            world.applied(&token(), subject).await;
        }
        let rows = async |statement: &'static str| -> i64 {
            let count = async |tx: &mut Tx| tx.one(sql(statement)).await;
            world.db.read(count).await.unwrap().get("n").unwrap()
        };
        let jobs = "SELECT COUNT(*) AS n FROM job WHERE kind = 'requests.cluster-case'";
        let waiting = "SELECT COUNT(*) AS n FROM request_unworded";
        let indexed = "SELECT COUNT(*) AS n FROM request_words";
        let gathered = "SELECT COUNT(*) AS n FROM request_cluster_case";
        let now = async || {
            [
                rows(jobs).await,
                rows(waiting).await,
                rows(indexed).await,
                rows(gathered).await,
            ]
        };
        assert_eq!(now().await, [1, 5, 0, 0]);
        let workers = crate::workers(&world.app);
        while job::run_next(&world.db, &workers).await.unwrap() {}
        assert_eq!(now().await, [1, 0, 5, 5]);
        // It told how far it was, and kept its lease by that.
        for told in [
            "SELECT done AS n FROM job WHERE kind = 'requests.cluster-case'",
            "SELECT total AS n FROM job WHERE kind = 'requests.cluster-case'",
        ] {
            assert_eq!(rows(told).await, 5, "{told}");
        }
        // What comes after it finds a job of its own.
        world.applied(&token(), "公交线路补贴").await;
        assert_eq!(now().await, [2, 1, 5, 5]);
    }
}
