//! Processor time of the processes that take part, as Linux tells it. Unlike times it does not depend on what else the
//! machine does.

use std::collections::BTreeMap;
use std::fs;

use super::figures::Report;

/// Ticks of `/proc/<pid>/stat` in a second: Linux tells every program 100, whatever it counts itself.
const TICKS: f64 = 100.0;

/// Seconds of processor time used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Processor {
    /// The service.
    service: f64,
    /// PostgreSQL, where it is one of our own.
    postgresql: f64,
    /// This process: the notaries, and the servers for objects, mail and logins.
    ours: f64,
}

struct Process {
    name: String,
    parent: u32,
    seconds: f64,
    of_children: f64,
}

impl Processor {
    pub(super) fn now(service: u32) -> Self {
        let own = std::process::id();
        let processes = processes();
        let seconds = |id: u32| processes.get(&id).map_or(0.0, |process| process.seconds);
        let is_ours = |process: &Process| {
            let parent = processes.get(&process.parent);
            process.parent == own || parent.is_some_and(|parent| parent.parent == own)
        };
        let servers = processes
            .values()
            .filter(|process| process.name == "postgres" && is_ours(process));
        Self {
            service: seconds(service),
            postgresql: servers.map(|process| process.seconds + process.of_children).sum(),
            ours: seconds(own),
        }
    }

    /// Adds what one inquiry cost since.
    pub(super) fn tell_since(self, before: Self, inquiries: usize, report: &mut Report) {
        let each = |now: f64, before: f64| (now - before) * 1000.0 / inquiries.max(1) as f64;
        let parts = [
            ("dn", each(self.service, before.service)),
            ("PostgreSQL", each(self.postgresql, before.postgresql)),
            ("notaries, S3, SMTP", each(self.ours, before.ours)),
        ];
        for (name, milliseconds) in parts.into_iter().filter(|(_, milliseconds)| *milliseconds > 0.0) {
            report.value(
                format!("processor time of a complete inquiry: {name}"),
                milliseconds,
                "ms",
            );
        }
    }
}

fn processes() -> BTreeMap<u32, Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return BTreeMap::new();
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: u32| {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        Some((id, parse(&text)?))
    })
    .collect()
}

/// `17 (name) S 1 …`: the name may hold spaces and brackets.
fn parse(stat: &str) -> Option<Process> {
    let (begin, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(Process {
        name: begin.split_once('(')?.1.to_owned(),
        parent: fields.get(1)?.parse().ok()?,
        seconds: (ticks(11)? + ticks(12)?) / TICKS,
        of_children: (ticks(13)? + ticks(14)?) / TICKS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_kernel_is_read() {
        let stat = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 5 6 7";
        let process = parse(stat).unwrap();
        assert_eq!((process.name.as_str(), process.parent), ("a (b) c", 7));
        assert_eq!((process.seconds, process.of_children), (2.0, 0.5));
        assert!(parse("nonsense").is_none());
    }
}
