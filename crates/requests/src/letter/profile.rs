//! What an organ's letters carry each time: its code in numbers, where to complain, whom to call, its fonts.

use gongkai_office::form::letterhead::Faces;
use gongkai_platform::fault::phone_fault;

/// The longest line, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// The longest pattern of numbers, in characters.
pub const PATTERN_CHARS_MAX: usize = 40;
/// Pattern of numbers of an organ that has set none; the code stands where the organ's is.
pub const PATTERN: &str = "依申请〔{year}〕{n}号";

/// Data on an organ for its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Such as 安财公开〔{year}〕{n}号.
    pub pattern: String,
    /// 复议机关: as a rule the government of the same level; for vertical organs the next higher organ.
    pub review_body: String,
    pub review_address: String,
    /// Where 复议 is filed over the internet.
    pub review_online: String,
    pub court: String,
    /// 联系人 and 联系电话 at the foot.
    pub contact: String,
    pub phone: String,
    /// 缴款账户, for 收费通知书.
    pub account: String,
    pub faces: Faces,
    /// 0 before it was ever kept.
    pub version: i64,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            pattern: PATTERN.to_owned(),
            review_body: String::new(),
            review_address: String::new(),
            review_online: String::new(),
            court: String::new(),
            contact: String::new(),
            phone: String::new(),
            account: String::new(),
            faces: Faces::default(),
            version: 0,
        }
    }
}

impl Profile {
    /// A fictitious organ's, for previews.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            pattern: "安财公开〔{year}〕{n}号".to_owned(),
            review_body: "安澜市人民政府".to_owned(),
            review_address: "安澜市滨河路1号市司法局行政复议窗口".to_owned(),
            review_online: "https://fuyi.anlan.example".to_owned(),
            court: "云岭县人民法院".to_owned(),
            contact: "市财政局依申请公开窗口".to_owned(),
            phone: "0700-0000000".to_owned(),
            account: "安澜市非税收入汇缴专户".to_owned(),
            ..Self::default()
        }
    }

    /// `安财公开〔2026〕7号`
    #[must_use]
    pub fn number(&self, year: i16, n: i64) -> String {
        self.pattern
            .replace("{year}", &year.to_string())
            .replace("{n}", &n.to_string())
    }

    /// What a notice of a fee says of how it is paid; empty where no account is set.
    #[must_use]
    pub fn how_to_pay(&self) -> String {
        match self.account.trim() {
            "" => String::new(),
            account => format!("缴款账户：{account}。"),
        }
    }

    /// All that is wrong, each with its field.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if !self.pattern.contains("{year}")
            || !self.pattern.contains("{n}")
            || self.pattern.chars().count() > PATTERN_CHARS_MAX
        {
            faults.push((
                "pattern",
                format!(
                    "文号格式须同时含有 {{year}} 和 {{n}}，最多{PATTERN_CHARS_MAX}字，例：安财公开〔{{year}}〕{{n}}号。"
                ),
            ));
        }
        for (field, name, text) in self.lines() {
            if text.chars().count() > LINE_CHARS_MAX {
                faults.push((field, format!("“{name}”最多{LINE_CHARS_MAX}字。")));
            }
        }
        faults.extend(phone_fault(("phone", "联系电话"), &self.phone));
        let faces = [
            ("face_title", &self.faces.title),
            ("face_heading", &self.faces.heading),
            ("face_subheading", &self.faces.subheading),
            ("face_body", &self.faces.body),
        ];
        for (field, name) in faces {
            if name.is_empty() || name.chars().count() > PATTERN_CHARS_MAX {
                faults.push((
                    field,
                    format!("请填写字体名称，最多{PATTERN_CHARS_MAX}字。"),
                ));
            }
        }
        faults
    }

    /// Field, name and text of each line.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, &'static str, &str); 7] {
        [
            ("review_body", "行政复议机关", &self.review_body),
            ("review_address", "行政复议机关地址", &self.review_address),
            (
                "review_online",
                "网上申请行政复议的地址",
                &self.review_online,
            ),
            ("court", "有管辖权的人民法院", &self.court),
            ("contact", "联系人", &self.contact),
            ("phone", "联系电话", &self.phone),
            ("account", "缴款账户", &self.account),
        ]
    }
}
