//! Given names: which of two lists may belong to one person.

use domain::GivenNames;

use crate::normalise::words;

/// How two lists of given names stand to each other.
///
/// The first given name stands for the person. It is the same when written the same (`Jean-Pierre`, `Jean Pierre`,
/// `Jeanpierre`), or when both lists hold the same two or more names in another order. It leaves a doubt, and only a
/// doubt, when the first name of one is among the further names of the other (people go by their second name, but
/// brothers and sisters share names too), when only part of a composite name agrees (`Jean`, `Jean-Pierre`), or when
/// both lists go on and share nothing more: `Marie Jeanne` and `Marie Louise` are often two sisters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenTie {
    /// All names the same, in order.
    All,
    /// The first the same; the rest does not contradict.
    First,
    /// The same names in another order.
    Reordered,
    /// The first the same, the others altogether different.
    OthersDiffer,
    /// The first of one agrees with part of the other's composite first name.
    PartOfComposite,
    /// The first of one is a further name of the other.
    AmongOthers,
    /// No sign that they are one person's.
    Different,
}

/// What a tie is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GivenLevel {
    /// The same first given name.
    Same,
    /// Perhaps the same person.
    Doubtful,
    /// Another first given name.
    Other,
}

impl GivenTie {
    /// What it is worth.
    pub(crate) fn level(self) -> GivenLevel {
        match self {
            Self::All | Self::First | Self::Reordered => GivenLevel::Same,
            Self::OthersDiffer | Self::PartOfComposite | Self::AmongOthers => GivenLevel::Doubtful,
            Self::Different => GivenLevel::Other,
        }
    }

    /// As a reason.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::All => "prénoms identiques",
            Self::First => "premier prénom identique",
            Self::Reordered => "mêmes prénoms dans un autre ordre",
            Self::OthersDiffer => "premier prénom identique, autres prénoms différents",
            Self::PartOfComposite => "prénom composé identique en partie seulement",
            Self::AmongOthers => "premier prénom de l’un parmi les autres prénoms de l’autre",
            Self::Different => "premier prénom différent",
        }
    }
}

/// Given names as they are compared: for each, its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    names: Vec<Vec<String>>,
}

impl Given {
    /// Normalises the names.
    pub(crate) fn new(names: &GivenNames) -> Self {
        let names = names.all().iter().map(|name| words(name));
        Self {
            names: names.filter(|words| !words.is_empty()).collect(),
        }
    }

    /// How both stand to each other.
    pub(crate) fn tie(&self, other: &Self) -> GivenTie {
        let (Some(mine), Some(theirs)) = (self.names.first(), other.names.first()) else {
            return GivenTie::Different;
        };
        if let Some((rest, other_rest)) = self.after_common_first(other) {
            return match (rest.is_empty(), other_rest.is_empty()) {
                _ if rest == other_rest && !rest.is_empty() => GivenTie::All,
                (true, _) | (_, true) => GivenTie::First,
                _ if share(&rest, &other_rest) => GivenTie::First,
                _ if self.reordered(other) => GivenTie::Reordered,
                _ => GivenTie::OthersDiffer,
            };
        }
        if self.reordered(other) {
            GivenTie::Reordered
        } else if share(mine, theirs) {
            GivenTie::PartOfComposite
        } else if share(mine, &other.flat()) || share(theirs, &self.flat()) {
            GivenTie::AmongOthers
        } else {
            GivenTie::Different
        }
    }

    /// The words of both lists that follow the first name, when that is the same: one composite name may be written
    /// as two names, or as one word, on either side.
    fn after_common_first(&self, other: &Self) -> Option<(Vec<String>, Vec<String>)> {
        let (mine, theirs) = (self.flat(), other.flat());
        let first = |given: &Self| given.names.first().map(|words| (words.concat(), words.len()));
        let (my_first, my_length) = first(self)?;
        let (their_first, their_length) = first(other)?;
        if my_first == their_first {
            return Some((mine[my_length..].to_vec(), theirs[their_length..].to_vec()));
        }
        if let Some(length) = spelled_by(&my_first, &theirs) {
            return Some((mine[my_length..].to_vec(), theirs[length..].to_vec()));
        }
        let length = spelled_by(&their_first, &mine)?;
        Some((mine[length..].to_vec(), theirs[their_length..].to_vec()))
    }

    /// The same names, two at least, in whatever order.
    fn reordered(&self, other: &Self) -> bool {
        let sorted = |given: &Self| {
            let mut names: Vec<String> = given.names.iter().map(|words| words.concat()).collect();
            names.sort_unstable();
            names
        };
        self.names.len() > 1 && sorted(self) == sorted(other)
    }

    fn flat(&self) -> Vec<String> {
        self.names.concat()
    }
}

/// How many leading words, two or more, spell the name when written as one.
fn spelled_by(name: &str, words: &[String]) -> Option<usize> {
    (2..=words.len().min(4)).find(|length| words[..*length].concat() == name)
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|word| b.contains(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tie(a: &str, b: &str) -> GivenTie {
        let given = |text: &str| Given::new(&GivenNames::parse(text).unwrap());
        let there = given(a).tie(&given(b));
        assert_eq!(there, given(b).tie(&given(a)), "{a} / {b}");
        there
    }

    #[test]
    fn the_first_name_stands_for_the_person() {
        use GivenTie::*;
        for (a, b, expected) in [
            ("Marie", "MARIE", First),
            ("Marie Jeanne", "Marie Jeanne", All),
            ("Marie", "Marie Jeanne", First),
            ("Marie Jeanne Louise", "Marie Louise", First),
            ("Jean-Pierre", "Jean Pierre", First),
            ("Jean-Pierre", "JEANPIERRE Marie", First),
            ("Jean-Pierre Marie", "Jean Pierre Marie", All),
            ("Jean-Pierre Marie", "Jean Pierre Louis", OthersDiffer),
            ("Jean Pierre", "Pierre Jean", Reordered),
            ("Marie Anne Paule", "Paule Marie Anne", Reordered),
            ("Marie Jeanne", "Marie Louise", OthersDiffer),
            ("Jean", "Jean-Pierre", PartOfComposite),
            ("Jean-Marie", "Jean-Pierre", PartOfComposite),
            ("Pierre", "Jean Pierre", AmongOthers),
            ("Pierre Louis", "Jean Pierre", AmongOthers),
            ("Paul", "Jean-Paul", PartOfComposite),
            ("Jean", "Pierre", Different),
            ("Jean Marie", "Pierre Marie", Different),
            ("Jean", "Jeanne", Different),
        ] {
            assert_eq!(tie(a, b), expected, "{a} / {b}");
        }
    }

    proptest! {
        #[test]
        fn is_the_same_from_both_sides(a in "[abc-]{1,3}( [abc-]{1,3}){0,3}", b in "[abc-]{1,3}( [abc-]{1,3}){0,3}") {
            if GivenNames::parse(&a).is_ok() && GivenNames::parse(&b).is_ok() {
                tie(&a, &b);
            }
        }
    }
}
