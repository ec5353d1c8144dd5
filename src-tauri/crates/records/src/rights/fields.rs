//! What the sections and fields of an export mean, for whoever reads it without the program.

/// Sections of the record, in the order of the export.
pub const SECTIONS: &[(&str, &str)] = &[
    ("patients", "The person, and records of the same person that were merged into this one."),
    ("portraits", "When a portrait was set; those that are still kept lie in the folder portraits."),
    ("consents", "Every giving and withdrawing of a consent."),
    ("visits", "Visits and appointments."),
    ("lesions", "Lesions that are followed, with their place on the body."),
    ("images", "Photographs. The files lie in the folder photographs."),
    ("image_files", "Forms in which a photograph is kept."),
    ("desk_photos", "Photographs that the front desk took in with a visit."),
    ("desk_photo_files", "Forms in which such a photograph is kept."),
    ("analyses", "Readings of photographs by the classifier."),
    ("analysis_images", "Which photographs a reading looked at."),
    ("analysis_files", "Pictures that explain a reading. They lie in the folder explanations."),
    ("analysis_outlines", "Outlines and measures of lesions."),
    ("deletions", "Readings and photographs that were taken off the lists, and why."),
    ("jobs", "Requests for readings, also those that failed or were cancelled."),
    ("reports", "Reports. As PDF they lie in the folder reports."),
    ("recalls", "Plans that the person comes back."),
    ("recall_contacts", "Attempts to reach the person for such a plan."),
    ("biopsies", "Specimens."),
    ("histologies", "Findings of the pathologist."),
    ("case_notes", "Notes between desk and clinicians."),
    ("break_glass", "Emergency looks of staff who do not see results in their daily work."),
    ("retention_holds", "Holds that keep the record from being erased."),
    ("merges", "Records that were merged, with what they said before and after."),
    ("drafts", "Text that somebody typed about the person and has not saved yet."),
];

/// Fields by name; a name means the same in every section.
pub const FIELDS: &[(&str, &str)] = &[
    ("added_at", "when it was added"),
    ("address", "postal address"),
    ("alert", "what everybody must know before touching the patient"),
    ("analysed_at", "when the reading was made"),
    ("analysis_id", "the reading, in section analyses"),
    ("area_px", "area of the lesion in pixels"),
    ("arrived_at", "when the person arrived"),
    ("asked_by", "account that asked for it"),
    ("at", "when it happened"),
    ("audience", "whom the note is for: all, desk or clinicians"),
    ("author", "account that wrote it"),
    ("band", "benign, suspicious or malignant"),
    ("before", "details of the record before the merge"),
    ("after", "details of the record after the merge"),
    ("before_at", "instant before which all readings were deleted"),
    ("behaviour", "behaviour of the tumour by ICD-O-3: benign, uncertain, in_situ or malignant"),
    ("biopsy_id", "the specimen, in section biopsies"),
    ("body", "what was typed, and on which page"),
    ("booked_for", "day of the appointment"),
    ("breslow_mm", "thickness of a melanoma by Breslow, in millimetres"),
    ("by", "account that did it"),
    ("bytes", "size of the file as it was taken in"),
    ("changed_at", "when it was given or withdrawn"),
    ("changed_by", "account that recorded it"),
    ("class_code", "class of the classifier that the picture explains"),
    ("clinician_id", "the clinician asked for, an entry of the directory of the clinic"),
    ("closed_at", "when it was closed"),
    ("closed_by", "account that closed it"),
    ("closed_note", "note on the closing"),
    ("closed_on", "day since which the lesion is not followed any more"),
    ("closed_reason", "why it is not followed any more"),
    ("closing_note", "note on the closing"),
    ("conclusion", "conclusion of the clinician"),
    ("content", "the whole result or report, as the program keeps it"),
    ("created_at", "when it was made"),
    ("date_of_birth", "date of birth"),
    ("day", "day of the visit"),
    ("deleted_at", "when it was taken off the lists"),
    ("deleted_by", "account that took it off the lists"),
    ("deletion", "the deletion that hides it, in section deletions"),
    ("desk_text", "what the front desk may say at the telephone"),
    ("diameter_px", "largest diameter of the lesion in pixels"),
    ("done_at", "when it was ticked off"),
    ("done_by", "account that ticked it off"),
    ("due_on", "day on which the person is due"),
    ("edition", "running number of the finding"),
    ("email", "e-mail address"),
    ("ended_at", "when it was ended before its time"),
    ("entered_at", "when it was entered"),
    ("entered_by", "account that entered it"),
    ("family_name", "family name"),
    ("file_id", "name of the sealed file in the clinic's own folder"),
    ("finished_at", "when it ended"),
    ("fitzpatrick", "skin phototype by Fitzpatrick, I to VI"),
    ("follows", "the note that this one answers"),
    ("format", "format of the picture"),
    ("gate", "whether the reading stands, and if not, why"),
    ("given", "true when the consent was given, false when it was withdrawn"),
    ("given_names", "given names"),
    ("height", "height in pixels"),
    ("id", "identity of the entry"),
    ("image_id", "the photograph, in section images"),
    ("imported_at", "when it was taken in"),
    ("imported_by", "account that took it in"),
    ("impression", "what the clinician took it for: benign, premalignant or malignant"),
    ("impression_text", "the same in words"),
    ("in_room_at", "when the person was called in"),
    ("interval_count", "length of the interval"),
    ("interval_unit", "weeks, months or years"),
    ("key", "the form it was typed in"),
    ("kept_at", "when it was kept"),
    ("kind", "what kind of entry it is"),
    ("label", "name of the lesion"),
    ("label_code", "likeliest class of the reading"),
    ("laterality", "side of the body"),
    ("lesion_id", "the lesion, in section lesions"),
    ("lifted_at", "when the hold was lifted"),
    ("lifted_by", "account that lifted it"),
    ("malignant_sum", "sum of the probabilities of all malignant classes, 0 to 1"),
    ("margins", "whether the margins are clear"),
    ("means", "how the person was reached"),
    ("medical_history", "medical history"),
    ("merged_at", "when the records were merged"),
    ("merged_by", "account that merged them"),
    ("merged_id", "the record that went"),
    ("merged_into", "the record that stands in the place of this one"),
    ("message", "why it failed"),
    ("method", "how the outline was found"),
    ("missing", "why there is no outline"),
    ("mm_per_px", "millimetres in a pixel"),
    ("model_name", "name of the model"),
    ("model_sha256", "SHA-256 of the model's file"),
    ("model_version", "version of the model"),
    ("morphology", "morphology code by ICD-O-3"),
    ("note", "note"),
    ("number", "number of the patient or of the report"),
    ("opened_at", "when it was opened first"),
    ("opened_by", "account that opened it first"),
    ("outcome", "what came of it"),
    ("patient_id", "the record, in section patients"),
    ("phone", "telephone number"),
    ("photo_id", "the photograph, in section desk_photos"),
    ("place_view", "drawing of the body map"),
    ("place_x", "place in the drawing from the left, 0 to 1"),
    ("place_y", "place in the drawing from the top, 0 to 1"),
    ("planned_at", "time that was planned, or when it was planned"),
    ("planned_by", "account that planned it"),
    ("position", "place among the photographs of a reading, from 0"),
    ("quality", "what was measured of the quality of the photograph"),
    ("read_at", "when a clinician read the finding"),
    ("read_by", "account that read it"),
    ("reason", "why"),
    ("recall_id", "the plan, in section recalls"),
    ("recorded_at", "when it was recorded"),
    ("recorded_by", "account that recorded it"),
    ("registered_at", "when the person was registered"),
    ("rendition", "original, display or thumbnail"),
    ("reported_on", "day of the pathologist's report"),
    ("request", "what was asked for"),
    ("responsible", "account that sees to it"),
    ("resulted_at", "when the finding came"),
    ("review_note", "note of the review"),
    ("reviewed_at", "when it was reviewed"),
    ("reviewed_by", "account that reviewed it"),
    ("risk_factors", "risk factors for skin cancer"),
    ("room", "room of the clinic"),
    ("scope", "what was deleted: a reading, a photograph or the history"),
    ("sent_on", "day on which the specimen was sent"),
    ("sent_to", "laboratory"),
    ("set_at", "when the hold was set"),
    ("set_by", "account that set it"),
    ("sex", "administrative sex by HL7 FHIR"),
    ("sha256", "SHA-256 of the file as it was taken in"),
    ("site", "site on the body"),
    ("site_image_id", "photograph of the site, in section images"),
    ("specimen_number", "number of the specimen"),
    ("started_at", "when it started"),
    ("state", "how far it has got"),
    ("strike_reason", "why it was struck out"),
    ("struck_at", "when it was struck out"),
    ("struck_by", "account that struck it out"),
    ("survivor_id", "the record that stayed"),
    ("taken_by", "account that took the specimen"),
    ("taken_on", "day on which it was taken"),
    ("text", "text"),
    ("undone_at", "when it was undone"),
    ("undone_by", "account that undid it"),
    ("until", "until when it holds"),
    ("urgency", "routine, appointment or immediate"),
    ("user_id", "account"),
    ("uses", "how often it was used"),
    ("version", "raised by every change"),
    ("visit_id", "the visit, in section visits"),
    ("width", "width in pixels"),
    ("withdrawn_at", "when the specimen was taken back as a mistake"),
    ("withdrawn_by", "account that took it back"),
    ("withdrawn_reason", "why it was taken back"),
    ("written_at", "when it was written"),
];

/// Columns without anything to tell: keys, and what is made from another column for sorting and finding.
/// The portrait is a file of its own.
pub(super) const TECHNICAL: &[&str] =
    &["row", "family_key", "given_key", "specimen_key", "deposited_key", "jpeg", "next_on", "last_consent"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::migrations::MIGRATIONS;
    use crate::rights::personal::PERSONAL;
    use rusqlite::Connection;

    #[test]
    fn every_exported_column_is_explained_and_nothing_else() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let mut columns = BTreeSet::new();
        for (table, _) in SECTIONS {
            let mut query = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
            let names = query.query_map([table], |row| row.get::<_, String>(0)).unwrap();
            columns.extend(names.map(Result::unwrap));
        }
        columns.retain(|column| !TECHNICAL.contains(&column.as_str()));
        let explained: BTreeSet<String> = FIELDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let missing: Vec<_> = columns.symmetric_difference(&explained).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(explained.len(), FIELDS.len());
    }

    #[test]
    fn every_table_about_a_person_is_exported_but_the_bookkeeping_of_merges() {
        let personal: BTreeSet<&str> =
            PERSONAL.iter().map(|p| p.table).filter(|table| *table != "merge_moves").collect();
        assert_eq!(personal, SECTIONS.iter().map(|(table, _)| *table).collect());
    }
}
