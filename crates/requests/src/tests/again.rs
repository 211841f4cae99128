//! The same words sent once more: with nothing new they are one, and another file is kept or said not to be.

use super::*;

const PROGRESS: &str = "/requests/progress/act";

type Paper<'p> = (&'static str, &'p str, &'p [u8]);

fn paper<'p>(name: &'p str, bytes: &'p str) -> Paper<'p> {
    ("file", name, bytes.as_bytes())
}

/// A case over the net that is confirmed: its number, code, and page at the desk.
pub(super) async fn confirmed(world: &World, officer: &mut Browser) -> (String, String, String) {
    let token = testing::uuid().to_string();
    let receipt = world.applied(&token, "公交线路调整评估报告").await;
    let (number, code, id) = world.known(&receipt).await;
    let path = format!("/workspace/requests/{id}");
    let today = world.app.today().to_string();
    act(officer, &path, "confirm", &[("on", today.as_str())])
        .await
        .redirected();
    (number, code, path)
}

/// How often a file stands on a page of the desk, and how many lines tell of files that came later.
async fn kept(officer: &mut Browser, path: &str, name: &str) -> (usize, usize) {
    let page = officer.get(path).await.page();
    let files = page.matches(&format!(">{name}<")).count();
    (files, page.matches("又上传").count())
}

#[tokio::test]
async fn a_supplement_sent_again_with_another_file_keeps_the_file() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, code, path) = confirmed(&world, &mut officer).await;
        let ask = [("items", "请写明年份"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_supplement", &ask)
            .await
            .redirected();
        let mut visitor = world.visitor();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("act", "supplement"),
            ("text", "2025年的"),
        ];
        let first = visitor
            .upload(PROGRESS, &fields, paper("说明.txt", "一"))
            .await;
        says(&first, 200, "答复期限从今天起重新计算");
        // A reload: the same bytes, whatever they are called.
        for name in ["说明.txt", "改名.txt"] {
            let again = visitor.upload(PROGRESS, &fields, paper(name, "一")).await;
            says(&again, 200, "答复期限从今天起重新计算");
        }
        assert_eq!(kept(&mut officer, &path, "说明.txt").await, (1, 0));
        assert_eq!(kept(&mut officer, &path, "改名.txt").await, (0, 0));
        let other = visitor
            .upload(PROGRESS, &fields, paper("身份证明.txt", "二"))
            .await;
        says(&other, 200, "这次选的文件已另行保存");
        says(&other, 200, "您又上传了文件：身份证明.txt");
        let twice = visitor
            .upload(PROGRESS, &fields, paper("身份证明.txt", "二"))
            .await;
        says(&twice, 200, "答复期限从今天起重新计算");
        assert_eq!(kept(&mut officer, &path, "身份证明.txt").await, (1, 1));
        // Other words are too late, and say so of their file, too.
        let mut late = fields;
        late[3] = ("text", "2024年的");
        let late = visitor.upload(PROGRESS, &late, paper("三.txt", "三")).await;
        says(&late, 422, "选的文件没有保存，还要交的，请联系受理机关");
        // Over, nothing more is taken.
        let mut withdraw = fields;
        (withdraw[2], withdraw[3]) = (("act", "withdraw"), ("text", ""));
        visitor
            .upload(PROGRESS, &withdraw, ("file", "", b""))
            .await
            .page();
        let over = visitor
            .upload(PROGRESS, &fields, paper("四.txt", "四"))
            .await;
        says(&over, 422, "这次选的文件没有保存；还要交的，请联系受理机关");
        assert_eq!(kept(&mut officer, &path, "四.txt").await, (0, 1));
        let id = path.rsplit('/').next().unwrap();
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::about(tx, "request", id, 50).await)
            .await
            .unwrap();
        let added = events
            .iter()
            .filter(|event| event.kind == "request.files-added");
        assert_eq!(added.count(), 1);
    }
}

#[tokio::test]
async fn a_proof_of_payment_is_kept_once_and_another_one_too() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, code, path) = confirmed(&world, &mut officer).await;
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let fee = [
            ("scheme", "pages"),
            ("count", "120"),
            ("notice", "3号窗口"),
            ("until", "2026-04-10"),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        let mut visitor = world.visitor();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("act", "pay_proof"),
        ];
        let mut send = async |name: &str, bytes: &str| -> Answer {
            visitor.upload(PROGRESS, &fields, paper(name, bytes)).await
        };
        says(&send("凭证.txt", "一").await, 200, "缴费凭证已收到");
        says(&send("凭证.txt", "一").await, 200, "没有重复保存");
        says(&send("重传.txt", "二").await, 200, "缴费凭证已收到");
        let page = officer.get(&path).await.page();
        assert_eq!(page.matches("上传了缴费凭证").count(), 2, "{page}");
        assert!(page.contains("凭证.txt") && page.contains("重传.txt"));
    }
}

#[tokio::test]
async fn a_third_party_that_answers_again_with_another_file_hands_it_in() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, _, path) = confirmed(&world, &mut officer).await;
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let ask = [
            ("asked", "third_party"),
            ("name", "安澜公交公司"),
            ("question", "是否含商业秘密"),
            ("got_on", "2026-03-02"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let page = officer.get(&path).await.page();
        let code = page.split("查询码 <b>").nth(1).unwrap();
        let code = code.split('<').next().unwrap().to_owned();
        let mut visitor = world.visitor();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("opinion", "object"),
            ("words", "含商业秘密"),
        ];
        let opinion = "/requests/opinion";
        let mut send = async |name: &str, bytes: &str| -> Answer {
            visitor.upload(opinion, &fields, paper(name, bytes)).await
        };
        says(&send("一.txt", "一").await, 200, "您的答复已收到");
        let again = send("一.txt", "一").await;
        says(&again, 200, "您的答复已收到");
        assert!(!again.text().contains("已另行保存"), "{}", again.text());
        let other = send("二.txt", "二").await;
        says(&other, 200, "这次选的材料已另行保存，安澜市司法局会看到");
        assert_eq!(kept(&mut officer, &path, "二.txt").await, (1, 1));
        assert_eq!(kept(&mut officer, &path, "一.txt").await, (1, 1));
        // The applicant reads nothing of it.
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let case = world
            .db
            .read(async |tx: &mut Tx| crate::request::store::load(tx, &Scope::Everything, id).await)
            .await
            .unwrap()
            .unwrap();
        let last = case.entries.last().unwrap();
        assert_eq!(
            (last.by.as_str(), last.public.as_str()),
            ("安澜公交公司", "")
        );
        act(&mut officer, &path, "withdraw", &[("why", "电话要求撤回")])
            .await
            .redirected();
        let over = send("三.txt", "三").await;
        says(&over, 422, "这次选的文件没有保存；您原来的答复不变");
    }
}
