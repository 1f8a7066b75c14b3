//! The whole application over HTTP, on real servers.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod main_job;
#[cfg(test)]
mod sessions;
