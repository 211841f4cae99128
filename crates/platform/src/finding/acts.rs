//! What people may do with findings.

use crate::acts;

acts! {
    /// 查看问题: the office all that it watches over; those above read along.
    ViewFindings = "finding.view", "查看问题": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// 查看本单位问题: what was confirmed. An office sees its own, and those of its government, which has no other desk.
    ViewOwnFindings = "finding.view-own", "查看本单位问题": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// One finding: by either of the two.
    ReadFinding = "finding.read", "查看一个问题": OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below, Liaison Own, UnitHead Own;
    /// 登记、核实、复核问题
    HandleFinding = "finding.handle", "登记、核实、复核问题": OfficeClerk Own, OfficeHead Own;
    /// 整改问题
    MendFinding = "finding.mend", "整改问题": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
}
