//! Words that belong in some places only.

use super::tree::{File, Tree};

/// A word and where it may stand.
struct Word {
    /// Looked for without regard to case.
    text: &'static str,
    /// Files it is looked for in.
    asked_of: fn(&File) -> bool,
    /// What to do instead.
    instead: &'static str,
}

const WORDS: [Word; 10] = [
    Word {
        text: "env::var",
        asked_of: |file| file.is("rs") && !in_crates(file, &["cli", "xtask", "sandbox", "testing"]),
        instead: "only cli reads the environment",
    },
    Word {
        text: "env::vars",
        asked_of: |file| file.is("rs") && !in_crates(file, &["cli", "xtask", "sandbox", "testing"]),
        instead: "only cli reads the environment",
    },
    Word {
        text: "Utc::now",
        asked_of: without_clock,
        instead: "the clock is an argument here",
    },
    Word {
        text: "Local::now",
        asked_of: without_clock,
        instead: "the clock is an argument here",
    },
    Word {
        text: "SystemTime::now",
        asked_of: without_clock,
        instead: "the clock is an argument here",
    },
    Word {
        text: concat!("TO", "DO"),
        asked_of: is_written,
        instead: "do it, or open an issue",
    },
    Word {
        text: concat!("FIX", "ME"),
        asked_of: is_written,
        instead: "do it, or open an issue",
    },
    Word {
        text: concat!("todo", "!("),
        asked_of: is_written,
        instead: "do it, or open an issue",
    },
    Word {
        text: concat!("unimplemented", "!("),
        asked_of: is_written,
        instead: "do it, or open an issue",
    },
    Word {
        text: concat!("[al", "low("),
        asked_of: is_written,
        instead: "`#[expect(…, reason = \"…\")]`",
    },
];

pub(super) fn places(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in &tree.files {
        for word in WORDS
            .iter()
            .filter(|word| (word.asked_of)(file) && stands_in(&file.text, word.text))
        {
            for (number, _) in file.lines().filter(|(_, line)| stands_in(line, word.text)) {
                found.push(format!(
                    "{}:{number}: `{}`: {}",
                    file.path, word.text, word.instead
                ));
            }
        }
    }
    found
}

/// Whether the word stands there. A word in capitals must stand in capitals, and alone; others are code, of which
/// comments may speak.
fn stands_in(text: &str, word: &str) -> bool {
    let comment = ["//", "--"]
        .iter()
        .any(|mark| text.trim_start().starts_with(mark))
        && !text.contains('\n');
    if word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return text
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word);
    }
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    !comment
        && text
            .match_indices(&word)
            .any(|(start, _)| ends_there(&text[start..], &word))
}

/// Whether the word, with which the text begins, is not the beginning of a longer one.
fn ends_there(text: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric();
    !(word.ends_with(in_word) && text[word.len()..].starts_with(in_word))
}

fn in_crates(file: &File, names: &[&str]) -> bool {
    let place = file
        .path
        .strip_prefix("crates/")
        .and_then(|path| path.split_once('/'));
    place.is_some_and(|(name, _)| names.contains(&name))
}

fn without_clock(file: &File) -> bool {
    file.is("rs") && in_crates(file, &["domain", "matching", "letters", "views"])
}

fn is_written(file: &File) -> bool {
    ["rs", "html", "css", "js", "mjs", "typ", "sql", "sh", "toml", "md"]
        .iter()
        .any(|extension| file.is(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_out_of_place_is_found_with_its_line() {
        let clock = "fn f() {\n    Utc::now()\n}";
        let tree = Tree::of(&[
            ("crates/letters/src/a.rs", clock),
            ("crates/app/src/a.rs", clock),
            ("crates/web/src/c.rs", "std::env::var(\"X\")"),
            ("crates/cli/src/c.rs", "std::env::var(\"X\")"),
        ]);
        assert_eq!(
            places(&tree),
            [
                "crates/letters/src/a.rs:2: `Utc::now`: the clock is an argument here",
                "crates/web/src/c.rs:1: `env::var`: only cli reads the environment",
            ]
        );
    }

    #[test]
    fn unfinished_work_is_found_and_its_name_in_spanish_is_not() {
        let note = concat!("// TO", "DO: later");
        let tree = Tree::of(&[("a.rs", note), ("b.md", "Método, todos"), ("c.csv", note)]);
        assert_eq!(places(&tree).len(), 1);
        let attribute = concat!("#[al", "low(dead_code)]");
        assert_eq!(places(&Tree::of(&[("a.rs", attribute)])).len(), 1);
    }
}
