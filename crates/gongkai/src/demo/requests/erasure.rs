//! A complaint whose term is over: all of the applicant's data are proposed to go, and reasons beside the case name the
//! applicant, so that whoever approves has something to look at.

use anyhow::Result;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_requests::acts::{ApproveErasure, KeepRetention};
use gongkai_requests::request::Kind;
use gongkai_requests::retention::{Part, Term, handle};

use super::{CASES, Desk};
use crate::demo::clock::at;
use crate::demo::year::Year;

/// Its place among the demo's people; `forms` makes a complaint of it.
pub(super) const NUMBER: usize = CASES + 6;

impl Year<'_> {
    pub(super) async fn to_erase(&self, desk: &Desk) -> Result<()> {
        let ago = 440;
        let mut walk = self.begun_with_paper(desk, NUMBER, ago).await?;
        walk.archives(ago, "（演示）公开-旧投诉01").await?;

        let head: Permit<ApproveErasure> = self.permit("head").await?;
        let keeper: Permit<KeepRetention> = self.permit("officer").await?;
        let term = Term {
            kind: Kind::Complaint,
            data_years: 1,
            identity_years: 1,
            basis: "（演示）本机关档案管理规定：投诉举报材料归档后保存1年".to_owned(),
            version: 0,
        };
        let name = walk.case.request.applicant.name.clone();
        let case = walk.case.request.id;
        let version = walk.case.request.version;
        let held = format!("{name}来电，称可能就同一事项申请行政复议。");
        let free = format!("与{name}核实，没有申请复议，不再保留。");
        let why = format!("（演示）归档满1年，保存期满；{name}的投诉已经办结。");
        let db = &self.app.db;
        let (then, later, today) = (self.ago(60)?, self.ago(30)?, self.ago(3)?);
        let organ = desk.organ;
        let set = db.write(async |tx: &mut Tx| handle::set_term(tx, &head, organ, &term).await);
        at(then, set).await?;
        let hold = db.write(async |tx: &mut Tx| {
            handle::hold(tx, &keeper, (case, version), &held, then).await
        });
        at(then, hold).await?;
        let release = db.write(async |tx: &mut Tx| {
            handle::release(tx, &keeper, (case, version), &free, later).await
        });
        at(later, release).await?;
        let propose = db.write(async |tx: &mut Tx| {
            let what = (Part::All, Vec::new(), why.as_str());
            handle::propose(tx, &keeper, (case, version), what, today).await
        });
        at(today, propose).await?;
        Ok(())
    }
}
