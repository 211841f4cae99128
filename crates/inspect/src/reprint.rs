//! 转载来源: whom a reprint may be taken from. The list is data; the house adds hosts as exceptions.
//!
//! Law: 政府网站发展指引 (国办发〔2017〕47号): what is reprinted comes from government sites and the central media, and
//! names its source.

use std::sync::LazyLock;

use crate::finding::{Confidence, Finding, Kind};
use crate::rules::Rules;

static HOSTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("data/sources.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .collect()
});

fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next().filter(|host| !host.is_empty())
}

/// A reprint that is taken from somewhere else.
#[must_use]
pub fn foreign_reprint(address: &str, rules: &Rules) -> Option<Finding> {
    let host = host(address)?.to_lowercase();
    let below = |one: &str| {
        let rest = host.strip_suffix(one);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let finding = Finding {
        start: 0,
        end: 0,
        kind: Kind::Reprint,
        confidence: Confidence::High,
        text: host.clone(),
        advice: "这个网站不在转载白名单里。请改从政府网站或者中央媒体转载；确可转载的，由政务公开办设为例外。"
            .to_owned(),
    };
    (!HOSTS.iter().any(|one| below(one)) && !rules.excepts(&finding)).then_some(finding)
}

#[cfg(test)]
mod tests {
    use super::foreign_reprint;
    use crate::finding::Kind;
    use crate::rules::Rules;

    #[test]
    fn reprints_come_from_listed_hosts_and_those_that_the_house_adds() {
        let house = Rules {
            exceptions: vec![(Kind::Reprint, "www.example.org".to_owned())],
            ..Rules::default()
        };
        for (address, fine) in [
            ("https://www.gov.cn/zhengce/content/1.htm", true),
            ("https://flk.npc.gov.cn/detail2.html", true),
            ("http://GOV.CN:80/a", true),
            ("https://notgov.cn/", false),
            ("https://www.gov.cn.example.com/", false),
            ("https://www.gov.cn@example.com/", false),
            ("https://www.example.org/a", true),
            ("https://sub.example.org/a", false),
        ] {
            assert_eq!(
                foreign_reprint(address, &house).is_none(),
                fine,
                "{address}"
            );
        }
        assert_eq!(foreign_reprint("", &house), None);
    }
}
