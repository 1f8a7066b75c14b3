//! Real servers and a real browser that are not ours: SeaweedFS, npm's oidc-provider, Chromium.
//!
//! `cargo xtask test` installs them under `target/tools`.

mod accessibility;
mod chromium;
mod oidc_provider;
mod seaweedfs;
mod tools;

pub use accessibility::Violation;
pub use chromium::Chromium;
pub use oidc_provider::OidcProvider;
pub use seaweedfs::SeaweedFs;
pub use tools::{screenshots, tool};
