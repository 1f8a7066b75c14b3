//! What tests share: the whole application on real servers.

pub mod broken;
mod database;
mod departments;
mod journeys;
pub mod people;
mod providers;
mod proxy;
pub mod servers;
mod test_app;

pub use database::{APP_ROLE, OWNER_ROLE, copy as fresh_database};
pub use departments::{DEPARTMENTS, TestDepartment};
pub use journeys::Site;
pub use providers::{Providers, settings as provider_settings};
pub use proxy::{Cut, Proxy, Speech};
pub use test_app::{KEY, TestApp, TestAppBuilder};
