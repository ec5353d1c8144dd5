//! The floors of the house: imports go down only, siblings never import each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::root;

/// Every crate and its floor. A new crate must be placed here before it builds green.
const FLOORS: &[(&str, u8)] = &[
    ("domain", 0),
    ("vault", 1),
    ("vision", 1),
    ("records", 2),
    ("documents", 2),
    ("clinic", 3),
    ("lentigo", 4),
    ("lentigo-tests", 5),
];

fn metadata() -> Value {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn dependencies(package: &Value) -> Vec<(&str, bool)> {
    package["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["name"].as_str().unwrap(), d["kind"].as_str() == Some("dev")))
        .collect()
}

/// The edges between our own crates that break the floors.
fn broken_edges(packages: &[(String, Vec<String>)]) -> Vec<String> {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let mut broken = Vec::new();
    for (name, needs) in packages {
        let Some(floor) = floors.get(name.as_str()) else {
            broken.push(format!("{name} has no floor"));
            continue;
        };
        for need in needs {
            if floors.get(need.as_str()).is_some_and(|below| below >= floor) {
                broken.push(format!("{name} must not import {need}"));
            }
        }
    }
    broken
}

#[test]
fn imports_go_down_only() {
    let metadata = metadata();
    let packages: Vec<_> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            // Tests may look at anything; only what is shipped has floors.
            let shipped = dependencies(p).into_iter().filter(|(_, dev)| !dev);
            let needs = shipped.map(|(name, _)| name.to_owned()).collect();
            (p["name"].as_str().unwrap().to_owned(), needs)
        })
        .collect();
    assert_eq!(packages.len(), FLOORS.len(), "a crate is missing from the floor table");
    assert_eq!(broken_edges(&packages), Vec::<String>::new());
}

#[test]
fn an_edge_up_or_sideways_is_seen() {
    let edges = [
        ("domain".to_owned(), vec!["vision".to_owned()]),
        ("vault".to_owned(), vec!["vision".to_owned()]),
        ("attic".to_owned(), vec![]),
    ];
    assert_eq!(broken_edges(&edges).len(), 3);
}

#[test]
fn only_the_shell_knows_tauri() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let named = dependencies(package).iter().any(|(n, _)| n.starts_with("tauri"));
        assert!(!named || matches!(name, "lentigo" | "lentigo-tests"), "{name} names tauri");
    }
}

#[test]
fn sql_is_written_in_records_only() {
    let words = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE"];
    for path in sources(&root().join("src-tauri"), "rs") {
        let inside = path.strip_prefix(root()).unwrap();
        // The vault's first read tries the key; it knows no table.
        let allowed = ["src-tauri/crates/records", "src-tauri/crates/vault/src/database.rs"];
        if allowed.iter().any(|place| inside.starts_with(place))
            || inside.components().any(|c| c.as_os_str() == "tests" || c.as_os_str() == "tests.rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let found = words.iter().find(|w| text.contains(&format!("\"{w}")));
        assert!(found.is_none(), "{} holds SQL", inside.display());
    }
}

#[test]
fn the_page_reaches_the_core_through_one_door() {
    let door = root().join("ui/src/ipc");
    for extension in ["ts", "svelte"] {
        for path in sources(&root().join("ui/src"), extension) {
            if path.starts_with(&door) {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("@tauri-apps"), "{} names Tauri", path.display());
        }
    }
}

#[test]
fn no_file_grows_past_what_can_be_read_in_one_sitting() {
    for (folder, extension) in [
        ("src-tauri", "rs"),
        ("tests", "rs"),
        ("ui/src", "ts"),
        ("ui/src", "svelte"),
        ("models/training", "py"),
    ] {
        for path in sources(&root().join(folder), extension) {
            // What is made by a tool, and the one table of commands, in which one looks up and does not read on.
            let spared = ["ipc/generated.ts", "clinic/src/commands/table.rs"];
            if spared.iter().any(|end| path.ends_with(end)) {
                continue;
            }
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 420, "{} has {lines} lines", path.display());
        }
    }
}

fn sources(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found
}
