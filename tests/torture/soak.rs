//! A scripted day, many times over in one process: neither memory nor open files grow.

use clinic::views::{PatientSearchRequest, QueueReadRequest, SafetyNetRequest};
use clinic::{Error, Session, entry, patient, safety_net, visit};
use support::figure::{Figure, Target, megabytes};

use crate::{Length, clinic_here as here};

const LOOPS: usize = 1_000;
const SHORT: usize = 24;
/// Caches fill in the first part.
const WARM: usize = 4;
/// Then the desk is closed, and somebody signs in again.
const LOOPS_A_SESSION: usize = 25;

pub fn run(length: Length) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    here::found(folder.path()).expect("a clinic");
    let workstation = here::workstation(folder.path(), &here::models());
    let loops = length.of(LOOPS, SHORT);
    let mut session: Option<Session> = None;
    let (mut faults, mut warm) = (vec![], (f64::NAN, 0));
    for round in 0..loops {
        if round % LOOPS_A_SESSION == 0 {
            session.take().map(|old| entry::lock(&old)).transpose().expect("a lock");
            let new = support::signed_in(&workstation, support::EMAIL, support::PASSWORD);
            session = Some(new.expect("a session"));
        }
        if let Some(Err(error)) = session.as_ref().map(|session| day(session, round as u64)) {
            faults.push(format!("round {round}: {:?}", error.code));
        }
        if round == loops / WARM {
            warm = held();
        }
    }
    let (memory, handles) = held();
    crate::tell("soak", &faults);
    let figure = |name, value, unit, target| Figure { name, value, unit, peer: None, target };
    // A short slice still fills its caches.
    let flat = matches!(length, Length::Long).then_some(Target::AtMost(5.0));
    vec![
        figure("soak_loops", loops as f64, "", None),
        figure("soak_memory_growth", (memory / warm.0 - 1.0) * 100.0, "%", flat),
        figure("soak_memory", memory, "MB", None),
        figure("soak_open_files_growth", handles as f64 - warm.1 as f64, "", Some(Target::AtMost(2.0))),
        figure("soak_errors", faults.len() as f64, "", Some(Target::AtMost(0.0))),
    ]
}

fn day(session: &Session, round: u64) -> Result<(), Error> {
    let patient = here::registers(session, &format!("Winterthal {round}"))?;
    let text = "Winterthl".to_owned();
    patient::search(session, &PatientSearchRequest { text, limit: 20, offset: 0 })?;
    let lesion = here::adds_lesion(session, patient)?;
    let image = here::imports(session, lesion, &here::small(round))?.image;
    let reading = here::reads(session, image.id)?;
    here::signs(session, &here::drafts(session, reading)?)?;
    visit::queue(session, &QueueReadRequest { day: None })?;
    safety_net::read(session, &SafetyNetRequest { limit: 100 }).map(drop)
}

/// Megabytes and open files of this process.
fn held() -> (f64, usize) {
    (megabytes("VmRSS"), std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count))
}
