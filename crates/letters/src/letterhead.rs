//! A département's branding of its letters, checked before anything draws it.

use domain::TenantSettings;

/// One file of a département's `letterhead/` directory.
#[derive(Clone)]
pub struct KitFile {
    /// File name; its extension says the format.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A letterhead cannot be used as it is. Shown to a département's administrator, hence in French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LetterheadError(String);

/// Sender, colours, logo, signatory and foot of a département's letters. Exists only once checked.
pub struct Letterhead {
    _private: (),
}

impl Letterhead {
    /// Checks settings and files. `logo` and `signature` are the files the settings name.
    ///
    /// # Errors
    /// A sentence in French that says which file or setting is at fault and what to do.
    pub fn new(
        settings: &TenantSettings,
        logo: KitFile,
        signature: Option<KitFile>,
    ) -> Result<Self, LetterheadError> {
        let _ = (settings, logo, signature);
        todo!()
    }

    /// A letterhead of no real département, for tests and previews.
    pub fn sample() -> Self {
        todo!()
    }

    /// SHA-256 over everything in it: with the data and the template version, it decides the bytes of a letter.
    pub fn fingerprint(&self) -> [u8; 32] {
        todo!()
    }
}
