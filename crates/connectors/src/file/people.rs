//! Rows of one person put together.

use domain::french::NBSP;
use domain::{Aid, FamilyName, GivenNames, Individual, PartialDate, fold};

use super::row::Taken;
use super::{Problem, Severity};

/// Most aids of one person: more is an identifier that stands for many people.
const MAX_AIDS: usize = 1000;

/// A person some rows of whom have been read.
#[derive(Debug)]
pub(super) struct Pending {
    individual: Individual,
    /// Line of the first row.
    line: u64,
}

impl Pending {
    /// A person from their first row, and its aid where it could be read.
    pub(super) fn new(line: u64, mut person: Individual, aid: Option<Aid>) -> Self {
        person.aids.extend(aid);
        Self {
            individual: person,
            line,
        }
    }

    /// Whose rows these are.
    pub(super) fn identifier(&self) -> &str {
        &self.individual.identifier
    }

    /// The person, all rows read.
    pub(super) fn into_individual(self) -> Individual {
        self.individual
    }

    /// Adds a row. Names, given names and date of birth must not contradict the rows before: two people under one
    /// identifier would make one person's aids another's. What a row leaves empty, another may fill in.
    pub(super) fn add(&mut self, line: u64, taken: Taken) -> Result<Vec<Problem>, Problem> {
        let Taken {
            person,
            aid,
            mut warnings,
        } = taken;
        let first = self.line;
        let problem = |column, reason: String, severity| Problem {
            line,
            column: Some(column),
            reason,
            severity,
        };
        if self.individual.aids.len() >= MAX_AIDS {
            let reason = format!("plus de {MAX_AIDS} lignes pour un même identifiant");
            return Err(problem("identifiant", reason, Severity::Error));
        }
        let merged = self.merged(&person).map_err(|column| {
            let reason = format!(
                "ne concorde pas avec la ligne {first}, de même identifiant{NBSP}: une personne, une identité"
            );
            problem(column, reason, Severity::Error)
        })?;
        for column in self.differences(&person) {
            let reason = format!(
                "diffère de la ligne {first}, de même identifiant{NBSP}: la première valeur est gardée"
            );
            warnings.push(problem(column, reason, Severity::Warning));
        }
        self.individual = merged;
        if self.individual.aids.contains(&aid) {
            let reason = "la même aide figure déjà à l’identique pour cette personne\u{a0}: comptée une fois"
                .to_owned();
            warnings.push(problem("aide", reason, Severity::Warning));
        } else {
            self.individual.aids.push(aid);
        }
        Ok(warnings)
    }

    /// Both rows' civil status, or the column in which they are two people's. Takes the aids over.
    fn merged(&mut self, other: &Individual) -> Result<Individual, &'static str> {
        let mine = &self.individual;
        let birth_name = same_name(&mine.birth_name, &other.birth_name).ok_or("nom_naissance")?;
        let given_names = longer(&mine.given_names, &other.given_names).ok_or("prenoms")?;
        let birth_date = preciser(mine.birth_date, other.birth_date).ok_or("date_naissance")?;
        // Without a name at birth on both sides, the name in use is all there is to tell two people apart.
        if birth_name.is_none() {
            same_name(&mine.usage_name, &other.usage_name).ok_or("nom_usage")?;
        }
        Ok(Individual {
            identifier: mine.identifier.clone(),
            sex: mine.sex.or(other.sex),
            birth_name,
            usage_name: mine.usage_name.clone().or_else(|| other.usage_name.clone()),
            given_names,
            birth_date,
            birth_place: mine.birth_place.clone().or_else(|| other.birth_place.clone()),
            death_date: mine.death_date.or(other.death_date),
            aids: std::mem::take(&mut self.individual.aids),
        })
    }

    /// Columns that differ without making them two people.
    fn differences(&self, other: &Individual) -> impl Iterator<Item = &'static str> + use<> {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_some() && b.is_some() && a != b
        }
        let mine = &self.individual;
        let folded = |name: &Option<FamilyName>| name.as_ref().map(|name| fold(name.as_str()));
        [
            ("sexe", differ(mine.sex, other.sex)),
            (
                "nom_usage",
                differ(folded(&mine.usage_name), folded(&other.usage_name)),
            ),
            ("date_deces", differ(mine.death_date, other.death_date)),
        ]
        .into_iter()
        .filter_map(|(column, differs)| differs.then_some(column))
    }
}

/// The name that one of them has, or both; `None` when they have two.
fn same_name(a: &Option<FamilyName>, b: &Option<FamilyName>) -> Option<Option<FamilyName>> {
    match (a, b) {
        (Some(a), Some(b)) if fold(a.as_str()) != fold(b.as_str()) => None,
        (a, b) => Some(a.clone().or_else(|| b.clone())),
    }
}

/// The longer list, when it begins as the shorter does; either when they are only written differently.
fn longer(a: &GivenNames, b: &GivenNames) -> Option<GivenNames> {
    let folded = |names: &GivenNames| names.all().iter().map(|name| fold(name)).collect::<Vec<_>>();
    let (folded_a, folded_b) = (folded(a), folded(b));
    if folded_a.concat() == folded_b.concat() || folded_a.starts_with(&folded_b) {
        Some(a.clone())
    } else {
        folded_b.starts_with(&folded_a).then(|| b.clone())
    }
}

/// The date of which more is known, when both may mean the same day.
fn preciser(a: PartialDate, b: PartialDate) -> Option<PartialDate> {
    let known = |date: PartialDate| date.month().iter().count() + date.day().iter().count();
    a.compatible(b)
        .then_some(if known(a) >= known(b) { a } else { b })
}
