//! The one table of every page and mail: what is in it is rendered by the test of all templates and by the gallery.

use crate::pages::{
    AccessibilityPage, AnswerPage, ErrorPage, HistoryPage, HomePage, InquiryFormPage, JournalPage,
    LegalNoticePage, LimitPage, LoginErrorPage, PrivacyPage, ProvidersPage, StaffDepartmentsPage,
    StaffHomePage, TermsPage, VerificationPage, VerificationResultPage,
};
use crate::{Mail, Page, RenderedMail, ViewError, Views, mails};

/// Samples, each with its name.
pub type Samples<T> = Result<Vec<(&'static str, T)>, ViewError>;

/// One kind of page.
#[derive(Debug, Clone, Copy)]
pub struct PageEntry {
    /// File under `templates/`.
    pub template: &'static str,
    /// Renders its samples.
    pub samples: fn(&Views) -> Samples<String>,
}

/// One kind of mail.
#[derive(Debug, Clone, Copy)]
pub struct MailEntry {
    /// Folder under `templates/mails/`.
    pub folder: &'static str,
    /// Renders its samples.
    pub samples: fn(&Views) -> Samples<RenderedMail>,
}

/// Every page.
pub const PAGES: &[PageEntry] = &[
    page::<HomePage>(),
    page::<ProvidersPage>(),
    page::<LoginErrorPage>(),
    page::<TermsPage>(),
    page::<InquiryFormPage>(),
    page::<LimitPage>(),
    page::<AnswerPage>(),
    page::<HistoryPage>(),
    page::<StaffDepartmentsPage>(),
    page::<StaffHomePage>(),
    page::<JournalPage>(),
    page::<VerificationPage>(),
    page::<VerificationResultPage>(),
    page::<ErrorPage>(),
    page::<AccessibilityPage>(),
    page::<LegalNoticePage>(),
    page::<PrivacyPage>(),
];

/// Every mail.
pub const MAILS: &[MailEntry] = &[
    mail::<mails::AnswerReady>(),
    mail::<mails::ServiceNotice>(),
    mail::<mails::Alert>(),
];

const fn page<P: Page>() -> PageEntry {
    PageEntry {
        template: P::TEMPLATE,
        samples: |views| {
            P::samples()
                .iter()
                .map(|sample| Ok((sample.name, views.render(&sample.layout, &sample.page)?)))
                .collect()
        },
    }
}

const fn mail<M: Mail>() -> MailEntry {
    MailEntry {
        folder: M::FOLDER,
        samples: |views| {
            M::samples()
                .iter()
                .map(|(name, mail)| Ok((*name, views.mail(mail)?)))
                .collect()
        },
    }
}
