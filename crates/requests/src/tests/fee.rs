//! A fee: asked for, proved by the applicant, paid, or not paid.

use jiff::ToSpan as _;

use super::letters::counter_case;
use super::*;
use crate::seam;

#[tokio::test]
async fn silence_ends_a_case_by_a_button_that_stands_there_when_its_day_is_over() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "F2").await;
        let until = world
            .app
            .today()
            .checked_add(60.days())
            .unwrap()
            .to_string();
        let fee = [
            ("scheme", "pages"),
            ("count", "68"),
            ("notice", "3号窗口"),
            ("until", until.as_str()),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(!page.contains("/act/not_paid"), "{page}");
        assert!(page.contains("还没有登记申请人收到收费通知书"), "{page}");
        let early = act(&mut officer, &path, "not_paid", &[]).await;
        says(&early, 422, "请先办理“登记收到通知”");
        let today = world.app.today().to_string();
        act(
            &mut officer,
            &path,
            "charge_reached",
            &[("on", today.as_str())],
        )
        .await
        .redirected();
        assert!(
            page.contains("期满还没有的，可以办理“逾期不缴费”"),
            "{page}"
        );
        // A day that was typed wrongly can be typed anew.
        let page = officer.get(&path).await.page();
        assert!(page.contains("/act/charge_reached"), "{page}");
        // Long after, in a year whose calendar is not out.
        world.days(320);
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(page.contains("/act/not_paid"), "{page}");
        act(&mut officer, &path, "not_paid", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("已办结") && page.contains("逾期不缴费，不再处理"),
            "{page}"
        );
        // The paper that tells the applicant is offered, and begins with what is known.
        assert!(page.contains("“逾期不缴费”还没有文书"), "{page}");
        let write = page
            .split("/workspace/requests/letters/new?")
            .nth(2)
            .unwrap();
        let write = write.split('"').next().unwrap().replace("&#38;", "&");
        assert!(write.starts_with("kind=closed"), "{write}");
        let write = format!("/workspace/requests/letters/new?{write}");
        let form = officer.get(&write).await.page();
        for words in ["value=\"no_payment\" selected", "value=\"2026-05-01\""] {
            assert!(form.contains(words), "{words}: {form}");
        }
        // A case that is over awaits no calendar.
        let working = officer.get(&format!("{path}/clock")).await.page();
        assert!(
            working.contains("停止计时") && !working.contains("才能算出到期日"),
            "{working}"
        );
    }
}

#[tokio::test]
async fn a_proof_of_payment_is_checked_by_the_desk_and_the_payment_restarts_the_clock() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let token = testing::uuid().to_string();
        let receipt = world.applied(&token, "2024年度人民调解员名册").await;
        let (number, code, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        let today = world.app.today().to_string();
        act(&mut officer, &path, "confirm", &[("on", today.as_str())])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        // The days of the running clock are drawn above their list.
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let page = visitor.post("/requests/progress", &asked).await;
        says(
            &page,
            200,
            "<div class=\"months counted\" aria-hidden=\"true\">",
        );
        let fee = [
            ("scheme", "pages"),
            ("count", "120"),
            ("notice", "3号窗口"),
            ("until", "2026-04-10"),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        // The last day counts, and the applicant reads so.
        let page = visitor.post("/requests/progress", &asked).await;
        says(&page, 200, "应缴1100元，2026年4月10日（含当日）前缴纳");
        assert!(!page.text().contains("正在核对"));
        let mut fields = asked.to_vec();
        fields.push(("act", "pay_proof"));
        let progress = "/requests/progress/act";
        let nothing = visitor.upload(progress, &fields, ("file", "", b"")).await;
        says(&nothing, 422, "<a href=\"#file\">请选择缴费凭证文件。");
        let proof: (&str, &str, &[u8]) = ("file", "凭证.pdf", b"%PDF-1.4\n%%EOF\n");
        let sent = visitor.upload(progress, &fields, proof).await;
        says(&sent, 200, "工作机构正在核对");
        // The desk sees it, and confirms the payment itself.
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("凭证.pdf") && page.contains("上传了缴费凭证"),
            "{page}"
        );
        world.days(1);
        let mut officer = world.browser(world.officer).await;
        let day = world.app.today().to_string();
        let paid = [("on", day.as_str()), ("proof", "电子票据12号")];
        act(&mut officer, &path, "pay", &paid).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("办理中") && page.contains("还剩20个工作日"),
            "{page}"
        );
        // A page that was still open takes no proof any more, and says that it kept none; the same one is there already.
        let same = visitor.upload(progress, &fields, proof).await;
        says(&same, 200, "这份凭证以前已经收到，没有重复保存");
        let other: (&str, &str, &[u8]) = ("file", "另一份.pdf", b"%PDF-1.4\n2\n%%EOF\n");
        let late = visitor.upload(progress, &fields, other).await;
        says(&late, 422, "不在等待缴费，凭证没有保存");
        let files = late.text().matches("凭证.pdf").count();
        assert_eq!(files, 1, "the one that was sent in time");
        // A withdrawal that is refused shows its form, not a folded one.
        let long = "长".repeat(6000);
        let mut fields = asked.to_vec();
        fields.extend([("act", "withdraw"), ("text", long.as_str())]);
        let refused = visitor.upload(progress, &fields, ("file", "", b"")).await;
        says(&refused, 422, "<details open><summary>不再需要这项信息");
        says(&refused, 422, "撤回后不再办理这件申请");
    }
}

#[tokio::test]
async fn what_came_in_within_a_year_is_counted_for_its_report() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "F9").await;
        let fee = [
            ("scheme", "requests"),
            ("count", "12"),
            ("why", "前十一件在旧系统办理"),
            ("notice", "3号窗口"),
            ("until", "2026-04-30"),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        let figures = async |year: i16| -> Vec<i64> {
            let key = |name: &str| FigureKey {
                name: format!("requests.fees.{name}"),
                organ: world.city,
                year,
            };
            let keys = [key("cases"), key("yuan")];
            let found = world
                .db
                .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
                .await
                .unwrap();
            found.into_iter().map(|one| one.unwrap().value).collect()
        };
        assert_eq!(figures(2026).await, [0, 0], "charged, not paid");
        let pay = [("on", "2026-03-01"), ("proof", "票据1号")];
        let early = act(&mut officer, &path, "pay", &pay).await;
        says(&early, 422, "早于");
        let pay = [("on", "2026-03-02"), ("proof", "票据1号")];
        act(&mut officer, &path, "pay", &pay).await.redirected();
        assert_eq!(figures(2026).await, [1, 100], "the twelfth alone");
        assert_eq!(figures(2025).await, [0, 0]);
        // However many there are, none is left out.
        let other = counter_case(&world, &mut officer, "F10").await;
        act(&mut officer, &other, "charge", &fee).await.redirected();
        act(&mut officer, &other, "pay", &pay).await.redirected();
        assert_eq!(figures(2026).await, [2, 200]);
        let by_one = world
            .db
            .read(async |tx: &mut Tx| seam::store::paid_by(tx, (world.city, 2026), 1).await)
            .await
            .unwrap();
        let yuan: Vec<i64> = by_one.iter().map(|(_, yuan)| *yuan).collect();
        assert_eq!(yuan, [100, 100]);
    }
}

#[tokio::test]
async fn the_position_in_the_month_is_counted_and_another_needs_a_reason() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        // Somebody else's case, and ten of the same applicant before.
        counter_case(&world, &mut officer, "F20").await;
        for _ in 0..10 {
            counter_case(&world, &mut officer, "F21").await;
        }
        let path = counter_case(&world, &mut officer, "F21").await;
        let form = officer.get(&format!("{path}/act/charge")).await.page();
        assert!(
            form.contains("本件是第11件") && form.contains("value=\"11\""),
            "{form}"
        );
        // Where it is paid stands there as the organ has set it, and so in the paper.
        let account = "缴款账户：安澜市非税收入汇缴专户。";
        assert!(form.contains(account), "{form}");
        let case = path.rsplit('/').next().unwrap();
        let paper = format!("/workspace/requests/letters/new?kind=fee&case={case}");
        says(&officer.get(&paper).await, 200, account);
        let mut fee = vec![
            ("scheme", "requests"),
            ("count", "31"),
            ("notice", "3号窗口"),
            ("until", "2026-04-30"),
        ];
        let wrong = act(&mut officer, &path, "charge", &fee).await;
        says(&wrong, 422, "本件按记录是申请人当月第11件，填的是第31件");
        fee.push(("why", "另有二十件在旧系统"));
        act(&mut officer, &path, "charge", &fee).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("当月第31件（改变件次的原因：另有二十件在旧系统）"),
            "{page}"
        );
        // A new month begins anew.
        world.days(31);
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "F21").await;
        let form = officer.get(&format!("{path}/act/charge")).await.page();
        assert!(form.contains("本件是第1件"), "{form}");
        let fee = [
            ("scheme", "requests"),
            ("count", "1"),
            ("notice", "3号窗口"),
            ("until", "2026-06-30"),
        ];
        let free = act(&mut officer, &path, "charge", &fee).await;
        says(&free, 422, "不收费");
    }
}

#[tokio::test]
async fn a_notice_with_another_position_stops_as_a_draft_until_the_case_says_why() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "F31").await;
        let said = [
            ("scheme", "requests"),
            ("count", "31"),
            ("working", "第31件，200元"),
            ("yuan", "200"),
            ("how_to_pay", "3号窗口"),
        ];
        let letter = letters::written(&mut officer, &path, "fee", &said).await;
        says(
            &officer.get(&letter).await,
            200,
            "本件按记录是申请人当月第1件，填的是第31件",
        );
        let refused = letters::post(&mut officer, &letter, "submit", &[]).await;
        says(&refused, 422, "在案卷“发出收费通知”里写明“改变件次的原因”");
        let fee = [
            ("scheme", "requests"),
            ("count", "31"),
            ("why", "另有三十件在旧系统"),
            ("notice", "3号窗口"),
            ("until", "2026-04-30"),
        ];
        act(&mut officer, &path, "charge", &fee).await.redirected();
        letters::post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let mut head = world.browser(world.head).await;
        letters::post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        letters::post(&mut officer, &letter, "issue", &[])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert_eq!(page.matches("发出收费通知，").count(), 1, "charged once");
    }
}
