//! The header: which column stands where.

use domain::fold;
use domain::french::{NBSP, list};

/// A column of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Identifier,
    Sex,
    BirthName,
    UsageName,
    GivenNames,
    BirthDate,
    BirthPlace,
    DeathDate,
    Aid,
    Recoverable,
    Starts,
    Ends,
    Amount,
    Overpayment,
    Territory,
}

impl Column {
    pub(super) const ALL: [Self; 15] = [
        Self::Identifier,
        Self::Sex,
        Self::BirthName,
        Self::UsageName,
        Self::GivenNames,
        Self::BirthDate,
        Self::BirthPlace,
        Self::DeathDate,
        Self::Aid,
        Self::Recoverable,
        Self::Starts,
        Self::Ends,
        Self::Amount,
        Self::Overpayment,
        Self::Territory,
    ];

    /// As the format names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifiant",
            Self::Sex => "sexe",
            Self::BirthName => "nom_naissance",
            Self::UsageName => "nom_usage",
            Self::GivenNames => "prenoms",
            Self::BirthDate => "date_naissance",
            Self::BirthPlace => "commune_naissance",
            Self::DeathDate => "date_deces",
            Self::Aid => "aide",
            Self::Recoverable => "recuperable",
            Self::Starts => "date_debut",
            Self::Ends => "date_fin",
            Self::Amount => "montant",
            Self::Overpayment => "indu",
            Self::Territory => "territoire",
        }
    }

    /// The column a heading names, whatever its case, accents and separators: `Nom de naissance`, `PRÉNOMS`.
    fn find(heading: &str) -> Option<Self> {
        let heading = fold(heading);
        let spelled = |column: &Self| {
            let name = fold(column.name());
            let article = ["naissance", "usage", "deces", "debut", "fin"]
                .iter()
                .find_map(|tail| Some((name.strip_suffix(tail)?, tail)));
            heading == name
                || article.is_some_and(|(head, tail)| {
                    !head.is_empty()
                        && (heading == format!("{head}de{tail}") || heading == format!("{head}d{tail}"))
                })
        };
        Self::ALL.into_iter().find(spelled)
    }
}

/// Where each column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    places: [Option<usize>; Column::ALL.len()],
    count: usize,
}

/// What is wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderError {
    missing: Vec<String>,
    repeated: Vec<String>,
    unknown: Vec<String>,
    found: Vec<String>,
    /// Whether any heading names a column of the format.
    recognised: bool,
}

impl Columns {
    /// How many columns of the format these headings name.
    pub(super) fn recognised(headings: &[String]) -> usize {
        headings
            .iter()
            .filter(|heading| Column::find(heading).is_some())
            .count()
    }

    /// Takes the headings. One without a name is passed over: spreadsheets leave a separator at the end.
    pub(super) fn new(headings: &[String]) -> Result<Self, HeaderError> {
        let mut places = [None; Column::ALL.len()];
        let mut error = HeaderError {
            missing: vec![],
            repeated: vec![],
            unknown: vec![],
            found: headings.iter().map(|heading| shortened(heading)).collect(),
            recognised: Self::recognised(headings) > 0,
        };
        for (place, heading) in headings.iter().enumerate() {
            match Column::find(heading) {
                None if heading.is_empty() => {}
                None => error.unknown.push(shortened(heading)),
                Some(column) if places[column as usize].is_some() => {
                    error.repeated.push(column.name().to_owned());
                }
                Some(column) => places[column as usize] = Some(place),
            }
        }
        let has = |column: Column| places[column as usize].is_some();
        for column in [
            Column::Identifier,
            Column::GivenNames,
            Column::BirthDate,
            Column::Aid,
        ] {
            if !has(column) {
                error.missing.push(column.name().to_owned());
            }
        }
        if !has(Column::BirthName) && !has(Column::UsageName) {
            error.missing.push("nom_naissance ou nom_usage".to_owned());
        }
        if error.missing.is_empty() && error.repeated.is_empty() && error.unknown.is_empty() {
            let count = headings.len();
            Ok(Self { places, count })
        } else {
            Err(error)
        }
    }

    /// Where a column stands, if the file has it.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    /// How many columns the header has.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Whether a place has a heading of the format.
    pub(super) fn is_named(&self, place: usize) -> bool {
        self.places.contains(&Some(place))
    }
}

impl std::fmt::Display for HeaderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "la première ligne doit donner les noms des colonnes.")?;
        // A file without a header has somebody's civil status there, which no message may repeat.
        if self.recognised {
            for (what, columns) in [
                ("Colonnes manquantes", &self.missing),
                ("Colonnes en double", &self.repeated),
                ("Colonnes inconnues (à retirer ou à renommer)", &self.unknown),
                ("Colonnes trouvées", &self.found),
            ] {
                if !columns.is_empty() {
                    write!(f, " {what}{NBSP}: {}.", list(columns))?;
                }
            }
        }
        let expected: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
        write!(
            f,
            " Colonnes admises{NBSP}: {}, dont identifiant, prenoms, date_naissance, aide et l’un des deux noms sont obligatoires.",
            list(&expected)
        )
    }
}

impl std::error::Error for HeaderError {}

fn shortened(heading: &str) -> String {
    let mut short: String = heading.chars().filter(|c| !c.is_control()).take(40).collect();
    if short.is_empty() {
        short.push_str("(sans nom)");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Result<Columns, HeaderError> {
        Columns::new(&header.split(';').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn finds_columns_in_any_order_case_and_accent() {
        let columns = columns("AIDE;Prénoms;Date de naissance;Nom d’usage;Identifiant;Date décès;").unwrap();
        for (column, place) in [
            (Column::Aid, Some(0)),
            (Column::GivenNames, Some(1)),
            (Column::BirthDate, Some(2)),
            (Column::UsageName, Some(3)),
            (Column::Identifier, Some(4)),
            (Column::DeathDate, Some(5)),
            (Column::Amount, None),
        ] {
            assert_eq!(columns.place(column), place, "{column:?}");
        }
        assert_eq!(columns.count(), 7);
        assert!(!columns.is_named(6));
    }

    #[test]
    fn every_column_is_found_by_its_name() {
        for column in Column::ALL {
            assert_eq!(Column::find(column.name()), Some(column));
        }
        assert_eq!(Column::find("date"), None);
        assert_eq!(Column::find("nom"), None);
    }

    #[test]
    fn says_all_that_is_wrong_at_once() {
        let text = columns("identifiant;prenoms;Prénoms;naissance;aide;nom_naissance")
            .unwrap_err()
            .to_string();
        for part in [
            "Colonnes manquantes\u{a0}: date_naissance.",
            "Colonnes en double\u{a0}: prenoms.",
            "Colonnes inconnues (à retirer ou à renommer)\u{a0}: naissance.",
            "Colonnes trouvées\u{a0}: identifiant, prenoms, Prénoms, naissance, aide et nom_naissance.",
            "indu et territoire, dont identifiant",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let text = columns("identifiant;prenoms;date_naissance;aide")
            .unwrap_err()
            .to_string();
        assert!(text.contains("nom_naissance ou nom_usage"), "{text}");
    }

    #[test]
    fn never_repeats_a_row_taken_for_a_header() {
        let text = columns("69-1;M;DUPONT;;Jean;1931-05-03").unwrap_err().to_string();
        assert!(
            !text.contains("DUPONT") && text.contains("Colonnes admises"),
            "{text}"
        );
    }
}
