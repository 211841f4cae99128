//! From what a check saw to its verdict: pure. Only [`Verdict::Changed`] and [`Verdict::Gone`] take away what was proved
//! (`Verdict::reopens`); whatever is in doubt cannot be told.

use gongkai_basis::reference::Verdict;
use gongkai_office::raised::lowered;
use gongkai_platform::seam::Better;

use super::{Evidence, Proof, StatedFigure};

/// Characters of a quoted sentence that a verdict repeats.
const QUOTE_SHOWN_CHARS: usize = 40;

/// What was seen of one piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The stored bytes are there; their hash.
    File(String),
    FileMissing,
    FileUnreadable,
    /// The address may not be asked, or did not answer; the sentence says why.
    NoPage(String),
    /// An answer without a page: its HTTP status.
    Status(u16),
    /// The page's bytes are no text that can be read.
    PageUnreadable,
    Page(Text),
    /// The record's own source has looked.
    Record(Verdict),
    /// Its source gave no answer.
    NoRecord,
    /// The live figure's value now, and which way it gets better.
    Figure(i64, Better),
    /// The figure is bound to no live figure of this system.
    FigureUnbound,
    /// Nobody knows the live figure any more.
    FigureUnknown,
    /// An event is stated by its unit; nothing is there to look at.
    Event,
}

/// A page's words, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub folded: String,
    pub seal: String,
}

/// What a check found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// What was seen, in a sentence.
    pub seen: String,
    /// Its seal.
    pub seal: Option<String>,
}

/// Text by which a quoted sentence is found again: without blanks and invisible characters, full-width forms and the
/// marks of quotation made alike, letters small, nothing raised. Layout, line ends and fonts make no difference; words and
/// numbers do.
#[must_use]
pub fn fold(text: &str) -> String {
    lowered(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| {
            !matches!(
                c,
                '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
            )
        })
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '“' | '”' | '「' | '」' | '『' | '』' => '"',
            '‘' | '’' => '\'',
            '–' | '—' | '―' | '─' => '-',
            '。' => '.',
            '、' => ',',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The verdict on what was seen.
#[must_use]
pub fn judge(evidence: &Evidence, seen: &Seen) -> Judged {
    let doubt = |why: &str| Verdict::CannotTell(why.to_owned());
    let verdict = match seen {
        Seen::File(hash) => file(evidence, hash),
        Seen::FileMissing => Verdict::Gone("存放的文件已经不在。".to_owned()),
        Seen::FileUnreadable => doubt("文件暂时读不出来，请管理员检查磁盘。"),
        Seen::NoPage(why) => doubt(why),
        Seen::Status(status) => by_status(*status),
        Seen::PageUnreadable => doubt("页面在，但内容无法识别成文字，请人工查看。"),
        Seen::Page(text) => page(evidence, text),
        Seen::Record(verdict) => verdict.clone(),
        Seen::NoRecord => doubt("本系统现在没有这一类记录，无法核验。"),
        Seen::Figure(value, better) => figure(evidence, *value, *better),
        Seen::FigureUnbound => {
            doubt("数字由单位自行统计，系统没有对应的实时数字，请人工核对来源。")
        }
        Seen::FigureUnknown => doubt("本系统现在没有这个实时数字，无法核验。"),
        Seen::Event => doubt("活动由单位登记，系统无法自动核验，请人工查看纪要、签到表或报道。"),
    };
    Judged {
        verdict,
        seen: words(seen),
        seal: seal(seen),
    }
}

/// What was seen, in words.
fn words(seen: &Seen) -> String {
    match seen {
        Seen::File(_) => "文件在库".to_owned(),
        Seen::FileMissing => "文件库中没有这个文件".to_owned(),
        Seen::FileUnreadable => "文件读取失败".to_owned(),
        Seen::NoPage(_) => "没有看到页面".to_owned(),
        Seen::Status(status) => format!("网站回答 {status}"),
        Seen::PageUnreadable => "页面内容无法识别".to_owned(),
        Seen::Page(text) => format!("页面在，{}字", text.folded.chars().count()),
        Seen::Record(_) => "系统内记录".to_owned(),
        Seen::NoRecord => "没有这一类记录".to_owned(),
        Seen::Figure(value, _) => format!("系统现在的数字是{value}"),
        Seen::FigureUnbound => "没有可比对的实时数字".to_owned(),
        Seen::FigureUnknown => "没有这个实时数字".to_owned(),
        Seen::Event => "单位登记的活动".to_owned(),
    }
}

/// The seal of what was seen: an acceptance by the office holds as long as it stays the same.
fn seal(seen: &Seen) -> Option<String> {
    match seen {
        Seen::File(hash) => Some(hash.clone()),
        Seen::Page(text) => Some(text.seal.clone()),
        Seen::Figure(value, _) => Some(value.to_string()),
        Seen::FileMissing
        | Seen::FileUnreadable
        | Seen::NoPage(_)
        | Seen::Status(_)
        | Seen::PageUnreadable
        | Seen::Record(_)
        | Seen::NoRecord
        | Seen::FigureUnbound
        | Seen::FigureUnknown
        | Seen::Event => None,
    }
}

fn file(evidence: &Evidence, hash: &str) -> Verdict {
    match &evidence.seal {
        Some(seal) if seal == hash => Verdict::Holds,
        Some(_) => Verdict::Changed("存放的文件与登记时不同，可能已损坏或被改动。".to_owned()),
        None => Verdict::CannotTell("登记时没有留下内容指纹，无法比对。".to_owned()),
    }
}

/// Only what says clearly that the page is gone is Gone: a site that is out of order, or wants a sign-in, says nothing.
fn by_status(status: u16) -> Verdict {
    match status {
        404 | 410 => Verdict::Gone(format!("网页已经不存在（网站回答 {status}）。")),
        401 | 403 => Verdict::CannotTell(format!(
            "网站不允许查看这个网页（回答 {status}），请人工查看。"
        )),
        _ => Verdict::CannotTell(format!("网站没有给出网页（回答 {status}），稍后会再试。")),
    }
}

fn page(evidence: &Evidence, text: &Text) -> Verdict {
    if text.folded.is_empty() {
        return Verdict::CannotTell("页面没有可读的文字，可能由脚本生成，请人工查看。".to_owned());
    }
    if !evidence.quote.is_empty() {
        return if text.folded.contains(&fold(&evidence.quote)) {
            Verdict::Holds
        } else {
            Verdict::Changed(format!(
                "页面上已找不到摘引的原句“{}”。",
                shown(&evidence.quote)
            ))
        };
    }
    match &evidence.seal {
        // The first look: from now on this is what it said.
        None => Verdict::Holds,
        Some(seal) if *seal == text.seal => Verdict::Holds,
        Some(_) => Verdict::Changed(
            "页面文字与登记时不同；登记时没有摘引原句，请人工查看它是否仍能证明。".to_owned(),
        ),
    }
}

fn figure(evidence: &Evidence, value: i64, better: Better) -> Verdict {
    let figure = match &evidence.proof {
        Proof::Figure(figure) => figure,
        Proof::File(_) | Proof::Link(_) | Proof::Event(_) | Proof::Record(_) => {
            return Verdict::CannotTell("这份佐证不是数字。".to_owned());
        }
    };
    if bears_out(figure, value, better) {
        Verdict::Holds
    } else {
        let (stated, of) = (figure.value, figure.of.name());
        Verdict::Changed(format!(
            "登记的数字是{stated}，系统现在{of}的数字是{value}。"
        ))
    }
}

/// Does the live figure bear out the stated one? More was reached than was stated, or fewer are late: that proves it all the
/// more.
#[must_use]
pub fn bears_out(stated: &StatedFigure, value: i64, better: Better) -> bool {
    let (stated, live) = (stated.value.hundredths(), value.saturating_mul(100));
    match better {
        Better::More => live >= stated,
        Better::Fewer => live <= stated,
    }
}

fn shown(quote: &str) -> String {
    crate::quote::beginning(quote, QUOTE_SHOWN_CHARS)
}

#[cfg(test)]
mod tests;
