//! Backups of a whole clinic: made, listed, tried out, restored on an empty machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use clinic::views::*;
use clinic::{ErrorCode, Session, Workstation, audit_trail, backup, patient};
use domain::backup::{BackupPlan, BackupRhythm, BackupStanding};
use domain::{FixedClock, PatientId, Role};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use support::{EMAIL, PASSWORD, World, naevus_jpeg, root, signed_in};
use tempfile::TempDir;
use vault::KdfPolicy;

use crate::people::{NURSE, SECRET, administrator, joins};

/// A clinic with a patient's photograph, and a drive for its backups.
pub struct Kept {
    pub world: World,
    pub drive: TempDir,
    pub patient: PatientId,
}

impl Kept {
    pub fn new() -> Self {
        Self::of(World::founded())
    }

    pub fn of(world: World) -> Self {
        let drive = tempfile::tempdir().unwrap();
        let patient = world.registers("Lindenhoff");
        let lesion = world.adds_lesion(patient);
        world.imports(lesion, &naevus_jpeg()).unwrap();
        backup::choose_folder(&world.session, drive.path()).unwrap();
        Self { world, drive, patient }
    }

    pub fn backs_up(&self) -> BackupRunView {
        backs_up(&self.world.session).unwrap()
    }
}

pub fn listed(session: &Session) -> Vec<BackupEntry> {
    backup::shelf(session).unwrap().list().unwrap().backups
}

pub fn backs_up(session: &Session) -> Result<BackupRunView, clinic::Error> {
    let finished = backup::begin(session)?.go(|_| {});
    backup::finish(session, finished)
}

/// A computer without a clinic.
pub fn empty_machine() -> (TempDir, Arc<Workstation>) {
    let folder = tempfile::tempdir().unwrap();
    let workstation = Workstation::new(folder.path().join("clinic"), root().join("models"));
    (folder, Arc::new(workstation.with_kdf(KdfPolicy::for_tests())))
}

pub fn by_password(entry: &BackupEntry, password: &str) -> RestoreRequest {
    let proof = RestoreProof::Password { email: EMAIL.into(), password: password.into() };
    RestoreRequest { id: entry.id, proof, without_damaged: false }
}

/// Every sealed file with its content.
fn sealed(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder.join("images")).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

fn reads_the_patient(session: &Session, patient: PatientId) {
    let page = patient::read(session, &PatientReadRequest { id: patient }).unwrap();
    assert_eq!(page.patient.patient.details.family_name, "Lindenhoff");
}

#[test]
fn a_clinic_comes_back_on_an_empty_machine_with_a_password() {
    let kept = Kept::new();
    let made = kept.backs_up();
    assert_eq!((made.problem, made.missing), (None, 0));
    let (folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    assert_eq!(offer.backups.iter().map(|one| Some(one.id)).collect::<Vec<_>>(), [made.backup_id]);
    let wrong = backup::restore(&machine, &by_password(&offer.backups[0], "wrong"), |_| {}).unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidCredentials);
    assert!(!machine.is_founded());
    let steps = std::sync::Mutex::new(Vec::new());
    let restored = backup::restore(&machine, &by_password(&offer.backups[0], PASSWORD), |step| {
        steps.lock().unwrap().push((step.work, step.done == step.of));
    });
    assert_eq!(restored.unwrap().lost, 0);
    let steps = steps.into_inner().unwrap();
    assert!(steps.contains(&(BackupWork::Checking, true)) && steps.contains(&(BackupWork::Restoring, true)));
    let session = signed_in(&machine, EMAIL, PASSWORD).unwrap();
    reads_the_patient(&session, kept.patient);
    assert!(audit_trail::verify(&session).unwrap().intact);
    let told = kept.world.trail(&session, "backup_restored");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["backup"], serde_json::json!(made.backup_id));
    assert_eq!(sealed(&kept.world.clinic_folder()), sealed(&folder.path().join("clinic")));
}

#[test]
fn a_clinic_comes_back_with_its_recovery_sheet() {
    let kept = Kept::new();
    kept.backs_up();
    let (_folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    let with = |sheet: &str| RestoreRequest {
        id: offer.backups[0].id,
        proof: RestoreProof::Sheet { sheet: sheet.into() },
        without_damaged: false,
    };
    let refused = backup::restore(&machine, &with("AAAAA-AAAAA"), |_| {}).unwrap_err();
    assert_eq!(refused.code, ErrorCode::CodeInvalid);
    backup::restore(&machine, &with(&kept.world.sheet.groups.join("-")), |_| {}).unwrap();
    reads_the_patient(&signed_in(&machine, EMAIL, PASSWORD).unwrap(), kept.patient);
}

#[test]
fn nothing_is_restored_over_a_clinic() {
    let kept = Kept::new();
    kept.backs_up();
    let other = World::founded();
    let refused = backup::look(&other.workstation, kept.drive.path()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ClinicExists);
    let (folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    fs::create_dir_all(folder.path().join("clinic")).unwrap();
    fs::write(folder.path().join("clinic/keyslots.json"), "somebody else's").unwrap();
    let refused = backup::restore(&machine, &by_password(&offer.backups[0], PASSWORD), |_| {}).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ClinicExists);
    assert_eq!(fs::read(folder.path().join("clinic/keyslots.json")).unwrap(), b"somebody else's");
}

#[test]
fn a_drill_opens_the_backup_and_leaves_nothing() {
    let kept = Kept::new();
    let made = kept.backs_up();
    let request = BackupRequest { id: made.backup_id.unwrap() };
    let proven = backup::drill(&kept.world.session, &request, |_| {}).unwrap();
    assert_eq!((proven.photographs, proven.files, proven.bytes), (1, made.files, made.bytes));
    assert!(!kept.world.clinic_folder().join(".drill").exists());
    let view = backup::read(&kept.world.session).unwrap();
    assert_eq!(view.last_drill.unwrap().backup_id, made.backup_id);
    assert_eq!(kept.world.trail(&kept.world.session, "backup_drilled").len(), 1);
}

#[test]
fn an_unchanged_clinic_costs_what_its_trail_grew_by() {
    let kept = Kept::new();
    let first = kept.backs_up();
    let second = kept.backs_up();
    let records = fs::metadata(kept.world.clinic_folder().join("clinic.db")).unwrap().len();
    assert!(first.written > records && second.written < records + 4096, "{} of {records}", second.written);
    let there: Vec<_> = listed(&kept.world.session).iter().map(|one| Some(one.id)).collect();
    assert_eq!(there, [second.backup_id, first.backup_id]);
}

#[test]
fn a_planned_backup_is_made_once_whoever_is_signed_in_and_old_ones_go() {
    let monday = "2026-03-02T09:00:00Z".parse().unwrap();
    let clock = Arc::new(FixedClock::in_zone(monday, TimeZone::UTC));
    let kept = Kept::of(World::founded_at(&clock));
    let workstation = &kept.world.workstation;
    assert!(backup::begin_planned(&kept.world.session).unwrap().is_none(), "nothing is planned");
    let plan = BackupPlan { rhythm: BackupRhythm::Daily, hour: 0, weekday: 1, newest_kept: 1 };
    let view = backup::change_plan(&kept.world.session, &plan).unwrap();
    assert_eq!(view.standing, BackupStanding::Never);
    drop(joins(&kept.world, NURSE, Role::FrontDesk));
    for _ in 0..10 {
        let desk = signed_in(workstation, NURSE, SECRET).unwrap();
        let work = backup::begin_planned(&desk).unwrap().expect("one is due");
        backup::finish(&desk, work.go(|_| {})).unwrap();
        assert!(backup::begin_planned(&desk).unwrap().is_none(), "it was made");
        clock.advance(SignedDuration::from_hours(24));
    }
    let admin = administrator(&kept.world);
    let days: Vec<_> = listed(&admin).iter().map(|one| one.made_at.to_zoned(TimeZone::UTC).day()).collect();
    assert_eq!(days, [11, 10, 9, 8, 7, 6, 5], "the Sunday of the week before is among the seven days");
    assert_eq!(backup::read(&admin).unwrap().standing, BackupStanding::Good);
    clock.advance(SignedDuration::from_hours(24 * 3));
    assert_eq!(backup::read(&administrator(&kept.world)).unwrap().standing, BackupStanding::Late);
}
