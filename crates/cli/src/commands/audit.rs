//! `dn audit …`: trails held against their chains, and taken away as CSV.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use app::{TrailCheck, TrailName};
use chrono::Utc;
use db::provision::private_file;
use db::{Finding, Fingerprint, TrailFilter, TrailHead};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::cli::ATTENTION;
use crate::config::Config;
use crate::output;
use crate::wiring::{Wired, wire};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Recompute the chain of each trail and say which entries were removed, altered or put in. Prints where each trail
    /// ends: noted elsewhere and handed back with --expect, it also finds a trail that was written anew as a whole.
    Verify {
        /// Slugs of départements, or `platform`; none: every trail.
        #[arg(value_name = "TRAIL")]
        trails: Vec<String>,
        /// Where a trail ended once: TRAIL:NUMBER:FINGERPRINT as printed, or NUMBER:FINGERPRINT when one trail is named.
        /// May be given several times.
        #[arg(long, value_name = "END")]
        expect: Vec<Noted>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a whole trail as CSV, as its auditor would get it. That it was taken is recorded in it.
    Export {
        /// Slug of a département, or `platform`.
        #[arg(value_name = "TRAIL")]
        trail: String,
        /// File to make; by default `journal-TRAIL-DAY.csv`.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// Where a trail ended once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    trail: Option<String>,
    end: TrailHead,
}

impl FromStr for Noted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "TRAIL:NUMBER:FINGERPRINT is expected, as `dn audit verify` prints it".to_owned();
        let mut parts = text.trim().rsplitn(3, ':');
        let hash: Fingerprint = parts
            .next()
            .and_then(|text| text.parse().ok())
            .ok_or_else(wrong)?;
        let number: u32 = parts
            .next()
            .and_then(|text| text.parse().ok())
            .ok_or_else(wrong)?;
        Ok(Self {
            trail: parts.next().map(str::to_owned),
            end: TrailHead {
                number: number.into(),
                hash,
            },
        })
    }
}

pub(crate) async fn run(config: Config, command: Command) -> Result<ExitCode> {
    let wired = wire(&config).await?;
    match command {
        Command::Verify { trails, expect, json } => verify(&wired, &trails, &expect, json).await,
        Command::Export { trail, to } => export(&wired, &trail, to).await,
    }
}

async fn verify(wired: &Wired, named: &[String], expect: &[Noted], json: bool) -> Result<ExitCode> {
    let trails = chosen(wired, named).await?;
    let expected = expected(&trails, expect)?;
    let mut checks = Vec::new();
    for trail in trails {
        let noted: Vec<TrailHead> = expected
            .iter()
            .filter(|(name, _)| *name == trail)
            .map(|(_, end)| *end)
            .collect();
        let bar = output::spinner(format!("Reading the trail of {trail}"));
        let checked = wired.app.verify_trail(trail.clone(), &noted).await;
        bar.finish_and_clear();
        checks.push(checked.with_context(|| format!("the trail of {trail} cannot be read"))?);
    }
    if json {
        output::json(&checks.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        checks.iter().for_each(tell);
    }
    let sound = checks.iter().all(|check| {
        check
            .verification
            .as_ref()
            .is_some_and(db::Verification::is_sound)
    });
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ATTENTION)
    })
}

/// The trails named, or all.
async fn chosen(wired: &Wired, named: &[String]) -> Result<Vec<TrailName>> {
    let all = wired.app.trails().await?;
    if named.is_empty() {
        return Ok(all);
    }
    named.iter().map(|name| known(&all, name)).collect()
}

fn known(all: &[TrailName], name: &str) -> Result<TrailName> {
    let found = all.iter().find(|trail| trail.to_string() == name).cloned();
    found.with_context(|| {
        format!("there is no trail `{name}`\n  next: `dn tenant list` shows the départements; the platform’s own is `platform`")
    })
}

/// Each end with its trail. One that is not verified is a mistake, not something to be passed over.
fn expected(trails: &[TrailName], expect: &[Noted]) -> Result<Vec<(TrailName, TrailHead)>> {
    let mut expected = Vec::new();
    for noted in expect {
        let trail = match (&noted.trail, trails) {
            (Some(name), _) => known(trails, name)?,
            (None, [only]) => only.clone(),
            (None, _) => {
                bail!("--expect needs the trail’s name where several are verified: TRAIL:NUMBER:FINGERPRINT")
            }
        };
        expected.push((trail, noted.end));
    }
    Ok(expected)
}

fn end(trail: &TrailName, head: &TrailHead) -> String {
    format!("{trail}:{}:{}", head.number, head.hash)
}

fn tell(check: &TrailCheck) {
    let trail = &check.trail;
    let Some(found) = &check.verification else {
        output::line(format!(
            "{trail}: NOT verified: suspended\n  next: `dn tenant resume {trail}`"
        ));
        return;
    };
    if found.is_sound() {
        output::line(format!("{trail}: sound, {} entries", found.entries));
    } else {
        output::line(format!("{trail}: BROKEN, {} entries", found.entries));
        for finding in &found.findings {
            output::line(format!("  {finding}"));
        }
        output::line(
            "  next: keep the database and its backups as they are, and compare with an export or backup from before",
        );
    }
    if let Some(head) = &found.head {
        output::line(format!("  ends at {}", end(trail, head)));
    }
}

fn as_json(check: &TrailCheck) -> serde_json::Value {
    let found = check.verification.as_ref();
    let findings: Vec<serde_json::Value> = found
        .map(|found| found.findings.iter().map(finding).collect())
        .unwrap_or_default();
    json!({
        "trail": check.trail.to_string(),
        "verified": found.is_some(),
        "sound": found.is_some_and(db::Verification::is_sound),
        "entries": found.map(|found| found.entries),
        "end": found.and_then(|found| found.head.as_ref()).map(|head| end(&check.trail, head)),
        "findings": findings,
    })
}

fn finding(found: &Finding) -> serde_json::Value {
    let mut value = json!(found);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("message".to_owned(), json!(found.to_string()));
    }
    value
}

async fn export(wired: &Wired, trail: &str, to: Option<PathBuf>) -> Result<ExitCode> {
    let trail = known(&wired.app.trails().await?, trail)?;
    let now = Utc::now();
    let to = to.unwrap_or_else(|| PathBuf::from(format!("journal-{trail}-{}.csv", now.format("%Y-%m-%d"))));
    let bytes = write(wired, &trail, &to)
        .await
        .with_context(|| format!("{} cannot be written", to.display()))?;
    output::line(format!("{trail}: {bytes} bytes in {}", to.display()));
    Ok(ExitCode::SUCCESS)
}

/// Makes the file first: what cannot be written is not recorded as taken.
async fn write(wired: &Wired, trail: &TrailName, to: &Path) -> Result<usize> {
    let mut file = private_file(to).await?;
    let mut export = wired
        .app
        .export_trail_by_operator(trail.clone(), TrailFilter::default(), Utc::now())
        .await?;
    let mut bytes = 0;
    while let Some(lines) = export.next().await? {
        bytes += lines.len();
        file.write_all(&lines).await?;
    }
    file.flush().await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_printed_can_be_handed_back() {
        let head = TrailHead {
            number: 42,
            hash: Fingerprint([7; 32]),
        };
        let trail = TrailName::Department("rhone".parse().unwrap());
        let noted: Noted = end(&trail, &head).parse().unwrap();
        assert_eq!((noted.trail.as_deref(), noted.end), (Some("rhone"), head));
        let short: Noted = format!("42:{}", head.hash).parse().unwrap();
        assert_eq!((short.trail.as_deref(), short.end), (None, head));
        for wrong in ["", "rhone", "rhone:42", "rhone:x:07", "rhone:-1:07", "42:zz"] {
            assert!(wrong.parse::<Noted>().is_err(), "{wrong}");
        }
        let platform = [TrailName::Platform, trail];
        assert!(expected(&platform, &[short]).is_err(), "which trail?");
        assert_eq!(expected(&platform, &[noted]).unwrap().len(), 1);
    }
}
