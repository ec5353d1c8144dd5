//! Use cases of the clinic: what a person can ask for, who may ask, and what happens then.
//!
//! A use case is a free function whose first argument is a [`Session`]; a session exists only
//! after sign-in. The border speaks requests and views ([`views`]) and one error shape ([`Error`]);
//! which commands there are and who may call them is the table in [`commands`].
#![forbid(unsafe_code)]

pub mod bindings;
pub mod commands;
pub mod error;
pub mod views;

pub use error::{Error, ErrorCode, Result};
