//! Reasons in French, for an officer and a judge.

use domain::french::NBSP;

use crate::compare::{Comparison, DeathTie};
use crate::dates::{DateTie, DayTie, PartTie, YearTie};
use crate::decide::{Answer, Candidate, Query, Ruling, Verdict};
use crate::family::FamilyTie;
use crate::given::GivenTie;
use crate::place::PlaceTie;
use crate::policy::Field;
use crate::ties::Doubtful;

/// Most people whose comparison is spelled out in the reasons.
const MAX_SPELLED_OUT: usize = 20;

/// One thing found of a person, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// In French: `nom de naissance identique`.
    pub text: String,
    /// Bits, positive for the same person.
    pub bits: f64,
}

impl Comparison {
    /// What was found, field by field.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut say = |text: String, bits: f64| found.push(Finding { text, bits });
        self.say_names(&mut say);
        if let Some(tie) = self.given {
            say(given(tie).to_owned(), self.bits.given);
        }
        match (self.more_given, self.given_conflict) {
            (_, true) => say("autres prénoms différents".to_owned(), self.bits.more_given),
            (0, false) => {}
            (1, false) => say("un autre prénom identique".to_owned(), self.bits.more_given),
            (more, false) => say(format!("{more} autres prénoms identiques"), self.bits.more_given),
        }
        if self.fields_exchanged {
            say("nom et prénom inversés".to_owned(), self.bits.fields);
        }
        if let Some(tie) = self.date {
            say(date(tie), self.bits.date);
        }
        if let Some(same) = self.sex {
            say(
                if same { "sexe identique" } else { "sexe différent" }.to_owned(),
                self.bits.sex,
            );
        }
        if let Some(tie) = self.place {
            let text = match tie {
                PlaceTie::Same => "lieu de naissance concordant",
                PlaceTie::Near => "lieu de naissance presque identique",
                PlaceTie::Other => "lieu de naissance différent",
            };
            say(text.to_owned(), self.bits.place);
        }
        if let Some(tie) = self.death {
            let text = match tie {
                DeathTie::Same => "date de décès identique",
                DeathTie::Near => "date de décès concordante",
                DeathTie::Month => "date de décès concordante à un mois près",
                DeathTie::Other => "date de décès différente dans le registre",
            };
            say(text.to_owned(), self.bits.death);
        }
        if self.granted_after_death {
            say(
                "aide accordée plus d’un mois après le décès indiqué".to_owned(),
                self.bits.grant,
            );
        }
        found
    }

    fn say_names(&self, say: &mut impl FnMut(String, f64)) {
        let names = self.names;
        let (first, second) = (self.bits.family, self.bits.second_family);
        let pairs = if names.crossed {
            if names.birth_as_usage.is_some_and(|tie| tie < FamilyTie::Other)
                && names.usage_as_birth.is_some_and(|tie| tie < FamilyTie::Other)
            {
                say(
                    "nom de naissance et nom d’usage intervertis".to_owned(),
                    first + second,
                );
                return;
            }
            [
                (
                    "nom de naissance indiqué et nom d’usage du registre",
                    names.birth_as_usage,
                ),
                (
                    "nom d’usage indiqué et nom de naissance du registre",
                    names.usage_as_birth,
                ),
            ]
        } else {
            [("nom de naissance", names.births), ("nom d’usage", names.usages)]
        };
        let nearest = names.nearest();
        let mut first_told = false;
        for (name, tie) in pairs {
            let Some(tie) = tie else { continue };
            let bits = if tie == nearest && !first_told {
                first
            } else {
                second
            };
            first_told |= tie == nearest;
            say(format!("{name} {}", family(tie, names.crossed)), bits);
        }
    }
}

fn family(tie: FamilyTie, plural: bool) -> &'static str {
    match (tie, plural) {
        (FamilyTie::Same, false) => "identique",
        (FamilyTie::Same, true) => "identiques",
        (FamilyTie::Particle, false) => "identique à la particule près",
        (FamilyTie::Particle, true) => "identiques à la particule près",
        (FamilyTie::Part, false) => "composé identique en partie",
        (FamilyTie::Part, true) => "composés identiques en partie",
        (FamilyTie::Sound, false) => "de même prononciation",
        (FamilyTie::Sound, true) => "de même prononciation",
        (FamilyTie::OneSlip, false) => "différent d’une lettre",
        (FamilyTie::OneSlip, true) => "différents d’une lettre",
        (FamilyTie::Shared, false) => "composé dont une partie seulement est identique",
        (FamilyTie::Shared, true) => "composés dont une partie seulement est identique",
        (FamilyTie::TwoSlips, false) => "différent de deux lettres",
        (FamilyTie::TwoSlips, true) => "différents de deux lettres",
        (FamilyTie::Other, false) => "différent",
        (FamilyTie::Other, true) => "différents",
    }
}

fn given(tie: GivenTie) -> &'static str {
    match tie {
        GivenTie::Same => "premier prénom identique",
        GivenTie::Spelling => "premier prénom identique, autrement orthographié",
        GivenTie::Reordered => "mêmes prénoms dans un autre ordre",
        GivenTie::Sound => "premier prénom de même prononciation",
        GivenTie::OneSlip => "premier prénom différent d’une lettre",
        GivenTie::Initial => "premier prénom réduit à une initiale",
        GivenTie::Among => "premier prénom de l’un parmi les autres prénoms de l’autre",
        GivenTie::Composite => "prénom composé identique en partie",
        GivenTie::StandIn => "premier prénom abrégé ou traduit",
        GivenTie::TwoSlips => "premier prénom différent de deux lettres",
        GivenTie::Other => "premier prénom différent",
    }
}

fn date(tie: DateTie) -> String {
    let mut parts: Vec<String> = Vec::new();
    match tie.day {
        DayTie::Exchanged => parts.push("jour et mois inversés".to_owned()),
        DayTie::FirstOfJanuary => parts.push(format!("1er{NBSP}janvier d’un côté, autre jour de l’autre")),
        DayTie::Parts { day, month } => {
            let mut tell = |tie: PartTie, name: &str| match tie {
                PartTie::Same => {}
                PartTie::Unknown => parts.push(format!("{name} inconnu d’un côté")),
                PartTie::BothUnknown => parts.push(format!("{name} inconnu des deux côtés")),
                PartTie::Digit => parts.push(format!("{name} différent d’un chiffre")),
                PartTie::Other => parts.push(format!("{name} différent")),
            };
            tell(day, "jour");
            tell(month, "mois");
        }
    }
    let years = |count: u32| {
        if count == 1 {
            "un an".to_owned()
        } else {
            format!("{count} ans")
        }
    };
    match tie.year {
        YearTie::Same => {}
        YearTie::Neighbour => parts.push("année voisine".to_owned()),
        YearTie::Exchanged => parts.push(format!(
            "chiffres de l’année inversés ({} d’écart)",
            years(tie.gap)
        )),
        YearTie::Unit | YearTie::Decade | YearTie::Century => {
            parts.push(format!(
                "année différente d’un chiffre ({} d’écart)",
                years(tie.gap)
            ));
        }
        YearTie::Other => parts.push(format!("année différente ({} d’écart)", years(tie.gap))),
    }
    if parts.is_empty() {
        "date de naissance identique".to_owned()
    } else {
        format!("date de naissance{NBSP}: {}", parts.join(", "))
    }
}

impl Doubtful {
    /// In French.
    pub fn text(self) -> &'static str {
        match self {
            Self::FamilyName => "le nom de famille n’est pas le même",
            Self::BirthNames => "les noms de naissance diffèrent",
            Self::UsageNames => "les noms d’usage diffèrent",
            Self::GivenName => {
                "un autre premier prénom désigne d’ordinaire une autre personne (jumeau, frère ou sœur)"
            }
            Self::GivenNameBorne => "le prénom indiqué est aussi celui d’autres personnes",
            Self::FamilyNameBorne => "le nom indiqué est aussi celui d’autres personnes",
            Self::MoreGivenNames => "les autres prénoms se contredisent",
            Self::Date => "la date de naissance n’est pas établie",
            Self::Generation => "une génération peut séparer les deux naissances",
            Self::DateDiffers => "la date de naissance diffère",
            Self::Sex => "ni le sexe ni le prénom ne sont les mêmes",
            Self::Death => "la date de décès du registre est une autre",
            Self::Place => "le lieu de naissance diffère",
            Self::TypingErrors => "trop de différences pour de simples fautes de copie",
            Self::Sound => "les noms ne concordent qu’à l’oreille",
            Self::Namesake => "un homonyme concorderait autant",
            Self::Relative => "un proche concorderait presque autant",
            Self::Little => "trop peu d’éléments concordent",
            Self::Rival => "une autre personne du registre concorde presque autant",
            Self::Missing(Field::BirthName) => "le nom de naissance n’est pas indiqué",
            Self::Missing(Field::GivenName) => "aucun prénom n’est indiqué",
            Self::Missing(Field::BirthDate) => "la date de naissance n’est pas indiquée",
            Self::Missing(Field::WholeBirthDate) => "la date de naissance n’est pas complète",
            Self::Missing(Field::Sex) => "le sexe n’est pas indiqué",
            Self::Missing(Field::BirthPlace) => "le lieu de naissance n’est pas indiqué",
        }
    }
}

impl Candidate {
    /// Doubts first, then what was found, the weightiest first.
    pub fn reasons(&self) -> Vec<String> {
        let mut findings = self.comparison.findings();
        findings.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
        let doubts = self.doubts.iter().map(|doubt| doubt.text().to_owned());
        doubts
            .chain(findings.into_iter().map(|finding| finding.text))
            .collect()
    }
}

/// The verdict in the words of the trade.
pub(crate) fn verdict(query: &Query, ruling: &Ruling) -> Verdict {
    match (ruling.answer, ruling.candidates.as_slice()) {
        (Answer::Definite, [best, others @ ..]) => {
            let findings = best.comparison.findings();
            let mut reasons: Vec<String> = findings.into_iter().map(|finding| finding.text).collect();
            if !others.is_empty() {
                reasons.push("personne d’autre dans le registre ne concorde autant".to_owned());
            }
            Verdict::Definite {
                identifier: best.identifier.clone(),
                reasons,
            }
        }
        (Answer::Ambiguous, all) => Verdict::Ambiguous {
            identifiers: all.iter().map(|candidate| candidate.identifier.clone()).collect(),
            reasons: ambiguous_reasons(all),
        },
        _ => Verdict::Unknown {
            reasons: vec![unknown_reason(query).to_owned()],
        },
    }
}

fn unknown_reason(query: &Query) -> &'static str {
    let person = &query.person;
    if person.families().next().is_none() {
        "aucun nom de famille n’est indiqué"
    } else if person.given.is_empty() {
        "aucun prénom n’est indiqué, et personne dans le registre ne concorde assez"
    } else if person.birth_date.is_none() {
        "aucune date de naissance n’est indiquée, et personne dans le registre ne concorde assez"
    } else {
        "personne dans le registre ne concorde assez avec le nom, les prénoms et la date de naissance indiqués"
    }
}

fn ambiguous_reasons(all: &[Candidate]) -> Vec<String> {
    let mut reasons = vec![match all.len() {
        1 => "une personne du registre peut être visée, sans certitude".to_owned(),
        count => format!("{count} personnes du registre peuvent être visées"),
    }];
    reasons.extend(all.iter().take(MAX_SPELLED_OUT).map(|candidate| {
        let all = candidate.reasons().join(&format!("{NBSP}; "));
        format!("dossier {}{NBSP}: {all}", candidate.identifier)
    }));
    if all.len() > MAX_SPELLED_OUT {
        reasons.push(format!("et {} autres dossiers", all.len() - MAX_SPELLED_OUT));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use domain::PartialDate;

    use super::*;

    #[test]
    fn french_does_not_break_a_date() {
        let on = |text: &str| PartialDate::parse(text).unwrap();
        let said = date(DateTie::of(on("01/01/1931"), on("14/07/1931")));
        assert_eq!(
            said,
            "date de naissance\u{a0}: 1er\u{a0}janvier d’un côté, autre jour de l’autre"
        );
    }
}
