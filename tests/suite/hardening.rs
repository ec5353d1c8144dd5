//! What `docs/security.md` decides about the program's own walls, held to the files that decide it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::root;

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn config(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_crate_but_the_shell_forbids_unsafe_code() {
    let mut crates = 0;
    for entry in fs::read_dir(root().join("src-tauri/crates")).unwrap() {
        let lib = entry.unwrap().path().join("src/lib.rs");
        let text = fs::read_to_string(&lib).unwrap();
        assert!(text.contains("#![forbid(unsafe_code)]"), "{}", lib.display());
        crates += 1;
    }
    assert!(crates >= 6);
}

#[test]
fn the_shell_has_one_place_of_unsafe_code_and_says_why() {
    let places: Vec<_> = sources(&root().join("src-tauri/src"))
        .into_iter()
        .filter(|path| fs::read_to_string(path).unwrap().contains("unsafe {"))
        .collect();
    assert_eq!(places, [root().join("src-tauri/src/wiping.rs")]);
    let wiping = read("src-tauri/src/wiping.rs");
    assert_eq!(wiping.matches("unsafe {").count(), 1);
    assert!(wiping.contains("// SAFETY:"));
}

#[test]
fn the_page_runs_its_own_scripts_only_and_reaches_nothing_outside() {
    let config = config("tauri.conf.json");
    let security = &config["app"]["security"];
    assert_eq!(security["freezePrototype"], json!(true));
    let policy = security["csp"].as_str().unwrap();
    let directive = |name: &str| {
        let found = policy.split(';').map(str::trim).find(|part| part.split(' ').next() == Some(name));
        found.unwrap_or_else(|| panic!("no {name}")).split(' ').skip(1).collect::<Vec<_>>()
    };
    assert_eq!(directive("default-src"), ["'none'"]);
    assert_eq!(directive("script-src"), ["'self'"]);
    assert_eq!(directive("worker-src"), ["'self'"]);
    assert!(!policy.contains("unsafe-eval") && !policy.contains('*'));
    // The only hosts are Tauri's own names for the two schemes where a system knows no others.
    let hosts: Vec<_> = policy.split([' ', ';']).filter(|word| word.contains("//")).collect();
    assert!(
        hosts.iter().all(|host| ["http://vault.localhost", "http://ipc.localhost"].contains(host)),
        "{hosts:?}"
    );
}

#[test]
fn the_window_may_call_the_clinic_and_listen() {
    let capabilities: Vec<_> = fs::read_dir(root().join("src-tauri/capabilities")).unwrap().collect();
    assert_eq!(capabilities.len(), 1);
    let main = config("src-tauri/capabilities/main.json");
    assert_eq!(main["windows"], json!(["main"]));
    assert_eq!(
        main["permissions"],
        json!(["core:event:allow-listen", "core:event:allow-unlisten", "clinic"])
    );
    assert!(main.get("remote").is_none());
}

#[test]
fn no_system_loosens_the_walls_of_the_others() {
    for system in ["linux", "windows", "macos"] {
        let own = config(&format!("tauri.{system}.conf.json"));
        assert!(own.get("app").is_none() && own.get("plugins").is_none(), "{system}");
    }
}

/// The program opens no file that it is started with, so the menu entry must claim none.
#[test]
fn the_menu_entry_claims_no_kind_of_file() {
    let entry = read("src-tauri/lentigo.desktop");
    assert!(!entry.contains("MimeType") && !entry.contains("%f") && !entry.contains("%U"));
    assert!(config("tauri.conf.json")["bundle"].get("fileAssociations").is_none());
}
