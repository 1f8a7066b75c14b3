//! The data of every page. Each says at which address it stands.

mod answer;
mod error;
mod history;
mod home;
mod inquiry;
mod journal;
mod legal;
mod limit;
mod sign_in;
mod staff;
mod terms;
mod verification;

pub use answer::{Answer, AnswerPage, AnswerState, Asked, Decided, LetterState, ServiceContact};
pub use error::{ErrorKind, ErrorPage};
pub use history::{HistoryPage, HistoryRow, Paging};
pub use home::{DepartmentChoice, HomePage};
pub use inquiry::InquiryFormPage;
pub use journal::{Choice, JournalLinks, JournalPage, JournalRow, StoredEntry};
pub use legal::{AccessibilityContact, AccessibilityPage, LegalNoticePage, PrivacyPage};
pub use limit::{LimitLine, LimitPage};
pub use sign_in::{LoginErrorKind, LoginErrorPage, ProviderChoice, ProvidersPage, SignInNotice};
pub use staff::{OutcomeCount, RecentInquiry, RegisterSummary, StaffDepartmentsPage, StaffHomePage};
pub use terms::{TERMS_VERSION, TermsPage};
pub use verification::{CopyCheck, VerificationPage, VerificationResult, VerificationResultPage};
