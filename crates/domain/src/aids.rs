//! Aids, and which of them come back from an estate. Defaults are the law's; each rule names its article.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::partial_date::PartialDate;
use crate::settings::checks;
use crate::text::fold;

/// Article of the Code de l’action sociale et des familles (or decision) a rule stands on, as a letter cites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LegalBasis(pub &'static str);

/// A kind of aid the catalogue knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AidKind {
    /// Aide sociale à l’hébergement, elderly persons.
    AshElderly,
    /// Aide sociale à l’hébergement, disabled persons.
    AshDisabled,
    /// Aide ménagère, services ménagers.
    HomeHelp,
    /// Portage de repas.
    MealDelivery,
    /// Prestation spécifique dépendance (granted until 2001).
    Psd,
    /// Forfait journalier hospitalier.
    DailyCharge,
    /// Allocation personnalisée d’autonomie at home.
    ApaHome,
    /// Allocation personnalisée d’autonomie in an institution.
    ApaInstitution,
    /// Prestation de compensation du handicap.
    Pch,
    /// Allocation compensatrice pour tierce personne.
    Actp,
    /// Revenu de solidarité active.
    Rsa,
    /// An optional aid of the département, by its code in `tenant.toml`.
    Optional(String),
    /// A row of the register that an import had to refuse: an aid there may be, of which nothing is known. Nothing
    /// definite can be said of the person.
    Unreadable,
}

/// What the law (or the département's own rules) says of recovery for a kind of aid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recoverability {
    /// From the first euro of the net estate.
    FromFirstEuro,
    /// Not on the share of spouse, children, parents or the person who took effective and constant care.
    ExceptCloseRelatives,
    /// On the net estate above 46 000 € and for the spending above 760 € (CASF R132-12).
    AboveThresholds,
    /// Never.
    Never,
    /// As the département's own rules said when it was paid and at death.
    LocalRules,
}

/// Spending below this is not recovered for home help and the like: 760 € (CASF R132-12).
pub(crate) const SPENDING_THRESHOLD: Amount = Amount::from_cents(76_000);

impl AidKind {
    /// The kinds every département has.
    pub const LEGAL: [Self; 11] = [
        Self::AshElderly,
        Self::AshDisabled,
        Self::HomeHelp,
        Self::MealDelivery,
        Self::Psd,
        Self::DailyCharge,
        Self::ApaHome,
        Self::ApaInstitution,
        Self::Pch,
        Self::Actp,
        Self::Rsa,
    ];

    /// Code in imports and in the database.
    pub fn code(&self) -> &str {
        match self {
            Self::AshElderly => "ASH-PA",
            Self::AshDisabled => "ASH-PH",
            Self::HomeHelp => "AIDE-MENAGERE",
            Self::MealDelivery => "PORTAGE-REPAS",
            Self::Psd => "PSD",
            Self::DailyCharge => "FORFAIT-JOURNALIER",
            Self::ApaHome => "APA-DOMICILE",
            Self::ApaInstitution => "APA-ETABLISSEMENT",
            Self::Pch => "PCH",
            Self::Actp => "ACTP",
            Self::Rsa => "RSA",
            Self::Optional(code) => code,
            Self::Unreadable => "ILLISIBLE",
        }
    }

    /// Rule of recovery by default.
    pub fn recoverability(&self) -> Recoverability {
        match self {
            Self::AshElderly => Recoverability::FromFirstEuro,
            Self::AshDisabled => Recoverability::ExceptCloseRelatives,
            Self::HomeHelp | Self::MealDelivery | Self::Psd | Self::DailyCharge => {
                Recoverability::AboveThresholds
            }
            Self::ApaHome | Self::ApaInstitution | Self::Pch | Self::Actp | Self::Rsa => {
                Recoverability::Never
            }
            Self::Optional(_) | Self::Unreadable => Recoverability::LocalRules,
        }
    }

    /// What that rule stands on.
    pub fn basis(&self) -> LegalBasis {
        LegalBasis(match self {
            Self::AshElderly => "articles L. 132-8 et R. 132-11 du code de l’action sociale et des familles",
            Self::AshDisabled => "article L. 344-5 du code de l’action sociale et des familles",
            Self::HomeHelp | Self::MealDelivery | Self::Psd | Self::DailyCharge => {
                "articles L. 132-8 et R. 132-12 du code de l’action sociale et des familles"
            }
            Self::ApaHome | Self::ApaInstitution => {
                "article L. 232-19 du code de l’action sociale et des familles"
            }
            Self::Pch | Self::Actp => "article L. 245-7 du code de l’action sociale et des familles",
            Self::Rsa => "article L. 262-49 du code de l’action sociale et des familles",
            Self::Optional(_) | Self::Unreadable => "règlement départemental d’aide sociale",
        })
    }

    fn legal_label(&self) -> Option<&'static str> {
        Some(match self {
            Self::AshElderly => "Aide sociale à l’hébergement (personnes âgées)",
            Self::AshDisabled => "Aide sociale à l’hébergement (personnes handicapées)",
            Self::HomeHelp => "Aide ménagère",
            Self::MealDelivery => "Portage de repas",
            Self::Psd => "Prestation spécifique dépendance",
            Self::DailyCharge => "Forfait journalier",
            Self::ApaHome => "Allocation personnalisée d’autonomie à domicile",
            Self::ApaInstitution => "Allocation personnalisée d’autonomie en établissement",
            Self::Pch => "Prestation de compensation du handicap",
            Self::Actp => "Allocation compensatrice pour tierce personne",
            Self::Rsa => "Revenu de solidarité active",
            Self::Unreadable => "Ligne du registre refusée à l’import",
            Self::Optional(_) => return None,
        })
    }
}

/// One benefit granted to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aid {
    /// Kind of aid.
    pub kind: AidKind,
    /// What the register itself says of recovery; `None` leaves it to the catalogue.
    pub recoverable: Option<bool>,
    /// First day of the grant.
    pub starts: Option<PartialDate>,
    /// Last day paid; `None` while it runs.
    pub ends: Option<PartialDate>,
    /// Amount paid, when the register has it.
    pub amount: Option<Amount>,
    /// Overpayment as the register states it: `Some(0)` says there is none; `None` leaves it to the dates.
    pub overpayment: Option<Overpaid>,
    /// Territory or service in charge inside the département.
    pub territory: Option<String>,
}

impl Aid {
    /// The trace of a row that an import refused.
    pub fn unreadable() -> Self {
        Self {
            kind: AidKind::Unreadable,
            recoverable: None,
            starts: None,
            ends: None,
            amount: None,
            overpayment: None,
            territory: None,
        }
    }
}

/// What the register says of an overpayment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overpaid {
    /// There is none.
    No,
    /// There is one, of an amount not yet known.
    Yes,
    /// There is one, of this amount.
    Amount(Amount),
}

/// An optional aid of one département (`[[aids]]` of `tenant.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionalAid {
    /// Code in the `aide` column of imports.
    pub code: String,
    /// As letters name it.
    pub label: String,
    /// When the département's rules made it recoverable; empty: never.
    #[serde(default)]
    pub recoverable: Vec<Validity>,
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// First day.
    #[serde(deserialize_with = "checks::day")]
    pub from: NaiveDate,
    /// Last day; open when absent.
    #[serde(default, deserialize_with = "checks::optional_day")]
    pub to: Option<NaiveDate>,
}

impl Validity {
    fn covers(self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The kinds of aid a département knows: those of the law and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    optional: Vec<OptionalAid>,
    /// Kinds by every name a register may give them, folded: looked up for each row of an import.
    by_name: HashMap<String, AidKind>,
}

/// Other names of legal kinds, folded.
const ALIASES: [(&str, AidKind); 5] = [
    ("ash", AidKind::AshElderly),
    ("aidesocialealhebergement", AidKind::AshElderly),
    ("servicesmenagers", AidKind::HomeHelp),
    ("aideadomicile", AidKind::HomeHelp),
    ("apa", AidKind::ApaHome),
];

impl Default for Catalogue {
    /// The legal kinds alone.
    fn default() -> Self {
        Self::new(vec![])
    }
}

impl Catalogue {
    /// The legal kinds and these optional aids.
    pub fn new(optional: Vec<OptionalAid>) -> Self {
        let mut by_name: HashMap<String, AidKind> = HashMap::new();
        let mut name = |name: &str, kind: &AidKind| {
            let folded = fold(name);
            if !folded.is_empty() {
                by_name.entry(folded).or_insert_with(|| kind.clone());
            }
        };
        for (alias, kind) in &ALIASES {
            name(alias, kind);
        }
        for kind in &AidKind::LEGAL {
            name(kind.code(), kind);
            name(kind.legal_label().unwrap_or_default(), kind);
        }
        for aid in &optional {
            let kind = AidKind::Optional(aid.code.clone());
            name(&aid.code, &kind);
            name(&aid.label, &kind);
        }
        Self { optional, by_name }
    }

    /// The kind a register names by code or label, whatever the case, accents and separators.
    pub fn find(&self, text: &str) -> Option<AidKind> {
        self.by_name.get(&fold(text)).cloned()
    }

    /// As letters name the kind.
    pub fn label(&self, kind: &AidKind) -> String {
        let own = || {
            self.optional
                .iter()
                .find(|aid| aid.code == kind.code())
                .map(|aid| aid.label.clone())
        };
        kind.legal_label()
            .map(str::to_owned)
            .or_else(own)
            .unwrap_or_else(|| kind.code().to_owned())
    }

    /// Every code an import may use, for messages.
    pub fn codes(&self) -> Vec<String> {
        let own = self.optional.iter().map(|aid| aid.code.clone());
        AidKind::LEGAL
            .iter()
            .map(|kind| kind.code().to_owned())
            .chain(own)
            .collect()
    }

    /// Whether the département's own rules made an optional aid recoverable when it was paid and at death
    /// (Conseil d’État, 5 February 2020, no. 422833). Without a date of payment nothing is proven: `false`.
    pub fn locally_recoverable(&self, code: &str, paid_from: Option<NaiveDate>, death: NaiveDate) -> bool {
        let Some(aid) = self.optional.iter().find(|aid| aid.code == code) else {
            return false;
        };
        let covers = |day: NaiveDate| aid.recoverable.iter().any(|span| span.covers(day));
        paid_from.is_some_and(covers) && covers(death)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_kind_however_the_register_writes_it() {
        let catalogue = Catalogue::new(vec![OptionalAid {
            code: "AIDE-CHAUFFAGE".into(),
            label: "Aide au chauffage".into(),
            recoverable: vec![],
        }]);
        assert_eq!(catalogue.find("ash pa"), Some(AidKind::AshElderly));
        assert_eq!(catalogue.find("Aide ménagère"), Some(AidKind::HomeHelp));
        assert_eq!(catalogue.find("APA_DOMICILE"), Some(AidKind::ApaHome));
        assert_eq!(
            catalogue.find("aide au chauffage"),
            Some(AidKind::Optional("AIDE-CHAUFFAGE".into()))
        );
        assert_eq!(catalogue.find("loto"), None);
    }

    #[test]
    fn an_optional_aid_is_recoverable_only_when_the_rules_said_so_twice() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let catalogue = Catalogue::new(vec![OptionalAid {
            code: "X".into(),
            label: "X".into(),
            recoverable: vec![Validity {
                from: day("2010-01-01"),
                to: Some(day("2015-12-31")),
            }],
        }]);
        assert!(catalogue.locally_recoverable("X", Some(day("2011-05-01")), day("2015-12-31")));
        assert!(!catalogue.locally_recoverable("X", Some(day("2009-12-31")), day("2015-12-31")));
        assert!(!catalogue.locally_recoverable("X", Some(day("2011-05-01")), day("2016-01-01")));
        assert!(!catalogue.locally_recoverable("X", None, day("2015-12-31")));
    }
}
