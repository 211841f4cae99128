//! What signing a reply settles: its number, its date and the channel it names; and what voids them.

use gongkai_basis::Actor;
use gongkai_platform::audit::Event;
use gongkai_platform::testing::backends;

use super::letters::{amend, counter_case, link, post, written};
use super::{StoreError, Tx, World, act, says, sql};

/// What is posted or signed for is printed before: number and date come with the signature, and one that is void is given to
/// nobody again.
#[tokio::test]
async fn a_reply_has_its_number_and_date_when_it_is_signed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E12").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let pass = [("words", "可以")];
        act(&mut head, &path, "pass", &pass).await.redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let page = officer.get(&letter).await.page();
        assert!(
            page.contains("<dd>安财公开〔2026〕1号，2026年3月2日</dd>"),
            "{page}"
        );
        assert!(page.contains("登记“发出答复”"), "{page}");
        // Sent back after the signature, the number is void, and the next one is another.
        act(&mut head, &path, "return", &[("why", "理由要再写清")])
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(page.contains("作废文号安财公开〔2026〕1号"), "{page}");
        assert!(!page.contains("<dd>安财公开〔2026〕1号"), "{page}");
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        world.days(1);
        let mut head = world.browser(world.head).await;
        act(&mut head, &path, "pass", &pass).await.redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        world.days(2);
        let mut officer = world.browser(world.officer).await;
        let signed = "<dd>安财公开〔2026〕2号，2026年3月3日</dd>";
        says(&officer.get(&letter).await, 200, signed);
        // Posted two days later: the clock stops then, the letter keeps the day of its signature. Never before it.
        let send = |on| [("service", "post"), ("on", on), ("proof", "EMS1")];
        let early = act(&mut officer, &path, "dispatch", &send("2026-03-02")).await;
        says(&early, 422, "发出日期早于审签之日");
        act(&mut officer, &path, "dispatch", &send("2026-03-05"))
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(page.contains(signed) && page.contains("已发出"), "{page}");
        says(
            &officer.get(&path).await,
            200,
            "<dt>答复日期</dt><dd>2026年3月5日</dd>",
        );
    }
}

/// Signed, and then withdrawn by its applicant: nothing leaves under that number.
#[tokio::test]
async fn a_withdrawal_voids_the_number_of_a_signed_reply() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E13").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let pass = [("words", "可以")];
        act(&mut head, &path, "pass", &pass).await.redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        act(&mut officer, &path, "withdraw", &[("why", "不再需要")])
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        for words in ["作废文号安财公开〔2026〕1号", "申请人撤回，答复没有发出"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("编号发出</button>"), "{page}");
    }
}

/// Still under review, or signed by a version that gave no number then: it does not leave for a case that its applicant ended.
#[tokio::test]
async fn a_withdrawal_voids_a_reply_without_a_number_too() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        for (paper, is_signed) in [("E18", false), ("E19", true)] {
            let path = counter_case(&world, &mut officer, paper).await;
            let said = [
                ("grounds", "N6"),
                ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
                ("separation", "全部为讨论意见"),
            ];
            let letter = written(&mut officer, &path, "refuse", &said).await;
            post(&mut officer, &letter, "submit", &[])
                .await
                .redirected();
            if is_signed {
                act(&mut head, &path, "pass", &[("words", "可以")])
                    .await
                    .redirected();
                act(&mut head, &path, "sign", &[]).await.redirected();
                let id = letter.rsplit('/').next().unwrap().to_owned();
                let older = world.db.write(async |tx: &mut Tx| {
                    let bare = "UPDATE letter SET number = NULL, year = NULL, n = NULL, issued_on = NULL WHERE id = $1";
                    tx.run(sql(bare).bind(&id)).await?;
                    let subject = ("letter", id.clone());
                    tx.record(Event::new(&Actor::System, "test.letter", subject, "旧版本"));
                    Ok::<_, StoreError>(())
                });
                older.await.unwrap();
            }
            act(&mut officer, &path, "withdraw", &[("why", "不再需要")])
                .await
                .redirected();
            let page = officer.get(&letter).await.page();
            assert!(page.contains("申请人撤回，答复没有发出"), "{page}");
            assert!(!page.contains("编号发出</button>"), "{page}");
        }
    }
}

/// Law: 行政复议法 art. 22: what is served over the net names the channel there for 复议; what is signed says so already.
#[tokio::test]
async fn a_reply_over_the_net_is_signed_with_the_channel_for_a_review_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let words = "行政复议申请也可以通过互联网渠道提交：https://fuyi.anlan.example";
        // Its applicant gets it over the net: drafted with the decision, it says so at once.
        let path = counter_case(&world, &mut officer, "E16").await;
        let decide = [("reply", "R3"), ("grounds", "N6"), ("text", "过程性信息")];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let letter = link(&officer.get(&path).await.page(), 0);
        says(&officer.get(&letter).await, 200, words);
        // Drafted as a paper to be posted, it is not sent over the net once it is signed.
        let path = counter_case(&world, &mut officer, "E17").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
            ("online", ""),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        let page = officer.get(&letter).await.page();
        assert!(!page.contains(words), "{page}");
        let send = [("service", "web"), ("on", "2026-03-02"), ("proof", "")];
        for is_online in [false, true] {
            post(&mut officer, &letter, "submit", &[])
                .await
                .redirected();
            act(&mut head, &path, "pass", &[("words", "可以")])
                .await
                .redirected();
            act(&mut head, &path, "sign", &[]).await.redirected();
            let sent = act(&mut officer, &path, "dispatch", &send).await;
            if is_online {
                sent.redirected();
                break;
            }
            says(&sent, 422, "没有写明网上申请行政复议的渠道");
            act(&mut head, &path, "return", &[("why", "网上送达")])
                .await
                .redirected();
            amend(&mut officer, &letter, &[("online", "yes")])
                .await
                .redirected();
        }
        says(&officer.get(&letter).await, 200, words);
    }
}
