//! Whoever waits for a reading is told how far it is.

use super::*;

#[test]
fn a_reading_tells_its_steps_in_order_up_to_the_last() {
    let text = "2026年政务公开工作要点任务分工表\n一、公开重点领域信息\n1.公开招生方案。（责任单位：市教育局）\n2.公开征地信息。（责任单位：市自然资源局）\n3.公开预算决算。（责任单位：市财政局）\n";
    let document = document(text);
    let mut told = Vec::new();
    let plan = read_telling(&document, &mut |done, of| told.push((done, of)));
    assert_eq!(plan.tasks.len(), read(&document).tasks.len());
    assert!(told.is_sorted(), "{told:?}");
    let (first, last) = (told[0], told[told.len() - 1]);
    assert_eq!((first.0, last.0), (0, last.1), "{told:?}");
    let between = told.iter().filter(|(done, of)| 0 < *done && done < of);
    assert!(between.count() > 2, "{told:?}");
}

#[test]
fn what_holds_nothing_is_over_at_once() {
    let mut told = Vec::new();
    read_telling(&document(""), &mut |done, of| told.push((done, of)));
    assert_eq!(told.last(), Some(&(0, 0)));
}

#[test]
fn what_is_too_large_for_a_plan_is_not_read_and_says_so() {
    let line = "1.公开预算。（责任单位：市财政局）\n";
    let long = line.repeat(10_001);
    let wide = format!(
        "1.公开预算。（责任单位：{}）\n",
        "市财政局、".repeat(400_000)
    );
    for text in [long, wide] {
        let mut told = Vec::new();
        let plan = read_telling(&document(&text), &mut |done, of| told.push((done, of)));
        assert!(!plan.is_plan && plan.tasks.is_empty());
        assert_eq!(codes(&plan), ["too-large"]);
        assert_eq!((plan.coverage.dropped, told), (0, vec![(1, 1)]));
    }
    let plan = read(&document(&line.repeat(300)));
    assert_eq!(plan.tasks.len(), 300);
}
