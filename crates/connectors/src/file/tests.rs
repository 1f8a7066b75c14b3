use std::io::Cursor;

use domain::{AidKind, Amount, OptionalAid, Overpaid, PartialDate, Sex};
use proptest::prelude::*;

use super::*;

const HEADER: &str = "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;commune_naissance;date_deces;aide;recuperable;date_debut;date_fin;montant;indu;territoire";

fn catalogue() -> Catalogue {
    Catalogue::new(vec![OptionalAid {
        code: "AIDE-CHAUFFAGE".into(),
        label: "Aide au chauffage".into(),
        recoverable: vec![],
    }])
}

type Outcome = (Vec<Individual>, Vec<Problem>, Summary, Option<FileError>);

fn import(bytes: impl AsRef<[u8]>) -> Outcome {
    let (mut people, mut problems) = (vec![], vec![]);
    let mut import = match read(Cursor::new(bytes.as_ref()), &catalogue()) {
        Ok(import) => import,
        Err(error) => return (people, problems, Summary::default(), Some(error)),
    };
    let mut end = None;
    for entry in import.by_ref() {
        match entry {
            Ok(Entry::Individual(person)) => people.push(*person),
            Ok(Entry::Problem(problem)) => problems.push(problem),
            Err(error) => end = Some(error),
        }
    }
    assert_eq!(import.summary().rows, import.total_rows());
    (people, problems, import.summary(), end)
}

/// Rows under the whole header.
fn rows(rows: &[&str]) -> Outcome {
    import(format!("{HEADER}\n{}\n", rows.join("\n")))
}

/// Line, column and severity of each problem.
fn places(problems: &[Problem]) -> Vec<(u64, &str, Severity)> {
    problems
        .iter()
        .map(|problem| (problem.line, problem.column.unwrap_or("-"), problem.severity))
        .collect()
}

#[test]
fn a_row_becomes_a_person_with_an_aid() {
    let (people, problems, summary, end) = rows(&[
        "69-1;F;DURAND;PETIT;Marie Jeanne;03/05/1931;Lyon 3e;2026-03-12;ASH-PA;oui;2019-01-01;12/03/2026;12 345,60;0;Lyon",
    ]);
    assert!(problems.is_empty() && end.is_none(), "{problems:?} {end:?}");
    let person = &people[0];
    assert_eq!(person.sex, Some(Sex::Female));
    assert_eq!(person.given_names.to_string(), "Marie Jeanne");
    assert_eq!(person.birth_date, PartialDate::parse("1931-05-03").unwrap());
    let aid = &person.aids[0];
    assert_eq!(aid.kind, AidKind::AshElderly);
    assert_eq!(aid.amount, Some(Amount::from_cents(1_234_560)));
    assert_eq!(
        (aid.recoverable, aid.overpayment),
        (Some(true), Some(Overpaid::No))
    );
    assert_eq!(aid.territory.as_deref(), Some("Lyon"));
    assert_eq!(
        summary,
        Summary {
            rows: 1,
            refused: 0,
            warnings: 0,
            individuals: 1,
            aids: 1
        }
    );
}

#[test]
fn columns_come_in_any_order_and_optional_ones_may_be_absent() {
    let (people, problems, _, end) =
        import("Aide,PRÉNOMS,Nom d'usage,Date naissance,Identifiant\r\nAPA,Jean,DUPONT,00/00/1931,7\r\n");
    assert!(problems.is_empty() && end.is_none(), "{problems:?} {end:?}");
    assert_eq!(people[0].usage_name.as_ref().unwrap().as_str(), "DUPONT");
    assert_eq!(people[0].birth_date.to_string(), "1931-00-00");
    assert_eq!(people[0].aids[0].kind, AidKind::ApaHome);
}

#[test]
fn the_encoding_is_found_out() {
    let text =
        "identifiant;nom_naissance;prénoms;date_naissance;aide\n1;LEFÈVRE;Élodie;1931-05-03;Aide ménagère\n";
    let (windows, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!unmappable);
    let with_bom = format!("\u{feff}{text}");
    for (bytes, encoding) in [
        (text.as_bytes(), Encoding::Utf8),
        (with_bom.as_bytes(), Encoding::Utf8),
        (&*windows, Encoding::Windows1252),
    ] {
        assert_eq!(
            read(Cursor::new(bytes), &catalogue()).unwrap().encoding(),
            encoding
        );
        let (people, problems, _, _) = import(bytes);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(people[0].birth_name.as_ref().unwrap().as_str(), "LEFÈVRE");
        assert_eq!(people[0].aids[0].kind, AidKind::HomeHelp);
    }
    // One broken row among many of UTF-8 is one bad row.
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend("2;É;É;1931-05-03;PCH\n".bytes());
    bytes.extend(b"3;LEF\xC8VRE;Jean;1931-05-03;PCH\n");
    let (people, problems, _, _) = import(&bytes);
    assert_eq!(people.len(), 2);
    assert_eq!(places(&problems), [(4, "nom_naissance", Severity::Error)]);
}

#[test]
fn rows_of_one_identifier_are_one_person_wherever_they_stand() {
    let (people, problems, summary, _) = rows(&[
        "A;;DURAND;;Marie;1931-05-03;;;PCH;;;;;;",
        "B;M;MARTIN;;Jean;1940-01-02;;;APA;;;;;;",
        "A;F;Durand;PETIT;MARIE JEANNE;00/05/1931;Lyon;2026-01-01;ASH;;;;;;",
    ]);
    assert!(problems.is_empty(), "{problems:?}");
    let identifiers: Vec<&str> = people.iter().map(|person| person.identifier.as_str()).collect();
    assert_eq!(identifiers, ["B", "A"]);
    let both = &people[1];
    assert_eq!(
        both.aids.iter().map(|aid| aid.kind.code()).collect::<Vec<_>>(),
        ["PCH", "ASH-PA"]
    );
    assert_eq!(both.usage_name.as_ref().unwrap().as_str(), "PETIT");
    assert_eq!(both.given_names.to_string(), "MARIE JEANNE");
    assert_eq!(both.birth_date.to_string(), "1931-05-03");
    assert_eq!((both.sex, both.death_date.is_some()), (Some(Sex::Female), true));
    assert_eq!((summary.individuals, summary.aids), (2, 3));
}

#[test]
fn two_people_under_one_identifier_are_told() {
    let (people, problems, summary, _) = rows(&[
        "A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;;",
        "A;F;MARTIN;;Marie;1931-05-03;;;ASH;;;;;;",
        "A;F;DURAND;;Jeanne;1931-05-03;;;ASH;;;;;;",
        "A;F;DURAND;;Marie;1932-05-03;;;ASH;;;;;;",
        "A;M;DURAND;PETIT;Marie;1931-05-03;;;ASH;;;;;;",
        "B;F;DURAND;;Jean;1931-05-03;;;PCH;;;;;;",
        "B;F;DURAND;;Jeanne;1931-05-03;;;PCH;;;;;;",
    ]);
    assert_eq!(
        places(&problems),
        [
            (3, "nom_naissance", Severity::Error),
            (4, "prenoms", Severity::Error),
            (5, "date_naissance", Severity::Error),
            (6, "sexe", Severity::Warning),
            (8, "prenoms", Severity::Error),
        ]
    );
    assert!(problems[0].reason.contains("ligne 2") && !problems[0].reason.contains("DURAND"));
    // Two, and the trace of the rows that were refused.
    assert_eq!(people[0].aids.len(), 2 + 1);
    assert_eq!((summary.refused, summary.warnings), (4, 1));
}

#[test]
fn a_row_that_is_there_twice_counts_once() {
    let row = "A;F;DURAND;;Marie;1931-05-03;;;PCH;;2020-01-01;;;;";
    let (people, problems, ..) = rows(&[row, row]);
    assert_eq!(people[0].aids.len(), 1);
    assert_eq!(places(&problems), [(3, "aide", Severity::Warning)]);
}

#[test]
fn a_bad_row_is_told_and_stops_nothing() {
    for (row, expected) in [
        (
            ";F;DURAND;;Marie;1931-05-03;;;PCH",
            vec![("identifiant", Severity::Error)],
        ),
        (
            "A;F;;;Marie;1931-05-03;;;PCH",
            vec![("nom_naissance", Severity::Error)],
        ),
        (
            "A;F;DURAND;;;1931-05-03;;;PCH",
            vec![("prenoms", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;;;;PCH",
            vec![("date_naissance", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;0000-00-00;;;PCH",
            vec![("date_naissance", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;31/02/1931;;;PCH",
            vec![("date_naissance", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;03/05/31;;;PCH",
            vec![("date_naissance", Severity::Error)],
        ),
        ("A;F;DURAND;;Marie;1931-05-03;;;", vec![("aide", Severity::Error)]),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;LOTO",
            vec![("aide", Severity::Error)],
        ),
        (
            "A;Z;DURAND;;Marie;1931-05-03;;;PCH",
            vec![("sexe", Severity::Error)],
        ),
        (
            "A;F;DUR4ND;;Marie;1931-05-03;;;PCH",
            vec![("nom_naissance", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;PCH;peut-être",
            vec![("recuperable", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;douze",
            vec![("montant", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;-5",
            vec![("indu", Severity::Error)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;;;x",
            vec![("-", Severity::Error)],
        ),
        ("A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;;;;", vec![]),
        ("\"A;F", vec![("-", Severity::Error)]),
        (
            "A;F;DUR\0ND;;Marie;1931-05-03;;;PCH",
            vec![("nom_naissance", Severity::Error)],
        ),
        (
            "A;F;4;4;4;4;;4;4",
            vec![
                ("nom_naissance", Severity::Error),
                ("nom_usage", Severity::Error),
                ("prenoms", Severity::Error),
                ("date_naissance", Severity::Error),
                ("date_deces", Severity::Error),
                ("aide", Severity::Error),
            ],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;1930-01-01;PCH",
            vec![("date_deces", Severity::Warning)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;PCH;;2020-01-01;2019-01-01",
            vec![("date_fin", Severity::Warning)],
        ),
        (
            "A;F;DURAND;;Marie;1931-05-03;;;APA;oui",
            vec![("recuperable", Severity::Warning)],
        ),
        ("A;F;DURAND;;Marie;1931-05-03;;;ASH;oui", vec![]),
        (
            "A;I;DURAND;;Marie;1931-05-03;;0000-00-00;PCH;;;00/00/0000",
            vec![],
        ),
    ] {
        let (people, problems, ..) = rows(&[row, "B;M;MARTIN;;Jean;1940-01-02;;;APA"]);
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(column, severity)| (2, column, severity))
            .collect();
        assert_eq!(places(&problems), expected, "{row}");
        assert!(people.iter().any(|person| person.identifier == "B"), "{row}");
        let refused = expected.iter().any(|(.., severity)| *severity == Severity::Error);
        let person = people.iter().find(|person| person.identifier == "A");
        let doubted = person.is_some_and(|person| person.aids == [Aid::unreadable()]);
        assert!(person.is_none() || doubted == refused, "{row}");
        assert!(person.is_some() || refused, "{row}");
    }
}

#[test]
fn who_can_be_read_is_known_even_if_the_row_is_refused() {
    for (row, known) in [
        ("A;F;DURAND;;Marie;1931-05-03;;;LOTO", true),
        ("A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;douze", true),
        ("A;Z;DURAND;;Marie;1931-05-03;;31/02/2026;", true),
        ("A;F;DUR4ND;PETIT;Marie;1931-05-03;;;PCH", true),
        // Nobody can be told by what is left.
        ("A;F;DUR4ND;;Marie;1931-05-03;;;PCH", false),
        ("A;F;DURAND;;Marie;31/02/1931;;;PCH", false),
        (";F;DURAND;;Marie;1931-05-03;;;PCH", false),
        // Columns are shifted: what stands in one may belong to another.
        ("A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;;;x", false),
    ] {
        let (people, _, summary, _) = rows(&[row, "B;M;MARTIN;;Jean;1940-01-02;;;APA"]);
        let person = people.iter().find(|person| person.identifier != "B");
        assert_eq!(person.is_some(), known, "{row}");
        assert!(
            person.is_none_or(|person| person.aids == [Aid::unreadable()]),
            "{row}"
        );
        assert_eq!((summary.refused, summary.aids), (1, 1), "{row}");
    }
    // A good row after the bad one, of the same person or of another.
    let bad = "A;F;DURAND;;Marie;1931-05-03;;;LOTO";
    let (people, ..) = rows(&[bad, "A;F;DURAND;;Marie;1931-05-03;;;PCH"]);
    assert_eq!((people.len(), people[0].aids.len()), (1, 2));
    let (_, problems, _, end) = rows(&[bad, "A;F;MARTIN;;Marie;1931-05-03;;;PCH"]);
    assert_eq!(places(&problems)[1], (3, "nom_naissance", Severity::Error));
    assert!(matches!(end, Some(FileError::NoGoodRow { refused: 2 })));
}

#[test]
fn a_file_of_nothing_but_refused_rows_replaces_nothing() {
    let (.., end) = rows(&["A;F;DURAND;;Marie;1931-05-03;;;LOTO"]);
    assert!(matches!(end, Some(FileError::NoGoodRow { refused: 1 })));
}

#[test]
fn an_unknown_aid_says_what_is_admitted_and_where_to_declare_one() {
    let (_, problems, ..) = rows(&["A;F;DURAND;;Marie;1931-05-03;;;LOTO"]);
    for part in [
        "«\u{a0}LOTO\u{a0}»",
        "ASH-PA, ASH-PH",
        "AIDE-CHAUFFAGE",
        "tenant.toml, sous [[aids]]",
    ] {
        assert!(problems[0].reason.contains(part), "{}", problems[0].reason);
    }
}

#[test]
fn overpayments_are_an_amount_or_a_word() {
    for (indu, expected) in [
        ("", None),
        ("oui", Some(Overpaid::Yes)),
        ("NON", Some(Overpaid::No)),
        ("0", Some(Overpaid::No)),
        ("0,00", Some(Overpaid::No)),
        ("1", Some(Overpaid::Amount(Amount::from_cents(100)))),
        ("1 234,56 €", Some(Overpaid::Amount(Amount::from_cents(123_456)))),
    ] {
        let (people, ..) = rows(&[&format!("A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;;{indu}")]);
        assert_eq!(people[0].aids[0].overpayment, expected, "{indu}");
    }
}

#[test]
fn line_numbers_hold_across_quoted_line_ends() {
    let (people, problems, ..) = rows(&[
        "A;F;DURAND;;Marie;1931-05-03;\"Lyon\n3e\n\";;PCH",
        "B;F;DURAND;;Marie;x;;;PCH",
    ]);
    assert_eq!(people[0].birth_place.as_ref().unwrap().as_str(), "Lyon 3e");
    assert_eq!(places(&problems), [(5, "date_naissance", Severity::Error)]);
}

#[test]
fn what_is_no_register_is_refused_as_a_whole() {
    let good_header = "identifiant;nom_naissance;prenoms;date_naissance;aide\n";
    assert!(matches!(import(""), (.., Some(FileError::Empty))));
    assert!(matches!(import("\n \n;;\n"), (.., Some(FileError::Empty))));
    assert!(matches!(import("a;b\n1;2\n"), (.., Some(FileError::Header(_)))));
    assert!(matches!(
        import(b"PK\x03\x04..."),
        (.., Some(FileError::Workbook))
    ));
    assert!(matches!(import(b"\xFF\xFEi\0d\0"), (.., Some(FileError::Utf16))));
    assert!(matches!(
        import(good_header),
        (.., Some(FileError::NoGoodRow { refused: 0 }))
    ));
    let (people, problems, _, end) = import(format!("{good_header}1;;;;\n"));
    assert!(people.is_empty() && matches!(end, Some(FileError::NoGoodRow { refused: 1 })));
    assert_eq!(problems.len(), 4);
    let (people, _, _, end) =
        import(format!("{good_header}1;DURAND;Marie;1931-05-03;PCH\n").replace('\n', "\r"));
    assert!(people.len() == 1 && end.is_none());
}

#[test]
fn one_identifier_for_everybody_is_bounded() {
    let row = |day: u32| format!("A;F;DURAND;;Marie;1931-05-03;;;PCH;;;;{day};;");
    let all: Vec<String> = (0..1500).map(row).collect();
    let (people, problems, ..) = rows(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((people[0].aids.len(), problems.len()), (1000 + 1, 500));
}

proptest! {

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        import(&bytes);
        let mut with_header = format!("{HEADER}\n").into_bytes();
        with_header.extend(&bytes);
        import(&with_header);
    }

    #[test]
    fn arbitrary_rows_never_panic_and_all_are_counted(lines in prop::collection::vec("[AB;\"0-9/é ]{0,40}", 0..20)) {
        let (people, problems, summary, _) = import(format!("{HEADER}\n{}", lines.join("\n")));
        let refused: std::collections::HashSet<u64> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.line)
            .collect();
        prop_assert_eq!(refused.len() as u64, summary.refused);
        prop_assert_eq!(people.len() as u64, summary.individuals);
    }

    #[test]
    fn the_order_of_rows_changes_no_person(
        rows in prop::collection::vec((0..4u8, 0..3u8), 1..12).prop_map(|rows| rows
            .into_iter()
            .enumerate()
            .map(|(number, (id, kind))| format!("{id};F;NOM{};;Marie;1931-05-03;;;{};;;;{number};;",
                ["A", "B", "C", "D"][usize::from(id)], ["PCH", "ASH", "RSA"][usize::from(kind)]))
            .collect::<Vec<_>>())
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let people = |rows: &[String]| {
            let (mut people, problems, ..) = import(format!("{HEADER}\n{}", rows.join("\n")));
            assert!(problems.is_empty(), "{problems:?}");
            people.sort_by(|a, b| a.identifier.cmp(&b.identifier));
            for person in &mut people {
                person.aids.sort_by_key(|aid| aid.amount);
            }
            people
        };
        prop_assert_eq!(people(&rows.0), people(&rows.1));
    }
}

#[test]
fn whose_row_was_refused_is_doubted_before_or_after_a_good_one() {
    let header = "identifiant;nom_naissance;prenoms;date_naissance;aide;date_fin\n";
    let (good, bad) = (
        "1;DURAND;Marie;1931-05-03;PCH;\n",
        "1;DURAND;Marie;1931-05-03;ASH-PA;31/02/2024\n",
    );
    let other = "2;PETIT;Paul;1930-01-02;PCH;\n";
    for rows in [format!("{good}{bad}{other}"), format!("{bad}{other}{good}")] {
        let (people, _, summary, end) = import(format!("{header}{rows}"));
        assert!(end.is_none() && summary.refused == 1);
        for person in people {
            let doubted = person.aids.contains(&Aid::unreadable());
            assert_eq!(doubted, person.identifier == "1", "{rows}");
        }
    }
}
