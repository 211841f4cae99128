//! Who may do what with annual reports.

use gongkai_platform::acts;

acts! {
    /// The office all units of its government, a unit itself, those above what lies below them.
    ViewReports = "annual.view", "查看年度报告": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Begin, fill in, import.
    WriteReport = "annual.write", "编写年度报告": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own;
    ConfirmReport = "annual.confirm", "确认年度报告": OfficeHead Own, UnitHead Own;
    /// The office looks before publication (预审).
    PrecheckReport = "annual.precheck", "预审年度报告": OfficeClerk Own, OfficeHead Own;
    PublishReport = "annual.publish", "公布年度报告": OfficeClerk Own, OfficeHead Own, UnitHead Own;
}
