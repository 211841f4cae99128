//! What was registered wrongly is mended, and the history keeps both values until they are erased.

use gongkai_platform::access::Scope;
use gongkai_platform::testing::{self, backends};

use super::letters::{counter_case, number};
use super::{StoreError, Tx, World, act, again, application, says};
use crate::key;
use crate::retention::Part;
use crate::retention::erase::{MARK, erase};

pub(super) fn fields<'f>(changed: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let as_registered = [
        ("applicant_kind", "natural"),
        ("name", "申请人甲"),
        ("paper", "护照"),
        ("paper_number", "E41"),
        ("phone", "0000-0000000"),
        ("received_on", "2026-03-02"),
        ("why", "录入有误"),
    ];
    let kept = as_registered
        .into_iter()
        .filter(|(name, _)| !changed.iter().any(|(one, _)| one == name));
    kept.chain(changed.iter().copied()).collect()
}

#[tokio::test]
async fn a_registration_is_mended_with_both_values_in_the_history() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E41").await;
        let same = act(&mut officer, &path, "amend", &fields(&[])).await;
        says(&same, 422, "登记的内容没有改动");
        for (changed, words) in [
            (("why", ""), "请填写“更正的原因”"),
            (("phone", "12"), "联系电话的位数不够"),
            (("received_on", "2026-03-03"), "收到日期还没有到"),
            (("applicant_kind", "biz"), "请填写“法定代表人”"),
        ] {
            let refused = act(&mut officer, &path, "amend", &fields(&[changed])).await;
            says(&refused, 422, words);
        }
        let mended = fields(&[("name", "申请人丙"), ("phone", "0000-1111111")]);
        act(&mut officer, &path, "amend", &mended)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "申请人丙（自然人）",
            "姓名（名称）由“申请人甲”改为“申请人丙”，联系电话由“0000-0000000”改为“0000-1111111”。原因：录入有误",
            "2026年3月30日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // It is found by its new name.
        let found = officer.get("/workspace/requests?q=申请人丙").await.page();
        assert!(found.contains(&path), "{found}");
        // What stood there before goes with the applicant's data.
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let read = world.db.read(async |tx: &mut Tx| {
            let case = crate::request::store::load(tx, &Scope::Everything, id).await?;
            Ok::<_, StoreError>(case.unwrap())
        });
        let mut case = read.await.unwrap();
        erase(&mut case, Part::All, world.app.today());
        let told = format!("{:?}", case.entries);
        assert!(told.contains(MARK), "{told}");
        for words in ["申请人甲", "申请人丙", "0000-0000000", "0000-1111111"] {
            assert!(!told.contains(words), "{words}: {told}");
        }
    }
}

/// A number that was mistyped puts strangers together: their names are told, and that they differ.
#[tokio::test]
async fn cases_of_one_number_show_whose_they_are() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let first = counter_case(&world, &mut officer, "E77").await;
        let second = counter_case(&world, &mut officer, "E77").await;
        let page = officer.get(&first).await.page();
        assert!(
            page.contains("<span class=\"hint\">申请人甲，") && !page.contains("姓名不同"),
            "{page}"
        );
        let other = fields(&[("paper_number", "E77"), ("name", "申请人丙")]);
        act(&mut officer, &second, "amend", &other)
            .await
            .redirected();
        says(
            &officer.get(&first).await,
            200,
            "申请人丙（<b>姓名不同，请核对证件号码</b>）",
        );
    }
}

/// The day that starts the clock is typed by whoever knows it; the form begins without one.
#[tokio::test]
async fn no_day_is_filled_in_before_somebody_types_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let page = officer.get("/workspace/requests/new").await.page();
        let today = world.app.today().to_string();
        assert!(!page.contains(&format!("value=\"{today}\"")), "{page}");
        assert!(page.contains("系统不预先填今天"), "{page}");
        let organ = world.bureau.to_string();
        for (channel, sentence) in [
            ("counter", "请填写提交日期：这一天就是收到申请之日"),
            ("fax", "请填写对方发出的日期"),
        ] {
            let token = testing::uuid().to_string();
            let mut fields = application(&token, &organ, "老旧小区改造清单");
            fields.retain(|(name, _)| *name != "channel");
            fields.push(("channel", channel));
            let none = ("file", "", b"".as_slice());
            let refused = officer
                .upload("/workspace/requests/new", &fields, none)
                .await;
            says(&refused, 422, sentence);
            says(&refused, 422, "老旧小区改造清单");
            fields.push(("submitted_on", "2026-02-27"));
            officer
                .upload("/workspace/requests/new", &fields, none)
                .await
                .redirected();
        }
    }
}

/// Law: art. 33, 50: what is registered when its limit or its year is over was late from the beginning: its history says why.
#[tokio::test]
async fn what_is_registered_late_says_why_at_its_field() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
        let mut fields = application(&token, &organ, "2025年老旧小区改造项目清单");
        fields.retain(|(name, _)| *name != "channel");
        fields.extend([("channel", "counter"), ("submitted_on", "2025-12-29")]);
        let (new, none) = ("/workspace/requests/new", ("file", "", b"".as_slice()));
        let refused = officer.upload(new, &fields, none).await;
        for words in [
            "<a href=\"#late_why\">",
            "已经届满",
            "2025年的年度报告要把它算进去",
        ] {
            says(&refused, 422, words);
        }
        // Other faults are told with it, and nothing was registered.
        let mut faulty = fields.clone();
        faulty.retain(|(name, _)| *name != "phone");
        let refused = officer.upload(new, &faulty, none).await;
        says(&refused, 422, "<a href=\"#late_why\">");
        says(&refused, 422, "<a href=\"#phone\">");
        fields.push(("late_why", "窗口收下后漏登，清点时发现"));
        let path = officer.upload(new, &fields, none).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("补登的原因：窗口收下后漏登，清点时发现"),
            "{page}"
        );
        assert!(page.contains("2026-000001"), "{page}");
    }
}

/// A letter has the days on which it was sent and signed for; the moment of typing is told as what it is.
#[tokio::test]
async fn a_letter_shows_when_it_was_sent_and_when_it_was_registered() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
        let mut fields = application(&token, &organ, "2025年老旧小区改造项目清单");
        fields.retain(|(name, _)| *name != "channel");
        fields.extend([
            ("channel", "signed_post"),
            ("submitted_on", "2026-02-24"),
            ("signed_on", "2026-02-27"),
        ]);
        let path = officer
            .upload("/workspace/requests/new", &fields, ("file", "", b""))
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "<dt>寄出日期</dt><dd>2026年2月24日</dd>",
            "<dt>登记时间</dt><dd>2026年3月2日",
            "2026年2月27日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("提交时间"), "{page}");
        let code = page.split("查询码</dt><dd><b>").nth(1).unwrap();
        let (number, code) = (number(&page), code.split('<').next().unwrap());
        let asked = [("number", number.as_str()), ("code", code)];
        let seen = world.visitor().post("/requests/progress", &asked).await;
        says(&seen, 200, "登记了以邮寄（需签收）方式收到的申请");
    }
}

/// Law: art. 31: the limit counts from receipt; what happened to it since holds.
#[tokio::test]
async fn a_day_of_receipt_that_was_registered_wrongly_moves_the_limit() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E42").await;
        let paper = ("paper_number", "E42");
        let ask = [
            ("asked", "third_party"),
            ("name", "某公司"),
            ("question", "综合单价"),
            ("got_on", "2026-03-02"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let form = officer.get(&format!("{path}/act/opinion")).await.page();
        let of = form.split("<option value=\"").nth(1).unwrap();
        let agree = [
            ("of", of.split('"').next().unwrap()),
            ("opinion", "agree"),
            ("on", "2026-03-02"),
        ];
        act(&mut officer, &path, "opinion", &agree)
            .await
            .redirected();
        let earlier = fields(&[paper, ("received_on", "2026-02-27")]);
        act(&mut officer, &path, "amend", &earlier)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "收到申请之日由“2026年3月2日”改为“2026年2月27日”".to_owned(),
            "经办人认定：录入有误".to_owned(),
            "2026年3月26日".to_owned(),
        ] {
            assert!(page.contains(&words), "{words}: {page}");
        }
    }
}

/// Law: 个人信息保护法 art. 6: no more than the purpose needs.
#[tokio::test]
async fn a_unit_that_helps_reads_nowhere_who_asks() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (_, _, path) = again::confirmed(&world, &mut officer).await;
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let other = world.other.to_string();
        let ask = [
            ("organ", other.as_str()),
            ("question", "提供资金数"),
            ("until", "2026-03-20"),
        ];
        act(&mut officer, &path, "ask_unit", &ask)
            .await
            .redirected();
        let paper = ("paper_number", "E00000001");
        let mended = fields(&[paper, ("name", "申请人丙")]);
        act(&mut officer, &path, "amend", &mended)
            .await
            .redirected();
        let unread = |page: &str| {
            for words in ["申请人甲", "申请人丙", "E00000001", "0000-0000000"] {
                assert!(!page.contains(words), "{words}: {page}");
            }
        };
        let mut helper = world.browser(world.helper).await;
        let page = helper.get(&path).await.page();
        assert!(page.contains("更正登记"), "{page}");
        unread(&page);
        for form in ["amend", "answer", "decide", "charge"] {
            let page = helper.get(&format!("{path}/act/{form}")).await;
            says(&page, 200, "不能由您办理");
            unread(&page.text());
            let sent = act(&mut helper, &path, form, &fields(&[("phone", "1")])).await;
            assert_eq!(sent.status, 422);
            unread(&sent.text());
        }
        says(
            &helper.get(&format!("{path}/act/unit_answer")).await,
            200,
            "安澜市财政局（",
        );
        // Nor does a letter begin with it.
        let mut stranger = world.browser(world.stranger).await;
        let id = path.rsplit('/').next().unwrap();
        let draft = format!("/workspace/requests/letters/new?kind=refuse&case={id}");
        assert_eq!(stranger.get(&draft).await.status, 404);
        says(&officer.get(&draft).await, 200, "申请人丙");
        // What the desk writes of a withdrawal, a payment or a service names them, too.
        let why = [("why", "申请人丙来电（0000-0000000）撤回")];
        act(&mut officer, &path, "withdraw", &why)
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "来电（0000-0000000）撤回");
        let page = helper.get(&path).await.page();
        assert!(page.contains("申请人撤回"), "{page}");
        unread(&page);
    }
}

/// What was handed in is what the receipt is about, whatever the desk has mended since.
#[tokio::test]
async fn a_receipt_stays_the_same_when_the_registration_is_mended() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let token = testing::uuid().to_string();
        let receipt = world.applied(&token, "公交线路调整评估报告").await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let get = async |what: &str| {
            let address = format!("{receipt}/{what}");
            world.visitor().get(&address).await.text()
        };
        let (text, content) = (get("text").await, get("content").await);
        assert!(key::is_content(&text, &content), "{text}{content}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        let paper = ("paper_number", "E00000001");
        for (name, phone) in [("申请人丙", "0000-0000000"), ("申请人丁", "0000-1111111")] {
            let mended = fields(&[paper, ("name", name), ("phone", phone)]);
            act(&mut officer, &path, "amend", &mended)
                .await
                .redirected();
            assert_eq!(get("text").await, text);
            assert_eq!(get("content").await, content);
        }
    }
}
