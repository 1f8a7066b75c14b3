//! The house's rules over its own source: what README.md promises and no compiler checks.

mod layout;
mod manifests;
mod proofs;
mod roles;
mod templates;
mod tree;
mod words;

use crate::cargo::workspace;
use crate::{Result, console};

use tree::Tree;

/// A rule: the places where the tree breaks it, each as `file:line: what`.
type Rule = fn(&Tree) -> Vec<String>;

const RULES: [(&str, Rule); 12] = [
    (
        "the top level holds what it should and no more",
        layout::top_level,
    ),
    ("no file has more than 500 lines", layout::file_length),
    ("crates lean on each other in one direction", manifests::arrows),
    ("only db and schema speak SQL", manifests::database),
    ("every dependency says what it is for", manifests::comments),
    ("every dependency is used", manifests::unused),
    ("the xtask needs the standard library only", manifests::xtask),
    ("what belongs in one place stays there", words::places),
    ("only TenantTx changes roles", roles::changed),
    (
        "queries are prepared one by one and leave nothing behind",
        roles::queries,
    ),
    (
        "pages have neither inline script nor inline style",
        templates::inline,
    ),
    ("tests that documents name as proof exist", proofs::missing),
];

/// Checks every rule.
///
/// # Errors
/// Rules are broken; the message lists where.
pub(crate) fn tidy() -> Result<()> {
    let tree = Tree::read(&workspace())?;
    let mut broken = Vec::new();
    for (name, rule) in RULES {
        let places = rule(&tree);
        if !places.is_empty() {
            broken.push(format!("{name}:\n     {}", places.join("\n     ")));
        }
    }
    if broken.is_empty() {
        console::say(&format!(
            "{} rules hold over {} files",
            RULES.len(),
            tree.files.len()
        ));
        return Ok(());
    }
    Err(broken.join("\n   "))
}
