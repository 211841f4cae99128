//! Level and kind from a name, where the list leaves them out or uses one word for several kinds.

use super::super::{Kind, Level, Organ};

/// The kind that a name shows; `parent` is where it hangs.
pub(super) fn kind(name: &str, parent: Option<&Organ>) -> Kind {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[
        "镇人民政府",
        "乡人民政府",
        "镇政府",
        "乡政府",
        "苏木人民政府",
    ]) {
        Kind::Town
    } else if ends(&["街道办事处", "街道办", "街道"]) {
        Kind::Street
    } else if ends(&[
        "人民政府",
        "市政府",
        "县政府",
        "区政府",
        "州政府",
        "行政公署",
    ]) {
        Kind::Government
    } else if ends(&["管理委员会", "管委会"]) && !name.contains("监督管理") {
        Kind::Zone
    } else if ends(&["村民委员会", "村委会", "村"]) {
        Kind::Village
    } else if ends(&["居民委员会", "居委会", "社区"]) {
        Kind::Community
    } else if name.starts_with("国家税务") || ends(&["税务局", "海关", "气象局", "海事局"])
    {
        Kind::Vertical
    } else if name.starts_with("中共")
        || [
            "委宣传部",
            "委组织部",
            "委统战部",
            "委政法委",
            "共青团",
            "妇女联合会",
            "总工会",
            "残疾人联合会",
            "人民代表大会",
            "政治协商",
            "纪律检查",
        ]
        .iter()
        .any(|part| name.contains(part))
    {
        Kind::Party
    } else if ends(&["分局"]) {
        Kind::Dispatched
    } else if ends(&["指挥部", "领导小组"]) {
        Kind::Coordinating
    } else if ends(&["政府办公室", "政府办公厅"]) {
        Kind::Office
    } else if ends(&["公司", "集团", "医院", "学校", "大学", "学院"]) {
        Kind::Institution
    } else {
        match parent.map(|parent| parent.kind) {
            Some(Kind::Government | Kind::Zone) | None => Kind::Department,
            Some(_) => Kind::Section,
        }
    }
}

/// Corrects a listed kind that the name contradicts: 政府 of a town, 派出机关 that is a street.
pub(super) fn corrected(listed: Kind, name: &str, parent: Option<&Organ>) -> Kind {
    match (listed, kind(name, parent)) {
        (Kind::Government | Kind::Street, Kind::Town) => Kind::Town,
        (Kind::Government | Kind::Dispatched | Kind::Town, Kind::Street) => Kind::Street,
        (Kind::Village, Kind::Community) => Kind::Community,
        (Kind::Community, Kind::Village) => Kind::Village,
        (listed, _) => listed,
    }
}

/// The level of an organ of this kind; a government takes it from its name.
pub(super) fn level(kind: Kind, name: &str, parent: Option<&Organ>) -> Level {
    match kind {
        Kind::Town | Kind::Street => Level::Town,
        Kind::Village | Kind::Community => Level::Village,
        Kind::Section => match parent.map(|parent| parent.level) {
            Some(Level::Town) => Level::Town,
            _ => Level::Section,
        },
        Kind::Government => match parent.map(|parent| parent.level) {
            Some(above) => above.below().unwrap_or(above),
            None if name.contains('省') || name.contains("自治区") => Level::Province,
            None if name.contains('县')
                || name.ends_with("区人民政府")
                || name.ends_with("旗人民政府") =>
            {
                Level::County
            }
            None => Level::City,
        },
        _ => parent.map_or(Level::City, |parent| parent.level),
    }
}
