//! The main job: a notary asks, each département answers at once.

mod decide;
mod draw;
mod lookups;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use db::{Actor, IndexEntry, InquiryRow, MailKind, NewInquiry, NewMail, Opened, TenantTx};
use domain::{
    Action, Decision, DecisionId, DepartmentSlug, Inquiry, InquiryId, Limits, MailId, OfficeId, SubmissionId,
};
use serde_json::json;
use uuid::Uuid;
use views::forms::ParsedInquiry;

use crate::answers::viewed;
use crate::audit::{detailed, entry};
use crate::departments::{Department, Kit};
use crate::quota::{Claimed, LimitReached, Wanted};
use crate::timing::{Laps, timed};
use crate::{Answer, AnswerState, App, AppError, NotaryIdentity, ServiceContact};
use lookups::Watch;

/// A form cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum InquireError {
    /// The form was sent before with other contents: a corrected form needs a new submission id.
    #[error("this form was sent before with other contents")]
    Changed,
    /// A département that is not in the list.
    #[error("no such département")]
    UnknownDepartment,
    /// The form asks more départements than one may ever ask at once: how many one may.
    #[error("at most {0} départements may be asked at once")]
    TooMany(u32),
    /// The notary made as many inquiries as the limits take. Nothing was asked. Never empty.
    #[error("a limit is reached")]
    LimitReached(Vec<LimitReached>),
    /// A part of the house failed before anything was asked.
    #[error("the inquiry could not be taken")]
    Other(#[from] AppError),
}

impl App {
    /// Asks each département. Idempotent by `submission`: sending the same form again completes what failed and
    /// repeats nothing. One département's failure or suspension leaves the others as they are: see [`AnswerState`].
    ///
    /// # Errors
    /// An [`InquireError`]; départements before the one at fault may have been asked.
    pub async fn inquire(
        &self,
        asker: &NotaryIdentity,
        question: &ParsedInquiry,
        submission: SubmissionId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Answer>, InquireError> {
        let mut departments = Vec::new();
        for slug in question.departments.iter().collect::<BTreeSet<_>>() {
            let found = self.department(slug).await?;
            departments.push(found.ok_or(InquireError::UnknownDepartment)?);
        }
        departments.sort_by(|a, b| a.name.cmp(&b.name));
        let form = Form {
            app: self,
            asker,
            question,
            submission,
            now,
        };
        let asked = form.refuse_changes().await?;
        form.claim(&departments, &asked).await?;
        let mut answers = Vec::new();
        for department in departments {
            let state = form.state(&department).await?;
            answers.push(Answer { department, state });
        }
        Ok(answers)
    }
}

/// What became of a form in one département.
enum Asked {
    /// It was asked.
    Now(Box<InquiryRow>),
    /// It had been asked before.
    Before(Box<InquiryRow>),
    /// It was not taken.
    Refused,
}

/// One form on its way.
struct Form<'a> {
    app: &'a App,
    asker: &'a NotaryIdentity,
    question: &'a ParsedInquiry,
    submission: SubmissionId,
    now: DateTime<Utc>,
}

impl Form<'_> {
    /// A form sent before must say the same: else somebody would read the answer to another question. Tells which
    /// départements it asked.
    async fn refuse_changes(&self) -> Result<Vec<DepartmentSlug>, InquireError> {
        let before = self
            .app
            .asked(self.asker.office, self.submission, |_| None)
            .await?;
        for row in before.iter().filter_map(|(_, row)| row.as_ref()) {
            self.check_same(&row.inquiry)?;
        }
        // What a suspended département was asked cannot be read, so nobody knows whether this is still the same.
        let unread = before.iter().any(|(_, row)| row.is_none());
        let asked: Vec<DepartmentSlug> = before
            .into_iter()
            .map(|(department, _)| department.slug)
            .collect();
        if unread && !self.question.departments.iter().all(|slug| asked.contains(slug)) {
            return Err(InquireError::Changed);
        }
        Ok(asked)
    }

    /// Claims an inquiry for each département that is still to be asked.
    async fn claim(&self, departments: &[Department], asked: &[DepartmentSlug]) -> Result<(), InquireError> {
        let mut wanted = Vec::new();
        for department in departments {
            if department.suspended || asked.contains(&department.slug) {
                continue;
            }
            // Settings that cannot be had keep the inquiry from being made as well: it is counted as any other.
            let limits = match self.app.kit_of(&department.slug).await {
                Ok(kit) => kit.settings.limits,
                Err(_) => Limits::default(),
            };
            wanted.push((department, limits.quota()));
        }
        let wanted = Wanted {
            asker: self.asker,
            submission: self.submission,
            departments: wanted,
            now: self.now,
        };
        match self.app.claim(&wanted).await? {
            Claimed::Yes => Ok(()),
            Claimed::Reached(limits) => Err(InquireError::LimitReached(limits)),
            Claimed::TooMany(at_once) => Err(InquireError::TooMany(at_once)),
        }
    }

    fn check_same(&self, before: &Inquiry) -> Result<(), InquireError> {
        let same = before.decedent == self.question.decedent
            && before.file_reference == self.question.file_reference;
        if same { Ok(()) } else { Err(InquireError::Changed) }
    }

    /// Asks one département. What goes wrong there concerns it alone.
    async fn state(&self, department: &Department) -> Result<AnswerState, InquireError> {
        if department.suspended {
            return Ok(AnswerState::Suspended);
        }
        let asked = async {
            let kit = self.app.kit_of(&department.slug).await?;
            let asked = self.ask(department, &kit).await?;
            Ok::<_, AppError>((kit, asked))
        };
        match asked.await {
            Ok((kit, Asked::Now(row))) => Ok(AnswerState::of(&row, &kit, department)),
            Ok((kit, Asked::Before(row))) => {
                self.check_same(&row.inquiry)?;
                let viewed = viewed(self.asker, &row, self.now);
                self.app.note(&department.slug, viewed).await?;
                Ok(AnswerState::of(&row, &kit, department))
            }
            Ok((kit, Asked::Refused)) => Ok(AnswerState::Refused(ServiceContact::of(&kit.settings))),
            Err(AppError::Suspended(_)) => Ok(AnswerState::Suspended),
            Err(error) => {
                tracing::error!(department = %department.slug, error = %crate::error::chain(&error), "an inquiry could not be taken");
                Ok(AnswerState::Failed)
            }
        }
    }

    /// Opens, decides, draws and enqueues in one transaction; finds what is there when the form came before.
    async fn ask(&self, department: &Department, kit: &Kit) -> Result<Asked, AppError> {
        let (mut laps, bounds) = (Laps::start(), &kit.settings.lookups);
        let mut tx = self
            .app
            .db()
            .tenant_holding(&department.slug, self.asker.office)
            .await?;
        let open = laps.lap();
        let watch = lookups::watch(&mut tx, self.asker, &self.question.decedent, bounds, self.now).await?;
        if watch == Watch::Refuse {
            return self.refuse(tx, watch, kit).await;
        }
        let look_back = laps.lap();
        let inquiry = match tx.inquiries().open(&self.new_inquiry(department, kit)).await? {
            Opened::Existing(row) => return Ok(Asked::Before(row)),
            Opened::New(inquiry) => *inquiry,
        };
        let insert = laps.lap();
        let register = decide::consult(self.app, &mut tx, &inquiry.decedent).await?;
        let candidates = laps.lap();
        let id = DecisionId(Uuid::now_v7());
        let decision = decide::decide(id, &inquiry.decedent, register.as_ref(), kit, watch, self.now);
        let decide = laps.lap();
        let register_date = register.map(|register| register.version.imported_at);
        let letter = draw::draw(self.app, department, kit, &inquiry, &decision, register_date)?;
        let entry = self.index_entry(&inquiry, &decision);
        match &letter {
            Some(letter) => tx.decisions().answer(&decision, letter, &entry).await?,
            None => {
                tx.decisions().add(inquiry.id, &decision).await?;
                tx.index().add(&entry).await?;
            }
        }
        self.record(&mut tx, &inquiry, &decision);
        watch
            .tell(&mut tx, self.asker, Some(inquiry.id), bounds, self.now)
            .await?;
        if decision.outcome.notifies_service() {
            self.notify_service(&mut tx, &inquiry, kit).await?;
        }
        let write = laps.lap();
        tx.save().await?;
        let commit = laps.lap();
        timed!(
            open, look_back, insert, candidates, decide, write, commit, "inquiry"
        );
        let row = InquiryRow {
            inquiry,
            decision: Some(decision),
            letter: letter.map(draw::drawn),
        };
        Ok(Asked::Now(Box::new(row)))
    }

    /// Takes nothing, unless the form came before: then its answer stands.
    async fn refuse(&self, mut tx: TenantTx, watch: Watch, kit: &Kit) -> Result<Asked, AppError> {
        if let Some(row) = tx
            .inquiries()
            .by_submission(self.asker.office, self.submission)
            .await?
        {
            return Ok(Asked::Before(Box::new(row)));
        }
        watch
            .tell(&mut tx, self.asker, None, &kit.settings.lookups, self.now)
            .await?;
        tx.save().await?;
        Ok(Asked::Refused)
    }

    fn new_inquiry(&self, department: &Department, kit: &Kit) -> NewInquiry {
        use chrono::Datelike as _;
        let year = kit.settings.identity.time_zone.day(self.now).year();
        NewInquiry {
            id: InquiryId(Uuid::now_v7()),
            submission: self.submission,
            series: format!("{}-{year}", department.insee_code),
            asker: self.asker.asker(),
            decedent: self.question.decedent.clone(),
            file_reference: self.question.file_reference.clone(),
            asked_at: self.now,
        }
    }

    /// In the département's audit trail.
    fn record(&self, tx: &mut TenantTx, inquiry: &Inquiry, decision: &Decision) {
        let actor = Actor::Notary(self.asker.notary);
        let asked = json!({ "reference": inquiry.reference, "office": self.asker.office });
        let decided = json!({
            "outcome": decision.outcome.code(),
            "engine": decision.engine_version,
            "register": decision.register,
        });
        let asked = detailed(entry(actor, Action::InquiryAsked, inquiry.id, self.now), asked);
        let decided = detailed(
            entry(Actor::System, Action::InquiryDecided, inquiry.id, self.now),
            decided,
        );
        tx.audit().record(asked);
        tx.audit().record(decided);
    }

    /// For the office's list across départements.
    fn index_entry(&self, inquiry: &Inquiry, decision: &Decision) -> IndexEntry {
        let references = [
            Some(inquiry.reference.as_str()),
            inquiry
                .file_reference
                .as_ref()
                .map(|reference| reference.as_str()),
        ];
        let references: Vec<&str> = references.into_iter().flatten().collect();
        let office: OfficeId = self.asker.office;
        IndexEntry {
            inquiry: inquiry.id,
            submission: self.submission,
            office,
            notary: self.asker.notary,
            asked_at: self.now,
            outcome: decision.outcome,
            tokens: self
                .app
                .inner
                .index
                .tokens(office, &inquiry.decedent, &references),
        }
    }

    async fn notify_service(&self, tx: &mut TenantTx, inquiry: &Inquiry, kit: &Kit) -> Result<(), AppError> {
        let mail = NewMail {
            id: MailId(Uuid::now_v7()),
            kind: MailKind::ServiceNotice,
            inquiry: inquiry.id,
            letter: None,
            recipient: kit.settings.recovery.mailbox.clone(),
            created_at: self.now,
        };
        crate::jobs::post(tx, &mail).await
    }
}
