//! The registry of settings, and the clinic's switch for readings.

use clinic::views::*;
use clinic::{ErrorCode, analysis, batch, settings};
use support::{World, naevus_jpeg};

fn listed(world: &World, key: SettingKey) -> SettingView {
    settings::list(&world.session).unwrap().into_iter().find(|setting| setting.key == key).unwrap()
}

fn set(world: &World, key: SettingKey, value: SettingValue) -> Result<SettingView, clinic::Error> {
    settings::change(&world.session, &SettingUpdateRequest { key, value })
}

#[test]
fn a_fresh_clinic_has_every_default() {
    let world = World::founded();
    for setting in settings::list(&world.session).unwrap() {
        // One core reads one at a time; the letterhead begins with the clinic's name.
        let by_place = matches!(setting.key, SettingKey::AnalysesAtOnce | SettingKey::Letterhead);
        assert!(by_place || !setting.changed, "{setting:?}");
    }
}

#[test]
fn a_form_and_the_list_show_the_same_setting() {
    let world = World::founded();
    settings::change_access(&world.session, &AccessSettingsRequest { idle_lock_minutes: 5 }).unwrap();
    let shown = listed(&world, SettingKey::IdleLockMinutes);
    assert_eq!((shown.value, shown.changed), (SettingValue::Number(5), true));
    set(&world, SettingKey::IdleLockMinutes, SettingValue::Number(7)).unwrap();
    assert_eq!(settings::access(&world.session).unwrap().idle_lock_minutes, 7);
    let trail = world.trail(&world.session, "setting_changed");
    assert_eq!(trail[0]["changed"]["value"], serde_json::json!([5, 7]));
}

#[test]
fn limits_hold_and_a_form_keeps_its_own() {
    let world = World::founded();
    let changes = || world.trail(&world.session, "setting_changed").len();
    let before = changes();
    for (key, value) in [
        (SettingKey::IdleLockMinutes, SettingValue::Number(61)),
        (SettingKey::IdleLockMinutes, SettingValue::Number(0)),
        (SettingKey::IdleLockMinutes, SettingValue::Switch(true)),
        (SettingKey::Analyses, SettingValue::Number(1)),
        (SettingKey::Mail, SettingValue::Switch(true)),
        (SettingKey::NumberPattern, SettingValue::Text("X".into())),
        (SettingKey::PhotographBytes, SettingValue::Number(1)),
    ] {
        assert_eq!(set(&world, key, value).unwrap_err().code, ErrorCode::InvalidInput, "{key:?}");
    }
    assert_eq!(changes(), before);
}

#[test]
fn readings_switched_off_are_refused_and_those_that_wait_go_on_later() {
    let world = World::founded();
    let patient_id = world.registers("Lindenhoff");
    let image = world.imports(world.adds_lesion(patient_id), &naevus_jpeg()).unwrap().image.id;
    set(&world, SettingKey::Analyses, SettingValue::Switch(false)).unwrap();

    let shown = world.session.view().model;
    assert_eq!((shown.identity, shown.problem), (None, Some(ErrorCode::AnalysesOff)));
    let request = AnalysisStartRequest { image_ids: vec![image] };
    let refused = analysis::start(&world.session, &request, |_| ()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AnalysesOff);
    let all = BatchStartRequest { of: BatchOf::Patient { patient_id } };
    assert_eq!(batch::start(&world.session, &all).unwrap_err().code, ErrorCode::AnalysesOff);

    set(&world, SettingKey::Analyses, SettingValue::Switch(true)).unwrap();
    assert!(world.session.view().model.identity.is_some());
    assert!(world.analyses(&[image]).unwrap().last().unwrap().analysis_id.is_some());
}
