//! What `Cargo.toml` files say. Read line by line: ours are written one dependency a line.

use super::tree::{File, Tree};

/// Which of ours a crate may depend on. Those that are not named may depend on all.
const ARROWS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("matching", &["domain"]),
    ("schema", &["domain"]),
    ("db", &["domain", "schema"]),
    ("connectors", &["domain"]),
    ("letters", &["domain"]),
    ("objects", &["domain"]),
    ("views", &["domain"]),
    (
        "app",
        &[
            "domain",
            "matching",
            "schema",
            "db",
            "connectors",
            "letters",
            "objects",
            "views",
        ],
    ),
    ("web", &["domain", "db", "views", "app"]),
];

/// All of ours that others can depend on.
const OURS: [&str; 12] = [
    "domain",
    "matching",
    "schema",
    "db",
    "connectors",
    "letters",
    "objects",
    "views",
    "app",
    "web",
    "sandbox",
    "testing",
];

/// Only these crates depend on these libraries.
const DATABASE: [&str; 2] = ["sqlx", "graphile_worker"];
const SPEAKERS: [&str; 2] = ["db", "schema"];

/// Where a crate names what it needs; tests come last.
const SECTIONS: [&str; 3] = ["[dependencies]", "[build-dependencies]", "[dev-dependencies]"];

pub(super) fn arrows(tree: &Tree) -> Vec<String> {
    each_dependency(tree, |name, dependency| {
        let allowed = ARROWS.iter().find(|(crate_name, _)| *crate_name == name)?.1;
        let forbidden = OURS.contains(&dependency) && !allowed.contains(&dependency);
        forbidden.then(|| format!("{name} may not depend on {dependency}"))
    })
}

pub(super) fn database(tree: &Tree) -> Vec<String> {
    each_dependency(tree, |name, dependency| {
        let forbidden = DATABASE.contains(&dependency) && !SPEAKERS.contains(&name);
        forbidden.then(|| format!("{name} may not depend on {dependency}"))
    })
}

pub(super) fn xtask(tree: &Tree) -> Vec<String> {
    each_dependency(tree, |name, dependency| {
        (name == "xtask").then(|| format!("xtask may not depend on {dependency}"))
    })
}

pub(super) fn comments(tree: &Tree) -> Vec<String> {
    let Some(manifest) = tree.files.iter().find(|file| file.path == "Cargo.toml") else {
        return vec!["Cargo.toml is missing".to_owned()];
    };
    section(manifest, "[workspace.dependencies]")
        .filter(|(_, line)| line.contains('=') && !line.contains("path = ") && !line.contains('#'))
        .map(|(number, line)| {
            let name = line.split_whitespace().next().unwrap_or_default();
            format!("Cargo.toml:{number}: {name} does not say what it is for")
        })
        .collect()
}

pub(super) fn unused(tree: &Tree) -> Vec<String> {
    let mentions = |name: &str, dependency: &str| {
        let (folder, word) = (format!("crates/{name}/"), dependency.replace('-', "_"));
        let code = tree
            .files
            .iter()
            .filter(|file| file.is("rs") && file.path.starts_with(&folder));
        code.flat_map(|file| file.text.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .any(|part| part == word)
    };
    let mut wanted = Vec::new();
    let mut found = Vec::new();
    for (file, name) in crates(tree) {
        for (number, dependency) in SECTIONS.iter().flat_map(|heading| dependencies(file, heading)) {
            wanted.push(dependency);
            if !mentions(name, dependency) {
                found.push(format!("{}:{number}: {dependency} is not used", file.path));
            }
        }
    }
    if let Some(manifest) = tree.files.iter().find(|file| file.path == "Cargo.toml") {
        let listed = dependencies(manifest, "[workspace.dependencies]");
        let idle = listed.filter(|(_, dependency)| !wanted.contains(dependency));
        found.extend(idle.map(|(number, name)| format!("Cargo.toml:{number}: no crate uses {name}")));
    }
    found
}

/// Asks about each dependency of each crate, those of tests aside.
fn each_dependency(tree: &Tree, ask: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, name) in crates(tree) {
        for (number, dependency) in SECTIONS[..2]
            .iter()
            .flat_map(|heading| dependencies(file, heading))
        {
            found.extend(ask(name, dependency).map(|wrong| format!("{}:{number}: {wrong}", file.path)));
        }
    }
    found
}

/// Every crate's manifest and name.
fn crates(tree: &Tree) -> impl Iterator<Item = (&File, &str)> {
    tree.files.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((file, name))
    })
}

/// The names under a heading, with their lines.
fn dependencies<'a>(file: &'a File, heading: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    section(file, heading)
        .filter(|(_, line)| line.contains('='))
        .map(|(number, line)| {
            let name = line.split(['.', ' ', '=']).next();
            (number, name.unwrap_or_default())
        })
}

/// The lines of one section, without its heading, empty lines and comments.
fn section<'a>(file: &'a File, heading: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let mut inside = false;
    file.lines().filter(move |(_, line)| {
        if line.starts_with('[') {
            inside = line.trim_end() == heading;
            return false;
        }
        inside && !line.trim().is_empty() && !line.starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_arrow_is_found_and_those_of_tests_are_free() {
        let manifest = "[package]\n[dependencies]\ndomain.workspace = true\ndb = { path = \"../db\" }\nsqlx = \"1\"\n\
            [dev-dependencies]\nsandbox.workspace = true\n";
        let tree = Tree::of(&[
            ("crates/letters/Cargo.toml", manifest),
            ("crates/cli/Cargo.toml", manifest),
        ]);
        assert_eq!(
            arrows(&tree),
            ["crates/letters/Cargo.toml:4: letters may not depend on db"]
        );
        assert_eq!(
            database(&tree),
            [
                "crates/letters/Cargo.toml:5: letters may not depend on sqlx",
                "crates/cli/Cargo.toml:5: cli may not depend on sqlx"
            ]
        );
        let tree = Tree::of(&[("crates/xtask/Cargo.toml", manifest)]);
        assert_eq!(xtask(&tree).len(), 3);
    }

    #[test]
    fn a_dependency_without_a_word_is_found() {
        let manifest = "[workspace.dependencies]\n# -- ours\ndb = { path = \"crates/db\" }\na = \"1\" # reads\nb = \"1\"\n[x]\nc = 1\n";
        let tree = Tree::of(&[("Cargo.toml", manifest)]);
        assert_eq!(comments(&tree), ["Cargo.toml:5: b does not say what it is for"]);
    }

    #[test]
    fn a_dependency_that_nothing_uses_is_found() {
        let tree = Tree::of(&[
            (
                "Cargo.toml",
                "[workspace.dependencies]\na-b = \"1\" # x\nc = \"1\" # y\nd = \"1\" # z\n",
            ),
            (
                "crates/web/Cargo.toml",
                "[dependencies]\na-b.workspace = true\n[dev-dependencies]\nc.workspace = true\n",
            ),
            ("crates/web/src/lib.rs", "use a_b::X;"),
            ("crates/app/src/lib.rs", "use c::X;"),
        ]);
        assert_eq!(
            unused(&tree),
            [
                "crates/web/Cargo.toml:4: c is not used",
                "Cargo.toml:4: no crate uses d"
            ]
        );
    }
}
