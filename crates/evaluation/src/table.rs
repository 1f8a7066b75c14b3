//! The table of the bench: what each way of deciding makes of the same queries.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use matching::{Answer, Policy, Ruling};

use crate::bench::{Count, Exam, Given, Marks, Row};
use crate::rivals::{Rival, Rows};
use crate::store::Register;

/// One way of deciding, and what it made of an exam.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its marks.
    pub marks: Marks,
    /// Time of answering.
    pub time: Duration,
}

/// How the engine found its candidates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Blocking {
    /// Share of queries about somebody of the register whose person is among the candidates.
    pub completeness: f64,
    /// Candidates of half of the queries at most.
    pub median: usize,
    /// Of 99 in 100.
    pub p99: usize,
    /// Of all.
    pub most: usize,
}

/// What an engine's ruling says, in the terms of the bench.
pub fn given(ruling: &Ruling) -> Given {
    let mut all = ruling
        .candidates
        .iter()
        .map(|candidate| candidate.identifier.clone());
    match ruling.answer {
        Answer::Definite => all.next().map_or(Given::Unknown, Given::Definite),
        Answer::Ambiguous => Given::Ambiguous(all.collect()),
        Answer::Unknown => Given::Unknown,
    }
}

/// Runs the engine.
pub fn engine(exam: &Exam, policy: &Policy) -> (Line, Blocking) {
    let mut register = Register::new();
    for individual in &exam.register {
        register.add(individual);
    }
    register.finish();
    let started = Instant::now();
    let mut marks = Marks::default();
    let mut looked_at = Vec::with_capacity(exam.trials.len());
    for trial in &exam.trials {
        let ruling = register.rule(&trial.question.read().0, policy);
        looked_at.push(ruling.looked_at);
        marks.add(trial, given(&ruling));
    }
    let time = started.elapsed();
    let line = Line {
        name: "this engine".to_owned(),
        marks,
        time,
    };
    (line, blocking(exam, &register, looked_at))
}

fn blocking(exam: &Exam, register: &Register, mut looked_at: Vec<usize>) -> Blocking {
    let mut meant = 0u64;
    let mut found = 0u64;
    for trial in &exam.trials {
        let Some(truth) = &trial.truth else { continue };
        let candidates = register.candidates(&trial.question.read().0);
        let is_truth = |who: &u32| {
            register
                .person(*who)
                .is_some_and(|(identifier, _)| identifier == truth)
        };
        meant += 1;
        found += u64::from(candidates.iter().any(is_truth));
    }
    looked_at.sort_unstable();
    let at =
        |share: usize| looked_at.get((looked_at.len() * share / 100).min(looked_at.len().saturating_sub(1)));
    Blocking {
        completeness: found as f64 / meant.max(1) as f64,
        median: at(50).copied().unwrap_or(0),
        p99: at(99).copied().unwrap_or(0),
        most: looked_at.last().copied().unwrap_or(0),
    }
}

/// Runs every other way: equality, and each of the existing software's settings.
pub fn rivals(exam: &Exam) -> Vec<Line> {
    let rows = Rows::new(&exam.register);
    let run = |(name, rival): (String, Rival)| {
        let started = Instant::now();
        let mut marks = Marks::default();
        for trial in &exam.trials {
            marks.add(trial, rows.answer(rival, &trial.question));
        }
        Line {
            name,
            marks,
            time: started.elapsed(),
        }
    };
    Rival::all().into_iter().map(run).collect()
}

/// Marks what another program answered; a query it left out counts as answered « inconnu ».
pub fn answered(exam: &Exam, name: &str, answers: &HashMap<String, Given>, time: Duration) -> Line {
    let mut marks = Marks::default();
    for trial in &exam.trials {
        let given = answers.get(&trial.question.id).cloned();
        marks.add(trial, given.unwrap_or(Given::Unknown));
    }
    Line {
        name: name.to_owned(),
        marks,
        time,
    }
}

/// The cells of a line: its name, then for each row of the table what became of the queries.
pub fn cells(line: &Line) -> Vec<String> {
    let mut cells = vec![line.name.clone()];
    cells.extend(Row::ALL.map(|row| cell(row, &line.marks.row(row))));
    cells
}

/// The headers of [`cells`].
pub fn headers() -> Vec<&'static str> {
    let mut headers = vec![""];
    headers.extend(Row::ALL.map(Row::label));
    headers
}

/// `right / ambiguous / missed, wrong` in per cent; wrong as a count.
fn cell(row: Row, count: &Count) -> String {
    let share = |part: u64| 100.0 * part as f64 / count.asked.max(1) as f64;
    let wrong = if count.wrong == 0 {
        String::new()
    } else {
        format!(" · {} WRONG", count.wrong)
    };
    match row {
        Row::Strangers | Row::LookAlikes => format!("ambiguous {:.2} %{wrong}", share(count.ambiguous)),
        _ => format!(
            "{:.1} / {:.1} / {:.2} %{wrong}",
            share(count.right),
            share(count.ambiguous),
            share(count.missed)
        ),
    }
}
