//! 遮盖规则: set by a government, held by its checks, and put into a draft after a look.

use super::*;
use crate::masking::to_file;

const RULE: &str = "/workspace/check/rules/masking";
const SAID: &str = "申请人的身份证号：440203199003070016，手机13800138000。";

fn typed<'a>(id_card: (&'a str, &'a str), mobile: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id_card_head", id_card.0),
        ("id_card_tail", id_card.1),
        ("mobile_head", "0"),
        ("mobile_tail", mobile),
        ("bank_card_head", "0"),
        ("bank_card_tail", "4"),
        ("name_mask", "all"),
    ]
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let from = format!("name=\"{name}\" value=\"");
    let rest = page.split(&from).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_government_sets_what_its_checks_leave_readable() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let check = async |browser: &mut Browser| {
            let sent = [("text", SAID)];
            let page = browser
                .upload("/workspace/check", &sent, ("file", "", b""))
                .await;
            page.page()
        };
        assert!(check(&mut clerk).await.contains("440*************16"));
        for wrong in [
            typed(("9", "9"), "4"),
            typed(("三", "2"), "4"),
            typed(("3", "2"), "8"),
        ] {
            assert_eq!(clerk.post(RULE, &wrong).await.status, 422, "{wrong:?}");
        }
        let own = typed(("6", "4"), "4");
        let list = clerk.get("/workspace/check/rules").await.page();
        let before = hidden(&list, "seen");
        assert_eq!(clerk.post(RULE, &own).await.status, 303);
        // Who still has the rule of before on the screen changes nothing.
        let mut late = typed(("3", "2"), "3");
        late.push(("seen", before.as_str()));
        let refused = clerk.post(RULE, &late).await;
        assert_eq!(refused.status, 422);
        let told = refused.text();
        assert!(
            told.contains("别人刚刚改动了这里，您的内容还没有保存")
                && told.contains("别人刚刚把规则改成了：身份证号码留前6位和末4位"),
            "{told}"
        );
        assert_eq!(clerk.post(RULE, &own).await.status, 422, "nothing changes");
        let rules = clerk.get("/workspace/check/rules").await.page();
        assert!(rules.contains("稿件和通报的遮盖都按这一条"), "{rules}");
        let page = check(&mut clerk).await;
        assert!(
            page.contains("440203********0016，手机*******8000"),
            "{page}"
        );
        // Reviewers of the same government read it, take it away as a file, and do not set it.
        let mut proof = world.browser(world.who(Role::Proofreader)).await;
        assert_eq!(proof.post(RULE, &own).await.status, 403);
        let list = proof.get("/workspace/check/rules").await.page();
        assert!(list.contains("身份证号码留前6位和末4位"), "{list}");
        let file = proof.get("/workspace/check/rules/masking.json").await;
        let kept = world
            .db
            .read(async |tx: &mut Tx| crate::masking::of_unit(tx, world.office).await)
            .await
            .unwrap();
        assert_eq!(file.text(), to_file(&kept));
        assert_eq!(kept.mobile, (0, 4));
    }
}

#[tokio::test]
async fn a_draft_is_covered_after_a_look_as_its_next_edition() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body =
            "<p>申请人的<strong>身份证号</strong>：440203199003070016，手机13800138000。</p>";
        let path = world.draft("notice", "关于补贴发放的通知", body).await;
        let mut clerk = world.browser(world.clerk).await;
        let shown = clerk.get(&path).await.page();
        let ask = format!("{path}/mask");
        assert!(shown.contains(&format!("href=\"{ask}\"")), "{shown}");
        let look = clerk.get(&ask).await.page();
        assert!(look.contains("遮盖这2处"), "{look}");
        let (version, seal) = (hidden(&look, "version"), hidden(&look, "seal"));
        // What was not seen is not saved.
        let unseen = [("version", version.as_str()), ("all", ""), ("seal", "0")];
        assert_eq!(clerk.post(&ask, &unseen).await.status, 422);
        assert!(clerk.get(&path).await.page().contains("440203199003070016"));
        let sent = [
            ("version", version.as_str()),
            ("all", ""),
            ("seal", seal.as_str()),
        ];
        assert_eq!(clerk.post(&ask, &sent).await.status, 303);
        let shown = clerk.get(&path).await.page();
        assert!(
            shown.contains("<strong>身份证号</strong>：440*************16，手机138****8000。"),
            "{shown}"
        );
        assert!(
            shown.contains("遮盖个人信息2处，保存《关于补贴发放的通知》第2稿"),
            "{shown}"
        );
        assert!(!shown.contains("440203199003070016"), "{shown}");
        // Nobody else's draft, and nothing to cover any more.
        assert!(clerk.get(&ask).await.page().contains("没有要遮盖的"));
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&ask).await.status, 404);
    }
}

const LIST: &str = "姓名,身份证号码\n张伟,440203199003070016\n";

#[tokio::test]
async fn an_attachment_is_covered_after_a_look_as_the_next_edition() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let path = world
            .with_file("关于公布名单的通知", ("名单.csv", LIST.as_bytes()))
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let shown = clerk.get(&path).await.page();
        let link = |page: &str| {
            let (before, _) = page.split_once("/cover\"").unwrap();
            before.rsplit_once('"').unwrap().1.to_owned()
        };
        let file = link(&shown);
        let ask = format!("{file}/cover");
        let look = clerk.get(&ask).await.page();
        for words in ["遮盖2处", "第2行", "440*************16", "张*"] {
            assert!(look.contains(words), "{words} in {look}");
        }
        assert!(!look.contains("440203199003070016"), "{look}");
        let (version, seal) = (hidden(&look, "version"), hidden(&look, "seal"));
        let unseen = [("version", version.as_str()), ("all", ""), ("seal", "0")];
        assert_eq!(clerk.post(&ask, &unseen).await.status, 422);
        let sent = [
            ("version", version.as_str()),
            ("all", ""),
            ("seal", seal.as_str()),
        ];
        assert_eq!(clerk.post(&ask, &sent).await.status, 303);
        let shown = clerk.get(&path).await.page();
        assert!(
            shown.contains("名单（已遮盖）.csv")
                && shown
                    .contains("遮盖附件“名单.csv”里的个人信息2处，保存《关于公布名单的通知》第2稿"),
            "{shown}"
        );
        let copy = clerk.get(&link(&shown)).await.text();
        assert_eq!(copy, "姓名,身份证号码\n张*,440*************16\n");
        // Nothing is left to cover, and that is said.
        let again = format!("{}/cover", link(&shown));
        let none = clerk.get(&again).await.page();
        assert!(none.contains("没有找到要遮盖的个人信息"), "{none}");
        // The former attachment is none of the draft's any more; nobody else's draft is touched.
        assert_eq!(clerk.get(&ask).await.status, 404);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&again).await.status, 404);
    }
}

#[tokio::test]
async fn a_copy_of_a_file_that_is_sent_is_for_its_sender_alone() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let mut clerk = world.browser(world.clerk).await;
        let cover = "/workspace/check/cover";
        let file = ("file", "名单.csv", LIST.as_bytes());
        let page = clerk.upload(cover, &[], file).await.page();
        assert!(
            page.contains("名单（已遮盖）.csv：遮盖2处") && !page.contains("440203199003070016"),
            "{page}"
        );
        let (_, rest) = page.split_once("href=\"/workspace/check/copies/").unwrap();
        let id = rest.split('"').next().unwrap();
        let address = format!("/workspace/check/copies/{id}");
        let copy = clerk.get(&address).await.text();
        assert_eq!(copy, "姓名,身份证号码\n张*,440*************16\n");
        let mut proof = world.browser(world.who(Role::Proofreader)).await;
        assert_eq!(proof.get(&address).await.status, 404);
        // A file without personal data, and one that cannot be covered, are told with why.
        let plain = ("file", "通知.txt", "各单位：会议改期。".as_bytes());
        let none = clerk.upload(cover, &[], plain).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("没有找到要遮盖的个人信息"));
        let picture = ("file", "名单.png", b"\x89PNG\r\n\x1a\n0000".as_slice());
        let none = clerk.upload(cover, &[], picture).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("用图片软件涂盖"));
    }
}

#[tokio::test]
async fn a_workbook_is_covered_cell_by_cell() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::new(|file| {
            let bytes = std::fs::read(file).unwrap();
            gongkai_office::read(&bytes, &gongkai_office::Limits::default())
        }));
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["张伟", "440203199003070016"]),
            row(["李芳", "11010519491231002X"]),
        ];
        let heads = ["姓名", "身份证号码"];
        let file = gongkai_office::form::table_xlsx("补贴名单", &heads, &rows).unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let sent = ("file", "补贴名单.xlsx", file.as_slice());
        let page = clerk.upload("/workspace/check/cover", &[], sent).await;
        let page = page.page();
        for words in [
            "补贴名单（已遮盖）.xlsx",
            "”B3</td>",
            "440*************16",
            "”B4</td>",
            "110*************2X",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert!(!page.contains("440203199003070016"), "{page}");
    }
}

/// Where a page lets its reader take a copy away.
fn copy_of(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/workspace/check/copies/").unwrap();
    let id = rest.split('"').next().unwrap();
    format!("/workspace/check/copies/{id}")
}

#[tokio::test]
async fn a_copy_says_what_a_check_still_finds_in_it() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let mut clerk = world.browser(world.clerk).await;
        let text = format!("秘密★1年\n{LIST}");
        let file = ("file", "名单.csv", text.as_bytes());
        let clean = clerk.upload("/workspace/check/clean", &[], file).await;
        let clean = clean.page();
        for words in [
            "名单（已清理）.csv",
            "里面还有3处，其中必须处理3处",
            "秘密★1年",
            "440203199003070016",
            "下载干净文件",
        ] {
            assert!(clean.contains(words), "{words} in {clean}");
        }
        let address = copy_of(&clean);
        assert_eq!(clerk.get(&address).await.text(), text);
        let mut proof = world.browser(world.who(Role::Proofreader)).await;
        assert_eq!(proof.get(&address).await.status, 404);
        // What is covered is done with, the mark is not.
        let masked = clerk.upload("/workspace/check/cover", &[], file).await;
        let masked = masked.page();
        for words in ["遮盖2处", "里面还有1处，其中必须处理1处", "秘密★1年"] {
            assert!(masked.contains(words), "{words} in {masked}");
        }
        let plain = ("file", "通知.txt", "各单位：会议改期。".as_bytes());
        let none = clerk.upload("/workspace/check/clean", &[], plain).await;
        assert!(none.page().contains("没有发现问题"), "{}", none.text());
    }
}

#[tokio::test]
async fn the_form_names_what_it_takes_and_calls_an_empty_file_empty() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let mut clerk = world.browser(world.clerk).await;
        let form = clerk.get("/workspace/check").await.page();
        for kind in ["CSV", "OFD", "MHT", "查不了：PPT、PPTX"] {
            assert!(form.contains(kind), "{kind} in {form}");
        }
        for path in [
            "/workspace/check",
            "/workspace/check/clean",
            "/workspace/check/cover",
        ] {
            let empty = clerk.upload(path, &[], ("file", "空.txt", b"")).await;
            assert_eq!(empty.status, 422, "{path}");
            assert!(empty.text().contains("文件是空的：“空.txt”"), "{path}");
            let none = clerk.upload(path, &[], ("file", "", b"")).await;
            assert_eq!(none.status, 422, "{path}");
            assert!(!none.text().contains("文件是空的"), "{path}");
        }
    }
}

#[tokio::test]
async fn formulas_that_left_nothing_in_a_copy_are_told() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let rows = [["张伟", "440203199003070016"].map(str::to_owned).to_vec()];
        let heads = ["姓名", "身份证号码"];
        let file = gongkai_office::form::table_xlsx("补贴名单", &heads, &rows).unwrap();
        // As a program writes it: one of its cells holds a formula without a result.
        let sent = file.clone();
        world.reads_by(Reader::new(move |path| {
            let bytes = std::fs::read(path).unwrap();
            let mut document = gongkai_office::read(&bytes, &gongkai_office::Limits::default())?;
            if bytes == sent {
                document.problems.push(gongkai_office::Problem {
                    code: "formula-without-value".to_owned(),
                    message: "C2没有算好的结果。".to_owned(),
                    place: gongkai_office::Place::default(),
                    dropped_chars: 0,
                });
            }
            Ok(document)
        }));
        let mut clerk = world.browser(world.clerk).await;
        for path in ["/workspace/check/clean", "/workspace/check/cover"] {
            let sent = ("file", "补贴名单.xlsx", file.as_slice());
            let page = clerk.upload(path, &[], sent).await;
            let page = page.page();
            assert!(page.contains("这些单元格在这个文件里是空白的"), "{page}");
        }
    }
}
