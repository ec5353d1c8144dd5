//! `./dev bench [NAME] [--json]`: our figure and the peer's, side by side in one run.

mod figure;
mod photo;
mod window;

use std::process::ExitCode;

use figure::Figure;

type Bench = (&'static str, fn() -> Vec<Figure>);

const BENCHES: [Bench; 2] = [("photo", photo::run), ("window", window::run)];

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|a| a == "--json");
    let name = arguments.iter().find(|a| !a.starts_with("--")).map_or("all", String::as_str);
    let chosen: Vec<_> = BENCHES.iter().filter(|(n, _)| name == "all" || name == *n).collect();
    if chosen.is_empty() {
        let names: Vec<_> = BENCHES.iter().map(|(n, _)| *n).collect();
        eprintln!("no bench {name}; there are: all, {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let figures: Vec<Figure> = chosen.iter().flat_map(|(_, run)| run()).collect();
    figure::print(&figures, json);
    ExitCode::SUCCESS
}
