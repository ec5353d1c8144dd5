//! Where an answer leads: articles of the library and screens of the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::role::Role::{self, Administrator, Auditor, Clinician, FrontDesk};

/// Articles of the library, by the names it files them under.
pub const ARTICLES: [&str; 15] = [
    "acne",
    "actinic-keratosis",
    "basal-cell-carcinoma",
    "benign-keratosis",
    "dermatofibroma",
    "eczema",
    "fungal-infection",
    "melanocytic-naevus",
    "melanoma",
    "psoriasis",
    "rosacea",
    "squamous-cell-carcinoma",
    "vascular-lesion",
    "vitiligo",
    "warts",
];

/// A screen, or a part of the administration, that a rule can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AssistantScreen {
    Today,
    Patients,
    PatientNew,
    Reports,
    History,
    Model,
    Library,
    Profile,
    Audit,
    Users,
    Letterhead,
    Templates,
    AssistantRules,
    LanguageModel,
    Mail,
    Pacs,
    Export,
    Import,
    Security,
    Backup,
    Settings,
    Selftest,
    Logs,
}

impl AssistantScreen {
    pub const ALL: [Self; 23] = [
        Self::Today,
        Self::Patients,
        Self::PatientNew,
        Self::Reports,
        Self::History,
        Self::Model,
        Self::Library,
        Self::Profile,
        Self::Audit,
        Self::Users,
        Self::Letterhead,
        Self::Templates,
        Self::AssistantRules,
        Self::LanguageModel,
        Self::Mail,
        Self::Pacs,
        Self::Export,
        Self::Import,
        Self::Security,
        Self::Backup,
        Self::Settings,
        Self::Selftest,
        Self::Logs,
    ];

    /// The word for it in a sheet.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Patients => "patients",
            Self::PatientNew => "patient_new",
            Self::Reports => "reports",
            Self::History => "history",
            Self::Model => "model",
            Self::Library => "library",
            Self::Profile => "profile",
            Self::Audit => "audit",
            Self::Users => "users",
            Self::Letterhead => "letterhead",
            Self::Templates => "templates",
            Self::AssistantRules => "assistant_rules",
            Self::LanguageModel => "language_model",
            Self::Mail => "mail",
            Self::Pacs => "pacs",
            Self::Export => "export",
            Self::Import => "import",
            Self::Security => "security",
            Self::Backup => "backup",
            Self::Settings => "settings",
            Self::Selftest => "selftest",
            Self::Logs => "logs",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.name() == name)
    }

    /// Whether the window shows it to somebody of this role: an answer leads nowhere else.
    #[must_use]
    pub const fn is_open_to(self, role: Role) -> bool {
        match self {
            Self::Today | Self::Patients | Self::Model | Self::Library | Self::Profile => {
                !matches!(role, Role::PatientView)
            }
            Self::PatientNew | Self::Reports => matches!(role, Administrator | Clinician | FrontDesk),
            Self::History => matches!(role, Administrator | Clinician),
            Self::Audit => matches!(role, Administrator | Auditor),
            _ => matches!(role, Administrator),
        }
    }
}

/// Where an answer leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AssistantLink {
    Article { slug: String },
    Screen { desk: AssistantScreen },
}
