//! The use cases on real servers: PostgreSQL, S3, SMTP. Each test has its own of everything.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

extern crate dn_app as app;

mod actors;
mod history;
mod import;
mod inquire;
mod keys;
mod letters;
mod limits;
mod login;
mod lookups;
mod mails;
mod matching;
mod parity;
mod separation;
mod tenants;
mod trail;
