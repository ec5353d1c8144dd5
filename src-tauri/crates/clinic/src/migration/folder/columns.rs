//! What the columns of a table mean, as far as their names say so.

use std::collections::HashSet;

use domain::problem::{FieldProblem, ProblemCode};

use crate::error::{Error, Result};
use crate::views::{DateOrder, ImportField, ImportMapping};

use super::words::key;
use ImportField as F;

/// Fields that several columns may fill: what they say is put together.
const GATHERED: [ImportField; 4] = [F::Address, F::MedicalHistory, F::LesionNote, F::Photographs];
/// What a lesion's table says beside the number of its patient.
const OF_LESIONS: [ImportField; 6] = [F::Number, F::Lesion, F::Site, F::Side, F::LesionNote, F::Photographs];

const NAMES: &[(ImportField, &[&str])] = &[
    (
        F::Number,
        &[
            "number",
            "patientnumber",
            "patientno",
            "patientid",
            "id",
            "mrn",
            "recordnumber",
            "nr",
            "nummer",
            "patientennummer",
            "patientennr",
            "patientenid",
            "fallnummer",
            "numero",
            "nhc",
            "historia",
            "idpaciente",
            "numeropaciente",
            "patient",
            "paciente",
        ],
    ),
    (
        F::FamilyName,
        &["familyname", "lastname", "surname", "name", "nachname", "familienname", "apellido", "apellidos"],
    ),
    (
        F::GivenNames,
        &["givennames", "givenname", "firstname", "forename", "vorname", "vornamen", "nombre", "nombres"],
    ),
    (
        F::DateOfBirth,
        &[
            "dateofbirth",
            "birthdate",
            "dob",
            "born",
            "birth",
            "geburtsdatum",
            "geburtstag",
            "geb",
            "gebdatum",
            "geboren",
            "gebdat",
            "fechadenacimiento",
            "fechanacimiento",
            "nacimiento",
            "fnac",
        ],
    ),
    (F::Sex, &["sex", "gender", "geschlecht", "sexo", "genero"]),
    (F::Phone, &["phone", "telephone", "tel", "mobile", "telefon", "handy", "telefono", "movil"]),
    (F::Email, &["email", "mail", "emailaddress", "correo", "correoelectronico"]),
    (
        F::Address,
        &[
            "address",
            "street",
            "zip",
            "postcode",
            "city",
            "town",
            "adresse",
            "anschrift",
            "strasse",
            "plz",
            "ort",
            "stadt",
            "direccion",
            "calle",
            "codigopostal",
            "ciudad",
            "poblacion",
        ],
    ),
    (
        F::Fitzpatrick,
        &["fitzpatrick", "skintype", "phototype", "hauttyp", "fototyp", "fototipo", "tipodepiel"],
    ),
    (
        F::Alert,
        &[
            "alert",
            "allergy",
            "allergies",
            "warnung",
            "hinweis",
            "allergie",
            "allergien",
            "alerta",
            "alergias",
        ],
    ),
    (
        F::MedicalHistory,
        &[
            "medicalhistory",
            "history",
            "anamnesis",
            "diagnosis",
            "diagnoses",
            "anamnese",
            "diagnose",
            "diagnosen",
            "vorgeschichte",
            "antecedentes",
            "diagnostico",
        ],
    ),
    (
        F::PhotoConsent,
        &["photoconsent", "consent", "consentphoto", "einwilligung", "fotoeinwilligung", "consentimiento"],
    ),
    (F::AiConsent, &["aiconsent", "kieinwilligung", "consentimientoia"]),
    (F::Lesion, &["lesion", "lesionlabel", "label", "lesionid", "laesion", "bezeichnung", "etiqueta"]),
    (
        F::Site,
        &[
            "site",
            "bodysite",
            "location",
            "localization",
            "anatomsite",
            "lokalisation",
            "koerperstelle",
            "localizacion",
            "sitio",
            "zona",
        ],
    ),
    (F::Side, &["side", "laterality", "seite", "lado", "lateralidad"]),
    (
        F::LesionNote,
        &["lesionnote", "note", "notes", "comment", "befund", "bemerkung", "notiz", "nota", "observaciones"],
    ),
    (
        F::Photographs,
        &[
            "photographs",
            "photograph",
            "photos",
            "photo",
            "image",
            "images",
            "file",
            "filename",
            "picture",
            "bild",
            "bilder",
            "foto",
            "fotos",
            "datei",
            "dateiname",
            "imagen",
            "imagenes",
            "archivo",
            "fotografia",
        ],
    ),
];

/// The field that each column's name says; a field that one column fills is proposed once.
pub(super) fn proposed(header: &[String], lesions: bool) -> Vec<Option<ImportField>> {
    let mut taken = HashSet::new();
    let meant = |name: &String| {
        let name = key(name);
        NAMES.iter().find(|(_, words)| words.contains(&name.as_str())).map(|(field, _)| *field)
    };
    header
        .iter()
        .map(|name| {
            let field = meant(name).filter(|field| !lesions || OF_LESIONS.contains(field))?;
            (taken.insert(field) || GATHERED.contains(&field)).then_some(field)
        })
        .collect()
}

/// Whether a mapping says what is needed. `tables` is how many columns each table has, `lesions` which one lists
/// lesions, and `orders` what the dates leave open.
///
/// # Errors
/// `invalid_input` with the fields that are missing, or that two columns fill.
pub(super) fn check(
    mapping: &ImportMapping,
    tables: &[usize],
    lesions: Option<usize>,
    orders: &[DateOrder],
) -> Result<()> {
    let widths: Vec<usize> = mapping.tables.iter().map(Vec::len).collect();
    if widths != tables {
        return Err(Error::from(vec![FieldProblem::new("tables", ProblemCode::NotAllowed)]));
    }
    let mut problems = Vec::new();
    for (place, columns) in mapping.tables.iter().enumerate() {
        let needed: &[ImportField] = match lesions {
            Some(table) if table == place => &[F::Number],
            _ => &[F::FamilyName, F::GivenNames, F::DateOfBirth],
        };
        let missing = needed.iter().filter(|field| !columns.contains(&Some(**field)));
        problems.extend(missing.map(|field| FieldProblem::new(&name(*field), ProblemCode::Required)));
        let mut seen = HashSet::new();
        for field in columns.iter().flatten().filter(|field| !GATHERED.contains(field)) {
            if !seen.insert(*field) {
                problems.push(FieldProblem::new(&name(*field), ProblemCode::AlreadyUsed));
            }
        }
    }
    if lesions.is_some() && !mapping.tables.iter().all(|columns| columns.contains(&Some(F::Number))) {
        problems.push(FieldProblem::new(&name(F::Number), ProblemCode::Required));
    }
    if mapping.dates.is_none() && orders.len() > 1 {
        problems.push(FieldProblem::new("dates", ProblemCode::Required));
    }
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// The word of a field at the border.
pub(super) fn name(field: ImportField) -> String {
    serde_json::to_value(field).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood_in_three_languages() {
        let of = |header: &[&str]| {
            proposed(&header.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), false)
        };
        assert_eq!(
            of(&["Patienten-Nr.", "Name", "Vorname", "Geburtsdatum", "Straße", "PLZ", "Ort", "Bemerkung"]),
            [
                F::Number,
                F::FamilyName,
                F::GivenNames,
                F::DateOfBirth,
                F::Address,
                F::Address,
                F::Address,
                F::LesionNote
            ]
            .map(Some)
        );
        assert_eq!(
            of(&["NHC", "Apellidos", "Nombre", "Fecha de nacimiento", "Sexo"]),
            [F::Number, F::FamilyName, F::GivenNames, F::DateOfBirth, F::Sex].map(Some)
        );
        assert_eq!(
            of(&["mrn", "Last Name", "First name", "DOB", "id", "favourite colour"]),
            [Some(F::Number), Some(F::FamilyName), Some(F::GivenNames), Some(F::DateOfBirth), None, None]
        );
        let lesions = ["patient", "site", "dob"].map(str::to_owned);
        assert_eq!(proposed(&lesions, true), [Some(F::Number), Some(F::Site), None]);
    }

    #[test]
    fn every_word_is_written_as_it_is_looked_up_and_means_one_thing() {
        let mut seen = HashSet::new();
        for (field, words) in NAMES {
            for word in *words {
                assert_eq!(key(word), *word, "{field:?}");
                assert!(seen.insert(*word), "{word}");
            }
        }
    }

    #[test]
    fn a_mapping_names_person_and_birth_once() {
        let mapping = |columns: &[ImportField], dates| ImportMapping {
            tables: vec![columns.iter().copied().map(Some).collect()],
            dates,
            consents_on_file: false,
        };
        let both = [DateOrder::DayFirst, DateOrder::MonthFirst];
        let said = |columns: &[ImportField], dates| -> Vec<String> {
            let error = check(&mapping(columns, dates), &[columns.len()], None, &both).unwrap_err();
            let problems = error.details["problems"].as_array().unwrap().clone();
            problems.iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect()
        };
        let whole = [F::FamilyName, F::GivenNames, F::DateOfBirth];
        assert_eq!(check(&mapping(&whole, Some(DateOrder::DayFirst)), &[3], None, &both), Ok(()));
        assert_eq!(said(&whole, None), ["dates"]);
        assert_eq!(said(&[F::FamilyName], Some(DateOrder::DayFirst)), ["given_names", "date_of_birth"]);
        let twice = [F::FamilyName, F::GivenNames, F::DateOfBirth, F::Sex, F::Sex, F::Address, F::Address];
        assert_eq!(said(&twice, Some(DateOrder::DayFirst)), ["sex"]);
    }
}
