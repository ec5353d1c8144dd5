use domain::{Role, UserId};
use vault::{NewOwner, Vault, VaultError};

use crate::support::{LOGIN, PASSWORD, QUICK, clinic, colleague, refused, same_keys, unlock};

const DOC: &str = "doc@c.example";

#[test]
fn a_change_of_role_gives_and_takes_the_key_to_photographs_without_a_password() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let user = colleague(path, &admin, DOC, Role::FrontDesk);
    let codes = Vault::issue_codes(path, &unlock(path, DOC, PASSWORD).unwrap()).unwrap();
    for (role, opens) in [
        (Role::Clinician, true),
        (Role::Auditor, false),
        (Role::Administrator, true),
        (Role::FrontDesk, false),
    ] {
        Vault::set_role(path, &admin, user, role).unwrap();
        let unlocked = unlock(path, DOC, PASSWORD).unwrap();
        assert_eq!((unlocked.role, unlocked.clinical_key.is_some()), (role, opens));
        assert_eq!(unlocked.database_key.expose(), admin.database_key.expose());
    }
    assert_eq!(Vault::unlock_with_code(path, DOC, codes[0].text()).unwrap().role, Role::FrontDesk);
    let desk = unlock(path, DOC, PASSWORD).unwrap();
    let answer = Vault::set_role(path, &desk, user, Role::Clinician);
    assert_eq!(answer, Err(VaultError::KeyNotHeld));
    assert_eq!(Vault::set_role(path, &admin, UserId::fresh(), Role::Auditor), Err(VaultError::NoSuchSlot));
}

#[test]
fn a_patient_has_no_slot() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let user = colleague(path, &admin, DOC, Role::FrontDesk);
    let new = NewOwner {
        user_id: UserId::fresh(),
        login: "p@c.example",
        role: Role::PatientView,
        password: PASSWORD,
    };
    let enrolment = Vault::enrol(path, UserId::fresh(), "p@c.example", PASSWORD, QUICK).unwrap();
    for answer in [
        Vault::add_slot(path, &admin, new, QUICK),
        Vault::set_role(path, &admin, user, Role::PatientView),
        Vault::admit(path, &admin, Role::PatientView, &enrolment),
    ] {
        assert_eq!(answer, Err(VaultError::RoleWithoutKeys));
    }
    assert_eq!(unlock(path, DOC, PASSWORD).unwrap().role, Role::FrontDesk);
}

#[test]
fn the_last_administrator_is_never_lost() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    colleague(path, &admin, DOC, Role::Clinician);
    let owner = NewOwner { user_id: admin.user_id, login: LOGIN, role: Role::Auditor, password: PASSWORD };
    let attempts = || {
        [
            Vault::set_role(path, &admin, admin.user_id, Role::Clinician),
            Vault::remove_slot(path, &admin, admin.user_id),
            Vault::replace_slot(path, &admin, owner, QUICK),
        ]
    };
    assert!(attempts().iter().all(|answer| *answer == Err(VaultError::NoAdministrator)));
    assert!(same_keys(&admin, &unlock(path, LOGIN, PASSWORD).unwrap()));
    colleague(path, &admin, "second@c.example", Role::Administrator);
    Vault::remove_slot(path, &admin, admin.user_id).unwrap();
    assert_eq!(Vault::has_slot(path, admin.user_id), Ok(false));
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
}

#[test]
fn a_new_sign_in_name_keeps_password_and_codes() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let codes = Vault::issue_codes(path, &admin).unwrap();
    colleague(path, &admin, DOC, Role::Clinician);
    assert_eq!(Vault::set_login(path, &admin, admin.user_id, "Doc@C.example"), Err(VaultError::SlotExists));
    Vault::set_login(path, &admin, admin.user_id, "new@c.example").unwrap();
    assert_eq!(refused(path, LOGIN, PASSWORD), VaultError::InvalidCredentials);
    assert!(same_keys(&admin, &unlock(path, "new@c.example", PASSWORD).unwrap()));
    Vault::unlock_with_code(path, "new@c.example", codes[0].text()).unwrap();
    // One's own name again, in other letters.
    Vault::set_login(path, &admin, admin.user_id, "NEW@c.example").unwrap();
    // Everybody may change their own name with their own keys.
    let doc = unlock(path, DOC, PASSWORD).unwrap();
    Vault::set_login(path, &doc, doc.user_id, "doctor@c.example").unwrap();
    assert!(same_keys(&doc, &unlock(path, "doctor@c.example", PASSWORD).unwrap()));
}

#[test]
fn changes_made_at_the_same_time_are_all_kept() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let codes = Vault::issue_codes(path, &admin).unwrap();
    std::thread::scope(|scope| {
        for (i, code) in codes.iter().enumerate() {
            let admin = &admin;
            scope.spawn(move || Vault::spend_code(path, admin.user_id, code.text()).unwrap());
            scope.spawn(move || colleague(path, admin, &format!("user{i}@c.example"), Role::FrontDesk));
        }
    });
    assert_eq!(Vault::codes_left(path, admin.user_id), Ok(0));
    assert_eq!(Vault::holders(path, &admin).unwrap().len(), 11);
}
