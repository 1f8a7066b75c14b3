//! What the mail server does wrong when a test asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mailin::{Response, response};

#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Current>);

#[derive(Debug, Default)]
struct Current {
    recipients: HashMap<String, Refusal>,
    delay: Duration,
    down: bool,
}

#[derive(Debug, Clone, Copy)]
enum Refusal {
    Permanent,
    Temporary,
}

impl Faults {
    pub(super) fn refuse(&self, address: &str) {
        self.current()
            .recipients
            .insert(address.to_lowercase(), Refusal::Permanent);
    }

    pub(super) fn put_off(&self, address: &str) {
        self.current()
            .recipients
            .insert(address.to_lowercase(), Refusal::Temporary);
    }

    pub(super) fn slow_down(&self, delay: Duration) {
        self.current().delay = delay;
    }

    pub(super) fn go_down(&self) {
        self.current().down = true;
    }

    pub(super) fn heal(&self) {
        *self.current() = Current::default();
    }

    pub(super) fn are_down(&self) -> bool {
        self.current().down
    }

    pub(super) fn delay(&self) -> Duration {
        self.current().delay
    }

    pub(super) fn answer_to(&self, recipient: &str) -> Response {
        match self.current().recipients.get(&recipient.to_lowercase()) {
            Some(Refusal::Permanent) => response::NO_MAILBOX,
            Some(Refusal::Temporary) => response::INTERNAL_ERROR,
            None => response::OK,
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
