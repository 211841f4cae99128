//! 告知书 that end a request without an answer on its content (条例 art. 35, 36(6), 36(7), 39, 30; 收费办法; art. 41).

use super::notice::OPENING;
use super::{Audience, BlankKind as K, Remedy, Shape, Template, may, must};

pub(super) const REPEATED: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（六）项"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "earlier_number",
            "前次答复文号",
            K::Line,
            "安财公开〔2026〕3号",
        ),
        must("earlier_on", "前次答复日期", K::Date, "2026-05-12"),
    ],
    body: &[
        OPENING,
        "经查，{you}此前已就相同的政府信息向本机关提出申请，本机关已于{earlier_on}以{earlier_number}作出答复。",
        "根据{law}第三十六条第（六）项的规定，告知{you}不予重复处理。",
    ],
};

pub(super) const QUERY: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（七）项"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "special_law",
            "适用的特别规定",
            K::Line,
            "《不动产登记资料查询暂行办法》",
        ),
        must(
            "office",
            "办理机构和办理方式",
            K::Text,
            "安澜市不动产登记中心查询窗口，凭身份证明申请查询",
        ),
    ],
    body: &[
        OPENING,
        "{you}申请的信息属于工商、不动产登记资料等信息，{special_law}对其获取有特别规定。",
        "根据{law}第三十六条第（七）项的规定，告知{you}依照该规定办理。办理机构和方式：{office}。",
    ],
};

pub(super) const PETITION: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十九条第一款"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "nature",
            "申请的性质",
            K::Choice(&[
                ("petition", "信访"),
                ("complaint", "投诉"),
                ("report", "举报"),
            ]),
            "complaint",
        ),
        must(
            "why",
            "判断的理由",
            K::Text,
            "您要求对滨河路工程质量问题进行查处。",
        ),
        may(
            "channel",
            "相应渠道",
            K::Line,
            "安澜市住房和城乡建设局工程质量投诉电话0700-0000002",
        ),
    ],
    body: &[
        OPENING,
        "经审查，{you}以政府信息公开申请的形式进行{nature}活动：{why}",
        "根据{law}第三十九条第一款的规定，告知{you}该申请不作为政府信息公开申请处理。",
        "?channel {you}可以通过以下渠道提出：{channel}。",
    ],
};

pub(super) const PUBLICATION: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十九条第二款"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "publication",
            "出版物名称",
            K::Line,
            "《安澜市人民政府公报》2025年第4期",
        ),
        must(
            "where",
            "获取的途径",
            K::Line,
            "安澜市人民政府门户网站“政府公报”栏目，或市图书馆地方文献室",
        ),
    ],
    body: &[
        OPENING,
        "{you}申请的内容要求本机关提供{publication}。",
        "根据{law}第三十九条第二款的规定，政府公报、报刊、书籍等公开出版物不作为政府信息公开申请提供，告知{you}获取的途径：{where}。",
    ],
};

pub(super) const EXCESSIVE: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十五条"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "facts",
            "数量、频次的事实",
            K::Text,
            "自2026年9月1日至9月18日，您向本机关提出政府信息公开申请46件。",
        ),
        must(
            "asked_number",
            "说明理由告知书文号",
            K::Line,
            "安财公开〔2026〕10号",
        ),
        must(
            "finding",
            "对理由的审查结论",
            K::Text,
            "您于2026年10月9日说明的理由与所申请的信息无关，不能说明需要如此数量和频次。",
        ),
    ],
    body: &[
        OPENING,
        "{facts}",
        "{you}申请公开政府信息的数量、频次明显超过合理范围，本机关已以{asked_number}要求{you}说明理由。",
        "经审查，{you}申请理由不合理：{finding}",
        "根据{law}第三十五条的规定，告知{you}不予处理。",
    ],
};

pub(super) const CONFIRMATION: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条"],
    remedy: Remedy::Either,
    blanks: &[
        must("earlier_on", "前次提供日期", K::Date, "2026-05-12"),
        must(
            "earlier",
            "前次提供的情况",
            K::Line,
            "以纸质形式提供2025年度决算报表1份",
        ),
    ],
    body: &[
        OPENING,
        "经查，本机关已于{earlier_on}{earlier}。{you}现要求本机关对已经获取的信息进行确认或者重新出具。",
        "该要求不属于申请获取政府信息，本机关不予处理。",
    ],
};

const REASONS: K = K::Choice(&[
    ("no_supplement", "逾期不补正"),
    ("no_payment", "逾期不缴费"),
    ("withdrawn", "申请人撤回"),
]);

pub(super) const CLOSED: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第三十条",
        "《政府信息公开信息处理费管理办法》",
    ],
    remedy: Remedy::Either,
    blanks: &[
        must("why", "不再处理的情形", REASONS, "no_supplement"),
        may(
            "asked_number",
            "补正告知书或收费通知书文号",
            K::Line,
            "安财公开〔2026〕9号",
        ),
        must("fact_on", "期限届满日或撤回日期", K::Date, "2026-10-22"),
    ],
    body: &[
        OPENING,
        "?why=no_supplement 本机关以{asked_number}告知{you}补正，补正期限于{fact_on}届满，{you}无正当理由逾期未补正。根据{law}第三十条的规定，视为放弃申请，本机关不再处理该政府信息公开申请。",
        "?why=no_payment 本机关以{asked_number}通知{you}缴纳信息处理费，缴费期限于{fact_on}届满，{you}逾期未缴纳。根据《政府信息公开信息处理费管理办法》的规定，视为放弃申请，本机关不再处理该政府信息公开申请。",
        "?why=withdrawn {you}于{fact_on}撤回该政府信息公开申请，本机关不再处理。",
    ],
};

const RESULTS: K = K::Choice(&[
    ("corrected", "予以更正"),
    ("transferred", "转送有权更正的机关"),
    ("told", "告知向有权更正的机关提出"),
    ("not_corrected", "不予更正"),
]);

pub(super) const CORRECTION: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第四十一条"],
    remedy: Remedy::Either,
    blanks: &[
        must("result", "处理结果", RESULTS, "corrected"),
        must(
            "detail",
            "处理情况和理由",
            K::Text,
            "经核对证据材料，登记表中您的出生日期有误，已于2026年10月9日更正。",
        ),
        may("competent", "有权更正的机关", K::Line, ""),
    ],
    body: &[
        "{received_on}，本机关收到{you}要求更正与自身相关的政府信息记录的申请（申请编号：{case_no}）：{summary}。",
        "根据{law}第四十一条的规定，处理结果：{result}。",
        "{detail}",
        "?competent 有权更正的行政机关：{competent}。",
    ],
};
