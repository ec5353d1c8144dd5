//! `lentigo audit verify` as somebody in a terminal runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clinic::views::AuditSearchRequest;
use clinic::{DeviceKeyring, Workstation, audit_trail, entry};
use support::{EMAIL, PASSWORD, World};
use vault::KdfPolicy;
use vault::device::Recalled;

/// On a machine whose keyring is out of reach.
fn verify(home: &Path, password: &str, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_lentigo"));
    run(program.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"), home, password, arguments)
}

fn run(program: &mut Command, home: &Path, password: &str, arguments: &[&str]) -> Output {
    let mut child = program
        .args(["audit", "verify", "--email", EMAIL])
        .args(arguments)
        .env("LENTIGO_HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn it_says_whether_the_trail_is_whole_and_where_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("clinic");
    let workstation = Workstation::new(home.clone(), support::root().join("models"));
    let workstation = Arc::new(workstation.with_kdf(KdfPolicy::for_tests()));
    let (session, _) = entry::found(&workstation, &World::founding()).unwrap();
    let busy = verify(&home, PASSWORD, &[]);
    assert!(!busy.status.success() && said(&busy).contains("clinic_in_use"), "{busy:?}");
    entry::sign_out(&session).unwrap();
    drop((session, workstation));

    let whole = verify(&home, PASSWORD, &[]);
    assert!(whole.status.success() && said(&whole).contains("intact"), "{whole:?}");
    let wrong = verify(&home, "not the password at all", &[]);
    assert!(!wrong.status.success() && said(&wrong).contains("invalid_credentials"), "{wrong:?}");

    // Somebody with the keys cuts the tail off.
    let keys = vault::Vault::unlock(&home, EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap();
    let database = vault::open_database(&home, &keys).unwrap();
    database
        .execute_batch("DROP TRIGGER audit_rows_never_go; DELETE FROM audit_rows WHERE seq > 3;")
        .unwrap();
    drop(database);
    let cut = verify(&home, PASSWORD, &["--json"]);
    let verdict: serde_json::Value = serde_json::from_str(&said(&cut)).unwrap();
    assert!(!cut.status.success());
    assert_eq!(verdict["intact"], false);
    // The sign-in before the check had to go on after the cut, and said so in the trail.
    assert_eq!(verdict["fault"], "gap_recorded", "{verdict}");
    assert!(verdict["first_fault"].as_u64().is_some_and(|row| row >= 4), "{verdict}");
}

/// Runs to its end with the keyring of this machine; where there is none, nobody can notice.
#[test]
fn it_says_that_an_older_folder_was_put_back_where_there_is_a_keyring() {
    let folder = tempfile::tempdir().unwrap();
    let (home, copy) = (folder.path().join("clinic"), folder.path().join("copy"));
    let workstation = Workstation::new(home.clone(), support::root().join("models"));
    let workstation = Arc::new(workstation.with_kdf(KdfPolicy::for_tests()));
    let (session, _) = entry::found(&workstation, &World::founding()).unwrap();
    let request: AuditSearchRequest = serde_json::from_value(serde_json::json!({
        "filter": { "from": null, "to": null, "actor": null, "actions": ["clinic_created"], "patient_id": null },
        "before": null, "limit": 1,
    }))
    .unwrap();
    let clinic = audit_trail::search(&session, &request).unwrap().rows[0].subject_id.clone().unwrap();
    entry::sign_out(&session).unwrap();
    drop((session, workstation));
    let verify = || run(&mut Command::new(env!("CARGO_BIN_EXE_lentigo")), &home, PASSWORD, &[]);

    assert!(verify().status.success());
    copy_files(&home, &copy);
    assert!(verify().status.success());
    std::fs::remove_dir_all(&home).unwrap();
    copy_files(&copy, &home);
    let after = verify();
    let name = format!("audit-head:{clinic}");
    let has_keyring = matches!(DeviceKeyring::system().recall(&name), Recalled::Found(_));
    if has_keyring {
        keyring::Entry::new("org.lentigo.workstation", &name).unwrap().delete_credential().unwrap();
    }
    eprintln!("keyring on this machine: {has_keyring}");
    assert_eq!(after.status.success(), !has_keyring, "{after:?}");
    assert_eq!(said(&after).contains("rolled_back"), has_keyring, "{after:?}");
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_files(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
