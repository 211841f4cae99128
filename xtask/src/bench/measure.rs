//! Wall-clock times of whole processes.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::step::shown;

/// Runs that are not counted: the first ones fill the file cache.
const WARM_UP: usize = 2;

/// Times of several runs in milliseconds, shortest first.
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn median(&self) -> f64 {
        self.at(self.0.len() / 2)
    }

    pub(crate) fn best(&self) -> f64 {
        self.at(0)
    }

    fn at(&self, place: usize) -> f64 {
        self.0.get(place).copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worst = self.at(self.0.len().saturating_sub(1));
        write!(f, "{:.1} ms ({:.1}–{worst:.1})", self.median(), self.best())
    }
}

/// Runs fresh processes one after another. Status 1 is fine: done, with problems to look at.
pub(crate) fn times(rounds: usize, make: &mut dyn FnMut() -> Command) -> Result<Times> {
    let mut times = Vec::with_capacity(rounds);
    for round in 0..WARM_UP + rounds {
        let mut command = make();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let status = command.status().with_context(|| shown(&command))?;
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("{status}: {}", shown(&command));
        }
        if round >= WARM_UP {
            times.push(milliseconds);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(Times(times))
}

/// What well-known libraries do with the same files: the shortest honest program for each.
pub(crate) mod peers {
    pub(crate) const PYTHON_DOCX: &str = "\
import sys, json, docx
table = docx.Document(sys.argv[1]).tables[0]
print(json.dumps([[cell.text for cell in row.cells] for row in table.rows]))
";
    pub(crate) const PDFPLUMBER: &str = "\
import sys, json, pdfplumber
with pdfplumber.open(sys.argv[1]) as document:
    tables = [table for page in document.pages for table in page.extract_tables()]
print(json.dumps([[cell or '' for cell in row] for table in tables for row in table]))
";
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Times, times};

    #[test]
    fn the_median_stands_in_the_middle() {
        assert!((Times(vec![1.0, 2.0, 9.0]).median() - 2.0).abs() < f64::EPSILON);
        assert!((Times(vec![1.0, 2.0, 9.0]).best() - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_failing_process_is_no_time() {
        let mut fails = || {
            let mut command = Command::new("sh");
            command.args(["-c", "exit 2"]);
            command
        };
        assert!(times(1, &mut fails).is_err());
    }
}
