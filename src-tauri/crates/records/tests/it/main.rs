//! The records on a real encrypted database in a temporary folder.

mod audit_chain;
mod nouns;
mod patients;
mod search;
mod search_speed;
mod staff;
mod storage;
mod world;
