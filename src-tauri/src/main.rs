//! Lentigo: without arguments the window, with a subcommand the same work without one.
// No console behind the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    lentigo::cli::main()
}
