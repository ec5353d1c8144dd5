//! Clinics in temporary folders, and files altered by somebody who can make their digests right.

use std::fs;
use std::path::Path;

use domain::{Role, UserId};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vault::{KdfPolicy, NewOwner, Unlocked, Vault, VaultError, layout};

pub const LOGIN: &str = "ada@clinic.example";
pub const PASSWORD: &str = "correct horse battery staple";
pub const QUICK: KdfPolicy = KdfPolicy::for_tests();

pub fn owner(user_id: UserId) -> NewOwner<'static> {
    NewOwner { user_id, login: LOGIN, role: Role::Administrator, password: PASSWORD }
}

/// A clinic in a temporary folder: folder, keys of its administrator, code of its recovery sheet.
pub fn clinic() -> (tempfile::TempDir, Unlocked, String) {
    let folder = tempfile::tempdir().unwrap();
    let (unlocked, sheet) = Vault::create(folder.path(), owner(UserId::fresh()), QUICK).unwrap();
    (folder, unlocked, sheet.code().to_owned())
}

/// Gives somebody a slot with [`PASSWORD`].
pub fn colleague(folder: &Path, by: &Unlocked, login: &str, role: Role) -> UserId {
    let user_id = UserId::fresh();
    Vault::add_slot(folder, by, NewOwner { user_id, login, role, password: PASSWORD }, QUICK).unwrap();
    user_id
}

pub fn unlock(folder: &Path, login: &str, password: &str) -> Result<Unlocked, VaultError> {
    Vault::unlock(folder, login, password, QUICK)
}

pub fn refused(folder: &Path, login: &str, password: &str) -> VaultError {
    unlock(folder, login, password).unwrap_err()
}

pub fn same_keys(a: &Unlocked, b: &Unlocked) -> bool {
    a.database_key.expose() == b.database_key.expose()
        && a.audit_key.expose() == b.audit_key.expose()
        && a.clinical_key.as_ref().map(|k| *k.expose()) == b.clinical_key.as_ref().map(|k| *k.expose())
}

/// What a slot file holds.
pub fn content(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join(layout::KEY_SLOTS)).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["content"].take()
}

/// Rewrites file and copy with other content and a digest that is right for it.
pub fn put_content(folder: &Path, content: &Value) {
    let text = content.to_string();
    let file = format!(r#"{{"sha256":"{}","content":{text}}}"#, hex::encode(Sha256::digest(&text)));
    for name in [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY] {
        fs::write(folder.join(name), &file).unwrap();
    }
}

pub fn alter(folder: &Path, change: impl FnOnce(&mut Value)) {
    let mut content = content(folder);
    change(&mut content);
    put_content(folder, &content);
}

/// Changes the first digit of a hexadecimal text.
pub fn flip_hex(value: &mut Value) {
    let text = value.as_str().unwrap();
    let first = if text.starts_with('0') { "1" } else { "0" };
    *value = Value::String(format!("{first}{}", &text[1..]));
}
