//! Times looking back for a series of close spellings. `cargo run --release -p dn-evaluation --example series -- 300`
#![expect(clippy::print_stdout, reason = "a measuring tool for developers")]

use std::time::Instant;

use chrono::NaiveDate;
use dn_evaluation::bench::Exam;
use dn_evaluation::recipes;
use dn_evaluation::world::World;
use domain::{Decedent, Individual};

fn main() {
    let asked: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(300);
    let exam = Exam::draw(&World::new(recipes::METROPOLIS), 2 * asked, 1, 3);
    let estates: Vec<Decedent> = exam.register.iter().map(estate).collect();
    let (latest, earlier) = estates.split_at(asked.min(estates.len() / 2));
    let mut each: Vec<f64> = latest
        .iter()
        .map(|latest| {
            let started = Instant::now();
            std::hint::black_box(matching::series(latest, earlier));
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    each.sort_by(f64::total_cmp);
    let counts = latest.iter().map(|latest| matching::series(latest, earlier) - 1);
    println!(
        "against {} estates: {:.0} µs at best, median {:.0}; {} close ones in {}",
        earlier.len(),
        each[0],
        each[each.len() / 2],
        counts.sum::<usize>(),
        latest.len()
    );
}

/// What is asked about somebody of the register.
fn estate(individual: &Individual) -> Decedent {
    Decedent {
        birth_name: individual.birth_name.clone(),
        usage_name: individual.usage_name.clone(),
        given_names: individual.given_names.clone(),
        sex: individual.sex,
        birth_date: individual.birth_date,
        birth_place: individual.birth_place.clone(),
        death_date: individual
            .death_date
            .and_then(domain::PartialDate::full)
            .or_else(|| NaiveDate::from_ymd_opt(2026, 4, 2))
            .unwrap_or_default(),
        death_place: None,
        death_certificate_date: None,
    }
}
