//! Who may do what here.

use gongkai_platform::acts;

acts! {
    /// The desk its own organ's cases, an office and those above also what lies below.
    ViewRequests = "requests.view", "查看依申请公开": RequestOfficer Own, OfficeClerk Own, OfficeHead Own, SecrecyReviewer Own, UnitHead Own, Liaison Own, Supervisor Below, Leader Below;
    /// What the units below do, unit by unit, and what goes wrong in several.
    OverseeRequests = "requests.oversee", "查看各单位依申请办理情况": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// Take in, register, handle, answer.
    HandleRequests = "requests.handle", "办理依申请公开": RequestOfficer Own, OfficeClerk Own, OfficeHead Own, SecrecyReviewer Own, UnitHead Own, Liaison Own;
    /// Take in what comes over the counter or by post, and running cases of an older system.
    TakeRequests = "requests.take", "登记收到的申请": RequestOfficer Own, OfficeClerk Own, OfficeHead Own;
    /// What many ask for becomes public: the office decides, for all units of its government.
    DecideClusters = "clusters.decide", "决定转主动公开建议": OfficeClerk Own, OfficeHead Own;
    /// Whoever reviews a reply reads the paper that leaves (art. 17).
    ViewLetters = "letters.view", "查看答复文书": RequestOfficer Own, OfficeClerk Own, OfficeHead Own, SecrecyReviewer Own, UnitHead Own, Supervisor Below;
    /// Draft, amend, check and issue letters.
    WriteLetters = "letters.write", "拟写和复核答复文书": RequestOfficer Own, OfficeClerk Own, OfficeHead Own;
    IssueLetters = "letters.issue", "编号发出答复文书": RequestOfficer Own, OfficeHead Own, UnitHead Own, OfficeClerk Own;
    /// What an organ's letters carry: numbers, remedies, contact, fonts.
    SetLetters = "letters.set", "维护文书设置": OfficeClerk Own, OfficeHead Own, RequestOfficer Own;
    ViewReviews = "reviews.view", "查看复议诉讼": RequestOfficer Own, OfficeClerk Own, OfficeHead Own, UnitHead Own, Leader Below, Supervisor Below;
    KeepReviews = "reviews.keep", "登记复议诉讼": RequestOfficer Own, OfficeClerk Own, OfficeHead Own;
    ViewRetention = "requests.retention-view", "查看申请人个人信息保存期限": RequestOfficer Own, OfficeClerk Own, OfficeHead Own, UnitHead Own;
    SetReviews = "reviews.set", "设置复议诉讼答复期限": OfficeHead Own, UnitHead Own;
    /// 更正 and 投诉: their limit is the organ's own.
    SetLimits = "requests.limits", "设置本机关办理期限": OfficeHead Own, UnitHead Own;
    /// Propose that applicants' data go, hold a case back from it.
    KeepRetention = "requests.retention", "提请清除和保留申请人个人信息": RequestOfficer Own, OfficeClerk Own, OfficeHead Own;
    /// The second person; also sets the terms.
    ApproveErasure = "requests.erase", "批准清除申请人个人信息": OfficeHead Own, UnitHead Own;
}
