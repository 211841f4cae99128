//! What goes out as a file or a page reads back, with its faults.

use super::*;

#[tokio::test]
async fn published_pages_and_files_read_back_with_equal_cells() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let city = world
            .app
            .db
            .read(async |tx: &mut Tx| gongkai_platform::organ::store::roots(tx).await)
            .await
            .unwrap()[0]
            .id;
        let organ = city.to_string();
        let wanted = crate::sample::city();
        let bytes = export::sheet(&annual(&wanted), None).docx().unwrap();
        let fields = [
            ("organ", organ.as_str()),
            ("year", "2025"),
            ("brought", "published"),
        ];
        let file = ("file", "年报.docx", bytes.as_slice());
        let path = clerk
            .upload(&format!("{LIST}/import"), &fields, file)
            .await
            .redirected();
        assert!(clerk.get(&path).await.page().contains("核对通过"));
        // A second one is refused, and the wrong year.
        says(
            &clerk.upload(&format!("{LIST}/import"), &fields, file).await,
            422,
            "已经有了",
        );
        let address = format!("/reports/{organ}/2025");
        let mut answers = vec![world.public(&address).await];
        for format in ["docx", "xlsx"] {
            answers.push(world.public(&format!("{address}/{format}")).await);
        }
        for answer in answers {
            assert_eq!(answer.status, 200, "{}", answer.text());
            let document = gongkai_office::read(&answer.bytes, &Limits::default()).unwrap();
            let found = read::read(&document);
            assert_eq!((found.year, found.sections.len()), (Some(2025), 6));
            for cell in Cell::all() {
                assert_eq!(found.amount(cell), wanted.amount(cell), "{cell}");
            }
            assert_eq!(check(&found, Beside::default()), vec![]);
        }
        let json: serde_json::Value =
            serde_json::from_slice(&world.public(&format!("{address}/json")).await.bytes).unwrap();
        assert_eq!(json["cells"]["3.new.total"], "14069");
        assert_eq!(world.public(&format!("{address}/exe")).await.status, 404);
    }
}

/// A report as if it stood in the store.
fn annual(report: &crate::model::Report) -> Annual {
    Annual {
        id: AnnualId::new(testing::uuid()),
        unit: crate::annual::Unit {
            id: OrganId::new(testing::uuid()),
            name: "安澜市".to_owned(),
            path: String::new(),
            kind: gongkai_platform::organ::Kind::Government,
            level: gongkai_platform::organ::Level::City,
        },
        year: report.year.unwrap(),
        state: crate::state::State::Draft,
        draft: Draft::imported(report, "年报.docx"),
        returned_why: String::new(),
        published_at: None,
        written_by: String::new(),
        version: 1,
    }
}

#[test]
fn a_file_keeps_a_fault_for_the_checker_to_find() {
    let mut report = city();
    crate::sample::set(&mut report, Cell::Three(4, 0), 14);
    for bytes in [
        export::sheet(&annual(&report), None).docx().unwrap(),
        export::sheet(&annual(&report), None).xlsx().unwrap(),
    ] {
        let document = gongkai_office::read(&bytes, &Limits::default()).unwrap();
        let findings = check(&read::read(&document), Beside::default());
        assert_eq!(findings.len(), 2, "{findings:?}");
        let named = Some((Cell::Three(4, 0), "13".to_owned()));
        assert!(
            findings.iter().all(|finding| finding.suspect == named),
            "{findings:?}"
        );
    }
}
