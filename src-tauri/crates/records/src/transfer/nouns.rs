//! The tables that arrive, and whose their rows are.

/// How a row says whom it is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    /// The column holds the patient.
    Patient(&'static str),
    /// The column holds the identity of a row of another table, which stands before this one.
    Through(&'static str, &'static str),
}

use Owner::{Patient, Through};

const BY_PATIENT: Owner = Patient("patient_id");
const BY_IMAGE: Owner = Through("image_id", "images");
const BY_READING: Owner = Through("analysis_id", "analyses");

/// What is referred to stands before whatever refers to it.
pub(super) const NOUNS: &[(&str, Owner)] = &[
    ("patients", Patient("id")),
    ("consents", BY_PATIENT),
    ("retention_holds", BY_PATIENT),
    ("lesions", BY_PATIENT),
    ("visits", BY_PATIENT),
    ("images", BY_PATIENT),
    ("image_origins", BY_PATIENT),
    ("image_scales", BY_IMAGE),
    ("image_marks", BY_IMAGE),
    ("comparisons", BY_PATIENT),
    ("analyses", BY_PATIENT),
    ("analysis_images", BY_READING),
    ("analysis_files", BY_READING),
    ("analysis_outlines", BY_READING),
    ("impressions", BY_PATIENT),
    ("checklists", BY_PATIENT),
    ("recalls", BY_PATIENT),
    ("recall_contacts", Through("recall_id", "recalls")),
    ("recall_visits", Through("recall_id", "recalls")),
    ("decisions", BY_PATIENT),
    ("reading_feedback", BY_PATIENT),
    ("referrals", BY_PATIENT),
    ("biopsies", BY_PATIENT),
    ("histologies", Through("biopsy_id", "biopsies")),
    ("case_notes", BY_PATIENT),
];

/// References that may lead to what did not come along; they are emptied then. Table, column, and the table that
/// is referred to.
pub(super) const LOOSE: &[(&str, &str, &str)] = &[
    // Reports stay where they were signed.
    ("checklists", "printed_in", "reports"),
    // A reading that waits for an impression, or was deleted, stays.
    ("histologies", "analysis_id", "analyses"),
    ("checklists", "visit_id", "visits"),
    ("decisions", "visit_id", "visits"),
    ("decisions", "recall_id", "recalls"),
    ("image_origins", "visit_id", "visits"),
];

pub(super) fn place(table: &str) -> Option<usize> {
    NOUNS.iter().position(|(name, _)| *name == table)
}
