//! Use cases and jobs: what web, worker and command line have in common.
//!
//! [`App`] is built once by the program and cloned into every handler. Its methods are the use cases; each
//! opens the transactions it needs, and none speaks SMTP, S3 or HTTP inside one.

mod alerts;
mod answers;
mod app;
mod audit;
mod blind_index;
mod departments;
pub mod doctor;
mod download;
mod error;
mod history;
mod identity;
mod import;
mod index;
mod inquire;
mod jobs;
mod keys;
mod login;
mod mailer;
mod quota;
mod simulate;
mod staff_home;
pub mod tenants;
mod terms;
mod timing;
mod trail;
mod verification;

pub use answers::{Answer, AnswerState, Decided, LetterState, ServiceContact, Submission};
pub use app::{App, AppSettings, Edges};
pub use blind_index::IndexKeyError;
pub use departments::{Department, Kit};
pub use download::{LetterFile, LetterFileError};
pub use error::AppError;
pub use history::{HISTORY_PAGE, HistoryPage, HistoryQuestion, HistoryRow};
pub use identity::{LoginClaims, NotaryIdentity, OfficeClaims, StaffIdentity, StaffLinking, StaffTrust};
pub use import::{ImportError, ImportProgress, ImportReport};
pub use index::IndexedAnew;
pub use inquire::InquireError;
pub use jobs::Worker;
pub use keys::KeysReport;
pub use login::{NotaryLoginError, StaffLoginError};
pub use mailer::{MailSettings, MailSettingsError, Mailer, SendError, TlsMode};
pub use quota::{LimitReached, LimitScope};
pub use simulate::{Change, Simulated, Simulation};
pub use staff_home::{RecentInquiry, StaffHome};
pub use trail::{TRAIL_PAGE, TrailCheck, TrailEntry, TrailExport, TrailName, TrailPage, TrailPlace};
pub use verification::{CopyCheck, Verification};
pub use views::pages::TERMS_VERSION;
