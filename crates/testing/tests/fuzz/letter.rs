//! The words a letter is made of: what providers of identity say of a person, and what a notary types.

use chrono::{DateTime, Utc};
use domain::{
    Asker, Decedent, Decision, DecisionId, FamilyName, FileReference, GivenNames, Inquiry, InquiryId,
    LetterId, NotaryId, OfficeId, Outcome, Place, SubmissionId, VerificationCode,
};
use letters::{LetterData, LetterParts};
use proptest::prelude::*;
use uuid::Uuid;

use crate::kit::{LOGO, letterhead, render};
use dn_testing::broken::{broken_text, cases};

/// Signs that mean something to a typesetter.
const SIGNS: &[&str] = &[
    "#", "$", "\\", "*", "_", "`", "@", "<", ">", "[", "]", "//", "/*", "~", "=", "- ", "+ ", "\u{202e}",
    "\u{ad}", "👵", "李", "\n", "\0",
];

/// What is typed in a form; the last that can be taken stands for one that cannot.
fn inquiry(typed: &[String], told: &[String]) -> Inquiry {
    let name = |text: &String| FamilyName::parse(text).ok();
    let at: DateTime<Utc> = "2026-04-02T08:30:00Z".parse().unwrap();
    let usual = || FamilyName::parse("LE GOFF").unwrap();
    Inquiry {
        id: InquiryId(Uuid::nil()),
        submission: SubmissionId(Uuid::nil()),
        reference: "69-2026-000042".to_owned(),
        asker: Asker {
            notary: NotaryId(Uuid::nil()),
            office: OfficeId(Uuid::nil()),
            name: told[0].clone(),
            email: told[1].clone(),
            office_name: told[2].clone(),
            crpcen: "69001".parse().unwrap(),
            office_address: told[3..].to_vec(),
        },
        decedent: Decedent {
            birth_name: name(&typed[0]).or_else(|| Some(usual())),
            usage_name: name(&typed[1]),
            given_names: GivenNames::parse(&typed[2])
                .unwrap_or_else(|_| GivenNames::parse("Hélène").unwrap()),
            sex: None,
            birth_date: "1931-00-00".parse().unwrap(),
            birth_place: Place::parse(&typed[3]).ok(),
            death_date: at.date_naive(),
            death_place: Place::parse(&typed[4]).ok(),
            death_certificate_date: None,
        },
        file_reference: FileReference::parse(&typed[5]).ok(),
        asked_at: at,
    }
}

fn letter(inquiry: &Inquiry, outcome: Outcome) -> LetterData {
    let decision = Decision {
        id: DecisionId(Uuid::nil()),
        outcome,
        reasons: Vec::new(),
        candidates: Vec::new(),
        finding: None,
        engine_version: "1".to_owned(),
        register: None,
        decided_at: inquiry.asked_at,
    };
    let day = inquiry.asked_at.date_naive();
    LetterData::new(LetterParts {
        id: LetterId(Uuid::nil()),
        inquiry,
        decision: &decision,
        asked_on: day,
        dated_on: day,
        register_date: Some(day),
        code: &VerificationCode::from_random("69".parse().unwrap(), [7; 20]),
        public_url: "https://dn.example",
        retention_years: 5,
    })
    .unwrap()
}

fn words(good: &str, count: usize) -> impl Strategy<Value = Vec<String>> + use<> {
    prop::collection::vec(
        prop_oneof![4 => broken_text(good, SIGNS), 1 => "\\PC{0,400}"],
        count,
    )
}

/// Letters with marks that no font puts on them.
#[test]
fn a_mark_without_a_place_is_left_out() {
    let usual = || vec!["Hélène".to_owned(); 6];
    for marked in ["A\u{345}", "Q\u{30a}\u{323}", "\u{301}", "ا\u{64b}", "e\u{20dd}"] {
        let mut typed = usual();
        typed[4] = marked.to_owned();
        typed[1] = format!("LE {marked}GOFF");
        let told = vec!["12 rue de l’Épée".to_owned(); 9];
        let letter = letter(&inquiry(&typed, &told), Outcome::Unknown);
        render(letter, letterhead(LOGO.to_vec()).unwrap()).unwrap();
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn no_words_keep_a_letter_from_being_rendered(
        typed in words("Hélène LE GOFF", 6),
        told in words("12 rue de l’Épée, 69001 Lyon", 9),
        unknown: bool,
    ) {
        let outcome = if unknown { Outcome::Unknown } else { Outcome::Ambiguous };
        render(letter(&inquiry(&typed, &told), outcome), letterhead(LOGO.to_vec()).unwrap())?;
    }
}
