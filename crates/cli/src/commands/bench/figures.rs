//! Figures: what a series of times comes to, and how a report shows it.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::output;

/// A series of times, told by its percentiles (nearest rank) in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Series {
    /// What was timed.
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
    /// How many a second were completed, where that was measured.
    pub(super) per_second: Option<f64>,
}

impl Series {
    pub(super) fn new(name: impl Into<String>, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1) - 1;
            times.get(rank).copied().map_or(0.0, milliseconds)
        };
        Self {
            name: name.into(),
            count: times.len(),
            p50_ms: at(50),
            p95_ms: at(95),
            p99_ms: at(99),
            max_ms: times.last().copied().map_or(0.0, milliseconds),
            per_second: None,
        }
    }

    /// With the number completed in this time.
    pub(super) fn in_time(mut self, took: Duration) -> Self {
        let seconds = took.as_secs_f64();
        self.per_second = (seconds > 0.0).then(|| rounded(self.count as f64 / seconds));
        self
    }
}

/// Milliseconds to a hundredth.
pub(super) fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1000.0)
}

/// To a hundredth.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A figure compared with what it should be.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Aim {
    name: String,
    value: f64,
    unit: &'static str,
    /// `under` or `over`.
    wanted: &'static str,
    aim: f64,
    met: bool,
}

impl Aim {
    pub(super) fn under(name: impl Into<String>, value: f64, aim: f64, unit: &'static str) -> Self {
        Self::compare(name, value, "under", aim, unit, value < aim)
    }

    pub(super) fn over(name: impl Into<String>, value: f64, aim: f64, unit: &'static str) -> Self {
        Self::compare(name, value, "over", aim, unit, value >= aim)
    }

    fn compare(
        name: impl Into<String>,
        value: f64,
        wanted: &'static str,
        aim: f64,
        unit: &'static str,
        met: bool,
    ) -> Self {
        Self {
            name: name.into(),
            value: rounded(value),
            unit,
            wanted,
            aim,
            met,
        }
    }
}

/// What one measurement found.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// In a sentence or two, with sizes.
    pub(super) measured: String,
    /// The first is the one the report is known by.
    pub(super) series: Vec<Series>,
    /// Where the time goes: stages, each a series.
    pub(super) stages: Vec<Series>,
    /// Other figures: name, value, unit.
    pub(super) values: Vec<(String, f64, &'static str)>,
    pub(super) aims: Vec<Aim>,
    /// Completed a second, where the measurement has one figure for it.
    pub(super) per_second: Option<f64>,
    /// Memory of `dn` under this load, in megabytes (10⁶ bytes).
    pub(super) rss_mb: Option<f64>,
}

impl Report {
    pub(super) fn value(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.values.push((name.into(), rounded(value), unit));
    }

    /// One object for machines.
    pub(super) fn as_json(&self, kind: &str, quick: bool, machine: &Value) -> Value {
        let first = self.series.first();
        let values = self.values.iter();
        json!({
            "bench": kind,
            "quick": quick,
            "measured": self.measured,
            "p50_ms": first.map(|series| series.p50_ms),
            "p95_ms": first.map(|series| series.p95_ms),
            "p99_ms": first.map(|series| series.p99_ms),
            "per_second": self.per_second.or(first.and_then(|series| series.per_second)).map(rounded),
            "rss_mb": self.rss_mb.map(rounded),
            "series": self.series,
            "stages": self.stages,
            "values": values.map(|(name, value, unit)| json!({ "name": name, "value": value, "unit": unit })).collect::<Vec<_>>(),
            "aims": self.aims,
            "machine": machine,
        })
    }

    /// Tables for eyes.
    pub(super) fn show(&self, machine: &Value) {
        output::line(&self.measured);
        table("", &self.series);
        if !self.stages.is_empty() {
            table("where the time goes, by stage", &self.stages);
        }
        if !self.values.is_empty() {
            let rows = self.values.iter();
            let rows = rows.map(|(name, value, unit)| vec![name.clone(), format!("{value} {unit}")]);
            output::table(&["", ""], rows);
        }
        let aims = self.aims.iter().map(|aim| {
            let met = if aim.met { "met" } else { "MISSED" };
            let (value, unit) = (aim.value, aim.unit);
            let wanted = format!("{} {} {unit}", aim.wanted, aim.aim);
            vec![
                aim.name.clone(),
                format!("{value} {unit}"),
                wanted,
                met.to_owned(),
            ]
        });
        output::table(&["aim", "found", "wanted", ""], aims);
        let word = |key: &str| match &machine[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        output::line(format!(
            "{} cores ({}), {} MB, PostgreSQL {}, {} build; load average {} before, {} after",
            word("cores"),
            word("processor"),
            word("memory_mb"),
            word("postgresql"),
            word("build"),
            word("load_before"),
            word("load_after")
        ));
    }
}

fn table(title: &str, series: &[Series]) {
    let rows = series.iter().map(|one| {
        vec![
            one.name.clone(),
            one.count.to_string(),
            one.p50_ms.to_string(),
            one.p95_ms.to_string(),
            one.p99_ms.to_string(),
            one.max_ms.to_string(),
            one.per_second.map(|rate| rate.to_string()).unwrap_or_default(),
        ]
    });
    let headers = [title, "count", "p50 ms", "p95 ms", "p99 ms", "max ms", "a second"];
    output::table(&headers, rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(milliseconds: impl IntoIterator<Item = u64>) -> Series {
        Series::new("s", milliseconds.into_iter().map(Duration::from_millis).collect())
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let hundred = series((1..=100).rev());
        assert_eq!(
            (hundred.p50_ms, hundred.p95_ms, hundred.p99_ms, hundred.max_ms),
            (50.0, 95.0, 99.0, 100.0)
        );
        let three = series([30, 10, 20]);
        assert_eq!((three.p50_ms, three.p95_ms, three.p99_ms), (20.0, 30.0, 30.0));
        assert_eq!(series([7]).p50_ms, 7.0);
        assert_eq!((series([]).count, series([]).p99_ms), (0, 0.0));
    }

    #[test]
    fn an_aim_is_met_on_its_own_side() {
        assert!(Aim::under("a", 9.9, 10.0, "ms").met && !Aim::under("a", 10.0, 10.0, "ms").met);
        assert!(Aim::over("a", 100.0, 100.0, "/s").met && !Aim::over("a", 99.0, 100.0, "/s").met);
    }
}
