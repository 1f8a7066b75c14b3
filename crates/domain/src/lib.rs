//! The words of the trade: identifiers, civil status, aids, outcomes, inquiries, départements, roles.
//!
//! No IO, no async, no clock, no random source: what varies is an argument. Errors meant for a person who
//! typed something are in French, because that person is; all else is in English.

mod aids;
mod alert;
mod amount;
mod civil_status;
mod decedent;
pub mod french;
mod identifiers;
mod inquiry;
mod limits;
mod outcome;
mod partial_date;
mod register;
mod roles;
mod settings;
mod text;
mod trail;
mod verification;

pub use aids::{Aid, AidKind, Catalogue, LegalBasis, OptionalAid, Overpaid, Recoverability, Validity};
pub use alert::AlertKind;
pub use amount::{Amount, AmountError};
pub use civil_status::{FamilyName, GivenNames, NameError, Place, Sex};
pub use decedent::Decedent;
pub use identifiers::{
    AlertId, Crpcen, DecisionId, DepartmentId, DepartmentSlug, IdentifierError, InquiryId, InseeCode,
    LetterId, MailId, NotaryId, OfficeId, RegisterId, Siret, StaffId, SubmissionId,
};
pub use inquiry::{Asker, Decision, FileReference, Inquiry, LetterKind};
pub use limits::{Limits, Lookups, Quota, Span};
pub use outcome::{AidFinding, Consequence, Finding, Outcome, outcome_of};
pub use partial_date::{DateError, PartialDate, parse_full_date};
pub use register::Individual;
pub use roles::{Role, RoleSet};
pub use settings::{
    Administrator, Contact, Identity, LetterheadSettings, Recovery, Retention, SettingsError, Signatory,
    TenantSettings, TimeZone,
};
pub use text::{TextError, clean_line, fold};
pub use trail::{Action, ActorKind, Purpose};
pub use verification::{VerificationCode, VerificationCodeError};
