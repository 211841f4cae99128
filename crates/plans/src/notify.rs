//! Tells a unit or an office something that it should look at: into the inboxes of those whose business it is.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, Role};
use gongkai_platform::access::Reach;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};

/// Characters of a notice's body.
const BODY_CHARS_MAX: usize = 120;

/// Whose business in the organ it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// Those who do the unit's work, and its head.
    Unit,
    /// Those who do the unit's work.
    Liaison,
    /// Those who do the office's work, and its head.
    Office,
    /// Those who do the office's work.
    Clerks,
    /// The head of the office.
    Head,
    /// 领导 of the office's own organ or of one above it.
    Leader,
}

impl To {
    const fn roles(self) -> &'static [Role] {
        match self {
            Self::Unit => &[Role::Liaison, Role::UnitHead],
            Self::Liaison => &[Role::Liaison],
            Self::Office => &[Role::OfficeClerk, Role::OfficeHead],
            Self::Clerks => &[Role::OfficeClerk],
            Self::Head => &[Role::OfficeHead],
            Self::Leader => &[Role::Leader],
        }
    }

    /// Who hears of it in the office of an organ that is a government: it has no other desk.
    const fn office_roles(self) -> &'static [Role] {
        match self {
            Self::Unit => &[Role::OfficeClerk, Role::OfficeHead],
            Self::Liaison => &[Role::OfficeClerk],
            Self::Office | Self::Clerks | Self::Head | Self::Leader => &[],
        }
    }

    const fn reach(self) -> Reach {
        match self {
            Self::Leader => Reach::Below,
            Self::Unit | Self::Liaison | Self::Office | Self::Clerks | Self::Head => Reach::Own,
        }
    }
}

/// A notice to people of an organ.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) to: To,
    pub(crate) organ: OrganId,
    pub(crate) topic: Topic,
    /// The same key is delivered once.
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) path: String,
    pub(crate) about: Option<Date>,
}

impl Notice {
    /// To the organ, and where it may be a government, to its office.
    fn outgoing(self) -> Vec<Outgoing> {
        let told = Outgoing {
            organ: self.organ,
            roles: self.to.roles(),
            reach: self.to.reach(),
            topic: self.topic,
            key: self.key,
            title: self.title,
            body: self.body,
            path: self.path,
            about: self.about,
        };
        let roles = self.to.office_roles();
        if roles.is_empty() {
            return vec![told];
        }
        let office = Outgoing {
            roles,
            reach: Reach::Government,
            ..told.clone()
        };
        vec![told, office]
    }
}

/// The beginning of a text, as a notice's body.
pub(crate) fn short(text: &str) -> String {
    crate::quote::beginning(text, BODY_CHARS_MAX)
}

/// Delivers one notice.
///
/// # Errors
/// When the store fails.
pub(crate) async fn notify(tx: &mut Tx, notice: Notice) -> Result<(), StoreError> {
    notify_all(tx, vec![notice]).await?;
    Ok(())
}

/// Delivers notices to many organs with as few queries as for one; gives how many messages were new.
///
/// # Errors
/// When the store fails.
pub(crate) async fn notify_all(tx: &mut Tx, notices: Vec<Notice>) -> Result<u64, StoreError> {
    let outgoing = notices.into_iter().flat_map(Notice::outgoing).collect();
    inbox::send(tx, outgoing).await
}

/// The organs that nobody answers for: no liaison and no head in the unit, nor a clerk in its office.
///
/// # Errors
/// When the store fails.
pub(crate) async fn unanswered(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<Vec<OrganId>, StoreError> {
    let (unit, office) = (To::Unit.roles(), To::Unit.office_roles());
    inbox::unanswered(tx, organs, unit, office).await
}

#[cfg(test)]
mod tests {
    use gongkai_platform::testing::{Browser, backends};

    use crate::assignment::Duty;
    use crate::testing::World;

    async fn inbox(browser: &mut Browser) -> String {
        browser.get("/workspace/inbox?unread=1").await.page()
    }

    #[tokio::test]
    async fn each_step_reaches_those_who_have_to_look_at_it() {
        for backend in backends() {
            let world = World::on(&backend).await;
            let task = world
                .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
                .await;
            let part = world.assignment(task, 0).await.id.to_string();
            let (mut clerk, mut head) = (
                world.browser(world.clerk).await,
                world.browser(world.head).await,
            );
            let (mut liaison, mut other) = (
                world.browser(world.liaisons[0]).await,
                world.browser(world.liaisons[1]).await,
            );
            for _ in 0..2 {
                clerk
                    .post("/workspace/supervision/nudge", &[("assignment", &part)])
                    .await
                    .redirected();
            }
            let page = inbox(&mut liaison).await;
            assert!(page.contains("政务公开办催办1项任务"), "{page}");
            assert!(
                page.contains("共 1 条"),
                "the same reminder comes once a day: {page}"
            );
            let order = clerk
                .post(
                    "/workspace/supervision/draft",
                    &[
                        ("assignment", &part),
                        ("title", "督办规章公开"),
                        ("requirement", "限期公开"),
                        ("reply_days", "5"),
                    ],
                )
                .await
                .redirected();
            clerk
                .post(&format!("{order}/step"), &[("step", "submit")])
                .await
                .redirected();
            assert!(
                inbox(&mut head)
                    .await
                    .contains("督办单等您审批：督办规章公开")
            );
            head.post(
                &format!("{order}/decide"),
                &[("step", "reject"), ("note", "要求写清")],
            )
            .await
            .redirected();
            let page = inbox(&mut clerk).await;
            assert!(
                page.contains("督办单退回修改") && page.contains("要求写清"),
                "{page}"
            );
            clerk
                .post(&format!("{order}/step"), &[("step", "submit")])
                .await
                .redirected();
            head.post(&format!("{order}/decide"), &[("step", "approve")])
                .await
                .redirected();
            assert!(
                inbox(&mut liaison)
                    .await
                    .contains("收到督办单督〔2026〕1号")
            );
            liaison
                .post(&format!("{order}/receive"), &[])
                .await
                .redirected();
            liaison
                .upload(
                    &format!("{order}/reply"),
                    &[("text", "已公开")],
                    ("file", "", b""),
                )
                .await
                .redirected();
            for browser in [&mut clerk, &mut head] {
                assert!(inbox(browser).await.contains("市司法局回复了督办单"));
            }
            assert!(inbox(&mut other).await.contains("没有符合条件的消息"));
        }
    }
}
