//! `dn bench letters`: rendering, alone and with encryption and storage. No database.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use domain::{DepartmentId, LetterId};
use letters::{LetterData, Letterhead, RenderSettings, Rendered, Renderer};
use objects::{Keyring, ObjectKey, ObjectStore, StorageSettings};
use sandbox::S3Endpoint;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Sizes;
use super::figures::{Aim, Report, Series};
use super::machine;
use crate::commands::demo::folder::Folder;
use crate::output::{line, said};

/// Processes started for their first letter.
const COLD: usize = 5;

pub(super) async fn measure(folder: &Folder, sizes: &Sizes) -> Result<Report> {
    said("the first letter of a process");
    let mut cold = Vec::new();
    for _ in 0..COLD {
        cold.push(first_of_a_process().await?);
    }
    said("one thread");
    let warm = one_thread(sizes.phase).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    said(format!("{cores} threads"));
    let parallel = threads(cores, sizes.phase).await?;
    let memory = machine::rss_mb(std::process::id());
    said("rendered, encrypted, put");
    let (stored, stages) = stored(folder, sizes.phase).await?;

    let mut report = Report {
        measured: format!(
            "Letters of the kinds notaries get most (recoverable, unknown), each with other data: warm on one thread and \
             on {cores}, as the first letter of {COLD} processes (fonts and template read), and rendered, encrypted and put \
             into an S3 endpoint on this machine. Memory is this process's after rendering."
        ),
        series: vec![
            warm,
            Series::new("first letter of a process", cold),
            parallel,
            stored,
        ],
        stages,
        rss_mb: memory,
        ..Report::default()
    };
    let warm = report.series[0].p50_ms;
    report.aims = vec![Aim::under("letter, warm, median", warm, 5.0, "ms")];
    Ok(report)
}

/// `--first-letter`: renders one letter and prints how many microseconds that took.
pub(super) async fn first_letter() -> Result<()> {
    let renderer = renderer(1)?;
    let head = Arc::new(Letterhead::sample());
    let begun = Instant::now();
    render(&renderer, &head, 0).await?;
    line(begun.elapsed().as_micros().to_string());
    Ok(())
}

async fn first_of_a_process() -> Result<Duration> {
    let program = std::env::current_exe().context("this program cannot be found again")?;
    let output = tokio::process::Command::new(program)
        .args(["bench", "letters", "--first-letter"])
        .stdin(Stdio::null())
        .output()
        .await?;
    ensure!(output.status.success(), "a letter could not be rendered");
    let printed = String::from_utf8(output.stdout)?;
    Ok(Duration::from_micros(printed.trim().parse()?))
}

fn renderer(threads: usize) -> Result<Renderer> {
    let settings = RenderSettings {
        threads,
        ..RenderSettings::default()
    };
    Ok(Renderer::new(&settings)?)
}

/// Most aids of an ordinary letter: the samples hold extremes of length, too.
const ORDINARY: usize = 4;

/// The two kinds that notaries get most.
fn samples() -> Vec<LetterData> {
    let frequent = |letter: &LetterData| {
        matches!(letter.kind.code(), "recoverable" | "unknown") && letter.aids.len() <= ORDINARY
    };
    let mut samples = LetterData::samples();
    samples.retain(frequent);
    samples
}

/// A letter like no other.
fn letter(number: usize) -> LetterData {
    let samples = samples();
    let mut data = samples[number % samples.len()].clone();
    data.id = LetterId(Uuid::now_v7());
    data.reference = format!("00-2026-{number:06}");
    data.decedent.name = format!("Jeanne DURAND {number}");
    data
}

async fn render(renderer: &Renderer, head: &Arc<Letterhead>, number: usize) -> Result<Rendered> {
    Ok(renderer.render(letter(number), Arc::clone(head)).await?)
}

async fn one_thread(length: Duration) -> Result<Series> {
    let (renderer, head) = (renderer(1)?, Arc::new(Letterhead::sample()));
    for number in 0..20 {
        render(&renderer, &head, number).await?;
    }
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < length || times.is_empty() {
        let begun = Instant::now();
        render(&renderer, &head, 100 + times.len()).await?;
        times.push(begun.elapsed());
    }
    Ok(Series::new("letter, warm, one thread", times).in_time(begun.elapsed()))
}

async fn threads(count: usize, length: Duration) -> Result<Series> {
    let (renderer, head) = (renderer(count)?, Arc::new(Letterhead::sample()));
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..count {
        let (renderer, head) = (renderer.clone(), Arc::clone(&head));
        clients.spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < length || times.is_empty() {
                let begun = Instant::now();
                render(&renderer, &head, client * 1_000_000 + times.len()).await?;
                times.push(begun.elapsed());
            }
            Ok::<_, anyhow::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(client) = clients.join_next().await {
        times.extend(client??);
    }
    Ok(Series::new(format!("letter, warm, {count} threads"), times).in_time(begun.elapsed()))
}

/// Rendered and put, and the two parts of it.
async fn stored(folder: &Folder, length: Duration) -> Result<(Series, Vec<Series>)> {
    let endpoint = S3Endpoint::start(&folder.sub("s3")?).await?;
    let settings = storage(&endpoint);
    let (store, keyring) = (ObjectStore::connect(&settings).await?, Keyring::new(&settings)?);
    store.ensure_bucket().await?;
    store.probe().await?;
    let department = DepartmentId(Uuid::now_v7());
    let (key, _) = keyring.new_data_key(department)?;
    let (renderer, head) = (renderer(1)?, Arc::new(Letterhead::sample()));
    let (mut all, mut rendering, mut putting) = (Vec::new(), Vec::new(), Vec::new());
    let begun = Instant::now();
    while begun.elapsed() < length || all.is_empty() {
        let begun = Instant::now();
        let rendered = render(&renderer, &head, all.len()).await?;
        let half = begun.elapsed();
        let object = ObjectKey::letter(department, LetterId(Uuid::now_v7()), &rendered.sha256, &key);
        store.put(&object, &rendered.pdf, &key, None).await?;
        let whole = begun.elapsed();
        rendering.push(half);
        putting.push(whole - half);
        all.push(whole);
    }
    let took = begun.elapsed();
    endpoint.stop().await;
    let stages = vec![
        Series::new("rendered by Typst", rendering),
        Series::new("encrypted and put into S3", putting),
    ];
    Ok((
        Series::new("letter rendered, encrypted, put", all).in_time(took),
        stages,
    ))
}

fn storage(endpoint: &S3Endpoint) -> StorageSettings {
    StorageSettings {
        endpoint: endpoint.endpoint(),
        region: "fr-par".to_owned(),
        bucket: "banc".to_owned(),
        path_style: true,
        access_key: endpoint.access_key().to_owned().into(),
        secret_key: endpoint.secret_key().to_owned().into(),
        master_keys: BTreeMap::from([(
            "banc".to_owned(),
            BASE64.encode(&rand::random::<[u8; 32]>()).into(),
        )]),
        current_master: "banc".to_owned(),
        connect_timeout_seconds: 3,
        attempt_timeout_seconds: 20,
        attempts: 1,
    }
}
