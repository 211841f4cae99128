//! What a clause says that its organs do: the verbs behind the names or before them, and the manner in which.

use super::super::glance::Glance;
use super::super::labels::{Label, label_word};
use super::super::organ_name::LEVELS;
use super::super::text::{
    Mark, from, has, part, plain, starts, starts_any, trim, trim_by, trim_end_by,
};
use super::Role;

/// Ends of clauses by meaning, longest first where one is the tail of another.
const LEAD_TAILS: &[&str] = &[
    "分别牵头负责落实",
    "分别牵头组织实施",
    "分别牵头负责",
    "分别牵头落实",
    "分头牵头负责",
    "共同牵头负责",
    "牵头组织实施",
    "牵头负责落实",
    "分别牵头",
    "共同牵头",
    "联合牵头",
    "牵头抓总",
    "牵头负责",
    "牵头落实",
    "牵头组织",
    "牵头实施",
    "牵头推进",
    "牵头承办",
    "牵头办理",
    "总体牵头",
    "总牵头负责",
    "牵头做好",
    "牵头督导",
    "牵头指导",
    "牵头督促",
    "牵头协调",
    "牵头统筹",
    "牵头推动",
    "牵头制定",
    "牵头开展",
    "总牵头",
    "牵头",
    "主办",
    "负总责",
    "总负责",
    "负主责",
    "主责",
    "抓总",
    "牵总",
];
const COOPERATE_TAILS: &[&str] = &[
    "按职责分工配合",
    "积极配合落实",
    "密切配合",
    "积极配合",
    "协同配合",
    "配合落实",
    "配合实施",
    "配合做好",
    "协助做好",
    "配合负责",
    "配合推进",
    "参与配合",
    "协助配合",
    "配合",
    "共同参与",
    "共同参加",
    "参与",
    "参加",
    "协助",
    "协办",
    "会办",
    "为辅",
    "辅助",
    "协同办理",
    "协同",
];
const PLAIN_TAILS: &[&str] = &[
    "负责本辖区内",
    "负责本辖区",
    "负责本地区",
    "负责本区域",
    "负责本行政区域",
    "负责本系统",
    "负责本行业",
    "负责本部门",
    "负责本单位",
    "会同落实",
    "会同负责",
    "负责组织实施",
    "负责组织落实",
    "分工负责落实",
    "职能分工落实",
    "职责分工落实",
    "职责分工负责",
    "职能分工负责",
    "分别负责落实",
    "共同负责落实",
    "组织实施",
    "组织落实",
    "负责落实",
    "负责实施",
    "具体负责",
    "具体落实",
    "具体实施",
    "分别负责",
    "共同负责",
    "共同落实",
    "分别落实",
    "分工负责",
    "分工落实",
    "各负其责",
    "属地负责",
    "属地落实",
    "依法负责",
    "依法落实",
    "依法推进",
    "分级负责",
    "分级落实",
    "分级实施",
    "分类负责",
    "分头负责",
    "分头落实",
    "同步落实",
    "抓好落实",
    "贯彻落实",
    "参照落实",
    "统筹协调",
    "统筹推进",
    "统筹负责",
    "统筹",
    "参照执行",
    "参照实施",
    "推进落实",
    "负责指导",
    "负责业务指导",
    "加强指导",
    "业务指导",
    "指导",
    "负责推进",
    "负责汇总",
    "汇总",
    "协调推进",
    "协调落实",
    "协调",
    "推进",
    "办理",
    "督促",
    "负责",
    "落实",
    "承办",
    "实施",
    "分别",
    "共同",
    "各自",
    "职责分工",
    "职能分工",
];
/// The ends by what they mean, with a glance at their last characters.
const TAILS: [(&[&str], Glance, Option<Role>); 3] = [
    (LEAD_TAILS, Glance::tails(LEAD_TAILS), Some(Role::Lead)),
    (
        COOPERATE_TAILS,
        Glance::tails(COOPERATE_TAILS),
        Some(Role::Cooperate),
    ),
    (PLAIN_TAILS, Glance::tails(PLAIN_TAILS), None),
];
/// From here to the end of the clause is manner, not name.
const MANNERS: &[&str] = &[
    "按照职",
    "按职",
    "按照各自",
    "按各自",
    "根据职",
    "根据各自",
    "依据职",
    "依职",
    "依照职",
    "按照分工",
    "按分工",
    "依分工",
    "结合职",
    "在各自职责",
    "按照工作职",
    "结合实际",
    "结合各自",
    "结合本",
    "结合工作实际",
    "根据实际",
    "根据工作实际",
    "因地制宜",
    "按规定",
    "按照规定",
    "按要求",
    "按照要求",
    "按权限",
    "按管理权限",
    "按照管理权限",
    "按属地",
    "按照属地",
    "按隶属",
    "依法依规",
    "依法履",
    "在职责范围",
    "按照“",
    "按“",
];

pub(super) fn ends_in_role(run: &[Mark]) -> bool {
    const DUTIES: &[&str] = &["负责", "负责落实"];
    const LAST: Glance = Glance::tails(LEAD_TAILS)
        .or(Glance::tails(COOPERATE_TAILS))
        .or(Glance::tails(DUTIES));
    let last = run.iter().rfind(|m| !m.is_blank());
    last.is_some_and(|m| LAST.may(m.fold))
        && LEAD_TAILS
            .iter()
            .chain(COOPERATE_TAILS)
            .chain(DUTIES)
            .any(|w| ends(run, w))
}

/// 负责落实: another verb, and no name.
pub(super) fn begins_with_verb(run: &[Mark]) -> bool {
    TAILS
        .iter()
        .any(|(tails, ..)| starts_any(run, tails).is_some())
        || starts_any(run, MANNERS).is_some()
}

/// Whether the folded text ends in `word`.
pub(super) fn ends(run: &[Mark], word: &str) -> bool {
    let mut marks = run.iter().rev().filter(|m| !m.is_blank());
    word.chars()
        .rev()
        .all(|c| marks.next().is_some_and(|m| m.fold == c))
}

/// `牵头 市教育局`: the role stands before the name, parted by a blank or a sign.
pub(super) fn strip_head_word(run: &[Mark]) -> (&[Mark], Option<Role>) {
    for (word, role) in [
        ("牵头", Role::Lead),
        ("配合", Role::Cooperate),
        ("责任", Role::Responsible),
    ] {
        if let Some(len) = starts(run, word)
            && run
                .get(len)
                .is_some_and(|m| m.is_blank() || matches!(m.fold, ':' | '—'))
        {
            return (
                trim_by(from(run, len), |m| {
                    m.is_blank() || matches!(m.fold, ':' | '—')
                }),
                Some(role),
            );
        }
    }
    mainly(run)
        .or_else(|| label_before(run))
        .unwrap_or((run, None))
}

/// 以县财政局为主: it leads.
fn mainly(run: &[Mark]) -> Option<(&[Mark], Option<Role>)> {
    let body = from(run, starts(run, "以")?);
    let end = ["为主要责任单位", "为主体", "为主"]
        .iter()
        .find(|word| ends(body, word))?;
    let names = cut_end(body, end.chars().count());
    (!names.is_empty()).then_some((names, Some(Role::Lead)))
}

/// 牵头单位县财政局: the colon behind the label was lost, and a name with its level follows.
fn label_before(run: &[Mark]) -> Option<(&[Mark], Option<Role>)> {
    const NOUNS: &[&str] = &["单位", "部门", "科室"];
    let (Label::Units(role), len) = label_word(run)? else {
        return None;
    };
    let words = plain(part(run, 0, len));
    let names = from(run, len);
    let named = names.first().is_some_and(|m| LEVELS.contains(&m.fold)) && names.len() > 2;
    let noun = NOUNS.iter().any(|noun| words.ends_with(noun));
    (named && noun).then_some((names, role.or(Some(Role::Responsible))))
}

/// Most verbs at the end of a clause.
const VERBS_MAX: usize = 6;

/// Words before such a role that change nothing in it.
const RANKS: &[&str] = &["主要", "第一", "第二", "直接", "共同", "具体", "总"];
/// Longest words that say what an organ is for a task (为主要牵头责任单位), in characters.
const SAID_MAX: usize = 12;

/// 县财政局为牵头单位, 各部门作为配合单位: the names, and the role that the words behind them give.
fn said_role(run: &[Mark]) -> Option<(&[Mark], Option<Role>)> {
    let reach = run.len().saturating_sub(SAID_MAX);
    let verb = |i: &usize| matches!(run.get(*i).map(|m| m.fold), Some('为' | '是' | '任'));
    (reach.max(2)..run.len()).filter(verb).find_map(|i| {
        let words = trim(from(run, i + 1));
        let words = from(words, starts_any(words, RANKS).unwrap_or(0));
        let (kind, len) = label_word(words)?;
        let Label::Units(role) = kind else {
            return None;
        };
        let names = trim(part(run, 0, i));
        let names = match names.split_last() {
            Some((last, rest)) if last.fold == '作' => rest,
            _ => names,
        };
        (len >= words.len() && len > 2).then_some((trim(names), role))
    })
}

/// Cuts the verb and the manner from the end; tells the role and whether nothing was cut.
pub(super) fn strip_tail(run: &[Mark]) -> (&[Mark], Option<Role>, bool) {
    if let Some((names, role)) = said_role(trim(run)) {
        return (strip_and_so_on(names), role, false);
    }
    let mut rest = trim(run);
    let mut role = None;
    let mut bare = true;
    const HEADS: Glance = Glance::heads(MANNERS);
    // 县财政局（按职责分工负责）、县审计局: that bracket is a remark on its name
    let inside = |i: usize| {
        let behind = from(rest, i).iter().position(|m| m.fold == ')');
        let more = behind.is_some_and(|at| {
            let names = from(rest, i + at + 1);
            names
                .first()
                .is_some_and(|m| matches!(m.fold, '、' | '和' | '及'))
        });
        more && i
            .checked_sub(1)
            .and_then(|j| rest.get(j))
            .is_some_and(|m| m.fold == '(')
    };
    let begins = |&i: &usize| HEADS.starts(from(rest, i), MANNERS).is_some() && !inside(i);
    if let Some(at) = (1..rest.len()).find(begins) {
        let manner = from(rest, at);
        if has(manner, "牵头") {
            role = Some(Role::Lead);
        } else if has(manner, "配合") {
            role = Some(Role::Cooperate);
        }
        // 市文旅局（按职责分工负责）: the bracket goes with what stands in it
        rest = trim_end_by(part(rest, 0, at), |m| m.is_blank() || m.fold == '(');
        bare = false;
    }
    // verbs stand one behind the other at most a few times (分别牵头负责落实)
    for _ in 0..VERBS_MAX {
        let Some(last) = rest.last() else { break };
        let may = |(_, glance, _): &(_, Glance, _)| glance.may(last.fold);
        let mut near = TAILS.iter().filter(|tails| may(tails)).peekable();
        if near.peek().is_none() {
            break;
        }
        let text = plain(rest);
        let hit = near.find_map(|(tails, _, meaning)| {
            tails
                .iter()
                .find(|t| text.ends_with(**t) && text.len() > t.len() && !in_a_name(&text, t))
                .map(|t| (t, *meaning))
        });
        let Some((tail, meaning)) = hit else { break };
        role = role.or(meaning);
        bare = false;
        rest = cut_end(rest, tail.chars().count());
    }
    (strip_and_so_on(rest), role, bare)
}

/// 市安委会办: the office of a 会, and none that is asked along (县税务局会办).
fn in_a_name(text: &str, tail: &str) -> bool {
    const COUNCILS: &[&str] = &[
        "委", "员", "工", "联", "协", "学", "商", "理事", "基金", "执",
    ];
    let name = text.strip_suffix(tail).filter(|_| tail == "会办");
    name.is_some_and(|name| COUNCILS.iter().any(|c| name.ends_with(c)))
}

/// 等部门, 等有关单位, 等 at the end are no names.
pub(super) fn strip_and_so_on(run: &[Mark]) -> &[Mark] {
    if run.iter().all(|m| m.fold != '等') {
        return run;
    }
    let text = plain(run);
    for tail in [
        "等部门和单位",
        "等部门单位",
        "等有关部门",
        "等相关部门",
        "等有关单位",
        "等相关单位",
        "等各部门",
        "等各单位",
        "等职能部门",
        "等部门",
        "等单位",
        "等科室",
        "等股室",
        "等处室",
        "等",
    ] {
        if text.ends_with(tail) && text.len() > tail.len() {
            return cut_end(run, tail.chars().count());
        }
    }
    run
}

/// Cuts `count` characters that are no blanks from the end.
fn cut_end(run: &[Mark], count: usize) -> &[Mark] {
    let mut left = count;
    let mut end = run.len();
    while left > 0 && end > 0 {
        end -= 1;
        if run.get(end).is_some_and(|m| !m.is_blank()) {
            left -= 1;
        }
    }
    trim_by(part(run, 0, end), |m| m.is_blank() || m.fold == '、')
}
