//! Communes of birth: whether two ways of naming one contradict each other.

use crate::normalise::words;
use crate::similarity::Word;

/// Words that many communes share and that tell none apart.
const COMMON: [&str; 26] = [
    "A",
    "ARR",
    "ARRDT",
    "ARRONDISSEMENT",
    "AU",
    "AUX",
    "CEDEX",
    "D",
    "DE",
    "DES",
    "DU",
    "E",
    "EME",
    "EN",
    "ER",
    "ET",
    "L",
    "LA",
    "LE",
    "LES",
    "NE",
    "NEE",
    "SAINT",
    "SAINTE",
    "SOUS",
    "SUR",
];

/// Countries and provinces: a register may name the country where the certificate names the town, which is no
/// contradiction.
const COUNTRIES: [&str; 60] = [
    "AFRIQUE",
    "ALGERIE",
    "ALLEMAGNE",
    "ALSACE",
    "ANGLETERRE",
    "ARGENTINE",
    "ARMENIE",
    "AUTRICHE",
    "BELGIQUE",
    "BENIN",
    "BRESIL",
    "BRETAGNE",
    "BULGARIE",
    "CAMBODGE",
    "CAMEROUN",
    "CANADA",
    "CHILI",
    "CHINE",
    "COMORES",
    "CONGO",
    "CORSE",
    "EGYPTE",
    "ESPAGNE",
    "FRANCE",
    "GRECE",
    "GUADELOUPE",
    "GUINEE",
    "GUYANE",
    "HAITI",
    "HONGRIE",
    "INCONNU",
    "INCONNUE",
    "INDE",
    "IRAN",
    "ITALIE",
    "LAOS",
    "LIBAN",
    "LUXEMBOURG",
    "MADAGASCAR",
    "MALI",
    "MAROC",
    "MARTINIQUE",
    "MAURICE",
    "MAYOTTE",
    "PAYS",
    "BAS",
    "POLOGNE",
    "PORTUGAL",
    "REUNION",
    "ROUMANIE",
    "RUSSIE",
    "SENEGAL",
    "SUISSE",
    "TOGO",
    "TUNISIE",
    "TURQUIE",
    "UKRAINE",
    "VIETNAM",
    "VIET",
    "YOUGOSLAVIE",
];

/// A place as it is compared: the words that tell it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceName {
    words: Vec<Word>,
    whole: Word,
}

/// What two places of birth say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceTie {
    /// They share a telling word: `Lyon 3e`, `LYON`.
    Same,
    /// They are one but for a slip of the pen.
    Near,
    /// They are two communes.
    Other,
}

impl PlaceName {
    /// Normalises; `None` when it tells nothing that can be compared (a code, a country, nothing).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let tells = |word: &String| {
            word.len() > 1
                && !COMMON.contains(&word.as_str())
                && !COUNTRIES.contains(&word.as_str())
                && !word.chars().any(|c| c.is_ascii_digit())
        };
        let words: Vec<String> = words(text).into_iter().filter(tells).collect();
        (!words.is_empty()).then(|| Self {
            whole: Word::new(words.concat()),
            words: words.into_iter().map(Word::new).collect(),
        })
    }

    /// As frequencies count it.
    pub fn text(&self) -> &str {
        &self.whole.text
    }

    /// How both stand to each other; the same from both sides.
    pub(crate) fn tie(&self, other: &Self) -> PlaceTie {
        let shared = |word: &Word| other.words.iter().any(|theirs| theirs.text == word.text);
        if self.whole.text == other.whole.text || self.words.iter().any(shared) {
            return PlaceTie::Same;
        }
        let shortest = self.whole.text.len().min(other.whole.text.len());
        let near = self
            .whole
            .slips(&other.whole, if shortest >= 9 { 2 } else { 1 })
            .is_some()
            || self.whole.sounds_like(&other.whole)
            || self.words.iter().any(|word| {
                let near = |theirs: &Word| word.text.len() >= 5 && word.slips(theirs, 1).is_some();
                other.words.iter().any(near)
            });
        if near { PlaceTie::Near } else { PlaceTie::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_naming_one_commune_do_not_contradict() {
        let tie = |a: &str, b: &str| Some(PlaceName::read(a)?.tie(&PlaceName::read(b)?));
        for (a, b, expected) in [
            ("Lyon 3e Arrondissement", "LYON", Some(PlaceTie::Same)),
            ("LYON 03", "Lyon 3ème", Some(PlaceTie::Same)),
            ("Saint-Étienne", "ST ETIENNE", Some(PlaceTie::Same)),
            ("Alger (Algérie)", "ALGER", Some(PlaceTie::Same)),
            ("Ville franche", "Villefranche", Some(PlaceTie::Same)),
            ("Grenoble", "Grenobel", Some(PlaceTie::Near)),
            ("Lyon", "Marseille", Some(PlaceTie::Other)),
            ("Saint-Étienne", "Saint-Denis", Some(PlaceTie::Other)),
            ("Oran", "Algérie", None),
            ("69123", "Lyon", None),
        ] {
            assert_eq!(tie(a, b), expected, "{a} / {b}");
        }
    }
}
