use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use uuid::Uuid;

use super::{Faulty, ImportRow, Imported, Plan, ReadError, Table, Verdict, import, plan};
use crate::audit;
use crate::db::{Db, Tx};
use crate::organ::{Kind, Level, Match, Organ, OrganError, Target, directory, store};
use crate::testing::{self, MovableClock};
use crate::web::SheetLine;

const DEMO: &str = include_str!("../../../../../samples/organs.csv");

const SMALL: &str = "名称,简称,别名,曾用名,级别,类型,上级\n\
    安澜市人民政府,市政府,,,市级,政府,\n\
    安澜市财政局,市财政局,,,市级,工作部门,安澜市人民政府\n\
    清河区人民政府,,,,县级,政府,安澜市人民政府\n";

fn read(bytes: &[u8]) -> Result<Table, ReadError> {
    Table::from_bytes(bytes)
}

fn read_text(text: &str) -> Result<Table, ReadError> {
    Table::from_text(text)
}

fn ids() -> impl FnMut() -> OrganId {
    let mut last = 0;
    move || {
        last += 1;
        OrganId::new(Uuid::from_u128(last))
    }
}

fn plan_of(text: &str) -> Plan {
    plan(&[], None, &read_text(text).unwrap().rows(), ids())
}

fn organs(plan: &Plan) -> Vec<Organ> {
    plan.in_order()
        .filter_map(|row| match &row.verdict {
            Verdict::New { organ, .. } | Verdict::Changed { organ, .. } => Some(organ.clone()),
            Verdict::Unchanged | Verdict::Problem(_) => None,
        })
        .collect()
}

#[test]
fn the_demo_list_reads_without_a_problem() {
    let rows = read(DEMO.as_bytes()).unwrap().rows();
    let plan = plan(&[], None, &rows, ids());
    assert_eq!(plan.problems(), [""; 0]);
    let kinds = |kind: Kind| {
        organs(&plan)
            .iter()
            .filter(|organ| organ.kind == kind)
            .count()
    };
    assert_eq!(kinds(Kind::Town), 3, "政府 of a town is a town");
    assert_eq!(
        kinds(Kind::Street),
        2,
        "派出机关 that is a street is a street"
    );
    assert_eq!(kinds(Kind::Government), 4);
    let organs = organs(&plan);
    let town = organs
        .iter()
        .find(|organ| organ.name == "云岭县青禾镇人民政府")
        .unwrap();
    assert_eq!((town.level, town.depth()), (Level::Town, 2));
}

#[test]
fn headers_may_stand_in_any_order_and_the_list_in_any_text_form() {
    let expected: Vec<ImportRow> = read_text(SMALL).unwrap().rows();
    assert_eq!(expected.len(), 3);
    let with_mark = format!("\u{feff}{SMALL}");
    let (old_chinese, _, _) = encoding_rs::GB18030.encode(SMALL);
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(SMALL.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [
        SMALL.as_bytes(),
        with_mark.as_bytes(),
        &old_chinese,
        &wide,
        SMALL.replace(',', "\t").as_bytes(),
        SMALL.replace(',', ";").as_bytes(),
    ] {
        assert_eq!(read(bytes).unwrap().rows(), expected);
    }
    let shuffled = "序号\t上级单位\t单位名称\t类别\n1\t\t安澜市人民政府\t政府\n2\t安澜市人民政府\t安澜市财政局\t部门\n";
    let rows = read_text(shuffled).unwrap().rows();
    assert_eq!(
        (
            rows[1].name.as_str(),
            rows[1].parent.as_deref(),
            rows[1].kind
        ),
        (
            "安澜市财政局",
            Some("安澜市人民政府"),
            Some(Kind::Department)
        )
    );
    let titled = "安澜市机关名录,,\n,,\n机关名称,级别,上级\n安澜市人民政府,市,\n";
    assert_eq!(read_text(titled).unwrap().rows()[0].name, "安澜市人民政府");
}

#[test]
fn a_sheet_reads_like_its_text() {
    let lines = SMALL.lines().zip(1..);
    let sheet = lines.map(|(line, number)| (number, line.split(',').map(str::to_owned).collect()));
    let note = vec![(1, vec!["说明".to_owned()])];
    let rows = Table::from_sheets(vec![note, sheet.collect()])
        .unwrap()
        .rows();
    assert_eq!(rows, read_text(SMALL).unwrap().rows());
}

#[test]
fn sheets_have_limits() {
    let line = |text: &str| vec![text.to_owned()];
    let sheet = |rows: usize| -> Vec<SheetLine> {
        let head = (1, line("名称"));
        let rows = (1..rows).map(|row| (row + 1, line("某某局")));
        std::iter::once(head).chain(rows).collect()
    };
    assert!(Table::from_sheets(vec![sheet(super::ROWS_MAX)]).is_ok());
    let refused = |sheets| Table::from_sheets(sheets).unwrap_err();
    assert_eq!(
        refused(vec![sheet(super::ROWS_MAX + 1)]),
        ReadError::TooManyRows
    );
    assert_eq!(refused(Vec::new()), ReadError::Empty);
    assert_eq!(refused(vec![vec![(1, line("甲"))]]), ReadError::NoHead);
    assert_eq!(refused(vec![sheet(1)]), ReadError::Empty);
}

#[test]
fn hostile_files_end_in_a_sentence() {
    assert_eq!(
        read(&vec![b'a'; super::FILE_BYTES_MAX + 1]),
        Err(ReadError::TooLarge)
    );
    // What needs a parser is never opened here.
    assert_eq!(read(b"PK\x03\x04"), Err(ReadError::OldFormat));
    assert_eq!(
        read(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
        Err(ReadError::OldFormat)
    );
    assert_eq!(read(&[0x81, 0x00, 0xff, 0xfe]), Err(ReadError::Encoding));
    assert_eq!(read(b""), Err(ReadError::NoHead));
    assert_eq!(read_text("名称\n\n\n"), Err(ReadError::Empty));
    assert_eq!(read_text("甲,乙\n丙,丁\n"), Err(ReadError::NoHead));
    let many = format!("名称\n{}", "某某局\n".repeat(5_000));
    assert_eq!(read_text(&many), Err(ReadError::TooManyRows));
    let quoted = "名称\n\"没有结束的引号\n某某局";
    assert!(
        read_text(quoted).is_ok_and(|table| table.rows().len() == 1),
        "an open quote swallows the rest, and the preview shows it"
    );
}

#[test]
fn each_problem_names_its_line() {
    let text = "名称,级别,类型,上级\n\
        安澜市人民政府,市级,政府,\n\
        安澜市财政局,超级,工作部门,安澜市人民政府\n\
        清河区人民政府,县级,政府,江北市人民政府\n\
        清河区财政局,市级,工作部门,清河区人民政府\n\
        甲局,,,乙局\n\
        乙局,,,甲局\n\
        安澜市司法局,,,安澜市人民政府\n\
        安澜市 司法局,,,安澜市人民政府\n\
        局,,,安澜市人民政府\n";
    let problems = plan_of(text).problems();
    insta::assert_snapshot!(problems.join("\n"));
}

#[test]
fn a_name_that_is_too_long_is_told_with_its_column() {
    let long = "数据".repeat(31);
    let plan = plan_of(&format!("名称,别名\n安澜市数据局,{long}\n"));
    assert_eq!(
        plan.problems(),
        ["第 2 行“安澜市数据局”：别名“数据数据数据数据数据…”超过 60 个字"]
    );
}

#[test]
fn the_level_of_a_child_is_never_above_its_parents() {
    let plan = plan_of("名称,级别,上级\n清河区人民政府,县级,\n清河区财政局,市级,清河区人民政府\n");
    assert_eq!(
        plan.problems(),
        ["第 3 行“清河区财政局”：级别（市级）高于上级“清河区人民政府”（县级）"]
    );
}

#[test]
fn what_is_left_out_is_inferred_and_said() {
    let text = "名称,上级\n安澜市人民政府,\n安澜市人民政府办公室,安澜市人民政府\n清河区人民政府,安澜市人民政府\n青禾镇人民政府,清河区人民政府\n\
        党政综合办公室,青禾镇人民政府\n桃源村村民委员会,青禾镇人民政府\n安澜市公安局清河分局,清河区人民政府\n国家税务总局安澜市税务局,安澜市人民政府\n";
    let plan = plan_of(text);
    let found: Vec<String> = organs(&plan)
        .iter()
        .map(|organ| {
            format!(
                "{} {} {}",
                organ.name,
                organ.level.code(),
                organ.kind.code()
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "安澜市人民政府 city government",
            "安澜市人民政府办公室 city office",
            "清河区人民政府 county government",
            "青禾镇人民政府 town town",
            "党政综合办公室 town section",
            "桃源村村民委员会 village village",
            "安澜市公安局清河分局 county dispatched",
            "国家税务总局安澜市税务局 city vertical",
        ]
    );
    assert!(
        plan.rows
            .iter()
            .all(|row| matches!(&row.verdict, Verdict::New { notes, .. } if notes.len() == 2))
    );
}

#[test]
fn the_list_may_stand_upside_down_and_is_carried_out_in_order() {
    let lines: Vec<&str> = DEMO.lines().collect();
    let mut reversed = vec![lines[0]];
    reversed.extend(lines.iter().skip(1).rev());
    let plan = plan_of(&reversed.join("\n"));
    assert_eq!(plan.problems(), [""; 0]);
    let mut known = std::collections::HashSet::new();
    for organ in organs(&plan) {
        assert!(
            organ.parent.is_none_or(|parent| known.contains(&parent)),
            "{}",
            organ.name
        );
        known.insert(organ.id);
    }
    assert_eq!(known.len(), lines.len() - 1);
}

#[test]
fn a_chain_of_five_thousand_parents_does_no_harm() {
    let mut text = String::from("名称,上级\n");
    for number in 0..4_900 {
        text.push_str(&format!("第{number}局,第{}局\n", number + 1));
    }
    let plan = plan_of(&text);
    assert_eq!(plan.counts()[3], 4_900, "the last parent does not exist");
}

#[test]
fn what_a_preview_carries_reads_back_the_same() {
    let awkward =
        "\n\n单位名称,别名,级别,备注\n安澜市财政局,\"市财局\n市财政\",超级,随便\n 局 ,,,\n";
    for text in [DEMO, SMALL, awkward] {
        let table = read_text(text).unwrap();
        let again = read_text(&table.to_text()).unwrap();
        assert_eq!(again.rows(), table.rows());
        assert_eq!(read_text(&again.to_text()).unwrap().rows(), table.rows());
    }
    let rows = read_text(awkward).unwrap().rows();
    assert_eq!(rows[0].aliases, ["市财局", "市财政"]);
    assert_eq!((rows[0].mistakes.len(), rows[1].mistakes.len()), (1, 1));
}

async fn run(
    db: &Db,
    root: Option<OrganId>,
    text: &str,
    faulty: Faulty,
) -> Result<Imported, OrganError> {
    let rows = read_text(text).unwrap().rows();
    db.write(async |tx: &mut Tx| import(tx, &Actor::System, root, &rows, faulty).await)
        .await
}

#[tokio::test]
async fn a_list_is_imported_whole_into_each_history_and_again_without_effect() {
    for backend in testing::backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let done = run(&db, None, DEMO, Faulty::Refuse).await.unwrap();
        assert_eq!(
            (done.new, done.changed, done.unchanged, done.skipped),
            (DEMO.lines().count() - 1, 0, 0, 0)
        );
        let (events, organs) = db
            .read(async |tx: &mut Tx| {
                Ok::<_, crate::db::StoreError>((
                    audit::page(tx, 0, 100).await?,
                    store::all_below(tx, done.root).await?,
                ))
            })
            .await
            .unwrap();
        let (whole, each) = events.split_last().unwrap();
        assert_eq!(each.len(), done.new);
        assert!(each.iter().all(|event| event.kind == "organ.created"));
        assert!(
            each.iter()
                .any(|event| event.sentence == "导入机关名录时建立机关“安澜市人民政府”")
        );
        assert_eq!(
            whole.sentence,
            format!(
                "导入机关名录：新增 {} 个，修改 0 个，未变 0 个，跳过 0 行",
                done.new
            )
        );
        assert_eq!(organs[0].name, "安澜市人民政府");
        assert_eq!(
            organs[1].name, "安澜市人民政府办公室",
            "in the list's order"
        );
        let again = run(&db, Some(done.root), DEMO, Faulty::Refuse).await;
        assert!(matches!(again, Err(OrganError::Refused(_))), "{again:?}");
        let sure = |found: Vec<Match>| -> (Target, bool) {
            (
                found[0].target.clone(),
                found[0].certainty == crate::organ::Certainty::Certain,
            )
        };
        let directory = db
            .read(async |tx: &mut Tx| directory(tx, done.root).await)
            .await
            .unwrap();
        let (by_alias, certain) = sure(directory.find("市政数局"));
        let (by_former, _) = sure(directory.find("安澜市政务服务数据管理局"));
        assert!(certain);
        assert_eq!(by_alias, by_former);
        assert_eq!(
            directory.find("市市市场监管局")[0].kind,
            crate::organ::MatchKind::Slip
        );
        assert_eq!(
            directory.find("各县（市、区）政府")[0].note,
            "统称“各县（市、区）政府”，按规则展开为 3 个机关"
        );
        // The town's own plan names its sections without the county.
        let town = organs
            .iter()
            .find(|organ| organ.name == "云岭县青禾镇人民政府")
            .unwrap()
            .id;
        let below = db
            .read(async |tx: &mut Tx| crate::organ::directory(tx, town).await)
            .await
            .unwrap();
        for (printed, name) in [
            ("党政办", "青禾镇党政综合办公室"),
            ("镇农业农村办", "青禾镇农业农村办公室"),
            ("青禾镇司法所", "青禾镇司法所"),
        ] {
            let Target::Organ(id) = below.find(printed)[0].target else {
                panic!("{printed}")
            };
            assert_eq!(below.entry(id).unwrap().name, name, "{printed}");
        }
    }
}

#[tokio::test]
async fn a_later_list_adds_renames_and_takes_nothing_away() {
    let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
    let (db, _guard) = testing::scratch(&testing::Backend::Sqlite, clock.clock()).await;
    let root = run(&db, None, SMALL, Faulty::Refuse).await.unwrap().root;
    let later = "名称,简称,别名,曾用名,上级\n\
        安澜市财政金融局,,市财金局,安澜市财政局,\n\
        安澜市审计局,,,,安澜市人民政府\n\
        安澜市水利局,,,,没有这个机关\n";
    let refused = run(&db, Some(root), later, Faulty::Refuse).await;
    assert!(
        matches!(&refused, Err(OrganError::Refused(reasons)) if reasons == &["第 4 行“安澜市水利局”：上级“没有这个机关”既不在名录中，也不在本表中"]),
        "{refused:?}"
    );
    let done = run(&db, Some(root), later, Faulty::Skip).await.unwrap();
    assert_eq!(
        (done.new, done.changed, done.unchanged, done.skipped),
        (1, 1, 0, 1)
    );
    let directory = db
        .read(async |tx: &mut Tx| directory(tx, root).await)
        .await
        .unwrap();
    let Target::Organ(id) = directory.find("市财政局")[0].target else {
        panic!()
    };
    let entry = directory.entry(id).unwrap();
    assert_eq!(
        (entry.name.as_str(), entry.short.as_deref()),
        ("安澜市财政金融局", Some("市财政局")),
        "an empty cell leaves the short name"
    );
    assert_eq!(entry.aliases, ["市财金局"]);
    assert_eq!(entry.former, ["安澜市财政局"]);
}
