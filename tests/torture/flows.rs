//! Ten flows of a day, each played alone by a program whose disk fails.

use std::path::Path;

use clinic::views::*;
use clinic::{Error, ErrorCode, Session, entry, history, patient};
use domain::patient::PatientDetails;
use domain::{AnalysisId, ImageId, LesionId, PatientId};
use support::{PASSWORD, World, details};

use crate::clinic_here as here;
use crate::load::say;

/// Tells this program to play one flow: folder, flow, what [`prepare`] gave.
pub const FLAG: &str = "--flow";
pub const FOUND: &str = "found";
/// Where [`FOUND`] makes its clinic.
pub const FRESH: &str = "fresh";

pub const FLOWS: [&str; 10] =
    [FOUND, "sign-in", "register", "change", "photograph", "reading", "draft", "sign", "back-up", "delete"];

/// Founds the clinic that all flows begin with, and tells what is in it.
pub fn prepare(folder: &Path) -> Result<String, Error> {
    here::found(folder)?;
    let session = here::enter(folder, &here::models())?;
    let patient = here::registers(&session, "Winterthal")?;
    let lesion = here::adds_lesion(&session, patient)?;
    let image = here::imports(&session, lesion, &here::small(2))?.image.id;
    let reading = here::reads(&session, image)?;
    let spare = here::imports(&session, lesion, &here::small(3))?.image.id;
    entry::lock(&session)?;
    std::fs::create_dir_all(folder.join(FRESH)).map_err(|_| ErrorCode::StorageFailed)?;
    Ok(format!("{patient},{lesion},{image},{reading},{spare}"))
}

pub fn run(arguments: &[String]) -> Result<(), Error> {
    let [folder, flow, about] = arguments else { return Err(ErrorCode::InvalidInput.into()) };
    let folder = Path::new(folder);
    let known = Known::parse(about).ok_or(ErrorCode::InvalidInput)?;
    let outcome = match flow.as_str() {
        FOUND => armed(|| founds(&folder.join(FRESH))),
        "sign-in" => armed(|| here::enter(folder, &here::models()).map(drop)),
        _ => {
            let session = here::enter(folder, &here::models())?;
            armed(|| known.plays(flow, &session))
        }
    };
    match outcome {
        Ok(()) => say("ok"),
        Err(error) => say(&format!("error {:?}", error.code)),
    }
    Ok(())
}

fn armed(work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    say("#armed");
    let outcome = work();
    say("#disarmed");
    outcome
}

fn founds(folder: &Path) -> Result<(), Error> {
    entry::found(&here::workstation(folder, &here::models()), &World::founding()).map(drop)
}

struct Known {
    patient: PatientId,
    lesion: LesionId,
    image: ImageId,
    reading: AnalysisId,
    spare: ImageId,
}

impl Known {
    fn parse(about: &str) -> Option<Self> {
        let mut ids = about.split(',');
        Some(Self {
            patient: ids.next()?.parse().ok()?,
            lesion: ids.next()?.parse().ok()?,
            image: ids.next()?.parse().ok()?,
            reading: ids.next()?.parse().ok()?,
            spare: ids.next()?.parse().ok()?,
        })
    }

    fn plays(&self, flow: &str, session: &Session) -> Result<(), Error> {
        match flow {
            "register" => here::registers(session, "Sommerfeld").map(|id| say(&format!("ack patient {id}"))),
            "change" => self.changes(session),
            "photograph" => here::imports(session, self.lesion, &here::small(4))
                .map(|stored| say(&format!("ack image {} {}", stored.image.id, stored.image.sha256))),
            "reading" => here::reads(session, self.image).map(|id| say(&format!("ack reading {id}"))),
            "draft" => {
                here::drafts(session, self.reading).map(|draft| say(&format!("ack draft {}", draft.id)))
            }
            "sign" => {
                let draft = here::drafts(session, self.reading)?;
                here::signs(session, &draft).map(|()| say(&format!("ack report {}", draft.id)))
            }
            "back-up" => here::backs_up(session).map(|id| say(&format!("ack backup {id}"))),
            "delete" => self.deletes(session),
            _ => Err(ErrorCode::InvalidInput.into()),
        }
    }

    fn changes(&self, session: &Session) -> Result<(), Error> {
        let record = patient::read(session, &PatientReadRequest { id: self.patient })?.patient.patient;
        let details = PatientDetails { family_name: "Winterthal-Oberreit".into(), ..details() };
        patient::update(session, PatientUpdateRequest { id: self.patient, version: record.version, details })
            .map(drop)
    }

    fn deletes(&self, session: &Session) -> Result<(), Error> {
        let request =
            PhotographDeleteRequest { id: self.spare, reason: "Blurred".into(), password: PASSWORD.into() };
        history::delete_photograph(session, &request)
    }
}
