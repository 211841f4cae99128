mod collective;

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Role};

use super::{nav, routes};
use crate::access::Permit;
use crate::db::{Db, StoreError, Tx};
use crate::organ::import::{Faulty, Table, import};
use crate::organ::{Hooks, MemberChange, Organ, Target, Touches, change, directory, store};
use crate::testing::{self, Answer, Backend, Browser, MovableClock};
use crate::web::{App, router, wrap};

const LIST: &str = "名称,简称,别名,级别,类型,上级\n\
    安澜市人民政府,市政府,,市级,政府,\n\
    安澜市人民政府办公室,市政府办公室,,市级,政府办公室,安澜市人民政府\n\
    安澜市财政局,市财政局,,市级,工作部门,安澜市人民政府\n\
    安澜市司法局,市司法局,,市级,工作部门,安澜市人民政府\n\
    中共安澜市委宣传部,市委宣传部,,市级,党群机关,安澜市人民政府\n\
    清河区人民政府,,,县级,政府,安澜市人民政府\n\
    清河区财政局,,,县级,工作部门,清河区人民政府\n";

struct Desk {
    db: Db,
    root: OrganId,
    clerk: Browser,
    liaison: Browser,
    /// A clerk of the district.
    district: Browser,
    _guard: testing::Guard,
}

/// The page of a form that was refused.
fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 422, "{}", answer.text());
    answer.text()
}

struct Tasks;

#[async_trait]
impl Touches for Tasks {
    async fn touched_by(
        &self,
        _: &mut Tx,
        change: MemberChange<'_>,
    ) -> Result<Vec<String>, StoreError> {
        Ok(change
            .added
            .iter()
            .map(|_| "第 12 项 规范性文件集中公开".to_owned())
            .collect())
    }
}

async fn desk() -> Desk {
    let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
    let (db, guard) = testing::scratch(&Backend::Sqlite, clock.clock()).await;
    let rows = Table::from_text(LIST).unwrap().rows();
    let root = db
        .write(async |tx: &mut Tx| import(tx, &Actor::System, None, &rows, Faulty::Refuse).await)
        .await
        .unwrap()
        .root;
    let mut parts = testing::parts(&db, &guard, nav());
    parts.organ_hooks = Hooks {
        open_work: vec![],
        touches: vec![Arc::new(Tasks)],
    };
    let browser = Browser::new(wrap(router(routes()), App::new(parts)));
    let sign_in = async |name: &str, role, organ: &str| {
        let organ = find(&db, root, organ).await.id;
        let account = testing::person(&db, name, &[(role, organ)]).await;
        let mut browser = browser.clone();
        browser.sign_in(&db, account).await;
        browser
    };
    Desk {
        clerk: sign_in("李明", Role::OfficeClerk, "市政府办公室").await,
        liaison: sign_in("王芳", Role::Liaison, "市财政局").await,
        district: sign_in("张伟", Role::OfficeHead, "清河区政府").await,
        db,
        root,
        _guard: guard,
    }
}

async fn find(db: &Db, root: OrganId, name: &str) -> Organ {
    db.read(async |tx: &mut Tx| {
        let found = directory(tx, root).await?.find(name);
        let Target::Organ(id) = found[0].target else {
            panic!("{name}")
        };
        Ok::<_, StoreError>(store::load(tx, id).await?.unwrap())
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn everybody_looks_and_only_the_office_sees_buttons() {
    let mut desk = desk().await;
    let mine = desk.clerk.get("/workspace/organs").await.page();
    assert!(
        mine.contains("安澜市财政局")
            && mine.contains("新增机关")
            && mine.contains("第 1–7 条，共 7 条")
    );
    assert!(
        mine.contains(r#"href="/workspace/organs" aria-current="page""#),
        "the menu knows where it is"
    );
    let theirs = desk.liaison.get("/workspace/organs").await.page();
    assert!(
        theirs.contains("安澜市财政局")
            && !theirs.contains("新增机关")
            && !theirs.contains("导入名录")
    );
    let organ = find(&desk.db, desk.root, "市财政局").await;
    let page = desk
        .liaison
        .get(&format!("/workspace/organs/{}", organ.id))
        .await
        .page();
    assert!(page.contains("没有下级机关") && !page.contains("撤销机关"));
    let path = format!("/workspace/organs/{}/edit", organ.id);
    assert_eq!(desk.liaison.get(&path).await.status, 403);
    assert_eq!(
        desk.district.get(&path).await.status,
        403,
        "the district's office does not keep the city's directory"
    );
    assert_eq!(
        desk.clerk.get("/workspace/organs/nonsense").await.status,
        404
    );
    let gone = format!("/workspace/organs/{}", testing::uuid());
    assert_eq!(desk.clerk.get(&gone).await.status, 404);
}

#[tokio::test]
async fn a_search_finds_other_names_and_says_when_it_finds_nothing() {
    let mut desk = desk().await;
    let page = desk
        .clerk
        .get("/workspace/organs?text=%E5%B8%82%E5%A7%94")
        .await
        .page();
    assert!(page.contains("中共安澜市委宣传部") && page.contains("共 1 条"));
    let page = desk
        .clerk
        .get("/workspace/organs?level=county&kind=department")
        .await
        .page();
    assert!(page.contains("清河区财政局") && !page.contains(">安澜市财政局<"));
    let page = desk
        .clerk
        .get("/workspace/organs?text=100%25&page=3&status=nonsense")
        .await
        .page();
    assert!(page.contains("没有符合条件的机关"));
    let district = find(&desk.db, desk.root, "清河区政府").await.id;
    let page = desk
        .clerk
        .get(&format!("/workspace/organs?under={district}"))
        .await
        .page();
    assert!(page.contains("共 2 条") && !page.contains(">安澜市司法局<"));
}

#[tokio::test]
async fn a_new_organ_goes_through_the_form_and_its_mistakes() {
    let mut desk = desk().await;
    let page = desk
        .clerk
        .get(&format!("/workspace/organs/new?parent={}", desk.root))
        .await
        .page();
    assert!(page.contains(&format!(r#"<option value="{}" selected>"#, desk.root)));
    let parent = desk.root.to_string();
    let wrong = [
        ("name", "安澜市财政局"),
        ("level", "city"),
        ("kind", "nonsense"),
        ("parent", &parent),
        ("version", "0"),
    ];
    let page = refused(&desk.clerk.post("/workspace/organs/new", &wrong).await);
    assert!(page.contains("有需要修改的内容") && page.contains("请选择类型"));
    let twin = [
        ("name", "安澜市财政局"),
        ("level", "city"),
        ("kind", "department"),
        ("parent", &parent),
        ("version", "0"),
    ];
    let page = refused(&desk.clerk.post("/workspace/organs/new", &twin).await);
    assert!(
        page.contains("同一上级之下已有同名的机关") && page.contains(r#"value="安澜市财政局""#),
        "what was filled in stays"
    );
    let right = [
        ("name", "安澜市审计局"),
        ("short_name", "市审计局"),
        ("aliases", "市审计\n审计局"),
        ("level", "city"),
        ("kind", "department"),
        ("parent", &parent),
        ("version", "0"),
    ];
    let next = desk
        .clerk
        .post("/workspace/organs/new", &right)
        .await
        .redirected();
    let page = desk.clerk.get(&next).await.page();
    assert!(page.contains("已新增机关“安澜市审计局”。") && page.contains("审计局、市审计"));
    let path = format!("{next}/edit");
    let form = desk.clerk.get(&path).await.page();
    assert!(form.contains(r#"name="version" value="1""#) && form.contains("市审计"));
    let edited = [
        ("short_name", "审计"),
        ("level", "city"),
        ("kind", "department"),
        ("parent", &parent),
        ("version", "1"),
    ];
    desk.clerk.post(&path, &edited).await.redirected();
    assert_eq!(
        desk.clerk.post(&path, &edited).await.status,
        409,
        "an old form changes nothing"
    );
    assert_eq!(desk.district.post(&path, &edited).await.status, 403);
}

#[tokio::test]
async fn renaming_merging_and_dissolving_leave_their_marks() {
    let mut desk = desk().await;
    let justice = find(&desk.db, desk.root, "市司法局").await;
    let path = format!("/workspace/organs/{}", justice.id);
    desk.clerk.get(&format!("{path}/rename")).await.page();
    let nothing = [("name", ""), ("reason", ""), ("version", "1")];
    let page = refused(&desk.clerk.post(&format!("{path}/rename"), &nothing).await);
    assert!(page.contains("请填写原因") && page.contains("请填写机关名称"));
    let next = desk
        .clerk
        .post(
            &format!("{path}/rename"),
            &[
                ("name", "安澜市司法行政局"),
                ("reason", "更正"),
                ("version", "1"),
            ],
        )
        .await
        .redirected();
    let page = desk.clerk.get(&next).await.page();
    assert!(page.contains("李明：“安澜市司法局”更名为“安澜市司法行政局”，原因：更正"));
    let finance = find(&desk.db, desk.root, "市财政局").await.id.to_string();
    let page = desk.clerk.get(&format!("{path}/merge")).await.page();
    assert!(page.contains("没有未办结的工作") && page.contains(&finance));
    let nowhere = [("into", ""), ("reason", "改革"), ("version", "2")];
    let page = refused(&desk.clerk.post(&format!("{path}/merge"), &nowhere).await);
    assert!(page.contains("请选择并入哪个机关"));
    desk.clerk
        .post(
            &format!("{path}/merge"),
            &[("into", &finance), ("reason", "改革"), ("version", "2")],
        )
        .await
        .redirected();
    let page = desk.clerk.get(&path).await.page();
    assert!(
        page.contains("已并入") && page.contains("恢复使用") && !page.contains("并入其他机关</a>")
    );
    desk.clerk.get(&format!("{path}/reinstate")).await.page();
    let unreasoned = [("reason", ""), ("version", "3")];
    refused(
        &desk
            .clerk
            .post(&format!("{path}/reinstate"), &unreasoned)
            .await,
    );
    desk.clerk
        .post(
            &format!("{path}/reinstate"),
            &[("reason", "更正"), ("version", "3")],
        )
        .await
        .redirected();
    let district = find(&desk.db, desk.root, "清河区政府").await;
    let blocked = format!("/workspace/organs/{}/dissolve", district.id);
    let page = desk.clerk.get(&blocked).await.page();
    assert!(
        page.contains("现在不能撤销") && page.contains("还有在用的下级机关 1 个（清河区财政局）")
    );
    assert_eq!(
        desk.clerk
            .post(&blocked, &[("reason", "改革"), ("version", "1")])
            .await
            .status,
        422
    );
    desk.clerk
        .post(
            &format!("{path}/dissolve"),
            &[("reason", "改革"), ("version", "4")],
        )
        .await
        .redirected();
    assert!(
        desk.clerk
            .get("/workspace/organs?status=dissolved")
            .await
            .page()
            .contains("安澜市司法行政局")
    );
}

#[tokio::test]
async fn a_list_is_looked_at_before_it_is_imported() {
    let mut desk = desk().await;
    let path = "/workspace/organs/import";
    assert!(
        desk.clerk
            .get("/workspace/organs/import")
            .await
            .page()
            .contains("导入到：安澜市人民政府")
    );
    let nothing = [("root", ""), ("text", " ")];
    let sent = desk.clerk.upload(path, &nothing, ("file", "", b"")).await;
    let page = refused(&sent);
    assert!(page.contains("请选择文件，或在下面粘贴表格"));
    let pdf = ("file", "a.pdf", b"%PDF-1.7" as &[u8]);
    let page = refused(&desk.clerk.upload(path, &[], pdf).await);
    assert!(page.contains("另存为 .xlsx 或 CSV 后再导入"));
    let list = "名称,级别,上级\n安澜市审计局,,\n安澜市财政局,,\n安澜市水利局,超级,\n<b>某局,,\n";
    let page = desk
        .clerk
        .upload(
            "/workspace/organs/import",
            &[],
            ("file", "a.csv", list.as_bytes()),
        )
        .await
        .page();
    assert!(
        page.contains("<b>2</b>新增")
            && page.contains("<b>1</b>未变")
            && page.contains("<b>1</b>有问题")
    );
    assert!(
        page.contains("级别“超级”无法识别") && !page.contains("<b>某局"),
        "foreign text is escaped"
    );
    assert!(
        !desk
            .clerk
            .get("/workspace/organs")
            .await
            .page()
            .contains("安澜市审计局"),
        "nothing is written yet"
    );
    let hidden = |page: &str, name: &str| -> String {
        let start = page.find(&format!(r#"name="{name}" value=""#)).unwrap()
            + format!(r#"name="{name}" value=""#).len();
        page[start..].split('"').next().unwrap().to_owned()
    };
    let table = page
        .split("aria-hidden=\"true\" tabindex=\"-1\">\n")
        .nth(1)
        .unwrap()
        .split("</textarea>")
        .next()
        .unwrap()
        .replace("&#60;", "<")
        .replace("&#62;", ">");
    let (root, expected) = (hidden(&page, "root"), hidden(&page, "expected"));
    let unskipped = desk
        .clerk
        .post(
            "/workspace/organs/import/confirm",
            &[("root", &root), ("table", &table), ("expected", &expected)],
        )
        .await;
    assert_eq!(unskipped.status, 422, "problems are not skipped in silence");
    // Somebody adds one of them meanwhile.
    let draft = change::Draft {
        parent: Some(desk.root),
        name: "安澜市审计局".into(),
        short_name: None,
        aliases: vec![],
        former: vec![],
        level: crate::organ::Level::City,
        kind: crate::organ::Kind::Department,
    };
    desk.db
        .write(async |tx: &mut Tx| change::create(tx, &Permit::system(), &draft).await)
        .await
        .unwrap();
    let fields = [
        ("root", root.as_str()),
        ("table", &table),
        ("expected", &expected),
        ("skip", "1"),
    ];
    let sent = desk
        .clerk
        .post("/workspace/organs/import/confirm", &fields)
        .await;
    let page = refused(&sent);
    assert!(page.contains("您核对期间名录有了变化") && page.contains("<b>1</b>新增"));
    let expected = hidden(&page, "expected");
    let fields = [
        ("root", root.as_str()),
        ("table", &table),
        ("expected", &expected),
        ("skip", "1"),
    ];
    let next = desk
        .clerk
        .post("/workspace/organs/import/confirm", &fields)
        .await
        .redirected();
    let page = desk.clerk.get(&next).await.page();
    assert!(
        page.contains("已导入：新增 1 个，修改 0 个，未变 2 个，跳过 1 行。"),
        "{page}"
    );
    // The district's office imports below its own government, whatever root it sends.
    let theirs = desk
        .district
        .upload(
            "/workspace/organs/import",
            &[("root", &root)],
            ("file", "a.csv", list.as_bytes()),
        )
        .await;
    assert_eq!(theirs.status, 403);
    assert_eq!(
        desk.liaison.get("/workspace/organs/import").await.status,
        403
    );
}
