//! From the register to a decision.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::{RegisterVersion, TenantTx};
use domain::french::NBSP;
use domain::{Decedent, Decision, DecisionId, Finding, Individual, Outcome, outcome_of};
use matching::{Frequencies, Verdict};

use super::lookups::Watch;
use crate::departments::Kit;
use crate::{App, AppError, index};

/// What the register says of a decedent.
pub(super) struct Consulted {
    pub(super) version: RegisterVersion,
    candidates: Vec<Individual>,
    /// `None` while the register is not indexed as this version of the program needs it.
    frequencies: Option<Arc<Frequencies>>,
}

/// Looks up whoever may be meant in the version of the register in force.
pub(super) async fn consult(
    app: &App,
    tx: &mut TenantTx,
    decedent: &Decedent,
) -> Result<Option<Consulted>, AppError> {
    let Some(version) = tx.register().active().await? else {
        return Ok(None);
    };
    if !index::is_current(&version) {
        return Ok(Some(Consulted {
            version,
            candidates: vec![],
            frequencies: None,
        }));
    }
    let frequencies = app.frequencies(tx, version.id).await?;
    let candidates = match &frequencies {
        Some(frequencies) => index::candidates(tx, &version, decedent, frequencies).await?,
        None => vec![],
    };
    Ok(Some(Consulted {
        version,
        candidates,
        frequencies,
    }))
}

/// Decides. A register that cannot be relied on never makes somebody unknown; an inquiry that is held back says
/// nothing of what the register says, except to the officer.
pub(super) fn decide(
    id: DecisionId,
    decedent: &Decedent,
    register: Option<&Consulted>,
    kit: &Kit,
    watch: Watch,
    now: DateTime<Utc>,
) -> Decision {
    let answer = match register {
        None => Answered::doubt("Le registre d’aide sociale du département n’est pas encore chargé."),
        Some(register) => match &register.frequencies {
            None => Answered::doubt(
                "L’index du registre d’aide sociale du département est en cours de mise à jour.",
            ),
            Some(frequencies) => answer(decedent, register, frequencies, kit),
        },
    };
    let answer = match watch.reason(&kit.settings.lookups) {
        None => answer,
        Some(reason) => answer.held_back(reason),
    };
    Decision {
        id,
        outcome: answer.outcome,
        reasons: answer.reasons,
        candidates: answer.candidates,
        finding: answer.finding,
        engine_version: matching::ENGINE_VERSION.to_owned(),
        register: register.map(|register| register.version.id),
        decided_at: now,
    }
}

struct Answered {
    outcome: Outcome,
    reasons: Vec<String>,
    candidates: Vec<String>,
    finding: Option<Finding>,
}

impl Answered {
    fn doubt(reason: &str) -> Self {
        Self {
            outcome: Outcome::Ambiguous,
            reasons: vec![reason.to_owned()],
            candidates: vec![],
            finding: None,
        }
    }

    /// For an officer to decide, who is told what the machine would have weighed.
    fn held_back(self, reason: String) -> Self {
        Self {
            outcome: Outcome::Ambiguous,
            reasons: [reason].into_iter().chain(self.reasons).collect(),
            candidates: self.candidates,
            finding: None,
        }
    }
}

fn answer(decedent: &Decedent, register: &Consulted, frequencies: &Frequencies, kit: &Kit) -> Answered {
    let settings = &kit.settings;
    match matching::decide_with(decedent, &register.candidates, &kit.policy, frequencies) {
        Verdict::Unknown { reasons } => Answered {
            outcome: Outcome::Unknown,
            reasons,
            candidates: vec![],
            finding: None,
        },
        Verdict::Ambiguous { identifiers, reasons } => Answered {
            outcome: Outcome::Ambiguous,
            reasons,
            candidates: identifiers,
            finding: None,
        },
        Verdict::Definite { identifier, reasons } => {
            let person = register
                .candidates
                .iter()
                .find(|person| person.identifier == identifier);
            let Some(person) = person else {
                return Answered::doubt("La personne retenue n’est plus au registre.");
            };
            let register_date = settings.identity.time_zone.day(register.version.imported_at);
            let finding = outcome_of(person, decedent.death_date, register_date, &settings.catalogue());
            if finding.outcome == Outcome::Ambiguous {
                let unread = "une ligne du registre concernant cette personne a été refusée à l’import";
                return Answered {
                    outcome: Outcome::Ambiguous,
                    reasons: [unread.to_owned()].into_iter().chain(reasons).collect(),
                    candidates: vec![identifier],
                    finding: None,
                };
            }
            let of_aids = finding
                .aids
                .iter()
                .map(|aid| format!("{}{NBSP}: {}", aid.label, aid.reason));
            Answered {
                outcome: finding.outcome,
                reasons: reasons.into_iter().chain(of_aids).collect(),
                candidates: vec![identifier],
                finding: Some(finding),
            }
        }
    }
}
