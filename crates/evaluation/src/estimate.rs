//! Probabilities estimated anew from a register and queries, without known truth: expectation–maximisation
//! (Dempster, Laird, Rubin 1977; for record linkage Winkler 1988).
//!
//! Pairs are the queries with their candidates; without queries, the people of the register with their candidates but
//! for themselves: a register holds some people twice, and each time as some clerk wrote them. A pair is of one person
//! or of two; given which, the ties of the fields are independent. What ties two people show by chance is counted in
//! the register (its frequencies) and kept; what ties one person shows is estimated in turns with the probability of
//! each pair to be of one person.

use std::collections::BTreeMap;

use domain::{FamilyName, Individual, Place};
use matching::{
    Comparison, DateModel, DayTie, Engine, FamilyModel, FamilyTie, GivenModel, GivenTie, Model, PartTie,
    PlaceModel, PlaceTie, Policy, Query, Written, YearTie,
};

use crate::store::Register;

/// Turns after which estimation stops in any case.
const MOST_TURNS: usize = 30;
/// People the register adds to every count, spread as the model given says.
const PRIOR: f64 = 50.0;

/// A re-estimated model.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The model.
    pub model: Model,
    /// Pairs looked at.
    pub pairs: usize,
    /// Of these, pairs of one person, as far as can be told.
    pub matches: f64,
    /// Turns it took.
    pub turns: usize,
}

/// What a register is compared with.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query.
    pub query: Query,
    /// Its own identifier, when it is one of the register: nobody tells anything of himself.
    pub own: Option<String>,
}

impl From<&Individual> for Asked {
    /// Somebody of the register.
    fn from(person: &Individual) -> Self {
        let text = |name: &Option<FamilyName>| name.as_ref().map_or("", FamilyName::as_str).to_owned();
        Self {
            query: Query::read(Written {
                birth_name: &text(&person.birth_name),
                usage_name: &text(&person.usage_name),
                given_names: &person.given_names.to_string(),
                sex: person.sex,
                birth_date: Some(person.birth_date),
                birth_place: person.birth_place.as_ref().map_or("", Place::as_str),
                death_date: person.death_date,
                last_grant: None,
            }),
            own: Some(person.identifier.clone()),
        }
    }
}

impl From<Query> for Asked {
    fn from(query: Query) -> Self {
        Self { query, own: None }
    }
}

/// Estimates from queries about a register.
pub fn estimate(register: &Register, queries: &[Asked], policy: &Policy) -> Estimate {
    let mut policy = policy.clone();
    let mut estimate = Estimate {
        model: policy.model.clone(),
        pairs: 0,
        matches: 0.0,
        turns: 0,
    };
    for turn in 1..=MOST_TURNS {
        let tally = tally(register, queries, &policy);
        let before = policy.model.clone();
        policy.model = maximised(&before, &tally);
        estimate = Estimate {
            model: policy.model.clone(),
            pairs: tally.pairs,
            matches: tally.matches,
            turns: turn,
        };
        if distance(&before, &policy.model) < 1e-4 {
            break;
        }
    }
    estimate
}

#[derive(Default)]
struct Tally {
    pairs: usize,
    matches: f64,
    family: BTreeMap<FamilyTie, f64>,
    crossed: f64,
    given: BTreeMap<GivenTie, f64>,
    day: BTreeMap<PartTie, f64>,
    month: BTreeMap<PartTie, f64>,
    exchanged: f64,
    first_of_january: f64,
    year: BTreeMap<YearTie, f64>,
    wrong_sex: f64,
    sexes: f64,
    place: BTreeMap<PlaceTie, f64>,
}

/// Expectation: how probably each query's best candidates are its person, and the ties they show.
fn tally(register: &Register, queries: &[Asked], policy: &Policy) -> Tally {
    let engine = Engine {
        policy,
        frequencies: register.frequencies(),
    };
    let mut tally = Tally::default();
    // Before looking, a query is about nobody of the register as probably as about somebody.
    let nobody = (register.len().max(2) as f64).log2();
    for Asked { query, own } in queries {
        let compared: Vec<Comparison> = register
            .candidates(query)
            .into_iter()
            .filter_map(|who| register.person(who))
            .filter(|(identifier, _)| own.as_deref() != Some(*identifier))
            .map(|(_, person)| engine.compare(query, person))
            .collect();
        tally.pairs += compared.len();
        let odds = |comparison: &Comparison| (comparison.bits.total() - nobody).clamp(-60.0, 60.0).exp2();
        let sum: f64 = 1.0 + compared.iter().map(odds).sum::<f64>();
        for comparison in &compared {
            let weight = odds(comparison) / sum;
            if weight > 1e-3 {
                tally.add(comparison, weight);
            }
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, found: &Comparison, weight: f64) {
        self.matches += weight;
        *self.family.entry(found.names.nearest()).or_default() += weight;
        self.crossed += if found.names.crossed { weight } else { 0.0 };
        if let Some(tie) = found.given {
            *self.given.entry(tie).or_default() += weight;
        }
        if let Some(date) = found.date {
            *self.year.entry(date.year).or_default() += weight;
            match date.day {
                DayTie::Exchanged => self.exchanged += weight,
                DayTie::FirstOfJanuary => self.first_of_january += weight,
                DayTie::Parts { day, month } => {
                    *self.day.entry(day).or_default() += weight;
                    *self.month.entry(month).or_default() += weight;
                }
            }
        }
        if let Some(tie) = found.place {
            *self.place.entry(tie).or_default() += weight;
        }
        if let Some(same) = found.sex {
            self.sexes += weight;
            self.wrong_sex += if same { 0.0 } else { weight };
        }
    }
}

/// Maximisation: the shares of the ties, drawn a little towards the model before, so that a kind of error that the
/// queries do not show stays possible.
fn maximised(before: &Model, tally: &Tally) -> Model {
    let total = tally.matches + PRIOR;
    let share = |seen: f64, prior: f64| (seen + PRIOR * prior) / total;
    let family = |tie: FamilyTie, prior| share(tally.family.get(&tie).copied().unwrap_or(0.0), prior);
    let given = |tie: GivenTie, prior| share(tally.given.get(&tie).copied().unwrap_or(0.0), prior);
    let year = |tie: YearTie, prior| share(tally.year.get(&tie).copied().unwrap_or(0.0), prior);
    let part = |parts: &BTreeMap<PartTie, f64>, tie: PartTie, prior| {
        share(parts.get(&tie).copied().unwrap_or(0.0), prior)
    };
    // Not every pair states places on both sides.
    let placed = tally.place.values().sum::<f64>() + PRIOR;
    let place =
        |tie: PlaceTie, prior: f64| (tally.place.get(&tie).copied().unwrap_or(0.0) + PRIOR * prior) / placed;
    let (f, g, d, p) = (&before.family, &before.given, &before.date, &before.place);
    Model {
        family: FamilyModel {
            same: family(FamilyTie::Same, f.same),
            particle: family(FamilyTie::Particle, f.particle),
            part: family(FamilyTie::Part, f.part),
            sound: family(FamilyTie::Sound, f.sound),
            one_slip: family(FamilyTie::OneSlip, f.one_slip),
            shared: family(FamilyTie::Shared, f.shared),
            two_slips: family(FamilyTie::TwoSlips, f.two_slips),
            other: family(FamilyTie::Other, f.other),
            exchanged: share(tally.crossed, f.exchanged),
        },
        given: GivenModel {
            same: given(GivenTie::Same, g.same),
            spelling: given(GivenTie::Spelling, g.spelling),
            reordered: given(GivenTie::Reordered, g.reordered),
            sound: given(GivenTie::Sound, g.sound),
            one_slip: given(GivenTie::OneSlip, g.one_slip),
            initial: given(GivenTie::Initial, g.initial),
            among: given(GivenTie::Among, g.among),
            composite: given(GivenTie::Composite, g.composite),
            stand_in: given(GivenTie::StandIn, g.stand_in),
            two_slips: given(GivenTie::TwoSlips, g.two_slips),
            other: given(GivenTie::Other, g.other),
        },
        date: DateModel {
            day_same: part(&tally.day, PartTie::Same, d.day_same),
            day_digit: part(&tally.day, PartTie::Digit, d.day_digit),
            day_other: part(&tally.day, PartTie::Other, d.day_other),
            month_same: part(&tally.month, PartTie::Same, d.month_same),
            month_digit: part(&tally.month, PartTie::Digit, d.month_digit),
            month_other: part(&tally.month, PartTie::Other, d.month_other),
            exchanged: share(tally.exchanged, d.exchanged),
            first_of_january: share(tally.first_of_january, d.first_of_january),
            year_same: year(YearTie::Same, d.year_same),
            year_neighbour: year(YearTie::Neighbour, d.year_neighbour),
            year_exchanged: year(YearTie::Exchanged, d.year_exchanged),
            year_unit: year(YearTie::Unit, d.year_unit),
            year_decade: year(YearTie::Decade, d.year_decade),
            year_other: year(YearTie::Other, d.year_other),
        },
        wrong_sex: (tally.wrong_sex + PRIOR * before.wrong_sex) / (tally.sexes + PRIOR),
        place: PlaceModel {
            same: place(PlaceTie::Same, p.same),
            near: place(PlaceTie::Near, p.near),
            other: place(PlaceTie::Other, p.other),
        },
    }
}

fn distance(a: &Model, b: &Model) -> f64 {
    let figures = |model: &Model| {
        [
            model.family.same,
            model.given.same,
            model.date.day_same,
            model.date.year_same,
        ]
    };
    figures(a)
        .into_iter()
        .zip(figures(b))
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use domain::Sex;

    use super::*;
    use crate::bench::Exam;
    use crate::recipes::METROPOLIS;
    use crate::world::World;

    /// People of a world.
    fn people() -> Vec<Individual> {
        Exam::draw(&World::new(METROPOLIS), 1_200, 5, 7).register
    }

    /// A copy of each under another number; the sex of every fourth is wrong.
    fn copies(people: &[Individual]) -> Vec<Individual> {
        let copies = people.iter().enumerate().map(|(place, person)| {
            let mut copy = person.clone();
            copy.identifier = format!("C{}", person.identifier);
            if place % 4 == 0 {
                copy.sex = copy.sex.map(|sex| match sex {
                    Sex::Male => Sex::Female,
                    Sex::Female => Sex::Male,
                });
            }
            copy
        });
        copies.collect()
    }

    fn register(people: &[Individual]) -> Register {
        let mut register = Register::new();
        people.iter().for_each(|person| register.add(person));
        register.finish();
        register
    }

    fn check(found: &Estimate) {
        assert!((0.2..0.3).contains(&found.model.wrong_sex), "{found:?}");
        assert!(found.model.family.same > 0.95, "{found:?}");
        assert!(found.model.place.same > 0.95, "{found:?}");
        assert!(found.model.date.day_digit < 0.03, "{found:?}");
        assert!((2..MOST_TURNS).contains(&found.turns), "{found:?}");
    }

    #[test]
    fn errors_of_queries_are_found_again() {
        let people = people();
        let asked: Vec<Asked> = copies(&people)
            .iter()
            .map(|copy| Asked {
                own: None,
                ..Asked::from(copy)
            })
            .collect();
        let found = estimate(&register(&people), &asked, &Policy::default());
        check(&found);
        assert!((1_100.0..1_250.0).contains(&found.matches), "{found:?}");
    }

    #[test]
    fn errors_of_a_register_that_holds_people_twice_are_found_again() {
        let mut people = people();
        people.extend(copies(&people));
        let asked: Vec<Asked> = people.iter().map(Asked::from).collect();
        let found = estimate(&register(&people), &asked, &Policy::default());
        check(&found);
        // Each pair is met from both sides.
        assert!((2_200.0..2_500.0).contains(&found.matches), "{found:?}");
    }
}
