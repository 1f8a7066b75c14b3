//! A département's branding of its letters, checked before anything draws it.

use domain::{TenantSettings, clean_line};
use sha2::{Digest, Sha256};

use crate::colour::Colour;
use crate::images::KitImage;
use crate::world::Format;

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

impl LetterheadError {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }
}

/// Sender, colours, logo, signatory and foot of a département's letters. Exists only once checked.
#[derive(Debug, Clone)]
pub struct Letterhead {
    pub(crate) official_name: String,
    pub(crate) service: Vec<String>,
    pub(crate) address: Vec<String>,
    pub(crate) telephone: String,
    pub(crate) email: String,
    pub(crate) website: Option<String>,
    pub(crate) data_protection: Option<String>,
    pub(crate) officer: String,
    pub(crate) place: String,
    pub(crate) accent: Colour,
    pub(crate) signatory: String,
    pub(crate) capacity: Vec<String>,
    pub(crate) footer: String,
    pub(crate) specimen: bool,
    pub(crate) logo: KitImage,
    pub(crate) signature: Option<KitImage>,
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
        let contact = &settings.contact;
        let look = &settings.letterhead;
        let named = look.signatory.signature.is_some();
        if named != signature.is_some() {
            return Err(LetterheadError::new(
                "letterhead.signatory.signature et le fichier de la signature vont ensemble : l’un manque"
                    .into(),
            ));
        }
        let accent = Colour::parse(&look.accent).ok_or_else(|| {
            LetterheadError::new("letterhead.accent : écrivez la couleur sous la forme « #1b3a6b »".into())
        })?;
        Ok(Self {
            official_name: line("identity.official_name", &settings.identity.official_name, 80)?,
            service: lines("contact.service", &contact.service, 6, 60)?,
            address: lines("contact.address", &contact.address, 6, 60)?,
            telephone: line("contact.telephone", &contact.telephone, 30)?,
            email: line("contact.email", &contact.email, 80)?,
            website: optional("contact.website", contact.website.as_deref(), 80)?,
            data_protection: optional("contact.data_protection", contact.data_protection.as_deref(), 80)?,
            officer: line("recovery.officer", &settings.recovery.officer, 60)?,
            place: line("letterhead.place", &look.place, 40)?,
            accent,
            signatory: line("letterhead.signatory.name", &look.signatory.name, 60)?,
            capacity: lines("letterhead.signatory.capacity", &look.signatory.capacity, 6, 80)?,
            footer: line("letterhead.footer", &look.footer, 160)?,
            specimen: look.specimen,
            logo: KitImage::check("le logo", logo)?,
            signature: signature
                .map(|file| KitImage::check("la signature", file))
                .transpose()?,
        })
    }

    /// SHA-256 over everything in it: with the data and the template version, it decides the bytes of a letter.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        };
        for list in [&self.service, &self.address, &self.capacity] {
            add(&list.len().to_le_bytes());
            list.iter().for_each(|line| add(line.as_bytes()));
        }
        for text in [
            &self.official_name,
            &self.telephone,
            &self.email,
            &self.officer,
            &self.place,
            &self.signatory,
            &self.footer,
        ] {
            add(text.as_bytes());
        }
        for text in [&self.website, &self.data_protection] {
            add(&[u8::from(text.is_some())]);
            add(text.as_deref().unwrap_or("").as_bytes());
        }
        add(self.accent.hex().as_bytes());
        add(&[u8::from(self.specimen)]);
        for image in [Some(&self.logo), self.signature.as_ref()] {
            let format = match image.map(|image| image.format) {
                None => 0,
                Some(Format::Svg) => 1,
                Some(Format::Png) => 2,
                Some(Format::Jpeg) => 3,
            };
            add(&[format]);
            add(image.map_or(&[], |image| image.bytes.as_slice()));
        }
        hash.finalize().into()
    }
}

/// One line of the settings, at most `max` characters.
fn line(setting: &str, text: &str, max: usize) -> Result<String, LetterheadError> {
    clean_line(text, max).map_err(|fault| LetterheadError::new(format!("{setting} : {fault}")))
}

fn optional(setting: &str, text: Option<&str>, max: usize) -> Result<Option<String>, LetterheadError> {
    text.map(|text| line(setting, text, max)).transpose()
}

/// One to `most` lines of the settings.
fn lines(setting: &str, texts: &[String], most: usize, max: usize) -> Result<Vec<String>, LetterheadError> {
    if texts.is_empty() || texts.len() > most {
        return Err(LetterheadError::new(format!(
            "{setting} : donnez d’une à {most} lignes"
        )));
    }
    texts.iter().map(|text| line(setting, text, max)).collect()
}
