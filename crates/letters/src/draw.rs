//! From an inquiry and its decision to the data of a letter.

use domain::{AidFinding, Asker, Consequence, Decedent, Finding, LetterKind, Overpaid};

use crate::data::{Addressee, AidLine, LetterData, LetterDataError, LetterParts, Person, Verification};

/// Most aids a letter lists; the rest is told as a number.
pub(crate) const MAX_AIDS: usize = 40;
/// Longest line of an address or a name, in characters; what a provider of identity gives has no limit of its own.
pub(crate) const MAX_LINE: usize = 120;
/// Most lines of an address, and their length: what the window of an envelope has room for.
pub(crate) const MAX_ADDRESS: usize = 5;
/// As above.
const MAX_ADDRESS_LINE: usize = 70;

impl LetterData {
    /// Version of the format this programme writes.
    pub const VERSION: u32 = 1;

    /// Draws the letter that goes out with a decision.
    ///
    /// # Errors
    /// When the outcome has no letter, or the decision lacks what the letter must say.
    pub fn new(parts: LetterParts<'_>) -> Result<Self, LetterDataError> {
        let kind = LetterKind::of(parts.decision.outcome).ok_or(LetterDataError::NoLetter)?;
        // An acknowledgement tells nothing of anybody, so it holds nothing either.
        let (finding, register_date) = match kind {
            LetterKind::Acknowledgement => (None, None),
            LetterKind::Unknown => (
                None,
                Some(parts.register_date.ok_or(LetterDataError::NoRegister)?),
            ),
            _ => (
                Some(
                    parts
                        .decision
                        .finding
                        .as_ref()
                        .ok_or(LetterDataError::NoFinding)?,
                ),
                Some(parts.register_date.ok_or(LetterDataError::NoRegister)?),
            ),
        };
        let mut aids = finding.map_or_else(Vec::new, aid_lines);
        let omitted_aids = u32::try_from(aids.len().saturating_sub(MAX_AIDS)).unwrap_or(u32::MAX);
        aids.truncate(MAX_AIDS);
        let site = parts.public_url.trim_end_matches('/');
        Ok(Self {
            version: Self::VERSION,
            id: parts.id,
            kind,
            reference: clip(&parts.inquiry.reference, MAX_LINE),
            file_reference: parts
                .inquiry
                .file_reference
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            asked_on: parts.asked_on,
            dated_on: parts.dated_on,
            decided_at: parts.decision.decided_at,
            register_date,
            addressee: addressee(&parts.inquiry.asker),
            decedent: person(&parts.inquiry.decedent),
            aids,
            omitted_aids,
            claim: finding.and_then(|finding| finding.claim),
            overpaid: finding.and_then(|finding| finding.overpaid),
            verification: Verification {
                code: parts.code.to_string(),
                url: format!("{site}/v/{}", parts.code),
                page: format!("{site}/verification"),
            },
            retention_years: parts.retention_years,
        })
    }
}

fn addressee(asker: &Asker) -> Addressee {
    Addressee {
        name: clip(&asker.name, MAX_LINE),
        office: clip(&asker.office_name, MAX_LINE),
        crpcen: asker.crpcen.as_str().to_owned(),
        address: asker
            .office_address
            .iter()
            .map(|line| clip(line, MAX_ADDRESS_LINE))
            .filter(|line| !line.is_empty())
            .take(MAX_ADDRESS)
            .collect(),
    }
}

fn person(decedent: &Decedent) -> Person {
    Person {
        name: decedent.full_name(),
        sex: decedent.sex,
        birth_date: decedent.birth_date,
        birth_place: decedent
            .birth_place
            .as_ref()
            .map(|place| place.as_str().to_owned()),
        death_date: decedent.death_date,
        death_place: decedent
            .death_place
            .as_ref()
            .map(|place| place.as_str().to_owned()),
    }
}

/// The aids, those that come back first; the order of the register within.
fn aid_lines(finding: &Finding) -> Vec<AidLine> {
    let mut aids: Vec<AidLine> = finding.aids.iter().map(aid_line).collect();
    aids.sort_by_key(|aid| match aid.consequence {
        Consequence::Recoverable => 0,
        Consequence::Overpaid => 1,
        Consequence::Nothing => 2,
    });
    aids
}

fn aid_line(finding: &AidFinding) -> AidLine {
    let aid = &finding.aid;
    let overpaid = match aid.overpayment {
        Some(Overpaid::Amount(amount)) if amount.cents() > 0 => Some(amount),
        _ => None,
    };
    AidLine {
        label: clip(&finding.label, MAX_LINE),
        starts: aid.starts,
        ends: aid.ends,
        amount: aid.amount,
        overpaid,
        consequence: finding.consequence,
        rule: aid.kind.recoverability(),
        reason: clip(&finding.reason, 2 * MAX_LINE),
    }
}

/// One line without control characters, cut with an ellipsis after `max` characters.
fn clip(text: &str, max: usize) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    line.chars().take(max - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_what_a_provider_may_send() {
        assert_eq!(clip(" a\n\tb\u{7}c ", 9), "a b c");
        assert_eq!(clip("abcdef", 4), "abc…");
        assert_eq!(clip("\u{0}", 4), "");
    }
}
