//! Where the time goes, as the service itself tells it in its log (target `dn::timing`).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::figures::Series;

/// Events and their stages, in order, and what each is made of.
const STAGES: [(&str, &str, &str); 14] = [
    ("inquiry", "open", "decision: connection, role, schema"),
    ("inquiry", "look_back", "decision: what was asked lately"),
    ("inquiry", "insert", "decision: inquiry opened"),
    ("inquiry", "candidates", "decision: candidates fetched"),
    ("inquiry", "decide", "decision: matching engine"),
    (
        "inquiry",
        "write",
        "decision: decision, letter, trail, index, job",
    ),
    ("inquiry", "commit", "decision: PostgreSQL’s commit"),
    ("letter", "load", "letter: read"),
    ("letter", "render", "letter: Typst"),
    ("letter", "store", "letter: encrypted, sent to S3"),
    ("letter", "record", "letter: recorded, with a commit"),
    ("letter", "since_drawn", "letter: from the decision to recorded"),
    ("mail", "send", "mail: SMTP"),
    ("mail", "record", "mail: recorded, with a commit"),
];

/// A place in the log.
pub(super) struct Bookmark {
    log: PathBuf,
    at: u64,
}

impl Bookmark {
    /// At its end.
    pub(super) fn at_end(log: &Path) -> Result<Self> {
        let at = File::open(log)?.metadata()?.len();
        Ok(Self {
            log: log.to_owned(),
            at,
        })
    }

    /// The stages of everything logged since.
    pub(super) fn stages(&self) -> Result<Vec<Series>> {
        let mut file = File::open(&self.log)?;
        file.seek(SeekFrom::Start(self.at))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(stages(&text))
    }
}

fn stages(log: &str) -> Vec<Series> {
    let mut times: BTreeMap<(&str, &str), Vec<Duration>> = BTreeMap::new();
    for line in log.lines().filter(|line| line.contains("dn::timing")) {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let found = STAGES
            .iter()
            .filter(|(message, ..)| event["message"] == **message);
        for (message, stage, _) in found {
            if let Some(microseconds) = event[*stage].as_u64() {
                let time = Duration::from_micros(microseconds);
                times.entry((message, stage)).or_default().push(time);
            }
        }
    }
    let series = STAGES.iter().filter_map(|(message, stage, name)| {
        let times = times.remove(&(*message, *stage))?;
        Some(Series::new(*name, times))
    });
    series.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_from_the_log() {
        let log = r#"
{"timestamp":"x","level":"DEBUG","message":"inquiry","open":1000,"commit":2500,"target":"dn::timing"}
{"timestamp":"x","level":"INFO","message":"answered","open":9,"target":"dn_web"}
{"timestamp":"x","level":"DEBUG","message":"inquiry","open":3000,"commit":2500,"target":"dn::timing"}
half a line dn::timing {"#;
        let stages = stages(log);
        let found: Vec<(usize, f64)> = stages.iter().map(|one| (one.count, one.max_ms)).collect();
        assert_eq!(found, [(2, 3.0), (2, 2.5)]);
    }
}
