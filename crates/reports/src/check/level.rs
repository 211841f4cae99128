//! 规章: only bodies with the power to make rules may count any.

use super::Finding;
use crate::form::Cell;
use crate::model::Report;

/// Whether an organ makes 规章 (立法法: 国务院部门, 省级、设区的市、自治州人民政府).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    Makes,
    MakesNone,
}

impl Rules {
    /// From the organ's name; `None` where the name does not tell: a 市 may or may not have districts.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.trim();
        let bare = name.trim_end_matches("人民政府").trim_end_matches("政府");
        let office = bare
            .strip_suffix("办公厅")
            .or_else(|| bare.strip_suffix("办公室"))
            .map(|it| it.trim_end_matches("人民政府").trim_end_matches("政府"));
        let place = office.unwrap_or(bare);
        let local = ["省", "市", "县", "区", "州", "旗", "镇", "乡", "街道", "盟"]
            .iter()
            .any(|word| name.contains(word));
        if !local {
            let central = ["国家", "国务院", "中国", "中华人民共和国"]
                .iter()
                .any(|word| name.starts_with(word))
                || name.ends_with('部');
            return central.then_some(Self::Makes);
        }
        if place.ends_with("自治区") || place.ends_with('省') || place.ends_with('州') {
            return Some(Self::Makes);
        }
        let none = [
            "县",
            "区",
            "旗",
            "镇",
            "乡",
            "街道",
            "办事处",
            "局",
            "委员会",
            "委",
            "厅",
            "中心",
            "队",
            "院",
            "所",
            "处",
            "站",
            "办",
        ]
        .iter()
        .any(|word| place.ends_with(word));
        none.then_some(Self::MakesNone)
    }
}

pub(super) fn rules(report: &Report, known: Option<Rules>) -> Vec<Finding> {
    let named = || report.organ.as_deref().and_then(Rules::of_name);
    if known.or_else(named) != Some(Rules::MakesNone) {
        return Vec::new();
    }
    let organ = report.organ.as_deref().unwrap_or("本机关");
    (0..3)
        .map(Cell::Two)
        .filter_map(|cell| {
            let value = report.amount(cell)?;
            (value != crate::amount::Amount::ZERO).then(|| {
                Finding::new(
                    "rules-not-allowed",
                    format!("{cell}填了{value}：“{organ}”没有规章制定权，应为0；是不是把规范性文件填到了规章一行？"),
                )
                .cells([cell])
                .values(0, value)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Rules;

    #[test]
    fn names_tell_who_makes_rules() {
        for (name, wanted) in [
            ("广西壮族自治区人民政府", Some(Rules::Makes)),
            ("安澜省人民政府办公厅", Some(Rules::Makes)),
            ("云岭自治州人民政府", Some(Rules::Makes)),
            ("国家知识产权局", Some(Rules::Makes)),
            ("安澜市人民政府", None),
            ("安澜市", None),
            ("安澜市人民政府办公室", None),
            ("云岭县人民政府", Some(Rules::MakesNone)),
            ("云岭县", Some(Rules::MakesNone)),
            ("安澜市市场监督管理局", Some(Rules::MakesNone)),
            ("青禾镇", Some(Rules::MakesNone)),
            ("国家税务总局安澜市税务局", Some(Rules::MakesNone)),
            ("安澜市发展和改革委员会", Some(Rules::MakesNone)),
            ("安澜市城东区人民政府", Some(Rules::MakesNone)),
        ] {
            assert_eq!(Rules::of_name(name), wanted, "{name}");
        }
    }
}
