//! What tests share: the whole application on real servers.

pub mod servers;
mod test_app;

pub use test_app::TestApp;
