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
    words: Vec<PlaceWord>,
    whole: Word,
}

/// A telling word of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlaceWord {
    word: Word,
    /// In brackets, where forms put the département or the country.
    beside: bool,
}

/// What two places of birth say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceTie {
    /// They share a telling word, and at least one of them says nothing more: `Lyon 3e`, `LYON`.
    Same,
    /// They are one but for a slip of the pen, or for what stands in brackets.
    Near,
    /// They are two communes, though they may share a word.
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
        let before = text
            .find('(')
            .filter(|bracket| words(&text[..*bracket]).iter().any(tells))
            .unwrap_or(text.len());
        let mut all: Vec<(String, bool)> = Vec::new();
        for (part, beside) in [(&text[..before], false), (&text[before..], true)] {
            all.extend(words(part).into_iter().filter(tells).map(|word| (word, beside)));
        }
        (!all.is_empty()).then(|| Self {
            whole: Word::new(all.iter().map(|(word, _)| word.as_str()).collect()),
            words: all
                .into_iter()
                .map(|(word, beside)| PlaceWord {
                    word: Word::new(word),
                    beside,
                })
                .collect(),
        })
    }

    /// As frequencies count it.
    pub fn text(&self) -> &str {
        &self.whole.text
    }

    /// How both stand to each other; the same from both sides.
    pub(crate) fn tie(&self, other: &Self) -> PlaceTie {
        if self.whole.text == other.whole.text {
            return PlaceTie::Same;
        }
        let mine = self.without_counterpart(other);
        let theirs = other.without_counterpart(self);
        let one_is_in_the_other = mine == Rest::Nothing || theirs == Rest::Nothing;
        let shares_a_word = self
            .words
            .iter()
            .any(|own| other.words.iter().any(|their| own.word.text == their.word.text));
        if shares_a_word && one_is_in_the_other {
            return PlaceTie::Same;
        }
        let shortest = self.whole.text.len().min(other.whole.text.len());
        let slip = self
            .whole
            .slips(&other.whole, if shortest >= 9 { 2 } else { 1 })
            .is_some();
        if slip || self.whole.sounds_like(&other.whole) {
            return PlaceTie::Near;
        }
        match (mine, theirs) {
            (Rest::Everything, _) | (_, Rest::Everything) => PlaceTie::Other,
            // `Villefranche-sur-Saône`, `Villefranche-de-Rouergue`.
            (Rest::Telling, Rest::Telling) => PlaceTie::Other,
            _ => PlaceTie::Near,
        }
    }

    /// What is left when the words are set aside that the other place has too, but for a slip.
    fn without_counterpart(&self, other: &Self) -> Rest {
        let alone = |own: &&PlaceWord| !other.words.iter().any(|their| own.is_one_with(their));
        let left: Vec<&PlaceWord> = self.words.iter().filter(alone).collect();
        if left.is_empty() {
            Rest::Nothing
        } else if left.len() == self.words.len() {
            Rest::Everything
        } else if left.iter().all(|word| word.beside) {
            Rest::Beside
        } else {
            Rest::Telling
        }
    }
}

impl PlaceWord {
    fn is_one_with(&self, other: &Self) -> bool {
        let (one, other) = (&self.word, &other.word);
        one.text == other.text
            || one.text.len() >= 5 && other.text.len() >= 5 && one.slips(other, 1).is_some()
    }
}

/// The words of a place that another one has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// Words in brackets.
    Beside,
    /// Words that make it another commune.
    Telling,
    Everything,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_naming_one_commune_do_not_contradict() {
        let tie = |a: &str, b: &str| {
            let (a, b) = (PlaceName::read(a)?, PlaceName::read(b)?);
            assert_eq!(a.tie(&b), b.tie(&a));
            Some(a.tie(&b))
        };
        for (a, b, expected) in [
            ("Lyon 3e Arrondissement", "LYON", Some(PlaceTie::Same)),
            ("LYON 03", "Lyon 3ème", Some(PlaceTie::Same)),
            ("Saint-Étienne", "ST ETIENNE", Some(PlaceTie::Same)),
            ("Alger (Algérie)", "ALGER", Some(PlaceTie::Same)),
            ("Ville franche", "Villefranche", Some(PlaceTie::Same)),
            ("Villefranche", "Villefranche-sur-Saône", Some(PlaceTie::Same)),
            (
                "Villefranche-sur-Saône (Rhône)",
                "VILLEFRANCHE S/ SAONE",
                Some(PlaceTie::Same),
            ),
            (
                "Villefranche-sur-Saône",
                "Villefranche (Rhône)",
                Some(PlaceTie::Near),
            ),
            (
                "Villefranche-sur-Saône",
                "Villefranche-sur-Saonne",
                Some(PlaceTie::Same),
            ),
            (
                "Villefranche-sur-Saône",
                "Vilefranche-sur-Sone",
                Some(PlaceTie::Near),
            ),
            (
                "Saint-Denis (Seine)",
                "Saint-Denis (Réunion)",
                Some(PlaceTie::Same),
            ),
            ("(Lyon)", "Lyon", Some(PlaceTie::Same)),
            ("Grenoble", "Grenobel", Some(PlaceTie::Near)),
            ("Lyon", "Marseille", Some(PlaceTie::Other)),
            ("Saint-Étienne", "Saint-Denis", Some(PlaceTie::Other)),
            // They share a word, as hundreds of communes do.
            (
                "Villefranche-sur-Saône",
                "Villefranche-de-Rouergue",
                Some(PlaceTie::Other),
            ),
            (
                "Vilefranche-sur-Saône",
                "Villefranche-de-Rouergue",
                Some(PlaceTie::Other),
            ),
            ("Villeneuve-sur-Lot", "Villeneuve-d’Ascq", Some(PlaceTie::Other)),
            ("Bourg-en-Bresse", "Le Bourg-d'Oisans", Some(PlaceTie::Other)),
            (
                "Saint-Jean-de-Luz",
                "Saint-Jean-de-Maurienne",
                Some(PlaceTie::Other),
            ),
            ("Oran", "Algérie", None),
            ("69123", "Lyon", None),
        ] {
            assert_eq!(tie(a, b), expected, "{a} / {b}");
        }
    }
}
