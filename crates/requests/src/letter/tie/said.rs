//! What third parties said, as a letter that withholds or gives for all that must tell it.

use crate::request::case::{Case, Opinion};

/// What each third party said at last, by its name.
#[must_use]
pub fn said(case: &Case) -> Vec<(String, Opinion)> {
    let heard = case.third_parties().into_iter();
    heard
        .filter_map(|one| Some((one.name.trim().to_owned(), one.opinion?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use uuid::Uuid;

    use super::{Case, Opinion, said};
    use crate::id::ConsultationId;
    use crate::request::case::{Asked, Consultation};
    use crate::request::tests::sample;

    #[test]
    fn the_newest_answer_counts_and_silence_takes_nothing_back() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let mut case = Case::begin(sample(), ("经办".to_owned(), None), day("2026-03-02"));
        let answers = [
            (Asked::ThirdParty, "甲", "2026-03-09", Opinion::Agree),
            (Asked::ThirdParty, "甲", "2026-03-05", Opinion::Object),
            (Asked::ThirdParty, "乙", "2026-03-05", Opinion::Object),
            (Asked::ThirdParty, "乙", "2026-03-30", Opinion::Silence),
            (Asked::ThirdParty, "丙", "2026-03-30", Opinion::Silence),
            (Asked::CoMaker, "丁", "2026-03-30", Opinion::Object),
        ];
        let letters = (1_u128..).zip(answers);
        case.consultations = letters
            .map(|(n, (asked, name, on, opinion))| Consultation {
                id: ConsultationId::new(Uuid::from_u128(n)),
                asked,
                name: name.to_owned(),
                organ: None,
                question: String::new(),
                sent_on: day("2026-03-02"),
                got_on: None,
                due_on: None,
                answered_on: Some(day(on)),
                opinion: Some(opinion),
                words: String::new(),
            })
            .collect();
        let found = said(&case);
        let found: Vec<_> = found.iter().map(|(name, said)| (&**name, *said)).collect();
        assert_eq!(
            found,
            [
                ("甲", Opinion::Agree),
                ("乙", Opinion::Object),
                ("丙", Opinion::Silence)
            ]
        );
    }
}
