//! `dn bench tenants`: many départements made, migrated, dropped.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use app::tenants::{TenantFolder, Tenants};
use chrono::Utc;
use db::migrate::{Progress, Target, migrate};
use db::{DepartmentIdentity, MigrateSettings, provision};
use domain::DepartmentId;
use uuid::Uuid;

use super::Sizes;
use super::figures::{Aim, Report, Series, milliseconds};
use super::ground::Ground;
use super::machine;
use crate::output::said;

pub(super) async fn measure(ground: &Ground, sizes: &Sizes) -> Result<Report> {
    let wired = ground.migrated().await?;
    let folders = ground.tenant_folders(sizes.tenants).await?;
    let owner = ground.owner();
    for folder in &folders {
        if wired.app.department(&folder.slug).await?.is_some() {
            provision::drop(owner, &folder.slug).await?;
        }
    }
    said("migrating from nothing");
    let listed: Vec<(DepartmentId, DepartmentIdentity)> = folders.iter().map(listed).collect();
    provision::enlist(owner, &listed).await?;
    let (from_nothing, each) = migrated(owner, folders.len()).await?;
    let (nothing_to_do, _) = migrated(owner, 0).await?;
    let dropped = dropped(owner, &folders).await?;

    said("creating one by one");
    let tenants = Tenants::new(wired.app.clone(), owner.clone());
    let begun = Instant::now();
    let mut created = Vec::new();
    for folder in &folders {
        let begun = Instant::now();
        let done = tenants.create(folder, Utc::now()).await?;
        ensure!(done.created, "{} was there", folder.slug);
        created.push(begun.elapsed());
    }
    let creating = begun.elapsed();
    wired.db.close().await;

    let count = folders.len();
    let mut report = Report {
        measured: format!(
            "{count} départements: `dn migrate` that makes every role, schema, table and grant of theirs from nothing; \
             `dn migrate` with nothing to do; each created as `dn tenant create` does, settings and letterhead included."
        ),
        series: vec![
            Series::new("one département migrated from nothing", each).in_time(from_nothing),
            Series::new("one département created", created).in_time(creating),
            Series::new("one département dropped", dropped),
        ],
        rss_mb: machine::rss_mb(std::process::id()),
        ..Report::default()
    };
    let seconds = |time: Duration| milliseconds(time) / 1000.0;
    report.value(
        format!("{count} migrated from nothing"),
        seconds(from_nothing),
        "s",
    );
    report.value(format!("{count} with nothing to do"), seconds(nothing_to_do), "s");
    report.value(format!("{count} created"), seconds(creating), "s");
    report.aims = vec![Aim::under(
        format!("{count} départements migrated"),
        seconds(from_nothing),
        5.0,
        "s",
    )];
    Ok(report)
}

fn listed(folder: &TenantFolder) -> (DepartmentId, DepartmentIdentity) {
    let identity = &folder.settings.identity;
    let identity = DepartmentIdentity {
        slug: folder.slug.clone(),
        insee_code: identity.insee_code.clone(),
        name: identity.name.clone(),
        official_name: identity.official_name.clone(),
        sirets: identity.sirets.clone(),
    };
    (DepartmentId(Uuid::now_v7()), identity)
}

/// A whole migration, and each département that had something to do in it.
async fn migrated(owner: &MigrateSettings, expected: usize) -> Result<(Duration, Vec<Duration>)> {
    let mut each = Vec::new();
    let begun = Instant::now();
    let report = migrate(owner, |step| {
        if let Progress::Done {
            target: Target::Tenant(_),
            applied,
            took,
        } = step
            && !applied.is_empty()
        {
            each.push(took);
        }
    });
    let report = report.await.context("the migration failed")?;
    let took = begun.elapsed();
    ensure!(report.is_complete(), "a département could not be migrated");
    ensure!(
        each.len() == expected,
        "{} départements were migrated instead of {expected}",
        each.len()
    );
    Ok((took, each))
}

async fn dropped(owner: &MigrateSettings, folders: &[TenantFolder]) -> Result<Vec<Duration>> {
    let mut each = Vec::new();
    for folder in folders {
        let begun = Instant::now();
        provision::drop(owner, &folder.slug).await?;
        each.push(begun.elapsed());
    }
    Ok(each)
}
