//! Who can log in to the demo. Nobody here exists.

use app::tenants::TenantFolder;
use sandbox::{Agent, Notary, Person};

/// Whom the main job is done as.
pub(super) const FIRST_NOTARY: &str = "notaire-fontaine";
/// Where that notary's mails go.
pub(super) const FIRST_NOTARY_EMAIL: &str = "claire.fontaine@fontaine-notaires.example";

/// Two offices, a collaborator, and a person without office.
pub(super) fn notaries() -> Vec<Person> {
    let fontaine = (
        "69990",
        "SCP Fontaine et Lemaître, notaires associés",
        ["12 rue de l’Exemple", "69990", "SPÉCIMEN"],
    );
    let moreau = (
        "38990",
        "Office notarial Moreau",
        ["4 place du Modèle", "38990", "SPÉCIMEN"],
    );
    let person = |subject, given_name, family_name, capacity, email, office: Option<(&'static str, _, _)>| {
        let (_, office_name, office_address) = office.unwrap_or(("", "", ["", "", ""]));
        Person::notary(&Notary {
            subject,
            given_name,
            family_name,
            capacity,
            email,
            crpcen: office.map(|(crpcen, _, _)| crpcen),
            office_name,
            office_address,
        })
    };
    vec![
        person(
            FIRST_NOTARY,
            "Claire",
            "Fontaine",
            "notaire",
            FIRST_NOTARY_EMAIL,
            Some(fontaine),
        ),
        person(
            "clerc-lemaitre",
            "Hugo",
            "Lemaître",
            "collaborateur",
            "hugo.lemaitre@fontaine-notaires.example",
            Some(fontaine),
        ),
        person(
            "notaire-moreau",
            "Élise",
            "Moreau",
            "notaire",
            "elise.moreau@moreau-notaire.example",
            Some(moreau),
        ),
        person(
            "sans-office",
            "Paul",
            "Sansétude",
            "personne sans office",
            "paul@sans-office.example",
            None,
        ),
    ]
}

/// The administrators and auditors each département names, and an agent whom nobody knows.
pub(super) fn agents(tenants: &[TenantFolder]) -> Vec<Person> {
    let mut people = Vec::new();
    for tenant in tenants {
        let identity = &tenant.settings.identity;
        let siret = identity
            .sirets
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        let settings = &tenant.settings;
        for (kind, what, named) in [
            ("agent", "administration", &settings.administrators),
            ("auditeur", "audit", &settings.auditors),
        ] {
            for (place, person) in named.iter().enumerate() {
                let (given_name, usual_name) = person.name.split_once(' ').unwrap_or(("", &person.name));
                people.push(Person::agent(&Agent {
                    subject: &format!("{kind}-{}-{place}", tenant.slug),
                    given_name,
                    usual_name,
                    email: &person.email,
                    siret: &siret,
                    roles: &["agent_public_territorial"],
                    detail: &format!("{what}, {}", identity.official_name),
                }));
            }
        }
    }
    people.push(Person::agent(&Agent {
        subject: "agent-inconnu",
        given_name: "Inès",
        usual_name: "Personne",
        email: "ines.personne@ailleurs.example",
        siret: "13002526500013",
        roles: &["agent_public_etat"],
        detail: "agent qu’aucun département ne connaît",
    }));
    people
}
