//! What was answered to one form.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::jobs::{Job, JobFilter};
use db::{Actor, AuditEntry, InquiryRow, LetterRow};
use domain::{
    Action, Amount, Decedent, DepartmentSlug, FileReference, InquiryId, InseeCode, LetterId, OfficeId,
    Outcome, SubmissionId, TenantSettings, VerificationCode,
};
use letters::LetterData;

use crate::audit::entry;
use crate::{App, AppError, Department, Kit, NotaryIdentity};

/// A letter that takes longer than this is looked for among the jobs that failed.
const SUSPICIOUS: TimeDelta = TimeDelta::seconds(5);

/// One form that was sent, and what each département answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Id of the form.
    pub id: SubmissionId,
    /// When it was asked first.
    pub asked_at: DateTime<Utc>,
    /// Who of the office asked.
    pub asked_by: String,
    /// About whom.
    pub decedent: Decedent,
    /// The notary's reference.
    pub file_reference: Option<FileReference>,
    /// One for each département, sorted by name.
    pub answers: Vec<Answer>,
}

/// The answer of one département.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Whose.
    pub department: Department,
    /// What.
    pub state: AnswerState,
}

/// How far the answer is.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerState {
    /// Asked and decided.
    Decided(Box<Decided>),
    /// The département is suspended: not asked, or its answer cannot be read for the time being.
    Suspended,
    /// Not asked: the office tried too many civil statuses close to this one. The département is to be written to.
    Refused(ServiceContact),
    /// Not asked because of a failure: sending the form again asks this one and leaves the others alone.
    Failed,
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The département's reference.
    pub reference: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// The answer.
    pub outcome: Outcome,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Since when the register dates on which it was decided; `None` without a register or a letter.
    pub register_date: Option<NaiveDate>,
    /// What is claimed, when the register has every amount.
    pub claim: Option<Amount>,
    /// What was overpaid, when the register has every amount.
    pub overpaid: Option<Amount>,
    /// « Affaire suivie par », telephone and e-mail of the service.
    pub contact: ServiceContact,
    /// The letter.
    pub letter: LetterState,
}

/// Whom to call about an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceContact {
    /// « Affaire suivie par ».
    pub officer: String,
    /// Telephone.
    pub telephone: String,
    /// E-mail.
    pub email: String,
}

/// How far the letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterState {
    /// There will be none for this answer.
    None,
    /// Drawn, not yet issued: a moment later it is.
    InPreparation,
    /// Issuing it failed for good; somebody looks after it, and a mail says when it is there.
    Failed,
    /// Ready to download.
    Ready {
        /// Date it bears.
        dated_on: NaiveDate,
        /// When it was stored.
        issued_at: DateTime<Utc>,
        /// Size in bytes.
        size: u64,
        /// Code by which anybody may check it.
        code: VerificationCode,
    },
}

impl App {
    /// A form of this office with its answers; `None` when there is none, or it is another office's.
    ///
    /// # Errors
    /// When the database cannot be asked, or every département asked is suspended.
    pub async fn answers(
        &self,
        notary: &NotaryIdentity,
        submission: SubmissionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Submission>, AppError> {
        let mut first: Option<db::InquiryRow> = None;
        let mut answers = Vec::new();
        let mut suspended = None;
        for (department, row) in self
            .asked(notary.office, submission, |row| Some(viewed(notary, row, now)))
            .await?
        {
            let state = match &row {
                Some(row) => self.state(row, &department).await?,
                None => {
                    suspended = Some(department.slug.clone());
                    AnswerState::Suspended
                }
            };
            answers.push(Answer { department, state });
            first = first.or(row);
        }
        let Some(row) = first else {
            return suspended.map_or(Ok(None), |slug| Err(AppError::Suspended(slug)));
        };
        answers.sort_by(|a, b| a.department.name.cmp(&b.department.name));
        let inquiry = row.inquiry;
        Ok(Some(Submission {
            id: submission,
            asked_at: inquiry.asked_at,
            asked_by: inquiry.asker.name,
            decedent: inquiry.decedent,
            file_reference: inquiry.file_reference,
            answers,
        }))
    }

    /// How an inquiry stands, its letter included.
    async fn state(&self, row: &InquiryRow, department: &Department) -> Result<AnswerState, AppError> {
        let kit = self.kit_of(&department.slug).await?;
        let mut state = AnswerState::of(row, &kit, department);
        if let (AnswerState::Decided(decided), Some(letter)) = (&mut state, &row.letter)
            && decided.letter == LetterState::InPreparation
            && Utc::now() - letter.drawn_at > SUSPICIOUS
            && self.has_failed(&department.slug, letter.id).await?
        {
            decided.letter = LetterState::Failed;
        }
        Ok(state)
    }

    /// Whether issuing a letter failed for good.
    async fn has_failed(&self, department: &DepartmentSlug, letter: LetterId) -> Result<bool, AppError> {
        let filter = JobFilter {
            failed_only: true,
            department: Some(department.clone()),
            limit: 0,
        };
        let failed = self.db().platform().await?.jobs().list(&filter).await?;
        let is_it = |job: &Job| matches!(job, Job::IssueLetter { letter: failed, .. } if *failed == letter);
        Ok(failed.iter().any(|row| row.job.as_ref().is_some_and(is_it)))
    }

    /// The inquiries of one form of this office; without its row where the département is suspended. What `note` says
    /// of a row is in the département's trail before anything of it is told.
    pub(crate) async fn asked(
        &self,
        office: OfficeId,
        submission: SubmissionId,
        note: impl Fn(&InquiryRow) -> Option<AuditEntry>,
    ) -> Result<Vec<(Department, Option<InquiryRow>)>, AppError> {
        let index = self.db().reads().of_submission(office, submission).await?;
        let mut asked = Vec::new();
        for line in index {
            let department = self.department_of(&line.department).await?;
            let row = match self.db().tenant(&line.department).await {
                Ok(mut tx) => {
                    let row = tx.inquiries().by_id(line.inquiry).await?;
                    let row = row.filter(|row| row.inquiry.asker.office == office);
                    if let Some(entry) = row.as_ref().and_then(&note) {
                        tx.audit().record(entry);
                        tx.save().await?;
                    }
                    row
                }
                Err(db::DbError::TenantUnavailable(_)) => None,
                Err(error) => return Err(error.into()),
            };
            asked.push((department, row));
        }
        Ok(asked)
    }
}

impl ServiceContact {
    /// As a département's settings have it.
    pub(crate) fn of(settings: &TenantSettings) -> Self {
        Self {
            officer: settings.recovery.officer.clone(),
            telephone: settings.contact.telephone.clone(),
            email: settings.contact.email.clone(),
        }
    }
}

/// That this notary looks at an answer.
pub(crate) fn viewed(notary: &NotaryIdentity, row: &InquiryRow, now: DateTime<Utc>) -> AuditEntry {
    entry(
        Actor::Notary(notary.notary),
        Action::AnswerViewed,
        row.inquiry.id,
        now,
    )
}

impl AnswerState {
    /// How an inquiry stands.
    pub(crate) fn of(row: &InquiryRow, kit: &Kit, department: &Department) -> Self {
        let Some(decision) = &row.decision else {
            return Self::Failed;
        };
        let settings = &kit.settings;
        let finding = decision.finding.as_ref();
        Self::Decided(Box::new(Decided {
            inquiry: row.inquiry.id,
            reference: row.inquiry.reference.clone(),
            asked_at: row.inquiry.asked_at,
            outcome: decision.outcome,
            decided_at: decision.decided_at,
            register_date: row.letter.as_ref().and_then(register_date),
            claim: finding.and_then(|finding| finding.claim),
            overpaid: finding.and_then(|finding| finding.overpaid),
            contact: ServiceContact::of(settings),
            letter: letter_state(row.letter.as_ref(), &department.insee_code),
        }))
    }
}

/// The date the letter bears of the register: versions of the register go, letters stay.
fn register_date(letter: &LetterRow) -> Option<NaiveDate> {
    let data: LetterData = serde_json::from_value(letter.data.clone()).ok()?;
    data.register_date
}

fn letter_state(letter: Option<&LetterRow>, department: &InseeCode) -> LetterState {
    let Some(letter) = letter else {
        return LetterState::None;
    };
    let code = format!("{department}-{}", letter.verification_secret).parse();
    match (&letter.issued, code) {
        (Some(issued), Ok(code)) => LetterState::Ready {
            dated_on: letter.dated_on,
            issued_at: issued.issued_at,
            size: issued.size,
            code,
        },
        _ => LetterState::InPreparation,
    }
}
