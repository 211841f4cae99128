//! Rules and properties of matching; the labelled plans are in `tests/matching.rs`.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    Certainty, Cover, ITEMS_MAX, Item, Link, Matching, Reason, Side, TEXT_CHARS_MAX, Turn, Words,
    compare, match_items, normal,
};
use crate::assignment::Duty;
use crate::plan::{Deadline, DeadlineKind, Quantity};

fn item(text: &str) -> Item {
    Item {
        text: text.to_owned(),
        ..Item::default()
    }
}

fn items(texts: &[&str]) -> Vec<Item> {
    texts.iter().map(|text| item(text)).collect()
}

fn by(item: Item, text: &str, date: &str) -> Item {
    let deadline = Deadline {
        text: text.to_owned(),
        date: date.parse().ok(),
        kind: DeadlineKind::By,
    };
    Item {
        deadlines: vec![deadline],
        ..item
    }
}

fn often(item: Item, text: &str) -> Item {
    let deadline = Deadline {
        text: text.to_owned(),
        date: None,
        kind: DeadlineKind::Recurring,
    };
    Item {
        deadlines: vec![deadline],
        ..item
    }
}

fn counted(item: Item, text: &str, value: i64) -> Item {
    let quantity = Quantity {
        text: text.to_owned(),
        value,
        max: None,
        unit: "次".to_owned(),
    };
    Item {
        quantities: vec![quantity],
        ..item
    }
}

fn with(item: Item, organs: &[(&str, Duty)]) -> Item {
    Item {
        organs: organs
            .iter()
            .map(|(name, duty)| ((*name).to_owned(), *duty))
            .collect(),
        ..item
    }
}

fn matched(old: &[Item], new: &[Item]) -> Matching {
    match_items(
        Side {
            year: 2025,
            items: old,
        },
        Side {
            year: 2026,
            items: new,
        },
    )
    .unwrap()
}

fn pairs(matching: &Matching) -> Vec<(usize, usize)> {
    matching
        .links
        .iter()
        .map(|link| (link.old, link.new))
        .collect()
}

fn reasons(old: &Item, new: &Item) -> (Vec<String>, Cover) {
    let comparison = compare((old, 2025), (new, 2026));
    let reasons = comparison.reasons.iter().map(ToString::to_string).collect();
    (reasons, comparison.cover())
}

#[test]
fn a_year_later_the_same_task_is_the_same() {
    let old = by(
        item("2025年6月底前，统一规章文本格式。"),
        "2025年6月底前",
        "2025-06-30",
    );
    let new = by(
        item("2026年6月底前,统一规章文本格式"),
        "2026年6月底前",
        "2026-06-30",
    );
    let comparison = compare((&old, 2025), (&new, 2026));
    assert_eq!(
        (comparison.words, comparison.turn()),
        (Words::Same, Turn::Same)
    );
    assert_eq!(comparison.reasons, Vec::<Reason>::new());
    let matching = matched(&[old], &[new]);
    assert_eq!(pairs(&matching), [(0, 0)]);
    assert_eq!(matching.links[0].certainty, Certainty::Sure);
}

#[test]
fn a_limit_that_goes_or_comes_is_told() {
    let (with, without) = (item("预算批准后20日内公开。"), item("预算批准后公开。"));
    let (gone, cover) = reasons(&with, &without);
    assert!(
        gone.contains(&"不再规定期限：原20日内".to_owned()),
        "{gone:?}"
    );
    assert_eq!(cover, Cover::Loosened);
    let (came, _) = reasons(&without, &with);
    assert!(came.contains(&"新规定期限：20日内".to_owned()), "{came:?}");
}

#[test]
fn one_task_that_became_two_has_both() {
    let old = items(&[
        "落实信息发布主体责任，严格执行保密审查制度。各级网站严格执行三审三校、先审后发机制，严把政治关文字关。",
        "每年组织两次业务培训。",
    ]);
    let new = items(&[
        "落实信息发布主体责任，严格执行保密审查制度。",
        "各级网站严格执行三审三校、先审后发机制，严把政治关文字关。",
        "建立村务公开栏巡查制度。",
    ]);
    let matching = matched(&old, &new);
    assert_eq!(pairs(&matching), [(0, 0), (0, 1)]);
    assert_eq!((matching.old_alone, matching.new_alone), (vec![1], vec![2]));
    let back = matched(&new, &old);
    assert_eq!(pairs(&back), [(0, 0), (1, 0)]);
}

#[test]
fn equal_tasks_pair_in_order_and_not_crosswise() {
    let old = items(&["公布规章清单", "公布规章清单", "举办开放日"]);
    let new = items(&["举办开放日", "公布规章清单", "公布规章清单"]);
    assert_eq!(pairs(&matched(&old, &new)), [(0, 1), (1, 2), (2, 0)]);
}

#[test]
fn dates_are_compared_by_how_they_lie_to_the_year() {
    let old = by(item("修订目录"), "10月底前", "2025-10-31");
    let cases = [
        (
            "9月底前",
            "2026-09-30",
            "期限提前：10月底前 → 9月底前",
            Cover::Tightened,
        ),
        (
            "年底前",
            "2026-12-31",
            "期限推后：10月底前 → 年底前",
            Cover::Loosened,
        ),
        (
            "次年1月底前",
            "2027-01-31",
            "期限推后：10月底前 → 次年1月底前",
            Cover::Loosened,
        ),
    ];
    for (text, date, said, cover) in cases {
        let new = by(item("修订目录"), text, date);
        assert_eq!(reasons(&old, &new), (vec![said.to_owned()], cover));
    }
    assert_eq!(
        reasons(&old, &item("修订目录")),
        (vec!["不再规定期限：原10月底前".to_owned()], Cover::Loosened)
    );
    assert_eq!(
        reasons(&item("修订目录"), &old),
        (vec!["新规定期限：10月底前".to_owned()], Cover::Tightened)
    );
}

#[test]
fn frequencies_limits_and_counts_are_compared_as_figures() {
    let (old, new) = (
        often(item("公布抽检结果"), "每季度"),
        often(item("公布抽检结果"), "每月"),
    );
    assert_eq!(
        reasons(&old, &new),
        (vec!["频次提高：每季度 → 每月".to_owned()], Cover::Tightened)
    );
    assert_eq!(reasons(&new, &old).1, Cover::Loosened);
    let (old, new) = (item("留言10个工作日内回应"), item("留言5个工作日内回应"));
    let (said, cover) = reasons(&old, &new);
    assert_eq!(
        (said[0].as_str(), cover),
        ("时限缩短：10个工作日内 → 5个工作日内", Cover::Tightened)
    );
    assert_eq!(reasons(&new, &old).1, Cover::Loosened);
    let (old, new) = (
        counted(item("组织培训"), "不少于2次", 2),
        counted(item("组织培训"), "不少于1次", 1),
    );
    assert_eq!(
        reasons(&old, &new),
        (
            vec!["数量降低：不少于2次 → 不少于1次".to_owned()],
            Cover::Loosened
        )
    );
    assert_eq!(reasons(&new, &old).1, Cover::Tightened);
    assert_eq!(reasons(&old, &item("组织培训")).1, Cover::Loosened);
    let (old, new) = (
        counted(item("出错"), "不超过2次", 2),
        counted(item("出错"), "不超过1次", 1),
    );
    assert_eq!(reasons(&old, &new).1, Cover::Tightened);
}

#[test]
fn what_loosens_decides_over_what_tightens() {
    let old = counted(
        by(item("组织培训"), "6月底前", "2025-06-30"),
        "不少于1次",
        1,
    );
    let new = counted(
        by(item("组织培训"), "9月底前", "2026-09-30"),
        "不少于2次",
        2,
    );
    let (said, cover) = reasons(&old, &new);
    assert_eq!((said.len(), cover), (2, Cover::Loosened));
}

#[test]
fn organs_are_compared_as_sets() {
    let old = with(
        item("公布清单"),
        &[("市司法局", Duty::Lead), ("市财政局", Duty::Cooperate)],
    );
    let new = with(
        item("公布清单"),
        &[("市司法局", Duty::Cooperate), ("市民政局", Duty::Lead)],
    );
    let (said, cover) = reasons(&old, &new);
    assert_eq!(
        said,
        [
            "增加单位：市民政局",
            "减少单位：市财政局",
            "牵头单位：市司法局 → 市民政局"
        ]
    );
    assert_eq!(
        cover,
        Cover::TakenOver,
        "who does it says nothing about how much is asked"
    );
}

#[test]
fn the_same_office_of_another_level_is_no_change() {
    let upper = with(
        item("公布清单"),
        &[
            ("安澜市司法局", Duty::Lead),
            ("市财政局", Duty::Cooperate),
            ("市城市管理局", Duty::Cooperate),
        ],
    );
    let lower = with(
        item("公布清单"),
        &[
            ("云岭县司法局", Duty::Lead),
            ("云岭县城市管理局", Duty::Cooperate),
            ("云岭县市场监督管理局", Duty::Cooperate),
        ],
    );
    assert_eq!(
        reasons(&upper, &lower).0,
        ["增加单位：云岭县市场监督管理局", "减少单位：市财政局"]
    );
    let market = |name: &str| with(item("公布清单"), &[(name, Duty::Lead)]);
    let same = reasons(&market("安澜市市场监督管理局"), &market("市场监督管理局")).0;
    assert!(same.is_empty(), "{same:?}");
    for (old, new) in [
        ("云岭县司法局", "东江县司法局"),
        ("云岭县人民政府", "东江县人民政府"),
        ("高新区管委会", "经开区管委会"),
    ] {
        assert_eq!(
            reasons(&market(old), &market(new)).0,
            [
                format!("增加单位：{new}"),
                format!("减少单位：{old}"),
                format!("牵头单位：{old} → {new}")
            ]
        );
    }
}

#[test]
fn another_text_with_a_few_words_in_common_is_neither_wider_nor_stricter() {
    let old = item("梳理公布政务服务事项目录，编制办事指南，规范窗口服务用语和行为。");
    let new = counted(
        item(
            "编制办事指南，围绕企业开办、不动产登记、医保社保和公积金等领域，每季度开展3次主题宣传活动，邀请企业和群众代表参加并公开结果。",
        ),
        "3次",
        3,
    );
    let comparison = compare((&old, 2025), (&new, 2026));
    assert_eq!(
        comparison.turn(),
        Turn::Reworded,
        "{:?}",
        comparison.reasons
    );
    assert_ne!(comparison.cover(), Cover::Tightened);
}

#[test]
fn words_that_go_narrow_and_words_that_come_widen() {
    let long =
        item("公开救助标准、救助对象名单、临时救助结果，每季度核对并更新一次，注意保护个人隐私。");
    let short = item("公开救助标准、救助对象名单。");
    let turn = |old: &Item, new: &Item| compare((old, 2025), (new, 2026)).turn();
    assert_eq!(turn(&long, &short), Turn::Narrowed);
    assert_eq!(turn(&short, &long), Turn::Widened);
    let other = item("公开救助标准、救助人员名单。");
    assert_eq!(turn(&short, &other), Turn::Reworded);
    assert_eq!(
        compare((&long, 2025), (&short, 2026)).cover(),
        Cover::Loosened,
        "over half is gone"
    );
}

#[test]
fn nothing_matches_nothing_and_too_much_is_refused() {
    assert_eq!(matched(&[], &[]), Matching::default());
    let blank = items(&["", "。", "一"]);
    let matching = matched(&blank, &items(&["", "公布清单"]));
    assert_eq!(
        (matching.links, matching.old_alone.len()),
        (Vec::<Link>::new(), 3)
    );
    let many = vec![Item::default(); ITEMS_MAX];
    assert!(
        match_items(
            Side {
                year: 2025,
                items: &many
            },
            Side {
                year: 2026,
                items: &[]
            }
        )
        .is_ok()
    );
    let many = vec![Item::default(); ITEMS_MAX + 1];
    assert!(
        match_items(
            Side {
                year: 2025,
                items: &many
            },
            Side {
                year: 2026,
                items: &[]
            }
        )
        .is_err()
    );
    assert!(
        match_items(
            Side {
                year: 2025,
                items: &[]
            },
            Side {
                year: 2026,
                items: &many
            }
        )
        .is_err()
    );
    let huge = "公".repeat(TEXT_CHARS_MAX) + "尾";
    assert_eq!(normal(&huge, 2026).chars().count(), TEXT_CHARS_MAX);
}

#[test]
fn codes_come_back() {
    for &it in Turn::ALL {
        assert_eq!(Turn::from_code(it.code()), Some(it));
    }
    for &it in Cover::ALL {
        assert_eq!(Cover::from_code(it.code()), Some(it));
    }
    for &it in Certainty::ALL {
        assert_eq!(Certainty::from_code(it.code()), Some(it));
    }
    assert_eq!(
        (
            Turn::from_code("x"),
            Cover::from_code("x"),
            Certainty::from_code("x")
        ),
        (None, None, None)
    );
}

fn task() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::sample::select(vec![
            "公布规章清单",
            "修订公开目录",
            "举办开放日",
            "答复网民留言",
            "年底前完成",
            "每季度通报",
            "2026年",
            "，",
            "村（社区）",
            "不少于3次",
        ]),
        0..6,
    )
    .prop_map(|parts| parts.concat())
}

/// What is linked, by texts, so that places do not matter.
fn by_text(matching: &Matching, old: &[Item], new: &[Item]) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for link in &matching.links {
        let pair = (old[link.old].text.clone(), new[link.new].text.clone());
        *found.entry(pair).or_insert(0) += 1;
    }
    found
}

proptest! {
    #[test]
    fn every_task_is_linked_or_alone(old in proptest::collection::vec(task(), 0..12), new in proptest::collection::vec(task(), 0..12)) {
        let (old, new): (Vec<Item>, Vec<Item>) = (old.iter().map(|t| item(t)).collect(), new.iter().map(|t| item(t)).collect());
        let matching = matched(&old, &new);
        let mut seen: Vec<usize> = matching.links.iter().map(|link| link.old).chain(matching.old_alone.clone()).collect();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen, (0..old.len()).collect::<Vec<_>>());
        let mut seen: Vec<usize> = matching.links.iter().map(|link| link.new).chain(matching.new_alone.clone()).collect();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen, (0..new.len()).collect::<Vec<_>>());
        for link in &matching.links {
            prop_assert!((0.0..=1.0).contains(&link.likeness));
            prop_assert!(!matching.old_alone.contains(&link.old) && !matching.new_alone.contains(&link.new));
        }
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(old in proptest::collection::btree_set(task(), 0..10), new in proptest::collection::btree_set(task(), 0..10), seed in 0_usize..100) {
        let (old, new): (Vec<Item>, Vec<Item>) = (old.iter().map(|t| item(t)).collect(), new.iter().map(|t| item(t)).collect());
        let turned = |list: &[Item]| {
            let mut list = list.to_vec();
            if !list.is_empty() {
                let by = seed % list.len();
                list.rotate_left(by);
            }
            list.reverse();
            list
        };
        let (old_turned, new_turned) = (turned(&old), turned(&new));
        prop_assert_eq!(
            by_text(&matched(&old, &new), &old, &new),
            by_text(&matched(&old_turned, &new_turned), &old_turned, &new_turned)
        );
    }

    #[test]
    fn same_is_the_same_both_ways(old in task(), new in task()) {
        let (old, new) = (item(&old), item(&new));
        let same = |a: &Item, b: &Item| compare((a, 2026), (b, 2026)).turn() == Turn::Same;
        prop_assert_eq!(same(&old, &new), same(&new, &old));
        prop_assert!(same(&old, &old));
    }

    #[test]
    fn a_plan_against_itself_is_all_same_and_sure(texts in proptest::collection::btree_set("[甲乙丙丁戊己庚辛壬癸]{4,20}", 1..12)) {
        let list: Vec<Item> = texts.iter().map(|text| item(text)).collect();
        let matching = match_items(Side { year: 2026, items: &list }, Side { year: 2026, items: &list }).unwrap();
        for nth in 0..list.len() {
            let own = matching.links.iter().find(|link| (link.old, link.new) == (nth, nth));
            prop_assert_eq!(own.map(|link| link.certainty), Some(Certainty::Sure));
        }
    }

    #[test]
    fn any_text_is_compared(old in "\\PC{0,80}", new in "\\PC{0,80}") {
        let (old, new) = (item(&old), item(&new));
        let both = (std::slice::from_ref(&old), std::slice::from_ref(&new));
        let _ = matched(both.0, both.1);
        let comparison = compare((&old, 2025), (&new, 2026));
        prop_assert!(Turn::ALL.contains(&comparison.turn()) && Cover::ALL.contains(&comparison.cover()));
    }
}
