//! Whose is which row.

use std::collections::{BTreeMap, HashMap};

use domain::PatientId;
use serde_json::Value;

use crate::tables::TableRow;

use super::nouns::{self, NOUNS, Owner};
use super::staff::Staff;
use super::{Arrivals, Parcel};

/// Says what is in other tables as well, and is made anew from them.
const DERIVED: &str = "analysis_classes";

/// Tables whose rows refer to rows of the same table.
const CHAINED: [(&str, &str); 2] = [("patients", "merged_into"), ("case_notes", "follows")];

/// Sorts tables by person. Nothing is judged yet but whose a row is.
#[must_use]
pub fn sorted(mut tables: BTreeMap<String, Vec<TableRow>>) -> Arrivals {
    tables.remove(DERIVED);
    let mut arrivals = Arrivals { staff: Staff::taken_from(&mut tables), ..Arrivals::default() };
    let mut parcels = People::of(tables.get("patients").map_or(&[], Vec::as_slice));
    arrivals.parcels = parcels.empty();
    for (place, (name, owner)) in NOUNS.iter().enumerate() {
        for row in tables.remove(*name).unwrap_or_default() {
            match parcels.owner(&row, *owner) {
                Some(parcel) => {
                    parcels.remember(name, &row, parcel);
                    arrivals.parcels[parcel].rows[place].push(row);
                }
                None => *arrivals.left.entry((*name).to_owned()).or_default() += 1,
            }
        }
    }
    for parcel in &mut arrivals.parcels {
        for (table, column) in CHAINED {
            if let Some(rows) = nouns::place(table).and_then(|place| parcel.rows.get_mut(place)) {
                chained(rows, column);
            }
        }
    }
    for (name, rows) in tables {
        *arrivals.left.entry(name).or_default() += rows.len() as u64;
    }
    arrivals.left.retain(|_, rows| *rows > 0);
    arrivals
}

/// Which parcel a person, or a row that others name, is in.
struct People {
    patients: HashMap<String, usize>,
    /// By parcel, the standing record first.
    records: Vec<Vec<PatientId>>,
    rows: HashMap<(&'static str, String), usize>,
}

impl People {
    fn of(rows: &[TableRow]) -> Self {
        let merged: HashMap<&str, Option<&str>> = rows
            .iter()
            .filter_map(|row| Some((text(row, "id")?, row.get("merged_into").and_then(Value::as_str))))
            .collect();
        let mut people = Self { patients: HashMap::new(), records: Vec::new(), rows: HashMap::new() };
        let mut parcel_of = HashMap::new();
        for id in rows.iter().filter_map(|row| text(row, "id")) {
            let root = standing(&merged, id);
            let (Ok(record), Ok(_)) = (id.parse::<PatientId>(), root.parse::<PatientId>()) else { continue };
            let parcel = *parcel_of.entry(root).or_insert_with(|| {
                people.records.push(Vec::new());
                people.records.len() - 1
            });
            if people.patients.insert(id.to_owned(), parcel).is_none() {
                let place = if id == root { 0 } else { people.records[parcel].len() };
                people.records[parcel].insert(place, record);
            }
        }
        people
    }

    fn empty(&self) -> Vec<Parcel> {
        let parcel = |patients: &Vec<PatientId>| Parcel {
            patients: patients.clone(),
            rows: vec![Vec::new(); NOUNS.len()],
        };
        self.records.iter().map(parcel).collect()
    }

    fn owner(&self, row: &TableRow, owner: Owner) -> Option<usize> {
        match owner {
            Owner::Patient(column) => self.patients.get(text(row, column)?).copied(),
            Owner::Through(column, table) => self.rows.get(&(table, text(row, column)?.to_owned())).copied(),
        }
    }

    fn remember(&mut self, table: &'static str, row: &TableRow, parcel: usize) {
        if matches!(table, "images" | "analyses" | "recalls" | "biopsies")
            && let Some(id) = text(row, "id")
        {
            self.rows.insert((table, id.to_owned()), parcel);
        }
    }
}

/// Puts what is referred to before whatever refers to it.
fn chained(rows: &mut [TableRow], column: &str) {
    let parents: HashMap<String, Option<String>> = rows
        .iter()
        .filter_map(|row| Some((text(row, "id")?.to_owned(), text(row, column).map(str::to_owned))))
        .collect();
    let depth = |row: &TableRow| {
        let mut at = text(row, column);
        let mut depth = 0;
        while let Some(parent) = at.filter(|_| depth <= parents.len()) {
            depth += 1;
            at = parents.get(parent).and_then(Option::as_deref);
        }
        depth
    };
    rows.sort_by_cached_key(depth);
}

/// The record at the end of the merges; where they run in a circle, the one that was begun with.
fn standing<'a>(merged: &HashMap<&'a str, Option<&'a str>>, from: &'a str) -> &'a str {
    let mut at = from;
    for _ in 0..merged.len() {
        match merged.get(at) {
            Some(Some(next)) if merged.contains_key(next) => at = next,
            _ => return at,
        }
    }
    from
}

fn text<'a>(row: &'a TableRow, column: &str) -> Option<&'a str> {
    row.get(column)?.as_str()
}
