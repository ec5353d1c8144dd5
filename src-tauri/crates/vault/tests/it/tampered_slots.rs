//! Whoever can write the key slot file can also write its checksum. What a slot says in clear is bound to
//! what it wraps all the same.

use std::fs;
use std::path::Path;

use domain::{Role, UserId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vault::{KdfPolicy, NewOwner, Vault, VaultError, layout};

use crate::keys::{LOGIN, PASSWORD, clinic};

type Change = Box<dyn Fn(&mut Value)>;

/// Rewrites both files with a change and a checksum that is right for it.
fn alter(folder: &Path, change: impl Fn(&mut Value)) {
    let text = fs::read_to_string(folder.join(layout::KEY_SLOTS)).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    change(&mut file["content"]);
    // Key order matters for the digest, so the compact text is made from the pretty one's order.
    let digest = Sha256::digest(ordered(&file["content"]));
    file["sha256"] = Value::String(digest.iter().map(|b| format!("{b:02x}")).collect());
    for name in [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY] {
        fs::write(folder.join(name), serde_json::to_vec(&file).unwrap()).unwrap();
    }
}

/// Compact JSON in the field order of the file format.
fn ordered(content: &Value) -> String {
    let object = |value: &Value, order: &[&str]| {
        let fields: Vec<_> = order
            .iter()
            .map(|&name| {
                let text = if name == "kdf" { kdf(&value[name]) } else { value[name].to_string() };
                format!("\"{name}\":{text}")
            })
            .collect();
        format!("{{{}}}", fields.join(","))
    };
    fn kdf(value: &Value) -> String {
        let fields: Vec<_> = ["algorithm", "version", "memory_kib", "passes", "lanes", "salt"]
            .iter()
            .map(|name| format!("\"{name}\":{}", value[*name]))
            .collect();
        format!("{{{}}}", fields.join(","))
    }
    let slots: Vec<_> = content["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| object(slot, &["id", "login", "role", "kdf", "epoch", "nonce", "wrapped"]))
        .collect();
    format!(
        "{{\"schema\":{},\"epoch\":{},\"login_salt\":{},\"slots\":[{}],\"recovery\":{}}}",
        content["schema"],
        content["epoch"],
        content["login_salt"],
        slots.join(","),
        object(&content["recovery"], &["id", "issued_to", "epoch", "salt", "nonce", "wrapped"]),
    )
}

fn flip_hex(value: &mut Value) {
    let text = value.as_str().unwrap();
    let first = if text.starts_with('0') { "1" } else { "0" };
    *value = Value::String(format!("{first}{}", &text[1..]));
}

#[test]
fn rewriting_without_a_change_still_opens() {
    // Shows that the refusals below come from the change and not from the rewriting.
    let (folder, _, code) = clinic();
    alter(folder.path(), |_| ());
    Vault::unlock(folder.path(), LOGIN, PASSWORD).unwrap();
    Vault::unlock_with_recovery(folder.path(), &code).unwrap();
}

#[test]
fn every_field_of_a_user_slot_is_bound() {
    let other = UserId::fresh().to_string();
    let changes: [(&str, Change); 10] = [
        ("id", Box::new(move |slot| slot["id"] = json!(other))),
        ("role", Box::new(|slot| slot["role"] = json!("clinician"))),
        ("memory", Box::new(|slot| slot["kdf"]["memory_kib"] = json!(64))),
        ("passes", Box::new(|slot| slot["kdf"]["passes"] = json!(2))),
        ("lanes", Box::new(|slot| slot["kdf"]["lanes"] = json!(2))),
        ("salt", Box::new(|slot| flip_hex(&mut slot["kdf"]["salt"]))),
        ("epoch", Box::new(|slot| slot["epoch"] = json!(0))),
        ("nonce", Box::new(|slot| flip_hex(&mut slot["nonce"]))),
        ("wrapped", Box::new(|slot| flip_hex(&mut slot["wrapped"]))),
        ("login", Box::new(|slot| flip_hex(&mut slot["login"]))),
    ];
    for (field, change) in changes {
        let (folder, ..) = clinic();
        alter(folder.path(), |content| change(&mut content["slots"][0]));
        let answer = Vault::unlock(folder.path(), LOGIN, PASSWORD);
        assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials, "{field}");
    }
}

#[test]
fn every_field_of_the_recovery_slot_is_bound() {
    let other = UserId::fresh().to_string();
    for field in ["id", "issued_to", "epoch", "salt", "nonce", "wrapped"] {
        let (folder, _, code) = clinic();
        alter(folder.path(), |content| {
            let slot = &mut content["recovery"];
            match field {
                "id" | "issued_to" => slot[field] = json!(other),
                "epoch" => slot[field] = json!(0),
                _ => flip_hex(&mut slot[field]),
            }
        });
        let answer = Vault::unlock_with_recovery(folder.path(), &code);
        assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials, "{field}");
    }
}

#[test]
fn a_front_desk_slot_does_not_become_an_administrators() {
    let (folder, admin, _) = clinic();
    let desk = NewOwner {
        user_id: UserId::fresh(),
        login: "desk@c.example",
        role: Role::FrontDesk,
        password: "desk password",
    };
    Vault::add_slot(folder.path(), &admin, desk, KdfPolicy::for_tests()).unwrap();
    alter(folder.path(), |content| content["slots"][1]["role"] = json!("administrator"));
    let answer = Vault::unlock(folder.path(), "desk@c.example", "desk password");
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
}

#[test]
fn slots_that_changed_places_open_for_nobody_else() {
    let (folder, admin, _) = clinic();
    let desk = NewOwner {
        user_id: UserId::fresh(),
        login: "desk@c.example",
        role: Role::FrontDesk,
        password: "desk password",
    };
    Vault::add_slot(folder.path(), &admin, desk, KdfPolicy::for_tests()).unwrap();
    // The front desk's name is put on the administrator's slot and the other way round.
    alter(folder.path(), |content| {
        let first = content["slots"][0]["login"].clone();
        content["slots"][0]["login"] = content["slots"][1]["login"].clone();
        content["slots"][1]["login"] = first;
    });
    for (login, password) in [
        (LOGIN, PASSWORD),
        (LOGIN, "desk password"),
        ("desk@c.example", PASSWORD),
        ("desk@c.example", "desk password"),
    ] {
        let answer = Vault::unlock(folder.path(), login, password);
        assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    }
}

#[test]
fn slots_of_an_earlier_epoch_open_nothing() {
    let (folder, admin, code) = clinic();
    let path = folder.path();
    alter(path, |content| content["epoch"] = json!(2));
    assert_eq!(Vault::unlock(path, LOGIN, PASSWORD).unwrap_err(), VaultError::StaleEpoch);
    assert_eq!(Vault::unlock(path, LOGIN, "wrong").unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Vault::unlock_with_recovery(path, &code).unwrap_err(), VaultError::StaleEpoch);
    let answer = Vault::rewrap(path, &admin, "new password", KdfPolicy::for_tests());
    assert_eq!(answer, Err(VaultError::StaleEpoch));
}

#[test]
fn a_slot_that_asks_for_a_terabyte_is_damage() {
    let (folder, ..) = clinic();
    alter(folder.path(), |content| content["slots"][0]["kdf"]["memory_kib"] = json!(1_u32 << 30));
    let answer = Vault::unlock(folder.path(), LOGIN, PASSWORD);
    assert_eq!(answer.unwrap_err(), VaultError::KeySlotsDamaged);
}
