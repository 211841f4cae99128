//! Failures as people meet them: what happened, whether the data are safe, what to do now, and a number to quote.

use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::db::StoreError;
use crate::fault::Reason;
use crate::files::NotKept;

/// One line of the closed list of failures that a capability can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemRow {
    /// Stable kebab-case code.
    pub code: &'static str,
    pub status: u16,
    /// 发生了什么
    pub title: &'static str,
    /// 数据是否安全
    pub safe: &'static str,
    /// 现在怎么办
    pub advice: &'static str,
}

/// A failure on its way to the edge, where it becomes a page or `application/problem+json`.
#[derive(Debug, Clone)]
pub struct Problem {
    pub row: ProblemRow,
    /// What the row's general words cannot say: the very thing that was not found, all the reasons of a refusal.
    pub details: Vec<String>,
    /// The field of a form that each detail belongs to, as far as one does.
    pub fields: Vec<&'static str>,
}

impl Problem {
    pub const NOT_FOUND: ProblemRow = ProblemRow {
        code: "not-found",
        status: 404,
        title: "没有找到这个页面或内容",
        safe: "数据没有被改动。",
        advice: "请检查地址；它也可能已被移走，或不在您的权限范围内。可返回首页重新查找。",
    };
    pub const WITHHELD: ProblemRow = ProblemRow {
        code: "file-withheld",
        status: 410,
        title: "这个文件已撤下",
        safe: "其他内容没有变化。",
        advice: "需要这份文件的，请向发布它的单位咨询。",
    };
    pub const DAMAGED: ProblemRow = ProblemRow {
        code: "file-damaged",
        status: 500,
        title: "文件与登记的校验值不一致，没有发出",
        safe: "文件在存储中被改动或损坏；其他内容没有变化。",
        advice: "请告诉系统管理员运行“gongkai verify”，从备份中找回原来的文件。",
    };
    pub const FORBIDDEN: ProblemRow = ProblemRow {
        code: "forbidden",
        status: 403,
        title: "您没有办理这件事的权限",
        safe: "数据没有被改动。",
        advice: "如确需办理，请联系本单位的安全管理员调整角色。",
    };
    pub const SIGN_IN: ProblemRow = ProblemRow {
        code: "sign-in",
        status: 401,
        title: "请先登录",
        safe: "数据没有被改动；尚未保存的填写内容请先自行留存。",
        advice: "登录后会回到刚才的页面。",
    };
    pub const BAD_REQUEST: ProblemRow = ProblemRow {
        code: "bad-request",
        status: 400,
        title: "提交的内容无法识别",
        safe: "数据没有被改动。",
        advice: "请返回上一页，核对后重新填写。",
    };
    pub const CROSS_SITE: ProblemRow = ProblemRow {
        code: "cross-site",
        status: 403,
        title: "这次提交不是从本站页面发出的",
        safe: "数据没有被改动。",
        advice: "请回到本站页面，重新填写后提交。",
    };
    pub const STALE: ProblemRow = ProblemRow {
        code: "stale",
        status: 409,
        title: "别人刚刚改动了同一内容",
        safe: "您的填写没有覆盖别人的改动，两边的内容都在。",
        advice: "请打开最新内容核对后再保存。",
    };
    pub const INFECTED: ProblemRow = ProblemRow {
        code: "infected",
        status: 422,
        title: "文件里发现病毒，没有保存",
        safe: "文件没有保存，已有数据没有被改动。",
        advice: "请用本机的杀毒软件处理后，重新上传干净的文件。",
    };
    pub const NOT_SCANNED: ProblemRow = ProblemRow {
        code: "not-scanned",
        status: 503,
        title: "杀毒检查没有完成，文件没有保存",
        safe: "文件没有保存，已有数据没有被改动。",
        advice: "文件太大时请拆分后上传；其他情况请稍后重试，仍不行请告诉系统管理员检查杀毒服务。",
    };
    pub const ADDRESS_TOO_LONG: ProblemRow = ProblemRow {
        code: "address-too-long",
        status: 414,
        title: "地址太长，没有处理",
        safe: "数据没有被改动。",
        advice: "请返回上一页，缩短检索的文字或者减少筛选条件后再试；地址是从别处复制来的，请核对是否完整。",
    };
    pub const TOO_LARGE: ProblemRow = ProblemRow {
        code: "too-large",
        status: 413,
        title: "上传的内容太大",
        safe: "文件没有保存，已有数据没有被改动。",
        advice: "请压缩图片或拆分文件后重新上传。",
    };
    pub const REFUSED: ProblemRow = ProblemRow {
        code: "refused",
        status: 422,
        title: "现在不能这样办理",
        safe: "数据没有被改动。",
        advice: "请按列出的原因处理后，再办一次。",
    };
    pub const TOO_MANY: ProblemRow = ProblemRow {
        code: "too-many",
        status: 429,
        title: "尝试次数过多",
        safe: "数据没有被改动。",
        advice: "请稍候几分钟再试。",
    };
    pub const DISK_FULL: ProblemRow = ProblemRow {
        code: "disk-full",
        status: 507,
        title: "服务器存储空间已满，没有保存",
        safe: "已有数据完好，这次提交没有留下半截内容。",
        advice: "请把填写内容留存好，并告知系统管理员清理空间后再提交。",
    };
    pub const INTERNAL: ProblemRow = ProblemRow {
        code: "internal",
        status: 500,
        title: "系统出错，没有完成",
        safe: "这次改动已全部撤销，已有数据完好。",
        advice: "请稍后重试；如再次出现，请把下面的编号告诉系统管理员。",
    };

    #[must_use]
    pub fn new(row: ProblemRow) -> Self {
        Self {
            row,
            details: Vec::new(),
            fields: Vec::new(),
        }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Self::NOT_FOUND)
    }

    /// All the reasons at once.
    #[must_use]
    pub fn refused(reasons: Vec<String>) -> Self {
        Self {
            details: reasons,
            ..Self::new(Self::REFUSED)
        }
    }

    /// What a form was refused for, each reason at its field.
    #[must_use]
    pub fn of_form(reasons: Vec<Reason>) -> Self {
        let (fields, details) = reasons.into_iter().unzip();
        Self {
            fields,
            details,
            ..Self::new(Self::REFUSED)
        }
    }

    /// What somebody without an account can do: nobody administers for them.
    #[must_use]
    pub fn advice_for_public(&self) -> &'static str {
        match self.row {
            Self::NOT_FOUND => {
                "请检查网址；它也可能已被移走或撤下。可从首页的栏目查找、检索，没有找到的信息可以申请公开。"
            }
            Self::FORBIDDEN => "这一页不对外公开。需要的信息可以检索，或者申请公开。",
            Self::DISK_FULL | Self::NOT_SCANNED => {
                "请把填写内容留存好，稍后再提交；急需办理的，请与主办单位联系。"
            }
            Self::INTERNAL => "请稍后重试；如再次出现，请把下面的编号告诉主办单位。",
            row => row.advice,
        }
    }

    /// What the link to the page that led here says, where going back there helps.
    #[must_use]
    pub fn way_back(&self) -> Option<&'static str> {
        match self.row.status {
            409 => Some("打开最新内容"),
            400 | 413 | 422 | 503 | 507 => Some("返回刚才的页面"),
            _ => None,
        }
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_disk_full() {
            return Self::new(Self::DISK_FULL);
        }
        if matches!(error, StoreError::Stale) {
            return Self::new(Self::STALE);
        }
        if let StoreError::NotKept(why) = error {
            return match why {
                NotKept::Infected(name) => {
                    Self::new(Self::INFECTED).detail(format!("杀毒软件报告：{name}"))
                }
                NotKept::NotScanned => Self::new(Self::NOT_SCANNED),
            };
        }
        // Logged once, here at the edge; the request's span carries the number that the page shows.
        tracing::error!(error = &error as &dyn std::error::Error, "store failed");
        Self::new(Self::INTERNAL)
    }
}

impl From<MultipartError> for Problem {
    /// A form that did not come whole, or is larger than its address takes.
    fn from(error: MultipartError) -> Self {
        Self::new(match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TOO_LARGE,
            _ => Self::BAD_REQUEST,
        })
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "template failed");
        Self::new(Self::INTERNAL)
    }
}

impl IntoResponse for Problem {
    /// A bare answer that carries the problem; `layers` renders it as a page or as JSON.
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.row.title).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn a_refusal_points_to_its_reasons_wherever_they_stand() {
        let advice = Problem::REFUSED.advice;
        assert!(advice.contains("列出的原因"), "{advice}");
        assert!(!advice.contains("下面"), "they stand above: {advice}");
    }
}
