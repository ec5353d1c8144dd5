//! The shell: the window, its commands, and the command line. It decides nothing; it finds the
//! session and hands the request to `clinic`.

pub mod cli;
pub mod commands;
pub mod logging;
pub mod pictures;
pub mod places;
pub mod window;
mod wiping;
pub mod wire;
