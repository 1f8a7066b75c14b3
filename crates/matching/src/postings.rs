//! Who has which blocking key: the inverted index of a register.
//!
//! A version of a register is indexed once, as a whole, and never changed: so its index is made by sorting, and kept in
//! pages that are written once and read by number. A page holds the entries of all keys that begin with the same bits,
//! some dozens of them; a query reads one page for each of its keys.
//!
//! An entry is the first [`KEY_BITS`] of a key and the number of a person who has it. Two keys that share these bits
//! merely add a candidate: among a million people, one query in some three hundred (120 keys asked, 32 million entries).

/// Bits of an entry that say who.
const WHO_BITS: u32 = 24;
/// Bits of an entry that say which key.
const KEY_BITS: u32 = 64 - WHO_BITS;
/// First bits of the keys that are sorted together: few enough to be sorted where the processor is quick.
const SHARD_BITS: u32 = 14;
/// Entries of a page, at most on average: less than half a kilobyte, so that a page of the database holds many.
const PAGE: usize = 64;
/// Bytes of an entry in a page.
const ENTRY: usize = 8;

/// People that can be numbered.
pub const MOST_PEOPLE: u32 = 1 << WHO_BITS;

/// The register has more than [`MOST_PEOPLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a register of more than {MOST_PEOPLE} people cannot be indexed")]
pub struct TooManyPeople;

/// An index being made, eight bytes a key of a person.
#[derive(Debug)]
pub struct PostingsBuilder {
    shards: Vec<Vec<u64>>,
    people: u32,
}

impl Default for PostingsBuilder {
    fn default() -> Self {
        Self {
            shards: vec![Vec::new(); 1 << SHARD_BITS],
            people: 0,
        }
    }
}

impl PostingsBuilder {
    /// Adds the next person's keys, and gives the person's number: the first is 0.
    ///
    /// # Errors
    /// When there are too many.
    pub fn add(&mut self, keys: &[i64]) -> Result<u32, TooManyPeople> {
        let who = self.people;
        if who >= MOST_PEOPLE {
            return Err(TooManyPeople);
        }
        for key in keys {
            let entry = entry(*key) | u64::from(who);
            self.shards[first_bits(entry, SHARD_BITS)].push(entry);
        }
        self.people += 1;
        Ok(who)
    }

    /// The index of everybody added.
    pub fn finish(mut self) -> Postings {
        for shard in &mut self.shards {
            shard.sort_unstable();
            shard.dedup();
            shard.shrink_to_fit();
        }
        Postings { shards: self.shards }
    }
}

/// An index in memory.
#[derive(Debug)]
pub struct Postings {
    /// Entries by the first bits of their keys, sorted.
    shards: Vec<Vec<u64>>,
}

impl Postings {
    /// Keys of people.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Vec::len).sum()
    }

    /// Whether nobody has a key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who has this key, by number.
    pub fn holders(&self, key: i64) -> impl Iterator<Item = u32> {
        let wanted = entry(key);
        let shard = &self.shards[first_bits(wanted, SHARD_BITS)];
        let start = shard.partition_point(|there| *there < wanted);
        let same = move |there: &&u64| key_of(**there) == wanted;
        shard[start..].iter().take_while(same).map(|there| who(*there))
    }

    /// How this index is cut into pages.
    pub fn paging(&self) -> Paging {
        Paging::of(self.len())
    }

    /// Every page that holds something, by number.
    pub fn pages(&self) -> impl Iterator<Item = (i32, Vec<u8>)> {
        let paging = self.paging();
        let mut entries = self.shards.iter().flatten().copied().peekable();
        std::iter::from_fn(move || {
            let page = paging.page(*entries.peek()?);
            let mut bytes = Vec::with_capacity(2 * PAGE * ENTRY);
            while let Some(entry) = entries.next_if(|entry| paging.page(*entry) == page) {
                bytes.extend(entry.to_be_bytes());
            }
            Some((page, bytes))
        })
    }
}

/// How an index is cut: by so many first bits of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging(u32);

impl Paging {
    /// Pages are numbered by signed numbers of 32 bits.
    const MOST_BITS: u32 = 31;

    fn of(entries: usize) -> Self {
        let pages = entries.div_ceil(PAGE).max(1).next_power_of_two();
        Self(pages.trailing_zeros().min(Self::MOST_BITS))
    }

    /// As [`Paging::bits`] gave it; `None` for what it never gives.
    pub fn from_bits(bits: i16) -> Option<Self> {
        u32::try_from(bits)
            .ok()
            .filter(|bits| *bits <= Self::MOST_BITS)
            .map(Self)
    }

    /// For storing.
    pub fn bits(self) -> i16 {
        i16::try_from(self.0).unwrap_or(i16::MAX)
    }

    /// The pages that tell who has one of these keys. Sorted, each once.
    pub fn pages_of(self, keys: &[i64]) -> Vec<i32> {
        let mut pages: Vec<i32> = keys.iter().map(|key| self.page(entry(*key))).collect();
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    fn page(self, entry: u64) -> i32 {
        // At most 31 bits.
        i32::try_from(first_bits(entry, self.0)).unwrap_or(i32::MAX)
    }
}

/// Who has one of these keys, told by the pages of [`Paging::pages_of`]. Sorted, each once.
pub fn holders<'p>(pages: impl IntoIterator<Item = &'p [u8]>, keys: &[i64]) -> Vec<u32> {
    let mut wanted: Vec<u64> = keys.iter().map(|key| entry(*key)).collect();
    wanted.sort_unstable();
    let mut found: Vec<u32> = pages
        .into_iter()
        .flat_map(|page| page.as_chunks::<ENTRY>().0)
        .map(|bytes| u64::from_be_bytes(*bytes))
        .filter(|there| wanted.binary_search(&key_of(*there)).is_ok())
        .map(who)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// An entry of this key that says nobody yet: the first there can be of it.
fn entry(key: i64) -> u64 {
    key_of(key.cast_unsigned())
}

fn key_of(entry: u64) -> u64 {
    entry >> WHO_BITS << WHO_BITS
}

fn who(entry: u64) -> u32 {
    u32::try_from(entry & u64::from(MOST_PEOPLE - 1)).unwrap_or(u32::MAX)
}

fn first_bits(entry: u64, bits: u32) -> usize {
    debug_assert!(bits <= KEY_BITS);
    // Nothing to cut by: all in one.
    let first = entry.checked_shr(64 - bits).unwrap_or(0);
    usize::try_from(first).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn index(people: &[Vec<i64>]) -> Postings {
        let mut builder = PostingsBuilder::default();
        for (number, keys) in people.iter().enumerate() {
            assert_eq!(builder.add(keys), Ok(u32::try_from(number).unwrap()));
        }
        builder.finish()
    }

    /// As it is stored and read back.
    fn through_pages(postings: &Postings, keys: &[i64]) -> Vec<u32> {
        let stored: BTreeMap<i32, Vec<u8>> = postings.pages().collect();
        let paging = Paging::from_bits(postings.paging().bits()).unwrap();
        let pages = paging.pages_of(keys);
        holders(
            pages
                .iter()
                .filter_map(|page| stored.get(page))
                .map(|page| &**page),
            keys,
        )
    }

    /// Keys that share their first bits, or all but the last, or nothing.
    fn key() -> impl Strategy<Value = i64> {
        let near = (0..4_i64).prop_map(|n| n << 60);
        let far = prop_oneof![(0..6_i64).prop_map(|n| n << WHO_BITS), any::<i64>(), Just(0)];
        (near, far).prop_map(|(near, far)| near ^ far)
    }

    proptest! {
        #[test]
        fn whoever_has_a_key_is_found_in_memory_and_through_pages(
            people in prop::collection::vec(prop::collection::vec(key(), 0..6), 0..300),
            others in prop::collection::vec(key(), 0..4),
            asked in prop::collection::vec((0..300_usize, 0..6_usize), 0..8),
        ) {
            let postings = index(&people);
            let known = asked.iter().filter_map(|(who, which)| people.get(*who)?.get(*which));
            let keys: Vec<i64> = known.chain(&others).copied().collect();
            let has = |theirs: &[i64], key: i64| theirs.iter().any(|other| entry(*other) == entry(key));
            let right = |keys: &[i64]| -> Vec<u32> {
                let holders = people.iter().enumerate();
                let holders = holders.filter(|(_, theirs)| keys.iter().any(|key| has(theirs, *key)));
                holders.map(|(number, _)| u32::try_from(number).unwrap()).collect()
            };
            prop_assert_eq!(through_pages(&postings, &keys), right(&keys));
            for key in keys {
                prop_assert_eq!(postings.holders(key).collect::<Vec<_>>(), right(&[key]));
            }
        }
    }

    #[test]
    fn pages_are_many_small_and_numbered_without_a_sign() {
        let spread = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).cast_signed();
        let people: Vec<Vec<i64>> = (0..20_000)
            .map(|n| vec![spread(2 * n), spread(2 * n + 1)])
            .collect();
        let postings = index(&people);
        assert_eq!(postings.len(), 40_000);
        let pages: Vec<_> = postings.pages().collect();
        assert_eq!(pages.len(), 1024);
        assert!(pages.is_sorted_by(|a, b| a.0 < b.0) && pages[0].0 >= 0);
        let longest = pages.iter().map(|(_, bytes)| bytes.len()).max();
        assert!(
            longest.is_some_and(|bytes| bytes < 3 * PAGE * ENTRY),
            "{longest:?}"
        );
        assert_eq!(Paging::from_bits(-1), None);
        assert_eq!(Paging::from_bits(32), None);
    }

    #[test]
    fn nobody_is_found_in_an_empty_index() {
        let postings = index(&[]);
        assert!(postings.is_empty());
        assert_eq!(postings.pages().count(), 0);
        assert_eq!(through_pages(&postings, &[1, -1]), Vec::<u32>::new());
        assert_eq!(postings.holders(1).count(), 0);
    }

    #[test]
    fn more_people_than_can_be_numbered_are_refused() {
        let mut full = PostingsBuilder {
            people: MOST_PEOPLE - 1,
            ..PostingsBuilder::default()
        };
        assert_eq!(full.add(&[1]), Ok(MOST_PEOPLE - 1));
        assert_eq!(full.add(&[1]), Err(TooManyPeople));
        assert_eq!(full.finish().holders(1).collect::<Vec<_>>(), [MOST_PEOPLE - 1]);
    }
}
