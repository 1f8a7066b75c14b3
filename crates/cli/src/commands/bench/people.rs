//! Notaries who ask as long as something is measured. Nobody here exists.

use sandbox::{Notary, Person};

/// Provider under which they log in: as the embedded configuration names it.
pub(super) const PROVIDER: &str = "notaires";

/// So many notaries, each of an office of their own.
pub(super) fn notaries(count: usize) -> Vec<Person> {
    (0..count)
        .map(|number| {
            let (subject, crpcen) = (subject(number), format!("00{number:03}"));
            Person::notary(&Notary {
                subject: &subject,
                given_name: "Ariane",
                family_name: "Lechrono",
                capacity: "notaire",
                email: &format!("{subject}@office.example"),
                crpcen: Some(&crpcen),
                office_name: "Office notarial du Banc d’essai",
                office_address: ["1 rue de la Mesure", "00990", "SPÉCIMEN"],
            })
        })
        .collect()
}

/// `sub` of one of them.
pub(super) fn subject(number: usize) -> String {
    format!("banc-notaire-{number:03}")
}
