//! Letters to third parties, and what their objection asks of the reply.

use gongkai_platform::testing::{Browser, backends};

use super::letters::{amend, counter_case, post, written};
use super::{GIVEN, StoreError, Tx, World, act, act_with, says};
use crate::letter::{self, LetterId};
use gongkai_basis::Actor;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;

/// Whoever is asked by letter finds the way to answer in it: the code stands there before it leaves, and opens what it sent.
#[tokio::test]
async fn a_letter_to_a_third_party_brings_its_receipt_and_its_code() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E15").await;
        let case = officer.get(&path).await.page();
        let said = [("to", "某公司"), ("content", "结算报告中的综合单价")];
        let letter = written(&mut officer, &path, "third_party", &said).await;
        let draft = officer.get(&letter).await.page();
        for words in ["/requests/opinion", "第三方意见回执", "签名（盖章）"] {
            assert!(draft.contains(words), "{words}: {draft}");
        }
        let code = draft.split("和查询码").nth(1).unwrap();
        let code = code.split('。').next().unwrap().to_owned();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await;
        says(&page, 200, &format!("查询码 <b>{code}</b>"));
        let number = super::letters::number(&case);
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let mut visitor = world.visitor();
        let opened = visitor
            .upload("/requests/opinion", &asked, ("file", "", b""))
            .await;
        says(&opened, 200, "结算报告中的综合单价");
        // Who only looks on gets no code with which to answer for somebody else.
        let mut above = world.browser(world.supervisor).await;
        let seen = above.get(&letter).await;
        says(&seen, 200, "第三方意见回执");
        assert!(!seen.text().contains(&code), "{}", seen.text());
    }
}

/// What a third party objects to is given for the public's sake: it is told in writing, and its days count from the day on
/// which the letter reached it.
#[tokio::test]
async fn a_third_party_has_its_days_from_the_arrival_and_is_told_what_is_given_all_the_same() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E10").await;
        let said = [("to", "某公司"), ("content", "结算报告中的综合单价")];
        let letter = written(&mut officer, &path, "third_party", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await;
        says(&page, 200, "还没有登记对方收到，期限没有起算");
        says(&page, 200, "换地址或者换方式再送");
        // However long it lasts: nobody's silence means anything before the letter has arrived.
        world.days(30);
        let mut officer = world.browser(world.officer).await;
        assert_eq!(crate::night::run(&world.app).await.unwrap().expired, 0);
        assert!(
            !officer
                .get(&path)
                .await
                .page()
                .contains("/act/opinion_expired")
        );
        let form = officer.get(&format!("{path}/act/reached")).await.page();
        let of = form.split("<option value=\"").nth(1).unwrap();
        let of = of.split('"').next().unwrap().to_owned();
        let got = [("of", of.as_str()), ("on", "2026-03-30")];
        act(&mut officer, &path, "reached", &got).await.redirected();
        let page = officer.get(&path).await.page();
        // 15 working days from 30 March, 清明 left out.
        assert!(page.contains("2026年4月21日"), "{page}");
        assert!(!page.contains("/act/reached"), "{page}");
        // A form that is sent as it opened is nobody's consent, and asks nobody as a third party.
        let open = "<option value=\"\" selected>请选择</option>";
        says(
            &officer.get(&format!("{path}/act/consult")).await,
            200,
            open,
        );
        says(
            &officer.get(&format!("{path}/act/opinion")).await,
            200,
            open,
        );
        let untouched = [("of", of.as_str()), ("opinion", ""), ("on", "2026-04-01")];
        let refused = act(&mut officer, &path, "opinion", &untouched).await;
        says(&refused, 422, "请选择“意见”");
        let object = [
            ("of", of.as_str()),
            ("opinion", "object"),
            ("words", "属于商业秘密"),
            ("on", "2026-04-01"),
        ];
        act(&mut officer, &path, "opinion", &object)
            .await
            .redirected();
        // The paper to the third party says why it is given all the same; the reply's own paper then needs no other place.
        let told = [
            ("reason", "关系公共资金使用的监督"),
            ("content", "综合单价"),
        ];
        let told = written(&mut officer, &path, "decided_open", &told).await;
        let reply = [
            ("supply", "given"),
            ("list", "综合单价表一份"),
            ("form", "纸质"),
        ];
        let reply = written(&mut officer, &path, "disclose", &reply).await;
        post(&mut officer, &reply, "submit", &[]).await.redirected();
        says(&officer.get(&path).await, 200, "公开审查中");
        let mut head = world.browser(world.head).await;
        act(&mut head, &path, "return", &[("why", "再核对")])
            .await
            .redirected();
        for letter in [&told, &reply] {
            let why = [("note", "重新拟写")];
            post(&mut officer, letter, "discard", &why)
                .await
                .redirected();
        }
        let decide = [
            ("reply", "R2"),
            ("text", "综合单价"),
            ("public_interest", "关系公共资金使用的监督"),
        ];
        let decide = (decide.as_slice(), ("file", "综合单价.txt", GIVEN));
        act_with(&mut officer, &path, "decide", decide)
            .await
            .redirected();
        let page = officer.get(&path).await;
        says(&page, 200, "要把公开的内容和理由书面告知第三方");
        let letter = written(&mut officer, &path, "decided_open", &[]).await;
        let page = officer.get(&letter).await.page();
        for words in ["某公司", "关系公共资金使用的监督", "综合单价"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // A draft tells nobody anything: the reply does not leave before the paper has.
        let mut reviewer = world.browser(world.reviewer).await;
        act(&mut reviewer, &path, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let today = world.app.today().to_string();
        let send = [
            ("service", "post"),
            ("on", today.as_str()),
            ("proof", "EMS1"),
        ];
        let refused = act(&mut officer, &path, "dispatch", &send).await;
        says(&refused, 422, "还没有发给某公司的《决定公开告知书》");
        let page = officer.get(&path).await;
        says(&page, 200, "待发出");
        says(&page, 200, "还没有发给某公司的《决定公开告知书》");
        issued(&mut officer, &mut head, &letter).await;
        let page = officer.get(&path).await.page();
        assert!(!page.contains("还没有发给"), "{page}");
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        // As an older version let it leave: the paper names the party in other words.
        rename(&world, &letter, "某有限公司").await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("答复已经发出，案卷里没有发给某公司的") && !page.contains("不能发出答复"),
            "{page}"
        );
    }
}

/// Whom a letter is for, written anew.
async fn rename(world: &World, letter: &str, to: &'static str) {
    let id: LetterId = letter.rsplit('/').next().unwrap().parse().unwrap();
    let write = world.db.write(async |tx: &mut Tx| {
        let found = letter::store::load(tx, &Scope::Everything, id).await?;
        let mut found = found.unwrap();
        found.facts = found.facts.with("to", to);
        letter::store::update(tx, &found).await?;
        let subject = ("letter", id.to_string());
        tx.record(Event::new(&Actor::System, "test.letter", subject, "改写"));
        Ok::<_, StoreError>(())
    });
    write.await.unwrap();
}

/// Checked by a colleague and issued.
async fn issued(officer: &mut Browser, head: &mut Browser, letter: &str) {
    post(officer, letter, "submit", &[]).await.redirected();
    post(head, letter, "decide", &[("step", "pass")])
        .await
        .redirected();
    post(officer, letter, "issue", &[]).await.redirected();
}

/// Law: art. 32: each third party that objected is told of its own.
#[tokio::test]
async fn one_paper_does_not_tell_two_who_objected() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E13").await;
        for name in ["甲公司", "乙公司"] {
            objects(&mut officer, &path, name).await;
        }
        tells_both((&mut officer, &mut head), &path, "2026-03-02").await;
        // Done again, they are told again, each of its own.
        world.days(1);
        let (mut officer, mut head) = (
            world.browser(world.officer).await,
            world.browser(world.head).await,
        );
        let today = world.app.today().to_string();
        let redo = [("why", "复议决定"), ("on", today.as_str())];
        act(&mut head, &path, "redo", &redo).await.redirected();
        tells_both((&mut officer, &mut head), &path, &today).await;
    }
}

/// A third party is asked and objects at once.
async fn objects(officer: &mut Browser, path: &str, name: &str) {
    let ask = [
        ("asked", "third_party"),
        ("name", name),
        ("question", "综合单价"),
        ("got_on", "2026-03-02"),
    ];
    act(officer, path, "consult", &ask).await.redirected();
    // The last of the days that it has, and each before it.
    says(
        &officer.get(path).await,
        200,
        "<li>2026年3月23日　第15个工作日</li>",
    );
    let form = officer.get(&format!("{path}/act/opinion")).await.page();
    let of = form.split("<option value=\"").nth(1).unwrap();
    let object = [
        ("of", of.split('"').next().unwrap()),
        ("opinion", "object"),
        ("words", "属于商业秘密"),
        ("on", "2026-03-02"),
    ];
    act(officer, path, "opinion", &object).await.redirected();
}

/// Of several letters none is chosen by the form: what one party says is not to stand with another's by chance.
#[tokio::test]
async fn an_answer_says_whose_it_is_where_several_were_asked() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E14").await;
        for name in ["甲公司", "乙公司"] {
            let ask = [
                ("asked", "third_party"),
                ("name", name),
                ("question", "综合单价"),
            ];
            act(&mut officer, &path, "consult", &ask).await.redirected();
        }
        // What it begins with, and what is left out, for each act that names a letter.
        let opinion = [("opinion", "agree"), ("on", "2026-03-02")];
        let got = [("on", "2026-03-02")];
        for (name, said) in [("opinion", opinion.as_slice()), ("reached", got.as_slice())] {
            let form = officer.get(&format!("{path}/act/{name}")).await.page();
            let list = form.split("id=\"of\"").nth(1).unwrap();
            let list = list.split("</select>").next().unwrap();
            assert!(
                list.contains("<option value=\"\" selected>请选择</option>"),
                "{list}"
            );
            let mut left_out = vec![("of", "")];
            left_out.extend_from_slice(said);
            let refused = act(&mut officer, &path, name, &left_out).await;
            says(&refused, 422, "请选择“哪一份征求意见书”。");
        }
        let form = officer.get(&format!("{path}/act/opinion")).await.page();
        let of = form.split("\">乙公司（").next().unwrap();
        let of = of.rsplit("value=\"").next().unwrap().to_owned();
        let mut chosen = vec![("of", of.as_str())];
        chosen.extend_from_slice(&opinion);
        act(&mut officer, &path, "opinion", &chosen)
            .await
            .redirected();
        // The one that is left is the only one there is to choose.
        let form = officer.get(&format!("{path}/act/opinion")).await.page();
        let list = form.split("id=\"of\"").nth(1).unwrap();
        let list = list.split("</select>").next().unwrap();
        assert!(
            list.contains("甲公司（") && !list.contains("请选择"),
            "{list}"
        );
    }
}

/// It is given all the same, and leaves when both were told.
async fn tells_both((officer, head): (&mut Browser, &mut Browser), path: &str, today: &str) {
    let decide = [
        ("reply", "R2"),
        ("text", "综合单价表"),
        ("public_interest", "关系公共资金使用的监督"),
    ];
    let decide = (decide.as_slice(), ("file", "综合单价表.txt", GIVEN));
    act_with(officer, path, "decide", decide).await.redirected();
    act(head, path, "pass", &[("words", "可以公开")])
        .await
        .redirected();
    act(head, path, "sign", &[]).await.redirected();
    let send = [("service", "post"), ("on", today), ("proof", "EMS1")];
    // Both objected at one moment: either may come first.
    let mut left = vec!["甲公司", "乙公司"];
    while !left.is_empty() {
        // The next paper is for one that has none.
        let letter = written(officer, path, "decided_open", &[]).await;
        let page = officer.get(&letter).await.page();
        let named = |name: &&str| page.contains(&format!(">{name}：<"));
        let at = left.iter().position(named);
        left.remove(at.unwrap_or_else(|| panic!("{page}")));
        issued(officer, head, &letter).await;
        let sent = act(officer, path, "dispatch", &send).await;
        match left.first() {
            Some(name) => says(&sent, 422, &format!("还没有发给{name}的《决定公开告知书》")),
            None => {
                sent.redirected();
            }
        }
    }
}

/// Law: art. 32: what is given against an objection has its reason; the letter has no place for it, the case has.
#[tokio::test]
async fn the_public_interest_is_kept_when_the_letter_is_mended_and_handed_in() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E12").await;
        let ask = [
            ("asked", "third_party"),
            ("name", "某公司"),
            ("question", "综合单价"),
            ("got_on", "2026-03-02"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let form = officer.get(&format!("{path}/act/opinion")).await.page();
        let of = form.split("<option value=\"").nth(1).unwrap();
        let of = of.split('"').next().unwrap().to_owned();
        let object = [
            ("of", of.as_str()),
            ("opinion", "object"),
            ("words", "属于商业秘密"),
            ("on", "2026-03-02"),
        ];
        act(&mut officer, &path, "opinion", &object)
            .await
            .redirected();
        // A letter alone cannot say why: it leads to where it is said.
        let said = [
            ("supply", "given"),
            ("list", "综合单价表"),
            ("form", "纸质"),
        ];
        let letter = written(&mut officer, &path, "disclose", &said).await;
        let refused = post(&mut officer, &letter, "submit", &[]).await;
        says(&refused, 422, "在案卷“拟定答复”的“公共利益理由”里写明");
        // Decided with a letter that is not ready: mended and handed in, the reason is still there.
        amend(&mut officer, &letter, &[("form", "××")])
            .await
            .redirected();
        let decide = [
            ("reply", "R2"),
            ("text", "综合单价表"),
            ("public_interest", "关系公共资金使用的监督"),
        ];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "没有送公开审查");
        amend(&mut officer, &letter, &[("form", "纸质")])
            .await
            .redirected();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&path).await;
        says(&page, 200, "公开审查中");
        says(&page, 200, "要把公开的内容和理由书面告知第三方");
    }
}

/// Law: art. 32: what a third party said of the whole is not lost when a part of it becomes a case of its own.
#[tokio::test]
async fn a_part_is_not_given_against_an_objection_without_a_reason_and_a_word() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E14").await;
        objects(&mut officer, &path, "某公司").await;
        let split = [("subject", "其中的综合单价")];
        act(&mut officer, &path, "split", &split).await.redirected();
        let list = officer.get("/workspace/requests").await.page();
        let part = list.split(">2026-000002").next().unwrap();
        let part = part.rsplit("href=\"").next().unwrap();
        let part = part.split('"').next().unwrap().to_owned();
        act(&mut officer, &part, "accept", &[]).await.redirected();
        says(&officer.get(&part).await, 200, "属于商业秘密");
        let decide = [("reply", "R2"), ("text", "综合单价表")];
        let refused = act(&mut officer, &part, "decide", &decide).await;
        says(&refused, 422, "第三方不同意公开；决定公开的");
        let interest = ("public_interest", "关系公共资金使用的监督");
        let decide = [decide.as_slice(), &[interest]].concat();
        let decide = (decide.as_slice(), ("file", "综合单价表.txt", GIVEN));
        act_with(&mut officer, &part, "decide", decide)
            .await
            .redirected();
        act(&mut head, &part, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        act(&mut head, &part, "sign", &[]).await.redirected();
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        let refused = act(&mut officer, &part, "dispatch", &send).await;
        says(&refused, 422, "还没有发给某公司的《决定公开告知书》");
        let letter = written(&mut officer, &part, "decided_open", &[]).await;
        issued(&mut officer, &mut head, &letter).await;
        act(&mut officer, &part, "dispatch", &send)
            .await
            .redirected();
    }
}

/// Whoever made it too answers over the net as a third party does: the desk can tell the code to those who ask for it.
#[tokio::test]
async fn the_code_of_a_co_maker_is_on_the_page_of_the_case() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E81").await;
        let said = [("to", "安澜市住房和城乡建设局"), ("content", "联合印发稿")];
        let letter = written(&mut officer, &path, "co_maker", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        let printed = officer.get(&letter).await.page();
        let code = printed.split("和查询码").nth(1).unwrap();
        let code = code.split('。').next().unwrap();
        assert!(page.contains(&format!("查询码 <b>{code}</b>")), "{page}");
    }
}
