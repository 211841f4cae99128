//! What the three administrators may do. Everything that a person does with their own account needs no act, only a session.

use crate::acts;

acts! {
    ReadAccounts = "account.read", "查看账号": SecurityAdmin Everything;
    CreateAccount = "account.create", "新建账号": SecurityAdmin Everything;
    ChangeRoles = "account.roles", "调整角色": SecurityAdmin Everything;
    /// New password, second factor taken off, lock taken off.
    ResetAccount = "account.reset", "重置登录方式": SecurityAdmin Everything;
    DisableAccount = "account.disable", "停用和启用账号": SecurityAdmin Everything;
    EndSessions = "account.end_sessions", "结束他人会话": SecurityAdmin Everything;
    HandOverWork = "account.hand_over", "移交工作": SecurityAdmin Everything;
    ReadAudit = "audit.read", "查看审计记录": AuditAdmin Everything;
    ExportAudit = "audit.export", "导出审计记录": AuditAdmin Everything;
    ManageJobs = "job.manage", "查看和取消后台作业": SystemAdmin Everything;
    ManageCalendar = "calendar.manage", "维护工作日历": SystemAdmin Everything;
}
