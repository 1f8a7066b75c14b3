//! What a letter says, as it is frozen when it is drawn.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Amount, Consequence, Decision, Inquiry, LetterId, LetterKind, PartialDate, Recoverability, Sex,
    VerificationCode,
};
use serde::{Deserialize, Serialize};

/// Everything a letter says that is not letterhead. Frozen as JSON with the letter; rendered again, it gives the same bytes
/// with the same letterhead and [`crate::template_version`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterData {
    /// Version of this format: [`LetterData::VERSION`] when written by this programme.
    pub version: u32,
    /// The letter.
    pub id: LetterId,
    /// What it says.
    pub kind: LetterKind,
    /// « Nos références ».
    pub reference: String,
    /// « Vos références ».
    pub file_reference: Option<String>,
    /// Day of the inquiry, in the time of the département.
    pub asked_on: NaiveDate,
    /// Day of the letter, in the time of the département.
    pub dated_on: NaiveDate,
    /// Instant of the decision: the date inside the PDF.
    pub decided_at: DateTime<Utc>,
    /// Day the register the answer rests on was imported, in the time of the département.
    pub register_date: Option<NaiveDate>,
    /// To whom.
    pub addressee: Addressee,
    /// About whom.
    pub decedent: Person,
    /// Aids of a matched person, those that come back first.
    pub aids: Vec<AidLine>,
    /// Aids left out of a list too long for a letter.
    pub omitted_aids: u32,
    /// Sum of the recoverable aids, when the register has every amount.
    pub claim: Option<Amount>,
    /// Sum of the overpayments, when the register has every amount.
    pub overpaid: Option<Amount>,
    /// How anybody may check the letter.
    pub verification: Verification,
    /// Years the letter is kept.
    pub retention_years: u32,
}

/// Who the letter goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// Name of the notary (or collaborator) who asked.
    pub name: String,
    /// Name of the office.
    pub office: String,
    /// CRPCEN code of the office.
    pub crpcen: String,
    /// Postal address, line by line; may be empty.
    pub address: Vec<String>,
}

/// The deceased person, as the notary stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Given and family names.
    pub name: String,
    /// Sex, when stated.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: PartialDate,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// Date of death.
    pub death_date: NaiveDate,
    /// Place of death.
    pub death_place: Option<String>,
}

/// One aid in a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidLine {
    /// As letters name it.
    pub label: String,
    /// First day of the grant.
    pub starts: Option<PartialDate>,
    /// Last day paid.
    pub ends: Option<PartialDate>,
    /// Amount paid, when known.
    pub amount: Option<Amount>,
    /// Amount paid after the death, when known.
    pub overpaid: Option<Amount>,
    /// What follows.
    pub consequence: Consequence,
    /// Rule of recovery that applies to this kind of aid.
    pub rule: Recoverability,
    /// Why, and by which article, in French.
    pub reason: String,
}

/// How anybody may check that a letter is genuine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// Code, as printed.
    pub code: String,
    /// Address in the QR code.
    pub url: String,
    /// Address in words.
    pub page: String,
}

/// What a letter is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct LetterParts<'a> {
    /// The letter's id.
    pub id: LetterId,
    /// The inquiry it answers.
    pub inquiry: &'a Inquiry,
    /// The decision it tells.
    pub decision: &'a Decision,
    /// Day of the inquiry, in the time of the département.
    pub asked_on: NaiveDate,
    /// Day of the letter, in the time of the département.
    pub dated_on: NaiveDate,
    /// Day the register was imported, in the time of the département; `None` without a register.
    pub register_date: Option<NaiveDate>,
    /// Verification code.
    pub code: &'a VerificationCode,
    /// Public address of the platform, `https://…` without a path.
    pub public_url: &'a str,
    /// Years the letter is kept.
    pub retention_years: u32,
}

/// A letter cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterDataError {
    /// The outcome has no letter (a source is unavailable).
    #[error("no letter goes out with this outcome")]
    NoLetter,
    /// The decision says known but holds no finding.
    #[error("a decision on a known person has no finding")]
    NoFinding,
    /// A definite answer without a register to rest on: « inconnu » would then mean nothing.
    #[error("a definite answer rests on no register")]
    NoRegister,
}
