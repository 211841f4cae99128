//! A case and its letters: a letter that leaves does the act that it is; an act that was done waits for its letter.

use gongkai_platform::testing::{self, Answer, Browser, backends};

use super::{World, act, application, says};

/// The n-th letter that a page links to.
pub(super) fn link(page: &str, n: usize) -> String {
    const HEAD: &str = "<a href=\"/workspace/requests/letters/";
    let mut found: Vec<&str> = page
        .split(HEAD)
        .skip(1)
        .filter_map(|rest| rest.split(['\"', '/', '?']).next())
        .filter(|id| id.len() == 36)
        .collect();
    found.dedup();
    format!("/workspace/requests/letters/{}", found[n])
}

fn version(page: &str) -> String {
    let rest = page.split("name=\"version\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A step of a letter, with the version that it has now.
pub(super) async fn post(
    browser: &mut Browser,
    letter: &str,
    step: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let page = browser.get(letter).await.page();
    let version = if page.contains("name=\"version\"") {
        version(&page)
    } else {
        "3".to_owned()
    };
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{letter}/{step}"), &all).await
}

/// Every field as the form shows it, these ones changed.
pub(super) async fn amend(browser: &mut Browser, letter: &str, changed: &[(&str, &str)]) -> Answer {
    let page = browser.get(&format!("{letter}/amend")).await.page();
    let mut all = filled(&page);
    all.retain(|(name, _)| !changed.iter().any(|(one, _)| one == name));
    all.extend(
        changed
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
    );
    let pairs: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    browser.post(&format!("{letter}/amend"), &pairs).await
}

/// What a form of a letter holds: hidden fields, lines, texts, the chosen option, the ticked boxes.
fn filled(page: &str) -> Vec<(String, String)> {
    let form = page.split("novalidate action=").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let value = |tag: &str, name: &str| -> Option<String> {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let mut found = Vec::new();
    for tag in form.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let boxed = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if let (Some(name), false) = (value(tag, "name"), boxed) {
            found.push((name, value(tag, "value").unwrap_or_default()));
        }
    }
    for part in form.split("<textarea").skip(1) {
        let text = part
            .split('>')
            .nth(1)
            .unwrap()
            .split("</textarea")
            .next()
            .unwrap();
        let text = text.trim_start_matches('\n').split('<').next().unwrap();
        found.push((value(part, "name").unwrap(), text.to_owned()));
    }
    for part in form.split("<select").skip(1) {
        let chosen = part.split("</select>").next().unwrap().split("<option");
        let chosen = chosen.skip(1).find(|option| option.contains(" selected"));
        let text = chosen.and_then(|option| value(option, "value"));
        found.push((value(part, "name").unwrap(), text.unwrap_or_default()));
    }
    found
}

#[tokio::test]
async fn an_extension_that_was_approved_first_still_tells_the_old_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E4").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let letter = written(&mut officer, &path, "extension", &[]).await;
        let page = officer.get(&letter).await.page();
        for words in ["2026年3月30日", "2026年4月14日", "机构负责人"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}

#[tokio::test]
async fn a_draft_with_faults_is_kept_says_so_and_leads_to_each_field() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E6").await;
        let case = path.rsplit('/').next().unwrap();
        // Nothing was asked for: the old day is known, the new one is not.
        let address = format!("/workspace/requests/letters/new?kind=extension&case={case}");
        let form = filled(&officer.get(&address).await.page());
        let value = |code: &str| {
            let found = form.iter().find(|(name, _)| name == code);
            found.map_or("", |(_, text)| text.as_str())
        };
        assert_eq!((value("due_on"), value("new_due_on")), ("2026-03-30", ""));
        // What cannot be read is not kept, and stays in the form.
        let mut pairs: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .filter(|(name, _)| !["days", "why"].contains(name))
            .collect();
        pairs.extend([("days", "三十"), ("why", "需要逐卷核对")]);
        let refused = officer
            .post("/workspace/requests/letters/new", &pairs)
            .await;
        for words in [
            "草稿没有保存",
            "<a href=\"#days\">",
            "value=\"三十\"",
            "需要逐卷核对",
        ] {
            says(&refused, 422, words);
        }
        // What is missing is kept as a draft; the page says how much is left to do, and each line leads to its field.
        let letter = written(&mut officer, &path, "refuse", &[("reason", "涉及个人隐私")]).await;
        let page = officer.get(&letter).await.page();
        let there = format!("<a href=\"{letter}/amend#grounds\">");
        for words in [
            "草稿已保存，填写的内容都在，还没有送出：有3处必须改",
            &there,
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let form = officer.get(&format!("{letter}/amend")).await.page();
        for words in [
            "这是已保存的草稿，还没有送出",
            "<a href=\"#grounds\">",
            "<a href=\"#separation\">",
            "涉及个人隐私",
        ] {
            assert!(form.contains(words), "{words}: {form}");
        }
    }
}

/// A letter of a kind for a case, as its form offers it, with these fields.
pub(super) async fn written(
    browser: &mut Browser,
    path: &str,
    kind: &str,
    changed: &[(&str, &str)],
) -> String {
    let case = path.rsplit('/').next().unwrap();
    let address = format!("/workspace/requests/letters/new?kind={kind}&case={case}");
    let mut all = filled(&browser.get(&address).await.page());
    all.retain(|(name, _)| !changed.iter().any(|(one, _)| one == name));
    all.extend(
        changed
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
    );
    let pairs: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    browser
        .post("/workspace/requests/letters/new", &pairs)
        .await
        .redirected()
}

/// Its number, as its page's title has it.
pub(super) fn number(page: &str) -> String {
    let title = page.split("<h1>").nth(1).unwrap();
    title.split('　').next().unwrap().to_owned()
}

pub(super) async fn counter_case(world: &World, officer: &mut Browser, paper: &str) -> String {
    let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
    let mut fields = application(&token, &organ, "2025年老旧小区改造项目清单");
    fields.retain(|(name, _)| *name != "channel" && *name != "paper_number");
    let today = world.app.today().to_string();
    fields.extend([
        ("channel", "counter"),
        ("submitted_on", today.as_str()),
        ("paper_number", paper),
    ]);
    let path = officer
        .upload("/workspace/requests/new", &fields, ("file", "", b""))
        .await
        .redirected();
    act(officer, &path, "accept", &[]).await.redirected();
    path
}

#[tokio::test]
async fn a_letter_that_leaves_does_the_act_that_it_is() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E1").await;
        let said = [("items", "写明年份"), ("guidance", "可以写明文件名称")];
        let letter = written(&mut officer, &path, "supplement", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("待复核") && page.contains("办理中"), "{page}");
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        // Letter and act are one: number, state and what the applicant reads.
        let page = officer.get(&path).await.page();
        for words in [
            "安财公开〔2026〕1号",
            "待补正",
            "写明年份",
            "已发出",
            "期满还没有的，可以办理“逾期不补正”",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // Silence ends nothing before its day is over: no button that could only be refused.
        assert!(!page.contains("/act/not_supplemented"), "{page}");
        assert!(!page.contains("还没有文书"), "{page}");
        // Who came to the counter reads it with the code of the receipt.
        let code = page.split("查询码</dt><dd><b>").nth(1).unwrap();
        let (number, code) = (number(&page), code.split('<').next().unwrap());
        let asked = [("number", number.as_str()), ("code", code)];
        let mut visitor = world.visitor();
        let progress = visitor.post("/requests/progress", &asked).await;
        says(&progress, 200, "安财公开〔2026〕1号");
        let text = progress.text();
        let id = text.split("name=\"file\" value=\"").nth(1).unwrap();
        let id = id.split('"').next().unwrap();
        for (code, status) in [(code, 200), ("WRONGCODE0", 422)] {
            let fetch = [
                ("number", number.as_str()),
                ("code", code),
                ("file", id),
                ("format", "docx"),
            ];
            let got = visitor.post("/requests/progress/letter", &fetch).await;
            assert_eq!(got.status, status);
        }
        // 补正 is asked for once: the second letter is refused with the act's reason, and keeps no number.
        let second = [("items", "再写明年份"), ("guidance", "说明")];
        let letter = written(&mut officer, &path, "supplement", &second).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        let answer = post(&mut officer, &letter, "issue", &[]).await;
        says(&answer, 422, "不能办理“告知补正”");
        assert!(!officer.get(&letter).await.page().contains("2号"));
    }
}

#[tokio::test]
async fn an_act_that_was_done_waits_for_its_letter_and_shares_the_amount() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E2").await;
        let charge = [
            ("scheme", "pages"),
            ("count", "30"),
            ("notice", "缴入专户"),
            ("until", "2026-03-30"),
        ];
        let answer = act(&mut officer, &path, "charge", &charge).await;
        says(&answer, 422, "不收费");
        let mut charge = charge;
        charge[1].1 = "68";
        act(&mut officer, &path, "charge", &charge)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("“发出收费通知”还没有文书"), "{page}");
        assert!(page.contains("按量计收，68页，380元"), "{page}");
        let letter = written(&mut officer, &path, "fee", &[]).await;
        let page = officer.get(&letter).await.page();
        assert!(
            page.contains("共计人民币380元") && page.contains("缴入专户"),
            "{page}"
        );
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(!page.contains("还没有文书"), "{page}");
        assert_eq!(page.matches("发出收费通知，").count(), 1, "charged once");
    }
}

#[tokio::test]
async fn a_reply_that_is_handed_in_decides_its_case() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E3").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("公开审查中") && page.contains("过程性信息"),
            "{page}"
        );
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "return", &[("why", "理由要再写清")])
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(
            page.contains("理由要再写清") && page.contains("修改草稿"),
            "{page}"
        );
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let answer = post(&mut officer, &letter, "issue", &[("version", "9")]).await;
        assert_ne!(answer.status, 303, "a reply leaves with its case");
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let page = officer.get(&letter).await.page();
        assert!(page.contains("安财公开〔2026〕1号"), "{page}");
    }
}

#[tokio::test]
async fn a_letter_under_check_is_shown_to_read_with_the_reason_and_who_checks_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E8").await;
        let said = [("items", "写明年份"), ("guidance", "可以写明文件名称")];
        let letter = written(&mut officer, &path, "supplement", &said).await;
        let form = filled(&officer.get(&format!("{letter}/amend")).await.page());
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&format!("{letter}/amend")).await;
        says(&page, 200, "文书正在等同事复核，不能修改，内容没有变动。");
        says(&page, 200, "等待复核，可以复核的是机构负责人");
        assert!(!page.text().contains("保存草稿并检查"), "{}", page.text());
        // Who still had the form open loses nothing, and is told.
        let pairs: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let answer = officer.post(&format!("{letter}/amend"), &pairs).await;
        says(&answer, 409, "文书正在等同事复核");
        says(&answer, 409, "可以写明文件名称");
        // A reply goes with its case: those who review it are named.
        let path = counter_case(&world, &mut officer, "E9").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let page = officer.get(&format!("{letter}/amend")).await;
        says(&page, 200, "文书正在随案件审查审签，不能修改");
        says(&page, 200, "可以办理的是审查、机构负责人");
        says(&officer.get(&path).await, 200, "等待公开审查（条例第17条）");
    }
}

/// Law: art. 35: reasons are asked for and heard; a reply that is not ready ends no time to give them.
#[tokio::test]
async fn reasons_may_still_be_given_while_the_reply_is_not_ready() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E11").await;
        let ask = [("facts", "本月已提出18件"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_reasons", &ask)
            .await
            .redirected();
        let decide = [("reply", "R3"), ("grounds", "N6"), ("text", "过程性信息")];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("没有送公开审查，仍由经办人办理") && page.contains("待说明理由"),
            "{page}"
        );
        let reasons = [("text", "用于学位论文")];
        act(&mut officer, &path, "give_reasons", &reasons)
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "办理中");
    }
}
