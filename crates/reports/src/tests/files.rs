//! What goes out as a file or a page reads back, with its faults.

use gongkai_platform::attachment::New;
use gongkai_platform::seam::{Check, Cleaned, Readable, Spotted};
use gongkai_platform::web::{FormErrors, Problem};

use super::*;
use crate::annual::store;

/// What every file is after [`Cleaner`].
const CLEANED: &[u8] = b"without what it hid";

/// Has nothing to say of texts, and leaves of each file these bytes.
struct Cleaner;

#[async_trait]
impl Check for Cleaner {
    async fn texts(
        &self,
        _: &mut Tx,
        _: OrganId,
        texts: &[String],
    ) -> Result<Vec<Vec<Spotted>>, StoreError> {
        Ok(texts.iter().map(|_| Vec::new()).collect())
    }

    async fn files(
        &self,
        _: &mut Tx,
        _: OrganId,
        files: &[(String, String)],
    ) -> Result<Vec<Option<Vec<Spotted>>>, StoreError> {
        Ok(files.iter().map(|_| None).collect())
    }

    async fn read(&self, _: &App, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn clean(
        &self,
        app: &App,
        files: Vec<New>,
        _: &mut FormErrors,
    ) -> Result<Cleaned, Problem> {
        let cleaned = |file: New| match file {
            New::File {
                name, media_type, ..
            } => New::File {
                sha256: app.files.put(CLEANED).unwrap(),
                name,
                media_type,
                bytes: i64::try_from(CLEANED.len()).unwrap(),
            },
            New::Link(link) => New::Link(link),
        };
        Ok(Cleaned {
            files: files.into_iter().map(cleaned).collect(),
            notes: vec!["文件里的批注已清除。".to_owned()],
        })
    }

    async fn readable(&self, _: &mut Tx, _: OrganId) -> Result<Readable, StoreError> {
        Ok(Readable {
            id_card: (3, 2),
            mobile: (3, 4),
            bank_card: (0, 4),
            name: Some(1),
        })
    }
}

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

/// A report's file, as somebody brings it.
fn brought<'f>(organ: &'f str, year: &'f str, way: &'f str) -> [(&'f str, &'f str); 3] {
    [("organ", organ), ("year", year), ("brought", way)]
}

#[tokio::test]
async fn only_who_may_publish_brings_in_what_the_public_reads_and_takes_it_down_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let organ = world.units[0].to_string();
        let bytes = export::sheet(&annual(&city()), None).docx().unwrap();
        let file = ("file", "年报.docx", bytes.as_slice());
        let import = format!("{LIST}/import");
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        let asked = liaison.get(&import).await.page();
        assert!(!asked.contains("value=\"published\""), "{asked}");
        let asked = head.get(&import).await.page();
        assert!(
            asked.contains("value=\"draft\" selected") && asked.contains("value=\"published\""),
            "{asked}"
        );
        let address = format!("/reports/{organ}/2025");
        let published = brought(&organ, "2025", "published");
        let refused = liaison.upload(&import, &published, file).await;
        says(&refused, 422, "由可以公布报告的人导入");
        // Nor for another's unit, nor for the year that is being reported on.
        let other = world.units[1].to_string();
        let others = brought(&other, "2025", "published");
        assert_eq!(head.upload(&import, &others, file).await.status, 404);
        let running = brought(&organ, "2026", "published");
        let refused = head.upload(&import, &running, file).await;
        says(&refused, 422, "不能作为已经公布过的导入");
        assert_eq!(world.public(&address).await.status, 404);
        let path = head.upload(&import, &published, file).await.redirected();
        assert_eq!(world.public(&address).await.status, 200);
        // Brought in by mistake, it is taken down with a reason.
        assert!(head.get(&path).await.page().contains("撤下报告"));
        let publish = format!("{path}/publish");
        let mut fields = [("version", "1"), ("step", "withdraw"), ("why", "")];
        says(&head.post(&publish, &fields).await, 422, "请写明原因");
        fields[2] = ("why", "选错了文件");
        head.post(&publish, &fields).await.redirected();
        assert_eq!(world.public(&address).await.status, 404);
        let page = head.get(&path).await.page();
        assert!(
            page.contains("选错了文件") && page.contains("编写中"),
            "{page}"
        );
        assert!(!page.contains("撤下报告</button>"), "{page}");
        let kinds = world.events(&path).await;
        assert_eq!(kinds, ["annual.imported", "annual.withdrawn"]);
        fields[0] = ("version", "2");
        says(&head.post(&publish, &fields).await, 422, "可以撤下");
        // The right file takes the place of the wrong one, as long as nobody wrote in it.
        let again = head.upload(&import, &published, file).await.redirected();
        assert_eq!(again, path);
        assert_eq!(world.public(&address).await.status, 200);
        says(
            &head.upload(&import, &published, file).await,
            422,
            "已经有了",
        );
    }
}

#[tokio::test]
async fn a_report_in_the_trial_form_is_its_own_file() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let organ = world.units[0].to_string();
        let mut old = city();
        old.year = Some(2020);
        let bytes = export::sheet(&annual(&old), None).docx().unwrap();
        let file = ("file", "年报.docx", bytes.as_slice());
        let mut head = world.browser(world.head).await;
        let fields = brought(&organ, "2020", "published");
        let path = head
            .upload(&format!("{LIST}/import"), &fields, file)
            .await
            .redirected();
        // The public reads the prose, and its own tables in the file that was published; none with noughts.
        let address = format!("/reports/{organ}/2020");
        let page = world.public(&address).await.page();
        let link = format!("{address}/original");
        assert!(page.contains(&link), "{page}");
        assert!(
            !page.contains("class=\"official-form\"") && !page.contains("/docx"),
            "{page}"
        );
        let original = world.public(&link).await;
        assert_eq!(
            (original.status.as_u16(), &original.bytes[..]),
            (200, &bytes[..])
        );
        for format in ["docx", "xlsx", "html", "json"] {
            let made = world.public(&format!("{address}/{format}")).await;
            says(&made, 422, "请下载当时公布的原文件");
        }
        // Staff see what the next year's carry-over is checked against, without table 二.
        let page = head.get(&path).await.page();
        assert!(page.contains("2019年的试行格式"), "{page}");
        assert!(page.contains("cells/3.carry_out.natural"), "{page}");
        assert!(!page.contains("cells/2.rules.made"), "{page}");
        // Where the file stands is known, and that everybody has it.
        let held = async |tx: &mut Tx| {
            let seams = crate::seams();
            let stored = store::of_year(tx, world.units[0], 2020).await?.unwrap();
            let file = stored.original.unwrap();
            seams.holders[0].held(tx, &[file], &[]).await
        };
        let held = world.db.read(held).await.unwrap();
        assert_eq!((held.len(), held[0].is_public), (1, true));
        // Nobody writes one anew.
        let other = world.units[1].to_string();
        let mut other_browser = world.browser(world.other).await;
        let fields = [("organ", other.as_str()), ("year", "2020")];
        let refused = other_browser.post(&format!("{LIST}/new"), &fields).await;
        says(&refused, 422, "旧格式");
    }
}

/// What the public fetches is looked at for what it hides; what stays inside is kept as it came.
#[tokio::test]
async fn the_file_of_a_report_in_the_trial_form_is_given_without_what_it_hides() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
        parts.seams = crate::seams();
        parts.seams.check = Some(Arc::new(Cleaner));
        parts.sandbox = Arc::new(Here);
        world.app = App::new(parts);
        let organ = world.units[0].to_string();
        let mut head = world.browser(world.head).await;
        for (year, number, is_cleaned) in [("2020", 2020, true), ("2025", 2025, false)] {
            let mut report = city();
            report.year = Some(number);
            let bytes = report_file(&report);
            let file = ("file", "年报.docx", bytes.as_slice());
            let fields = brought(&organ, year, "published");
            let path = head
                .upload(&format!("{LIST}/import"), &fields, file)
                .await
                .redirected();
            let page = head.get(&path).await.page();
            assert_eq!(page.contains("文件里的批注已清除"), is_cleaned, "{page}");
            let kept = format!("{path}/file/original");
            let kept = head.get(&kept).await;
            assert_eq!(kept.bytes[..] == *CLEANED, is_cleaned, "{year}");
        }
        let link = format!("/reports/{organ}/2020/original");
        assert_eq!(world.public(&link).await.bytes[..], *CLEANED);
    }
}

/// Published here before reports kept their files, or written in since: taken down, it comes in again with its file.
#[tokio::test]
async fn a_report_in_the_trial_form_without_its_file_gets_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let organ = world.units[0].to_string();
        let mut old = city();
        old.year = Some(2020);
        let bytes = report_file(&old);
        let file = ("file", "年报.docx", bytes.as_slice());
        let mut head = world.browser(world.head).await;
        let (import, fields) = (
            format!("{LIST}/import"),
            brought(&organ, "2020", "published"),
        );
        let path = head.upload(&import, &fields, file).await.redirected();
        let id = path.rsplit('/').next().unwrap().to_owned();
        world
            .db
            .write(async |tx: &mut Tx| {
                tx.run(
                    sql("UPDATE annual_report SET taken_in = 0, file_id = NULL WHERE id = $1")
                        .bind(id.clone()),
                )
                .await?;
                let subject = (crate::annual::handle::SUBJECT, id.clone());
                tx.record(Event::new(&Actor::System, "annual.saved", subject, "改写"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let address = format!("/reports/{organ}/2020");
        says(&world.public(&address).await, 200, "暂缺");
        // While the public reads it, no file takes its place.
        says(&head.upload(&import, &fields, file).await, 422, "已经有了");
        assert!(head.get(&path).await.page().contains("撤下报告"));
        let mut taken_down = [("version", "1"), ("step", "withdraw"), ("why", "补原文件")];
        let publish = format!("{path}/publish");
        head.post(&publish, &taken_down).await.redirected();
        taken_down[0] = ("version", "2");
        says(&head.post(&publish, &taken_down).await, 422, "可以撤下");
        let again = head.upload(&import, &fields, file).await.redirected();
        assert_eq!(again, path);
        let page = world.public(&address).await.page();
        assert!(page.contains(&format!("{address}/original")), "{page}");
    }
}

/// What nobody has filled in is no nought yet, and a draft says on its face that it is one.
#[tokio::test]
async fn the_file_of_a_draft_says_so_and_keeps_what_is_empty_empty() {
    let cell = Cell::from_code("2.licences").unwrap();
    let mut stored = annual(&city());
    stored.draft.cells.remove(&cell);
    assert_eq!(export::shown(&stored, cell), "—");
    let sums = crate::consolidated::sums(std::slice::from_ref(&stored));
    assert_eq!(sums.get(&cell), None, "nobody has written a nought");
    assert!(sums.contains_key(&Cell::Two(7)));
    stored.state = crate::state::State::Published;
    assert_eq!(export::shown(&stored, cell), "—");
    let json = export::json(&stored);
    assert_eq!(json["cells"]["2.licences"], "—");
    for backend in backends() {
        let world = World::on(&backend).await;
        let organ = world.units[0].to_string();
        let mut head = world.browser(world.head).await;
        for (year, way, is_draft) in [("2025", "published", false), ("2024", "draft", true)] {
            let mut report = city();
            report.year = year.parse().ok();
            let bytes = report_file(&report);
            let file = ("file", "年报.docx", bytes.as_slice());
            let fields = brought(&organ, year, way);
            let import = format!("{LIST}/import");
            let path = head.upload(&import, &fields, file).await.redirected();
            for format in ["docx", "html"] {
                let made = head.get(&format!("{path}/file/{format}")).await;
                let document = gongkai_office::read(&made.bytes, &Limits::default()).unwrap();
                let found = crate::check::marks(&read::read(&document));
                assert_eq!(
                    found.len(),
                    usize::from(is_draft),
                    "{way} {format}: {found:?}"
                );
            }
        }
    }
}

/// A report as a Word file.
pub(super) fn report_file(report: &crate::model::Report) -> Vec<u8> {
    export::sheet(&annual(report), None).docx().unwrap()
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
        taken_in: false,
        original: None,
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
