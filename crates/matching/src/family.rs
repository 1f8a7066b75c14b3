//! Family names: equal but for case, accents, separators and particles.

use domain::FamilyName;

use crate::normalise::words;

/// Words that registers write, glue or leave out: `DE LA TOUR`, `DELATOUR`, `LATOUR`, `TOUR (DE LA)`.
const PARTICLES: [&str; 27] = [
    "AL", "BEN", "D", "DA", "DAS", "DE", "DEL", "DELLA", "DEN", "DER", "DES", "DI", "DO", "DOS", "DU", "EL",
    "IBN", "L", "LA", "LE", "LES", "TEN", "TER", "VAN", "VON", "ZU", "ZUM",
];

/// How two family names are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Equality {
    /// The same letters.
    Letters,
    /// The same once particles are left out of one of them.
    Particle,
}

/// A family name as it is compared: every way of writing it that counts as the same name.
///
/// `LE GALL` is `LEGALL` (glued) and `GALL` (left out); `LEGALL` and `GALL` are two names, because nothing says that
/// the first two letters of `LEGALL` are a particle: so equality is a common way of writing, not one canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Family {
    /// First the whole name as one word, then shorter forms, each once. Empty when nothing in it can be compared.
    forms: Vec<String>,
}

impl Family {
    /// Normalises a name.
    pub(crate) fn new(name: &FamilyName) -> Self {
        let words = particles_first(words(name.as_str()));
        let leading = words.iter().take_while(|word| is_particle(word)).count();
        let mut forms = vec![words.concat()];
        if leading < words.len() {
            forms.extend((1..=leading).map(|skipped| words[skipped..].concat()));
            let bare: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .filter(|word| !is_particle(word))
                .collect();
            forms.push(bare.concat());
        }
        let mut seen = Vec::with_capacity(forms.len());
        for form in forms {
            if !form.is_empty() && !seen.contains(&form) {
                seen.push(form);
            }
        }
        Self { forms: seen }
    }

    /// Every way of writing it.
    pub(crate) fn forms(&self) -> &[String] {
        &self.forms
    }

    /// Whether both are the same name, and how nearly.
    pub(crate) fn equality(&self, other: &Self) -> Option<Equality> {
        if self.forms.first()? == other.forms.first()? {
            return Some(Equality::Letters);
        }
        let shared = self.forms.iter().any(|form| other.forms.contains(form));
        shared.then_some(Equality::Particle)
    }
}

/// Puts particles written behind the name (`TOUR (DE LA)`) where they belong.
fn particles_first(mut words: Vec<String>) -> Vec<String> {
    let behind = words.iter().rev().take_while(|word| is_particle(word)).count();
    if behind < words.len() {
        words.rotate_right(behind);
    }
    words
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn equality(a: &str, b: &str) -> Option<Equality> {
        let family = |text: &str| Family::new(&FamilyName::parse(text).unwrap());
        let there = family(a).equality(&family(b));
        assert_eq!(there, family(b).equality(&family(a)), "{a} / {b}");
        there
    }

    #[test]
    fn one_name_however_it_is_written() {
        for (a, b) in [
            ("DUPONT", "Dupont"),
            ("Lefèvre", "LEFEVRE"),
            ("MARTIN-DURAND", "Martin Durand"),
            ("DE LA TOUR", "de Latour"),
            ("DE LA TOUR", "DELATOUR"),
            ("DE LA TOUR", "TOUR (DE LA)"),
            ("d’Alembert", "DALEMBERT"),
            ("L’HOSTIS", "LHOSTIS"),
            ("LE GALL", "LEGALL"),
            ("O'NEILL", "ONEILL"),
            ("M’BAREK", "MBAREK"),
            ("BEN AHMED", "BENAHMED"),
            ("EL AMRANI", "Elamrani"),
            ("VAN DEN BERG", "VANDENBERG"),
            ("ST MARTIN", "Saint-Martin"),
            ("LE", "Lê"),
            ("LE VAN", "Lê-Van"),
        ] {
            assert_eq!(equality(a, b), Some(Equality::Letters), "{a} / {b}");
        }
    }

    #[test]
    fn a_particle_left_out_is_the_same_name() {
        for (a, b) in [
            ("DE VILLEPIN", "VILLEPIN"),
            ("DE LA TOUR", "LATOUR"),
            ("DE LA TOUR", "TOUR"),
            ("VON DER LEYEN", "LEYEN"),
            ("DUPONT DE NEMOURS", "DUPONT NEMOURS"),
            ("EL AMRANI", "AMRANI"),
            ("d’Alembert", "Alembert"),
        ] {
            assert_eq!(equality(a, b), Some(Equality::Particle), "{a} / {b}");
        }
    }

    #[test]
    fn other_names_stay_other_names() {
        for (a, b) in [
            ("LEROY", "ROY"),
            ("DENIS", "NIS"),
            ("LE ROY", "LE GALL"),
            ("MARTIN", "MARTINE"),
            ("MARTIN-DURAND", "MARTIN"),
            ("LE", "DE"),
            ("LE", "LE VAN"),
            ("DUPONT", "DUPOND"),
            ("STEPHAN", "SAINT EPHAN"),
        ] {
            assert_eq!(equality(a, b), None, "{a} / {b}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_itself_in_any_case(text in "\\PC{1,30}") {
            if let Ok(name) = FamilyName::parse(&text) {
                let family = Family::new(&name);
                if !family.forms().is_empty() {
                    prop_assert_eq!(family.equality(&family), Some(Equality::Letters));
                }
            }
        }

        #[test]
        fn particles_never_eat_the_name(particles in proptest::sample::subsequence(PARTICLES.to_vec(), 0..4), name in "[A-Z]{2,12}") {
            let text = particles.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(" ");
            prop_assert!(equality(&text, &name).is_some() || PARTICLES.contains(&name.as_str()));
        }
    }
}
