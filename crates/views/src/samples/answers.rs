//! Answers as they may be.

use domain::{Amount, Decedent, InquiryId, Outcome, SubmissionId};

use super::{CODE, REFERENCE, contact, decedent, id, isere, nord, now, of, rhone, unclear_decedent};
use crate::Brand;
use crate::pages::{Answer, AnswerPage, AnswerState, Asked, Decided, LetterState, ServiceContact};

/// Pages of answers, each with a name.
pub(crate) fn pages() -> Vec<(&'static str, AnswerPage)> {
    use Outcome as O;
    let known = Some(Amount::from_cents(4_213_056));
    let small = Some(Amount::from_cents(61_240));
    vec![
        one(
            "reponse-creance",
            answer(rhone(), O::Recoverable, ready(), known, None),
        ),
        one(
            "reponse-creance-sans-montant",
            answer(rhone(), O::Recoverable, ready(), None, None),
        ),
        one(
            "reponse-indu",
            answer(isere(), O::Overpayment, ready(), None, small),
        ),
        one(
            "reponse-sans-recuperation",
            answer(nord(), O::NotRecoverable, ready(), None, None),
        ),
        one(
            "reponse-inconnu",
            answer(rhone(), O::Unknown, ready(), None, None),
        ),
        one(
            "reponse-examen",
            answer(rhone(), O::Ambiguous, ready(), None, None),
        ),
        one(
            "reponse-indisponible",
            answer(rhone(), O::Pending, LetterState::None, None, None),
        ),
        one(
            "reponse-en-preparation",
            answer(rhone(), O::Unknown, LetterState::Preparing, None, None),
        ),
        one(
            "reponse-courrier-en-panne",
            answer(rhone(), O::Unknown, LetterState::Failed, None, None),
        ),
        page(
            "reponse-plusieurs",
            unclear_decedent(),
            vec![
                answer(rhone(), O::Unknown, ready(), None, None),
                answer(isere(), O::Ambiguous, LetterState::Preparing, None, None),
                answer(nord(), O::Recoverable, ready(), known, None),
            ],
        ),
        page(
            "reponse-incidents",
            decedent(),
            vec![
                answer(rhone(), O::NotRecoverable, ready(), None, None),
                Answer {
                    department: isere(),
                    state: AnswerState::Suspended,
                },
                Answer {
                    department: nord(),
                    state: AnswerState::Failed,
                },
            ],
        ),
        one(
            "reponse-serie-refusee",
            Answer {
                department: rhone(),
                state: AnswerState::Refused(service()),
            },
        ),
    ]
}

fn service() -> ServiceContact {
    ServiceContact {
        officer: "Mme Nadia Exemple".to_owned(),
        telephone: contact().telephone,
        email: contact().email,
    }
}

fn one(name: &'static str, answer: Answer) -> (&'static str, AnswerPage) {
    page(name, decedent(), vec![answer])
}

fn page(name: &'static str, decedent: Decedent, answers: Vec<Answer>) -> (&'static str, AnswerPage) {
    let asked = Asked {
        decedent,
        file_reference: Some("2026-114/CF".to_owned()),
        asker: "Claire Fontaine".to_owned(),
        asked_at: now(),
    };
    (name, AnswerPage::new(SubmissionId(id(1)), asked, answers))
}

fn ready() -> LetterState {
    LetterState::Ready {
        dated_on: now().date_naive(),
        size: 83_801,
        code: CODE.to_owned(),
    }
}

fn answer(
    department: Brand,
    outcome: Outcome,
    letter: LetterState,
    claim: Option<Amount>,
    overpaid: Option<Amount>,
) -> Answer {
    // Different for each of the three départements.
    let number = department.slug.as_str().bytes().fold(0u8, u8::wrapping_add);
    Answer {
        department,
        state: AnswerState::Decided(Box::new(Decided {
            inquiry: InquiryId(id(100 + u128::from(number))),
            reference: REFERENCE.to_owned(),
            outcome,
            decided_at: now(),
            register_date: (outcome != Outcome::Pending).then(|| of("2026-11-02T05:00:00Z")),
            claim,
            overpaid,
            contact: service(),
            letter,
        })),
    }
}
