//! The embedded default behind the demo and the tests.
//!
//! Real servers, private to whoever starts them, on free ports of the loopback address, gone with the
//! process that started them: nothing here is a stand-in for a protocol, and nothing here is for production.

mod browser;
mod postgres;
mod unprivileged;

pub use browser::{Browser, Form, Page, Upload};
pub use postgres::{Postgres, PostgresOptions};
