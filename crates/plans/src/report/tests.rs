use super::{Content, Outcome, TEXT_CHARS_MAX};

fn content(outcome: Outcome, done: &str, pending: &str, why: &str) -> Content {
    Content {
        outcome,
        done_text: done.to_owned(),
        pending_text: pending.to_owned(),
        planned_on: None,
        no_evidence_why: why.to_owned(),
    }
}

fn fields(content: &Content, evidence: i64) -> Vec<&'static str> {
    content
        .refusals(evidence)
        .iter()
        .map(|refusal| refusal.field)
        .collect()
}

#[test]
fn done_needs_words_and_proof_or_a_reason() {
    use Outcome::{Done, InProgress};
    let nothing: [&str; 0] = [];
    assert_eq!(
        fields(&content(Done, "", "", ""), 0),
        ["done_text", "no_evidence_why"]
    );
    assert_eq!(
        fields(&content(Done, "已公开", "", ""), 0),
        ["no_evidence_why"]
    );
    assert_eq!(fields(&content(Done, "已公开", "", ""), 1), nothing);
    assert_eq!(
        fields(&content(Done, "已公开", "", "会议口头布置，无书面材料"), 0),
        nothing
    );
    assert_eq!(
        fields(&content(Done, "已公开", "还要补", ""), 1),
        ["pending_text"]
    );
    assert_eq!(fields(&content(InProgress, "", "", ""), 3), ["done_text"]);
    assert_eq!(
        fields(&content(InProgress, "", "十月前完成", ""), 0),
        nothing
    );
}

#[test]
fn texts_have_a_limit() {
    let at = "字".repeat(TEXT_CHARS_MAX);
    let past = "字".repeat(TEXT_CHARS_MAX + 1);
    assert!(fields(&content(Outcome::InProgress, &at, "", ""), 0).is_empty());
    assert_eq!(
        fields(&content(Outcome::InProgress, &past, "", ""), 0),
        ["done_text"]
    );
}
