//! The page that explains an export to whoever has only the export.

use records::rights::{FIELDS, SECTIONS};

use super::export::{SCHEMA, VERSION};

const HEAD: &str = "\
What this archive holds

summary.pdf     The record for reading.
record.json     Every stored value, for programs.
reports/        Reports as PDF, named by their number.
photographs/    Photographs as they were taken in, named by their identity in section images or desk_photos.
explanations/   Pictures that explain a reading, in a folder named by its identity in section analyses; each is
                named by the photograph, the class it explains, and what it shows.
portraits/      The picture beside the name.

About record.json

schema          Name of this format.
version         Its edition. A program that knows another edition should ask before it reads on.
made_at         When the archive was made.
clinic          Name of the clinic.
patients        Identities of the record and of those merged into it.
accounts        Names of the staff who appear in the record, by the identity of their account.
access_log      Who read or changed the record, newest first: at, account, role, action, the thing it was done to
                (subject_kind, subject_id), and details such as old and new values.
missing_files   Files that are damaged in the clinic's own folder and could not be added.
sections        One list of entries for each section below.

Moments are RFC 3339 in UTC, days are ISO 8601, absent values are null. Entries of different sections refer to
each other by identity.
";

pub(super) fn text() -> String {
    let mut text = HEAD.to_owned();
    text.push_str(&format!("\nThis is {SCHEMA}, version {VERSION}.\n\nSections\n\n"));
    for (name, meaning) in SECTIONS {
        text.push_str(&format!("{name:<20}{meaning}\n"));
    }
    text.push_str("\nFields, with the same meaning in every section\n\n");
    for (name, meaning) in FIELDS {
        text.push_str(&format!("{name:<20}{meaning}\n"));
    }
    text
}
