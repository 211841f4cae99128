//! The laws that letters cite: which are in force on a day, and how many articles they have.

use gongkai_basis::Date;

/// A law that a letter may cite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Law {
    /// Every name by which it is cited, the full one first.
    pub names: &'static [&'static str],
    /// Its last article; `None` where the text was not seen.
    pub articles: Option<u32>,
    /// The first day of this text, as year, month, day.
    pub since: (i16, i8, i8),
    /// The first day on which it is no longer in force.
    pub until: Option<(i16, i8, i8)>,
    /// What to cite instead.
    pub instead: &'static str,
}

pub const LAWS: &[Law] = &[
    Law {
        names: &["中华人民共和国政府信息公开条例", "政府信息公开条例", "条例"],
        articles: Some(56),
        since: (2019, 5, 15),
        until: None,
        instead: "",
    },
    Law {
        names: &["政府信息公开信息处理费管理办法"],
        articles: None,
        since: (2021, 1, 1),
        until: None,
        instead: "",
    },
    Law {
        names: &["中华人民共和国行政复议法", "行政复议法"],
        articles: Some(90),
        since: (2024, 1, 1),
        until: None,
        instead: "",
    },
    Law {
        names: &["中华人民共和国行政诉讼法", "行政诉讼法"],
        articles: Some(103),
        since: (2017, 7, 1),
        until: None,
        instead: "",
    },
    Law {
        names: &["最高人民法院关于审理政府信息公开行政案件若干问题的规定"],
        articles: None,
        since: (2011, 8, 13),
        until: Some((2025, 6, 1)),
        instead: "《最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释》（法释〔2025〕8号）",
    },
    Law {
        names: &["最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释"],
        articles: None,
        since: (2025, 6, 1),
        until: None,
        instead: "",
    },
];

impl Law {
    /// The law of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        LAWS.iter().find(|law| law.names.contains(&name))
    }

    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        let date = |(year, month, date): (i16, i8, i8)| Date::new(year, month, date).ok();
        date(self.since).is_none_or(|since| since <= day)
            && self.until.and_then(date).is_none_or(|until| day < until)
    }
}

/// `《…》第N条` in a text: the law's name, and the article where it reads as a number.
#[must_use]
pub fn citations(text: &str) -> Vec<(&str, Option<u32>)> {
    let mut found = Vec::new();
    for piece in text.split('《').skip(1) {
        let Some((name, rest)) = piece.split_once('》') else {
            continue;
        };
        let article = rest.strip_prefix('第').and_then(|rest| {
            let (number, _) = rest.split_once('条')?;
            chinese_number(number)
        });
        found.push((name, article));
    }
    found
}

/// 三十六 as 36; up to 999. `None` for anything else.
fn chinese_number(text: &str) -> Option<u32> {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|one| one == c);
    let (mut whole, mut last) = (0, 0);
    if text.is_empty() || text.chars().count() > 7 {
        return None;
    }
    for c in text.chars() {
        match c {
            '百' => {
                whole += last.max(1) * 100;
                last = 0;
            }
            '十' => {
                whole += last.max(1) * 10;
                last = 0;
            }
            other => last = u32::try_from(digit(other)?).ok()?,
        }
    }
    Some(whole + last)
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;

    use super::{LAWS, Law, chinese_number, citations};

    #[test]
    fn citations_are_read_with_their_articles() {
        let text = "根据《政府信息公开条例》第三十六条第（三）项、《行政复议法》第二十条和《不动产登记暂行条例》，答复如下";
        assert_eq!(
            citations(text),
            [
                ("政府信息公开条例", Some(36)),
                ("行政复议法", Some(20)),
                ("不动产登记暂行条例", None)
            ]
        );
        for (words, number) in [
            ("十", 10),
            ("十五", 15),
            ("四十", 40),
            ("一百零三", 103),
            ("九", 9),
        ] {
            assert_eq!(chinese_number(words), Some(number));
        }
        assert_eq!(chinese_number("x"), None);
        assert!(citations("《没有结束").is_empty());
    }

    #[test]
    fn what_is_in_force_depends_on_the_day() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let new = Law::named("政府信息公开条例").unwrap();
        assert!(!new.in_force(day("2019-05-14")) && new.in_force(day("2019-05-15")));
        let old = Law::named("最高人民法院关于审理政府信息公开行政案件若干问题的规定").unwrap();
        assert!(old.in_force(day("2025-05-31")) && !old.in_force(day("2025-06-01")));
        for law in LAWS {
            assert_eq!(
                law.until.is_some(),
                !law.instead.is_empty(),
                "{:?}",
                law.names
            );
        }
    }
}
