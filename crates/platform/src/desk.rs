//! What waits for the three administrators, each alone in its own business (三员分立).

use async_trait::async_trait;
use gongkai_basis::Date;

use crate::access::{Act as _, Session};
use crate::account::{acts, store as accounts};
use crate::db::{StoreError, Tx};
use crate::job::{self, JobState};
use crate::seam::{Duty, Waiting};
use crate::web::start_of;
use crate::{audit, calendar};

/// From this month on next year's notice is expected: the State Council publishes it in late October or November.
const NOTICE_MONTH: i8 = 11;
const FAILED_SIGN_IN: &str = "account.sign_in_failed";

pub(crate) struct AdministratorsDesk;

#[async_trait]
impl Waiting for AdministratorsDesk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if person.may(&acts::ManageJobs::ROW) {
            duties.push(failed_jobs(tx).await?);
        }
        if person.may(&acts::ManageCalendar::ROW) {
            duties.push(missing_notices(tx, today).await?);
        }
        if person.may(&acts::ReadAccounts::ROW) {
            duties.append(&mut accounts_to_look_at(tx, today).await?);
        }
        if person.may(&acts::ReadAudit::ROW) {
            duties.push(failed_sign_ins(tx, today).await?);
        }
        Ok(duties)
    }
}

async fn failed_jobs(tx: &mut Tx) -> Result<Duty, StoreError> {
    let counts = job::counts(tx).await?;
    let failed = counts.iter().find(|(state, _)| *state == JobState::Failed);
    Ok(Duty {
        n: failed.map_or(0, |(_, n)| *n),
        name: "后台作业未能完成",
        path: "/workspace/admin/jobs?state=failed".into(),
    })
}

/// Years that the program must count with but has no notice for: this one, and from November the next.
async fn missing_notices(tx: &mut Tx, today: Date) -> Result<Duty, StoreError> {
    let known = calendar::load_calendar(tx).await?;
    let next = (today.month() >= NOTICE_MONTH).then(|| today.year().saturating_add(1));
    let wanted = std::iter::once(today.year()).chain(next);
    let missing = wanted.filter(|year| !known.notices().any(|notice| notice.year() == *year));
    Ok(Duty {
        n: i64::try_from(missing.count()).unwrap_or(i64::MAX),
        name: "年度放假通知未导入",
        path: "/workspace/admin/calendar".into(),
    })
}

async fn accounts_to_look_at(tx: &mut Tx, today: Date) -> Result<Vec<Duty>, StoreError> {
    let mut duties = Vec::new();
    for (state, name, path) in [
        (
            "locked",
            "账号暂时锁定",
            "/workspace/admin/accounts?state=locked",
        ),
        ("new", "账号未设密码", "/workspace/admin/accounts?state=new"),
    ] {
        let filter = accounts::Filter {
            state: state.to_owned(),
            ..accounts::Filter::default()
        };
        let (_, n) = accounts::search(tx, &filter, today, 0, 0).await?;
        duties.push(Duty {
            n,
            name,
            path: path.into(),
        });
    }
    Ok(duties)
}

/// Sign-ins that failed today.
async fn failed_sign_ins(tx: &mut Tx, today: Date) -> Result<Duty, StoreError> {
    let filter = audit::Filter {
        kind: FAILED_SIGN_IN.to_owned(),
        from: start_of(today),
        ..audit::Filter::default()
    };
    let (_, n) = audit::search(tx, &filter, 0, 0).await?;
    Ok(Duty {
        n,
        name: "今天登录失败",
        path: format!("/workspace/admin/audit?kind={FAILED_SIGN_IN}&from={today}").into(),
    })
}
