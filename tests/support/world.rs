//! A clinic in a temporary folder, told as a story: `World::founded().registers(…)`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic::models::TrialProgram;
use clinic::sign_in::{Challenge, Entered, sign_in};
use clinic::views::*;
use clinic::{Error, ErrorCode, Session, Workstation, audit_trail, entry};
use domain::patient::{FitzpatrickType, PatientDetails, Sex};
use domain::{Clock, FixedClock, ImageId, LesionId, PatientId, SystemClock};
use jiff::civil::date;
use tempfile::TempDir;
use vault::KdfPolicy;

use crate::doing;
use crate::shared::root;

pub const PASSWORD: &str = "copper lantern walks upstream";
pub const EMAIL: &str = "ada@seeblick.example";

pub struct World {
    pub folder: TempDir,
    pub workstation: Arc<Workstation>,
    pub session: Session,
    /// As it was shown at first run.
    pub sheet: RecoverySheetView,
    clock: Arc<dyn Clock>,
}

impl World {
    /// A clinic fresh from first run, its administrator signed in, the shipped model at hand.
    #[must_use]
    pub fn founded() -> Self {
        Self::founded_in(tempfile::tempdir().unwrap())
    }

    /// The same on another disk than that of temporary files.
    #[must_use]
    pub fn founded_on(disk: &std::path::Path) -> Self {
        Self::founded_in(TempDir::new_in(disk).unwrap())
    }

    /// The same at a time that only the test moves.
    #[must_use]
    pub fn founded_at(clock: &Arc<FixedClock>) -> Self {
        Self::founded_with(tempfile::tempdir().unwrap(), Arc::clone(clock) as Arc<dyn Clock>)
    }

    /// The same with another program to try models out in.
    #[must_use]
    pub fn founded_trying(trials: TrialProgram) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let bare = Workstation::new(folder.path().join("clinic"), root().join("models"));
        let workstation = Arc::new(bare.with_kdf(KdfPolicy::for_tests()).with_trials(trials));
        let (session, sheet) = entry::found(&workstation, &Self::founding()).unwrap();
        Self { folder, workstation, session, sheet, clock }
    }

    fn founded_in(folder: TempDir) -> Self {
        Self::founded_with(folder, Arc::new(SystemClock))
    }

    fn founded_with(folder: TempDir, clock: Arc<dyn Clock>) -> Self {
        let workstation = workstation(&folder, &root().join("models"), &clock);
        let (session, sheet) = entry::found(&workstation, &Self::founding()).unwrap();
        Self { folder, workstation, session, sheet, clock }
    }

    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Every file of the clinic.
    #[must_use]
    pub fn files(&self) -> Vec<std::path::PathBuf> {
        files_below(&self.clinic_folder())
    }

    /// Details of all rows of the audit trail with one action.
    #[must_use]
    pub fn trail(&self, session: &Session, action: &str) -> Vec<serde_json::Value> {
        let filter = AuditFilterRequest {
            actions: vec![serde_json::from_value(action.into()).unwrap()],
            ..AuditFilterRequest::default()
        };
        let request = AuditSearchRequest { filter, before: None, limit: 200 };
        let page = audit_trail::search(session, &request).unwrap();
        page.rows.into_iter().map(|row| row.details).collect()
    }

    #[must_use]
    pub fn founding() -> ClinicCreateRequest {
        ClinicCreateRequest {
            clinic_name: "Seeblick Dermatology".into(),
            full_name: "Dr Ada Okonkwo".into(),
            email: EMAIL.into(),
            password: PASSWORD.into(),
            password_repeat: PASSWORD.into(),
        }
    }

    /// The same clinic after the program was closed and started again, with the models of a folder.
    #[must_use]
    pub fn reopened_with(self, models: &std::path::Path) -> Self {
        let Self { folder, workstation: old, session, sheet, clock } = self;
        drop((session, old));
        let workstation = workstation(&folder, models, &clock);
        let session = signed_in_again(&workstation);
        Self { folder, workstation, session, sheet, clock }
    }

    #[must_use]
    pub fn credentials(password: &str) -> SignInRequest {
        SignInRequest { email: EMAIL.into(), password: password.into() }
    }

    #[must_use]
    pub fn clinic_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("clinic")
    }

    #[must_use]
    pub fn registers(&self, family_name: &str) -> PatientId {
        doing::registers(&self.session, family_name).unwrap()
    }

    #[must_use]
    pub fn adds_lesion(&self, patient_id: PatientId) -> LesionId {
        doing::adds_lesion(&self.session, patient_id).unwrap()
    }

    /// # Errors
    /// What the import says.
    pub fn imports(&self, lesion_id: LesionId, bytes: &[u8]) -> Result<ImageImported, Error> {
        doing::imports(&self.session, lesion_id, bytes)
    }

    /// Starts an analysis and follows it to its end.
    ///
    /// # Errors
    /// What the start says; a job that fails comes back as its last view.
    pub fn analyses(&self, image_ids: &[ImageId]) -> Result<Vec<JobView>, Error> {
        let seen = doing::analyses(&self.session, image_ids)?;
        assert!(seen.last().is_some_and(|job| job.state.is_finished()), "{seen:?}");
        Ok(seen)
    }
}

fn workstation(folder: &TempDir, models: &std::path::Path, clock: &Arc<dyn Clock>) -> Arc<Workstation> {
    let workstation = Workstation::new(folder.path().join("clinic"), models.to_path_buf());
    Arc::new(workstation.with_kdf(KdfPolicy::for_tests()).with_clock(Arc::clone(clock)))
}

/// Signs in where the program ran a moment ago: a thread that has told of its last job may hold the clinic still.
fn signed_in_again(workstation: &Arc<Workstation>) -> Session {
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        match signed_in(workstation, EMAIL, PASSWORD) {
            Err(error) if error.code == ErrorCode::ClinicInUse && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(20));
            }
            found => return found.unwrap(),
        }
    }
}

#[must_use]
pub fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Signs in somebody without a second factor.
///
/// # Errors
/// What the door says.
pub fn signed_in(workstation: &Arc<Workstation>, email: &str, password: &str) -> Result<Session, Error> {
    let request = SignInRequest { email: email.into(), password: password.into() };
    match sign_in(workstation, &request)? {
        Entered::Session(session) => Ok(*session),
        Entered::Challenge(_) => panic!("{email} has a second factor"),
    }
}

/// Signs in somebody with a second factor, as far as the code.
///
/// # Errors
/// What the door says.
pub fn challenged(
    workstation: &Arc<Workstation>,
    email: &str,
    password: &str,
) -> Result<Box<Challenge>, Error> {
    let request = SignInRequest { email: email.into(), password: password.into() };
    match sign_in(workstation, &request)? {
        Entered::Challenge(challenge) => Ok(challenge),
        Entered::Session(_) => panic!("{email} has no second factor"),
    }
}

#[must_use]
pub fn details() -> PatientDetails {
    PatientDetails {
        family_name: "Lindenhoff".into(),
        given_names: "Brigitte".into(),
        date_of_birth: date(1961, 4, 23),
        sex: Sex::Female,
        phone: "+49 7531 555 019".into(),
        email: String::new(),
        address: String::new(),
        fitzpatrick: Some(FitzpatrickType::II),
        alert: String::new(),
        medical_history: "Penicillin allergy".into(),
        risk_factors: vec![],
        photo_consent: true,
        ai_consent: true,
        training_consent: false,
    }
}
