//! Words that depend on whom a letter speaks of: articles of collectivities, agreement with a person.

use domain::Sex;

use crate::data::Person;

/// A collectivity’s name with its articles: `le Département du Rhône`, `du …`, `au …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collectivity {
    /// `le Département du Rhône`.
    pub(crate) the: String,
    /// `du Département du Rhône`.
    pub(crate) of: String,
}

impl Collectivity {
    /// Finds the articles by the first word of the official name; masculine where that word is not known.
    pub(crate) fn new(name: &str) -> Self {
        let first = name.split(' ').next().unwrap_or("").to_lowercase();
        match first.as_str() {
            "eurométropole" | "assemblée" => Self::with("l’", "de l’", name),
            "métropole" | "collectivité" | "ville" | "région" | "communauté" => {
                Self::with("la ", "de la ", name)
            }
            _ => Self::with("le ", "du ", name),
        }
    }

    fn with(the: &str, of: &str, name: &str) -> Self {
        Self {
            the: format!("{the}{name}"),
            of: format!("{of}{name}"),
        }
    }
}

/// How sentences name the deceased and agree with them. Without a known sex, « la personne nommée », in the feminine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Naming {
    /// `M. Jean DURAND`.
    pub(crate) name: String,
    /// Ending of what agrees: empty or `e`.
    pub(crate) ending: &'static str,
}

impl Naming {
    pub(crate) fn new(person: &Person) -> Self {
        let (title, ending) = match person.sex {
            Some(Sex::Male) => ("M.\u{a0}", ""),
            Some(Sex::Female) => ("Mme\u{a0}", "e"),
            None => ("la personne nommée ", "e"),
        };
        Self {
            name: format!("{title}{}", person.name),
            ending,
        }
    }
}

/// The same with a capital, for the head of a sentence.
pub(crate) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// `de` before a name: `d’Élodie`, `de Jean`. Given names in H are taken as mute.
pub(crate) fn of_name(name: &str) -> String {
    let elides = name
        .chars()
        .next()
        .is_some_and(|first| "AEIOUYHÀÂÄÉÈÊËÎÏÔÖÙÛÜŒ".contains(first.to_uppercase().next().unwrap_or(first)));
    if elides {
        format!("d’{name}")
    } else {
        format!("de {name}")
    }
}

/// Countries of birth often met, with the preposition they take; a notary may give the country for the commune.
const COUNTRIES: [(&str, &[&str]); 3] = [
    (
        "en",
        &[
            "algérie",
            "allemagne",
            "angola",
            "argentine",
            "arménie",
            "autriche",
            "belgique",
            "bosnie-herzégovine",
            "bulgarie",
            "chine",
            "colombie",
            "côte d’ivoire",
            "croatie",
            "égypte",
            "espagne",
            "éthiopie",
            "finlande",
            "france",
            "géorgie",
            "grèce",
            "guinée",
            "hongrie",
            "inde",
            "irlande",
            "italie",
            "libye",
            "lituanie",
            "mauritanie",
            "norvège",
            "pologne",
            "république tchèque",
            "roumanie",
            "russie",
            "serbie",
            "slovaquie",
            "slovénie",
            "suède",
            "suisse",
            "syrie",
            "thaïlande",
            "tunisie",
            "turquie",
            "ukraine",
            "yougoslavie",
        ],
    ),
    (
        "au",
        &[
            "bénin",
            "brésil",
            "burkina faso",
            "burundi",
            "cambodge",
            "cameroun",
            "canada",
            "cap-vert",
            "chili",
            "congo",
            "danemark",
            "gabon",
            "ghana",
            "laos",
            "liban",
            "luxembourg",
            "mali",
            "maroc",
            "mexique",
            "niger",
            "nigeria",
            "pakistan",
            "pérou",
            "portugal",
            "royaume-uni",
            "rwanda",
            "sénégal",
            "sri lanka",
            "tchad",
            "togo",
            "vietnam",
            "viêt nam",
            "zaïre",
        ],
    ),
    ("aux", &["comores", "états-unis", "pays-bas", "philippines"]),
];

/// A place with its preposition: `à Lyon`, `au Mans`, `aux Abymes`, `en Algérie`.
pub(crate) fn at_place(place: &str) -> String {
    let folded = place.to_lowercase().replace('\'', "’");
    for (preposition, countries) in COUNTRIES {
        if countries.contains(&folded.as_str()) {
            return format!("{preposition} {place}");
        }
    }
    for (article, contracted) in [("le ", "au"), ("les ", "aux")] {
        if folded.starts_with(article)
            && let Some((_, rest)) = place.split_once(' ')
        {
            return format!("{contracted} {rest}");
        }
    }
    format!("à {place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_kind_of_collectivity() {
        let of = |name| Collectivity::new(name).of;
        assert_eq!(of("Département du Rhône"), "du Département du Rhône");
        assert_eq!(of("Métropole de Lyon"), "de la Métropole de Lyon");
        assert_eq!(
            of("Collectivité européenne d’Alsace"),
            "de la Collectivité européenne d’Alsace"
        );
        assert_eq!(
            of("Eurométropole de Strasbourg"),
            "de l’Eurométropole de Strasbourg"
        );
        assert_eq!(capital("élodie"), "Élodie");
    }

    #[test]
    fn names_and_places_take_the_right_little_word() {
        assert_eq!(of_name("Élodie Martin"), "d’Élodie Martin");
        assert_eq!(of_name("Hélène Martin"), "d’Hélène Martin");
        assert_eq!(of_name("Jean Martin"), "de Jean Martin");
        for (place, expected) in [
            ("Lyon 3e", "à Lyon 3e"),
            ("LE MANS", "au MANS"),
            ("Les Abymes", "aux Abymes"),
            ("La Rochelle", "à La Rochelle"),
            ("Lens", "à Lens"),
            ("Alger (Algérie)", "à Alger (Algérie)"),
            ("ALGÉRIE", "en ALGÉRIE"),
            ("Portugal", "au Portugal"),
        ] {
            assert_eq!(at_place(place), expected);
        }
    }
}
