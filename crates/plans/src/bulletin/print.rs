//! A bulletin in the official layout; for one unit, its extract.

use gongkai_office::form::letter::{Letter, Line, Listing};

use super::{Bulletin, Part, ranking};
use crate::when;

/// The letter with these parts. The ranking stands in it only where it was asked for.
#[must_use]
pub fn letter(bulletin: &Bulletin, parts: &[Part], all: &[Part]) -> Letter {
    let mut body = vec![Line::Text(bulletin.opening.clone())];
    for (n, part) in (1..).zip(parts) {
        body.push(Line::Heading(format!(
            "{}、{}",
            chinese(n),
            part.organ_name
        )));
        body.extend(
            (1..)
                .zip(&part.sentences)
                .map(|(n, sentence)| Line::Text(format!("（{n}）{}", sentence.text))),
        );
    }
    body.push(Line::Text(bulletin.closing.clone()));
    if let Some(due) = bulletin.reply_due_on {
        body.push(Line::Text(format!(
            "请于{}前报告整改情况。",
            when::date(due)
        )));
    }
    let listings = bulletin.ranking.then(|| listing(all));
    let to = match parts {
        [one] => format!("{}：", one.organ_name),
        _ => "各有关单位：".to_owned(),
    };
    Letter {
        title: bulletin.title.clone(),
        number: bulletin.number.clone().unwrap_or_default(),
        to,
        body,
        listings: listings.into_iter().collect(),
        signed: bulletin.office_name.clone(),
        dated: bulletin.issued_on.map_or_else(String::new, when::date),
    }
}

/// The ranking as a table, with the class of each unit where there are classes.
fn listing(all: &[Part]) -> Listing {
    let ranked = ranking(all);
    let classed = ranked.iter().any(|one| !one.class.is_empty());
    let mut headers = vec![
        ("名次".to_owned(), 1),
        ("单位".to_owned(), 4),
        ("项数".to_owned(), 1),
    ];
    if classed {
        headers.insert(0, ("类别".to_owned(), 2));
    }
    let rows = ranked.into_iter().map(|one| {
        let class = classed.then_some(one.class).into_iter();
        class
            .chain([one.rank.to_string(), one.organ_name, one.count.to_string()])
            .collect()
    });
    Listing {
        title: "各单位情况排名".to_owned(),
        headers,
        rows: rows.collect(),
    }
}

/// 一, 十二, 三十; beyond 九十九 in Arabic digits.
fn chinese(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match n {
        0..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", digit(n - 10)),
        20..=99 => format!("{}十{}", digit(n / 10), digit(n % 10)),
        _ => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{chinese, listing};
    use crate::bulletin::{FactKind, FactRef, Part, PartState, Sentence};

    fn part(name: &str, class: &str, sentences: usize) -> Part {
        Part {
            organ: OrganId::new(Uuid::nil()),
            organ_name: name.to_owned(),
            class: class.to_owned(),
            sentences: vec![
                Sentence {
                    text: "栏目未更新".to_owned(),
                    fact: Some(FactRef::new(FactKind::Finding, 1)),
                };
                sentences
            ],
            state: PartState::Silent,
            reply_text: None,
            replied_by: None,
            replied_on: None,
            again_due_on: None,
            missed_on: None,
            verdict: None,
            closed_on: None,
            version: 1,
        }
    }

    #[test]
    fn a_ranking_is_told_within_classes() {
        let plain = [
            part("甲局", "", 1),
            part("乙局", "", 3),
            part("丙局", "", 1),
        ];
        assert_eq!(
            listing(&plain).rows,
            [["1", "乙局", "3"], ["2", "甲局", "1"], ["2", "丙局", "1"]]
        );
        // What somebody wrote without a source is no fact.
        let mut wordy = part("甲局", "", 1);
        wordy.sentences.push(Sentence {
            text: "工作不力".to_owned(),
            fact: None,
        });
        assert_eq!(listing(&[wordy]).rows, [["1", "甲局", "1"]]);
        let classed = [
            part("甲公司", "未分类", 5),
            part("甲县", "县区", 1),
            part("甲局", "部门", 2),
            part("乙局", "部门", 4),
        ];
        let made = listing(&classed);
        assert_eq!(made.headers[0].0, "类别");
        assert_eq!(
            made.rows,
            [
                ["县区", "1", "甲县", "1"],
                ["部门", "1", "乙局", "4"],
                ["部门", "2", "甲局", "2"],
                ["未分类", "1", "甲公司", "5"],
            ]
        );
    }

    #[test]
    fn headings_count_in_chinese() {
        for (n, wanted) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (30, "三十"),
            (99, "九十九"),
            (100, "100"),
        ] {
            assert_eq!(chinese(n), wanted);
        }
    }
}
