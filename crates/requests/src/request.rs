//! 申请件: what somebody asked of an organ, and how the organ handles it on a clock.

pub mod belated;
pub mod case;
pub mod clock;
pub mod confirm;
pub mod handle;
pub mod import;
pub mod naming;
pub mod outgoing;
pub mod receipt;
pub mod rekey;
pub mod reply;
pub mod scrutiny;
pub mod spot;
pub mod state;
pub mod step;
pub mod store;
pub mod submit;
#[cfg(test)]
pub(crate) mod tests;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkingDays;
use gongkai_basis::clock::{Limit, Terms, limits};
use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, OrganId};

use crate::id::RequestId;
use crate::limit::HANDLING_WORKING_DAYS;
use gongkai_inspect::{is_credit_code, is_id_card};
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use receipt::Receipt;
use reply::Decision;
use state::State;

/// The longest name, number, address or other line, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// The longest description, reason or reply, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;

coded! {
    /// What comes in under the 条例.
    pub enum Kind {
        /// Art. 27
        Information = "information", "政府信息公开申请";
        /// Art. 41: a record about oneself is wrong. Not counted in the annual report's table of applications.
        Correction = "correction", "政府信息更正申请";
        /// Art. 47: to the 主管部门, about an organ that does not publish or reply lawfully.
        Complaint = "complaint", "政府信息公开投诉举报";
    }
}

impl Kind {
    /// Does art. 33 set its limit? For a 更正 (art. 41) and a 投诉 (art. 47) the 条例 names no days: they run by [`OwnTerm`].
    #[must_use]
    pub const fn is_timed_by_law(self) -> bool {
        matches!(self, Self::Information)
    }

    /// What its limit is called.
    #[must_use]
    pub const fn limit_name(self) -> &'static str {
        match self {
            Self::Information => "答复期限",
            Self::Correction | Self::Complaint => "本机关办理期限",
        }
    }
}

/// 本机关办理期限 of a 更正 or a 投诉, as it was set when the case came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTerm {
    pub working_days: u16,
    /// What it rests on; empty where nobody has set it.
    pub basis: String,
}

impl Default for OwnTerm {
    fn default() -> Self {
        Self {
            working_days: HANDLING_WORKING_DAYS,
            basis: String::new(),
        }
    }
}

coded! {
    /// How it reached the organ; the receipt date follows from it (art. 31).
    pub enum Channel {
        Web = "web", "互联网";
        Counter = "counter", "当面";
        /// 口头: the 工作机构 fills in the form for the applicant (art. 29).
        Oral = "oral", "口头";
        /// 挂号信、特快专递
        SignedPost = "signed_post", "邮寄（需签收）";
        PlainPost = "plain_post", "平常信函（无需签收）";
        Fax = "fax", "传真";
        Email = "email", "电子邮件";
    }
}

impl Channel {
    /// What the day is called on which it left its applicant.
    #[must_use]
    pub const fn sent_name(self) -> &'static str {
        match self {
            Self::Web | Self::Counter | Self::Oral => "提交日期",
            Self::SignedPost | Self::PlainPost => "寄出日期",
            Self::Fax | Self::Email => "发送日期",
        }
    }
}

coded! {
    /// The columns of the annual report's table 三.
    pub enum ApplicantKind {
        Natural = "natural", "自然人";
        Business = "biz", "商业企业";
        Science = "sci", "科研机构";
        Charity = "ngo", "社会公益组织";
        Law = "law", "法律服务机构";
        Other = "other", "其他";
    }
}

coded! {
    /// 获取信息的方式 (art. 29, 40).
    pub enum Form {
        Paper = "paper", "纸质";
        Electronic = "electronic", "电子文档";
        Disc = "disc", "光盘";
        Reading = "reading", "查阅、抄录";
    }
}

coded! {
    /// 获取信息的途径 (art. 29).
    pub enum Way {
        Post = "post", "邮寄";
        Email = "email", "电子邮件";
        Web = "web", "网上获取";
        PickUp = "pick_up", "自行领取";
        Fax = "fax", "传真";
    }
}

impl Form {
    /// Why information in this form cannot go this way.
    const fn unfit(self, way: Way) -> Option<&'static str> {
        match (self, way) {
            (Self::Paper, Way::Web | Way::Email) => Some("纸质材料请选择邮寄、自行领取或传真。"),
            (Self::Electronic, Way::Fax) => {
                Some("电子文档不能传真，请选择网上获取、电子邮件或自行领取。")
            }
            (Self::Disc, Way::Web | Way::Email | Way::Fax) => Some("光盘请选择邮寄或自行领取。"),
            (Self::Reading, Way::Post | Way::Email | Way::Web | Way::Fax) => {
                Some("查阅、抄录在受理机关进行，途径请选择自行领取。")
            }
            _ => None,
        }
    }
}

/// Who asks (art. 29: 姓名或名称、身份证明、联系方式).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    pub kind: ApplicantKind,
    pub name: String,
    /// 证件名称, or what registers an organisation.
    pub paper: String,
    pub paper_number: String,
    /// 法定代表人, for an organisation.
    pub head: String,
    /// 联系人, for an organisation.
    pub contact: String,
    /// 工作单位, of a natural person.
    pub workplace: String,
    pub phone: String,
    pub fax: String,
    pub email: String,
    pub address: String,
    pub postcode: String,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// 名称、文号
    pub subject: String,
    /// 其他特征性描述; of a correction: what is wrong, and what proves it; of a complaint: the facts.
    pub description: String,
    pub form: Form,
    pub way: Way,
    /// 申请减免费用 and why; empty when it was not asked for.
    pub waiver: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub organ: OrganId,
    pub organ_name: String,
    /// 2026-000123
    pub number: String,
    /// The number in an older system, or of the case from which it was split off.
    pub other_number: String,
    pub kind: Kind,
    pub channel: Channel,
    pub state: State,
    pub applicant: Applicant,
    pub wish: Wish,
    pub receipt: Receipt,
    pub received_on: Option<Date>,
    /// What the clock said when it was last computed; `None` while it stands still or cannot be told.
    pub due_on: Option<Date>,
    pub handler: Option<(AccountId, String)>,
    pub decision: Option<Decision>,
    /// The posting date for post, the signature date for direct service (送达解释).
    pub replied_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub kept: Kept,
    pub version: i64,
    /// Milliseconds since 1970.
    pub submitted_at: i64,
    /// The organ that it was handed in to, by its name of that day: what the receipt says, whoever has the case now.
    pub submitted_to: String,
    /// Of a 更正 or a 投诉; an application has the limit of art. 33.
    pub own_term: OwnTerm,
}

/// Since when it lies in the archive, what of its applicant is gone, what a report has counted, and when what was
/// withheld is looked at again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    pub archived_on: Option<Date>,
    /// The papers that prove who asks, and their number, are gone.
    pub identity_erased_on: Option<Date>,
    /// Everything that tells who asked is gone.
    pub erased_on: Option<Date>,
    /// When and as what an earlier year's report counted it, of a case that is done again.
    pub counted: Option<(Date, reply::ResultRow)>,
    /// When what its reply withheld is looked at again (art. 18).
    pub look_on: Option<Date>,
    /// Since when that may be open.
    pub opened_on: Option<Date>,
}

impl Kept {
    /// The day since which what was handed in is not whole any more.
    #[must_use]
    pub const fn gone_on(&self) -> Option<Date> {
        match self.identity_erased_on {
            Some(on) => Some(on),
            None => self.erased_on,
        }
    }
}

impl Request {
    /// Why the receipt date is what it is.
    #[must_use]
    pub fn received_why(&self) -> String {
        self.receipt.why(self.channel)
    }

    /// Did the desk register it? The moment of the record is then none of its days (art. 31).
    #[must_use]
    pub fn is_typed_in(&self) -> bool {
        self.channel != Channel::Web
    }

    /// The limit that its clock starts with.
    ///
    /// Law: 条例 art. 33 for an application; 本机关办理期限 for the rest, which has no extension.
    #[must_use]
    pub fn terms(&self) -> Terms {
        if self.kind.is_timed_by_law() {
            return limits::REPLY;
        }
        let days = WorkingDays::new(self.own_term.working_days);
        days.map_or(limits::REPLY, |days| Terms {
            limit: Limit::WorkingDays(days),
            extension_max: 0,
        })
    }
}

/// A number that can be called has as many digits; words instead of a number are left alone.
const PHONE_DIGITS_MIN: usize = 7;

/// What people call the 居民身份证; identity cards of Hong Kong, Macao, Taiwan and of foreigners have numbers of other kinds.
const RESIDENT_CARDS: [&str; 4] = [
    "居民身份证",
    "身份证",
    "中华人民共和国居民身份证",
    "临时居民身份证",
];
/// Law: 居民身份证法 as amended on 29 October 2011: the first cards, with 15 digits, are void since 1 January 2013.
const RESIDENT_CARD_CHARS: usize = 18;

/// Six digits, as China Post has them.
fn is_postcode(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Applicant {
    /// Every reason why nobody could be answered under these facts (art. 29).
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let organisation = self.kind != ApplicantKind::Natural;
        let line = |field: &'static str, name: &str, text: &str, wanted| {
            text_fault((field, name), text, LINE_CHARS_MAX, wanted)
        };
        let only = |yes: bool| if yes { Wanted::Yes } else { Wanted::No };
        let name = if organisation { "名称" } else { "姓名" };
        let number = if organisation {
            "统一社会信用代码"
        } else {
            "证件号码"
        };
        let mut faults: Vec<Reason> = [
            line("name", name, &self.name, Wanted::Yes),
            line("paper", "证件名称", &self.paper, Wanted::Yes),
            line("paper_number", number, &self.paper_number, Wanted::Yes),
            line("head", "法定代表人", &self.head, only(organisation)),
            line("contact", "联系人", &self.contact, only(organisation)),
            line("workplace", "工作单位", &self.workplace, Wanted::No),
            line("phone", "联系电话", &self.phone, Wanted::Yes),
            line("fax", "传真号码", &self.fax, Wanted::No),
            line("email", "电子邮箱", &self.email, Wanted::No),
            line("address", "通信地址", &self.address, Wanted::No),
            line("postcode", "邮政编码", &self.postcode, Wanted::No),
        ]
        .into_iter()
        .flatten()
        .collect();
        faults.extend(self.number_fault());
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        if (1..PHONE_DIGITS_MIN).contains(&digits) {
            let sentence = "联系电话的位数不够，请写手机号码，或者区号和号码。".to_owned();
            faults.push(("phone", sentence));
        }
        let postcode = self.postcode.trim();
        if !postcode.is_empty() && !is_postcode(postcode) {
            let sentence =
                "邮政编码应是6位数字，例：510000；国（境）外的写在通信地址里，这里空着。"
                    .to_owned();
            faults.push(("postcode", sentence));
        }
        if !self.email.is_empty() && !reaches_a_mailbox(self.email.trim()) {
            let sentence = "电子邮箱写得不完整，例：zhang@example.cn。".to_owned();
            faults.push(("email", sentence));
        }
        faults
    }

    /// A number that its paper cannot bear.
    fn number_fault(&self) -> Option<Reason> {
        let number = self.paper_number.trim().to_uppercase();
        if number.is_empty() {
            return None;
        }
        let is_code_paper = self.paper.contains("信用代码");
        // A licence of before 2015 bears a number of another kind.
        let is_licence = self.paper.contains("营业执照") && number.chars().count() == 18;
        let is_resident_card = RESIDENT_CARDS.contains(&self.paper.trim());
        let sentence = if is_resident_card
            && (number.chars().count() != RESIDENT_CARD_CHARS || !is_id_card(&number))
        {
            "身份证号码不对：应是18位，地区、出生日期或最后一位校验码不符，请对照证件核对。"
        } else if (is_code_paper || is_licence) && !is_credit_code(&number) {
            "统一社会信用代码不对：应是18位，最后一位校验码不符，请对照证书核对。"
        } else {
            return None;
        };
        Some(("paper_number", sentence.to_owned()))
    }
}

impl Wish {
    /// Every reason why nobody could search for it (art. 29), or send it.
    #[must_use]
    pub fn why_not(&self, kind: Kind, applicant: &Applicant) -> Vec<Reason> {
        let (subject, description) = match kind {
            Kind::Information => ("所需信息的名称、文号", "其他特征性描述"),
            Kind::Correction => ("要求更正的信息名称", "不准确之处和证据"),
            Kind::Complaint => ("被投诉的机关和事项", "事实和理由"),
        };
        let asked = self.subject.trim().is_empty() && self.description.trim().is_empty();
        // Of information one of both is enough.
        let wanted = || match kind {
            Kind::Information => Wanted::No,
            Kind::Correction | Kind::Complaint => Wanted::Yes,
        };
        let mut faults: Vec<Reason> = [
            text_fault(
                ("subject", subject),
                &self.subject,
                TEXT_CHARS_MAX,
                wanted(),
            ),
            text_fault(
                ("description", description),
                &self.description,
                TEXT_CHARS_MAX,
                wanted(),
            ),
            text_fault(
                ("waiver", "减免理由"),
                &self.waiver,
                TEXT_CHARS_MAX,
                Wanted::No,
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if asked && kind == Kind::Information {
            let sentence = "请写明所需信息的名称、文号，或者便于查询的其他特征。".to_owned();
            faults.push(("subject", sentence));
        }
        if self.way == Way::Post && applicant.address.trim().is_empty() {
            faults.push(("address", "选择邮寄的，请填写“通信地址”。".to_owned()));
        }
        if self.way == Way::Email && applicant.email.trim().is_empty() {
            faults.push(("email", "选择电子邮件的，请填写“电子邮箱”。".to_owned()));
        }
        if self.way == Way::Fax && applicant.fax.trim().is_empty() {
            faults.push(("fax", "选择传真的，请填写“传真号码”。".to_owned()));
        }
        if kind == Kind::Information {
            faults.extend(
                self.form
                    .unfit(self.way)
                    .map(|said| ("way", said.to_owned())),
            );
        }
        faults
    }

    /// The first words, for lists.
    #[must_use]
    pub fn short(&self) -> String {
        const CHARS: usize = 60;
        let text = if self.subject.trim().is_empty() {
            &self.description
        } else {
            &self.subject
        };
        let line = text.lines().next().unwrap_or_default();
        if line.chars().count() <= CHARS {
            return line.to_owned();
        }
        line.chars().take(CHARS - 1).chain(['…']).collect()
    }
}

/// A name and a host with a dot around one `@`: nobody could be answered at less.
pub(crate) fn reaches_a_mailbox(email: &str) -> bool {
    let host_holds =
        |host: &str| host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    email.split_once('@').is_some_and(|(name, host)| {
        let one = !host.contains('@') && !email.contains(char::is_whitespace);
        one && !name.is_empty() && host_holds(host)
    })
}
