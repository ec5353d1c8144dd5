//! The model's files against their cards, and its readings against those of the day it was made.

use domain::ModelVersionId;
use records::models;
use vision::golden::{self, Compared, GoldenError};
use vision::{Classifier, outline::Outliner, trial};

use super::Finding;
use crate::error::Error;
use crate::model::ModelSlot;
use crate::models::stored;
use crate::session::Office;
use crate::views::{CheckView, SelfCheck};

/// Loads the model from the disk anew: what is in memory says nothing about the files.
pub(super) fn checks(slot: &ModelSlot, office: Option<&Office>) -> Vec<CheckView> {
    let active = |office: &Office| office.store.read(models::in_use).map(|found| found.active);
    match office.map(|office| active(office).map(|id| (office, id))).transpose() {
        Ok(Some((office, Some(id)))) => of_version(slot, office, id),
        Ok(_) => of_shipped(slot),
        Err(error) => vec![SelfCheck::Model.failed(&Error::from(error))],
    }
}

fn of_shipped(slot: &ModelSlot) -> Vec<CheckView> {
    let classifier = match Classifier::load(slot.folder()) {
        Ok(classifier) => classifier,
        Err(error) => {
            tracing::warn!(%error, "model");
            return vec![SelfCheck::Model.ends(Finding::ModelUnfit)];
        }
    };
    vec![files(&classifier, slot), readings(golden::compare(&classifier, slot.folder()))]
}

/// A version that the clinic added: its files, and the readings of the day it was tried out.
fn of_version(slot: &ModelSlot, office: &Office, id: ModelVersionId) -> Vec<CheckView> {
    let version = match office.store.read(|tx| models::get(tx, id)) {
        Ok(version) => version,
        Err(error) => return vec![SelfCheck::Model.failed(&Error::from(error))],
    };
    let Ok(classifier) = stored::load(office, id) else {
        let name = format!("{} {}", version.identity.name, version.identity.version);
        return vec![SelfCheck::Model.ends(Finding::VersionUnfit).named([name])];
    };
    let compared = match &version.trial {
        Some(trial) => trial::compare(&classifier, &trial.readings).map_err(GoldenError::Reading),
        None => Err(GoldenError::Absent),
    };
    vec![files(&classifier, slot), readings(compared)]
}

fn files(classifier: &Classifier, slot: &ModelSlot) -> CheckView {
    match Outliner::of_folder(slot.folder()) {
        Ok(_) => {
            let identity = classifier.identity();
            SelfCheck::Model
                .ends(Finding::ModelSound)
                .named([format!("{} {}", identity.name, identity.version)])
        }
        Err(error) => SelfCheck::Model.ends(Finding::OutlineUnfit).named([error.to_string()]),
    }
}

fn readings(compared: Result<Compared, GoldenError>) -> CheckView {
    let check = SelfCheck::GoldenReading;
    match compared {
        Ok(found) => {
            let finding = if found.different == 0 { Finding::GoldenEqual } else { Finding::GoldenDiffers };
            check.ends(finding).figure("pictures", found.pictures).figure("different", found.different)
        }
        Err(GoldenError::Absent) => check.ends(Finding::GoldenAbsent),
        Err(error) => check.ends(Finding::NotChecked).named([error.to_string()]),
    }
}
