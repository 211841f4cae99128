//! XLSX: drop-down lists (数据有效性). Their options stand in no cell, or in cells that nobody sees.

use std::collections::HashMap;
use std::rc::Rc;

use super::dom::Element;
use super::repack::Parts;
use super::sheet::{self, Book, CELLS_MAX, SheetEntry, column_of, hidden_columns, is_hidden_row};
use super::{Hidden, Place};
use crate::block::Unreadable;
use crate::limits::Limits;

/// Options that say nothing of anybody.
const PLAIN: [&str; 18] = [
    "是",
    "否",
    "有",
    "无",
    "男",
    "女",
    "对",
    "错",
    "同意",
    "不同意",
    "合格",
    "不合格",
    "通过",
    "不通过",
    "已完成",
    "未完成",
    "√",
    "×",
];
/// Names that a formula may lead through.
const NAMES_DEEP: usize = 4;

/// The lists of a sheet, and extensions that hold nothing but such lists.
pub(super) fn is_lists(element: &Element) -> bool {
    let only_lists = |element: &Element| {
        element.elements().next().is_some()
            && element.elements().all(|inner| inner.is("dataValidations"))
    };
    element.is("dataValidations")
        || element.is("ext") && only_lists(element)
        || element.is("extLst")
            && element.elements().next().is_some()
            && element.elements().all(only_lists)
}

/// Where a list takes its options from.
enum From {
    /// They stand in the list itself.
    Own(Vec<String>),
    /// Cells of a sheet that a reader sees, all of them.
    Seen,
    /// Cells that nobody sees, and what they say.
    Unseen(String, Rc<str>),
    /// Another workbook, or a formula that is not followed.
    Elsewhere(String),
}

/// Tells of each list whose options a reader of the cells does not see; prompts beside the cells are checked with the text.
pub(super) fn scan(
    parts: &Parts,
    (sheet, name): (&Element, &str),
    book: &Book,
    found: &mut Vec<Hidden>,
    limits: &Limits,
) -> Result<(), Unreadable> {
    let mut lists: Vec<&Element> = Vec::new();
    sheet.walk(&mut |element| {
        if element.is("dataValidation") {
            lists.push(element);
        }
    });
    let mut known = Known::default();
    let mut prompts = String::new();
    for list in lists {
        for said in ["promptTitle", "prompt", "errorTitle", "error"] {
            if let Some(text) = list.attribute(said) {
                prompts.push_str(&text);
                prompts.push('\n');
            }
        }
        if list.attribute("type").as_deref() != Some("list") {
            continue;
        }
        let Some(formula) = list.child("formula1").map(Element::text) else {
            continue;
        };
        let cells = list
            .attribute("sqref")
            .or_else(|| list.child("sqref").map(Element::text))
            .unwrap_or_default();
        let place = format!("工作表“{name}”单元格 {}", cells.trim());
        // The switch hides the arrow: its name says the contrary of what it does.
        let no_arrow = sheet::is_true(list, "showDropDown");
        let from = source(parts, (formula.trim(), name), book, &mut known, limits)?;
        found.extend(told(from, place, no_arrow));
    }
    if !prompts.trim().is_empty() {
        found.push(Hidden::new(
            Place::Aside,
            format!("工作表“{name}”的输入提示"),
            prompts,
        ));
    }
    Ok(())
}

fn told(from: From, place: String, no_arrow: bool) -> Option<Hidden> {
    match from {
        From::Seen => None,
        From::Own(options) => {
            let plain = |one: &String| PLAIN.contains(&one.as_str()) || is_short(one);
            if options.iter().all(plain) {
                return None;
            }
            let sure = no_arrow || are_people(&options);
            let hidden = Hidden::new(Place::DropDown, place, options.join("\n"));
            Some(if sure { hidden } else { hidden.doubtful() })
        }
        From::Unseen(source, words) => Some(Hidden::new(
            Place::DropDown,
            format!("{place}，选项取自{source}"),
            &*words,
        )),
        // What is hidden in this workbook is told of for itself; another one's name tells where its writer works.
        From::Elsewhere(formula) if formula.contains('[') => {
            Some(Hidden::new(Place::DropDown, place, formula).doubtful())
        }
        From::Elsewhere(_) => None,
    }
}

/// A single sign or a number says nothing of anybody.
fn is_short(option: &str) -> bool {
    option.chars().count() <= 1
        || option.chars().count() <= 4 && option.chars().all(|c| c.is_ascii_digit())
}

/// The commonest family names. Some of them begin common words too: see [`are_people`].
const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// Most of the options may be names, one of them of three characters: 文件、任务、会议 are matters.
fn are_people(options: &[String]) -> bool {
    let names: Vec<&String> = options.iter().filter(|one| is_name(one)).collect();
    let is_most = names.len() >= 2 && names.len() * 2 > options.len();
    is_most && names.iter().any(|one| one.chars().count() == 3)
}

/// Two or three characters that begin with a family name.
fn is_name(option: &str) -> bool {
    let mut chars = option.chars();
    let first = chars.next().is_some_and(|c| FAMILIES.contains(c));
    let rest: Vec<char> = chars.collect();
    first
        && (1..=2).contains(&rest.len())
        && rest.iter().all(|c| !c.is_ascii() && c.is_alphabetic())
}

/// What was read for earlier lists: lists by the thousand may take their options from the same cells.
#[derive(Default)]
struct Known {
    sheets: HashMap<String, Option<Element>>,
    /// What the cells of a range say, and whether a reader sees them.
    words: HashMap<(String, Range), (Rc<str>, bool)>,
}

impl Known {
    /// The same for one range; `None` for a sheet that is not there.
    fn words(
        &mut self,
        parts: &Parts,
        (entry, range): (&SheetEntry, Range),
        book: &Book,
        limits: &Limits,
    ) -> Result<Option<(Rc<str>, bool)>, Unreadable> {
        let title = &entry.name;
        if !self.sheets.contains_key(title) {
            let sheet = parts.xml(&entry.part, limits)?;
            self.sheets.insert(title.clone(), sheet);
        }
        let Some(Some(sheet)) = self.sheets.get(title) else {
            return Ok(None);
        };
        let words = self
            .words
            .entry((title.clone(), range))
            .or_insert_with_key(|(_, range)| {
                let (words, seen) = range.words(sheet, book);
                (words.into(), seen)
            });
        Ok(Some(words.clone()))
    }
}

fn source(
    parts: &Parts,
    (formula, own): (&str, &str),
    book: &Book,
    known: &mut Known,
    limits: &Limits,
) -> Result<From, Unreadable> {
    let mut formula = formula.trim_start_matches('=').to_owned();
    if let Some(options) = formula
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        let options = options.split([',', '，']).map(|one| one.trim().to_owned());
        return Ok(From::Own(options.filter(|one| !one.is_empty()).collect()));
    }
    for _ in 0..NAMES_DEEP {
        let same = book.names.iter().find(|(name, _)| *name == formula);
        match same {
            Some((_, target)) => formula = target.trim_start_matches('=').trim().to_owned(),
            None => break,
        }
    }
    let Some((title, range)) = Range::read(&formula, own) else {
        return Ok(From::Elsewhere(formula));
    };
    let Some(entry) = book.sheets.iter().find(|entry| entry.name == title) else {
        return Ok(From::Elsewhere(formula));
    };
    let Some((words, seen)) = known.words(parts, (entry, range), book, limits)? else {
        return Ok(From::Elsewhere(formula));
    };
    let (place, seen) = if entry.hidden {
        (format!("隐藏的工作表“{title}”"), false)
    } else {
        (format!("工作表“{title}”里隐藏的单元格"), seen)
    };
    Ok(if seen {
        From::Seen
    } else {
        From::Unseen(place, words)
    })
}

/// Cells from one corner to the other, counted from 1; whole columns and rows reach as far as there are any.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Range {
    columns: (u32, u32),
    rows: (u32, u32),
}

impl Range {
    /// `名单!$A$2:$A$9`, `'名 单'!A:A`, `$B$2`; and the sheet that it is of.
    fn read(formula: &str, own: &str) -> Option<(String, Self)> {
        let (sheet, range) = match formula.rsplit_once('!') {
            Some((sheet, range)) => {
                let bare = sheet
                    .strip_prefix('\'')
                    .and_then(|rest| rest.strip_suffix('\''));
                (
                    bare.map_or_else(|| sheet.to_owned(), |bare| bare.replace("''", "'")),
                    range,
                )
            }
            None => (own.to_owned(), formula),
        };
        let range = range.replace('$', "");
        let (from, to) = range.split_once(':').unwrap_or((&range, &range));
        let ((column, row), (last_column, last_row)) = (corner(from)?, corner(to)?);
        let whole =
            |from: Option<u32>, to: Option<u32>| (from.unwrap_or(1), to.unwrap_or(u32::MAX));
        if column.is_none() && row.is_none() {
            return None;
        }
        Some((
            sheet,
            Self {
                columns: whole(column, last_column),
                rows: whole(row, last_row),
            },
        ))
    }

    /// What its cells say, and whether a reader sees all that say anything.
    fn words(&self, sheet: &Element, book: &Book) -> (String, bool) {
        let columns = hidden_columns(sheet);
        let (mut words, mut seen, mut number, mut read) = (String::new(), true, 0, 0);
        for row in sheet::rows(sheet) {
            let written = row.attribute("r").and_then(|number| number.parse().ok());
            number = written.unwrap_or(number + 1);
            if !(self.rows.0..=self.rows.1).contains(&number) || read >= CELLS_MAX {
                continue;
            }
            let row_hidden = is_hidden_row(sheet, row);
            let mut column = 0;
            for cell in row.elements().filter(|cell| cell.is("c")) {
                column = column_of(cell, column);
                let value = book.value(cell);
                if !(self.columns.0..=self.columns.1).contains(&column) || value.trim().is_empty() {
                    continue;
                }
                let in_hidden = columns
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&column));
                seen &= !(row_hidden || in_hidden || book.is_unseen(cell));
                words.push_str(value.trim());
                words.push('\n');
                read += 1;
            }
        }
        (words, seen)
    }
}

/// Column and row of `AB12`; either may be missing. `None` for what is no corner.
fn corner(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let letters: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let digits = text.get(letters.len()..)?;
    if letters.len() > 3 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let column = letters.chars().fold(0_u32, |number, c| {
        number * 26 + u32::from(c.to_ascii_uppercase()) - 64
    });
    let row = if digits.is_empty() {
        None
    } else {
        Some(digits.parse().ok()?)
    };
    Some(((column > 0).then_some(column), row))
}

#[cfg(test)]
mod tests {
    use super::{Range, are_people};
    use crate::hidden::tests::zipped;
    use crate::hidden::{Hidden, Place, clean, scan};
    use crate::limits::Limits;

    #[test]
    fn ranges_name_their_sheet_and_reach() {
        let read = |formula: &str| {
            let (sheet, range) = Range::read(formula, "登记表")?;
            Some((sheet, range.columns, range.rows))
        };
        let named = |sheet: &str, columns, rows| Some((sheet.to_owned(), columns, rows));
        assert_eq!(read("名单!$A$2:$B$9"), named("名单", (1, 2), (2, 9)));
        assert_eq!(
            read("'名 单''s'!AA:AA"),
            named("名 单's", (27, 27), (1, u32::MAX))
        );
        assert_eq!(read("$C$4"), named("登记表", (3, 3), (4, 4)));
        for other in ["INDIRECT($A$1)", "", "科室人员", "[1]名单!A1+1"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn people_are_told_from_matters() {
        let are = |listed: &str| {
            let options: Vec<String> = listed.split('，').map(str::to_owned).collect();
            are_people(&options)
        };
        for people in [
            "王小明，高二",
            "高一鸣，马小六，其他",
            "请选择，方圆，石小川",
        ] {
            assert!(are(people), "{people}");
        }
        for matters in [
            "文件，任务，会议",
            "文化，教育，任务",
            "万元，余额",
            "初中，高中",
            "高速路，国道，省道",
            "王者荣耀，王",
            "王小明",
        ] {
            assert!(!are(matters), "{matters}");
        }
    }

    /// Two sheets, the second in this state, with these validations on the first and these names.
    fn book(state: &str, validations: &str, names: &str) -> Vec<u8> {
        let workbook = format!(
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"登记表\" sheetId=\"1\" r:id=\"a\"/><sheet name=\"名单\" sheetId=\"2\" r:id=\"b\"{state}/></sheets>{names}</workbook>"
        );
        let relations = "<Relationships><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"b\" Target=\"worksheets/sheet2.xml\"/></Relationships>";
        let cell = |at: &str, text: &str| {
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let first = format!(
            "<worksheet><sheetData><row r=\"1\">{}<c r=\"B1\"><f>1+1</f><v>2</v></c></row></sheetData>{validations}</worksheet>",
            cell("A1", "承办人")
        );
        let second = format!(
            "<worksheet><sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData></worksheet>",
            cell("A1", "钱一"),
            cell("A2", "孙二")
        );
        zipped(&[
            ("xl/workbook.xml", &workbook),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/worksheets/sheet1.xml", &first),
            ("xl/worksheets/sheet2.xml", &second),
        ])
    }

    fn list(formula: &str) -> String {
        format!(
            "<dataValidations count=\"1\"><dataValidation type=\"list\" sqref=\"A2:A9\"><formula1>{formula}</formula1></dataValidation></dataValidations>"
        )
    }

    fn lists(bytes: &[u8]) -> Vec<Hidden> {
        let mut found = scan(bytes, &Limits::default()).unwrap();
        found.retain(|one| one.what == Place::DropDown);
        found
    }

    #[test]
    fn lists_that_nobody_sees_are_told_and_taken_out() {
        let hidden = " state=\"veryHidden\"";
        let extended = "<extLst><ext uri=\"{CCE6A557}\" xmlns:x14=\"x14\" xmlns:xm=\"xm\"><x14:dataValidations><x14:dataValidation type=\"list\"><x14:formula1><xm:f>名单!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>A2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>";
        let names =
            "<definedNames><definedName name=\"人员\">名单!$A$1:$A$2</definedName></definedNames>";
        for (file, says, place) in [
            (
                book("", &list("\"赵五,周小六,吴七\""), ""),
                "周小六",
                "A2:A9",
            ),
            (
                book(hidden, &list("名单!$A$1:$A$2"), ""),
                "钱一",
                "隐藏的工作表“名单”",
            ),
            (
                book(hidden, &list("人员"), names),
                "孙二",
                "隐藏的工作表“名单”",
            ),
            (book(hidden, extended, ""), "孙二", "单元格 A2，选项取自"),
        ] {
            let found = lists(&file);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].text.contains(says) && found[0].sure, "{found:?}");
            assert!(found[0].place.contains(place), "{found:?}");
            assert!(found[0].advice().contains("数据有效性"));
            let copy = clean(&file, &Limits::default()).unwrap();
            let left = scan(&copy, &Limits::default()).unwrap();
            assert!(left.iter().all(|one| one.what == Place::Aside), "{left:?}");
            let read = crate::read(&copy, &Limits::default()).unwrap();
            assert!(crate::hidden::text_of(&read).contains("承办人"));
        }
    }

    #[test]
    fn lists_that_say_nothing_of_anybody_stay() {
        let from_cells = book("", &list("名单!$A$1:$A$2"), "");
        assert_eq!(lists(&from_cells), [], "whoever reads the sheet sees them");
        let plain = book("", &list("\"是,否,1,2026\""), "");
        assert_eq!(lists(&plain), []);
        let of_matters = lists(&book("", &list("\"养老,教育,医疗\""), ""));
        assert!(
            of_matters.len() == 1 && !of_matters[0].sure,
            "{of_matters:?}"
        );
        assert_eq!(lists(&book("", &list("INDIRECT(A1)"), "")), []);
        let elsewhere = lists(&book("", &list("[人事.xlsx]名单!A1:A9"), ""));
        assert!(elsewhere.len() == 1 && !elsewhere[0].sure, "{elsewhere:?}");
    }

    #[test]
    fn formulas_stay_where_only_a_list_goes() {
        let file = book("", &list("\"赵五,周小六\""), "");
        let copy = clean(&file, &Limits::default()).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(copy)).unwrap();
        let mut sheet = String::new();
        let mut part = zip.by_name("xl/worksheets/sheet1.xml").unwrap();
        std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
        assert!(sheet.contains("<f>1+1</f>"), "{sheet}");
        assert!(!sheet.contains("dataValidation"), "{sheet}");
    }
}
