//! `dn match simulate`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app::Simulated;
use chrono::Utc;
use domain::DepartmentSlug;

use crate::config::Config;
use crate::output;
use crate::wiring::wire;

/// Inquiries listed one by one.
const SHOWN: usize = 50;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The département.
    slug: DepartmentSlug,
    /// The other policy, in TOML: what would stand under `[matching]` in its tenant.toml.
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// Newest inquiries to look at.
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    last: u32,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(Some(&arguments.policy))?;
    let wired = wire(config).await?;
    let slug = &arguments.slug;
    let department = wired.app.department(slug).await?;
    department.with_context(|| format!("there is no département `{slug}`\n  next: `dn tenant list`"))?;
    let simulation = wired
        .app
        .simulate(slug, &policy, arguments.last, Utc::now())
        .await?;
    let simulation = simulation.with_context(|| {
        format!("`{slug}` has no register that can be asked\n  next: `dn register import {slug} FILE`, or `dn doctor`")
    })?;
    let mut kinds: BTreeMap<(Simulated, Simulated), u64> = BTreeMap::new();
    for change in &simulation.changes {
        *kinds.entry((change.before, change.after)).or_default() += 1;
    }
    output::line(format!(
        "{} of {} inquiries would have been answered otherwise",
        simulation.changes.len(),
        simulation.inquiries
    ));
    if simulation.changes.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    output::table(
        &["today", "by this policy", "inquiries"],
        kinds
            .into_iter()
            .map(|((before, after), count)| vec![word(before), word(after), count.to_string()]),
    );
    output::table(
        &["inquiry", "today", "by this policy"],
        simulation
            .changes
            .iter()
            .take(SHOWN)
            .map(|change| vec![change.reference.clone(), word(change.before), word(change.after)]),
    );
    Ok(ExitCode::SUCCESS)
}

fn word(answer: Simulated) -> String {
    match answer {
        Simulated::Definite => "definite",
        Simulated::Ambiguous => "ambiguous",
        Simulated::Unknown => "unknown",
    }
    .to_owned()
}
