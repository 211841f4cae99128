//! What a reader may spend on one file. Every excess ends in an [`Unreadable`](crate::Unreadable), never in a crash.

use std::time::{Duration, Instant};

use crate::block::Unreadable;
use crate::refusal::too_large;

/// Bytes of a file that the readers take; who receives files refuses larger ones at the door.
pub const INPUT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Caps for one call of [`read`](crate::read). The defaults keep every reader within 10 s and 256 MiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it came.
    pub input_bytes: u64,
    /// Entries of a ZIP container.
    pub zip_members: usize,
    /// Bytes of all ZIP members (or PDF streams) that are unpacked while reading, together.
    pub unpacked_bytes: u64,
    /// Unpacked bytes per packed byte, asked of members of more than [`RATIO_FREE_BYTES`].
    pub unpack_ratio: u64,
    /// Open XML elements at one time.
    pub xml_depth: usize,
    /// Open HTML elements at one time.
    pub html_depth: usize,
    /// Nodes of the HTML tree.
    pub html_nodes: usize,
    /// Paragraphs outside tables.
    pub paragraphs: usize,
    /// Cells of all tables.
    pub cells: usize,
    /// Columns of one table.
    pub columns: u32,
    /// Rows × columns of one table, so that whoever draws the grid stays small too.
    pub grid_slots: u64,
    /// Characters of all blocks together.
    pub chars: u64,
    /// Pages of a PDF or an OFD.
    pub pages: usize,
    /// Indirect objects of a PDF.
    pub pdf_objects: usize,
    /// Content stream operators of a PDF, objects and characters of an OFD; all pages together.
    pub pdf_operators: u64,
    /// Pictures that are kept; with 0, each is told as dropped.
    pub pictures: usize,
    /// Time for one file. Counted limits come first; this one catches what they cannot count inside libraries.
    pub time: Duration,
}

/// Members up to this many bytes may have any ratio: a short file of blanks is no bomb.
pub const RATIO_FREE_BYTES: u64 = 4 * 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: INPUT_BYTES_MAX as u64,
            zip_members: 10_000,
            unpacked_bytes: 128 * 1024 * 1024,
            unpack_ratio: 200,
            xml_depth: 256,
            html_depth: 1_000,
            html_nodes: 400_000,
            paragraphs: 200_000,
            cells: 200_000,
            columns: 1_024,
            grid_slots: 2_000_000,
            chars: 8_000_000,
            pages: 1_000,
            pdf_objects: 200_000,
            pdf_operators: 4_000_000,
            pictures: 0,
            time: Duration::from_secs(8),
        }
    }
}

/// The moment at which a reader gives up.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    end: Instant,
    time: Duration,
}

impl Deadline {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            end: Instant::now() + limits.time,
            time: limits.time,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Unreadable> {
        if Instant::now() > self.end {
            return Err(too_large(&format!(
                "读取时间超过 {} 秒",
                self.time.as_secs()
            )));
        }
        Ok(())
    }
}
