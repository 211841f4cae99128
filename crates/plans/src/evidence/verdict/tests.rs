use gongkai_basis::id::{AssignmentId, EvidenceId, FileId};
use gongkai_basis::reference::{Ref, Verdict};
use gongkai_platform::seam::Better;
use gongkai_platform::testing::uuid;

use super::{Seen, Text, fold, judge};
use crate::evidence::{Accepted, Evidence, FigureOf, Occasion, OccasionKind, Proof, StatedFigure};

fn evidence(proof: Proof, quote: &str, seal: Option<&str>) -> Evidence {
    Evidence {
        id: EvidenceId::new(uuid()),
        assignment: AssignmentId::new(uuid()),
        proof,
        title: "规章库".to_owned(),
        proves: "已公开".to_owned(),
        quote: quote.to_owned(),
        dated_on: None,
        seal: seal.map(str::to_owned),
        checked: None,
        decayed: false,
        accepted: None,
        withdrawn: None,
        created_at: 0,
    }
}

fn link(quote: &str, seal: Option<&str>) -> Evidence {
    evidence(
        Proof::Link("https://www.anlan.example/1".parse().unwrap()),
        quote,
        seal,
    )
}

fn figure(value: &str) -> Evidence {
    let figure = StatedFigure {
        value: value.parse().unwrap(),
        unit: "件".to_owned(),
        from: "规章库".to_owned(),
        key: Some("tasks.all".to_owned()),
        of: FigureOf::Government,
    };
    evidence(Proof::Figure(figure), "", None)
}

fn page(text: &str) -> Seen {
    Seen::Page(Text {
        folded: fold(text),
        seal: text.to_owned(),
    })
}

fn code(evidence: &Evidence, seen: &Seen) -> &'static str {
    judge(evidence, seen).verdict.code()
}

#[test]
fn a_file_is_what_it_was() {
    let file = evidence(Proof::File(FileId::new(uuid())), "", Some("aa"));
    for (seen, wanted) in [
        (Seen::File("aa".to_owned()), "holds"),
        (Seen::File("ab".to_owned()), "changed"),
        (Seen::FileMissing, "gone"),
        (Seen::FileUnreadable, "cannot_tell"),
    ] {
        assert_eq!(code(&file, &seen), wanted, "{seen:?}");
    }
    let unsealed = evidence(Proof::File(FileId::new(uuid())), "", None);
    assert_eq!(code(&unsealed, &Seen::File("aa".to_owned())), "cannot_tell");
}

#[test]
fn a_page_is_gone_only_when_its_site_says_so() {
    let link = link("", None);
    for (status, wanted) in [
        (404, "gone"),
        (410, "gone"),
        (300, "cannot_tell"),
        (400, "cannot_tell"),
        (401, "cannot_tell"),
        (403, "cannot_tell"),
        (429, "cannot_tell"),
        (500, "cannot_tell"),
        (503, "cannot_tell"),
    ] {
        assert_eq!(code(&link, &Seen::Status(status)), wanted, "{status}");
    }
    for seen in [
        Seen::NoPage("没有列入配置。".to_owned()),
        Seen::PageUnreadable,
        page(" \n"),
    ] {
        assert_eq!(code(&link, &seen), "cannot_tell", "{seen:?}");
    }
}

#[test]
fn a_quoted_sentence_decides_and_without_one_the_whole_text() {
    let quoting = link("现行有效规章“12件”，已全部公开。", Some("old"));
    for (text, wanted) in [
        (
            "今日要闻\n现行有效规章\u{3000}「１２件」 ，\n已全部公开。\n访问量 9",
            "holds",
        ),
        ("现行有效规章“13件”，已全部公开。", "changed"),
        ("现行有效规章12件已公开", "changed"),
    ] {
        assert_eq!(code(&quoting, &page(text)), wanted, "{text}");
    }
    let why = judge(&quoting, &page("别的")).verdict;
    assert_eq!(
        why.sentence(),
        "页面上已找不到摘引的原句“现行有效规章“12件”，已全部公开。”。"
    );
    assert_eq!(code(&link("", None), &page("一")), "holds");
    assert_eq!(code(&link("", Some("一")), &page("一")), "holds");
    assert_eq!(code(&link("", Some("一")), &page("二")), "changed");
    assert_eq!(
        judge(&link("", None), &page("一")).seal.as_deref(),
        Some("一")
    );
}

#[test]
fn a_figure_is_compared_with_the_live_one() {
    use Better::{Fewer, More};
    for (stated, now, better, wanted) in [
        ("12", 12, More, "holds"),
        // What was published since proves the twelve all the more.
        ("12", 13, More, "holds"),
        ("12", 11, More, "changed"),
        ("12.5", 12, More, "changed"),
        ("0", 0, Fewer, "holds"),
        ("3", 2, Fewer, "holds"),
        ("3", 4, Fewer, "changed"),
    ] {
        assert_eq!(
            code(&figure(stated), &Seen::Figure(now, better)),
            wanted,
            "{stated} {now} {better:?}"
        );
    }
    let why = judge(&figure("12"), &Seen::Figure(11, More)).verdict;
    assert_eq!(
        why.sentence(),
        "登记的数字是12，系统现在本级政府的数字是11。"
    );
    for seen in [Seen::FigureUnbound, Seen::FigureUnknown] {
        assert_eq!(code(&figure("12"), &seen), "cannot_tell");
    }
    assert_eq!(code(&link("", None), &Seen::Figure(1, More)), "cannot_tell");
}

#[test]
fn events_cannot_be_told_and_records_are_judged_by_their_source() {
    let occasion = Occasion {
        kind: OccasionKind::Hearing,
        attendance: Some(30),
    };
    assert_eq!(
        code(&evidence(Proof::Event(occasion), "", None), &Seen::Event),
        "cannot_tell"
    );
    let of = Ref {
        kind: "meeting".to_owned(),
        id: "1".to_owned(),
    };
    let record = evidence(Proof::Record(of), "", None);
    for verdict in [
        Verdict::Holds,
        Verdict::Changed("改了。".to_owned()),
        Verdict::Gone("没了。".to_owned()),
        Verdict::CannotTell("不知道。".to_owned()),
    ] {
        assert_eq!(
            judge(&record, &Seen::Record(verdict.clone())).verdict,
            verdict
        );
    }
}

#[test]
fn only_changed_and_gone_decay_and_doubt_changes_nothing() {
    let why = || "原因。".to_owned();
    let mut item = link("", None);
    for (verdict, fresh, decayed) in [
        (Verdict::Holds, false, false),
        (Verdict::Changed(why()), true, true),
        (Verdict::Gone(why()), true, true),
        (Verdict::CannotTell(why()), false, true),
    ] {
        item.decayed = false;
        assert_eq!(item.decays(&verdict, None), fresh, "{verdict:?}");
        item.decayed = true;
        assert_eq!(item.decays(&verdict, None), decayed, "{verdict:?}");
    }
    // The office accepted one change; another one is another matter.
    item.accepted = Some(Accepted {
        verdict: "changed".to_owned(),
        seal: Some("new".to_owned()),
        why: why(),
        by: "文书".to_owned(),
        at: 0,
    });
    assert!(!item.decays(&Verdict::Changed(why()), Some("new")));
    assert!(item.decays(&Verdict::Changed(why()), Some("newer")));
    assert!(item.decays(&Verdict::Gone(why()), Some("new")));
}

#[test]
fn folding_forgets_layout_and_keeps_words_and_numbers() {
    assert_eq!(fold("公 开\u{200B}\t１２，Ａb\n"), "公开12,ab");
    assert_ne!(fold("12件"), fold("13件"));
    assert_eq!(fold("“引”"), fold("\"引\""));
    // A browser copies what is raised as plain text.
    assert_eq!(fold("不少于10³件^(注1)"), fold("不少于103件注1"));
}
