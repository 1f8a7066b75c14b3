//! The data of every mail. Nothing personal on the deceased, not even the notary's own reference.

use domain::Outcome;
use serde::Serialize;

use crate::Mail;

/// To the notary: the letter is there.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerReady {
    /// Who it is written to: `Claire Fontaine`.
    pub recipient: String,
    /// `Département du Rhône`.
    pub department: String,
    /// « Nos références » : `69-2026-000042`.
    pub reference: String,
    /// Whether an officer still examines the inquiry: the letter is then an acknowledgement.
    pub examining: bool,
    /// Whole address of the answer page.
    pub link: String,
}

impl Mail for AnswerReady {
    const FOLDER: &'static str = "answer_ready";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![]
    }
}

/// To the service of the département: an inquiry that concerns it.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceNotice {
    /// `Département du Rhône`.
    pub department: String,
    /// « Nos références ».
    pub reference: String,
    /// The answer that was given.
    pub outcome: Outcome,
    /// Whole address of the staff's page.
    pub link: String,
}

impl Mail for ServiceNotice {
    const FOLDER: &'static str = "service_notice";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![]
    }
}
