//! Pictures for the window: opened in memory, recorded as a look at the patient, never put on disk.

use std::str::FromStr;

use domain::{AnalysisId, ClinicianId, DeskPhotoId, ImageId, PatientId, TrayPhotoId};
use records::analyses::{self, ExplanationKind};
use records::files::SealedFile;
use records::images::{self, Rendition};
use records::outlines;
use vision::pyramid::TilePlace;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::desk_photo;
use crate::directory;
use crate::error::{Error, ErrorCode, Result};
use crate::letterhead;
use crate::portrait;
use crate::read_first;
use crate::session::Session;
use crate::tiles;
use crate::tray;

/// A picture on its way to the page; wiped when dropped.
pub struct Picture {
    pub media_type: &'static str,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Which picture: the path of a `vault://localhost/…` address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureAddress {
    /// `/image/<image>/original|display|thumbnail`
    Image(ImageId, Rendition),
    /// `/tile/<image>/<level>/<column>/<row>`: a piece of the photograph at one size.
    Tile(ImageId, TilePlace),
    /// `/analysis/<analysis>/<image>/heatmap|overlay/<class>`
    Explanation(AnalysisId, ImageId, ExplanationKind, String),
    /// `/analysis/<analysis>/<image>/outline`: a line on clear ground.
    Outline(AnalysisId, ImageId),
    /// `/clinician/<clinician>/signature`
    Signature(ClinicianId),
    /// `/desk/<photograph>/original|display|thumbnail`: one that waits.
    Desk(DeskPhotoId, Rendition),
    /// `/tray/<photograph>/original|display|thumbnail`: one that waits for a lesion.
    Tray(TrayPhotoId, Rendition),
    /// `/portrait/<patient>`: beside the name.
    Portrait(PatientId),
    /// `/logo`: of the letterhead.
    Logo,
    /// `/own/<place>`: of the record a patient has open.
    Own(u32),
}

impl FromStr for PictureAddress {
    type Err = Error;

    fn from_str(path: &str) -> Result<Self> {
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let address =
            match parts[..] {
                ["image", image, rendition] => rendition_of(rendition)
                    .and_then(|rendition| Some(Self::Image(image.parse().ok()?, rendition))),
                ["tile", image, level, column, row] => tile_of(image, level, column, row),
                ["analysis", analysis, image, kind, class] => explanation_of(kind).and_then(|kind| {
                    let (analysis, image) = (analysis.parse().ok()?, image.parse().ok()?);
                    Some(Self::Explanation(analysis, image, kind, class.to_owned()))
                }),
                ["analysis", analysis, image, outlines::PURPOSE] => analysis
                    .parse()
                    .ok()
                    .zip(image.parse().ok())
                    .map(|(analysis, image)| Self::Outline(analysis, image)),
                ["clinician", clinician, "signature"] => clinician.parse().ok().map(Self::Signature),
                ["desk", photo, rendition] => rendition_of(rendition)
                    .and_then(|rendition| Some(Self::Desk(photo.parse().ok()?, rendition))),
                ["tray", photo, rendition] => rendition_of(rendition)
                    .and_then(|rendition| Some(Self::Tray(photo.parse().ok()?, rendition))),
                ["portrait", patient] => patient.parse().ok().map(Self::Portrait),
                ["logo"] => Some(Self::Logo),
                ["own", place] => place.parse().ok().map(Self::Own),
                _ => None,
            };
        address.ok_or_else(|| ErrorCode::InvalidInput.into())
    }
}

fn rendition_of(word: &str) -> Option<Rendition> {
    [Rendition::Original, Rendition::Display, Rendition::Thumbnail]
        .into_iter()
        .find(|rendition| rendition.purpose() == word)
}

fn tile_of(image: &str, level: &str, column: &str, row: &str) -> Option<PictureAddress> {
    let place =
        TilePlace { level: level.parse().ok()?, column: column.parse().ok()?, row: row.parse().ok()? };
    Some(PictureAddress::Tile(image.parse().ok()?, place))
}

fn explanation_of(word: &str) -> Option<ExplanationKind> {
    [ExplanationKind::Heatmap, ExplanationKind::Overlay].into_iter().find(|kind| kind.purpose() == word)
}

/// # Errors
/// `not_permitted` for roles without the key to photographs, `not_found`, `record_damaged`.
pub fn read(session: &Session, address: &PictureAddress) -> Result<Picture> {
    match address {
        PictureAddress::Image(image, rendition) => photograph(session, *image, *rendition),
        PictureAddress::Tile(image, place) => tiles::read(session, *image, *place),
        PictureAddress::Explanation(analysis, image, kind, class) => {
            explanation(session, *analysis, *image, *kind, class)
        }
        PictureAddress::Outline(analysis, image) => outline(session, *analysis, *image),
        PictureAddress::Signature(clinician) => directory::signature(session, *clinician),
        PictureAddress::Desk(photo, rendition) => desk_photo::look(session, *photo, *rendition),
        PictureAddress::Tray(photo, rendition) => tray::look(session, *photo, *rendition),
        PictureAddress::Portrait(patient) => portrait::look(session, *patient),
        PictureAddress::Logo => letterhead::logo(session),
        // Nobody who signed in has a patient's own view open.
        PictureAddress::Own(_) => Err(ErrorCode::NotFound.into()),
    }
}

fn photograph(session: &Session, image: ImageId, rendition: Rendition) -> Result<Picture> {
    let actor = session.authorise(Command::AnalysisRead)?;
    let (file, format) = session.store().write(&actor, |tx| {
        let file = match rendition {
            // The page that lists thumbnails is itself recorded as a read of the patient.
            Rendition::Thumbnail => images::file(tx, image, rendition)?,
            _ => images::read_file(tx, image, rendition)?,
        };
        Ok((file, images::get(tx, image)?.format))
    })?;
    let media_type = if rendition == Rendition::Original { format.media_type() } else { "image/jpeg" };
    Ok(Picture { media_type, bytes: open(session, &file, rendition.purpose())? })
}

fn explanation(
    session: &Session,
    analysis: AnalysisId,
    image: ImageId,
    kind: ExplanationKind,
    class: &str,
) -> Result<Picture> {
    let actor = session.authorise(Command::AnalysisRead)?;
    read_first::admit(session, analysis)?;
    let read = |tx: &records::Writing<'_>| analyses::read_explanation(tx, analysis, image, kind, class);
    let file = session.store().write(&actor, read)?;
    Ok(Picture { media_type: "image/png", bytes: open(session, &file, kind.purpose())? })
}

fn outline(session: &Session, analysis: AnalysisId, image: ImageId) -> Result<Picture> {
    let actor = session.authorise(Command::AnalysisRead)?;
    read_first::admit(session, analysis)?;
    let file = session.store().write(&actor, |tx| outlines::read_picture(tx, analysis, image))?;
    Ok(Picture { media_type: "image/png", bytes: open(session, &file, outlines::PURPOSE)? })
}

pub(crate) fn open(session: &Session, file: &SealedFile, purpose: &str) -> Result<Zeroizing<Vec<u8>>> {
    Ok(session.sealed()?.open_file(file.id, file.version, purpose, &file.key)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_understood() {
        let (analysis, image) = (AnalysisId::fresh(), ImageId::fresh());
        let heatmap: PictureAddress = format!("/analysis/{analysis}/{image}/heatmap/mel").parse().unwrap();
        assert_eq!(
            heatmap,
            PictureAddress::Explanation(analysis, image, ExplanationKind::Heatmap, "mel".into())
        );
        let outline: PictureAddress = format!("/analysis/{analysis}/{image}/outline").parse().unwrap();
        assert_eq!(outline, PictureAddress::Outline(analysis, image));
        assert!(format!("/analysis/{analysis}/x/outline").parse::<PictureAddress>().is_err());
        let tile: PictureAddress = format!("/tile/{image}/2/0/7").parse().unwrap();
        assert_eq!(tile, PictureAddress::Tile(image, TilePlace { level: 2, column: 0, row: 7 }));
        for bad in
            [format!("/tile/{image}/-1/0/0"), format!("/tile/{image}/0/0"), format!("/tile/{image}/0/0/0/0")]
        {
            assert!(bad.parse::<PictureAddress>().is_err(), "{bad}");
        }
        for bad in ["", "/", "/image/1/display", "/image/../../etc/passwd", "/analysis//x/heatmap/mel"] {
            assert!(bad.parse::<PictureAddress>().is_err(), "{bad}");
        }
        assert!(format!("/image/{image}/negative").parse::<PictureAddress>().is_err());
    }
}
