//! The program is killed at random moments of a mixed load, again and again, on one clinic.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use support::figure::{Figure, Target};
use support::tampering::Random;

use crate::{Length, check, clinic_here, load};

const KILLS: usize = 1_000;
const SHORT: usize = 4;
/// The clinic is looked at after each of so many kills, and founded anew after this many, so that looking at it
/// stays quick.
const RENEWED: usize = 50;
/// A start takes this long at most.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(length: Length) -> Vec<Figure> {
    let kills = length.of(KILLS, SHORT);
    let mut random = Random(0x51_6b_11);
    let (mut acknowledged, mut faults, mut errors) = (0, vec![], 0);
    let mut done = 0;
    while done < kills {
        let folder = tempfile::tempdir().expect("a temporary folder");
        clinic_here::found(folder.path()).expect("a clinic");
        let mut lines = vec![];
        for _ in 0..RENEWED.min(kills - done) {
            let said = killed(folder.path(), &mut random);
            errors += said.iter().filter(|line| line.starts_with("error")).count();
            lines.extend(said.into_iter().filter(|line| line.starts_with("ack")));
            faults.extend(check::faults(folder.path(), &lines));
            done += 1;
        }
        acknowledged += lines.len();
    }
    crate::tell("kills", &faults);
    vec![
        Figure::count("kills", kills, Target::AtLeast(kills as f64)),
        Figure::count("kills_acknowledged_writes", acknowledged, Target::AtLeast(1.0)),
        Figure::count("kills_faults_found", faults.len(), Target::AtMost(0.0)),
        Figure::count("kills_errors_of_the_load", errors, Target::AtMost(0.0)),
    ]
}

/// What the program said before it was killed.
fn killed(folder: &Path, random: &mut Random) -> Vec<String> {
    let mut child = started(folder, random.below(u64::MAX));
    let output = child.stdout.take().expect("its output");
    let (armed, at_work) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        let heard = lines.inspect(|line| {
            if line == "#armed" {
                let _ = armed.send(());
            }
        });
        heard.collect::<Vec<_>>()
    });
    // One in four dies somewhere between its start and its first work.
    if random.below(4) > 0 {
        let _ = at_work.recv_timeout(PATIENCE);
    }
    std::thread::sleep(Duration::from_millis(random.below(2_000)));
    // SIGKILL: nothing in the program gets to say goodbye.
    child.kill().expect("a child to kill");
    child.wait().expect("a killed child");
    reader.join().unwrap_or_default()
}

fn started(folder: &Path, seed: u64) -> Child {
    Command::new(std::env::current_exe().expect("a running program has a file"))
        .arg(load::FLAG)
        .arg(folder)
        .args([seed.to_string(), "0".into()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again")
}
