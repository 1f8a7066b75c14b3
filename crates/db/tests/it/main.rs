//! The database, on a real PostgreSQL. Each test has its own database.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

// The name that every other crate calls it by.
extern crate dn_db as db;

mod attempts;
mod audit;
mod boundaries;
mod group;
mod indexes;
mod inquiries;
mod isolation;
mod jobs;
mod letters;
mod migrate;
mod people;
mod provision;
mod register;
mod roles;
mod sessions;
mod world;
