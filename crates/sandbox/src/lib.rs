//! The embedded default behind the demo and the tests.
//!
//! Real servers, private to whoever starts them, on free ports of the loopback address, gone with the
//! process that started them: nothing here is a stand-in for a protocol, and nothing here is for production.

mod browser;
mod companion;
mod http;
mod identity;
mod mail;
mod pages;
mod postgres;
mod s3;
mod scratch;
mod unprivileged;

pub use browser::{Browser, Form, Page, Upload};
pub use companion::{Companion, Ending};
pub use http::steady_listener;
pub use identity::{
    Agent, AssertionAlgorithm, Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings,
    Notary, Person, RsaKey,
};
pub use mail::{CaughtMail, MailCatcher};
pub use postgres::{Halt, Postgres, PostgresOptions};
pub use s3::S3Endpoint;
