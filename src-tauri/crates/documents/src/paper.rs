use domain::report::PaperSize;

/// Sheet a document is laid out for, upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// ISO 216 A4, 210 × 297 mm.
    #[default]
    A4,
    /// ANSI A, 8.5 × 11 in.
    Letter,
}

impl From<PaperSize> for Paper {
    fn from(size: PaperSize) -> Self {
        match size {
            PaperSize::A4 => Self::A4,
            PaperSize::Letter => Self::Letter,
        }
    }
}

/// Room left free at both sides, in points.
const SIDE: f32 = 54.0;
const TOP: f32 = 46.0;
/// Below this much from the lower edge nothing is printed.
pub const BOTTOM: f32 = 36.0;

impl Paper {
    /// Width and height in points (1/72 in).
    pub const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }

    pub const fn left() -> f32 {
        SIDE
    }

    pub const fn top() -> f32 {
        TOP
    }

    /// Width between the side margins.
    pub const fn measure(self) -> f32 {
        self.size().0 - 2.0 * SIDE
    }
}
