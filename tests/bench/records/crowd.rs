//! A clinic of any size, made up and the same in every run.

use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::PatientDetails;
use domain::quality::QualityReport;
use domain::{Actor, ImageId, Role, UserId};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use records::{RecordsError, Store, Writing, images, lesions, patients};
use support::details;

use super::work;

pub const LESIONS_EACH: u32 = 3;
pub const IMAGES_EACH: u32 = 10;
const AT_ONCE: u32 = 1_000;
const STARTS: [&str; 24] = [
    "ma", "schu", "ko", "ber", "li", "san", "al", "wei", "ne", "tra", "ho", "gar", "fi", "du", "pe", "ro",
    "ja", "ste", "vo", "kri", "am", "el", "in", "ou",
];
const ENDS: [&str; 20] = [
    "ler", "mann", "ski", "son", "berg", "ez", "ova", "ini", "ström", "lein", "dottir", "as", "ner", "thal",
    "moto", "an", "ier", "rad", "ius", "ko",
];

/// Numbers that look random and are the same in every run.
pub fn scatter(n: u32, salt: u32) -> usize {
    (n.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) as usize >> 8
}

pub fn person(n: u32) -> PatientDetails {
    let name = |salt| {
        let of = |list: &[&'static str], salt| list[scatter(n, salt) % list.len()];
        format!("{}{}{}", of(&STARTS, salt), of(&STARTS, salt + 1), of(&ENDS, salt + 2))
    };
    PatientDetails {
        family_name: name(1),
        given_names: name(5),
        date_of_birth: date(1930 + (n % 90) as i16, 1 + (n % 12) as i8, 1 + (n % 28) as i8),
        phone: format!("0{} {}", 150 + scatter(n, 9) % 30, 1_000_000 + scatter(n, 10) % 8_999_999),
        ..details()
    }
}

/// People a day, on five days a week, in the order of their numbers; the last of a large clinic came today.
const A_DAY: u32 = 160;

/// When somebody came: a clinic is not filled in an hour.
fn moment(now: Timestamp, n: u32) -> Timestamp {
    let days_ago = i64::from((super::LARGE.saturating_sub(n) / A_DAY) * 7 / 5);
    let ago = SignedDuration::from_hours(24 * days_ago) + SignedDuration::from_mins(i64::from(n % A_DAY) * 3);
    now.checked_sub(ago).unwrap_or(now)
}

/// Fills an open database with `count` patients, three lesions and ten photographs each.
pub fn fill(store: &Store, user: UserId, count: u32) -> Result<(), RecordsError> {
    let actor = Actor { user, role: Role::Administrator };
    for first in (0..count).step_by(AT_ONCE as usize) {
        store.write(&actor, |tx| (first..count.min(first + AT_ONCE)).try_for_each(|n| arrives(tx, n)))?;
    }
    Ok(())
}

fn arrives(tx: &Writing<'_>, n: u32) -> Result<(), RecordsError> {
    let patient = patients::register(tx, &person(n))?;
    let sites = BodySite::ALL;
    let mut places = vec![];
    for lesion in 0..LESIONS_EACH {
        let details = LesionDetails {
            label: format!("L{}", lesion + 1),
            site: sites[scatter(n, lesion) % sites.len()],
            laterality: Laterality::Left,
            note: String::new(),
        };
        places.push(lesions::add(tx, patient.id, &details)?.id);
    }
    for image in 0..IMAGES_EACH {
        let photograph = ImageRecord {
            id: ImageId::fresh(),
            patient_id: patient.id,
            lesion_id: places[image as usize % places.len()],
            kind: ImageKind::Dermoscopic,
            format: ImageFormat::Jpeg,
            width: 4_000,
            height: 3_000,
            sha256: format!("{n:032x}{image:032x}"),
            bytes: 3_000_000,
            quality: QualityReport { checks: vec![], score: 1.0 },
            imported_at: moment(tx.now(), n),
        };
        images::insert(tx, &photograph, &[])?;
        if image == 0 && n.is_multiple_of(2) {
            work::reading(tx, &photograph, n)?;
        }
        if image == 0 && n.is_multiple_of(10) {
            work::specimen(tx, &photograph, n)?;
        }
    }
    work::visit(tx, patient.id, n)?;
    if n.is_multiple_of(4) {
        work::recall(tx, patient.id, n)?;
    }
    Ok(())
}
