//! Two records of one person become one: which value of each field stays.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::patient::PatientDetails;

/// A field that is chosen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergeField {
    FamilyName,
    GivenNames,
    DateOfBirth,
    Sex,
    Phone,
    Email,
    Address,
    Fitzpatrick,
    Alert,
    MedicalHistory,
    RiskFactors,
    PhotoConsent,
    AiConsent,
    TrainingConsent,
}

impl MergeField {
    pub const ALL: [Self; 14] = [
        Self::FamilyName,
        Self::GivenNames,
        Self::DateOfBirth,
        Self::Sex,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::Fitzpatrick,
        Self::Alert,
        Self::MedicalHistory,
        Self::RiskFactors,
        Self::PhotoConsent,
        Self::AiConsent,
        Self::TrainingConsent,
    ];

    /// Whether the values of both records can stand together.
    #[must_use]
    pub const fn joins(self) -> bool {
        matches!(self, Self::Alert | Self::MedicalHistory | Self::RiskFactors)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergeTake {
    /// The value of the record that stays.
    Kept,
    /// The value of the record that goes.
    Other,
    /// Both, one after the other; only where [`MergeField::joins`].
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeChoice {
    pub field: MergeField,
    pub take: MergeTake,
}

/// The details of the record that stays. A field without a choice keeps its value; for a field that
/// cannot be joined, both means the kept one.
#[must_use]
pub fn composed(kept: &PatientDetails, other: &PatientDetails, choices: &[MergeChoice]) -> PatientDetails {
    let mut merged = kept.clone();
    for MergeChoice { field, take } in choices {
        match (take, field) {
            (MergeTake::Kept, _) => {}
            (MergeTake::Both, MergeField::Alert) => merged.alert = joined(&kept.alert, &other.alert, "; "),
            (MergeTake::Both, MergeField::MedicalHistory) => {
                merged.medical_history = joined(&kept.medical_history, &other.medical_history, "\n");
            }
            (MergeTake::Both, MergeField::RiskFactors) => {
                let more = other.risk_factors.iter().filter(|factor| !kept.risk_factors.contains(factor));
                merged.risk_factors = kept.risk_factors.iter().chain(more).copied().collect();
            }
            (MergeTake::Both, _) => {}
            (MergeTake::Other, field) => carry(*field, other, &mut merged),
        }
    }
    merged
}

fn joined(kept: &str, other: &str, between: &str) -> String {
    match (kept, other) {
        (kept, other) if kept == other || other.is_empty() => kept.to_owned(),
        ("", other) => other.to_owned(),
        (kept, other) => format!("{kept}{between}{other}"),
    }
}

/// Copies one field.
pub fn carry(field: MergeField, from: &PatientDetails, to: &mut PatientDetails) {
    match field {
        MergeField::FamilyName => to.family_name.clone_from(&from.family_name),
        MergeField::GivenNames => to.given_names.clone_from(&from.given_names),
        MergeField::DateOfBirth => to.date_of_birth = from.date_of_birth,
        MergeField::Sex => to.sex = from.sex,
        MergeField::Phone => to.phone.clone_from(&from.phone),
        MergeField::Email => to.email.clone_from(&from.email),
        MergeField::Address => to.address.clone_from(&from.address),
        MergeField::Fitzpatrick => to.fitzpatrick = from.fitzpatrick,
        MergeField::Alert => to.alert.clone_from(&from.alert),
        MergeField::MedicalHistory => to.medical_history.clone_from(&from.medical_history),
        MergeField::RiskFactors => to.risk_factors.clone_from(&from.risk_factors),
        MergeField::PhotoConsent => to.photo_consent = from.photo_consent,
        MergeField::AiConsent => to.ai_consent = from.ai_consent,
        MergeField::TrainingConsent => to.training_consent = from.training_consent,
    }
}

/// The details after an undo: each field as it was `before` the merge, unless somebody changed it since
/// the merge left it as in `after`.
#[must_use]
pub fn undone(before: &PatientDetails, after: &PatientDetails, now: &PatientDetails) -> PatientDetails {
    let mut restored = now.clone();
    for field in MergeField::ALL {
        let mut as_merged = now.clone();
        carry(field, after, &mut as_merged);
        if as_merged == *now {
            carry(field, before, &mut restored);
        }
    }
    restored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::RiskFactor;
    use crate::patient::tests::details;

    #[test]
    fn each_field_follows_its_choice() {
        let kept = PatientDetails {
            phone: "1".into(),
            alert: "Penicillin".into(),
            medical_history: String::new(),
            risk_factors: vec![RiskFactor::ManyNaevi],
            ..details()
        };
        let other = PatientDetails {
            given_names: "Ada".into(),
            phone: "2".into(),
            alert: "Lidocaine".into(),
            medical_history: "Asthma".into(),
            risk_factors: vec![RiskFactor::ManyNaevi, RiskFactor::SunbedUse],
            ai_consent: false,
            ..details()
        };
        let choice = |field, take| MergeChoice { field, take };
        let merged = composed(
            &kept,
            &other,
            &[
                choice(MergeField::Phone, MergeTake::Other),
                choice(MergeField::Alert, MergeTake::Both),
                choice(MergeField::MedicalHistory, MergeTake::Both),
                choice(MergeField::RiskFactors, MergeTake::Both),
                choice(MergeField::AiConsent, MergeTake::Other),
                choice(MergeField::GivenNames, MergeTake::Both),
            ],
        );
        assert_eq!(merged.phone, "2");
        assert_eq!(merged.alert, "Penicillin; Lidocaine");
        assert_eq!(merged.medical_history, "Asthma");
        assert_eq!(merged.risk_factors, other.risk_factors);
        assert!(!merged.ai_consent);
        assert_eq!(merged.given_names, kept.given_names, "names do not join");
    }

    #[test]
    fn every_field_is_carried() {
        let other = PatientDetails {
            family_name: "B".into(),
            given_names: "C".into(),
            date_of_birth: jiff::civil::date(2000, 1, 1),
            sex: crate::patient::Sex::Other,
            phone: "1".into(),
            email: "a@b.example".into(),
            address: "D".into(),
            fitzpatrick: None,
            alert: "E".into(),
            medical_history: "F".into(),
            risk_factors: vec![RiskFactor::SunbedUse],
            photo_consent: false,
            ai_consent: false,
            training_consent: true,
        };
        let choices = MergeField::ALL.map(|field| MergeChoice { field, take: MergeTake::Other });
        assert_eq!(composed(&details(), &other, &choices), other);
    }

    #[test]
    fn an_undo_keeps_what_was_edited_after_the_merge() {
        let before = PatientDetails { phone: "1".into(), address: "Old".into(), ..details() };
        let after = PatientDetails { phone: "2".into(), address: "New".into(), ..details() };
        assert_eq!(undone(&before, &after, &after), before);
        let edited = PatientDetails { address: "Newer".into(), email: "x@y.example".into(), ..after.clone() };
        let restored = undone(&before, &after, &edited);
        assert_eq!((restored.phone.as_str(), restored.address.as_str()), ("1", "Newer"));
        assert_eq!(restored.email, "x@y.example");
    }
}
