//! Whoever can write the key slot file can also write its digest. What a slot says in clear is bound to
//! what it holds all the same.

use std::fs;

use domain::{Role, UserId};
use serde_json::{Value, json};
use vault::{KdfPolicy, KeyChange, Vault, VaultError, layout};

use crate::support::{
    LOGIN, PASSWORD, QUICK, alter, clinic, colleague, content, flip_hex, put_content, refused, same_keys,
    unlock,
};

const DESK: &str = "desk@c.example";

type Change = Box<dyn Fn(&mut Value)>;

fn flipped(path: &'static str) -> (&'static str, Change) {
    (path, Box::new(move |slot| flip_hex(slot.pointer_mut(path).unwrap())))
}

fn set(path: &'static str, value: Value) -> (&'static str, Change) {
    (path, Box::new(move |slot| *slot.pointer_mut(path).unwrap() = value.clone()))
}

#[test]
fn rewriting_without_a_change_still_opens() {
    // Shows that the refusals below come from the change and not from the rewriting.
    let (folder, _, code) = clinic();
    alter(folder.path(), |_| ());
    unlock(folder.path(), LOGIN, PASSWORD).unwrap();
    Vault::unlock_with_recovery(folder.path(), &code).unwrap();
}

#[test]
fn every_field_of_a_user_slot_is_bound() {
    let changes = [
        set("/id", json!(UserId::fresh())),
        flipped("/login"),
        set("/role", json!("clinician")),
        set("/role", json!("front_desk")),
        set("/epoch", json!(0)),
        flipped("/public"),
        flipped("/keys/encapsulated"),
        flipped("/keys/ciphertext"),
        flipped("/mac"),
        set("/password/kdf/memory_kib", json!(64)),
        set("/password/kdf/passes", json!(2)),
        set("/password/kdf/lanes", json!(2)),
        flipped("/password/kdf/salt"),
        flipped("/password/wrapped/nonce"),
        flipped("/password/wrapped/ciphertext"),
        set("/password", Value::Null),
    ];
    let (folder, ..) = clinic();
    let good = content(folder.path());
    for (field, change) in changes {
        put_content(folder.path(), &good);
        alter(folder.path(), |content| change(&mut content["slots"][0]));
        assert_eq!(refused(folder.path(), LOGIN, PASSWORD), VaultError::InvalidCredentials, "{field}");
    }
    put_content(folder.path(), &good);
    unlock(folder.path(), LOGIN, PASSWORD).unwrap();
}

#[test]
fn every_field_of_the_recovery_slot_is_bound() {
    let other = json!(UserId::fresh());
    let changes = [
        set("/id", other.clone()),
        set("/issued_to", other),
        set("/epoch", json!(0)),
        flipped("/salt"),
        flipped("/wrapped/nonce"),
        flipped("/wrapped/ciphertext"),
    ];
    let (folder, _, code) = clinic();
    let good = content(folder.path());
    for (field, change) in changes {
        put_content(folder.path(), &good);
        alter(folder.path(), |content| change(&mut content["recovery"]));
        let answer = Vault::unlock_with_recovery(folder.path(), &code);
        assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials, "{field}");
    }
}

#[test]
fn a_front_desk_slot_does_not_become_an_administrators() {
    let (folder, admin, _) = clinic();
    colleague(folder.path(), &admin, DESK, Role::FrontDesk);
    alter(folder.path(), |content| content["slots"][1]["role"] = json!("administrator"));
    assert_eq!(refused(folder.path(), DESK, PASSWORD), VaultError::InvalidCredentials);
}

#[test]
fn slots_that_changed_places_open_for_nobody_else() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    colleague(path, &admin, DESK, Role::FrontDesk);
    Vault::change_password(path, &unlock(path, DESK, PASSWORD).unwrap(), "desk password", QUICK).unwrap();
    let good = content(path);
    // Each part of the one slot is put into the other: the name, the way in, the sealed keys, all of it
    // but the name.
    for parts in [
        &["login"][..],
        &["password"],
        &["keys"],
        &["keys", "mac"],
        &["public", "keys"],
        &["public", "password"],
        &["role", "keys"],
        &["id", "role", "public", "keys", "mac", "password"],
    ] {
        put_content(path, &good);
        alter(path, |content| {
            for part in parts {
                content["slots"][0][*part] = good["slots"][1][*part].clone();
                content["slots"][1][*part] = good["slots"][0][*part].clone();
            }
        });
        for (login, password) in
            [(LOGIN, PASSWORD), (LOGIN, "desk password"), (DESK, PASSWORD), (DESK, "desk password")]
        {
            assert_eq!(refused(path, login, password), VaultError::InvalidCredentials, "{parts:?}");
        }
    }
}

#[test]
fn an_administrator_seals_nothing_to_a_public_key_put_there_by_somebody_else() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let desk = colleague(path, &admin, DESK, Role::FrontDesk);
    // The thief's own clinic gives a public key whose private half the thief knows.
    let (elsewhere, ..) = clinic();
    let foreign = content(elsewhere.path())["slots"][0].clone();
    for part in ["public", "login", "role", "id", "mac"] {
        let good = content(path);
        alter(path, |content| content["slots"][1][part] = foreign[part].clone());
        let user = if part == "id" { serde_json::from_value(foreign["id"].clone()).unwrap() } else { desk };
        let answers = [
            Vault::set_role(path, &admin, user, Role::Administrator).unwrap_err(),
            Vault::set_login(path, &admin, user, "new@c.example").unwrap_err(),
            Vault::open_reset(path, &admin, user).unwrap_err(),
            KeyChange::begin(path, &admin).unwrap_err(),
            Vault::holders(path, &admin).unwrap_err(),
        ];
        assert!(answers.iter().all(|answer| *answer == VaultError::SlotAltered), "{part}: {answers:?}");
        put_content(path, &good);
    }
    assert_eq!(Vault::holders(path, &admin).unwrap().len(), 2);
}

#[test]
fn a_swapped_intake_key_is_put_right_by_the_next_change() {
    let (folder, admin, _) = clinic();
    let good = content(folder.path())["intake"].clone();
    alter(folder.path(), |content| flip_hex(&mut content["intake"]));
    colleague(folder.path(), &admin, DESK, Role::FrontDesk);
    assert_eq!(content(folder.path())["intake"], good);
}

#[test]
fn slots_of_an_earlier_epoch_open_nothing() {
    let (folder, admin, code) = clinic();
    let path = folder.path();
    alter(path, |content| content["epoch"] = json!(2));
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::StaleEpoch);
    assert_eq!(refused(path, LOGIN, "wrong"), VaultError::InvalidCredentials);
    assert_eq!(Vault::unlock_with_recovery(path, &code).unwrap_err(), VaultError::StaleEpoch);
    let answer = Vault::change_password(path, &admin, "new password", QUICK);
    assert_eq!(answer, Err(VaultError::StaleEpoch));
    // Saying that the slot is of the new epoch does not help: the number is bound.
    alter(path, |content| content["slots"][0]["epoch"] = json!(2));
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
}

#[test]
fn a_slot_that_asks_for_a_terabyte_is_damage() {
    let (folder, ..) = clinic();
    alter(folder.path(), |content| {
        content["slots"][0]["password"]["kdf"]["memory_kib"] = json!(1_u32 << 30);
    });
    assert_eq!(refused(folder.path(), LOGIN, PASSWORD), VaultError::KeySlotsDamaged);
}

#[test]
fn every_cut_and_every_flipped_bit_of_the_file_is_healed_by_the_copy() {
    let (folder, created, code) = clinic();
    let path = folder.path();
    let file = path.join(layout::KEY_SLOTS);
    let good = fs::read(&file).unwrap();
    for at in (0..good.len()).step_by(61) {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        for bad in [&good[..at], &flipped] {
            fs::write(&file, bad).unwrap();
            let unlocked = Vault::unlock(path, LOGIN, PASSWORD, KdfPolicy::for_tests()).unwrap();
            assert!(same_keys(&created, &unlocked));
            assert_eq!(fs::read(&file).unwrap(), good);
        }
    }
    // Without the copy nothing opens, with the sheet neither: the sheet's lock is in the file too.
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    fs::remove_file(path.join(layout::KEY_SLOTS_COPY)).unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::KeySlotsDamaged);
    assert_eq!(Vault::unlock_with_recovery(path, &code).unwrap_err(), VaultError::KeySlotsDamaged);
    // From a backup it comes back whole.
    fs::write(path.join(layout::KEY_SLOTS_COPY), &good).unwrap();
    assert!(same_keys(&created, &Vault::unlock_with_recovery(path, &code).unwrap()));
}

#[test]
fn the_sheet_opens_the_clinic_when_every_user_slot_is_altered() {
    let (folder, created, code) = clinic();
    let path = folder.path();
    alter(path, |content| flip_hex(&mut content["slots"][0]["mac"]));
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
    let unlocked = Vault::unlock_with_recovery(path, &code).unwrap();
    assert!(same_keys(&created, &unlocked));
    let owner = crate::support::owner(created.user_id);
    Vault::replace_slot(path, &unlocked, owner, QUICK).unwrap();
    assert!(same_keys(&created, &unlock(path, LOGIN, PASSWORD).unwrap()));
}
