//! What of two lists of given names is yet to be compared.

use std::sync::Arc;

use super::GivenName;
use crate::similarity::Word;

/// The words of a list that are yet to be compared; twelve at most, which spares most comparisons an allocation.
#[derive(Default)]
pub(super) struct Rest<'a> {
    words: [Option<&'a Word>; 12],
    count: usize,
}

impl<'a> Rest<'a> {
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn push(&mut self, word: &'a Word) {
        if let Some(place) = self.words.get_mut(self.count) {
            *place = Some(word);
            self.count += 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Word> {
        self.words.iter().flatten().copied()
    }

    /// Takes out the first that fits.
    pub(super) fn take(&mut self, fits: impl Fn(&Word) -> bool) -> Option<&'a Word> {
        let place = self.words.iter_mut().find(|place| place.is_some_and(&fits))?;
        self.count -= 1;
        place.take()
    }
}

impl<'a> Extend<&'a Word> for Rest<'a> {
    fn extend<I: IntoIterator<Item = &'a Word>>(&mut self, words: I) {
        words.into_iter().for_each(|word| self.push(word));
    }
}

impl<'a> FromIterator<&'a Word> for Rest<'a> {
    fn from_iter<I: IntoIterator<Item = &'a Word>>(words: I) -> Self {
        let mut rest = Self::default();
        rest.extend(words);
        rest
    }
}

pub(super) fn words_after(names: &[Arc<GivenName>], count: usize) -> Rest<'_> {
    names.iter().skip(count).flat_map(|name| name.words()).collect()
}

pub(super) fn words_but(names: &[Arc<GivenName>], left_out: Option<usize>) -> Rest<'_> {
    let kept = names.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
    kept.flat_map(|(_, name)| name.words()).collect()
}

pub(super) fn words_without(names: &[Arc<GivenName>], first: usize, second: Option<usize>) -> Rest<'_> {
    let kept = names
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != first && Some(*at) != second);
    kept.flat_map(|(_, name)| name.words()).collect()
}
