//! What a letter may hold at most. [`crate::LetterData::new`] keeps to it; frozen data are checked again.

use crate::data::LetterData;
use crate::draw::{MAX_ADDRESS, MAX_AIDS, MAX_LINE};
use crate::render::RenderError;

/// Longest name of a person: twelve given names and two family names of a hundred characters.
const MAX_NAME: usize = 400;

/// Refuses data that did not come out of [`LetterData::new`], or of another version of it.
pub(crate) fn check(data: &LetterData) -> Result<(), RenderError> {
    if data.version != LetterData::VERSION {
        return Err(RenderError::Data("unknown version"));
    }
    if data.aids.len() > MAX_AIDS {
        return Err(RenderError::Data("too many aids"));
    }
    if data.addressee.address.len() > MAX_ADDRESS {
        return Err(RenderError::Data("too many address lines"));
    }
    let short = [
        Some(&data.reference),
        data.file_reference.as_ref(),
        Some(&data.addressee.name),
        Some(&data.addressee.office),
        Some(&data.addressee.crpcen),
        data.decedent.birth_place.as_ref(),
        data.decedent.death_place.as_ref(),
        Some(&data.verification.code),
    ];
    let labels = data.aids.iter().map(|aid| &aid.label);
    for text in short
        .into_iter()
        .flatten()
        .chain(&data.addressee.address)
        .chain(labels)
    {
        line(text, MAX_LINE)?;
    }
    for text in data
        .aids
        .iter()
        .map(|aid| &aid.reason)
        .chain([&data.verification.url, &data.verification.page])
    {
        line(text, 2 * MAX_LINE)?;
    }
    line(&data.decedent.name, MAX_NAME)
}

fn line(text: &str, max: usize) -> Result<(), RenderError> {
    if text.chars().count() > max {
        return Err(RenderError::Data("a text is too long"));
    }
    if text.chars().any(char::is_control) {
        return Err(RenderError::Data("a text holds a control character"));
    }
    Ok(())
}
