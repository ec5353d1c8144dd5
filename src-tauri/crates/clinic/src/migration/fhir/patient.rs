//! What a bundle says of one person.

use domain::consent::ConsentKind;
use domain::patient::{FitzpatrickType, PatientDetails, RiskFactor, Sex};
use domain::problem::ProblemCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::views::ImportWord;

use super::super::old_record::{OldLesion, OldPhotograph, OldRecord};
use super::super::row::{Brought, Item, Person, Row};
use super::super::state::number;
use super::lesion;
use super::resource::{has_code, items, said};

const HISTORY: usize = 10_000;
/// Media types that photographs come in.
const PICTURE: &str = "image/";

pub(in super::super) struct Told {
    patient: Value,
    lesions: Vec<OldLesion>,
    photographs: Vec<OldPhotograph>,
    history: Vec<String>,
    alerts: Vec<String>,
    fitzpatrick: Option<FitzpatrickType>,
    risk_factors: Vec<RiskFactor>,
    consents: Vec<ConsentKind>,
}

impl Told {
    pub fn of(patient: Value) -> Self {
        Self {
            patient,
            lesions: Vec::new(),
            photographs: Vec::new(),
            history: Vec::new(),
            alerts: Vec::new(),
            fitzpatrick: None,
            risk_factors: Vec::new(),
            consents: Vec::new(),
        }
    }

    pub fn photographs(&self) -> u32 {
        let of_lesions: usize = self.lesions.iter().map(|lesion| lesion.photographs.len()).sum();
        number(of_lesions + self.photographs.len())
    }

    /// Gives the place of the lesion.
    pub fn add_lesion(&mut self, structure: &Value) -> usize {
        let details = lesion::details(structure, self.lesions.len() + 1);
        self.lesions.push(OldLesion { details, photographs: Vec::new() });
        self.lesions.len() - 1
    }

    /// False for what is no photograph, or holds none.
    pub fn add_photograph(&mut self, mut media: Value, lesion: Option<usize>) -> bool {
        let data = media.get_mut("content").and_then(|content| content.get_mut("data")).map(Value::take);
        let content = &media["content"];
        let picture = content["contentType"].as_str().is_some_and(|kind| kind.starts_with(PICTURE));
        let photograph = match (data, content["url"].as_str()) {
            (Some(Value::String(data)), _) => OldPhotograph::Inline(data),
            // A file of the archive; an address elsewhere is never asked.
            (_, Some(url)) if !url.contains(':') => OldPhotograph::Entry(url.to_owned()),
            _ => return false,
        };
        if picture {
            match lesion.and_then(|place| self.lesions.get_mut(place)) {
                Some(lesion) => lesion.photographs.push(photograph),
                None => self.photographs.push(photograph),
            }
        }
        picture
    }

    /// Phototype, risk factors, and history in words.
    pub fn add_observation(&mut self, observation: &Value) -> bool {
        let (code, value) = (&observation["code"], &observation["valueCodeableConcept"]);
        if has_code(code, &["phototype"]) {
            let types = [
                ("I", FitzpatrickType::I),
                ("II", FitzpatrickType::II),
                ("III", FitzpatrickType::III),
                ("IV", FitzpatrickType::IV),
                ("V", FitzpatrickType::V),
                ("VI", FitzpatrickType::VI),
            ];
            let found =
                types.iter().find(|(word, _)| has_code(value, &[format!("phototype-{word}").as_str()]));
            self.fitzpatrick = found.map(|(_, kind)| *kind).or(self.fitzpatrick);
            return found.is_some();
        }
        if has_code(code, &["risk"]) {
            let word =
                items(&value["coding"]).find_map(|coding| coding["code"].as_str()?.strip_prefix("risk-"));
            let factor = word.and_then(risk_factor);
            self.risk_factors.extend(factor.filter(|factor| !self.risk_factors.contains(factor)));
            return factor.is_some();
        }
        // LOINC 11348-0: history of past illness.
        if has_code(code, &["11348-0"]) {
            let history = observation["valueString"].as_str();
            self.history.extend(history.map(str::to_owned));
            return history.is_some();
        }
        false
    }

    /// A diagnosis becomes a line of the history; one that was refuted or entered in error does not.
    pub fn add_condition(&mut self, condition: &Value) -> bool {
        if has_code(&condition["verificationStatus"], &["refuted", "entered-in-error"]) {
            return false;
        }
        let Some(what) = said(&condition["code"]) else { return false };
        let since = ["onsetDateTime", "recordedDate"].iter().find_map(|field| condition[*field].as_str());
        self.history.push(match since {
            Some(day) => format!("{what} ({})", day.chars().take(10).collect::<String>()),
            None => what,
        });
        true
    }

    pub fn add_flag(&mut self, flag: &Value) -> bool {
        let what = (flag["status"] == "active").then(|| said(&flag["code"])).flatten();
        let any = what.is_some();
        self.alerts.extend(what);
        any
    }

    /// Consents as Lentigo writes them; those of other programs are about other things.
    pub fn add_consent(&mut self, consent: &Value) -> bool {
        let asked = [
            (ConsentKind::Photo, "consent-photo"),
            (ConsentKind::Ai, "consent-ai"),
            (ConsentKind::Training, "consent-training"),
        ];
        let kind = asked
            .iter()
            .find(|(_, code)| items(&consent["category"]).any(|category| has_code(category, &[*code])))
            .map(|(kind, _)| *kind);
        if consent["status"] == "active" {
            self.consents.extend(kind);
        }
        kind.is_some()
    }

    pub fn row(&self, today: Date, consents_on_file: bool) -> Row {
        let name = self.name();
        let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        let given: Vec<&str> = items(&name["given"]).filter_map(Value::as_str).collect();
        let born = text(&self.patient["birthDate"]);
        let person = Person {
            number: self.number(),
            family_name: text(&name["family"]),
            given_names: given.join(" ").trim().to_owned(),
            date_of_birth: born.clone(),
        };
        let mut row = Row::new(person, Item::Nothing, Brought::default());
        if born.is_empty() {
            row.refuse(ImportWord::FieldMissing, Some("date_of_birth".to_owned()));
            return row;
        }
        // FHIR also knows years and months alone; they are no day of birth.
        let Ok(born) = born.parse::<Date>() else {
            row.refuse(ImportWord::DateInvalid, None);
            return row;
        };
        let mut details = self.details(&row.person, born).trimmed();
        details.photo_consent |= consents_on_file;
        if let Err(problems) = details.validate(today) {
            for problem in problems {
                let missing = problem.code == ProblemCode::Required;
                let word = if missing { ImportWord::FieldMissing } else { ImportWord::FieldInvalid };
                row.refuse(word, Some(problem.field));
            }
            return row;
        }
        let record = OldRecord {
            number: Some(row.person.number.clone()).filter(|number| !number.is_empty()),
            details,
            lesions: self.lesions.clone(),
            photographs: self.photographs.clone(),
        };
        row.holds = record.holds();
        row.item = Item::Old(Box::new(record));
        row
    }

    /// The official name, or the first that has a family name.
    fn name(&self) -> &Value {
        let names = || items(&self.patient["name"]);
        let official = names().find(|name| name["use"] == "official");
        official.or_else(|| names().find(|name| name["family"].is_string())).unwrap_or(&Value::Null)
    }

    /// The number of the medical record, or the first there is.
    fn number(&self) -> String {
        let all = || items(&self.patient["identifier"]);
        let record = all().find(|identifier| has_code(&identifier["type"], &["MR"]));
        let usual = || all().find(|identifier| identifier["use"] == "usual");
        let chosen = record.or_else(usual).or_else(|| all().next());
        chosen.and_then(|identifier| identifier["value"].as_str()).unwrap_or_default().trim().to_owned()
    }

    fn details(&self, person: &Person, date_of_birth: Date) -> PatientDetails {
        let telecom = |system: &str| {
            let found = items(&self.patient["telecom"]).find(|point| point["system"] == system);
            found.and_then(|point| point["value"].as_str()).unwrap_or_default().to_owned()
        };
        let history = self.history.join("\n");
        PatientDetails {
            family_name: person.family_name.clone(),
            given_names: person.given_names.clone(),
            date_of_birth,
            sex: match self.patient["gender"].as_str() {
                Some("female") => Sex::Female,
                Some("male") => Sex::Male,
                Some("other") => Sex::Other,
                _ => Sex::Unknown,
            },
            phone: telecom("phone"),
            email: telecom("email"),
            address: self.address(),
            fitzpatrick: self.fitzpatrick,
            alert: self.alerts.join("; "),
            medical_history: history.chars().take(HISTORY).collect(),
            risk_factors: self.risk_factors.clone(),
            photo_consent: self.consents.contains(&ConsentKind::Photo),
            ai_consent: self.consents.contains(&ConsentKind::Ai),
            training_consent: self.consents.contains(&ConsentKind::Training),
        }
    }

    fn address(&self) -> String {
        let Some(address) = items(&self.patient["address"]).next() else { return String::new() };
        if let Some(text) = address["text"].as_str() {
            return text.to_owned();
        }
        let lines = items(&address["line"]).filter_map(Value::as_str);
        let rest =
            ["postalCode", "city", "state", "country"].iter().filter_map(|part| address[*part].as_str());
        lines.chain(rest).collect::<Vec<_>>().join(", ")
    }
}

/// A code holds no sign but the hyphen, where the word it stands for has a lower line.
fn risk_factor(code: &str) -> Option<RiskFactor> {
    serde_json::from_value(json!(code.replace('-', "_"))).ok()
}
