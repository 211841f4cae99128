//! What leaves is what was decided and reviewed: the letter follows a new decision, files come before the review.

use gongkai_platform::testing::{Browser, backends};

use super::letters::{amend, counter_case, link, number, post, written};
use super::{GIVEN, StoreError, Tx, World, act, act_with, registration, says};
use crate::letter::{self, LetterId};
use gongkai_basis::Actor;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;

const REASONS: [&str; 2] = [
    "会议记录形成于决策讨论过程，尚未形成结论。",
    "案卷形成于对该单位的执法检查，尚未结案。",
];

async fn refuses(officer: &mut Browser, path: &str, (ground, reason): (&str, &str)) {
    let decide = [("reply", "R3"), ("grounds", ground), ("text", reason)];
    act(officer, path, "decide", &decide).await.redirected();
}

/// Written once, decided twice: the letter says what was decided last, and keeps what the officer wrote elsewhere.
#[tokio::test]
async fn a_letter_follows_what_is_decided_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E21").await;
        // Twice before the review.
        refuses(&mut officer, &path, ("N6", "过程性信息")).await;
        refuses(&mut officer, &path, ("N6", REASONS[0])).await;
        let letter = link(&officer.get(&path).await.page(), 0);
        let draft = officer.get(&letter).await.page();
        assert!(draft.contains(REASONS[0]), "{draft}");
        amend(&mut officer, &letter, &[("separation", "全部为讨论意见")])
            .await
            .redirected();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut head, &path, "return", &[("why", "应属执法案卷")])
            .await
            .redirected();
        // And after it was sent back: complete, it stands for the review at once.
        refuses(&mut officer, &path, ("N7", REASONS[1])).await;
        says(&officer.get(&path).await, 200, "公开审查中");
        let page = officer.get(&letter).await.page();
        for words in [REASONS[1], "属于行政执法案卷信息", "全部为讨论意见"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for words in [REASONS[0], "过程性信息"] {
            assert!(!page.contains(words), "{words}: {page}");
        }
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(page.contains("1号") && page.contains(REASONS[1]), "{page}");
    }
}

/// An organ that only the second decision names stands in the letter.
#[tokio::test]
async fn a_letter_written_by_hand_follows_the_decision_of_the_case() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E22").await;
        let said = [("reason", "该信息由其他机关制作，本机关没有保存。")];
        let letter = written(&mut officer, &path, "not_ours", &said).await;
        let decide = [
            ("reply", "R5"),
            ("text", "该信息由市财政局制作，本机关没有保存。"),
            ("place", "安澜市财政局"),
            ("contact", "0700-0000001"),
        ];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        for words in ["该信息由市财政局制作", "安澜市财政局", "0700-0000001"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        says(&officer.get(&path).await, 200, "公开审查中");
    }
}

/// A letter that says something else than its case, as an older version could leave one, goes no further.
#[tokio::test]
async fn a_letter_that_says_something_else_than_its_case_is_stopped() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E23").await;
        let said = [
            ("grounds", "N6"),
            ("reason", REASONS[0]),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let id: LetterId = letter.rsplit('/').next().unwrap().parse().unwrap();
        let rewrite = async |reason: &'static str| {
            let write = world.db.write(async |tx: &mut Tx| {
                let found = letter::store::load(tx, &Scope::Everything, id).await?;
                let mut found = found.unwrap();
                found.facts = found.facts.with("reason", reason);
                letter::store::update(tx, &found).await?;
                let subject = ("letter", id.to_string());
                tx.record(Event::new(&Actor::System, "test.letter", subject, "改写"));
                Ok::<_, StoreError>(())
            });
            write.await.unwrap();
        };
        let pass = [("words", "可以")];
        rewrite(REASONS[1]).await;
        let refused = act(&mut head, &path, "pass", &pass).await;
        says(&refused, 422, "与案卷拟定的答复不一致（理由）");
        rewrite(REASONS[0]).await;
        act(&mut head, &path, "pass", &pass).await.redirected();
        rewrite(REASONS[1]).await;
        let refused = act(&mut head, &path, "sign", &[]).await;
        says(&refused, 422, "什么都没有发出");
        rewrite(REASONS[0]).await;
        act(&mut head, &path, "sign", &[]).await.redirected();
        rewrite(REASONS[1]).await;
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        let refused = act(&mut officer, &path, "dispatch", &send).await;
        says(&refused, 422, "与案卷拟定的答复不一致（理由）");
    }
}

/// Law: art. 17: what is given is reviewed.
#[tokio::test]
async fn what_is_given_comes_before_the_review_and_proof_of_dispatch_stays_inside() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E24").await;
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        // Its letter says early that the file is missing, and waits for it; what goes on paper may be enclosed.
        says(&officer.get(&path).await, 200, "没有送公开审查");
        let letter = link(&officer.get(&path).await.page(), 0);
        says(&officer.get(&letter).await, 200, "案卷里还没有答复材料");
        amend(&mut officer, &letter, &[("form", "纸质")])
            .await
            .redirected();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut head, &path, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "web"), ("on", "2026-03-02"), ("proof", "")];
        let late = (send.as_slice(), ("file", "清单.txt", GIVEN));
        let refused = act_with(&mut officer, &path, "dispatch", late).await;
        says(&refused, 422, "案卷里却没有答复材料");
        act(&mut head, &path, "return", &[("why", "附上清单")])
            .await
            .redirected();
        let raw = ("file", "原稿.txt", b"raw".as_slice());
        act_with(&mut officer, &path, "decide", (decide.as_slice(), raw))
            .await
            .redirected();
        act(&mut head, &path, "return", &[("why", "隐去姓名")])
            .await
            .redirected();
        // What is handed in anew stands instead of what was sent back.
        let with = (decide.as_slice(), ("file", "清单.txt", GIVEN));
        act_with(&mut officer, &path, "decide", with)
            .await
            .redirected();
        act(&mut head, &path, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "连同答复材料1份");
        act(&mut head, &path, "sign", &[]).await.redirected();
        let proof = (send.as_slice(), ("file", "回执.txt", b"receipt".as_slice()));
        act_with(&mut officer, &path, "dispatch", proof)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        let (papers, reply) = (page.find("回执.txt"), page.find("<h2>答复材料"));
        assert!(papers.is_some() && papers < reply, "{page}");
        let code = page.split("查询码</dt><dd><b>").nth(1).unwrap();
        let (number, code) = (number(&page), code.split('<').next().unwrap());
        let asked = [("number", number.as_str()), ("code", code)];
        let text = world
            .visitor()
            .post("/requests/progress", &asked)
            .await
            .text();
        assert!(
            text.contains("清单.txt") && !text.contains("回执.txt") && !text.contains("原稿.txt"),
            "{text}"
        );
        // The review names what it saw.
        let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(GIVEN));
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let read = world.db.read(async |tx: &mut Tx| {
            crate::request::store::load(tx, &Scope::Everything, id).await
        });
        let case = read.await.unwrap().unwrap();
        let passed = case.last(crate::request::state::Act::Pass).unwrap();
        assert_eq!(passed.data["files"], serde_json::json!([hash]));
    }
}

/// Law: art. 17: what was attached to be given does not leave with another reply.
#[tokio::test]
async fn what_a_dropped_decision_would_have_given_goes_with_no_other() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E25").await;
        let whole = [("reply", "R2"), ("text", "提供原件一份")];
        let original = ("file", "原件.txt", GIVEN);
        let back = [("why", "含商业秘密")];
        let beside = "<h2>答复材料";
        // The same once more, and so is what it gives.
        for files in [original, ("file", "", b"".as_slice())] {
            act_with(&mut officer, &path, "decide", (whole.as_slice(), files))
                .await
                .redirected();
            says(&officer.get(&path).await, 200, beside);
            act(&mut head, &path, "return", &back).await.redirected();
        }
        // Unless it is left out.
        let form = officer.get(&format!("{path}/act/decide")).await;
        says(&form, 200, "不附：原件.txt");
        let without = [whole.as_slice(), &[("without", "without")]].concat();
        act(&mut officer, &path, "decide", &without)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("原件.txt") && !page.contains(beside),
            "{page}"
        );
        // With nothing to give, it does not go to the review.
        assert!(page.contains("没有送公开审查"), "{page}");
        let form = officer.get(&format!("{path}/act/decide")).await.page();
        assert!(!form.contains("不附："), "{form}");
        // A part is given instead, then nothing: neither takes the whole with it.
        act_with(&mut officer, &path, "decide", (whole.as_slice(), original))
            .await
            .redirected();
        act(&mut head, &path, "return", &back).await.redirected();
        let part = [
            ("reply", "R3p"),
            ("grounds", "N6"),
            ("text", REASONS[0]),
            ("open_part", "工程总价"),
            ("closed_part", "讨论记录"),
        ];
        let part = (part.as_slice(), ("file", "总价.txt", GIVEN));
        act_with(&mut officer, &path, "decide", part)
            .await
            .redirected();
        act(&mut head, &path, "return", &back).await.redirected();
        let said = [
            ("grounds", "N6"),
            ("reason", REASONS[0]),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("总价.txt") && !page.contains(beside),
            "{page}"
        );
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        let code = page.split("查询码</dt><dd><b>").nth(1).unwrap();
        let (number, code) = (number(&page), code.split('<').next().unwrap());
        let asked = [("number", number.as_str()), ("code", code)];
        let seen = world.visitor().post("/requests/progress", &asked).await;
        let seen = seen.text();
        assert!(
            seen.contains("1号") && !seen.contains("原件.txt") && !seen.contains("总价.txt"),
            "{seen}"
        );
    }
}

/// A reply leaves to who is registered, not to who was when it was written.
#[tokio::test]
async fn a_reply_does_not_leave_under_a_name_that_was_mended() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E26").await;
        let said = [
            ("grounds", "N6"),
            ("reason", REASONS[0]),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        let paper = ("paper_number", "E26");
        for (name, day) in [("申请人丙", "2026-03-02"), ("申请人丁", "2026-02-27")] {
            act(&mut head, &path, "pass", &[("words", "可以")])
                .await
                .redirected();
            act(&mut head, &path, "sign", &[]).await.redirected();
            let mended = registration::fields(&[paper, ("name", name), ("received_on", day)]);
            let next = act(&mut officer, &path, "amend", &mended).await;
            let next = next.redirected();
            says(&officer.get(&next).await, 200, "答复文书不会跟着改");
            let refused = act(&mut officer, &path, "dispatch", &send).await;
            says(&refused, 422, &format!("登记为“{name}”"));
            says(&refused, 422, "请“退回重拟”");
            act(&mut head, &path, "return", &[("why", "登记已更正")])
                .await
                .redirected();
            // Decided once more, it says so and goes on at once.
            refuses(&mut officer, &path, ("N6", REASONS[0])).await;
            says(&officer.get(&path).await, 200, "公开审查中");
            says(&officer.get(&letter).await, 200, name);
        }
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(
            page.contains("2026年2月27日") && page.contains("申请人丁"),
            "{page}"
        );
    }
}

/// Law: art. 37: what is open may stand in the letter itself; then nothing else goes with it.
#[tokio::test]
async fn a_part_that_stands_in_the_letter_needs_no_file() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E27").await;
        let part = [
            ("reply", "R3p"),
            ("grounds", "N6"),
            ("text", REASONS[0]),
            ("open_part", "工程总价为三百二十万元"),
            ("closed_part", "讨论记录"),
        ];
        act(&mut officer, &path, "decide", &part).await.redirected();
        let letter = link(&officer.get(&path).await.page(), 0);
        says(&officer.get(&letter).await, 200, "案卷里还没有答复材料");
        // On paper it could be enclosed: then nothing of it leaves over the net.
        let send = [("service", "web"), ("on", "2026-03-02"), ("proof", "")];
        let ways = [
            ([("form", "纸质")], "案卷里还没有答复材料"),
            ([("supply", "here")], "请核对这里写的是要公开的内容本身"),
        ];
        for (change, said) in ways {
            amend(&mut officer, &letter, &change).await.redirected();
            post(&mut officer, &letter, "submit", &[])
                .await
                .redirected();
            says(&officer.get(&letter).await, 200, said);
            act(&mut head, &path, "pass", &[("words", "可以")])
                .await
                .redirected();
            act(&mut head, &path, "sign", &[]).await.redirected();
            let sent = act(&mut officer, &path, "dispatch", &send).await;
            if said.starts_with("案卷") {
                says(&sent, 422, "把文书的“公开的部分怎样提供”改为");
                act(&mut head, &path, "return", &[("why", "写在文书里")])
                    .await
                    .redirected();
            } else {
                sent.redirected();
            }
        }
        says(&officer.get(&letter).await, 200, "以上是予以公开的全部内容");
    }
}

/// What another decision has replaced is void with it: no page speaks of its faults, and no list counts it as a draft.
#[tokio::test]
async fn the_draft_of_a_replaced_decision_is_void() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E28").await;
        refuses(&mut officer, &path, ("N6", "过程性信息")).await;
        let before = link(&officer.get(&path).await.page(), 0);
        let decide = [
            ("reply", "R5"),
            ("text", "该信息由市财政局制作，本机关没有保存。"),
            ("place", "安澜市财政局"),
            ("contact", "0700-0000001"),
        ];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("公开审查中"), "{page}");
        assert!(!page.contains("还是草稿"), "{page}");
        assert!(!page.contains("拟稿</td>"), "{page}");
        let letter = officer.get(&before).await.page();
        assert!(letter.contains("改为拟写"), "{letter}");
    }
}

/// Law: 行政复议法 art. 23(4).
#[tokio::test]
async fn a_suit_that_skips_the_review_of_a_refusal_says_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E29").await;
        refuses(&mut officer, &path, ("N6", REASONS[0])).await;
        let letter = link(&officer.get(&path).await.page(), 0);
        amend(&mut officer, &letter, &[("separation", "全部为讨论意见")])
            .await
            .redirected();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let organ = world.bureau.to_string();
        let of = number(&officer.get(&path).await.page());
        let suit = |kind: &'static str, served: &'static str| {
            [
                ("organ", organ.as_str()),
                ("number", of.as_str()),
                ("kind", kind),
                ("applicant", "申请人甲"),
                ("body", "云岭县人民法院"),
                ("matter", "撤销答复"),
                ("told", "yes"),
                ("served_on", served),
                ("filed_on", "2026-03-02"),
                ("procedure", "ordinary"),
            ]
        };
        let new = "/workspace/requests/reviews/new";
        let direct = officer.post(new, &suit("direct", "2026-03-01")).await;
        let page = officer.get(&direct.redirected()).await.page();
        for words in ["应当先申请行政复议", "案卷里的答复2026年3月2日才发出"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let review = officer.post(new, &suit("review", "2026-03-02")).await;
        let page = officer.get(&review.redirected()).await.page();
        assert!(!page.contains("应当先申请行政复议"), "{page}");
        assert!(!page.contains("请核对；期限从"), "{page}");
    }
}

/// What a review says wrong is told beside what is missing in it.
#[tokio::test]
async fn a_review_is_told_all_its_faults_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E30").await;
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        let given = (decide.as_slice(), ("file", "清单.txt", GIVEN));
        act_with(&mut officer, &path, "decide", given)
            .await
            .redirected();
        let review = [
            ("words", "可以公开"),
            ("business", "yes"),
            ("head_words", ""),
            ("head_name", ""),
            ("head_on", ""),
        ];
        let refused = act(&mut head, &path, "pass", &review).await;
        for said in ["请填写“承办部门负责人”", "含商业秘密的"] {
            says(&refused, 422, said);
        }
    }
}
