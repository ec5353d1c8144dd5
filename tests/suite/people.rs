//! The staff of the tests: how somebody registers, is approved and signs in.

use clinic::views::*;
use clinic::{Session, account, staff};
use domain::Role;
use domain::user::UserDetails;
use support::{EMAIL, PASSWORD, World, signed_in};

pub const NURSE: &str = "bea@seeblick.example";
pub const SECRET: &str = "granite otters hum at dusk";

pub fn person(name: &str, email: &str) -> UserDetails {
    UserDetails { full_name: name.into(), email: email.into(), ..UserDetails::default() }
}

pub fn registers(world: &World, email: &str) {
    let request = AccountRegisterRequest {
        details: person("Bea Lindqvist", email),
        password: SECRET.into(),
        password_repeat: SECRET.into(),
    };
    account::register(&world.workstation, &request).unwrap();
}

pub fn administrator(world: &World) -> Session {
    signed_in(&world.workstation, EMAIL, PASSWORD).unwrap()
}

pub fn user_named(session: &Session, email: &str) -> UserRow {
    staff::list(session).unwrap().into_iter().find(|u| u.details.email == email).expect("listed")
}

/// Somebody of a role who has signed in.
pub fn joins(world: &World, email: &str, role: Role) -> Session {
    registers(world, email);
    let admin = administrator(world);
    let id = user_named(&admin, email).id;
    staff::approve(&admin, &UserRoleRequest { id, role }).unwrap();
    signed_in(&world.workstation, email, SECRET).unwrap()
}
