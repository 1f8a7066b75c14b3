//! Slips of the pen, the keyboard and the ear, in one word.

use crate::random::Random;

/// A letter replaced by a neighbour on the keyboard, by one that looks alike, or by any.
pub(super) fn replaced(text: &str, random: &mut Random) -> String {
    const NEAR: &[(&str, &str)] = &[
        ("A", "ZQEO"),
        ("E", "RZAI"),
        ("I", "UOLJ"),
        ("O", "IPAU"),
        ("U", "YIVN"),
        ("N", "BMU"),
        ("M", "NL"),
        ("R", "ETN"),
        ("T", "RYFL"),
        ("S", "QDZ"),
        ("L", "KMI"),
        ("D", "SFB"),
        ("C", "XVEG"),
        ("B", "VNDR"),
        ("P", "OB"),
        ("G", "FHQC"),
        ("V", "CBUW"),
        ("F", "DGT"),
        ("H", "GJN"),
        ("Q", "SAG"),
        ("K", "JLC"),
        ("Z", "AES"),
        ("Y", "TUI"),
        ("X", "WCS"),
    ];
    let mut letters: Vec<char> = text.chars().collect();
    let at = letter(&letters, random);
    let here = letters[at].to_ascii_uppercase();
    let near = NEAR
        .iter()
        .find(|(letter, _)| letter.starts_with(here))
        .map(|(_, near)| near.as_bytes());
    letters[at] = match near {
        Some(near) if random.happens(0.7) => char::from(near[random.below(near.len())]),
        _ => char::from(b'A' + random.below(26) as u8),
    };
    letters.into_iter().collect()
}

pub(super) fn dropped(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() > 2 {
        let at = letter(&letters, random);
        letters.remove(at);
    }
    letters.into_iter().collect()
}

pub(super) fn doubled(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = letter(&letters, random);
    letters.insert(at, letters[at]);
    letters.into_iter().collect()
}

pub(super) fn transposed(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = random.below(letters.len() - 1);
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

pub(super) fn slip(text: &str, random: &mut Random) -> String {
    if text.chars().count() < 3 {
        return text.to_owned();
    }
    match random.below(4) {
        0 => replaced(text, random),
        1 => dropped(text, random),
        2 => doubled(text, random),
        _ => transposed(text, random),
    }
}

fn letter(letters: &[char], random: &mut Random) -> usize {
    for _ in 0..20 {
        let at = random.below(letters.len());
        if letters[at].is_alphabetic() {
            return at;
        }
    }
    0
}

/// A cluster written as it sounds.
pub(super) fn phonetic(text: &str, random: &mut Random) -> String {
    const RULES: &[(&str, &str)] = &[
        ("PH", "F"),
        ("F", "PH"),
        ("EAU", "AU"),
        ("EAU", "O"),
        ("AU", "O"),
        ("EAUX", "EAU"),
        ("AULT", "AUD"),
        ("AUD", "AULT"),
        ("TH", "T"),
        ("T", "TH"),
        ("C", "K"),
        ("K", "C"),
        ("QU", "K"),
        ("Y", "I"),
        ("I", "Y"),
        ("LL", "L"),
        ("L", "LL"),
        ("NN", "N"),
        ("N", "NN"),
        ("TT", "T"),
        ("T", "TT"),
        ("RR", "R"),
        ("R", "RR"),
        ("SS", "S"),
        ("Z", "S"),
        ("S", "Z"),
        ("AN", "EN"),
        ("EN", "AN"),
        ("AIN", "IN"),
        ("EIN", "AIN"),
        ("H", ""),
        ("D", "T"),
        ("GE", "JE"),
        ("CE", "SE"),
        ("CI", "SI"),
        ("ER", "ET"),
        ("AI", "E"),
        ("E", "AI"),
        ("X", ""),
        ("OU", "U"),
        ("G", "J"),
        ("CK", "K"),
        ("MM", "M"),
        ("ES", "EZ"),
        ("EZ", "ES"),
        ("IE", "Y"),
        ("OI", "OY"),
        ("LEF", "LEFE"),
        ("BV", "V"),
        ("SCH", "CH"),
        ("W", "V"),
    ];
    for _ in 0..60 {
        let (from, to) = RULES[random.below(RULES.len())];
        let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
        // The first letter of a name is seldom misheard.
        let Some(at) = random
            .pick(&places)
            .copied()
            .filter(|at| *at > 0 || matches!(from, "H" | "PH" | "F" | "C" | "K" | "GE"))
        else {
            continue;
        };
        let mut changed = text.to_owned();
        changed.replace_range(at..at + from.len(), to);
        if changed.chars().count() >= 2 {
            return changed;
        }
    }
    text.to_owned()
}
