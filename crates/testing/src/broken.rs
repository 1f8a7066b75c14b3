//! Good input, broken at random.

use proptest::prelude::*;
use proptest::sample::Index;

/// One way of breaking bytes at a place.
#[derive(Debug, Clone)]
enum Break {
    Replace(u8),
    Insert(Vec<u8>),
    Remove(usize),
    Repeat(usize, usize),
    End,
}

/// This input with up to eight breaks; `words` are pieces that the reader knows and would rather see elsewhere.
pub fn broken(good: &[u8], words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let good = good.to_vec();
    let one = (any::<Index>(), one_break(words));
    prop::collection::vec(one, 0..8).prop_map(move |breaks| {
        breaks
            .into_iter()
            .fold(good.clone(), |bytes, (place, how)| apply(bytes, place, how))
    })
}

/// The same for what can only be text.
pub fn broken_text(good: &str, words: &'static [&'static str]) -> impl Strategy<Value = String> + use<> {
    broken(good.as_bytes(), words).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// How often to try what takes a while, unless `PROPTEST_CASES` says otherwise.
pub fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..ProptestConfig::with_cases(asked.unwrap_or(usual))
    }
}

fn one_break(words: &'static [&'static str]) -> impl Strategy<Value = Break> {
    prop_oneof![
        4 => any::<u8>().prop_map(Break::Replace),
        4 => prop::sample::select(words).prop_map(|word| Break::Insert(word.into())),
        2 => "\\PC{1,6}".prop_map(|text| Break::Insert(text.into())),
        1 => prop::collection::vec(any::<u8>(), 1..5).prop_map(Break::Insert),
        3 => (1..40usize).prop_map(Break::Remove),
        2 => (1..60usize, 1..50usize).prop_map(|(length, times)| Break::Repeat(length, times)),
        1 => Just(Break::End),
    ]
}

fn apply(mut bytes: Vec<u8>, place: Index, how: Break) -> Vec<u8> {
    let at = place.index(bytes.len() + 1);
    let upto = |length: usize| (at + length).min(bytes.len());
    match how {
        Break::Replace(byte) => {
            if let Some(old) = bytes.get_mut(at) {
                *old = byte;
            }
        }
        Break::Insert(piece) => drop(bytes.splice(at..at, piece)),
        Break::Remove(length) => {
            let end = upto(length);
            bytes.drain(at..end);
        }
        Break::Repeat(length, times) => {
            let piece = bytes[at..upto(length)].repeat(times);
            bytes.splice(at..at, piece);
        }
        Break::End => bytes.truncate(at),
    }
    bytes
}
