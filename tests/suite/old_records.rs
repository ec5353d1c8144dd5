//! Folders of old records and bundles of FHIR come in.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clinic::exchange::fhir;
use clinic::views::*;
use clinic::{ErrorCode, migration, patient, tray};
use serde_json::json;
use support::{PASSWORD, World, melanoma_like_jpeg, naevus_jpeg};

use crate::decisions::code_of;
use crate::migration::{furnished, imported, open, patients, planned, rows, words};

/// A folder of older records in Windows-1252, with one line for everything that can be wrong.
fn old_records(world: &World) -> PathBuf {
    let folder = world.folder.path().join("old records");
    fs::create_dir_all(folder.join("A-3")).unwrap();
    fs::create_dir_all(folder.join("Bilder")).unwrap();
    fs::write(folder.join("Bilder/IMG_1.jpg"), melanoma_like_jpeg()).unwrap();
    fs::write(folder.join("A-3/overview.jpg"), naevus_jpeg()).unwrap();
    fs::write(world.folder.path().join("outside.jpg"), naevus_jpeg()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(world.folder.path().join("outside.jpg"), folder.join("link.jpg")).unwrap();
    let long = "x".repeat(200);
    let text = format!(
        "Patienten-Nr.;Name;Vorname;Geburtsdatum;Geschlecht;Lokalisation;Bild\n\
         A-1;M\u{fc}ller;Eva;09.03.1971;w;R\u{fc}cken links;Bilder\\IMG_1.jpg\n\
         A-1;M\u{fc}ller;Eva;09.03.1971;w;Wange;Bilder\\IMG_1.jpg\n\
         A-2;Lindenhoff;Brigitte;23.04.1961;w;;../../etc/passwd\n\
         A-3;Zhang;Wei;31.12.1980;m;;link.jpg\n\
         A-4;Lost;Ida;31.02.1980;w;;\n\
         A-5;{long};Ida;01.02.1980;w;;\n\
         A-6;Young;Ida;01.02.20;w;;\n\
         A-7;Short;Ida\n\
         A-8;Nul\0;Ida;01.02.1980;w;;\n\
         A-1;Other;Person;01.02.1980;w;;\n\
         A-9;Lindenhof;Brigitte;23.04.1961;w;;\n"
    );
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    fs::write(folder.join("Patients.csv"), bytes).unwrap();
    folder
}

#[test]
fn a_folder_of_old_records_is_mapped_compared_and_imported_once() {
    let world = World::founded();
    let session = &world.session;
    let _ = world.registers("Lindenhoff");
    let folder = old_records(&world);
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    let table = &view.source.as_ref().unwrap().tables[0];
    assert_eq!((table.encoding, table.delimiter.as_str(), table.rows), (TextEncoding::Windows1252, ";", 11));
    let mut mapping = view.mapping.clone().unwrap();
    assert_eq!(mapping.dates, Some(DateOrder::DayFirst), "one date has a 31st day first");
    assert!(mapping.tables[0].iter().all(Option::is_some));
    mapping.consents_on_file = true;
    let outcomes = migration::plan(session, &mapping).unwrap().outcomes.unwrap();
    assert_eq!(
        (outcomes.new, outcomes.same, outcomes.doubtful, outcomes.refused),
        (2, 1, 1, 6),
        "{:#?}",
        rows(session)
    );
    assert_eq!(patients(&world).len(), 1, "a dry run writes nothing");
    let by = |number: &str, family: &str| {
        rows(session)
            .into_iter()
            .find(|row| row.number == number && row.family_name.starts_with(family))
            .unwrap()
    };
    assert_eq!(by("A-1", "M").lines, [2, 3]);
    assert_eq!((by("A-1", "M").lesions, by("A-3", "Z").photographs), (2, 1));
    assert_eq!(words(&by("A-2", "L")), [ImportWord::PhotographOutside]);
    assert_eq!(words(&by("A-3", "Z")), [ImportWord::PhotographLink]);
    for (number, family, word) in [
        ("A-4", "L", ImportWord::DateInvalid),
        ("A-5", "x", ImportWord::FieldInvalid),
        ("A-6", "Y", ImportWord::DateTwoDigits),
        ("A-7", "S", ImportWord::CellCount),
        ("A-8", "N", ImportWord::FieldInvalid),
        ("A-1", "O", ImportWord::NumberTwice),
    ] {
        assert_eq!(words(&by(number, family)), [word], "{number}");
    }
    let decision = ImportDecideRequest { index: Some(by("A-9", "L").index), decision: ImportDecision::Same };
    migration::decide(session, &decision).unwrap();
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.unchanged, results.refused), (2, 2, 6), "{:#?}", rows(session));
    assert_eq!((results.lesions, results.photographs), (2, 2), "the second lesion names the same photograph");
    let all = patients(&world);
    assert_eq!(all.len(), 3);
    let zhang = all.iter().find(|row| row.family_name == "Zhang").unwrap();
    assert_eq!(zhang.number, "A-3", "the old number is kept");
    let tray = tray::list(session, &TrayListRequest { patient_id: zhang.id }).unwrap();
    assert_eq!(tray.photos.len(), 1);

    let csv = world.folder.path().join("result.csv");
    assert_eq!(migration::prepare_result(session).unwrap(), "import-result.csv");
    migration::save_result(session, &csv).unwrap();
    let mut lines = csv::Reader::from_path(&csv).unwrap();
    assert_eq!(lines.records().count(), 10);

    let view = open(session, ImportKind::Folder, &folder).unwrap();
    let again =
        migration::plan(session, &ImportMapping { consents_on_file: true, ..view.mapping.unwrap() }).unwrap();
    assert_eq!(again.outcomes.unwrap().new, 0);
    let decision = ImportDecideRequest { index: None, decision: ImportDecision::Skip };
    migration::decide(session, &decision).unwrap();
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.added, results.unchanged), (0, 0, 3));
    assert_eq!((results.lesions, results.photographs), (0, 0));
    assert_eq!(patients(&world).len(), 3);
}

#[test]
fn lesions_may_have_a_table_of_their_own_and_ambiguous_dates_are_asked_about() {
    let world = World::founded();
    let session = &world.session;
    let folder = world.folder.path().join("lists");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("patients.csv"),
        "number,last name,first name,dob\n1,Ng,An,9/3/1971\n2,Ng,Bo,4/5/1980\n",
    )
    .unwrap();
    fs::write(
        folder.join("lesions.csv"),
        "patient,lesion,site,side\n1,L1,back,left\n1,L2,moon,\n7,L1,back,\n",
    )
    .unwrap();
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    assert_eq!(view.date_orders, [DateOrder::DayFirst, DateOrder::MonthFirst]);
    let mapping = view.mapping.unwrap();
    let refused = migration::plan(session, &mapping).unwrap_err();
    assert_eq!(refused.details["problems"][0]["field"], "dates");
    migration::plan(session, &ImportMapping { dates: Some(DateOrder::MonthFirst), ..mapping }).unwrap();
    let all = rows(session);
    assert_eq!((all[0].date_of_birth.as_str(), all[0].lesions), ("1971-09-03", 2));
    assert_eq!(words(&all[0]), [ImportWord::NotUnderstood]);
    assert_eq!(words(&all[2]), [ImportWord::NobodysLesion]);
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.lesions, results.refused), (2, 2, 1));
}

#[test]
fn an_import_is_stopped_after_the_row_it_is_at_and_goes_on_later() {
    let world = World::founded();
    let session = &world.session;
    let folder = world.folder.path().join("many");
    fs::create_dir_all(&folder).unwrap();
    let born = |n: u32| format!("1980-{:02}-{:02}", n / 28 + 1, n % 28 + 1);
    let lines: String = (0..40).map(|n| format!("{n},Family{n},Given,{}\n", born(n))).collect();
    fs::write(folder.join("patients.csv"), format!("number,surname,first name,dob\n{lines}")).unwrap();
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    planned(session, &view);
    let stop = |step: ImportProgress| {
        if step.done == 10 {
            assert_eq!(migration::read(session).unwrap().stage, ImportStage::Running);
            assert_eq!(code_of(migration::close(session)), ErrorCode::Busy);
            migration::cancel(session).unwrap();
        }
    };
    let results = migration::run(session, stop).unwrap().results.unwrap();
    assert_eq!((results.created, results.not_reached), (10, 30));
    let results = imported(session, ImportKind::Folder, &folder);
    assert_eq!((results.created, results.unchanged), (30, 10));
    assert_eq!(world.trail(session, "patient_registered").len(), 40);
    assert_eq!(migration::close(session).unwrap().stage, ImportStage::Nothing);
}

#[test]
fn a_bundle_of_another_program_is_taken_as_far_as_it_is_understood() {
    let world = World::founded();
    let session = &world.session;
    let bundle = json!({
        "resourceType": "Bundle", "type": "collection", "entry": [
            { "fullUrl": "urn:uuid:p1", "resource": { "resourceType": "Patient",
                "identifier": [{ "value": "H-77" }],
                "name": [{ "family": "García", "given": ["Ana", "María"] }],
                "gender": "female", "birthDate": "1969-07-20" } },
            { "resource": { "resourceType": "Patient", "id": "p2", "name": [{ "family": "Year" , "given": ["Only"] }],
                "birthDate": "1969" } },
            { "fullUrl": "urn:uuid:b1", "resource": { "resourceType": "BodyStructure",
                "patient": { "reference": "urn:uuid:p1" }, "identifier": [{ "value": "Mole 1" }],
                "location": { "coding": [{ "system": "http://snomed.info/sct", "code": "66643007" }] },
                "locationQualifier": [{ "coding": [{ "code": "7771000" }] }] } },
            { "resource": { "resourceType": "Media", "subject": { "reference": "urn:uuid:p1" },
                "bodySite": { "extension": [{ "valueReference": { "reference": "urn:uuid:b1" } }] },
                "content": { "contentType": "image/jpeg", "data": STANDARD.encode(melanoma_like_jpeg()) } } },
            { "resource": { "resourceType": "Condition", "subject": { "reference": "urn:uuid:p1" },
                "code": { "text": "Melanoma in situ" }, "onsetDateTime": "2019-05" } },
            { "resource": { "resourceType": "Encounter", "subject": { "reference": "urn:uuid:p1" } } },
            { "resource": { "resourceType": "Observation", "subject": { "reference": "urn:uuid:p1" },
                "code": { "text": "Body height" } } },
        ]
    });
    let path = world.folder.path().join("bundle.json");
    fs::write(&path, bundle.to_string()).unwrap();
    let view = open(session, ImportKind::Fhir, &path).unwrap();
    let source = view.source.clone().unwrap();
    assert_eq!((source.people, source.photographs), (2, 1));
    let left: Vec<(&str, u32)> = source.left.iter().map(|left| (left.what.as_str(), left.count)).collect();
    assert_eq!(left, [("Encounter", 1), ("Observation", 1)]);
    let mapping = ImportMapping { consents_on_file: true, ..view.mapping.unwrap() };
    migration::plan(session, &mapping).unwrap();
    assert_eq!(words(&rows(session)[1]), [ImportWord::DateInvalid]);
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.refused, results.lesions, results.photographs), (1, 1, 1, 1));
    let id = patients(&world)[0].id;
    let page = patient::read(session, &PatientReadRequest { id }).unwrap();
    assert_eq!(page.patient.patient.number, "H-77");
    assert_eq!(page.patient.patient.details.medical_history, "Melanoma in situ (2019-05)");
    assert_eq!(page.lesions[0].lesion.details.laterality, domain::lesion::Laterality::Left);
}

#[test]
fn our_own_bundle_and_a_bundle_of_fifty_thousand_entries_are_read() {
    let (old, case) = furnished();
    let place = old.folder.path().join("fhir.zip");
    let request = FhirExportRequest {
        patient_id: case.patient,
        paper: PaperSize::A4,
        password: PASSWORD.into(),
        passphrase: None,
        passphrase_repeat: None,
    };
    fhir::write(&old.session, fhir::prepare(&old.session, &request).unwrap(), &place).unwrap();
    let world = World::founded();
    let results = imported(&world.session, ImportKind::Fhir, &place);
    assert_eq!(
        (results.created, results.lesions, results.photographs),
        (1, 1, 1),
        "{:?}",
        rows(&world.session)
    );

    let person = |n: u32| {
        json!({ "resource": { "resourceType": "Patient", "id": n.to_string(),
        "name": [{ "family": format!("F{n}"), "given": ["G"] }], "birthDate": "1980-01-01" } })
    };
    let bundle = json!({ "resourceType": "Bundle", "entry": (0..50_000).map(person).collect::<Vec<_>>() });
    let path = world.folder.path().join("big.json");
    fs::write(&path, bundle.to_string()).unwrap();
    let view = open(&world.session, ImportKind::Fhir, &path).unwrap();
    assert_eq!(planned(&world.session, &view).outcomes.unwrap().new, 50_000);
}
