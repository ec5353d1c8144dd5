//! What is imported from.

use std::path::Path;

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::views::{DateOrder, ImportKind, ImportMapping, ImportSource};

use super::clinic_export::ClinicExport;
use super::fhir::FhirSource;
use super::folder::FolderSource;

pub(super) enum Source {
    Clinic(ClinicExport),
    Folder(Box<FolderSource>),
    Fhir(FhirSource),
}

impl Source {
    /// # Errors
    /// `import_unreadable`, `passphrase_wrong`, `file_gone`, `file_denied`.
    pub fn open(
        kind: ImportKind,
        path: &Path,
        passphrase: Option<Zeroizing<String>>,
        today: Date,
    ) -> Result<Self> {
        Ok(match kind {
            ImportKind::Clinic => Self::Clinic(ClinicExport::open(path, passphrase)?),
            ImportKind::Folder => Self::Folder(Box::new(FolderSource::open(path, today)?)),
            ImportKind::Fhir => Self::Fhir(FhirSource::open(path, passphrase)?),
        })
    }

    pub const fn kind(&self) -> ImportKind {
        match self {
            Self::Clinic(_) => ImportKind::Clinic,
            Self::Folder(_) => ImportKind::Folder,
            Self::Fhir(_) => ImportKind::Fhir,
        }
    }

    pub fn view(&self) -> ImportSource {
        match self {
            Self::Clinic(export) => export.view(),
            Self::Folder(folder) => folder.view(),
            Self::Fhir(bundle) => bundle.view(),
        }
    }

    pub fn mapping(&self) -> Option<ImportMapping> {
        match self {
            Self::Folder(folder) => Some(folder.mapping().clone()),
            Self::Fhir(bundle) => Some(bundle.mapping().clone()),
            Self::Clinic(_) => None,
        }
    }

    pub fn date_orders(&self) -> Vec<DateOrder> {
        match self {
            Self::Folder(folder) => folder.date_orders(),
            _ => Vec::new(),
        }
    }

    /// Takes a mapping over, and says whether it is another one than before.
    ///
    /// # Errors
    /// `invalid_input`.
    pub fn map(&mut self, mapping: &ImportMapping) -> Result<bool> {
        match self {
            Self::Folder(folder) => folder.map(mapping),
            Self::Fhir(bundle) => Ok(bundle.map(mapping)),
            Self::Clinic(_) => Ok(false),
        }
    }
}

/// The last part of a path, for the window.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
