use domain::analysis::{Analysis, Band, Urgency};
use domain::audit::AuditAction;
use domain::history::{DeletionScope, HistoryNoun};
use domain::image::ImageRecord;
use domain::insight::ShownBand;
use domain::lesion::{BodySite, Lesion, LesionDetails};
use domain::patient::Patient;
use domain::timeline::TimelineKind;
use domain::{Clock, ImageId, LesionId};
use jiff::SignedDuration;
use records::audit::{self, AuditFilter};
use records::history::{self, Entry, Filter, MOST_WALKED, Page};
use records::images::Rendition;
use records::safety_net;
use records::{RecordsError, analyses, biopsies, deletions, images, lesions, patients, timeline};
use serde_json::json;

use crate::follow_up::specimen;
use crate::nouns::analysis_of;
use crate::world::{World, details, image_of, lesion_details, sealed_file};

fn all(noun: HistoryNoun) -> Filter {
    Filter {
        noun,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        until: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: false,
        seen_only: false,
        before: None,
        limit: 100,
    }
}

fn readings() -> Filter {
    all(HistoryNoun::Reading)
}

fn page(world: &World, filter: &Filter) -> Page {
    world.write(|tx| history::read(tx, filter))
}

fn ids(world: &World, filter: &Filter) -> Vec<String> {
    let id = |entry: &Entry| match entry.analysis_id {
        Some(id) => id.to_string(),
        None => entry.image_id.unwrap().to_string(),
    };
    page(world, filter).entries.iter().map(id).collect()
}

fn lesion_on(world: &World, patient: &Patient, site: BodySite) -> Lesion {
    world.write(|tx| lesions::add(tx, patient.id, &LesionDetails { site, ..lesion_details() }))
}

fn read_now(world: &World, lesion: &Lesion, band: Band) -> (ImageRecord, Analysis) {
    world.clock.advance(SignedDuration::from_hours(1));
    let image = ImageRecord { imported_at: world.clock.now(), ..image_of(lesion) };
    let files = [(Rendition::Original, sealed_file()), (Rendition::Display, sealed_file())];
    world.write(|tx| images::insert(tx, &image, &files));
    let mut analysis = Analysis { analysed_at: world.clock.now(), ..analysis_of(&[&image]) };
    analysis.assessment.band = band;
    analysis.assessment.urgency = if band == Band::Benign { Urgency::Routine } else { Urgency::Immediate };
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    (image, analysis)
}

#[test]
fn the_history_is_found_by_person_class_place_and_time() {
    let world = World::new();
    let (ada, bo) = (world.patient(), world.write(|tx| patients::register(tx, &details("Lindqvist", "Bo"))));
    let (back, face) = (lesion_on(&world, &ada, BodySite::Back), lesion_on(&world, &bo, BodySite::Cheek));
    let (_, first) = read_now(&world, &back, Band::Benign);
    let middle = world.clock.now() + SignedDuration::from_mins(1);
    let (image, second) = read_now(&world, &face, Band::Malignant);
    let (one, two) = (first.id.to_string(), second.id.to_string());
    assert_eq!(ids(&world, &readings()), [two.clone(), one.clone()]);
    let entry = &page(&world, &readings()).entries[0];
    assert_eq!((entry.family_name.as_str(), entry.lesion_label.as_str()), ("Lindqvist", "L1"));
    assert_eq!((entry.by, entry.image_id), (Some(world.actor.user), Some(image.id)));
    let said = entry.said.as_ref().unwrap();
    assert_eq!(
        (said.band, said.class_name.as_deref(), said.reviewer),
        (Band::Malignant, Some("Melanoma"), None)
    );

    let only = |filter: Filter| ids(&world, &filter);
    assert_eq!(only(Filter { text: "lindq".into(), ..readings() }), std::slice::from_ref(&two));
    assert_eq!(only(Filter { text: ada.number.clone(), ..readings() }), std::slice::from_ref(&one));
    assert_eq!(only(Filter { text: "nobody of this name".into(), ..readings() }), [""; 0]);
    assert_eq!(only(Filter { band: Some(ShownBand::Benign), ..readings() }), std::slice::from_ref(&one));
    assert_eq!(only(Filter { urgency: Some(Urgency::Immediate), ..readings() }), std::slice::from_ref(&two));
    assert_eq!(only(Filter { class: Some("mel".into()), ..readings() }).len(), 2);
    assert_eq!(only(Filter { class: Some("nv".into()), ..readings() }), [""; 0]);
    assert_eq!(only(Filter { site: Some(BodySite::Cheek), ..readings() }), std::slice::from_ref(&two));
    assert_eq!(only(Filter { from: Some(middle), ..readings() }), std::slice::from_ref(&two));
    assert_eq!(only(Filter { until: Some(middle), ..readings() }), std::slice::from_ref(&one));
    assert_eq!(only(Filter { by: Some(world.actor.user), ..readings() }).len(), 2);
    assert_eq!(only(Filter { reviewer: Some(world.actor.user), ..readings() }), [""; 0]);
    world.write(|tx| analyses::read(tx, second.id));
    assert_eq!(only(Filter { reviewer: Some(world.actor.user), ..readings() }), std::slice::from_ref(&two));
    let both = Filter {
        band: Some(ShownBand::Malignant),
        site: Some(BodySite::Back),
        text: "o".into(),
        ..readings()
    };
    assert_eq!(only(both), [""; 0]);

    let photographs =
        Filter { by: Some(world.actor.user), site: Some(BodySite::Cheek), ..all(HistoryNoun::Photograph) };
    assert_eq!(only(photographs), [image.id.to_string()]);
    let row = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0);
    assert_eq!((row.action, &row.details["count"]), (AuditAction::HistoryRead, &json!(1)));
}

#[test]
fn pages_joined_are_the_whole_history_however_rare_the_hits() {
    let world = World::new();
    let patient = world.patient();
    let lesion = lesion_on(&world, &patient, BodySite::Back);
    for n in 0..9 {
        read_now(&world, &lesion, if n % 4 == 0 { Band::Malignant } else { Band::Benign });
    }
    for filter in
        [readings(), Filter { band: Some(ShownBand::Malignant), class: Some("mel".into()), ..readings() }]
    {
        let whole = ids(&world, &filter);
        for limit in [1, 2, 4] {
            let mut filter = Filter { limit, ..filter.clone() };
            let mut joined = Vec::new();
            loop {
                let next = page(&world, &filter).next;
                joined.extend(ids(&world, &filter));
                filter.before = next;
                if filter.before.is_none() {
                    break;
                }
            }
            assert_eq!(joined, whole, "{limit}");
        }
    }
    const { assert!(MOST_WALKED > 100) };
}

#[test]
fn a_text_that_means_very_many_patients_is_looked_for_among_all_entries() {
    let world = World::new();
    let mut with_readings = Vec::new();
    for n in 0..1_200 {
        let patient = world.write(|tx| patients::register(tx, &details("Lindqvist", &format!("Bo{n}"))));
        if n % 400 == 0 {
            let (_, analysis) = read_now(&world, &lesion_on(&world, &patient, BodySite::Back), Band::Benign);
            with_readings.insert(0, analysis.id.to_string());
        }
    }
    let other = world.patient();
    read_now(&world, &lesion_on(&world, &other, BodySite::Back), Band::Benign);
    let named = |text: &str| ids(&world, &Filter { text: text.into(), ..readings() });
    assert_eq!(named("lindq"), with_readings);
    assert_eq!(named("lindqvist bo800"), with_readings[..1]);
    let deleted = Filter { text: "lindq".into(), deleted: true, ..readings() };
    assert_eq!(ids(&world, &deleted), [""; 0]);
    let first = page(&world, &Filter { text: "lindq".into(), limit: 2, ..readings() });
    let rest = Filter { text: "lindq".into(), before: first.next, ..readings() };
    assert_eq!(ids(&world, &rest), with_readings[2..]);
    // A running number is also found where it is typed alone, beside whatever else it may be.
    assert_eq!(named(other.number.rsplit('-').next().unwrap()).len(), 1);
}

/// What the lists of a lesion, a patient and the clinic show of its readings and photographs.
fn shown(world: &World, patient: &Patient, lesion: LesionId) -> [usize; 6] {
    let line = timeline::Filter { clinical: true, limit: 100, ..timeline::Filter::default() };
    let events = world.write(|tx| timeline::read(tx, patient.id, &line)).events;
    let kinds = |kind| events.iter().filter(|event| event.content.kind() == kind).count();
    let (images, analyses, net) = world
        .store
        .read(|tx| {
            let net = safety_net::counts(tx, world.clock.today())?;
            Ok((images::of_lesion(tx, lesion)?.len(), analyses::of_lesion(tx, lesion)?.len(), net[1]))
        })
        .unwrap();
    [
        images,
        analyses,
        kinds(TimelineKind::Photographs),
        kinds(TimelineKind::Reading),
        net as usize,
        page(world, &readings()).entries.len(),
    ]
}

#[test]
fn what_is_deleted_is_on_no_list_and_comes_back() {
    let world = World::new();
    let patient = world.patient();
    let lesion = lesion_on(&world, &patient, BodySite::Back);
    let (image, analysis) = read_now(&world, &lesion, Band::Malignant);
    assert_eq!(shown(&world, &patient, lesion.id), [1; 6]);

    let gone = world.write(|tx| deletions::delete_reading(tx, analysis.id, "Wrong patient"));
    assert_eq!((gone.scope, gone.deleted_by), (DeletionScope::Reading, world.actor.user));
    assert_eq!(shown(&world, &patient, lesion.id), [1, 0, 1, 0, 0, 0]);
    assert_eq!(world.refused(|tx| analyses::read(tx, analysis.id)), RecordsError::NotFound);
    let again = world.refused(|tx| deletions::delete_reading(tx, analysis.id, "Twice"));
    assert_eq!(again, RecordsError::Conflict);
    let deleted = Filter { deleted: true, ..readings() };
    let entry = page(&world, &deleted).entries.remove(0);
    assert_eq!(entry.deletion.as_ref().map(|d| d.reason.as_str()), Some("Wrong patient"));

    // The photograph goes too, and only its own deletion brings it back.
    let photo = world.write(|tx| deletions::delete_photograph(tx, image.id, "Blurred"));
    assert_eq!(shown(&world, &patient, lesion.id), [0; 6]);
    assert_eq!(
        world.refused(|tx| images::read_file(tx, image.id, Rendition::Display)),
        RecordsError::NotFound
    );
    world.write(|tx| deletions::undo(tx, gone.id));
    assert_eq!(shown(&world, &patient, lesion.id), [0; 6], "its photograph is still deleted");
    world.write(|tx| deletions::undo(tx, photo.id));
    assert_eq!(shown(&world, &patient, lesion.id), [1; 6]);
    assert_eq!(world.refused(|tx| deletions::undo(tx, photo.id)), RecordsError::Conflict);
    let row = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 20)).unwrap();
    let undone = row.iter().find(|row| row.action == AuditAction::DeletionUndone).unwrap();
    assert_eq!((undone.patient, &undone.details["readings"]), (Some(patient.id), &json!(1)));
}

#[test]
fn a_cleared_history_comes_back_until_its_time_is_over() {
    let world = World::new();
    let patient = world.patient();
    let lesion = lesion_on(&world, &patient, BodySite::Back);
    read_now(&world, &lesion, Band::Benign);
    read_now(&world, &lesion, Band::Benign);
    let before = world.clock.now();
    let (_, newest) = read_now(&world, &lesion, Band::Malignant);
    let clear =
        || world.store.write(&world.actor, |tx| deletions::clear_history(tx, patient.id, before, "Asked"));
    let (deletion, readings_gone) = clear().unwrap();
    assert_eq!(readings_gone, 1, "the instant itself stays");
    assert_eq!(clear().unwrap_err(), RecordsError::NotFound, "there is nothing more to take");
    assert_eq!(shown(&world, &patient, lesion.id)[..2], [3, 2]);
    assert_eq!(ids(&world, &readings())[0], newest.id.to_string());

    world.write(|tx| deletions::set_retention_days(tx, 2));
    world.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(world.refused(|tx| deletions::undo(tx, deletion.id)), RecordsError::Conflict);
    world.write(|tx| deletions::set_retention_days(tx, 3));
    world.write(|tx| deletions::undo(tx, deletion.id));
    assert_eq!(shown(&world, &patient, lesion.id)[..2], [3, 3]);
}

#[test]
fn the_site_of_a_specimen_stays() {
    let world = World::new();
    let patient = world.patient();
    let lesion = lesion_on(&world, &patient, BodySite::Back);
    let (image, _) = read_now(&world, &lesion, Band::Malignant);
    world.write(|tx| biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-1")));
    assert!(world.store.read(|tx| deletions::shows_a_specimen(tx, image.id)).unwrap());
    let refused = world.refused(|tx| deletions::delete_photograph(tx, image.id, "Blurred"));
    assert_eq!(refused, RecordsError::Conflict);
    let (other, _) = read_now(&world, &lesion, Band::Benign);
    world.write(|tx| deletions::delete_photograph(tx, other.id, "Blurred"));
    let sited = specimen(&world, &other, "H-2");
    assert_eq!(world.refused(|tx| biopsies::take(tx, lesion.id, &sited)), RecordsError::NotFound);
    assert_eq!(
        world.refused(|tx| deletions::delete_photograph(tx, ImageId::fresh(), "x")),
        RecordsError::NotFound
    );
}
