//! Notaries who ask, each one inquiry after the other, for as long as wanted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use domain::DepartmentSlug;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::figures::Series;
use super::people;
use super::questions::Questions;
use super::visitor::{Asked, Visitor};

/// Notaries who are logged in.
pub(super) struct Visitors(Vec<Arc<Visitor>>);

impl Visitors {
    pub(super) async fn log_in(service: &str, count: usize) -> Result<Self> {
        let mut visitors = Vec::with_capacity(count);
        for number in 0..count {
            let visitor = Visitor::log_in(service, &people::subject(number)).await;
            visitors.push(Arc::new(visitor.context("the login failed")?));
        }
        Ok(Self(visitors))
    }

    pub(super) async fn log_out(self) -> Result<()> {
        for visitor in &self.0 {
            visitor.log_out().await.context("the logout failed")?;
        }
        Ok(())
    }
}

/// How they ask.
pub(super) struct Load<'v> {
    pub(super) visitors: &'v Visitors,
    /// How many of them.
    pub(super) clients: usize,
    /// The départements, asked in turn.
    pub(super) departments: Arc<Vec<DepartmentSlug>>,
    pub(super) questions: Questions,
    /// Between two looks for the letter.
    pub(super) look: Duration,
    /// After each inquiry.
    pub(super) rest: Duration,
}

impl Load<'_> {
    /// Asks for so long; each client at least once.
    pub(super) async fn during(&self, length: Duration) -> Result<Answers> {
        let stop = CancellationToken::new();
        let alarm = stop.clone();
        let watch = tokio::spawn(async move {
            tokio::time::sleep(length).await;
            alarm.cancel();
        });
        let answers = self.until(&stop).await;
        watch.abort();
        answers
    }

    /// Asks until told to stop; each client at least once.
    pub(super) async fn until(&self, stop: &CancellationToken) -> Result<Answers> {
        let begun = Instant::now();
        let mut clients = JoinSet::new();
        for (number, visitor) in self.visitors.0.iter().take(self.clients).enumerate() {
            let client = Client {
                visitor: Arc::clone(visitor),
                departments: Arc::clone(&self.departments),
                questions: self.questions.clone(),
                number,
                of: self.clients,
                look: self.look,
                rest: self.rest,
            };
            clients.spawn(client.run(stop.clone()));
        }
        let mut asked = Vec::new();
        while let Some(client) = clients.join_next().await {
            asked.extend(client??);
        }
        Ok(Answers {
            asked,
            took: begun.elapsed(),
        })
    }
}

struct Client {
    visitor: Arc<Visitor>,
    departments: Arc<Vec<DepartmentSlug>>,
    questions: Questions,
    number: usize,
    of: usize,
    look: Duration,
    rest: Duration,
}

impl Client {
    async fn run(self, stop: CancellationToken) -> Result<Vec<Asked>> {
        let mut asked = Vec::new();
        let mut turn = self.number;
        loop {
            let department = &self.departments[turn % self.departments.len()];
            let one = self.visitor.ask(department, self.questions.next(), self.look);
            asked.push(one.await?);
            turn += self.of;
            if stop.is_cancelled() {
                return Ok(asked);
            }
            tokio::time::sleep(self.rest).await;
        }
    }
}

/// What came of it.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) asked: Vec<Asked>,
    pub(super) took: Duration,
}

impl Answers {
    pub(super) fn add(&mut self, more: Self) {
        self.asked.extend(more.asked);
        self.took += more.took;
    }

    pub(super) fn forms(&self, name: &str) -> Series {
        self.series(name, |asked| asked.form)
    }

    pub(super) fn decisions(&self, name: &str) -> Series {
        self.series(name, |asked| asked.decided)
    }

    pub(super) fn letters(&self, name: &str) -> Series {
        self.series(name, |asked| asked.letter)
    }

    fn series(&self, name: &str, of: impl Fn(&Asked) -> Duration) -> Series {
        Series::new(name, self.asked.iter().map(of).collect())
    }

    /// How often each outcome came.
    pub(super) fn outcomes(&self) -> BTreeMap<&str, usize> {
        let mut outcomes = BTreeMap::new();
        for asked in &self.asked {
            *outcomes.entry(asked.outcome.as_str()).or_insert(0) += 1;
        }
        outcomes
    }
}
