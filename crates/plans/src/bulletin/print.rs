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
    let rows = ranking(all)
        .into_iter()
        .map(|(rank, name, count)| vec![rank.to_string(), name, count.to_string()]);
    let listings = bulletin.ranking.then(|| Listing {
        title: "各单位情况排名".to_owned(),
        headers: vec![
            ("名次".to_owned(), 1),
            ("单位".to_owned(), 4),
            ("项数".to_owned(), 1),
        ],
        rows: rows.collect(),
    });
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
    use super::chinese;

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
