//! The Python pipeline on as many cores: a process each, as Python does it.

use std::process::{Child, Command, Stdio};

use support::root;

const RUNS: usize = 9;

/// Photographs a second; nothing, with a word on standard error, where Python or its packages are missing.
pub fn throughput(jpeg: &[u8], processes: usize) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    let file = folder.path().join("photo.jpg");
    std::fs::write(&file, jpeg).ok()?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let start = || {
        Command::new(&python)
            .arg(root().join("tests/bench/photo.py"))
            .args([file.as_os_str(), root().join("models").as_os_str(), RUNS.to_string().as_ref()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()
    };
    let running: Vec<Child> = (0..processes).filter_map(|_| start()).collect();
    let each: Vec<f64> = running.into_iter().filter_map(milliseconds).collect();
    if each.len() < processes {
        eprintln!("the Python peer did not run");
        return None;
    }
    Some(each.iter().map(|milliseconds| 1e3 / milliseconds).sum())
}

fn milliseconds(child: Child) -> Option<f64> {
    let output = child.wait_with_output().ok()?;
    serde_json::from_slice::<serde_json::Value>(&output.stdout).ok()?["total"].as_f64()
}
