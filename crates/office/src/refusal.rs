//! The sentences of [`Unreadable`]: what happened · whether the file is harmed · what to do now.
//!
//! A reader knows neither what the file is for nor what was kept of it: whoever had it read says that.

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
        format!("文件过大或结构异常：{what}。原文件没有改动。请拆分或另存为较小的文件后再试。"),
    )
}

/// The bytes look like `what` but cannot be followed.
pub(crate) fn damaged(what: &str) -> Unreadable {
    refusal(
        "damaged",
        format!("文件已损坏或不完整：{what}。原文件没有改动。请用原来的软件打开并另存一份后再试。"),
    )
}

pub(crate) fn encrypted(what: &str) -> Unreadable {
    refusal(
        "encrypted",
        format!("{what}设有密码或已加密，无法读取。原文件没有改动。请取消密码后另存一份后再试。"),
    )
}

pub(crate) fn not_supported(what: &str, advice: &str) -> Unreadable {
    refusal(
        "not-supported",
        format!("暂不能读取{what}。原文件没有改动。{advice}"),
    )
}

/// A picture carries no characters; what it hides can still be looked for.
pub(crate) fn picture() -> Unreadable {
    refusal(
        "picture",
        "暂不能读取图片。原文件没有改动。请改用文件原件；只有图片时，请先做文字识别，核对后存为 Word 文件再试。".to_owned(),
    )
}

pub(crate) fn empty(what: &str) -> Unreadable {
    refusal(
        "empty",
        format!("{what}中没有任何文字。原文件没有改动。请确认是正式文件后再试。"),
    )
}

/// `name` is what people call the file: 这份 PDF.
pub(crate) fn scanned_pdf(name: &str, pages: usize) -> Unreadable {
    refusal(
        "scanned-pdf",
        format!(
            "{name} 共 {pages} 页，只有扫描图像，没有可读取的文字。原文件没有改动。请改用由 Word 或 WPS 导出的原件，或先做文字识别并核对后再试。"
        ),
    )
}

pub(crate) fn needs_conversion(what: &str) -> Unreadable {
    refusal(
        "needs-conversion",
        format!(
            "{what}的内部结构不能直接读取。原文件没有改动。请用 Word 或 WPS 打开，选择“另存为 .docx”后再试。"
        ),
    )
}

/// The process that was reading ended without an answer: it ran into a limit of the system.
pub(crate) fn stopped() -> Unreadable {
    refusal(
        "reader-stopped",
        "读取进程中途停止，可能是文件结构异常。原文件没有改动。请用原来的软件打开并另存为 .docx 后再试。".to_owned(),
    )
}

/// The fonts of a PDF or an OFD do not say which characters their glyphs are.
pub(crate) fn unmapped_text(name: &str) -> Unreadable {
    refusal(
        "unmapped-text",
        format!(
            "{name} 的字体没有说明字形对应的文字，读出来会是乱码。原文件没有改动。请改用由 Word 或 WPS 导出的原件，或另存为 .docx 后再试。"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sentence_says_what_a_reader_cannot_know() {
        let all = [
            too_large("文件超过 32 MB"),
            damaged("缺少工作簿部件"),
            encrypted("文件"),
            not_supported("压缩包", "请先解压，再逐个提供其中的文件。"),
            picture(),
            empty("文件"),
            scanned_pdf("这份 PDF", 3),
            needs_conversion("文件"),
            stopped(),
            unmapped_text("这份 OFD"),
        ];
        for Unreadable { code, message } in all {
            for word in ["保存任何", "方案", "上传"] {
                assert!(!message.contains(word), "{code}: {message}");
            }
            assert!(message.contains("原文件没有改动"), "{code}: {message}");
        }
    }
}
