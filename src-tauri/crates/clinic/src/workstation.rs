//! What lives as long as the program: the clinic's folder, the model, the running jobs.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Clock, SystemClock};
use vault::device::DeviceKeyring;
use vault::{KdfPolicy, Presence, Vault};

use crate::backup::Backups;
use crate::error::{ErrorCode, Result};
use crate::events::Events;
use crate::exclusive::Exclusive;
use crate::jobs::Jobs;
use crate::logs::Logs;
use crate::model::ModelSlot;
use crate::models::TrialProgram;
use crate::offers::Offers;
use crate::resets::Resets;

const CLAIM_FILE: &str = "lentigo.lock";

pub struct Workstation {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    kdf: KdfPolicy,
    keyring: DeviceKeyring,
    resets: Resets,
    model: ModelSlot,
    events: Events,
    jobs: Jobs,
    offers: Offers,
    transfers: Exclusive,
    logs: Logs,
    backups: Backups,
    drafting: Exclusive,
    comparing: Exclusive,
    trials: TrialProgram,
    /// Held while this process has the clinic open.
    claim: Mutex<Option<File>>,
    tidied: AtomicBool,
}

impl Workstation {
    /// `folder` holds the clinic, `models` the model and its card. Nothing is opened yet.
    #[must_use]
    pub fn new(folder: PathBuf, models: PathBuf) -> Self {
        Self {
            folder,
            clock: Arc::new(SystemClock),
            resets: Resets::default(),
            kdf: KdfPolicy::STANDARD,
            keyring: DeviceKeyring::none(),
            model: ModelSlot::new(models),
            events: Events::default(),
            jobs: Jobs::default(),
            offers: Offers::default(),
            transfers: Exclusive::default(),
            logs: Logs::default(),
            backups: Backups::default(),
            drafting: Exclusive::default(),
            comparing: Exclusive::default(),
            trials: TrialProgram::this(),
            claim: Mutex::new(None),
            tidied: AtomicBool::new(false),
        }
    }

    /// Another clock, for rules about time under test.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Another cost of password derivation, for clinics that are thrown away.
    #[must_use]
    pub fn with_kdf(self, kdf: KdfPolicy) -> Self {
        Self { kdf, ..self }
    }

    /// The keyring that remembers where the audit trail ended. Without this there is none, as for clinics
    /// that are thrown away.
    #[must_use]
    pub fn with_keyring(self, keyring: DeviceKeyring) -> Self {
        Self { keyring, ..self }
    }

    /// The log of this program. Without this there is none, as for clinics that are thrown away.
    #[must_use]
    pub fn with_logs(self, logs: Logs) -> Self {
        Self { logs, ..self }
    }

    /// Another program to try models out in, for workstations whose own program cannot.
    #[must_use]
    pub fn with_trials(self, trials: TrialProgram) -> Self {
        Self { trials, ..self }
    }

    /// Whether first run is over. Key slots that went missing still count: a clinic is never made over one.
    #[must_use]
    pub fn is_founded(&self) -> bool {
        Vault::presence(&self.folder) != Presence::Absent
    }

    #[must_use]
    pub const fn events(&self) -> &Events {
        &self.events
    }

    #[must_use]
    pub const fn model(&self) -> &ModelSlot {
        &self.model
    }

    /// Takes the clinic for this process, until it ends: two programs at once would sweep away each
    /// other's unfinished files.
    pub(crate) fn claim(&self) -> Result<()> {
        let mut claim = self.claim.lock().unwrap_or_else(PoisonError::into_inner);
        if claim.is_none() {
            let path = self.folder.join(CLAIM_FILE);
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
            file.try_lock().map_err(|_| ErrorCode::ClinicInUse)?;
            *claim = Some(file);
        }
        Ok(())
    }

    /// True for the first caller in this process.
    pub(crate) fn first_time(&self) -> bool {
        !self.tidied.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) const fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) const fn resets(&self) -> &Resets {
        &self.resets
    }

    pub(crate) const fn kdf(&self) -> KdfPolicy {
        self.kdf
    }

    /// What the machine remembers outside the clinic's folder.
    #[must_use]
    pub const fn keyring(&self) -> &DeviceKeyring {
        &self.keyring
    }

    pub(crate) const fn logs(&self) -> &Logs {
        &self.logs
    }

    pub(crate) const fn offers(&self) -> &Offers {
        &self.offers
    }

    /// The one sending to the PACS.
    pub(crate) const fn transfers(&self) -> &Exclusive {
        &self.transfers
    }

    pub(crate) const fn backups(&self) -> &Backups {
        &self.backups
    }

    /// The one question to the language model.
    pub(crate) const fn drafting(&self) -> &Exclusive {
        &self.drafting
    }

    /// The one comparison of two versions of the classifier.
    pub(crate) const fn comparing(&self) -> &Exclusive {
        &self.comparing
    }

    pub(crate) const fn trials(&self) -> &TrialProgram {
        &self.trials
    }

    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}
