//! Communes of birth: whether two ways of naming one contradict each other.

use domain::Place;

use crate::normalise::words;

/// Words that many communes share and that tell none apart.
const COMMON: [&str; 20] = [
    "A",
    "ARRONDISSEMENT",
    "AUX",
    "CEDEX",
    "D",
    "DE",
    "DES",
    "DU",
    "EN",
    "ER",
    "ET",
    "L",
    "LA",
    "LE",
    "LES",
    "NEE",
    "SAINT",
    "SAINTE",
    "SOUS",
    "SUR",
];

/// Countries in which people helped by a département are often born: a register may name the country where the
/// certificate names the town, which is no contradiction.
const COUNTRIES: [&str; 26] = [
    "ALGERIE",
    "ALLEMAGNE",
    "ARGENTINE",
    "ARMENIE",
    "BELGIQUE",
    "CAMBODGE",
    "COMORES",
    "EGYPTE",
    "ESPAGNE",
    "FRANCE",
    "GRECE",
    "HONGRIE",
    "ITALIE",
    "LIBAN",
    "MADAGASCAR",
    "MALI",
    "MAROC",
    "POLOGNE",
    "PORTUGAL",
    "ROUMANIE",
    "RUSSIE",
    "SENEGAL",
    "SUISSE",
    "TUNISIE",
    "TURQUIE",
    "VIETNAM",
];

/// What two places of birth say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceTie {
    /// They share a telling word: `Lyon 3e`, `LYON`.
    Agree,
    /// They are two communes.
    Contradict,
}

/// Compares; `None` when one of them tells nothing that can be compared (a code, a country, nothing).
pub(crate) fn tie(a: &Place, b: &Place) -> Option<PlaceTie> {
    let (a, b) = (telling(a)?, telling(b)?);
    let agree = a.iter().any(|word| b.contains(word)) || a.concat() == b.concat();
    Some(if agree {
        PlaceTie::Agree
    } else {
        PlaceTie::Contradict
    })
}

fn telling(place: &Place) -> Option<Vec<String>> {
    let tells = |word: &String| {
        !COMMON.contains(&word.as_str())
            && !COUNTRIES.contains(&word.as_str())
            && !word.chars().any(|c| c.is_ascii_digit())
    };
    let words: Vec<String> = words(place.as_str()).into_iter().filter(tells).collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_naming_one_commune_do_not_contradict() {
        let place = |text: &str| Place::parse(text).unwrap();
        let tie = |a: &str, b: &str| tie(&place(a), &place(b));
        for (a, b, expected) in [
            ("Lyon 3e Arrondissement", "LYON", Some(PlaceTie::Agree)),
            ("Saint-Étienne", "ST ETIENNE", Some(PlaceTie::Agree)),
            ("Alger (Algérie)", "ALGER", Some(PlaceTie::Agree)),
            ("Ville franche", "Villefranche", Some(PlaceTie::Agree)),
            ("Lyon", "Marseille", Some(PlaceTie::Contradict)),
            ("Saint-Étienne", "Saint-Denis", Some(PlaceTie::Contradict)),
            ("Oran", "Algérie", None),
            ("69123", "Lyon", None),
        ] {
            assert_eq!(tie(a, b), expected, "{a} / {b}");
        }
    }
}
