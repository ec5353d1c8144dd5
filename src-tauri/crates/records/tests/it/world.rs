//! A small clinic to test on.

use std::path::Path;
use std::sync::Arc;

use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::lesion::{BodySite, Laterality, Lesion, LesionDetails};
use domain::patient::{Patient, PatientDetails, Sex};
use domain::quality::QualityReport;
use domain::user::{UserDetails, UserState};
use domain::{Actor, ClinicId, FileId, FixedClock, ImageId, Role, UserId};
use jiff::civil::date;
use records::files::SealedFile;
use records::images::Rendition;
use records::{RecordsError, Store, Writing, clinics, images, lesions, patients, users};
use rusqlite::Connection;
use vault::{Secret, WrappedKey, create_database_at, open_database_at};

pub const DATABASE: &str = "clinic.db";

pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<FixedClock>,
    pub actor: Actor,
    pub store: Store,
}

pub fn database_key() -> Secret {
    Secret::from_bytes(&[1; 32])
}

fn audit_key() -> Secret {
    Secret::from_bytes(&[2; 32])
}

pub fn raw(folder: &Path) -> Connection {
    open_database_at(&folder.join(DATABASE), &database_key()).unwrap()
}

pub fn open(folder: &Path, clock: &Arc<FixedClock>) -> Result<Store, RecordsError> {
    let connection = raw(folder);
    Store::open(connection, audit_key(), clock.clone())
}

impl World {
    /// A clinic with one administrator.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new("2026-03-05T10:00:00.123456789Z".parse().unwrap()));
        let actor = Actor { user: UserId::fresh(), role: Role::Administrator };
        let connection = create_database_at(&folder.path().join(DATABASE), &database_key()).unwrap();
        let store = Store::open(connection, audit_key(), clock.clone()).unwrap();
        let world = Self { folder, clock, actor, store };
        world.write(|tx| {
            clinics::create(tx, ClinicId::fresh(), "Clinic on the Hill")?;
            users::add(
                tx,
                actor.user,
                &user_details("ada@clinic.example"),
                Role::Administrator,
                UserState::Active,
            )
        });
        world
    }

    pub fn write<T>(&self, work: impl FnOnce(&Writing<'_>) -> Result<T, RecordsError>) -> T {
        self.store.write(&self.actor, work).unwrap()
    }

    pub fn refused<T>(&self, work: impl FnOnce(&Writing<'_>) -> Result<T, RecordsError>) -> RecordsError {
        self.store.write(&self.actor, work).map(|_| ()).unwrap_err()
    }

    /// Ends the program and starts it again.
    pub fn reopened(self) -> Self {
        let Self { folder, clock, actor, store } = self;
        drop(store);
        let store = open(folder.path(), &clock).unwrap();
        Self { folder, clock, actor, store }
    }

    /// The database without the store around it, for someone who means ill and holds the key.
    pub fn raw(&self) -> Connection {
        let connection = raw(self.folder.path());
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        connection
    }

    pub fn patient(&self) -> Patient {
        self.write(|tx| patients::register(tx, &details("Okonkwo", "Adaeze")))
    }

    pub fn lesion(&self, patient: &Patient) -> Lesion {
        self.write(|tx| lesions::add(tx, patient.id, &lesion_details()))
    }

    pub fn image(&self, lesion: &Lesion) -> ImageRecord {
        let image = image_of(lesion);
        let files = [(Rendition::Original, sealed_file()), (Rendition::Thumbnail, sealed_file())];
        self.write(|tx| images::insert(tx, &image, &files));
        image
    }
}

pub fn user_details(email: &str) -> UserDetails {
    UserDetails {
        full_name: "Ada Lind".into(),
        email: email.into(),
        licence_number: Some("L-7".into()),
        ..UserDetails::default()
    }
}

pub fn details(family_name: &str, given_names: &str) -> PatientDetails {
    PatientDetails {
        family_name: family_name.into(),
        given_names: given_names.into(),
        date_of_birth: date(1971, 3, 9),
        sex: Sex::Female,
        phone: "+49 171 2345678".into(),
        email: "adaeze@mail.example".into(),
        address: "Hill Road 1".into(),
        fitzpatrick: Some(domain::patient::FitzpatrickType::V),
        alert: String::new(),
        medical_history: "Hypertension".into(),
        risk_factors: vec![domain::patient::RiskFactor::ManyNaevi, domain::patient::RiskFactor::SunbedUse],
        photo_consent: true,
        ai_consent: false,
        training_consent: false,
    }
}

pub fn lesion_details() -> LesionDetails {
    LesionDetails {
        label: "L1".into(),
        site: BodySite::LowerLeg,
        laterality: Laterality::Left,
        note: "since spring".into(),
    }
}

pub fn image_of(lesion: &Lesion) -> ImageRecord {
    ImageRecord {
        id: ImageId::fresh(),
        patient_id: lesion.patient_id,
        lesion_id: lesion.id,
        kind: ImageKind::Dermoscopic,
        format: ImageFormat::Jpeg,
        width: 1024,
        height: 768,
        sha256: "ab".repeat(32),
        bytes: 123_456,
        quality: QualityReport::default(),
        imported_at: "2026-03-05T10:00:00.5Z".parse().unwrap(),
    }
}

pub fn sealed_file() -> SealedFile {
    let mut key = [0; WrappedKey::BYTES];
    let id = FileId::fresh();
    key[..16].copy_from_slice(id.as_uuid().as_bytes());
    SealedFile { id, version: 1, key: WrappedKey::try_from(&key[..]).unwrap() }
}
