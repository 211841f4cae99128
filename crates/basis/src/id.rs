//! Identifiers: one type for each noun, so that a task's id never stands where a plan's is meant.

/// The text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("不是有效的编号")]
pub struct IdError;

/// Declares identifiers: a type for each noun, which reads and prints as a UUID.
///
/// ```
/// gongkai_basis::ids! {
///     /// 信件
///     LetterId,
/// }
/// assert!("x".parse::<LetterId>().is_err());
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// Takes a fresh time-ordered UUID (version 7); the caller makes it, since randomness is an argument.
            #[must_use]
            pub const fn new(uuid: ::uuid::Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn uuid(self) -> ::uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::id::IdError;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::id::IdError> {
                ::uuid::Uuid::parse_str(text).map(Self).map_err(|_| $crate::id::IdError)
            }
        }
    )+};
}

ids! {
    /// 机关
    OrganId,
    /// 账号
    AccountId,
    /// 要点分工方案
    PlanId,
    /// 导入草稿
    DraftId,
    /// 任务
    TaskId,
    /// 分工: task × organ × role
    AssignmentId,
    /// 进展填报
    ReportId,
    /// 佐证
    EvidenceId,
    /// 文件 (stored bytes)
    FileId,
    /// 后台作业
    JobId,
    /// 问题
    FindingId,
    /// 保存的视图
    ViewId,
    /// 收件箱的消息
    MessageId,
}
