//! Forms that stay in the file or that others fill in: 申请表, 登记表, 审查表, 送达回证.

use super::{Audience, BlankKind as K, Remedy, Shape, Template, may, must};

pub(super) const APPLICATION: Template = Template {
    shape: Shape::Form,
    to: Audience::File,
    articles: &["《政府信息公开条例》第二十九条"],
    remedy: Remedy::None,
    blanks: &[
        must("organ_to", "受理机关", K::Line, "安澜市财政局"),
        must(
            "applicant_kind",
            "申请人类型",
            super::APPLICANT_KINDS,
            "person",
        ),
        must("applicant", "姓名或名称", K::Line, "刘某"),
        must("id_kind", "证件名称（公民）", K::Line, "居民身份证"),
        must(
            "id_no",
            "证件号码或统一社会信用代码",
            K::Line,
            "（见所附复印件）",
        ),
        may("employer", "工作单位（公民）", K::Line, ""),
        may("representative", "法定代表人、联系人（组织）", K::Line, ""),
        must(
            "address",
            "通信地址、邮政编码",
            K::Line,
            "安澜市云岭县青禾镇",
        ),
        must("phone", "联系电话", K::Line, "0700-0000003"),
        may("email", "电子邮箱", K::Line, ""),
        must(
            "summary",
            "所需信息的名称、文号或者其他特征性描述",
            K::Text,
            "2025年度市级“三公”经费决算明细",
        ),
        must(
            "channel",
            "获取信息的方式",
            K::Choice(&[
                ("post", "邮寄"),
                ("email", "电子邮件"),
                ("fax", "传真"),
                ("pick_up", "自行领取"),
                ("read", "当场阅读、抄录"),
                ("web", "网上获取"),
            ]),
            "post",
        ),
        must(
            "carrier",
            "信息的载体形式",
            K::Choice(&[
                ("paper", "纸质"),
                ("email", "电子邮件"),
                ("disc", "光盘"),
                ("electronic", "电子文档"),
                ("other", "其他"),
            ]),
            "paper",
        ),
        must("id_proof", "身份证明附件", K::Line, "居民身份证复印件1份"),
        must("applied_on", "申请时间", K::Date, "2026-09-18"),
        may("signature", "申请人签名（盖章）", K::Line, ""),
    ],
    body: &[],
};

pub(super) const REGISTER: Template = Template {
    shape: Shape::Form,
    to: Audience::File,
    articles: &[
        "《政府信息公开条例》第三十一条",
        "《政府信息公开条例》第四十五条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must("case_no", "编号", K::Line, "AL2026-0042"),
        must("channel", "收到渠道", K::Line, "邮寄"),
        must("came_on", "提交、签收或确认日期", K::Date, "2026-09-18"),
        must("received_on", "收到申请日期", K::Date, "2026-09-18"),
        must("due_on", "答复到期日", K::Date, "2026-10-22"),
        must("applicant", "申请人", K::Line, "刘某"),
        must(
            "summary",
            "申请内容",
            K::Text,
            "2025年度市级“三公”经费决算明细",
        ),
        must("unit", "承办单位", K::Line, "预算科"),
        must("officer", "经办人", K::Line, "何书瑶"),
        may(
            "course",
            "处理过程",
            K::Text,
            "9月21日转预算科；10月12日提出答复意见；10月14日公开审查通过。",
        ),
        may("outcome", "结果类型", K::Line, "予以公开"),
        may("replied_on", "答复日期", K::Date, "2026-10-15"),
        may(
            "delivered",
            "送达方式与日期",
            K::Line,
            "邮寄，2026年10月15日交邮",
        ),
        may("archive_no", "归档号", K::Line, ""),
    ],
    body: &[],
};

const LEVELS: K = K::Choice(&[
    ("none", "不属于国家秘密"),
    ("secret", "属于国家秘密"),
    ("unsure", "不能确定，送审"),
]);
const PRIVATE: K = K::Choice(&[
    ("none", "不含"),
    ("masked", "含，已作处理"),
    ("consulted", "含，已征求第三方意见"),
]);

pub(super) const REVIEW: Template = Template {
    shape: Shape::Form,
    to: Audience::File,
    articles: &["《政府信息公开条例》第十七条"],
    remedy: Remedy::None,
    blanks: &[
        must("case_no", "申请编号", K::Line, "AL2026-0042"),
        must(
            "name",
            "信息名称",
            K::Line,
            "2025年度市级“三公”经费决算明细表",
        ),
        must(
            "way",
            "拟公开方式",
            K::Choice(&[
                ("request", "依申请公开"),
                ("partly", "部分公开（区分处理）"),
                ("refuse", "不予公开"),
                ("publish", "主动公开"),
            ]),
            "request",
        ),
        must("level", "密级判断", LEVELS, "none"),
        must("private", "个人信息、商业秘密判断", PRIVATE, "none"),
        must("officer_opinion", "承办人意见", K::Text, "建议予以公开。"),
        must("reviewer_opinion", "审查人意见", K::Text, "同意公开。"),
        may("approval", "领导审批", K::Text, ""),
        must("reviewed_on", "审查日期", K::Date, "2026-10-14"),
    ],
    body: &[],
};

pub(super) const DELIVERY: Template = Template {
    shape: Shape::Form,
    to: Audience::File,
    articles: &["《政府信息公开条例》第三十六条"],
    remedy: Remedy::None,
    blanks: &[
        must("paper", "送达文书名称", K::Line, "政府信息公开答复书"),
        must("paper_number", "文号", K::Line, "安财公开〔2026〕15号"),
        must("recipient", "受送达人", K::Line, "刘某"),
        must(
            "way",
            "送达方式",
            K::Choice(&[
                ("direct", "直接送达"),
                ("entrusted", "委托其他机关送达"),
                ("post", "邮政企业邮寄"),
                ("online", "互联网渠道"),
            ]),
            "direct",
        ),
        may("mail_no", "邮件号", K::Line, ""),
        may("receiver", "签收人（签名或盖章）", K::Line, ""),
        may("served_on", "签收或交邮日期", K::Date, ""),
        may("server", "送达人", K::Line, ""),
        may("note", "备注（拒收事由等）", K::Text, ""),
    ],
    body: &[],
};
