//! Measures the engine in every world, class by class. `cargo run --release -p dn-evaluation --example measure`
//!
//! `--world NAME`, `--people N`, `--queries N`, `--seed N`, `--policy FILE`, `--detail` (kind by kind), `--show N` (wrong ones),
//! `--rivals` and `--splink PYTHON` (the other ways as well, as `dn match bench` runs them).
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring tool for developers"
)]

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use dn_evaluation::bench::{Class, Count, Exam, Given, Marks, Row};
use dn_evaluation::exchange;
use dn_evaluation::recipes;
use dn_evaluation::store::Register;
use dn_evaluation::table::Line;
use dn_evaluation::world::{Lists, World};
use matching::{Answer, Engine, Policy};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        args.iter()
            .position(|arg| arg == name)
            .and_then(|at| args.get(at + 1))
            .cloned()
    };
    let people: usize = value("--people").map_or(100_000, |text| text.parse().expect("a number"));
    let queries: usize = value("--queries").map_or(20_000, |text| text.parse().expect("a number"));
    let seed: u64 = value("--seed").map_or(1, |text| text.parse().expect("a number"));
    let detail = args.iter().any(|arg| arg == "--detail");
    let show: usize = value("--show").map_or(0, |text| text.parse().expect("a number"));
    let policy = value("--policy").map_or_else(Policy::default, |path| {
        Policy::from_toml(&std::fs::read_to_string(path).expect("a file")).expect("a policy")
    });
    let only = value("--world");
    let mut ties: BTreeMap<String, u32> = BTreeMap::new();
    let mut all = Marks::default();
    let mut worlds: Vec<World> = recipes::ALL.into_iter().map(World::new).collect();
    if let Some(dir) = value("--lists") {
        let list = |file: &str| {
            let text = std::fs::read_to_string(format!("{dir}/{file}.txt")).expect("a list");
            text.lines()
                .filter_map(|line| line.split_once(';'))
                .map(|(name, weight)| (name.to_uppercase(), weight.parse().unwrap_or(1.0)))
                .collect()
        };
        let lists = Lists {
            families: list("surnames"),
            men: list("male"),
            women: list("female"),
        };
        let mut poor = recipes::FREQUENT;
        poor.name = "lists, one given name";
        poor.rare = 0.0;
        let mut rich = recipes::METROPOLIS;
        rich.name = "lists, rich";
        rich.rare = 0.0;
        worlds = vec![
            World::with_lists(poor, lists.clone()),
            World::with_lists(rich, lists),
        ];
    }
    for world in worlds {
        if only
            .as_ref()
            .is_some_and(|only| !world.recipe.name.contains(only.as_str()))
        {
            continue;
        }
        let exam = Exam::draw(&world, people, queries, seed);
        let started = Instant::now();
        let mut register = Register::new();
        for individual in &exam.register {
            register.add(individual);
        }
        register.finish();
        let loaded = started.elapsed();
        let exam_index: std::collections::HashMap<&str, u32> = exam
            .register
            .iter()
            .enumerate()
            .map(|(at, person)| (person.identifier.as_str(), at as u32))
            .collect();
        let started = Instant::now();
        let mut marks = Marks::default();
        let mut looked = Vec::new();
        let mut complete = 0usize;
        let mut meant = 0usize;
        for trial in &exam.trials {
            let (query, _) = trial.question.read();
            let ruling = register.rule(&query, &policy);
            looked.push(ruling.looked_at);
            if let Some(truth) = &trial.truth {
                meant += 1;
                if detail {
                    let engine = Engine {
                        policy: &policy,
                        frequencies: register.frequencies(),
                    };
                    let who = exam_index[truth.as_str()];
                    if let Some((_, person)) = register.person(who) {
                        let found = engine.compare(&query, person);
                        let mut note = |text: String| *ties.entry(text).or_default() += 1;
                        note(format!(
                            "family {} {:?}",
                            if found.names.crossed { "crossed" } else { "direct" },
                            found.names.nearest()
                        ));
                        note(format!(
                            "given {:?} conflict {}",
                            found.given, found.given_conflict
                        ));
                        note(format!(
                            "date {:?} {:?}",
                            found.date.map(|date| date.day),
                            found.date.map(|date| date.year)
                        ));
                        note(format!("sex {:?}", found.sex));
                        note(format!("place {:?}", found.place));
                    }
                }
                complete += usize::from(
                    detail
                        && register
                            .candidates(&query)
                            .iter()
                            .any(|who| register.person(*who).is_some_and(|(id, _)| id == truth)),
                );
            }
            let ids = || {
                ruling
                    .candidates
                    .iter()
                    .map(|candidate| candidate.identifier.clone())
            };
            let given = match ruling.answer {
                Answer::Definite => Given::Definite(ids().next().unwrap_or_default()),
                Answer::Ambiguous => Given::Ambiguous(ids().collect()),
                Answer::Unknown => Given::Unknown,
            };
            marks.add(trial, given.clone());
            all.add(trial, given);
        }
        looked.sort_unstable();
        let kept = if detail {
            format!(
                " · pairs kept {:.3} %",
                100.0 * complete as f64 / meant.max(1) as f64
            )
        } else {
            String::new()
        };
        let rate = exam.trials.len() as f64 / started.elapsed().as_secs_f64();
        println!(
            "\n== {} · load {loaded:.1?} · {:.1} keys each · {rate:.0} q/s · candidates median {} p99 {} max {}{}",
            world.recipe.name,
            register.keys() as f64 / people as f64,
            looked[looked.len() / 2],
            looked[looked.len() * 99 / 100],
            looked[looked.len() - 1],
            kept,
        );
        table(&marks);
        if args.iter().any(|arg| arg == "--rivals") {
            compare(&dn_evaluation::table::rivals(&exam));
        }
        if let Some(python) = value("--splink") {
            compare(&[splink(&python, &exam)]);
        }
        for (trial, given) in marks.wrong.iter().take(show) {
            println!("WRONG {:?} truth {:?} given {given:?}", trial.class, trial.truth);
            explain(&exam, &register, trial, &policy);
        }
        for trial in marks.missed.iter().take(show / 4) {
            println!("MISSED {:?}", trial.class);
            explain(&exam, &register, trial, &policy);
        }
    }
    println!("\n== ALL");
    table(&all);
    if detail {
        by_kind(&all);
        for (tie, count) in ties {
            println!("TIE {count:7} {tie}");
        }
    }
}

/// The table's cells of other ways, and how many they got wrong in all.
fn compare(lines: &[Line]) {
    for line in lines {
        let wrong = line.marks.wrong.len();
        println!(
            "{} | {wrong} wrong | {:.1?}",
            dn_evaluation::table::cells(line).join(" | "),
            line.time
        );
    }
}

/// Answers the same files with Splink, as `dn match bench --splink` does.
fn splink(python: &str, exam: &Exam) -> Line {
    let directory = std::env::temp_dir().join(format!("dn-measure-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    exchange::write(exam, &directory).expect("files");
    let started = Instant::now();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/compare/splink_answers.py");
    let ended = Command::new(python)
        .arg(script)
        .arg(&directory)
        .status()
        .expect("a Python");
    assert!(ended.success(), "Splink failed");
    let answers = exchange::read_answers(&directory).expect("answers");
    std::fs::remove_dir_all(&directory).expect("a directory");
    dn_evaluation::table::answered(exam, "Splink", &answers, started.elapsed())
}

fn explain(exam: &Exam, register: &Register, trial: &dn_evaluation::bench::Trial, policy: &Policy) {
    println!("   {:?}", trial.question);
    if let Some(truth) = &trial.truth {
        println!(
            "   truth {:?}",
            exam.register.iter().find(|person| &person.identifier == truth)
        );
    }
    let ruling = register.rule(&trial.question.read().0, policy);
    for candidate in ruling.candidates.iter().take(2) {
        println!(
            "   {} {:.1}/{:.1} {:?}\n   {:?} {:?}",
            candidate.identifier,
            candidate.bits,
            ruling.threshold,
            candidate.comparison.bits,
            candidate.doubts,
            exam.register
                .iter()
                .find(|person| person.identifier == candidate.identifier)
                .map(|p| (
                    p.birth_name.clone(),
                    p.usage_name.clone(),
                    p.given_names.to_string(),
                    p.birth_date.to_string(),
                    p.birth_place.clone()
                ))
        );
    }
}

fn table(marks: &Marks) {
    for row in Row::ALL {
        line(row.label(), &marks.row(row));
    }
}

fn line(label: &str, count: &Count) {
    let share = |part: u64| 100.0 * part as f64 / count.asked.max(1) as f64;
    println!(
        "{label:28} n {:6}  right {:6.2}  ambiguous {:6.2}  missed/unknown {:6.2}  WRONG {}",
        count.asked,
        share(count.right),
        share(count.ambiguous),
        share(count.missed),
        count.wrong
    );
}

fn by_kind(marks: &Marks) {
    let mut kinds: BTreeMap<String, Count> = BTreeMap::new();
    for (class, count) in &marks.classes {
        match class {
            Class::One(kind) => kinds.entry(format!("1 {kind:?}")).or_default().merge(count),
            Class::Two(a, b) => {
                kinds.entry(format!("2 {a:?}")).or_default().merge(count);
                kinds.entry(format!("2 {b:?}")).or_default().merge(count);
            }
            Class::LookAlike(kind) => kinds.entry(format!("L {kind:?}")).or_default().merge(count),
            _ => {}
        }
    }
    for (kind, count) in kinds {
        line(&kind, &count);
    }
}
