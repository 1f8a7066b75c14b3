//! An exam in files, for programs in other languages to answer.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use domain::{FamilyName, Place, Sex};
use serde::Deserialize;

use crate::bench::{Exam, Given};
use crate::files::EvaluationError;

/// The register, in the import format.
pub const REGISTER: &str = "register.csv";
/// The queries, as `dn match evaluate` takes them.
pub const QUERIES: &str = "queries.csv";
/// What the other program answers: `id;reponse;identifiants`.
pub const ANSWERS: &str = "answers.csv";

/// Writes register and queries, without the truth, into a directory.
///
/// # Errors
/// When a file cannot be written.
pub fn write(exam: &Exam, directory: &Path) -> Result<(), EvaluationError> {
    let writer = |name: &str| -> Result<_, EvaluationError> {
        let file = BufWriter::new(File::create(directory.join(name))?);
        Ok(csv::WriterBuilder::new().delimiter(b';').from_writer(file))
    };
    let mut register = writer(REGISTER)?;
    register.write_record([
        "identifiant",
        "sexe",
        "nom_naissance",
        "nom_usage",
        "prenoms",
        "date_naissance",
        "commune_naissance",
        "date_deces",
        "aide",
    ])?;
    for person in &exam.register {
        register.write_record([
            person.identifier.as_str(),
            person.sex.map_or("", Sex::code),
            person.birth_name.as_ref().map_or("", FamilyName::as_str),
            person.usage_name.as_ref().map_or("", FamilyName::as_str),
            person.given_names.to_string().as_str(),
            person.birth_date.to_string().as_str(),
            person.birth_place.as_ref().map_or("", Place::as_str),
            person
                .death_date
                .map_or_else(String::new, |date| date.to_string())
                .as_str(),
            "ASH-PA",
        ])?;
    }
    register.flush()?;
    let mut queries = writer(QUERIES)?;
    for trial in &exam.trials {
        queries.serialize(&trial.question)?;
    }
    queries.flush()?;
    Ok(())
}

#[derive(Deserialize)]
struct Row {
    id: String,
    reponse: String,
    identifiants: String,
}

/// Reads what the other program answered, by query.
///
/// # Errors
/// When there is no such file, or a line is none.
pub fn read_answers(directory: &Path) -> Result<HashMap<String, Given>, EvaluationError> {
    let file = File::open(directory.join(ANSWERS))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(file);
    let mut answers = HashMap::new();
    for row in reader.deserialize() {
        let Row {
            id,
            reponse,
            identifiants,
        } = row?;
        let mut all = identifiants
            .split('|')
            .filter(|text| !text.is_empty())
            .map(str::to_owned);
        let given = match reponse.as_str() {
            "connu" => all.next().map_or(Given::Unknown, Given::Definite),
            "ambigu" => Given::Ambiguous(all.collect()),
            _ => Given::Unknown,
        };
        answers.insert(id, given);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipes;
    use crate::world::World;

    #[test]
    fn an_exam_goes_through_files_and_its_answers_come_back() {
        let directory = tempfile::tempdir().unwrap();
        let exam = Exam::draw(&World::new(recipes::METROPOLIS), 200, 25, 3);
        write(&exam, directory.path()).unwrap();
        let register = File::open(directory.path().join(REGISTER)).unwrap();
        let (loaded, refused) = crate::files::load(register, &mut |_| {}).unwrap();
        assert_eq!((loaded.len(), refused), (200, 0));
        std::fs::write(
            directory.path().join(ANSWERS),
            "id;reponse;identifiants\n1;connu;A\n2;ambigu;A|B\n3;inconnu;\n",
        )
        .unwrap();
        let answers = read_answers(directory.path()).unwrap();
        assert_eq!(answers["1"], Given::Definite("A".to_owned()));
        assert_eq!(
            answers["2"],
            Given::Ambiguous(vec!["A".to_owned(), "B".to_owned()])
        );
        assert_eq!(answers["3"], Given::Unknown);
    }
}
