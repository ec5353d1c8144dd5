//! The dry run: what would become of every row. Nothing is written.

use std::collections::HashMap;

use jiff::civil::Date;
use records::patients::{self, Likeness, Roll};
use records::transfer::{self, Parcel, Standing};
use records::{Reading, RecordsError};

use crate::views::{ImportOutcome, ImportWord};

use super::clinic_export::ClinicExport;
use super::row::{Brought, Item, Person, Row, matched, shown};
use super::source::Source;
use super::state::{Migration, number};

/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub(super) fn judged(tx: &Reading<'_>, migration: &Migration, today: Date) -> Result<Vec<Row>, RecordsError> {
    let roll = patients::roll(tx)?;
    let mut rows = match &migration.source {
        Source::Clinic(export) => {
            let parcels = export.arrivals.parcels.iter().enumerate();
            return parcels.map(|(place, parcel)| of_parcel(tx, &roll, export, place, parcel)).collect();
        }
        Source::Folder(folder) => folder.rows(today),
        Source::Fhir(bundle) => bundle.rows(today),
    };
    rows = joined(rows);
    for row in &mut rows {
        hold_against(&roll, row);
    }
    Ok(rows)
}

fn of_parcel(
    tx: &Reading<'_>,
    roll: &Roll,
    export: &ClinicExport,
    place: usize,
    parcel: &Parcel,
) -> Result<Row, RecordsError> {
    let who = parcel.addressee();
    let person = Person {
        number: who.number.clone(),
        family_name: who.family_name.clone(),
        given_names: who.given_names.clone(),
        date_of_birth: shown(who.date_of_birth),
    };
    let holds =
        Brought { lesions: number(parcel.count("lesions")), photographs: number(parcel.count("images")) };
    let mut row = Row::new(person, Item::Parcel(place), holds);
    let Some(born) = who.date_of_birth else {
        row.refuse(ImportWord::Damaged, None);
        return Ok(row);
    };
    match transfer::standing(tx, parcel)? {
        Standing::Here { .. } => row.outcome = ImportOutcome::Same,
        Standing::Partly => row.refuse(ImportWord::PartlyHere, None),
        Standing::Erased => row.doubt(ImportWord::ErasedHere),
        Standing::New => match roll.find(Some(&who.number), &who.family_name, &who.given_names, born) {
            Likeness::Nobody => {}
            Likeness::NumberOfAnother(_) => row.remark(ImportWord::NumberChanged, None),
            Likeness::Same(other) | Likeness::Like(other) => {
                row.found = Some(matched(other));
                row.doubt(ImportWord::LikeSomebody);
            }
        },
    }
    let missing = export.missing(parcel);
    if missing > 0 && row.outcome != ImportOutcome::Same {
        row.remark(ImportWord::PhotographsMissing, Some(missing.to_string()));
    }
    Ok(row)
}

/// Lists often have a line for every photograph: lines of one number and one person are one row. A number that
/// a second person has refuses the later row.
fn joined(rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    let mut by_number: HashMap<String, usize> = HashMap::new();
    let mut by_person: HashMap<(String, String, String), usize> = HashMap::new();
    for mut row in rows {
        if row.outcome == ImportOutcome::Refused {
            kept.push(row);
            continue;
        }
        let person = (
            row.person.family_name.to_lowercase(),
            row.person.given_names.to_lowercase(),
            row.person.date_of_birth.clone(),
        );
        let earlier = match row.person.number.to_lowercase() {
            number if number.is_empty() => by_person.get(&person).copied(),
            // A line without the number may have come first.
            number => by_number.get(&number).copied().or_else(|| {
                by_person.get(&person).copied().filter(|place| kept[*place].person.number.is_empty())
            }),
        };
        let same = |other: &Row| {
            let other = &other.person;
            other.family_name.to_lowercase() == person.0
                && other.given_names.to_lowercase() == person.1
                && other.date_of_birth == person.2
        };
        match earlier {
            Some(place) if same(&kept[place]) => {
                if kept[place].person.number.is_empty() && !row.person.number.is_empty() {
                    by_number.insert(row.person.number.to_lowercase(), place);
                }
                join(&mut kept[place], row);
            }
            Some(_) => {
                row.refuse(ImportWord::NumberTwice, None);
                kept.push(row);
            }
            None => {
                if !row.person.number.is_empty() {
                    by_number.insert(row.person.number.to_lowercase(), kept.len());
                }
                by_person.entry(person).or_insert(kept.len());
                kept.push(row);
            }
        }
    }
    kept
}

fn join(into: &mut Row, row: Row) {
    if into.person.number.is_empty() {
        into.person.number.clone_from(&row.person.number);
    }
    into.lines.extend(row.lines);
    for remark in row.remarks {
        into.remark(remark.word, remark.detail);
    }
    into.remark(ImportWord::LinesJoined, None);
    if let (Item::Old(record), Item::Old(other)) = (&mut into.item, row.item) {
        record.join(*other);
        into.holds = record.holds();
    }
}

fn hold_against(roll: &Roll, row: &mut Row) {
    let Item::Old(record) = &row.item else { return };
    if row.outcome == ImportOutcome::Refused {
        return;
    }
    let details = &record.details;
    let consent_missing = !details.photo_consent && row.holds.photographs > 0;
    let found = roll.find(
        record.number.as_deref(),
        &details.family_name,
        &details.given_names,
        details.date_of_birth,
    );
    match found {
        Likeness::Nobody => {}
        Likeness::Same(other) => {
            row.found = Some(matched(other));
            row.outcome = ImportOutcome::Same;
        }
        Likeness::Like(other) => {
            row.found = Some(matched(other));
            row.doubt(ImportWord::LikeSomebody);
        }
        Likeness::NumberOfAnother(other) => {
            row.found = Some(matched(other));
            row.doubt(ImportWord::NumberOfAnother);
        }
    }
    if consent_missing && row.outcome != ImportOutcome::Same {
        row.remark(ImportWord::ConsentMissing, None);
    }
}
