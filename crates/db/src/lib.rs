//! The only door to our database.
//!
//! [`Db`] holds the pool, which is private. Work happens in a transaction: a [`PlatformTx`] for what all
//! départements share, a [`TenantTx`] for the data of one. Neither keeps anything without `save()`.

mod changes;
mod commit;
pub mod jobs;
mod platform;
mod platform_tx;
mod pool;
mod read;
mod standing;

mod tenant;
mod tenant_tx;
mod trail;

pub use changes::{Change, Changes};
pub use platform::claims::{ClaimInPlace, Claims};
pub use platform::departments::{DepartmentRow, Departments};
pub use platform::index::{Index, IndexFilter, IndexRow, Page};
pub use platform::notaries::{Notaries, NotaryLogin, NotaryRow};
pub use platform::offices::{NewOffice, OfficeRow, Offices};
pub use platform::reads::PlatformReads;
pub use platform::sessions::DbSessionStore;
pub use platform::staff::{Dismissed, NewStaff, Staff, StaffRow};
pub use platform::terms::Terms;
pub use platform_tx::PlatformTx;
pub use pool::Db;
pub use schema::provision::DepartmentIdentity;
pub use schema::{
    DatabaseSettings, DbError, MigrateSettings, Operator, QueryError, Result, migrate, provision,
};
pub use standing::Standing;
pub use tenant::alerts::{AlertRow, Alerts};
pub use tenant::decisions::Decisions;
pub use tenant::index::{IndexEntry, TenantIndex};
pub use tenant::indexing::Indexing;
pub use tenant::inquiries::{Inquiries, InquiryRow, NewInquiry, Opened};
pub use tenant::keys::{KeyRow, Keys, NewKey};
pub use tenant::letters::{IssuedLetter, LetterRow, Letters, NewLetter};
pub use tenant::lookups::Lookups;
pub use tenant::mails::{MailKind, MailRow, Mails, NewMail};
pub use tenant::register::{Contents, NewRegister, NumberedIndividual, Register, RegisterVersion};
pub use tenant::settings::{Applied, KitFile, Settings, StoredSettings};
pub use tenant_tx::TenantTx;
pub use trail::{
    Actor, Audit, AuditEntry, Between, Finding, Fingerprint, PlatformAudit, TrailFilter, TrailHead, TrailRow,
    Verification, Verifier,
};
