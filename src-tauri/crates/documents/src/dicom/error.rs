use std::fmt;

use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use thiserror::Error;

/// Why a DICOM file could not be read. No variant carries anything of a patient.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DicomError {
    /// The file does not begin as PS3.10, 7.1 asks.
    #[error("not a DICOM file")]
    NotDicom,
    /// The file, or what it inflates to, is larger than is read.
    #[error("the DICOM file is too large")]
    TooLarge,
    /// A frame, or all frames together, have more pixels than are read.
    #[error("the DICOM file has too many pixels")]
    TooManyPixels,
    /// Cut off, or not put together as the standard says.
    #[error("the DICOM file is damaged")]
    Damaged,
    /// An object without pixels, such as a report.
    #[error("the DICOM file holds no picture")]
    NoPicture,
    /// A picture of another kind, such as a radiograph.
    #[error("the DICOM file holds no photograph")]
    NotAPhotograph,
    /// Pixels are coded in a way that is not read.
    #[error("transfer syntax {0} is not read")]
    TransferSyntax(TransferSyntaxName),
    /// Pixels are laid out in a way that is not read, such as single bits or a segmented palette.
    #[error("this layout of pixels is not read")]
    PixelLayout,
}

impl DicomError {
    /// Stable code for the window and the log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotDicom => "dicom_unknown",
            Self::TooLarge => "dicom_too_large",
            Self::TooManyPixels => "dicom_too_many_pixels",
            Self::Damaged => "dicom_damaged",
            Self::NoPicture => "dicom_no_picture",
            Self::NotAPhotograph => "dicom_not_a_photograph",
            Self::TransferSyntax(_) => "dicom_transfer_syntax",
            Self::PixelLayout => "dicom_pixel_layout",
        }
    }
}

/// The name of PS3.6 where the transfer syntax has one, else its UID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSyntaxName(String);

impl TransferSyntaxName {
    pub(super) fn of(uid: &str) -> Self {
        Self(TransferSyntaxRegistry.get(uid).map_or(uid, |syntax| syntax.name()).to_owned())
    }
}

impl fmt::Display for TransferSyntaxName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
