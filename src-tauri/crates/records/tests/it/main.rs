//! The records on a real encrypted database in a temporary folder.

mod audit_chain;
mod duplicates;
mod follow_up;
mod history;
mod lesions;
mod line_speed;
mod merging;
mod nouns;
mod outlines;
mod patients;
mod portraits;
mod registry;
mod rights;
mod safety_net;
mod search;
mod search_speed;
mod staff;
mod storage;
mod timeline;
mod visits;
mod witness;
mod world;
