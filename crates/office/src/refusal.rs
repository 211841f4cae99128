//! The sentences of [`Unreadable`]: what happened · whether anything is harmed · what to do now.

use crate::block::Unreadable;

fn refusal(code: &str, message: String) -> Unreadable {
    Unreadable {
        code: code.to_owned(),
        message,
    }
}

/// A limit was met. `what` names it with its number, such as `表格单元格超过 200000 个`.
pub(crate) fn too_large(what: &str) -> Unreadable {
    refusal(
        "too-large",
        format!(
            "文件过大或结构异常：{what}。系统未保存任何内容，原文件没有改动。请删去与方案无关的部分后另存，再重新上传。"
        ),
    )
}

/// The bytes look like `what` but cannot be followed.
pub(crate) fn damaged(what: &str) -> Unreadable {
    refusal(
        "damaged",
        format!(
            "文件已损坏或不完整：{what}。系统未保存任何内容，原文件没有改动。请用原来的软件打开并另存一份，再重新上传。"
        ),
    )
}

pub(crate) fn encrypted(what: &str) -> Unreadable {
    refusal(
        "encrypted",
        format!(
            "{what}设有密码或已加密，无法读取。系统未保存任何内容，原文件没有改动。请取消密码后另存一份，再重新上传。"
        ),
    )
}

pub(crate) fn not_supported(what: &str, advice: &str) -> Unreadable {
    refusal(
        "not-supported",
        format!("暂不能读取{what}。系统未保存任何内容，原文件没有改动。{advice}"),
    )
}

/// A picture carries no characters; what it hides can still be looked for.
pub(crate) fn picture() -> Unreadable {
    refusal(
        "picture",
        "暂不能读取图片。系统未保存任何内容，原文件没有改动。请上传文件原件；只有图片时，请先做文字识别并核对，再以 Word 文件上传。".to_owned(),
    )
}

pub(crate) fn empty(what: &str) -> Unreadable {
    refusal(
        "empty",
        format!(
            "{what}中没有任何文字。系统未保存任何内容，原文件没有改动。请确认上传的是正式文件后重试。"
        ),
    )
}

pub(crate) fn scanned_pdf(pages: usize) -> Unreadable {
    refusal(
        "scanned-pdf",
        format!(
            "这份 PDF 共 {pages} 页，只有扫描图像，没有可读取的文字。系统未保存任何内容，原文件没有改动。请上传由 Word 或 WPS 导出的原件，或先做文字识别并核对后再上传。"
        ),
    )
}

pub(crate) fn needs_conversion(what: &str) -> Unreadable {
    refusal(
        "needs-conversion",
        format!(
            "{what}的内部结构不能直接读取。系统未保存任何内容，原文件没有改动。请用 Word 或 WPS 打开，选择“另存为 .docx”，再重新上传。"
        ),
    )
}

/// The process that was reading ended without an answer: it ran into a limit of the system.
pub(crate) fn stopped() -> Unreadable {
    refusal(
        "reader-stopped",
        "读取进程中途停止，可能是文件结构异常。系统未保存任何内容，原文件没有改动。请用原来的软件打开并另存为 .docx，再重新上传。".to_owned(),
    )
}

/// The fonts of a PDF do not say which characters their glyphs are.
pub(crate) fn unmapped_text() -> Unreadable {
    refusal(
        "unmapped-text",
        "这份 PDF 的字体没有说明字形对应的文字，读出来会是乱码。系统未保存任何内容，原文件没有改动。请上传由 Word 或 WPS 导出的原件，或另存为 .docx 后再上传。".to_owned(),
    )
}
