//! 事项: what an event is about, in words; its code begins with the noun.

/// The nouns of all capabilities as people read them.
const NOUNS: [(&str, &str); 45] = [
    ("account", "账号和角色"),
    ("activity", "组织保障活动"),
    ("annual", "年度报告"),
    ("assignment", "任务分工"),
    ("audit", "审计记录"),
    ("bulletin", "通报"),
    ("calendar", "工作日历"),
    ("carried", "结转任务"),
    ("catalogue", "公开事项目录"),
    ("change", "任务变更"),
    ("check", "检查词库"),
    ("collective", "统称"),
    ("column", "重点领域专栏"),
    ("document", "文件"),
    ("draft", "方案导入"),
    ("evidence", "佐证"),
    ("file", "附件下架和恢复"),
    ("finding", "问题"),
    ("gazette", "政府公报"),
    ("group", "领导小组"),
    ("guide", "公开指南"),
    ("job", "后台作业"),
    ("letter", "依申请公开文书"),
    ("link", "方案比对"),
    ("office", "机关合并后的事项"),
    ("organ", "机关"),
    ("organisation", "组织保障检查"),
    ("plan", "方案"),
    ("portal", "站点"),
    ("practice", "典型做法"),
    ("progress", "进展公布"),
    ("remedy", "复议和诉讼"),
    ("report", "进展填报"),
    ("request", "依申请公开"),
    ("request-cluster", "同类申请"),
    ("review", "审核要求"),
    ("round", "集中填报"),
    ("score", "评分"),
    ("search", "检索"),
    ("sheet", "台账表格"),
    ("staff", "人员登记"),
    ("supervision", "督办"),
    ("task", "任务"),
    ("upper", "上级文件"),
    ("view", "保存的视图"),
];

/// The word for a noun that no list knows, which a newer program may have written.
const OTHER: &str = "其他";

/// What screens call the matter of an event's code, such as 账号和角色 for `account.role_granted`.
pub(super) fn name(kind: &str) -> &'static str {
    known(kind).map_or(OTHER, |(_, name)| name)
}

/// The noun of a code, where it is one.
pub(super) fn known(kind: &str) -> Option<(&'static str, &'static str)> {
    let noun = kind.split('.').next().unwrap_or_default();
    NOUNS.into_iter().find(|(code, _)| *code == noun)
}

/// All nouns, code and name, for a choice.
pub(super) const fn all() -> &'static [(&'static str, &'static str)] {
    &NOUNS
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{NOUNS, name};

    /// The code of each event that is made in this source.
    fn codes(source: &str) -> Vec<&str> {
        let source = source.split("#[cfg(test)]\nmod tests").next();
        let made = source.unwrap_or_default().split("Event::new(").skip(1);
        let quoted = made.filter_map(|rest| rest.split('"').nth(1));
        quoted
            .filter(|code| {
                code.contains('.')
                    && code
                        .bytes()
                        .all(|b| b"._-".contains(&b) || b.is_ascii_lowercase())
            })
            .collect()
    }

    fn each(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if file.starts_with("test") || file == "journeys" {
                continue;
            }
            if path.is_dir() {
                each(&path, look);
            } else if file.ends_with(".rs") {
                look(&path, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_event_has_a_matter_in_words() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = 0;
        each(&crates, &mut |path, source| {
            for code in codes(source) {
                found += 1;
                assert_ne!(name(code), super::OTHER, "{code} in {}", path.display());
            }
        });
        assert!(found > 50, "only {found} events were found");
        assert!(NOUNS.is_sorted());
        assert_eq!(name("account.role_granted"), "账号和角色");
        assert_eq!(name("nothing"), super::OTHER);
    }
}
