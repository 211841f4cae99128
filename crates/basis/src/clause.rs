//! 条款: where the articles, chapters and sections of a text begin. What shows the text and what points into it name them
//! alike, line by line, so that a link leads where it says.

use std::collections::BTreeMap;

/// Characters of a number: 一千二百三十四 has seven.
const NUMBER_CHARS_MAX: usize = 8;
/// Characters of a heading's line, and of a name.
const HEADING_CHARS_MAX: usize = 30;
const NAME_CHARS_MAX: usize = 24;

/// An article, a chapter or a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Names it within its text: `第三条`, and `第三条-2` where a second one is called so.
    pub anchor: String,
    /// What people call it: `第三条`, `第一章 总则`, `二、重点任务`.
    pub name: String,
}

/// The clauses of one text, asked line by line from its first.
#[derive(Debug, Default)]
pub struct Clauses(BTreeMap<String, usize>);

impl Clauses {
    /// The clause that this line begins.
    pub fn begins(&mut self, line: &str) -> Option<Clause> {
        let (anchor, name) = opening(line.trim())?;
        let n = self.0.entry(anchor.clone()).or_default();
        *n += 1;
        Some(Clause {
            anchor: if *n == 1 {
                anchor
            } else {
                format!("{anchor}-{n}")
            },
            name,
        })
    }
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百千两".contains(c)
}

/// A number at the beginning, and what follows.
fn numbered(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !is_numeral(c)).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    let fits = (1..=NUMBER_CHARS_MAX).contains(&number.chars().count());
    fits.then_some((number, rest))
}

/// What the line opens: the anchor of its first, and its name.
fn opening(line: &str) -> Option<(String, String)> {
    let Some(rest) = line.strip_prefix('第') else {
        return section(line);
    };
    let (number, rest) = numbered(rest)?;
    if let Some(rest) = rest.strip_prefix('条') {
        // 第十二条之一
        let added = rest.strip_prefix('之').and_then(numbered);
        let (name, rest) = match added {
            Some((added, rest)) => (format!("第{number}条之{added}"), rest),
            None => (format!("第{number}条"), rest),
        };
        return (!is_spoken_of(rest)).then(|| (name.clone(), name));
    }
    let (unit, title) = ['编', '章', '节']
        .into_iter()
        .find_map(|unit| Some((unit, rest.strip_prefix(unit)?)))?;
    let is_heading = line.chars().count() <= HEADING_CHARS_MAX && !is_spoken_of(title);
    is_heading.then(|| (format!("第{number}{unit}"), shortened(line)))
}

/// 第三条规定…, 第三条至第五条…: a sentence about the article, which does not begin here.
fn is_spoken_of(rest: &str) -> bool {
    let about = "的至、，。；和或与及第规所中款项）》”";
    rest.chars().next().is_some_and(|c| about.contains(c))
}

/// `二、重点任务`
fn section(line: &str) -> Option<(String, String)> {
    let (number, rest) = numbered(line)?;
    let title = rest.strip_prefix('、')?;
    let is_chinese = !number.contains(|c: char| c.is_ascii_digit());
    let title = title.split('。').next().unwrap_or_default();
    let head = is_chinese && !title.trim().is_empty();
    head.then(|| (number.to_owned(), shortened(&format!("{number}、{title}"))))
}

fn shortened(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(NAME_CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::Clauses;

    fn found(lines: &[&str]) -> Vec<(String, String)> {
        let mut clauses = Clauses::default();
        let clauses = lines.iter().filter_map(|line| clauses.begins(line));
        clauses.map(|clause| (clause.anchor, clause.name)).collect()
    }

    #[test]
    fn articles_chapters_and_sections_are_named() {
        for (line, anchor, name) in [
            ("第一条　为了公开。", "第一条", "第一条"),
            ("　　第十二条 甲", "第十二条", "第十二条"),
            ("第12条为了公开", "第12条", "第12条"),
            ("第十二条之一 乙", "第十二条之一", "第十二条之一"),
            ("第三条", "第三条", "第三条"),
            ("第一章　总则", "第一章", "第一章 总则"),
            ("第二节 公开的  程序", "第二节", "第二节 公开的 程序"),
            ("二、重点任务", "二", "二、重点任务"),
            ("三、加强领导。各单位要重视。", "三", "三、加强领导"),
            (
                "四、进一步完善政策文件库建设并做好历史文件的归集整理和公开工作",
                "四",
                "四、进一步完善政策文件库建设并做好历史文件的归集…",
            ),
        ] {
            let wanted = (anchor.to_owned(), name.to_owned());
            assert_eq!(found(&[line]), [wanted], "{line}");
        }
    }

    #[test]
    fn what_only_speaks_of_an_article_is_none() {
        for line in [
            "第三条规定的期限届满",
            "第三条、第五条",
            "第三条第一款所称",
            "第三条至第五条",
            "第条",
            "第三",
            "第三章规定的事项按照本办法执行",
            "第三次会议",
            "2、乙",
            "一、",
            "十",
            "本办法第三条",
            "",
        ] {
            assert!(found(&[line]).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_second_one_of_a_name_has_an_anchor_of_its_own() {
        let anchors: Vec<String> = found(&["第一条 甲", "一、乙", "第一条 丙", "一、丁"])
            .into_iter()
            .map(|(anchor, _)| anchor)
            .collect();
        assert_eq!(anchors, ["第一条", "一", "第一条-2", "一-2"]);
    }
}
