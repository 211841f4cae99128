//! What people may do with 组织保障.

use gongkai_platform::acts;

acts! {
    /// The office all units of its government, a unit itself, those above what lies below them.
    ViewOrganisation = "organisation.view", "查看组织保障": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// Note meetings, training and the like, and keep the staff register.
    KeepOrganisation = "organisation.keep", "登记会议、培训和人员": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own;
    /// Keep the roster of the leading group, import registers, start a check.
    KeepGroup = "organisation.keep-group", "维护领导小组、检查组织保障": OfficeClerk Own, OfficeHead Own;
}
