//! The migrations, in a leaf crate so that a new one rebuilds little.
//!
//! `migrations/` holds one portable sequence. Where the two databases must differ, twins of the same number lie in
//! `migrations/sqlite/` and `migrations/postgres/`. Applied ones are never edited; forward only.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! portable {
    ($version:literal, $name:literal) => {
        Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".sql")),
        }
    };
}

macro_rules! twins {
    ($version:literal, $name:literal) => {
        Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// Every migration there is, in order.
const STEPS: &[Step] = &[
    portable!(1, "0001_platform"),
    portable!(2, "0002_plans"),
    portable!(3, "0003_plans_ledger"),
    portable!(4, "0004_plans_import_drafts"),
    portable!(5, "0005_plans_ledger_facts"),
    portable!(6, "0006_platform_upkeep"),
    portable!(7, "0007_platform_findings"),
    portable!(8, "0008_plans_supervision"),
    portable!(9, "0009_plans_practices"),
    portable!(10, "0010_plans_bulletins"),
    portable!(11, "0011_plans_scores"),
    portable!(12, "0012_plans_filled_sheets"),
    portable!(13, "0013_plans_evidence_checks"),
    portable!(14, "0014_organisation"),
    portable!(15, "0015_platform_inbox"),
    portable!(16, "0016_plans_rounds"),
    portable!(17, "0017_plans_matching"),
    portable!(18, "0018_plans_calendar_feeds"),
    portable!(19, "0019_documents"),
    portable!(20, "0020_documents_review"),
    portable!(21, "0021_requests"),
    portable!(22, "0022_requests_handling"),
    portable!(23, "0023_requests_letters"),
    portable!(24, "0024_reports"),
    portable!(25, "0025_catalogue"),
    portable!(26, "0026_plans_trend"),
    portable!(27, "0027_catalogue_versions"),
    portable!(28, "0028_catalogue_guide"),
    portable!(29, "0029_documents_columns"),
    portable!(30, "0030_documents_gazette"),
    portable!(31, "0031_requests_letters_case"),
    portable!(32, "0032_requests_packages"),
    portable!(33, "0033_documents_origin"),
    portable!(34, "0034_gongkai_search"),
    portable!(35, "0035_requests_retention"),
    portable!(36, "0036_requests_review_terms"),
    portable!(37, "0037_platform_withheld_files"),
    portable!(38, "0038_requests_offers"),
    portable!(39, "0039_requests_clusters"),
    portable!(40, "0040_platform_portals"),
    portable!(41, "0041_documents_edition_files"),
    portable!(42, "0042_requests_drafts"),
    portable!(43, "0043_documents_lists"),
    portable!(44, "0044_documents_seal"),
    portable!(45, "0045_plans_lists"),
    portable!(46, "0046_plans_fewer_indexes"),
    portable!(47, "0047_documents_gazette_series"),
    portable!(48, "0048_plans_parts_by_unit"),
    portable!(49, "0049_documents_validity_undone"),
    portable!(50, "0050_requests_newest"),
    portable!(51, "0051_documents_days"),
    portable!(52, "0052_requests_oversight"),
    portable!(53, "0053_requests_counted"),
    portable!(54, "0054_documents_explained"),
    portable!(55, "0055_requests_counted_before"),
    portable!(56, "0056_plans_next_due"),
    portable!(57, "0057_requests_contact"),
    portable!(58, "0058_documents_checks"),
    portable!(59, "0059_platform_organ_profiles"),
    twins!(60, "0060_requests_words"),
    portable!(61, "0061_plans_fewer_indexes"),
    portable!(62, "0062_documents_lists"),
    portable!(63, "0063_documents_readings"),
    portable!(64, "0064_requests_left_and_found"),
    portable!(65, "0065_plans_appeals_again"),
    portable!(66, "0066_plans_figure_of"),
    portable!(67, "0067_plans_by_account_and_first_day"),
    portable!(68, "0068_requests_submitted_to"),
    portable!(69, "0069_documents_losses"),
    portable!(70, "0070_documents_index_numbers"),
    portable!(71, "0071_plans_matters_moved_and_settled"),
    twins!(72, "0072_documents_drafts_and_misses"),
    portable!(73, "0073_plans_asked_again"),
    portable!(74, "0074_plans_corrections"),
    portable!(75, "0075_catalogue_lost"),
    portable!(76, "0076_plans_due_days"),
    portable!(77, "0077_plans_corrections_by_plan"),
    portable!(78, "0078_plans_progress_imports"),
    portable!(79, "0079_plans_bulletin_classes"),
    portable!(80, "0080_requests_limits"),
    portable!(81, "0081_requests_arrival_and_untold"),
    portable!(82, "0082_documents_kept_closed"),
    twins!(83, "0083_documents_cites"),
    portable!(84, "0084_requests_delivery"),
    portable!(85, "0085_reports_taken_in"),
    portable!(86, "0086_reports_original"),
    portable!(87, "0087_gongkai_synonyms"),
    portable!(88, "0088_documents_set_words"),
    portable!(89, "0089_documents_maps"),
    portable!(90, "0090_documents_hidden_text"),
    twins!(91, "0091_documents_counts_and_words"),
    portable!(92, "0092_documents_sources_and_found_by"),
    portable!(93, "0093_requests_withheld"),
    portable!(94, "0094_requests_applicants"),
    portable!(95, "0095_catalogue_proposals"),
    portable!(96, "0096_catalogue_pages"),
    portable!(97, "0097_plans_desks"),
    portable!(98, "0098_platform_findings_desks"),
    portable!(99, "0099_plans_year_at_size"),
    twins!(100, "0100_documents_standing"),
    twins!(101, "0101_documents_lapsing"),
    portable!(102, "0102_gongkai_saved_searches"),
    portable!(103, "0103_documents_concerned"),
    portable!(104, "0104_platform_list_columns"),
    portable!(105, "0105_plans_taken_back"),
    portable!(106, "0106_documents_few"),
];

/// The newest schema version.
pub const VERSION: i64 = match STEPS {
    [.., last] => last.version,
    [] => 0,
};

/// The migrations of one database up to a version, ready to run.
#[must_use]
pub fn migrator(dialect: Dialect, version: i64) -> Migrator {
    let steps = STEPS
        .iter()
        .filter(|step| step.version <= version)
        .map(|step| {
            let sql = match dialect {
                Dialect::Sqlite => step.sqlite,
                Dialect::Postgres => step.postgres,
            };
            Migration::new(
                step.version,
                Cow::Borrowed(step.name),
                MigrationType::Simple,
                sqlx::SqlStr::from_static(sql),
                false,
            )
        });
    Migrator {
        migrations: steps.collect::<Vec<_>>().into(),
        ..Migrator::DEFAULT
    }
}

/// A table that a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    /// Columns that give its rows a fixed order; rows that others of the table point to come first. `{bytes}` stands for
    /// what makes a database compare text byte by byte, whatever its locale.
    pub order: &'static str,
}

const fn table(name: &'static str, order: &'static str) -> Table {
    Table { name, order }
}

/// What a backup holds, each table after those that it points to.
pub const TABLES: &[Table] = &[
    table("organ", "LENGTH(path), id"),
    table("organ_alias", "organ_id, alias{bytes}"),
    table("organ_collective", "id"),
    table("account", "id"),
    table("account_role", "account_id, organ_id, role"),
    table("event", "seq"),
    table("event_head", "id"),
    table("job", "id"),
    table("file", "id"),
    table("withheld_file", "file_id"),
    table("finding", "id"),
    table("attachment", "id"),
    table("inbox_message", "id"),
    table("inbox_digest", "account_id, channel"),
    table("calendar_year", "year"),
    table("catalogue_entry", "id"),
    table("catalogue_filling", "id"),
    table("catalogue_version", "entry_id, version"),
    table("catalogue_proposal", "id"),
    table("catalogue_page", "filling_id"),
    table("catalogue_publicity", "organ_id"),
    table("guide", "organ_id"),
    table("guide_edition", "organ_id, number"),
    table("setting", "name"),
    table("plan", "id"),
    table("plan_deadline", "plan_id, position"),
    table("plan_snapshot", "id"),
    table("task", "id"),
    table("assignment", "id"),
    table("report", "id"),
    table("evidence", "id"),
    table("evidence_run", "id"),
    table("evidence_check", "id"),
    table("task_change", "id"),
    table("task_change_part", "change_id, task_id"),
    table("supervision", "id"),
    table("supervision_item", "supervision_id, position"),
    table("supervision_reply", "id"),
    table("office_rule", "office_id, name"),
    table("practice", "id"),
    table("document", "id"),
    table("document_origin", "document_id"),
    table("upper_document", "id"),
    table("edition", "id"),
    table("edition_cites", "edition_id, document_id"),
    table("edition_file", "edition_id, attachment_id"),
    table("edition_later", "edition_id"),
    table("edition_loss", "edition_id"),
    table("edition_picture", "edition_id, sha256"),
    table("edition_seal", "edition_id"),
    table("hidden_text", "edition_id"),
    table("sealed_file", "edition_id, attachment_id"),
    table("index_serial", "organ_id, year"),
    table("validity_event", "id"),
    table("review_step", "id"),
    table("review_person", "edition_id, account_id"),
    table("document_concerned", "id"),
    table("site_column", "id"),
    table("column_document", "column_id, document_id"),
    table("gazette_issue", "id"),
    table("gazette_item", "id"),
    table("gazette_erratum", "id"),
    table("practice_borrowing", "id"),
    table("bulletin", "id"),
    table("bulletin_part", "bulletin_id, organ_id"),
    table("score_scheme", "id"),
    table("score_period", "id"),
    table("score_judgement", "period_id, organ_id, indicator{bytes}"),
    table("score_unit", "period_id, organ_id"),
    table("score_appeal", "id"),
    table("leading_member", "id"),
    table("activity", "id"),
    table("activity_attendee", "activity_id, position"),
    table("staff_entry", "id"),
    table("request", "id"),
    table("request_entry", "request_id, position"),
    table("request_consultation", "id"),
    table("request_serial", "year"),
    table("request_left", "request_id, position"),
    table("request_words", "n"),
    table("request_unworded", "request_id"),
    table("request_key", "name{bytes}"),
    table("request_publication", "request_id"),
    table("request_look", "request_id, position"),
    table("report_round", "id"),
    table("round_submission", "round_id, organ_id"),
    table("round_row", "round_id, assignment_id"),
    table("plan_pair", "id"),
    table("task_link", "pair_id, old_task_id, new_task_id"),
    table("task_adoption", "pair_id, old_task_id"),
    table("carried", "id"),
    table("request_package", "request_id"),
    table("request_term", "organ_id, kind"),
    table("request_hold", "id"),
    table("request_erasure", "id"),
    table("review_term", "organ_id"),
    table("request_limit", "organ_id"),
    table("request_offer", "offered_on, kind{bytes}, record_id{bytes}"),
    table("request_cluster", "id"),
    table("request_cluster_case", "request_id"),
    table("request_draft", "order_key"),
    table("letter_profile", "organ_id"),
    table("letter", "id"),
    table("remedy", "created_at, id"),
    table("saved_view", "id"),
    table("saved_search", "id"),
    table("list_columns", "account_id, list{bytes}"),
    table("filled_sheet", "file_id"),
    table("import_draft", "id"),
    table("annual_report", "id"),
    table("search_miss", "looked_on, site{bytes}, words{bytes}"),
    table("search_pick", "id"),
    table("search_pick_word", "word{bytes}"),
    table("search_synonym", "id"),
    table("organ_profile", "organ_id"),
    table("portal", "id"),
    table("portal_host", "host{bytes}"),
];

/// Left out of backups on purpose: nobody is signed in to a restored store, old links open nothing, forms that were
/// being filled in are gone, calendars are subscribed to anew, recurring work begins anew, files are read anew, nobody is
/// barred for wrong query codes, documents are counted and their words kept anew, and the
/// summary of the check looks through public texts anew.
pub const NOT_BACKED_UP: &[&str] = &[
    "session",
    "login_link",
    "pending_file",
    "calendar_feed",
    "job_schedule",
    "document_days",
    "document_desk_count",
    "document_lapsing_count",
    "document_public_count",
    "document_standing_count",
    "document_theme_count",
    "document_theme_standing_count",
    "document_unworded",
    "document_words",
    "file_reading",
    "piece_edition",
    "piece_known",
    "piece_look",
    "piece_match",
    "request_guess",
];

/// Table and column of what follows from other rows and from the day, and is worked out anew in a restored store: with it a
/// backup of the same state would be another one each night.
pub const COLUMNS_NOT_BACKED_UP: &[(&str, &str)] = &[
    ("document", "standing"),
    ("document", "is_over"),
    ("document", "stands_until"),
    ("document", "lapses_on"),
];

#[cfg(test)]
mod tests {
    use super::{COLUMNS_NOT_BACKED_UP, NOT_BACKED_UP, STEPS, TABLES};

    /// Gaps are told by `cargo xtask tidy`, which knows the numbers that were given out.
    #[test]
    fn versions_count_up() {
        let versions: Vec<i64> = STEPS.iter().map(|step| step.version).collect();
        assert_eq!(versions.first(), Some(&1));
        assert!(
            versions.is_sorted_by(|one, next| one < next),
            "{versions:?}"
        );
    }

    #[test]
    fn every_table_is_backed_up_or_left_out_on_purpose() {
        let mut created: Vec<&str> = STEPS
            .iter()
            .flat_map(|step| step.sqlite.lines())
            .filter_map(|line| line.strip_prefix("CREATE TABLE "))
            .filter_map(|rest| rest.split_whitespace().next())
            .collect();
        let mut known: Vec<&str> = TABLES
            .iter()
            .map(|table| table.name)
            .chain(NOT_BACKED_UP.iter().copied())
            .collect();
        created.sort_unstable();
        // A table that was made anew stands twice.
        created.dedup();
        known.sort_unstable();
        assert_eq!(created, known);
    }

    #[test]
    fn columns_that_are_left_out_are_columns_of_what_is_backed_up() {
        for (table, column) in COLUMNS_NOT_BACKED_UP {
            assert!(TABLES.iter().any(|one| one.name == *table), "{table}");
            let added = format!("ALTER TABLE {table} ADD COLUMN {column} TEXT");
            let number = format!("ALTER TABLE {table} ADD COLUMN {column} BIGINT");
            let is_there = |sql: &str| sql.contains(&added) || sql.contains(&number);
            let both = STEPS
                .iter()
                .any(|step| is_there(step.sqlite) && is_there(step.postgres));
            assert!(both, "{table}.{column}");
        }
    }
}
