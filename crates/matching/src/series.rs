//! Series of tries at one person: whether an office looks somebody up instead of asking about an estate.
//!
//! Somebody who knows a person only by half (a name as it is heard, a birthday, no date) could ask again and again with
//! another spelling or another date until a register answers. What such tries have in common is the person aimed at,
//! so each stays close to the others: **of family name, given name and date of birth, two stay and one moves.** That
//! one rule covers the spellings of a name (date and given name stay), the walk through dates of birth (names stay),
//! the walk through given names (family name and date stay), a walk through dates of death, places or sexes (all three
//! stay), and tries in which two things move a little at once, because « the same name » is meant loosely here: a few
//! letters' difference.
//!
//! Two estates that an office really handles are almost never that close: brothers and sisters differ in given name and
//! date, spouses in given name and date, father and son of one name agree in two of three and are two statuses, of the
//! several that are answered. Twins likewise. With a date of which a part is unknown the given name and the date alone
//! make no pair: « Marie, née en 1931 » is said of many.
//!
//! What counts is how many **different** civil statuses there are in a series. To ask the same question again is no try.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{Decedent, FamilyName, GivenNames, PartialDate, Sex};

use crate::family::Forms;
use crate::fields::FieldNames;
use crate::given::{self, GivenTie};
use crate::normalise::words;
use crate::person::Normaliser;
use crate::similarity::distance;

/// How many different civil statuses among `earlier` may aim at the person of `latest`, that one included. 1: no series.
///
/// The order of the earlier ones never matters. Nearly all of them are other estates, and are seen to be by their letters
/// and dates: how names sound is asked of the few others only.
pub fn series(latest: &Decedent, earlier: &[Decedent]) -> usize {
    let mut normaliser = Normaliser::default();
    let aim = Try::new(latest);
    let mut statuses: BTreeSet<Status> = earlier
        .iter()
        .map(Try::new)
        .filter(|other| aim.is_close(other, &mut normaliser))
        .map(Status::from)
        .collect();
    statuses.insert(Status::from(aim));
    statuses.len()
}

/// What an answer may depend on, with what is only writing levelled: two equal ones are the same question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Status {
    names: [String; 2],
    given_names: Vec<String>,
    sex: Option<&'static str>,
    birth_date: PartialDate,
    birth_place: Vec<String>,
    death_date: NaiveDate,
}

impl From<Try<'_>> for Status {
    fn from(Try { decedent, names }: Try<'_>) -> Self {
        let all = decedent.given_names.all();
        let place = decedent.birth_place.as_ref();
        Self {
            names: names.map(|name| name.map(|name| name.whole).unwrap_or_default()),
            given_names: all.iter().map(|name| words(name).concat()).collect(),
            sex: decedent.sex.map(Sex::code),
            birth_date: decedent.birth_date,
            birth_place: place.map(|place| words(place.as_str())).unwrap_or_default(),
            death_date: decedent.death_date,
        }
    }
}

/// A decedent, read as far as most comparisons need.
struct Try<'a> {
    decedent: &'a Decedent,
    /// Name at birth and name in use, where that is another one.
    names: [Option<Forms>; 2],
}

impl<'a> Try<'a> {
    fn new(decedent: &'a Decedent) -> Self {
        let read = |name: &Option<FamilyName>| {
            name.as_ref()
                .map(|name| FieldNames::spelled(name.as_str()))
                .unwrap_or_default()
        };
        let (birth, usage) = FieldNames::settle(read(&decedent.birth_name), read(&decedent.usage_name));
        let usage = usage.filter(|usage| birth.as_ref().is_none_or(|birth| birth.whole != usage.whole));
        Self {
            decedent,
            names: [birth, usage],
        }
    }

    /// Of family name, given name and date of birth, two agree at least.
    fn is_close(&self, other: &Self, normaliser: &mut Normaliser) -> bool {
        let (mine, theirs) = (self.decedent.birth_date, other.decedent.birth_date);
        if self.has_family_name_of(other) {
            mine.compatible(theirs) || self.has_given_name_of(other, normaliser)
        } else {
            let same_day = mine.full().is_some() && mine == theirs;
            same_day && self.has_given_name_of(other, normaliser)
        }
    }

    fn has_family_name_of(&self, other: &Self) -> bool {
        self.names.iter().flatten().any(|one| {
            let alike = |other: &Forms| one.is_one_with(other) || is_alike(&one.whole, &other.whole);
            other.names.iter().flatten().any(alike)
        })
    }

    fn has_given_name_of(&self, other: &Self, normaliser: &mut Normaliser) -> bool {
        let (mine, theirs) = (&self.decedent.given_names, &other.decedent.given_names);
        let mut read = |names: &GivenNames| normaliser.given_names(&names.to_string());
        is_alike(&words(mine.first()).concat(), &words(theirs.first()).concat())
            || given::compare(&read(mine), &read(theirs))
                .is_some_and(|names| names.first <= GivenTie::Composite)
    }
}

/// Whether two words differ in a few letters only: none up to three letters, one up to five, two up to nine, three in
/// longer ones.
fn is_alike(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let allowed = match a.len().min(b.len()) {
        0..=3 => 0,
        4..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    distance(&a, &b, allowed) <= allowed
}

#[cfg(test)]
mod tests {
    use domain::Place;
    use proptest::prelude::*;

    use super::*;
    use crate::family::FamilyTie;
    use crate::person::Person;

    fn of(name: &str, given: &str, birth: &str) -> Decedent {
        Decedent {
            birth_name: FamilyName::parse(name).ok(),
            usage_name: None,
            given_names: GivenNames::parse(given).unwrap(),
            sex: None,
            birth_date: PartialDate::parse(birth).unwrap(),
            birth_place: None,
            death_date: "2026-04-02".parse().unwrap(),
            death_place: None,
            death_certificate_date: None,
        }
    }

    /// How long the series of these is, whichever is the last.
    fn length(tries: &[Decedent]) -> usize {
        let lengths: BTreeSet<usize> = (0..tries.len()).map(|last| series(&tries[last], tries)).collect();
        assert_eq!(lengths.len(), 1, "{lengths:?}");
        lengths.into_iter().next().unwrap()
    }

    #[test]
    fn whoever_circles_around_one_person_is_seen() {
        let names = [
            "Lefèvre",
            "Lefebvre",
            "Le Fèvre",
            "Lefeuvre",
            "Lefaivre",
            "Faivre",
        ];
        let spelled: Vec<_> = names
            .iter()
            .map(|name| of(name, "Odette", "02/01/1931"))
            .collect();
        // « Le Fèvre » is « Lefèvre » : only writing.
        assert_eq!(length(&spelled), 5);
        let any_name: Vec<_> = ["Martin", "Bernard", "Petit"]
            .iter()
            .map(|name| of(name, "Odette", "02/01/1931"))
            .collect();
        assert_eq!(length(&any_name), 3);
        let days: Vec<_> = (1..=28)
            .map(|day| of("Lefèvre", "Odette", &format!("{day:02}/01/1931")))
            .collect();
        assert_eq!(length(&days), 28);
        let years: Vec<_> = (1925..1940)
            .map(|year| of("Lefèvre", "Odette", &format!("00/00/{year}")))
            .collect();
        assert_eq!(length(&years), 15);
        let given: Vec<_> = ["Odette", "Marie", "Jeanne", "Louise"]
            .iter()
            .map(|given| of("Lefèvre", given, "02/01/1931"))
            .collect();
        assert_eq!(length(&given), 4);
        let both: Vec<_> = [
            ("Lefèvre", "02/01/1931"),
            ("Lefebvre", "03/01/1931"),
            ("Lefeuvre", "04/01/1931"),
        ]
        .iter()
        .map(|(name, day)| of(name, "Odette", day))
        .collect();
        assert_eq!(length(&both), 3);
        let deaths: Vec<_> = (1..=9)
            .map(|month| Decedent {
                death_date: format!("2026-{month:02}-01").parse().unwrap(),
                ..of("Lefèvre", "Odette", "02/01/1931")
            })
            .collect();
        assert_eq!(length(&deaths), 9);
        let places: Vec<_> = ["Lyon", "Vienne", "Bron"]
            .iter()
            .map(|place| Decedent {
                birth_place: Place::parse(place).ok(),
                ..of("Lefèvre", "Odette", "02/01/1931")
            })
            .collect();
        assert_eq!(length(&places), 3);
        // By the name in use as well: only « Faivre » is too far from it.
        let in_use = Decedent {
            birth_name: FamilyName::parse("Chastaing").ok(),
            usage_name: FamilyName::parse("Lefebvre").ok(),
            ..of("Chastaing", "Odette", "07/08/1929")
        };
        assert_eq!(series(&in_use, &spelled), 5);
    }

    #[test]
    fn the_same_question_again_is_no_try() {
        let one = of("Lefèvre", "Odette Marie", "02/01/1931");
        let again = of("LEFEVRE", "odette, marie", "1931-01-02");
        assert_eq!(series(&one, &[one.clone(), again, one.clone()]), 1);
        assert_eq!(series(&one, &[]), 1);
    }

    #[test]
    fn estates_that_have_nothing_to_do_with_one_another_are_none() {
        let one = of("Martin", "Jeanne", "02/01/1931");
        for other in [
            of("Martin", "Robert", "05/06/1929"),
            of("Bernard", "Jeanne", "05/06/1929"),
            of("Bernard", "Robert", "02/01/1931"),
            of("Marin", "Louis", "02/02/1931"),
            of("Bernard", "Jeanne", "00/00/1931"),
            of("Roy", "Jean", "02/03/1931"),
        ] {
            assert_eq!(
                series(&one, std::slice::from_ref(&other)),
                1,
                "{}",
                other.full_name()
            );
        }
        // Short names: every letter counts.
        assert_eq!(
            series(
                &of("Roy", "Paul", "02/01/1931"),
                &[of("Rey", "Paul", "03/01/1932")]
            ),
            1
        );
    }

    #[test]
    fn letters_are_counted_as_people_mistype_them() {
        let of = |a: &str, b: &str| {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            (distance(&a, &b, 9), distance(&b, &a, 9))
        };
        for (a, b, expected) in [
            ("", "ABC", 3),
            ("DUPONT", "DUPOND", 1),
            ("DUPONT", "DUPNOT", 1),
            ("LEFEVRE", "LEFEBVRE", 1),
            ("THIBAULT", "TIBO", 5),
            ("SCHMITT", "SCHMIDT", 1),
        ] {
            assert_eq!(of(a, b), (expected, expected), "{a} {b}");
        }
    }

    /// The rule as it is said, on people as the engine reads them.
    fn are_close(one: &Decedent, other: &Decedent) -> bool {
        let (a, b) = (Person::from(one), Person::from(other));
        let family = a.families().any(|mine| {
            b.families()
                .any(|theirs| mine.tie(theirs) <= FamilyTie::Particle || is_alike(mine.text(), theirs.text()))
        });
        let first = |decedent: &Decedent| words(decedent.given_names.first()).concat();
        let given = given::compare(a.given_names(), b.given_names())
            .is_some_and(|names| names.first <= GivenTie::Composite)
            || is_alike(&first(one), &first(other));
        let same_day = one.birth_date.full().is_some() && one.birth_date == other.birth_date;
        let date = one.birth_date.compatible(other.birth_date);
        family && (given || date) || given && same_day
    }

    /// Names of few letters and words, so that many pairs are close, in every way of writing them.
    fn names() -> impl Strategy<Value = String> {
        let words = [
            "LE",
            "DE",
            "LA",
            "D'",
            "Saint",
            "Tour",
            "Latour",
            "Delatour",
            "TOURS",
            "Élie",
            "Ely",
            "Elie-Tour",
            "Gall",
        ];
        let words = proptest::sample::select(words.to_vec());
        let between = proptest::sample::select(vec![" ", "-", " née ", " épouse ", ""]);
        (words.clone(), between, words).prop_map(|(one, between, other)| format!("{one}{between}{other}"))
    }

    fn tries() -> impl Strategy<Value = Decedent> {
        let given = [
            "Jean",
            "Jean-Pierre",
            "Pierre",
            "J",
            "Jan",
            "Jeanne",
            "Mohamed",
            "Mohammed",
            "Marie Jeanne",
            "Jehan",
        ];
        let births = [
            "02/01/1931",
            "03/01/1931",
            "00/01/1931",
            "00/00/1931",
            "02/01/1932",
        ];
        (
            proptest::option::of(names()),
            names(),
            proptest::sample::select(given.to_vec()),
            proptest::sample::select(births.to_vec()),
        )
            .prop_map(|(birth, usage, given, date)| Decedent {
                birth_name: birth.and_then(|name| FamilyName::parse(&name).ok()),
                usage_name: FamilyName::parse(&usage).ok(),
                ..of("", given, date)
            })
    }

    proptest! {
        #[test]
        fn close_is_what_the_rule_says(one in tries(), other in tries()) {
            let close = Try::new(&one).is_close(&Try::new(&other), &mut Normaliser::default());
            prop_assert_eq!(close, are_close(&one, &other));
        }

        #[test]
        fn what_is_read_by_its_letters_is_what_the_engine_reads(one in tries()) {
            let person = Person::from(&one);
            let read = |name: &Option<std::sync::Arc<crate::family::Family>>| name.as_ref().map(|name| name.text().to_owned());
            let names = Try::new(&one).names.map(|name| name.map(|name| name.whole));
            prop_assert_eq!(names, [read(&person.birth_name), read(&person.usage_name)]);
        }

        #[test]
        fn closeness_is_mutual(
            a in "(LE )?[A-D]{2,6}", b in "(LE )?[A-D]{2,6}", m in "[EF]{2,4}", n in "[EF]{2,4}",
            d in 0_u32..3, e in 0_u32..3,
        ) {
            let day = |d: u32| format!("{d:02}/02/1931");
            let (one, other) = (of(&a, &m, &day(d)), of(&b, &n, &day(e)));
            let (one, other) = (Try::new(&one), Try::new(&other));
            let mut normaliser = Normaliser::default();
            prop_assert_eq!(one.is_close(&other, &mut normaliser), other.is_close(&one, &mut normaliser));
        }

        #[test]
        fn a_series_is_never_longer_than_the_tries(count in 0_usize..6) {
            let tries: Vec<_> = (0..count).map(|n| of("Martin", "Jeanne", &format!("0{}/01/1931", n + 1))).collect();
            prop_assert!(series(&of("Martin", "Jeanne", "01/01/1931"), &tries) == count.max(1));
        }
    }
}
