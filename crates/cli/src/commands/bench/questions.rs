//! Whom is asked about: as many people of the register as strangers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use chrono::{Days, Utc};
use domain::{Decedent, FamilyName, Individual};

use super::ground::Ground;
use super::register;

/// Different questions; then they begin again.
const MOST: usize = 4000;

/// In words, for reports.
pub(super) const MIX: &str = "half of the questions about people of the register (one in four with a letter too many), half about strangers";

/// Questions, each asked in turn.
#[derive(Clone)]
pub(super) struct Questions {
    decedents: Arc<Vec<Decedent>>,
    turn: Arc<AtomicUsize>,
}

impl Questions {
    /// Questions to a register of so many people.
    pub(super) async fn about(ground: &Ground, individuals: u64) -> Result<Self> {
        let folder = ground.folder()?;
        let registered = register::file(&folder, individuals, register::REGISTERED).await?;
        let strangers = register::file(&folder, MOST as u64, register::STRANGERS).await?;
        let registered = register::people(&registered, MOST / 2)?;
        let strangers = register::people(&strangers, MOST / 2)?;
        ensure!(
            !registered.is_empty() && !strangers.is_empty(),
            "nobody to ask about"
        );
        let pairs = registered.iter().cycle().zip(&strangers);
        let decedents = pairs.enumerate().flat_map(|(place, (known, stranger))| {
            let mut asked = decedent(known);
            if place % 4 == 3 {
                misspell(&mut asked);
            }
            [asked, decedent(stranger)]
        });
        Ok(Self {
            decedents: Arc::new(decedents.collect()),
            turn: Arc::default(),
        })
    }

    /// The next one.
    pub(super) fn next(&self) -> &Decedent {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        &self.decedents[turn % self.decedents.len()]
    }
}

fn decedent(person: &Individual) -> Decedent {
    let lately = Utc::now().date_naive() - Days::new(30);
    let known = person.death_date.and_then(|date| date.full());
    Decedent {
        birth_name: person.birth_name.clone(),
        usage_name: person.usage_name.clone(),
        given_names: person.given_names.clone(),
        sex: person.sex,
        birth_date: person.birth_date,
        birth_place: person.birth_place.clone(),
        death_date: known.unwrap_or(lately),
        death_place: None,
        death_certificate_date: None,
    }
}

/// The last letter twice.
fn misspell(decedent: &mut Decedent) {
    let name = decedent.birth_name.as_mut().or(decedent.usage_name.as_mut());
    if let Some(name) = name
        && let Some(last) = name.as_str().chars().last()
        && let Ok(longer) = FamilyName::parse(&format!("{}{last}", name.as_str()))
    {
        *name = longer;
    }
}
