//! How many slips of the pen lie between two words.

/// A word with what rules out most comparisons before any letter is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Plain capitals.
    pub(crate) text: String,
    /// FONEM code.
    pub(crate) sound: String,
    /// Of the form that all spellings of a given name share.
    spelling: u32,
    /// Of what is heard of the word whatever its ending is written like.
    heard: u32,
    letters: u32,
}

/// A number that stands for a text in quick comparisons (FNV-1a, folded).
pub(crate) fn mark(text: &str) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as u32
}

impl Word {
    /// The set of letters.
    pub(crate) fn letters(&self) -> u32 {
        self.letters
    }

    pub(crate) fn new(text: String) -> Self {
        let sound = crate::phonetics::fonem(&text);
        let letters = text.chars().fold(0, |set, c| set | 1 << (u32::from(c) % 32));
        Self {
            spelling: mark(crate::variants::canonical(&text)),
            heard: mark(&crate::phonetics::fonem(&heard(&text))),
            text,
            sound,
            letters,
        }
    }

    /// Whether both are spellings of one given name.
    pub(crate) fn spells(&self, other: &Self) -> bool {
        self.spelling == other.spelling
    }

    /// Whether both sound the same, being long enough for that to mean something.
    pub(crate) fn sounds_like(&self, other: &Self) -> bool {
        self.sound.len() >= 2 && self.sound == other.sound
    }

    /// Whether both end alike to the ear, `CHEREAU` and `CHEROT`, and sound the same before.
    pub(crate) fn is_heard_as(&self, other: &Self) -> bool {
        self.text.len() >= 4 && other.text.len() >= 4 && self.heard == other.heard
    }

    /// Slips between both, when there are at most `most`.
    pub(crate) fn slips(&self, other: &Self, most: usize) -> Option<usize> {
        if self.text == other.text {
            return Some(0);
        }
        // One slip changes at most two of the letters that occur: one goes, another comes.
        let changed = (self.letters ^ other.letters).count_ones() as usize;
        let lengths = self.text.len().abs_diff(other.text.len());
        if changed > 2 * most || (self.text.is_ascii() && other.text.is_ascii() && lengths > most) {
            return None;
        }
        let slips = if self.text.is_ascii() && other.text.is_ascii() {
            distance(self.text.as_bytes(), other.text.as_bytes(), most)
        } else {
            let (a, b): (Vec<char>, Vec<char>) = (self.text.chars().collect(), other.text.chars().collect());
            distance(&a, &b, most)
        };
        (slips <= most).then_some(slips)
    }
}

/// Endings that are written in many ways and sound the same.
const ENDINGS: [(&str, &[&str]); 2] = [
    (
        "O",
        &[
            "EAULT", "EAUX", "EAUD", "EAUT", "AULT", "AUD", "AUT", "AUX", "EAU", "AU", "OTS", "OT", "OD",
        ],
    ),
    ("E", &["ETS", "ET", "EY", "EZ", "ER", "ES"]),
];

/// A word as it is heard: one spelling for each ending, `E` for `AI`, no mute consonant at the end.
fn heard(text: &str) -> String {
    let plain = text.replace("AI", "E").replace("EI", "E").replace("AY", "E");
    for (sound, endings) in ENDINGS {
        if let Some(stem) = endings.iter().find_map(|ending| plain.strip_suffix(ending)) {
            return format!("{stem}{sound}X");
        }
    }
    let mute = plain.trim_end_matches(['S', 'T', 'D', 'X', 'Z']);
    match mute.strip_suffix(['E', 'O']) {
        Some(stem) if mute.len() < plain.len() || text.ends_with("AY") || mute.ends_with('O') => {
            format!("{stem}{}X", &mute[stem.len()..])
        }
        _ => mute.to_owned(),
    }
}

/// Damerau's distance in its restricted form (optimal string alignment): letters put, dropped, replaced, or two
/// neighbours exchanged. Stops counting past `most`.
pub(crate) fn distance<T: PartialEq>(a: &[T], b: &[T], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    // Most names are short enough for the stack.
    let mut short = [[0; SHORT + 1]; 3];
    let mut long: [Vec<usize>; 3];
    let [older, old, new] = &mut short;
    if b.len() <= SHORT {
        let width = b.len() + 1;
        return rows(
            a,
            b,
            most,
            [&mut older[..width], &mut old[..width], &mut new[..width]],
        );
    }
    long = std::array::from_fn(|_| vec![0; b.len() + 1]);
    let [older, old, new] = &mut long;
    rows(a, b, most, [older, old, new])
}

/// Letters of a name compared without allocating.
const SHORT: usize = 31;

fn rows<T: PartialEq>(a: &[T], b: &[T], most: usize, rows: [&mut [usize]; 3]) -> usize {
    let [mut older, mut old, mut new] = rows;
    for (j, slips) in old.iter_mut().enumerate() {
        *slips = j;
    }
    for i in 1..=a.len() {
        new[0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let replaced = old[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            new[j] = replaced.min(old[j] + 1).min(new[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                new[j] = new[j].min(older[j - 2] + 1);
            }
            least = least.min(new[j]);
        }
        if least > most {
            return most + 1;
        }
        std::mem::swap(&mut older, &mut old);
        std::mem::swap(&mut old, &mut new);
    }
    old[b.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slips(a: &str, b: &str) -> Option<usize> {
        Word::new(a.to_owned()).slips(&Word::new(b.to_owned()), 2)
    }

    #[test]
    fn counts_what_a_hand_does_wrong() {
        for (a, b, expected) in [
            ("MARTIN", "MARTIN", Some(0)),
            ("MARTIN", "MARTN", Some(1)),
            ("MARTIN", "MARTTIN", Some(1)),
            ("MARTIN", "MARITN", Some(1)),
            ("MARTIN", "MATRNI", Some(2)),
            ("MARTIN", "NARTIM", Some(2)),
            ("MARTIN", "BERNARD", None),
            ("", "AB", Some(2)),
        ] {
            assert_eq!(slips(a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn hears_what_is_written_otherwise() {
        let heard = |a: &str, b: &str| Word::new(a.to_owned()).is_heard_as(&Word::new(b.to_owned()));
        for (a, b, expected) in [
            ("CHEREAU", "CHEROT", true),
            ("LAFORET", "LAFORAY", true),
            ("VERDIER", "VERDIEZ", true),
            ("MULLER", "MULLAIR", true),
            ("BRESSY", "BRAISSY", true),
            ("DEFAIS", "DEFES", true),
            ("BILLOT", "BILLAUD", true),
            ("LAPORTE", "LAPORTET", false),
            ("MARTIN", "MARTINE", false),
        ] {
            assert_eq!(heard(a, b), expected, "{a} / {b}");
        }
    }

    proptest! {
        #[test]
        fn is_the_same_from_both_sides(a in "\\PC{0,8}", b in "\\PC{0,8}") {
            prop_assert_eq!(slips(&a, &b), slips(&b, &a));
        }

        #[test]
        fn the_shortcut_loses_nothing(a in "[A-D]{0,6}", b in "[A-D]{0,6}") {
            let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let counted = distance(&left, &right, 2);
            prop_assert_eq!(slips(&a, &b), (counted <= 2).then_some(counted));
        }
    }
}
