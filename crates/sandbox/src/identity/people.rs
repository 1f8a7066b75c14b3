//! Who can log in.

use serde_json::{Map, Value, json};

/// Level of authentication of everyone here, unless changed: two factors, verified.
const STRONG: &str = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa";

/// Scopes that release more than the claim of their own name.
const SCOPES: [(&str, &[&str]); 2] = [
    (
        "profile",
        &[
            "given_name",
            "family_name",
            "usual_name",
            "crpcen",
            "office_name",
            "office_address",
        ],
    ),
    ("email", &["email", "email_verified"]),
];

/// A person who can log in.
#[derive(Debug, Clone)]
pub struct Person {
    /// `sub`.
    pub subject: String,
    /// As the login page shows it: `Camille Roux`.
    pub name: String,
    /// What else the login page says: office or département, and capacity.
    pub detail: String,
    /// `acr` of the ID token, whatever the client asks for: the client must check it.
    pub acr: String,
    /// Every other claim.
    pub claims: Map<String, Value>,
}

/// A notary or collaborator, with the claims of ID.not as far as they are public.
#[derive(Debug, Clone)]
pub struct Notary<'a> {
    /// `sub`.
    pub subject: &'a str,
    /// Given name.
    pub given_name: &'a str,
    /// Family name.
    pub family_name: &'a str,
    /// « notaire », « collaboratrice »: for the login page only.
    pub capacity: &'a str,
    /// E-mail.
    pub email: &'a str,
    /// Code of the office at the CRPCEN; `None` for a person without office.
    pub crpcen: Option<&'a str>,
    /// Name of the office.
    pub office_name: &'a str,
    /// Street, postal code, town of the office.
    pub office_address: [&'a str; 3],
}

/// An agent, with the claims of ProConnect: no `email_verified`, `usual_name` instead of `family_name`.
#[derive(Debug, Clone)]
pub struct Agent<'a> {
    /// `sub`.
    pub subject: &'a str,
    /// Given name.
    pub given_name: &'a str,
    /// Family name.
    pub usual_name: &'a str,
    /// E-mail.
    pub email: &'a str,
    /// Establishment.
    pub siret: &'a str,
    /// `agent_public_territorial`…
    pub roles: &'a [&'a str],
    /// What the login page says of the person: « administrateur, Département du Rhône ».
    pub detail: &'a str,
}

impl Person {
    /// A notary as ID.not would describe one.
    pub fn notary(notary: &Notary<'_>) -> Self {
        let mut claims = Map::new();
        claims.insert("given_name".into(), notary.given_name.into());
        claims.insert("family_name".into(), notary.family_name.into());
        claims.insert("email".into(), notary.email.into());
        claims.insert("email_verified".into(), true.into());
        let office = notary.crpcen.map_or("sans office", |_| notary.office_name);
        if let Some(crpcen) = notary.crpcen {
            let [street_address, postal_code, locality] = notary.office_address;
            let address = json!({
                "street_address": street_address, "postal_code": postal_code, "locality": locality,
            });
            claims.insert("crpcen".into(), crpcen.into());
            claims.insert("office_name".into(), notary.office_name.into());
            claims.insert("office_address".into(), address);
        }
        Self {
            subject: notary.subject.to_owned(),
            name: format!("{} {}", notary.given_name, notary.family_name),
            detail: format!("{}, {office}", notary.capacity),
            acr: STRONG.to_owned(),
            claims,
        }
    }

    /// An agent as ProConnect would describe one.
    pub fn agent(agent: &Agent<'_>) -> Self {
        let mut claims = Map::new();
        claims.insert("given_name".into(), agent.given_name.into());
        claims.insert("usual_name".into(), agent.usual_name.into());
        claims.insert("email".into(), agent.email.into());
        claims.insert("uid".into(), agent.subject.into());
        claims.insert("siret".into(), agent.siret.into());
        claims.insert("idp_id".into(), "f5f5c1a5-2f2c-4c27-9a80-6a8f9b3f6d51".into());
        claims.insert("roles".into(), json!(agent.roles));
        Self {
            subject: agent.subject.to_owned(),
            name: format!("{} {}", agent.given_name, agent.usual_name),
            detail: agent.detail.to_owned(),
            acr: STRONG.to_owned(),
            claims,
        }
    }

    /// What these scopes release: the claims they stand for, and any claim of the same name.
    pub(super) fn released(&self, scopes: &[String]) -> Map<String, Value> {
        let asked = |claim: &str| {
            scopes.iter().any(|scope| {
                scope == claim
                    || SCOPES
                        .iter()
                        .any(|(name, claims)| scope == name && claims.contains(&claim))
            })
        };
        let mut claims = self.claims.clone();
        claims.retain(|claim, _| asked(claim));
        claims.insert("sub".into(), self.subject.as_str().into());
        claims
    }
}
