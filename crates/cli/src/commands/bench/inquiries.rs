//! `dn bench inquiries`: one large département among many, from the form to the letter.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Sizes;
use super::figures::{Aim, Report, Series};
use super::ground::Ground;
use super::load::{Load, Visitors};
use super::machine::MemoryWatch;
use super::processor::Processor;
use super::questions::{MIX, Questions};
use super::service::Service;
use super::stages::Bookmark;
use crate::output::said;

/// Between two looks for a letter, where only one asks.
const LOOK: Duration = Duration::from_millis(4);
/// The same, where many do: looking is work for the machine, too.
pub(super) const LOOK_UNDER_LOAD: Duration = Duration::from_millis(40);

pub(super) async fn measure(ground: &Ground, sizes: &Sizes) -> Result<Report> {
    let wired = ground.migrated().await?;
    let departments = ground.fill(&wired, sizes).await?;
    let questions = Questions::about(ground, sizes.individuals).await?;
    let service = Service::start(ground).await?;
    let visitors = Visitors::log_in(&ground.servers.public_url, sizes.clients).await?;
    let large = departments.first().context("no département")?.clone();
    let load = |clients, look| Load {
        visitors: &visitors,
        clients,
        departments: Arc::new(vec![large.clone()]),
        questions: questions.clone(),
        look,
        rest: Duration::ZERO,
    };
    load(2, LOOK).during(sizes.phase / 4).await?;
    ground.drained(&wired.db).await?;

    said("one notary, one inquiry after the other");
    let mark = Bookmark::at_end(&ground.service_log())?;
    let alone = load(1, LOOK).during(sizes.phase).await?;
    ground.drained(&wired.db).await?;
    let stages = mark.stages()?;

    said(format!("{} notaries at once", sizes.clients));
    let memory = MemoryWatch::on(service.id);
    let before = Processor::now(service.id);
    let begun = Instant::now();
    let busy = load(sizes.clients, LOOK_UNDER_LOAD).during(sizes.phase).await?;
    // Complete is an inquiry whose mails have gone, too.
    ground.drained(&wired.db).await?;
    let took = begun.elapsed();
    let after = Processor::now(service.id);

    let mut report = Report {
        measured: format!(
            "Inquiries over HTTP, logged in, with the real form, to a département of {} people among {} départements, \
             {MIX}; the program, PostgreSQL, S3, SMTP and the notaries all on this machine.",
            sizes.individuals, sizes.tenants
        ),
        series: vec![
            alone.decisions("form sent to committed decision, one notary"),
            alone.letters("form sent to letter downloaded, one notary"),
            alone.forms("empty form, one notary"),
            busy.decisions("form sent to committed decision, under load"),
            busy.letters("form sent to letter downloaded, under load")
                .in_time(took),
        ],
        stages,
        rss_mb: memory.most_mb(),
        ..Report::default()
    };
    aims(&mut report, &busy.letters("").in_time(took), sizes.clients);
    if let Some(idle) = service.idle_mb {
        report.value("memory of dn, idle", idle, "MB");
    }
    if let Some(most) = report.rss_mb {
        report.value("memory of dn, most under load", most, "MB");
    }
    after.tell_since(before, busy.asked.len(), &mut report);
    for (outcome, count) in busy.outcomes() {
        report.value(
            format!("answered {outcome}, under load"),
            count as f64,
            "inquiries",
        );
    }
    visitors.log_out().await?;
    service.stop().await?;
    wired.db.close().await;
    Ok(report)
}

fn aims(report: &mut Report, busy: &Series, clients: usize) {
    let (decision, letter) = (report.series[0].clone(), report.series[1].clone());
    let rate = busy.per_second.unwrap_or_default();
    report.per_second = Some(rate);
    report.aims = vec![
        Aim::under("decision, median", decision.p50_ms, 10.0, "ms"),
        Aim::under("decision, p99", decision.p99_ms, 30.0, "ms"),
        Aim::under("form to letter, median", letter.p50_ms, 60.0, "ms"),
        Aim::under("form to letter, p99", letter.p99_ms, 250.0, "ms"),
        Aim::over(
            format!("complete inquiries, {clients} notaries"),
            rate,
            100.0,
            "a second",
        ),
    ];
    if let Some(most) = report.rss_mb {
        report
            .aims
            .push(Aim::under("memory of dn under load", most, 250.0, "MB"));
    }
}
