//! What people may do with plans.

use gongkai_platform::acts;

acts! {
    /// The start page: what has to be done today. Everybody with a role has one.
    ViewToday = "today.view", "查看今日事项": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Author Own, Proofreader Own,
        FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own, RequestOfficer Own,
        Supervisor Below, Leader Below, SystemAdmin Everything, SecurityAdmin Everything, AuditAdmin Everything;
    /// Upload a document, settle its doubts, confirm it, undo the import.
    ImportPlan = "plan.import", "导入方案": OfficeClerk Own, OfficeHead Own;
    /// See the ledger of the office's plans, whole.
    ViewLedger = "ledger.view", "查看台账": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// Leave with the ledger in the official form.
    ExportLedger = "ledger.export", "导出台账": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// Read one task: the office its whole plan, a unit what it has a part in.
    ReadTask = "task.read", "查看任务": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Propose to add, amend, transfer or cancel a task.
    ProposeChange = "task.propose-change", "提出任务变更": OfficeClerk Own, OfficeHead Own;
    /// Approve or reject a proposed change.
    DecideChange = "task.decide-change", "审批任务变更": OfficeHead Own;
    /// Put the state of a plan on the portal, or take it off.
    PublishProgress = "plan.publish-progress", "公布进展": OfficeHead Own;
    /// See what one's own unit has to do.
    ViewOwnTasks = "task.view-own", "查看本单位任务": Liaison Own, UnitHead Own;
    /// Report progress with evidence.
    ReportProgress = "report.write", "填报进展": Liaison Own, UnitHead Own;
}
