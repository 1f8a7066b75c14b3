//! The ways of writing a family name: letters alone, nothing of how it sounds.

/// Words that registers write, glue or leave out: `DE LA TOUR`, `DELATOUR`, `LATOUR`, `TOUR (DE LA)`.
pub(super) const PARTICLES: [&str; 36] = [
    "AIT", "AL", "BEN", "BENT", "BOU", "D", "DA", "DAS", "DE", "DEL", "DELLA", "DEN", "DER", "DES", "DI",
    "DO", "DOS", "DU", "EL", "IBN", "L", "LA", "LE", "LES", "LO", "MAC", "MC", "O", "OULD", "TEN", "TER",
    "VAN", "VON", "Y", "ZU", "ZUM",
];

/// The ways of writing one family name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forms {
    /// The whole name as one word, particles first.
    pub(crate) whole: String,
    /// Shorter ways, with particles left out. The barest comes last.
    pub(super) shorter: Vec<String>,
    /// The names a compound is made of, when there are several.
    pub(super) parts: Vec<String>,
}

impl Forms {
    /// Of the name of these words; `None` when nothing can be compared.
    pub(crate) fn new(words: Vec<String>) -> Option<Self> {
        let words = particles_first(words);
        let leading = words.iter().take_while(|word| is_particle(word)).count();
        let whole = words.concat();
        if whole.is_empty() {
            return None;
        }
        let mut shorter: Vec<String> = Vec::new();
        let mut parts = Vec::new();
        if leading < words.len() {
            shorter.extend((1..=leading).map(|skipped| words[skipped..].concat()));
            shorter.push(
                words
                    .iter()
                    .filter(|word| !is_particle(word))
                    .map(String::as_str)
                    .collect(),
            );
            parts = compound(&words[leading..]);
        }
        let mut seen = vec![whole.clone()];
        shorter.retain(|form| {
            let new = !seen.contains(form);
            seen.push(form.clone());
            new
        });
        Some(Self {
            whole,
            shorter,
            parts,
        })
    }

    /// Whether both are one name, but for particles left out or glued.
    pub(crate) fn is_one_with(&self, other: &Self) -> bool {
        is_one_name(self.texts(), other.texts())
    }

    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        std::iter::once(&self.whole)
            .chain(&self.shorter)
            .map(String::as_str)
    }
}

/// Whether two names, told by their ways of writing, the whole first and the barest last, are one but for particles left
/// out or glued.
pub(super) fn is_one_name<'a>(
    mine: impl Iterator<Item = &'a str> + Clone,
    theirs: impl Iterator<Item = &'a str> + Clone,
) -> bool {
    mine.clone().any(|form| theirs.clone().any(|other| form == other))
        || is_behind_particle(mine.clone(), theirs.clone())
        || is_behind_particle(theirs, mine)
}

fn is_behind_particle<'a>(
    mut long: impl Iterator<Item = &'a str>,
    short: impl Iterator<Item = &'a str>,
) -> bool {
    let (whole, bare) = (long.next(), short.last());
    whole.zip(bare).is_some_and(|(whole, bare)| glued(whole, bare))
}

/// Whether the long name is the short one behind a particle: `ELAMRANI`, `AMRANI`.
fn glued(long: &str, short: &str) -> bool {
    short.len() >= 4
        && long.strip_suffix(short).is_some_and(|before| {
            is_particle(before) || matches!(before, "DELA" | "VANDEN" | "VANDER" | "VONDER")
        })
}

/// Puts particles written behind the name (`TOUR (DE LA)`) where they belong.
fn particles_first(mut words: Vec<String>) -> Vec<String> {
    let behind = words.iter().rev().take_while(|word| is_particle(word)).count();
    if behind < words.len() {
        words.rotate_right(behind);
    }
    words
}

/// The names of a compound, each with its own particles left out; nothing when there is but one.
fn compound(words: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut saint: Option<&str> = None;
    for word in words.iter().filter(|word| !is_particle(word)) {
        match saint.take() {
            Some(before) => parts.push(format!("{before}{word}")),
            None if matches!(word.as_str(), "SAINT" | "SAINTE") => saint = Some(word),
            None => parts.push(word.clone()),
        }
    }
    parts.retain(|part| part.len() > 1);
    if parts.len() > 1 { parts } else { Vec::new() }
}

pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}
