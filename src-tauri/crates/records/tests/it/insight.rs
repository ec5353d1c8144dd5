//! Numbers about the clinic: they follow whatever happens to the records.

use std::collections::BTreeMap;

use domain::analysis::{Analysis, Band, Gate};
use domain::audit::AuditAction;
use domain::erasure::ErasureReason;
use domain::image::ImageRecord;
use domain::insight::{SearchKind, SearchScreen, ShownBand, TrendBy};
use domain::lesion::{BodySite, CloseReason, Lesion, LesionClosure, LesionDetails};
use domain::report::ReportState;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditFilter};
use records::insight::{self, Dashboard, Trend};
use records::settings::{self, Shown};
use records::{analyses, deletions, images, impressions, lesions, patients, rights};

use crate::nouns::analysis_of;
use crate::world::{World, details, image_of, lesion_details};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A lesion on the nose and one on the ear of two people.
fn furnished() -> (World, Lesion, Lesion) {
    let world = World::new();
    let (ada, bo) = (world.patient(), world.write(|tx| patients::register(tx, &details("Lindqvist", "Bo"))));
    let on = |patient, site| {
        let details = LesionDetails { site, ..lesion_details() };
        world.write(|tx| lesions::add(tx, patient, &details))
    };
    let (nose, ear) = (on(ada.id, BodySite::Nose), on(bo.id, BodySite::Ear));
    (world, nose, ear)
}

fn read_at(world: &World, lesion: &Lesion, moment: &str, gate: Gate, band: Band) -> (ImageRecord, Analysis) {
    let image = ImageRecord { imported_at: at(moment), ..image_of(lesion) };
    world.write(|tx| images::insert(tx, &image, &[]));
    let mut analysis = Analysis { analysed_at: at(moment), ..analysis_of(&[&image]) };
    analysis.assessment.gate = gate;
    analysis.assessment.band = band;
    analysis.assessment.urgency = band.urgency();
    if !matches!(gate, Gate::Uncertain | Gate::Confident) {
        analysis.assessment.label = None;
    }
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    (image, analysis)
}

/// The days of March 2026, in UTC.
fn march() -> Vec<Timestamp> {
    (1..=31)
        .map(|day| at(&format!("2026-03-{day:02}T00:00:00Z")))
        .chain([at("2026-04-01T00:00:00Z")])
        .collect()
}

fn dashboard(world: &World) -> Dashboard {
    world.write(|tx| insight::dashboard(tx, &march(), false))
}

fn trend(world: &World, by: TrendBy) -> BTreeMap<String, u64> {
    let trend: Trend = world.write(|tx| insight::trend(tx, by, &march(), false));
    trend.lines.into_iter().map(|line| (line.value, line.counts.iter().sum())).collect()
}

fn bands(world: &World) -> Vec<u64> {
    dashboard(world).bands.into_iter().map(|(_, count)| count).collect()
}

/// What the tables of counts hold, and what they would hold if they were made anew.
fn as_kept_and_as_counted(world: &World) -> (Vec<String>, Vec<String>) {
    let connection = world.raw();
    let rows = |sql: &str| -> Vec<String> {
        let mut query = connection.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let kept = rows(
        "SELECT facet || ' ' || slot || ' ' || value || ' ' || count AS row FROM insight_slots
         UNION ALL SELECT 'all ' || facet || ' ' || value || ' ' || count FROM insight_totals WHERE count <> 0
         ORDER BY 1",
    );
    let counted = rows(
        "WITH slots AS (
             SELECT 'photographs' AS facet, imported_at / 900000000 AS slot, '' AS value FROM images
                 WHERE deletion IS NULL
             UNION ALL SELECT 'band', analysed_at / 900000000,
                 CASE WHEN gate = 'out_of_distribution' THEN 'unassessed'
                      WHEN gate = 'inconclusive' AND band = 'benign' THEN 'inconclusive' ELSE band END
                 FROM analyses WHERE deletion IS NULL
             UNION ALL SELECT 'class', analysed_at / 900000000, coalesce(label_code, '') FROM analyses
                 WHERE deletion IS NULL
             UNION ALL SELECT 'site', analysed_at / 900000000, site FROM analyses
                 JOIN lesions ON lesions.id = lesion_id WHERE deletion IS NULL
             UNION ALL SELECT 'reviewer', analysed_at / 900000000, coalesce(opened_by, '') FROM analyses
                 WHERE deletion IS NULL
         ), whole AS (
             SELECT facet, value FROM slots
             UNION ALL SELECT 'patients', '' FROM patients WHERE merged_into IS NULL
             UNION ALL SELECT 'lesions', '' FROM lesions WHERE closed_reason IS NOT 'entered_in_error'
             UNION ALL SELECT 'reports', state FROM reports
         )
         SELECT facet || ' ' || slot || ' ' || value || ' ' || count(*) FROM slots GROUP BY facet, slot, value
         UNION ALL SELECT 'all ' || facet || ' ' || value || ' ' || count(*) FROM whole GROUP BY facet, value
         ORDER BY 1",
    );
    (kept, counted)
}

fn holds(world: &World) {
    let (kept, counted) = as_kept_and_as_counted(world);
    assert_eq!(kept, counted);
}

#[test]
fn readings_are_counted_by_what_may_be_shown_of_them() {
    let (world, nose, ear) = furnished();
    let moment = "2026-03-05T10:00:00Z";
    read_at(&world, &nose, moment, Gate::Confident, Band::Malignant);
    read_at(&world, &nose, moment, Gate::Uncertain, Band::Benign);
    read_at(&world, &ear, moment, Gate::Inconclusive, Band::Benign);
    read_at(&world, &ear, moment, Gate::Inconclusive, Band::Suspicious);
    read_at(&world, &ear, "2026-03-06T10:00:00Z", Gate::OutOfDistribution, Band::Malignant);
    let found = dashboard(&world);
    assert_eq!((found.patients, found.lesions, found.photographs, found.readings), (2, 2, 5, 5));
    let expected = [
        (ShownBand::Benign, 1),
        (ShownBand::Suspicious, 1),
        (ShownBand::Malignant, 1),
        (ShownBand::Inconclusive, 1),
        (ShownBand::Unassessed, 1),
    ];
    assert_eq!(found.bands, expected);
    assert_eq!((found.uploads[3], found.uploads[4], found.uploads[5]), ((0, 0), (4, 4), (1, 1)));
    assert_eq!(trend(&world, TrendBy::Class), [(String::new(), 3), ("mel".into(), 2)].into());
    assert_eq!(trend(&world, TrendBy::Site), [("ear".into(), 3), ("nose".into(), 2)].into());
    assert_eq!(trend(&world, TrendBy::Reviewer), [(String::new(), 5)].into());
    assert_eq!(trend(&world, TrendBy::Photographs), [(String::new(), 5)].into());
    let reach = world.store.read(|tx| insight::reach(tx, TrendBy::Band)).unwrap();
    assert_eq!(reach, Some((at(moment), at("2026-03-06T10:00:00Z"))));
    let name = world.store.read(|tx| insight::class_name(tx, "mel")).unwrap();
    assert_eq!(name.as_deref(), Some("Melanoma"));
    assert_eq!(world.store.read(|tx| insight::class_name(tx, "gone")).unwrap(), None);
    holds(&world);
}

#[test]
fn a_stretch_ends_before_the_instant_it_ends_with() {
    let (world, nose, _) = furnished();
    for moment in ["2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59Z"] {
        read_at(&world, &nose, moment, Gate::Confident, Band::Malignant);
    }
    read_at(&world, &nose, "2026-04-01T00:00:00Z", Gate::Confident, Band::Malignant);
    let found = world.write(|tx| insight::trend(tx, TrendBy::Band, &march(), false));
    let counts = &found.lines[0].counts;
    assert_eq!((counts.len(), counts[0], counts[30], counts.iter().sum::<u64>()), (31, 1, 1, 2));
    assert_eq!(world.write(|tx| insight::trend(tx, TrendBy::Band, &[], false)).lines, []);
}

#[test]
fn the_counts_follow_deleting_and_bringing_back() {
    let (world, nose, ear) = furnished();
    let (photograph, _) = read_at(&world, &nose, "2026-03-05T10:00:00Z", Gate::Confident, Band::Malignant);
    let (_, reading) = read_at(&world, &ear, "2026-03-06T10:00:00Z", Gate::Confident, Band::Benign);
    assert_eq!(bands(&world), [1, 0, 1, 0, 0]);

    let deletion = world.write(|tx| deletions::delete_reading(tx, reading.id, "wrong patient"));
    assert_eq!((bands(&world), dashboard(&world).photographs), (vec![0, 0, 1, 0, 0], 2));
    holds(&world);
    world.write(|tx| deletions::undo(tx, deletion.id));
    assert_eq!(bands(&world), [1, 0, 1, 0, 0]);
    holds(&world);

    let deletion = world.write(|tx| deletions::delete_photograph(tx, photograph.id, "blurred"));
    assert_eq!((bands(&world), dashboard(&world).photographs), (vec![1, 0, 0, 0, 0], 1));
    holds(&world);
    world.write(|tx| deletions::undo(tx, deletion.id));
    assert_eq!((bands(&world), dashboard(&world).photographs), (vec![1, 0, 1, 0, 0], 2));

    let before = at("2026-03-31T00:00:00Z");
    world.write(|tx| deletions::clear_history(tx, ear.patient_id, before, "asked for"));
    assert_eq!(bands(&world), [0, 0, 1, 0, 0]);
    holds(&world);
}

#[test]
fn the_counts_follow_whoever_opens_a_reading_and_a_lesion_that_was_put_elsewhere() {
    let (world, nose, _) = furnished();
    let (_, reading) = read_at(&world, &nose, "2026-03-05T10:00:00Z", Gate::Confident, Band::Malignant);
    world.write(|tx| analyses::read(tx, reading.id));
    world.write(|tx| analyses::read(tx, reading.id));
    assert_eq!(trend(&world, TrendBy::Reviewer), [(world.actor.user.to_string(), 1)].into());
    let moved = LesionDetails { site: BodySite::Cheek, ..nose.details.clone() };
    let lesion = world.write(|tx| lesions::update(tx, nose.id, nose.version, &moved, None));
    assert_eq!(trend(&world, TrendBy::Site), [("cheek".into(), 1)].into());
    holds(&world);
    let closure =
        LesionClosure { reason: CloseReason::EnteredInError, on: date(2026, 3, 5), note: String::new() };
    let closed = world.write(|tx| lesions::close(tx, lesion.id, lesion.version, &closure));
    assert_eq!(dashboard(&world).lesions, 1);
    world.write(|tx| lesions::reopen(tx, closed.id, closed.version));
    assert_eq!(dashboard(&world).lesions, 2);
    holds(&world);
}

#[test]
fn the_counts_follow_a_merge_its_undoing_and_an_erasure() {
    let (world, nose, ear) = furnished();
    read_at(&world, &nose, "2026-03-05T10:00:00Z", Gate::Confident, Band::Malignant);
    read_at(&world, &ear, "2026-03-06T10:00:00Z", Gate::Confident, Band::Benign);
    let now = |id| world.store.read(|tx| patients::get(tx, id)).unwrap();
    let (kept, goes) = (now(nose.patient_id), now(ear.patient_id));
    let merge = world
        .write(|tx| patients::merge(tx, (kept.id, kept.version), (goes.id, goes.version), &kept.details));
    let found = dashboard(&world);
    assert_eq!((found.patients, found.lesions, found.readings), (1, 2, 2));
    holds(&world);
    world.write(|tx| patients::undo_merge(tx, merge.id));
    assert_eq!(dashboard(&world).patients, 2);
    holds(&world);

    world.write(|tx| rights::erase(tx, ear.patient_id, ErasureReason::RetentionOver));
    let found = dashboard(&world);
    assert_eq!((found.patients, found.lesions, found.photographs, found.readings), (1, 1, 1, 1));
    holds(&world);
    let slots: u32 = world
        .raw()
        .query_row("SELECT count(*) FROM insight_slots WHERE count <= 0 OR value = 'ear'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(slots, 0, "what was erased leaves no slot");
}

#[test]
fn numbers_tell_nothing_of_a_reading_that_waits_for_an_impression() {
    let (world, nose, _) = furnished();
    let (_, seen) = read_at(&world, &nose, "2026-03-05T10:00:00Z", Gate::Confident, Band::Benign);
    world.write(|tx| analyses::read(tx, seen.id));
    read_at(&world, &nose, "2026-03-06T10:00:00Z", Gate::Confident, Band::Malignant);
    world.write(|tx| impressions::set_read_first(tx, true));
    let found = world.write(|tx| insight::dashboard(tx, &march(), true));
    assert_eq!((found.readings, found.withheld, found.bands[0].1, found.bands[2].1), (2, 1, 1, 0));
    for by in [TrendBy::Band, TrendBy::Class] {
        let found = world.write(|tx| insight::trend(tx, by, &march(), true));
        let sum: u64 = found.lines.iter().flat_map(|line| &line.counts).sum();
        assert_eq!((found.withheld, sum), (1, 1), "{by:?}");
    }
    let by_site = world.write(|tx| insight::trend(tx, TrendBy::Site, &march(), true));
    assert_eq!((by_site.withheld, by_site.lines[0].counts.iter().sum::<u64>()), (0, 2));
}

#[test]
fn each_look_at_the_numbers_leaves_one_row_that_names_nobody() {
    let (world, nose, _) = furnished();
    read_at(&world, &nose, "2026-03-05T10:00:00Z", Gate::Confident, Band::Malignant);
    dashboard(&world);
    trend(&world, TrendBy::Site);
    let filter = AuditFilter { actions: vec![AuditAction::InsightRead], ..AuditFilter::default() };
    let rows = world.store.read(|tx| audit::search(tx, &filter, None, 10)).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.patient.is_none()));
    assert_eq!(rows[0].details["by"], "site");
    assert_eq!(dashboard(&world).reports.iter().map(|(_, count)| count).sum::<u64>(), 0);
    assert!(dashboard(&world).reports.iter().all(|(state, _)| *state != ReportState::Discarded));
}

#[test]
fn searches_are_counted_only_where_the_clinic_wants_it() {
    let world = World::new();
    let search = |kinds: &[SearchKind]| {
        world.write(|tx| {
            insight::count_search(tx, SearchScreen::History, kinds)?;
            patients::search(tx, "somebody", 1, 0)
        });
    };
    search(&[SearchKind::Text]);
    assert_eq!(world.store.read(insight::usage).unwrap(), []);
    world.write(|tx| settings::set(tx, insight::COUNTS_SEARCHES, &true, Shown::Value));
    search(&[SearchKind::Text, SearchKind::Band]);
    world.clock.advance(SignedDuration::from_hours(48));
    search(&[SearchKind::Text]);
    search(&[]);
    let rows = world.store.read(insight::usage).unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.kind, row.count)).collect();
    assert_eq!(told, [(SearchKind::Text, 2), (SearchKind::Band, 1), (SearchKind::Everything, 1)]);
    assert!(rows[0].since < rows[2].since);
    world.write(insight::clear_usage);
    assert_eq!(world.store.read(insight::usage).unwrap(), []);
}
