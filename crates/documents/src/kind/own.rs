//! 专有要素: what documents of one kind say above their text and others do not, as data. Each is read by its form, so that an
//! edition holds none that means nothing.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use gongkai_basis::Date;
use gongkai_platform::fault::Reason;
use gongkai_platform::web::day;
use serde::{Deserialize, Serialize};

use super::Kind;

/// Characters of a value.
pub const VALUE_CHARS_MAX: usize = 100;
/// Years that a public document can be about.
const YEARS: RangeInclusive<i16> = 1949..=2099;
/// Issues of a year.
const NUMBERS: RangeInclusive<u16> = 1..=999;
/// Digits of a telephone number: hotlines have five, numbers with an extension the most.
const PHONE_DIGITS: RangeInclusive<usize> = 5..=20;

/// How a field is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    Text,
    /// Kept as `2026-09-18`.
    Date,
    /// Kept as `2026`.
    Year,
    /// Kept as `2026/2030`.
    Years,
    /// Of an issue.
    Number,
    /// One or several, parted by 、.
    Phone,
    Choice(Vec<String>),
}

impl Form {
    /// `text`, `date`, `year`, `years`, `number`, `phone`, or `choice:甲|乙`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "text" => Some(Self::Text),
            "date" => Some(Self::Date),
            "year" => Some(Self::Year),
            "years" => Some(Self::Years),
            "number" => Some(Self::Number),
            "phone" => Some(Self::Phone),
            _ => {
                let listed = code.strip_prefix("choice:")?;
                Some(Self::Choice(listed.split('|').map(str::to_owned).collect()))
            }
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Text => "文字".to_owned(),
            Self::Date => "日期".to_owned(),
            Self::Year => "年份".to_owned(),
            Self::Years => "起止年份".to_owned(),
            Self::Number => "期号".to_owned(),
            Self::Phone => "电话".to_owned(),
            Self::Choice(listed) => format!("从以下各项选择：{}", listed.join("、")),
        }
    }

    /// What was typed in the field of this name, as it is kept.
    ///
    /// # Errors
    /// A sentence where it means nothing.
    pub fn read(&self, name: &str, text: &str) -> Result<String, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > VALUE_CHARS_MAX {
            return Err(format!("“{name}”最多{VALUE_CHARS_MAX}字。"));
        }
        match self {
            Self::Text => Ok(text),
            Self::Date => match text.parse::<Date>() {
                Ok(date) => Ok(date.to_string()),
                Err(_) => Err(format!("“{name}”的日期无法识别，例：2026-09-18。")),
            },
            Self::Year => match year(&text) {
                Some(year) => Ok(year.to_string()),
                None => Err(format!("“{name}”请写四位的年份，例：2026。")),
            },
            Self::Years => match years(&text) {
                Some((from, to)) => Ok(format!("{from}/{to}")),
                None => Err(format!(
                    "“{name}”请写起止年份，前一年不晚于后一年，例：2026—2030。"
                )),
            },
            Self::Number => match number(&text) {
                Some(number) => Ok(number.to_string()),
                None => Err(format!(
                    "“{name}”请写{}到{}之间的数字，例：3。",
                    NUMBERS.start(),
                    NUMBERS.end()
                )),
            },
            Self::Phone if is_phone(&text) => Ok(text),
            Self::Phone => Err(format!(
                "“{name}”不是电话号码，例：0750-1234567；几个用“、”隔开。"
            )),
            Self::Choice(listed) if listed.contains(&text) => Ok(text),
            Self::Choice(listed) => Err(format!(
                "“{name}”没有“{text}”这一项，可用：{}。",
                listed.join("、")
            )),
        }
    }

    /// Is it chosen from a list?
    #[must_use]
    pub const fn is_choice(&self) -> bool {
        matches!(self, Self::Choice(_))
    }

    /// The list, with nothing chosen first.
    #[must_use]
    pub fn options(&self) -> Vec<(String, String)> {
        let mut options = vec![(String::new(), "请选择".to_owned())];
        if let Self::Choice(listed) = self {
            options.extend(listed.iter().map(|one| (one.clone(), one.clone())));
        }
        options
    }

    /// The type of its input.
    #[must_use]
    pub const fn input(&self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Number => "number",
            Self::Phone => "tel",
            Self::Text | Self::Year | Self::Years | Self::Choice(_) => "text",
        }
    }
}

/// A field that one kind has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnField {
    pub kind: Kind,
    /// Of all kinds' fields only this one has it; it names the field in forms, too.
    pub code: &'static str,
    /// 中文名, also the column of an older site's list.
    pub name: &'static str,
    pub form: Form,
    /// Before review.
    pub required: bool,
    pub hint: &'static str,
}

/// `data/own_fields.tsv`
static FIELDS: LazyLock<Vec<OwnField>> = LazyLock::new(|| {
    include_str!("../data/own_fields.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(of_line)
        .collect()
});

fn of_line(line: &'static str) -> Option<OwnField> {
    let mut parts = line.split('\t');
    Some(OwnField {
        kind: Kind::from_code(parts.next()?)?,
        code: parts.next()?,
        name: parts.next()?,
        form: Form::of_code(parts.next()?)?,
        required: parts.next()? == "yes",
        hint: parts.next()?,
    })
}

/// The fields of all kinds.
#[must_use]
pub fn all() -> &'static [OwnField] {
    &FIELDS
}

/// The fields of a kind in their order.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static OwnField> {
    all().iter().filter(move |field| field.kind == kind)
}

fn coded(code: &str) -> Option<&'static OwnField> {
    all().iter().find(|field| field.code == code)
}

fn year(text: &str) -> Option<i16> {
    let digits = text.trim_end_matches('年');
    let is_written = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let year: i16 = digits.parse().ok().filter(|_| is_written)?;
    YEARS.contains(&year).then_some(year)
}

/// `2026—2030`, `2026-2030年`, `2026年至2030年`
fn years(text: &str) -> Option<(i16, i16)> {
    let text: String = text.split_whitespace().collect();
    let parts = text.split(|c: char| "-–—－～~/至到".contains(c));
    let mut years = parts.filter(|part| !part.is_empty()).map(year);
    let (from, to) = (years.next()??, years.next()??);
    (years.next().is_none() && from <= to).then_some((from, to))
}

/// `3`, `第3期`
fn number(text: &str) -> Option<u16> {
    let digits = text.trim_start_matches('第').trim_end_matches('期');
    let is_written = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u16 = digits.parse().ok().filter(|_| is_written)?;
    NUMBERS.contains(&number).then_some(number)
}

fn is_phone(text: &str) -> bool {
    text.split(['、', '，', ',', '；', ';']).all(|one| {
        let digits = one.chars().filter(char::is_ascii_digit).count();
        let fits = |c: char| c.is_ascii_digit() || " +-—－()（）转".contains(c);
        PHONE_DIGITS.contains(&digits) && one.chars().all(fits)
    })
}

/// What an edition says in a field of its kind. The name stands beside the code: an edition says for good what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnValue {
    pub code: String,
    pub name: String,
    /// As [`Form::read`] gave it.
    pub value: String,
    /// How it is written, where a government added the field; one of the table has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
}

impl OwnValue {
    fn form(&self) -> Option<Form> {
        match coded(&self.code) {
            Some(field) => Some(field.form.clone()),
            None => Form::of_code(&self.form),
        }
    }

    /// For readers.
    #[must_use]
    pub fn shown(&self) -> String {
        let value = &self.value;
        match self.form() {
            Some(Form::Date) => value.parse::<Date>().map_or_else(|_| value.clone(), day),
            Some(Form::Year) => format!("{value}年"),
            Some(Form::Years) => match value.split_once('/') {
                Some((from, to)) if from == to => format!("{from}年"),
                Some((from, to)) => format!("{from}—{to}年"),
                None => value.clone(),
            },
            Some(Form::Number) => format!("第{value}期"),
            Some(Form::Text | Form::Phone | Form::Choice(_)) | None => value.clone(),
        }
    }

    /// As it stands in a form.
    #[must_use]
    pub fn typed(&self) -> String {
        if matches!(self.form(), Some(Form::Years)) {
            self.value.replace('/', "—")
        } else {
            self.value.clone()
        }
    }

    /// `规划期：2026—2030年`
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}：{}", self.name, self.shown())
    }

    /// Is it words of people, in which personal data may stand?
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.form(), Some(Form::Text) | None)
    }
}

/// Reads the fields of a kind; `text` gives what was typed or listed, empty for nothing.
#[must_use]
pub fn read(kind: Kind, text: impl Fn(&OwnField) -> String) -> (Vec<OwnValue>, Vec<Reason>) {
    let (mut values, mut reasons) = (Vec::new(), Vec::new());
    for field in of(kind) {
        let typed = text(field);
        if typed.trim().is_empty() {
            continue;
        }
        match field.form.read(field.name, &typed) {
            Ok(value) => values.push(OwnValue {
                code: field.code.to_owned(),
                name: field.name.to_owned(),
                value,
                form: String::new(),
            }),
            Err(sentence) => reasons.push((field.code, sentence)),
        }
    }
    (values, reasons)
}

/// What keeps values from being saved.
#[must_use]
pub fn why_not(values: &[OwnValue]) -> Vec<Reason> {
    let wrong = |one: &OwnValue| {
        let field = coded(&one.code)?;
        Some((field.code, field.form.read(field.name, &one.value).err()?))
    };
    values.iter().filter_map(wrong).collect()
}

/// The fields that a kind demands and these values leave open.
#[must_use]
pub fn missing(kind: Kind, values: &[OwnValue]) -> Vec<Reason> {
    of(kind)
        .filter(|field| field.required && values.iter().all(|one| one.code != field.code))
        .map(|field| {
            let sentence = format!("{}必须填写“{}”。", kind.name(), field.name);
            (field.code, sentence)
        })
        .collect()
}

/// The years that a document is about, as `2026` or `2026/2030` (ISO 8601).
#[must_use]
pub fn covers(values: &[OwnValue]) -> Option<&str> {
    values
        .iter()
        .find(|one| matches!(one.form(), Some(Form::Year | Form::Years)))
        .map(|one| one.value.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Form, OwnValue, all, coded, covers, missing, of, read, why_not};
    use crate::kind::{Field, Kind};

    #[test]
    fn the_table_is_read_whole_and_no_field_has_another_s_code() {
        let file = include_str!("../data/own_fields.tsv");
        let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), all().len());
        for (line, field) in lines.iter().zip(all()) {
            let parts: Vec<&str> = line.split('\t').collect();
            assert_eq!(parts.len(), 7, "{line}");
            assert!(parts[4] == "yes" || parts[4] == "no", "{line}");
            assert!(!parts[6].is_empty() && parts[1] == field.code, "{line}");
        }
        let codes: BTreeSet<&str> = all().iter().map(|field| field.code).collect();
        assert_eq!(codes.len(), all().len());
        for kind in Kind::ALL {
            // Names are columns of a list beside those of the common fields.
            let own: BTreeSet<&str> = of(*kind).map(|field| field.name).collect();
            assert_eq!(own.len(), of(*kind).count());
            assert!(Field::ALL.iter().all(|field| !own.contains(field.name())));
        }
        assert!(of(Kind::Notice).next().is_none() && of(Kind::Material).next().is_none());
        // 政府信息公开条例 art. 20 (2): 办公地址、办公时间、联系方式、负责人姓名.
        assert!(of(Kind::Duties).all(|field| field.required));
        assert_eq!(of(Kind::Duties).count(), 4);
    }

    #[test]
    fn each_form_takes_what_means_something_and_says_what_does_not() {
        let kept = |code: &str, text: &str| {
            let field = coded(code).unwrap();
            field.form.read(field.name, text)
        };
        for (code, text, value) in [
            ("own_plan_years", "2026-2030", "2026/2030"),
            ("own_plan_years", "2026年至2030年", "2026/2030"),
            ("own_plan_years", "2026 — 2030 年", "2026/2030"),
            ("own_finance_year", "2026年", "2026"),
            ("own_powers_version", "2026-09-18", "2026-09-18"),
            ("own_gazette_issue", "第3期", "3"),
            (
                "own_duties_phone",
                "0750-1234567转801、12345",
                "0750-1234567转801、12345",
            ),
            (
                "own_duties_address",
                " 安澜市  和平路1号 ",
                "安澜市 和平路1号",
            ),
            ("own_emergency_class", "专项应急预案", "专项应急预案"),
        ] {
            assert_eq!(kept(code, text).as_deref(), Ok(value), "{code} {text}");
            // What is kept is read as itself.
            assert_eq!(kept(code, value).as_deref(), Ok(value), "{code}");
        }
        for (code, text) in [
            ("own_plan_years", "2026"),
            ("own_plan_years", "2030—2026"),
            ("own_plan_years", "2026—2030—2035"),
            ("own_finance_year", "26"),
            ("own_finance_year", "12026"),
            ("own_powers_version", "去年"),
            ("own_gazette_issue", "0"),
            ("own_gazette_issue", "1000"),
            ("own_duties_phone", "见官网"),
            ("own_duties_phone", "0750-1234567、"),
            ("own_emergency_class", "专项"),
        ] {
            let told = kept(code, text).unwrap_err();
            assert!(told.contains(coded(code).unwrap().name), "{told}");
        }
        assert!(kept("own_duties_address", &"路".repeat(100)).is_ok());
        assert!(kept("own_duties_address", &"路".repeat(101)).is_err());
    }

    #[test]
    fn a_kind_reads_its_own_fields_and_says_what_is_missing() {
        let typed = |code: &str| match code {
            "own_plan_years" => "2026—2030",
            "own_plan_class" => "专项规划",
            "own_finance_year" => "2026",
            _ => "",
        };
        let (values, reasons) = read(Kind::Planning, |field| typed(field.code).to_owned());
        assert!(reasons.is_empty() && why_not(&values).is_empty());
        let lines: Vec<String> = values.iter().map(OwnValue::line).collect();
        assert_eq!(lines, ["规划期：2026—2030年", "规划类别：专项规划"]);
        assert_eq!(values[0].typed(), "2026—2030");
        assert_eq!(covers(&values), Some("2026/2030"));
        assert!(missing(Kind::Planning, &values).is_empty());
        let open = missing(Kind::Finance, &[]);
        let fields: Vec<&str> = open.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["own_finance_class", "own_finance_year"]);
        let (values, reasons) = read(Kind::Planning, |_| "二〇三〇".to_owned());
        assert_eq!((values.len(), reasons.len()), (0, 3));
        // Of a field that the table does not have any more the edition goes on saying what it said.
        let old = OwnValue {
            code: "own_gone".to_owned(),
            name: "旧要素".to_owned(),
            value: "一".to_owned(),
            form: String::new(),
        };
        assert_eq!(old.line(), "旧要素：一");
        assert!(why_not(&[old]).is_empty());
        assert!(matches!(
            coded("own_plan_class").unwrap().form,
            Form::Choice(_)
        ));
    }
}
