//! New keys after somebody left.

use clinic::views::*;
use clinic::{ErrorCode, keys, picture, staff};
use domain::Role;
use support::{PASSWORD, World, naevus_jpeg, signed_in};

use crate::decisions::code_of;
use crate::people::{NURSE, SECRET, administrator, joins};

#[test]
fn new_keys_keep_everything_readable_and_shut_the_leaver_out() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let leaver = joins(&world, NURSE, Role::Clinician).view().user_id;
    let old_slots = std::fs::read(world.clinic_folder().join("keyslots.json")).unwrap();
    let request = UserDeleteRequest { id: leaver, password: PASSWORD.into() };
    staff::delete(&world.session, &request).unwrap();
    let request = PasswordAgainRequest { password: PASSWORD.into() };
    let (session, _) = keys::change(&world.session, &request).unwrap();
    picture::read(&session, &format!("/image/{image}/display").parse().unwrap()).unwrap();
    assert_eq!(code_of(signed_in(&world.workstation, NURSE, SECRET)), ErrorCode::InvalidCredentials);
    // The key file of before, put back by whoever kept a copy, opens nothing of today.
    drop(session);
    for name in ["keyslots.json", "keyslots.json.bak"] {
        std::fs::write(world.clinic_folder().join(name), &old_slots).unwrap();
    }
    assert!(signed_in(&world.workstation, NURSE, SECRET).is_err());
}

#[test]
fn a_slot_that_outlived_its_account_gets_no_new_keys_and_its_address_is_free() {
    let world = World::founded();
    let leaver = joins(&world, NURSE, Role::Clinician).view().user_id;
    let files = ["keyslots.json", "keyslots.json.bak"].map(|name| world.clinic_folder().join(name));
    let before = files.clone().map(|file| std::fs::read(file).unwrap());
    let delete = UserDeleteRequest { id: leaver, password: PASSWORD.into() };
    staff::delete(&world.session, &delete).unwrap();
    // As a power cut between the record and the slot would leave it.
    files.iter().zip(&before).for_each(|(file, bytes)| std::fs::write(file, bytes).unwrap());
    assert!(signed_in(&world.workstation, NURSE, SECRET).is_err());
    let request = PasswordAgainRequest { password: PASSWORD.into() };
    let (session, _) = keys::change(&world.session, &request).unwrap();
    assert!(!std::fs::read_to_string(&files[0]).unwrap().contains(&leaver.to_string()));
    drop(session);
    let back = joins(&world, NURSE, Role::FrontDesk).view().user_id;
    assert_ne!(back, leaver);
}

#[test]
fn whoever_locked_the_desk_is_not_given_new_keys() {
    let world = World::founded();
    clinic::entry::lock(&world.session).unwrap();
    let request = PasswordAgainRequest { password: PASSWORD.into() };
    assert_eq!(code_of(keys::change(&world.session, &request)), ErrorCode::SessionLocked);
    administrator(&world);
}
