//! What looks like the name of an organ.

mod board;
mod clause;
mod glued;
mod words;

pub(crate) use clause::{clause_names, role_word};
pub(crate) use glued::is_glued;
pub(crate) use words::LEVELS;

use super::answers;
use super::fold::fold;
use super::glance::Glance;
use super::text::{Mark, plain};
use board::is_board;
use words::{BUILDS, ENDS, HEADS, HERE, NOT_ENDS, SOFT_VERBS, VERBS};

/// Longest name of one organ, brackets not counted, in characters.
const NAME_MAX: usize = 26;

/// Whether a text looks like one organ or one collective (各县（市、区）政府, 市直其他单位).
pub(crate) fn is_organ(name: &str) -> bool {
    may_name(name.chars().rev().map(fold)) && answers::organ(name, || looks_like_organ(name))
}

/// [`is_organ`] of a run's folded text, which is put together only where it may be one.
pub(crate) fn is_organ_run(run: &[Mark]) -> bool {
    may_name(run.iter().rev().map(|m| m.fold)) && is_organ(&plain(run))
}

/// Whether a text, given from its end, ends as organs do and is as short as they are: most texts are not. One with brackets
/// may be, for what stands in them does not count.
fn may_name(folded: impl Iterator<Item = char>) -> bool {
    const LAST: Glance = Glance::tails(ENDS)
        .or(Glance::tails(HERE))
        .or(Glance::tails(&["基地"]));
    let (mut ends, mut len) = (false, 0);
    for c in folded.filter(|c| !c.is_whitespace()) {
        if matches!(c, '(' | ')' | '[' | ']') {
            return true;
        }
        ends = if len == 0 { LAST.may(c) } else { ends };
        len += 1;
    }
    ends && len <= NAME_MAX
}

fn looks_like_organ(name: &str) -> bool {
    const VERB_HEADS: Glance = Glance::heads(VERBS);
    const SOFT_HEADS: Glance = Glance::heads(SOFT_VERBS);
    const BUILD_HEADS: Glance = Glance::heads(BUILDS);
    const END_TAILS: Glance = Glance::tails(ENDS);
    let base = without_brackets(name);
    let len = base.chars().count();
    if !(2..=NAME_MAX).contains(&len) || base.contains(['。', '；', ';', '《', '“', ':', '%'])
    {
        return false;
    }
    if is_collective(&base) {
        return true;
    }
    // 责任单位, 责任单位为市司法局: a label is no name, and none begins with one
    if HEADS.iter().any(|head| base.starts_with(head)) || base.contains('|') {
        return false;
    }
    // 含各镇, 包括数据中心: tells who or what is among others
    const AMONG: &[&str] = &[
        "含",
        "包括",
        "包含",
        "例如",
        "比如",
        "不含",
        "不包括",
        "以下",
        "简称",
    ];
    if AMONG.iter().any(|w| base.starts_with(w)) {
        return false;
    }
    // 3月部署: a day, and what is done then
    if base.starts_with(|c: char| c.is_ascii_digit()) && base.contains(['年', '月', '日']) {
        return false;
    }
    // 在政务大厅设置兑现窗口: tells what is done, and where
    if base.starts_with('在')
        || base.contains("设置")
        || base.contains("设立")
        || BUILD_HEADS.begins(&base, BUILDS)
    {
        return false;
    }
    if !base.chars().next_back().is_some_and(|c| END_TAILS.may(c)) {
        return false;
    }
    // 县财政局为首问责任单位: says of a name what it is
    let says = ["单位", "部门", "主体"].iter().any(|e| base.ends_with(e));
    if says && base.chars().skip(1).any(|c| matches!(c, '为' | '是')) {
        return false;
    }
    if is_board(&base) {
        return true;
    }
    if VERB_HEADS.finds(&base, VERBS)
        || SOFT_HEADS.begins(without_adverb(&base), SOFT_VERBS)
        || (len > 16 && SOFT_HEADS.finds(&base, SOFT_VERBS))
    {
        return false;
    }
    ENDS.iter().any(|e| base.ends_with(e)) && !NOT_ENDS.iter().any(|e| base.ends_with(e))
}

/// 有序推进网点布局: how it is done, before what is done.
fn without_adverb(base: &str) -> &str {
    const ADVERBS: &[&str] = &[
        "有序",
        "常态化",
        "全面",
        "深入",
        "大力",
        "扎实",
        "稳步",
        "统筹",
    ];
    let found = ADVERBS.iter().find_map(|adverb| base.strip_prefix(adverb));
    found.unwrap_or(base)
}

/// Longest collective of bases (各政务公开示范基地), in characters.
const BASES_MAX: usize = 12;

/// Longest name of a place before its bodies (在安各, 在岭中央), in characters.
const PLACE_MAX: usize = 4;

/// Longest collective that holds a verb, in characters.
const COLLECTIVE_MAX: usize = 16;

/// 区各专项规划编制部门, 市级有关政策制定单位: all organs that do a thing, not a sentence.
fn is_collective(base: &str) -> bool {
    let body = base.trim_start_matches(['省', '市', '区', '县', '镇', '乡', '直', '级']);
    let whose = ["各", "有关", "相关"].iter().any(|w| body.starts_with(w));
    // 各中试基地: all bodies of a kind
    if whose && base.ends_with("基地") {
        return base.chars().count() <= BASES_MAX && !base.contains(['要', '应', '须', '并', '在']);
    }
    // 在安高校, 在安各银行机构: all bodies of a kind in a place
    if let Some(rest) = base.strip_prefix('在') {
        let place = HERE.iter().find_map(|kind| rest.strip_suffix(kind));
        return place.is_some_and(|p| {
            (1..=PLACE_MAX).contains(&p.chars().count())
                && !p.contains(['要', '应', '须', '并', '对', '的', '和', '与', '向', '推'])
        });
    }
    whose
        && base.chars().count() <= COLLECTIVE_MAX
        && ["制定", "编制", "起草", "主管", "组成"]
            .iter()
            .any(|w| base.contains(w))
        && (base.ends_with("部门") || base.ends_with("单位"))
        && !base.contains(['要', '应', '须', '并'])
}

/// A name without what stands in brackets, blanks gone, folded.
pub(crate) fn without_brackets(name: &str) -> String {
    let mut depth = 0i32;
    let mut out = String::with_capacity(name.len());
    for c in name.chars().map(fold) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if depth <= 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out
}

/// A name that can stand alone to the left of 和: 区发展 and 城管住建 can not.
fn whole(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "局",
        "办",
        "厅",
        "科",
        "室",
        "股",
        "中心",
        "部门",
        "单位",
        "政府",
        "院",
        "所",
        "站",
        "队",
        "公司",
        "银行",
        "街道",
        "办事处",
        "委员会",
        "管委会",
        "机构",
        "各镇",
        "乡镇",
        "各县",
        "各区",
        "县区",
        "部",
        "署",
        "监会",
        "园区",
        "社区",
        "经开区",
        "高新区",
        "开发区",
        "高新园",
        "产业园",
        "工业园",
        "科技园",
        "供销社",
        "馆",
        "党校",
        "学校",
        "残联",
        "妇联",
        "文联",
        "侨联",
        "工商联",
        "科协",
        "各村",
        "助理",
    ];
    let base = without_brackets(name);
    let council = base.chars().count() >= 3
        && base.ends_with('委')
        && base.starts_with(['市', '区', '县', '省', '州'])
        && !base.ends_with("党委");
    is_organ(name)
        && base.chars().count() >= 2
        && (council || WHOLE.iter().any(|e| base.ends_with(e)))
}

/// Signs with which a list of units marks the one that leads.
pub(crate) fn is_star(c: char) -> bool {
    matches!(c, '★' | '☆' | '▲' | '△' | '*' | '＊' | '※' | '●')
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    #[test]
    fn organs_and_collectives() {
        for name in [
            "市司法局",
            "各县（市、区）政府",
            "市直其他单位",
            "各村(社区)",
            "各科室",
            "区政务服务数据管理局(区公共资源交易分中心)",
            "城管住建和农业农村局",
            "疫情防控指挥部",
            "团市委",
            "公服办",
            "市直有关部门和单位",
            "市委全面深化改革委员会办公室",
            "各县（区）人民政府（管委会）",
            "办公室",
            "涉及26个领域的有关单位",
            "市委宣传部（市政府新闻办）",
            "各鄉鎮政府",
            "計劃財務部",
            "区各专项规划编制部门",
            "各政策起草单位",
            "部规划司",
            "各乡镇场",
            "县第一中学",
        ] {
            assert!(is_organ(name), "{name}");
        }
    }

    #[test]
    fn blanks_and_brackets_hide_no_end() {
        let long = "县自然资源局（不动产登记中心、土地储备中心、国土空间规划编制研究中心）";
        let open = "县财政局（国库";
        for name in ["市 司 法 局\u{3000}", "縣財政廳", "各中试基地", long, open] {
            assert!(is_organ(name), "{name}");
            assert!(is_organ_run(&run(name)), "{name}");
        }
        let longer = "县".repeat(NAME_MAX) + "局";
        for name in ["市司法局的", "（县财政局）的", "", " ", &longer] {
            assert!(!is_organ(name), "{name}");
            assert!(!is_organ_run(&run(name)), "{name}");
        }
    }

    #[test]
    fn sentences_are_no_organs() {
        for name in [
            "目录范围应当涵盖各镇人民政府",
            "加强政府网站建设",
            "年底前",
            "持续推进",
            "做好政府信息公开工作的单位",
            "《条例》",
            "1",
        ] {
            assert!(!is_organ(name), "{name}");
        }
    }
}
