//! Roles that a person holds in an organ. The list is the product's: GLOSSARY.md says where each comes from.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal;)+) => {
        /// A role in an organ. What each may do stands in `platform::access::policy`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Role {
            $($(#[$doc])* $variant,)+
        }

        impl Role {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code that the database and the audit chain store; never changed once released.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What people call it on screens.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

roles! {
    /// Splits plans, chases, scores, reports.
    OfficeClerk = "office_clerk", "政务公开办";
    /// Head of the 工作机构: approves extensions, bulletins, rankings.
    OfficeHead = "office_head", "工作机构负责人";
    /// Reports for a unit, with evidence.
    Liaison = "liaison", "联络员";
    /// Head of a unit: confirms what the liaison reports.
    UnitHead = "unit_head", "单位负责人";
    Author = "author", "撰稿";
    Proofreader = "proofreader", "校对";
    FirstReviewer = "first_reviewer", "一审";
    SecondReviewer = "second_reviewer", "二审";
    ThirdReviewer = "third_reviewer", "三审";
    SecrecyReviewer = "secrecy_reviewer", "保密审查";
    LegalityReviewer = "legality_reviewer", "合法性审查";
    RequestOfficer = "request_officer", "依申请经办";
    /// Reads and chases the levels below.
    Supervisor = "supervisor", "上级监督";
    /// Signs, wants one page.
    Leader = "leader", "领导";
    SystemAdmin = "system_admin", "系统管理员";
    SecurityAdmin = "security_admin", "安全管理员";
    AuditAdmin = "audit_admin", "审计管理员";
}

impl Role {
    /// The three separate powers (三员分立): an account that holds one holds no other role at all.
    #[must_use]
    pub const fn is_administrator(self) -> bool {
        matches!(
            self,
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin
        )
    }

    /// Why these roles cannot be held by one person, or `None` when they can.
    #[must_use]
    pub fn conflict(held: &[Self]) -> Option<&'static str> {
        let administrators = held.iter().filter(|role| role.is_administrator()).count();
        if administrators > 1 {
            Some("系统、安全、审计管理员三权分立，一人只能担任其中之一")
        } else if administrators == 1 && held.iter().any(|role| !role.is_administrator()) {
            Some("管理员账号不能同时担任业务角色")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn codes_lead_back_to_their_roles() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        assert_eq!(Role::from_code("root"), None);
    }

    #[test]
    fn the_three_powers_stay_apart() {
        assert!(Role::conflict(&[Role::SystemAdmin, Role::AuditAdmin]).is_some());
        assert!(Role::conflict(&[Role::SecurityAdmin, Role::OfficeClerk]).is_some());
        assert_eq!(Role::conflict(&[Role::OfficeClerk, Role::Liaison]), None);
        assert_eq!(Role::conflict(&[Role::AuditAdmin]), None);
    }
}
