//! Dashboard, trends, risk and use of searches through the use cases, with files read back.

use std::sync::Arc;

use clinic::views::*;
use clinic::{
    ErrorCode, Session, analysis, history, image, insight, patient, read_first, report, safety_net, settings,
};
use domain::history::HistoryNoun;
use domain::image::ImageKind;
use domain::insight::{SearchKind, SearchScreen, ShownBand, TrendBy, TrendStep};
use domain::{FixedClock, Role};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use support::{EMAIL, PASSWORD, World, melanoma_like_jpeg, naevus_jpeg, signed_in};

use crate::decisions::{Case, code_of, examined};
use crate::people::{NURSE, joins};
use crate::reports::{drafts, signs, text_of};

const AUDITOR: &str = "audra@seeblick.example";

fn by(by: TrendBy, step: TrendStep) -> TrendRequest {
    TrendRequest { by, step, from: None, to: None }
}

fn every_reading() -> HistoryRequest {
    HistoryRequest {
        noun: HistoryNoun::Reading,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        to: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: false,
        before: None,
        limit: 100,
    }
}

fn listed(session: &Session, request: HistoryRequest) -> u64 {
    history::read(session, request).unwrap().entries.len() as u64
}

fn day_of(world: &World) -> Date {
    world.now().to_zoned(TimeZone::system()).date()
}

#[test]
fn every_number_of_the_dashboard_is_that_of_the_list_behind_it() {
    let world = World::founded();
    let session = &world.session;
    let empty = insight::dashboard(session).unwrap();
    assert_eq!((empty.patients, empty.photographs, empty.readings, empty.uploads.len()), (0, 0, 0, 26));
    assert!(empty.bands.iter().all(|band| band.count == 0));

    let first = examined(&world);
    let second = world.registers("Abara");
    let lesion = world.adds_lesion(second);
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image;
    world.analyses(&[image.id]).unwrap();
    let found = insight::dashboard(session).unwrap();
    assert_eq!((found.patients, found.lesions, found.photographs, found.readings), (2, 2, 2, 2));
    assert_eq!(found.bands.iter().map(|band| band.count).sum::<u64>(), 2);
    for BandCount { band, count } in &found.bands {
        assert_eq!(
            listed(session, HistoryRequest { band: Some(*band), ..every_reading() }),
            *count,
            "{band:?}"
        );
    }
    let week = found.uploads.last().unwrap();
    assert_eq!((week.photographs, week.readings), (2, 2));
    let days = HistoryRequest { from: Some(week.period.from), to: Some(week.period.to), ..every_reading() };
    assert_eq!(listed(session, days), 2);
    let waiting = safety_net::count(session).unwrap();
    assert_eq!(found.waiting.total, waiting.total);
    assert_eq!(found.waiting.unread_readings, 2);

    analysis::read(session, &AnalysisReadRequest { id: first.reading }).unwrap();
    let reviewers = insight::trend(session, &by(TrendBy::Reviewer, TrendStep::Week)).unwrap();
    let told: Vec<_> = reviewers.series.iter().map(|one| (one.name.as_deref(), one.total)).collect();
    assert!(told.contains(&(Some("Dr Ada Okonkwo"), 1)) && told.contains(&(None, 1)), "{told:?}");
    let reading =
        ReadingDeleteRequest { id: first.reading, reason: "Wrong patient".into(), password: PASSWORD.into() };
    history::delete_reading(session, &reading).unwrap();
    let found = insight::dashboard(session).unwrap();
    assert_eq!((found.readings, found.photographs), (1, 2));
    assert_eq!(world.trail(session, "insight_read").len(), 4);
}

#[test]
fn every_class_and_site_of_a_trend_leads_to_its_own_records() {
    let world = World::founded();
    let session = &world.session;
    examined(&world);
    let lesion = world.adds_lesion(world.registers("Abara"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image;
    world.analyses(&[image.id]).unwrap();
    let classes = insight::trend(session, &by(TrendBy::Class, TrendStep::Month)).unwrap();
    for series in &classes.series {
        let asked = HistoryRequest { class: Some(series.value.clone()), ..every_reading() };
        assert_eq!(listed(session, asked), series.total, "{}", series.value);
        assert_eq!(series.name.is_some(), !series.value.is_empty());
    }
    assert_eq!(classes.series.iter().map(|series| series.total).sum::<u64>(), 2);
    let sites = insight::trend(session, &by(TrendBy::Site, TrendStep::Month)).unwrap();
    for series in &sites.series {
        let site = serde_json::from_value(series.value.as_str().into()).unwrap();
        assert_eq!(listed(session, HistoryRequest { site: Some(site), ..every_reading() }), series.total);
    }
}

#[test]
fn a_month_without_anything_is_there_as_nothing() {
    let clock = Arc::new(FixedClock::new("2026-01-15T10:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let lesion = world.adds_lesion(world.registers("Abara"));
    world.imports(lesion, &naevus_jpeg()).unwrap();
    clock.advance(SignedDuration::from_hours(24 * 70));
    let session = signed_in(&world.workstation, EMAIL, PASSWORD).unwrap();
    let request = ImageImportRequest { lesion_id: lesion, kind: ImageKind::Dermoscopic };
    image::import(&session, &request, &melanoma_like_jpeg()).unwrap();
    let months = insight::trend(&session, &by(TrendBy::Photographs, TrendStep::Month)).unwrap();
    let from: Vec<_> = months.periods.iter().map(|period| (period.from.month(), period.to.month())).collect();
    assert_eq!(from, [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(months.series.len(), 1);
    assert_eq!(months.series[0].counts, [1, 0, 1]);
    let weeks = insight::trend(&session, &by(TrendBy::Photographs, TrendStep::Week)).unwrap();
    assert_eq!(weeks.periods.len(), 11);
    assert_eq!(weeks.series[0].counts.iter().filter(|count| **count == 0).count(), 9);

    let days = |from: &str, to: &str| TrendRequest {
        from: Some(from.parse().unwrap()),
        to: Some(to.parse().unwrap()),
        ..by(TrendBy::Photographs, TrendStep::Month)
    };
    let before = insight::trend(&session, &days("2025-01-01", "2025-12-31")).unwrap();
    assert_eq!((before.periods.len(), before.series.len()), (12, 0));
    let wrong = insight::trend(&session, &days("2026-03-01", "2026-02-01")).unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidInput);
    let weeks = TrendRequest { step: TrendStep::Week, ..days("1800-01-01", "2026-03-01") };
    assert_eq!(code_of(insight::trend(&session, &weeks)), ErrorCode::InvalidInput);
}

fn export(session: &Session, trend: Option<TrendRequest>, format: InsightFormat) -> insight::InsightFile {
    insight::export(session, &InsightExportRequest { trend, format }).unwrap()
}

#[test]
fn what_is_saved_says_what_was_shown() {
    let world = World::founded();
    let session = &world.session;
    examined(&world);
    let shown = insight::dashboard(session).unwrap();
    let file = export(session, None, InsightFormat::Csv);
    assert_eq!(file.file_name, format!("dashboard-{}.csv", day_of(&world)));
    let mut table = csv::Reader::from_reader(file.bytes.as_slice());
    let rows: Vec<Vec<String>> =
        table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let count = |part: &str, item: &str| -> u64 {
        let found = rows.iter().filter(|row| row[0] == part && row[1] == item);
        found.map(|row| row[4].parse::<u64>().unwrap()).sum()
    };
    assert_eq!((count("records", "patients"), count("records", "photographs")), (1, 1));
    assert_eq!(count("uploads", "readings"), 1);
    assert_eq!(rows.iter().filter(|row| row[0] == "uploads").count(), 52);
    for BandCount { band, count: expected } in &shown.bands {
        let word = serde_json::to_value(band).unwrap();
        assert_eq!(count("band", word.as_str().unwrap()), *expected);
    }

    let trend = by(TrendBy::Band, TrendStep::Week);
    let file = export(session, Some(trend), InsightFormat::Csv);
    let mut table = csv::Reader::from_reader(file.bytes.as_slice());
    let sum: u64 = table.records().map(|row| row.unwrap()[4].parse::<u64>().unwrap()).sum();
    assert_eq!(sum, 1);

    let pdf = export(session, None, InsightFormat::Pdf);
    assert!(pdf.file_name.ends_with(".pdf"));
    let text = text_of(&pdf.bytes);
    for words in [
        "Seeblick Dermatology",
        "Dashboard",
        "Readings by band",
        "Work waiting",
        "Uploads by week",
        "Page 1 of",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Lindenhoff"), "numbers name nobody");
    let pdf = export(session, Some(by(TrendBy::Reviewer, TrendStep::Month)), InsightFormat::Pdf);
    let text = text_of(&pdf.bytes);
    assert!(text.contains("Readings by reviewer") && text.contains("Nobody yet"), "{text}");
    assert_eq!(world.trail(session, "insight_exported").len(), 4);
}

#[test]
fn a_reading_that_waits_for_an_impression_is_in_no_band() {
    let world = World::founded();
    let session = &world.session;
    let case = examined(&world);
    read_first::change_settings(session, &ReadFirstSettings { on: true }).unwrap();
    let found = insight::dashboard(session).unwrap();
    assert_eq!((found.readings, found.withheld), (1, 1));
    assert!(found.bands.iter().all(|band| band.count == 0));
    let trend = insight::trend(session, &by(TrendBy::Class, TrendStep::Week)).unwrap();
    assert_eq!((trend.withheld, trend.series.len()), (1, 0));
    let risk = insight::of_patient(session, &PatientRiskRequest { patient_id: case.patient }).unwrap();
    assert_eq!((risk.withheld, risk.readings.len()), (1, 0));
    read_first::change_settings(session, &ReadFirstSettings { on: false }).unwrap();
    let risk = insight::of_patient(session, &PatientRiskRequest { patient_id: case.patient }).unwrap();
    assert_eq!((risk.withheld, risk.readings.len(), risk.lesions.len()), (0, 1, 1));
    assert_ne!(risk.readings[0].band, ShownBand::Benign);
    let missing = PatientRiskRequest { patient_id: domain::PatientId::fresh() };
    assert_eq!(code_of(insight::of_patient(session, &missing)), ErrorCode::NotFound);
}

#[test]
fn the_front_desk_and_the_auditor_see_no_numbers_of_readings() {
    let world = World::founded();
    let Case { patient, .. } = examined(&world);
    for (email, role) in [(NURSE, Role::FrontDesk), (AUDITOR, Role::Auditor)] {
        let session = joins(&world, email, role);
        let refusals = [
            code_of(insight::dashboard(&session)),
            code_of(insight::trend(&session, &by(TrendBy::Band, TrendStep::Week))),
            code_of(insight::of_patient(&session, &PatientRiskRequest { patient_id: patient })),
            code_of(insight::export(
                &session,
                &InsightExportRequest { trend: None, format: InsightFormat::Csv },
            )),
            code_of(insight::usage(&session)),
            code_of(insight::clear_usage(&session)),
        ];
        assert_eq!(refusals, [ErrorCode::NotPermitted; 6], "{role:?}");
    }
    let clinician = joins(&world, "cem@seeblick.example", Role::Clinician);
    assert!(insight::dashboard(&clinician).is_ok() && insight::usage(&clinician).is_ok());
    assert_eq!(code_of(insight::clear_usage(&clinician)), ErrorCode::NotPermitted);
}

#[test]
fn searches_are_counted_when_the_clinic_wants_it_and_never_what_was_typed() {
    let world = World::founded();
    let session = &world.session;
    let search = |text: &str, offset| {
        let request = PatientSearchRequest { text: text.into(), limit: 5, offset };
        patient::search(session, &request).unwrap();
    };
    search("Lindenhoff", 0);
    assert!(!insight::usage(session).unwrap().counts);
    let on = SettingUpdateRequest { key: SettingKey::CountsSearches, value: SettingValue::Switch(true) };
    assert_eq!(settings::change(session, &on).unwrap().value, SettingValue::Switch(true));
    search("Lindenhoff", 0);
    search("Lindenhoff", 5);
    search("", 0);
    history::read(session, HistoryRequest { band: Some(ShownBand::Malignant), ..every_reading() }).unwrap();
    let reports =
        ReportListRequest { text: String::new(), state: None, from: None, to: None, before: None, limit: 5 };
    report::list(session, &reports).unwrap();
    let view = insight::usage(session).unwrap();
    let told: Vec<_> = view.rows.iter().map(|row| (row.screen, row.kind, row.count)).collect();
    let expected = [
        (SearchScreen::History, SearchKind::Band, 1),
        (SearchScreen::Patients, SearchKind::Everything, 1),
        (SearchScreen::Patients, SearchKind::Text, 1),
        (SearchScreen::Reports, SearchKind::Everything, 1),
    ];
    assert_eq!((view.counts, told.as_slice()), (true, expected.as_slice()));
    assert!(!format!("{view:?}").contains("Lindenhoff"));
    assert_eq!(insight::clear_usage(session).unwrap().rows.len(), 0);
    assert_eq!(world.trail(session, "search_usage_cleared").len(), 1);
}

#[test]
fn reports_are_counted_by_their_state() {
    let world = World::founded();
    let session = &world.session;
    let case = examined(&world);
    analysis::read(session, &AnalysisReadRequest { id: case.reading }).unwrap();
    let written = drafts(&world, &case);
    let states = |session: &Session| -> Vec<u64> {
        insight::dashboard(session).unwrap().reports.iter().map(|report| report.count).collect()
    };
    assert_eq!(states(session), [1, 0, 0]);
    signs(session, &written);
    assert_eq!(states(session), [0, 1, 0]);
}
