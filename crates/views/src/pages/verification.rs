//! `GET` and `POST /verification`, `GET /v/{code}`.

use chrono::NaiveDate;
use serde::Serialize;

use crate::forms::FieldErrors;
use crate::{Page, Sample, samples};

/// Where a code is typed. The form posts `csrf`, `code` and, if wanted, the file `copie` (multipart).
#[derive(Debug, Clone, Serialize)]
pub struct VerificationPage {
    /// What was typed.
    pub code: String,
    /// Fields `code` and `copie`.
    pub errors: FieldErrors,
}

impl VerificationPage {
    /// The empty form.
    pub fn empty() -> Self {
        Self {
            code: String::new(),
            errors: FieldErrors::new(),
        }
    }

    /// The form again, the code having the wrong form.
    pub fn malformed(code: String) -> Self {
        let mut errors = FieldErrors::new();
        errors.push(
            "code",
            "Recopiez le code inscrit au bas du courrier : le numéro du département, puis quatre groupes de cinq signes.",
        );
        Self { code, errors }
    }
}

impl Page for VerificationPage {
    const TEMPLATE: &'static str = "pages/verification.html";

    fn title(&self) -> String {
        "Vérifier un courrier".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let layout = || samples::visitor("/verification");
        vec![
            Sample::new("verification", layout(), Self::empty()),
            Sample::new(
                "verification-erreur",
                layout(),
                Self::malformed("69-7K3M2".to_owned()),
            ),
        ]
    }
}

/// Whether an uploaded copy is the letter that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyCheck {
    /// No file was given.
    NotGiven,
    /// Byte for byte the file that was issued.
    Genuine,
    /// Another file, be it by one bit.
    Different,
}

/// What a code tells.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum VerificationResult {
    /// A letter with this code was issued.
    Known {
        /// `Département du Rhône`.
        department: String,
        /// Date of the letter.
        dated_on: NaiveDate,
        /// The uploaded copy.
        copy: CopyCheck,
    },
    /// No letter has this code: never issued, mistyped, or its département gone; nothing tells which.
    Unknown,
}

/// What a code tells, with the form to check a copy.
#[derive(Debug, Clone, Serialize)]
pub struct VerificationResultPage {
    /// The code, as [`domain::VerificationCode`] writes it.
    pub code: String,
    /// What it tells.
    pub result: VerificationResult,
}

impl Page for VerificationResultPage {
    const TEMPLATE: &'static str = "pages/verification_result.html";

    fn title(&self) -> String {
        match &self.result {
            VerificationResult::Unknown => "Aucun courrier ne porte ce code",
            VerificationResult::Known {
                copy: CopyCheck::Genuine,
                ..
            } => "Votre copie est authentique",
            VerificationResult::Known {
                copy: CopyCheck::Different,
                ..
            } => "Votre fichier n’est pas le courrier d’origine",
            VerificationResult::Known {
                copy: CopyCheck::NotGiven,
                ..
            } => "Ce code est celui d’un courrier authentique",
        }
        .to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let known = |copy| VerificationResult::Known {
            department: samples::rhone().official_name,
            dated_on: samples::now().date_naive(),
            copy,
        };
        [
            ("verification-connu", known(CopyCheck::NotGiven)),
            ("verification-authentique", known(CopyCheck::Genuine)),
            ("verification-different", known(CopyCheck::Different)),
            ("verification-inconnu", VerificationResult::Unknown),
        ]
        .into_iter()
        .map(|(name, result)| {
            let code = samples::CODE.to_owned();
            Sample::new(name, samples::visitor("/verification"), Self { code, result })
        })
        .collect()
    }
}
