//! What the window's libraries free is wiped too: the page's toolkit and SQLite take their memory from the
//! C library, where [`main`](../main.rs)'s allocator does not reach.
//!
//! glibc overwrites freed memory when asked by its tunables (mallopt(3), M_PERTURB), except for what it keeps
//! in its per-thread cache, so that is off; WebKit uses glibc's memory instead of its own with `Malloc=1`.
//! All of this is read once, when a process starts: so the program starts itself again with it.
//!
//! The tunables are for this process alone. Mesa's software renderer reads memory that it has given back
//! (seen in 22.3), which goes well by luck and ends a web process whose freed memory is overwritten.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn wipe_what_is_freed() {
    use std::os::unix::process::CommandExt;

    const TUNABLES: &str = "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165";

    let given = std::env::var("GLIBC_TUNABLES").unwrap_or_default();
    if given.contains("malloc.perturb") {
        keep_from_children();
        return;
    }
    let tunables = if given.is_empty() { TUNABLES.to_owned() } else { format!("{given}:{TUNABLES}") };
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env("GLIBC_TUNABLES", tunables)
        .env("Malloc", "1")
        .exec();
    tracing::warn!(%error, "freed memory will not be wiped");
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the standard library has no safe way to take a variable out of the environment")]
fn keep_from_children() {
    // SAFETY: called at the very start of `main`, when no other thread can be reading the environment.
    unsafe { std::env::remove_var("GLIBC_TUNABLES") };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn wipe_what_is_freed() {}
