use domain::{Role, UserId};
use vault::{Vault, VaultError};

use crate::support::{
    LOGIN, PASSWORD, QUICK, alter, clinic, colleague, content, flip_hex, refused, same_keys, unlock,
};

const DOC: &str = "doc@c.example";
const CHOSEN: &str = "a password of one's own";

#[test]
fn an_open_reset_sets_a_password_once() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let doc = colleague(path, &admin, DOC, Role::Clinician);
    let before = unlock(path, DOC, PASSWORD).unwrap();
    let codes = Vault::issue_codes(path, &before).unwrap();
    let key = Vault::open_reset(path, &admin, doc).unwrap();
    assert_eq!(format!("{key:?}"), "ResetKey(Secret(redacted))");
    Vault::reset_password(path, doc, &key, CHOSEN, QUICK).unwrap();
    let after = unlock(path, DOC, CHOSEN).unwrap();
    assert!(same_keys(&before, &after));
    assert_ne!(before.identity.unwrap().expose(), after.identity.unwrap().expose());
    assert_eq!(refused(path, DOC, PASSWORD), VaultError::InvalidCredentials);
    let answer = Vault::unlock_with_code(path, DOC, codes[0].text());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    let again = Vault::reset_password(path, doc, &key, "another", QUICK);
    assert_eq!(again, Err(VaultError::InvalidCredentials));
}

#[test]
fn a_reset_is_void_when_closed_reopened_overtaken_or_moved() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let doc = colleague(path, &admin, DOC, Role::Clinician);
    let refused = |key: &vault::ResetKey| {
        assert_eq!(Vault::reset_password(path, doc, key, CHOSEN, QUICK), Err(VaultError::InvalidCredentials));
    };
    let closed = Vault::open_reset(path, &admin, doc).unwrap();
    Vault::close_reset(path, doc).unwrap();
    Vault::close_reset(path, doc).unwrap();
    refused(&closed);

    let earlier = Vault::open_reset(path, &admin, doc).unwrap();
    let later = Vault::open_reset(path, &admin, doc).unwrap();
    refused(&earlier);

    Vault::set_role(path, &admin, doc, Role::FrontDesk).unwrap();
    refused(&later);

    let overtaken = Vault::open_reset(path, &admin, doc).unwrap();
    let own = unlock(path, DOC, PASSWORD).unwrap();
    Vault::change_password(path, &own, PASSWORD, QUICK).unwrap();
    refused(&overtaken);

    // The blob of an administrator's reset, in the slot of the front desk.
    let other = Vault::open_reset(path, &admin, admin.user_id).unwrap();
    let blob = content(path)["slots"][0]["reset"].clone();
    alter(path, |content| content["slots"][1]["reset"] = blob);
    refused(&other);
    assert_eq!(Vault::close_reset(path, UserId::fresh()), Err(VaultError::NoSuchSlot));
    assert!(same_keys(&own, &unlock(path, DOC, PASSWORD).unwrap()));
}

#[test]
fn a_reset_gives_no_more_than_the_role_holds() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let desk = colleague(path, &admin, DOC, Role::FrontDesk);
    let key = Vault::open_reset(path, &admin, desk).unwrap();
    alter(path, |content| content["slots"][1]["role"] = "clinician".into());
    assert_eq!(Vault::reset_password(path, desk, &key, CHOSEN, QUICK), Err(VaultError::InvalidCredentials));
    alter(path, |content| {
        content["slots"][1]["role"] = "front_desk".into();
        flip_hex(&mut content["slots"][1]["public"]);
    });
    assert_eq!(Vault::reset_password(path, desk, &key, CHOSEN, QUICK), Err(VaultError::InvalidCredentials));
    let desk_keys = {
        let desk = colleague(path, &admin, "other@c.example", Role::FrontDesk);
        let key = Vault::open_reset(path, &admin, desk).unwrap();
        Vault::reset_password(path, desk, &key, CHOSEN, QUICK).unwrap();
        unlock(path, "other@c.example", CHOSEN).unwrap()
    };
    assert!(desk_keys.clinical_key.is_none());
    assert_eq!(Vault::open_reset(path, &desk_keys, admin.user_id).unwrap_err(), VaultError::KeyNotHeld);
    unlock(path, LOGIN, PASSWORD).unwrap();
}
