//! Remarks on passages: what a reviewer says about a place of the text, kept in the step's remark as lines `〖原文〗意见`.

use gongkai_office::raised::lowered;

use super::lines::{Marks, flat};

/// Passages that one step may remark on.
pub const PASSAGES_MAX: usize = 10;
/// Characters of a passage, and of what is said about it.
pub const PASSAGE_CHARS_MAX: usize = 200;

const MARKS: Marks = Marks {
    open: '〖',
    close: '〗',
};

/// A place of the text and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub quote: String,
    pub note: String,
}

/// The remark with its passages, as it is kept.
#[must_use]
pub fn written(remark: &str, passages: &[Passage]) -> String {
    let lines = passages.iter().map(|one| {
        let quote = flat(&one.quote).replace([MARKS.open, MARKS.close], "");
        (quote, flat(&one.note))
    });
    MARKS.written(remark, lines)
}

/// What was written, parted again.
#[must_use]
pub fn read(written: &str) -> (String, Vec<Passage>) {
    MARKS.read(written, |quote, note| {
        Some(Passage {
            quote: quote.to_owned(),
            note: note.to_owned(),
        })
    })
}

/// What keeps these remarks from being taken: a passage that the text does not have would lead nobody anywhere.
#[must_use]
pub fn why_not(passages: &[Passage], text: &str) -> Vec<(&'static str, String)> {
    let text = lowered(&MARKS.plain(text));
    let mut reasons = Vec::new();
    if passages.len() > PASSAGES_MAX {
        reasons.push(("passage", format!("一次最多对{PASSAGES_MAX}处文字提意见。")));
    }
    for one in passages {
        let quote = lowered(&MARKS.plain(&one.quote));
        if quote.is_empty() || one.note.trim().is_empty() {
            reasons.push((
                "passage",
                "对某处文字提意见，原文和意见都要填写。".to_owned(),
            ));
        } else if !text.contains(&quote) {
            let short: String = one.quote.chars().take(30).collect();
            reasons.push((
                "passage",
                format!("这一稿里没有“{short}”这段文字，请从正文里原样复制。"),
            ));
        }
        let long = |text: &str| text.chars().nth(PASSAGE_CHARS_MAX).is_some();
        if long(&one.quote) || long(&one.note) {
            reasons.push((
                "passage",
                format!("原文和意见各不超过{PASSAGE_CHARS_MAX}字，只复制有问题的那一句。"),
            ));
        }
    }
    reasons
}

/// The clean HTML with each passage marked where it stands whole in one place; `<` is told from text. Numbers count from 1.
#[must_use]
pub fn marked(html: &str, passages: &[Passage]) -> String {
    let mut html = html.to_owned();
    for (number, one) in (1..).zip(passages) {
        let quote = one
            .quote
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        if quote.is_empty() {
            continue;
        }
        let place = html.match_indices(&quote).map(|(at, _)| at).find(|at| {
            let before = html.get(..*at).unwrap_or_default();
            before
                .rfind('<')
                .is_none_or(|open| before.rfind('>').is_some_and(|close| close > open))
        });
        if let Some(at) = place {
            let end = at + quote.len();
            html.insert_str(end, &format!("<sup>{number}</sup></mark>"));
            html.insert_str(at, &format!("<mark id=\"r{number}\">"));
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{Passage, marked, read, why_not, written};

    fn passage(quote: &str, note: &str) -> Passage {
        Passage {
            quote: quote.to_owned(),
            note: note.to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let passages = vec![passage("年底前", "应为11月底前"), passage("〖甲〗", "删去")];
        let text = written("日期有误", &passages);
        let want = vec![passage("年底前", "应为11月底前"), passage("甲", "删去")];
        assert_eq!(read(&text), ("日期有误".to_owned(), want));
        assert_eq!(read("只有意见"), ("只有意见".to_owned(), Vec::new()));
    }

    #[test]
    fn a_passage_stands_in_the_text() {
        let text = "第一条 年底\n前完成。";
        assert!(why_not(&[passage("年底前完成", "改日期")], text).is_empty());
        for wrong in [
            passage("明年", "改"),
            passage("年底", ""),
            passage(" ", "改"),
        ] {
            assert_eq!(why_not(&[wrong], text).len(), 1);
        }
        assert_eq!(why_not(&vec![passage("年底", "改"); 11], text).len(), 1);
        // As the page is copied, and as it is stored.
        for quote in ["103吨", "10³吨"] {
            assert!(why_not(&[passage(quote, "改")], "限10³吨").is_empty());
        }
    }

    #[test]
    fn marks_stand_in_text_and_never_in_tags() {
        let html = "<p><img src=\"a\" alt=\"甲\">甲&lt;乙</p>";
        assert_eq!(
            marked(
                html,
                &[
                    passage("甲", "删"),
                    passage("没有", "删"),
                    passage("<乙", "改")
                ]
            ),
            "<p><img src=\"a\" alt=\"甲\"><mark id=\"r1\">甲<sup>1</sup></mark><mark id=\"r3\">&lt;乙<sup>3</sup></mark></p>"
        );
    }
}
