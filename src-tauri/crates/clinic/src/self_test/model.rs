//! The model's files against their cards, and its readings against those of the day it was made.

use vision::golden::{self, GoldenError};
use vision::{Classifier, outline::Outliner};

use super::Finding;
use crate::model::ModelSlot;
use crate::views::{CheckView, SelfCheck};

/// Loads the model from the disk anew: what is in memory says nothing about the files.
pub(super) fn checks(models: &ModelSlot) -> Vec<CheckView> {
    let classifier = match Classifier::load(models.folder()) {
        Ok(classifier) => classifier,
        Err(error) => {
            tracing::warn!(%error, "model");
            return vec![SelfCheck::Model.ends(Finding::ModelUnfit)];
        }
    };
    vec![files(&classifier, models), readings(&classifier, models)]
}

fn files(classifier: &Classifier, models: &ModelSlot) -> CheckView {
    match Outliner::of_folder(models.folder()) {
        Ok(_) => {
            let identity = classifier.identity();
            SelfCheck::Model
                .ends(Finding::ModelSound)
                .named([format!("{} {}", identity.name, identity.version)])
        }
        Err(error) => SelfCheck::Model.ends(Finding::OutlineUnfit).named([error.to_string()]),
    }
}

fn readings(classifier: &Classifier, models: &ModelSlot) -> CheckView {
    let check = SelfCheck::GoldenReading;
    match golden::compare(classifier, models.folder()) {
        Ok(found) => {
            let finding = if found.different == 0 { Finding::GoldenEqual } else { Finding::GoldenDiffers };
            check.ends(finding).figure("pictures", found.pictures).figure("different", found.different)
        }
        Err(GoldenError::Absent) => check.ends(Finding::GoldenAbsent),
        Err(error) => check.ends(Finding::NotChecked).named([error.to_string()]),
    }
}
