//! What an applicant is told while the request runs: 回执, 补正, 说明理由, 延期, 延迟, 收费. None can be challenged alone.

use super::{Audience, Blank, BlankKind as K, Remedy, Shape, Template, may, must};

/// How the papers begin.
pub(super) const OPENING: &str = "{received_on}，本机关收到{you}提出的政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。";

/// How those begin that a 更正 or a 投诉 may have, too.
pub(super) const OPENING_BY_LAW: &str = "!own_term {received_on}，本机关收到{you}提出的政府信息公开申请（申请编号：{case_no}），申请公开：{summary}。";
pub(super) const OPENING_BY_OWN: &str =
    "?own_term {received_on}，本机关收到{you}提出的{own_term}（编号：{case_no}）：{summary}。";

/// Which of both it is; art. 33 sets no limit for either. Empty for an application.
pub(super) const OWN_TERM: Blank = may(
    "own_term",
    "更正申请或者投诉举报（按本机关办理期限；政府信息公开申请空着）",
    K::Choice(&[
        ("correction", "政府信息更正申请"),
        ("complaint", "政府信息公开投诉举报"),
    ]),
    "",
);

pub(super) const RECEIPT: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第三十一条",
        "《政府信息公开条例》第三十三条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must("channel", "收到渠道", K::Line, "当面提交"),
        must("due_on", "答复到期日", K::Date, "2026-10-22"),
        must(
            "query",
            "查询方式",
            K::Line,
            "凭申请编号和查询码在本机关网站“依申请公开”栏目查询",
        ),
        OWN_TERM,
    ],
    body: &[
        OPENING_BY_LAW,
        OPENING_BY_OWN,
        "!own_term 该申请系{channel}，现予登记。根据{law}第三十三条的规定，本机关将于{due_on}（含当日）前作出答复；需要补正、征求第三方或者其他机关意见、延长答复期限的，将另行告知。",
        "?own_term 该件系{channel}，现予登记。按照本机关办理期限，本机关将于{due_on}（含当日）前作出答复；需要补正、征求第三方或者其他机关意见的，将另行告知。",
        "办理进度查询方式：{query}。",
    ],
};

pub(super) const SUPPLEMENT: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第二十九条",
        "《政府信息公开条例》第三十条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must(
            "items",
            "需补正事项（逐项）",
            K::Text,
            "1.写明所需决算明细的单位范围；\n2.补充身份证明复印件。",
        ),
        must(
            "guidance",
            "指导和释明",
            K::Text,
            "可以写明文件名称、文号，或者写明年度、单位、事项等便于检索的特征。",
        ),
        must("supplement_by", "补正期限", K::Date, "2026-10-22"),
    ],
    body: &[
        OPENING,
        "经审查，{you}申请的内容不明确或者不完备。根据{law}第三十条的规定，请{you}于{supplement_by}（含当日）前一次补正以下事项：",
        "{items}",
        "补正说明：{guidance}",
        "答复期限自本机关收到补正的申请之日起计算。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该政府信息公开申请。",
    ],
};

pub(super) const EXPLAIN_REASONS: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十五条"],
    remedy: Remedy::None,
    blanks: &[
        must(
            "facts",
            "数量、频次的事实",
            K::Text,
            "自2026年9月1日至9月18日，您向本机关提出政府信息公开申请46件。",
        ),
        must("explain_by", "说明理由期限", K::Date, "2026-10-12"),
    ],
    body: &[
        OPENING,
        "{facts}",
        "{you}申请公开政府信息的数量、频次明显超过合理范围。根据{law}第三十五条的规定，请{you}于{explain_by}（含当日）前以书面形式向本机关说明理由。",
        "本机关认为申请理由不合理的，将告知不予处理；认为申请理由合理，但是无法在规定期限内答复的，将确定延迟答复的合理期限并告知。",
    ],
};

/// Law: art. 33; where no head of the 工作机构 is appointed, the organ's own head approves.
const APPROVERS: K = K::Choice(&[
    ("office_head", "政府信息公开工作机构负责人"),
    ("unit_head", "本机关负责人"),
]);

pub(super) const EXTENSION: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十三条"],
    remedy: Remedy::None,
    blanks: &[
        // Both days are left open only where no calendar tells them.
        may("due_on", "原答复到期日", K::Date, "2026-10-22"),
        must("days", "延长工作日数", K::Number(1, 20), "20"),
        may("new_due_on", "延长后的到期日", K::Date, "2026-11-19"),
        must("why", "延长的原因", K::Line, "需要检索的档案数量较多"),
        must("approver", "批准人", K::Line, "周启明"),
        may(
            "approver_as",
            "批准人以什么身份批准（空着按政府信息公开工作机构负责人）",
            APPROVERS,
            "office_head",
        ),
    ],
    body: &[
        OPENING,
        "?approver_as !due_on 因{why}，本机关不能在{law}第三十三条规定的答复期限内作出答复。根据该条规定，经{approver_as}{approver}同意，答复期限延长{days}个工作日。国务院办公厅尚未公布相应年度的放假安排，原到期日和延长后的到期日在公布以后确定，期限照常计算。",
        "!approver_as !due_on 因{why}，本机关不能在{law}第三十三条规定的答复期限内作出答复。根据该条规定，经政府信息公开工作机构负责人{approver}同意，答复期限延长{days}个工作日。国务院办公厅尚未公布相应年度的放假安排，原到期日和延长后的到期日在公布以后确定，期限照常计算。",
        "?approver_as ?due_on ?new_due_on 因{why}，本机关不能在{due_on}（含当日）前作出答复。根据{law}第三十三条的规定，经{approver_as}{approver}同意，答复期限延长{days}个工作日，本机关将于{new_due_on}（含当日）前作出答复。",
        "?approver_as ?due_on !new_due_on 因{why}，本机关不能在{due_on}（含当日）前作出答复。根据{law}第三十三条的规定，经{approver_as}{approver}同意，答复期限延长{days}个工作日，延长后的到期日在国务院办公厅公布相应年度的放假安排以后确定。",
        "!approver_as ?due_on ?new_due_on 因{why}，本机关不能在{due_on}（含当日）前作出答复。根据{law}第三十三条的规定，经政府信息公开工作机构负责人{approver}同意，答复期限延长{days}个工作日，本机关将于{new_due_on}（含当日）前作出答复。",
        "!approver_as ?due_on !new_due_on 因{why}，本机关不能在{due_on}（含当日）前作出答复。根据{law}第三十三条的规定，经政府信息公开工作机构负责人{approver}同意，答复期限延长{days}个工作日，延长后的到期日在国务院办公厅公布相应年度的放假安排以后确定。",
        "特此告知。",
    ],
};

pub(super) const DEFERRAL: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十五条"],
    remedy: Remedy::None,
    blanks: &[
        must(
            "finding",
            "对理由的审查结论",
            K::Text,
            "您说明的理由合理，但所涉申请46件，本机关无法在规定期限内全部答复。",
        ),
        must("new_due_on", "延迟答复的合理期限", K::Date, "2026-12-31"),
    ],
    body: &[
        OPENING,
        "{finding}",
        "根据{law}第三十五条的规定，本机关确定延迟至{new_due_on}（含当日）前作出答复。",
        "特此告知。",
    ],
};

const SCHEMES: K = K::Choice(&[("requests", "按件计收"), ("pages", "按量计收")]);

pub(super) const FEE: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第四十二条",
        "《政府信息公开信息处理费管理办法》",
    ],
    remedy: Remedy::None,
    blanks: &[
        must("scheme", "计收方式", SCHEMES, "pages"),
        must(
            "count",
            "当月第几件，或本件页数",
            K::Number(1, 1_000_000),
            "68",
        ),
        must(
            "working",
            "计算明细",
            K::Text,
            "第1至30页，不收费；第31至68页，38页×10元＝380元",
        ),
        must("yuan", "金额（元）", K::Number(1, 100_000_000_000), "380"),
        must(
            "how_to_pay",
            "缴纳方式与账户",
            K::Text,
            "凭本通知书缴入安澜市非税收入汇缴专户，领取省级财政部门统一印制的财政票据。",
        ),
        must("pay_by", "缴费到期日", K::Date, "2026-10-27"),
    ],
    body: &[
        OPENING,
        "{you}申请公开政府信息的数量、频次明显超过合理范围。根据{law}第四十二条和《政府信息公开信息处理费管理办法》的规定，本机关决定收取信息处理费。",
        "# 一、计收方式和标准",
        "?scheme=requests {scheme}：同一申请人一个自然月内累计申请10件以下（含10件）的不收费，11—30件的部分每件100元，31件以上的部分以10件为一档，每增加一档，收费标准提高100元/件。{you}当月累计申请超过10件，本件为第{count}件。",
        "?scheme=pages {scheme}：30页以下（含30页）的不收费，31—100页的部分每页10元，101—200页的部分每页20元，201页以上的部分每页40元。本件共{count}页。",
        "# 二、计算明细和金额",
        "{working}。共计人民币{yuan}元。",
        "# 三、缴纳方式和期限",
        "{how_to_pay}",
        "请自收到本通知书次日起20个工作日内（发出当日收到的，至{pay_by}，含当日）缴清。逾期未缴纳的，视为放弃申请，本机关不再处理该政府信息公开申请。答复期限从{you}完成缴费次日起重新计算。",
    ],
};
