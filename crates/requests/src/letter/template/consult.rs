//! Asking others: 第三方, 共同制作机关, 协办单位, 保密行政管理部门; and what the applicant and the third party are told.

use super::notice::{OPENING_BY_LAW, OPENING_BY_OWN, OWN_TERM};
use super::{Audience, BlankKind as K, Remedy, Shape, Template, may, must};

pub(super) const THIRD_PARTY: Template = Template {
    shape: Shape::Letter,
    to: Audience::Named,
    articles: &[
        "《政府信息公开条例》第十五条",
        "《政府信息公开条例》第三十二条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must(
            "content",
            "拟公开的信息内容",
            K::Text,
            "滨河路改造工程结算审核报告中你单位的工程量清单和综合单价",
        ),
        must(
            "reply_by",
            "意见到期日（收到之日起15个工作日）",
            K::Date,
            "2026-10-21",
        ),
    ],
    body: &[
        "本机关收到政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。其中以下内容涉及你方合法权益：",
        "{content}",
        "根据{law}第三十二条的规定，现征求你方是否同意公开的意见。请自收到本意见书之日起15个工作日内（发文当日收到的，至{reply_by}，含当日）在所附回执上写明是否同意；不同意公开的，请一并写明理由。",
        "逾期未提出意见的，由本机关依照条例的规定决定是否公开。你方不同意公开且有合理理由的，本机关不予公开；但本机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，并将决定公开的内容和理由书面告知你方。",
    ],
};

const OPINIONS: K = K::Choice(&[
    ("agree", "同意公开"),
    ("refuse", "不同意公开"),
    ("partly", "部分同意公开"),
]);

pub(super) const THIRD_PARTY_ANSWER: Template = Template {
    shape: Shape::Form,
    to: Audience::File,
    articles: &["《政府信息公开条例》第三十二条"],
    remedy: Remedy::None,
    blanks: &[
        must("asked_by", "征求意见机关", K::Line, "安澜市财政局"),
        must(
            "asked_number",
            "征求意见书文号",
            K::Line,
            "安财公开〔2026〕12号",
        ),
        must(
            "third_party",
            "第三方姓名（名称）",
            K::Line,
            "安澜市市政工程有限公司",
        ),
        // Empty where it goes out to be filled in.
        may("opinion", "意见", OPINIONS, "refuse"),
        may(
            "reason",
            "理由",
            K::Text,
            "综合单价体现投标报价构成，属于商业秘密。",
        ),
        may("signer", "签名（盖章）", K::Line, ""),
        may("signed_on", "日期", K::Date, "2026-10-14"),
    ],
    body: &[],
};

pub(super) const CONSULTING: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第三十二条",
        "《政府信息公开条例》第三十三条",
        "《政府信息公开条例》第三十四条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must(
            "asked",
            "征求谁的意见",
            K::Choice(&[("third", "第三方"), ("organ", "其他行政机关")]),
            "third",
        ),
        must("sent_on", "征求意见起始日", K::Date, "2026-09-23"),
        OWN_TERM,
    ],
    body: &[
        OPENING_BY_LAW,
        OPENING_BY_OWN,
        "?asked=third 因申请公开的政府信息涉及第三方合法权益，根据{law}第三十二条的规定，本机关已于{sent_on}向{asked}书面征求意见。",
        "?asked=organ 因申请公开的政府信息由多个行政机关共同制作，根据{law}第三十四条的规定，本机关已于{sent_on}向{asked}征求意见。",
        "?own_term 征求意见所需时间不计算在本机关办理期限内。",
        "!own_term 根据{law}第三十三条的规定，征求意见所需时间不计算在答复期限内。",
        "特此告知。",
    ],
};

pub(super) const DECIDED_OPEN: Template = Template {
    shape: Shape::Letter,
    to: Audience::Named,
    articles: &[
        "《政府信息公开条例》第十五条",
        "《政府信息公开条例》第三十二条",
    ],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "content",
            "决定公开的内容",
            K::Text,
            "滨河路改造工程结算审核报告中的工程总价和审核结论",
        ),
        must(
            "reason",
            "不公开对公共利益有重大影响的理由",
            K::Text,
            "该工程使用财政资金，结算结果关系公共资金使用的监督。",
        ),
        may("opinion", "第三方此前的意见", K::Line, "不同意公开"),
    ],
    body: &[
        "本机关收到政府信息公开申请（申请编号：{case_no}），申请公开：{summary}，并已就涉及你方合法权益的内容征求你方意见。",
        "?opinion 你方意见：{opinion}。",
        "经审查，本机关认为不公开可能对公共利益造成重大影响。根据{law}第三十二条的规定，决定公开以下内容：",
        "{content}",
        "理由：{reason}",
    ],
};

pub(super) const CO_MAKER: Template = Template {
    shape: Shape::Letter,
    to: Audience::Named,
    articles: &["《政府信息公开条例》第三十四条"],
    remedy: Remedy::None,
    blanks: &[
        must(
            "content",
            "共同制作的信息",
            K::Text,
            "《滨河路片区改造资金管理办法》联合印发稿",
        ),
        must(
            "reply_by",
            "意见到期日（收到之日起15个工作日）",
            K::Date,
            "2026-10-21",
        ),
    ],
    body: &[
        "本机关收到政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。以下信息由本机关牵头、与你单位共同制作：",
        "{content}",
        "根据{law}第三十四条的规定，现征求你单位意见。请自收到本意见书之日起15个工作日内（发文当日收到的，至{reply_by}，含当日）提出是否同意公开的意见及依据；逾期未提出意见的，视为同意公开。",
    ],
};

pub(super) const ASSIST: Template = Template {
    shape: Shape::Letter,
    to: Audience::Named,
    articles: &["《政府信息公开条例》第四十五条"],
    remedy: Remedy::None,
    blanks: &[
        must(
            "content",
            "协办内容",
            K::Text,
            "1.检索并提供所涉信息；\n2.提出是否公开的意见和依据。",
        ),
        must("reply_by", "回复时限", K::Date, "2026-09-30"),
    ],
    body: &[
        "本机关收到政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。因办理需要，请协助以下事项：",
        "{content}",
        "请于{reply_by}前书面回复。",
    ],
};

pub(super) const REVIEW_REFERRAL: Template = Template {
    shape: Shape::Letter,
    to: Audience::Named,
    articles: &["《政府信息公开条例》第十七条"],
    remedy: Remedy::None,
    blanks: &[
        must(
            "matter",
            "不能确定的事项",
            K::Text,
            "报告第三部分所列管线坐标是否属于不予公开的范围",
        ),
        must(
            "opinion",
            "本机关的意见",
            K::Text,
            "拟隐去坐标后公开其余内容。",
        ),
        may("reply_by", "请回复日期", K::Date, "2026-09-30"),
    ],
    body: &[
        "本机关收到政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。经审查，以下事项不能确定是否可以公开：",
        "{matter}",
        "本机关的意见：{opinion}",
        "根据{law}第十七条的规定，现报请确定。",
        "?reply_by 因答复有法定期限，请于{reply_by}前函复。",
    ],
};
