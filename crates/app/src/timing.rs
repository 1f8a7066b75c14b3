//! How long the stages of the main job take: told to the log at debug level under `dn::timing`, in microseconds, where
//! an operator, or `dn bench`, asks for it. Nothing but numbers.

use std::time::Instant;

/// Target of the events, for log filters.
macro_rules! timed {
    ($($field:tt)+) => {
        tracing::debug!(target: "dn::timing", $($field)+)
    };
}

pub(crate) use timed;

/// A stopwatch with laps.
pub(crate) struct Laps(Instant);

impl Laps {
    /// Starts it.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Microseconds since the start, or the lap before.
    pub(crate) fn lap(&mut self) -> u64 {
        let now = Instant::now();
        let lap = now.duration_since(self.0);
        self.0 = now;
        u64::try_from(lap.as_micros()).unwrap_or(u64::MAX)
    }
}
