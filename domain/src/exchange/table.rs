//! A hash table of 32-bit places, made for memory that is seldom in a cache: a look-up reads one cache line in nearly all cases, and
//! since that line has 16 bits for each of many keys, all such lines together stay near even when there are millions of keys. Keys are
//! kept elsewhere, and not needed again: what of a hash says where it belongs is kept with the place.
//!
//! It grows by a segment at a time, so that no single insertion takes long: a segment that is full is split into two by the next bit of
//! the hashes, and the directory says which segment the upper bits of a hash lead to.

/// So many tags share a cache line, with two counts.
const CELLS: usize = 30;

/// So many of a group's cells are taken at most, on average: then few groups overflow.
const FILLED: usize = 22;

/// So many groups make a segment; a power of two.
const GROUPS: usize = 64;
const GROUP_BITS: u32 = GROUPS.trailing_zeros();

/// What is looked for: the upper bits of a hash say where, the lower ones are compared. Those are never nothing, as an empty cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(u64);

impl Tag {
    pub fn of(hash: u64) -> Self {
        Self(hash | 1)
    }

    fn mark(self) -> u16 {
        self.0 as u16
    }

    /// What of it is kept beside a place: it says the home in every segment.
    fn upper(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// So many of the upper bits.
fn first_bits(upper: u32, bits: u32) -> usize {
    (u64::from(upper) << bits >> 32) as usize
}

/// The group where it belongs in a segment whose tags share so many upper bits.
fn home(upper: u32, depth: u32) -> usize {
    (upper << depth >> (32 - GROUP_BITS)) as usize
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    place: u32,
    /// Of its tag.
    upper: u32,
}

/// The marks of the cells, those that are taken first; then the two counts.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Group([u16; CELLS + 2]);

/// How many cells are taken.
const TAKEN: usize = CELLS;
/// How many that belong here lie in groups behind this one; from the greatest number on nobody counts.
const OVERFLOWED: usize = CELLS + 1;

impl Group {
    /// Whether it may have a mark. Looks at the whole line without a decision on the way, which a processor would guess wrong; that a
    /// count looks like the mark is seldom and does no harm.
    fn may_have(&self, mark: u16) -> bool {
        self.0.iter().fold(false, |has, &other| has | (other == mark))
    }

    fn taken(&self) -> usize {
        usize::from(self.0[TAKEN])
    }
}

/// A group with its cells, which lie behind it, so that both are in one page of memory.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    group: Group,
    cells: [Cell; CELLS],
}

impl Bucket {
    fn cell(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        (0..CELLS).find(|&cell| self.group.0[cell] == tag.mark() && is_it(self.cells[cell].place))
    }
}

/// All tags that begin with the same bits.
#[derive(Debug)]
struct Segment {
    /// How many bits those are.
    depth: u32,
    taken: u32,
    buckets: Box<[Bucket; GROUPS]>,
}

fn after(index: usize) -> usize {
    (index + 1) % GROUPS
}

impl Segment {
    fn new(depth: u32) -> Self {
        // By way of a vector it is made where it stays, and not on the stack.
        let buckets = vec![Bucket::default(); GROUPS].into_boxed_slice();
        Self { depth, taken: 0, buckets: buckets.try_into().expect("as many as were made") }
    }

    fn is_full(&self) -> bool {
        self.taken as usize >= GROUPS * FILLED
    }

    fn find(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut index = home(tag.upper(), self.depth);
        loop {
            let bucket = &self.buckets[index];
            if bucket.group.may_have(tag.mark())
                && let Some(cell) = bucket.cell(tag, &is_it)
            {
                return Some(bucket.cells[cell].place);
            }
            if bucket.group.0[OVERFLOWED] == 0 {
                return None;
            }
            index = after(index);
        }
    }

    fn insert(&mut self, mark: u16, entry: Cell) {
        self.taken += 1;
        let mut index = home(entry.upper, self.depth);
        loop {
            let Bucket { group, cells } = &mut self.buckets[index];
            let cell = group.taken();
            if cell < CELLS {
                group.0[cell] = mark;
                group.0[TAKEN] += 1;
                cells[cell] = entry;
                return;
            }
            group.0[OVERFLOWED] = group.0[OVERFLOWED].saturating_add(1);
            index = after(index);
        }
    }

    fn remove(&mut self, tag: Tag, place: u32) {
        self.taken -= 1;
        let mut index = home(tag.upper(), self.depth);
        loop {
            let bucket = &mut self.buckets[index];
            let cell = bucket.cell(tag, |other| other == place);
            let Bucket { group, cells } = bucket;
            if let Some(cell) = cell {
                group.0[TAKEN] -= 1;
                let last = group.taken();
                group.0[cell] = group.0[last];
                group.0[last] = 0;
                cells[cell] = cells[last];
                return;
            }
            if group.0[OVERFLOWED] < u16::MAX {
                group.0[OVERFLOWED] -= 1;
            }
            index = after(index);
        }
    }

    /// Two segments that hold what is in it, by the next bit.
    fn halves(&self) -> [Self; 2] {
        let depth = self.depth + 1;
        let mut halves = [Self::new(depth), Self::new(depth)];
        for Bucket { group, cells } in self.buckets.iter() {
            for (&mark, &cell) in group.0.iter().zip(cells).take(group.taken()) {
                halves[first_bits(cell.upper, depth) % 2].insert(mark, cell);
            }
        }
        halves
    }
}

#[derive(Debug)]
pub struct Table {
    /// How many upper bits of a tag the directory is read by.
    depth: u32,
    directory: Vec<u32>,
    segments: Vec<Segment>,
}

impl Default for Table {
    fn default() -> Self {
        Self { depth: 0, directory: vec![0], segments: vec![Segment::new(0)] }
    }
}

impl Table {
    fn segment(&self, tag: Tag) -> usize {
        self.directory[first_bits(tag.upper(), self.depth)] as usize
    }

    /// Among those of that tag the place that is meant.
    pub fn find(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.segments[self.segment(tag)].find(tag, is_it)
    }

    /// Takes many in. Has a look at where each belongs before, so that all of that comes from memory side by side and not one after the
    /// other.
    pub fn insert_all(&mut self, entries: &[(Tag, u32)]) {
        let taken = |&(tag, _): &(Tag, u32)| {
            let segment = &self.segments[self.segment(tag)];
            segment.buckets[home(tag.upper(), segment.depth)].group.taken()
        };
        std::hint::black_box(entries.iter().map(taken).sum::<usize>());
        entries.iter().for_each(|&(tag, place)| self.insert(tag, place));
    }

    fn insert(&mut self, tag: Tag, place: u32) {
        while self.segments[self.segment(tag)].is_full() {
            self.split(tag);
        }
        let segment = self.segment(tag);
        self.segments[segment].insert(tag.mark(), Cell { place, upper: tag.upper() });
    }

    /// Takes out one that is there.
    pub fn remove(&mut self, tag: Tag, place: u32) {
        let segment = self.segment(tag);
        self.segments[segment].remove(tag, place);
    }

    /// Parts the segment of a tag by the next bit: what has it goes to a new segment.
    #[cold]
    fn split(&mut self, tag: Tag) {
        let segment = self.segment(tag);
        let [low, high] = self.segments[segment].halves();
        let depth = low.depth;
        if depth > self.depth {
            self.depth = depth;
            self.directory = self.directory.iter().flat_map(|&segment| [segment, segment]).collect();
        }
        let new = self.segments.len() as u32;
        self.segments[segment] = low;
        self.segments.push(high);
        // The entries that lead to one segment lie together; the second half of them has the bit.
        let entries = 1 << (self.depth - depth);
        let first = (first_bits(tag.upper(), depth) | 1) * entries;
        self.directory[first..first + entries].fill(new);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a map, with tags that collide often, so that groups overflow.
        #[test]
        fn it_finds_what_was_put_in_and_nothing_else(
            steps in prop::collection::vec((0_u64..90, prop::bool::weighted(0.6)), 1..600),
            kinds in 1_u64..9,
        ) {
            let mut table = Table::default();
            let mut map = BTreeMap::new();
            let tag = |key: u64| Tag::of((key % kinds) << 61 | (key % kinds) << 1);
            for (step, (key, adds)) in steps.into_iter().enumerate() {
                match (map.get(&key).copied(), adds) {
                    (None, true) => {
                        table.insert(tag(key), step as u32);
                        map.insert(key, step as u32);
                    }
                    (Some(place), false) => {
                        table.remove(tag(key), place);
                        map.remove(&key);
                    }
                    _ => {}
                }
                for key in 0..90 {
                    let place = map.get(&key).copied();
                    prop_assert_eq!(table.find(tag(key), |other| Some(other) == place), place);
                }
                prop_assert_eq!(table.segments[0].taken as usize, map.len());
            }
            for (key, place) in map {
                table.remove(tag(key), place);
            }
            prop_assert!(is_empty(&table));
        }
    }

    fn is_empty(table: &Table) -> bool {
        let mut buckets = table.segments.iter().flat_map(|segment| segment.buckets.iter());
        buckets.all(|bucket| bucket.group.0 == [0; CELLS + 2])
    }

    /// Some upper bits are the same in all tags, so that segments differ in depth.
    #[test]
    fn it_grows_by_segments() {
        const KEYS: u32 = 20_000;
        let tag = |key: u32| {
            let hash = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Tag::of(if key.is_multiple_of(3) { hash >> 7 } else { hash })
        };
        let mut table = Table::default();
        for key in 0..KEYS {
            assert_eq!(table.find(tag(key), |other| other == key), None);
            table.insert(tag(key), key);
        }
        assert!(table.segments.iter().any(|segment| segment.depth < table.depth));
        assert!(table.segments.iter().all(|segment| segment.taken as usize <= GROUPS * FILLED));
        for key in 0..KEYS {
            assert_eq!(table.find(tag(key), |other| other == key), Some(key));
            table.remove(tag(key), key);
            assert_eq!(table.find(tag(key), |other| other == key), None);
        }
        assert!(is_empty(&table));
    }
}
