//! `./dev torture [NAME] [--short] [--json]`: what Lentigo withstands, with the figures of one run.

mod check;
mod clinic_here;
mod cuts;
mod disk;
mod flips;
mod flows;
mod interposer;
mod kills;
mod load;
mod recording;
mod soak;
mod writes;

use std::process::ExitCode;

use support::figure::{self, Figure};

type Torture = (&'static str, fn(Length) -> Vec<Figure>);

const TORTURES: [Torture; 5] = [
    ("cuts", cuts::run),
    ("flips", flips::run),
    ("kills", kills::run),
    ("soak", soak::run),
    ("writes", writes::run),
];

/// The whole run, or the slice of it that every change is tested with.
#[derive(Clone, Copy)]
pub enum Length {
    Long,
    Short,
}

impl Length {
    const fn of(self, long: usize, short: usize) -> usize {
        match self {
            Self::Long => long,
            Self::Short => short,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((flag, rest)) if flag == load::FLAG => return ended(load::run(rest)),
        Some((flag, rest)) if flag == flows::FLAG => return ended(flows::run(rest)),
        _ => {}
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let length = if has("--short") { Length::Short } else { Length::Long };
    let name = arguments.iter().find(|a| !a.starts_with("--")).map_or("all", String::as_str);
    let chosen: Vec<_> = TORTURES.iter().filter(|(n, _)| name == "all" || name == *n).collect();
    if chosen.is_empty() {
        let names: Vec<_> = TORTURES.iter().map(|(n, _)| *n).collect();
        eprintln!("no torture {name}; there are: all, {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let figures: Vec<Figure> = chosen.iter().flat_map(|(_, run)| run(length)).collect();
    if !has("--json") {
        figure::print_head();
    }
    figure::print(&figures, has("--json"));
    let withstood = figures.iter().all(|figure| figure.ok() != Some(false));
    if withstood { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ended(outcome: Result<(), clinic::Error>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{:?}", error.code);
            ExitCode::FAILURE
        }
    }
}

/// The first of what was found, for whoever has to mend it.
fn tell(torture: &str, faults: &[String]) {
    const SHOWN: usize = 20;
    for fault in faults.iter().take(SHOWN) {
        eprintln!("{torture}: {fault}");
    }
    if faults.len() > SHOWN {
        eprintln!("{torture}: and {} more", faults.len() - SHOWN);
    }
}
