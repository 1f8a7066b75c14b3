//! What `infra/` and README.md say, held against the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::Program;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn units() -> Vec<PathBuf> {
    let all = fs::read_dir(root().join("infra/systemd")).unwrap();
    all.map(|entry| entry.unwrap().path()).collect()
}

/// The words of a command up to what a person puts in: `dn tenant create <slug>` → `tenant create`.
fn fixed_words(command: &str) -> Vec<String> {
    let mut words = command.split_whitespace().skip(1).peekable();
    let mut fixed = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--config" => drop(words.next()),
            // An option whose value a person puts in.
            _ if word.starts_with("--") && words.peek().is_some_and(|next| is_for_a_person(next)) => break,
            _ if word.starts_with("--") => fixed.push(word.to_owned()),
            _ if word.chars().all(|c| c.is_ascii_lowercase()) => fixed.push(word.to_owned()),
            _ => break,
        }
    }
    fixed
}

/// `FILE`, `<slug>`, `…`.
fn is_for_a_person(word: &str) -> bool {
    !word.chars().any(|c| c.is_ascii_lowercase()) || word.starts_with('<')
}

/// Every command that a text shows between backquotes, alternatives written apart.
fn commands_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|code| code.starts_with("dn ") && !code.contains('|'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_that_is_written_down_exists() {
    let program = Program::with("");
    let mut commands = [
        commands_in(&read("README.md")),
        commands_in(&read("infra/runbook.md")),
    ]
    .concat();
    for unit in units() {
        let text = fs::read_to_string(unit).unwrap();
        let start = text
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="))
            .unwrap();
        commands.push(start.to_owned());
    }
    assert!(commands.len() > 20, "{commands:?}");
    for command in commands {
        let mut words = fixed_words(&command);
        words.push("--help".to_owned());
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| *word != "help")
            .collect();
        let ran = program.run(&words);
        assert_eq!(ran.code, 0, "`{command}` is not a command: {}", ran.err);
    }
}

#[test]
fn systemd_takes_the_units() {
    let folder = tempfile::tempdir().unwrap();
    for unit in units() {
        let text = fs::read_to_string(&unit)
            .unwrap()
            .replace("/usr/bin/dn", env!("CARGO_BIN_EXE_dn"));
        fs::write(folder.path().join(unit.file_name().unwrap()), text).unwrap();
    }
    let files = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let ran = Command::new("systemd-analyze").arg("verify").args(files).output();
    let ran = ran.expect("systemd-analyze is missing: `cargo xtask test` installs it");
    let said = String::from_utf8_lossy(&ran.stderr);
    // systemd also checks the units of this machine that ours name; only ours are ours to mend.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("dn-")).collect();
    assert!(ran.status.success() && ours.is_empty(), "{said}");
}

#[test]
fn web_and_worker_never_hold_the_owners_login() {
    for unit in units() {
        let text = fs::read_to_string(&unit).unwrap();
        let owner = text.contains("EnvironmentFile=-/etc/dn/dn-migrate.env");
        assert_eq!(owner, unit.ends_with("dn-migrate.service"), "{}", unit.display());
    }
}

#[test]
fn the_container_file_copies_what_there_is() {
    let file = read("infra/Containerfile");
    let copies = file
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|line| !line.starts_with("--from"));
    for line in copies {
        let words: Vec<&str> = line.split_whitespace().collect();
        for source in &words[..words.len() - 1] {
            assert!(
                root().join(source).exists(),
                "{source} is copied into the image and is not there"
            );
        }
    }
    let outside = ["Cargo.toml", ".sqlx", "crates", "migrations", "templates"];
    assert!(
        outside.iter().all(|path| file.contains(path)),
        "the image lacks what the build reads"
    );
}
