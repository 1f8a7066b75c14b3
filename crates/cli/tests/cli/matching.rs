//! `dn match …` on files, as a person runs it.

use std::fs;

use crate::program::Program;

const REGISTER: &str = "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;aide\n\
    A1;F;LEFEBVRE;MARTIN;Marie Jeanne;14/07/1931;ASH-PA\n\
    A2;M;BERNARD;;Paul;02/03/1928;ASH-PA\n\
    A3;F;LEFEBVRE;;Odile;14/07/1931;ASH-PA\n";

const QUERIES: &str = "id;nom_naissance;nom_usage;prenoms;date_naissance;sexe;date_deces\n\
    1;Lefèbvre;Martin;Marie;1931-07-14;F;2024-01-01\n\
    2;DURAND;;Zoé;01/01/1950;F;2024-01-01\n\
    3;LEFEBVRE;;Simone;14/07/1931;F;2024-01-01\n";

fn program() -> Program {
    let program = Program::with("");
    fs::write(program.path().join("registre.csv"), REGISTER).unwrap();
    fs::write(program.path().join("demandes.csv"), QUERIES).unwrap();
    program
}

const EVALUATE: [&str; 8] = [
    "match",
    "evaluate",
    "--register",
    "registre.csv",
    "--queries",
    "demandes.csv",
    "--out",
    "reponses.csv",
];

#[test]
fn evaluate_writes_the_answers_it_promises() {
    let program = program();
    let ran = program.run(&EVALUATE);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("3 people with "), "{}", ran.out);
    assert!(ran.out.contains("3 queries answered in "), "{}", ran.out);
    assert!(ran.out.contains("1 connu, 1 ambigu, 1 inconnu"), "{}", ran.out);
    let out = fs::read_to_string(program.path().join("reponses.csv")).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "id;reponse;identifiants;score;motifs");
    assert!(lines[1].starts_with("1;connu;A1;"), "{out}");
    assert!(lines[1].contains("nom de naissance identique"), "{out}");
    assert!(lines[2].starts_with("2;inconnu;;"), "{out}");
    assert!(lines[3].starts_with("3;ambigu;A"), "{out}");
    assert!(lines[3].split(';').nth(2).unwrap().contains('|'), "{out}");
    assert_eq!(lines.len(), 4);
}

#[test]
fn evaluate_takes_a_policy_and_says_what_is_wrong() {
    let program = program();
    let write = |name: &str, text: &str| fs::write(program.path().join(name), text).unwrap();
    write("prudent.toml", "profile = \"strict\"");
    let ran = program.run(&[&EVALUATE[..], &["--policy", "prudent.toml"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    write("faux.toml", "[definite]\nmarge = 3");
    let ran = program.run(&[&EVALUATE[..], &["--policy", "faux.toml"]].concat());
    assert!(ran.code != 0 && ran.err.contains("marge"), "{}", ran.err);
    write("demandes.csv", "id;nom\n1;LEFEBVRE\n");
    let ran = program.run(&EVALUATE);
    assert!(ran.code != 0 && ran.err.contains("« nom »"), "{}", ran.err);
    write("demandes.csv", QUERIES);
    write(
        "registre.csv",
        &format!("{REGISTER}A4;F;PETIT;;Anne;31/02/1930;ASH-PA\n"),
    );
    let ran = program.run(&EVALUATE);
    assert_eq!(ran.code, 3, "refused rows ask for attention: {}", ran.err);
    assert!(ran.out.contains("line 5, date_naissance"), "{}", ran.out);
}

#[test]
fn explain_shows_every_candidate_field_by_field() {
    let ran = program().run(&[
        "match",
        "explain",
        "--register",
        "registre.csv",
        "--birth-name",
        "LEFEBVRE",
        "--given-names",
        "Marie Jeanne",
        "--birth-date",
        "14/07/1931",
        "--usage-name",
        "MARTIN",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("connu (2 candidats examinés"), "{}", ran.out);
    assert!(
        ran.out.contains("dossier A1") && ran.out.contains("dossier A3"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("date de naissance identique"), "{}", ran.out);
    let ahead = program().run(&[
        "match",
        "explain",
        "--register",
        "registre.csv",
        "--birth-name",
        "LEFEBVRE",
        "--birth-date",
        "14/07/2031",
    ]);
    assert!(
        ahead.out.contains("date de naissance dans l’avenir"),
        "{}",
        ahead.out
    );
}

#[test]
fn estimate_prints_a_model_that_a_policy_takes() {
    let program = program();
    for queries in [&["--queries", "demandes.csv"][..], &[]] {
        let ran = program.run(&[&["match", "estimate", "--register", "registre.csv"], queries].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("[model.family]"), "{}", ran.out);
        fs::write(program.path().join("estime.toml"), ran.out).unwrap();
        let ran = program.run(&[&EVALUATE[..], &["--policy", "estime.toml"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

#[test]
fn bench_prints_its_table() {
    let ran = program().run(&[
        "match",
        "bench",
        "--world",
        "metropolis",
        "--people",
        "600",
        "--queries",
        "100",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("this engine"), "{}", ran.out);
    assert!(ran.out.contains("equality"), "{}", ran.out);
}
