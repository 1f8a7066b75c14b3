//! A hash that is the same in every build: keys are stored by it.

use std::hash::Hasher;

/// FNV-1a of 64 bits: what is hashed is short, and a register's own names are no attack worth slowing every query for.
#[derive(Debug, Clone)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// What was written, as a number whose every bit depends on all of it: FNV alone leaves its first bits too much
    /// alike. The last step of `SplitMix64`, which no two numbers share the result of.
    pub(crate) fn spread(&self) -> i64 {
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).cast_signed()
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Fnv {
        let mut hash = Fnv::default();
        hash.write(text.as_bytes());
        hash
    }

    #[test]
    fn it_is_the_published_one() {
        assert_eq!(of("").finish(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(of("a").finish(), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(of("foobar").finish(), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn short_texts_are_spread_over_all_numbers() {
        let mut seen = [0_u32; 256];
        for number in 0..25_600_u32 {
            let mut hash = Fnv::default();
            hash.write(&number.to_le_bytes());
            seen[usize::from(hash.spread().to_be_bytes()[0])] += 1;
        }
        assert!(seen.iter().all(|count| (50..160).contains(count)), "{seen:?}");
    }
}
