//! A letter that is waited for no more, and a fee that was asked for by mistake: what the desk does, what others read.

use gongkai_platform::testing::{self, Browser, backends, says};

use super::letters::{counter_case, post, written};
use super::{Tx, World, act, audit};

/// Handed in over the net, confirmed and given: number, code and path.
async fn in_hand(world: &World, officer: &mut Browser, subject: &str) -> (String, String, String) {
    let receipt = world.applied(&testing::uuid().to_string(), subject).await;
    let (number, code, id) = world.known(&receipt).await;
    let path = format!("/workspace/requests/{id}");
    let today = world.app.today().to_string();
    act(officer, &path, "confirm", &[("on", today.as_str())])
        .await
        .redirected();
    act(officer, &path, "accept", &[]).await.redirected();
    (number, code, path)
}

/// What a third party types to open its letter, from the page of the case.
fn opinion_code(page: &str) -> String {
    let code = page.split("查询码 <b>").nth(1).unwrap();
    code.split('<').next().unwrap().to_owned()
}

/// The only letter that an act's form offers.
async fn only_letter(officer: &mut Browser, path: &str, act: &str) -> String {
    let form = officer.get(&format!("{path}/act/{act}")).await.page();
    let of = form.split("<option value=\"").nth(1).unwrap();
    of.split('"').next().unwrap().to_owned()
}

async fn kinds(world: &World, path: &str) -> Vec<String> {
    let id = path.rsplit('/').next().unwrap();
    let about = world
        .db
        .read(async |tx: &mut Tx| audit::about(tx, "request", id, 50).await)
        .await
        .unwrap();
    about.into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn a_letter_by_mistake_is_given_up_and_its_days_count() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, code, path) = in_hand(&world, &mut officer, "评估报告").await;
        let ask = [
            ("asked", "third_party"),
            ("name", "某公司"),
            ("question", "评估报告中的综合单价"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("/act/stop_asking"), "{page}");
        let own = opinion_code(&page);
        world.days(3);
        let mut officer = world.browser(world.officer).await;
        let of = only_letter(&mut officer, &path, "stop_asking").await;
        let form = officer.get(&format!("{path}/act/stop_asking")).await;
        says(&form, 200, "误发（暂停不算，期间照常计入期限）");
        // Neither without a reason nor without words; a day belongs to one reason alone.
        let unsaid = [("of", of.as_str()), ("reason", ""), ("words", "")];
        let refused = act(&mut officer, &path, "stop_asking", &unsaid).await;
        says(&refused, 422, "请选择“原因”");
        says(&refused, 422, "请填写“说明”");
        let elsewhere = [
            ("of", of.as_str()),
            ("reason", "elsewhere"),
            ("words", "已在合同中同意"),
        ];
        let refused = act(&mut officer, &path, "stop_asking", &elsewhere).await;
        says(&refused, 422, "请填写取得意见的日期");
        let stop = [
            ("of", of.as_str()),
            ("reason", "mistaken"),
            ("words", "发给了同名的另一家公司"),
        ];
        act(&mut officer, &path, "stop_asking", &stop)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "办理中",
            "不再征求（误发）：发给了同名的另一家公司",
            "停计不算，期限连续计算",
            // 20 working days from 2 March, as if nobody had been asked.
            "2026年3月30日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("/act/stop_asking") && !page.contains(&own));
        // It has no paper, and needs none.
        assert!(!page.contains("“征求意见”还没有文书"), "{page}");
        let clock = officer.get(&format!("{path}/clock")).await;
        says(&clock, 200, "这份函件的暂停不算");
        assert!(
            kinds(&world, &path)
                .await
                .contains(&"request.asking-stopped".to_owned())
        );
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let progress = visitor.post("/requests/progress", &asked).await;
        says(
            &progress,
            200,
            "不再征求第三方意见（误发），这份征求意见书的期间照常计入答复期限",
        );
        assert!(!progress.text().contains("同名的另一家公司"));
        // Whoever has the letter reads that it is over, and nothing of what it asked.
        let asked = [("number", number.as_str()), ("code", own.as_str())];
        let nothing = ("file", "", b"".as_slice());
        let opened = visitor.upload("/requests/opinion", &asked, nothing).await;
        says(&opened, 200, "不再就这件事征求您的意见");
        says(&opened, 200, "查询码已经失效");
        assert!(!opened.text().contains("综合单价"), "{}", opened.text());
        let mut answer = asked.to_vec();
        answer.extend([
            ("answers", "yes"),
            ("opinion", "object"),
            ("words", "属于商业秘密"),
        ]);
        let late = visitor.upload("/requests/opinion", &answer, nothing).await;
        says(&late, 422, "您不用答复");
        says(&late, 422, "属于商业秘密");
        assert!(!late.text().contains("综合单价"));
    }
}

/// Law: art. 32: who cannot be reached was asked in writing all the same, and the reply says so.
#[tokio::test]
async fn a_letter_that_reaches_nobody_keeps_its_pause_and_may_be_sent_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E91").await;
        let ask = [
            ("asked", "third_party"),
            ("name", "某公司"),
            ("question", "综合单价"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        says(&officer.get(&path).await, 200, "办理“不再征求”");
        let of = only_letter(&mut officer, &path, "stop_asking").await;
        world.days(7);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let stop = [
            ("of", of.as_str()),
            ("reason", "undeliverable"),
            ("words", "两次邮寄均退回"),
        ];
        act(&mut officer, &path, "stop_asking", &stop)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        // Five working days later than without the letter.
        assert!(page.contains("2026年4月7日"), "{page}");
        assert!(page.contains("期限接着计算"), "{page}");
        let case = path.rsplit('/').next().unwrap();
        let form = format!("/workspace/requests/letters/new?kind=refuse&case={case}");
        says(
            &officer.get(&form).await,
            200,
            "向某公司发出的征求意见书送达不到",
        );
        // Another letter of the same name is a letter of its own.
        let said = [("to", "某公司"), ("content", "综合单价")];
        let letter = written(&mut officer, &path, "third_party", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("征求意见中"), "{page}");
        assert_eq!(page.matches("发出征求意见书").count(), 2, "{page}");
    }
}

#[tokio::test]
async fn a_fee_by_mistake_is_cancelled_with_its_notice() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let (number, code, path) = in_hand(&world, &mut officer, "人民调解员名册").await;
        let fee = [
            ("scheme", "pages"),
            ("count", "68"),
            ("notice", "3号窗口"),
            ("until", "2026-04-10"),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        let notice = written(&mut officer, &path, "fee", &[]).await;
        post(&mut officer, &notice, "submit", &[])
            .await
            .redirected();
        post(&mut head, &notice, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &notice, "issue", &[]).await.redirected();
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let progress = visitor.post("/requests/progress", &asked).await;
        says(&progress, 200, "应缴380元");
        says(&progress, 200, "收费通知书");
        world.days(1);
        let mut officer = world.browser(world.officer).await;
        let unsaid = act(&mut officer, &path, "cancel_charge", &[("why", "")]).await;
        says(&unsaid, 422, "请填写“撤销收费的原因”");
        let why = [("why", "页数数错，不足30页")];
        act(&mut officer, &path, "cancel_charge", &why)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in ["办理中", "撤销收费，收费通知书作废", "2026年3月30日"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("还没有文书"), "{page}");
        says(&officer.get(&notice).await, 200, "作废");
        assert!(
            kinds(&world, &path)
                .await
                .contains(&"request.charge-cancelled".to_owned())
        );
        // The applicant reads that nothing is owed, and finds no notice any more.
        let progress = visitor.post("/requests/progress", &asked).await;
        says(&progress, 200, "收费通知已撤销，您不用缴费");
        let text = progress.text();
        assert!(
            !text.contains("应缴380元") && !text.contains("给您的文书"),
            "{text}"
        );
        assert!(!text.contains("页数数错"), "{text}");
        // A right one is a notice of its own, and begins with nothing of the wrong one.
        let form = officer
            .get(&format!(
                "/workspace/requests/letters/new?kind=fee&case={}",
                path.rsplit('/').next().unwrap()
            ))
            .await
            .page();
        assert!(!form.contains("value=\"68\""), "{form}");
        let fee = [fee[0], ("count", "100"), fee[2], fee[3]];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        says(&officer.get(&path).await, 200, "“发出收费通知”还没有文书");
        let today = world.app.today().to_string();
        let paid = [("on", today.as_str()), ("proof", "票据12号")];
        act(&mut officer, &path, "pay", &paid).await.redirected();
        // Of what was paid, the page says what to do instead.
        let closed = officer.get(&format!("{path}/act/cancel_charge")).await;
        says(&closed, 200, "由收费单位按非税收入退付的规定办理退费");
        let late = act(&mut officer, &path, "cancel_charge", &why).await;
        says(&late, 422, "不能撤销收费");
    }
}
