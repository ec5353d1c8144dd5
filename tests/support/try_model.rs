//! The process in which tests try models out, as the program itself is it for the window.

fn main() -> std::process::ExitCode {
    clinic::models::probe::main()
}
