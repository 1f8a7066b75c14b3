//! `GET /demandes/{submission_id}`.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Amount, Decedent, DepartmentSlug, InquiryId, Outcome, SubmissionId};
use serde::Serialize;

use crate::forms::InquiryForm;
use crate::{Brand, Page, Sample, samples};

/// What was asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<String>,
    /// Name of the person who asked.
    pub asker: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// Where the letter is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LetterState {
    /// None goes out with this outcome ([`Outcome::Pending`]).
    None,
    /// Being made: the page asks again by itself.
    Preparing,
    /// To be downloaded.
    Ready {
        /// Date it bears.
        dated_on: NaiveDate,
        /// Size of the PDF in bytes.
        size: u64,
        /// Code by which anybody may check it.
        code: String,
    },
    /// Making it failed for good; somebody looks after it.
    Failed,
}

/// Whom to call about an answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServiceContact {
    /// « Affaire suivie par ».
    pub officer: String,
    /// Telephone.
    pub telephone: String,
    /// E-mail.
    pub email: String,
}

/// An inquiry that was decided.
#[derive(Debug, Clone, Serialize)]
pub struct Decided {
    /// Which: the letter is at `/demandes/{submission}/{inquiry}/courrier`.
    pub inquiry: InquiryId,
    /// « Nos références ».
    pub reference: String,
    /// The answer.
    pub outcome: Outcome,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// When the register it rests on was imported; none when the département has none yet.
    pub register_date: Option<DateTime<Utc>>,
    /// Amount to come back, when the register has all of it.
    pub claim: Option<Amount>,
    /// Amount paid after the death, when the register has all of it.
    pub overpaid: Option<Amount>,
    /// Whom to call.
    pub contact: ServiceContact,
    /// Where the letter is.
    pub letter: LetterState,
}

/// How far the answer is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum AnswerState {
    /// Asked and decided.
    Decided(Box<Decided>),
    /// Not asked: the département takes no inquiry for the time being.
    Suspended,
    /// Not asked: the office tried too many civil statuses close to this one. The département is to be written to.
    Refused(ServiceContact),
    /// Not asked because of a failure: sending the form again asks this one and leaves the others alone.
    Failed,
}

/// What one département answers.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Which département, in its colours.
    pub department: Brand,
    /// How far the answer is.
    pub state: AnswerState,
}

/// The answers to one form, département by département.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerPage {
    /// The form.
    submission: SubmissionId,
    /// [`Decedent::full_name`].
    name: String,
    /// What was asked.
    asked: Asked,
    /// Answers, as listed.
    answers: Vec<Answer>,
    /// Whether a letter is being made, so that the page has to ask again.
    waiting: bool,
    /// The form again, for the départements that could not be asked.
    retry: Option<InquiryForm>,
}

impl AnswerPage {
    /// The page of a form: what was asked and what is answered, in the order given.
    pub fn new(submission: SubmissionId, asked: Asked, answers: Vec<Answer>) -> Self {
        let failed: Vec<&DepartmentSlug> = answers
            .iter()
            .filter(|answer| matches!(answer.state, AnswerState::Failed))
            .map(|answer| &answer.department.slug)
            .collect();
        let retry = (!failed.is_empty()).then(|| {
            InquiryForm::again(
                submission,
                &failed,
                &asked.decedent,
                asked.file_reference.as_deref(),
            )
        });
        Self {
            submission,
            name: asked.decedent.full_name(),
            waiting: answers.iter().any(Answer::is_waiting),
            asked,
            answers,
            retry,
        }
    }
}

impl Answer {
    fn is_waiting(&self) -> bool {
        matches!(&self.state, AnswerState::Decided(decided) if matches!(decided.letter, LetterState::Preparing))
    }
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "pages/answer.html";

    fn title(&self) -> String {
        "Réponse à votre demande".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        samples::answers::pages()
            .into_iter()
            .map(|(name, page)| Sample::new(name, samples::notary("/demandes/…"), page))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> AnswerPage {
        let (_, page) = samples::answers::pages()
            .into_iter()
            .find(|(sample, _)| *sample == name)
            .unwrap();
        page
    }

    #[test]
    fn a_page_asks_again_only_while_a_letter_is_being_made() {
        assert!(page("reponse-en-preparation").waiting);
        for settled in [
            "reponse-inconnu",
            "reponse-indisponible",
            "reponse-courrier-en-panne",
        ] {
            assert!(!page(settled).waiting, "{settled}");
        }
    }

    #[test]
    fn only_those_who_could_not_be_asked_are_asked_again() {
        assert!(page("reponse-plusieurs").retry.is_none());
        let retry = page("reponse-incidents").retry.unwrap();
        assert_eq!(retry.departements, ["nord"]);
        assert!(retry.parse(samples::now().date_naive()).is_ok());
    }
}
