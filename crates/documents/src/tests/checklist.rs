//! 检查清单: a step is passed with every question answered, and what was answered stays with it.

use super::*;

#[tokio::test]
async fn a_step_is_passed_with_every_question_answered_and_none_found_wrong() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于清单的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let proof = world.who(Role::Proofreader);
        assert_eq!(world.review(proof, &path, "claim", &[], "").await, 303);
        let fine = world.fine(&path, Step::FirstProof).await;
        let answer = |checks: &[String]| {
            let mut fields = vec![("act".to_owned(), "pass".to_owned())];
            fields.extend(checks.iter().map(|one| ("check".to_owned(), one.clone())));
            fields
        };
        let mut reader = world.browser(proof).await;
        let form = reader.get(&path).await.page();
        assert!(
            form.contains("检查清单") && form.contains("GB/T 15834"),
            "{form}"
        );
        for (checks, says) in [
            (Vec::new(), "检查清单还有2问没有回答：文字关“没有错字"),
            (fine[..1].to_vec(), "检查清单还有1问没有回答：文字关“人名"),
            (
                vec![fine[0].clone(), "W2=no".to_owned()],
                "答了“不符合”的不能通过，请写明意见后退回：文字关“人名",
            ),
            (vec![fine[0].clone(), "L1=yes".to_owned()], "还有1问"),
        ] {
            let version = world.step_version(&path).await;
            let mut fields = answer(&checks);
            fields.push(("version".to_owned(), version));
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let refused = reader.post(&format!("{path}/review"), &fields).await;
            assert_eq!(refused.status, 422);
            let page = refused.text();
            assert!(page.contains(says), "{says} in {page}");
        }
        let wrong = ["W1=yes".to_owned(), "W2=no".to_owned()];
        assert_eq!(world.review(proof, &path, "return", &wrong, "").await, 422);
        let said = world
            .review(proof, &path, "return", &wrong, "日期与原件不一致")
            .await;
        assert_eq!(said, 303);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(page.contains("不符合（文字关）：人名、地名"), "{page}");

        // The record of the next round, to read and to print.
        world.approve(&path, Kind::Notice).await;
        let record = clerk.get(&format!("{path}/record")).await.page();
        for words in [
            "审核记录",
            "保守国家秘密法（2024）第三十五条",
            "✓ 符合",
            "终审",
            "封存值",
        ] {
            assert!(record.contains(words), "{words} in {record}");
        }
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&format!("{path}/record")).await.status, 404);
    }
}
