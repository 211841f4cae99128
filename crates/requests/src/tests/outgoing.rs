//! What a reply carries out is looked at before it leaves: each sure finding is answered for at the review, and what is found
//! later stops it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_inspect::{Confidence, Rules, inspect};
use gongkai_platform::attachment::New;
use gongkai_platform::seam::{Check, Cleaned, Readable, Seams, Spotted};
use gongkai_platform::web::{FormErrors, Problem};

use super::letters::counter_case;
use super::*;
use crate::request::{scrutiny, store};

const NUMBER: &str = "11010519491231002X";

/// The built-in rules alone, over files of plain text.
#[derive(Default)]
struct Plain {
    read: Mutex<BTreeMap<String, String>>,
    /// Files take their time.
    slow: AtomicBool,
    /// Something became known meanwhile.
    knows_more: AtomicBool,
    cleaned: AtomicUsize,
}

fn spots(text: &str) -> Vec<Spotted> {
    let found = inspect(text, &Rules::default()).into_iter();
    found
        .map(|one| Spotted {
            kind: one.kind.name(),
            is_sure: one.confidence == Confidence::High,
            text: one.text,
            line: Some(1),
            advice: one.advice,
        })
        .collect()
}

#[async_trait]
impl Check for Plain {
    async fn texts(
        &self,
        _: &mut Tx,
        _: OrganId,
        texts: &[String],
    ) -> Result<Vec<Vec<Spotted>>, StoreError> {
        let mut all: Vec<Vec<Spotted>> = texts.iter().map(|text| spots(text)).collect();
        if let Some(first) = all
            .first_mut()
            .filter(|_| self.knows_more.load(Ordering::Relaxed))
        {
            first.push(Spotted {
                kind: "citation",
                is_sure: true,
                text: "《安澜市内部工作规程》".to_owned(),
                line: Some(1),
                advice: String::new(),
            });
        }
        Ok(all)
    }

    async fn files(
        &self,
        _: &mut Tx,
        _: OrganId,
        files: &[(String, String)],
    ) -> Result<Vec<Option<Vec<Spotted>>>, StoreError> {
        let read = self.read.lock().unwrap();
        let one = |(sha256, _): &(String, String)| read.get(sha256).map(|text| spots(text));
        Ok(files.iter().map(one).collect())
    }

    async fn read(&self, app: &App, sha256: &str) -> Result<(), StoreError> {
        if !self.slow.load(Ordering::Relaxed) {
            let text = String::from_utf8(app.files.get(sha256)?).unwrap();
            self.read.lock().unwrap().insert(sha256.to_owned(), text);
        }
        Ok(())
    }

    async fn clean(
        &self,
        _: &App,
        files: Vec<New>,
        _: &mut FormErrors,
    ) -> Result<Cleaned, Problem> {
        self.cleaned.fetch_add(files.len(), Ordering::Relaxed);
        Ok(Cleaned {
            files,
            notes: Vec::new(),
        })
    }

    async fn readable(&self, _: &mut Tx, _: OrganId) -> Result<Readable, StoreError> {
        Ok(Readable {
            id_card: (3, 2),
            mobile: (3, 4),
            bank_card: (0, 4),
            name: Some(1),
        })
    }
}

impl World {
    /// The same house, where what leaves is checked.
    fn checking(&mut self) -> Arc<Plain> {
        let check = Arc::new(Plain::default());
        let mut parts = testing::parts(&self.db, &self._guard, crate::nav());
        parts.seams = Seams {
            check: Some(check.clone()),
            ..crate::seams()
        };
        self.app = App::new(parts);
        check
    }

    async fn form(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let load = async |tx: &mut Tx| store::load(tx, &Scope::Everything, id).await;
        scrutiny::form(&self.db.read(load).await.unwrap().unwrap())
    }
}

/// Decides to give a list with somebody's number in it.
async fn decided(officer: &mut Browser, path: &str, more: &[(&str, &str)]) {
    let mut decide = vec![("reply", "R2"), ("text", "提供清单一份")];
    decide.extend_from_slice(more);
    let list = format!("姓名：张伟，身份证号码：{NUMBER}");
    let file = ("file", "清单.txt", list.as_bytes());
    act_with(officer, path, "decide", (decide.as_slice(), file))
        .await
        .redirected();
}

#[tokio::test]
async fn a_sure_finding_is_answered_for_at_the_review_and_what_comes_later_stops_the_reply() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let check = world.checking();
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E61").await;
        decided(&mut officer, &path, &[]).await;
        assert_eq!(check.cleaned.load(Ordering::Relaxed), 1);
        says(&officer.get(&path).await, 200, "要在公开审查时逐处说明");

        // The page shows what was found and where, and asks.
        let page = head.get(&format!("{path}/act/pass")).await.page();
        for words in [
            "送出前的检查",
            "附件“清单.txt”第1行",
            NUMBER,
            "■ 必须处理",
            "查出的问题：逐处说明",
            "来源文号",
            "承办部门负责人意见日期",
        ] {
            assert!(page.contains(words), "{words} {page}");
        }
        let silent = act(&mut head, &path, "pass", &[("words", "可以公开")]).await;
        says(&silent, 422, "还没有说明");
        says(&silent, 422, NUMBER);
        let questions: Vec<String> = page
            .split("name=\"asked\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert!(!questions.is_empty(), "{page}");
        let mut said = vec![("words", "可以公开")];
        for question in &questions {
            said.push(("asked", question.as_str()));
            said.push(("answer", "本人信息，已核对"));
        }
        act(&mut head, &path, "pass", &said).await.redirected();

        // Kept with who answered; the form gives the number away to nobody.
        let page = head.get(&path).await.page();
        assert!(
            page.contains("本人信息，已核对") && page.contains("安建〔2025〕3号"),
            "{page}"
        );
        assert!(!page.contains(NUMBER), "{page}");

        // What became known since stops the reply, at the signature and at the door.
        check.knows_more.store(true, Ordering::Relaxed);
        let stopped = act(&mut head, &path, "sign", &[]).await;
        says(&stopped, 422, "公开审查时没有人说明");
        says(&stopped, 422, "《安澜市内部工作规程》");
        check.knows_more.store(false, Ordering::Relaxed);
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "web"), ("on", "2026-03-02"), ("proof", "")];
        check.knows_more.store(true, Ordering::Relaxed);
        let stopped = act(&mut officer, &path, "dispatch", &send).await;
        says(&stopped, 422, "公开审查时没有人说明");
        check.knows_more.store(false, Ordering::Relaxed);
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();

        let form = world.form(&path).await;
        for words in [
            "来源文号：安建〔2025〕3号",
            "国家秘密：不含",
            "承办部门负责人意见：同意公开（科室负责人，2026年1月5日）",
            "附件“清单.txt”：110*************2X”：本人信息，已核对",
            "审查人意见：可以公开（机构负责人，2026年3月2日）",
            "领导审批：同意（机构负责人，2026年3月2日）",
        ] {
            assert!(form.contains(words), "{words} not in {form}");
        }
        assert!(!form.contains(NUMBER), "{form}");
    }
}

#[tokio::test]
async fn a_review_says_each_field_and_waits_for_what_was_not_looked_at() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let check = world.checking();
        check.slow.store(true, Ordering::Relaxed);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E62").await;
        // What is to be given as it is is not cleaned.
        decided(&mut officer, &path, &[("as_it_is", "yes")]).await;
        assert_eq!(check.cleaned.load(Ordering::Relaxed), 0);
        let pass = ("words", "可以公开");
        let waits = act(&mut head, &path, "pass", &[pass]).await;
        says(&waits, 422, "“清单.txt”还没有检查完");
        for (field, value, words) in [
            ("secret", "yes", "含国家秘密的不得公开"),
            ("work_secret", "yes", "含工作秘密的不能对外提供"),
            ("personal", "yes", "含个人信息的，“处理”要选"),
            ("source", "", "请填写“来源文号”"),
            ("map", "", "请选择“是否含地图”"),
            ("head_words", "", "请填写“承办部门负责人意见”"),
            ("head_on", "2026-03-03", "日期还没有到"),
        ] {
            check.slow.store(false, Ordering::Relaxed);
            let page = head.get(&format!("{path}/act/pass")).await.page();
            let asked = page.split("name=\"asked\" value=\"").nth(1).unwrap();
            let asked = asked.split('"').next().unwrap();
            let said = [pass, ("asked", asked), ("answer", "已核对"), (field, value)];
            let refused = act(&mut head, &path, "pass", &said).await;
            says(&refused, 422, words);
            // What was said stays in the form.
            says(&refused, 422, "value=\"已核对\"");
        }
        assert!(world.form(&path).await.is_empty());
    }
}

/// An answer at the counter that says this.
fn said(text: &str) -> Vec<(&str, &str)> {
    vec![
        ("reply", "R1"),
        ("text", text),
        ("place", "市政府网站教育栏目"),
        ("told_to", "申请人甲"),
        ("told_at", "10:30"),
        ("told_by", "经办"),
        ("paper", "not_wanted"),
        ("remedies", "told"),
    ]
}

/// Nobody reviews what is said at the counter: a sure finding stops it, and what the applicant wrote itself does not.
#[tokio::test]
async fn an_answer_on_the_spot_is_checked_before_it_is_registered() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.checking();
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E66").await;
        let text = format!("已在网站公开，经办人身份证号码：{NUMBER}");
        let scan = ("file", "签名页.pdf", b"%PDF-1.7 signed".as_slice());
        let fields = said(&text);
        let answer = act_with(&mut officer, &path, "answer", (fields.as_slice(), scan)).await;
        says(&answer, 422, "当场答复不经公开审查，没有登记");
        says(&officer.get(&path).await, 200, "办理中");
        let fields = said("已在网站公开，当场打印一份");
        act_with(&mut officer, &path, "answer", (fields.as_slice(), scan))
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "已送达");
    }
}
