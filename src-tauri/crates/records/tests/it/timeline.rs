use domain::analysis::{Analysis, Band};
use domain::audit::AuditAction;
use domain::biopsy::Finding;
use domain::consent::ConsentKind;
use domain::image::ImageRecord;
use domain::lesion::{CloseReason, Lesion, LesionClosure};
use domain::morphology::Behaviour;
use domain::patient::Patient;
use domain::recall::{ContactEntry, ContactMeans, ContactOutcome};
use domain::timeline::{TimelineContent, TimelineEvent, TimelineKind};
use domain::visit::VisitDetails;
use domain::{Clock, PatientId, ReportId};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use records::audit::{self, AuditFilter};
use records::reports::NewReport;
use records::timeline::{self, Filter, Page};
use records::{RecordsError, analyses, biopsies, images, lesions, patients, recalls, reports, visits};
use serde_json::json;

use crate::follow_up::{finding, recall_details, specimen};
use crate::nouns::analysis_of;
use crate::world::{World, image_of, sealed_file};

fn all() -> Filter {
    Filter { clinical: true, limit: 200, ..Filter::default() }
}

fn page(world: &World, patient: PatientId, filter: &Filter) -> Page {
    world.write(|tx| timeline::read(tx, patient, filter))
}

fn kinds(events: &[TimelineEvent]) -> Vec<TimelineKind> {
    events.iter().map(|event| event.content.kind()).collect()
}

/// An image imported now.
fn imports(world: &World, lesion: &Lesion) -> ImageRecord {
    let image = ImageRecord { imported_at: world.clock.now(), ..image_of(lesion) };
    world.write(|tx| images::insert(tx, &image, &[(records::images::Rendition::Original, sealed_file())]));
    image
}

/// A reading made now.
fn reads(world: &World, image: &ImageRecord, band: Band, malignant_sum: f64) -> Analysis {
    let mut analysis = Analysis { analysed_at: world.clock.now(), ..analysis_of(&[image]) };
    analysis.assessment.band = band;
    analysis.assessment.malignant_sum = malignant_sum;
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    analysis
}

fn later(world: &World, hours: i64) {
    world.clock.advance(SignedDuration::from_hours(hours));
}

/// A patient with one of everything, an hour or a day apart.
fn story(world: &World) -> (Patient, Lesion, Lesion) {
    let patient = world.patient();
    later(world, 1);
    let lesion = world.lesion(&patient);
    let other = world.lesion(&patient);
    later(world, 1);
    let image = imports(world, &lesion);
    imports(world, &lesion);
    later(world, 1);
    let first = reads(world, &image, Band::Suspicious, 0.25);
    later(world, 24);
    let details = VisitDetails {
        day: world.clock.today(),
        planned_at: None,
        clinician_id: None,
        room: String::new(),
        note: "secret of the house".into(),
    };
    world.write(|tx| visits::add(tx, patient.id, &details, true));
    later(world, 1);
    let second = reads(world, &image, Band::Malignant, 0.75);
    assert_ne!(first.id, second.id);
    later(world, 1);
    let report = NewReport {
        id: ReportId::fresh(),
        patient_id: patient.id,
        analysis_id: second.id,
        conclusion: "Excise".into(),
        content: json!({}),
    };
    world.write(|tx| reports::create(tx, &report));
    later(world, 1);
    let mut plan = recall_details(world, date(2026, 6, 5));
    plan.lesion_id = Some(lesion.id);
    let recall = world.write(|tx| recalls::plan(tx, patient.id, &plan));
    later(world, 1);
    let attempt = ContactEntry {
        means: ContactMeans::Phone,
        outcome: ContactOutcome::NoAnswer,
        note: String::new(),
        booked_for: None,
    };
    world.write(|tx| recalls::note_contact(tx, recall.id, 1, &attempt));
    later(world, 24);
    let taken = biopsies_at(world, &lesion, &image);
    later(world, 1);
    let result: Finding = finding(Behaviour::Malignant);
    world.write(|tx| biopsies::enter_histology(tx, taken, 1, &result, &TimeZone::UTC));
    later(world, 1);
    world.write(|tx| patients::record_consent(tx, patient.id, ConsentKind::Ai, true, ""));
    later(world, 24);
    let closure =
        LesionClosure { reason: CloseReason::Duplicate, on: world.clock.today(), note: String::new() };
    world.write(|tx| lesions::close(tx, other.id, 1, &closure));
    (patient, lesion, other)
}

fn biopsies_at(world: &World, lesion: &Lesion, image: &ImageRecord) -> domain::BiopsyId {
    let mut details = specimen(world, image, "H-1");
    details.taken_on = world.clock.today();
    world.write(|tx| biopsies::take(tx, lesion.id, &details)).id
}

#[test]
fn everything_stands_in_one_line_newest_first() {
    let world = World::new();
    let (patient, lesion, other) = story(&world);
    let events = page(&world, patient.id, &all()).events;
    assert_eq!(
        kinds(&events),
        [
            TimelineKind::LesionClosed,
            TimelineKind::Consent,
            TimelineKind::Histology,
            TimelineKind::Biopsy,
            TimelineKind::Contact,
            TimelineKind::Recall,
            TimelineKind::Report,
            TimelineKind::Reading,
            TimelineKind::Visit,
            TimelineKind::Reading,
            TimelineKind::Photographs,
            TimelineKind::LesionOpened,
            TimelineKind::LesionOpened,
            // Given when the patient was registered.
            TimelineKind::Consent,
        ]
    );
    assert!(events.windows(2).all(|pair| (pair[0].at, &pair[0].key) > (pair[1].at, &pair[1].key)));
    assert_eq!(events[0].lesion_id, Some(other.id));
    assert!(events[0].whole_day && events[3].whole_day && !events[2].whole_day);
    assert_eq!(events[5].by, Some(world.actor.user));
    let TimelineContent::Photographs { image_ids, count } = &events[10].content else { panic!() };
    assert_eq!((image_ids.len(), *count, events[10].lesion_id), (2, 2, Some(lesion.id)));

    let row = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0);
    assert_eq!((row.action, row.patient), (AuditAction::PatientRead, Some(patient.id)));
    assert_eq!((&row.details["part"], &row.details["count"]), (&json!("timeline"), &json!(14)));
}

#[test]
fn a_reading_stands_beside_the_one_before_of_its_lesion() {
    let world = World::new();
    let (patient, lesion, other) = story(&world);
    let image = imports(&world, &other);
    later(&world, 1);
    reads(&world, &image, Band::Benign, 0.5);
    let readings = |lesion| {
        let filter = Filter { kinds: vec![TimelineKind::Reading], lesion, ..all() };
        page(&world, patient.id, &filter).events
    };
    let before = |event: &TimelineEvent| match &event.content {
        TimelineContent::Reading { band, before, model_version, label, .. } => {
            assert_eq!(model_version, "1");
            assert_eq!(label.as_ref().map(|label| label.code.as_str()), Some("mel"));
            (*band, before.as_ref().map(|b| (b.band, b.malignant_sum)))
        }
        _ => panic!("a reading"),
    };
    assert_eq!(readings(None).len(), 3);
    assert_eq!(before(&readings(Some(other.id))[0]), (Band::Benign, None));
    let of_lesion = readings(Some(lesion.id));
    assert_eq!(before(&of_lesion[0]), (Band::Malignant, Some((Band::Suspicious, 0.25))));
    assert_eq!(before(&of_lesion[1]), (Band::Suspicious, None));
}

#[test]
fn roles_without_clinical_sight_get_the_plain_kinds_alone() {
    let world = World::new();
    let (patient, lesion, _) = story(&world);
    let desk = Filter { clinical: false, ..all() };
    let events = page(&world, patient.id, &desk).events;
    assert_eq!(
        kinds(&events),
        [
            TimelineKind::Consent,
            TimelineKind::Contact,
            TimelineKind::Recall,
            TimelineKind::Visit,
            TimelineKind::Consent
        ]
    );
    let TimelineContent::Recall { text, .. } = &events[2].content else { panic!() };
    assert_eq!((text.as_str(), events[2].lesion_id, events[1].lesion_id), ("Skin check", None, None));
    let asked = Filter { kinds: vec![TimelineKind::Reading, TimelineKind::Histology], ..desk.clone() };
    assert_eq!(page(&world, patient.id, &asked).events, []);
    let by_lesion = Filter { lesion: Some(lesion.id), ..desk };
    assert_eq!(page(&world, patient.id, &by_lesion).events, []);
}

#[test]
fn pages_joined_are_the_whole_line() {
    let world = World::new();
    let (patient, lesion, other) = story(&world);
    // Two lesions photographed in turns over days, so that groups of a day lie in one another.
    for _ in 0..9 {
        for lesion in [&lesion, &other, &lesion] {
            imports(&world, lesion);
            world.clock.advance(SignedDuration::from_mins(7));
        }
        later(&world, 15);
    }
    for lesion in [None, Some(lesion.id)] {
        let whole = page(&world, patient.id, &Filter { lesion, ..all() });
        assert_eq!(whole.next, None);
        for limit in [1, 2, 3, 5, 13] {
            let mut filter = Filter { lesion, limit, ..all() };
            let mut joined = Vec::new();
            loop {
                let page = page(&world, patient.id, &filter);
                assert!(page.events.len() <= limit as usize);
                joined.extend(page.events);
                filter.before = page.next;
                if filter.before.is_none() {
                    break;
                }
            }
            assert_eq!(joined, whole.events, "{limit}");
        }
    }
}

#[test]
fn a_foreign_lesion_and_a_stranger_are_not_found() {
    let world = World::new();
    let (patient, _, _) = story(&world);
    let stranger = world.patient();
    let foreign = world.lesion(&stranger);
    let filter = Filter { lesion: Some(foreign.id), ..all() };
    assert_eq!(world.refused(|tx| timeline::read(tx, patient.id, &filter)), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| timeline::read(tx, PatientId::fresh(), &all())), RecordsError::NotFound);
}
