//! Requests and answers of the border. They are plain data; the window's types are made from them.

mod analysis;
mod patient;
mod report;
mod session;

pub use analysis::*;
pub use patient::*;
pub use report::*;
pub use session::*;
