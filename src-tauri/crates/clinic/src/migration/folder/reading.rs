//! From the lines of the tables to people with their lesions and photographs.

use std::collections::HashMap;

use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::{PatientDetails, Sex};
use jiff::civil::Date;

use crate::views::{DateOrder, ImportField, ImportRemark, ImportWord};

use super::super::old_record::{OldLesion, OldPhotograph, OldRecord};
use super::super::row::{Brought, Item, Person, Row};
use super::FolderSource;
use super::columns::name;
use super::table::{Line, Table};
use super::words;
use ImportField as F;

/// Longest label of a lesion.
const LABEL: usize = 60;

/// Every line of patients, with the lines of lesions that name their numbers.
pub(super) fn rows(folder: &FolderSource, today: Date) -> Vec<Row> {
    let reading = Reading {
        folder,
        today,
        order: folder.mapping.dates.unwrap_or(DateOrder::YearFirst),
        spanish: column(&folder.patients, &folder.mapping.tables[0], F::Sex).any(words::is_hombre),
    };
    let patients = &folder.patients.lines;
    let mut rows: Vec<Row> = patients.iter().map(|line| reading.patient(line)).collect();
    if let (Some(table), Some(columns)) = (&folder.lesions, folder.mapping.tables.get(1)) {
        let mut by_number = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            by_number.entry(row.person.number.to_lowercase()).or_insert(place);
        }
        for line in &table.lines {
            let cells = Cells { line, columns };
            let number = cells.one(F::Number).to_lowercase();
            match by_number.get(&number).filter(|_| !number.is_empty() && line.fault.is_none()) {
                Some(place) => reading.add_lesion(&mut rows[*place], &cells),
                None => rows.push(nobodys(line, cells.one(F::Number))),
            }
        }
    }
    rows
}

fn column<'a>(table: &'a Table, columns: &[Option<F>], field: F) -> impl Iterator<Item = &'a str> + use<'a> {
    let place = columns.iter().position(|column| *column == Some(field));
    let cells = place.map(|place| table.lines.iter().filter_map(move |line| line.cells.get(place)));
    cells.into_iter().flatten().map(String::as_str)
}

fn nobodys(line: &Line, number: &str) -> Row {
    let person = Person { number: number.to_owned(), ..Person::default() };
    let mut row = Row::new(person, Item::Nothing, Brought::default());
    row.lines.push(line.number);
    row.refuse(line.fault.unwrap_or(ImportWord::NobodysLesion), None);
    row
}

/// The cells of a line by what their columns mean.
struct Cells<'a> {
    line: &'a Line,
    columns: &'a [Option<F>],
}

impl<'a> Cells<'a> {
    fn all(&self, field: F) -> impl Iterator<Item = &'a str> {
        let cells = self.columns.iter().zip(&self.line.cells);
        cells.filter(move |(column, _)| **column == Some(field)).map(|(_, cell)| cell.as_str())
    }

    fn one(&self, field: F) -> &'a str {
        self.all(field).next().unwrap_or_default()
    }

    fn gathered(&self, field: F, between: &str) -> String {
        self.all(field).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(between)
    }
}

struct Reading<'a> {
    folder: &'a FolderSource,
    today: Date,
    order: DateOrder,
    spanish: bool,
}

/// What is told of a line beside what it says.
#[derive(Default)]
struct Told(Vec<ImportRemark>);

impl Told {
    fn add(&mut self, word: ImportWord, detail: Option<String>) {
        self.0.push(ImportRemark { word, detail });
    }

    /// A word that was understood, or its absence told and what stands for it.
    fn or_default<T: Default>(&mut self, field: F, understood: Option<T>) -> T {
        if understood.is_none() {
            self.add(ImportWord::NotUnderstood, Some(name(field)));
        }
        understood.unwrap_or_default()
    }
}

impl Reading<'_> {
    fn patient(&self, line: &Line) -> Row {
        let cells = Cells { line, columns: &self.folder.mapping.tables[0] };
        let person = Person {
            number: cells.one(F::Number).to_owned(),
            family_name: cells.one(F::FamilyName).to_owned(),
            given_names: cells.one(F::GivenNames).to_owned(),
            date_of_birth: cells.one(F::DateOfBirth).to_owned(),
        };
        let mut told = Told::default();
        let read = self.record(&cells, &mut told);
        let (item, holds) = match &read {
            Ok(record) => (Item::Old(Box::new(record.clone())), record.holds()),
            Err(_) => (Item::Nothing, Brought::default()),
        };
        let mut row = Row::new(person, item, holds);
        row.lines.push(line.number);
        for remark in told.0 {
            row.remark(remark.word, remark.detail);
        }
        match read {
            Ok(record) => row.person.date_of_birth = record.details.date_of_birth.to_string(),
            Err(remarks) => {
                remarks.into_iter().for_each(|remark| row.refuse(remark.word, remark.detail));
            }
        }
        row
    }

    fn record(&self, cells: &Cells<'_>, told: &mut Told) -> Result<OldRecord, Vec<ImportRemark>> {
        let refused = |word, detail| vec![ImportRemark { word, detail }];
        if let Some(fault) = cells.line.fault {
            return Err(refused(fault, None));
        }
        let born = cells.one(F::DateOfBirth);
        if born.is_empty() {
            return Err(refused(ImportWord::FieldMissing, Some(name(F::DateOfBirth))));
        }
        let born = super::dates::parsed(born, self.order, self.today).map_err(|word| refused(word, None))?;
        let details = self.details(cells, born, told).trimmed();
        details.validate(self.today).map_err(|problems| {
            let word = |code| match code {
                domain::problem::ProblemCode::Required => ImportWord::FieldMissing,
                _ => ImportWord::FieldInvalid,
            };
            let remark =
                |p: domain::problem::FieldProblem| ImportRemark { word: word(p.code), detail: Some(p.field) };
            problems.into_iter().map(remark).collect::<Vec<_>>()
        })?;
        let number = Some(cells.one(F::Number)).filter(|number| !number.is_empty()).map(str::to_owned);
        let mut record = OldRecord { number, details, lesions: Vec::new(), photographs: Vec::new() };
        let photographs = self.photographs(cells, told);
        match self.lesion(cells, told) {
            Some(details) => record.lesion(OldLesion { details, photographs }),
            None => record.photographs = photographs,
        }
        if let Some(number) = &record.number {
            let beside = self.folder.photographs.in_folder(number).cloned().map(OldPhotograph::File);
            let of_lesions = record.lesions.iter().flat_map(|lesion| &lesion.photographs);
            let known: Vec<OldPhotograph> = of_lesions.chain(&record.photographs).cloned().collect();
            let new: Vec<_> = beside.filter(|photo| !known.contains(photo)).collect();
            record.photographs.extend(new);
        }
        Ok(record)
    }

    fn details(&self, cells: &Cells<'_>, date_of_birth: Date, told: &mut Told) -> PatientDetails {
        let text = |field: F| cells.one(field).to_owned();
        let sex = words::sex(cells.one(F::Sex), self.spanish);
        if sex.is_none() {
            told.add(ImportWord::NotUnderstood, Some(name(F::Sex)));
        }
        let agreed = told.or_default(F::PhotoConsent, words::yes(cells.one(F::PhotoConsent)));
        PatientDetails {
            family_name: text(F::FamilyName),
            given_names: text(F::GivenNames),
            date_of_birth,
            sex: sex.unwrap_or(Sex::Unknown),
            phone: text(F::Phone),
            email: text(F::Email),
            address: cells.gathered(F::Address, ", "),
            fitzpatrick: told.or_default(F::Fitzpatrick, words::phototype(cells.one(F::Fitzpatrick))),
            alert: text(F::Alert),
            medical_history: cells.gathered(F::MedicalHistory, "\n"),
            risk_factors: Vec::new(),
            photo_consent: agreed || self.folder.mapping.consents_on_file,
            ai_consent: told.or_default(F::AiConsent, words::yes(cells.one(F::AiConsent))),
            training_consent: false,
        }
    }

    /// The lesion of a line; none where nothing is said of one.
    fn lesion(&self, cells: &Cells<'_>, told: &mut Told) -> Option<LesionDetails> {
        let (label, place) = (cells.one(F::Lesion), cells.one(F::Site));
        let note = cells.gathered(F::LesionNote, "\n");
        if label.is_empty() && place.is_empty() {
            return None;
        }
        let (site, said) = if place.is_empty() { (Some(BodySite::Other), None) } else { words::site(place) };
        let laterality = match words::side(cells.one(F::Side)) {
            Some(Laterality::NotApplicable) => said.unwrap_or(Laterality::NotApplicable),
            Some(side) => side,
            None => {
                told.add(ImportWord::NotUnderstood, Some(name(F::Side)));
                said.unwrap_or(Laterality::NotApplicable)
            }
        };
        if site.is_none() {
            told.add(ImportWord::NotUnderstood, Some(name(F::Site)));
        }
        let named = if label.is_empty() { place } else { label };
        // What was not understood stays legible.
        let note = match site {
            None if !label.is_empty() => [place, &note].join("\n").trim().to_owned(),
            _ => note,
        };
        let details = LesionDetails {
            label: named.chars().take(LABEL).collect(),
            site: site.unwrap_or(BodySite::Other),
            laterality,
            note,
        };
        if details.validate().is_err() {
            told.add(ImportWord::NotUnderstood, Some(name(F::LesionNote)));
            return Some(LesionDetails { note: String::new(), ..details })
                .filter(|kept| kept.validate().is_ok());
        }
        Some(details)
    }

    fn photographs(&self, cells: &Cells<'_>, told: &mut Told) -> Vec<OldPhotograph> {
        let named = cells.all(F::Photographs).flat_map(|cell| cell.split([';', '|', '\n']));
        let mut found = Vec::new();
        for path in named.map(str::trim).filter(|path| !path.is_empty()) {
            match self.folder.photographs.named(path) {
                Ok(file) => {
                    let photo = OldPhotograph::File(file.clone());
                    if !found.contains(&photo) {
                        found.push(photo);
                    }
                }
                Err(word) => told.add(word, Some(path.chars().take(120).collect())),
            }
        }
        found
    }

    fn add_lesion(&self, row: &mut Row, cells: &Cells<'_>) {
        let mut told = Told::default();
        let photographs = self.photographs(cells, &mut told);
        let lesion = self.lesion(cells, &mut told);
        for remark in told.0 {
            row.remark(remark.word, remark.detail);
        }
        let Item::Old(record) = &mut row.item else { return };
        match lesion {
            Some(details) => {
                let named = |photo: &OldPhotograph| photographs.contains(photo);
                record.photographs.retain(|photo| !named(photo));
                record.lesion(OldLesion { details, photographs });
            }
            None => record.photographs.extend(photographs),
        }
        row.holds = record.holds();
    }
}
