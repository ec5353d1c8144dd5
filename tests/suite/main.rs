//! Flows through the use cases of the clinic, on a real encrypted database, with the shipped model.

mod architecture;
mod bad_input;
mod flows;
mod parity;
mod privacy;
