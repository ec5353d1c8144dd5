//! Derived data looked through and made anew, on a real clinic whose files were damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clinic::views::*;
use clinic::{ErrorCode, derived, entry, history, picture, registry, similar};
use domain::consent::ConsentKind;
use domain::derived::{DerivedPurpose, DerivedState};
use domain::{AnalysisId, ImageId, PatientId};
use support::{EMAIL, PASSWORD, World, melanoma_like_jpeg, naevus_jpeg, root};
use vault::{KdfPolicy, Vault};

struct Examined {
    patient: PatientId,
    image: ImageId,
    analysis: AnalysisId,
}

fn examined(world: &World, family_name: &str, photograph: &[u8]) -> Examined {
    let patient = world.registers(family_name);
    let image = world.imports(world.adds_lesion(patient), photograph).unwrap().image.id;
    let analysis = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    Examined { patient, image, analysis }
}

/// What the clinic's own database says, past the program.
fn asked(world: &World, sql: &str) -> Vec<String> {
    let folder = world.clinic_folder();
    let keys = Vault::unlock(&folder, EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap();
    let connection = vault::open_database(&folder, &keys).unwrap();
    let mut query = connection.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn file(world: &World, sql: &str) -> PathBuf {
    let id = asked(world, sql).pop().expect("a file");
    world.files().into_iter().find(|path| path.to_string_lossy().contains(&id)).expect("on the disk")
}

fn thumbnail(world: &World, image: ImageId) -> PathBuf {
    file(
        world,
        &format!("SELECT file_id FROM image_files WHERE rendition = 'thumbnail' AND image_id = '{image}'"),
    )
}

fn heatmap(world: &World, reading: AnalysisId, class: &str) -> PathBuf {
    file(
        world,
        &format!(
            "SELECT file_id FROM analysis_files WHERE kind = 'heatmap' AND class_code = '{class}' \
             AND analysis_id = '{reading}'"
        ),
    )
}

fn rots(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn looked_at(world: &World, address: String) -> Result<Vec<u8>, ErrorCode> {
    let found = picture::read(&world.session, &address.parse().unwrap());
    found.map(|picture| picture.bytes.to_vec()).map_err(|error| error.code)
}

fn ends(world: &World) -> DerivedView {
    let start = Instant::now();
    loop {
        let view = derived::read(&world.session).unwrap();
        if view.current.is_none() {
            return view;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "the pass never came to its end: {view:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn passes(world: &World, purpose: DerivedPurpose) -> DerivedRunView {
    derived::start(&world.session, DerivedStartRequest { purpose }).unwrap();
    let view = ends(world);
    let run = if purpose == DerivedPurpose::Look { view.last_look } else { view.last_make };
    let run = run.unwrap();
    assert_eq!(run.state, DerivedState::Finished, "{:?}", run.problem);
    run
}

/// After a sign-in the program adds missing features by itself, once.
fn the_archive_is_filled(world: &World, reading: AnalysisId) {
    let filling = || similar::read(&world.session, &AnalysisReadRequest { id: reading }).unwrap().filling;
    let start = Instant::now();
    while filling() {
        assert!(start.elapsed() < Duration::from_secs(60), "the archive is never filled");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Everything that a reading says, as it is stored.
fn figures(world: &World) -> Vec<String> {
    asked(world, "SELECT content FROM analyses ORDER BY id")
}

#[test]
fn what_is_missing_or_damaged_is_counted_first_and_then_made_as_it_was() {
    let world = World::founded();
    let (one, other) = (
        examined(&world, "Lindenhoff", &naevus_jpeg()),
        examined(&world, "Quellenberg", &melanoma_like_jpeg()),
    );
    let whole = passes(&world, DerivedPurpose::Look);
    assert_eq!((whole.tally.pictures.looked, whole.tally.heatmaps.looked), (2, 2));
    let stale = |run: &DerivedRunView| {
        [run.tally.pictures.stale, run.tally.heatmaps.stale, run.tally.directions.stale]
    };
    assert_eq!(stale(&whole), [0, 0, 0], "a clinic that is whole has nothing to do");

    let face = format!("/image/{}/thumbnail", one.image);
    let heat = format!("/analysis/{}/{}/heatmap/mel", other.analysis, other.image);
    let before = (looked_at(&world, face.clone()).unwrap(), looked_at(&world, heat.clone()).unwrap());
    let (numbers, files) = (figures(&world), world.files().len());
    fs::remove_file(thumbnail(&world, one.image)).unwrap();
    rots(&heatmap(&world, other.analysis, "mel"));
    assert_eq!(looked_at(&world, face.clone()), Err(ErrorCode::RecordDamaged));

    let look = passes(&world, DerivedPurpose::Look);
    assert_eq!(stale(&look), [1, 1, 0]);
    assert_eq!(look.done, look.total);
    assert_eq!(looked_at(&world, face.clone()), Err(ErrorCode::RecordDamaged), "a look changes nothing");
    assert!(world.trail(&world.session, "derived_made").is_empty());

    let made = passes(&world, DerivedPurpose::Make);
    assert_eq!((stale(&made), made.tally.pictures.made, made.tally.heatmaps.made), ([1, 1, 0], 1, 1));
    assert_eq!((looked_at(&world, face).unwrap(), looked_at(&world, heat).unwrap()), before);
    assert_eq!(figures(&world), numbers, "no figure of a reading changes");
    assert_eq!(world.files().len(), files, "nothing is left of the damaged ones");
    assert_eq!(stale(&passes(&world, DerivedPurpose::Look)), [0, 0, 0]);
    let rows = world.trail(&world.session, "derived_made");
    let sum = |field: &str| rows.iter().map(|row| row[field].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("pictures"), sum("heatmaps")), (1, 1));
    assert_eq!(world.trail(&world.session, "derived_started").len(), 4);
    assert_eq!(world.trail(&world.session, "derived_ended").len(), 4);
}

#[test]
fn heatmaps_wait_for_their_own_model_and_for_the_consent_and_photographs_that_are_lost_are_told() {
    let world = World::founded();
    let own = examined(&world, "Lindenhoff", &naevus_jpeg());
    let foreign = examined(&world, "Quellenberg", &melanoma_like_jpeg());
    let withdrawn = examined(&world, "Steinmetzger", &naevus_jpeg());
    let lost = examined(&world, "Ahornegg", &melanoma_like_jpeg());
    for case in [&own, &foreign, &withdrawn, &lost] {
        rots(&heatmap(&world, case.analysis, "nv"));
    }
    let request = ConsentRecordRequest {
        patient_id: withdrawn.patient,
        kind: ConsentKind::Ai,
        given: false,
        note: String::new(),
    };
    registry::record_consent(&world.session, &request).unwrap();
    let original = "SELECT file_id FROM image_files WHERE rendition = 'original' AND image_id";
    rots(&file(&world, &format!("{original} = '{}'", lost.image)));
    rots(&thumbnail(&world, lost.image));
    // A reading of another version.
    let folder = world.clinic_folder();
    let keys = Vault::unlock(&folder, EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap();
    let connection = vault::open_database(&folder, &keys).unwrap();
    let other = "0".repeat(64);
    connection
        .execute_batch(&format!(
            "UPDATE analyses SET model_sha256 = '{other}', content = json_set(content, '$.model.sha256', '{other}')
             WHERE id = '{}'",
            foreign.analysis
        ))
        .unwrap();
    drop(connection);
    let damaged = fs::read(heatmap(&world, foreign.analysis, "nv")).unwrap();

    let made = passes(&world, DerivedPurpose::Make);
    let heatmaps = made.tally.heatmaps;
    assert_eq!((heatmaps.stale, heatmaps.made), (1, 1));
    assert_eq!((heatmaps.without_model, heatmaps.without_consent, heatmaps.failed), (1, 1, 1));
    assert_eq!((made.tally.pictures.made, made.tally.pictures.failed), (0, 1));
    assert!(looked_at(&world, format!("/analysis/{}/{}/heatmap/nv", own.analysis, own.image)).is_ok());
    assert_eq!(
        fs::read(heatmap(&world, foreign.analysis, "nv")).unwrap(),
        damaged,
        "another model draws nothing"
    );
}

#[test]
fn a_pass_goes_on_after_a_restart_and_can_be_stopped() {
    let world = World::founded();
    let case = examined(&world, "Lindenhoff", &naevus_jpeg());
    rots(&thumbnail(&world, case.image));
    let address = format!("/image/{}/thumbnail", case.image);
    // The session ends before the pass can come to anything.
    derived::start(&world.session, DerivedStartRequest { purpose: DerivedPurpose::Make }).unwrap();
    entry::lock(&world.session).unwrap();
    let world = world.reopened_with(&root().join("models"));
    let made = ends(&world).last_make.unwrap();
    assert_eq!((made.state, made.tally.pictures.made), (DerivedState::Finished, 1));
    assert!(looked_at(&world, address).is_ok());
    assert_eq!(made.tally.pictures.looked, 1, "nothing is counted twice");

    let request = DerivedStartRequest { purpose: DerivedPurpose::Look };
    let opened = derived::start(&world.session, request).unwrap();
    if opened.current.is_some() {
        let again = derived::start(&world.session, request).map(|_| ()).map_err(|error| error.code);
        assert!(again.is_ok() || again == Err(ErrorCode::Busy));
    }
    match derived::cancel(&world.session) {
        Ok(view) => {
            assert!(view.current.is_none() && view.last_look.unwrap().state == DerivedState::Cancelled)
        }
        Err(error) => assert_eq!(error.code, ErrorCode::NotFound, "it had come to its end"),
    }
    ends(&world);
    let none = derived::cancel(&world.session).map(|_| ()).unwrap_err();
    assert_eq!(none.code, ErrorCode::NotFound);
}

#[test]
fn features_of_the_model_in_use_are_made_where_they_are_missing() {
    let world = World::founded();
    let case = examined(&world, "Lindenhoff", &naevus_jpeg());
    the_archive_is_filled(&world, case.analysis);
    let request =
        ReadingDeleteRequest { id: case.analysis, reason: "Wrong patient".into(), password: PASSWORD.into() };
    history::delete_reading(&world.session, &request).unwrap();
    let id = serde_json::from_value(world.trail(&world.session, "reading_deleted")[0]["deletion"].clone());
    history::undo(&world.session, &DeletionRequest { id: id.unwrap() }).unwrap();
    let kept = || asked(&world, "SELECT model_sha256 FROM image_embeddings");
    assert!(kept().is_empty(), "a deletion takes them along");
    let look = passes(&world, DerivedPurpose::Look);
    assert_eq!((look.tally.directions.stale, look.tally.directions.made), (1, 0));
    let made = passes(&world, DerivedPurpose::Make);
    assert_eq!(made.tally.directions.made, 1);
    assert_eq!(kept(), [made_by(&world)]);
}

fn made_by(world: &World) -> String {
    derived::read(&world.session).unwrap().model.identity.unwrap().sha256
}
