//! The chain as a file: CSV for a spreadsheet, JSON for a program. Streamed, so that its length costs no memory.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use futures::stream;
use serde_json::json;

use super::{Filter, Recorded, search_after};
use crate::db::{Db, StoreError, Tx};

/// Events read at once.
const BATCH_ROWS: i64 = 1_000;
const CSV_HEAD: [&str; 10] = [
    "序号",
    "时间",
    "人员编号",
    "人员",
    "事项代码",
    "对象",
    "对象编号",
    "内容",
    "数据",
    "校验值",
];

/// What the file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
}

struct State {
    db: Db,
    filter: Filter,
    format: Format,
    after: i64,
    last: i64,
    waiting: VecDeque<Bytes>,
    first: bool,
    over: bool,
}

/// The matching events up to the sequence number `last`, oldest first.
pub(super) fn body(db: Db, filter: Filter, format: Format, last: i64) -> Body {
    let opening = match format {
        // Spreadsheets take UTF-8 for what it is only behind this mark.
        Format::Csv => format!("\u{feff}{}", csv_line(CSV_HEAD)),
        Format::Json => "[\n".to_owned(),
    };
    let state = State {
        db,
        filter,
        format,
        after: 0,
        last,
        waiting: VecDeque::from([Bytes::from(opening)]),
        first: true,
        over: false,
    };
    Body::from_stream(stream::try_unfold(state, async |mut state| {
        loop {
            if let Some(piece) = state.waiting.pop_front() {
                return Ok::<_, StoreError>(Some((piece, state)));
            }
            if state.over {
                return Ok(None);
            }
            state.read().await?;
        }
    }))
}

impl State {
    async fn read(&mut self) -> Result<(), StoreError> {
        let (filter, after, last) = (&self.filter, self.after, self.last);
        let rows = self
            .db
            .read(async |tx: &mut Tx| search_after(tx, filter, after, last, BATCH_ROWS).await)
            .await?;
        match rows.last() {
            Some(row) => self.after = row.seq,
            None => {
                self.over = true;
                if self.format == Format::Json {
                    self.waiting.push_back(Bytes::from_static(b"\n]\n"));
                }
                return Ok(());
            }
        }
        let mut text = String::new();
        for row in rows {
            match self.format {
                Format::Csv => text.push_str(&row_csv(&row)),
                Format::Json => {
                    if !self.first {
                        text.push_str(",\n");
                    }
                    text.push_str(&row_json(&row));
                }
            }
            self.first = false;
        }
        self.waiting.push_back(Bytes::from(text));
        Ok(())
    }
}

fn row_csv(row: &Recorded) -> String {
    csv_line([
        row.seq.to_string().as_str(),
        &row.time().to_string(),
        row.actor_id.as_deref().unwrap_or(""),
        &row.actor_name,
        &row.kind,
        &row.subject_kind,
        &row.subject_id,
        &row.sentence,
        &row.data,
        &row.hash,
    ])
}

fn csv_line<'f>(fields: impl IntoIterator<Item = &'f str>) -> String {
    let mut line = String::new();
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        line.push('"');
        // A spreadsheet would run such a cell as a formula.
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.len() > 1 {
            line.push('\'');
        }
        line.push_str(&field.replace('"', "\"\""));
        line.push('"');
    }
    line.push_str("\r\n");
    line
}

/// All fields that the hash covers, `data` as the very text that was hashed, so that a reader can recompute it.
fn row_json(row: &Recorded) -> String {
    json!({
        "seq": row.seq,
        "time": row.time().to_string(),
        "at": row.at,
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "kind": row.kind,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "organ_id": row.organ_id,
        "sentence": row.sentence,
        "data": row.data,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(
            csv_line(["a", "说“好”", "say \"hi\"", "-"]),
            "\"a\",\"说“好”\",\"say \"\"hi\"\"\",\"-\"\r\n"
        );
        for bad in ["=1+1", "+86", "-2", "@x", "\tx"] {
            assert_eq!(csv_line([bad]), format!("\"'{bad}\"\r\n"));
        }
    }
}
