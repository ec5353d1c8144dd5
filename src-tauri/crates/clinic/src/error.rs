//! The one error shape of the border: a code from a closed set, a sentence, details without patient data.

use std::fmt;

use domain::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

pub type Result<T> = std::result::Result<T, Error>;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident => $message:literal,)+) => {
        /// A code is added only when someone acts on it: the window's wording or a script's branch.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $variant,)+
        }

        impl ErrorCode {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// English sentence for logs and the command line; the window has its own wording.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)+ }
            }

            /// What is to be known beside the sentence, as `details` and causes.
            pub(crate) const fn notes(self) -> &'static str {
                match self { $(Self::$variant => concat!("", $($doc,)*),)+ }
            }
        }
    };
}

codes! {
    /// `details.problems` lists the fields.
    InvalidInput => "Some of what was entered cannot be accepted.",
    NotFound => "There is no such record.",
    /// Somebody else changed the record since it was read.
    Conflict => "The record was changed in the meantime. Load it again.",
    /// Two records are to be merged and are one and the same.
    SamePatient => "A patient's record cannot be merged with itself.",
    /// `details.patient_id`, where it is known, is the record that stands in its place.
    PatientMerged => "The patient's record was merged into another one.",
    /// A retention hold stands on the record.
    PatientOnHold => "The record is under a retention hold and is not erased.",
    NotPermitted => "Your role does not allow this.",
    SessionRequired => "Sign in first.",
    SessionLocked => "The session is locked. Sign in again to go on.",
    InvalidCredentials => "E-mail or password is wrong.",
    /// The code of the second factor. `details.drift_steps` when it fits another time than the clock's.
    SecondFactorWrong => "The code is wrong or was used before.",
    /// The five minutes between password and code are over.
    SignInExpired => "Too much time passed. Sign in again from the start.",
    /// An activation code, a reset code or a slip: wrong, used up or too old.
    CodeInvalid => "The code is wrong, used up or too old.",
    /// Somebody else signs in by this e-mail address.
    EmailInUse => "This e-mail address already belongs to an account.",
    LastAdministrator => "The last administrator cannot be taken away. Make another one first.",
    /// Too many registrations wait for an administrator.
    TooManyWaiting => "Too many requests are waiting for an administrator.",
    /// Work is under way that must end first.
    Busy => "Other work is still under way. Wait until it ends.",
    /// `details.reason` is a stable word: `refused`, `unreachable`, `tls`, `rejected`.
    MailFailed => "The mail server did not take the message.",
    ClinicExists => "A clinic is already set up on this workstation.",
    ClinicMissing => "No clinic is set up on this workstation.",
    ClinicInUse => "Another Lentigo on this workstation has the clinic open.",
    KeySlotsDamaged => "The key file is missing or damaged. Restore it from a backup.",
    RecordDamaged => "A stored record or photograph is damaged and cannot be opened.",
    StorageFull => "The disk is full. Nothing was saved.",
    StorageFailed => "The disk could not be read or written.",
    /// `details.consent` is `photo` or `ai`.
    ConsentMissing => "The patient has not consented to this.",
    ImageEmpty => "The file is empty.",
    ImageFormatUnsupported => "This is not a JPEG, PNG, TIFF, WebP, BMP or DICOM picture.",
    /// Telephones write it; no free decoder that can be kept up is at hand.
    ImageHeic => "This is an HEIC picture. Export it as JPEG first.",
    ImageUnreadable => "The picture is damaged or incomplete.",
    /// `details.limit_bytes`.
    ImageTooLarge => "The file is larger than allowed.",
    /// `details` has the limit.
    ImageTooManyPixels => "The picture has more pixels than allowed.",
    /// `details.min_side`, `details.width`, `details.height`.
    ImageTooSmall => "The picture is smaller than 224 × 224 pixels.",
    ImageBlack => "The picture is almost entirely black.",
    /// A file or its folder is no longer where it was, as when a network share goes away.
    FileGone => "The file is no longer there.",
    FileDenied => "The file may not be read.",
    /// It grew or was replaced while it was read.
    FileChanged => "The file changed while it was read.",
    DicomUnreadable => "The DICOM file holds no picture that can be read.",
    DicomNotPhotograph => "The DICOM file is not a photograph.",
    /// It is being analysed, or shows the site of a specimen.
    PhotographInUse => "Work on the photograph keeps it where it is.",
    /// No model, no result: a prediction is never invented.
    ModelUnavailable => "The model is missing or does not match its card. No analysis is possible.",
    /// `details.reason` is a stable word, with `names`, `expected` and `found` where they explain it: `empty`,
    /// `lfs_pointer`, `unreadable`, `too_large`, `external_tensors`, `constants_too_large`, `loop`, `operators`,
    /// `inputs`, `input_shape`, `output_missing`, `classes`, `not_finite`, `constant_output`, `not_probabilities`,
    /// `memory`, `time`, `crashed`, `cannot_run`, `card`, `hash_mismatch`, `novelty_missing`, `novelty`, `duplicate`,
    /// `no_network`, `not_checked`, `not_compared`, `nothing_before`.
    ModelRefused => "The version of the model cannot be used.",
    /// An administrator has switched them off for the whole clinic.
    AnalysesOff => "The clinic has switched analyses off.",
    AnalysisCancelled => "The analysis was cancelled.",
    /// The program ended while the work was under way.
    Interrupted => "The work was interrupted when the program ended.",
    /// `details.analysis_id`: the clinic reads first, and no impression of the lesion is committed.
    ImpressionRequired => "Commit an impression of the lesion before the reading is shown.",
    /// Signed, withdrawn or discarded.
    ReportLocked => "The report is signed and cannot be changed. Write an addendum.",
    /// Somebody changed the database by hand.
    ReportAltered => "The stored report is not what was signed.",
    PassphraseWrong => "The passphrase is wrong, or the file is not a share pack.",
    /// `details.expired_at`.
    ShareExpired => "The share pack has expired.",
    /// `details.reason` is a stable word: `off`, `busy`, `unreachable`, `public_address`, `tls`, `refused`,
    /// `called_title`, `calling_title`, `denied`, `redirected`, `not_dicomweb`, `status` (with `details.status`),
    /// `unreadable`, `timeout`, `closed`, `rejected`, `cancelled`.
    PacsFailed => "The PACS did not take part.",
    /// `details.reason` is a stable word: `not_set_up`, `busy`, `folder_missing`, `folder_full`, `folder_denied`,
    /// `inside`, `other_clinic`, `damaged` (with `files` and, at a restore, `opens`), `cancelled`, `storage`.
    BackupFailed => "The backup could not be made or used.",
    /// The clinic, or a backup, was written by a newer version of the program; nothing was touched.
    NewerVersion => "This was written by a newer Lentigo. Update this one to open it.",
    /// `details.reason` is a stable word: `off`, `busy`, `not_assessed`, `unreachable`, `public_address`, `tls`,
    /// `redirected`, `refused` (with `details.status`), `content_type`, `too_large`, `unreadable`, `empty`,
    /// `too_long`, `timeout`, `closed`, `cancelled`.
    LanguageModelFailed => "The language model gave no text that can be used.",
    /// A proposed text stands in the report as it was proposed.
    ReportTextUnread => "Read the proposed text, and accept or change it, before the report is signed.",
    /// `details.reason` is a stable word: `empty`, `header_only`, `too_large`, `too_many_rows`, `no_table`, `archive`,
    /// `no_clinic_file`, `not_ours`, `newer_version`, `not_json`, `not_a_bundle`.
    ImportUnreadable => "The source cannot be read.",
    Internal => "Something went wrong inside the program.",
}

/// `{ code, message, details }` everywhere: window, command line, job table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "AppError")]
pub struct Error {
    pub code: ErrorCode,
    pub message: String,
    #[ts(type = "Record<string, unknown>")]
    pub details: Value,
}

impl Error {
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { code, message: code.message().to_owned(), details: json!({}) }
    }

    #[must_use]
    pub fn with(code: ErrorCode, details: Value) -> Self {
        Self { details, ..Self::new(code) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<Vec<FieldProblem>> for Error {
    fn from(problems: Vec<FieldProblem>) -> Self {
        Self::with(ErrorCode::InvalidInput, json!({ "problems": problems }))
    }
}

impl From<vault::VaultError> for Error {
    fn from(error: vault::VaultError) -> Self {
        use vault::VaultError as V;
        let code = match error {
            V::InvalidCredentials | V::RecoveryCodeMistyped => ErrorCode::InvalidCredentials,
            V::KeySlotsDamaged | V::KeySlotsMissing | V::StaleEpoch | V::SlotAltered => {
                ErrorCode::KeySlotsDamaged
            }
            V::NoClinic => ErrorCode::ClinicMissing,
            V::ClinicExists => ErrorCode::ClinicExists,
            V::KeyNotHeld => ErrorCode::NotPermitted,
            V::NoAdministrator => ErrorCode::LastAdministrator,
            V::SlotExists => ErrorCode::EmailInUse,
            V::NoSuchSlot => ErrorCode::NotFound,
            V::CodeExpired => ErrorCode::InvalidCredentials,
            V::TooManyWaiting => ErrorCode::TooManyWaiting,
            V::KeyChangeRunning => ErrorCode::Busy,
            V::WrongKey | V::Damaged | V::FileMissing => ErrorCode::RecordDamaged,
            V::NewerFormat => ErrorCode::NewerVersion,
            V::StorageFull => ErrorCode::StorageFull,
            V::Storage(_) | V::Database(_) => ErrorCode::StorageFailed,
            _ => ErrorCode::Internal,
        };
        tracing::warn!(%error, ?code, "vault");
        code.into()
    }
}

impl From<records::RecordsError> for Error {
    fn from(error: records::RecordsError) -> Self {
        use records::RecordsError as R;
        let code = match error {
            R::NotFound => ErrorCode::NotFound,
            R::Conflict => ErrorCode::Conflict,
            R::Merged => ErrorCode::PatientMerged,
            R::WorkUnderWay => ErrorCode::Busy,
            R::OnHold => ErrorCode::PatientOnHold,
            R::LastAdministrator => ErrorCode::LastAdministrator,
            R::Vault(inner) => return inner.into(),
            R::NewerSchema => ErrorCode::NewerVersion,
            R::StorageFull => ErrorCode::StorageFull,
            R::Damaged => ErrorCode::RecordDamaged,
            R::Storage(_) => ErrorCode::StorageFailed,
            _ => ErrorCode::Internal,
        };
        if !matches!(code, ErrorCode::NotFound | ErrorCode::Conflict) {
            tracing::warn!(%error, ?code, "records");
        }
        code.into()
    }
}

impl From<documents::DocumentError> for Error {
    fn from(error: documents::DocumentError) -> Self {
        tracing::warn!(%error, "documents");
        match error {
            documents::DocumentError::Target(kind) => std::io::Error::from(kind).into(),
            _ => ErrorCode::Internal.into(),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => ErrorCode::StorageFull,
            _ => ErrorCode::StorageFailed,
        }
        .into()
    }
}
