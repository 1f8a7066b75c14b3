//! `dn tenant` without a database: folders are checked, and nothing is dropped by mistake.

use std::fs;
use std::path::Path;

use crate::program::{COMPLETE, Program};

fn shipped() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenants"))
}

/// A copy of a shipped folder, with one text of its `tenant.toml` in the place of another.
fn folder(program: &Program, name: &str, from: &str, to: &str) {
    let target = program.path().join("tenants").join(name);
    fs::create_dir_all(target.join("letterhead")).unwrap();
    let text = fs::read_to_string(shipped().join("rhone/tenant.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(target.join("tenant.toml"), text.replacen(from, to, 1)).unwrap();
    for file in fs::read_dir(shipped().join("rhone/letterhead")).unwrap() {
        let file = file.unwrap().path();
        fs::copy(&file, target.join("letterhead").join(file.file_name().unwrap())).unwrap();
    }
}

#[test]
fn the_shipped_departements_are_in_order() {
    let program = Program::with("");
    let root = shipped().to_string_lossy();
    let ran = program.run(&["tenant", "check", "--root", &root]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for slug in ["rhone", "isere", "nord"] {
        assert!(ran.out.contains(slug), "{}", ran.out);
    }
}

#[test]
fn what_is_wrong_in_a_folder_is_told_with_its_place() {
    let program = Program::with("");
    folder(
        &program,
        "rhone",
        "accent = \"#0b4f8a\"",
        "accentuation = \"#0b4f8a\"",
    );
    let ran = program.run(&["tenant", "check", "rhone"]);
    assert_eq!(ran.code, 1);
    let text = fs::read_to_string(program.path().join("tenants/rhone/tenant.toml")).unwrap();
    let line = text
        .lines()
        .position(|line| line.starts_with("accentuation"))
        .unwrap()
        + 1;
    let place = format!("tenants/rhone/tenant.toml:{line}:1");
    assert!(ran.err.contains(&place), "{place} in {}", ran.err);
    assert!(
        ran.err.contains("accentuation") && ran.err.contains("`accent`"),
        "{}",
        ran.err
    );
}

#[test]
fn every_folder_and_file_at_fault_is_told_at_once() {
    let program = Program::with("");
    folder(&program, "rhone", "logo = \"logo.svg\"", "logo = \"absent.svg\"");
    folder(
        &program,
        "isere",
        "time_zone = \"Europe/Paris\"",
        "time_zone = \"Paris\"",
    );
    folder(&program, "Nord", "[identity]", "[identity]");
    let ran = program.run(&["tenant", "check"]);
    assert_eq!(ran.code, 1);
    for word in ["absent.svg", "time zone", "Nord", "3 problem(s)"] {
        assert!(ran.err.contains(word), "{word} in {}", ran.err);
    }
}

#[test]
fn dropping_needs_the_slug_again() {
    let program = Program::with(COMPLETE);
    for (arguments, input) in [
        (&["tenant", "drop", "rhone"][..], ""),
        (&["tenant", "drop", "rhone"][..], "isere\n"),
        (&["tenant", "drop", "rhone", "--confirm", "isere"][..], "rhone\n"),
    ] {
        let ran = program.run_with(arguments, input);
        assert_eq!(ran.code, 1);
        assert!(
            ran.err.contains("not confirmed") && ran.err.contains("--confirm rhone"),
            "{}",
            ran.err
        );
    }
    // Confirmed, it goes on: the database of this configuration does not exist.
    for (arguments, input) in [
        (&["tenant", "drop", "rhone"][..], "rhone\n"),
        (&["tenant", "drop", "rhone", "--confirm", "rhone"][..], ""),
    ] {
        let ran = program.run_with(arguments, input);
        assert_eq!(ran.code, 1);
        assert!(
            ran.err.contains("database") && !ran.err.contains("not confirmed"),
            "{}",
            ran.err
        );
    }
}
