//! French typography, in what is read and in what is read aloud.

use crate::page::{Checked, fold};

/// Attributes that are read aloud.
const READ: [&str; 4] = ["alt", "aria-label", "title", "data-pendant"];

pub(crate) fn faults(page: &Checked, faults: &mut Vec<String>) {
    let body = page.all("html > body")[0];
    // Word by word over element borders: « <strong>x</strong> : » must hold together as well.
    let text = fold(&body.text().collect::<String>());
    faults.extend(wrong(&text));
    for title in page.all("title") {
        faults.extend(wrong(&fold(&title.text().collect::<String>())));
    }
    for (_, name, value) in page.attributes() {
        if READ.contains(&name) {
            faults.extend(wrong(value));
        }
    }
}

/// Places where a text is not set as French wants it, with what stands around them.
pub(crate) fn wrong(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let around = |place: usize| -> String {
        let start = place.saturating_sub(20);
        characters[start..(place + 20).min(characters.len())]
            .iter()
            .collect()
    };
    characters
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| is_wrong(pair[0], pair[1]))
        .map(|(place, _)| format!("typography at « {} »", around(place)))
        .collect()
}

fn is_wrong(a: char, b: char) -> bool {
    match (a, b) {
        (_, '\'') | ('\'', _) => true,
        (' ', ':' | ';' | '!' | '?' | '»' | '%' | '€' | ',' | '.') => true,
        ('«', ' ') | ('°', ' ') | ('.', '.') => true,
        (before, ';' | '!' | '?') => before != '\u{202f}' && before != '\u{a0}',
        (before, '»') => before != '\u{a0}',
        ('«', after) => after != '\u{a0}',
        _ => false,
    }
}

#[test]
fn the_rule_itself_finds_what_is_wrong() {
    for text in [
        "l'acte", "Quoi ?", "Quoi?", "« x »", "n° 3", "fin..", "a :", "10 €",
    ] {
        assert!(!wrong(text).is_empty(), "{text}");
    }
    for text in [
        "l’acte",
        "Quoi\u{202f}?",
        "«\u{a0}x\u{a0}»",
        "17:40",
        "https://x",
        "a, b.",
    ] {
        assert!(wrong(text).is_empty(), "{text}");
    }
}
