//! Who may say which words of SQL that départements are kept apart by.
//!
//! The application's login may assume every département's role. So the words that change a role stand in one file, and no
//! query of the application can carry a second statement or leave something behind on its connection.
//!
//! Words are looked for in the text with comments left out and white space folded, so that a line break does not hide one.

use super::tree::{File, Tree};

/// The one file that changes roles.
const DOOR: &str = "crates/db/src/tenant_tx.rs";
/// How it does.
const ASSUMING: &str = "set_config('role'";

/// Words that change the role in force.
const ROLE: [&str; 7] = [
    "set role",
    "set local role",
    "set session role",
    ASSUMING,
    "session authorization",
    "session_authorization",
    "reset role",
];

/// What the application's queries must not be made of, and why.
const QUERIES: [(&str, &str); 13] = [
    ("raw_sql", "it takes several statements at once"),
    ("executor", "a bare string would go out unprepared"),
    ("pgexecutor", "a bare string would go out unprepared"),
    ("execute_many", "it takes several statements at once"),
    ("fetch_many", "it takes several statements at once"),
    ("assertsqlsafe", "a query is written down, not put together"),
    ("querybuilder", "a query is written down, not put together"),
    ("with hold", "the cursor would outlive its transaction"),
    ("create temp", "the table would outlive its transaction"),
    (
        "pg_advisory_lock(",
        "the lock would outlive its transaction: pg_advisory_xact_lock",
    ),
    ("set search_path", "only TenantTx says where names are looked for"),
    (
        "set local search_path",
        "only TenantTx says where names are looked for",
    ),
    (
        "set_config('search_path'",
        "only TenantTx says where names are looked for",
    ),
];

/// Only `TenantTx` changes roles, and it does so in one place.
pub(super) fn changed(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| is_of_the_application(file)) {
        let text = Folded::of(file);
        let places: Vec<(usize, &str)> = ROLE.iter().flat_map(|word| text.lines_with(word)).collect();
        if file.path == DOOR {
            let once = [ASSUMING] == places.iter().map(|(_, word)| *word).collect::<Vec<_>>()[..];
            if !once {
                found.push(format!(
                    "{DOOR}: `{ASSUMING}` stands here once, and nothing like it"
                ));
            }
        } else {
            let say = |(line, word)| format!("{}:{line}: `{word}`: only TenantTx changes roles", file.path);
            found.extend(places.into_iter().map(say));
        }
    }
    found
}

/// Each query of the application is one statement, prepared, that leaves nothing behind.
pub(super) fn queries(tree: &Tree) -> Vec<String> {
    let of_db = |file: &&File| file.path.starts_with("crates/db/src/") && file.path != DOOR;
    let mut found = Vec::new();
    for file in tree.files.iter().filter(of_db) {
        let text = Folded::of(file);
        for (word, why) in QUERIES {
            let lines = text.lines_with(word);
            found.extend(lines.map(|(line, word)| format!("{}:{line}: `{word}`: {why}", file.path)));
        }
    }
    found
}

/// Tests may try what the application must not; the xtask speaks of it.
fn is_of_the_application(file: &File) -> bool {
    (file.is("rs") || file.is("sql"))
        && !file.path.contains("/tests/")
        && !file.path.starts_with("crates/xtask/")
}

/// Text in small letters, without comments, with one space where there was any white space.
struct Folded {
    text: String,
    /// The line each byte comes from.
    lines: Vec<usize>,
}

impl Folded {
    fn of(file: &File) -> Self {
        let mut folded = Self {
            text: String::new(),
            lines: Vec::new(),
        };
        for (number, line) in file.lines() {
            let line = line.trim();
            if ["//", "--"].iter().any(|mark| line.starts_with(mark)) {
                continue;
            }
            for word in line.trim_end_matches('\\').split_whitespace() {
                folded.text.push_str(&word.to_lowercase());
                folded.text.push(' ');
                folded.lines.resize(folded.text.len(), number);
            }
        }
        folded
    }

    /// The lines on which the word begins, whole: the queue's `DbExecutor` is another one.
    fn lines_with<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        let ends = move |end: usize| !(word.ends_with(in_word) && self.text[end..].starts_with(in_word));
        let begins =
            move |start: usize| !(word.starts_with(in_word) && self.text[..start].ends_with(in_word));
        self.text
            .match_indices(word)
            .filter(move |(start, _)| begins(*start) && ends(start + word.len()))
            .map(move |(start, _)| (self.lines[start], word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROPER: &str = "/// `set local role`\nselect set_config('role', $1, true)";

    #[test]
    fn roles_change_in_one_place() {
        let tree = Tree::of(&[
            (DOOR, PROPER),
            ("crates/db/tests/it/roles.rs", "set local role x"),
            (
                "crates/db/src/b.rs",
                "-- set role\n\"SET\n    LOCAL \\\n    ROLE x\"",
            ),
            ("crates/db/src/c.rs", "update staff set roles = $1"),
            ("crates/app/src/d.rs", "set_config('role', $1, true)"),
            ("migrations/tenant/1.sql", "x;\nset session authorization y"),
        ]);
        assert_eq!(
            changed(&tree),
            [
                "crates/db/src/b.rs:2: `set local role`: only TenantTx changes roles",
                "crates/app/src/d.rs:1: `set_config('role'`: only TenantTx changes roles",
                "migrations/tenant/1.sql:2: `session authorization`: only TenantTx changes roles",
            ]
        );
        for wrong in [
            "",
            &format!("{PROPER}\n{PROPER}"),
            &format!("{PROPER}\nset role x"),
        ] {
            assert_eq!(changed(&Tree::of(&[(DOOR, wrong)])).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn queries_are_prepared_one_by_one() {
        let tree = Tree::of(&[
            (
                "crates/db/src/a.rs",
                "use sqlx::Executor;\nlet q = sqlx::raw_sql(\"select 1; select 2\");",
            ),
            ("crates/db/src/b.rs", "declare c cursor\n  with hold for select 1"),
            ("crates/db/src/e.rs", "use graphile_worker::DbExecutor;"),
            ("crates/db/tests/it/c.rs", "raw_sql"),
            ("crates/schema/src/d.rs", "raw_sql"),
        ]);
        let found = queries(&tree);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(
            found[1],
            "crates/db/src/a.rs:1: `executor`: a bare string would go out unprepared"
        );
    }
}
