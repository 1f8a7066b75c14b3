//! Twenty départements on a pool of four connections, asked at random by many at once: no answer, letter, mail or row
//! ever carries another one's marker, and each form makes exactly one inquiry in each département it names.
//!
//! `cargo xtask test` runs it for a bounded number of steps. For longer, or again:
//! - `DN_SOAK=1` (as `cargo xtask soak` sets it): fifty times as many steps;
//! - `DN_SOAK_STEPS=1000`: so many steps of each client;
//! - `DN_SOAK_SEED=7`: other steps; the seed is printed, and the same seed makes the same choices.

mod client;
mod markers;
mod reckoning;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dn_testing::TestApp;
use domain::Quota;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio_util::sync::CancellationToken;

use client::Client;
use markers::{departments, notaries};

/// Those who ask at once.
const CLIENTS: usize = 8;
/// What each does in `cargo xtask test`.
const STEPS: usize = 10;
/// Connections of the pool: fewer than those who ask.
const CONNECTIONS: u32 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_of_twenty_departements_on_a_small_pool() -> Result<()> {
    let seed = number("DN_SOAK_SEED").unwrap_or(20_261_124);
    let longer = std::env::var("DN_SOAK").map_or(1, |_| 50);
    let steps = number("DN_SOAK_STEPS").map_or(STEPS * longer, |steps| steps as usize);
    println!("seed {seed}, {CLIENTS} clients, {steps} steps each");
    let started = Instant::now();
    let app = TestApp::builder()
        .database(|database| {
            database.max_connections = CONNECTIONS;
            database.acquire_timeout_seconds = 60;
        })
        // They ask more than notaries do.
        .app(|app| {
            app.quota = Quota {
                inquiries_per_hour: u32::MAX,
                inquiries_per_day: u32::MAX,
            };
        })
        .departments(departments())
        .notaries(notaries(CLIENTS))
        .start()
        .await?;
    println!("settled after {:?}", started.elapsed());
    let stop = CancellationToken::new();
    let following = tokio::spawn({
        let (app, stop) = (app.app.clone(), stop.clone());
        async move { app.follow_changes(stop).await }
    });
    let mut dice = StdRng::seed_from_u64(seed);
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        clients.push(Client::arrive(&app, number, dice.random()).await?);
    }
    println!("everybody is there after {:?}", started.elapsed());
    let asking = futures::future::join_all(clients.iter_mut().map(|client| client.spend(&app, steps)));
    let (done, worked) = tokio::join!(
        async {
            let done = asking.await;
            stop.cancel();
            done
        },
        work(&app, &stop)
    );
    worked?;
    done.into_iter().collect::<Result<Vec<()>>>()?;
    following.await?;
    app.work().await?;
    println!("everything is asked after {:?}", started.elapsed());
    let told = reckoning::settle(&app, &mut clients, dice.random()).await?;
    println!("{told}; {:?} in all", started.elapsed());
    ensure!(told.inquiries > CLIENTS, "too little was asked: {told}");
    Ok(())
}

/// Does the jobs while they come.
async fn work(app: &TestApp, stop: &CancellationToken) -> Result<()> {
    while !stop.is_cancelled() {
        app.work().await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}
