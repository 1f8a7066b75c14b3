//! The whole application over HTTP, on real servers.

mod attacks;
mod failures;
mod foreign;
mod forms;
mod headers;
mod hostile;
mod isolation;
mod logs;
mod main_job;
mod sessions;
