//! Who may do what here.

use gongkai_platform::acts;

acts! {
    /// The office all units of its government, a unit its own, those above what lies below them.
    ViewCatalogue = "catalogue.view", "查看主动公开目录": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Say what was made public in a period, or that there was nothing.
    FillCatalogue = "catalogue.fill", "登记公开情况": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own;
    /// Write, import and remove entries.
    KeepCatalogue = "catalogue.keep", "维护主动公开目录": OfficeClerk Own, OfficeHead Own;
    /// Write the guide of an organ, send it to its head, say that it still holds.
    WriteGuide = "guide.write", "编写公开指南": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own;
    /// Look through a guide before the public reads it; never one's own text.
    ApproveGuide = "guide.approve", "审核公开指南": OfficeHead Own, UnitHead Own;
}
