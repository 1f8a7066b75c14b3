//! Use cases and jobs: what web, worker and command line have in common.
//!
//! [`App`] is built once by the program and cloned into every handler. Its methods are the use cases; each
//! opens the transactions it needs, and none speaks SMTP, S3 or HTTP inside one.

mod answers;
mod app;
mod departments;
mod download;
mod error;
mod history;
mod identity;
mod inquire;
mod login;
mod mailer;
mod terms;
mod verification;

pub use answers::{Answer, AnswerState, LetterState, ServiceContact, Submission};
pub use app::{App, AppSettings};
pub use departments::{Department, Kit};
pub use download::{LetterFile, LetterFileError};
pub use error::AppError;
pub use history::{HistoryFilter, HistoryPage, HistoryRow};
pub use identity::{LoginClaims, NotaryIdentity, OfficeClaims, StaffIdentity, StaffLinking};
pub use inquire::{InquireError, Question};
pub use login::{NotaryLoginError, StaffLoginError};
pub use mailer::{MailSettings, TlsMode};
pub use verification::{CopyCheck, Verification};
