//! The registry by what tells a person from others, in memory: for whoever compares a great many at once.

use std::collections::HashMap;

use domain::PatientId;
use jiff::civil::Date;
use rapidfuzz::distance::osa;

use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::Columns;
use crate::store::Reading;

use super::numbers::key_of;

/// Slips of the pen between two spellings of one name.
const SLIPS: usize = 2;

/// A patient on the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnRoll {
    pub id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: Date,
    name: (String, String),
}

/// What the roll says of somebody who arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness<'a> {
    Nobody,
    /// The same name and date of birth, under the same number or under another.
    Same(&'a OnRoll),
    /// The number was given to somebody with another name and another date of birth.
    NumberOfAnother(&'a OnRoll),
    /// Somebody who may be the same person.
    Like(&'a OnRoll),
}

/// Everybody who is registered and stands for themselves.
#[derive(Debug, Default)]
pub struct Roll {
    people: Vec<OnRoll>,
    /// Numbers of merged records lead to the record that stands in their place.
    by_number: HashMap<String, usize>,
    by_birth: HashMap<Date, Vec<usize>>,
    by_name: HashMap<(String, String), Vec<usize>>,
}

/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn roll(tx: &Reading<'_>) -> Result<Roll, RecordsError> {
    let mut roll = Roll::default();
    let mut at = HashMap::new();
    let mut merged = Vec::new();
    let mut query = tx.connection().prepare(
        "SELECT id, number, family_name, given_names, date_of_birth, merged_into FROM patients ORDER BY row",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (id, number): (PatientId, String) = (row.parsed("id")?, row.text("number")?);
        match row.parsed_or_none::<PatientId>("merged_into")? {
            Some(_) => merged.push((super::standing(tx, id)?, number)),
            None => {
                at.insert(id, roll.people.len());
                let (family_name, given_names) = (row.text("family_name")?, row.text("given_names")?);
                roll.enter(OnRoll {
                    id,
                    number,
                    date_of_birth: row.parsed("date_of_birth")?,
                    name: (fold(&family_name), fold(&given_names)),
                    family_name,
                    given_names,
                });
            }
        }
    }
    for (standing, number) in merged {
        if let Some(place) = at.get(&standing) {
            roll.by_number.entry(key_of(&number)).or_insert(*place);
        }
    }
    Ok(roll)
}

impl Roll {
    fn enter(&mut self, person: OnRoll) {
        let place = self.people.len();
        self.by_number.insert(key_of(&person.number), place);
        self.by_birth.entry(person.date_of_birth).or_default().push(place);
        self.by_name.entry(person.name.clone()).or_default().push(place);
        self.people.push(person);
    }

    /// Who among the registered is, or may be, the person with this number, name and date of birth.
    #[must_use]
    pub fn find(&self, number: Option<&str>, family: &str, given: &str, born: Date) -> Likeness<'_> {
        let name = (fold(family), fold(given));
        let numbered = number
            .map(key_of)
            .filter(|key| !key.is_empty())
            .and_then(|key| self.by_number.get(&key))
            .map(|place| &self.people[*place]);
        if let Some(person) = numbered {
            return match (person.name == name, person.date_of_birth == born) {
                (true, true) => Likeness::Same(person),
                (false, false) => Likeness::NumberOfAnother(person),
                _ => Likeness::Like(person),
            };
        }
        let named = self.by_name.get(&name).map_or(&[][..], Vec::as_slice);
        let mut same = named.iter().map(|place| &self.people[*place]).filter(|p| p.date_of_birth == born);
        match (same.next(), same.next()) {
            (Some(person), None) => return Likeness::Same(person),
            (Some(person), Some(_)) => return Likeness::Like(person),
            _ => {}
        }
        let near_date =
            named.iter().map(|place| &self.people[*place]).find(|p| nearly_on(p.date_of_birth, born));
        let near_name = || {
            let born_then = self.by_birth.get(&born).map_or(&[][..], Vec::as_slice);
            born_then.iter().map(|place| &self.people[*place]).find(|p| nearly_named(&p.name, &name))
        };
        near_date.or_else(near_name).map_or(Likeness::Nobody, Likeness::Like)
    }
}

/// One digit off, or day and month the other way round.
fn nearly_on(one: Date, other: Date) -> bool {
    let digits = |date: Date| format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let off = digits(one).bytes().zip(digits(other).bytes()).filter(|(a, b)| a != b).count();
    let swapped = one.year() == other.year() && one.month() == other.day() && one.day() == other.month();
    off == 1 || swapped
}

/// The same but for two slips, or family and given names the other way round.
fn nearly_named(one: &(String, String), other: &(String, String)) -> bool {
    let whole = |name: &(String, String)| format!("{} {}", name.0, name.1);
    let (a, b) = (whole(one), whole(other));
    let swapped = one.0 == other.1 && one.1 == other.0;
    swapped || osa::distance(a.chars(), b.chars()) <= SLIPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn people() -> Roll {
        let mut roll = Roll::default();
        for (number, family, given, born) in [
            ("P-000001", "Müller", "Eva", date(1971, 3, 9)),
            ("P-000002", "Okonkwo", "Adaeze", date(1980, 12, 1)),
        ] {
            roll.enter(OnRoll {
                id: PatientId::fresh(),
                number: number.into(),
                family_name: family.into(),
                given_names: given.into(),
                date_of_birth: born,
                name: (fold(family), fold(given)),
            });
        }
        roll
    }

    fn word(likeness: Likeness<'_>) -> (&'static str, &str) {
        match likeness {
            Likeness::Nobody => ("nobody", ""),
            Likeness::Same(person) => ("same", &person.number),
            Likeness::NumberOfAnother(person) => ("another", &person.number),
            Likeness::Like(person) => ("like", &person.number),
        }
    }

    #[test]
    fn people_are_told_by_number_name_and_birth() {
        let roll = people();
        let born = date(1971, 3, 9);
        let found = |number: Option<&str>, family: &str, given: &str, born| {
            let (what, number) = word(roll.find(number, family, given, born));
            (what, number.to_owned())
        };
        let first = || "P-000001".to_owned();
        assert_eq!(found(None, "MULLER", "eva", born), ("same", first()));
        assert_eq!(found(Some("p 000001"), "Müller", "Eva", born), ("same", first()));
        assert_eq!(found(Some("77"), "Müller", "Eva", born), ("same", first()), "under another number");
        assert_eq!(found(Some("P-000001"), "Zhang", "Wei", date(1950, 1, 1)), ("another", first()));
        assert_eq!(found(Some("P-000001"), "Zhang", "Wei", born), ("like", first()));
        assert_eq!(found(None, "Muler", "Eva", born), ("like", first()), "a slip");
        assert_eq!(found(None, "Eva", "Müller", born), ("like", first()), "the other way round");
        assert_eq!(found(None, "Müller", "Eva", date(1971, 9, 3)), ("like", first()));
        assert_eq!(found(None, "Müller", "Eva", date(1942, 5, 6)).0, "nobody");
        assert_eq!(found(None, "Zhang", "Wei", born).0, "nobody");
    }
}
