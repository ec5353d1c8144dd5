use std::fs;

use domain::{Role, UserId};
use vault::{Vault, VaultError, layout};

use crate::support::{LOGIN, PASSWORD, alter, clinic, colleague, content, same_keys, unlock};

#[test]
fn every_code_opens_once_and_old_ones_are_void() {
    let (folder, created, _) = clinic();
    let path = folder.path();
    let old = Vault::issue_codes(path, &created).unwrap();
    let codes = Vault::issue_codes(path, &created).unwrap();
    assert_eq!(Vault::codes_left(path, created.user_id), Ok(10));
    for (used, code) in codes.iter().enumerate() {
        let unlocked =
            Vault::unlock_with_code(path, &LOGIN.to_uppercase(), &code.text().to_lowercase()).unwrap();
        assert!(same_keys(&created, &unlocked));
        assert_eq!(unlocked.identity.unwrap().expose(), created.identity.as_ref().unwrap().expose());
        assert_eq!(Vault::codes_left(path, created.user_id), Ok(9 - used as u32));
        let again = Vault::unlock_with_code(path, LOGIN, code.text());
        assert_eq!(again.unwrap_err(), VaultError::InvalidCredentials);
    }
    for code in old {
        let answer = Vault::unlock_with_code(path, LOGIN, code.text());
        assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    }
}

#[test]
fn a_code_serves_as_a_second_factor_of_its_own_user_only() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let desk = colleague(path, &admin, "desk@c.example", Role::FrontDesk);
    let keys = unlock(path, "desk@c.example", PASSWORD).unwrap();
    let codes = Vault::issue_codes(path, &keys).unwrap();
    let code = codes[0].text();
    for (user, text, error) in [
        (admin.user_id, code.to_owned(), VaultError::InvalidCredentials),
        (UserId::fresh(), code.to_owned(), VaultError::InvalidCredentials),
        (desk, code[..19].to_owned(), VaultError::RecoveryCodeMistyped),
        (desk, String::new(), VaultError::RecoveryCodeMistyped),
    ] {
        assert_eq!(Vault::spend_code(path, user, &text), Err(error));
    }
    assert_eq!(Vault::unlock_with_code(path, LOGIN, code).unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Vault::spend_code(path, desk, code), Ok(9));
    assert_eq!(Vault::spend_code(path, desk, code), Err(VaultError::InvalidCredentials));
}

#[test]
fn a_spent_code_is_gone_from_file_and_copy() {
    let (folder, created, _) = clinic();
    let path = folder.path();
    let codes = Vault::issue_codes(path, &created).unwrap();
    Vault::spend_code(path, created.user_id, codes[3].text()).unwrap();
    for name in [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY] {
        let text = fs::read_to_string(path.join(name)).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["content"]["slots"][0]["codes"].as_array().unwrap().len(), 9);
    }
    fs::remove_file(path.join(layout::KEY_SLOTS)).unwrap();
    let again = Vault::unlock_with_code(path, LOGIN, codes[3].text());
    assert_eq!(again.unwrap_err(), VaultError::InvalidCredentials);
}

#[test]
fn a_code_moved_to_another_slot_opens_nothing() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    colleague(path, &admin, "desk@c.example", Role::FrontDesk);
    let keys = unlock(path, "desk@c.example", PASSWORD).unwrap();
    let codes = Vault::issue_codes(path, &keys).unwrap();
    let locks = content(path)["slots"][1]["codes"].clone();
    alter(path, |content| content["slots"][0]["codes"] = locks);
    let answer = Vault::unlock_with_code(path, LOGIN, codes[0].text());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
}
