//! Requests and answers of the border. They are plain data; the window's types are made from them.

mod account;
mod analysis;
mod audit;
mod patient;
mod patient_view;
mod report;
mod session;
mod settings;
mod staff;

pub use account::*;
pub use analysis::*;
pub use audit::*;
pub use patient::*;
pub use patient_view::*;
pub use report::*;
pub use session::*;
pub use settings::*;
pub use staff::*;
