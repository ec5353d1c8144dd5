//! Numbers about the clinic. They name nobody, and each answer leaves one row in the trail.

mod counts;
mod tally;
mod usage;

pub use counts::{Dashboard, Trend, TrendLine, class_name, dashboard, note_export, reach, trend};
pub(crate) use tally::SCHEMA;
pub(crate) use usage::SCHEMA as USAGE;
pub use usage::{COUNTS_SEARCHES, UsageRow, clear_usage, count_search, counts_searches, usage};
