//! What the demo's people ask for, who they are, and what they are answered.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_requests::id::FormToken;
use gongkai_requests::request::receipt::{Days, Receipt};
use gongkai_requests::request::reply::{Decision, Ground, Reply};
use gongkai_requests::request::submit::Form;
use gongkai_requests::request::{
    Applicant, ApplicantKind, Channel, Form as Carrier, Kind, Way, Wish,
};
use uuid::Uuid;

/// What is complained of, with facts and reasons.
const COMPLAINTS: [(&str, &str); 3] = [
    (
        "安澜市财政局逾期不答复政府信息公开申请",
        "本人提交申请已超过20个工作日，没有收到答复，也没有收到延期答复告知书，请责令限期答复。",
    ),
    (
        "安澜市司法局没有主动公开法律援助机构名录",
        "名录属于应当主动公开的信息，部门网站的栏目里一年没有更新，电话询问没有回复，请督促公开。",
    ),
    (
        "安澜市住房和城乡建设局答复中没有告知救济途径",
        "不予公开的答复书没有写明申请行政复议的途径和期限，请督促改正。",
    ),
];
/// What people ask for: some of it several times, so that suggestions arise.
const SUBJECTS: [&str; 16] = [
    "2025年老旧小区改造项目清单和资金安排",
    "公交线路调整评估报告",
    "城区学位分配方案及测算依据",
    "江滨路道路扩建工程征地补偿标准",
    "2025年老旧小区改造项目清单",
    "饮用水水源地水质监测月报",
    "社区养老服务设施补贴发放情况",
    "公共停车场建设计划",
    "行政执法人员名单和资格证编号",
    "公交线路调整的评估报告",
    "某地块控制性详细规划图则",
    "中小学食堂供餐企业招标结果",
    "加装电梯财政补贴办理情况",
    "农村危房改造对象名单",
    "公共法律服务中心年度经费",
    "生活垃圾处理费收支情况",
];

fn applicant(number: usize) -> Applicant {
    let kind = match number % 9 {
        4 => ApplicantKind::Business,
        6 => ApplicantKind::Law,
        7 => ApplicantKind::Charity,
        8 if number.is_multiple_of(2) => ApplicantKind::Science,
        8 => ApplicantKind::Other,
        _ => ApplicantKind::Natural,
    };
    let organisation = kind != ApplicantKind::Natural;
    // A few people ask again and again.
    let who = if number % 10 == 3 { 3 } else { number };
    let text = |yes: &str, no: &str| {
        if organisation {
            yes.to_owned()
        } else {
            no.to_owned()
        }
    };
    Applicant {
        kind,
        name: if organisation {
            format!("（演示）示例单位{who:03}")
        } else {
            format!("（演示）申请人{who:03}")
        },
        paper: text("统一社会信用代码证书", "护照"),
        paper_number: text(&credit_code(who), &format!("E{who:08}")),
        head: text("（演示）负责人", ""),
        contact: text("（演示）联系人", ""),
        workplace: text("", "（演示）某单位"),
        phone: format!("000-{who:07}"),
        fax: String::new(),
        email: format!("demo{who:03}@example.invalid"),
        address: format!("安澜市示例路{who}号"),
        postcode: "000000".to_owned(),
    }
}

/// A code that adds up, of a region (990000) that there is not.
fn credit_code(who: usize) -> String {
    let body = format!("91990000{who:09}");
    let codes = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|check| format!("{body}{check}"));
    codes
        .into_iter()
        .find(|code| gongkai_inspect::is_credit_code(code))
        .unwrap_or(body)
}

/// What is wanted, and the words with it: of information, of a record about oneself (art. 41), of an organ (art. 47).
fn wish(number: usize, kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Information => {
            let subject = SUBJECTS.get(number % SUBJECTS.len()).copied();
            (subject.unwrap_or_default(), "请提供正式文本和附件。")
        }
        Kind::Correction => (
            "本人城乡居民参保登记表中的出生日期",
            "登记表所载出生日期与本人护照不一致，附护照资料页复印件，请予更正。",
        ),
        Kind::Complaint => {
            let of = number % COMPLAINTS.len();
            COMPLAINTS.get(of).copied().unwrap_or_default()
        }
    }
}

pub(super) fn form(number: usize, organ: OrganId, day: Date) -> Form {
    let channel = match number % 8 {
        1 => Channel::Counter,
        2 => Channel::SignedPost,
        3 => Channel::PlainPost,
        4 => Channel::Email,
        5 if number.is_multiple_of(2) => Channel::Oral,
        _ => Channel::Web,
    };
    let kind = match number {
        17 | 77 => Kind::Correction,
        33 | 93 | super::erasure::NUMBER => Kind::Complaint,
        _ => Kind::Information,
    };
    let (subject, description) = wish(number, kind);
    Form {
        token: FormToken::new(Uuid::now_v7()),
        organ,
        kind,
        channel,
        applicant: applicant(number),
        wish: Wish {
            subject: format!("（演示）{subject}"),
            description: description.to_owned(),
            // Its replies leave by post.
            form: Carrier::Paper,
            way: Way::Post,
            waiver: String::new(),
        },
        receipt: Receipt {
            days: Days {
                submitted_on: Some(day),
                signed_on: (channel == Channel::SignedPost).then_some(day),
                arrived_on: (channel == Channel::PlainPost).then_some(day),
                confirmed_on: None,
            },
            set: None,
        },
        other_number: String::new(),
        late_why: String::new(),
    }
}

fn of(reply: Reply, text: &str, place: &str) -> Decision {
    Decision {
        text: format!("（演示）{text}"),
        place: place.to_owned(),
        ..Decision::of(reply)
    }
}

/// What the demo's officers answer, in turn.
pub(super) fn decision(number: usize, kind: Kind) -> Decision {
    match kind {
        Kind::Correction => return of(Reply::Corrected, "经核实，登记有误，已更正。", ""),
        Kind::Complaint => return of(Reply::ComplaintHolds, "投诉属实，已责令限期改正。", ""),
        Kind::Information => {}
    }
    let refused = |ground: Ground, text: &str| Decision {
        grounds: vec![ground],
        ..of(Reply::Refused, text, "")
    };
    match number % 20 {
        0 => of(
            Reply::AlreadyPublic,
            "该信息已主动公开。",
            "市政府门户网站“重点领域”栏目",
        ),
        1..=6 => of(Reply::Open, "提供清单一份。", ""),
        7 | 8 => Decision {
            grounds: vec![Ground::ThirdParty],
            open_part: "报告正文".to_owned(),
            closed_part: "报告所附名单中的姓名和联系方式".to_owned(),
            ..of(
                Reply::Partly,
                "姓名和联系方式属于个人隐私，公开会损害本人权益。",
                "",
            )
        },
        9 => refused(Ground::Internal, "属于内部管理信息。"),
        10 => refused(Ground::Process, "属于讨论过程中的材料。"),
        11 => refused(Ground::CaseFile, "属于行政执法案卷信息。"),
        12 => of(
            Reply::NotThere,
            "经检索，本机关没有制作或者获取该信息。",
            "",
        ),
        13 => Decision {
            contact: "000-0000000".to_owned(),
            ..of(Reply::NotOurs, "不属于本机关负责公开。", "安澜市财政局")
        },
        14 => of(
            Reply::Repeated,
            "已就同一信息作出答复。",
            "安府公开〔2025〕3号，2025年1月20日",
        ),
        15 => of(
            Reply::SpecialLaw,
            "属于不动产登记资料。",
            "不动产登记机构，依照不动产登记有关规定",
        ),
        16 => of(Reply::NeedsMaking, "没有现成信息，需要加工、分析。", ""),
        17 => of(
            Reply::Petition,
            "以申请形式进行投诉，请通过相应渠道提出。",
            "12345热线",
        ),
        18 => of(
            Reply::Publication,
            "属于公开出版物。",
            "安澜市年鉴，市图书馆查阅",
        ),
        _ => of(
            Reply::Confirmation,
            "要求确认已获取的信息。",
            "安府公开〔2026〕5号",
        ),
    }
}
