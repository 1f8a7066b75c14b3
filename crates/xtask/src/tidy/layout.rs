//! What lies where, and how long it is.

use super::tree::Tree;

/// The top level.
const TOP: [&str; 17] = [
    ".cargo/",
    ".ci/",
    ".dockerignore",
    ".gitignore",
    ".sqlx/",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "crates/",
    "infra/",
    "migrations/",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "templates/",
    "tenants/",
];

/// What people write, line by line.
const WRITTEN: [&str; 9] = ["rs", "html", "css", "js", "mjs", "typ", "sql", "txt", "sh"];

/// Lines of the longest file.
const LONGEST: usize = 500;

pub(super) fn top_level(tree: &Tree) -> Vec<String> {
    let stray = |name: &&String| !TOP.contains(&name.as_str());
    tree.top
        .iter()
        .filter(stray)
        .map(|name| format!("{name} does not belong at the top"))
        .collect()
}

pub(super) fn file_length(tree: &Tree) -> Vec<String> {
    tree.files
        .iter()
        .filter(|file| WRITTEN.iter().any(|extension| file.is(extension)))
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_stray_files_are_found() {
        let long = "x\n".repeat(501);
        let mut tree = Tree::of(&[("a.rs", &long), ("b.rs", &long[2..]), ("c.csv", &long)]);
        assert_eq!(file_length(&tree), ["a.rs: 501 lines"]);
        tree.top = vec!["crates/".to_owned(), "notes.md".to_owned()];
        assert_eq!(top_level(&tree), ["notes.md does not belong at the top"]);
    }
}
