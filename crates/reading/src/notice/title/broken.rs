//! Titles broken over lines of which the last one reads like a title by itself.

use super::super::super::text::plain;
use super::super::Line;
use super::{is_organ_line, is_plan_alone, plain_line};
use crate::stops::is_stop;

/// Characters at the front of a title among which its place stands.
const PLACE_WITHIN: usize = 8;
/// Most lines between the place and the title's last line.
const LINES_MAX: usize = 3;
/// Last characters of the names of places.
const PLACES: &str = "省市县区州旗盟镇乡";

/// 创新发展行动计划（2025—2027年）, below 云岭省加快推动新材料融合: the last line names nobody whose plan it is, and tells its
/// years in a bracket. The line above begins with the place.
pub(super) fn goes_on_above(lines: &[Line], start: usize, floor: usize, text: &str) -> bool {
    if begins_with_place(text) || !years_in_bracket(text) {
        return false;
    }
    let above = (floor..start).rev().take(LINES_MAX);
    let mut above = above.map_while(|i| lines.get(i).filter(|l| part_of_title(l)));
    above.any(|line| begins_with_place(&line.text))
}

fn part_of_title(line: &Line) -> bool {
    const OTHERS: &[&str] = &[
        "文件",
        "网站",
        "门户网",
        "网",
        "专栏",
        "栏目",
        "公报",
        "通知",
        "公告",
        "目录",
        "办公厅",
        "办公室",
    ];
    plain_line(line)
        && !is_organ_line(line)
        && !is_plan_alone(line)
        && !is_stop(line.run)
        && !line.text.starts_with("附件")
        && !OTHERS.iter().any(|end| plain(line.run).ends_with(end))
}

/// 云岭省…, 全市…, 关于…, 2026年…: whose plan it is, or which.
fn begins_with_place(text: &str) -> bool {
    let own = ["全", "我", "本", "关于", "中国", "国家", "各", "20"];
    own.iter().any(|word| text.starts_with(word))
        || text
            .chars()
            .take(PLACE_WITHIN)
            .skip(1)
            .any(|c| PLACES.contains(c))
}

/// The years of the plan stand in the bracket at its end, and nowhere else.
fn years_in_bracket(text: &str) -> bool {
    text.strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .is_some_and(|(name, years)| years.contains("20") && !name.contains("20"))
}
