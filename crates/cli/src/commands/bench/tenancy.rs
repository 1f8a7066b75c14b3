//! `dn bench tenancy`: the same load on one département and spread over all, in turn, in one run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use domain::DepartmentSlug;

use super::Sizes;
use super::figures::{Aim, Report};
use super::ground::Ground;
use super::inquiries::LOOK_UNDER_LOAD;
use super::load::{Answers, Load, Visitors};
use super::machine::MemoryWatch;
use super::questions::{MIX, Questions};
use super::service::Service;
use crate::output::said;

/// Turns of each.
const TURNS: u32 = 6;

pub(super) async fn measure(ground: &Ground, sizes: &Sizes) -> Result<Report> {
    let wired = ground.migrated().await?;
    let departments = ground.fill(&wired, sizes).await?;
    let one = departments.first().context("no département")?.clone();
    let questions = Questions::about(ground, sizes.individuals).await?;
    let service = Service::start(ground).await?;
    let visitors = Visitors::log_in(&ground.servers.public_url, sizes.clients).await?;
    let memory = MemoryWatch::on(service.id);
    let ask = async |departments: &[DepartmentSlug], clients: usize, length: Duration| {
        let load = Load {
            visitors: &visitors,
            clients,
            departments: Arc::new(departments.to_vec()),
            questions: questions.clone(),
            look: LOOK_UNDER_LOAD,
            rest: Duration::ZERO,
        };
        let begun = Instant::now();
        let mut answers = load.during(length).await?;
        ground.drained(&wired.db).await?;
        answers.took = begun.elapsed();
        Ok::<_, anyhow::Error>(answers)
    };

    said("once over every département, unmeasured");
    ask(&departments, sizes.clients, sizes.phase / 2).await?;
    ask(std::slice::from_ref(&one), sizes.clients, sizes.phase / 4).await?;
    let (mut on_one, mut spread) = (Answers::default(), Answers::default());
    let (mut on_one_alone, mut spread_alone) = (Answers::default(), Answers::default());
    let turn = sizes.phase / TURNS;
    for number in 1..=TURNS {
        said(format!("turn {number} of {TURNS}"));
        on_one.add(ask(std::slice::from_ref(&one), sizes.clients, turn).await?);
        spread.add(ask(&departments, sizes.clients, turn).await?);
        on_one_alone.add(ask(std::slice::from_ref(&one), 1, turn / 2).await?);
        spread_alone.add(ask(&departments, 1, turn / 2).await?);
    }

    let mut report = Report {
        measured: format!(
            "Complete inquiries of {} notaries over HTTP to one département and spread over {}, {TURNS} turns of each in \
             one run, every register of {} people, {MIX}.",
            sizes.clients, sizes.tenants, sizes.individuals
        ),
        series: vec![
            spread.decisions("decision, spread").in_time(spread.took),
            on_one.decisions("decision, one département").in_time(on_one.took),
            spread.letters("letter, spread"),
            on_one.letters("letter, one département"),
            spread_alone.decisions("decision, spread, one notary"),
            on_one_alone.decisions("decision, one département, one notary"),
        ],
        rss_mb: memory.most_mb(),
        ..Report::default()
    };
    let rate = |place: usize| report.series[place].per_second.unwrap_or_default();
    let throughput = percent(rate(1), rate(0));
    let median = percent(report.series[4].p50_ms, report.series[5].p50_ms);
    report.value("cost of tenancy, inquiries a second", throughput, "%");
    report.value("cost of tenancy, median decision of one notary", median, "%");
    report.aims = vec![
        Aim::under("cost of tenancy, inquiries a second", throughput, 15.0, "%"),
        Aim::under("cost of tenancy, median decision", median, 15.0, "%"),
    ];
    visitors.log_out().await?;
    service.stop().await?;
    wired.db.close().await;
    Ok(report)
}

/// By how much more.
fn percent(more: f64, than: f64) -> f64 {
    if than > 0.0 {
        (more / than - 1.0) * 100.0
    } else {
        0.0
    }
}
