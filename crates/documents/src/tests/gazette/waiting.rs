//! Whoever is to issue a gazette, or to mend it, hears of it.

use gongkai_platform::access::Session;
use gongkai_platform::account::session;

use super::*;

impl World {
    /// What the start page says waits for a person among the issues.
    async fn issues_waiting(&self, account: AccountId) -> Vec<(i64, &'static str)> {
        let today = self.app.today();
        let seams = &self.app.seams;
        let duties = self
            .db
            .read(async |tx: &mut Tx| {
                let person = Session {
                    account,
                    name: "某人".to_owned(),
                    roles: session::held_roles(tx, account, today).await?,
                    second_factor: false,
                    unread: 0,
                    id_hash: String::new(),
                };
                let mut duties = Vec::new();
                for waiting in &seams.waiting {
                    duties.extend(waiting.waiting(tx, &person, today).await?);
                }
                Ok::<_, StoreError>(duties)
            })
            .await
            .unwrap();
        let own = duties.iter().filter(|one| one.n > 0);
        own.filter(|one| one.path == "/workspace/gazette")
            .map(|one| (one.n, one.name))
            .collect()
    }

    async fn titles_told(&self, account: AccountId) -> Vec<String> {
        let statement = sql("SELECT title FROM inbox_message WHERE account_id = $1 AND title LIKE '%公报%' ORDER BY id")
            .bind(account);
        let rows = self
            .db
            .read(async |tx: &mut Tx| tx.all(statement.clone()).await);
        let rows = rows.await.unwrap();
        rows.iter().map(|row| row.get("title").unwrap()).collect()
    }
}

#[tokio::test]
async fn who_is_to_issue_or_to_mend_an_issue_hears_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let issue = world.begin_issue("3").await;
        let (_, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let item = [("document", id.as_str()), ("section", "其他")];
        assert_eq!(
            world.gazette(world.clerk, &issue, "items", &item).await,
            303
        );
        assert_eq!(world.issues_waiting(head).await, []);
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            303
        );
        assert_eq!(world.issues_waiting(head).await, [(1, "期公报等您签发")]);
        let told = "等您签发：安澜市人民政府公报2026年第3期（总第88期）";
        assert_eq!(world.titles_told(head).await, [told]);

        let remark = [("remark", "缺解读")];
        assert_eq!(world.gazette(head, &issue, "return", &remark).await, 303);
        assert_eq!(world.issues_waiting(head).await, []);
        let back = [(1, "期公报被退回，等待修改")];
        assert_eq!(world.issues_waiting(world.clerk).await, back);
        let told = "退回修改：安澜市人民政府公报2026年第3期（总第88期）";
        assert_eq!(world.titles_told(world.clerk).await, [told]);
        // The second round is told, too.
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            303
        );
        assert_eq!(world.issues_waiting(world.clerk).await, []);
        assert_eq!(world.titles_told(head).await.len(), 2);
        assert_eq!(world.gazette(head, &issue, "issue", &[]).await, 303);
        assert_eq!(world.issues_waiting(head).await, []);
    }
}
