//! What tests share: the whole application on real servers.

mod database;
mod departments;
mod journeys;
pub mod people;
mod providers;
pub mod servers;
mod test_app;

pub use database::{APP_ROLE, OWNER_ROLE};
pub use departments::{DEPARTMENTS, TestDepartment};
pub use providers::settings as provider_settings;
pub use test_app::{TestApp, TestAppBuilder};
