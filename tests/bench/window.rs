//! From the start of the program to a window that can be used, beside a bare window of the same kind.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::figure::{Figure, Target, median};

const RUNS: usize = 7;
const PATIENCE: Duration = Duration::from_secs(10);

pub fn run() -> Vec<Figure> {
    if std::env::var_os("DISPLAY").is_none() {
        eprintln!("skipped: the window bench needs a display");
        return vec![];
    }
    // Beside this program, and so built with the same profile.
    let this = std::env::current_exe().expect("a running program has a file");
    let programs = this.parent().expect("a file lies in a folder");
    let bare = programs.join("examples/bare_window");
    let (mut ours, mut theirs) = (vec![], vec![]);
    // Taken in turns, so that a busy moment of the machine falls on both.
    for run in 0..=RUNS {
        let a = start(&programs.join("lentigo"));
        let b = start(&bare);
        if run > 0 {
            ours.extend(a);
            theirs.extend(b);
        }
    }
    let peer = (!theirs.is_empty()).then(|| ("bare Tauri window", median(theirs)));
    vec![Figure {
        name: "window_usable",
        value: median(ours),
        unit: "ms",
        peer,
        target: Some(Target::AtMost(1.3)),
    }]
}

/// Milliseconds until the program says that its window is usable.
fn start(program: &Path) -> Option<f64> {
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
    let elapsed = begun.elapsed().as_secs_f64() * 1e3;
    end(&mut child);
    said.then_some(elapsed)
}

fn end(child: &mut Child) {
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let _ = child.wait();
}
