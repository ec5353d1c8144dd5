//! Patients who may be the one that is being typed.

use std::collections::BTreeSet;

use domain::PatientId;
use domain::audit::AuditAction;
use domain::duplicate::{DuplicateFinding, DuplicateReason, WARN_FROM, likelihood};
use domain::patient::Sex;
use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::fold::{digits, fold};
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};

use super::near::{Likeness, likeness, swapped_digits, whole_near};
use super::search::{PatientSummary, summary};
use super::words::telephone_words;

/// Most candidates of one kind that are weighed.
const WEIGHED: usize = 200;
const SHOWN: usize = 5;
/// A telephone number of fewer digits says nothing.
const PHONE_DIGITS: usize = 6;
/// So many last digits tell a telephone from all others.
const SUBSCRIBER: usize = 9;

/// What is known so far of the person in the form. Empty texts are not compared.
#[derive(Clone, Debug)]
pub struct Probe {
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: Option<Date>,
    pub sex: Sex,
    pub phone: String,
    pub email: String,
    /// The record that is being edited.
    pub except: Option<PatientId>,
}

/// A patient who may be the same person.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    pub patient: PatientSummary,
    /// 5 to 99.
    pub percent: u8,
    /// Heaviest first.
    pub reasons: Vec<DuplicateReason>,
}

/// Patients who may be the person of the form, likeliest first, at most five. The audit row holds their
/// number.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn duplicates(tx: &Writing<'_>, probe: &Probe) -> Result<Vec<Suspect>, RecordsError> {
    let patients: u64 =
        tx.connection().prepare_cached("SELECT count(*) FROM patients")?.query_row([], |row| row.get(0))?;
    let mut suspects = Vec::new();
    let mut query = tx.connection().prepare_cached(
        "SELECT id, number, family_name, given_names, date_of_birth, sex, phone, email, family_key, given_key
         FROM patients WHERE row = ?1 AND merged_into IS NULL AND id IS NOT ?2",
    )?;
    let except = probe.except.as_ref().map(id_text);
    for row in candidates(tx, probe)? {
        for person in query.query_map(params![row, except], Person::from_row)? {
            let person = person?;
            let findings = compare(probe, &person);
            let percent = likelihood(&findings, patients);
            if percent >= WARN_FROM {
                let mut reasons: Vec<DuplicateReason> = findings.into_iter().map(Into::into).collect();
                reasons.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
                suspects.push(Suspect { patient: person.summary, percent, reasons });
            }
        }
    }
    let weight = |suspect: &Suspect| suspect.reasons.iter().map(|reason| reason.bits).sum::<f64>();
    suspects.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.patient.id.cmp(&b.patient.id)));
    suspects.truncate(SHOWN);
    let details = json!({ "count": suspects.len(), "purpose": "duplicates" });
    audit::record(tx, AuditEntry::new(AuditAction::PatientsSearched).with(details))?;
    Ok(suspects)
}

struct Person {
    summary: PatientSummary,
    email: String,
    family_key: String,
    given_key: String,
}

impl Person {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            summary: summary(row)?,
            email: row.text("email")?,
            family_key: row.text("family_key")?,
            given_key: row.text("given_key")?,
        })
    }
}

/// Rows of patients who share enough to be worth weighing.
fn candidates(tx: &Reading<'_>, probe: &Probe) -> Result<BTreeSet<i64>, RecordsError> {
    let mut rows = BTreeSet::new();
    let mut add = |sql: &str, values: Vec<Value>| -> Result<(), RecordsError> {
        let mut query = tx.connection().prepare_cached(&format!("{sql} LIMIT {WEIGHED}"))?;
        for row in query.query_map(params_from_iter(values), |row| row.get(0))? {
            rows.insert(row?);
        }
        Ok(())
    };
    let by_words = "SELECT rowid FROM patient_search WHERE patient_search MATCH ?1";
    if let Some(date) = probe.date_of_birth {
        for date in near_dates(date) {
            add("SELECT row FROM patients WHERE date_of_birth = ?1", vec![date.to_string().into()])?;
        }
    }
    if !probe.email.is_empty() {
        let email = probe.email.to_lowercase();
        add("SELECT row FROM patients WHERE lower(email) = ?1 AND email <> ''", vec![email.into()])?;
    }
    let mut phones = telephone_words(&probe.phone);
    phones.push(digits(&probe.phone).trim_start_matches('0').to_owned());
    phones.retain(|word| word.len() >= PHONE_DIGITS);
    if !phones.is_empty() {
        add(by_words, vec![any_of(&phones).into()])?;
    }
    let (family, given) = (near_words(tx, &probe.family_name)?, near_words(tx, &probe.given_names)?);
    if !family.is_empty() && !given.is_empty() {
        add(by_words, vec![format!("{} AND {}", any_of(&family), any_of(&given)).into()])?;
    }
    Ok(rows)
}

fn any_of(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("({})", words.join(" OR "))
}

/// The words of a name and those of the clinic's vocabulary near them.
fn near_words(tx: &Reading<'_>, name: &str) -> Result<Vec<String>, RecordsError> {
    let folded = fold(name);
    let mut words = BTreeSet::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        words.insert(word.to_owned());
        words.extend(whole_near(tx, word)?.into_iter().map(|near| near.word));
    }
    Ok(words.into_iter().collect())
}

/// The date, those with two neighbouring digits swapped, and the one with day and month swapped.
fn near_dates(date: Date) -> BTreeSet<Date> {
    let digits = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let swapped = swapped_digits(&digits).into_keys();
    let mut dates: BTreeSet<Date> =
        swapped.filter_map(|digits| Date::strptime("%Y%m%d", digits).ok()).collect();
    dates.extend(Date::new(date.year(), date.day(), date.month()).ok());
    dates
}

fn compare(probe: &Probe, person: &Person) -> Vec<DuplicateFinding> {
    use DuplicateFinding as F;
    let mut findings = names(probe, person);
    if let Some(date) = probe.date_of_birth {
        findings.push(match person.summary.date_of_birth {
            other if other == date => F::SameDateOfBirth,
            other if near_dates(date).contains(&other) || digits_off(date, other) == 1 => {
                F::DateOfBirthMistyped
            }
            _ => F::DifferentDateOfBirth,
        });
    }
    if probe.sex != Sex::Unknown && person.summary.sex != Sex::Unknown {
        findings.push(if probe.sex == person.summary.sex { F::SameSex } else { F::DifferentSex });
    }
    if let Some(same) = same_phone(&probe.phone, &person.summary.phone) {
        findings.push(if same { F::SamePhone } else { F::DifferentPhone });
    }
    if !probe.email.is_empty() && !person.email.is_empty() {
        let same = probe.email.to_lowercase() == person.email.to_lowercase();
        findings.push(if same { F::SameEmail } else { F::DifferentEmail });
    }
    findings
}

/// Whether two telephone numbers end alike, with and without the code of the country; nothing when either is
/// too short to tell.
fn same_phone(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (digits(one), digits(other));
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    let length = one.len().min(other.len()).min(SUBSCRIBER);
    (length >= PHONE_DIGITS).then(|| one[one.len() - length..] == other[other.len() - length..])
}

fn names(probe: &Probe, person: &Person) -> Vec<DuplicateFinding> {
    use DuplicateFinding as F;
    let (family, given) = (fold(&probe.family_name), fold(&probe.given_names));
    let like = |one: &str, other: &str| {
        if one.is_empty() || other.is_empty() { None } else { Some(likeness(one, other)) }
    };
    let by_family = like(&family, &person.family_key);
    let by_given = like(&given, &person.given_key);
    let swapped = like(&family, &person.given_key) == Some(Likeness::Same)
        && like(&given, &person.family_key) == Some(Likeness::Same);
    if swapped && by_family != Some(Likeness::Same) {
        return vec![F::NamesSwapped];
    }
    let family = by_family.map(|likeness| match likeness {
        Likeness::Same => F::SameFamilyName,
        Likeness::LetterOff => F::FamilyNameOneLetterOff,
        Likeness::SoundsAlike => F::FamilyNameSoundsAlike,
        Likeness::InPart => F::FamilyNameInPart,
        Likeness::Different => F::DifferentFamilyName,
    });
    let given = by_given.map(|likeness| match likeness {
        Likeness::Same => F::SameGivenNames,
        Likeness::LetterOff => F::GivenNameOneLetterOff,
        Likeness::SoundsAlike => F::GivenNameSoundsAlike,
        Likeness::InPart => F::GivenNameInPart,
        Likeness::Different => F::DifferentGivenNames,
    });
    family.into_iter().chain(given).collect()
}

fn digits_off(one: Date, other: Date) -> usize {
    one.to_string().bytes().zip(other.to_string().bytes()).filter(|(a, b)| a != b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn telephones_are_compared_by_their_ends() {
        for (one, other, same) in [
            ("+49 7531 555019", "07531 / 555 019", Some(true)),
            ("+49 (0)171 2345678", "0171 2345678", Some(true)),
            ("555019", "07531 555019", Some(true)),
            ("07531 555019", "07531 555018", Some(false)),
            ("12345", "12345", None),
            ("", "07531 555019", None),
        ] {
            assert_eq!(same_phone(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn dates_near_a_date_are_real_ones() {
        let near = near_dates(date(1971, 3, 9));
        for near_date in
            [date(1971, 3, 9), date(1971, 9, 3), date(1917, 3, 9), date(9171, 3, 9), date(1971, 3, 9)]
        {
            assert!(near.contains(&near_date), "{near_date}");
        }
        assert!(near.iter().all(|near| near.year() > 0));
        assert!(near_dates(date(2001, 12, 31)).len() >= 2);
    }
}
