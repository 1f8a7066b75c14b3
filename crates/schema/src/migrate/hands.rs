//! Départements brought up to date a few at a time.

use std::time::{Duration, Instant};

use domain::DepartmentSlug;
use futures::future::try_join_all;
use futures::stream::{FuturesUnordered, StreamExt};

use super::files::Migrations;
use super::targets;
use crate::error::Result;
use crate::owner::Owner;
use crate::settings::MigrateSettings;

/// Connections at work at once. More than most machines have processors to spare: until its version 17 PostgreSQL waits for
/// the disk after each index it makes, and a new département has half a hundred of them.
const HANDS: usize = 4;

/// A département that a hand is done with.
pub(super) struct Done {
    pub(super) slug: DepartmentSlug,
    pub(super) applied: Result<Vec<String>>,
    pub(super) took: Duration,
}

/// Brings départements up to date, begun in their order; tells of each as it ends. Ends early when `tell` fails.
pub(super) async fn tenants(
    migrations: &Migrations,
    settings: &MigrateSettings,
    owner: &Owner,
    slugs: Vec<DepartmentSlug>,
    mut tell: impl FnMut(Done) -> Result<()>,
) -> Result<()> {
    let hands = (0..HANDS.min(slugs.len())).map(|_| owner.hand(settings));
    let hands = try_join_all(hands).await?;
    let mut slugs = slugs.into_iter();
    let mut at_work = FuturesUnordered::new();
    for (hand, slug) in hands.into_iter().zip(&mut slugs) {
        at_work.push(tenant(migrations, hand, slug));
    }
    while let Some((hand, done)) = at_work.next().await {
        tell(done)?;
        match slugs.next() {
            Some(slug) => at_work.push(tenant(migrations, hand, slug)),
            None => hand.close().await?,
        }
    }
    Ok(())
}

/// One département; gives the hand back.
async fn tenant(migrations: &Migrations, mut hand: Owner, slug: DepartmentSlug) -> (Owner, Done) {
    let began = Instant::now();
    let applied = targets::tenant(migrations, &mut hand, &slug).await;
    let done = Done {
        slug,
        applied,
        took: began.elapsed(),
    };
    (hand, done)
}
