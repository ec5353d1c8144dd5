//! Single bytes flip, in the records and in sealed photographs: each is found and said, and the rest stays usable.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clinic::views::*;
use clinic::{ErrorCode, Session, patient, picture};
use support::figure::{Figure, Target};
use support::tampering::Random;
use vault::layout;

use crate::{Length, check, clinic_here as here};

const FLIPS: usize = 1_000;
const SHORT: usize = 10;
const PHOTOGRAPHS: u64 = 6;

pub fn run(length: Length) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flips = length.of(FLIPS, SHORT);
    let mut random = Random(0x0f_11_95);
    let shelf = Shelf::filled(folder.path());
    let mut faults = vec![];
    for _ in 0..flips / 2 {
        faults.extend(shelf.flip_a_photograph(&mut random));
    }
    drop(shelf);
    for _ in 0..flips / 2 {
        faults.extend(flip_the_records(folder.path(), &mut random));
    }
    faults.extend(check::faults(folder.path(), &[]));
    crate::tell("flips", &faults);
    vec![
        Figure::count("flipped_bytes", flips / 2 * 2, Target::AtLeast(flips as f64)),
        Figure::count("flipped_bytes_faults_found", faults.len(), Target::AtMost(0.0)),
    ]
}

/// A clinic with some photographs.
struct Shelf {
    session: Session,
    files: Vec<PathBuf>,
    addresses: Vec<String>,
}

impl Shelf {
    fn filled(folder: &Path) -> Self {
        here::found(folder).expect("a clinic");
        let session = here::enter(folder, &folder.join("no-models")).expect("a session");
        let before = sealed(folder);
        let patient = here::registers(&session, "Winterthal").expect("a patient");
        let lesion = here::adds_lesion(&session, patient).expect("a lesion");
        for number in 0..PHOTOGRAPHS {
            here::imports(&session, lesion, &here::small(10 + number)).expect("a photograph");
        }
        let files = sealed(folder).into_iter().filter(|file| !before.contains(file)).collect();
        let page = patient::read(&session, &PatientReadRequest { id: patient }).expect("a page");
        let images = page.lesions.iter().flat_map(|lesion| lesion.images.iter().map(|image| image.id));
        let kinds = ["original", "display", "thumbnail"];
        let addresses = images.flat_map(|id| kinds.map(|kind| format!("/image/{id}/{kind}"))).collect();
        Self { session, files, addresses }
    }

    fn reads(&self) -> Vec<Result<(), ErrorCode>> {
        let read = |address: &String| {
            let address = address.parse().map_err(|_| ErrorCode::InvalidInput)?;
            picture::read(&self.session, &address).map(drop).map_err(|error| error.code)
        };
        self.addresses.iter().map(read).collect()
    }

    fn flip_a_photograph(&self, random: &mut Random) -> Vec<String> {
        let file = &self.files[random.below(self.files.len() as u64) as usize];
        let (at, bit) = flip(file, random);
        let damaged: Vec<_> = self.reads().into_iter().filter_map(Result::err).collect();
        put_back(file, at, bit);
        match damaged.as_slice() {
            [ErrorCode::RecordDamaged] => vec![],
            others => vec![format!("byte {at} of a photograph flipped: {others:?}")],
        }
    }
}

fn sealed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join(here::CLINIC).join(layout::IMAGES)).expect("photographs");
    entries.flatten().map(|entry| entry.path()).collect()
}

/// In a copy, since the program writes into the records that it opens.
fn flip_the_records(folder: &Path, random: &mut Random) -> Vec<String> {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let done = Command::new("cp").arg("-a").args([folder.join(here::CLINIC), copy.path().into()]).status();
    assert!(done.is_ok_and(|status| status.success()), "room for a copy");
    let (at, _) = flip(&copy.path().join(here::CLINIC).join(layout::DATABASE), random);
    match check::faults(copy.path(), &[]).as_slice() {
        [] => vec![format!("byte {at} of the records flipped and nothing was said")],
        _ => vec![],
    }
}

fn flip(file: &Path, random: &mut Random) -> (usize, u8) {
    let mut bytes = fs::read(file).expect("a file");
    let at = random.below(bytes.len() as u64) as usize;
    let bit = 1 << random.below(8);
    bytes[at] ^= bit;
    fs::write(file, bytes).expect("a flipped byte");
    (at, bit)
}

fn put_back(file: &Path, at: usize, bit: u8) {
    let mut bytes = fs::read(file).expect("a file");
    bytes[at] ^= bit;
    fs::write(file, bytes).expect("the byte as it was");
}
