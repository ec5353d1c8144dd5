//! `lentigo backup` and `lentigo restore` as somebody in a terminal runs them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clinic::{Workstation, entry};
use support::{EMAIL, PASSWORD, World, signed_in};
use vault::KdfPolicy;

/// On a machine whose keyring is out of reach; what is typed goes to standard input.
fn lentigo(home: &Path, typed: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lentigo"))
        .args(arguments)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("LENTIGO_HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A refusal may come before anything is read.
    let _ = writeln!(child.stdin.take().unwrap(), "{typed}");
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

fn program(home: &Path) -> Arc<Workstation> {
    let workstation = Workstation::new(home.to_owned(), support::root().join("models"));
    Arc::new(workstation.with_kdf(KdfPolicy::for_tests()))
}

#[test]
fn a_clinic_goes_to_a_folder_and_comes_back_at_another_place() {
    let folder = tempfile::tempdir().unwrap();
    let (home, drive, new) =
        (folder.path().join("clinic"), folder.path().join("drive"), folder.path().join("new"));
    std::fs::create_dir(&drive).unwrap();
    let workstation = program(&home);
    let (session, sheet) = entry::found(&workstation, &World::founding()).unwrap();
    entry::sign_out(&session).unwrap();
    drop((session, workstation));
    let drive = drive.to_str().unwrap();

    let wrong = lentigo(&home, "wrong", &["backup", "--to", drive, "--email", EMAIL]);
    assert_eq!((wrong.status.success(), &said(&wrong)["code"]), (false, &"invalid_credentials".into()));
    let made = lentigo(&home, PASSWORD, &["backup", "--to", drive, "--email", EMAIL, "--json"]);
    assert!(made.status.success(), "{made:?}");
    assert!(said(&made)["written"].as_u64().unwrap() > 0);

    let there = lentigo(&home, PASSWORD, &["restore", "--from", drive, "--email", EMAIL]);
    assert_eq!(said(&there)["code"], "clinic_exists");
    let new = new.to_str().unwrap();
    let code = sheet.groups.join("-");
    let restored = lentigo(&home, &code, &["restore", "--from", drive, "--to", new, "--json"]);
    assert!(restored.status.success(), "{restored:?}");
    assert_eq!(said(&restored)["lost"], 0);
    signed_in(&program(Path::new(new)), EMAIL, PASSWORD).unwrap();
    let empty =
        lentigo(&folder.path().join("elsewhere"), PASSWORD, &["restore", "--from", new, "--email", EMAIL]);
    assert_eq!(said(&empty)["code"], "not_found");
}
