//! Who may look at and change the directory.

use crate::acts;

acts! {
    /// 查看机关名录: everybody who works here.
    ViewOrgans = "organ.view", "查看机关名录":
        OfficeClerk Everything, OfficeHead Everything, Liaison Everything, UnitHead Everything, Author Everything,
        Proofreader Everything, FirstReviewer Everything, SecondReviewer Everything, ThirdReviewer Everything,
        SecrecyReviewer Everything, LegalityReviewer Everything, RequestOfficer Everything, Supervisor Everything,
        Leader Everything, SystemAdmin Everything, SecurityAdmin Everything, AuditAdmin Everything;
    /// 维护机关名录: the office, for the directory of its government. The office itself sits below that government;
    /// [`super::change::reach`] says which branch that is.
    EditOrgans = "organ.edit", "维护机关名录": OfficeClerk Below, OfficeHead Below;
}
