//! Who may do what here.

use gongkai_platform::acts;

acts! {
    /// The office all units of its government, a unit its own, those above what lies below them.
    ViewCatalogue = "catalogue.view", "查看主动公开目录": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Say what was made public in a period, or that there was nothing.
    FillCatalogue = "catalogue.fill", "登记公开情况": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own;
    /// Write, import and remove entries.
    KeepCatalogue = "catalogue.keep", "维护主动公开目录": OfficeClerk Own, OfficeHead Own;
}
