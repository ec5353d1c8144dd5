//! The patient's line of time: what a clinician reads there, and what the desk does.

use clinic::views::*;
use clinic::{ErrorCode, Session, break_glass, recall, timeline, visit};
use domain::recall::RecallPlan;
use domain::timeline::{TimelineContent, TimelineKind};
use domain::{PatientId, Role};
use jiff::ToSpan;
use support::{World, melanoma_like_jpeg};

use crate::people::{NURSE, joins};

fn request(patient_id: PatientId) -> TimelineRequest {
    TimelineRequest { patient_id, kinds: vec![], lesion_id: None, before: None, limit: 50 }
}

fn kinds(session: &Session, request: TimelineRequest) -> Vec<TimelineKind> {
    let view = timeline::read(session, request).unwrap();
    view.events.iter().map(|event| event.content.kind()).collect()
}

#[test]
fn the_timeline_tells_a_clinician_everything_and_the_desk_the_plain_part() {
    let world = World::founded();
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image;
    world.analyses(&[image.id]).unwrap();
    let again = world.analyses(&[image.id]).unwrap();
    let entry =
        VisitEntry { day: None, planned: None, clinician_id: None, room: String::new(), note: "x".into() };
    visit::add(&desk, VisitAddRequest { patient_id: patient, arrived: true, entry }).unwrap();
    let plan = RecallPlan {
        lesion_id: Some(lesion),
        due_on: Some(world.now().to_zoned(jiff::tz::TimeZone::system()).date() + 90.days()),
        interval: None,
        reason: "Atypical network".into(),
        desk_text: "Skin check".into(),
        responsible: world.session.user().id,
    };
    recall::plan(&world.session, RecallPlanRequest { patient_id: patient, plan }).unwrap();

    let whole = [
        TimelineKind::Recall,
        TimelineKind::Visit,
        TimelineKind::Reading,
        TimelineKind::Reading,
        TimelineKind::Photographs,
        TimelineKind::LesionOpened,
    ];
    let seen = kinds(&world.session, request(patient));
    assert_eq!(seen[..6], whole);
    assert!(seen[6..].iter().all(|kind| *kind == TimelineKind::Consent), "{seen:?}");

    let filter =
        TimelineRequest { kinds: vec![TimelineKind::Reading], lesion_id: Some(lesion), ..request(patient) };
    let readings = timeline::read(&world.session, filter).unwrap();
    let TimelineContent::Reading { id, band, before, malignant_sum, .. } = &readings.events[0].content else {
        panic!("a reading");
    };
    assert_eq!(Some(*id), again.last().unwrap().analysis_id);
    let earlier = before.as_ref().unwrap();
    assert_eq!((earlier.band, earlier.malignant_sum), (*band, *malignant_sum));
    assert_eq!(readings.events[0].by_name.as_deref(), Some("Dr Ada Okonkwo"));

    let plain = timeline::read(&desk, request(patient)).unwrap();
    assert!(!plain.clinical);
    assert!(
        plain.events.iter().all(|event| !event.content.kind().is_clinical() && event.lesion_id.is_none())
    );
    let shown = serde_json::to_string(&plain).unwrap();
    assert!(shown.contains("Skin check") && !shown.contains("network") && !shown.contains("band"), "{shown}");

    let open = BreakGlassOpenRequest {
        patient_id: patient,
        reason: "Collapsed in the waiting room".into(),
        minutes: 10,
    };
    break_glass::open(&desk, &open).unwrap();
    assert_eq!(kinds(&desk, request(patient))[..6], whole, "an emergency look opens it");

    let looks = world.trail(&world.session, "patient_read");
    assert_eq!(looks[0]["part"], "timeline");
    assert_eq!(looks[0]["clinical"], true);
}

#[test]
fn the_timeline_goes_on_where_the_page_ended() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    for _ in 0..5 {
        let _ = world.adds_lesion(patient);
    }
    let whole: Vec<String> =
        timeline::read(&world.session, request(patient)).unwrap().events.into_iter().map(|e| e.key).collect();
    let mut next = None;
    let mut joined = Vec::new();
    loop {
        let page =
            timeline::read(&world.session, TimelineRequest { limit: 3, before: next, ..request(patient) });
        let page = page.unwrap();
        joined.extend(page.events.into_iter().map(|event| event.key));
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(joined, whole);
    let stranger = timeline::read(&world.session, request(PatientId::fresh())).unwrap_err();
    assert_eq!(stranger.code, ErrorCode::NotFound);
}
