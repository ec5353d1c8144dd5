//! `lentigo audit verify` as somebody in a terminal runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clinic::{Workstation, entry};
use support::{EMAIL, PASSWORD, World};
use vault::KdfPolicy;

fn verify(home: &Path, password: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lentigo"))
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
