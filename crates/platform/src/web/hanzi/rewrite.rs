//! A page written anew, token by token, with its readable text converted. Pure.
//!
//! Addresses, names, values, what stands in fields, scripts, styles and code stay as they are: only what people read changes.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName, TokenizerResult};

/// Attributes that people read or have read to them.
const READ: [&str; 7] = [
    "alt",
    "aria-description",
    "aria-label",
    "data-label",
    "label",
    "placeholder",
    "title",
];
/// Elements without an end.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// What these hold is what somebody typed, or means something as it is.
const KEPT: [&str; 5] = ["code", "kbd", "samp", "textarea", "var"];
/// Text without tags and entities.
const RAW: [&str; 5] = ["iframe", "noembed", "noframes", "style", "xmp"];

const TRADITIONAL: &str = "zh-Hant";

/// The page with its text converted; `None` where it could not be read to its end.
pub(super) fn page(html: &str, convert: &dyn Fn(&str) -> String) -> Option<String> {
    let sink = Sink(RefCell::new(Writer {
        convert,
        out: String::with_capacity(html.len() + html.len() / 16),
        text: String::new(),
        kept: None,
        is_raw: false,
    }));
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    if !matches!(tokenizer.feed(&input), TokenizerResult::Done) || !input.is_empty() {
        return None;
    }
    tokenizer.end();
    Some(tokenizer.sink.0.into_inner().out)
}

struct Sink<'a>(RefCell<Writer<'a>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        self.0.borrow_mut().take(token)
    }
}

struct Writer<'a> {
    convert: &'a dyn Fn(&str) -> String,
    out: String,
    /// What came since the last tag: words are converted whole.
    text: String,
    /// An element that is kept as it is, and how many of its name are open.
    kept: Option<(LocalName, usize)>,
    /// Inside a script or a style sheet.
    is_raw: bool,
}

impl Writer<'_> {
    fn take(&mut self, token: Token) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text.push_str(&text),
            Token::NullCharacterToken => self.text.push(char::REPLACEMENT_CHARACTER),
            Token::TagToken(tag) => {
                self.flush();
                return match tag.kind {
                    TagKind::StartTag => self.start(&tag),
                    TagKind::EndTag => self.end(&tag),
                };
            }
            Token::CommentToken(text) => {
                self.flush();
                self.out.push_str("<!--");
                self.out.push_str(&text);
                self.out.push_str("-->");
            }
            Token::DoctypeToken(doctype) => {
                self.flush();
                self.out.push_str("<!doctype ");
                self.out.push_str(doctype.name.as_deref().unwrap_or("html"));
                self.out.push('>');
            }
            Token::EOFToken => self.flush(),
            Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.is_raw {
            self.out.push_str(&text);
        } else if self.kept.is_some() || text.is_ascii() {
            escape(&text, &mut self.out);
        } else {
            escape(&(self.convert)(&text), &mut self.out);
        }
    }

    fn end(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        self.is_raw = false;
        if let Some((name, open)) = &mut self.kept
            && *name == tag.name
        {
            *open -= 1;
            if *open == 0 {
                self.kept = None;
            }
        }
        self.out.push_str("</");
        self.out.push_str(&tag.name);
        self.out.push('>');
        TokenSinkResult::Continue
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let is_foreign = is_foreign(tag);
        let is_kept_whole = self.kept.is_some() || is_foreign;
        self.out.push('<');
        self.out.push_str(&tag.name);
        for attribute in &tag.attrs {
            let said = (!is_kept_whole).then(|| self.said(attribute)).flatten();
            self.out.push(' ');
            self.out.push_str(&attribute.name.local);
            self.out.push_str("=\"");
            let value = said.as_deref().unwrap_or(&attribute.value);
            escape(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push_str(if tag.self_closing { "/>" } else { ">" });
        if tag.self_closing || VOID.contains(&&*tag.name) {
            return TokenSinkResult::Continue;
        }
        if let Some((name, open)) = &mut self.kept {
            *open += usize::from(*name == tag.name);
        } else if is_foreign || is_kept(tag) {
            self.kept = Some((tag.name.clone(), 1));
        }
        match &*tag.name {
            "script" => self.raw(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            name if RAW.contains(&name) => self.raw(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }

    fn raw(&mut self, kind: RawKind) -> TokenSinkResult<()> {
        self.is_raw = true;
        TokenSinkResult::RawData(kind)
    }

    /// What people read of an attribute; `None` where it stays as it is.
    fn said(&self, attribute: &Attribute) -> Option<String> {
        let (name, value) = (&*attribute.name.local, &*attribute.value);
        match name {
            "lang" => Some(TRADITIONAL.to_owned()),
            name if READ.contains(&name) && !value.is_ascii() => Some((self.convert)(value)),
            _ => None,
        }
    }
}

fn value_of<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let mut all = tag.attrs.iter();
    let attribute = all.find(|attribute| &*attribute.name.local == name)?;
    Some(&*attribute.value)
}

/// Says of itself that it is not to be converted, or is in another language.
fn is_foreign(tag: &Tag) -> bool {
    let language = value_of(tag, "lang").unwrap_or("zh-CN");
    value_of(tag, "translate") == Some("no")
        || !language.starts_with("zh")
        || language == TRADITIONAL
}

/// An option without a value sends its text.
fn is_kept(tag: &Tag) -> bool {
    KEPT.contains(&&*tag.name) || (&*tag.name == "option" && value_of(tag, "value").is_none())
}

/// As text and as an attribute's value in double quotes.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
