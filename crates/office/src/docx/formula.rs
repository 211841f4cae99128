//! Formulas of Word (OMML) as one line of text: fractions as a/b, roots as √( ), what stands above or below the line as
//! Unicode has it, so that no figure runs into the next.

use crate::raised::Raised;

/// Elements that are open inside one another; Word itself stops far earlier.
const DEPTH_MAX: usize = 200;

/// An open element of a formula: its name, what its properties say, and what its finished children are.
#[derive(Debug, Default)]
struct Part {
    name: String,
    /// It has a value of its own. What its properties say makes no property of an element.
    is_property: bool,
    /// Values of properties by their names: `chr`, `begChr`, `type`, …
    said: Vec<(String, String)>,
    children: Vec<(String, String)>,
    text: String,
}

impl Part {
    fn said(&self, name: &str) -> Option<&str> {
        let mut same = self.said.iter().filter(|(known, _)| known == name);
        same.next().map(|(_, value)| value.as_str())
    }

    /// What stands in the children of this name, one after the other.
    fn child(&self, name: &str) -> String {
        let same = self.children.iter().filter(|(known, _)| known == name);
        same.map(|(_, text)| text.as_str()).collect()
    }

    fn all(&self, name: &str) -> Vec<&str> {
        let same = self.children.iter().filter(|(known, _)| known == name);
        same.map(|(_, text)| text.as_str()).collect()
    }

    /// Everything in it, in order.
    fn flat(&self) -> String {
        let children = self.children.iter().map(|(_, text)| text.as_str());
        std::iter::once(self.text.as_str())
            .chain(children)
            .collect()
    }
}

/// A formula while it is read.
#[derive(Debug, Default)]
pub(super) struct Formula {
    open: Vec<Part>,
    /// Openings beyond [`DEPTH_MAX`], which are read flat.
    deeper: usize,
    done: String,
}

impl Formula {
    /// An element begins; `value` is its `val`, for properties. A property without one is on.
    pub(super) fn begin(&mut self, name: &str, value: Option<String>) {
        if self.open.len() >= DEPTH_MAX {
            self.deeper += 1;
            return;
        }
        let in_properties = self
            .open
            .last()
            .is_some_and(|part| part.name.ends_with("Pr"));
        let value = value.or_else(|| in_properties.then(|| "1".to_owned()));
        self.open.push(Part {
            name: name.to_owned(),
            is_property: value.is_some(),
            said: value
                .map(|value| (name.to_owned(), value))
                .into_iter()
                .collect(),
            ..Part::default()
        });
    }

    pub(super) fn text(&mut self, text: &str) {
        match self.open.last_mut() {
            // Between two children it is one of them.
            Some(part) if !part.children.is_empty() => {
                part.children.push((String::new(), text.to_owned()));
            }
            Some(part) => part.text.push_str(text),
            None => self.done.push_str(text),
        }
    }

    pub(super) fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(part) = self.open.pop() else {
            return;
        };
        if let Some(parent) = self.open.last_mut() {
            if part.name.ends_with("Pr") || part.is_property {
                parent.said.extend(part.said);
            } else {
                let line = line(&part);
                parent.children.push((part.name, line));
            }
        } else {
            self.done.push_str(&line(&part));
        }
    }

    /// The line; a blank one where nothing was in it.
    pub(super) fn line(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.done.trim().to_owned()
    }
}

/// What an element says in one line.
fn line(part: &Part) -> String {
    let child = |name: &str| part.child(name);
    match part.name.as_str() {
        "f" => match part.said("type") {
            // One above the other without a line between them: a choice, as in combinatorics.
            Some("noBar") => format!("({}；{})", child("num"), child("den")),
            Some(_) | None => format!("{}/{}", whole(&child("num")), whole(&child("den"))),
        },
        "sSup" => base(&child("e")) + &up(&child("sup")),
        "sSub" => base(&child("e")) + &down(&child("sub")),
        "sSubSup" => base(&child("e")) + &down(&child("sub")) + &up(&child("sup")),
        "sPre" => down(&child("sub")) + &up(&child("sup")) + &child("e"),
        "rad" => {
            let degree = match part.said("degHide") {
                Some("1" | "on" | "true") => String::new(),
                Some(_) | None => child("deg"),
            };
            format!("{}√({})", up(&degree), child("e"))
        }
        "nary" => {
            let sign = part.said("chr").unwrap_or("∫");
            let around = down(&child("sub")) + &up(&child("sup"));
            format!("{sign}{around}{}", spaced(&around, &child("e")))
        }
        "d" => {
            let (begins, ends) = (part.said("begChr"), part.said("endChr"));
            let between = part.said("sepChr").unwrap_or("|");
            let inner = part.all("e").join(between);
            format!("{}{inner}{}", begins.unwrap_or("("), ends.unwrap_or(")"))
        }
        "func" => {
            let (name, of) = (child("fName"), child("e"));
            let gap = if of.starts_with('(') { "" } else { " " };
            format!("{name}{gap}{of}")
        }
        "limLow" => child("e") + &down(&child("lim")),
        "limUpp" => child("e") + &up(&child("lim")),
        "eqArr" => part.all("e").join("；"),
        "mr" => part.all("e").join("，"),
        "m" => format!("[{}]", part.all("mr").join("；")),
        "acc" => accented(&child("e"), part.said("chr").unwrap_or("\u{302}")),
        "bar" => accented(
            &child("e"),
            if part.said("pos") == Some("top") {
                "\u{304}"
            } else {
                "\u{331}"
            },
        ),
        _ => part.flat(),
    }
}

fn up(text: &str) -> String {
    raised(Raised::Up, text)
}

fn down(text: &str) -> String {
    raised(Raised::Down, text)
}

/// A prime stands above the line already.
fn raised(way: Raised, text: &str) -> String {
    let prime = |c: char| matches!(c, '′' | '″' | '‴' | '\'' | '’');
    if !text.is_empty() && text.chars().all(prime) {
        return text.to_owned();
    }
    way.written(text)
}

/// A sign that combines with the letter before it; of more than one letter it is all that it stands over.
fn accented(text: &str, sign: &str) -> String {
    match text.chars().count() {
        0 => String::new(),
        1 => format!("{text}{sign}"),
        _ => format!("({text}){sign}"),
    }
}

/// The upper or lower half of a fraction: in brackets where it is more than one thing.
fn whole(text: &str) -> String {
    if is_one(text) {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

/// What something is raised from, by the same rule.
fn base(text: &str) -> String {
    if text.is_empty() || is_one(text) {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

/// Letters and figures alone, or all of it in one pair of brackets.
fn is_one(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '%' | '′' | '_' | '^');
    if !text.is_empty() && text.chars().all(plain) {
        return true;
    }
    let inner = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| !inner.contains(['(', ')']))
}

/// What follows a sum or an integral, apart from what stands below and above its sign.
fn spaced(around: &str, of: &str) -> String {
    if around.is_empty() || of.is_empty() {
        of.to_owned()
    } else {
        format!(" {of}")
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, Formula};

    /// `f(num x)(den y)` as elements; words alone are text, `@chr=∑` a property.
    fn read(written: &str) -> String {
        let mut formula = Formula::default();
        let mut word = String::new();
        for c in written.chars() {
            match c {
                '<' => {
                    let (name, value) = match word.split_once('=') {
                        Some((name, value)) => (name, Some(value.to_owned())),
                        None => (word.as_str(), None),
                    };
                    formula.begin(name, value);
                    word.clear();
                }
                '>' => {
                    formula.text(&word);
                    word.clear();
                    formula.end();
                }
                '|' => {
                    formula.text(&word);
                    word.clear();
                }
                _ => word.push(c),
            }
        }
        formula.text(&word);
        formula.line()
    }

    #[test]
    fn each_structure_has_its_line() {
        for (written, line) in [
            ("f<num<补贴>den<12>>", "补贴/12"),
            ("f<num<a+b>den<c>>", "(a+b)/c"),
            ("f<fPr<type=noBar<>>num<n>den<k>>", "(n；k)"),
            ("sSup<e<x>sup<2>>", "x²"),
            ("sSup<e<a+b>sup<n>>", "(a+b)ⁿ"),
            ("sSub<e<CO>sub<2>>", "CO₂"),
            ("sSubSup<e<x>sub<i>sup<2>>", "x_(i)²"),
            ("rad<radPr<degHide<>>deg<>e<S>>", "√(S)"),
            ("rad<deg<3>e<V>>", "³√(V)"),
            ("nary<naryPr<chr=∑<>>sub<i=1|>sup<n>e<x>>", "∑_(i=1)ⁿ x"),
            ("d<e<x>>", "(x)"),
            ("d<dPr<begChr=[<>endChr=]<>sepChr=,<>>e<0>e<1>>", "[0,1]"),
            ("func<fName<sin>e<x>>", "sin x"),
            (
                "func<fName<limLow<e<lim>lim<n→∞>>>e<d<e<x>>>>",
                "lim_(n→∞)(x)",
            ),
            ("m<mr<e<1>e<0>>mr<e<0>e<1>>>", "[1，0；0，1]"),
            ("d<dPr<begChr={<>endChr=<>>e<eqArr<e<x>e<y>>>>", "{x；y"),
            ("bar<barPr<pos=top<>>e<x>>", "x\u{304}"),
            ("sSup<e<f>sup<′>>", "f′"),
            ("r<t<P>>r<t<=>>f<num<A>den<B>>", "P=A/B"),
            ("box<e<甲>>", "甲"),
        ] {
            assert_eq!(read(written), line, "{written}");
        }
    }

    #[test]
    fn what_has_properties_keeps_its_words_inside_others() {
        for (written, line) in [
            ("f<num<r<rPr<sty=p<>>t<年补贴额>>>den<12>>", "年补贴额/12"),
            ("f<num<r<rPr<nor<>>t<甲>>>den<2>>", "甲/2"),
            ("f<num<rad<radPr<degHide<>>deg<>e<S>>>den<2>>", "(√(S))/2"),
            ("sSup<e<d<dPr<begChr=[<>endChr=]<>>e<x>>>sup<2>>", "([x])²"),
            (
                "d<e<nary<naryPr<chr=∑<>>sub<i=1|>sup<n>e<x>>>>",
                "(∑_(i=1)ⁿ x)",
            ),
        ] {
            assert_eq!(read(written), line, "{written}");
        }
    }

    #[test]
    fn depth_has_an_end_and_nothing_is_lost() {
        let mut formula = Formula::default();
        for _ in 0..DEPTH_MAX * 3 {
            formula.begin("e", None);
        }
        formula.text("深");
        for _ in 0..DEPTH_MAX {
            formula.end();
        }
        assert_eq!(formula.line(), "深");
        assert_eq!(Formula::default().line(), "");
    }
}
