//! Patients who are typed a second time.

use domain::duplicate::DuplicateFinding as F;
use domain::patient::{PatientDetails, Sex};
use jiff::civil::date;
use records::patients::{self, Probe, Suspect};

use crate::world::{World, details};

fn probe(details: &PatientDetails) -> Probe {
    Probe {
        family_name: details.family_name.clone(),
        given_names: details.given_names.clone(),
        date_of_birth: Some(details.date_of_birth),
        sex: details.sex,
        phone: details.phone.clone(),
        email: details.email.clone(),
        except: None,
    }
}

fn suspects(world: &World, probe: &Probe) -> Vec<Suspect> {
    world.write(|tx| patients::duplicates(tx, probe))
}

fn found(suspect: &Suspect, finding: F) -> bool {
    suspect.reasons.iter().any(|reason| reason.finding == finding)
}

fn clinic() -> (World, PatientDetails) {
    let world = World::new();
    let person = PatientDetails {
        date_of_birth: date(1954, 11, 23),
        phone: "+49 7531 555019".into(),
        email: "b.lindenhoff@mail.example".into(),
        sex: Sex::Female,
        ..details("Lindenhoff", "Brigitte")
    };
    let others = [
        PatientDetails { phone: String::new(), email: String::new(), ..details("Okonkwo", "Adaeze") },
        PatientDetails { phone: String::new(), email: String::new(), ..details("Marder", "Bo") },
    ];
    world.write(|tx| {
        patients::register(tx, &person)?;
        others.iter().try_for_each(|other| patients::register(tx, other).map(|_| ()))
    });
    (world, person)
}

#[test]
fn the_same_person_is_found_in_spite_of_slips_and_the_reasons_are_given() {
    let (world, person) = clinic();
    let bare = PatientDetails { phone: String::new(), email: String::new(), ..person.clone() };
    let cases: Vec<(&str, PatientDetails, F)> = vec![
        (
            "letter off",
            PatientDetails { family_name: "Lindenhof".into(), ..bare.clone() },
            F::FamilyNameOneLetterOff,
        ),
        (
            "sounds",
            PatientDetails { family_name: "Lyndenhoph".into(), ..bare.clone() },
            F::FamilyNameSoundsAlike,
        ),
        (
            "swapped names",
            PatientDetails {
                family_name: "Brigitte".into(),
                given_names: "LINDENHOFF".into(),
                ..bare.clone()
            },
            F::NamesSwapped,
        ),
        (
            "day and month",
            PatientDetails { date_of_birth: date(1954, 11, 32 - 9), ..bare.clone() },
            F::SameDateOfBirth,
        ),
        (
            "digits swapped",
            PatientDetails { date_of_birth: date(1945, 11, 23), ..bare.clone() },
            F::DateOfBirthMistyped,
        ),
        (
            "second given name",
            PatientDetails { given_names: "Brigitte Anna".into(), ..bare.clone() },
            F::GivenNameInPart,
        ),
        (
            "married, same telephone",
            PatientDetails {
                family_name: "Zacharias".into(),
                phone: "07531 / 555 019".into(),
                ..bare.clone()
            },
            F::SamePhone,
        ),
        (
            "same e-mail",
            PatientDetails {
                given_names: "B.".into(),
                email: "B.Lindenhoff@mail.example".into(),
                ..bare.clone()
            },
            F::SameEmail,
        ),
    ];
    for (name, typed, finding) in cases {
        let suspects = suspects(&world, &probe(&typed));
        assert_eq!(suspects.len(), 1, "{name}");
        assert_eq!(suspects[0].patient.family_name, "Lindenhoff", "{name}");
        assert!(found(&suspects[0], finding), "{name}: {:?}", suspects[0].reasons);
        assert!((5..=99).contains(&suspects[0].percent), "{name}");
    }
    let exact = &suspects(&world, &probe(&person))[0];
    assert_eq!(exact.percent, 99);
    assert!(exact.reasons[0].bits.abs() >= exact.reasons[1].bits.abs());
}

#[test]
fn strangers_and_the_record_itself_are_no_duplicates() {
    let (world, person) = clinic();
    let stranger = PatientDetails {
        date_of_birth: date(1990, 1, 1),
        phone: String::new(),
        email: String::new(),
        ..details("Zhang", "Wei")
    };
    assert_eq!(suspects(&world, &probe(&stranger)), []);
    let itself = suspects(&world, &probe(&person))[0].patient.id;
    assert_eq!(suspects(&world, &Probe { except: Some(itself), ..probe(&person) }), []);
    let empty = Probe {
        family_name: String::new(),
        given_names: "\" OR *".into(),
        date_of_birth: None,
        sex: Sex::Unknown,
        phone: "()".into(),
        email: String::new(),
        except: None,
    };
    assert_eq!(suspects(&world, &empty), []);
}

#[test]
fn half_a_form_is_enough_when_it_says_enough() {
    let (world, person) = clinic();
    let names = Probe { date_of_birth: None, phone: String::new(), email: String::new(), ..probe(&person) };
    assert_eq!(suspects(&world, &names).len(), 1, "in a small clinic a name alone is a reason to look");
    let family = Probe { given_names: String::new(), ..names };
    assert_eq!(suspects(&world, &family), []);
}
