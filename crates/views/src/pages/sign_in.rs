//! `GET /connexion` and what may go wrong on the way back from a provider.

use serde::Serialize;

use crate::{Page, Sample, samples};

/// A provider one may sign in with.
#[derive(Debug, Clone, Serialize)]
pub struct ProviderChoice {
    /// As in the configuration: the address is `/connexion/{id}`.
    pub id: String,
    /// `ID.not`, `ProConnect`, `Compte du département du Rhône`.
    pub label: String,
}

/// Why one stands before the choice of provider.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum SignInNotice {
    /// The session ended after a time without activity.
    Idle {
        /// Minutes without activity after which a session ends.
        minutes: u32,
    },
    /// The same, what was typed in the form being kept and given back after sign-in.
    IdleKept {
        /// Minutes without activity after which a session ends.
        minutes: u32,
    },
    /// The session ended after its longest life.
    TooLong {
        /// Hours after which a session ends.
        hours: u32,
    },
    /// Signed out as asked.
    SignedOut,
    /// The page asked for needs to know who one is.
    Required,
}

/// Choice of provider. `GET /connexion`.
#[derive(Debug, Clone, Serialize)]
pub struct ProvidersPage {
    /// For notaries.
    pub notary: Vec<ProviderChoice>,
    /// For staff of départements.
    pub staff: Vec<ProviderChoice>,
    /// Why one is here.
    pub notice: Option<SignInNotice>,
}

impl Page for ProvidersPage {
    const TEMPLATE: &'static str = "pages/providers.html";

    fn title(&self) -> String {
        "Se connecter".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |notice| Self {
            notary: vec![choice("idnot", "ID.not")],
            staff: vec![
                choice("proconnect", "ProConnect"),
                choice("rhone-keycloak", "le compte du département du Rhône"),
            ],
            notice,
        };
        let layout = || samples::visitor("/connexion");
        vec![
            Sample::new("connexion", layout(), page(None)),
            Sample::new(
                "connexion-inactivite",
                layout(),
                page(Some(SignInNotice::Idle { minutes: 30 })),
            ),
            Sample::new(
                "connexion-inactivite-saisie",
                layout(),
                page(Some(SignInNotice::IdleKept { minutes: 30 })),
            ),
            Sample::new(
                "connexion-duree",
                layout(),
                page(Some(SignInNotice::TooLong { hours: 8 })),
            ),
            Sample::new("connexion-sortie", layout(), page(Some(SignInNotice::SignedOut))),
            Sample::new("connexion-requise", layout(), page(Some(SignInNotice::Required))),
            Sample::new(
                "connexion-vide",
                layout(),
                Self {
                    notary: vec![],
                    staff: vec![],
                    notice: None,
                },
            ),
        ]
    }
}

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LoginErrorKind {
    /// A notary without the code of an office.
    MissingOffice,
    /// A notary without an e-mail address: the answer could not be announced.
    MissingEmail,
    /// Nobody of this name or address is known as staff of a département.
    UnknownOfficer {
        /// The address the provider gave, shown to its owner only.
        email: Option<String>,
    },
    /// The provider did not confirm the e-mail address of a person named by it.
    UnverifiedEmail,
    /// Cancelled at the provider.
    Cancelled,
    /// The way back came too late, twice, or from elsewhere.
    Expired,
    /// The provider cannot be reached or answers nonsense.
    ProviderDown,
    /// The authentication was not as strong as required.
    WeakAuthentication,
    /// The département of the person is suspended.
    Suspended,
    /// Anything else the provider refused.
    Refused,
}

/// A sign-in failed. Stands at `/connexion/{provider}` or `/connexion/{provider}/retour`.
#[derive(Debug, Clone, Serialize)]
pub struct LoginErrorPage {
    /// Why.
    pub kind: LoginErrorKind,
    /// With whom: [`ProviderChoice::label`].
    pub provider: String,
    /// To be told to the help.
    pub request_id: Option<String>,
}

impl Page for LoginErrorPage {
    const TEMPLATE: &'static str = "pages/login_error.html";

    fn title(&self) -> String {
        match self.kind {
            LoginErrorKind::MissingOffice => "Votre compte n’indique pas d’office notarial",
            LoginErrorKind::MissingEmail => "Votre compte n’indique pas d’adresse électronique",
            LoginErrorKind::UnknownOfficer { .. } => "Votre compte n’est rattaché à aucun département",
            LoginErrorKind::UnverifiedEmail => "Votre adresse électronique n’est pas vérifiée",
            LoginErrorKind::Cancelled => "Vous avez interrompu la connexion",
            LoginErrorKind::Expired => "La connexion est à recommencer",
            LoginErrorKind::ProviderDown => "Le service de connexion ne répond pas",
            LoginErrorKind::WeakAuthentication => "Une connexion plus sûre est nécessaire",
            LoginErrorKind::Suspended => "L’accès de votre département est suspendu",
            LoginErrorKind::Refused => "La connexion n’a pas abouti",
        }
        .to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |name, kind, provider: &str| {
            let page = Self {
                kind,
                provider: provider.to_owned(),
                request_id: Some(samples::id(90).to_string()),
            };
            Sample::new(name, samples::visitor("/connexion/retour"), page)
        };
        let officer = |email| LoginErrorKind::UnknownOfficer { email };
        let mail = Some("paul.martin@exemple.fr".to_owned());
        vec![
            page("connexion-sans-office", LoginErrorKind::MissingOffice, "ID.not"),
            page("connexion-sans-courriel", LoginErrorKind::MissingEmail, "ID.not"),
            page("connexion-agent-inconnu", officer(mail), "ProConnect"),
            page(
                "connexion-agent-inconnu-sans-courriel",
                officer(None),
                "ProConnect",
            ),
            page(
                "connexion-courriel-non-verifie",
                LoginErrorKind::UnverifiedEmail,
                "ProConnect",
            ),
            page("connexion-interrompue", LoginErrorKind::Cancelled, "ID.not"),
            page("connexion-expiree", LoginErrorKind::Expired, "ID.not"),
            page("connexion-en-panne", LoginErrorKind::ProviderDown, "ID.not"),
            page(
                "connexion-trop-faible",
                LoginErrorKind::WeakAuthentication,
                "ProConnect",
            ),
            page("connexion-suspendue", LoginErrorKind::Suspended, "ProConnect"),
            page("connexion-refusee", LoginErrorKind::Refused, "ID.not"),
        ]
    }
}

fn choice(id: &str, label: &str) -> ProviderChoice {
    ProviderChoice {
        id: id.to_owned(),
        label: label.to_owned(),
    }
}
