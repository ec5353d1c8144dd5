//! A person of older records, whatever kind of file told of them.

use domain::lesion::LesionDetails;
use domain::patient::PatientDetails;

use crate::offers::files::Found;

use super::row::Brought;
use super::state::number;

/// A photograph that comes with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OldPhotograph {
    /// A file of the folder.
    File(Found),
    /// Base64, as FHIR carries it inside.
    Inline(String),
    /// An entry of the archive beside the bundle.
    Entry(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OldLesion {
    pub details: LesionDetails,
    pub photographs: Vec<OldPhotograph>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OldRecord {
    /// As it was there.
    pub number: Option<String>,
    pub details: PatientDetails,
    pub lesions: Vec<OldLesion>,
    /// Of no lesion in particular: they go to the tray.
    pub photographs: Vec<OldPhotograph>,
}

impl OldRecord {
    pub fn holds(&self) -> Brought {
        let of_lesions: usize = self.lesions.iter().map(|lesion| lesion.photographs.len()).sum();
        Brought {
            lesions: number(self.lesions.len()),
            photographs: number(of_lesions + self.photographs.len()),
        }
    }

    /// Takes over what another line says of the same person.
    pub fn join(&mut self, other: Self) {
        self.number = self.number.take().or(other.number);
        for lesion in other.lesions {
            self.lesion(lesion);
        }
        for photograph in other.photographs {
            push_new(&mut self.photographs, photograph);
        }
    }

    /// Adds a lesion; one of the same name is the same lesion.
    pub fn lesion(&mut self, lesion: OldLesion) {
        let known = self.lesions.iter_mut().find(|one| same_label(&one.details.label, &lesion.details.label));
        match known {
            Some(known) => {
                lesion.photographs.into_iter().for_each(|photo| push_new(&mut known.photographs, photo));
            }
            None => self.lesions.push(lesion),
        }
    }
}

fn push_new(photographs: &mut Vec<OldPhotograph>, photograph: OldPhotograph) {
    if !photographs.contains(&photograph) {
        photographs.push(photograph);
    }
}

/// Lesions are told apart by their names, without regard to case.
pub(super) fn same_label(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
