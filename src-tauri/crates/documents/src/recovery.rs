//! The printed sheet that opens a clinic when no password does.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::Fonts;
use crate::paper::Paper;
use crate::pdf::{About, write};
use crate::words;

/// What the sheet says. `Debug` leaves the code out.
#[derive(Clone)]
pub struct RecoverySheetContent {
    pub clinic_name: String,
    pub created_on: Date,
    /// The recovery code in the groups it is typed in.
    pub groups: Vec<String>,
    /// How the code is used, a step each; the usual steps when empty.
    pub instructions: Vec<String>,
}

impl fmt::Debug for RecoverySheetContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoverySheetContent")
            .field("clinic_name", &self.clinic_name)
            .field("created_on", &self.created_on)
            .field("groups", &format_args!("[{} redacted]", self.groups.len()))
            .field("instructions", &self.instructions)
            .finish()
    }
}

/// Renders the recovery sheet: one page, the same bytes for the same content.
///
/// The returned file holds the code in clear; it is for the printer, not for the disk.
///
/// # Errors
/// [`DocumentError::TooLong`] when the content needs more than one page.
pub fn render_recovery_sheet(sheet: &RecoverySheetContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let width = paper.measure();
    let mut body = Column::new(&fonts, width);
    let created = format!("{} {}", words::RECOVERY_CREATED, words::date(sheet.created_on));
    body.head(&sheet.clinic_name, words::RECOVERY_TITLE, &created);
    body.paragraph(BODY, words::RECOVERY_LEAD, 12.0);
    body.heading(words::RECOVERY_CODE);
    body.groups(&sheet.groups);
    body.heading(words::RECOVERY_KEEPING);
    body.list(words::RECOVERY_KEEPING_RULES.into_iter(), |_| "–".to_owned());
    body.heading(words::RECOVERY_USING);
    let numbered = |step: usize| format!("{step}.");
    if sheet.instructions.is_empty() {
        body.list(words::RECOVERY_USES.into_iter(), numbered);
    } else {
        body.list(sheet.instructions.iter().map(String::as_str), numbered);
    }
    body.paragraph(STRONG, words::RECOVERY_WITHOUT, 10.0);
    body.blanks();

    let page = body.page(paper)?;
    let midnight = sheet.created_on.to_zoned(TimeZone::UTC).map_err(|_| DocumentError::Write)?.timestamp();
    let about = About {
        title: words::RECOVERY_TITLE,
        author: &sheet.clinic_name,
        created_at: midnight,
        sealed: false,
    };
    write(&fonts, paper, &[page], Vec::new(), &about)
}
