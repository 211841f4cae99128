//! Every standard paper as text, the steps of a letter, and whole stories over HTTP on both databases.

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, backends};
use gongkai_platform::web::{self, App};

pub(crate) use gongkai_platform::testing::says as refused;

use super::compose::{self, Facts, Head};
use super::door::Door;
use super::profile::Profile;
use super::remedy::Served;
use super::{LetterKind, LetterState, LetterStep};

const NOW: &str = "2026-09-22T09:00:00+08:00";

fn sample(kind: LetterKind) -> gongkai_office::form::letterhead::Letterhead {
    let head = Head {
        organ: "安澜市财政局",
        profile: &Profile::sample(),
        number: "安财公开〔2026〕15号",
        dated: "2026-10-15".parse().ok(),
        served: Served::OnPaper,
        door: None,
    };
    compose::letter(kind, &Facts::sample(kind), &head)
}

#[test]
fn every_paper_reads_as_it_should() {
    for kind in LetterKind::ALL {
        let text = sample(*kind).plain();
        assert!(!text.contains(compose::GAP), "{kind:?}: {text}");
        insta::assert_snapshot!(format!("{:02}_{}", kind.no(), kind.code()), text);
    }
}

#[test]
fn an_extension_names_who_approved_it_and_as_what() {
    let head = Head {
        organ: "安澜市财政局",
        profile: &Profile::sample(),
        number: "",
        dated: None,
        served: Served::OnPaper,
        door: None,
    };
    let sample = Facts::sample(LetterKind::Extension);
    for (said, words) in [
        ("unit_head", "经本机关负责人周启明同意"),
        ("office_head", "经政府信息公开工作机构负责人周启明同意"),
        // Letters written before the capacity was asked for stay as they were.
        ("", "经政府信息公开工作机构负责人周启明同意"),
    ] {
        let facts = sample.clone().with("approver_as", said);
        let text = compose::letter(LetterKind::Extension, &facts, &head).plain();
        assert_eq!(text.matches("同意").count(), 1, "{text}");
        assert!(text.contains(words), "{text}");
    }
}

/// A reason that was typed as a sentence goes into the sentence of the paper.
#[test]
fn a_full_stop_that_was_typed_ends_no_sentence_of_the_paper() {
    let head = Head {
        organ: "安澜市财政局",
        profile: &Profile::sample(),
        number: "",
        dated: None,
        served: Served::OnPaper,
        door: None,
    };
    let facts = Facts::sample(LetterKind::Extension).with("why", "涉及档案较多，需要逐卷核对。");
    let text = compose::letter(LetterKind::Extension, &facts, &head).plain();
    assert!(text.contains("需要逐卷核对，本机关"), "{text}");
}

/// Who gets it knows where to answer, or how far the case is; what goes to nobody over the net says nothing of it.
#[test]
fn a_letter_prints_its_door_where_it_has_one() {
    let door = Door {
        address: "https://anlan.example/requests/opinion".to_owned(),
        code: "ABCDE23456".to_owned(),
    };
    let with = |kind: LetterKind| {
        let head = Head {
            organ: "安澜市财政局",
            profile: &Profile::sample(),
            number: "",
            dated: None,
            served: Served::OnPaper,
            door: Some(&door),
        };
        compose::letter(kind, &Facts::sample(kind), &head).plain()
    };
    for kind in [LetterKind::ThirdParty, LetterKind::CoMaker] {
        let text = with(kind);
        let words =
            "打开https://anlan.example/requests/opinion，填写申请编号AL2026-0042和查询码ABCDE23456";
        assert!(text.contains(words), "{text}");
    }
    assert!(with(LetterKind::Receipt).contains("查询码：ABCDE23456。"));
    for kind in [LetterKind::Disclose, LetterKind::DecidedOpen] {
        assert!(!with(kind).contains("ABCDE23456"), "{kind:?}");
    }
}

#[test]
fn every_paper_becomes_a_word_file_that_reads_back() {
    for kind in LetterKind::ALL {
        let letter = sample(*kind);
        let bytes = letter.docx().unwrap();
        let read = gongkai_office::read(&bytes, &gongkai_office::Limits::default()).unwrap();
        let text = format!("{read:?}");
        assert!(text.contains(&letter.title), "{kind:?}");
        for (label, _) in &letter.fields {
            assert!(text.contains(label.as_str()), "{kind:?} {label}");
        }
    }
}

#[test]
fn a_blank_paper_shows_gaps_and_every_way_of_a_choice() {
    let head = Head {
        organ: "安澜市财政局",
        profile: &Profile::default(),
        number: "",
        dated: None,
        served: Served::OnPaper,
        door: None,
    };
    let text = compose::letter(LetterKind::Closed, &Facts::default(), &head).plain();
    for words in [
        "逾期未补正",
        "逾期未缴纳",
        "撤回",
        "　　年　月　日",
        compose::GAP,
    ] {
        assert!(text.contains(words), "{words} not in {text}");
    }
    let register = compose::letter(LetterKind::Delivery, &Facts::default(), &head);
    assert!(register.plain().contains("□直接送达　□委托其他机关送达"));
    // Braces in what was typed stay what they are.
    let facts = Facts::sample(LetterKind::NotReady).with("summary", "{reason}");
    let text = compose::letter(LetterKind::NotReady, &facts, &head).plain();
    assert!(text.contains("申请公开：{reason}"), "{text}");
}

#[test]
fn every_state_knows_every_step() {
    use LetterState as St;
    use LetterStep as S;
    let table = [
        (
            St::Draft,
            [
                Some(St::Draft),
                Some(St::Checking),
                None,
                None,
                None,
                Some(St::Void),
            ],
        ),
        (
            St::Checking,
            [
                None,
                None,
                Some(St::Checked),
                Some(St::Draft),
                None,
                Some(St::Void),
            ],
        ),
        (
            St::Checked,
            [
                None,
                None,
                None,
                Some(St::Draft),
                Some(St::Issued),
                Some(St::Void),
            ],
        ),
        (St::Issued, [None; 6]),
        (St::Void, [None; 6]),
    ];
    let steps = [
        S::Amend,
        S::Submit,
        S::Pass,
        S::Return,
        S::Issue,
        S::Discard,
    ];
    assert_eq!((table.len(), steps.len()), (St::ALL.len(), S::ALL.len()));
    for (state, ends) in table {
        for (step, end) in steps.into_iter().zip(ends) {
            assert_eq!(state.after(step), end, "{state:?} {step:?}");
        }
    }
}

pub(crate) struct World {
    pub(crate) db: Db,
    app: App,
    _guard: Guard,
    pub(crate) city: OrganId,
    pub(crate) finance: OrganId,
    officer: AccountId,
    colleague: AccountId,
    stranger: AccountId,
}

impl World {
    pub(crate) async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let finance = testing::organ(&db, "安澜市财政局", Some(city)).await;
        let justice = testing::organ(&db, "安澜市司法局", Some(city)).await;
        let person =
            async |name, organ| testing::person(&db, name, &[(Role::RequestOfficer, organ)]).await;
        let officer = person("经办甲", finance).await;
        let colleague = person("经办乙", finance).await;
        let stranger = person("外单位", justice).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        Self {
            app: App::new(parts),
            db,
            _guard: guard,
            city,
            finance,
            officer,
            colleague,
            stranger,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    pub(crate) async fn officer(&self) -> Browser {
        self.browser(self.officer).await
    }

    /// Who sets what an office rests on.
    pub(crate) async fn head(&self) -> Browser {
        let role = [(Role::OfficeHead, self.finance)];
        self.browser(testing::person(&self.db, "机构负责人", &role).await)
            .await
    }

    async fn events(&self, id: &str) -> Vec<String> {
        let rows = self
            .db
            .read(async |tx: &mut Tx| {
                tx.all(sql("SELECT kind FROM event WHERE subject_id = $1 ORDER BY seq").bind(id))
                    .await
            })
            .await
            .unwrap();
        let kinds: Result<_, StoreError> = rows.iter().map(|row| row.get("kind")).collect();
        kinds.unwrap()
    }
}

async fn settle(browser: &mut Browser, organ: OrganId) {
    let organ = organ.to_string();
    let fields = [
        ("organ", organ.as_str()),
        ("version", "0"),
        ("pattern", "安财公开〔{year}〕{n}号"),
        ("review_body", "安澜市人民政府"),
        ("review_address", "滨河路1号"),
        ("court", "云岭县人民法院"),
        ("face_title", "方正小标宋简体"),
        ("face_heading", "黑体"),
        ("face_subheading", "楷体"),
        ("face_body", "仿宋"),
    ];
    let path = "/workspace/requests/letters/settings";
    let mut wrong = fields;
    wrong[2] = ("pattern", "安财公开3号");
    refused(&browser.post(path, &wrong).await, 422, "文号格式须同时含有");
    // Two first saves at once: one is kept, the other is shown again with what was typed.
    let mut second = browser.clone();
    let mut theirs = fields;
    theirs[5] = ("court", "安澜市中级人民法院");
    let (one, other) = tokio::join!(browser.post(path, &fields), second.post(path, &theirs));
    let late = match (one.status.as_u16(), other.status.as_u16()) {
        (303, 409) => (&other, theirs[5].1),
        (409, 303) => (&one, fields[5].1),
        both => panic!("{both:?}"),
    };
    refused(late.0, 409, late.1);
    refused(late.0, 409, "别人保存了这里的设置");
    // Read and saved again, it replaces the other one.
    assert!(late.0.text().contains("name=\"version\" value=\"1\""));
    let mut again = fields;
    again[1] = ("version", "1");
    browser.post(path, &again).await.redirected();
}

/// Drafts a letter with its samples, except these.
async fn drafted(
    browser: &mut Browser,
    organ: OrganId,
    kind: LetterKind,
    but: &[(&str, &str)],
) -> String {
    let organ = organ.to_string();
    let facts = Facts::sample(kind);
    let mut fields = vec![
        ("organ", organ.as_str()),
        ("kind", kind.code()),
        ("case", ""),
    ];
    for blank in kind.template().all_blanks() {
        let changed = but.iter().find(|(code, _)| *code == blank.code);
        fields.push((
            blank.code,
            changed.map_or(facts.get(blank.code), |(_, text)| text),
        ));
    }
    let path = "/workspace/requests/letters/new";
    browser.post(path, &fields).await.redirected()
}

#[tokio::test]
async fn a_letter_is_drafted_checked_numbered_and_issued() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut colleague = world.browser(world.colleague).await;
        let empty = officer.get("/workspace/requests/letters").await.page();
        assert!(empty.contains("还没有拟写过文书"), "{empty}");
        settle(&mut officer, world.finance).await;
        let path = drafted(
            &mut officer,
            world.finance,
            LetterKind::NotHeld,
            &[("search_result", "")],
        )
        .await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("必须改（1）") && page.contains("请填写“检索结果”"),
            "{page}"
        );
        refused(
            &officer
                .post(&format!("{path}/submit"), &[("version", "1")])
                .await,
            422,
            "检索结果",
        );
        let facts = Facts::sample(LetterKind::NotHeld);
        let mut fields = vec![("version", "1")];
        let blanks = LetterKind::NotHeld.template().all_blanks();
        fields.extend(
            blanks
                .iter()
                .map(|blank| (blank.code, facts.get(blank.code))),
        );
        let amend = format!("{path}/amend");
        officer.post(&amend, &fields).await.redirected();
        refused(&officer.post(&amend, &fields).await, 409, "别人刚刚改动");
        officer
            .post(&format!("{path}/submit"), &[("version", "2")])
            .await
            .redirected();
        // Nobody checks an own letter, and strangers do not find it.
        let pass = [("version", "3"), ("step", "pass")];
        refused(
            &officer.post(&format!("{path}/decide"), &pass).await,
            422,
            "拟稿人以外",
        );
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        refused(
            &colleague
                .post(
                    &format!("{path}/decide"),
                    &[("version", "3"), ("step", "return")],
                )
                .await,
            422,
            "请填写“退回意见”",
        );
        colleague
            .post(&format!("{path}/decide"), &pass)
            .await
            .redirected();
        officer
            .post(&format!("{path}/issue"), &[("version", "4")])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("安财公开〔2026〕1号") && page.contains("2026年9月22日"),
            "{page}"
        );
        assert!(
            page.contains("60日内向安澜市人民政府（地址：滨河路1号）"),
            "{page}"
        );
        refused(
            &officer
                .post(
                    &format!("{path}/discard"),
                    &[("version", "5"), ("note", "写错")],
                )
                .await,
            422,
            "已发出",
        );
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(
            world.events(id).await,
            [
                "letter.drafted",
                "letter.amended",
                "letter.submitted",
                "letter.passed",
                "letter.issued"
            ]
        );
        let file = officer.get(&format!("{path}/file?format=docx")).await;
        assert_eq!(file.status, 200);
        assert_eq!(
            officer.get(&format!("{path}/file?format=odt")).await.status,
            400
        );
        let list = officer
            .get("/workspace/requests/letters?state=issued")
            .await
            .page();
        assert!(list.contains("安财公开〔2026〕1号"), "{list}");
    }
}

#[tokio::test]
async fn numbers_run_without_gaps_and_forms_have_none() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut colleague = world.browser(world.colleague).await;
        settle(&mut officer, world.finance).await;
        let mut numbers = Vec::new();
        for kind in [
            LetterKind::Receipt,
            LetterKind::Delivery,
            LetterKind::Supplement,
        ] {
            let path = drafted(&mut officer, world.finance, kind, &[]).await;
            officer
                .post(&format!("{path}/submit"), &[("version", "1")])
                .await
                .redirected();
            let pass = [("version", "2"), ("step", "pass")];
            colleague
                .post(&format!("{path}/decide"), &pass)
                .await
                .redirected();
            officer
                .post(&format!("{path}/issue"), &[("version", "3")])
                .await
                .redirected();
            let page = officer.get(&path).await.page();
            let number = (1..9).find(|n| page.contains(&format!("<dd>安财公开〔2026〕{n}号")));
            numbers.push(number);
        }
        assert_eq!(numbers, [Some(1), None, Some(2)]);
    }
}

#[tokio::test]
async fn the_papers_and_the_way_to_them_are_shown() {
    let world = World::on(&backends()[0]).await;
    let mut officer = world.browser(world.officer).await;
    // A blank carries the organ of whoever will use it; the example one that does not exist.
    let mut stranger = world.browser(world.stranger).await;
    let receipt = "/workspace/requests/letters/templates/receipt";
    let blank = stranger.get(receipt).await.page();
    assert!(
        blank.contains("安澜市司法局") && !blank.contains("财政局"),
        "{blank}"
    );
    let example = stranger.get(&format!("{receipt}?fill=sample")).await.page();
    assert!(example.contains("安澜市财政局"), "{example}");
    let list = officer
        .get("/workspace/requests/letters/templates")
        .await
        .page();
    for kind in LetterKind::ALL {
        assert!(list.contains(kind.name()), "{kind:?}");
        let path = format!("/workspace/requests/letters/templates/{}", kind.code());
        let page = officer.get(&format!("{path}?fill=sample")).await.page();
        assert!(page.contains(compose::title(*kind)), "{page}");
        assert_eq!(
            officer
                .get(&format!("{path}/file?format=docx"))
                .await
                .status,
            200
        );
        let form = format!("/workspace/requests/letters/new?kind={}", kind.code());
        assert_eq!(officer.get(&form).await.status, 200, "{kind:?}");
    }
    assert_eq!(
        officer
            .get("/workspace/requests/letters/templates/none")
            .await
            .status,
        404
    );
    let first = officer
        .get("/workspace/requests/letters/decide")
        .await
        .page();
    assert!(first.contains("申请人实际要什么"), "{first}");
    let done = officer
        .get("/workspace/requests/letters/decide?path=information,yes,no,no,yes,no,n6&answer=no&case=c1")
        .await
        .page();
    assert!(
        done.contains("政府信息公开答复书（不予公开）")
            && done.contains("（三）6")
            && done.contains("grounds=N6")
            && !done.contains("letters/decide\">重新选择"),
        "{done}"
    );
    let table = officer
        .get("/workspace/requests/letters/decide/table")
        .await
        .page();
    assert!(table.contains("R3p") && table.contains("N8"), "{table}");
    let fee = officer
        .get("/workspace/requests/fee?scheme=pages&count=68")
        .await
        .page();
    assert!(fee.contains("380 元"), "{fee}");
    refused(
        &officer
            .get("/workspace/requests/fee?scheme=pages&count=x")
            .await,
        422,
        "数量应是0或正整数",
    );
}
