//! `tenants/<slug>/`: `tenant.toml` and `letterhead/`, read and checked as a whole.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{DepartmentSlug, TenantSettings};
use letters::{KitFile, Letterhead};

/// Largest file of a kit that is taken, in bytes.
const MAX_KIT_FILE: u64 = 2 * 1024 * 1024;

/// The folder of a département, checked: everything `tenant create` and `tenant apply` need.
#[derive(Clone)]
pub struct TenantFolder {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub slug: DepartmentSlug,
    /// `tenant.toml`.
    pub settings: TenantSettings,
    /// The logo.
    pub logo: KitFile,
    /// The handwritten signature, when there is one.
    pub signature: Option<KitFile>,
    /// Both and the settings as letters use them.
    pub letterhead: Arc<Letterhead>,
}

/// Something in the folder that must be mended first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In which file.
    pub file: PathBuf,
    /// Line and column, from 1, when it has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl Problem {
    fn whole(file: &Path, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            place: None,
            message: message.into(),
        }
    }
}

impl TenantFolder {
    /// Reads and checks a folder.
    ///
    /// # Errors
    /// Every [`Problem`] found; of a `tenant.toml` that cannot be read as such, the first.
    pub fn read(folder: &Path) -> Result<Self, Vec<Problem>> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let slug: Result<DepartmentSlug, _> = name.unwrap_or_default().parse();
        let slug = slug.map_err(|_| {
            let rule = "the folder must be named by the slug of the département: small letters without accents, digits, hyphens";
            vec![Problem::whole(folder, rule)]
        })?;
        let settings = read_settings(&folder.join("tenant.toml")).map_err(|problem| vec![problem])?;
        crate::index::policy_of(&settings).map_err(|error| {
            vec![Problem::whole(
                &folder.join("tenant.toml"),
                format!("[matching]: {error}"),
            )]
        })?;
        let kit = folder.join("letterhead");
        let look = &settings.letterhead;
        let logo = read_kit_file(&kit, &look.logo);
        let signature = look
            .signatory
            .signature
            .as_deref()
            .map(|name| read_kit_file(&kit, name));
        let (logo, signature) = match (logo, signature.transpose()) {
            (Ok(logo), Ok(signature)) => (logo, signature),
            (logo, signature) => return Err([logo.err(), signature.err()].into_iter().flatten().collect()),
        };
        let letterhead = Letterhead::new(&settings, logo.clone(), signature.clone())
            .map_err(|error| vec![Problem::whole(&kit, error.to_string())])?;
        Ok(Self {
            path: folder.to_owned(),
            slug,
            settings,
            logo,
            signature,
            letterhead: Arc::new(letterhead),
        })
    }

    /// Every folder below `root` that holds a `tenant.toml`, sorted by name.
    ///
    /// # Errors
    /// When `root` cannot be listed.
    pub fn all(root: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(root)? {
            let path = entry?.path();
            if path.join("tenant.toml").is_file() {
                folders.push(path);
            }
        }
        folders.sort();
        Ok(folders)
    }

    /// The files of the letterhead, as the database keeps them.
    pub(super) fn kit(&self) -> Vec<db::KitFile> {
        let files = std::iter::once(&self.logo).chain(&self.signature);
        let files = files.map(|file| db::KitFile {
            name: file.name.clone(),
            bytes: file.bytes.clone(),
        });
        files.collect()
    }
}

fn read_settings(file: &Path) -> Result<TenantSettings, Problem> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Problem::whole(file, format!("cannot be read: {error}")))?;
    TenantSettings::from_toml(&text).map_err(|error| Problem {
        file: file.to_owned(),
        place: Some((error.line, error.column)),
        message: error.message,
    })
}

/// A file of the letterhead; `tenant.toml` can only give bare names.
fn read_kit_file(kit: &Path, name: &str) -> Result<KitFile, Problem> {
    let path = kit.join(name);
    let size = std::fs::metadata(&path)
        .map_err(|_| Problem::whole(&path, "named in tenant.toml, but not there"))?
        .len();
    if size > MAX_KIT_FILE {
        let message = format!("{size} bytes; at most {MAX_KIT_FILE} are allowed");
        return Err(Problem::whole(&path, message));
    }
    let bytes =
        std::fs::read(&path).map_err(|error| Problem::whole(&path, format!("cannot be read: {error}")))?;
    Ok(KitFile {
        name: name.to_owned(),
        bytes,
    })
}
