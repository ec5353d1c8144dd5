use domain::{Role, UserId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vault::{Enrolment, Vault, VaultError};

use crate::support::{LOGIN, PASSWORD, QUICK, alter, clinic, colleague, refused, same_keys, unlock};

const DOC: &str = "doc@c.example";
const CHOSEN: &str = "a password of one's own";

fn tomorrow() -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(24)
}

#[test]
fn an_invited_user_chooses_a_password_with_the_code() {
    let (folder, admin, _) = clinic();
    let (path, user, now) = (folder.path(), UserId::fresh(), Timestamp::now());
    let code = Vault::issue_activation(path, &admin, user, DOC, Role::Clinician, tomorrow()).unwrap();
    assert_eq!(Vault::has_slot(path, user), Ok(true));
    assert_eq!(refused(path, DOC, ""), VaultError::InvalidCredentials);
    assert_eq!(refused(path, DOC, code.text()), VaultError::InvalidCredentials);
    let unlocked = Vault::activate(path, "DOC@c.example ", code.text(), CHOSEN, QUICK, now).unwrap();
    assert!(same_keys(&admin, &unlocked));
    assert_eq!((unlocked.user_id, unlocked.role), (user, Role::Clinician));
    assert!(same_keys(&admin, &unlock(path, DOC, CHOSEN).unwrap()));
    let again = Vault::activate(path, DOC, code.text(), "another", QUICK, now);
    assert_eq!(again.unwrap_err(), VaultError::InvalidCredentials);
    unlock(path, DOC, CHOSEN).unwrap();
    // The keys that came out are good for the user's own business.
    Vault::issue_codes(path, &unlocked).unwrap();
}

#[test]
fn a_wrong_code_a_wrong_name_and_an_old_code_open_nothing() {
    let (folder, admin, _) = clinic();
    let (path, user, now) = (folder.path(), UserId::fresh(), Timestamp::now());
    let old = Vault::issue_activation(path, &admin, user, DOC, Role::Auditor, tomorrow()).unwrap();
    let code = Vault::issue_activation(path, &admin, user, DOC, Role::Auditor, tomorrow()).unwrap();
    let try_with = |login: &str, code: &str| {
        Vault::activate(path, login, code, CHOSEN, QUICK, now).map(|_| ()).unwrap_err()
    };
    assert_eq!(try_with(DOC, old.text()), VaultError::InvalidCredentials);
    assert_eq!(try_with(LOGIN, code.text()), VaultError::InvalidCredentials);
    assert_eq!(try_with("nobody@c.example", code.text()), VaultError::InvalidCredentials);
    assert_eq!(try_with(DOC, &code.text()[1..]), VaultError::RecoveryCodeMistyped);
    Vault::activate(path, DOC, code.text(), CHOSEN, QUICK, now).unwrap();
}

#[test]
fn a_code_ends_on_time_and_its_time_cannot_be_moved() {
    let (folder, admin, _) = clinic();
    let (path, user, ends) = (folder.path(), UserId::fresh(), tomorrow());
    let code = Vault::issue_activation(path, &admin, user, DOC, Role::Auditor, ends).unwrap();
    let at = |now| Vault::activate(path, DOC, code.text(), CHOSEN, QUICK, now).map(|_| ());
    assert_eq!(at(ends), Err(VaultError::CodeExpired));
    let later = ends + SignedDuration::from_hours(24);
    alter(path, |content| content["slots"][1]["activation"]["expires_at"] = json!(later));
    assert_eq!(at(ends), Err(VaultError::InvalidCredentials));
    alter(path, |content| content["slots"][1]["activation"]["expires_at"] = json!(ends));
    assert_eq!(at(ends - SignedDuration::from_secs(1)), Ok(()));
}

#[test]
fn a_change_of_role_or_name_before_the_first_sign_in_keeps_the_code() {
    let (folder, admin, _) = clinic();
    let (path, user) = (folder.path(), UserId::fresh());
    let code = Vault::issue_activation(path, &admin, user, DOC, Role::Auditor, tomorrow()).unwrap();
    Vault::set_role(path, &admin, user, Role::Clinician).unwrap();
    Vault::set_login(path, &admin, user, "new@c.example").unwrap();
    let unlocked =
        Vault::activate(path, "new@c.example", code.text(), CHOSEN, QUICK, Timestamp::now()).unwrap();
    assert_eq!(unlocked.role, Role::Clinician);
    assert!(same_keys(&admin, &unlocked));
}

#[test]
fn an_activation_voids_the_slot_before_it_but_never_the_last_administrators() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let doc = colleague(path, &admin, DOC, Role::Administrator);
    let issue = |user, login, role| Vault::issue_activation(path, &admin, user, login, role, tomorrow());
    issue(doc, DOC, Role::Administrator).unwrap();
    assert_eq!(refused(path, DOC, PASSWORD), VaultError::InvalidCredentials);
    let answer = issue(admin.user_id, LOGIN, Role::Administrator);
    assert_eq!(answer.unwrap_err(), VaultError::NoAdministrator, "nobody could come in meanwhile");
    assert_eq!(issue(doc, LOGIN, Role::Auditor).unwrap_err(), VaultError::SlotExists);
    unlock(path, LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_registered_user_comes_in_with_the_password_chosen_then() {
    let (folder, admin, _) = clinic();
    let (path, user) = (folder.path(), UserId::fresh());
    let before = crate::support::content(path);
    let enrolment = Vault::enrol(path, user, DOC, CHOSEN, QUICK).unwrap();
    assert_eq!(crate::support::content(path), before, "nothing is written");
    assert_eq!(refused(path, DOC, CHOSEN), VaultError::InvalidCredentials);
    let stored = serde_json::to_string(&enrolment).unwrap();
    assert!(!stored.contains(CHOSEN) && !stored.contains(DOC));
    assert!(!format!("{enrolment:?}").contains("ciphertext"));
    let read: Enrolment = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.user_id(), user);
    Vault::admit(path, &admin, Role::FrontDesk, &read).unwrap();
    let unlocked = unlock(path, DOC, CHOSEN).unwrap();
    assert_eq!(
        (unlocked.user_id, unlocked.role, unlocked.clinical_key.is_none()),
        (user, Role::FrontDesk, true)
    );
    assert_eq!(Vault::admit(path, &admin, Role::FrontDesk, &read), Err(VaultError::SlotExists));
    let taken = Vault::enrol(path, UserId::fresh(), LOGIN, CHOSEN, QUICK).unwrap();
    assert_eq!(Vault::admit(path, &admin, Role::FrontDesk, &taken), Err(VaultError::SlotExists));
}

#[test]
fn an_enrolment_that_nobody_could_bear_or_open_is_not_admitted() {
    let (folder, admin, _) = clinic();
    let enrolment = Vault::enrol(folder.path(), UserId::fresh(), DOC, CHOSEN, QUICK).unwrap();
    let good = serde_json::to_value(&enrolment).unwrap();
    let answer_to = |field: &str, value: serde_json::Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(field).unwrap() = value;
        Vault::admit(folder.path(), &admin, Role::FrontDesk, &serde_json::from_value(bad).unwrap())
    };
    assert_eq!(answer_to("/password/kdf/memory_kib", json!(1_u32 << 30)), Err(VaultError::WeakKdf));
    assert_eq!(answer_to("/public", json!("00".repeat(32))), Err(VaultError::SlotAltered));
}
