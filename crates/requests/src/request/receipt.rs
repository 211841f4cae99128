//! 收到申请之日: derived from what happened, by channel.

use gongkai_basis::Date;

use super::Channel;

/// The days on record; none of them is the receipt date by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// When it was handed over, or sent by the applicant.
    pub submitted_on: Option<Date>,
    /// When the organ signed for the letter.
    pub signed_on: Option<Date>,
    /// When a letter that nobody signs for arrived: on that day it has to be confirmed.
    pub arrived_on: Option<Date>,
    /// When both sides confirmed it, or the 工作机构 confirmed a plain letter with the applicant.
    pub confirmed_on: Option<Date>,
}

/// The days, and a receipt date that a person set against the rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    pub days: Days,
    /// With the reason.
    pub set: Option<(Date, String)>,
}

impl Days {
    /// 收到申请之日; `None` until what decides has happened.
    ///
    /// Law: 条例 art. 31: 当面提交的为提交之日; 邮寄的为签收之日; 平常信函等无需签收的, 工作机构当日与申请人确认, 以确认之日为准;
    /// 互联网渠道或传真提交的, 以双方确认之日为准. Unit: civil date, Beijing.
    #[must_use]
    pub fn received_on(&self, channel: Channel) -> Option<Date> {
        match channel {
            Channel::Counter | Channel::Oral => self.submitted_on,
            Channel::SignedPost => self.signed_on,
            Channel::PlainPost | Channel::Web | Channel::Fax | Channel::Email => self.confirmed_on,
        }
    }
}

impl Receipt {
    /// The date that counts: one that a person set with a reason goes before the rule.
    #[must_use]
    pub fn received_on(&self, channel: Channel) -> Option<Date> {
        self.set
            .as_ref()
            .map(|(on, _)| *on)
            .or_else(|| self.days.received_on(channel))
    }

    /// The days on which a plain letter arrived and was confirmed, where the confirmation came on a later one.
    ///
    /// Law: 条例 art. 31: 平常信函等无需签收的, 工作机构当日与申请人确认.
    #[must_use]
    pub fn confirmed_late(&self, channel: Channel) -> Option<(Date, Date)> {
        let both = self.days.arrived_on.zip(self.days.confirmed_on);
        both.filter(|(arrived, confirmed)| channel == Channel::PlainPost && confirmed > arrived)
    }

    /// Why it counts so, in a sentence.
    #[must_use]
    pub fn why(&self, channel: Channel) -> String {
        if let Some((_, why)) = &self.set {
            return format!("经办人认定：{why}");
        }
        match channel {
            Channel::Counter => "当面提交的，提交之日为收到之日（条例第31条）",
            Channel::Oral => {
                "口头申请，由工作机构代为填写，当面提出之日为收到之日（条例第29、31条）"
            }
            Channel::SignedPost => "邮寄的，签收之日为收到之日（条例第31条）",
            Channel::PlainPost => "平常信函，与申请人确认之日为收到之日（条例第31条）",
            Channel::Web | Channel::Fax | Channel::Email => {
                "互联网、传真提交的，双方确认之日为收到之日（条例第31条）"
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, Receipt};
    use crate::request::Channel;

    #[test]
    fn each_channel_has_its_own_day() {
        let day = |text: &str| Some(text.parse().unwrap());
        let days = Days {
            submitted_on: day("2026-03-02"),
            signed_on: day("2026-03-04"),
            arrived_on: day("2026-03-04"),
            confirmed_on: day("2026-03-05"),
        };
        for channel in Channel::ALL {
            let wanted = match channel {
                Channel::Counter | Channel::Oral => "2026-03-02",
                Channel::SignedPost => "2026-03-04",
                Channel::PlainPost | Channel::Web | Channel::Fax | Channel::Email => "2026-03-05",
            };
            assert_eq!(days.received_on(*channel), day(wanted), "{channel:?}");
            assert_eq!(Days::default().received_on(*channel), None);
            let set = Receipt {
                days,
                set: day("2026-03-09").map(|on| (on, "邮戳不清".to_owned())),
            };
            assert_eq!(set.received_on(*channel), day("2026-03-09"));
            assert!(set.why(*channel).contains("邮戳不清"));
        }
        let why = |channel| Receipt::default().why(channel);
        assert!(why(Channel::Oral).contains("口头申请，由工作机构代为填写"));
        assert!(!why(Channel::Counter).contains("口头"));
    }
}
