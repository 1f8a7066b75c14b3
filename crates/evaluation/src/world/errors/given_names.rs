//! What is done to given names.

use super::ErrorKind::{
    self, CompositeHalved, CompositeSplit, GivenDoubled, GivenDropped, GivenPhonetic, GivenReplaced,
    GivenTransposed, Omitted, Reordered, SecondFirst, Short,
};
use super::letters::{doubled, dropped, phonetic, replaced, transposed};
use crate::random::Random;
use crate::world::civil::Civil;

pub(super) fn given(kind: ErrorKind, civil: &mut Civil, random: &mut Random) -> bool {
    let Some(first) = civil.given.first().cloned() else {
        return false;
    };
    if first.chars().count() < 2 {
        return false;
    }
    match kind {
        GivenReplaced => civil.given[0] = replaced(&first, random),
        GivenDropped => civil.given[0] = dropped(&first, random),
        GivenDoubled => civil.given[0] = doubled(&first, random),
        GivenTransposed => civil.given[0] = transposed(&first, random),
        GivenPhonetic => civil.given[0] = phonetic(&first, random),
        SecondFirst => {
            if civil.given.len() < 2 {
                return false;
            }
            let second = civil.given.remove(1);
            if random.happens(0.6) {
                civil.given = vec![second];
            } else {
                civil.given[0] = second;
            }
        }
        Omitted => {
            let there = civil.given.len() > 1;
            civil.given.truncate(1);
            return there;
        }
        Reordered => {
            if civil.given.len() < 2 {
                return false;
            }
            civil.given.rotate_left(1);
        }
        CompositeHalved => {
            let Some((a, b)) = first.split_once('-') else {
                return false;
            };
            civil.given[0] = if random.happens(0.6) { a } else { b }.to_owned();
        }
        CompositeSplit => {
            if let Some((a, b)) = first.split_once('-') {
                if random.happens(0.7) {
                    let (a, b) = (a.to_owned(), b.to_owned());
                    civil.given.splice(0..1, [a, b]);
                } else {
                    civil.given[0] = first.replace('-', "");
                }
            } else if civil.given.len() > 1 && !civil.given[1].contains('-') {
                let second = civil.given.remove(1);
                civil.given[0] = format!("{first}-{second}");
            } else {
                return false;
            }
        }
        Short => match short(&first, random) {
            Some(text) => civil.given[0] = text,
            None => return false,
        },
        _ => match variant(&first, random) {
            Some(text) => civil.given[0] = text,
            None => return false,
        },
    }
    true
}

fn short(name: &str, random: &mut Random) -> Option<String> {
    if let Some((a, b)) = name.split_once('-') {
        let a: String = a.chars().take(1).collect();
        return Some(if random.happens(0.5) {
            format!("{a}-{b}")
        } else {
            format!("{a}.{b}")
        });
    }
    let known: &[(&str, &str)] = &[
        ("FREDERIC", "FREDO"),
        ("ALFRED", "FRED"),
        ("CHARLES", "CH."),
        ("FRANCOIS", "FR."),
        ("PHILIPPE", "PH."),
        ("JOSEPH", "JO"),
        ("ANTOINE", "TOINE"),
        ("MADELEINE", "MADO"),
        ("CATHERINE", "CATHY"),
        ("SUZANNE", "SUZY"),
        ("ALEXANDRE", "ALEX"),
        ("ABDELKADER", "KADER"),
        ("EMMANUEL", "MANU"),
    ];
    if let Some((_, form)) = known.iter().find(|(long, _)| *long == name) {
        return Some((*form).to_owned());
    }
    let letters: Vec<char> = name.chars().collect();
    let kept = if random.happens(0.4) { 1 } else { 4 };
    (letters.len() >= 6).then(|| letters[..kept].iter().collect::<String>() + ".")
}

fn variant(name: &str, random: &mut Random) -> Option<String> {
    let known: &[&[&str]] = &[
        &["MOHAMED", "MOHAMMED", "MOHAMMAD", "MUHAMMAD", "MOUHAMED"],
        &["AHMED", "AHMAD"],
        &["YOUSSEF", "YOUCEF", "YUSUF"],
        &["HOCINE", "HOUCINE", "HUSSEIN"],
        &["MUSTAPHA", "MUSTAFA", "MOSTEFA"],
        &["FATIMA", "FATMA"],
        &["KHADIJA", "KHEDIDJA"],
        &["DJAMEL", "JAMAL"],
        &["DJAMILA", "JAMILA"],
        &["JOSE", "JOSEPH"],
        &["MARIA", "MARIE"],
        &["ANTONIO", "ANTOINE"],
        &["JOAO", "JEAN"],
        &["GIOVANNI", "JEAN"],
        &["GIUSEPPE", "JOSEPH"],
        &["FRANCISCO", "FRANCOIS"],
        &["HENRI", "HENRY"],
        &["DENIS", "DENYS"],
        &["MATHIEU", "MATTHIEU"],
        &["ELISABETH", "ELIZABETH"],
        &["SUZANNE", "SUSANNE"],
        &["LUIS", "LOUIS"],
        &["ROSA", "ROSE"],
        &["TERESA", "THERESE"],
    ];
    let names = known.iter().find(|names| names.contains(&name))?;
    names
        .iter()
        .filter(|other| **other != name)
        .nth(random.below(names.len() - 1))
        .map(|other| (*other).to_owned())
}
