//! One passage that somebody should look at.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 居民身份证号码 (18 or 15 digits).
    IdCard,
    /// 手机号码.
    Mobile,
    /// 银行卡号.
    BankCard,
    /// 姓名 of a private person.
    Name,
    /// 住址.
    Address,
    /// 住宅电话: a landline that the text calls somebody's home.
    HomePhone,
    /// 护照号码.
    Passport,
    /// 港澳台居民通行证号码.
    TravelPermit,
    /// 车牌号码.
    Plate,
    /// 电子邮箱 of a private person.
    Email,
    /// 出生日期.
    BirthDate,
    /// 密级标志, 内部资料, and other marks that keep a paper inside.
    Secrecy,
    /// A citation of a document that is not public.
    Citation,
    /// A slip of wording.
    Wording,
    /// A wrong form of an organ's or a law's name.
    OrganName,
    /// 《…》（文号）that does not hold together.
    Reference,
    /// An element that a finished document must not lack, or a blank left open.
    Missing,
    /// A map without 审图号.
    Map,
    /// A reprint from a host that is not on the list.
    Reprint,
    /// What a file hides from its reader; only checks of files give it.
    Hidden,
    /// What could not be checked at all: a scan, a picture, what is encrypted; only checks of files give it.
    Unread,
}

impl Kind {
    /// Every kind, in the order of weight.
    pub const ALL: [Self; 21] = [
        Self::Secrecy,
        Self::IdCard,
        Self::BankCard,
        Self::Mobile,
        Self::Passport,
        Self::TravelPermit,
        Self::Email,
        Self::HomePhone,
        Self::Address,
        Self::Name,
        Self::BirthDate,
        Self::Plate,
        Self::Citation,
        Self::Map,
        Self::Unread,
        Self::OrganName,
        Self::Wording,
        Self::Reference,
        Self::Missing,
        Self::Reprint,
        Self::Hidden,
    ];

    pub(crate) fn rank(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or(0)
    }

    /// Whether it tells something of a private person, and can be masked.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        match self {
            Self::IdCard
            | Self::Mobile
            | Self::BankCard
            | Self::Name
            | Self::Address
            | Self::HomePhone
            | Self::Passport
            | Self::TravelPermit
            | Self::Plate
            | Self::Email
            | Self::BirthDate => true,
            Self::Secrecy
            | Self::Citation
            | Self::Wording
            | Self::OrganName
            | Self::Reference
            | Self::Missing
            | Self::Map
            | Self::Reprint
            | Self::Hidden
            | Self::Unread => false,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::IdCard => "身份证号码",
            Self::Mobile => "手机号码",
            Self::BankCard => "银行卡号",
            Self::Name => "个人姓名",
            Self::Address => "个人住址",
            Self::HomePhone => "住宅电话",
            Self::Passport => "护照号码",
            Self::TravelPermit => "通行证号码",
            Self::Plate => "车牌号码",
            Self::Email => "个人邮箱",
            Self::BirthDate => "出生日期",
            Self::Secrecy => "涉密和内部标志",
            Self::Citation => "引用未公开文件",
            Self::Wording => "错别字和不当表述",
            Self::OrganName => "名称不规范",
            Self::Reference => "文件引用不完整",
            Self::Missing => "缺少要素",
            Self::Map => "地图审图号",
            Self::Reprint => "转载来源",
            Self::Hidden => "隐藏内容",
            Self::Unread => "没有检查的内容",
        }
    }

    /// The identifier as it stands in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::Mobile => "mobile",
            Self::BankCard => "bank_card",
            Self::Name => "name",
            Self::Address => "address",
            Self::HomePhone => "home_phone",
            Self::Passport => "passport",
            Self::TravelPermit => "travel_permit",
            Self::Plate => "plate",
            Self::Email => "email",
            Self::BirthDate => "birth_date",
            Self::Secrecy => "secrecy",
            Self::Citation => "citation",
            Self::Wording => "wording",
            Self::OrganName => "organ_name",
            Self::Reference => "reference",
            Self::Missing => "missing",
            Self::Map => "map",
            Self::Reprint => "reprint",
            Self::Hidden => "hidden",
            Self::Unread => "unread",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Must be settled before publication.
    High,
    /// Worth a look; may be lawful or meant.
    Low,
}

/// A passage with what it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// First character, from 0.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    pub kind: Kind,
    pub confidence: Confidence,
    /// The passage as it stands.
    pub text: String,
    /// One plain Chinese sentence.
    pub advice: String,
}

/// A finding in normalised characters, on its way.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) confidence: Confidence,
    pub(crate) advice: String,
}

impl Found {
    pub(crate) fn new(kind: Kind, start: usize, end: usize, confidence: Confidence) -> Self {
        Self {
            start,
            end,
            kind,
            confidence,
            advice: advice(kind).to_owned(),
        }
    }

    pub(crate) fn saying(self, advice: impl Into<String>) -> Self {
        Self {
            advice: advice.into(),
            ..self
        }
    }

    pub(crate) fn finding(self, text: &Text) -> Finding {
        let (start, end) = text.original(self.start, self.end);
        Finding {
            start,
            end,
            kind: self.kind,
            confidence: self.confidence,
            text: text.source(start, end),
            advice: self.advice,
        }
    }
}

fn advice(kind: Kind) -> &'static str {
    match kind {
        Kind::IdCard => "居民身份证号码不得公开，请删去或遮盖。",
        Kind::Mobile => "个人手机号码不宜公开，请改为办公电话，或遮盖中间四位。",
        Kind::BankCard => "银行账号属于敏感个人信息，请删去或遮盖，只留末四位。",
        Kind::Name => "出现个人姓名。法律、法规没有要求公开姓名的，请遮盖，只留姓氏。",
        Kind::Address => "出现个人住址，请只写到镇（街道）、村（社区）。",
        Kind::HomePhone => "住宅电话不宜公开，请删去或遮盖。",
        Kind::Passport => "护照号码不得公开，请删去或遮盖。",
        Kind::TravelPermit => "通行证号码不得公开，请删去或遮盖。",
        Kind::Plate => "车牌号码可识别个人，请核对是否确需公开。",
        Kind::Email => "个人邮箱不宜公开，请改为机关公务邮箱。",
        Kind::BirthDate => "出生日期可识别个人，请只写年份或删去。",
        Kind::Secrecy => "文中有密级或内部标志，不得上网。请停止发布，交保密审查人员处理。",
        Kind::Citation => {
            "引用的文件可能没有公开，请核对其公开属性；未公开的，删去标题、文号和内容。"
        }
        Kind::Wording => "疑似错别字或不当表述，请核对。",
        Kind::OrganName => "名称与规范写法不一致，请核对。",
        Kind::Reference => "文件引用的写法不完整或不规范，请对照原文核对。",
        Kind::Missing => "缺少要素或留有空白，请补齐后再发布。",
        Kind::Hidden => "文件里有看不见的内容，请清理后再发布。",
        Kind::Unread => "里面的内容系统没有检查，请打开文件逐页核对。",
        Kind::Reprint => "转载来源不在白名单里，请核对。",
        Kind::Map => "公开地图须有审图号，请补注审图号和地图来源，或不用此图。",
    }
}
