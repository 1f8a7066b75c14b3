//! A register comes into force: read in a thread of its own, written in one transaction, or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use connectors::file::{self, Entry, FileError, Problem, Summary};
use data_encoding::HEXLOWER;
use db::{Contents, NewRegister, NumberedIndividual, RegisterVersion, TenantTx};
use domain::{Action, Catalogue, Individual, RegisterId};
use matching::{Indexer, TooManyPeople};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::departments::Department;
use crate::{App, AppError, index};

/// People written at once.
const BATCH: usize = 1000;
/// Batches read ahead.
const AHEAD: usize = 4;
/// Share of the time that writing took, for those who ask meanwhile: on a machine of two cores an import that takes all it
/// can get makes each of them wait.
const LEAVE: f64 = 1.25;
/// Problems kept for the report; all are counted.
const MOST_PROBLEMS: usize = 1000;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    /// Rows read.
    pub rows: u64,
    /// Rows the file has.
    pub of: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// The version now in force.
    pub version: RegisterVersion,
    /// `false`: the very same file was in force already and nothing was done.
    pub imported: bool,
    /// Rows, refusals, people, aids; zeros when nothing was done.
    pub summary: Summary,
    /// What somebody should look at, the first thousand.
    pub problems: Vec<Problem>,
}

/// Nothing was replaced.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole, or every row of it.
    #[error("the file cannot be taken")]
    File {
        /// Why.
        #[source]
        source: FileError,
        /// What is wrong row by row, the first thousand.
        problems: Vec<Problem>,
    },
    /// It has more people than can be indexed.
    #[error(transparent)]
    TooManyPeople(#[from] TooManyPeople),
    /// A part of the house failed.
    #[error("the import failed; the register in force stays")]
    Other(#[from] AppError),
}

impl App {
    /// Imports a register and puts it in force. Bad rows are reported and left out; a file without a good one
    /// replaces nothing. The very file in force is not imported again, unless `again`.
    ///
    /// # Errors
    /// An [`ImportError`]; then the register in force stays.
    pub async fn import_register(
        &self,
        department: &Department,
        path: &Path,
        again: bool,
        now: DateTime<Utc>,
        progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let source = source_of(path).await?;
        let mut tx = self.db().tenant(&department.slug).await.map_err(AppError::from)?;
        let active = tx.register().active().await.map_err(AppError::from)?;
        if let Some(version) = active.filter(|version| !again && is_same(version, &source)) {
            return Ok(ImportReport {
                version,
                imported: false,
                summary: Summary::default(),
                problems: vec![],
            });
        }
        let kit = self.kit_of(&department.slug).await?;
        let catalogue = kit.settings.catalogue();
        let import = Import {
            id: RegisterId(Uuid::now_v7()),
            source,
            now,
        };
        let report = import.run(self, tx, path.to_owned(), catalogue, progress).await?;
        self.forget(&department.slug).await;
        Ok(report)
    }
}

/// Name and fingerprint of the file, as the version keeps it: `registre.csv (SHA-256 …)`.
async fn source_of(path: &Path) -> Result<String, ImportError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| "registre".to_owned());
    let path = path.to_owned();
    let digest = tokio::task::spawn_blocking(move || {
        let mut hash = Sha256::new();
        std::io::copy(&mut File::open(path)?, &mut hash)?;
        Ok(HEXLOWER.encode(&hash.finalize()))
    });
    let digest = digest.await.map_err(|_| interrupted())?;
    let digest = digest.map_err(|error: std::io::Error| refused(error.into(), vec![]))?;
    Ok(format!("{name} (SHA-256 {digest})"))
}

/// The same file, indexed as this version of the program does it.
fn is_same(version: &RegisterVersion, source: &str) -> bool {
    let digest = |text: &str| text.rsplit_once('(').map(|(_, digest)| digest.to_owned());
    version.keys_version == matching::KEYS_VERSION && digest(&version.source) == digest(source)
}

fn refused(source: FileError, problems: Vec<Problem>) -> ImportError {
    ImportError::File { source, problems }
}

fn interrupted() -> AppError {
    AppError::Inconsistent("reading the register was interrupted")
}

struct Import {
    id: RegisterId,
    source: String,
    now: DateTime<Utc>,
}

/// What the reading thread hands over.
struct Batch {
    people: Vec<NumberedIndividual>,
    at: ImportProgress,
}

/// How the reading ended.
#[derive(Default)]
struct Read {
    summary: Summary,
    problems: Vec<Problem>,
    indexer: Indexer,
    failed: Option<Failure>,
}

/// Why the reading ended before the file did.
enum Failure {
    File(FileError),
    TooManyPeople(TooManyPeople),
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<TooManyPeople> for Failure {
    fn from(error: TooManyPeople) -> Self {
        Self::TooManyPeople(error)
    }
}

impl Import {
    async fn run(
        self,
        app: &App,
        mut tx: TenantTx,
        path: PathBuf,
        catalogue: Catalogue,
        mut progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let register = NewRegister {
            id: self.id,
            source: self.source.clone(),
            keys_version: matching::KEYS_VERSION,
            started_at: self.now,
        };
        tx.register().begin(&register).await.map_err(AppError::from)?;
        let (sender, mut batches) = mpsc::channel(AHEAD);
        let reading = tokio::task::spawn_blocking(move || read(&path, &catalogue, &sender));
        while let Some(Batch { people, at }) = batches.recv().await {
            let begun = Instant::now();
            tx.register()
                .add(self.id, &people)
                .await
                .map_err(AppError::from)?;
            progress(at);
            tokio::time::sleep(begun.elapsed().mul_f64(LEAVE)).await;
        }
        let read = reading.await.map_err(|_| interrupted())?;
        match read.failed {
            None => {}
            Some(Failure::File(error)) => return Err(refused(error, read.problems)),
            Some(Failure::TooManyPeople(error)) => return Err(error.into()),
        }
        let indexed = index::keep(&mut tx, self.id, read.indexer, LEAVE).await?;
        let contents = Contents {
            individuals: read.summary.individuals,
            aids: read.summary.aids,
            page_bits: indexed.bits(),
        };
        let version = tx
            .register()
            .activate(self.id, contents, self.now)
            .await
            .map_err(AppError::from)?;
        self.record(app, &mut tx, &read.summary).await?;
        tx.save().await.map_err(AppError::from)?;
        Ok(ImportReport {
            version,
            imported: true,
            summary: read.summary,
            problems: read.problems,
        })
    }

    async fn record(&self, app: &App, tx: &mut TenantTx, summary: &Summary) -> Result<(), AppError> {
        let details = json!({
            "source": self.source,
            "rows": summary.rows,
            "refused": summary.refused,
            "individuals": summary.individuals,
            "aids": summary.aids,
        });
        let imported = app.by_operator(Action::RegisterImported, self.id, details, self.now);
        tx.audit().record(imported);
        Ok(tx.announce_change().await?)
    }
}

/// Reads to the end, or until nobody takes the batches any more.
fn read(path: &Path, catalogue: &Catalogue, batches: &mpsc::Sender<Batch>) -> Read {
    let mut read = Read::default();
    if let Err(error) = read.all(path, catalogue, batches) {
        read.failed = Some(error);
    }
    read
}

impl Read {
    fn all(
        &mut self,
        path: &Path,
        catalogue: &Catalogue,
        batches: &mpsc::Sender<Batch>,
    ) -> Result<(), Failure> {
        let mut import = file::read(File::open(path).map_err(FileError::from)?, catalogue)?;
        let of = import.total_rows();
        let mut people = Vec::with_capacity(BATCH);
        while let Some(entry) = import.next() {
            match entry? {
                Entry::Individual(person) => people.push(self.numbered(*person)?),
                Entry::Problem(problem) if self.problems.len() < MOST_PROBLEMS => self.problems.push(problem),
                Entry::Problem(_) => (),
            }
            if people.len() >= BATCH {
                let rows = import.summary().rows;
                let full = std::mem::replace(&mut people, Vec::with_capacity(BATCH));
                let at = ImportProgress { rows, of };
                if batches.blocking_send(Batch { people: full, at }).is_err() {
                    return Ok(());
                }
            }
        }
        let at = ImportProgress { rows: of, of };
        // Nobody listening any more means that the import failed on the other side, and says so there.
        let _ = batches.blocking_send(Batch { people, at });
        self.summary = import.summary();
        Ok(())
    }

    fn numbered(&mut self, individual: Individual) -> Result<NumberedIndividual, TooManyPeople> {
        Ok(NumberedIndividual {
            number: self.indexer.add(&individual)?,
            individual,
        })
    }
}
