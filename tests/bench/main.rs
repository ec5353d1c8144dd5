//! `./dev bench [NAME] [--json]`: our figure and the peer's, side by side in one run.

mod architectures;
mod auth;
mod backup;
mod browser;
mod exam;
mod insight;
mod insight_performance;
mod model;
mod models;
mod photo;
mod records;
mod report;
mod resident;
mod window;

use std::process::ExitCode;

use support::figure::{self, Figure};

/// A name and its parts, each of which is printed when it is done.
type Bench = (&'static str, &'static [fn() -> Vec<Figure>]);

const BENCHES: [Bench; 11] = [
    ("architectures", &[architectures::run]),
    ("auth", &[auth::run]),
    ("backup", &[backup::run]),
    ("exam", &exam::PARTS),
    ("insight", &[insight::run]),
    ("model", &[model::run]),
    ("models", &[models::run]),
    ("photo", &[photo::run]),
    ("records", &[records::run]),
    ("report", &[report::run]),
    ("window", &[window::run]),
];

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [flag, folder] = arguments.as_slice()
        && flag == "--begin-and-die"
    {
        auth::begin_and_die(std::path::Path::new(folder));
        return ExitCode::SUCCESS;
    }
    if let [flag, folder] = arguments.as_slice()
        && flag == records::FLAG
    {
        records::probe(std::path::Path::new(folder));
        return ExitCode::SUCCESS;
    }
    if let [flag, folder] = arguments.as_slice()
        && flag == exam::FLAG
    {
        exam::probe(std::path::Path::new(folder));
        return ExitCode::SUCCESS;
    }
    if arguments.first().is_some_and(|word| word == clinic::models::probe::WORD) {
        return clinic::models::probe::main();
    }
    let json = arguments.iter().any(|a| a == "--json");
    let name = arguments.iter().find(|a| !a.starts_with("--")).map_or("all", String::as_str);
    let chosen: Vec<_> = BENCHES.iter().filter(|(n, _)| name == "all" || name == *n).collect();
    if chosen.is_empty() {
        let names: Vec<_> = BENCHES.iter().map(|(n, _)| *n).collect();
        eprintln!("no bench {name}; there are: all, {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    if !json {
        figure::print_head();
    }
    for part in chosen.iter().flat_map(|(_, parts)| *parts) {
        figure::print(&part(), json);
    }
    ExitCode::SUCCESS
}
