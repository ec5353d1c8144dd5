//! Detectors on phantoms with and without the artefact.

use crate::measure::{Draw, any_lesion};
use vision::artefact::{Artefact, ArtefactScores, detect};
use vision::phantom::{Artefacts, Phantom, PhantomSpec};

const SEEDS: std::ops::Range<u64> = 1000..1020;

fn scores(seed: u64, artefacts: Artefacts) -> ArtefactScores {
    let spec = PhantomSpec { width: 600, height: 450, artefacts, ..any_lesion(seed) };
    detect(&Phantom::render(&spec).photograph())
}

fn painted(artefact: Artefact, draw: &mut Draw) -> Artefacts {
    let none = Artefacts::default();
    match artefact {
        Artefact::Ruler => Artefacts { ruler: true, ..none },
        Artefact::Ink => Artefacts { ink: true, ..none },
        Artefact::DarkCorners => Artefacts { dark_corners: true, ..none },
        Artefact::Hair => Artefacts { hairs: 6 + draw.below(11) as u32, ..none },
        Artefact::Bubbles => Artefacts { bubbles: 6 + draw.below(9) as u32, ..none },
    }
}

#[test]
fn painted_artefacts_are_found_and_clean_phantoms_are_clean() {
    let count = SEEDS.end - SEEDS.start;
    let clean: Vec<ArtefactScores> = SEEDS.map(|seed| scores(seed, Artefacts::default())).collect();
    for artefact in Artefact::ALL {
        let flagged = |scores: &&ArtefactScores| scores.present().any(|found| found == artefact);
        let marked: Vec<ArtefactScores> =
            SEEDS.map(|seed| scores(seed, painted(artefact, &mut Draw(seed)))).collect();
        let found = marked.iter().filter(flagged).count() as u64;
        let wrong = clean.iter().filter(flagged).count() as u64;
        eprintln!("{artefact:?}: found on {found} of {count} painted, {wrong} of {count} clean");
        assert!(found * 100 >= count * 95, "{artefact:?}");
        assert!(wrong * 100 <= count * 5, "{artefact:?}");
    }
}

/// On how many pictures of the archive (see [`crate::archive::rows`]) each artefact is found.
#[test]
#[ignore = "needs the archive of lesions"]
fn survey_of_artefacts() {
    for source in ["ham10000", "isic2017", "pad_ufes20"] {
        let rows = crate::archive::rows();
        let scores: Vec<ArtefactScores> =
            rows.iter().filter(|row| row.source == source).map(|row| detect(&row.photograph())).collect();
        for artefact in Artefact::ALL {
            let found = scores.iter().filter(|s| s.present().any(|a| a == artefact)).count();
            eprintln!("{source}: {artefact:?} on {found} of {}", scores.len());
        }
    }
}
