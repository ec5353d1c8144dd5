//! The program's words: to standard error, and for the window also into the log.
//!
//! Only this program's own crates reach the log. What a library says may quote what it was given, and so may
//! the words of a panic: of a panic the log gets its place, and its words where they stand in the source.

use std::io;
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::Mutex;

use clinic::logs::{OWN, Rotating};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Warnings go to standard error; `LENTIGO_LOG` asks for more. With a folder, the log is kept there as well.
pub fn start(folder: Option<&Path>) {
    let asked = EnvFilter::try_from_env("LENTIGO_LOG");
    let filter = asked.unwrap_or_else(|_| EnvFilter::new("warn,tract=error"));
    let terminal = fmt::layer().with_writer(io::stderr).with_filter(filter);
    let log = folder.map(file_layer).transpose();
    let (log, missing) = match log {
        Ok(log) => (log, None),
        Err(error) => (None, Some(error)),
    };
    tracing_subscriber::registry().with(terminal).with(log).init();
    if let Some(error) = missing {
        tracing::warn!(%error, "no log is kept");
    }
    watch_panics();
}

/// Panics are noted from now on, without what they quote.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(note_panic));
}

/// JSON lines into a folder, a rotating file.
///
/// # Errors
/// When the folder or the file cannot be made.
pub fn file_layer<S>(folder: &Path) -> io::Result<impl Layer<S>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let own = Targets::new().with_targets(OWN.map(|name| (name, LevelFilter::INFO)));
    let file = Mutex::new(Rotating::open(folder)?);
    Ok(fmt::layer().json().with_writer(file).with_filter(own))
}

fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    match panic.payload().downcast_ref::<&'static str>() {
        Some(words) => tracing::error!(place, thread, words, "panic"),
        None => tracing::error!(place, thread, "panic"),
    }
}
