//! One decedent against one individual: what agrees, and what leaves a doubt.

use chrono::TimeDelta;
use domain::{Decedent, FamilyName, Individual, PartialDate};

use crate::family::{Equality, Family};
use crate::given::{Given, GivenLevel};
use crate::place::{self, PlaceTie};

/// Days by which a date of death in the register may differ from the one stated: clerks write down the day they
/// were told, and payments are stopped with the month.
const DEATH_TOLERANCE_DAYS: i64 = 31;

/// A decedent, normalised once for all candidates.
pub(crate) struct Query<'a> {
    decedent: &'a Decedent,
    birth: Option<Family>,
    usage: Option<Family>,
    given: Given,
}

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// What the given names are worth.
    pub(crate) given: GivenLevel,
    /// Whether the whole date of birth is known on both sides, and the same.
    pub(crate) whole_birth_date: bool,
    /// What agrees.
    pub(crate) agreements: Vec<String>,
    /// What does not, or is not known.
    pub(crate) doubts: Vec<String>,
}

impl Comparison {
    /// Whether this is the person beyond doubt, if nobody else comes near.
    pub(crate) fn beyond_doubt(&self) -> bool {
        self.doubts.is_empty()
    }

    /// Whether it is a person of another first given name with nothing else in common than a name and a birthday:
    /// a twin, who does not make an exact match doubtful.
    pub(crate) fn twin(&self) -> bool {
        self.given == GivenLevel::Other
    }
}

impl<'a> Query<'a> {
    /// Normalises the decedent.
    pub(crate) fn new(decedent: &'a Decedent) -> Self {
        Self {
            decedent,
            birth: decedent.birth_name.as_ref().map(Family::new),
            usage: decedent.usage_name.as_ref().map(Family::new),
            given: Given::new(&decedent.given_names),
        }
    }

    /// Compares; `None` when the individual cannot be meant: no name in common, another date of birth, or another
    /// first given name where the date is not whole.
    pub(crate) fn compare(&self, individual: &Individual) -> Option<Comparison> {
        if !self.decedent.birth_date.compatible(individual.birth_date) {
            return None;
        }
        let mut found = Findings::default();
        self.names(individual, &mut found)?;
        let whole_birth_date = self.birth_date(individual, &mut found);
        let tie = self.given.tie(&Given::new(&individual.given_names));
        if tie.level() == GivenLevel::Other && !whole_birth_date {
            return None;
        }
        found.say(tie.level() == GivenLevel::Same, tie.reason());
        self.birth_place(individual, &mut found);
        self.sex(individual, &mut found);
        self.death(individual, &mut found);
        Some(Comparison {
            given: tie.level(),
            whole_birth_date,
            agreements: found.agreements,
            doubts: found.doubts,
        })
    }

    /// Any name stated equals any name of the register. Two names at birth that differ leave a doubt, unless both
    /// names were merely exchanged: sisters-in-law share a name in use.
    fn names(&self, individual: &Individual, found: &mut Findings) -> Option<()> {
        let family = |name: &Option<FamilyName>| name.as_ref().map(Family::new);
        let (birth, usage) = (family(&individual.birth_name), family(&individual.usage_name));
        let tie = |a: &Option<Family>, b: &Option<Family>| a.as_ref()?.equality(b.as_ref()?);
        let births = tie(&self.birth, &birth);
        let usages = tie(&self.usage, &usage);
        let birth_as_usage = tie(&self.birth, &usage);
        let usage_as_birth = tie(&self.usage, &birth);
        let exchanged = birth_as_usage.is_some() && usage_as_birth.is_some();

        if let Some(equality) = births {
            found.agree(worded("nom de naissance identique", equality));
        }
        if let Some(equality) = usages {
            found.agree(worded("nom d’usage identique", equality));
        }
        match (births.or(usages), birth_as_usage, usage_as_birth) {
            (Some(_), _, _) => {}
            (None, Some(_), Some(_)) => found.agree("nom de naissance et nom d’usage intervertis".to_owned()),
            (None, Some(equality), None) => found.agree(worded(
                "nom de naissance indiqué identique au nom d’usage du registre",
                equality,
            )),
            (None, None, Some(equality)) => found.agree(worded(
                "nom d’usage indiqué identique au nom de naissance du registre",
                equality,
            )),
            (None, None, None) => return None,
        }
        if births.is_none() && !exchanged && self.birth.is_some() && birth.is_some() {
            found.doubt("noms de naissance différents".to_owned());
        }
        Some(())
    }

    /// Whether the whole date is known on both sides, which do not contradict each other.
    fn birth_date(&self, individual: &Individual, found: &mut Findings) -> bool {
        let whole = |date: PartialDate| date.full().is_some();
        match (whole(self.decedent.birth_date), whole(individual.birth_date)) {
            (true, true) => {
                found.agree("date de naissance identique".to_owned());
                return true;
            }
            (false, true) => found.doubt("date de naissance incomplète dans la demande".to_owned()),
            (true, false) => found.doubt("date de naissance incomplète dans le registre".to_owned()),
            (false, false) => {
                found.doubt("date de naissance incomplète dans la demande et dans le registre".to_owned());
            }
        }
        false
    }

    fn birth_place(&self, individual: &Individual, found: &mut Findings) {
        let (Some(stated), Some(known)) = (&self.decedent.birth_place, &individual.birth_place) else {
            return;
        };
        match place::tie(stated, known) {
            Some(PlaceTie::Agree) => found.agree("lieu de naissance concordant".to_owned()),
            Some(PlaceTie::Contradict) => found.doubt("lieu de naissance différent".to_owned()),
            None => {}
        }
    }

    fn sex(&self, individual: &Individual, found: &mut Findings) {
        if let (Some(stated), Some(known)) = (self.decedent.sex, individual.sex) {
            found.say(
                stated == known,
                if stated == known {
                    "sexe identique"
                } else {
                    "sexe différent"
                },
            );
        }
    }

    /// A death the register dates otherwise, or an aid granted to somebody who was dead by then, is perhaps
    /// another person's.
    fn death(&self, individual: &Individual, found: &mut Findings) {
        let stated = self.decedent.death_date;
        let tolerance = TimeDelta::days(DEATH_TOLERANCE_DAYS);
        if let Some(known) = individual.death_date {
            let far = known.earliest() - stated > tolerance || stated - known.latest() > tolerance;
            if far {
                found.doubt("date de décès différente dans le registre".to_owned());
            } else if known.full() == Some(stated) {
                found.agree("date de décès identique".to_owned());
            } else {
                found.agree("date de décès concordante à un mois près".to_owned());
            }
        }
        let started = individual.aids.iter().filter_map(|aid| aid.starts);
        if started
            .into_iter()
            .any(|start| start.earliest() - stated > tolerance)
        {
            found.doubt("aide accordée plus d’un mois après le décès indiqué".to_owned());
        }
    }
}

#[derive(Default)]
struct Findings {
    agreements: Vec<String>,
    doubts: Vec<String>,
}

impl Findings {
    fn agree(&mut self, reason: String) {
        self.agreements.push(reason);
    }

    fn doubt(&mut self, reason: String) {
        self.doubts.push(reason);
    }

    fn say(&mut self, agrees: bool, reason: &str) {
        if agrees {
            self.agree(reason.to_owned());
        } else {
            self.doubt(reason.to_owned());
        }
    }
}

fn worded(reason: &str, equality: Equality) -> String {
    match equality {
        Equality::Letters => reason.to_owned(),
        Equality::Particle => format!("{reason} à la particule près"),
    }
}
