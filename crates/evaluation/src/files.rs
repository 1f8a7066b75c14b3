//! Registers and queries in files: what `dn match evaluate` and `dn match explain` do.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use connectors::file::{Entry, FileError, Problem};
use domain::Catalogue;
use matching::{Answer, Policy};

use crate::questions::{BORN_AHEAD, QuestionsError, Reply, read_questions, reply_writer};
use crate::store::Register;

/// A file cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The register.
    #[error("the register cannot be read")]
    Register(#[from] FileError),
    /// The queries.
    #[error("the queries cannot be read")]
    Queries(#[from] QuestionsError),
    /// The answers.
    #[error("the answers cannot be written")]
    Answers(#[from] csv::Error),
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
pub enum Progress<'a> {
    /// A row of the register is refused, or taken with a warning.
    Problem(&'a Problem),
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
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<(Register, u64), FileError> {
    let mut import = connectors::file::read(source, &Catalogue::default())?;
    let total = import.total_rows();
    let mut register = Register::new();
    let mut entries = 0_u64;
    for entry in import.by_ref() {
        entries += 1;
        match entry {
            Ok(Entry::Individual(individual)) => register.add(&individual),
            Ok(Entry::Problem(problem)) => progress(Progress::Problem(&problem)),
            Err(error) => return Err(error),
        }
        if entries.is_multiple_of(STEP) {
            progress(Progress::Loading(entries, total));
        }
    }
    register.finish();
    Ok((register, import.summary().refused))
}

/// Answers every query of a file. `today` is what tells births that lie ahead.
///
/// # Errors
/// When a file cannot be read or written.
pub fn evaluate(
    register: &Path,
    queries: &Path,
    out: &Path,
    policy: &Policy,
    today: NaiveDate,
    mut progress: impl FnMut(Progress<'_>),
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
    let exam = Exam {
        register: &register,
        policy,
        today,
    };
    exam.answer_all(queries, out, &mut timing, &mut progress)?;
    timing.answering = started.elapsed();
    Ok(timing)
}

/// What queries are answered by.
struct Exam<'a> {
    register: &'a Register,
    policy: &'a Policy,
    today: NaiveDate,
}

impl Exam<'_> {
    fn answer_all(
        &self,
        queries: impl BufRead,
        out: impl Write,
        timing: &mut Timing,
        progress: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), EvaluationError> {
        let mut out = reply_writer(out)?;
        for question in read_questions(queries)? {
            let question = question?;
            let (query, mut told) = question.read();
            if question.is_born_after(self.today) {
                told.push(BORN_AHEAD);
            }
            let ruling = self.register.rule(&query, self.policy);
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
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const REGISTER: &str = "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;aide\n\
        A1;F;LEFEBVRE;MARTIN;Marie Jeanne;14/07/1931;ASH-PA\n\
        A1;F;LEFEBVRE;MARTIN;Marie Jeanne;14/07/1931;APA-DOMICILE\n\
        A2;M;BERNARD;;Paul;02/03/1928;ASH-PA\n";

    fn exam<'a>(register: &'a Register, policy: &'a Policy) -> Exam<'a> {
        Exam {
            register,
            policy,
            today: NaiveDate::from_ymd_opt(2026, 3, 12).unwrap(),
        }
    }

    fn written(register: &Register, queries: &str) -> Result<String, EvaluationError> {
        let mut out = Vec::new();
        exam(register, &Policy::default()).answer_all(
            queries.as_bytes(),
            &mut out,
            &mut Timing::default(),
            &mut |_| {},
        )?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn answers(queries: &str) -> Vec<Reply> {
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        let out = written(&register, queries).unwrap();
        csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(out.as_bytes())
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
    fn the_header_is_there_even_without_a_query() {
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        let header = "id;reponse;identifiants;score;motifs\n";
        assert_eq!(written(&register, "id;prenoms\n").unwrap(), header);
        let one = written(&register, "ID;PRENOMS\n7;Zo\u{e9}\n").unwrap();
        assert!(one.starts_with(&format!("{header}7;inconnu;;")), "{one}");
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        for (queries, said) in [
            (
                "id;nom_naissances\n1;X\n",
                "line 1: there is no column « nom_naissances »",
            ),
            (
                "nom_naissance;prenoms\nX;Y\n",
                "line 1: the column « id » is missing",
            ),
            (
                "id;prenoms;prenoms\n",
                "line 1: the column « prenoms » is there twice",
            ),
            (
                "id;prenoms\n1;Zoé\n2;Zoé;F\n",
                "line 3: 3 fields where the first line names 2",
            ),
            ("", "line 1: the column « id » is missing"),
        ] {
            let error = written(&register, queries).unwrap_err();
            let EvaluationError::Queries(error) = error else {
                panic!("{error:?}");
            };
            assert!(error.to_string().starts_with(said), "{queries}: {error}");
        }
    }

    #[test]
    fn old_encodings_quotes_and_births_ahead_cost_one_query_at_most() {
        let (register, _) = load(Cursor::new(REGISTER), &mut |_| {}).unwrap();
        let mut queries =
            b"id;nom_naissance;prenoms;date_naissance\r\n1;BERNARD;\"Paul;02/03/1928\n".to_vec();
        // Windows-1252 for « LEFÈBVRE ».
        queries.extend_from_slice(b"2;LEF\xc8BVRE;Marie Jeanne;14/07/1931\n\n3;BERNARD;Paul;02/03/2031\n");
        let mut out = Vec::new();
        exam(&register, &Policy::default())
            .answer_all(queries.as_slice(), &mut out, &mut Timing::default(), &mut |_| {})
            .unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().skip(1).collect();
        assert_eq!(lines.len(), 3, "{out}");
        assert!(lines[0].starts_with("1;"), "{out}");
        assert!(lines[1].starts_with("2;connu;A1;"), "{out}");
        assert!(lines[2].contains(BORN_AHEAD), "{out}");
    }

    #[test]
    fn refused_rows_are_told() {
        let bad = format!("{REGISTER}A3;F;PETIT;;Anne;31/02/1930;ASH-PA\n");
        let mut lines = Vec::new();
        let (_, refused) = load(Cursor::new(bad), &mut |progress| {
            if let Progress::Problem(problem) = progress {
                lines.push(problem.line);
            }
        })
        .unwrap();
        assert_eq!((refused, lines), (1, vec![5]));
    }
}
