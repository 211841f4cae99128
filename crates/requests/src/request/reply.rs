//! 答复类型、不予公开的理由, and where each is counted.

use gongkai_basis::{Date, coded};
use serde::{Deserialize, Serialize};

use super::{LINE_CHARS_MAX, TEXT_CHARS_MAX};
use crate::letter::LetterKind;
use gongkai_platform::fault::{Reason, Wanted, text_fault};

coded! {
    /// What an organ answers (条例 art. 30, 35–39).
    pub enum Reply {
        AlreadyPublic = "R1", "已主动公开，告知获取方式和途径";
        Open = "R2", "予以公开";
        Refused = "R3", "不予公开";
        /// Art. 37: what can be separated is given, the rest refused with reasons.
        Partly = "R3p", "部分公开（区分处理）";
        NotThere = "R4", "经检索没有，信息不存在";
        NotOurs = "R5", "不属于本机关负责公开";
        Repeated = "R6", "重复申请，不予重复处理";
        /// Art. 36(7): 工商、不动产登记资料等
        SpecialLaw = "R7", "行政查询事项，依照有关规定办理";
        /// Art. 38
        NeedsMaking = "R8", "没有现成信息，需要加工、分析";
        Petition = "R9", "信访、投诉、举报，不作为申请处理";
        Publication = "R10", "公开出版物，告知获取途径";
        Excessive = "R11", "无正当理由大量反复申请，不予处理";
        Confirmation = "R12", "要求确认或重新出具已获取信息";
        StillUnclear = "R13", "补正后仍不明确";
        NotSupplemented = "R14", "逾期不补正，不再处理";
        NotPaid = "R15", "逾期不缴费，不再处理";
        OtherEnd = "R16", "其他（撤回、转送等）";
        /// Art. 41
        Corrected = "C1", "予以更正并告知";
        /// Art. 41: 转送有权更正的行政机关处理并告知, or 告知向有权更正的行政机关提出
        CorrectElsewhere = "C2", "转送或告知向有权机关提出";
        NotCorrected = "C3", "不予更正并说明理由";
        /// Art. 47
        ComplaintHolds = "T1", "投诉属实，督促整改或通报批评";
        ComplaintFails = "T2", "投诉不成立，说明情况";
    }
}

coded! {
    /// Why information is not given (条例 art. 14–16, 36(7)); the numbers are the rows of the annual report's （三）.
    pub enum Ground {
        Secret = "N1", "国家秘密";
        Law = "N2", "法律、行政法规禁止公开";
        Safety = "N3", "危及国家安全、公共安全、经济安全、社会稳定";
        ThirdParty = "N4", "商业秘密、个人隐私等第三方合法权益";
        Internal = "N5", "内部事务信息";
        Process = "N6", "过程性信息";
        CaseFile = "N7", "行政执法案卷信息";
        Query = "N8", "行政查询事项";
    }
}

impl Ground {
    /// The article that says so.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Secret | Self::Law | Self::Safety => "条例第14条",
            Self::ThirdParty => "条例第15条",
            Self::Internal => "条例第16条第1款",
            Self::Process | Self::CaseFile => "条例第16条第2款",
            Self::Query => "条例第36条第7项",
        }
    }

    /// As letters say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Secret => "属于国家秘密",
            Self::Law => "法律、行政法规禁止公开",
            Self::Safety => "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
            Self::ThirdParty => "涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害",
            Self::Internal => "属于人事管理、后勤管理、内部工作流程等内部事务信息",
            Self::Process => "属于讨论记录、过程稿、磋商信函、请示报告等过程性信息",
            Self::CaseFile => "属于行政执法案卷信息",
            Self::Query => "属于工商、不动产登记资料等行政查询事项",
        }
    }

    /// May the organ weigh (art. 15, 16: 可以不予公开), or must it refuse (art. 14: 不予公开)?
    #[must_use]
    pub const fn leaves_a_choice(self) -> bool {
        match self {
            Self::ThirdParty | Self::Internal | Self::Process | Self::CaseFile => true,
            Self::Secret | Self::Law | Self::Safety | Self::Query => false,
        }
    }

    /// The clause of 条例 on which it rests, as letters cite it.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Secret | Self::Law | Self::Safety => "第十四条",
            Self::ThirdParty => "第十五条",
            Self::Internal => "第十六条第一款",
            Self::Process | Self::CaseFile => "第十六条第二款",
            Self::Query => "第三十六条第（七）项",
        }
    }
}

coded! {
    /// The 21 leaf rows of the annual report's table 三, third block (国办公开办函〔2021〕30号).
    pub enum ResultRow {
        Open = "open", "（一）予以公开";
        Partial = "partial", "（二）部分公开";
        DenySecret = "deny_secret", "（三）1.属于国家秘密";
        DenyLaw = "deny_law", "（三）2.其他法律行政法规禁止公开";
        DenySafety = "deny_safety", "（三）3.危及“三安全一稳定”";
        DenyThird = "deny_third", "（三）4.保护第三方合法权益";
        DenyInternal = "deny_internal", "（三）5.属于三类内部事务信息";
        DenyProcess = "deny_process", "（三）6.属于四类过程性信息";
        DenyCaseFile = "deny_casefile", "（三）7.属于行政执法案卷";
        DenyQuery = "deny_query", "（三）8.属于行政查询事项";
        NotHeld = "na_nohold", "（四）1.本机关不掌握相关政府信息";
        NotMade = "na_make", "（四）2.没有现成信息需要另行制作";
        Unclear = "na_unclear", "（四）3.补正后申请内容仍不明确";
        Petition = "np_petition", "（五）1.信访举报投诉类申请";
        Repeat = "np_repeat", "（五）2.重复申请";
        Publication = "np_publication", "（五）3.要求提供公开出版物";
        Mass = "np_mass", "（五）4.无正当理由大量反复申请";
        Confirm = "np_confirm", "（五）5.要求行政机关确认或重新出具已获取信息";
        NotCorrected = "oth_nocorrect", "（六）1.逾期不补正";
        NotPaid = "oth_nopay", "（六）2.逾期未缴费";
        Other = "oth_other", "（六）3.其他";
    }
}

/// What was decided. A person chooses the reply; the rest is what its letter must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    #[serde(with = "code")]
    pub reply: Reply,
    /// The principal one first.
    #[serde(with = "codes")]
    pub grounds: Vec<Ground>,
    /// R3 with several grounds: why the first is the principal one, under which the annual report counts the case.
    pub principal_why: String,
    /// What the letter says: what is given, or the reason.
    pub text: String,
    /// R3p: what is given, and what is withheld (art. 37).
    pub open_part: String,
    pub closed_part: String,
    /// R1, R2, R10: 方式、途径; R5, R7, R9: which organ or channel; R6: the earlier reply.
    pub place: String,
    /// R5: contact of the organ responsible.
    pub contact: String,
    /// N4: why it is given all the same (art. 15: 不公开会对公共利益造成重大影响).
    pub public_interest: String,
    /// R3, R3p: when it is looked at whether the grounds still hold (art. 18).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_on: Option<Date>,
}

impl Default for Decision {
    fn default() -> Self {
        Self {
            reply: Reply::Open,
            grounds: Vec::new(),
            principal_why: String::new(),
            text: String::new(),
            open_part: String::new(),
            closed_part: String::new(),
            place: String::new(),
            contact: String::new(),
            public_interest: String::new(),
            look_on: None,
        }
    }
}

mod code {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::Reply;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(reply: &Reply, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(reply.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Reply, D::Error> {
        let code = String::deserialize(from)?;
        Reply::from_code(&code).ok_or_else(|| D::Error::custom("no such reply"))
    }
}

mod codes {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    use super::Ground;

    pub(super) fn serialize<S: Serializer>(grounds: &[Ground], to: S) -> Result<S::Ok, S::Error> {
        let codes: Vec<&str> = grounds.iter().map(|ground| ground.code()).collect();
        codes.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Ground>, D::Error> {
        let codes = Vec::<String>::deserialize(from)?;
        let ground = |code: &String| Ground::from_code(code);
        let found: Option<Vec<Ground>> = codes.iter().map(ground).collect();
        found.ok_or_else(|| D::Error::custom("no such ground"))
    }
}

impl Reply {
    /// Does content leave the organ with this reply? Then a review record must be there (art. 17).
    #[must_use]
    pub const fn releases(self) -> bool {
        matches!(self, Self::Open | Self::Partly)
    }

    /// Does it keep something back under art. 14–16? That is looked at again (art. 18).
    #[must_use]
    pub const fn withholds(self) -> bool {
        matches!(self, Self::Refused | Self::Partly)
    }

    /// The paper that gives it.
    #[must_use]
    pub const fn letter(self) -> LetterKind {
        match self {
            Self::AlreadyPublic => LetterKind::AlreadyPublished,
            Self::Open => LetterKind::Disclose,
            Self::Refused => LetterKind::Refuse,
            Self::Partly => LetterKind::Partly,
            Self::NotThere => LetterKind::NotHeld,
            Self::NotOurs => LetterKind::NotOurs,
            Self::Repeated => LetterKind::Repeated,
            Self::SpecialLaw => LetterKind::Query,
            Self::NeedsMaking => LetterKind::NotReady,
            Self::Petition => LetterKind::Petition,
            Self::Publication => LetterKind::Publication,
            Self::Excessive => LetterKind::Excessive,
            Self::Confirmation => LetterKind::Confirmation,
            Self::StillUnclear => LetterKind::StillUnclear,
            Self::NotSupplemented | Self::NotPaid | Self::OtherEnd => LetterKind::Closed,
            Self::Corrected | Self::CorrectElsewhere | Self::NotCorrected => LetterKind::Correction,
            Self::ComplaintHolds | Self::ComplaintFails => LetterKind::Complaint,
        }
    }

    /// The law that it rests on.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::AlreadyPublic => "条例第三十六条第（一）项",
            Self::Open => "条例第三十六条第（二）项",
            Self::Refused => "条例第三十六条第（三）项，第十四条至第十六条",
            Self::Partly => "条例第三十七条",
            Self::NotThere => "条例第三十六条第（四）项",
            Self::NotOurs => "条例第三十六条第（五）项",
            Self::Repeated => "条例第三十六条第（六）项",
            Self::SpecialLaw => "条例第三十六条第（七）项",
            Self::NeedsMaking => "条例第三十八条",
            Self::Petition => "条例第三十九条第一款",
            Self::Publication => "条例第三十九条第二款",
            Self::Excessive => "条例第三十五条",
            Self::Confirmation => "年度报告表三（五）5",
            Self::StillUnclear | Self::NotSupplemented => "条例第三十条",
            Self::NotPaid => "政府信息公开信息处理费管理办法",
            Self::OtherEnd => "年度报告表三（六）3",
            Self::Corrected | Self::CorrectElsewhere | Self::NotCorrected => "条例第四十一条",
            Self::ComplaintHolds | Self::ComplaintFails => "条例第四十七条",
        }
    }
}

impl Decision {
    #[must_use]
    pub fn of(reply: Reply) -> Self {
        Self {
            reply,
            ..Self::default()
        }
    }

    /// Where the annual report counts it; `None` for what is no application for information.
    ///
    /// Law: 年报格式 (国办公开办函〔2021〕30号), table 三: one leaf for each case; 区分处理的只计这一情形. A refusal with several grounds is
    /// counted under the first.
    #[must_use]
    pub fn row(&self) -> Option<ResultRow> {
        Some(match self.reply {
            Reply::AlreadyPublic | Reply::Open => ResultRow::Open,
            Reply::Partly => ResultRow::Partial,
            Reply::Refused => match self.grounds.first()? {
                Ground::Secret => ResultRow::DenySecret,
                Ground::Law => ResultRow::DenyLaw,
                Ground::Safety => ResultRow::DenySafety,
                Ground::ThirdParty => ResultRow::DenyThird,
                Ground::Internal => ResultRow::DenyInternal,
                Ground::Process => ResultRow::DenyProcess,
                Ground::CaseFile => ResultRow::DenyCaseFile,
                Ground::Query => ResultRow::DenyQuery,
            },
            Reply::NotThere | Reply::NotOurs => ResultRow::NotHeld,
            Reply::Repeated => ResultRow::Repeat,
            Reply::SpecialLaw => ResultRow::DenyQuery,
            Reply::NeedsMaking => ResultRow::NotMade,
            Reply::Petition => ResultRow::Petition,
            Reply::Publication => ResultRow::Publication,
            Reply::Excessive => ResultRow::Mass,
            Reply::Confirmation => ResultRow::Confirm,
            Reply::StillUnclear => ResultRow::Unclear,
            Reply::NotSupplemented => ResultRow::NotCorrected,
            Reply::NotPaid => ResultRow::NotPaid,
            Reply::OtherEnd => ResultRow::Other,
            Reply::Corrected
            | Reply::CorrectElsewhere
            | Reply::NotCorrected
            | Reply::ComplaintHolds
            | Reply::ComplaintFails => return None,
        })
    }

    /// Every reason why the letter would not say what the law wants in it.
    ///
    /// Law: 条例 art. 36: R1 方式、途径; R3 理由; R5 理由, and the organ's name and contact when it can be determined; art. 37: reasons for
    /// what is withheld.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut faults: Vec<Reason> = [
            text_fault(
                ("text", "答复内容或理由"),
                &self.text,
                TEXT_CHARS_MAX,
                Wanted::Yes,
            ),
            text_fault(
                ("place", "途径或机关"),
                &self.place,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("contact", "联系方式"),
                &self.contact,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("public_interest", "公共利益理由"),
                &self.public_interest,
                TEXT_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(
                ("principal_why", "为什么以它为主"),
                &self.principal_why,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.reply == Reply::Partly {
            let parts = [
                (("open_part", "公开的部分"), &self.open_part),
                (("closed_part", "不予公开的部分"), &self.closed_part),
            ];
            let named = parts
                .into_iter()
                .filter_map(|(field, part)| text_fault(field, part, TEXT_CHARS_MAX, Wanted::Yes));
            faults.extend(named);
        }
        faults.extend(self.ground_faults());
        let wants_place = match self.reply {
            Reply::AlreadyPublic | Reply::Publication => Some("请写明获取的方式、途径。"),
            Reply::Repeated | Reply::Confirmation => Some("请写明前次答复的文号、日期。"),
            Reply::SpecialLaw => Some("请写明适用的规定和办理机构。"),
            _ => None,
        };
        if let (Some(sentence), true) = (wants_place, self.place.trim().is_empty()) {
            faults.push(("place", sentence.to_owned()));
        }
        if self.reply == Reply::NotOurs
            && self.place.trim().is_empty() != self.contact.trim().is_empty()
        {
            let sentence = "能够确定负责公开的机关的，名称和联系方式都要写（条例第36条第5项）。";
            faults.push(("contact", sentence.to_owned()));
        }
        faults
    }

    /// What is withheld has its grounds, and of several the one that counts.
    fn ground_faults(&self) -> Vec<Reason> {
        let mut faults = Vec::new();
        let withheld = self.reply.withholds();
        if withheld && self.grounds.is_empty() {
            faults.push((
                "grounds",
                "不予公开或部分公开的，至少要选一项理由（条例第14至16条）。".to_owned(),
            ));
        }
        let has_several = self.reply == Reply::Refused && self.grounds.len() > 1;
        if has_several && self.principal_why.trim().is_empty() {
            let sentence = "不予公开的理由有两项以上的，在案卷“拟定答复”里选择主要理由，写明为什么以它为主：年度报告表三按它计入。";
            faults.push(("principal_why", sentence.to_owned()));
        }
        if withheld && self.grounds.contains(&Ground::Query) {
            let sentence = "行政查询事项请选答复类型“行政查询事项，依照有关规定办理”（条例第36条第7项），不作为不予公开的理由。";
            faults.push(("grounds", sentence.to_owned()));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Ground, Reply, ResultRow};

    #[test]
    fn every_reply_is_counted_in_its_row() {
        for reply in Reply::ALL {
            let mut decision = Decision::of(*reply);
            decision.grounds = vec![Ground::Process, Ground::ThirdParty];
            let row = decision.row().map(ResultRow::code);
            let wanted = match reply.code() {
                "R1" | "R2" => Some("open"),
                "R3" => Some("deny_process"),
                "R3p" => Some("partial"),
                "R4" | "R5" => Some("na_nohold"),
                "R6" => Some("np_repeat"),
                "R7" => Some("deny_query"),
                "R8" => Some("na_make"),
                "R9" => Some("np_petition"),
                "R10" => Some("np_publication"),
                "R11" => Some("np_mass"),
                "R12" => Some("np_confirm"),
                "R13" => Some("na_unclear"),
                "R14" => Some("oth_nocorrect"),
                "R15" => Some("oth_nopay"),
                "R16" => Some("oth_other"),
                _ => None,
            };
            assert_eq!(row, wanted, "{reply:?}");
        }
        let mut rows: Vec<&str> = Ground::ALL
            .iter()
            .map(|ground| {
                let mut decision = Decision::of(Reply::Refused);
                decision.grounds = vec![*ground];
                decision.row().unwrap().code()
            })
            .collect();
        rows.dedup();
        assert_eq!(rows.len(), 8);
        assert_eq!(ResultRow::ALL.len(), 21);
        assert_eq!(Decision::of(Reply::Refused).row(), None);
    }

    #[test]
    fn a_letter_without_what_the_law_wants_is_refused() {
        let fields =
            |reply, place: &str, contact: &str, grounds: Vec<Ground>| -> Vec<&'static str> {
                let decision = Decision {
                    reply,
                    grounds,
                    text: "理由".to_owned(),
                    place: place.to_owned(),
                    contact: contact.to_owned(),
                    ..Decision::default()
                };
                decision
                    .why_not()
                    .into_iter()
                    .map(|(field, _)| field)
                    .collect()
            };
        assert_eq!(fields(Reply::Refused, "", "", vec![]), ["grounds"]);
        assert_eq!(
            fields(Reply::Partly, "", "", vec![]),
            ["open_part", "closed_part", "grounds"],
            "art. 37: what is given and what is withheld stand apart"
        );
        assert_eq!(
            fields(Reply::Refused, "", "", vec![Ground::Query]),
            ["grounds"]
        );
        assert!(fields(Reply::Refused, "", "", vec![Ground::Internal]).is_empty());
        let two = || vec![Ground::Process, Ground::Law];
        assert_eq!(fields(Reply::Refused, "", "", two()), ["principal_why"]);
        let parts = fields(Reply::Partly, "", "", two());
        assert_eq!(parts, ["open_part", "closed_part"], "counted as what it is");
        assert_eq!(fields(Reply::AlreadyPublic, "", "", vec![]), ["place"]);
        assert_eq!(fields(Reply::NotOurs, "市财政局", "", vec![]), ["contact"]);
        assert!(fields(Reply::NotOurs, "", "", vec![]).is_empty());
        assert_eq!(fields(Reply::Repeated, "", "", vec![]), ["place"]);
        assert_eq!(Decision::of(Reply::Open).why_not().len(), 1);
    }

    #[test]
    fn a_decision_survives_its_json() {
        let mut decision = Decision::of(Reply::Partly);
        decision.grounds = vec![Ground::ThirdParty, Ground::Process];
        let without = serde_json::to_string(&decision).unwrap();
        assert!(!without.contains("look_on"), "as it was before: {without}");
        decision.look_on = Some("2027-03-02".parse().unwrap());
        let json = serde_json::to_string(&decision).unwrap();
        assert!(
            json.contains("\"R3p\"") && json.contains("\"N4\""),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
    }
}
