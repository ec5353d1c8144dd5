//! A clinic in a temporary folder, told as a story: `World::founded().registers(…)`.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use clinic::views::*;
use clinic::{Error, Session, Workstation, analysis, entry, image, lesion, patient};
use domain::image::ImageKind;
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::{FitzpatrickType, PatientDetails, Sex};
use domain::{ImageId, LesionId, PatientId};
use jiff::civil::date;
use tempfile::TempDir;
use vault::KdfPolicy;

use crate::shared::root;

pub const PASSWORD: &str = "copper lantern walks upstream";
pub const EMAIL: &str = "ada@seeblick.example";

pub struct World {
    pub folder: TempDir,
    pub workstation: Arc<Workstation>,
    pub session: Session,
}

impl World {
    /// A clinic fresh from first run, its administrator signed in, the shipped model at hand.
    #[must_use]
    pub fn founded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let models = root().join("models");
        let workstation =
            Arc::new(Workstation::new(folder.path().join("clinic"), models).with_kdf(KdfPolicy::for_tests()));
        let (session, _) = entry::found(&workstation, &Self::founding()).unwrap();
        Self { folder, workstation, session }
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
        let Self { folder, workstation, session } = self;
        drop((session, workstation));
        let workstation = Arc::new(
            Workstation::new(folder.path().join("clinic"), models.to_path_buf())
                .with_kdf(KdfPolicy::for_tests()),
        );
        let session = entry::sign_in(&workstation, &Self::credentials(PASSWORD)).unwrap();
        Self { folder, workstation, session }
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
        let details = PatientDetails { family_name: family_name.into(), ..details() };
        patient::create(&self.session, PatientCreateRequest { details }).unwrap().patient.id
    }

    #[must_use]
    pub fn adds_lesion(&self, patient_id: PatientId) -> LesionId {
        let details = LesionDetails {
            label: "L1".into(),
            site: BodySite::Back,
            laterality: Laterality::Left,
            note: String::new(),
        };
        lesion::create(&self.session, LesionCreateRequest { patient_id, details }).unwrap().lesion.id
    }

    /// # Errors
    /// What the import says.
    pub fn imports(&self, lesion_id: LesionId, bytes: &[u8]) -> Result<ImageImported, Error> {
        let request = ImageImportRequest { lesion_id, kind: ImageKind::Dermoscopic };
        image::import(&self.session, &request, bytes)
    }

    /// Starts an analysis and follows it to its end.
    ///
    /// # Errors
    /// What the start says; a job that fails comes back as its last view.
    pub fn analyses(&self, image_ids: &[ImageId]) -> Result<Vec<JobView>, Error> {
        let (sender, updates) = mpsc::channel();
        let request = AnalysisStartRequest { image_ids: image_ids.to_vec() };
        let first = analysis::start(&self.session, &request, move |job| {
            let _ = sender.send(job.clone());
        })?;
        let mut seen = vec![first];
        while !seen.last().unwrap().state.is_finished() {
            seen.push(updates.recv_timeout(Duration::from_secs(60)).unwrap());
        }
        Ok(seen)
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
        medical_history: "Penicillin allergy".into(),
        risk_factors: vec![],
        photo_consent: true,
        ai_consent: true,
    }
}
