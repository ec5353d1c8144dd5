//! The program under torment: works in a clinic and says what it was told is done.
//!
//! A line `ack KIND ID [HASH]` is printed after the use case has returned, so whatever it names must be there
//! from then on, whatever happens.

use std::io::Write;
use std::path::Path;

use clinic::{Error, Session};
use domain::{AnalysisId, ImageId, LesionId};
use support::tampering::Random;

use crate::clinic_here as here;

/// Tells this program to be the one under torment: folder, seed, number of steps (0: without end).
pub const FLAG: &str = "--load";

pub fn run(arguments: &[String]) -> Result<(), Error> {
    let [folder, seed, steps] = arguments else { return Err(clinic::ErrorCode::InvalidInput.into()) };
    let (seed, steps) = (seed.parse::<u64>().unwrap_or(1), steps.parse::<u64>().unwrap_or(0));
    let session = entered(Path::new(folder))?;
    say("#armed");
    let mut work = Work { session, random: Random(seed | 1), lesion: None, image: None, reading: None };
    let mut done = 0;
    while steps == 0 || done < steps {
        if let Err(error) = work.step() {
            say(&format!("error {:?}", error.code));
        }
        done += 1;
    }
    say("#disarmed");
    Ok(())
}

/// Whoever looked at the clinic a moment ago may still be letting go of it.
fn entered(folder: &Path) -> Result<Session, Error> {
    const TRIES: u32 = 50;
    for _ in 0..TRIES {
        match here::enter(folder, &here::models()) {
            Err(error) if error.code == clinic::ErrorCode::ClinicInUse => {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            other => return other,
        }
    }
    here::enter(folder, &here::models())
}

pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

struct Work {
    session: Session,
    random: Random,
    lesion: Option<LesionId>,
    image: Option<ImageId>,
    reading: Option<AnalysisId>,
}

impl Work {
    /// A mixed day: mostly patients and photographs, now and then a reading, a report, a backup.
    fn step(&mut self) -> Result<(), Error> {
        match (self.random.below(12), self.lesion, self.image, self.reading) {
            (4..=7, Some(lesion), ..) => self.photograph(lesion),
            (8, _, Some(image), _) => self.read(image),
            (9..=10, _, _, Some(reading)) => self.report(reading),
            (11, ..) => here::backs_up(&self.session).map(|id| say(&format!("ack backup {id}"))),
            _ => self.register(),
        }
    }

    fn register(&mut self) -> Result<(), Error> {
        let name = format!("Winterthal {}", self.random.below(u64::MAX));
        let patient = here::registers(&self.session, &name)?;
        say(&format!("ack patient {patient}"));
        self.lesion = Some(here::adds_lesion(&self.session, patient)?);
        (self.image, self.reading) = (None, None);
        Ok(())
    }

    fn photograph(&mut self, lesion: LesionId) -> Result<(), Error> {
        let bytes = here::small(self.random.below(u64::MAX));
        let image = here::imports(&self.session, lesion, &bytes)?.image;
        say(&format!("ack image {} {}", image.id, image.sha256));
        self.image = Some(image.id);
        Ok(())
    }

    fn read(&mut self, image: ImageId) -> Result<(), Error> {
        let reading = here::reads(&self.session, image)?;
        say(&format!("ack reading {reading}"));
        self.reading = Some(reading);
        Ok(())
    }

    fn report(&mut self, reading: AnalysisId) -> Result<(), Error> {
        let draft = here::drafts(&self.session, reading)?;
        say(&format!("ack draft {}", draft.id));
        here::signs(&self.session, &draft)?;
        say(&format!("ack report {}", draft.id));
        self.reading = None;
        Ok(())
    }
}
