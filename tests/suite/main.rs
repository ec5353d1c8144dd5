//! Flows through the use cases of the clinic, on a real encrypted database, with the shipped model.

mod accounts;
mod architecture;
mod bad_input;
mod flows;
mod full_disk;
mod mail;
mod parity;
mod people;
mod privacy;
