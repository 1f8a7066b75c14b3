//! A register comes into force: read in a thread of its own, written in one transaction, or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use connectors::file::{self, Entry, FileError, Problem, Summary};
use data_encoding::HEXLOWER;
use db::{KeyedIndividual, NewRegister, RegisterVersion, TenantTx};
use domain::{Action, Catalogue, RegisterId};
use matching::{Frequencies, Indexer};
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
const LEAVE: f64 = 0.75;
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
    people: Vec<KeyedIndividual>,
    at: ImportProgress,
}

/// How the reading ended.
struct Read {
    summary: Summary,
    problems: Vec<Problem>,
    frequencies: Frequencies,
    failed: Option<FileError>,
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
        if let Some(error) = read.failed {
            return Err(refused(error, read.problems));
        }
        index::keep_frequencies(&mut tx, self.id, &read.frequencies).await?;
        let version = tx
            .register()
            .activate(self.id, self.now)
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
    let mut read = Read {
        summary: Summary::default(),
        problems: vec![],
        frequencies: Frequencies::new(),
        failed: None,
    };
    let opened = File::open(path).map_err(FileError::from);
    let mut import = match opened.and_then(|file| file::read(file, catalogue)) {
        Ok(import) => import,
        Err(error) => {
            read.failed = Some(error);
            return read;
        }
    };
    let of = import.total_rows();
    let mut people = Vec::with_capacity(BATCH);
    let mut indexer = Indexer::default();
    while let Some(entry) = import.next() {
        match entry {
            Ok(Entry::Individual(person)) => people.push(keyed(*person, &mut indexer)),
            Ok(Entry::Problem(problem)) if read.problems.len() < MOST_PROBLEMS => read.problems.push(problem),
            Ok(Entry::Problem(_)) => (),
            Err(error) => {
                read.failed = Some(error);
                return read;
            }
        }
        if people.len() >= BATCH {
            let rows = import.summary().rows;
            let at = ImportProgress { rows, of };
            let full = std::mem::replace(&mut people, Vec::with_capacity(BATCH));
            if batches.blocking_send(Batch { people: full, at }).is_err() {
                return read;
            }
        }
    }
    let at = ImportProgress { rows: of, of };
    // Nobody listening any more means that the import failed on the other side, and says so there.
    let _ = batches.blocking_send(Batch { people, at });
    read.summary = import.summary();
    read.frequencies = indexer.finish();
    read
}

fn keyed(individual: domain::Individual, indexer: &mut Indexer) -> KeyedIndividual {
    KeyedIndividual {
        keys: indexer.add(&individual),
        individual,
    }
}
