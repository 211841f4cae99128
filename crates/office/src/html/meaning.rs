//! What an element means for a reader: shown or not, block or not, heading or not.

use super::tree::{Content, Node, Tree};
use crate::count::readable_chars;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Unseen {
    /// Scripts and styles: never text.
    Code,
    /// Title and metadata: shown in the tab, not on the page; titles there repeat the site's name.
    Head,
    Hidden,
    Deleted,
    Phonetic,
    Image,
    Frame,
}

pub(super) fn unseen(node: &Node) -> Option<Unseen> {
    Some(match node.name() {
        "script" | "style" => Unseen::Code,
        "title" | "meta" | "link" | "base" | "template" | "colgroup" | "col" => Unseen::Head,
        "noscript" | "datalist" => Unseen::Hidden,
        "del" => Unseen::Deleted,
        "rt" | "rp" => Unseen::Phonetic,
        "img" | "svg" | "object" | "embed" | "canvas" | "video" | "audio" | "picture" => {
            Unseen::Image
        }
        "iframe" | "frame" => Unseen::Frame,
        _ if node.attribute("hidden").is_some() || hidden_by_style(node) => Unseen::Hidden,
        _ => return None,
    })
}

fn hidden_by_style(node: &Node) -> bool {
    let Some(style) = node.attribute("style") else {
        return false;
    };
    let style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    ["display:none", "visibility:hidden", "mso-hide:all"]
        .iter()
        .any(|rule| style.contains(rule))
}

/// Readable characters below an element; scripts and styles in it are no text.
pub(super) fn readable_below(tree: &Tree, root: usize) -> u64 {
    let (mut chars, mut open) = (0, vec![root]);
    while let Some(node) = open.pop().and_then(|id| tree.get(id)) {
        if let Content::Text(text) = &node.content {
            chars += readable_chars(text);
        }
        let mut child = node
            .first_child
            .filter(|_| unseen(node) != Some(Unseen::Code));
        while let Some(id) = child {
            open.push(id);
            child = tree.get(id).and_then(|node| node.next);
        }
    }
    chars
}

pub(super) fn heading_level(node: &Node) -> Option<u8> {
    match node.name() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        "p" | "div" => word_heading(node),
        _ => None,
    }
}

/// Word writes its title and outline levels into class and style.
fn word_heading(node: &Node) -> Option<u8> {
    if node
        .attribute("class")
        .is_some_and(|class| class.split_whitespace().any(|c| c == "MsoTitle"))
    {
        return Some(1);
    }
    let (_, level) = node.attribute("style")?.split_once("mso-outline-level:")?;
    level
        .trim_start()
        .chars()
        .next()?
        .to_digit(10)
        .and_then(|d| u8::try_from(d).ok())
        .filter(|d| (1..=9).contains(d))
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
    )
}
