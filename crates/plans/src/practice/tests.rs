//! Good practices as people meet them.

use gongkai_platform::testing::backends;

use super::{PracticeState, Step};
use crate::assignment::Duty;
use crate::testing::World;

#[test]
fn only_approval_offers() {
    for state in PracticeState::ALL {
        for step in Step::ALL {
            if let Some(after) = state.after(*step)
                && after.is_offered()
            {
                assert!(
                    matches!(step, Step::Approve | Step::Commend),
                    "{state:?} {step:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_case_is_submitted_returned_chosen_approved_and_taken_up() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let new = "/workspace/practices/new";
        let words = [
            ("title", "规章库一键更新"),
            ("done_text", "当天更新"),
            ("effect_text", "由7天缩到当天"),
        ];
        let early = liaison.upload(new, &words, ("file", "", b"")).await;
        assert_eq!(early.status, 422, "no office has a plan with this unit");
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let wrong = liaison
            .upload(new, &[("title", "")], ("file", "a.exe", b"MZ"))
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("可执行程序"), "{}", wrong.text());
        let case = liaison
            .upload(new, &words, ("file", "流程.txt", "流程".as_bytes()))
            .await
            .redirected();
        let mut other = world.browser(world.liaisons[1]).await;
        assert_eq!(other.get(&case).await.status, 404, "not offered yet");
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/practices?side=office").await.page();
        assert!(page.contains("待遴选 1") && page.contains(&case), "{page}");
        let choose = format!("{case}/choose");
        assert_eq!(clerk.post(&choose, &[("step", "return")]).await.status, 422);
        clerk
            .post(&choose, &[("step", "return"), ("note", "补充数字")])
            .await
            .redirected();
        assert!(liaison.get(&case).await.page().contains("补充数字"));
        let mut anew = words.to_vec();
        anew.push(("step", "resubmit"));
        liaison
            .upload(&format!("{case}/resubmit"), &anew, ("file", "", b""))
            .await
            .redirected();
        assert!(clerk.get(&case).await.page().contains("由主任审批。"));
        let inbox = "/workspace/inbox?unread=1";
        let told = clerk.get(inbox).await.page();
        assert!(
            told.contains("市司法局重新报送案例“规章库一键更新”"),
            "{told}"
        );
        clerk
            .post(&choose, &[("step", "choose")])
            .await
            .redirected();
        for browser in [&mut clerk, &mut liaison] {
            let page = browser.get(&case).await.page();
            assert!(page.contains("正在等主任审批，批准之前不入库。"), "{page}");
        }
        assert_eq!(
            clerk.post(&format!("{case}/approve"), &[]).await.status,
            403
        );
        let mut head = world.browser(world.head).await;
        head.post(&format!("{case}/approve"), &[])
            .await
            .redirected();
        let pool = other.get("/workspace/practices").await.page();
        assert!(pool.contains("规章库一键更新"), "{pool}");
        let page = other.get(&case).await.page();
        assert!(
            page.contains("流程.txt") && !page.contains("补充数字"),
            "{page}"
        );
        let borrow = format!("{case}/borrow");
        assert_eq!(other.post(&borrow, &[("note", "")]).await.status, 422);
        other
            .post(&borrow, &[("note", "照此建立机制")])
            .await
            .redirected();
        let page = liaison.get(&case).await.page();
        assert!(page.contains("市财政局：照此建立机制"), "{page}");
        assert_eq!(
            liaison.post(&borrow, &[("note", "自己")]).await.status,
            422,
            "one's own"
        );
    }
}

#[tokio::test]
async fn the_office_hears_that_a_case_for_which_it_waited_is_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut unit = world.browser(world.liaisons[0]).await;
        let words = [
            ("title", "规章库一键更新"),
            ("done_text", "当天更新"),
            ("effect_text", "由7天缩到当天"),
        ];
        let case = unit
            .upload("/workspace/practices/new", &words, ("file", "", b""))
            .await
            .redirected();
        let mut head = world.browser(world.head).await;
        head.post(&format!("{case}/choose"), &[("step", "choose")])
            .await
            .redirected();
        let back = [("step", "withdraw")];
        unit.upload(&format!("{case}/resubmit"), &back, ("file", "", b""))
            .await
            .redirected();
        let told = head.get("/workspace/inbox?unread=1").await.page();
        assert!(told.contains("市司法局撤回案例“规章库一键更新”"), "{told}");
    }
}
