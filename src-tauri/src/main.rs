//! Lentigo: without arguments the window, with a subcommand the same work without one.
// No console behind the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Memory is wiped when it is given back, so that a name or a password does not outlive its session there.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    lentigo::cli::main()
}
