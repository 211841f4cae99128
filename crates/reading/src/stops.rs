//! Lines that end a plan: the tail of an official paper and the foot of a web page.

use super::glance::Glance;
use super::text::{Mark, is_han, part, plain, trim};

/// Words with which such lines begin.
const STARTS: &[&str] = &[
    "附件",
    "附表",
    "附:",
    "公开方式",
    "公开属性",
    "抄送",
    "主送:",
    "分送",
    "发送范围",
    "发送单位",
    "发送对象",
    "印发范围",
    "发放范围",
    "抄报",
    "发至",
    "送:",
    "发:",
    "填报单位",
    "填报人",
    "填表人",
    "相关链接",
    "相关附件",
    "相关文档",
    "相关文件",
    "相关解读",
    "相关阅读",
    "相关信息",
    "关联文件",
    "打印",
    "【打印",
    "[打印",
    "分享",
    "扫一扫",
    "版权所有",
    "主办单位:",
    "主办:",
    "网站标识码",
    "政府网站标识码",
    "联系我们",
    "网站地图",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "关闭",
    "[关闭",
    "责任编辑",
    "编辑:",
    "编辑",
    "信息来源",
    "来源:",
    "文章来源",
    "浏览次数",
    "阅读次数",
    "点击",
    "关于我们",
    "技术支持",
    "收藏",
    "返回顶部",
    "回到顶部",
    "附件下载",
    "文件下载",
    "政策解读",
    "图解",
    "常见问题",
    "字体",
    "此件",
    "(此件",
    "网站声明",
    "友情链接",
    "版权",
    "您访问的",
    "备案",
    "已归档",
    "扫描二维码",
    "微信扫",
    "用微信",
    "打开微信",
    "办公室20",
    "印发日期",
    "本文链接",
    "字号",
    "二维码",
    "网站无障碍",
    "无障碍",
    "全文",
    "承办单位:",
    "建设单位",
    "地址:",
    "邮编",
    "(联系人",
    "联系人:",
    "联系电话",
    "政策咨询",
    "注:",
    "备注:",
    "说明:",
];
const STARTING: Glance = Glance::heads(STARTS);
/// Words that such lines hold.
const HOLDS: &[&str] = &[
    "ICP备",
    "公网安备",
    "版权所有",
    "标识码",
    "印发",
    "Copyright",
    "copyright",
    "ALLRIGHTS",
    "AllRights",
    "上一篇",
    "下一篇",
];

/// Longest line that is looked at, in characters.
const LINE_MAX: usize = 120;
/// Longest note below a table, in characters.
const NOTE_MAX: usize = 400;

/// 注：…, 说明：…: words on the whole of a table, however many.
pub(crate) fn is_note(line: &[Mark]) -> bool {
    const NOTES: &[&str] = &["注:", "备注:", "说明:", "填表说明", "填报说明"];
    let run = trim(line);
    let head = plain(part(run, 0, 8));
    run.len() <= NOTE_MAX && NOTES.iter().any(|w| head.starts_with(w))
}

/// Whether a line stands behind the end of a plan.
pub(crate) fn is_stop(line: &[Mark]) -> bool {
    const HELD: Glance = Glance::heads(HOLDS);
    let run = trim(line);
    if run.len() > LINE_MAX {
        return false;
    }
    let text = plain(run);
    let short = text.chars().count() <= 40;
    (STARTING.begins(&text, STARTS)
        && (short
            || text.starts_with("附件")
            || text.starts_with("抄送")
            || text.starts_with("相关")))
        || HELD.finds(&text, HOLDS)
            && HOLDS
                .iter()
                .any(|w| text.contains(w) && (*w != "印发" || (text.ends_with("印发") && short)))
}

/// Longest mark of a page that may be a category of measures as well, in characters.
const CATEGORY_MAX: usize = 12;

/// 政策解读, 附件下载, 打印: the mark of a page alone on its line, and the heading of measures as well. What stands behind it
/// tells which.
pub(crate) fn may_head(line: &[Mark]) -> bool {
    let run = trim(line);
    if run.first().is_none_or(|m| !STARTING.may(m.fold)) {
        return false;
    }
    let text = plain(run);
    text.chars().count() <= CATEGORY_MAX
        && text.chars().all(is_han)
        && STARTING.begins(&text, STARTS)
}

/// Lines behind such a mark in which the plan may show that it goes on.
pub(crate) const BEHIND_MAX: usize = 20;

/// A closing request of a notice: 请各单位于11月30日前将落实情况报区政务公开办.
pub(crate) fn is_request(line: &[Mark]) -> bool {
    if line.iter().all(|m| m.fold != '请') {
        return false;
    }
    let text = plain(trim(line));
    let asks = text.starts_with('请') || text.contains(",请于") || text.starts_with("各单位请");
    let sends = || {
        [
            "报送", "上报", "报至", "反馈", "送至", "报区", "报市", "报县", "报省", "报镇", "报我",
        ]
        .iter()
        .any(|w| text.contains(w))
    };
    asks && text.contains('前') && text.contains(['月', '日']) && sends()
}

/// Words of a page's frame, before or after a paper.
const FRAME: &[&str] = &[
    "您当前的位置",
    "当前位置",
    "您的位置",
    "首页",
    "无障碍",
    "长者",
    "老年",
    "适老",
    "繁体",
    "简体",
    "登录",
    "注册",
    "搜索",
    "打印",
    "分享",
    "字号",
    "字体",
    "浏览",
    "阅读",
    "点击",
    "信息来源",
    "来源",
    "发布日期",
    "发布时间",
    "责任编辑",
    "关闭",
    "收藏",
    "二维码",
    "扫一扫",
    "版权",
    "主办",
    "承办",
    "备案",
    "ICP",
    "网站地图",
    "联系我们",
    "政务公开>",
    "信息索取",
    "视力保护",
    "朗读",
    "语音",
    "TOP",
    "上一篇",
    "下一篇",
    "相关链接",
    "微信",
    "微博",
];

/// 关于印发甲的通知.pdf: the link to a file of the paper.
pub(crate) fn is_file(line: &[Mark]) -> bool {
    const FILES: &[&str] = &[
        ".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".zip", ".rar",
    ];
    let run = trim(line);
    if !run.last().is_some_and(|m| m.fold.is_ascii_alphabetic()) {
        return false;
    }
    let text = plain(run).to_ascii_lowercase();
    !text.starts_with("附件") && FILES.iter().any(|end| text.ends_with(end))
}

pub(crate) fn is_frame(line: &[Mark]) -> bool {
    const HELD: Glance = Glance::heads(FRAME);
    let text = plain(trim(line));
    text.chars().count() <= 60 && (HELD.finds(&text, FRAME) || text.contains('>') || is_file(line))
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    #[test]
    fn tails_are_known() {
        for text in [
            "附件：2022年台账",
            "公开方式：主动公开",
            "抄送：市委有关部门",
            "版权所有：安澜市人民政府",
            "相关链接：",
            "安澜市人民政府办公室  2022年6月16日印发",
            "主办单位：安澜市人民政府",
        ] {
            assert!(is_stop(&run(text)), "{text}");
        }
        for text in [
            "1.加强公开。",
            "责任单位：市司法局",
            "市司法局牵头",
            "关于印发要点的通知",
            "一、加强组织领导",
        ] {
            assert!(!is_stop(&run(text)), "{text}");
        }
    }
}
