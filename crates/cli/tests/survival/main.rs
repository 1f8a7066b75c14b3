//! The service in a world that fails: killed at every step, its servers gone, slow or full, clocks set back, migrations cut off.
//! Real processes of the program, real servers, and proxies in between where a single step matters.
//!
//! With `DN_SOAK` (`cargo xtask soak`) it is killed at each step there is, and every outage lasts a minute.

mod doctor;
mod ground;
mod killed;
mod migration;
mod postgres;
mod process;
mod provider;
mod relay;
mod steps;
mod store;
mod time;
mod truth;

use std::time::Duration;

/// Whether every step is taken and every outage lasts.
fn is_long() -> bool {
    std::env::var_os("DN_SOAK").is_some()
}

/// How long a server is away.
fn outage() -> Duration {
    Duration::from_secs(if is_long() { 60 } else { 3 })
}
