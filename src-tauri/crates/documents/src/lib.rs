//! What leaves the clinic on paper.
//!
//! [`render_report`] prints the reading of a lesion, [`render_recovery_sheet`] the sheet that opens a
//! clinic again, [`render_slip`] slips with a one-time code, and [`render_visit_slip`] those of a visit. All are pure: the same content gives the same bytes, no clock is read
//! and nothing is written to disk. The way from content to bytes has four steps:
//!
//! 1. `report`, `recovery` and `slip` compose pieces from the content, with every word taken from `words`;
//! 2. `layout` wraps text and breaks the pieces into pages;
//! 3. `fonts` measures, and names for every character the face that can draw it;
//! 4. `pdf` subsets the faces and writes the file.
#![forbid(unsafe_code)]

mod archive;
mod barcode;
mod column;
pub mod dicom;
mod error;
pub mod fhir;
mod fonts;
mod ink;
mod insight;
mod layout;
mod letter;
mod paper;
mod pdf;
mod performance;
mod picture;
mod recovery;
mod report;
pub mod seal;
mod self_test;
mod slip;
mod subject;
mod subset;
mod visit_slip;
mod words;

pub use archive::{Archive, Packing};
pub use error::DocumentError;
pub use insight::{InsightContent, InsightRow, InsightTable, render_insight};
pub use letter::{LetterContent, render_letter};
pub use paper::Paper;
pub use performance::{PerformanceContent, render_performance};
pub use recovery::{RecoverySheetContent, render_recovery_sheet};
pub use report::{prepare_logo, render_report, render_report_in};
pub use self_test::{SelfTestContent, SelfTestLine, render_self_test};
pub use slip::{SlipContent, SlipKind, render_slip};
pub use subject::{SubjectSummary, SummaryLine, SummarySection, render_subject_summary};
pub use visit_slip::{VisitSlipContent, render_visit_slip};
