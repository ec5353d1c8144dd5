//! Flows through the use cases of the clinic, on a real encrypted database, with the shipped model.

mod accounts;
mod architecture;
mod bad_input;
mod flows;
mod follow_up;
mod full_disk;
mod history;
mod lesions;
mod mail;
mod outlines;
mod parity;
mod people;
mod portraits;
mod privacy;
mod registry;
mod rights;
mod timeline;
mod today;
mod witness;
