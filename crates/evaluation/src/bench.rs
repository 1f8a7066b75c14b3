//! Queries with known truth, and what an engine makes of them.

use std::collections::BTreeMap;

use chrono::Datelike;
use domain::{Individual, Sex};

use crate::questions::Question;
use crate::random::Random;
use crate::world::World;
use crate::world::civil::Civil;
use crate::world::errors::{self, Done, ErrorKind};
use crate::world::look_alikes::{self, Resemblance};

/// What a query is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A copy: case, accents and punctuation differ.
    Copy,
    /// One error.
    One(ErrorKind),
    /// Two errors.
    Two(ErrorKind, ErrorKind),
    /// Nobody of the register.
    Stranger,
    /// Nobody of the register, but made to resemble somebody.
    LookAlike(Resemblance),
}

impl Class {
    /// The row of the table it counts in.
    pub fn row(&self) -> Row {
        match self {
            Self::Copy => Row::Copies,
            Self::One(_) => Row::OneError,
            Self::Two(..) => Row::TwoErrors,
            Self::Stranger => Row::Strangers,
            Self::LookAlike(_) => Row::LookAlikes,
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Row {
    /// Copies.
    Copies,
    /// One error.
    OneError,
    /// Two errors.
    TwoErrors,
    /// Strangers at random.
    Strangers,
    /// Strangers made to resemble somebody.
    LookAlikes,
}

impl Row {
    /// Every row, in order.
    pub const ALL: [Self; 5] = [
        Self::Copies,
        Self::OneError,
        Self::TwoErrors,
        Self::Strangers,
        Self::LookAlikes,
    ];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Copies => "exact copies",
            Self::OneError => "one error",
            Self::TwoErrors => "two errors",
            Self::Strangers => "strangers at random",
            Self::LookAlikes => "strangers who resemble",
        }
    }
}

/// A query and the truth about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What it is.
    pub class: Class,
    /// Who is meant.
    pub truth: Option<String>,
    /// The query.
    pub question: Question,
}

/// A register and queries about it.
#[derive(Debug, Clone)]
pub struct Exam {
    /// The register.
    pub register: Vec<Individual>,
    /// The queries.
    pub trials: Vec<Trial>,
}

impl Exam {
    /// Draws a register and queries: a fifth of each row.
    pub fn draw(world: &World, people: usize, queries: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut register = Vec::with_capacity(people);
        let mut known: Vec<Civil> = Vec::with_capacity(people);
        let mut rows: Vec<Civil> = Vec::with_capacity(people);
        while register.len() < people {
            let truth = world.person(&mut random);
            let row = world.registered(&truth, &mut random);
            if let Some(individual) = row.individual(format!("P{:07}", register.len() + 1)) {
                register.push(individual);
                // Queries copy the truth; what the register lacks, the notary may know.
                known.push(truth);
                rows.push(row);
            }
        }
        let mut trials = Vec::with_capacity(queries);
        while trials.len() < queries {
            let row = Row::ALL[trials.len() * Row::ALL.len() / queries.max(1)];
            if let Some(trial) = draw_trial(world, row, &register, (&known, &rows), trials.len(), &mut random)
            {
                trials.push(trial);
            }
        }
        Self { register, trials }
    }
}

fn draw_trial(
    world: &World,
    row: Row,
    register: &[Individual],
    (known, rows): (&[Civil], &[Civil]),
    number: usize,
    random: &mut Random,
) -> Option<Trial> {
    let who = random.below(register.len());
    let mut civil = known.get(who)?.clone();
    if register[who].birth_place.is_none() && random.happens(0.5) {
        civil.place.clear();
    }
    let mut truth = Some(register[who].identifier.clone());
    let class = match row {
        Row::Copies => Class::Copy,
        Row::OneError => Class::One(errors::one(world, &mut civil, &mut Done::default(), random)?),
        Row::TwoErrors => {
            let mut done = Done::default();
            let first = errors::one(world, &mut civil, &mut done, random)?;
            Class::Two(first, errors::one(world, &mut civil, &mut done, random)?)
        }
        Row::Strangers => {
            truth = None;
            civil = world.person(random);
            Class::Stranger
        }
        Row::LookAlikes => {
            truth = None;
            let kind = *random.pick(&Resemblance::ALL)?;
            // What the register does not hold cannot tell the stranger apart.
            civil = look_alikes::stranger(kind, rows.get(who)?, world, random)?;
            Class::LookAlike(kind)
        }
    };
    Some(Trial {
        class,
        truth,
        question: written(&civil, number, random),
    })
}

/// A civil status as a notary types it: in some case, with or without accents, in some form of date.
fn written(civil: &Civil, number: usize, random: &mut Random) -> Question {
    let style = random.below(3);
    let cased = |text: &str| match style {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => title(text),
    };
    let hyphens = random.below(3);
    let name = |text: &str| match hyphens {
        0 => cased(text).replace('-', " "),
        1 => cased(text).replace('\'', "’"),
        _ => cased(text),
    };
    let given = civil.given.iter().map(|name| cased(name)).collect::<Vec<_>>();
    let date = if random.happens(0.5) {
        format!("{:02}/{:02}/{:04}", civil.day, civil.month, civil.year)
    } else {
        format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day)
    };
    Question {
        id: format!("Q{:06}", number + 1),
        nom_naissance: name(&civil.birth_name),
        nom_usage: name(&civil.usage_name),
        prenoms: given.join(if random.happens(0.3) { ", " } else { " " }),
        date_naissance: date,
        sexe: civil.sex.map_or("", Sex::code).to_owned(),
        date_deces: civil.death.map_or_else(String::new, |day| {
            format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
        }),
        commune_naissance: civil.place.clone(),
    }
}

fn title(text: &str) -> String {
    let mut start = true;
    let mut titled = String::with_capacity(text.len());
    for c in text.chars() {
        if start {
            titled.extend(c.to_uppercase());
        } else {
            titled.extend(c.to_lowercase());
        }
        start = !c.is_alphabetic();
    }
    titled
}

/// What an engine answers: who, best first; definite only if it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This person.
    Definite(String),
    /// One of these, perhaps.
    Ambiguous(Vec<String>),
    /// Nobody.
    Unknown,
}

/// Counts of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Queries.
    pub asked: u64,
    /// Definite and right.
    pub right: u64,
    /// Ambiguous, with the person among the candidates (or, for strangers, anybody).
    pub ambiguous: u64,
    /// The person is not told: unknown, or ambiguous without them. For strangers: rightly unknown.
    pub missed: u64,
    /// Definite and wrong.
    pub wrong: u64,
}

impl Count {
    /// Counts an answer.
    pub fn add(&mut self, truth: Option<&str>, given: &Given) {
        self.asked += 1;
        match (given, truth) {
            (Given::Definite(who), Some(truth)) if who == truth => self.right += 1,
            (Given::Definite(_), _) => self.wrong += 1,
            (Given::Ambiguous(_), None) => self.ambiguous += 1,
            (Given::Ambiguous(all), Some(truth)) if all.iter().any(|who| who == truth) => self.ambiguous += 1,
            _ => self.missed += 1,
        }
    }

    /// Adds up.
    pub fn merge(&mut self, other: &Self) {
        self.asked += other.asked;
        self.right += other.right;
        self.ambiguous += other.ambiguous;
        self.missed += other.missed;
        self.wrong += other.wrong;
    }
}

/// What an engine made of an exam.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// By class; errors of two kinds count for both.
    pub classes: BTreeMap<Class, Count>,
    /// Those definite and wrong.
    pub wrong: Vec<(Trial, Given)>,
    /// Those missed.
    pub missed: Vec<Trial>,
}

impl Marks {
    /// Marks an answer.
    pub fn add(&mut self, trial: &Trial, given: Given) {
        let mut one = Count::default();
        one.add(trial.truth.as_deref(), &given);
        self.classes.entry(trial.class.clone()).or_default().merge(&one);
        if one.wrong > 0 {
            self.wrong.push((trial.clone(), given));
        } else if one.missed > 0 && trial.truth.is_some() {
            self.missed.push(trial.clone());
        }
    }

    /// A row of the table.
    pub fn row(&self, row: Row) -> Count {
        let mut sum = Count::default();
        for (class, count) in &self.classes {
            if class.row() == row {
                sum.merge(count);
            }
        }
        sum
    }
}
