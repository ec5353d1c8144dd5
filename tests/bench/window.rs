//! From the start of the program to a window that can be used, and its memory at rest; beside a bare window of the same
//! kind and beside a browser's application window with the same page.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::browser::Browser;
use crate::figure::{Figure, Target, median};
use crate::resident::at_rest;

const RUNS: usize = 7;
pub const PATIENCE: Duration = Duration::from_secs(10);
/// What the processes of a window take to be gone after it, so that none is in the way of the next.
const GOODBYE: Duration = Duration::from_secs(1);

/// Milliseconds until a window could be used, and megabytes at rest afterwards.
#[derive(Default)]
struct Seen {
    usable: Vec<f64>,
    resident: Vec<f64>,
}

impl Seen {
    fn note(&mut self, (usable, resident): (f64, f64)) {
        self.usable.push(usable);
        self.resident.push(resident);
    }
}

pub fn run() -> Vec<Figure> {
    if std::env::var_os("DISPLAY").is_none() {
        eprintln!("skipped: the window bench needs a display");
        return vec![];
    }
    // Beside this program, and so built with the same profile.
    let this = std::env::current_exe().expect("a running program has a file");
    let programs = this.parent().expect("a file lies in a folder");
    let bare = programs.join("examples/bare_window");
    let (mut ours, mut theirs, mut browsers) = (Seen::default(), Seen::default(), Seen::default());
    // Taken in turns, so that a busy moment of the machine falls on all.
    for run in 0..=RUNS {
        let seen = [start(&programs.join("lentigo")), start(&bare), start_browser()];
        if run > 0 {
            for (kept, seen) in [&mut ours, &mut theirs, &mut browsers].into_iter().zip(seen) {
                seen.into_iter().for_each(|seen| kept.note(seen));
            }
        }
    }
    if browsers.usable.is_empty() {
        eprintln!("skipped: no Chromium at hand, which would show the same page");
    }
    const BARE: &str = "bare Tauri window";
    const CHROMIUM: &str = "Chromium --app";
    let (usable, resident) = (median(ours.usable), median(ours.resident));
    let figure = |name, value, unit, peer, theirs: &[f64], most| Figure {
        name,
        value,
        unit,
        peer: (!theirs.is_empty()).then(|| (peer, median(theirs.to_vec()))),
        target: Some(Target::AtMost(most)),
    };
    vec![
        figure("window_usable", usable, "ms", BARE, &theirs.usable, 1.3),
        figure("window_usable_beside_chromium", usable, "ms", CHROMIUM, &browsers.usable, 1.0),
        figure("window_memory_at_rest", resident, "MB", BARE, &theirs.resident, 1.3),
        figure("window_memory_at_rest_beside_chromium", resident, "MB", CHROMIUM, &browsers.resident, 1.0),
    ]
}

/// Until the program says that its window is usable.
fn start(program: &Path) -> Option<(f64, f64)> {
    let home = tempfile::tempdir().ok()?;
    let begun = Instant::now();
    let mut child = Command::new(program)
        // Both as Lentigo's desktop entry starts it, with freed memory wiped.
        .env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165")
        .env("Malloc", "1")
        .env("LENTIGO_HOME", home.path().join("clinic"))
        .env("LENTIGO_LOG", "lentigo=info,bare_window=info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let (told, news) = mpsc::channel();
    let lines = BufReader::new(child.stderr.take()?).lines();
    std::thread::spawn(move || {
        if lines.map_while(Result::ok).any(|line| line.contains("window usable")) {
            let _ = told.send(());
        }
    });
    let said = news.recv_timeout(PATIENCE).is_ok();
    let usable = begun.elapsed().as_secs_f64() * 1e3;
    let resident = at_rest(child.id());
    end(&mut child);
    said.then_some((usable, resident?))
}

/// Until the page in the browser has drawn its first screen.
fn start_browser() -> Option<(f64, f64)> {
    let begun = Instant::now();
    let browser = Browser::open()?;
    let said = browser.is_usable();
    let usable = begun.elapsed().as_secs_f64() * 1e3;
    let resident = at_rest(browser.pid());
    said.then_some((usable, resident?))
}

pub fn end(child: &mut Child) {
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let _ = child.wait();
    std::thread::sleep(GOODBYE);
}
