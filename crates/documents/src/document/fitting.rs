//! 推荐材料: which public documents may be the material of a matter, by the column that they stand in, their name, their theme and
//! their kind. Ours; a person ticks.

use gongkai_platform::seam::Theme;

use crate::kind::Kind;

/// Characters that the name of a matter must have to be looked for in titles: 预算 stands in too many.
const NAME_CHARS_MIN: usize = 3;

/// A column that a document stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InColumn {
    pub name: String,
    /// The element that it fills there; empty for none.
    pub element: String,
}

/// What a document says of itself, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Said<'d> {
    pub title: &'d str,
    /// 主题分类
    pub theme: &'d str,
    pub kind: Kind,
    pub columns: &'d [InColumn],
}

/// The kind of which documents of an item of 条例 art. 20 are, where the item has one.
const fn kind_of(class: i64) -> Option<Kind> {
    match class {
        2 => Some(Kind::Duties),
        3 => Some(Kind::Planning),
        7 => Some(Kind::Finance),
        12 => Some(Kind::Emergency),
        _ => None,
    }
}

/// Do two names mean the same matter: is one a part of the other?
fn is_of(one: &str, other: &str) -> bool {
    !one.is_empty() && !other.is_empty() && (one.contains(other) || other.contains(one))
}

/// Why a document may be the material, each reason in words, and how much that is; nothing where there is no reason.
#[must_use]
pub fn reasons(theme: &Theme, said: Said<'_>) -> Option<(u32, Vec<String>)> {
    let (mut score, mut why) = (0, Vec::new());
    let is_about = |name: &str| {
        is_of(name, &theme.domain) || theme.names.iter().any(|matter| is_of(name, matter))
    };
    for column in said.columns {
        let element = &column.element;
        if theme.names.iter().any(|matter| is_of(element, matter)) {
            score += 4;
            why.push(format!("专栏“{}”的“{element}”", column.name));
        } else if is_about(&column.name) {
            score += 3;
            why.push(format!("专栏“{}”", column.name));
        }
    }
    let long = |name: &&String| name.chars().count() >= NAME_CHARS_MIN;
    let names = theme.names.iter().filter(long);
    let mut named = names.filter(|name| said.title.contains(name.as_str()));
    if let Some(name) = named.next() {
        score += 4;
        why.push(format!("名称含“{name}”"));
    }
    if is_about(said.theme) {
        score += 2;
        why.push(format!("主题分类“{}”", said.theme));
    }
    // 规章和规范性文件 are two kinds of one item.
    let norms = theme.class == 1 && matches!(said.kind, Kind::Rule | Kind::Normative);
    if norms || kind_of(theme.class) == Some(said.kind) {
        score += 1;
        why.push(format!("种类“{}”", said.kind.name()));
    }
    (score > 0).then_some((score, why))
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::OrganId;
    use gongkai_basis::reference::DateRange;

    use super::*;

    fn theme(class: i64, domain: &str, names: &[&str]) -> Theme {
        Theme {
            organ: OrganId::new(uuid::Uuid::nil()),
            class,
            domain: domain.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            within: DateRange {
                from: "2026-01-01".parse().unwrap(),
                to: "2026-12-31".parse().unwrap(),
            },
        }
    }

    fn told(theme: &Theme, said: Said<'_>) -> Vec<String> {
        reasons(theme, said).map_or_else(Vec::new, |(_, why)| why)
    }

    #[test]
    fn a_document_fits_by_column_name_theme_and_kind() {
        let columns = [InColumn {
            name: "财政预决算".to_owned(),
            element: String::new(),
        }];
        let one = Said {
            title: "安澜市司法局2025年度部门决算",
            theme: "财政预决算",
            kind: Kind::Finance,
            columns: &columns,
        };
        let matter = theme(7, "财政预决算", &["部门决算", "财政预决算"]);
        assert_eq!(
            told(&matter, one),
            [
                "专栏“财政预决算”",
                "名称含“部门决算”",
                "主题分类“财政预决算”",
                "种类“财政信息”"
            ]
        );
        // Nothing of it: no reason, whatever is empty.
        let other = theme(9, "", &["政府集中采购"]);
        let alone = Said {
            columns: &[],
            ..one
        };
        assert_eq!(told(&other, alone), [""; 0]);
        assert_eq!(told(&other, Said { theme: "", ..alone }), [""; 0]);
        // A name of two characters says too little of a title.
        assert_eq!(told(&theme(9, "", &["部门"]), alone), [""; 0]);
        let element = [InColumn {
            name: "市民关心".to_owned(),
            element: "部门决算".to_owned(),
        }];
        let there = Said {
            columns: &element,
            ..one
        };
        assert_eq!(
            told(&theme(9, "", &["部门决算"]), there),
            ["专栏“市民关心”的“部门决算”", "名称含“部门决算”"]
        );
    }
}
