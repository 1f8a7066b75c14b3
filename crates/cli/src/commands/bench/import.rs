//! `dn bench import`: a large register comes into force while notaries ask.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::DepartmentSlug;
use tokio_util::sync::CancellationToken;

use super::Sizes;
use super::figures::{Aim, Report, milliseconds};
use super::ground::Ground;
use super::inquiries::LOOK_UNDER_LOAD;
use super::load::{Load, Visitors};
use super::machine::MemoryWatch;
use super::questions::{MIX, Questions};
use super::register;
use super::service::{Service, program};
use crate::output::said;

/// Between two inquiries: the question is what they feel of the import, not how many there can be.
const REST: Duration = Duration::from_millis(100);

/// Rows the aim speaks of.
const ROWS: f64 = 1_000_000.0;

pub(super) async fn measure(ground: &Ground, sizes: &Sizes) -> Result<Report> {
    let wired = ground.migrated().await?;
    // The register itself is what is measured.
    let empty = Sizes {
        individuals: 0,
        others: 0,
        ..*sizes
    };
    let departments = ground.fill(&wired, &empty).await?;
    let slug = departments.first().context("no département")?.clone();
    let file = register::file(&ground.folder()?, sizes.individuals, register::REGISTERED).await?;
    let rows = register::rows(&file)?;

    said(format!(
        "importing {rows} rows about {} people, nobody asking",
        sizes.individuals
    ));
    let (quiet, quiet_mb) = import(ground, &slug, &file).await?;
    let questions = Questions::about(ground, sizes.individuals).await?;
    let service = Service::start(ground).await?;
    let visitors = Visitors::log_in(&ground.servers.public_url, sizes.clients.min(2)).await?;
    let load = Load {
        visitors: &visitors,
        clients: sizes.clients.min(2),
        departments: Arc::new(vec![slug.clone()]),
        questions,
        look: LOOK_UNDER_LOAD,
        rest: REST,
    };
    load.during(sizes.phase / 4).await?;
    said("asking, nobody importing");
    let without = load.during(sizes.phase).await?;
    ground.drained(&wired.db).await?;

    said("importing again while notaries ask");
    let over = CancellationToken::new();
    let importing = async {
        let imported = import(ground, &slug, &file).await;
        over.cancel();
        imported
    };
    let (imported, with) = tokio::join!(importing, load.until(&over));
    let ((asked, asked_mb), with) = (imported?, with?);
    ground.drained(&wired.db).await?;
    let after = load.during(sizes.phase / 2).await?;
    ground.drained(&wired.db).await?;

    let mut report = Report {
        measured: format!(
            "A register of {} people in {rows} rows put in force by `dn register import` in a process of its own, once \
             with nobody asking and once with two notaries asking its département all the time, {MIX}. The times are of \
             their inquiries.",
            sizes.individuals
        ),
        series: vec![
            with.decisions("decision, during the import"),
            without.decisions("decision, without an import"),
            after.decisions("decision, after the import"),
            with.letters("letter, during the import"),
            without.letters("letter, without an import"),
        ],
        per_second: Some(rows as f64 / asked.as_secs_f64()),
        rss_mb: asked_mb.or(quiet_mb),
        ..Report::default()
    };
    let seconds = |time: Duration| milliseconds(time) / 1000.0;
    let each_million = |time: Duration| seconds(time) * ROWS / rows as f64;
    report.value("rows", rows as f64, "rows");
    report.value("import, nobody asking", seconds(quiet), "s");
    report.value("import, notaries asking", seconds(asked), "s");
    let ratio = |one: usize, other: usize| report.series[one].p50_ms / report.series[other].p50_ms.max(0.01);
    let slower = (ratio(0, 1) - 1.0) * 100.0;
    report.value("median decision slower by", slower, "%");
    report.aims = vec![
        Aim::under("1 000 000 rows, notaries asking", each_million(asked), 60.0, "s"),
        Aim::under("median decision slower by", slower, 50.0, "%"),
    ];
    visitors.log_out().await?;
    service.stop().await?;
    wired.db.close().await;
    Ok(report)
}

/// As an operator does it; how long it took and the most memory it had.
async fn import(ground: &Ground, slug: &DepartmentSlug, file: &Path) -> Result<(Duration, Option<f64>)> {
    let mut command = program(ground)?;
    command
        .args(["register", "import", slug.as_str()])
        .arg(file)
        .args(["--again", "--json"])
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    let begun = Instant::now();
    let mut importing = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .spawn()
        .context("the import cannot be started")?;
    let memory = importing.id().map(MemoryWatch::on);
    let status = importing.wait().await?;
    ensure!(status.success(), "the import failed ({status})");
    Ok((begun.elapsed(), memory.and_then(|memory| memory.most_mb())))
}
