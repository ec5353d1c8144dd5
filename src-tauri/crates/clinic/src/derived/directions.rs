//! The features of photographs in the model in use, by which like cases are found. Those of other models stay beside
//! them: a model that comes back finds its own.

use domain::derived::{DerivedKind, DerivedPurpose};
use records::derived::{DerivedRun, Made};
use records::embeddings;

use super::pass::{Site, unless_lost};
use crate::error::Result;
use crate::similar::archive::direction;

const CHUNK: u32 = 16;

/// True when no photograph is left.
pub(super) fn step(site: &Site<'_>, run: &mut DerivedRun, made: &mut Made) -> Result<bool> {
    let Some(model) = site.model.filter(|model| model.network().features_size().is_some()) else {
        return Ok(true);
    };
    let sha256 = model.identity().sha256.as_str();
    let counts = run.tally.of(DerivedKind::Directions);
    if run.purpose == DerivedPurpose::Look {
        counts.stale = site.office.store.read(|tx| embeddings::count_missing(tx, sha256))?;
        counts.looked = counts.stale;
        return Ok(true);
    }
    let after = run.after.parse().ok();
    let chunk = site.office.store.read(|tx| embeddings::missing(tx, sha256, after, CHUNK))?;
    for image in &chunk {
        site.go_on()?;
        counts.looked += 1;
        run.after = image.to_string();
        match direction(site.office, model, *image).or_else(unless_lost)? {
            Some(direction) => {
                made.directions.push(direction);
                counts.stale += 1;
                counts.made += 1;
            }
            None => counts.failed += 1,
        }
        if site.is_due() {
            return Ok(false);
        }
    }
    Ok(chunk.len() < CHUNK as usize)
}
