//! Loads a big register and times queries. `cargo run --release -p dn-evaluation --example speed -- 1000000`
#![expect(clippy::print_stdout, reason = "a measuring tool for developers")]

use std::time::Instant;

use dn_evaluation::bench::Exam;
use dn_evaluation::recipes;
use dn_evaluation::store::Register;
use dn_evaluation::world::World;
use matching::{Normaliser, Policy};

fn main() {
    let people: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let exam = Exam::draw(&World::new(recipes::METROPOLIS), people, 10_000, 3);
    let (started, before) = (Instant::now(), cpu_seconds());
    let mut register = Register::new();
    for individual in &exam.register {
        register.add(individual);
    }
    let added = started.elapsed();
    register.finish();
    println!(
        "added {added:.1?}, sorted {:.1?}, {:.1} s of processor, {:.1} keys each",
        started.elapsed(),
        cpu_seconds() - before,
        register.keys() as f64 / people as f64
    );
    let queries: Vec<_> = exam.trials.iter().map(|trial| trial.question.read().0).collect();
    let before = cpu_seconds();
    let found: usize = queries.iter().map(|query| register.candidates(query).len()).sum();
    println!(
        "candidates: {:.0} µs of processor each, {:.0} each",
        (cpu_seconds() - before) * 1e6 / 1e4,
        found as f64 / 1e4
    );
    let keys = queries
        .iter()
        .flat_map(|query| query.keys(register.frequencies()));
    let (keys, holders) = keys.fold((0, 0), |(keys, holders), key| {
        (keys + 1, holders + register.holders(key).count())
    });
    println!(
        "  {:.1} keys, {:.1} holders each query",
        f64::from(keys) / 1e4,
        holders as f64 / 1e4
    );
    // As the service does, which reads them from the database each time.
    let before = cpu_seconds();
    for query in queries.iter().take(2_000) {
        let mut normaliser = Normaliser::default();
        for who in register.candidates(query) {
            std::hint::black_box(normaliser.individual(&exam.register[who as usize]));
        }
    }
    println!(
        "candidates found and normalised anew: {:.0} µs of processor each",
        (cpu_seconds() - before) * 1e6 / 2e3
    );
    let policy = Policy::default();
    let mut each: Vec<(f64, usize)> = queries
        .iter()
        .map(|query| {
            let started = Instant::now();
            let ruling = register.rule(query, &policy);
            (started.elapsed().as_secs_f64() * 1e6, ruling.looked_at)
        })
        .collect();
    let total: f64 = each.iter().map(|(time, _)| time).sum();
    each.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut cpu = vec![cpu_seconds()];
    for query in &queries {
        std::hint::black_box(register.rule(query, &policy));
    }
    cpu.push(cpu_seconds());
    println!("rule: {:.0} µs of processor each", (cpu[1] - cpu[0]) * 1e6 / 1e4);
    println!(
        "rule: mean {:.0} µs, median {:.0}, p99 {:.0}, max {:.0}; {:.0} q/s",
        total / 1e4,
        each[5_000].0,
        each[9_900].0,
        each[9_999].0,
        1e10 / total
    );
    each.sort_by_key(|(_, looked)| *looked);
    println!(
        "candidates median {} p99 {} max {}",
        each[5_000].1, each[9_900].1, each[9_999].1
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        status
            .lines()
            .filter(|line| line.starts_with("VmHWM"))
            .collect::<String>()
    );
}

/// Processor time of this process so far, from the kernel's ticks of a hundredth of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat
        .split_whitespace()
        .nth(13)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0.0);
    ticks / 100.0
}
