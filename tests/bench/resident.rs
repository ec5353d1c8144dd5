//! Memory of a program and of every process it started.

use std::fs;
use std::thread;
use std::time::Duration;

/// What a window needs to come to rest after it can be used.
const REST: Duration = Duration::from_secs(3);

/// Megabytes of the tree of a process, at rest. Pages that several processes share count once, divided among
/// them (proc(5), `Pss`), so that the sum is what the tree takes from the machine.
pub fn at_rest(root: u32) -> Option<f64> {
    thread::sleep(REST);
    let parents = parents();
    let tree = parents.iter().map(|(pid, _)| *pid).filter(|pid| descends(*pid, root, &parents));
    let kilobytes: Vec<f64> = tree.filter_map(proportional).collect();
    (!kilobytes.is_empty()).then(|| kilobytes.iter().sum::<f64>() / 1_000.0)
}

/// Every process and who started it.
fn parents() -> Vec<(u32, u32)> {
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: u32| Some((pid, parent(pid)?))).collect()
}

/// The second word after the name, which stands in brackets and may hold anything.
fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn descends(pid: u32, root: u32, parents: &[(u32, u32)]) -> bool {
    let mut at = pid;
    while at != root {
        let Some((_, parent)) = parents.iter().find(|(child, _)| *child == at) else { return false };
        at = *parent;
    }
    true
}

/// Nothing of a process that ended meanwhile.
fn proportional(pid: u32) -> Option<f64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
