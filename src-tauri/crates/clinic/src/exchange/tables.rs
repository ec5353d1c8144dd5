//! The clinic's records as tables: CSV for people and their programs, JSON without loss, in one ZIP.

use std::fs::File;
use std::path::Path;

use documents::{Archive, Packing};
use domain::SessionId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::rights::SubjectPicture;
use records::tables::{self, Leaving, RecordTable, RecordTables};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::audit_trail::as_text;
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::ClinicTablesRequest;
use crate::{export, picture, rights};

/// Raised when a reader of `clinic.json` would have to know.
pub(crate) const VERSION: u32 = 2;
pub(crate) const SCHEMA: &str = "lentigo.clinic-tables";
/// The file of the archive that is read back.
pub(crate) const WHOLE: &str = "clinic.json";
/// What would fill a cell with pages of JSON stands in `clinic.json` alone.
const JSON_ALONE: &str = "content";

/// An export that was asked for with the password, and has no place yet.
pub struct TablesPermit {
    pub file_name: String,
    /// Whoever typed the password; the dialog may outlive the session.
    session: SessionId,
    passphrase: Option<Zeroizing<String>>,
    photographs: bool,
}

/// Checks who asks, before a place is chosen.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a passphrase that is too short or was not typed twice alike;
/// `invalid_credentials`.
pub fn prepare(session: &Session, request: &ClinicTablesRequest) -> Result<TablesPermit> {
    session.authorise(Command::ClinicTablesExport)?;
    let passphrase = rights::passphrase(request.passphrase.as_ref(), request.passphrase_repeat.as_ref())?;
    session.check_password(&request.password)?;
    Ok(TablesPermit {
        file_name: "clinic-tables.zip".to_owned(),
        session: session.id(),
        passphrase,
        photographs: request.photographs,
    })
}

/// Writes the archive; the trail of every patient tells of it before the first byte.
///
/// # Errors
/// `not_permitted`, `session_locked` also in another session than the one that asked, `record_damaged`,
/// `storage_full`, `storage_failed`; nothing is left at the place then, and what was there is untouched.
pub fn write(session: &Session, permit: TablesPermit, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::ClinicTablesExport)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    if permit.photographs {
        session.sealed()?;
    }
    let told = session.store().write(&actor, |tx| {
        let leaving = Leaving {
            withhold: Curtain::of(session, tx)?.is_drawn(),
            protected: permit.passphrase.is_some(),
            photographs: permit.photographs,
        };
        tables::everything(tx, leaving)
    })?;
    let made_at = session.workstation().clock().now();
    export::write_through(path, |file| {
        let local = made_at.to_zoned(TimeZone::system()).datetime();
        let mut archive = Archive::new(file, permit.passphrase, local);
        archive.add("README.txt", readme(&told).as_bytes(), Packing::Deflated)?;
        for table in &told.tables {
            let csv = Zeroizing::new(as_csv(table)?);
            archive.add(&format!("{}.csv", table.name), &csv, Packing::Deflated)?;
        }
        let damaged = add_pictures(session, &mut archive, &told)?;
        let clinic = Zeroizing::new(as_json(session, &told, &damaged, made_at)?);
        archive.add(WHOLE, &clinic, Packing::Deflated)?;
        archive.finish()?;
        Ok(())
    })
}

/// Adds photographs, portraits and signatures, and gives the paths of those that are damaged here.
fn add_pictures(
    session: &Session,
    archive: &mut Archive<&mut File>,
    told: &RecordTables,
) -> Result<Vec<String>> {
    let mut damaged = Vec::new();
    for SubjectPicture { path, purpose, file } in &told.pictures {
        match picture::open(session, file, purpose) {
            Ok(bytes) => archive.add(path, &bytes, Packing::Stored)?,
            Err(error) if error.code == ErrorCode::RecordDamaged => damaged.push(path.clone()),
            Err(error) => return Err(error),
        }
    }
    for (path, picture) in told.portraits.iter().chain(&told.signatures) {
        archive.add(path, picture, Packing::Stored)?;
    }
    Ok(damaged)
}

fn in_csv(table: &RecordTable) -> impl Iterator<Item = &String> {
    table.columns.iter().filter(|column| *column != JSON_ALONE)
}

fn as_csv(table: &RecordTable) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |_| ErrorCode::Internal;
    writer.write_record(in_csv(table)).map_err(failed)?;
    for row in &table.rows {
        writer.write_record(in_csv(table).map(|column| cell(row.get(column)))).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| ErrorCode::Internal.into())
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => as_text(text),
        // Numbers, yes and no, and JSON, none of which a spreadsheet takes for a formula.
        Some(other) => other.to_string(),
    }
}

fn as_json(
    session: &Session,
    told: &RecordTables,
    damaged: &[String],
    made_at: Timestamp,
) -> Result<Vec<u8>> {
    let tables: Map<String, Value> =
        told.tables.iter().map(|table| (table.name.to_owned(), json!(table.rows))).collect();
    let clinic = &session.office().clinic;
    let all = json!({
        "schema": SCHEMA,
        "version": VERSION,
        "made_at": made_at,
        "clinic": { "id": clinic.id, "name": clinic.name, "created_at": clinic.created_at },
        "withheld_readings": told.withheld,
        "damaged_pictures": damaged,
        "tables": tables,
    });
    serde_json::to_vec_pretty(&all).map_err(|_| ErrorCode::Internal.into())
}

fn readme(told: &RecordTables) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(&format!("\nThis is {SCHEMA}, version {VERSION}.\n"));
    if told.withheld > 0 {
        text.push_str(&format!(
            "\nReadings that wait for a clinician's first impression and are left out: {}.\n",
            told.withheld
        ));
    }
    for table in &told.tables {
        text.push_str(&format!("\n{}.csv\n{}\n\n", table.name, table.about));
        for column in &table.columns {
            let meaning = tables::meaning(column).unwrap_or_default();
            let alone = if column == JSON_ALONE { " (in clinic.json alone)" } else { "" };
            text.push_str(&format!("  {column:<20}{meaning}{alone}\n"));
        }
    }
    text
}

const HEAD: &str = "\
The records of a clinic as tables

One CSV file a table (UTF-8, a comma between cells, the first line names the columns), and clinic.json with the
same rows and no loss: schema, version, made_at, clinic, withheld_readings, damaged_pictures, and tables with a list
of rows each. Lentigo reads clinic.json into a clinic under Administration, Import.

Where photographs were asked for, they lie in the folder photographs as they were taken in, under their identity; what
explains a reading lies in explanations, portraits lie in portraits, and the pictures of clinicians' signatures in
signatures.

Names, dates of birth and everything else that tells who somebody is are in these files. Keep them as you keep the
records themselves.

Moments are RFC 3339 in UTC, days are ISO 8601. What is absent is an empty cell, or null in JSON. Rows of different
tables refer to each other by identity. In CSV, a text that a spreadsheet would take for a formula begins with an
apostrophe, and cells that hold more than one value are JSON.

Photographs and readings that were deleted, and what was said of such readings, are not in these files. Accounts
with their keys, the log of who read what, and the sealed PDF of signed reports are not either.
";
