//! What the system could not check in an attachment is told at each step and answered for; each content is opened once.

use gongkai_office::Unreadable;
use gongkai_office::hidden::{Hidden, Place};

use super::*;

const PDF: &[u8] = b"%PDF-1.7 three pages, all of them pictures";

impl World {
    async fn page_of(&self, who: AccountId, path: &str) -> String {
        self.browser(who).await.get(path).await.page()
    }

    /// A job of this kind, and all that are due.
    async fn does(&self, kind: &'static str) {
        let id = gongkai_basis::id::JobId::new(testing::uuid());
        self.db
            .upkeep(async |tx: &mut Tx| {
                let nothing = serde_json::json!({});
                job::queue(tx, id, kind, "作业", &nothing, None).await
            })
            .await
            .unwrap();
        self.works().await;
    }

    /// Does all the jobs that are due.
    pub(super) async fn works(&self) {
        let workers = crate::workers(&self.app);
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }

    pub(super) async fn count(&self, statement: &'static str) -> i64 {
        self.db
            .read(async |tx: &mut Tx| tx.one(sql(statement)).await)
            .await
            .unwrap()
            .get("n")
            .unwrap()
    }
}

#[tokio::test]
async fn a_scan_is_told_at_each_step_and_looked_at_by_two_people() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let opened = Arc::new(AtomicU32::new(0));
        world.reads_by(Reader::new({
            let opened = Arc::clone(&opened);
            move |_| {
                opened.fetch_add(1, Ordering::Relaxed);
                Err(Unreadable {
                    code: "scanned-pdf".to_owned(),
                    message: "这份 PDF 只有扫描图像。".to_owned(),
                })
            }
        }));
        let path = world
            .with_file("关于公布签到表的通知", ("签到表.pdf", PDF))
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            let who = world.who(step.role());
            let page = world.page_of(who, &path).await;
            assert!(
                page.contains("附件“签到表.pdf”：扫描件，没有文字层"),
                "{step:?} {page}"
            );
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            let page = world.page_of(who, &path).await;
            assert!(page.contains("写“已人工核对”和看到了什么"), "{page}");
            for (said, status) in [
                ("看过了，没有问题", 422),
                ("已人工核对", 422),
                ("已人工核对，3页签到表，没有号码", 303),
            ] {
                let answered = world.answers(&path, *step, said).await;
                assert_eq!(answered, status, "{step:?} {said}");
            }
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        // It was opened when it came, and never again: not at the sending, not at the page of its check.
        let page = world.page_of(world.clerk, &path).await;
        let check = page.split("/check\">检查附件").next().unwrap();
        let check = check.rsplit("href=\"").next().unwrap();
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(clerk.get(&format!("{check}/check")).await.status, 200);
        assert_eq!(opened.load(Ordering::Relaxed), 1);
        // What is settled asks nobody any more.
        assert!(!page.contains("<h2>发布前检查</h2>"), "{page}");
    }
}

#[tokio::test]
async fn what_is_not_read_yet_is_read_as_a_job_and_the_sender_is_told() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let file = ("名单.txt", "名单：张伟等三人。".as_bytes());
        let path = world.with_file("关于公布名单的通知", file).await;
        // A file that came before there were readings.
        world.tampers("DELETE FROM file_reading", &[]).await;
        let mut clerk = world.browser(world.clerk).await;
        let send = format!("{path}/send");
        // Who saves over a newer version is told that first, and nothing is read for it.
        let stale = clerk.post(&send, &[("version", "99")]).await;
        assert_eq!(stale.status, 409);
        let jobs = "SELECT COUNT(*) AS n FROM job WHERE kind = 'document.read-file'";
        assert_eq!(world.count(jobs).await, 0);
        let mut stranger = world.browser(world.stranger).await;
        let version = world.version(&path).await;
        let fields = [("version", version.as_str())];
        assert_eq!(stranger.post(&send, &fields).await.status, 404);
        assert_eq!(world.count(jobs).await, 0);

        // However often it is asked for, it is read once.
        assert_eq!(clerk.post(&send, &fields).await.status, 422);
        let refused = clerk.post(&send, &fields).await;
        assert_eq!(refused.status, 422);
        let said = refused.text();
        assert!(
            said.contains("“名单.txt”还没有检查完，没有送审") && said.contains("请稍后再点"),
            "{said}"
        );
        assert_eq!(world.count(jobs).await, 1);
        world.works().await;
        assert_eq!(clerk.post(&send, &fields).await.status, 303);
    }
}

#[tokio::test]
async fn what_was_read_is_asked_about_though_nobody_knows_what_is_hidden() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words().searched_in_vain(Unreadable {
            code: "too-large".to_owned(),
            message: "修订记录过多。请另存后再试。".to_owned(),
        }));
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", list))
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let page = world.page_of(world.who(Role::Proofreader), &path).await;
        for found in [
            "附件“名单.txt”：11010519491231002X",
            "附件“名单.txt”：修订、批注、隐藏的内容没有检查（修订记录过多）",
        ] {
            assert!(page.contains(found), "{found} {page}");
        }
        let check = page.split("/check\">检查附件").next().unwrap();
        let check = check.rsplit("href=\"").next().unwrap();
        let page = world.page_of(world.clerk, &format!("{check}/check")).await;
        assert!(
            page.contains("没有检查全：修订、批注") && page.contains("11010519491231002X"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_a_file_hides_and_keeps_is_answered_for_by_two_people() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words().hiding(Hidden {
            what: Place::TrackedChange,
            place: "正文".to_owned(),
            text: "原定补助三万元".to_owned(),
            sure: true,
        }));
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "关于征求意见的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "修改稿见附件。"),
            ("as_it_is", "yes"),
        ];
        let file = ("file", "修改稿.txt", "修改稿。".as_bytes());
        let mut clerk = world.browser(world.clerk).await;
        let path = clerk
            .upload("/workspace/documents/new?kind=notice", &fields, file)
            .await
            .redirected();
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            let page = world.page_of(world.who(step.role()), &path).await;
            assert!(page.contains("原定补助三万元"), "{page}");
            assert_eq!(world.answers(&path, *step, "").await, 422, "{step:?}");
            let said = "修订痕迹就是要征求意见的内容";
            assert_eq!(world.answers(&path, *step, said).await, 303);
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn a_file_that_was_given_up_is_tried_again_when_somebody_looks() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let fails = Arc::new(AtomicU32::new(1));
        world.reads_by(Reader::new({
            let fails = Arc::clone(&fails);
            move |file| match fails.load(Ordering::Relaxed) {
                0 => (Reader::words().read)(file),
                _ => Err(Unreadable {
                    code: "broken".to_owned(),
                    message: "检查程序意外停止。".to_owned(),
                }),
            }
        }));
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", list))
            .await;
        for _ in 0..3 {
            world.works().await;
            world.clock.advance(jiff::SignedDuration::from_hours(24));
        }
        let given_up = "SELECT COUNT(*) AS n FROM file_reading WHERE reading LIKE '%not-read%'";
        assert_eq!(world.count(given_up).await, 1);
        fails.store(0, Ordering::Relaxed);
        let page = world.page_of(world.clerk, &path).await;
        let check = page.split("/check\">检查附件").next().unwrap();
        let check = check.rsplit("href=\"").next().unwrap();
        let page = world.page_of(world.clerk, &format!("{check}/check")).await;
        assert!(page.contains("11010519491231002X"), "{page}");
        assert_eq!(world.count(given_up).await, 0);
    }
}

#[tokio::test]
async fn what_was_read_goes_with_the_file() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let kept = "SELECT COUNT(*) AS n FROM file_reading";
        let unsaved = crate::document::reading::Reading::default();
        let keeps =
            async |tx: &mut Tx| crate::document::store::set_reading(tx, "f00d", &unsaved).await;
        world.db.upkeep(keeps).await.unwrap();
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let file = ("名单.txt", list);
        world.with_file("关于公布名单的通知", file).await;
        world.does("document.forget-readings").await;
        assert_eq!(world.count(kept).await, 2, "what is young stays");
        world.clock.advance(jiff::SignedDuration::from_hours(25));
        world.does("document.forget-readings").await;
        assert_eq!(world.count(kept).await, 1);

        // A second place still has the bytes.
        world.with_file("关于再次公布名单的通知", file).await;
        world.takes_down(list, "含有个人信息").await;
        assert_eq!(world.count(kept).await, 1);
        world.takes_down(list, "含有个人信息").await;
        assert_eq!(world.count(kept).await, 0);
    }
}

#[tokio::test]
async fn a_file_that_was_taken_down_asks_nothing_more() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", list))
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let found = "附件“名单.txt”：11010519491231002X";
        let proof = world.who(Role::Proofreader);
        assert!(world.page_of(proof, &path).await.contains(found));
        world.takes_down(list, "含有个人信息").await;
        assert!(!world.page_of(proof, &path).await.contains(found));
        for step in Kind::Notice.chain() {
            world.pass(&path, *step).await;
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn what_was_approved_without_a_question_stays_approved() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .with_file("关于办公楼位置的通知", ("云岭县地图.png", PNG))
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            assert_eq!(world.answers(&path, *step, "").await, 422, "{step:?}");
            let said = "不是地图，是楼层指引";
            assert_eq!(world.answers(&path, *step, said).await, 303);
        }
        // As it was reviewed by a program that asked nothing about maps.
        world
            .tampers("UPDATE review_step SET remark = ''", &[])
            .await;
        let at = [("at", "2026-10-12T10:00")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &at).await, 303);
        world.clock.advance(jiff::SignedDuration::from_hours(2));
        world.does("document.publish-due").await;
        let public = path.replace("/workspace", "");
        assert_eq!(world.public().get(&public).await.status, 200);
    }
}

#[tokio::test]
async fn a_correction_of_what_is_public_shows_what_the_check_finds_in_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于值班的通知", "<p>正文。</p>")
            .await;
        world.goes_out(&path, Kind::Notice).await;
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于值班的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "值班员张伟，手机13800138000。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let write = format!("{path}/write");
        let saved = clerk.upload(&write, &fields, ("file", "", b"")).await;
        assert_eq!(saved.status, 303);
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("<h2>发布前检查</h2>") && page.contains("13800138000"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_others_send_out_is_looked_at_in_the_same_readings() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let check = world.app.seams.check.clone().unwrap();
        let list = "补贴名单\n姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let sha256 = world.app.files.put(list).unwrap();
        let files = [(sha256.clone(), "名单.txt".to_owned())];
        let look = async || {
            let files = async |tx: &mut Tx| check.files(tx, world.office, &files).await;
            world.db.read(files).await.unwrap()
        };
        assert!(look().await[0].is_none(), "nobody has read it yet");
        check.read(&world.app, &sha256).await.unwrap();
        let seen = look().await.remove(0).unwrap();
        let number = seen.iter().find(|one| one.kind == "id_card").unwrap();
        assert!(number.is_sure, "{seen:?}");
        assert_eq!(number.text, "11010519491231002X");
        let words = ["可以公开。".to_owned(), "机密★20年".to_owned()];
        let texts = async |tx: &mut Tx| check.texts(tx, world.office, &words).await;
        let seen = world.db.read(texts).await.unwrap();
        assert!(seen[0].is_empty(), "{seen:?}");
        assert!(
            seen[1]
                .iter()
                .any(|one| one.kind == "secrecy" && one.is_sure)
        );
    }
}
