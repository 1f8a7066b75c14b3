//! Family names as they are compared.

mod forms;

pub(crate) use self::forms::{Forms, is_particle};

use self::forms::is_one_name;
use crate::similarity::{Word, mark};

/// A family name as it is compared.
///
/// `LE GALL` is `LEGALL` (glued) and `GALL` (left out); `LEGALL` and `GALL` are two names, because nothing says that
/// the first two letters of `LEGALL` are a particle: so equality is a common way of writing, not one canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    sketch: Sketch,
    /// The whole name as one word, particles first: what frequencies are counted by.
    pub(crate) whole: Word,
    /// Shorter ways of writing it, with particles left out. The barest comes last.
    shorter: Vec<Word>,
    /// The names a compound is made of, when there are several: `MARTIN-DURAND`.
    pub(crate) parts: Vec<Word>,
}

/// What rules out that two names have anything in common, without looking at them: most comparisons are of names
/// that have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sketch {
    /// Of forms, parts and sounds.
    marks: [u32; 8],
    /// Letters of the whole and of the barest form.
    letters: [u32; 2],
    /// More forms, parts and sounds than there is room for.
    crowded: bool,
}

impl Sketch {
    fn of(whole: &Word, shorter: &[Word], parts: &[Word]) -> Self {
        let bare = shorter.last().unwrap_or(whole);
        let texts = std::iter::once(whole)
            .chain(shorter)
            .chain(parts)
            .map(|word| &word.text);
        let sounds = [&whole.sound, &bare.sound]
            .into_iter()
            .filter(|sound| !sound.is_empty());
        let all: Vec<u32> = texts.chain(sounds).map(|text| mark(text)).collect();
        let mut marks = [0; 8];
        for (place, mark) in marks.iter_mut().zip(&all) {
            *place = *mark;
        }
        Self {
            marks,
            letters: [whole.letters(), bare.letters()],
            crowded: all.len() > marks.len(),
        }
    }

    fn excludes(&self, other: &Self) -> bool {
        let far = |a: u32, b: u32| (a ^ b).count_ones() > 4;
        let [whole, bare] = self.letters;
        let [other_whole, other_bare] = other.letters;
        far(whole, other_whole)
            && far(bare, other_bare)
            && far(whole, other_bare)
            && far(bare, other_whole)
            && !self.crowded
            && !other.crowded
            && !self
                .marks
                .iter()
                .any(|mark| *mark != 0 && other.marks.contains(mark))
    }
}

impl Family {
    /// As frequencies count it.
    pub fn text(&self) -> &str {
        &self.whole.text
    }

    /// The name with every particle left out.
    pub(crate) fn bare(&self) -> &Word {
        self.shorter.last().unwrap_or(&self.whole)
    }

    /// Every way of writing the whole.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &Word> + Clone {
        std::iter::once(&self.whole).chain(&self.shorter)
    }

    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.forms().map(|form| form.text.as_str())
    }
}

impl From<Forms> for Family {
    fn from(forms: Forms) -> Self {
        let words = |texts: Vec<String>| -> Vec<Word> { texts.into_iter().map(Word::new).collect() };
        let whole = Word::new(forms.whole);
        let (shorter, parts) = (words(forms.shorter), words(forms.parts));
        Self {
            sketch: Sketch::of(&whole, &shorter, &parts),
            whole,
            shorter,
            parts,
        }
    }
}

/// How two family names stand to each other, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FamilyTie {
    /// The same letters.
    Same,
    /// The same but for a particle left out or glued.
    Particle,
    /// One is a part of the other's compound name.
    Part,
    /// They sound the same.
    Sound,
    /// One slip of the pen.
    OneSlip,
    /// Two compounds that share a part.
    Shared,
    /// Two slips of the pen in a long name.
    TwoSlips,
    /// Two names.
    Other,
}

impl Family {
    /// How both stand to each other; the same from both sides.
    pub fn tie(&self, other: &Self) -> FamilyTie {
        if self.sketch.excludes(&other.sketch) && !self.may_be_glued(other) {
            return FamilyTie::Other;
        }
        if self.whole.text == other.whole.text {
            return FamilyTie::Same;
        }
        if is_one_name(self.texts(), other.texts()) {
            return FamilyTie::Particle;
        }
        let part_of = |compound: &Self, single: &Self| {
            let whole = &single.bare().text;
            compound.parts.iter().any(|part| part.text == *whole)
        };
        if part_of(self, other) || part_of(other, self) {
            return FamilyTie::Part;
        }
        if self.whole.sounds_like(&other.whole)
            || self.bare().sounds_like(other.bare())
            || self.bare().is_heard_as(other.bare())
        {
            return FamilyTie::Sound;
        }
        let shortest = self.bare().text.len().min(other.bare().text.len());
        let most = if shortest >= 6 { 2 } else { 1 };
        let whole = self.whole.slips(&other.whole, most);
        let bare = (self.bare() != &self.whole || other.bare() != &other.whole)
            .then(|| self.bare().slips(other.bare(), 1))
            .flatten();
        match (whole, bare) {
            (Some(0 | 1), _) if shortest >= 2 => FamilyTie::OneSlip,
            _ if self.shared_part(other).is_some() => FamilyTie::Shared,
            (_, Some(_)) if shortest >= 4 => FamilyTie::TwoSlips,
            (Some(_), _) if shortest >= 2 => FamilyTie::TwoSlips,
            _ => FamilyTie::Other,
        }
    }
}

impl Family {
    /// A part that both compounds have.
    pub(crate) fn shared_part(&self, other: &Self) -> Option<&str> {
        let theirs = |part: &&Word| other.parts.iter().any(|own| own.text == part.text);
        self.parts.iter().find(theirs).map(|part| part.text.as_str())
    }

    /// A particle glued to the one name adds letters: `ELAMRANI`, `AMRANI`.
    fn may_be_glued(&self, other: &Self) -> bool {
        let [whole, bare] = self.sketch.letters;
        let [other_whole, other_bare] = other.sketch.letters;
        whole & other_bare == other_bare || other_whole & bare == bare
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::forms::PARTICLES;
    use super::*;
    use crate::fields::FieldNames;

    fn read(text: &str) -> Option<Family> {
        let names: FieldNames<Family> = FieldNames::read(text);
        names.plain.or(names.born).or(names.used)
    }

    fn family(text: &str) -> Family {
        read(text).unwrap()
    }

    fn tie(a: &str, b: &str) -> FamilyTie {
        let there = family(a).tie(&family(b));
        assert_eq!(there, family(b).tie(&family(a)), "{a} / {b}");
        there
    }

    #[test]
    fn names_stand_to_each_other_as_clerks_write_them() {
        use FamilyTie::*;
        for (a, b, expected) in [
            ("DUPONT", "Dupont", Same),
            ("Lefèvre", "LEFEVRE", Same),
            ("MARTIN-DURAND", "Martin Durand", Same),
            ("DE LA TOUR", "DELATOUR", Same),
            ("DE LA TOUR", "TOUR (DE LA)", Same),
            ("O'NEILL", "ONEILL", Same),
            ("EL AMRANI", "Elamrani", Same),
            ("ST MARTIN", "Saint-Martin", Same),
            ("Mme DURAND", "DURAND", Same),
            ("DE LA TOUR", "LATOUR", Particle),
            ("ELAMRANI", "AMRANI", Particle),
            ("EL AMRANI", "AMRANI", Particle),
            ("BENAHMED", "AHMED", Particle),
            ("MARTIN-DURAND", "MARTIN", Part),
            ("MARTIN-DURAND", "DURAND-PETIT", Shared),
            ("MARTIN-DURAND", "MARTN-DURAND", OneSlip),
            ("DUPONT", "DUPOND", Sound),
            ("LEFEBVRE", "LEFEVRE", Sound),
            ("MARTIN", "MARTN", OneSlip),
            ("SANCHEZ", "SANHCEZ", OneSlip),
            ("LECLERC", "LECERK", TwoSlips),
            ("MARTIN", "BERNARD", Other),
            ("LEROY", "ROY", Other),
            ("LE", "LE VAN", Other),
        ] {
            assert_eq!(tie(a, b), expected, "{a} / {b}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_itself(text in "\\PC{1,30}", other in "\\PC{1,30}") {
            if let (Some(name), Some(other)) = (read(&text), read(&other)) {
                prop_assert_eq!(name.tie(&name), FamilyTie::Same);
                prop_assert_eq!(name.tie(&other), other.tie(&name));
            }
        }

        #[test]
        fn particles_never_eat_the_name(
            particles in proptest::sample::subsequence(PARTICLES.to_vec(), 0..4),
            name in "[A-Z]{2,12}",
        ) {
            let text = particles.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(" ");
            prop_assert!(tie(&text, &name) <= FamilyTie::Particle || is_particle(&name));
        }
    }
}
