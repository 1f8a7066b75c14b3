//! Registers and queries in files: what `dn match evaluate` and `dn match explain` do.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use connectors::file::{Entry, FileError};
use domain::Catalogue;
use matching::{Answer, Policy};

use crate::questions::{Reply, read_questions, reply_writer};
use crate::store::Register;

/// A file cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The register.
    #[error("the register cannot be read")]
    Register(#[from] FileError),
    /// A file of queries or answers.
    #[error("the queries or the answers cannot be read or written")]
    Csv(#[from] csv::Error),
    /// The disk.
    #[error("a file cannot be opened")]
    Io(#[from] io::Error),
}

/// What was done, and how long it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timing {
    /// People loaded.
    pub people: usize,
    /// Rows of the register refused.
    pub refused: u64,
    /// Keys they are found by.
    pub keys: usize,
    /// Time of loading.
    pub loading: Duration,
    /// Queries answered.
    pub queries: u64,
    /// Answered `connu`.
    pub definite: u64,
    /// Answered `ambigu`.
    pub ambiguous: u64,
    /// Candidates looked at, all queries together.
    pub candidates: u64,
    /// Time of answering.
    pub answering: Duration,
}

impl Timing {
    /// Queries a second.
    pub fn rate(&self) -> f64 {
        self.queries as f64 / self.answering.as_secs_f64().max(f64::EPSILON)
    }
}

/// What is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Rows of the register read, of so many.
    Loading(u64, u64),
    /// Queries answered.
    Answering(u64),
}

/// How many rows or queries pass between two words of progress.
const STEP: u64 = 5_000;

/// Loads a register from its import format.
///
/// # Errors
/// When the file cannot be taken as a whole; bad rows are left out.
pub fn load<R: Read + Seek>(
    source: R,
    progress: &mut impl FnMut(Progress),
) -> Result<(Register, u64), FileError> {
    let mut import = connectors::file::read(source, &Catalogue::default())?;
    let total = import.total_rows();
    let mut register = Register::new();
    let mut entries = 0_u64;
    for entry in import.by_ref() {
        entries += 1;
        match entry {
            Ok(Entry::Individual(individual)) => register.add(&individual),
            Ok(Entry::Problem(_)) => {}
            Err(error) => return Err(error),
        }
        if entries.is_multiple_of(STEP) {
            progress(Progress::Loading(entries, total));
        }
    }
    register.finish();
    Ok((register, import.summary().refused))
}

/// Answers every query of a file.
///
/// # Errors
/// When a file cannot be read or written.
pub fn evaluate(
    register: &Path,
    queries: &Path,
    out: &Path,
    policy: &Policy,
    mut progress: impl FnMut(Progress),
) -> Result<Timing, EvaluationError> {
    let started = Instant::now();
    let (register, refused) = load(File::open(register)?, &mut progress)?;
    let mut timing = Timing {
        people: register.len(),
        refused,
        keys: register.keys(),
        loading: started.elapsed(),
        ..Timing::default()
    };
    let queries = BufReader::with_capacity(1 << 16, File::open(queries)?);
    let out = BufWriter::with_capacity(1 << 16, File::create(out)?);
    let started = Instant::now();
    answer_all(&register, queries, out, policy, &mut timing, &mut progress)?;
    timing.answering = started.elapsed();
    Ok(timing)
}

fn answer_all(
    register: &Register,
    queries: impl Read,
    out: impl Write,
    policy: &Policy,
    timing: &mut Timing,
    progress: &mut impl FnMut(Progress),
) -> Result<(), EvaluationError> {
    let mut out = reply_writer(out);
    for question in read_questions(queries)? {
        let question = question?;
        let (query, told) = question.read();
        let ruling = register.rule(&query, policy);
        timing.queries += 1;
        timing.candidates += ruling.looked_at as u64;
        match ruling.answer {
            Answer::Definite => timing.definite += 1,
            Answer::Ambiguous => timing.ambiguous += 1,
            Answer::Unknown => {}
        }
        out.serialize(Reply::new(&question.id, &ruling, &told))?;
        if timing.queries.is_multiple_of(STEP) {
            progress(Progress::Answering(timing.queries));
        }
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const REGISTER: &str = "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;aide\n\
        A1;F;LEFEBVRE;MARTIN;Marie Jeanne;14/07/1931;ASH-PA\n\
        A1;F;LEFEBVRE;MARTIN;Marie Jeanne;14/07/1931;APA-DOMICILE\n\
        A2;M;BERNARD;;Paul;02/03/1928;ASH-PA\n";

    fn answers(queries: &str) -> Vec<Reply> {
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        let mut out = Vec::new();
        let policy = Policy::default();
        answer_all(
            &register,
            queries.as_bytes(),
            &mut out,
            &policy,
            &mut Timing::default(),
            &mut |_| {},
        )
        .unwrap();
        csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(out.as_slice())
            .into_deserialize()
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn answers_as_asked_whatever_is_asked() {
        let long = "A".repeat(400);
        let queries = format!(
            "\u{feff}id;nom_naissance;nom_usage;prenoms;date_naissance;sexe;date_deces\n\
             1;Lefèbvre;martin;marie-jeanne;1931-07-14;F;2024-01-01\n\
             2;DURAND;;Zoé;01/01/1950;F;2024-01-01\n\
             3;;;;;;\n\
             4;{long};{long};{long};14/07/2131;X;hier\n\
             5;田中;;\u{7}太郎;31/02/1931;;\n\
             6;BERNARD;;Pual;02/03/1928;M;\n"
        );
        let answers = answers(&queries);
        let given: Vec<&str> = answers.iter().map(|reply| reply.reponse.as_str()).collect();
        assert_eq!(
            given,
            ["connu", "inconnu", "inconnu", "inconnu", "inconnu", "connu"]
        );
        assert_eq!(answers[0].identifiants, "A1");
        assert!(
            answers[2].motifs.contains("date de naissance absente"),
            "{}",
            answers[2].motifs
        );
        assert!(answers[5].motifs.contains("prénom"), "{}", answers[5].motifs);
    }

    #[test]
    fn production_and_evaluation_decide_alike() {
        use domain::{Decedent, FamilyName, GivenNames, PartialDate};
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        let import = connectors::file::read(Cursor::new(REGISTER), &Catalogue::default()).unwrap();
        let people: Vec<domain::Individual> = import
            .filter_map(|entry| match entry.unwrap() {
                Entry::Individual(individual) => Some(*individual),
                Entry::Problem(_) => None,
            })
            .collect();
        for (name, given, born) in [
            ("Lefèbvre", "Marie", "14/07/1931"),
            ("LEFEVRE", "Jeanne", "14/07/1931"),
            ("MARTIN", "Marie", "07/14/1931"),
            ("BERNARD", "Paule", "02/03/1928"),
        ] {
            let Ok(birth_date) = PartialDate::parse(born) else {
                continue;
            };
            let decedent = Decedent {
                birth_name: FamilyName::parse(name).ok(),
                usage_name: None,
                given_names: GivenNames::parse(given).unwrap(),
                sex: None,
                birth_date,
                birth_place: None,
                death_date: "2024-01-01".parse().unwrap(),
                death_place: None,
                death_certificate_date: None,
            };
            let wanted = matching::query_keys(&decedent);
            let fetched: Vec<_> = people
                .iter()
                .filter(|person| {
                    matching::register_keys(person)
                        .iter()
                        .any(|key| wanted.contains(key))
                })
                .cloned()
                .collect();
            let policy = Policy::default();
            let ruling = register.rule(&matching::Query::from(&decedent), &policy);
            let verdict = matching::decide_with(&decedent, &fetched, &policy, register.frequencies());
            let same = match (ruling.answer, &verdict) {
                (Answer::Definite, matching::Verdict::Definite { identifier, .. }) => {
                    *identifier == ruling.candidates[0].identifier
                }
                (Answer::Ambiguous, matching::Verdict::Ambiguous { identifiers, .. }) => identifiers
                    .iter()
                    .eq(ruling.candidates.iter().map(|candidate| &candidate.identifier)),
                (Answer::Unknown, matching::Verdict::Unknown { .. }) => true,
                _ => false,
            };
            assert!(same, "{name}: {ruling:?} {verdict:?}");
        }
    }
}
