//! Shares with the score interval of Wilson.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Interval, LEAST, Z};

/// So many of so many. Share and interval stand where there is enough to say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Proportion {
    pub hits: u32,
    pub of: u32,
    pub value: Option<f64>,
    pub interval: Option<Interval>,
}

impl Proportion {
    /// A share that is given from [`LEAST`] on.
    #[must_use]
    pub fn judged(hits: u32, of: u32) -> Self {
        if of < LEAST { Self { hits, of, value: None, interval: None } } else { Self::plain(hits, of) }
    }

    /// A share of whatever there is.
    #[must_use]
    pub fn plain(hits: u32, of: u32) -> Self {
        let value = (of > 0).then(|| f64::from(hits) / f64::from(of));
        Self { hits, of, value, interval: wilson(hits, of) }
    }
}

/// The score interval (Wilson, J Am Stat Assoc 1927;22:209–212); nothing for a share of nothing.
#[must_use]
pub fn wilson(hits: u32, of: u32) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let n = f64::from(of);
    let p = f64::from(hits) / n;
    let square = Z * Z;
    let centre = (p + square / (2.0 * n)) / (1.0 + square / n);
    let half = Z / (1.0 + square / n) * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    // Rounding alone would put the ends of 0 and 1 a hair off.
    let low = if hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if hits == of { 1.0 } else { (centre + half).min(1.0) };
    Some(Interval { low, high })
}
