//! The decision, and the reasons an officer and a judge can read.

use domain::{Decedent, Individual};

/// What the engine holds of a decedent. Reasons are in French, most important first; they are for the
/// département's officers and for a judge, never for the notary when the verdict is not definite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// One person is meant beyond doubt.
    Definite {
        /// Identifier in the register.
        identifier: String,
        /// Why.
        reasons: Vec<String>,
    },
    /// Somebody may be meant: an officer decides.
    Ambiguous {
        /// Identifiers in the register, likeliest first.
        identifiers: Vec<String>,
        /// Why each may be meant, and why that is not certain.
        reasons: Vec<String>,
    },
    /// Nobody in the register can be meant.
    Unknown {
        /// Why.
        reasons: Vec<String>,
    },
}

/// Decides who of the candidates is meant. The order of the candidates never matters.
///
/// `candidates` are the individuals that share a key of [`crate::query_keys`]; more do no harm.
pub fn decide(decedent: &Decedent, candidates: &[Individual]) -> Verdict {
    let _ = (decedent, candidates);
    todo!()
}
