//! 答复书: the final replies that give, refuse, or cannot give (条例 art. 36, 37, 38, 30).

use super::notice::OPENING;
use super::{Audience, BlankKind as K, Remedy, Shape, Template, may, must};

const REVIEWED: &str = "经审查，现答复如下：";

pub(super) const ALREADY_PUBLISHED: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（一）项"],
    remedy: Remedy::Either,
    blanks: &[must(
        "where",
        "获取方式、途径（网址、公报期号等）",
        K::Text,
        "安澜市人民政府门户网站“财政预决算”栏目，https://www.anlan.example/czyjs/2025",
    )],
    body: &[
        OPENING,
        REVIEWED,
        "{you}申请的政府信息已经主动公开。根据{law}第三十六条第（一）项的规定，告知{you}获取该政府信息的方式、途径：{where}。",
    ],
};

const SUPPLY: K = K::Choice(&[
    ("given", "随本答复书提供"),
    ("later", "告知获取的方式、途径和时间"),
]);

pub(super) const DISCLOSE: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第三十六条第（二）项",
        "《政府信息公开条例》第四十条",
    ],
    remedy: Remedy::Either,
    blanks: &[
        must("supply", "怎样提供", SUPPLY, "given"),
        may(
            "list",
            "提供的信息清单（附件，每行一项）",
            K::Text,
            "2025年度市级“三公”经费决算明细表",
        ),
        may("form", "提供形式", K::Line, "纸质"),
        may("pages", "页数", K::Number(1, 1_000_000), "12"),
        may("where", "获取的方式、途径", K::Line, ""),
        may("when", "获取的时间", K::Line, ""),
    ],
    body: &[
        OPENING,
        REVIEWED,
        "?supply=given {you}申请的政府信息可以公开。根据{law}第三十六条第（二）项的规定，现将该政府信息提供给{you}。",
        "?supply=later {you}申请的政府信息可以公开。根据{law}第三十六条第（二）项的规定，告知{you}获取该政府信息的方式、途径和时间：{where}；{when}。",
        "?form 提供形式：{form}。",
        "?pages 共{pages}页。",
        "?list 所提供的信息：{list}",
    ],
};

/// Law: art. 15, 32: what is withheld for the sake of others says what they said.
const OPINION: &str = "第三方意见（以第三方权益为由的必填）";

const PART_SUPPLY: K = K::Choice(&[("attached", "另附材料提供"), ("here", "全部写在本答复书里")]);

pub(super) const PARTLY: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十七条"],
    remedy: Remedy::Mixed,
    blanks: &[
        must(
            "open_part",
            "公开的部分",
            K::Text,
            "结算审核报告中的工程概况、审核结论和工程总价",
        ),
        may(
            "supply",
            "公开的部分怎样提供（空着按另附材料）",
            PART_SUPPLY,
            "attached",
        ),
        must("closed_part", "不予公开的部分", K::Text, "综合单价分析表"),
        must("grounds", "不予公开事由", K::Grounds, "n4"),
        must(
            "reason",
            "不予公开的理由",
            K::Text,
            "综合单价体现施工单位的投标报价构成，不为公众所知悉并由其采取保密措施；经书面征求意见，施工单位不同意公开。",
        ),
        may(
            "opinion",
            OPINION,
            K::Line,
            "安澜市市政工程有限公司于2026年10月14日书面表示不同意公开",
        ),
        may("form", "提供形式", K::Line, "纸质"),
    ],
    body: &[
        OPENING,
        REVIEWED,
        "{you}申请的政府信息中含有不应当公开的内容，但能够作区分处理。根据{law}第三十七条的规定：",
        "# 一、予以公开的部分",
        "{open_part}",
        "?supply=here 以上是予以公开的全部内容，不另附材料。",
        "?form 提供形式：{form}。",
        "# 二、不予公开的部分",
        "{closed_part}",
        "不予公开的依据：{grounds}。",
        "?opinion 第三方意见：{opinion}。",
        "理由：{reason}",
    ],
};

pub(super) const REFUSE: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（三）项"],
    remedy: Remedy::ReviewFirst,
    blanks: &[
        must("grounds", "不予公开事由", K::Grounds, "n6"),
        must(
            "reason",
            "理由",
            K::Text,
            "所申请的会议记录形成于决策讨论过程，内容为与会人员的讨论意见，尚未形成最终结论。",
        ),
        must(
            "separation",
            "为什么不能区分处理",
            K::Text,
            "该记录全部为讨论意见，不含可以单独提供的内容",
        ),
        may("opinion", OPINION, K::Line, ""),
    ],
    body: &[
        OPENING,
        REVIEWED,
        "{you}申请的政府信息不予公开。依据：{grounds}。",
        "?opinion 第三方意见：{opinion}。",
        "理由：{reason}",
        "经审查，{separation}，不能按照{law}第三十七条作区分处理。",
        "根据{law}第三十六条第（三）项的规定，告知{you}不予公开并说明理由如上。",
    ],
};

pub(super) const NOT_HELD: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（四）项"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "search_scope",
            "检索范围",
            K::Line,
            "本机关档案室2015年以来的文书档案和财务档案、办公自动化系统",
        ),
        must(
            "search_how",
            "检索方式",
            K::Line,
            "以“滨河路”“结算审核”为关键词检索，并查阅相关年度目录",
        ),
        must("search_result", "检索结果", K::Line, "未检索到您申请的信息"),
    ],
    body: &[
        OPENING,
        REVIEWED,
        "本机关对{you}申请的政府信息进行了检索。检索范围：{search_scope}；检索方式：{search_how}；检索结果：{search_result}。",
        "根据{law}第三十六条第（四）项的规定，告知{you}该政府信息不存在。",
    ],
};

pub(super) const NOT_OURS: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十六条第（五）项"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "reason",
            "不属于本机关负责公开的理由",
            K::Text,
            "该信息由安澜市住房和城乡建设局制作，本机关未制作也未保存。",
        ),
        may(
            "responsible",
            "负责公开的机关（能够确定的）",
            K::Line,
            "安澜市住房和城乡建设局",
        ),
        may(
            "responsible_contact",
            "该机关的联系方式",
            K::Line,
            "安澜市建设路8号，0700-0000001",
        ),
    ],
    body: &[
        OPENING,
        REVIEWED,
        "{you}申请的政府信息不属于本机关负责公开。理由：{reason}",
        "根据{law}第三十六条第（五）项的规定，告知{you}上述情况。",
        "?responsible 经初步判断，负责公开该政府信息的行政机关是{responsible}，联系方式：{responsible_contact}。",
    ],
};

pub(super) const NOT_READY: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十八条"],
    remedy: Remedy::Either,
    blanks: &[must(
        "reason",
        "需要加工、分析的理由",
        K::Text,
        "本机关没有按街道汇总的现成数据，提供该信息需要对四百余份原始凭证重新统计、分析。",
    )],
    body: &[
        OPENING,
        REVIEWED,
        "{law}第三十八条规定，行政机关向申请人提供的信息，应当是已制作或者获取的政府信息；需要行政机关对现有政府信息进行加工、分析的，行政机关可以不予提供。",
        "{reason}",
        "因此，对{you}申请的信息，本机关不予提供。",
    ],
};

pub(super) const STILL_UNCLEAR: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &["《政府信息公开条例》第三十条"],
    remedy: Remedy::Either,
    blanks: &[
        must(
            "asked_number",
            "补正告知书文号",
            K::Line,
            "安财公开〔2026〕9号",
        ),
        must("asked_on", "补正告知日期", K::Date, "2026-09-22"),
        must(
            "supplemented",
            "已补正的情况",
            K::Line,
            "您于2026年9月28日来函补正了身份证明",
        ),
        must(
            "unclear",
            "仍不明确之处",
            K::Text,
            "补正内容仍未写明信息的年度、单位或其他可以检索的特征。",
        ),
    ],
    body: &[
        OPENING,
        "因申请内容不明确，本机关于{asked_on}以{asked_number}告知{you}补正。{supplemented}。",
        "经审查，补正后申请内容仍不明确：{unclear}",
        "本机关不能据此确定{you}申请的政府信息，根据{law}第三十条的规定，无法提供。",
    ],
};

const FINDINGS: K = K::Choice(&[
    ("rectify", "投诉属实，予以督促整改"),
    ("criticise", "投诉属实，予以通报批评"),
    ("fails", "投诉不成立"),
]);

/// Law: art. 47: who holds that an organ does not publish or answer as it must turns to the 主管部门; what is found true is put
/// right or named in public. Whether this answer itself can be challenged no text that we saw says, so it names what art. 51
/// leaves open against the organ complained of.
pub(super) const COMPLAINT: Template = Template {
    shape: Shape::Letter,
    to: Audience::Applicant,
    articles: &[
        "《政府信息公开条例》第四十七条",
        "《政府信息公开条例》第五十一条",
    ],
    remedy: Remedy::None,
    blanks: &[
        must("result", "处理结果", FINDINGS, "rectify"),
        must(
            "detail",
            "查明的事实和处理情况",
            K::Text,
            "经查，该单位2026年8月21日收到申请，至10月9日没有答复，已责令其限期答复。",
        ),
    ],
    body: &[
        "{received_on}，本机关收到{you}对政府信息公开工作的投诉（编号：{case_no}）：{summary}。",
        "根据{law}第四十七条的规定，处理结果：{result}。",
        "{detail}",
        "{you}认为被投诉的行政机关在政府信息公开工作中侵犯合法权益的，根据{law}第五十一条的规定，也可以依法申请行政复议或者提起行政诉讼。",
    ],
};
