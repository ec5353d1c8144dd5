//! The command line: the same work without a window, JSON on standard output, one object a line.

mod analyze;
mod audit;
mod backup;
mod demo;
mod door;
mod evaluate;
mod output;
mod parallel;
mod resume;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use clinic::{DeviceKeyring, Error, ErrorCode, Workstation};
use serde_json::json;

use crate::{places, window, wiping};

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
        /// Also writes heatmap and overlay of every photograph as PNG.
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

pub fn main() -> ExitCode {
    harden();
    logging();
    let done = match Arguments::parse().command {
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
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output::line(&json!(error));
            ExitCode::FAILURE
        }
    }
}

/// No core dump may hold a key or a photograph.
fn harden() {
    if !clinic::harden_process() {
        tracing::warn!("core dumps could not be switched off");
    }
}

/// Warnings go to standard error; `LENTIGO_LOG` asks for more. No log line carries patient data.
fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LENTIGO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,tract=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn open_window() -> clinic::Result<()> {
    if !has_display() {
        return Err(Error::with(
            ErrorCode::Internal,
            json!({ "reason": "no display; `lentigo demo` and `lentigo analyze` work without one" }),
        ));
    }
    wiping::wipe_what_is_freed();
    let workstation =
        Workstation::new(places::home(), places::models()).with_keyring(DeviceKeyring::system());
    window::run(Arc::new(workstation)).map_err(|error| {
        tracing::error!(%error, "the window could not be opened");
        ErrorCode::Internal.into()
    })
}

/// GTK ends the process without one; better said in words.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}
