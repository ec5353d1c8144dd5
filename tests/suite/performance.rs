//! How the AI does in this clinic: lesions with made readings and histologies, of which every figure is known.

use clinic::views::*;
use clinic::{ErrorCode, Session, performance, read_first, settings};
use domain::analysis::Band;
use domain::biopsy::{SpecimenDetails, SpecimenKind};
use domain::decision::Plan;
use domain::lesion::{CloseReason, LesionClosure};
use domain::model::Malignancy;
use domain::statistics::{AgreementChoice, CaseChoice, Changes, Grouping, ReadFirstChoice, TruthBasis};
use domain::{LesionId, Role};
use records::{analyses, biopsies, lesions};
use support::World;

use crate::made::{DAY, MONTH, Made, Told, commits, decides, finds, lesion, photograph, reads, told};
use crate::people::{NURSE, joins};

fn melanoma(band: Band, sum: f64) -> (Told, &'static str) {
    let class = (band == Band::Malignant).then_some(("mel", Malignancy::Malignant));
    (told(band, sum, class), "8743/3")
}

fn naevus(band: Band, sum: f64) -> (Told, &'static str) {
    let class = (band == Band::Benign).then_some(("nv", Malignancy::Benign));
    (told(band, sum, class), "8720/0")
}

/// Twelve melanomas and twenty naevi, each read on one day and excised on the next.
fn excised() -> Vec<(Told, &'static str)> {
    let mut all = vec![];
    all.extend((0..9).map(|_| melanoma(Band::Malignant, 0.8)));
    all.extend((0..2).map(|_| melanoma(Band::Suspicious, 0.3)));
    all.push(melanoma(Band::Benign, 0.05));
    all.extend((0..14).map(|_| naevus(Band::Benign, 0.04)));
    all.extend((0..4).map(|_| naevus(Band::Suspicious, 0.3)));
    all.extend((0..2).map(|_| naevus(Band::Malignant, 0.7)));
    all
}

fn fill(made: &Made) -> Vec<LesionId> {
    let all = excised();
    let places: Vec<LesionId> = made.writes(|tx| {
        all.iter()
            .enumerate()
            .map(|(n, (told, _))| {
                let place = lesion(tx, &format!("Lindenhoff{n}"))?;
                let reading = reads(tx, place, told)?;
                analyses::read(tx, reading)?;
                Ok(place)
            })
            .collect()
    });
    made.passes(DAY);
    made.writes(|tx| places.iter().zip(&all).try_for_each(|(place, (_, code))| finds(tx, *place, code)));
    places
}

fn everything() -> PerformanceFilter {
    PerformanceFilter::default()
}

fn figures(session: &Session, filter: &PerformanceFilter) -> PerformanceView {
    performance::read(session, filter).unwrap()
}

fn behind(session: &Session, list: PerformanceList) -> PerformanceCases {
    let request = PerformanceCasesRequest { filter: everything(), list, limit: 50, offset: 0 };
    performance::list(session, &request).unwrap()
}

fn known(choice: CaseChoice) -> PerformanceList {
    PerformanceList::Known { choice }
}

#[test]
fn every_figure_is_the_one_counted_by_hand() {
    let made = Made::new();
    fill(&made);
    let world = made.opened();
    let view = figures(&world.session, &everything());
    let told = &view.figures;
    assert_eq!((told.counts.lesions, told.counts.malignant, told.counts.benign), (32, 12, 20));
    let at = &told.thresholds[0];
    assert_eq!((at.sensitivity.hits, at.sensitivity.of), (11, 12));
    assert_eq!((at.specificity.hits, at.specificity.of), (14, 20));
    // Wilson by hand for 11 of 12: statsmodels says 0.6461 to 0.9851.
    let within = at.sensitivity.interval.unwrap();
    assert!((within.low - 0.6461).abs() < 1e-4 && (within.high - 0.9851).abs() < 1e-4, "{within:?}");
    assert_eq!((told.thresholds[1].sensitivity.hits, told.thresholds[1].specificity.hits), (9, 18));
    assert_eq!(told.confusion.columns, ["mel", "nv"]);
    assert_eq!(told.confusion.rows, ["mel", "nv", "no_class"]);
    assert_eq!(told.confusion.cells, [[9, 0], [0, 14], [3, 6]]);
    let auc = told.roc.as_ref().unwrap().auc;
    assert!((auc - 226.0 / 240.0).abs() < 1e-12, "{auc}");
    // (9 x 0.2² + 2 x 0.7² + 0.95² + 14 x 0.04² + 4 x 0.3² + 2 x 0.7²) / 32
    let brier = told.calibration.as_ref().unwrap().brier;
    assert!((brier - 3.6049 / 32.0).abs() < 1e-12, "{brier}");
    let sex = told.subgroups.iter().find(|group| group.grouping == Grouping::Sex).unwrap();
    assert_eq!((sex.key.as_str(), sex.malignant, sex.benign), ("female", 12, 20));
    assert_eq!(view.models.len(), 1);
    assert!(!view.models[0].in_use, "the model that read is not the one that is installed");

    let missed = CaseChoice { malignant: Some(true), below: Some(Band::Suspicious), ..CaseChoice::default() };
    let list = behind(&world.session, known(missed));
    assert_eq!((list.total, list.rows[0].found.as_deref()), (1, Some("mel")));
    assert_eq!(list.rows[0].family_name, "Lindenhoff11");
    let row = world.trail(&world.session, "performance_listed");
    assert_eq!((row.len(), row[0]["count"].as_u64()), (1, Some(1)));
}

#[test]
fn only_the_last_reading_before_the_specimen_counts() {
    let made = Made::new();
    let benign = || told(Band::Benign, 0.02, Some(("nv", Malignancy::Benign)));
    let malignant = || told(Band::Malignant, 0.9, Some(("mel", Malignancy::Malignant)));
    let (twice, late, withdrawn, wrong) = made.writes(|tx| {
        let twice = lesion(tx, "Twice")?;
        analyses::read(tx, reads(tx, twice, &benign())?)?;
        let withdrawn = lesion(tx, "Withdrawn")?;
        reads(tx, withdrawn, &benign())?;
        let wrong = lesion(tx, "Wrong")?;
        reads(tx, wrong, &benign())?;
        Ok((twice, lesion(tx, "Late")?, withdrawn, wrong))
    });
    made.passes(DAY);
    let (counted, deleted) =
        made.writes(|tx| Ok((reads(tx, twice, &malignant())?, reads(tx, twice, &benign())?)));
    made.passes(DAY);
    made.writes(|tx| {
        records::deletions::delete_reading(tx, deleted, "Wrong photograph")?;
        for place in [twice, late, wrong] {
            finds(tx, place, "8743/3")?;
        }
        let image = photograph(tx, withdrawn)?;
        let specimen = SpecimenDetails {
            kind: SpecimenKind::Punch,
            taken_on: tx.today(),
            taken_by: tx.actor().user,
            site_image_id: image.id,
            specimen_number: "H-0".into(),
            impression: None,
            impression_text: String::new(),
        };
        let taken = biopsies::take(tx, withdrawn, &specimen)?;
        biopsies::withdraw(tx, taken.id, taken.version, "Another patient")?;
        let closure =
            LesionClosure { reason: CloseReason::EnteredInError, on: tx.today(), note: String::new() };
        lesions::close(tx, wrong, lesions::get(tx, wrong)?.version, &closure)?;
        Ok(())
    });
    made.passes(2 * DAY);
    made.writes(|tx| {
        // The scar, and what was read of the other one only afterwards.
        reads(tx, twice, &benign())?;
        reads(tx, late, &malignant())
    });
    let world = made.opened();
    let view = figures(&world.session, &everything());
    assert_eq!(view.figures.counts.lesions, 1);
    let list = behind(&world.session, known(CaseChoice::default()));
    assert_eq!(list.rows[0].analysis_id, counted);
    assert_eq!(list.rows[0].malignant_sum, Some(0.9));
    assert_eq!(view.without_reading, 1, "one had no reading before its specimen");
    assert_eq!(view.figures.thresholds[0].sensitivity.value, None, "one lesion is too few to say");
    assert_eq!((view.figures.roc, view.figures.calibration), (None, None));
}

#[test]
fn lesions_without_change_count_as_benign_where_they_are_asked_for() {
    let made = Made::new();
    let unchanged = || told(Band::Benign, 0.02, Some(("nv", Malignancy::Benign)));
    let places = made.writes(|tx| {
        (0..4)
            .map(|n| {
                let place = lesion(tx, &format!("Followed{n}"))?;
                reads(tx, place, &unchanged())?;
                Ok(place)
            })
            .collect::<Result<Vec<_>, _>>()
    });
    made.passes(8 * MONTH);
    // Too early.
    made.writes(|tx| decides(tx, places[0], None, "nv", Plan::Reassure));
    made.passes(6 * MONTH);
    made.writes(|tx| {
        decides(tx, places[1], None, "nv", Plan::Reassure)?;
        decides(tx, places[2], None, "nv", Plan::Reassure)?;
        // A lesion with a result of its own is no lesion without change.
        decides(tx, places[3], None, "nv", Plan::Reassure)?;
        finds(tx, places[3], "8720/0")
    });
    made.passes(MONTH);
    // It was thought of again.
    made.writes(|tx| decides(tx, places[2], None, "mel", Plan::Biopsy));
    let world = made.opened();
    let plain = figures(&world.session, &everything());
    assert_eq!((plain.figures.counts.lesions, plain.figures.counts.by_follow_up), (1, 0));
    let followed = PerformanceFilter { follow_up: true, ..everything() };
    let view = figures(&world.session, &followed);
    assert_eq!((view.figures.counts.by_histology, view.figures.counts.by_follow_up), (1, 1));
    assert_eq!(view.figures.confusion.columns, ["nv", "followed"], "it is always told which");
    let choice = CaseChoice { basis: Some(TruthBasis::FollowUp), ..CaseChoice::default() };
    let request =
        PerformanceCasesRequest { filter: followed.clone(), list: known(choice), limit: 10, offset: 0 };
    let rows = performance::list(&world.session, &request).unwrap().rows;
    assert_eq!(rows[0].lesion_id, places[1]);

    let months = SettingUpdateRequest { key: SettingKey::FollowUpMonths, value: SettingValue::Number(24) };
    settings::change(&world.session, &months).unwrap();
    let view = figures(&world.session, &followed);
    assert_eq!((view.follow_up_months, view.figures.counts.by_follow_up), (24, 0));
}

#[test]
fn reading_first_says_who_was_helped_and_what_waits_stays_out() {
    let made = Made::new();
    let positive = || told(Band::Malignant, 0.9, Some(("mel", Malignancy::Malignant)));
    let negative = || told(Band::Benign, 0.03, Some(("nv", Malignancy::Benign)));
    let places = made.writes(|tx| {
        let mut places = vec![];
        // Ten melanomas: the clinician alone sees six, after the reading nine. Ten naevi: all right.
        for n in 0..20 {
            let place = lesion(tx, &format!("First{n}"))?;
            let reading = reads(tx, place, &if n < 10 { positive() } else { negative() })?;
            commits(tx, reading, if n < 6 { "mel" } else { "nv" })?;
            analyses::read(tx, reading)?;
            decides(tx, place, Some(reading), if n < 9 { "mel" } else { "nv" }, Plan::Biopsy)?;
            places.push(place);
        }
        let waits = lesion(tx, "Waits")?;
        reads(tx, waits, &positive())?;
        places.push(waits);
        Ok(places)
    });
    made.passes(DAY);
    made.writes(|tx| {
        places
            .iter()
            .enumerate()
            .try_for_each(|(n, place)| finds(tx, *place, if n < 10 || n == 20 { "8743/3" } else { "8720/0" }))
    });
    let world = made.opened();
    let session = &world.session;
    let view = figures(session, &everything());
    let first = &view.figures.read_first;
    assert_eq!((first.lesions, first.malignant), (20, 10));
    assert_eq!(first.alone.sensitivity.hits, 6);
    assert_eq!(first.reading.sensitivity.hits, 10);
    assert_eq!(first.after.sensitivity.hits, 9);
    assert_eq!(first.changes, Changes { to_malignant: 3, to_benign: 0, helped: 3, harmed: 0 });
    // Four against none: 2 x 0.5⁴.
    assert!((first.alone_and_reading[0].p.unwrap() - 0.125).abs() < 1e-12);
    // 16 of 20 alike before the reading; 19 of 20 after it.
    assert_eq!((view.before.malignancy.agree.hits, view.after.malignancy.agree.hits), (16, 19));
    // po = 0.8, pe = 0.3 x 0.5 + 0.7 x 0.5 = 0.5
    assert!((view.before.malignancy.kappa.unwrap() - 0.6).abs() < 1e-12);
    let helped = CaseChoice { read_first: Some(ReadFirstChoice::Helped), ..CaseChoice::default() };
    assert_eq!(behind(session, known(helped)).total, 3);
    let differ = PerformanceList::Before { choice: AgreementChoice::OtherMalignancy };
    assert_eq!(behind(session, differ).total, 4);

    assert_eq!((view.figures.counts.lesions, view.withheld), (21, 0));
    read_first::change_settings(session, &ReadFirstSettings { on: true }).unwrap();
    let view = figures(session, &everything());
    assert_eq!((view.figures.counts.lesions, view.withheld), (20, 1));
    assert_eq!(behind(session, known(CaseChoice::default())).total, 20);
}

#[test]
fn months_are_held_against_the_first_ones_and_a_deleted_model_keeps_its_hash() {
    let made = Made::new();
    for month in 0..5 {
        made.writes(|tx| {
            (0..40).try_for_each(|n| {
                let place = lesion(tx, &format!("Month{month}x{n}"))?;
                let usual = told(Band::Benign, 0.05, Some(("nv", Malignancy::Benign)));
                let other =
                    Told { model: "b", ..told(Band::Malignant, 0.95, Some(("mel", Malignancy::Malignant))) };
                reads(tx, place, if month < 4 { &usual } else { &other })?;
                Ok(())
            })
        });
        made.passes(MONTH);
    }
    let world = made.opened();
    let request = PerformanceDriftRequest { filter: everything(), reference: None };
    let view = performance::drift(&world.session, &request).unwrap();
    assert_eq!(view.report.reference, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(view.report.reference_readings, 120);
    let [.., fourth, fifth, empty] = view.report.months.as_slice() else { panic!("six months") };
    assert!(!fourth.warns && fourth.stability.malignant_sum.is_some_and(|psi| psi < 0.01));
    assert!(fifth.warns, "{fifth:?}");
    assert_eq!(fifth.new_models, ["b".repeat(64)]);
    assert_eq!(fifth.bands, [0, 0, 40]);
    assert!(fifth.quality.score.is_some_and(|mean| (mean - 0.8).abs() < 1e-9));
    assert_eq!((empty.readings, empty.warns), (0, false), "a month without data");
    let models: Vec<_> = figures(&world.session, &everything())
        .models
        .into_iter()
        .map(|model| model.identity.version)
        .collect();
    assert_eq!(models, ["b", "a"], "the newest first");

    let of_b = PerformanceFilter { model: Some("b".repeat(64)), ..everything() };
    let request = PerformanceDriftRequest { filter: of_b, reference: Some("2026-05".into()) };
    let view = performance::drift(&world.session, &request).unwrap();
    assert_eq!((view.report.reference[0].as_str(), view.report.reference_readings), ("2026-05", 40));
}

#[test]
fn lesions_leave_without_names_and_the_page_as_a_pdf() {
    let made = Made::new();
    fill(&made);
    let world = made.opened();
    let session = &world.session;
    let place = world.folder.path().join("lesions.csv");
    assert_eq!(performance::prepare_table(session, &everything()).unwrap(), "ai-performance.csv");
    performance::save_table(session, &everything(), &place).unwrap();
    let text = std::fs::read_to_string(&place).unwrap();
    assert!(!text.contains("Lindenhoff") && !text.contains("2026-"), "{text}");
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let heads = table.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 32);
    assert_eq!(rows.iter().filter(|row| &row[at("malignant")] == "true").count(), 12);
    assert!(rows.iter().all(|row| &row[at("truth_by")] == "histology"));

    let page = performance::save_page(session, &everything()).unwrap();
    assert!(page.pdf.starts_with(b"%PDF") && page.file_name.starts_with("ai-performance-"));
    let left = world.trail(session, "performance_exported");
    assert_eq!(left.len(), 2);
    assert_eq!(left[0]["lesions"], 32);
}

#[test]
fn a_clinic_without_histology_has_an_answer_and_the_desk_none() {
    let world = World::founded();
    let view = figures(&world.session, &everything());
    assert_eq!((view.figures.counts.lesions, view.models.len()), (0, 0));
    assert!(view.figures.confusion.rows.is_empty() && view.figures.subgroups.is_empty());
    let request = PerformanceDriftRequest { filter: everything(), reference: None };
    assert!(performance::drift(&world.session, &request).unwrap().report.months.is_empty());
    assert!(performance::save_page(&world.session, &everything()).is_ok());
    assert_eq!(behind(&world.session, known(CaseChoice::default())).total, 0);

    let day = |text: &str| Some(text.parse().unwrap());
    let backwards = PerformanceFilter { from: day("2026-02-01"), to: day("2026-01-01"), ..everything() };
    assert_eq!(performance::read(&world.session, &backwards).unwrap_err().code, ErrorCode::InvalidInput);
    let desk = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(performance::read(&desk, &everything()).unwrap_err().code, ErrorCode::NotPermitted);
}
