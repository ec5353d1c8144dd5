//! The process in which a model runs for the first time.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use domain::model_version::{ModelRefusal, ModelRefusalReason as Reason, TrialAnswer};

use super::probe::{Parcel, WORD};
use crate::error::{ErrorCode, Result};

/// A sound model answers in seconds.
const LONGEST: Duration = Duration::from_secs(120);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
const LONGEST_ANSWER: u64 = 4 << 20;
/// What Rust says on its way out when there is no more memory.
const OUT_OF_MEMORY: &str = "memory allocation of";
/// Linux ends a process that used up its processor time with it.
#[cfg(unix)]
const SIGNAL_OF_TIME: i32 = 24;

/// The program that tries models out, and how long it may take.
#[derive(Clone, Debug)]
pub struct TrialProgram {
    program: Option<PathBuf>,
    longest: Duration,
}

impl TrialProgram {
    /// This program itself, with a hidden word.
    #[must_use]
    pub fn this() -> Self {
        Self { program: std::env::current_exe().ok(), longest: LONGEST }
    }

    /// Another program that answers as [`super::probe::main`] does.
    #[must_use]
    pub const fn other(program: PathBuf) -> Self {
        Self { program: Some(program), longest: LONGEST }
    }

    #[must_use]
    pub fn within(self, longest: Duration) -> Self {
        Self { program: self.program, longest }
    }

    /// Hands a parcel to the process and waits for its line.
    ///
    /// # Errors
    /// `internal` when the process cannot be started.
    pub(super) fn ask(&self, parcel: &Parcel<'_>) -> Result<TrialAnswer> {
        let program = self.program.as_ref().ok_or(ErrorCode::Internal)?;
        let mut child = Command::new(program)
            .arg(WORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                tracing::warn!(%error, "the process that tries models out did not start");
                ErrorCode::Internal
            })?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            // A process that has ended takes nothing more; why it ended is asked below.
            scope.spawn(move || stdin.map(|mut stdin| parcel.write(&mut stdin).and_then(|()| stdin.flush())));
            let answer = scope.spawn(move || stdout.map(heard).unwrap_or_default());
            let words = scope.spawn(move || stderr.map(heard).unwrap_or_default());
            let ended = self.wait(&mut child);
            let (answer, words) = (answer.join().unwrap_or_default(), words.join().unwrap_or_default());
            Ok(match ended {
                None => refused(Reason::Time),
                Some(status) => serde_json::from_str(&answer).unwrap_or_else(|_| died(status, &words)),
            })
        })
    }

    /// How it ended; nothing when it had to be ended.
    fn wait(&self, child: &mut Child) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Ok(Some(status)) = child.try_wait() {
                return Some(status);
            }
            if start.elapsed() > self.longest {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
    }
}

fn heard(stream: impl Read) -> String {
    let mut words = String::new();
    let _ = stream.take(LONGEST_ANSWER).read_to_string(&mut words);
    words
}

fn died(status: ExitStatus, words: &str) -> TrialAnswer {
    tracing::warn!(%status, "the process that tries models out ended without an answer");
    let reason = if used_up_its_time(status) {
        Reason::Time
    } else if words.contains(OUT_OF_MEMORY) {
        Reason::Memory
    } else {
        Reason::Crashed
    };
    refused(reason)
}

#[cfg(unix)]
fn used_up_its_time(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGNAL_OF_TIME)
}

#[cfg(not(unix))]
const fn used_up_its_time(_: ExitStatus) -> bool {
    false
}

const fn refused(reason: Reason) -> TrialAnswer {
    TrialAnswer::Refused { refusal: ModelRefusal::new(reason) }
}
