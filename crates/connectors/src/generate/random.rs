//! A random source that gives the same numbers on every machine and with every version of every library.

/// SplitMix64 (Steele, Lea, Flood, « Fast splittable pseudorandom number generators », OOPSLA 2014). Good enough for
/// fiction; never for a secret.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let high = (u128::from(self.next()) * u128::from(bound)) >> 64;
        u32::try_from(high).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high + 1).saturating_sub(low))
    }

    /// True so many times in a thousand.
    pub(super) fn per_mille(&mut self, times: u32) -> bool {
        self.below(1000) < times
    }

    /// One of some items.
    pub(super) fn one_of<'a, T: ?Sized>(&mut self, items: &[&'a T], otherwise: &'a T) -> &'a T {
        let index = self.below(u32::try_from(items.len()).unwrap_or_default());
        usize::try_from(index)
            .ok()
            .and_then(|index| items.get(index))
            .copied()
            .unwrap_or(otherwise)
    }
}

/// Words of which some are drawn more often than others.
#[derive(Debug)]
pub(super) struct Weighted {
    words: Vec<&'static str>,
    /// Weight of each word and all before it.
    sums: Vec<u32>,
}

impl Weighted {
    /// From a table with a line for each weight: `12: DUPONT, DURAND`.
    pub(super) fn new(table: &'static str) -> Self {
        let (mut words, mut sums, mut sum) = (vec![], vec![], 0);
        for (weight, line) in table.lines().filter_map(|line| line.split_once(':')) {
            let weight: u32 = weight.trim().parse().unwrap_or_default();
            for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                sum += weight;
                words.push(word);
                sums.push(sum);
            }
        }
        Self { words, sums }
    }

    /// Draws a word.
    pub(super) fn draw(&self, random: &mut Random) -> &'static str {
        let at = random.below(self.sums.last().copied().unwrap_or_default());
        let index = self.sums.partition_point(|sum| *sum <= at);
        self.words.get(index).copied().unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn words(&self) -> &[&'static str] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_numbers_of_the_published_algorithm() {
        let mut random = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn draws_by_weight() {
        let words = Weighted::new("9: A\n 1: B, C\n");
        let mut random = Random::new(1);
        let drawn: Vec<&str> = (0..1100).map(|_| words.draw(&mut random)).collect();
        let count = |word: &str| drawn.iter().filter(|one| **one == word).count();
        assert!((850..950).contains(&count("A")) && count("B") > 60 && count("C") > 60);
    }
}
