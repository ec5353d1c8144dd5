//! Identities. Every record has a UUID (version 7, so that they sort by creation) that is never reused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identity.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// One clinic: one database, one set of keys.
    ClinicId,
    UserId,
    /// An entry of the directory of clinicians.
    ClinicianId,
    /// An emergency look.
    BreakGlassId,
    PatientId,
    /// A lesion keeps its identity over all visits; exports carry it as a UID.
    LesionId,
    ImageId,
    AnalysisId,
    JobId,
    ReportId,
    SessionId,
    AuditId,
    /// One sealed file on disk: a rendition of a photograph, a heatmap, an overlay.
    FileId,
    /// A plan that a patient comes back.
    RecallId,
    /// A specimen with its histology.
    BiopsyId,
    CaseNoteId,
    /// A patient's visit on a day.
    VisitId,
    /// A photograph of the front desk that waits for a clinician.
    DeskPhotoId,
    /// Two records of one person made one.
    MergeId,
    /// A retention hold on a record.
    HoldId,
    /// Readings or photographs taken off the lists.
    DeletionId,
    /// Many analyses asked for at once.
    BatchId,
    /// A camera or dermatoscope of the clinic.
    ImagingDeviceId,
    /// Something measured by hand in a photograph.
    ImageMarkId,
    /// A checklist that was filled in.
    ChecklistId,
    /// An impression that was committed before the reading was shown.
    ImpressionId,
    DecisionId,
    /// A letter of referral.
    ReferralId,
    /// A photograph of a patient that waits for a lesion.
    TrayPhotoId,
    /// Two photographs of a lesion compared.
    ComparisonId,
    /// A generation of a backup.
    BackupId,
    /// A version of the classifier that the clinic added.
    ModelVersionId,
    /// A text proposed for a report.
    ReportProposalId,
    /// Questions of one person to the assistant.
    AssistantConversationId,
}
