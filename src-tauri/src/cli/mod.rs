//! The command line: the same work without a window, JSON on standard output, one object a line.

mod analyze;
mod audit;
mod backup;
mod demo;
mod entering;
mod evaluate;
mod output;
mod parallel;
mod photographs;
mod resume;
mod selftest;
mod shell_files;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, Parser, Subcommand};
use clinic::logs::{LastRun, Logs, RunMark};
use clinic::{DeviceKeyring, Error, ErrorCode, Workstation};
use serde_json::json;

use crate::{logging, places, window, wiping};

#[derive(Parser)]
#[command(name = "lentigo", version, about = "Offline workstation for skin-lesion examination")]
struct Arguments {
    /// Without a command the window opens.
    #[command(subcommand)]
    command: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// The main job in a throw-away clinic: register a patient, analyse photographs, write the PDF.
    Demo {
        /// Where the PDF and the overlays are left.
        #[arg(long, default_value = "out/demo")]
        out: PathBuf,
        /// Photographs to use instead of the built-in samples.
        #[arg(long, num_args = 1..)]
        image: Vec<PathBuf>,
    },
    /// Reads photographs (files or folders) without a clinic.
    #[command(visible_alias = "analyse")]
    Analyze {
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
        /// Also writes heatmap, overlay and outline of every photograph as PNG.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Photographs read at the same time.
        #[arg(long, default_value_t = 2)]
        threads: usize,
        /// Adds every result to this file of JSON lines; what it holds already is not read again.
        #[arg(long, value_name = "FILE")]
        resume: Option<PathBuf>,
    },
    /// Measures the model on labelled photographs.
    Evaluate {
        /// CSV with the columns `file` and `label`.
        labels: PathBuf,
        /// The folder that `file` is relative to.
        #[arg(long)]
        images: PathBuf,
        #[arg(long)]
        json: bool,
        /// Photographs read at the same time.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
    /// Says whether a PDF is a report of the clinic on this workstation, and unchanged since it was signed. Asks for
    /// no password.
    Verify {
        report: PathBuf,
        /// The keys of the clinic that signed, as Lentigo saves them, instead of this workstation's.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Makes a backup of the clinic on this workstation. Asks for an administrator's password, and for a code where a
    /// second factor is set; without a terminal both are lines of standard input.
    Backup {
        /// The folder or drive that it goes to.
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        /// The sign-in name of an administrator.
        #[arg(long)]
        email: String,
        #[arg(long)]
        json: bool,
    },
    /// Restores a backup on a computer without a clinic. Asks for the password of whoever had an account when it was
    /// made, or without `--email` for the recovery sheet of that time.
    Restore {
        /// The folder or drive that the backups lie in.
        #[arg(long, value_name = "FOLDER")]
        from: PathBuf,
        /// Where the clinic is put instead of this workstation's place.
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
        /// Another backup than the newest, by its identity.
        #[arg(long, value_name = "ID")]
        backup: Option<String>,
        #[arg(long)]
        email: Option<String>,
        /// Restores the clinic without photographs that are damaged in the backup.
        #[arg(long)]
        without_damaged: bool,
        #[arg(long)]
        json: bool,
    },
    /// The audit trail of the clinic on this workstation.
    #[command(subcommand)]
    Audit(AuditTask),
    /// Runs a model for the first time; the window starts it as a process of its own.
    #[command(name = clinic::models::probe::WORD, hide = true)]
    TryModel,
    /// Looks at records, model and machine. The exit status is 0 when all is well, 1 when something should be seen
    /// to, 2 when records or privacy are in danger or the test could not be done.
    Selftest {
        /// The sign-in name of an administrator, whose password is asked for. Without it, what needs keys is left out.
        #[arg(long)]
        user: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Man pages and shell completions for a package, written into a folder.
    #[command(hide = true)]
    ShellFiles { folder: PathBuf },
}

#[derive(Subcommand)]
enum AuditTask {
    /// Says whether the trail is whole. Asks for the password, and for a code where a second factor is
    /// set; without a terminal both are lines of standard input.
    Verify {
        /// The sign-in name of an administrator or auditor.
        #[arg(long)]
        email: String,
        #[arg(long)]
        json: bool,
    },
}

/// The command line as clap sees it.
fn command() -> clap::Command {
    Arguments::command()
}

pub fn main() -> ExitCode {
    let hardened = clinic::harden_process();
    let task = Arguments::parse().command;
    // Only the window keeps a log: what is done on the command line says what it has to say there.
    logging::start(task.is_none().then(places::logs).as_deref());
    if !hardened {
        tracing::warn!("core dumps could not be switched off");
    }
    let done = match task {
        None => open_window().map(|()| true),
        Some(Task::Demo { out, image }) => demo::run(&out, &image).map(|()| true),
        Some(Task::Analyze { paths, json, out, threads, resume }) => {
            let (out, resume) = (out.as_deref(), resume.as_deref());
            analyze::run(&paths, &analyze::Wishes { as_json: json, out, threads, resume })
        }
        Some(Task::Evaluate { labels, images, json, threads }) => {
            evaluate::run(&labels, &images, json, threads).map(|()| true)
        }
        Some(Task::Verify { report, key, json }) => verify::run(&report, key.as_deref(), json),
        Some(Task::Backup { to, email, json }) => backup::make(&to, &email, json).map(|()| true),
        Some(Task::Restore { from, to, backup, email, without_damaged, json }) => {
            let wishes = backup::Wishes { from, to, backup, email, without_damaged, as_json: json };
            backup::restore(&wishes).map(|()| true)
        }
        Some(Task::Audit(AuditTask::Verify { email, json })) => audit::verify(&email, json),
        Some(Task::TryModel) => return clinic::models::probe::main(),
        Some(Task::ShellFiles { folder }) => shell_files::write(&folder, &command()).map(|()| true),
        Some(Task::Selftest { user, json }) => {
            return selftest::run(user.as_deref(), json)
                .map_or_else(|error| failed(&error, 2), |light| ExitCode::from(light as u8));
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error, 1),
    }
}

fn failed(error: &Error, status: u8) -> ExitCode {
    output::line(&json!(error));
    ExitCode::from(status)
}

fn open_window() -> clinic::Result<()> {
    if !has_display() {
        return Err(Error::with(
            ErrorCode::Internal,
            json!({ "reason": "no display; `lentigo demo` and `lentigo analyze` work without one" }),
        ));
    }
    wiping::wipe_what_is_freed();
    let (mark, last_run) = leave_mark();
    let workstation = Workstation::new(places::home(), places::models())
        .with_keyring(DeviceKeyring::system())
        .with_logs(Logs::new(places::logs(), last_run));
    let ended = window::run(Arc::new(workstation)).map_err(|error| {
        tracing::error!(%error, "the window could not be opened");
        ErrorCode::Internal.into()
    });
    tracing::info!("the program ends");
    if let Some(mark) = mark {
        mark.remove();
    }
    ended
}

/// Says how the last run ended, and marks that this one is under way.
fn leave_mark() -> (Option<RunMark>, LastRun) {
    let (mark, last_run) = RunMark::leave(&places::logs()).unwrap_or_else(|error| {
        tracing::warn!(%error, "whether a run ends in order is not noted");
        (None, LastRun::Unknown)
    });
    tracing::info!(version = env!("CARGO_PKG_VERSION"), system = std::env::consts::OS, "the program starts");
    if last_run == LastRun::CutShort {
        tracing::warn!("the last run did not end in order");
    }
    (mark, last_run)
}

/// GTK ends the process without one; better said in words.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}
