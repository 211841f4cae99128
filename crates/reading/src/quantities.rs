//! Targets in numbers: 不少于3次, 不低于4%, 1—2个. Scope counts (26个领域) and version numbers are none.

use super::glance::Glance;
use super::number::{FIGURES, digits, numeral};
use super::text::{Mark, Run, from, has, part, starts_any, tidy};

/// A target as printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub text: String,
    pub value: f64,
    /// Upper end of a range.
    pub max: Option<f64>,
    pub unit: String,
}

const BOUNDS: &[&str] = &[
    "至少",
    "不少于",
    "不低于",
    "不得少于",
    "不得低于",
    "不超过",
    "不高于",
    "不得超过",
    "达到",
    "达",
    "超过",
];
const BOUND_HEADS: Glance = Glance::heads(BOUNDS);
/// What a target begins with.
const BEGINS: Glance = BOUND_HEADS.or(FIGURES);
const UNITS: &[&str] = &[
    "个百分点",
    "人次",
    "分钟",
    "小时",
    "次",
    "场",
    "期",
    "篇",
    "批",
    "轮",
    "个",
    "件",
    "条",
    "项",
    "人",
    "份",
    "部",
    "家",
    "类",
    "%",
    "分",
    "天",
    "处",
    "名",
    "种",
    "座",
    "所",
    "户",
    "台",
    "套",
    "栋",
    "盏",
    "亩",
    "核",
    "公里",
    "平方米",
    "万元",
    "亿元",
    "万人次",
    "万人",
    "万户",
    "学时",
    "课时",
];
/// Units that are a target without 至少 or the like.
const EVENTS: &[&str] = &["次", "场", "期", "篇"];
/// Verbs that make a number of things a target.
const MAKING: &[&str] = &[
    "选取", "打造", "建设", "培育", "推出", "选树", "新建", "创建", "推送", "制作", "报送", "发布",
    "组织", "开展", "新增", "改造", "改建", "扩建", "建成", "完工", "安装", "整治", "淘汰", "硬化",
    "惠及",
];
/// Longest way from 至少 to its number, in characters.
const BOUND_REACH: usize = 6;

/// The targets in a text that a person typed.
#[must_use]
pub fn counted(text: &str) -> Vec<Quantity> {
    let run: Run = (0..)
        .zip(text.chars())
        .map(|(at, ch)| Mark::new(ch, at))
        .collect();
    quantities(&run)
}

pub(crate) fn quantities(run: &[Mark]) -> Vec<Quantity> {
    let marks: Run = run.iter().copied().filter(|m| !m.is_blank()).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(mark) = marks.get(i) {
        if !BEGINS.may(mark.fold) {
            i += 1;
            continue;
        }
        match at(&marks, i) {
            Some((len, quantity)) => {
                out.extend(quantity);
                i += len.max(1);
            }
            None => i += 1,
        }
    }
    out
}

fn at(marks: &[Mark], i: usize) -> Option<(usize, Option<Quantity>)> {
    let rest = from(marks, i);
    if let Some(bound) = BOUND_HEADS.starts(rest, BOUNDS) {
        for gap in 0..=BOUND_REACH {
            if let Some((value, max, unit, len)) = amount(from(rest, bound + gap), UNITS) {
                let end = bound + gap + len;
                return Some((
                    end,
                    Some(Quantity {
                        text: tidy(part(rest, 0, end)),
                        value,
                        max,
                        unit,
                    }),
                ));
            }
        }
        return None;
    }
    let before = part(marks, i.saturating_sub(1), i).first().map(|m| m.fold);
    if before.is_some_and(|c| {
        c.is_ascii_digit()
            || matches!(
                c,
                '第' | '.' | '每' | '上' | '再' | '初' | '“' | '多' | '同' | '这'
            )
    }) {
        return None;
    }
    let (value, max, unit, len) = amount(rest, UNITS)?;
    let made = MAKING.iter().any(|verb| {
        let count = verb.chars().count();
        (count..=count + 2)
            .any(|back| i >= back && starts_any(part(marks, i - back, i), &[verb]).is_some())
    });
    // 政务云二期扩容: a phase, not a count
    let phase = unit == "期" && !rest.first().is_some_and(|m| m.fold.is_ascii_digit());
    let target = EVENTS.contains(&unit.as_str()) && !phase
        || unit == "%"
        || made
        || closes_made(marks, i, i + len)
        || starts_any(from(rest, len), &["以上"]).is_some()
        || (max.is_some() && unit == "个");
    let quantity = Quantity {
        text: tidy(part(rest, 0, len)),
        value,
        max,
        unit,
    };
    // 一次办, 一次性 are ways, not counts
    let way = quantity.text == "一次"
        && from(rest, len)
            .first()
            .is_some_and(|m| matches!(m.fold, '办' | '性' | '告' | '”' | '、' | '申'));
    Some((len, (target && !way).then_some(quantity)))
}

/// 新建中心幼儿园2所: the number ends a clause that begins with a verb of [`MAKING`]. What is counted for its scope has its
/// noun behind it: 26个领域.
fn closes_made(marks: &[Mark], start: usize, end: usize) -> bool {
    let closed = marks
        .get(end)
        .is_none_or(|m| matches!(m.fold, ',' | '。' | ';' | '、' | ')'));
    let clause = part(marks, 0, start)
        .rsplit(|m| matches!(m.fold, ',' | '。' | ';' | ':' | '('))
        .next();
    closed && clause.is_some_and(|clause| MAKING.iter().any(|verb| has(clause, verb)))
}

/// Number or range with its unit: value, upper end, unit, length.
fn amount(rest: &[Mark], units: &[&str]) -> Option<(f64, Option<f64>, String, usize)> {
    let (value, mut len) = figure(rest)?;
    let mut max = None;
    let dash = from(rest, len)
        .iter()
        .take_while(|m| matches!(m.fold, '—' | '-' | '至'))
        .count();
    if dash > 0
        && let Some((upper, used)) = figure(from(rest, len + dash))
    {
        max = Some(upper);
        len += dash + used;
    }
    let unit = units
        .iter()
        .filter_map(|u| starts_any(from(rest, len), &[u]).map(|l| (*u, l)))
        .max_by_key(|(_, l)| *l)?;
    Some((value, max, unit.0.to_owned(), len + unit.1))
}

fn figure(rest: &[Mark]) -> Option<(f64, usize)> {
    let Some((whole, len)) = digits(rest) else {
        return numeral(rest).map(|(n, len)| (f64::from(n), len));
    };
    if rest.get(len).is_some_and(|m| m.fold == '.')
        && let Some((fraction, more)) = digits(from(rest, len + 1))
    {
        let scale = 10f64.powi(i32::try_from(more).unwrap_or(0));
        return Some((
            f64::from(whole) + f64::from(fraction) / scale,
            len + 1 + more,
        ));
    }
    Some((f64::from(whole), len))
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    fn check(text: &str, want: &str) {
        let got: Vec<String> = quantities(&run(text))
            .iter()
            .map(|q| {
                format!(
                    "{} {}{}{}",
                    q.text,
                    q.value,
                    q.max.map_or(String::new(), |m| format!("~{m}")),
                    q.unit
                )
            })
            .collect();
        assert_eq!(got.join(" | "), want, "{text}");
    }

    #[test]
    fn targets() {
        check("每年至少召开一次会议", "至少召开一次 1次");
        check("分值权重不低于4%的要求", "不低于4% 4%");
        check("选取1—2个试点区", "1—2个 1~2个");
        check("列席会议不少于3次", "不少于3次 3次");
        check("组织开展一次全面对照", "一次 1次");
        check("满意率达到99.5%", "达到99.5% 99.5%");
        check("新建中心幼儿园2所。", "2所 2所");
        check("完成棚户区改造2836户", "2836户 2836户");
        check("建设区、镇两级专区8个。", "8个 8个");
        check("入库问答500条以上", "500条 500条");
        check("加装电梯新增400台、完工200台", "400台 400台 | 200台 200台");
    }

    #[test]
    fn no_targets() {
        for text in [
            "26个领域",
            "15类主动公开内容",
            "互联网协议第6版",
            "“三审三校”",
            "12345热线",
            "“1+1+9”",
            "5个在建项目",
            "一次办好",
            "完成政务云二期扩容",
        ] {
            check(text, "");
        }
    }
}
