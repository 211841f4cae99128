//! Names of boards: 领导小组, 指挥部办公室.

/// 安澜省深化数字安澜建设领导小组办公室: what a board of a place is for reads like an act, and is its name.
pub(super) fn is_board(base: &str) -> bool {
    const BOARDS: &[&str] = &[
        "领导小组",
        "领导小组办公室",
        "指挥部办公室",
        "联席会议办公室",
    ];
    const ACTS: &[&str] = &[
        "成立", "设立", "建立", "组建", "健全", "完善", "发挥", "加强", "强化", "调整", "提请",
        "由", "报", "向", "经", "各", "将", "和", "及", "、", ",", "，",
    ];
    let place = base.chars().take(PLACE_MAX);
    let placed = place.filter(|c| "省市县区州旗".contains(*c)).count() > 0;
    placed
        && BOARDS.iter().any(|end| base.ends_with(end))
        && !ACTS.iter().any(|act| base.contains(act))
}

/// In how many characters at its beginning a board names its place.
const PLACE_MAX: usize = 4;
