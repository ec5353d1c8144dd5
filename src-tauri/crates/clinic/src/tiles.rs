//! Photographs cut into tiles for the viewer. One is decoded once and stays in memory for a while, never on disk;
//! its pixels are wiped when another needs the room and when the session ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ImageId;
use records::images::{self, Rendition};
use vision::DecodeLimits;
use vision::pyramid::{Pyramid, TilePlace};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::picture::{self, Picture};
use crate::session::Session;

/// Room for one photograph of 60 megapixels with all its levels, or two of 24.
const MOST_BYTES: usize = 256 << 20;

/// The decoded photographs of a session, the least recently shown first.
#[derive(Default)]
pub(crate) struct TileCache {
    open: Mutex<Vec<(ImageId, Arc<Pyramid>)>>,
    /// Held while a photograph is decoded, so that its tiles wait for one decoding.
    decoding: Mutex<()>,
}

impl TileCache {
    /// Wipes what nobody is cutting a tile of.
    pub fn clear(&self) {
        lock(&self.open).clear();
    }

    fn find(&self, image: ImageId) -> Option<Arc<Pyramid>> {
        let mut open = lock(&self.open);
        let at = open.iter().position(|(id, _)| *id == image)?;
        let found = open.remove(at);
        let pyramid = Arc::clone(&found.1);
        open.push(found);
        Some(pyramid)
    }

    /// Lets the oldest go until there is room.
    fn make_room(&self, bytes: usize) {
        let mut open = lock(&self.open);
        while !open.is_empty() && held(&open) + bytes > MOST_BYTES {
            open.remove(0);
        }
    }

    fn keep(&self, image: ImageId, pyramid: &Arc<Pyramid>) {
        self.make_room(pyramid.bytes());
        lock(&self.open).push((image, Arc::clone(pyramid)));
    }
}

fn held(open: &[(ImageId, Arc<Pyramid>)]) -> usize {
    open.iter().map(|(_, pyramid)| pyramid.bytes()).sum()
}

/// One tile. The first of a photograph is recorded as a look at it.
///
/// # Errors
/// `not_permitted`, `not_found` also outside the photograph, `record_damaged`.
pub(crate) fn read(session: &Session, image: ImageId, place: TilePlace) -> Result<Picture> {
    session.authorise(Command::ImageMeasuringRead)?;
    session.store().read(|tx| records::deletions::image_stands(tx, image))?;
    let pyramid = match session.tiles().find(image) {
        Some(pyramid) => pyramid,
        None => decoded(session, image)?,
    };
    let tile = pyramid.tile(place).map_err(|_| ErrorCode::NotFound)?;
    Ok(Picture { media_type: "image/bmp", bytes: tile.bmp() })
}

fn decoded(session: &Session, image: ImageId) -> Result<Arc<Pyramid>> {
    let tiles = session.tiles();
    let _one = lock(&tiles.decoding);
    if let Some(pyramid) = tiles.find(image) {
        return Ok(pyramid);
    }
    let (record, file) = session.store().write(&session.actor(), |tx| {
        Ok((images::get(tx, image)?, images::read_file(tx, image, Rendition::Original)?))
    })?;
    // Before the pixels come and not after: three bytes a pixel, and a third more for the smaller levels.
    tiles.make_room(record.width as usize * record.height as usize * 4);
    let bytes = picture::open(session, &file, Rendition::Original.purpose())?;
    let photo = vision::decode(&bytes, &DecodeLimits::default())?;
    let pyramid = Arc::new(Pyramid::new(photo));
    tiles.keep(image, &pyramid);
    Ok(pyramid)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::image::ImageFormat;
    use vision::Photograph;

    fn pyramid(side: u32) -> Arc<Pyramid> {
        let rgb = vec![90; (side * side * 3) as usize];
        Arc::new(Pyramid::new(Photograph::new(side, side, rgb, ImageFormat::Png).unwrap()))
    }

    #[test]
    fn the_least_recently_shown_goes_first_and_clearing_leaves_nothing() {
        let cache = TileCache::default();
        let ids = [ImageId::fresh(), ImageId::fresh(), ImageId::fresh()];
        for id in ids {
            cache.keep(id, &pyramid(600));
        }
        assert!(cache.find(ids[0]).is_some());
        let held = held(&lock(&cache.open));
        cache.make_room(MOST_BYTES - held + 1);
        assert!(cache.find(ids[1]).is_none(), "the one shown longest ago");
        assert!(cache.find(ids[0]).is_some() && cache.find(ids[2]).is_some());
        cache.make_room(MOST_BYTES + 1);
        assert!(lock(&cache.open).is_empty());
        let last = pyramid(600);
        cache.keep(ids[0], &last);
        cache.clear();
        assert_eq!(Arc::strong_count(&last), 1);
    }
}
