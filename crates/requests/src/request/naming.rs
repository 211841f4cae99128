//! What a text for a unit that helps says of who asks. Pure.

use super::{ApplicantKind, Request};

/// A number of a house or a room is none of a person.
const REACH_CHARS_MIN: usize = 6;
/// One character is found by chance.
const NAME_CHARS_MIN: usize = 2;

/// Letters and digits alone: a number is the same however it is spaced.
fn bare(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What of an applicant a text names, for people; `None` where it names nothing. Who asks for what is about himself is named in
/// his own words; an organisation's name is nobody's personal data, that of its people is.
///
/// Law: 个人信息保护法 art. 6: no more than the purpose needs; a unit that helps needs what is asked, not who asks.
#[must_use]
pub fn told(request: &Request, text: &str) -> Option<&'static str> {
    let (who, wish) = (&request.applicant, &request.wish);
    let said = bare(text);
    let says = |value: &str, least: usize| {
        let value = bare(value);
        value.chars().count() >= least && said.contains(&value)
    };
    let reach = [
        ("证件号码", &who.paper_number),
        ("联系电话", &who.phone),
        ("传真号码", &who.fax),
        ("电子邮箱", &who.email),
        ("通信地址", &who.address),
    ];
    let names = if who.kind == ApplicantKind::Natural {
        vec![("姓名", &who.name)]
    } else {
        vec![("法定代表人姓名", &who.head), ("联系人姓名", &who.contact)]
    };
    let own = [bare(&wish.subject), bare(&wish.description)];
    let is_own = |name: &str| own.iter().any(|words| words.contains(&bare(name)));
    let reached = reach
        .into_iter()
        .find(|(_, value)| says(value, REACH_CHARS_MIN));
    let named = names
        .into_iter()
        .find(|(_, name)| says(name, NAME_CHARS_MIN) && !is_own(name));
    reached.or(named).map(|(what, _)| what)
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::request::ApplicantKind;
    use crate::request::tests::sample;

    #[test]
    fn who_asks_is_seen_in_a_question_and_what_is_asked_is_not() {
        let mut request = sample();
        let who = &mut request.applicant;
        who.kind = ApplicantKind::Natural;
        "赵测试".clone_into(&mut who.name);
        "13800138000".clone_into(&mut who.phone);
        "3栋5室".clone_into(&mut who.address);
        for (text, what) in [
            ("请提供环评审批表", None),
            ("请提供3栋5室的环评审批表", None),
            ("请提供赵测试要的审批表", Some("姓名")),
            ("请提供审批表，138 0013 8000", Some("联系电话")),
        ] {
            assert_eq!(told(&request, text), what, "{text}");
        }
        // Who asks for what is about himself.
        "赵测试的参保记录".clone_into(&mut request.wish.subject);
        assert_eq!(told(&request, "请提供赵测试的参保记录"), None);
    }

    #[test]
    fn of_an_organisation_its_people_are_meant() {
        let mut request = sample();
        let who = &mut request.applicant;
        who.kind = ApplicantKind::Business;
        "安澜市某公司".clone_into(&mut who.name);
        "钱法人".clone_into(&mut who.head);
        "孙联系".clone_into(&mut who.contact);
        for (text, what) in [
            ("安澜市某公司的环评审批表", None),
            ("环评审批表（钱法人申请）", Some("法定代表人姓名")),
            ("环评审批表，联系孙联系", Some("联系人姓名")),
        ] {
            assert_eq!(told(&request, text), what, "{text}");
        }
    }
}
