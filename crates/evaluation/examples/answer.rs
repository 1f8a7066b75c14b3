//! Answers a file of queries: the library behind `dn match evaluate`, without the rest of the program.
//! `cargo run --release -p dn-evaluation --example answer -- REGISTER QUERIES OUT`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring tool for developers"
)]

use std::path::Path;

use matching::Policy;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let policy = args.get(3).map_or_else(Policy::default, |path| {
        Policy::from_toml(&std::fs::read_to_string(path).expect("a file")).expect("a policy")
    });
    let timing = dn_evaluation::files::evaluate(
        Path::new(&args[0]),
        Path::new(&args[1]),
        Path::new(&args[2]),
        &policy,
        chrono::Utc::now().date_naive(),
        |_| {},
    )
    .expect("files");
    println!("{timing:?} {:.0} queries/s", timing.rate());
}
