//! Identifiers: one type for each noun, so that a task's id never stands where a plan's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("不是有效的编号")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a fresh time-ordered UUID (version 7); the caller makes it, since randomness is an argument.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError)
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
