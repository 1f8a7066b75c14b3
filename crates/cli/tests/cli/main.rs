//! The program as its users run it.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

mod audit;
mod bench;
mod configuration;
mod demo;
mod department;
mod ground;
mod infra;
mod matching;
mod program;
mod service;
