use super::Source;

fn read(text: &str) -> Source {
    Source::read("crates/plans/src/plan.rs", text)
}

fn strings(text: &str) -> Vec<(usize, String)> {
    read(text)
        .strings
        .into_iter()
        .map(|piece| (piece.line, piece.text))
        .collect()
}

fn own(pieces: &[(usize, &str)]) -> Vec<(usize, String)> {
    pieces
        .iter()
        .map(|(line, text)| (*line, (*text).to_owned()))
        .collect()
}

#[test]
fn finds_every_kind_of_string() {
    let text = "let a = \"one\";\nlet b = r#\"two \"quoted\"\"#;\nlet c = b\"three\";\nlet d = \"fo\\\"ur\";\nlet e = br\"five\";";
    assert_eq!(
        strings(text),
        own(&[
            (1, "one"),
            (2, "two \"quoted\""),
            (3, "three"),
            (4, "fo\\\"ur"),
            (5, "five")
        ])
    );
}

#[test]
fn ticks_do_not_confuse() {
    let text = "fn a<'x>(c: char) -> &'x str { match c { '\"' => \"q\", '\\'' => \"t\", '\\u{4e00}' => \"u\", '中' => \"z\", _ => \"n\" } }";
    assert_eq!(
        strings(text),
        own(&[(1, "q"), (1, "t"), (1, "u"), (1, "z"), (1, "n")])
    );
}

#[test]
fn comments_are_no_code_and_no_strings() {
    let source = read(
        "// says \"hello\"\n/* nested /* \"deep\" */ still */ let a = 1;\n/// `todo`\nfn b() {}",
    );
    assert!(source.strings.is_empty());
    assert_eq!(source.comments.len(), 3);
    assert_eq!(
        source.words().map(|(_, word)| word).collect::<Vec<_>>(),
        ["let", "a", "1", "fn", "b"]
    );
}

#[test]
fn an_identifier_that_ends_in_r_is_no_prefix() {
    assert_eq!(
        strings("let x = concat!(\"a\", for_r, \"b\");"),
        own(&[(1, "a"), (1, "b")])
    );
}

#[test]
fn functions_know_their_length() {
    let source = read(
        "fn one() { 1 }\n\nimpl A {\n    pub fn two(\n        &self,\n    ) -> [u8; 2] {\n        if x { y }\n    }\n    fn three(&self);\n}\ntype F = fn (u8);\n",
    );
    let lengths: Vec<_> = source
        .functions()
        .into_iter()
        .map(|f| (f.name.clone(), f.length()))
        .collect();
    assert_eq!(lengths, [("one".to_owned(), 1), ("two".to_owned(), 5)]);
}

#[test]
fn test_regions_are_known_and_not_counted() {
    let source = read("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
    assert!(!source.is_test(1));
    assert!(source.is_test(4));
    assert!(!source.is_test(6));
    assert_eq!(source.length(), 2);
    assert!(!read("#[cfg(test)]\nmod tests;\nfn a() {}\n").is_test(3));
}

#[test]
fn test_files_are_test_all_through() {
    assert!(Source::read("crates/plans/src/plan/tests.rs", "fn a() {}").is_test(1));
    assert!(Source::read("crates/journeys/src/world.rs", "fn a() {}").is_test(1));
}
