//! How long a letter takes, first and afterwards, and how much memory many different letters hold.
//!
//! `cargo run --release -p dn-letters --example render_bench -- [letters] [directory to keep the samples in]`

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;

use dn_letters::{LetterData, Letterhead, RenderSettings, Renderer, template_version};

/// As the program has it.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let keep = arguments.next();
    let mut out = std::io::stdout().lock();
    let renderer = Renderer::new(&RenderSettings {
        threads: 1,
        ..RenderSettings::default()
    })?;
    let head = Arc::new(Letterhead::sample());
    writeln!(
        out,
        "template {} · {} MiB before the first letter",
        template_version(),
        resident_mib()?
    )?;

    for (number, sample) in LetterData::samples().into_iter().enumerate() {
        let kind = sample.kind.code();
        let started = Instant::now();
        let rendered = renderer.render(sample, Arc::clone(&head)).await?;
        let took = started.elapsed();
        let (pages, size) = (rendered.pages, rendered.pdf.len() / 1024);
        writeln!(out, "{number:2} {kind:16} {took:>9.1?}  {pages} p.  {size} KiB")?;
        if let Some(directory) = &keep {
            std::fs::write(format!("{directory}/{number:02}-{kind}.pdf"), rendered.pdf)?;
        }
    }

    // As `dn bench letters`: the kinds that notaries get most.
    let mut frequent = LetterData::samples();
    frequent.retain(|data| matches!(data.kind.code(), "recoverable" | "unknown") && data.aids.len() <= 4);
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let mut data = frequent[number % frequent.len()].clone();
        data.reference = format!("99-2026-{number:06}");
        data.decedent.name = format!("Jean DURAND {number}");
        let started = Instant::now();
        renderer.render(data, Arc::clone(&head)).await?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times.get(count * share / 100).copied().unwrap_or(Duration::ZERO);
    writeln!(
        out,
        "{count} different letters: median {:.1?}, p95 {:.1?}, slowest {:.1?}, {} MiB after",
        at(50),
        at(95),
        times.last().copied().unwrap_or_default(),
        resident_mib()?,
    )?;
    Ok(())
}

/// Memory of this process, from Linux.
fn resident_mib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or("0");
    let kib: u64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kib / 1024)
}
