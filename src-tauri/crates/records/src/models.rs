//! Versions of the classifier that the clinic added, and which one was in use when. The shipped one has no row: it
//! is in use until another one is activated, and stands for nothing where an activation names a version.

use domain::audit::AuditAction;
use domain::model::ModelIdentity;
use domain::model_version::{ModelComparison, ModelRefusal, ModelTrial, ModelVersionState};
use domain::{ModelVersionId, UserId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE model_versions (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    version     TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 100),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    card_sha256 TEXT NOT NULL CHECK (length(card_sha256) = 64),
    bytes       INTEGER NOT NULL CHECK (bytes > 0),
    added_by    TEXT NOT NULL REFERENCES users (id),
    added_at    INTEGER NOT NULL,
    checked_at  INTEGER,
    trial       TEXT CHECK (json_valid(trial)),
    refusal     TEXT CHECK (json_valid(refusal)),
    compared_at INTEGER,
    comparison  TEXT CHECK (json_valid(comparison)),
    retired_by  TEXT REFERENCES users (id),
    retired_at  INTEGER,
    UNIQUE (sha256, card_sha256),
    CHECK (trial IS NULL OR refusal IS NULL),
    CHECK ((compared_at IS NULL) = (comparison IS NULL)),
    CHECK ((retired_by IS NULL) = (retired_at IS NULL))
) STRICT;
CREATE TRIGGER model_versions_stay_what_they_are
    BEFORE UPDATE OF name, version, sha256, card_sha256, bytes, added_by, added_at ON model_versions
    BEGIN SELECT RAISE(ABORT, 'a version is not changed'); END;
CREATE TABLE model_files (
    version_id TEXT NOT NULL REFERENCES model_versions (id),
    part       TEXT NOT NULL CHECK (part IN ('network', 'card', 'novelty')),
    file_id    TEXT NOT NULL UNIQUE REFERENCES sealed_files (id),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (version_id, part)
) STRICT;
CREATE TABLE model_activations (
    row          INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id   TEXT REFERENCES model_versions (id),
    rolled_back  INTEGER NOT NULL CHECK (rolled_back IN (0, 1)),
    not_named    TEXT NOT NULL CHECK (json_valid(not_named)),
    activated_by TEXT NOT NULL REFERENCES users (id),
    activated_at INTEGER NOT NULL
) STRICT;
";

/// One of the files of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelPart {
    Network,
    Card,
    /// The parameters that tell pictures unlike any lesion.
    Novelty,
}

impl ModelPart {
    /// The word that its sealed file is bound to.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Network => "model network",
            Self::Card => "model card",
            Self::Novelty => "model novelty",
        }
    }
}

/// A sealed file of a version, with the hash that it is held against at every load.
#[derive(Clone, Debug)]
pub struct ModelFile {
    pub part: ModelPart,
    pub file: SealedFile,
    pub sha256: String,
}

/// A version as it is added.
pub struct NewVersion<'a> {
    pub id: ModelVersionId,
    pub identity: &'a ModelIdentity,
    pub card_sha256: &'a str,
    pub bytes: u64,
    pub files: &'a [ModelFile],
}

#[derive(Clone, Debug)]
pub struct ModelVersion {
    pub id: ModelVersionId,
    pub identity: ModelIdentity,
    pub card_sha256: String,
    pub bytes: u64,
    pub added_by: UserId,
    pub added_at: Timestamp,
    pub checked_at: Option<Timestamp>,
    pub trial: Option<ModelTrial>,
    pub refusal: Option<ModelRefusal>,
    pub compared_at: Option<Timestamp>,
    pub comparison: Option<ModelComparison>,
    pub retired_at: Option<Timestamp>,
}

/// When a version came into use; nothing for the shipped one as a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    pub version: Option<ModelVersionId>,
    pub rolled_back: bool,
    /// Codes of classes that it may not name.
    pub not_named: Vec<String>,
    pub by: UserId,
    pub at: Timestamp,
}

/// Which version reads now, and which one a roll-back brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Nothing for the shipped one.
    pub active: Option<ModelVersionId>,
    pub not_named: Vec<String>,
    /// Nothing where there is none to go back to; nothing in it for the shipped one.
    pub previous: Option<Option<ModelVersionId>>,
}

impl InUse {
    /// How a version stands; nothing for the shipped one.
    #[must_use]
    pub fn state(&self, version: Option<&ModelVersion>) -> ModelVersionState {
        let id = version.map(|version| version.id);
        match version {
            _ if self.active == id => ModelVersionState::Active,
            Some(version) if version.retired_at.is_some() => ModelVersionState::Retired,
            _ if self.previous == Some(id) => ModelVersionState::Previous,
            Some(version) if version.trial.is_none() => ModelVersionState::Candidate,
            _ => ModelVersionState::Checked,
        }
    }
}

/// Adds a version that nothing reads with yet.
///
/// # Errors
/// [`RecordsError::Conflict`] when the same files are there already; [`RecordsError::StorageFull`].
pub fn add(tx: &Writing<'_>, new: &NewVersion<'_>) -> Result<(), RecordsError> {
    let mut twin = tx
        .connection()
        .prepare_cached("SELECT 1 FROM model_versions WHERE sha256 = ?1 AND card_sha256 = ?2")?;
    if twin.exists([&new.identity.sha256, new.card_sha256])? {
        return Err(RecordsError::Conflict);
    }
    tx.connection().execute(
        "INSERT INTO model_versions (id, name, version, sha256, card_sha256, bytes, added_by, added_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id_text(&new.id),
            new.identity.name,
            new.identity.version,
            new.identity.sha256,
            new.card_sha256,
            new.bytes,
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    for ModelFile { part, file, sha256 } in new.files {
        files::insert(tx, file)?;
        tx.connection().execute(
            "INSERT INTO model_files (version_id, part, file_id, sha256) VALUES (?1, ?2, ?3, ?4)",
            params![id_text(&new.id), word(part), id_text(&file.id), sha256],
        )?;
    }
    tell(tx, AuditAction::ModelUploaded, Some(new.id), new.identity, json!({ "bytes": new.bytes }))
}

/// Keeps what came of trying a version out; a comparison from before no longer speaks of it.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] for one in use or retired.
pub fn set_trial(
    tx: &Writing<'_>,
    id: ModelVersionId,
    found: &Result<ModelTrial, ModelRefusal>,
) -> Result<(), RecordsError> {
    let version = unused(tx, id)?;
    tx.connection().execute(
        "UPDATE model_versions SET checked_at = ?2, trial = ?3, refusal = ?4, compared_at = NULL, comparison = NULL
         WHERE id = ?1",
        params![
            id_text(&id),
            micros(tx.now()),
            found.as_ref().ok().map(text_of),
            found.as_ref().err().map(text_of),
        ],
    )?;
    let refused = found.as_ref().err().map(|refusal| refusal.reason);
    tell(tx, AuditAction::ModelChecked, Some(id), &version.identity, json!({ "refused": refused }))
}

/// Keeps what a comparison with the version in use found.
///
/// # Errors
/// As [`set_trial`].
pub fn set_comparison(
    tx: &Writing<'_>,
    id: ModelVersionId,
    comparison: &ModelComparison,
) -> Result<(), RecordsError> {
    let version = unused(tx, id)?;
    tx.connection().execute(
        "UPDATE model_versions SET compared_at = ?2, comparison = ?3 WHERE id = ?1",
        params![id_text(&id), micros(tx.now()), text_of(comparison)],
    )?;
    let details = json!({
        "pictures": comparison.pictures.len(), "same_class": comparison.same_class, "floor": comparison.floor,
        "not_named": comparison.not_named(),
    });
    tell(tx, AuditAction::ModelCompared, Some(id), &version.identity, details)
}

/// Puts a version in use from now on; nothing stands for the shipped one.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] for one that was retired.
pub fn activate(
    tx: &Writing<'_>,
    id: Option<ModelVersionId>,
    identity: &ModelIdentity,
    not_named: &[String],
    rolled_back: bool,
) -> Result<(), RecordsError> {
    if let Some(id) = id
        && get(tx, id)?.retired_at.is_some()
    {
        return Err(RecordsError::Conflict);
    }
    tx.connection().execute(
        "INSERT INTO model_activations (version_id, rolled_back, not_named, activated_by, activated_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            id.as_ref().map(id_text),
            rolled_back,
            text_of(&not_named),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    let action = if rolled_back { AuditAction::ModelRolledBack } else { AuditAction::ModelActivated };
    tell(tx, action, id, identity, json!({ "not_named": not_named }))
}

/// Takes a version out of use for good. Its files stay: readings name it.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] for the one in use, or one that was retired.
pub fn retire(tx: &Writing<'_>, id: ModelVersionId) -> Result<(), RecordsError> {
    let version = unused(tx, id)?;
    tx.connection().execute(
        "UPDATE model_versions SET retired_by = ?2, retired_at = ?3 WHERE id = ?1",
        params![id_text(&id), id_text(&tx.actor().user), micros(tx.now())],
    )?;
    tell(tx, AuditAction::ModelRetired, Some(id), &version.identity, json!({}))
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ModelVersionId) -> Result<ModelVersion, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM model_versions WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// Every version that was added, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<ModelVersion>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM model_versions ORDER BY added_at DESC, id")?;
    let versions = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(versions)
}

/// The sealed files of a version.
///
/// # Errors
/// As [`list`].
pub fn files_of(tx: &Reading<'_>, id: ModelVersionId) -> Result<Vec<ModelFile>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT part, sha256, file_id, sealed_files.version AS version, wrapped_key FROM model_files
         JOIN sealed_files ON sealed_files.id = file_id WHERE version_id = ?1 ORDER BY part",
    )?;
    let found = query.query_map([id_text(&id)], |row| {
        Ok(ModelFile { part: row.word("part")?, file: files::from_row(row)?, sha256: row.text("sha256")? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Which version is in use.
///
/// # Errors
/// As [`list`].
pub fn in_use(tx: &Reading<'_>) -> Result<InUse, RecordsError> {
    let Some(last) = activations(tx)?.into_iter().next() else { return Ok(InUse::default()) };
    let mut query = tx.connection().prepare_cached(
        "SELECT version_id FROM model_activations LEFT JOIN model_versions ON model_versions.id = version_id
         WHERE version_id IS NOT ?1 AND retired_at IS NULL ORDER BY row DESC LIMIT 1",
    )?;
    let active = last.version.as_ref().map(id_text);
    let earlier = query.query_row([active], |row| row.parsed_or_none("version_id")).optional()?;
    // Before the first activation it was the shipped one.
    let shipped = last.version.is_some().then_some(None);
    Ok(InUse { active: last.version, not_named: last.not_named, previous: earlier.or(shipped) })
}

/// Which version came into use when, newest first.
///
/// # Errors
/// As [`list`].
pub fn activations(tx: &Reading<'_>) -> Result<Vec<Activation>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM model_activations ORDER BY row DESC")?;
    let found = query.query_map([], |row| {
        Ok(Activation {
            version: row.parsed_or_none("version_id")?,
            rolled_back: row.get("rolled_back")?,
            not_named: row.json("not_named")?,
            by: row.parsed("activated_by")?,
            at: row.time("activated_at")?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn unused(tx: &Reading<'_>, id: ModelVersionId) -> Result<ModelVersion, RecordsError> {
    let version = get(tx, id)?;
    let free = in_use(tx)?.active != Some(id) && version.retired_at.is_none();
    if free { Ok(version) } else { Err(RecordsError::Conflict) }
}

fn tell(
    tx: &Writing<'_>,
    action: AuditAction,
    id: Option<ModelVersionId>,
    identity: &ModelIdentity,
    mut details: Value,
) -> Result<(), RecordsError> {
    details["model_version"] = json!(id);
    details["model"] = json!(identity);
    audit::record(tx, AuditEntry::new(action).with(details)).map(drop)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ModelVersion> {
    Ok(ModelVersion {
        id: row.parsed("id")?,
        identity: ModelIdentity {
            name: row.text("name")?,
            version: row.text("version")?,
            sha256: row.text("sha256")?,
        },
        card_sha256: row.text("card_sha256")?,
        bytes: row.get("bytes")?,
        added_by: row.parsed("added_by")?,
        added_at: row.time("added_at")?,
        checked_at: row.time_or_none("checked_at")?,
        trial: json_or_none(row, "trial")?,
        refusal: json_or_none(row, "refusal")?,
        compared_at: row.time_or_none("compared_at")?,
        comparison: json_or_none(row, "comparison")?,
        retired_at: row.time_or_none("retired_at")?,
    })
}

fn json_or_none<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let given = row.get::<_, Option<String>>(column)?.is_some();
    given.then(|| row.json(column)).transpose()
}
