//! 逐处说明: what the check is sure of keeps a text inside until both reviewers answered for it.

use super::*;
use crate::review::urgent;

const SECRET: &str =
    "<p>机密★20年</p><p>联系人张伟，身份证号码11010519491231002X，手机13800138000。</p>";

impl World {
    /// Passes the step in turn with these answers to every finding that the page asks about.
    pub(super) async fn answers(&self, path: &str, step: Step, note: &str) -> u16 {
        let who = self.who(step.role());
        let version = self.step_version(path).await;
        let mut browser = self.browser(who).await;
        let page = browser.get(path).await.page();
        let asked: Vec<&str> = page
            .split("name=\"asked\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let checks = self.fine(path, step).await;
        let mut fields = vec![("version", version.as_str()), ("act", "pass")];
        fields.extend(checks.iter().map(|check| ("check", check.as_str())));
        for one in asked {
            fields.push(("asked", one));
            fields.push(("answer", note));
        }
        let answer = browser.post(&format!("{path}/review"), &fields).await;
        answer.status.as_u16()
    }

    pub(super) async fn claims(&self, path: &str, step: Step) {
        let who = self.who(step.role());
        assert_eq!(self.review(who, path, "claim", &[], "").await, 303);
    }
}

#[tokio::test]
async fn what_the_check_is_sure_of_goes_out_only_with_two_answers() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "关于名单的通知", SECRET).await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            assert_eq!(world.answers(&path, *step, "").await, 422, "{step:?}");
            let page = world
                .browser(world.who(step.role()))
                .await
                .get(&path)
                .await
                .page();
            assert!(page.contains("机密★20年") && page.contains("逐处说明"));
            assert_eq!(world.answers(&path, *step, "样例文字").await, 303);
        }
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("手机号码“13800138000”：样例文字"),
            "the record shows the answers: {page}"
        );
        assert!(
            !page
                .split("<h2>经过</h2>")
                .nth(1)
                .unwrap()
                .contains("13800138000"),
            "the events do not repeat them"
        );
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn what_is_urgent_and_what_became_known_later_stays_inside_without_an_answer() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "台风停课通知", SECRET).await;
        let urgent = [("urgent", "yes"), ("reason", "台风红色预警")];
        assert_eq!(world.act(world.clerk, &path, "send", &urgent).await, 303);
        let first = urgent::chain(Kind::Notice.chain())[0];
        world.claims(&path, first).await;
        assert_eq!(world.answers(&path, first, "").await, 422);

        // A document becomes known as not public between approval and publication.
        let body = "<p>按《关于某专项工作的内部安排》办理。</p>";
        let later = world.draft("notice", "关于办理的通知", body).await;
        world.approve(&later, Kind::Notice).await;
        let secret = [
            ("what", "non_public"),
            ("title", "关于某专项工作的内部安排"),
            ("number", ""),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let add = "/workspace/check/rules/add";
        assert_eq!(clerk.post(add, &secret).await.status, 303);
        let at = [("at", "2026-12-01T09:00")];
        assert_eq!(world.act(world.clerk, &later, "schedule", &at).await, 422);
        assert_eq!(world.act(world.clerk, &later, "publish", &[]).await, 422);
        let gone = [(
            "rule",
            "{\"what\":\"non_public\",\"title\":\"关于某专项工作的内部安排\",\"number\":\"\"}",
        )];
        let remove = "/workspace/check/rules/remove";
        assert_eq!(clerk.post(remove, &gone).await.status, 303);
        assert_eq!(world.act(world.clerk, &later, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn what_an_attachment_gives_away_is_answered_like_the_text() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", list))
            .await;
        // Whoever writes it reads so before eight people work on it; covering the text would not help.
        let draft = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            draft.contains("<h2>发布前检查</h2>")
                && draft.contains("附件“名单.txt”：11010519491231002X")
                && !draft.contains(&format!("{path}/mask")),
            "{draft}"
        );
        // One that nobody has read yet does not look clean.
        world.tampers("DELETE FROM file_reading", &[]).await;
        let draft = world.browser(world.clerk).await.get(&path).await.page();
        assert!(draft.contains("附件“名单.txt”：还没有检查完"), "{draft}");
        let sent = world.act(world.clerk, &path, "send", &[]).await;
        assert_eq!(sent, 422, "it is queued");
        world.works().await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            let page = world
                .browser(world.who(step.role()))
                .await
                .get(&path)
                .await
                .page();
            assert!(
                page.contains("附件“名单.txt”：11010519491231002X"),
                "{page}"
            );
            assert_eq!(world.answers(&path, *step, "").await, 422, "{step:?}");
            assert_eq!(world.answers(&path, *step, "样例号码").await, 303);
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        assert!(!page.contains("11010519491231002X"), "{page}");
    }
}
