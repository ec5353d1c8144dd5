use thiserror::Error;

/// Why a document could not be made. No variant carries anything of a patient.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The photograph at this place of the report (from 0) is not a readable JPEG or PNG.
    #[error("photograph {0} cannot be decoded")]
    PhotographUnreadable(usize),
    /// The heatmap overlay at this place of the report (from 0) is not a readable JPEG or PNG.
    #[error("heatmap overlay {0} cannot be decoded")]
    OverlayUnreadable(usize),
    /// A photograph of the comparison at this place of the report (from 0) is not a readable JPEG or PNG.
    #[error("photograph of comparison {0} cannot be decoded")]
    ComparedPhotographUnreadable(usize),
    /// The logo is not a readable JPEG or PNG.
    #[error("logo cannot be decoded")]
    LogoUnreadable,
    /// An embedded font could not be read or reduced to the characters in use.
    #[error("font cannot be embedded")]
    Font,
    /// The content does not fit the one page it must stay on.
    #[error("content does not fit on one page")]
    TooLong,
    /// The PDF could not be written.
    #[error("document cannot be written")]
    Write,
    /// What a document is written into refused it.
    #[error("the target of a document failed: {0}")]
    Target(std::io::ErrorKind),
}

impl DocumentError {
    /// Stable code for the window and the log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PhotographUnreadable(_) => "photograph_unreadable",
            Self::OverlayUnreadable(_) => "overlay_unreadable",
            Self::ComparedPhotographUnreadable(_) => "compared_photograph_unreadable",
            Self::LogoUnreadable => "logo_unreadable",
            Self::Font => "font",
            Self::TooLong => "too_long",
            Self::Write => "write",
            Self::Target(_) => "target",
        }
    }
}
