//! Who can log in, and about whom one can ask.

use domain::Outcome;
use sandbox::{Agent, Notary, Person};

use crate::TestDepartment;

/// Subject of a notary of the first office.
pub const NOTARY: &str = "notaire-1";
/// Subject of a collaborator of the first office.
pub const COLLEAGUE: &str = "notaire-2";
/// Subject of a notary of a second office.
pub const OTHER_NOTARY: &str = "notaire-3";
/// Subject of a notary without an office.
pub const NO_OFFICE: &str = "notaire-4";
/// Subject of a notary of a third office, who has never come.
pub const NEWCOMER: &str = "notaire-5";
/// Subject of the administrator of the Rhône.
pub const ADMIN_RHONE: &str = "agent-rhone";
/// Subject of the administrator of the Isère.
pub const ADMIN_ISERE: &str = "agent-isere";
/// Subject of somebody who is an officer of the Rhône once the test names `officer@rhone.example`.
pub const OFFICER_RHONE: &str = "agent-rhone-2";
/// Subject of somebody who is an auditor of the Rhône once the test names `auditor@rhone.example`.
pub const AUDITOR_RHONE: &str = "agent-rhone-3";
/// Subject of somebody who is an officer of the Isère once the test names `officer@isere.example`.
pub const OFFICER_ISERE: &str = "agent-isere-2";
/// Subject of somebody who is an auditor of the Isère once the test names `auditor@isere.example`.
pub const AUDITOR_ISERE: &str = "agent-isere-3";
/// Subject of an agent whom no département names.
pub const STRANGER: &str = "agent-inconnu";

/// The people of the notaries' provider.
pub fn notaries() -> Vec<Person> {
    let notary = |subject, given_name, family_name, email, crpcen, office_name| {
        Person::notary(&Notary {
            subject,
            given_name,
            family_name,
            capacity: "notaire",
            email,
            crpcen,
            office_name,
            office_address: ["12 quai Fictif", "69990", "SPÉCIMEN"],
        })
    };
    vec![
        notary(
            NOTARY,
            "Camille",
            "Fontanel",
            "camille@quais.example",
            Some("69001"),
            "Étude des Quais",
        ),
        notary(
            COLLEAGUE,
            "Basile",
            "Orsini",
            "basile@quais.example",
            Some("69001"),
            "Étude des Quais",
        ),
        notary(
            OTHER_NOTARY,
            "Diane",
            "Keller",
            "diane@halles.example",
            Some("38002"),
            "Étude des Halles",
        ),
        notary(NO_OFFICE, "Alix", "Sorel", "alix@nulle-part.example", None, ""),
        notary(
            NEWCOMER,
            "Flore",
            "Amiel",
            "flore@collines.example",
            Some("26003"),
            "Étude des Collines",
        ),
    ]
}

/// The administrator of a département that only one test has: `agent-<slug>`.
pub(crate) fn administrator(department: &TestDepartment) -> Person {
    Person::agent(&Agent {
        subject: &format!("agent-{}", department.slug),
        given_name: "Anne",
        usual_name: "Vasselin",
        email: &department.administrator(),
        siret: department.siret,
        roles: &["agent_public_territorial"],
        detail: department.name,
    })
}

/// The people of the agents' provider.
pub fn agents() -> Vec<Person> {
    let agent = |subject, usual_name, email, siret| {
        Person::agent(&Agent {
            subject,
            given_name: "Anne",
            usual_name,
            email,
            siret,
            roles: &["agent_public_territorial"],
            detail: "agente",
        })
    };
    vec![
        agent(ADMIN_RHONE, "Vasselin", "admin@rhone.example", "99000069500017"),
        agent(ADMIN_ISERE, "Vasselin", "admin@isere.example", "99000038000016"),
        agent(
            OFFICER_RHONE,
            "Vasselin",
            "officer@rhone.example",
            "99000069500017",
        ),
        agent(
            AUDITOR_RHONE,
            "Vasselin",
            "auditor@rhone.example",
            "99000069500017",
        ),
        agent(
            OFFICER_ISERE,
            "Vasselin",
            "officer@isere.example",
            "99000038000016",
        ),
        agent(
            AUDITOR_ISERE,
            "Vasselin",
            "auditor@isere.example",
            "99000038000016",
        ),
        agent(STRANGER, "Personne", "personne@rhone.example", "99000069500017"),
    ]
}

/// A deceased person of the test registers.
#[derive(Debug, Clone, Copy)]
pub struct TestDecedent {
    /// Family name at birth.
    pub birth_name: &'static str,
    /// Given names.
    pub given_names: &'static str,
    /// Date of birth.
    pub birth_date: &'static str,
    /// What each département answers.
    pub outcome: Outcome,
}

/// One for each outcome.
pub const DECEDENTS: [TestDecedent; 5] = [
    TestDecedent {
        birth_name: "Lefèvre",
        given_names: "Odette Marie",
        birth_date: "02/01/1931",
        outcome: Outcome::Recoverable,
    },
    TestDecedent {
        birth_name: "Garnier",
        given_names: "Émile Jean",
        birth_date: "15/06/1928",
        outcome: Outcome::Overpayment,
    },
    TestDecedent {
        birth_name: "Boyer",
        given_names: "Suzanne",
        birth_date: "23/11/1934",
        outcome: Outcome::NotRecoverable,
    },
    TestDecedent {
        birth_name: "Inconnu",
        given_names: "Personne",
        birth_date: "01/01/1930",
        outcome: Outcome::Unknown,
    },
    TestDecedent {
        birth_name: "Perrin",
        given_names: "Jean",
        birth_date: "04/05/1940",
        outcome: Outcome::Ambiguous,
    },
];
