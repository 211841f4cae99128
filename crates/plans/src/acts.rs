//! What people may do with plans.
//!
//! What is a unit's own, an office has too: its own, and that of its government, which has no other desk.

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
    /// See the year's dates, and subscribe to them: the office those of its plans, a unit its own.
    ViewCalendar = "calendar.view", "查看、订阅日历": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Leave with the ledger in the official form.
    ExportLedger = "ledger.export", "导出台账": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// Read one task: the office its whole plan, a unit what it has a part in.
    ReadTask = "task.read", "查看任务": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Propose to add, amend, transfer or cancel a task.
    ProposeChange = "task.propose-change", "提出任务变更": OfficeClerk Own, OfficeHead Own;
    /// Approve or reject a proposed change.
    DecideChange = "task.decide-change", "审批任务变更": OfficeHead Own;
    /// Choose what a plan is compared with, settle doubts, carry unfinished parts over and close them.
    MatchPlans = "plan.match", "对照方案、结转和销号回头看事项": OfficeClerk Own, OfficeHead Own;
    /// Put the state of a plan on the portal, or take it off.
    PublishProgress = "plan.publish-progress", "公布进展": OfficeHead Own;
    /// See what one's own unit has to do.
    ViewOwnTasks = "task.view-own", "查看本单位任务": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// Report progress with evidence.
    ReportProgress = "report.write", "填报进展": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// Have evidence checked again: one piece, a task, a plan.
    CheckEvidence = "evidence.check", "核验佐证": OfficeClerk Government, OfficeHead Government, Liaison Own, UnitHead Own;
    /// Say with a reason that evidence holds in spite of a verdict.
    AcceptEvidence = "evidence.accept", "人工认定佐证": OfficeClerk Own, OfficeHead Own;
    /// See the 督办单 of the office.
    ViewSupervision = "supervision.view", "查看督办": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// See what one's own unit was sent.
    ViewOwnSupervision = "supervision.view-own", "查看本单位督办": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// One 督办单: by either of the two.
    ReadSupervision = "supervision.read", "查看一份督办单": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Remind units, draft 督办单, accept or return replies.
    ManageSupervision = "supervision.manage", "催办、起草督办单、验收回复": OfficeClerk Own, OfficeHead Own;
    /// Approve a 督办单: it gets its number and goes out.
    ApproveSupervision = "supervision.approve", "批准印发督办单": OfficeHead Own;
    /// Sign for a 督办单 and reply.
    AnswerSupervision = "supervision.answer", "签收、回复督办单": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// Read the pool of good practices.
    ViewPractices = "practice.view", "查看优秀案例": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Supervisor Below, Leader Below;
    /// Submit a good practice, or take up another unit's.
    SubmitPractice = "practice.submit", "报送、借鉴优秀案例": Liaison Own, UnitHead Own;
    /// Choose, return or decline what units submit.
    ChoosePractice = "practice.choose", "遴选优秀案例": OfficeClerk Own, OfficeHead Own;
    /// Put a chosen practice into the pool.
    ApprovePractice = "practice.approve", "批准案例入库": OfficeHead Own;
    /// See issued bulletins; the drafting office and the principal see more, by their other acts.
    ViewBulletins = "bulletin.view", "查看通报": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// See what a bulletin says of one's own unit.
    ViewOwnBulletins = "bulletin.view-own", "查看涉及本单位的通报": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// One bulletin: by either of the two.
    ReadBulletin = "bulletin.read", "查看一份通报": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Assemble a bulletin, withdraw it, re-check what was mended.
    DraftBulletin = "bulletin.draft", "起草、撤回通报，复核整改": OfficeClerk Own, OfficeHead Own;
    /// Approve a bulletin: before, nobody outside the drafting office sees it or a ranking.
    ApproveBulletin = "bulletin.approve", "批准印发通报": OfficeHead Own, Leader Below;
    /// Report what was mended.
    AnswerBulletin = "bulletin.answer", "报告通报整改": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// See scores: the office all, those above what waits for approval or is locked.
    ViewScores = "score.view", "查看考核": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// See one's own unit's score sheet.
    ViewOwnScores = "score.view-own", "查看本单位考核": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// One period or sheet: by either of the two.
    ReadScores = "score.read", "查看一期考核": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Set the scheme, open periods, judge, compute, decide appeals.
    ManageScores = "score.manage", "制定考核办法、计分、裁定申诉": OfficeClerk Own, OfficeHead Own;
    /// Lock the scores.
    ApproveScores = "score.approve", "批准锁定考核得分": OfficeHead Own, Leader Below;
    /// See reporting rounds and where each unit stands.
    ViewRounds = "round.view", "查看报送轮次": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// See the rounds of one's own unit.
    ViewOwnRounds = "round.view-own", "查看本单位报送": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// What one unit hands in: by either of the two.
    ReadRound = "round.read", "查看一份报送": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Open, move and end rounds, remind, accept or return.
    ManageRounds = "round.manage", "开始收报、催报、接收或退回报送": OfficeClerk Own, OfficeHead Own;
    /// Confirm what one's own unit reports.
    ConfirmSubmission = "round.confirm", "确认本单位填报": UnitHead Own, OfficeHead Government;
    /// Submit what was confirmed, take it back, upload the sealed copy.
    SubmitRound = "round.submit", "报送、撤回、上传盖章件": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// Appeal against a line of one's own unit.
    AppealScore = "score.appeal", "对考核得分申诉": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
}
