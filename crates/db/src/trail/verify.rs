//! Holds a trail against its own chain, without PostgreSQL's help.

use std::fmt;

use serde::Serialize;

use super::{Fingerprint, TrailHead, TrailRow};

/// Runs of numbers kept for the report; the first one says where the trouble begins.
const MOST_FINDINGS: usize = 100;

/// What is wrong with a trail. Entries side by side with the same fault are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// Entries that were there are there no longer.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// Entries that do not say what was recorded.
    Altered {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// Entries that PostgreSQL did not append.
    Inserted {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// The record of where the trail ends is gone.
    HeadMissing,
    /// The trail is sound in itself, but not the one that was noted elsewhere: it was written anew.
    NotAsNoted {
        /// The number that was noted.
        number: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = |f: &mut fmt::Formatter<'_>, from: i64, to: i64, what: [&str; 2]| {
            if from == to {
                write!(f, "entry {from} {}", what[0])
            } else {
                write!(f, "entries {from} to {to} {}", what[1])
            }
        };
        match *self {
            Self::Missing { from, to } => run(f, from, to, ["is missing", "are missing"]),
            Self::Altered { from, to } => run(
                f,
                from,
                to,
                ["is not what was recorded", "are not what was recorded"],
            ),
            Self::Inserted { from, to } => run(
                f,
                from,
                to,
                [
                    "was put in by another hand than the application's",
                    "were put in by another hand than the application's",
                ],
            ),
            Self::HeadMissing => f.write_str("the record of where the trail ends is gone"),
            Self::NotAsNoted { number } => {
                write!(
                    f,
                    "entry {number} is not the one that was noted: the trail was written anew"
                )
            }
        }
    }
}

/// What became of a look at a whole trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Entries read.
    pub entries: u64,
    /// Where the trail says that it ends.
    pub head: Option<TrailHead>,
    /// What is wrong, the first hundred; empty for a sound trail.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Takes a trail entry by entry, in the order of their numbers.
#[derive(Debug)]
pub struct Verifier {
    last: TrailHead,
    /// Whether `last` was really read: after a gap nothing is known of what came before.
    linked: bool,
    noted: Vec<TrailHead>,
    entries: u64,
    findings: Vec<Finding>,
}

impl Verifier {
    /// For the trail in this schema (`platform`, or a département's), which must hold what was noted of it elsewhere.
    pub fn new(schema: &str, noted: &[TrailHead]) -> Self {
        let beginning = TrailHead {
            number: 0,
            hash: Fingerprint::beginning(schema),
        };
        let mut verifier = Self {
            last: beginning,
            linked: true,
            noted: noted.to_vec(),
            entries: 0,
            findings: Vec::new(),
        };
        verifier.compare_with_notes(beginning);
        verifier
    }

    /// The next entry.
    pub fn add(&mut self, row: &TrailRow) {
        self.entries += 1;
        let expected = self.last.number + 1;
        if row.number < expected {
            // No number below 1 is ever given, and none twice.
            self.tell(Finding::Inserted {
                from: row.number,
                to: row.number,
            });
            return;
        }
        if row.number > expected {
            self.tell(Finding::Missing {
                from: expected,
                to: row.number - 1,
            });
            self.linked = false;
        }
        let intact = Fingerprint::of(row) == row.hash;
        if !intact {
            self.altered(row.number);
        } else if self.linked && row.previous != self.last.hash {
            // It was chained to another entry than the one that stands before it.
            self.altered(self.last.number.max(1));
        }
        self.last = TrailHead {
            number: row.number,
            hash: row.hash,
        };
        self.linked = true;
        self.compare_with_notes(self.last);
    }

    /// The trail has no more entries than those told, and says that it ends here.
    pub fn finish(mut self, head: Option<TrailHead>) -> Verification {
        match head {
            None => self.tell(Finding::HeadMissing),
            Some(head) if head.number > self.last.number => self.tell(Finding::Missing {
                from: self.last.number + 1,
                to: head.number,
            }),
            Some(head) if head.number < self.last.number => self.tell(Finding::Inserted {
                from: head.number + 1,
                to: self.last.number,
            }),
            Some(head) if head.hash != self.last.hash => self.altered(head.number),
            Some(_) => (),
        }
        for noted in std::mem::take(&mut self.noted) {
            let number = noted.number;
            let told = |finding: &Finding| matches!(finding, Finding::Missing { from, to } if (*from..=*to).contains(&number));
            if !self.findings.iter().any(told) {
                self.tell(Finding::Missing {
                    from: number,
                    to: number,
                });
            }
        }
        Verification {
            entries: self.entries,
            head,
            findings: self.findings,
        }
    }

    fn altered(&mut self, number: i64) {
        self.tell(Finding::Altered {
            from: number,
            to: number,
        });
    }

    fn compare_with_notes(&mut self, here: TrailHead) {
        let (reached, ahead): (Vec<_>, Vec<_>) =
            self.noted.iter().partition(|noted| noted.number == here.number);
        self.noted = ahead;
        for noted in reached {
            if noted.hash != here.hash {
                self.tell(Finding::NotAsNoted { number: here.number });
            }
        }
    }

    /// Adds a finding, to the run before it if it goes on with it.
    fn tell(&mut self, finding: Finding) {
        if let Some(last) = self.findings.last_mut()
            && last.goes_on_with(finding)
        {
            return;
        }
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}

impl Finding {
    /// Takes in a finding that carries this run on; tells whether it did.
    fn goes_on_with(&mut self, next: Self) -> bool {
        match (self, next) {
            (Self::Altered { to, .. }, Self::Altered { from, to: last })
            | (Self::Inserted { to, .. }, Self::Inserted { from, to: last })
                if from == *to + 1 || from == *to =>
            {
                *to = last;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trail of so many entries, made as PostgreSQL would.
    fn trail(length: i64) -> Vec<TrailRow> {
        let mut last = Fingerprint::beginning("tenant_rhone");
        (1..=length)
            .map(|number| {
                let mut row = TrailRow {
                    number,
                    at: "2026-11-23T10:00:00.000001Z".parse().unwrap(),
                    actor: "system".to_owned(),
                    actor_id: None,
                    role: "system".to_owned(),
                    action: "mail.sent".to_owned(),
                    object: None,
                    purpose: Some("estate".to_owned()),
                    details: "null".to_owned(),
                    previous: last,
                    hash: last,
                };
                row.hash = Fingerprint::of(&row);
                last = row.hash;
                row
            })
            .collect()
    }

    fn end(rows: &[TrailRow]) -> TrailHead {
        rows.last()
            .map(|row| TrailHead {
                number: row.number,
                hash: row.hash,
            })
            .unwrap()
    }

    fn look(rows: &[TrailRow], head: TrailHead, noted: &[TrailHead]) -> Vec<Finding> {
        let mut verifier = Verifier::new("tenant_rhone", noted);
        rows.iter().for_each(|row| verifier.add(row));
        verifier.finish(Some(head)).findings
    }

    #[test]
    fn a_sound_trail_has_nothing_wrong() {
        let rows = trail(5);
        assert_eq!(look(&rows, end(&rows), &[end(&rows), end(&rows[..2])]), []);
        let empty = TrailHead {
            number: 0,
            hash: Fingerprint::beginning("tenant_rhone"),
        };
        assert_eq!(look(&[], empty, &[empty]), []);
    }

    #[test]
    fn a_trail_of_another_does_not_begin_here() {
        let mut verifier = Verifier::new("tenant_isere", &[]);
        let rows = trail(2);
        rows.iter().for_each(|row| verifier.add(row));
        assert_eq!(
            verifier.finish(Some(end(&rows))).findings,
            [Finding::Altered { from: 1, to: 1 }]
        );
    }

    #[test]
    fn an_entry_rewritten_with_its_fingerprint_is_found_by_the_next() {
        let mut rows = trail(5);
        let head = end(&rows);
        rows[2].object = Some("other".to_owned());
        rows[2].hash = Fingerprint::of(&rows[2]);
        assert_eq!(look(&rows, head, &[]), [Finding::Altered { from: 3, to: 3 }]);
        // The last one is found by the head.
        let mut rows = trail(5);
        rows[4].object = Some("other".to_owned());
        rows[4].hash = Fingerprint::of(&rows[4]);
        assert_eq!(look(&rows, head, &[]), [Finding::Altered { from: 5, to: 5 }]);
    }

    #[test]
    fn a_trail_written_anew_is_found_by_what_was_noted() {
        let noted = end(&trail(3));
        let mut rows = trail(5);
        let mut last = rows[0].hash;
        for row in &mut rows[1..] {
            row.object = Some("other".to_owned());
            row.previous = last;
            row.hash = Fingerprint::of(row);
            last = row.hash;
        }
        assert_eq!(look(&rows, end(&rows), &[]), []);
        assert_eq!(
            look(&rows, end(&rows), &[noted]),
            [Finding::NotAsNoted { number: 3 }]
        );
        assert_eq!(
            look(&rows[..2], end(&rows[..2]), &[noted]),
            [Finding::Missing { from: 3, to: 3 }]
        );
    }

    #[test]
    fn entries_moved_up_over_a_gap_are_altered() {
        let mut rows = trail(6);
        let head = end(&rows);
        rows.remove(2);
        for (row, number) in rows.iter_mut().zip(1..) {
            row.number = number;
        }
        assert_eq!(
            look(&rows, head, &[]),
            [
                Finding::Altered { from: 3, to: 5 },
                Finding::Missing { from: 6, to: 6 }
            ]
        );
    }

    #[test]
    fn a_trail_in_ruins_is_told_in_few_words() {
        let mut rows = trail(1000);
        let head = end(&rows);
        rows.retain(|row| row.number % 2 == 0);
        let findings = look(&rows, head, &[]);
        assert_eq!(findings.len(), MOST_FINDINGS);
        assert_eq!(findings[0], Finding::Missing { from: 1, to: 1 });
    }
}
