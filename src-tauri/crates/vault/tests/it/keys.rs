use std::fs;

use domain::{Role, UserId};
use vault::{KdfPolicy, NewOwner, Presence, Vault, VaultError, layout};

use crate::support::{LOGIN, PASSWORD, QUICK, clinic, colleague, content, owner, refused, same_keys, unlock};

#[test]
fn the_administrator_gets_the_same_keys_back() {
    let (folder, created, _) = clinic();
    let unlocked = unlock(folder.path(), "  Ada@Clinic.Example", PASSWORD).unwrap();
    assert!(same_keys(&created, &unlocked));
    assert_eq!((unlocked.user_id, unlocked.role, unlocked.epoch), (created.user_id, Role::Administrator, 1));
    assert_ne!(unlocked.database_key.expose(), unlocked.audit_key.expose());
    assert_ne!(unlocked.database_key.expose(), unlocked.clinical_key.as_ref().unwrap().expose());
}

#[test]
fn unknown_name_and_wrong_password_get_the_same_answer() {
    let (folder, ..) = clinic();
    assert_eq!(refused(folder.path(), LOGIN, "wrong"), VaultError::InvalidCredentials);
    assert_eq!(refused(folder.path(), "eve@clinic.example", PASSWORD), VaultError::InvalidCredentials);
    assert_eq!(refused(folder.path(), "", ""), VaultError::InvalidCredentials);
}

#[test]
fn the_folder_is_private_and_names_nobody() {
    let (folder, unlocked, code) = clinic();
    for name in [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        for secret in [LOGIN, "clinic.example", PASSWORD, &code, &code.replace('-', "")] {
            assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{name}");
        }
        for key in [&unlocked.database_key, &unlocked.audit_key] {
            let hex: String = key.expose().iter().map(|b| format!("{b:02x}")).collect();
            assert!(!text.contains(&hex));
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(""), mode(layout::IMAGES)), (0o700, 0o700));
        assert_eq!((mode(layout::KEY_SLOTS), mode(layout::KEY_SLOTS_COPY)), (0o600, 0o600));
    }
}

#[test]
fn the_standard_policy_is_what_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    Vault::create(folder.path(), owner(UserId::fresh()), KdfPolicy::STANDARD).unwrap();
    let text = fs::read_to_string(folder.path().join(layout::KEY_SLOTS)).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let kdf = &file["content"]["slots"][0]["password"]["kdf"];
    let costs = ["memory_kib", "passes", "lanes", "version"].map(|name| kdf[name].as_u64().unwrap());
    assert_eq!((costs, kdf["algorithm"].as_str()), ([65_536, 3, 4, 19], Some("argon2id")));
    unlock(folder.path(), LOGIN, PASSWORD).unwrap();
}

#[test]
fn keys_never_show_in_debug() {
    let (_folder, unlocked, _) = clinic();
    let text = format!("{unlocked:?} {unlocked:#?}");
    assert_eq!(text.matches("Secret(redacted)").count(), 8);
    assert!(!text.contains('['), "no list of bytes: {text}");
}

#[test]
fn a_second_clinic_is_never_made_over_the_first() {
    let (folder, ..) = clinic();
    let again = Vault::create(folder.path(), owner(UserId::fresh()), QUICK);
    assert_eq!(again.unwrap_err(), VaultError::ClinicExists);
    for name in [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join(layout::DATABASE), b"x").unwrap();
    let again = Vault::create(folder.path(), owner(UserId::fresh()), QUICK);
    assert_eq!(again.unwrap_err(), VaultError::ClinicExists);
}

#[test]
fn the_first_user_is_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let clinician = NewOwner { role: Role::Clinician, ..owner(UserId::fresh()) };
    let refused = Vault::create(folder.path(), clinician, QUICK);
    assert_eq!(refused.unwrap_err(), VaultError::NoAdministrator);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_recovery_sheet_opens_everything_until_a_new_one_is_issued() {
    let (folder, created, code) = clinic();
    let typed = code.to_lowercase().replace('-', " ");
    let unlocked = Vault::unlock_with_recovery(folder.path(), &typed).unwrap();
    assert!(same_keys(&created, &unlocked));
    assert_eq!((unlocked.user_id, unlocked.role), (created.user_id, Role::Administrator));

    let mut mistyped: Vec<char> = code.chars().collect();
    mistyped[3] = if mistyped[3] == '7' { '8' } else { '7' };
    let mistyped: String = mistyped.into_iter().collect();
    let answer = Vault::unlock_with_recovery(folder.path(), &mistyped);
    assert_eq!(answer.unwrap_err(), VaultError::RecoveryCodeMistyped);

    let sheet = Vault::issue_recovery(folder.path(), &created).unwrap();
    let answer = Vault::unlock_with_recovery(folder.path(), &code);
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    assert!(same_keys(&created, &Vault::unlock_with_recovery(folder.path(), sheet.code()).unwrap()));
}

#[test]
fn a_forgotten_password_is_replaced_with_the_sheet() {
    let (folder, created, code) = clinic();
    let path = folder.path();
    let codes = Vault::issue_codes(path, &created).unwrap();
    let unlocked = Vault::unlock_with_recovery(path, &code).unwrap();
    assert!(unlocked.identity.is_none());
    let answer = Vault::change_password(path, &unlocked, "a new long password", QUICK);
    assert_eq!(answer, Err(VaultError::KeyNotHeld), "the sheet does not hold the private key");
    let owner = NewOwner { password: "a new long password", ..owner(created.user_id) };
    Vault::replace_slot(path, &unlocked, owner, QUICK).unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
    assert!(same_keys(&created, &unlock(path, LOGIN, "a new long password").unwrap()));
    assert_eq!(Vault::codes_left(path, created.user_id), Ok(0));
    let answer = Vault::unlock_with_code(path, LOGIN, codes[0].text());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    // A session from before the change cannot put its own private key back.
    let answer = Vault::change_password(path, &created, "old hands", QUICK);
    assert_eq!(answer, Err(VaultError::KeyNotHeld));
}

#[test]
fn a_new_password_takes_the_place_of_the_old_one_and_nothing_else() {
    let (folder, created, _) = clinic();
    let path = folder.path();
    let codes = Vault::issue_codes(path, &created).unwrap();
    let before = content(path)["slots"][0].clone();
    Vault::change_password(path, &created, "a new long password", QUICK).unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
    assert!(same_keys(&created, &unlock(path, LOGIN, "a new long password").unwrap()));
    let after = content(path)["slots"][0].clone();
    for field in ["id", "login", "role", "epoch", "public", "keys", "mac", "codes"] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert!(same_keys(&created, &Vault::unlock_with_code(path, LOGIN, codes[0].text()).unwrap()));
}

#[test]
fn a_slot_below_the_policy_is_raised_at_sign_in() {
    let (folder, created, _) = clinic();
    let path = folder.path();
    let passes = |at: usize| content(path)["slots"][at]["password"]["kdf"]["memory_kib"].as_u64().unwrap();
    colleague(path, &created, "doc@c.example", Role::Clinician);
    assert_eq!((passes(0), passes(1)), (32, 32));
    let wrong = Vault::unlock(path, LOGIN, "wrong", KdfPolicy::STANDARD);
    assert_eq!(wrong.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(passes(0), 32);
    assert!(same_keys(&created, &Vault::unlock(path, LOGIN, PASSWORD, KdfPolicy::STANDARD).unwrap()));
    assert_eq!((passes(0), passes(1)), (65_536, 32));
    let raised = content(path);
    assert!(same_keys(&created, &Vault::unlock(path, LOGIN, PASSWORD, KdfPolicy::STANDARD).unwrap()));
    unlock(path, LOGIN, PASSWORD).unwrap();
    assert_eq!(content(path), raised, "once is enough, and a lower policy lowers nothing");
}

#[test]
fn the_front_desk_holds_no_key_to_photographs_and_cannot_pass_one_on() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    for (login, role) in [
        ("desk@clinic.example", Role::FrontDesk),
        ("audit@clinic.example", Role::Auditor),
        ("doc@clinic.example", Role::Clinician),
    ] {
        let new = NewOwner { user_id: UserId::fresh(), login, role, password: "pw of the new user" };
        Vault::add_slot(path, &admin, new, QUICK).unwrap();
        let unlocked = unlock(path, login, "pw of the new user").unwrap();
        assert_eq!(unlocked.role, role);
        assert_eq!(unlocked.clinical_key.is_some(), role == Role::Clinician);
        assert_eq!(unlocked.database_key.expose(), admin.database_key.expose());
    }
    let desk = unlock(path, "desk@clinic.example", "pw of the new user").unwrap();
    let new = NewOwner { user_id: UserId::fresh(), login: "x@y.z", role: Role::Clinician, password: "p" };
    let answer = Vault::add_slot(path, &desk, new, QUICK);
    assert_eq!(answer, Err(VaultError::KeyNotHeld));
    assert_eq!(Vault::issue_recovery(path, &desk).unwrap_err(), VaultError::KeyNotHeld);
}

#[test]
fn one_slot_a_user_and_one_user_a_name() {
    let (folder, admin, _) = clinic();
    let mut new =
        NewOwner { user_id: admin.user_id, login: "new@c.example", role: Role::Auditor, password: "p" };
    let add = |new| Vault::add_slot(folder.path(), &admin, new, QUICK);
    assert_eq!(add(new), Err(VaultError::SlotExists));
    new = NewOwner { user_id: UserId::fresh(), login: "ADA@clinic.example", ..new };
    assert_eq!(add(new), Err(VaultError::SlotExists));
}

#[test]
fn a_leaver_is_locked_out_and_the_last_administrator_stays() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let user_id = UserId::fresh();
    let new = NewOwner { user_id, login: "doc@c.example", role: Role::Clinician, password: "pw" };
    Vault::add_slot(path, &admin, new, QUICK).unwrap();
    Vault::remove_slot(path, &admin, user_id).unwrap();
    assert_eq!(refused(path, "doc@c.example", "pw"), VaultError::InvalidCredentials);
    assert_eq!(Vault::remove_slot(path, &admin, user_id), Err(VaultError::NoSuchSlot));
    assert_eq!(Vault::remove_slot(path, &admin, admin.user_id), Err(VaultError::NoAdministrator));
    unlock(path, LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_damaged_or_lost_file_comes_back_from_its_copy() {
    let (folder, created, _) = clinic();
    let path = folder.path();
    let (file, copy) = (path.join(layout::KEY_SLOTS), path.join(layout::KEY_SLOTS_COPY));
    let good = fs::read(&file).unwrap();
    let mut flipped = good.clone();
    let at = good.windows(7).position(|w| w == b"wrapped").unwrap() + 22;
    flipped[at] = if flipped[at] == b'0' { b'1' } else { b'0' };
    for damage in [None, Some(Vec::new()), Some(good[..good.len() / 2].to_vec()), Some(flipped.clone())] {
        match damage {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert!(same_keys(&created, &unlock(path, LOGIN, PASSWORD).unwrap()));
        assert_eq!(fs::read(&file).unwrap(), good);
    }
    fs::remove_file(&copy).unwrap();
    unlock(path, LOGIN, PASSWORD).unwrap();
    assert_eq!(fs::read(&copy).unwrap(), good);

    fs::write(&file, &flipped).unwrap();
    fs::write(&copy, b"{}").unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::KeySlotsDamaged);
}

#[test]
fn an_outdated_copy_does_not_bring_an_old_password_back() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let old = fs::read(path.join(layout::KEY_SLOTS)).unwrap();
    Vault::change_password(path, &admin, "a new long password", QUICK).unwrap();
    // As if the program had ended between writing the file and writing its copy.
    fs::write(path.join(layout::KEY_SLOTS_COPY), old).unwrap();
    unlock(path, LOGIN, "a new long password").unwrap();
    fs::remove_file(path.join(layout::KEY_SLOTS)).unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
}

#[test]
fn missing_slots_beside_a_database_are_never_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Vault::presence(folder.path()), Presence::Absent);
    assert_eq!(refused(folder.path(), LOGIN, PASSWORD), VaultError::NoClinic);
    fs::write(folder.path().join(layout::DATABASE), b"encrypted").unwrap();
    assert_eq!(Vault::presence(folder.path()), Presence::KeySlotsMissing);
    assert_eq!(refused(folder.path(), LOGIN, PASSWORD), VaultError::KeySlotsMissing);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
