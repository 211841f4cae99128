//! Parts a clause of units into names.

use super::super::number::{Level, number};
use super::super::organs::Role;
use super::super::text::{Mark, Run, from, part, plain, starts, starts_any, tidy, trim, trim_by};
use super::{is_organ, is_organ_run, is_star, whole, without_brackets};

/// Parts a clause into names: at 、 outside brackets; at 和, 及, 与 and blanks only between two whole organs.
/// A name may carry its own role: 市司法局（牵头）.
pub(crate) fn clause_names(run: &[Mark], repairs: &mut Vec<String>) -> Vec<(String, Option<Role>)> {
    let mut out: Vec<(String, Option<Role>)> = Vec::new();
    let run = without_and_so_on(run);
    for name in split_outside(&run) {
        for name in split_joined(name, repairs) {
            let (name, role) = own_role(&name);
            // 甲、乙（配合）: the one bracket of a clause holds for all its names
            if role == Some(Role::Cooperate) && out.iter().all(|(_, own)| own.is_none()) {
                out.iter_mut().for_each(|(_, own)| *own = role);
            }
            let numbered = number(name).filter(|n| n.level >= Level::Item);
            let name = from(name, numbered.map_or(0, |n| n.len));
            let name = tidy(trim_by(name, |m| {
                m.is_blank() || matches!(m.fold, '、' | '.' | ':' | '/' | '-' | '•' | '●')
            }));
            let name = name
                .trim_end_matches(['（', '(', '〔', '[', '【'])
                .to_owned();
            if !name.is_empty() {
                out.push((name, role));
            }
        }
    }
    out
}

/// 市司法局等有关部门和各镇: words for the rest of a list are no name, and the list goes on behind them.
fn without_and_so_on(run: &[Mark]) -> Run {
    const REST: &[&str] = &[
        "等部门",
        "等单位",
        "等部门单位",
        "等部门和单位",
        "等部门、单位",
        "等有关部门",
        "等有关单位",
        "等有关部门和单位",
        "等有关部门、单位",
        "等相关部门",
        "等相关单位",
        "等相关部门和单位",
        "等相关部门、单位",
        "等职能部门",
        "等责任单位",
    ];
    let mut out = Run::with_capacity(run.len());
    let (mut depth, mut i) = (0i32, 0);
    while let Some(m) = run.get(i) {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        let rest = if depth <= 0 && m.fold == '等' && i > 1 {
            starts_any(from(run, i), REST).or_else(|| ends_list(run, i).then_some(1))
        } else {
            None
        };
        let link = rest.and_then(|len| starts_any(from(run, i + len), LINKS).map(|l| len + l));
        // 县财政局等单位（牵头）
        let bracket = || rest.filter(|len| run.get(i + len).is_some_and(|m| m.fold == '('));
        match link {
            Some(len) => {
                out.push(Mark::new('、', m.at));
                i += len;
            }
            None if bracket().is_some() => i += bracket().unwrap_or(0),
            None => {
                out.push(*m);
                i += 1;
            }
        }
    }
    out
}

/// Words that join another list of names to the one before.
const LINKS: &[&str] = &["、", "和", "及", "与", "以及"];

/// Longest name before 等 that is looked at, in characters.
const NAME_MAX: usize = 60;

/// 县审计局等和各乡镇, 全国总工会等以及各省: 等 ends one list of names, and the next one begins. 中等和高等学校 and
/// 县财政局等及其下属单位 are none.
fn ends_list(run: &[Mark], i: usize) -> bool {
    const BEGINS: &[char] = &[
        '各', '有', '相', '省', '市', '区', '县', '州', '旗', '镇', '乡',
    ];
    let Some(link) = starts_any(from(run, i + 1), LINKS) else {
        return false;
    };
    let next = run.get(i + 1 + link).map(|m| m.fold);
    let near = i.saturating_sub(NAME_MAX);
    let before = part(run, near, i);
    let start = before.iter().rposition(|m| matches!(m.fold, '、' | ','));
    let name = match start {
        Some(at) => from(before, at + 1),
        None if near == 0 => before,
        None => &[],
    };
    let begins = next.is_some_and(|c| BEGINS.contains(&c));
    next.is_some_and(|c| c != '其') && (begins || is_organ_run(name))
}

fn split_outside(run: &[Mark]) -> Vec<&[Mark]> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '、' | '/'
                if depth <= 0
                    && !is_level(part(run, start, i))
                    && !goes_on_levels(part(run, start, i), from(run, i + 1))
                    && !is_kind(from(run, i + 1)) =>
            {
                out.push(part(run, start, i));
                start = i + 1;
            }
            _ => {}
        }
    }
    out.push(from(run, start));
    out
}

/// 各有关部门、单位: a kind alone is no name; it belongs to what stands before the sign.
fn is_kind(rest: &[Mark]) -> bool {
    let first = rest.iter().find(|m| !m.is_blank());
    if !first.is_some_and(|m| matches!(m.fold, '单' | '部' | '机')) {
        return false;
    }
    let next = rest
        .iter()
        .position(|m| matches!(m.fold, '、' | '/' | '及' | '与' | '和'))
        .unwrap_or(rest.len());
    matches!(
        plain(part(rest, 0, next)).as_str(),
        "单位" | "部门" | "机构"
    )
}

/// 县直、驻县有关单位: a level alone is no name; it goes on behind the sign.
fn is_level(name: &[Mark]) -> bool {
    const LEVELS: &[&str] = &[
        "中央",
        "中直",
        "省直",
        "市直",
        "区直",
        "县直",
        "州直",
        "旗直",
        "镇直",
        "省属",
        "市属",
        "区属",
        "县属",
        "中省直",
        "部属",
        "直属",
        "部省属",
        "省级",
        "市级",
        "县级",
        "区级",
    ];
    /// Longest of them, in characters.
    const LEVEL_MAX: usize = 4;
    let longer = name.iter().filter(|m| !m.is_blank()).nth(LEVEL_MAX);
    longer.is_none() && LEVELS.contains(&plain(name).as_str())
}

/// 各县（市）、区政府, 各县、区: levels side by side that share what stands behind the last one.
fn goes_on_levels(name: &[Mark], rest: &[Mark]) -> bool {
    const LEVEL: &[char] = &['市', '县', '区', '州', '旗'];
    // 各…, 相关…, 有关…, with perhaps a bracket before it
    if name.iter().all(|m| !matches!(m.fold, '各' | '关')) {
        return false;
    }
    let left = without_brackets(&plain(name));
    let levels = ["各有关", "各相关", "各", "相关", "有关"]
        .iter()
        .find_map(|all| left.strip_prefix(all))
        .is_some_and(|l| !l.is_empty() && l.chars().all(|c| LEVEL.contains(&c)));
    // What stands behind can be long, and this is asked at each 、 of it.
    if !levels {
        return false;
    }
    let right = without_brackets(&plain(rest));
    let shared = right.trim_start_matches(LEVEL);
    // 各区、县级市: this one stands for itself.
    let begins = right.starts_with(LEVEL) && !right.starts_with("县级市");
    let ended = shared.is_empty()
        || shared.starts_with(['、', ',', '和', '及'])
        || ["政府", "人民政府", "管委"]
            .iter()
            .any(|e| shared.starts_with(e));
    begins && ended
}

/// Longest piece between two 、 that is parted at 和, in characters; beyond it no list is meant.
const JOINED_MAX: usize = 400;
/// Longest name before a 和, brackets and all, in characters.
const FIRST_MAX: usize = 80;

/// Parts at 和 and its like where both sides are whole organs; looks from the left, again in the rest.
fn split_joined(run: &[Mark], repairs: &mut Vec<String>) -> Vec<Run> {
    let run = trim(run);
    if run.len() > JOINED_MAX {
        return vec![run.to_vec()];
    }
    let mut depth = 0i32;
    for (i, m) in run.iter().enumerate().take(FIRST_MAX) {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth > 0 || i == 0 {
            continue;
        }
        let Some((len, slip)) = joint(from(run, i)) else {
            continue;
        };
        let (left, right) = (part(run, 0, i), from(run, i + len));
        let (l, r) = (plain(left), plain(right));
        if m.is_blank() && is_one_name(&l, &r) || is_kind(right) {
            continue;
        }
        // 市发展改革委等市直部门: what 等 goes on with is a collective, and 委 ends the name before it
        let goes_on = || m.fold == '等' && begins_name(right) && is_organ(&l);
        let complete = whole(&l) || (r.starts_with('各') && is_organ(&l)) || goes_on();
        if complete && (is_organ(&r) || first_is_organ(right)) {
            if let Some(sign) = slip {
                repairs.push(format!(
                    "“{}”应为“{sign}”，已按“{sign}”分开",
                    printed_char(m)
                ));
            }
            let mut out = vec![left.to_vec()];
            // 等 before a collective of the same organs (等26个领域主管部门) adds no name
            if m.fold != '等' || begins_name(right) {
                out.extend(split_joined(right, repairs));
            } else if let Some(more) = behind_rest(right) {
                out.extend(split_joined(more, repairs));
            }
            return out;
        }
    }
    vec![run.to_vec()]
}

/// 3个部门和各乡镇, 有关方面以及各乡镇: the names behind the words for the rest of a list.
fn behind_rest(right: &[Mark]) -> Option<&[Mark]> {
    (0..right.len().min(FIRST_MAX)).find_map(|i| {
        let len = starts_any(from(right, i), &["和", "及", "与", "以及", "并"])?;
        let more = from(right, i + len);
        let begins = begins_name(more) || more.len() > 2 && more.first()?.fold == '各';
        (begins && is_organ_run(more)).then_some(more)
    })
}

/// 区政府 有关部门, 各镇 人民政府: a blank inside a name, for the right part names nobody by itself.
fn is_one_name(left: &str, right: &str) -> bool {
    const OF_A_GOVERNMENT: &[&str] = &["有关", "各部门", "其他", "办公室", "直属", "相关"];
    right.starts_with("人民政府")
        || left.ends_with("政府") && OF_A_GOVERNMENT.iter().any(|w| right.starts_with(w))
}

fn printed_char(m: &Mark) -> char {
    m.ch
}

/// The rest holds further joined names, of which the first must be whole.
fn first_is_organ(run: &[Mark]) -> bool {
    (1..run.len().min(FIRST_MAX))
        .any(|i| joint(from(run, i)).is_some() && whole(&plain(part(run, 0, i))))
}

/// Length of a joining word; what should stand there where another sign is printed (合 for 和, a full stop for 、).
fn joint(run: &[Mark]) -> Option<(usize, Option<char>)> {
    let m = run.first()?;
    match m.fold {
        '和' | '及' | '与' | '暨' => Some((1, None)),
        '以' => starts(run, "以及").map(|len| (len, None)),
        '等' => is_organ_run(from(run, 1)).then_some((1, None)),
        '合' => Some((1, Some('和'))),
        '.' | '丶' | '､' | '｡' => Some((1, Some('、'))),
        '·' | '•' | '‧' => Some((1, None)),
        _ if m.is_blank() => {
            let len = run.iter().take_while(|m| m.is_blank()).count();
            // 各县 （市、区）政府, 街道办 事处: a blank inside a name
            let next = plain(from(run, len));
            let inside = next.starts_with(['(', '[']) || next == "事处" || next.starts_with("公室");
            (!inside).then_some((len, None))
        }
        _ => None,
    }
}

/// 等 before 市政府各有关部门: the list goes on with a collective.
fn begins_name(run: &[Mark]) -> bool {
    run.len() > 3
        && run
            .first()
            .is_some_and(|m| matches!(m.fold, '市' | '区' | '县' | '省' | '各' | '镇' | '国'))
}

/// 市司法局（牵头）
fn own_role(run: &[Mark]) -> (&[Mark], Option<Role>) {
    let run = trim(run);
    let starred = trim_by(run, |m| m.is_blank() || is_star(m.ch));
    if starred.len() < run.len() {
        // ★市财政局: marked as the one that leads
        return (starred, Some(Role::Lead));
    }
    // （牵头）市司法局
    if run.first().is_some_and(|m| m.fold == '(')
        && let Some(close) = run.iter().position(|m| m.fold == ')')
        && let Some(role) = role_word(&plain(part(run, 1, close)))
        && close + 1 < run.len()
    {
        return (from(run, close + 1), Some(role));
    }
    if run.last().is_none_or(|m| m.fold != ')') {
        return (run, None);
    }
    let Some(open) = run.iter().rposition(|m| m.fold == '(') else {
        return (run, None);
    };
    let inner = plain(part(run, open + 1, run.len() - 1));
    if is_remark(&inner) {
        let cooperates = inner.starts_with('按') && inner.contains("配合");
        return (part(run, 0, open), cooperates.then_some(Role::Cooperate));
    }
    match role_word(&inner) {
        Some(role) => (part(run, 0, open), Some(role)),
        None => (run, None),
    }
}

/// 市有关单位（见附件1，下同）, 市司法局（按职责分工负责）: a remark, no part of the name.
fn is_remark(inner: &str) -> bool {
    const BEGINS: &[&str] = &[
        "见附",
        "以下",
        "按职责",
        "按照职责",
        "按各自",
        "按分工",
        "排名",
        "排序",
    ];
    const HOLDS: &[&str] = &["下同", "不分先后", "不分主次"];
    let note = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit());
    note || BEGINS.iter().any(|w| inner.starts_with(w)) || HOLDS.iter().any(|w| inner.contains(w))
}

/// The role that a word in brackets gives to the name before it.
pub(crate) fn role_word(word: &str) -> Option<Role> {
    Some(match word {
        "牵头" | "牵头单位" | "主办" | "主办单位" | "牵头部门" | "主" | "主责" | "总牵头"
        | "牵头负责" | "主牵头" => Role::Lead,
        "配合" | "协办" | "协办单位" | "配合单位" | "配合部门" | "参与" | "协助" | "协"
        | "协作" | "协同" | "会办" | "会办单位" | "配" => Role::Cooperate,
        "负责" | "责任单位" | "落实" | "承办" | "承办单位" | "具体负责" | "分别负责" => {
            Role::Responsible
        }
        _ => return None,
    })
}
