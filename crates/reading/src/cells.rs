//! What a cell or a line looks like, told by its own words.

use super::answers;
use super::dates::{Ground, Known, said};
use super::number::{Level, number, only_number};
use super::organ_name::is_organ_run;
use super::organs::{Units, parse, says_first_leads};
use super::text::{Mark, part, plain, trim, trim_by, weight};

/// The looks of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looks {
    pub(crate) empty: bool,
    pub(crate) weight: usize,
    pub(crate) level: Option<Level>,
    pub(crate) only_number: bool,
    pub(crate) deadline: bool,
    /// 0 no organs … 1 nothing but organs.
    pub(crate) organs: f32,
    /// Ends or goes on like a sentence.
    pub(crate) sentence: bool,
}

/// Longest list of organs that is tried, in characters.
const ORGANS_MAX: usize = 600;
/// Longest text of a deadline cell, in characters.
const DEADLINE_MAX: usize = 24;

pub(crate) fn looks(run: &[Mark]) -> Looks {
    let run = trim(run);
    let weight = weight(run);
    let only_number = weight > 0 && weight <= 5 && only_number(run).is_some();
    let number = number(run);
    let deadline = weight > 0 && !only_number && is_deadline(run, weight);
    let organs = if weight == 0 || only_number || number.is_some() || deadline {
        0.0
    } else {
        organ_share(run, weight).max(led_with_remark(run))
    };
    let ended = run.last().is_some_and(|m| matches!(m.fold, '。' | ';'));
    let comma = || run.iter().any(|m| m.fold == ',');
    let inner_stop = || {
        let behind = run.iter().skip_while(|m| m.fold != '。');
        behind.filter(|m| !m.is_blank()).any(|m| m.fold != '。')
    };
    Looks {
        empty: weight == 0,
        weight,
        level: number.map(|n| n.level),
        only_number,
        deadline,
        organs,
        sentence: organs < 0.5 && (ended && weight > 8 || weight > 16 && comma() || inner_stop()),
    }
}

/// Longest unit cell with a remark behind its units, in characters.
const REMARK_MAX: usize = 80;

/// 各县政府牵头，范围应当涵盖各镇: units that lead, with a remark behind them, are a unit cell too.
fn led_with_remark(run: &[Mark]) -> f32 {
    let comma = run
        .iter()
        .take(REMARK_MAX)
        .position(|m| m.fold == ',')
        .filter(|_| run.len() <= REMARK_MAX);
    let Some(comma) = comma else { return 0.0 };
    let names = part(run, 0, comma);
    let leads = names.last().is_some_and(|m| m.fold == '头');
    if leads && plain(names).ends_with("牵头") && organ_share(names, weight(names)) > 0.95 {
        LED_SHARE
    } else {
        0.0
    }
}

/// Share of organs that such a cell counts as.
const LED_SHARE: f32 = 0.9;

/// How much of the text is organs.
pub(crate) fn organ_share(run: &[Mark], weight: usize) -> f32 {
    if !(2..=ORGANS_MAX).contains(&weight) {
        return 0.0;
    }
    answers::share(run, || share_of(run, weight))
}

fn share_of(run: &[Mark], weight: usize) -> f32 {
    let organs = parse(&[Units {
        role: None,
        text: run.to_vec(),
    }]);
    let total = organs.list.len();
    if total == 0 || organs.strange.len() * 2 > total {
        return 0.0;
    }
    // 列第一位者为牵头单位，下同 is a rule about the names, no sentence beside them
    let rule = |n: &&super::text::Run| says_first_leads(n) || plain(n) == "下同";
    let noted: usize = organs
        .notes
        .iter()
        .filter(|n| !rule(n))
        .map(|n| super::text::weight(n))
        .sum();
    let named = (total - organs.strange.len()) as f32 / total as f32;
    named * (1.0 - noted as f32 / weight as f32)
}

/// Deadlines without an end.
const LASTING: &[&str] = &[
    "持续推进",
    "长期坚持",
    "长期",
    "全年",
    "常态化",
    "持续",
    "每季度",
    "每月",
    "每年",
    "每半年",
    "日常",
    "长效",
    "定期",
    "及时",
    "实时",
    "立即",
    "按时",
    "随时",
    "即时",
    "贯穿全年",
    "适时",
    "按要求",
    "按规定时限",
    "按时间节点",
    "常年",
    "全年持续",
    "常态",
    "立行立改",
    "即知即改",
    "立即整改",
    "同步",
    "同步公开",
    "动态更新",
    "动态调整",
    "实时更新",
    "及时更新",
    "随时更新",
    "即时公开",
    "实时公开",
    "及时公开",
    "随时公开",
    "定期公开",
    "法定时限",
    "法定时限内",
    "法定期限内",
    "规定时限内",
    "按法定时限",
];
/// What stands beside a date in a deadline cell.
const DONE: &[&str] = &[
    "完成",
    "持续推进",
    "并持续",
    "长期坚持",
    "取得",
    "启动",
    "落实到位",
    "坚持",
    "推进",
    "常态化",
    "每年",
];

pub(crate) fn is_deadline(run: &[Mark], weight: usize) -> bool {
    if weight > DEADLINE_MAX {
        return false;
    }
    answers::deadline(run, || says_deadline(run, weight))
}

fn says_deadline(run: &[Mark], weight: usize) -> bool {
    if number(run).is_some_and(|n| !matches!(n.level, Level::Item)) {
        return false;
    }
    let text = plain(run);
    let text = text.trim_end_matches(['。', '.', ';']);
    let work = names_work(text);
    if !work
        && (LASTING.contains(&text)
            || (weight <= 8
                && LASTING
                    .iter()
                    .any(|w| w.chars().count() > 2 && text.starts_with(w) && !text.contains('公'))))
    {
        return true;
    }
    // 市司法局6月底前完成: a name with its date
    let figure = run.iter().position(|m| m.fold.is_ascii_digit());
    let named = |at| is_organ_run(trim_by(part(run, 0, at), |m| m.is_blank() || m.fold == ','));
    if figure.is_some_and(|at| at > 0 && named(at)) {
        return false;
    }
    // 党政办，年底前: so is a name with its date behind a comma
    let first = run.iter().position(|m| matches!(m.fold, ',' | ';'));
    if first.is_some_and(|at| is_organ_run(part(run, 0, at))) {
        return false;
    }
    let found = said(
        run,
        Known {
            year: Some(2022),
            ..Known::default()
        },
        Ground::Column,
    );
    let dated: usize = found
        .iter()
        .filter(|f| f.deadline.date.is_some() || f.deadline.kind != super::dates::DeadlineKind::By)
        .filter(|f| f.deadline.date.is_some() || !work)
        .map(|f| super::text::weight(&f.run))
        .sum();
    let said: usize = DONE
        .iter()
        .filter(|w| text.contains(**w))
        .map(|w| w.chars().count())
        .sum();
    dated > 0
        && dated + said + 4 >= weight
        && !found
            .iter()
            .all(|f| f.deadline.date.is_none() && f.doubt.is_some())
}

/// 有序推进算力布局, 常态化开展自查: how work is done that is named behind it. 常态化推进, 每季度开展一次 name none.
fn names_work(text: &str) -> bool {
    const VERBS: &[&str] = &[
        "推进", "推动", "开展", "实施", "落实", "加强", "做好", "抓好", "完善", "组织", "强化",
        "优化", "提升", "深化", "规范", "建设", "打造",
    ];
    // what goes on about the time and names no work
    const GOES_ON: &[&str] = &[
        "并",
        "和",
        "且",
        "至",
        "到",
        "直至",
        "完成",
        "取得",
        "见效",
        "工作",
        "任务",
        "实施",
        "落实",
        "推进",
        "开展",
        "坚持",
        "更新",
        "不少于",
        "不低于",
        "至少",
        "每",
        "第",
        "各项",
        "相关",
        "有关",
    ];
    let first = VERBS
        .iter()
        .filter_map(|verb| Some((text.find(verb)?, verb.len())))
        .min();
    let Some((at, len)) = first else {
        return false;
    };
    let rest = text.get(at + len..).unwrap_or_default();
    let rest = rest.split([',', ';', '(']).next().unwrap_or_default();
    let figure =
        rest.starts_with(|c: char| c.is_ascii_digit() || "一二两三四五六七八九十".contains(c));
    let goes_on = figure
        || GOES_ON.iter().any(|word| rest.starts_with(word))
        || LASTING.iter().any(|word| rest.starts_with(word));
    rest.chars().count() > 1 && !goes_on
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    #[test]
    fn cells_tell_what_they_are() {
        for text in [
            "年底前",
            "持续推进",
            "2020年10月底",
            "12月底前",
            "长期坚持",
            "6月30日前完成",
            "2022年9月底前",
            "每季度",
            "全年",
            "常态化开展",
            "常态化管理",
            "每季度开展一次",
            "每半年开展1次",
        ] {
            assert!(looks(&run(text)).deadline, "{text}");
        }
        for text in [
            "市司法局、市行政服务中心、市政府办公室",
            "办公室牵头，各科室配合。",
            "各科室",
            "区发展和改革委员会、区教育局等部门牵头,各镇人民政府、街道办事处",
        ] {
            assert!(looks(&run(text)).organs > 0.9, "{text}");
        }
        for text in [
            "加强政府网站建设。",
            "推进政策公开",
            "做好财政信息公开",
            "每年至少召开一次会议，研究解决问题。",
            "抓好队伍建设",
            "政府信息公开平台",
            "一、优化基础",
            "在政务大厅设置政策兑现窗口。",
            "有序推进算力布局。",
            "有序推进平台建设",
            "常态化开展自查。",
            "常态化推进便民服务",
            "长期坚持抓好培训",
            "每季度组织学习",
        ] {
            let looks = looks(&run(text));
            assert!(looks.organs < 0.5 && !looks.deadline, "{text} {looks:?}");
        }
        assert!(looks(&run("12")).only_number);
    }
}
