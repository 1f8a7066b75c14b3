//! `routes.txt`, read.

use std::fmt;

/// Persons in a line.
const PERSONS: usize = 10;

/// One request and what each person is answered.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) method: String,
    pub(super) route: String,
    /// What stands for the parameters, or in the form.
    pub(super) case: String,
    /// In the order of [`super::people::all`].
    pub(super) answers: Vec<String>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} with {}", self.method, self.route, self.case)
    }
}

impl Line {
    /// Whether its answer to this person must not differ from that to something which does not exist: it is about one
    /// thing, and the person is not given it.
    pub(super) fn is_secret(&self, person: usize) -> bool {
        let of_one = ["{submission}", "{inquiry}", "{slug}/demandes"]
            .iter()
            .any(|part| self.route.contains(part))
            || self.route == "/departements/{slug}"
            || self.route.starts_with("/departements/{slug}/journal")
            || self.route == "/demandes" && self.method == "POST" && self.case != "nothing";
        let code = ["C?", "CX"].contains(&self.case.as_str());
        let given = self.answers[person] == "200" || self.case == "rien";
        code || of_one && !given
    }

    /// Whether the two are answered by the same route in the same way.
    pub(super) fn is_like(&self, other: &Self, person: usize) -> bool {
        let kind = |line: &Self| match line.answers[person].split_once('/') {
            Some((start, _)) => start.to_owned(),
            None => line.answers[person].clone(),
        };
        self.method == other.method && self.route == other.route && kind(self) == kind(other)
    }
}

/// Every line of the table.
pub(super) fn lines() -> Vec<Line> {
    let text = include_str!("../routes.txt").lines();
    let lines: Vec<Line> = text
        .filter(|line| line.starts_with("GET ") || line.starts_with("POST "))
        .map(line)
        .collect();
    assert!(lines.len() > 40, "the table is not read");
    lines
}

fn line(text: &str) -> Line {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    assert_eq!(words.len(), 3 + PERSONS, "{text}");
    Line {
        method: words[0].clone(),
        route: words[1].clone(),
        case: words[2].clone(),
        answers: words[3..].to_vec(),
    }
}
