//! Foreign files are read in a child process of this same binary, with limits on memory and time, so that a
//! hostile one can at worst end the child.

use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gongkai_office::hidden::{Hidden, Piece};
use gongkai_office::picture::PICTURES_MAX;
use gongkai_office::{Block, Document, Limits, Row, Unreadable};
use gongkai_platform::web::{Sandbox, SandboxError, SheetLine};

use crate::failure;

/// The hidden command that the child runs.
pub const CHILD_COMMAND: &str = "read-office";
/// What a child may allocate.
const CHILD_MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
const CHILD_CPU_SECONDS_MAX: u64 = 10;
/// Wall time, a little more than the processor time so that a busy machine does not fail honest files.
const CHILD_WAIT_MAX: Duration = Duration::from_secs(12);
/// LibreOffice needs some seconds for any file at all; more than this and the file is to be converted by hand.
const CONVERSION_WAIT_MAX: Duration = Duration::from_secs(9);
const POLL: Duration = Duration::from_micros(100);
/// Columns of a list; further ones are left out.
const SHEET_COLUMNS_MAX: usize = 200;

/// Reads a file in a child; old Word files that the program cannot read itself go through LibreOffice where it is
/// installed.
///
/// # Errors
/// [`Unreadable`] with a sentence for people.
pub fn read(file: &Path) -> Result<Document, Unreadable> {
    read_for(file, Work::Read)
}

/// As [`read`], with the pictures of the text.
///
/// # Errors
/// [`Unreadable`] with a sentence for people.
pub fn read_with_pictures(file: &Path) -> Result<Document, Unreadable> {
    read_for(file, Work::Pictures)
}

fn read_for(file: &Path, work: Work) -> Result<Document, Unreadable> {
    let outcome = read_once(file, work);
    match &outcome {
        Err(refused) if refused.code == "needs-conversion" => {
            converted(file, work).unwrap_or(outcome)
        }
        _ => outcome,
    }
}

/// What LibreOffice makes of the file, read like any other; `None` where it is not installed.
fn converted(file: &Path, work: Work) -> Option<Result<Document, Unreadable>> {
    let docx = match gongkai_office::convert::libreoffice_to_docx(file, CONVERSION_WAIT_MAX)? {
        Ok(docx) => docx,
        Err(refused) => return Some(Err(refused)),
    };
    let mut copy = tempfile::NamedTempFile::new().ok()?;
    std::io::Write::write_all(&mut copy, &docx).ok()?;
    Some(read_once(copy.path(), work))
}

fn read_once(file: &Path, work: Work) -> Result<Document, Unreadable> {
    in_child(file, work, gongkai_office::wire::from_wire)
}

/// What a file hides, found in a child.
///
/// # Errors
/// [`Unreadable`] with a sentence for people.
pub fn hidden(file: &Path) -> Result<Vec<Hidden>, Unreadable> {
    in_child(file, Work::Hidden, gongkai_office::wire::hidden_from_wire)
}

/// The file without what it hides, made in a child and scanned again there.
///
/// # Errors
/// [`Unreadable`] where no clean copy can be made safely; the sentence says what to do instead.
pub fn clean(file: &Path) -> Result<Vec<u8>, Unreadable> {
    in_child(file, Work::Clean, gongkai_office::wire::clean_from_wire)
}

/// The words of a file, each with its place, read in a child.
///
/// # Errors
/// [`Unreadable`] where they cannot be read, or the file is of a kind that is not covered.
pub fn pieces(file: &Path) -> Result<Vec<Piece>, Unreadable> {
    in_child(file, Work::Pieces, gongkai_office::wire::pieces_from_wire)
}

/// A clean copy in which some words are covered, made in a child; the file is an order: what to cover, and of which bytes.
///
/// # Errors
/// [`Unreadable`] where no such copy can be made safely.
pub fn cover(order: &Path) -> Result<Vec<u8>, Unreadable> {
    in_child(order, Work::Cover, gongkai_office::wire::clean_from_wire)
}

/// What a child is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Read,
    /// Reading, pictures too.
    Pictures,
    Hidden,
    Clean,
    /// Words and their places.
    Pieces,
    /// A copy with some words covered, by an order.
    Cover,
}

impl Work {
    const ALL: [Self; 6] = [
        Self::Read,
        Self::Pictures,
        Self::Hidden,
        Self::Clean,
        Self::Pieces,
        Self::Cover,
    ];

    fn limits(self) -> Limits {
        let usual = Limits::default();
        match self {
            Self::Pictures => Limits {
                pictures: PICTURES_MAX,
                ..usual
            },
            // An order holds the words beside the file.
            Self::Cover => Limits {
                input_bytes: usual.input_bytes.saturating_mul(2),
                ..usual
            },
            Self::Read | Self::Hidden | Self::Clean | Self::Pieces => usual,
        }
    }

    const fn switch(self) -> Option<&'static str> {
        match self {
            Self::Read => None,
            Self::Pictures => Some("--pictures"),
            Self::Hidden => Some("--hidden"),
            Self::Clean => Some("--clean"),
            Self::Pieces => Some("--pieces"),
            Self::Cover => Some("--cover"),
        }
    }

    fn answer(self, bytes: Result<Vec<u8>, Unreadable>, limits: &Limits) -> Vec<u8> {
        let bytes = bytes.as_deref().map_err(Clone::clone);
        match self {
            Self::Read | Self::Pictures => gongkai_office::wire::to_wire(
                &bytes.and_then(|bytes| gongkai_office::read(bytes, limits)),
            ),
            Self::Hidden => gongkai_office::wire::hidden_to_wire(
                &bytes.and_then(|bytes| gongkai_office::hidden::scan(bytes, limits)),
            ),
            Self::Clean => gongkai_office::wire::clean_to_wire(
                bytes.and_then(|bytes| gongkai_office::hidden::clean(bytes, limits)),
            ),
            Self::Pieces => gongkai_office::wire::pieces_to_wire(
                &bytes.and_then(|bytes| gongkai_office::hidden::pieces(bytes, limits)),
            ),
            Self::Cover => gongkai_office::wire::clean_to_wire(bytes.and_then(ordered)),
        }
    }
}

/// What an order asks for, within the limits of its file.
fn ordered(order: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let Some((changes, file)) = gongkai_office::wire::order_from_wire(order) else {
        return Err(broken("遮盖的要求读不出"));
    };
    gongkai_office::hidden::cover(file, &changes, &Limits::default())
}

/// This very program. Linux keeps it while it runs, also where an upgrade has put another one at its path meanwhile.
fn own_program() -> Result<PathBuf, Unreadable> {
    let kept = Path::new("/proc/self/exe");
    if kept.exists() {
        return Ok(kept.to_owned());
    }
    std::env::current_exe().map_err(|_| broken("找不到自身程序文件"))
}

/// The child's answer, as `read` understands it.
fn in_child<T>(
    file: &Path,
    work: Work,
    read: fn(&[u8]) -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    let mut child = Command::new(own_program()?)
        .arg(CHILD_COMMAND)
        .args(work.switch())
        .arg(file)
        .env_clear()
        // Memory that is only set aside would count as used.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| broken("不能启动读取进程"))?;
    let Some(mut output) = child.stdout.take() else {
        return Err(broken("不能启动读取进程"));
    };
    let (said, answer) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more where the child was too slow.
        let _ = said.send(read.unwrap_or_default());
    });
    let started = Instant::now();
    // A child that has nothing more to say is about to end: no need to ask again and again before.
    let bytes = answer.recv_timeout(CHILD_WAIT_MAX).unwrap_or_default();
    // The child ends meanwhile.
    let outcome = read(&bytes);
    match wait(&mut child, started) {
        Some(true) => outcome,
        Some(false) => Err(Unreadable {
            code: "too-costly".into(),
            message: "读取这个文件需要的内存超出上限，已停止读取。已有数据没有受影响。请用 WPS 或 Word 打开后另存为新的 .docx 或 .xlsx 文件，删去多余的空行空列后再试。".into(),
        }),
        None => Err(Unreadable {
            code: "too-slow".into(),
            message: "读取这个文件用时过长，已停止读取。已有数据没有受影响。请把文件另存为 .docx 格式，或拆分为较小的文件后再试。".into(),
        }),
    }
}

/// `Some(clean)` when the child ended by itself, `None` when it had to be stopped.
fn wait(child: &mut Child, started: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if started.elapsed() < CHILD_WAIT_MAX => std::thread::sleep(POLL),
            Ok(None) | Err(_) => {
                // Both fail only for a child that is gone already.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

fn broken(what: &str) -> Unreadable {
    Unreadable {
        code: "broken".into(),
        message: format!(
            "{what}，文件没有读取。已有数据没有受影响。请稍后重试；如再次出现，请联系系统管理员。"
        ),
    }
}

/// What the arguments ask of a child, where they were given to one.
pub(crate) fn asked(arguments: impl Iterator<Item = OsString>) -> Option<(Work, PathBuf)> {
    let mut arguments = arguments.skip(1);
    if arguments.next()? != CHILD_COMMAND {
        return None;
    }
    let rest: Vec<OsString> = arguments.collect();
    let (file, switch) = rest.split_last()?;
    let work = Work::ALL.into_iter().find(|work| {
        switch
            .iter()
            .map(OsString::as_os_str)
            .eq(work.switch().map(OsStr::new))
    })?;
    Some((work, PathBuf::from(file)))
}

/// What the child does: limits itself, reads, answers in wire form. Gives the exit status.
#[must_use]
pub fn child(file: &Path, work: Work) -> u8 {
    // Where the system knows no such limits, the parent's clock still holds.
    let _ = rlimit::setrlimit(
        rlimit::Resource::DATA,
        CHILD_MEMORY_BYTES_MAX,
        CHILD_MEMORY_BYTES_MAX,
    );
    let _ = rlimit::setrlimit(
        rlimit::Resource::CPU,
        CHILD_CPU_SECONDS_MAX,
        CHILD_CPU_SECONDS_MAX,
    );
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    let limits = work.limits();
    let wire = work.answer(bytes_of(file, &limits), &limits);
    let mut output = std::io::stdout().lock();
    u8::from(std::io::Write::write_all(&mut output, &wire).is_err())
}

fn bytes_of(file: &Path, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let facts = std::fs::metadata(file).map_err(|error| missing(file, &error))?;
    if facts.len() > limits.input_bytes {
        return Err(Unreadable {
            code: "too-large".into(),
            message: format!(
                "文件超过 {} MB，没有读取。已有数据没有受影响。请压缩图片或拆分后再试。",
                limits.input_bytes / 1024 / 1024
            ),
        });
    }
    std::fs::read(file).map_err(|error| missing(file, &error))
}

pub(crate) fn missing(file: &Path, error: &std::io::Error) -> Unreadable {
    let why = failure::why(error);
    Unreadable {
        code: "missing".into(),
        message: format!(
            "打不开文件“{}”：{why}。没有改动任何数据。请检查路径和读取权限。",
            file.display()
        ),
    }
}

/// The tables of a document as lines of cells.
#[must_use]
pub fn sheets(document: &Document) -> Vec<Vec<SheetLine>> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(&table.rows),
        Block::Paragraph(_) => None,
    });
    tables
        .map(|rows| (1..).zip(rows).map(line).collect())
        .collect()
}

fn line((number, row): (usize, &Row)) -> SheetLine {
    let place = row.cells.first().and_then(|cell| cell.place.row);
    let number = place.map_or(number, |row| row as usize);
    let mut cells = Vec::new();
    for cell in &row.cells {
        let column = cell.column as usize;
        if column >= SHEET_COLUMNS_MAX {
            break;
        }
        cells.resize(column, String::new());
        cells.push(cell.text.clone());
    }
    (number, cells)
}

/// The server's way to the child.
#[derive(Debug, Clone, Copy)]
pub struct ChildProcess;

#[async_trait]
impl Sandbox for ChildProcess {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || gongkai_office::wire::to_wire(&read(&file)))
            .await
            .map_err(|_| ended())
    }

    async fn read_with_pictures(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || {
            gongkai_office::wire::to_wire(&read_with_pictures(&file))
        })
        .await
        .map_err(|_| ended())
    }

    async fn sheets(&self, file: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        match tokio::task::spawn_blocking(move || read(&file)).await {
            Ok(Ok(document)) => match document.unseen_results() {
                Some(why) => Err(SandboxError(why)),
                None => Ok(sheets(&document)),
            },
            Ok(Err(refused)) => Err(SandboxError(refused.message)),
            Err(_) => Err(ended()),
        }
    }

    async fn hidden(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || gongkai_office::wire::hidden_to_wire(&hidden(&file)))
            .await
            .map_err(|_| ended())
    }

    async fn clean(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || gongkai_office::wire::clean_to_wire(clean(&file)))
            .await
            .map_err(|_| ended())
    }

    async fn pieces(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || gongkai_office::wire::pieces_to_wire(&pieces(&file)))
            .await
            .map_err(|_| ended())
    }

    async fn cover(&self, order: PathBuf) -> Result<Vec<u8>, SandboxError> {
        tokio::task::spawn_blocking(move || gongkai_office::wire::clean_to_wire(cover(&order)))
            .await
            .map_err(|_| ended())
    }
}

fn ended() -> SandboxError {
    SandboxError("读取进程异常结束，文件没有读取。已有数据没有受影响。请稍后重试。".into())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use super::{CHILD_COMMAND, Work, asked};

    fn of(words: &[&str]) -> Option<(Work, PathBuf)> {
        let program = ["gongkai"].into_iter();
        asked(program.chain(words.iter().copied()).map(OsString::from))
    }

    #[test]
    fn a_child_knows_what_it_is_asked() {
        for work in Work::ALL {
            let words: Vec<&str> = [CHILD_COMMAND]
                .into_iter()
                .chain(work.switch())
                .chain(["--a.docx"])
                .collect();
            assert_eq!(of(&words), Some((work, PathBuf::from("--a.docx"))));
        }
    }

    #[test]
    fn nothing_else_makes_a_child() {
        for words in [
            &[][..],
            &["plan", "read", "a.docx"],
            &[CHILD_COMMAND],
            &[CHILD_COMMAND, "--other", "a.docx"],
            &[CHILD_COMMAND, "--hidden", "--clean", "a.docx"],
        ] {
            assert_eq!(of(words), None, "{words:?}");
        }
    }
}
