//! 一、总体情况 as a draft: its five topics with figures that follow the tables, and the year's tasks with what proves them.
//! It is for the clerk to check, amend and complete: as long as one of its marks stands there, the report cannot be confirmed.

use gongkai_platform::organ::Kind;
use gongkai_platform::seam::Accomplishment;

use crate::annual::Unit;

/// Tasks of a year that are looked at.
pub const TASKS_MAX: i64 = 300;
/// Tasks of one topic that are named; of the others there is a number.
const NAMED_MAX: usize = 6;
/// Proofs of one task that are named.
const PROOFS_MAX: usize = 2;
/// The longest name of a task and of a proof, in characters.
const TASK_CHARS_MAX: usize = 40;
const PROOF_CHARS_MAX: usize = 30;
/// A clause shorter than this, in characters, is a date or a condition and names no task.
const CLAUSE_CHARS_MIN: usize = 8;
/// With this begins what only the clerk is told, up to 】.
pub const MARK: &str = "【草稿";

/// The five topics of part 一 (国办公开办函〔2021〕30号).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Published,
    Requests,
    Information,
    Platforms,
    Assurance,
}

impl Topic {
    const ALL: [Self; 5] = [
        Self::Published,
        Self::Requests,
        Self::Information,
        Self::Platforms,
        Self::Assurance,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Published => "主动公开",
            Self::Requests => "依申请公开",
            Self::Information => "政府信息管理",
            Self::Platforms => "政府信息公开平台建设",
            Self::Assurance => "监督保障",
        }
    }

    /// Words by which a task belongs here; what has none of any topic is to be made public.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Published => &[],
            Self::Requests => &["依申请", "申请公开", "公开申请", "答复"],
            Self::Information => &[
                "信息管理",
                "规范性文件",
                "规章",
                "目录",
                "清理",
                "有效性",
                "公开属性",
                "保密审查",
                "公开审查",
                "动态调整",
            ],
            Self::Platforms => &[
                "平台",
                "网站",
                "新媒体",
                "公众号",
                "公报",
                "专栏",
                "专区",
                "适老",
                "无障碍",
            ],
            Self::Assurance => &[
                "培训",
                "考核",
                "评议",
                "责任追究",
                "监督",
                "组织领导",
                "领导小组",
                "工作机构",
                "督查",
                "听取",
                "经费",
            ],
        }
    }

    /// By the task's own words, else by the head above it.
    fn of(task: &Accomplishment) -> Self {
        // A training on applications is a training; 依申请公开平台 is of applications.
        const ORDER: [Topic; 4] = [
            Topic::Assurance,
            Topic::Requests,
            Topic::Platforms,
            Topic::Information,
        ];
        let by = |text: &str| {
            ORDER
                .into_iter()
                .find(|topic| topic.words().iter().any(|word| text.contains(word)))
        };
        by(&task.text)
            .or_else(|| by(&task.section))
            .unwrap_or(Self::Published)
    }

    /// What the tables say of it, bound to them.
    const fn figures(self) -> &'static str {
        match self {
            Self::Published => {
                "制发行政规范性文件{行政规范性文件制发}件，废止{行政规范性文件废止}件，现行有效{行政规范性文件现行有效}件。"
            }
            Self::Requests => {
                "新收政府信息公开申请{本年新收总计}件，上年结转{上年结转总计}件，办结{办理结果总计}件，结转下年度{结转下年度总计}件。其中予以公开{予以公开总计}件、部分公开{部分公开总计}件、不予公开{不予公开总计}件。因政府信息公开被申请行政复议{行政复议总计}件、被提起行政诉讼{行政诉讼总计}件。"
            }
            Self::Information | Self::Platforms | Self::Assurance => "",
        }
    }
}

/// A text as part of a sentence; braces would be names of figures.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches(['。', '；', ';', '，', '.']);
    let plain = text.split_whitespace().collect::<String>();
    let plain = plain.replace(['{', '｛', '【'], "（");
    plain.replace(['}', '｝', '】'], "）")
}

/// The clauses of a task that fit, none of them cut; `None` where not even the first does. The public reads them.
fn clauses(text: &str) -> Option<String> {
    let plain = plain(text);
    let ends = |c: &char| matches!(c, '，' | '；' | '。');
    let end = match plain.chars().count() {
        all if all <= TASK_CHARS_MAX => all,
        _ => {
            let head: Vec<char> = plain.chars().take(TASK_CHARS_MAX + 1).collect();
            head.iter().rposition(ends)?
        }
    };
    let is_whole = end == plain.chars().count();
    (is_whole || end >= CLAUSE_CHARS_MIN).then(|| plain.chars().take(end).collect())
}

/// A text of at most so many characters, cut where it is longer; only the clerk reads it.
fn within(text: &str, most: usize) -> String {
    let plain = plain(text);
    if plain.chars().count() <= most {
        plain
    } else {
        plain.chars().take(most).chain(['…']).collect()
    }
}

fn listed(tasks: &[&Accomplishment]) -> String {
    let names = tasks.iter().filter_map(|task| clauses(&task.text));
    let names: Vec<String> = names.take(NAMED_MAX).collect();
    let more = match names.len() {
        0 => format!("{}项任务", tasks.len()),
        named if named < tasks.len() => format!("等{}项", tasks.len()),
        _ => String::new(),
    };
    format!("{}{more}", names.join("；"))
}

/// What proves each task that is done, for the clerk.
fn proofs(done: &[&Accomplishment]) -> String {
    let one = |task: &&Accomplishment| {
        let names = task.proofs.iter().take(PROOFS_MAX);
        let names: Vec<String> = names.map(|name| within(name, PROOF_CHARS_MAX)).collect();
        let names = if names.is_empty() {
            "没有佐证".to_owned()
        } else {
            names.join("、")
        };
        format!("{}——{names}", within(&task.text, TASK_CHARS_MAX))
    };
    let all: Vec<String> = done.iter().take(NAMED_MAX).map(one).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!("已完成任务的佐证：{}。", all.join("；"))
    }
}

fn paragraph(topic: Topic, unit: &Unit, tasks: &[Accomplishment]) -> String {
    let own = tasks.iter().filter(|task| Topic::of(task) == topic);
    let (done, open): (Vec<_>, Vec<_>) = own.partition(|task| task.is_done);
    let mut text = format!("{}方面，{}", topic.name(), topic.figures());
    if !done.is_empty() {
        text.push_str(&format!(
            "落实年度政务公开工作要点，已完成：{}。",
            listed(&done)
        ));
    }
    if !open.is_empty() {
        text.push_str(&format!("正在推进：{}。", listed(&open)));
    }
    let government = if topic == Topic::Assurance && unit.kind == Kind::Government {
        "政府的报告还要写工作考核、社会评议和责任追究结果（条例第五十条）。"
    } else {
        ""
    };
    let own = proofs(&done);
    text.push_str(&format!(
        "{MARK}：请核对并补充这一方面的做法和成效。{government}{own}写好后删去方括号里的话】"
    ));
    text
}

/// The part as it stands in a report that was just begun.
#[must_use]
pub fn draft(unit: &Unit, tasks: &[Accomplishment]) -> String {
    Topic::ALL
        .map(|topic| paragraph(topic, unit, tasks))
        .join("\n")
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::OrganId;
    use gongkai_basis::reference::Ref;
    use gongkai_platform::organ::Level;
    use uuid::Uuid;

    use super::*;
    use crate::bound::unknown;

    fn unit(kind: Kind) -> Unit {
        Unit {
            id: OrganId::new(Uuid::nil()),
            name: "安澜市司法局".to_owned(),
            path: String::new(),
            kind,
            level: Level::City,
        }
    }

    fn task(text: &str, section: &str, is_done: bool, proofs: &[&str]) -> Accomplishment {
        Accomplishment {
            of: Ref {
                kind: "task".to_owned(),
                id: text.to_owned(),
            },
            text: text.to_owned(),
            section: section.to_owned(),
            is_done,
            proofs: proofs.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn tasks_stand_under_their_topic() {
        for (text, section, topic) in [
            ("公开财政预决算", "", Topic::Published),
            ("规范依申请公开答复文书", "", Topic::Requests),
            ("组织依申请公开业务培训", "", Topic::Assurance),
            ("集中公开现行有效规章", "", Topic::Information),
            ("办好政府公报", "", Topic::Platforms),
            ("每季度更新", "三、加强平台建设", Topic::Platforms),
        ] {
            let task = task(text, section, false, &[]);
            assert_eq!(Topic::of(&task), topic, "{text}");
        }
    }

    #[test]
    fn the_draft_has_five_topics_with_done_tasks_and_their_proofs() {
        let many: Vec<String> = (0..40).map(|n| format!("公开第{n}批清单")).collect();
        let mut tasks = vec![
            task(
                "集中公开现行有效规章。",
                "",
                true,
                &["规章库", "截图", "第三份"],
            ),
            task("办好{政府}公报", "", false, &[]),
        ];
        tasks.extend(many.iter().map(|text| task(text, "", true, &[])));
        let text = draft(&unit(Kind::Department), &tasks);
        let lines: Vec<&str> = text.lines().collect();
        let names = Topic::ALL.map(|topic| format!("{}方面，", topic.name()));
        assert_eq!(lines.len(), names.len());
        for (line, name) in lines.iter().zip(&names) {
            assert!(line.starts_with(name.as_str()), "{line}");
            assert!(line.contains(MARK) && line.ends_with('】'), "{line}");
        }
        assert!(
            lines[2].contains("已完成：集中公开现行有效规章。"),
            "{}",
            lines[2]
        );
        assert!(
            lines[2].contains("集中公开现行有效规章——规章库、截图。"),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].contains("正在推进：办好（政府）公报。"),
            "{}",
            lines[3]
        );
        assert!(lines[0].contains("等40项。"), "{}", lines[0]);
        assert!(lines[0].contains("公开第0批清单——没有佐证"), "{}", lines[0]);
        assert_eq!(unknown(&text), Vec::<&str>::new());
        assert!(!text.contains("责任追究"), "{text}");
        assert!(draft(&unit(Kind::Government), &[]).contains("责任追究"));
        // What stands outside the brackets ends where a clause ends; a task that has no short one is counted alone.
        let wordy = [
            task(
                "全面清理行政规范性文件，标清全部存量文件的效力状态，实行动态管理并在统一目录里集中公开",
                "",
                true,
                &[],
            ),
            task(&"清理规范性文件目录".repeat(9), "", true, &[]),
        ];
        let text = draft(&unit(Kind::Department), &wordy);
        let line = text.lines().nth(2).unwrap();
        let said = line.split(MARK).next().unwrap();
        assert!(
            said.ends_with("已完成：全面清理行政规范性文件，标清全部存量文件的效力状态等2项。"),
            "{said}"
        );
        let text = draft(&unit(Kind::Department), &wordy[1..]);
        let line = text.lines().nth(2).unwrap();
        let said = line.split(MARK).next().unwrap();
        assert!(said.ends_with("已完成：1项任务。"), "{said}");
        // Whatever a plan holds, the part fits into its field.
        let long: Vec<Accomplishment> = (0..300)
            .map(|_| {
                task(
                    &"公开".repeat(500),
                    "",
                    true,
                    &["证".repeat(300).as_str(); 5],
                )
            })
            .collect();
        let most = crate::draft::TEXT_CHARS_MAX;
        assert!(draft(&unit(Kind::Government), &long).chars().count() < most);
    }
}
