//! A random source that gives the same numbers on every machine and in every version.

/// SplitMix64 (Steele, Lea, Flood, « Fast splittable pseudorandom number generators », OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A place among `count`; 0 when there is none.
    pub fn below(&mut self, count: usize) -> usize {
        (self.share() * count as f64) as usize
    }

    /// A whole number between both, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + (self.share() * (most - least + 1) as f64) as i64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// One of them; `None` when there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Things drawn as often as their weight says.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    things: Vec<T>,
    sums: Vec<f64>,
}

impl<T> Weighted<T> {
    /// From things and their weights.
    pub fn new(all: impl IntoIterator<Item = (T, f64)>) -> Self {
        let (mut things, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (thing, weight) in all {
            sum += weight.max(0.0);
            things.push(thing);
            sums.push(sum);
        }
        Self { things, sums }
    }

    /// One of them; `None` when there is none.
    pub fn draw(&self, random: &mut Random) -> Option<&T> {
        let sum = self.sums.last()?;
        let at = random.share() * sum;
        let place = self.sums.partition_point(|there| *there <= at);
        self.things.get(place.min(self.things.len() - 1))
    }
}
