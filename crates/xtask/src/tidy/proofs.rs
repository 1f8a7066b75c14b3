//! Documents name tests as proof of what they promise: `crates/db/tests/it/isolation.rs::no_departement_reads…`.

use super::tree::Tree;

/// Tests named in a document that are not there.
pub(super) fn missing(tree: &Tree) -> Vec<String> {
    let documents = tree.files.iter().filter(|file| file.is("md"));
    documents
        .flat_map(|file| file.lines().map(move |(number, line)| (file, number, line)))
        .flat_map(|(file, number, line)| named(line).map(move |name| (file, number, name)))
        .filter(|(_, _, (path, test))| !exists(tree, path, test))
        .map(|(file, number, (path, test))| format!("{}:{number}: there is no {path}::{test}", file.path))
        .collect()
}

/// What stands between backquotes and has the form of a test: its file and its name.
fn named(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|quoted| quoted.split_once(".rs::"))
        .map(|(file, test)| (file, test.split("::").last().unwrap_or(test)))
}

fn exists(tree: &Tree, path: &str, test: &str) -> bool {
    let wanted = format!("fn {test}(");
    tree.files
        .iter()
        .find(|file| file.path.strip_suffix(".rs") == Some(path))
        .is_some_and(|file| file.text.contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_gone_is_told() {
        let source = (
            "crates/a/tests/it/b.rs",
            "#[tokio::test]\nasync fn it_holds() {}\n",
        );
        let with = |line| Tree::of(&[source, ("README.md", line)]);
        for good in [
            "| it holds | `crates/a/tests/it/b.rs::it_holds` |",
            "no proof: `crates/a/src/c.rs`, `a::b`",
            "`crates/a/tests/it/b.rs::tests::it_holds`",
        ] {
            assert!(missing(&with(good)).is_empty(), "{good}");
        }
        for bad in [
            "| it holds | `crates/a/tests/it/b.rs::it_held` |",
            "`crates/a/tests/it/b.rs::it_holds` and `crates/a/tests/it/c.rs::it_holds`",
        ] {
            assert_eq!(missing(&with(bad)).len(), 1, "{bad}");
        }
    }
}
