//! Fictional people: worlds with different names, frequencies and habits of writing.

pub mod civil;
pub mod errors;
pub mod look_alikes;
mod names;

use chrono::{Days, NaiveDate};
use domain::Sex;

use crate::random::{Random, Weighted};
use civil::Civil;
use names::{ABROAD, BEGINNINGS, BRITTANY, ENDS, FRANCE, MAGHREB, MIDDLES, OVERSEAS, Origin, SOUTH};

/// What a world is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Its name in tables.
    pub name: &'static str,
    /// Weight of each origin: France, Brittany, South, Maghreb, Overseas, Abroad.
    pub origins: [f64; 6],
    /// How steeply frequency falls with rank (Zipf's exponent).
    pub steepness: f64,
    /// Share of rare family names.
    pub rare: f64,
    /// Weights of having one, two, three, four given names.
    pub given_names: [f64; 4],
    /// Share of women with a name in use.
    pub usage_names: f64,
    /// Share of the register with a place of birth.
    pub places: f64,
    /// Share of the register with a sex.
    pub sexes: f64,
    /// Share of the register with a date of death.
    pub deaths: f64,
    /// Share of the register's rows a clerk got wrong.
    pub clerk_errors: f64,
    /// Weights of the families of errors: names, given names, dates, others.
    pub errors: [f64; 4],
}

/// A world: people can be drawn from it without end.
#[derive(Debug, Clone)]
pub struct World {
    /// What it is made of.
    pub recipe: Recipe,
    origins: Weighted<Population>,
    rare: Vec<String>,
}

#[derive(Debug, Clone)]
struct Population {
    families: Weighted<String>,
    men: Weighted<String>,
    women: Weighted<String>,
    places: Weighted<String>,
    first_of_january: f64,
}

/// Lists of names from files, in place of the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Family names and their weights.
    pub families: Vec<(String, f64)>,
    /// Given names of men and their weights.
    pub men: Vec<(String, f64)>,
    /// Given names of women and their weights.
    pub women: Vec<(String, f64)>,
}

/// The family names of every origin, as plain capitals written as one word; not those made up of syllables.
pub fn family_names() -> Vec<String> {
    let all = [FRANCE, BRITTANY, SOUTH, MAGHREB, OVERSEAS, ABROAD];
    let mut names: Vec<String> = all
        .iter()
        .flat_map(|origin| origin.families.split_whitespace())
        .map(|name| name.replace(['-', '\'', '_'], ""))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl World {
    /// A world from its recipe.
    pub fn new(recipe: Recipe) -> Self {
        let all = [FRANCE, BRITTANY, SOUTH, MAGHREB, OVERSEAS, ABROAD];
        let steepness = recipe.steepness;
        let origins = all
            .iter()
            .zip(recipe.origins)
            .map(|(origin, weight)| (population(origin, steepness), weight));
        Self {
            origins: Weighted::new(origins),
            rare: rare_names(),
            recipe,
        }
    }

    /// A world whose names come from lists.
    pub fn with_lists(recipe: Recipe, lists: Lists) -> Self {
        let mut only = population(&FRANCE, recipe.steepness);
        only.families = Weighted::new(lists.families);
        only.men = Weighted::new(lists.men);
        only.women = Weighted::new(lists.women);
        Self {
            origins: Weighted::new([(only, 1.0)]),
            rare: rare_names(),
            recipe,
        }
    }

    /// The true civil status of somebody.
    pub fn person(&self, random: &mut Random) -> Civil {
        let Some(population) = self.origins.draw(random) else {
            return empty();
        };
        let sex = if random.happens(0.58) {
            Sex::Female
        } else {
            Sex::Male
        };
        let birth_name = self.family(population, random);
        let married = sex == Sex::Female && random.happens(self.recipe.usage_names);
        let usage_name = if married {
            self.family(population, random)
        } else {
            String::new()
        };
        let mut person = Civil {
            birth_name,
            usage_name,
            given: self.given(population, sex, random),
            day: 0,
            month: 0,
            year: 0,
            sex: Some(sex),
            place: population.places.draw(random).cloned().unwrap_or_default(),
            death: None,
        };
        birth(&mut person, population.first_of_january, random);
        person.death = death_after(&person, random);
        person
    }

    fn family(&self, population: &Population, random: &mut Random) -> String {
        let draw = |random: &mut Random| {
            if random.happens(self.recipe.rare) {
                random.pick(&self.rare).cloned()
            } else {
                population.families.draw(random).cloned()
            }
            .unwrap_or_default()
        };
        let name = draw(random);
        if random.happens(0.015) {
            format!("{name}-{}", draw(random))
        } else {
            name
        }
    }

    fn given(&self, population: &Population, sex: Sex, random: &mut Random) -> Vec<String> {
        let list = if sex == Sex::Male {
            &population.men
        } else {
            &population.women
        };
        let weights = self.recipe.given_names.iter().enumerate();
        let count = Weighted::new(weights.map(|(at, weight)| (at + 1, *weight)))
            .draw(random)
            .copied()
            .unwrap_or(1);
        let mut given: Vec<String> = Vec::new();
        for _ in 0..count * 3 {
            if given.len() == count {
                break;
            }
            if let Some(name) = list.draw(random)
                && !given.contains(name)
            {
                given.push(name.clone());
            }
        }
        given
    }

    /// A given name of that sex that none of these is.
    pub fn other_given(&self, sex: Sex, not: &[String], random: &mut Random) -> String {
        for _ in 0..50 {
            if let Some(population) = self.origins.draw(random) {
                let list = if sex == Sex::Male {
                    &population.men
                } else {
                    &population.women
                };
                if let Some(name) = list.draw(random)
                    && !not.contains(name)
                {
                    return name.clone();
                }
            }
        }
        "CUNEGONDE".to_owned()
    }

    /// Another family name.
    pub fn other_family(&self, not: &str, random: &mut Random) -> String {
        for _ in 0..50 {
            if let Some(population) = self.origins.draw(random) {
                let name = self.family(population, random);
                if name != not {
                    return name;
                }
            }
        }
        "QUIQUEMPOIX".to_owned()
    }

    /// Another commune.
    pub fn other_place(&self, not: &str, random: &mut Random) -> String {
        for _ in 0..50 {
            let place = self
                .origins
                .draw(random)
                .and_then(|population| population.places.draw(random).cloned());
            if let Some(place) = place.filter(|place| place != not) {
                return place;
            }
        }
        "Brioude".to_owned()
    }

    /// What the register holds of somebody: fields its clerks did not fill, and their errors.
    pub fn registered(&self, truth: &Civil, random: &mut Random) -> Civil {
        let mut row = truth.clone();
        if !random.happens(self.recipe.places) {
            row.place.clear();
        }
        if !random.happens(self.recipe.sexes) {
            row.sex = None;
        }
        if !random.happens(self.recipe.deaths) {
            row.death = None;
        }
        if random.happens(self.recipe.clerk_errors) {
            errors::one(self, &mut row, &mut errors::Done::default(), random);
        }
        row
    }
}

/// A date of birth as registers have them: mostly between 1920 and 1960.
pub fn birth(person: &mut Civil, first_of_january: f64, random: &mut Random) {
    let year = 1917 + random.between(0, 22) + random.between(0, 22);
    let day = NaiveDate::from_yo_opt(i32::try_from(year).unwrap_or(1930), 1)
        .and_then(|first| first.checked_add_days(Days::new(random.below(365) as u64)));
    let Some(day) = day else { return };
    use chrono::Datelike;
    (person.year, person.month, person.day) = (day.year(), day.month(), day.day());
    if random.happens(first_of_january) {
        (person.month, person.day) = (1, 1);
    }
}

fn death_after(person: &Civil, random: &mut Random) -> Option<NaiveDate> {
    let _ = person;
    NaiveDate::from_ymd_opt(2019, 1, 1)?.checked_add_days(Days::new(random.below(2500) as u64))
}

fn population(origin: &Origin, steepness: f64) -> Population {
    let zipf = |names: &str| {
        let names: Vec<String> = names
            .split_whitespace()
            .map(|name| name.replace('_', " "))
            .collect();
        let ranked = names.into_iter().enumerate();
        Weighted::new(ranked.map(|(rank, name)| (name, 1.0 / (rank as f64 + 3.0).powf(steepness))))
    };
    let spaced = |names: &str| names.replace('-', "_").replace("SAINT_", "SAINT-");
    Population {
        // Particles are written apart: `LE GALL`.
        families: zipf(&spaced(origin.families)),
        men: zipf(origin.men),
        women: zipf(origin.women),
        places: zipf(origin.places),
        first_of_january: origin.first_of_january,
    }
}

fn rare_names() -> Vec<String> {
    let mut names = Vec::new();
    for beginning in BEGINNINGS.split_whitespace() {
        for middle in MIDDLES.split_whitespace() {
            for end in ENDS.split_whitespace() {
                // One in seven of all combinations, spread without order: some forty thousand names.
                let name = format!("{beginning}{middle}{end}");
                let mark = name.bytes().fold(7u32, |sum, byte| {
                    sum.wrapping_mul(31).wrapping_add(u32::from(byte))
                });
                if mark.is_multiple_of(7) {
                    names.push(name);
                }
            }
        }
    }
    names
}

fn empty() -> Civil {
    Civil {
        birth_name: String::new(),
        usage_name: String::new(),
        given: Vec::new(),
        day: 0,
        month: 0,
        year: 0,
        sex: None,
        place: String::new(),
        death: None,
    }
}
