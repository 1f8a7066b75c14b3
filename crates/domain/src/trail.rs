//! What the audit trail can say: every action there is, what it is called on screen, and why it is done.
//!
//! An entry's action and purpose are stored by their codes. A code never changes its meaning and is never used again:
//! the trail outlives the program that wrote it.

use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident $code:literal $label:literal)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item_doc])* $item,)+ }

        impl $name {
            /// Every one there is, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];

            /// As stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$item => $code,)+ }
            }

            /// As shown on screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$item => $label,)+ }
            }

            /// From what is stored; `None` for what a newer version wrote.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$item),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

words! {
    /// Who did something, as far as a list needs to know.
    ActorKind {
        /// A notary or a collaborator.
        Notary "notary" "Notaire"
        /// A member of the département's staff.
        Staff "staff" "Agent du département"
        /// The operator of the platform, by a command.
        Operator "operator" "Exploitant de la plateforme"
        /// The program by itself.
        System "system" "Traitement automatique"
        /// Somebody not logged in.
        Public "public" "Public"
    }
}

words! {
    /// What somebody did: the « what » of an entry.
    Action {
        /// A notary asked a département about a deceased person.
        InquiryAsked "inquiry.asked" "Demande envoyée"
        /// The engine, or an officer, answered.
        InquiryDecided "inquiry.decided" "Réponse arrêtée"
        /// A notary asked as often as the limits allow.
        LimitReached "inquiry.limit_reached" "Plafond de demandes atteint"
        /// A series of near inquiries was left to an officer.
        SeriesExamined "inquiry.series_examined" "Série de demandes proches confiée à un agent"
        /// A series of near inquiries was refused.
        SeriesRefused "inquiry.series_refused" "Série de demandes proches refusée"
        /// Somebody looked at an answer, and so at the person it concerns.
        AnswerViewed "answer.viewed" "Réponse consultée"
        /// An office looked at its list of inquiries.
        HistoryViewed "history.viewed" "Liste des demandes consultée"
        /// A letter was signed by its code and stored.
        LetterIssued "letter.issued" "Courrier établi"
        /// A letter was handed over.
        LetterDownloaded "letter.downloaded" "Courrier téléchargé"
        /// Somebody checked the code of a letter.
        LetterVerified "letter.verified" "Courrier vérifié"
        /// A mail left.
        MailSent "mail.sent" "Courriel envoyé"
        /// Staff looked at the first page of their département, with its latest inquiries.
        HomeViewed "home.viewed" "Accueil du département consulté"
        /// A register came into force.
        RegisterImported "register.imported" "Registre versé"
        /// A notary logged in.
        NotaryLoggedIn "notary.logged_in" "Connexion d’un notaire"
        /// A member of staff logged in.
        StaffLoggedIn "staff.logged_in" "Connexion d’un agent"
        /// An account was linked to a member of staff.
        StaffLinked "staff.linked" "Compte d’agent rattaché"
        /// A login was refused.
        LoginRefused "login.refused" "Connexion refusée"
        /// A notary accepted the terms of use.
        TermsAccepted "terms.accepted" "Conditions acceptées"
        /// Settings or letterhead changed.
        SettingsApplied "settings.applied" "Paramètres modifiés"
        /// Another matching policy was tried on past inquiries.
        PolicyTried "policy.tried" "Réglages essayés sur les demandes passées"
        /// Somebody became administrator.
        AdministratorNamed "staff.administrator_named" "Administrateur désigné"
        /// Somebody is administrator no longer.
        AdministratorRemoved "staff.administrator_removed" "Administrateur retiré"
        /// Somebody became auditor.
        AuditorNamed "staff.auditor_named" "Auditeur désigné"
        /// Somebody is auditor no longer.
        AuditorRemoved "staff.auditor_removed" "Auditeur retiré"
        /// The first key of a département was drawn.
        KeyDrawn "key.drawn" "Clé de chiffrement créée"
        /// A new key for the letters to come.
        KeyRotated "key.rotated" "Clé de chiffrement renouvelée"
        /// A key was wrapped under another master.
        KeyRewrapped "key.rewrapped" "Clé de chiffrement protégée à nouveau"
        /// A département came into being.
        TenantCreated "tenant.created" "Département créé"
        /// A département was taken out of service.
        TenantSuspended "tenant.suspended" "Département suspendu"
        /// A département was put back into service.
        TenantResumed "tenant.resumed" "Département remis en service"
        /// Everything a département owns was written out.
        TenantExported "tenant.exported" "Données du département exportées"
        /// A département was deleted for good.
        TenantDropped "tenant.dropped" "Département supprimé"
        /// The tables changed.
        SchemaMigrated "schema.migrated" "Base de données mise à jour"
        /// Jobs that had failed were taken up again.
        JobsRetried "jobs.retried" "Tâches relancées"
        /// Somebody read the audit trail.
        TrailViewed "audit.viewed" "Journal consulté"
        /// Somebody took the audit trail away.
        TrailExported "audit.exported" "Journal exporté"
    }
}

words! {
    /// The « why » of an entry: what the data may be used for.
    Purpose {
        /// A notary in charge of an estate asks, and is answered (CASF, art. L132-8).
        Estate "estate" "Règlement d’une succession"
        /// The département handles what was asked.
        Casework "casework" "Traitement des demandes par le département"
        /// Whoever holds a letter may know that it is genuine.
        Authenticity "authenticity" "Contrôle de l’authenticité d’un courrier"
        /// Somebody enters, or is kept out.
        Access "access" "Accès au service"
        /// The service is set up and kept running.
        Operation "operation" "Paramétrage et exploitation du service"
        /// The département takes its data with it.
        Portability "portability" "Restitution des données au département"
        /// What was done is checked.
        Oversight "oversight" "Contrôle des accès"
    }
}

impl Action {
    /// Why it is done, unless the entry knows better.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::InquiryAsked
            | Self::InquiryDecided
            | Self::AnswerViewed
            | Self::HistoryViewed
            | Self::LetterIssued
            | Self::LetterDownloaded
            | Self::MailSent => Purpose::Estate,
            Self::HomeViewed => Purpose::Casework,
            Self::LetterVerified => Purpose::Authenticity,
            Self::NotaryLoggedIn
            | Self::StaffLoggedIn
            | Self::StaffLinked
            | Self::LoginRefused
            | Self::TermsAccepted => Purpose::Access,
            Self::TenantExported => Purpose::Portability,
            Self::LimitReached
            | Self::SeriesExamined
            | Self::SeriesRefused
            | Self::TrailViewed
            | Self::TrailExported => Purpose::Oversight,
            Self::RegisterImported
            | Self::SettingsApplied
            | Self::PolicyTried
            | Self::AdministratorNamed
            | Self::AdministratorRemoved
            | Self::AuditorNamed
            | Self::AuditorRemoved
            | Self::KeyDrawn
            | Self::KeyRotated
            | Self::KeyRewrapped
            | Self::TenantCreated
            | Self::TenantSuspended
            | Self::TenantResumed
            | Self::TenantDropped
            | Self::SchemaMigrated
            | Self::JobsRetried => Purpose::Operation,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_read_back_and_stands_for_one_thing() {
        for action in Action::ALL {
            assert_eq!(Action::from_code(action.code()), Some(*action));
        }
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::from_code(purpose.code()), Some(*purpose));
        }
        let labels: BTreeSet<_> = Action::ALL.iter().map(|action| action.label()).collect();
        assert_eq!(labels.len(), Action::ALL.len(), "two actions are called the same");
        assert_eq!(Action::from_code("from.the.future"), None);
    }
}
