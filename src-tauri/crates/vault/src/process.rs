//! Keeping keys in memory out of core files and debuggers.

/// Switches core dumps off and, on Linux, makes the process undumpable: no core file, no attaching
/// debugger of the same user, `/proc/self/mem` closed. Call it first thing in `main`. Returns whether the
/// operating system agreed to all of it.
#[must_use]
pub fn harden_process() -> bool {
    no_core_files() && not_dumpable()
}

/// Whether the process is as [`harden_process`] leaves it; nothing where the system cannot tell.
#[must_use]
pub fn is_hardened() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        let no_core = getrlimit(Resource::Core).current == Some(0);
        Some(no_core && dumpable_behavior().ok()? == DumpableBehavior::NotDumpable)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

#[cfg(unix)]
fn no_core_files() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).is_ok()
}

#[cfg(not(unix))]
fn no_core_files() -> bool {
    true
}

#[cfg(target_os = "linux")]
fn not_dumpable() -> bool {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn not_dumpable() -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_hardened_process_leaves_no_core() {
        assert!(harden_process());
        assert_eq!(is_hardened(), Some(true));
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
