//! The copies of photographs for screen and list.

use domain::ImageId;
use domain::derived::{DerivedKind, DerivedPurpose};
use records::derived::{self, DerivedRun, Made};
use records::images::Rendition;
use vision::{Photograph, overlay};

use super::pass::Site;
use crate::error::{ErrorCode, Result};
use crate::image::seal;

const CHUNK: u32 = 64;

/// True when no photograph is left.
pub(super) fn step(site: &Site<'_>, run: &mut DerivedRun, made: &mut Made) -> Result<bool> {
    let chunk = site.office.store.read(|tx| derived::photographs(tx, &run.after, CHUNK))?;
    for image in &chunk {
        site.go_on()?;
        one(site, run, *image, made)?;
        run.after = image.to_string();
        if site.is_due() {
            return Ok(false);
        }
    }
    Ok(chunk.len() < CHUNK as usize)
}

fn one(site: &Site<'_>, run: &mut DerivedRun, image: ImageId, made: &mut Made) -> Result<()> {
    let counts = run.tally.of(DerivedKind::Pictures);
    counts.looked += 1;
    let mut lacking = Vec::new();
    for rendition in [Rendition::Display, Rendition::Thumbnail] {
        let file = site.office.store.read(|tx| derived::picture(tx, image, rendition))?;
        let whole = file.map_or(Ok(false), |file| site.opens(&file, rendition.purpose()))?;
        if !whole {
            lacking.push(rendition);
        }
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let Some(photo) = site.photograph(image)? else {
        counts.failed += 1;
        return Ok(());
    };
    counts.stale += 1;
    if run.purpose == DerivedPurpose::Look {
        return Ok(());
    }
    for rendition in lacking {
        let jpeg = drawn(&photo, rendition)?;
        let file = seal(site.office.sealed()?, rendition.purpose(), &jpeg)?;
        made.pictures.push((image, rendition, file));
    }
    counts.made += 1;
    Ok(())
}

fn drawn(photo: &Photograph, rendition: Rendition) -> Result<Vec<u8>> {
    let jpeg = match rendition {
        Rendition::Thumbnail => overlay::thumbnail_jpeg(photo),
        Rendition::Display | Rendition::Original => overlay::display_jpeg(photo),
    };
    Ok(jpeg.map_err(|_| ErrorCode::Internal)?)
}
