//! Registers of fiction: written once, and people picked from all over them.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Cursor, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use connectors::file::{self, Entry};
use connectors::generate::{Form, Options, generate};
use domain::{Catalogue, Individual};

/// Seed of what is imported.
pub(super) const REGISTERED: u64 = 1;
/// Seed of people who stand in no register.
pub(super) const STRANGERS: u64 = 2;

/// The register of so many people; written unless it is there.
pub(super) async fn file(folder: &Path, individuals: u64, seed: u64) -> Result<PathBuf> {
    let path = folder.join(format!("registre-{individuals}-{seed}.csv"));
    if path.is_file() {
        return Ok(path);
    }
    let target = path.clone();
    let written = tokio::task::spawn_blocking(move || {
        // Under another name until it is whole.
        let partial = target.with_extension("part");
        let mut out = BufWriter::new(File::create(&partial)?);
        let options = Options {
            individuals,
            seed,
            form: Form::default(),
        };
        generate(&options, &mut out)?;
        out.flush()?;
        std::fs::rename(&partial, &target)
    });
    written
        .await?
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

/// Rows of a register, its header not counted.
pub(super) fn rows(path: &Path) -> Result<u64> {
    let lines = BufReader::new(File::open(path)?).lines();
    Ok(lines.count().saturating_sub(1) as u64)
}

/// So many people from places spread evenly over a register, each with the one aid of the row that was hit.
pub(super) fn people(path: &Path, count: usize) -> Result<Vec<Individual>> {
    let mut source = BufReader::new(File::open(path)?);
    let size = source.get_ref().metadata()?.len();
    let mut sample = String::new();
    source.read_line(&mut sample)?;
    let header = sample.len() as u64;
    for number in 0..count as u64 {
        let place = header + (size - header) * number / count as u64;
        source.seek(SeekFrom::Start(place.saturating_sub(1)))?;
        // The rest of the row that was hit in the middle.
        source.read_until(b'\n', &mut Vec::new())?;
        source.read_line(&mut sample)?;
    }
    let mut people = Vec::with_capacity(count);
    for entry in file::read(Cursor::new(sample), &Catalogue::default())? {
        if let Entry::Individual(person) = entry? {
            people.push(*person);
        }
    }
    Ok(people)
}
