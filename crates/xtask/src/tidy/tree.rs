//! The source, read once.

use std::fs;
use std::path::Path;

use crate::Result;

/// Folders that are no source.
const SKIPPED: [&str; 4] = [".git", "target", ".local", "node_modules"];

/// A text file of the repository.
pub(super) struct File {
    /// From the top, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// Whether the name ends so.
    pub(super) fn is(&self, extension: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| found == extension)
    }

    /// Lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// Everything that is kept in the repository and is text.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
    /// Names at the top, folders with a `/`.
    pub(super) top: Vec<String>,
}

impl Tree {
    /// Reads the folder.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.enter(root, "")?;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(tree)
    }

    fn enter(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let say = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(say)? {
            let entry = entry.map_err(say)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().map_err(say)?.is_dir();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if prefix.is_empty() {
                self.top.push(if is_folder {
                    format!("{name}/")
                } else {
                    name.clone()
                });
            }
            let path = format!("{prefix}{name}");
            if is_folder {
                self.enter(&entry.path(), &format!("{path}/"))?;
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                self.files.push(File { path, text });
            }
        }
        Ok(())
    }

    /// A tree for a rule's own test.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            files: files.iter().map(file).collect(),
            top: Vec::new(),
        }
    }
}
