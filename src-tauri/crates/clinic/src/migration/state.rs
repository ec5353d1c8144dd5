//! The one import of a session: at rest, or under way.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{ErrorCode, Result};
use crate::jobs::Cancel;
use crate::views::{
    ImportKind, ImportMapping, ImportOutcome, ImportOutcomes, ImportProgress, ImportResult, ImportResults,
    ImportStage, ImportView,
};

use super::row::Row;
use super::source::Source;

/// A source with what was found out about it.
pub(super) struct Migration {
    pub source: Source,
    pub rows: Vec<Row>,
    pub planned: bool,
    pub ended: bool,
}

impl Migration {
    pub fn of(source: Source) -> Self {
        Self { source, rows: Vec::new(), planned: false, ended: false }
    }

    pub const fn kind(&self) -> ImportKind {
        self.source.kind()
    }

    /// # Errors
    /// `invalid_input`.
    pub fn map(&mut self, mapping: &ImportMapping) -> Result<()> {
        if self.source.map(mapping)? {
            // Other columns make other rows: what was decided of the old ones says nothing of these.
            self.rows.clear();
        }
        Ok(())
    }

    /// Takes over the rows of a comparison; decisions on rows that are doubtful still stay.
    pub fn judged(&mut self, mut rows: Vec<Row>) {
        for (row, old) in rows.iter_mut().zip(&self.rows) {
            let alike = row.outcome == ImportOutcome::Doubtful && row.found == old.found;
            row.decision = old.decision.filter(|_| alike);
        }
        self.rows = rows;
        self.planned = true;
        self.ended = false;
    }

    pub fn outcomes(&self) -> ImportOutcomes {
        let count =
            |wanted: ImportOutcome| number(self.rows.iter().filter(|row| row.outcome == wanted).count());
        let undecided = |row: &&Row| row.outcome == ImportOutcome::Doubtful && row.decision.is_none();
        ImportOutcomes {
            new: count(ImportOutcome::New),
            same: count(ImportOutcome::Same),
            doubtful: count(ImportOutcome::Doubtful),
            undecided: number(self.rows.iter().filter(undecided).count()),
            refused: count(ImportOutcome::Refused),
        }
    }

    pub fn results(&self) -> ImportResults {
        let count =
            |wanted: ImportResult| number(self.rows.iter().filter(|row| row.result == Some(wanted)).count());
        ImportResults {
            created: count(ImportResult::Created),
            added: count(ImportResult::Added),
            unchanged: count(ImportResult::Unchanged),
            skipped: count(ImportResult::Skipped),
            refused: count(ImportResult::Refused),
            failed: count(ImportResult::Failed),
            not_reached: count(ImportResult::NotReached),
            lesions: self.rows.iter().map(|row| row.brought.lesions).sum(),
            photographs: self.rows.iter().map(|row| row.brought.photographs).sum(),
        }
    }

    fn view(&self) -> ImportView {
        ImportView {
            stage: match (self.planned, self.ended) {
                (_, true) => ImportStage::Ended,
                (true, false) => ImportStage::Planned,
                _ => ImportStage::Opened,
            },
            source: Some(self.source.view()),
            mapping: self.source.mapping(),
            date_orders: self.source.date_orders(),
            outcomes: self.planned.then(|| self.outcomes()),
            progress: None,
            results: self.ended.then(|| self.results()),
        }
    }
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[derive(Default)]
enum State {
    #[default]
    Nothing,
    Resting(Box<Migration>),
    /// Somebody works on it; `progress` where that is the import itself.
    Taken {
        cancel: Cancel,
        progress: Option<ImportProgress>,
    },
}

/// What a session imports.
#[derive(Default)]
pub(crate) struct Imports(Mutex<State>);

/// The import in somebody's hands; it is put back when this is dropped.
pub(super) struct Turn<'a> {
    imports: &'a Imports,
    migration: Option<Box<Migration>>,
    cancel: Cancel,
}

impl Imports {
    /// # Errors
    /// `busy`.
    pub(crate) fn must_rest(&self) -> Result<()> {
        match &*self.lock() {
            State::Taken { .. } => Err(ErrorCode::Busy.into()),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// `busy`.
    pub(super) fn put(&self, migration: Migration) -> Result<()> {
        let mut state = self.lock();
        if matches!(&*state, State::Taken { .. }) {
            return Err(ErrorCode::Busy.into());
        }
        *state = State::Resting(Box::new(migration));
        Ok(())
    }

    /// # Errors
    /// `not_found` where nothing is open, `busy`.
    pub(super) fn take(&self) -> Result<Turn<'_>> {
        self.take_with(|_| Ok(None))
    }

    /// Takes it to import.
    ///
    /// # Errors
    /// `not_found` also before a dry run, `busy`.
    pub(super) fn begin(&self) -> Result<Turn<'_>> {
        self.take_with(|migration| match migration.planned {
            true => Ok(Some(ImportProgress { done: 0, of: number(migration.rows.len()) })),
            false => Err(ErrorCode::NotFound.into()),
        })
    }

    fn take_with(
        &self,
        progress: impl FnOnce(&Migration) -> Result<Option<ImportProgress>>,
    ) -> Result<Turn<'_>> {
        let mut state = self.lock();
        match std::mem::take(&mut *state) {
            State::Resting(migration) => match progress(&migration) {
                Ok(progress) => {
                    let cancel = Cancel::default();
                    *state = State::Taken { cancel: cancel.clone(), progress };
                    Ok(Turn { imports: self, migration: Some(migration), cancel })
                }
                Err(error) => {
                    *state = State::Resting(migration);
                    Err(error)
                }
            },
            other => {
                let nothing = matches!(other, State::Nothing);
                *state = other;
                Err(if nothing { ErrorCode::NotFound } else { ErrorCode::Busy }.into())
            }
        }
    }

    /// # Errors
    /// `busy`.
    pub(super) fn forget(&self) -> Result<()> {
        self.must_rest()?;
        *self.lock() = State::Nothing;
        Ok(())
    }

    pub(crate) fn cancel(&self) {
        if let State::Taken { cancel, .. } = &*self.lock() {
            cancel.request();
        }
    }

    pub(super) fn view(&self) -> ImportView {
        let nothing = ImportView {
            stage: ImportStage::Nothing,
            source: None,
            mapping: None,
            date_orders: Vec::new(),
            outcomes: None,
            progress: None,
            results: None,
        };
        match &*self.lock() {
            State::Nothing => nothing,
            State::Resting(migration) => migration.view(),
            State::Taken { progress, .. } => {
                ImportView { stage: ImportStage::Running, progress: *progress, ..nothing }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    pub fn migration(&mut self) -> &mut Migration {
        self.migration.as_mut().unwrap_or_else(|| unreachable!("it goes back when the turn is dropped"))
    }

    pub fn cancelled(&self) -> bool {
        self.cancel.is_requested()
    }

    pub fn note(&self, done: ImportProgress) {
        if let State::Taken { progress, .. } = &mut *self.imports.lock() {
            *progress = Some(done);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(migration) = self.migration.take() {
            *self.imports.lock() = State::Resting(migration);
        }
    }
}
