//! Links of a page: which lead to other files of the export, and which must go to the server. Pure.

use super::disk;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What only a server can answer: forms, searches, the workspace.
const SERVED: [&str; 9] = [
    "/api",
    "/search",
    "/requests",
    "/login",
    "/enter",
    "/workspace",
    "/mode",
    "/healthz",
    "/opensearch.xml",
];
/// What a form asks, only a server can answer: a file would be the same whatever was asked.
const FORM: &str = " action=\"";
/// Attributes that hold an address.
const ATTRIBUTES: [&str; 3] = [" href=\"", " src=\"", FORM];

/// The texts of documents as files: by far the most of an export, and the dearest of it.
const WORD: &str = "/text.docx";
const PDF: &str = "/text.pdf";

/// What an export writes beside the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Texts {
    pub word: bool,
    pub pdf: bool,
}

impl Texts {
    fn leaves_out(self, path: &str) -> bool {
        path.starts_with("/documents/")
            && ((path.ends_with(WORD) && !self.word) || (path.ends_with(PDF) && !self.pdf))
    }
}

/// Does this address need the server?
pub(super) fn needs_server(path: &str, texts: Texts) -> bool {
    path.contains('?')
        || texts.leaves_out(path)
        || SERVED.iter().any(|served| {
            path.strip_prefix(served)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// The page with forms and links to the server made whole and links to the export made relative, so that the folder works
/// below any path; and the paths of the export that it links to. `file` is the page's own, relative to the folder.
pub(super) fn rewrite(
    html: &str,
    (url, file): (&str, &str),
    texts: Texts,
) -> (String, Vec<String>) {
    let mut out = String::with_capacity(html.len() + 256);
    let (mut links, mut rest) = (Vec::new(), html);
    while let Some((before, value, after)) = next(rest) {
        out.push_str(before);
        let local = value.starts_with('/') && !value.starts_with("//");
        let path = value.split('#').next().unwrap_or_default();
        rest = after;
        if !local || before.ends_with(FORM) || needs_server(path, texts) {
            out.push_str(if local { url } else { "" });
            out.push_str(value);
            continue;
        }
        let anchor = value.get(path.len()..).unwrap_or_default();
        let path = path.replace("&amp;", "&");
        match disk::file_of(&path) {
            Some(target) => out.push_str(&escaped(&relative(file, &target))),
            None => out.push_str(&escaped(&path)),
        }
        out.push_str(anchor);
        if !links.contains(&path) {
            links.push(path);
        }
    }
    out.push_str(rest);
    (out, links)
}

/// The address of a file as seen from another one of the same folder.
pub(super) fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from
        .iter()
        .zip(to.iter().take(to.len().saturating_sub(1)))
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to.iter().skip(shared).map(|part| encoded(part));
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// What may stand in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A file's name as the last part of an address.
pub(super) fn encoded(name: &str) -> String {
    utf8_percent_encode(name, PLAIN).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// A page that leads to a file beside it, without scripts.
pub(super) fn way_to_file(name: &str) -> String {
    let (address, name) = (encoded(name), escaped(name));
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{name}</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><meta name=\"robots\" content=\"noindex\"></head>\
         <body><p>下载：<a href=\"{address}\">{name}</a></p></body></html>\n"
    )
}

/// A page that sends the reader on to another site, without scripts.
pub(super) fn sign_post(address: &str) -> String {
    let address = escaped(address);
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>这一页在另一个站点</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><link rel=\"canonical\" href=\"{address}\"></head>\
         <body><p>这一页在另一个站点：<a href=\"{address}\">{address}</a></p></body></html>\n"
    )
}

/// Up to the next address, the address, and what follows from its closing quote on.
fn next(rest: &str) -> Option<(&str, &str, &str)> {
    let begin = ATTRIBUTES
        .iter()
        .filter_map(|attribute| Some(rest.find(attribute)? + attribute.len()))
        .min()?;
    let (before, from) = rest.split_at_checked(begin)?;
    let (value, after) = from.split_at_checked(from.find('"')?)?;
    Some((before, value, after))
}

/// The paths of a site map's parts.
pub(super) fn parts(xml: &str, url: &str) -> Vec<String> {
    xml.split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next()?.strip_prefix(url))
        .map(str::to_owned)
        .collect()
}
