//! The program's log: JSON lines in files that rotate by size, without anything of a patient.
//!
//! Lines are written by the shell through `tracing`, from this program's own crates only: what libraries say
//! may quote what they were given. A mark beside the log tells whether the last run ended in order.

mod bundle;
mod lines;
mod rotating;
mod run_mark;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub use bundle::{SUPPORT_BUNDLE, pack, preview};
pub use rotating::Rotating;
pub use run_mark::{LastRun, RunMark};

use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{LogLine, LogPageView, LogReadRequest};

/// The newest file; older ones end in `.1` to `.4`.
const FILE: &str = "lentigo.log";
/// A file is closed once it is larger than this.
pub const FILE_BYTES: u64 = 1 << 20;
/// Files that are kept, the newest among them.
pub const FILES: u32 = 5;
const MOST_LINES: u32 = 500;

/// Crates whose words go into the log.
pub const OWN: [&str; 7] = ["lentigo", "clinic", "records", "documents", "vault", "vision", "domain"];

/// Where the log lies, and how the run before this one ended.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    folder: Option<PathBuf>,
    last_run: LastRun,
}

impl Logs {
    #[must_use]
    pub const fn new(folder: PathBuf, last_run: LastRun) -> Self {
        Self { folder: Some(folder), last_run }
    }

    #[must_use]
    pub const fn last_run(&self) -> LastRun {
        self.last_run
    }

    fn files(&self) -> Vec<PathBuf> {
        self.folder.as_deref().map(files).unwrap_or_default()
    }
}

/// The files there are, newest first.
fn files(folder: &Path) -> Vec<PathBuf> {
    (0..FILES).map(|age| file(folder, age)).filter(|path| path.is_file()).collect()
}

fn file(folder: &Path, age: u32) -> PathBuf {
    folder.join(if age == 0 { FILE.to_owned() } else { format!("{FILE}.{age}") })
}

/// Lines that match, newest first.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn read(session: &Session, request: &LogReadRequest) -> Result<LogPageView> {
    session.authorise(Command::LogRead)?;
    let lines = lines::of(&session.workstation().logs().files())?;
    let mut areas: Vec<_> = lines.iter().map(|line| line.area.clone()).collect();
    areas.sort();
    areas.dedup();
    let wanted = Wanted::of(request);
    let matching: Vec<LogLine> = lines.into_iter().filter(|line| wanted.holds(line)).collect();
    let total = u32::try_from(matching.len()).unwrap_or(u32::MAX);
    let page = matching.into_iter().skip(request.offset as usize);
    Ok(LogPageView { lines: page.take(request.limit.min(MOST_LINES) as usize).collect(), total, areas })
}

struct Wanted<'a> {
    request: &'a LogReadRequest,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    text: String,
}

impl<'a> Wanted<'a> {
    fn of(request: &'a LogReadRequest) -> Self {
        let start = |day: Date| Some(day.to_zoned(TimeZone::system()).ok()?.timestamp());
        Self {
            request,
            from: request.from.and_then(start),
            until: request.to.and_then(|day| day.checked_add(1.day()).ok()).and_then(start),
            text: request.text.trim().to_lowercase(),
        }
    }

    fn holds(&self, line: &LogLine) -> bool {
        line.level >= self.request.level
            && self.request.area.as_ref().is_none_or(|area| *area == line.area)
            && self.from.is_none_or(|from| line.at >= from)
            && self.until.is_none_or(|until| line.at < until)
            && self.says(line)
    }

    fn says(&self, line: &LogLine) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(&self.text);
        self.text.is_empty()
            || holds(&line.message)
            || line.fields.iter().any(|(name, value)| holds(name) || holds(value))
    }
}
