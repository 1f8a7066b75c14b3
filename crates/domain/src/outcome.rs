//! What a département answers, and how its aids decide it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::aids::{Aid, AidKind, Catalogue, Overpaid, Recoverability, SPENDING_THRESHOLD};
use crate::amount::Amount;
use crate::register::Individual;

/// The answer to one inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Matched, and at least one aid comes back from the estate.
    Recoverable,
    /// Matched, nothing recoverable, but an aid was paid for a time after the death.
    Overpayment,
    /// Matched, nothing to come back.
    NotRecoverable,
    /// Nobody in the register can be meant.
    Unknown,
    /// The machine may not decide: an officer does.
    Ambiguous,
    /// A source could not be asked. Never turned into [`Outcome::Unknown`].
    Pending,
}

impl Outcome {
    /// Every outcome, in the order of the table of outcomes.
    pub const ALL: [Self; 6] = [
        Self::Recoverable,
        Self::Overpayment,
        Self::NotRecoverable,
        Self::Unknown,
        Self::Ambiguous,
        Self::Pending,
    ];

    /// As stored and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Recoverable => "recoverable",
            Self::Overpayment => "overpayment",
            Self::NotRecoverable => "not_recoverable",
            Self::Unknown => "unknown",
            Self::Ambiguous => "ambiguous",
            Self::Pending => "pending",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// As shown to the notary.
    pub fn label(self) -> &'static str {
        match self {
            Self::Recoverable => "Connu, créance récupérable",
            Self::Overpayment => "Connu, indu probable",
            Self::NotRecoverable => "Connu, sans récupération",
            Self::Unknown => "Inconnu de nos services",
            Self::Ambiguous => "Examen en cours",
            Self::Pending => "Source indisponible",
        }
    }

    /// Whether the département's service in charge is told of it by mail.
    pub fn notifies_service(self) -> bool {
        matches!(self, Self::Recoverable | Self::Overpayment | Self::Ambiguous)
    }
}

/// What comes back of one aid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// From the estate.
    Recoverable,
    /// Paid after the death.
    Overpaid,
    /// Nothing.
    Nothing,
}

/// One aid and what follows from it, with the reason in French for officer, letter and judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AidFinding {
    /// The aid as the register has it.
    pub aid: Aid,
    /// As letters name it.
    pub label: String,
    /// What follows.
    pub consequence: Consequence,
    /// Why.
    pub reason: String,
}

/// The outcome for a matched person, and how each aid led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The first outcome of the table that applies.
    pub outcome: Outcome,
    /// Every aid, in the order of the register.
    pub aids: Vec<AidFinding>,
    /// Sum of the recoverable aids, when the register has every amount.
    pub claim: Option<Amount>,
    /// Sum of the overpayments, when the register has every amount.
    pub overpaid: Option<Amount>,
}

/// Maps the aids of a matched person to an outcome; `ambiguous` when a row about the person could not be read.
///
/// `register_date` is the day the register was imported: an aid without an end was still paid then, unless the
/// département already knew of the death.
pub fn outcome_of(
    individual: &Individual,
    death: NaiveDate,
    register_date: NaiveDate,
    catalogue: &Catalogue,
) -> Finding {
    if individual.aids.iter().any(|aid| aid.kind == AidKind::Unreadable) {
        return Finding {
            outcome: Outcome::Ambiguous,
            aids: vec![],
            claim: None,
            overpaid: None,
        };
    }
    let spending = thresholded_spending(&individual.aids);
    let known_death = individual.death_date.is_some();
    let aids: Vec<AidFinding> = individual
        .aids
        .iter()
        .map(|aid| {
            let (consequence, reason) = match recovery(aid, death, catalogue, spending) {
                Ok(reason) => (Consequence::Recoverable, reason),
                Err(_) if paid_after(aid, death, register_date, known_death) => (
                    Consequence::Overpaid,
                    "versée pour une période postérieure au décès".to_owned(),
                ),
                Err(reason) => (Consequence::Nothing, reason),
            };
            AidFinding {
                aid: aid.clone(),
                label: catalogue.label(&aid.kind),
                consequence,
                reason,
            }
        })
        .collect();
    let has = |wanted: Consequence| aids.iter().any(|finding| finding.consequence == wanted);
    let outcome = if has(Consequence::Recoverable) {
        Outcome::Recoverable
    } else if has(Consequence::Overpaid) {
        Outcome::Overpayment
    } else {
        Outcome::NotRecoverable
    };
    let claim = sum(aids
        .iter()
        .filter(|f| f.consequence == Consequence::Recoverable)
        .map(|f| f.aid.amount));
    let overpaid = sum(aids
        .iter()
        .filter(|f| f.consequence == Consequence::Overpaid)
        .map(|f| match f.aid.overpayment {
            Some(Overpaid::Amount(amount)) => Some(amount),
            _ => None,
        }));
    Finding {
        outcome,
        aids,
        claim,
        overpaid,
    }
}

/// The sum when every amount is known and there is one at least.
fn sum(mut amounts: impl Iterator<Item = Option<Amount>>) -> Option<Amount> {
    let first = amounts.next()??;
    amounts.try_fold(first, |sum, amount| Some(sum.plus(amount?)))
}

/// Spending on the aids of R132-12 together, when every amount is known.
fn thresholded_spending(aids: &[Aid]) -> Option<Amount> {
    let bound = |aid: &&Aid| aid.kind.recoverability() == Recoverability::AboveThresholds;
    sum(aids.iter().filter(bound).map(|aid| aid.amount))
}

/// Why an aid is recoverable, or why it is not.
fn recovery(
    aid: &Aid,
    death: NaiveDate,
    catalogue: &Catalogue,
    spending: Option<Amount>,
) -> Result<String, String> {
    let rule = aid.kind.recoverability();
    let basis = aid.kind.basis().0;
    if rule == Recoverability::Never {
        return Err(format!("non récupérable ({basis})"));
    }
    if aid.recoverable == Some(false) {
        return Err("déclarée non récupérable par le département".to_owned());
    }
    match rule {
        Recoverability::AboveThresholds if spending.is_some_and(|sum| sum <= SPENDING_THRESHOLD) => {
            Err(format!("dépenses inférieures ou égales à 760\u{a0}€ ({basis})"))
        }
        Recoverability::LocalRules if aid.recoverable.is_none() => {
            let paid = aid.starts.map(crate::PartialDate::earliest);
            if catalogue.locally_recoverable(aid.kind.code(), paid, death) {
                Ok(format!("récupérable ({basis})"))
            } else {
                Err(format!("non récupérable ({basis})"))
            }
        }
        _ => Ok(format!("récupérable ({basis})")),
    }
}

/// Whether an aid was paid for a time after the death.
fn paid_after(aid: &Aid, death: NaiveDate, register_date: NaiveDate, known_death: bool) -> bool {
    match (aid.overpayment, aid.ends) {
        (Some(Overpaid::No), _) => false,
        (Some(Overpaid::Yes), _) => true,
        (Some(Overpaid::Amount(amount)), _) => amount.cents() > 0,
        // An unknown day leaves the overpayment probable, which is all this outcome says.
        (None, Some(ends)) => ends.latest() > death,
        (None, None) => !known_death && register_date > death,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aids::{OptionalAid, Validity};
    use crate::civil_status::GivenNames;
    use crate::partial_date::PartialDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn aid(kind: AidKind) -> Aid {
        let ends = Some(PartialDate::from(day("2026-03-31")));
        Aid {
            kind,
            recoverable: None,
            starts: None,
            ends,
            amount: None,
            overpayment: None,
            territory: None,
        }
    }

    fn finding(aids: Vec<Aid>) -> Finding {
        let individual = Individual {
            identifier: "1".into(),
            sex: None,
            birth_name: None,
            usage_name: None,
            given_names: GivenNames::parse("Jean").unwrap(),
            birth_date: PartialDate::parse("1931-01-02").unwrap(),
            birth_place: None,
            death_date: None,
            aids,
        };
        let optional = OptionalAid {
            code: "X".into(),
            label: "Aide X".into(),
            recoverable: vec![Validity {
                from: day("2010-01-01"),
                to: None,
            }],
        };
        outcome_of(
            &individual,
            day("2026-04-02"),
            day("2026-09-01"),
            &Catalogue::new(vec![optional]),
        )
    }

    #[test]
    fn every_legal_kind_follows_the_law() {
        for kind in AidKind::LEGAL {
            let expected = match kind {
                AidKind::ApaHome | AidKind::ApaInstitution | AidKind::Pch | AidKind::Actp | AidKind::Rsa => {
                    Outcome::NotRecoverable
                }
                _ => Outcome::Recoverable,
            };
            assert_eq!(finding(vec![aid(kind.clone())]).outcome, expected, "{kind:?}");
        }
    }

    #[test]
    fn the_law_prevails_over_a_register_that_calls_apa_recoverable() {
        let apa = Aid {
            recoverable: Some(true),
            ..aid(AidKind::ApaHome)
        };
        assert_eq!(finding(vec![apa]).outcome, Outcome::NotRecoverable);
        let ash = Aid {
            recoverable: Some(false),
            ..aid(AidKind::AshElderly)
        };
        assert_eq!(finding(vec![ash]).outcome, Outcome::NotRecoverable);
    }

    #[test]
    fn the_first_outcome_of_the_table_wins() {
        let overpaid = Aid {
            ends: Some(PartialDate::parse("2026-05-31").unwrap()),
            ..aid(AidKind::ApaHome)
        };
        assert_eq!(finding(vec![overpaid.clone()]).outcome, Outcome::Overpayment);
        assert_eq!(
            finding(vec![overpaid, aid(AidKind::AshElderly)]).outcome,
            Outcome::Recoverable
        );
        assert_eq!(finding(vec![]).outcome, Outcome::NotRecoverable);
    }

    #[test]
    fn what_the_register_says_of_an_overpayment_prevails_over_dates() {
        let open = Aid {
            ends: None,
            ..aid(AidKind::ApaHome)
        };
        assert_eq!(finding(vec![open.clone()]).outcome, Outcome::Overpayment);
        let none = Aid {
            overpayment: Some(Overpaid::No),
            ..open
        };
        assert_eq!(finding(vec![none]).outcome, Outcome::NotRecoverable);
        let stated = Aid {
            overpayment: Some(Overpaid::Amount(Amount::from_cents(1250))),
            ..aid(AidKind::Pch)
        };
        let finding = finding(vec![stated]);
        assert_eq!(
            (finding.outcome, finding.overpaid),
            (Outcome::Overpayment, Some(Amount::from_cents(1250)))
        );
    }

    #[test]
    fn small_spending_on_home_help_is_not_recovered() {
        let with = |cents| Aid {
            amount: Some(Amount::from_cents(cents)),
            ..aid(AidKind::HomeHelp)
        };
        assert_eq!(finding(vec![with(76_000)]).outcome, Outcome::NotRecoverable);
        assert_eq!(finding(vec![with(76_001)]).outcome, Outcome::Recoverable);
        assert_eq!(
            finding(vec![with(40_000), with(40_000)]).claim,
            Some(Amount::from_cents(80_000))
        );
    }

    #[test]
    fn an_optional_aid_follows_the_local_rules() {
        let paid = |date: &str| Aid {
            starts: Some(PartialDate::parse(date).unwrap()),
            ..aid(AidKind::Optional("X".into()))
        };
        assert_eq!(finding(vec![paid("2012-01-01")]).outcome, Outcome::Recoverable);
        assert_eq!(finding(vec![paid("2009-01-01")]).outcome, Outcome::NotRecoverable);
    }

    #[test]
    fn a_row_that_could_not_be_read_leaves_doubt() {
        for known in [AidKind::ApaHome, AidKind::AshElderly] {
            let finding = finding(vec![aid(known), Aid::unreadable()]);
            assert_eq!((finding.outcome, finding.claim), (Outcome::Ambiguous, None));
        }
    }

    #[test]
    fn the_claim_is_told_only_when_it_is_whole() {
        let known = Aid {
            amount: Some(Amount::from_cents(100)),
            ..aid(AidKind::AshElderly)
        };
        assert_eq!(finding(vec![known.clone()]).claim, Some(Amount::from_cents(100)));
        assert_eq!(finding(vec![known, aid(AidKind::AshElderly)]).claim, None);
    }
}
