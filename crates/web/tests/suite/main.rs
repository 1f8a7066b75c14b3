//! The whole application over HTTP, on real servers.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

mod attacks;
mod failures;
mod foreign;
mod forms;
mod headers;
mod hostile;
mod isolation;
mod limits;
mod logs;
mod main_job;
mod panics;
mod raw;
mod routes;
mod sessions;
mod two_providers;
