//! Who comes in, who does not, and what is left of it in the audit trail.

use std::sync::Arc;

use clinic::sign_in::answer;
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, account, break_glass, patient, picture, profile, second_factor, staff,
};
use domain::user::{Language, UserState};
use domain::{FixedClock, Role, UserId};
use jiff::SignedDuration;
use support::{EMAIL, PASSWORD, World, authenticator, challenged, naevus_jpeg, signed_in};

use crate::people::{NURSE, SECRET, administrator, joins, person, registers, user_named};

const OTHER: &str = "velvet harbour counts sparrows";

fn sets_second_factor(session: &Session, password: &str, world: &World) -> (String, RecoveryCodesView) {
    let again = PasswordAgainRequest { password: password.into() };
    let proposal = second_factor::propose(session, &again).unwrap();
    let code = authenticator(&proposal.manual_key, world.now());
    let codes = second_factor::confirm(session, &SecondFactorRequest { code: code.as_str().into() }).unwrap();
    (proposal.manual_key, codes)
}

fn code_of<T>(result: Result<T, Error>) -> ErrorCode {
    result.err().expect("a refusal").code
}

#[test]
fn a_registration_opens_nothing_until_it_is_approved() {
    let world = World::founded();
    registers(&world, NURSE);
    assert_eq!(code_of(signed_in(&world.workstation, NURSE, SECRET)), ErrorCode::InvalidCredentials);
    let admin = administrator(&world);
    let waiting = user_named(&admin, NURSE);
    assert_eq!(waiting.state, UserState::Unverified);
    assert!(admin.view().waiting >= 1 && !waiting.invited);
    staff::approve(&admin, &UserRoleRequest { id: waiting.id, role: Role::FrontDesk }).unwrap();
    let nurse = signed_in(&world.workstation, NURSE, SECRET).unwrap();
    assert_eq!(nurse.view().role, Role::FrontDesk);
    assert_eq!(code_of(staff::list(&nurse)), ErrorCode::NotPermitted);
}

#[test]
fn a_taken_address_is_registered_only_once() {
    let world = World::founded();
    registers(&world, EMAIL);
    let admin = administrator(&world);
    assert_eq!(staff::list(&admin).unwrap().len(), 1);
}

#[test]
fn an_invitation_is_activated_once_and_in_time() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let invite = |email: &str| {
        let request = UserInviteRequest { details: person("Cem Arslan", email), role: Role::Clinician };
        staff::invite(&world.session, request).unwrap()
    };
    let activate = |view: &ActivationView| {
        account::activate(
            &world.workstation,
            &AccountActivateRequest {
                email: view.email.clone(),
                code: view.code.to_lowercase().replace('-', " ").as_str().into(),
                password: SECRET.into(),
                password_repeat: SECRET.into(),
            },
        )
    };
    let (first, late) = (invite("cem@seeblick.example"), invite("late@seeblick.example"));
    assert_eq!(activate(&first).unwrap().view().role, Role::Clinician);
    assert_eq!(code_of(activate(&first)), ErrorCode::CodeInvalid);
    signed_in(&world.workstation, "cem@seeblick.example", SECRET).unwrap();
    clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    assert_eq!(code_of(activate(&late)), ErrorCode::CodeInvalid);
}

#[test]
fn the_second_factor_is_asked_for_and_no_code_works_twice() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let (key, codes) = sets_second_factor(&world.session, PASSWORD, &world);
    assert_eq!(codes.codes.len(), 10);
    let tries = |code: &str| {
        let challenge = challenged(&world.workstation, EMAIL, PASSWORD).unwrap();
        answer(challenge, &SecondFactorRequest { code: code.into() }).map(drop).map_err(|(_, e)| e.code)
    };
    let now = || authenticator(&key, clock_now(&clock));
    assert_eq!(tries(&now()), Err(ErrorCode::SecondFactorWrong), "confirmed with this code already");
    clock.advance(SignedDuration::from_secs(30));
    let accepted = now();
    tries(&accepted).unwrap();
    assert_eq!(tries(&accepted), Err(ErrorCode::SecondFactorWrong));
    clock.advance(SignedDuration::from_secs(-600));
    assert_eq!(tries(&now()), Err(ErrorCode::SecondFactorWrong), "a clock set back reopens nothing");
    clock.advance(SignedDuration::from_secs(600));
    tries(&codes.codes[0]).unwrap();
    assert_eq!(tries(&codes.codes[0]), Err(ErrorCode::SecondFactorWrong));
    let session = {
        clock.advance(SignedDuration::from_secs(60));
        let challenge = challenged(&world.workstation, EMAIL, PASSWORD).unwrap();
        answer(challenge, &SecondFactorRequest { code: now().as_str().into() }).map_err(|(_, e)| e).unwrap()
    };
    assert_eq!(profile::read(&session).unwrap().recovery_codes_left, 9);
}

#[test]
fn five_failures_lock_for_an_hour_and_an_administrator_can_end_it() {
    let world = World::founded();
    drop(joins(&world, NURSE, Role::FrontDesk));
    for _ in 0..5 {
        assert_eq!(code_of(signed_in(&world.workstation, NURSE, OTHER)), ErrorCode::InvalidCredentials);
    }
    assert_eq!(code_of(signed_in(&world.workstation, NURSE, SECRET)), ErrorCode::InvalidCredentials);
    let admin = administrator(&world);
    let row = user_named(&admin, NURSE);
    assert!(row.locked_for_seconds > 3_500 && row.locked_for_seconds <= 3_600, "{row:?}");
    staff::unlock(&admin, &UserRequest { id: row.id }).unwrap();
    signed_in(&world.workstation, NURSE, SECRET).unwrap();
    let refused = world.trail(&administrator(&world), "sign_in_refused");
    assert_eq!(refused.len(), 6, "every refusal is in the trail");
}

#[test]
fn a_forgotten_password_is_reset_with_six_digits_once() {
    let world = World::founded();
    drop(joins(&world, NURSE, Role::FrontDesk));
    let admin = administrator(&world);
    let id = user_named(&admin, NURSE).id;
    let issue = || staff::issue_reset(&admin, &UserRequest { id }).unwrap().code;
    let check = |code: &str| {
        let request = PasswordResetCheckRequest { email: NURSE.into(), code: code.into() };
        account::check_reset(&world.workstation, &request)
    };
    let finish = |token: &str, password: &str| {
        let request = PasswordResetFinishRequest {
            token: token.into(),
            password: password.into(),
            password_repeat: password.into(),
        };
        account::finish_reset(&world.workstation, &request)
    };
    let code = issue();
    assert_eq!(code.len(), 6);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..3 {
        assert_eq!(code_of(check(wrong)), ErrorCode::CodeInvalid);
    }
    assert_eq!(code_of(check(&code)), ErrorCode::CodeInvalid, "three tries void the code");

    let code = issue();
    let token = check(&code).unwrap().token;
    assert_eq!(code_of(check(&code)), ErrorCode::CodeInvalid, "a code is traded once");
    assert_eq!(code_of(finish(&token, "short")), ErrorCode::InvalidInput);
    finish(&token, OTHER).unwrap();
    assert_eq!(code_of(finish(&token, SECRET)), ErrorCode::CodeInvalid);
    assert_eq!(code_of(signed_in(&world.workstation, NURSE, SECRET)), ErrorCode::InvalidCredentials);
    signed_in(&world.workstation, NURSE, OTHER).unwrap();
}

#[test]
fn a_recovery_code_sets_a_new_password_with_nobody_present() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let (_, codes) = sets_second_factor(&world.session, PASSWORD, &world);
    let request = |code: &str| PasswordRecoverRequest {
        email: EMAIL.into(),
        recovery_code: code.into(),
        password: OTHER.into(),
        password_repeat: OTHER.into(),
    };
    account::recover(&world.workstation, &request(&codes.codes[3])).unwrap();
    assert_eq!(
        code_of(account::recover(&world.workstation, &request(&codes.codes[3]))),
        ErrorCode::CodeInvalid
    );
    assert_eq!(code_of(challenged(&world.workstation, EMAIL, PASSWORD)), ErrorCode::InvalidCredentials);
    challenged(&world.workstation, EMAIL, OTHER).unwrap();
}

#[test]
fn the_recovery_sheet_opens_the_clinic_once_and_a_new_one_takes_its_place() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let used = |sheet: &RecoverySheetView| {
        let request = RecoverySheetUseRequest {
            sheet: sheet.groups.join(" ").as_str().into(),
            password: OTHER.into(),
            password_repeat: OTHER.into(),
        };
        account::use_sheet(&world.workstation, &request)
    };
    let (session, next) = used(&world.sheet).unwrap();
    picture::read(&session, &format!("/image/{image}/display").parse().unwrap()).unwrap();
    assert_eq!(code_of(used(&world.sheet)), ErrorCode::CodeInvalid);
    assert_eq!(code_of(signed_in(&world.workstation, EMAIL, PASSWORD)), ErrorCode::InvalidCredentials);
    used(&next).unwrap();
}

#[test]
fn everybody_keeps_a_language_of_their_own() {
    let world = World::founded();
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(nurse.view().language, None);
    profile::choose_language(&nurse, &LanguageChooseRequest { language: Language::Es }).unwrap();
    assert_eq!(nurse.view().language, Some(Language::Es));
    drop(nurse);
    let nurse = signed_in(&world.workstation, NURSE, SECRET).unwrap();
    assert_eq!(nurse.view().language, Some(Language::Es));
    assert_eq!(administrator(&world).view().language, None);
}

#[test]
fn a_short_password_goes_with_a_second_factor_only() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let short = "v9!Qz#7pL";
    let change = |session: &Session, current: &str, new: &str| {
        let request = PasswordChangeRequest {
            current: current.into(),
            password: new.into(),
            password_repeat: new.into(),
        };
        profile::change_password(session, &request)
    };
    assert_eq!(code_of(change(&world.session, PASSWORD, short)), ErrorCode::InvalidInput);
    sets_second_factor(&world.session, PASSWORD, &world);
    change(&world.session, PASSWORD, short).unwrap();
    let again = PasswordAgainRequest { password: short.into() };
    assert_eq!(code_of(second_factor::remove(&world.session, &again)), ErrorCode::InvalidInput);
}

#[test]
fn who_lost_the_second_factor_must_first_choose_a_long_password() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let clinician = joins(&world, NURSE, Role::Clinician);
    sets_second_factor(&clinician, SECRET, &world);
    let short = "v9!Qz#7pL";
    let request = |current: &str, new: &str| PasswordChangeRequest {
        current: current.into(),
        password: new.into(),
        password_repeat: new.into(),
    };
    profile::change_password(&clinician, &request(SECRET, short)).unwrap();
    let admin = administrator(&world);
    staff::remove_second_factor(&admin, &UserRequest { id: user_named(&admin, NURSE).id }).unwrap();
    let clinician = signed_in(&world.workstation, NURSE, short).unwrap();
    assert_eq!(clinician.view().duty, Some(Duty::ChoosePassword));
    let search = PatientSearchRequest { text: String::new(), limit: 10, offset: 0 };
    assert_eq!(code_of(patient::search(&clinician, &search)), ErrorCode::NotPermitted);
    profile::change_password(&clinician, &request(short, OTHER)).unwrap();
    patient::search(&clinician, &search).unwrap();
}

#[test]
fn the_last_administrator_stays() {
    let world = World::founded();
    let second = joins(&world, NURSE, Role::Administrator);
    let first = user_named(&second, EMAIL).id;
    assert_eq!(code_of(staff::disable(&world.session, &UserRequest { id: first })), ErrorCode::NotPermitted);
    staff::disable(&second, &UserRequest { id: first }).unwrap();
    assert_eq!(code_of(signed_in(&world.workstation, EMAIL, PASSWORD)), ErrorCode::InvalidCredentials);
    // The first one's session is still open, say on a machine left alone; it cannot take the last one away.
    let last = UserRequest { id: second.view().user_id };
    assert_eq!(code_of(staff::disable(&world.session, &last)), ErrorCode::LastAdministrator);
}

#[test]
fn a_new_role_brings_or_takes_the_key_to_photographs() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let id = joins(&world, NURSE, Role::FrontDesk).view().user_id;
    let looks = |session: &Session| {
        picture::read(session, &format!("/image/{image}/display").parse().unwrap()).map(drop)
    };
    let gives = |role| staff::change_role(&world.session, &UserRoleRequest { id, role }).unwrap();
    let comes = || signed_in(&world.workstation, NURSE, SECRET).unwrap();
    assert_eq!(code_of(looks(&comes())), ErrorCode::NotPermitted);
    gives(Role::Clinician);
    looks(&comes()).unwrap();
    gives(Role::Auditor);
    assert_eq!(code_of(looks(&comes())), ErrorCode::NotPermitted);
}

#[test]
fn an_emergency_look_needs_a_reason_ends_and_waits_for_review() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let patient_id = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient_id);
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let analysis = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    let read = || clinic::analysis::read(&nurse, &AnalysisReadRequest { id: analysis }).map(drop);
    let open = |reason: &str, minutes| {
        let request = BreakGlassOpenRequest { patient_id, reason: reason.into(), minutes };
        break_glass::open(&nurse, &request)
    };
    assert_eq!(code_of(read()), ErrorCode::NotPermitted);
    assert_eq!(code_of(open("hm", 10)), ErrorCode::InvalidInput);
    assert_eq!(code_of(open("Collapsed in the waiting room", 61)), ErrorCode::InvalidInput);
    open("Collapsed in the waiting room", 10).unwrap();
    read().unwrap();
    let address = format!("/image/{image}/display").parse().unwrap();
    assert_eq!(code_of(picture::read(&nurse, &address).map(drop)), ErrorCode::NotPermitted);
    let waiting = break_glass::list(&world.session).unwrap();
    assert!(waiting[0].reviewed_at.is_none() && waiting[0].uses >= 1);
    let review = BreakGlassReviewRequest { id: waiting[0].id, note: "Justified".into() };
    assert!(break_glass::review(&world.session, &review).unwrap().reviewed_at.is_some());
    nurse.touch();
    clock.advance(SignedDuration::from_mins(9));
    nurse.touch();
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(code_of(read()), ErrorCode::NotPermitted, "its time is over");
}

#[test]
fn an_emergency_look_shows_its_end_and_is_ended_early_by_whoever_opened_it() {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let (id, other) = (world.registers("Lindenhoff"), world.registers("Amsel"));
    let _ = world.adds_lesion(id);
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    let page = |session: &Session, id| patient::read(session, &PatientReadRequest { id }).unwrap();
    let end = |session: &Session, patient_id| break_glass::end(session, &BreakGlassEndRequest { patient_id });
    assert_eq!(page(&nurse, id).look_until, None);
    assert_eq!(code_of(end(&nurse, id)), ErrorCode::NotFound);
    let reason = "Collapsed in the waiting room".into();
    let request = BreakGlassOpenRequest { patient_id: id, reason, minutes: 10 };
    let look = break_glass::open(&nurse, &request).unwrap();
    let open = page(&nurse, id);
    assert_eq!((open.clinical, open.look_until, open.lesions.len()), (true, Some(look.until), 1));
    assert_eq!(page(&nurse, other).look_until, None);
    assert_eq!(page(&world.session, id).look_until, None, "whoever may see all has no look to end");

    clock.advance(SignedDuration::from_mins(3));
    assert_eq!(code_of(end(&world.session, id)), ErrorCode::NotPermitted);
    assert_eq!(code_of(end(&nurse, other)), ErrorCode::NotFound);
    end(&nurse, id).unwrap();
    let closed = page(&nurse, id);
    assert!(!closed.clinical && closed.look_until.is_none() && closed.lesions.is_empty());
    assert_eq!(code_of(end(&nurse, id)), ErrorCode::NotFound);
    let details = world.trail(&world.session, "break_glass_ended");
    assert_eq!(details, [serde_json::json!({ "emergency": look.id, "until": look.until })]);
    let waiting = &break_glass::list(&world.session).unwrap()[0];
    assert!(waiting.reviewed_at.is_none() && waiting.ended_at == Some(world.now()));
}

#[test]
fn typed_text_outlives_a_lock_encrypted() {
    let world = World::founded();
    let body = serde_json::json!({ "family_name": "Zwischenablage" });
    world.session.keep_draft(Draft { key: "patient:new".into(), body: body.clone() }).unwrap();
    clinic::entry::lock(&world.session).unwrap();
    for path in world.files() {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(14).any(|w| w == b"Zwischenablage"), "{}", path.display());
    }
    let drafts = administrator(&world).drafts().unwrap();
    assert_eq!((drafts[0].key.as_str(), &drafts[0].body), ("patient:new", &body));
}

#[test]
fn nobody_but_a_user_is_ever_named_in_a_key_slot() {
    let world = World::founded();
    let request = UserRoleRequest { id: UserId::fresh(), role: Role::PatientView };
    assert!(staff::change_role(&world.session, &request).is_err());
}

fn clock_now(clock: &FixedClock) -> jiff::Timestamp {
    domain::Clock::now(clock)
}
