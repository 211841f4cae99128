use gongkai_basis::id::OrganId;
use gongkai_platform::organ::profile::Words;
use gongkai_platform::organ::{Alias, AliasKind, Kind, Level, Organ, Status};
use uuid::Uuid;

use super::*;

fn organ(aliases: &[&str]) -> Organ {
    let id = OrganId::new(Uuid::from_u128(0xABCD_EF01_2345));
    Organ {
        id,
        parent: None,
        path: format!("/{id}/"),
        name: "安澜市财政局".to_owned(),
        short_name: None,
        level: Level::City,
        kind: Kind::Department,
        status: Status::Active,
        successor: None,
        position: 0,
        version: 1,
        aliases: aliases
            .iter()
            .map(|text| Alias {
                text: (*text).to_owned(),
                kind: AliasKind::Alias,
            })
            .collect(),
    }
}

fn number(scheme: &str, codes: &Codes) -> String {
    let scheme = Scheme::read(scheme).unwrap();
    scheme.number(codes, "2026-03-09".parse().unwrap(), 50)
}

#[test]
fn each_known_rule_gives_the_number_of_its_place() {
    let words = Words {
        credit_code: "11441700007280420Y".to_owned(),
        house_code: "012".to_owned(),
        ..Words::default()
    };
    let codes = Codes::of(&organ(&[]), &words);
    let given: Vec<String> = KNOWN.iter().map(|(_, rule)| number(rule, &codes)).collect();
    assert_eq!(
        given,
        [
            "11441700007280420Y/2026-00050",
            "11441700007280420Y/2026-0000050",
            "11441700007280420Y/202603-00050",
            "007280420/2026-00050",
            "440000-012-20260309-00050",
        ]
    );
    assert_eq!(Scheme::read(USUAL).unwrap(), Scheme::default());
    let long = Scheme::default().number(&codes, "2026-03-09".parse().unwrap(), 123_456);
    assert_eq!(long, "11441700007280420Y/2026-123456");
}

#[test]
fn without_a_code_a_number_begins_with_one_made_of_the_id() {
    let bare = Codes::of(&organ(&[]), &Words::default());
    assert_eq!(number(USUAL, &bare), "543210FED/2026-00050");
    assert!(!Scheme::default().is_served(&bare));
    let old = Codes::of(&organ(&["007280420"]), &Words::default());
    assert_eq!(number(USUAL, &old), "007280420/2026-00050");
    let named = Codes::of(&organ(&["市财", "11441700007280420Y"]), &Words::default());
    assert_eq!(number(USUAL, &named), "11441700007280420Y/2026-00050");
    assert!(Scheme::default().is_served(&named));
}

#[test]
fn a_rule_that_would_give_a_number_twice_is_none() {
    for (rule, faults) in [
        ("", 3),
        ("{信用代码}/{年}", 1),
        ("{信用代码}-{流水号5}", 1),
        ("{年}-{流水号5}", 1),
        ("{信用代码}{年}{流水号5}{流水号4}", 1),
        ("{信用代码}{年}{流水号9}", 2),
        ("{信用代码}{年}{流水号5", 2),
        ("{信用代码} {年}{流水号5}", 1),
        ("{信用代码}}{年}{流水号5}", 1),
        ("{title}{信用代码}{年}{流水号5}", 1),
    ] {
        let told = Scheme::read(rule).unwrap_err();
        assert_eq!(told.len(), faults, "{rule}: {told:?}");
    }
    let long = format!("{}{USUAL}", "长".repeat(SCHEME_CHARS_MAX));
    assert_eq!(Scheme::read(&long).unwrap_err().len(), 1);
}
