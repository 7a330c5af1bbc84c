//! A hash table of 32-bit places, made for memory that is seldom in a cache: a look-up reads one cache line in nearly all cases, and
//! decides nothing on the way that a processor would guess wrong. Keys are kept elsewhere; the table knows 32 bits of their hashes.

/// So many cells share a cache line, with the count of those that found no room there.
const CELLS: usize = 7;

/// So many of a group's cells are taken at most, on average: then few groups overflow.
const FILLED: usize = 4;

/// What is looked for: 32 bits of a hash, never nothing, so that an empty cell is known by its zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(u32);

impl Tag {
    pub fn of(hash: u64) -> Self {
        Self((hash >> 32) as u32 | 1)
    }
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Group {
    tags: [u32; CELLS],
    places: [u32; CELLS],
    /// How many that belong here lie in groups behind this one.
    overflowed: u32,
}

impl Group {
    /// The cells with that tag, as bits.
    fn cells(&self, tag: u32) -> u32 {
        (0..CELLS).fold(0, |cells, index| cells | u32::from(self.tags[index] == tag) << index)
    }
}

#[derive(Debug)]
pub struct Table {
    /// A power of two.
    groups: Vec<Group>,
    taken: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { groups: vec![Group::default(); 8], taken: 0 }
    }
}

impl Table {
    fn home(&self, tag: Tag) -> usize {
        (tag.0 >> (32 - self.groups.len().trailing_zeros())) as usize
    }

    fn after(&self, index: usize) -> usize {
        (index + 1) & (self.groups.len() - 1)
    }

    /// Among those of that tag the place that is meant.
    pub fn find(&self, tag: Tag, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut index = self.home(tag);
        loop {
            let group = &self.groups[index];
            let mut cells = group.cells(tag.0);
            while cells != 0 {
                let place = group.places[cells.trailing_zeros() as usize];
                if is_it(place) {
                    return Some(place);
                }
                cells &= cells - 1;
            }
            if group.overflowed == 0 {
                return None;
            }
            index = self.after(index);
        }
    }

    pub fn insert(&mut self, tag: Tag, place: u32) {
        if self.taken >= self.groups.len() * FILLED {
            let double = vec![Group::default(); self.groups.len() * 2];
            for group in std::mem::replace(&mut self.groups, double) {
                let cells = group.tags.into_iter().zip(group.places);
                cells.filter(|&(tag, _)| tag != 0).for_each(|(tag, place)| self.settle(Tag(tag), place));
            }
        }
        self.taken += 1;
        self.settle(tag, place);
    }

    fn settle(&mut self, tag: Tag, place: u32) {
        let mut index = self.home(tag);
        loop {
            let after = self.after(index);
            let group = &mut self.groups[index];
            let empty = group.cells(0);
            if empty != 0 {
                let cell = empty.trailing_zeros() as usize;
                (group.tags[cell], group.places[cell]) = (tag.0, place);
                return;
            }
            group.overflowed += 1;
            index = after;
        }
    }

    /// Takes out one that is there.
    pub fn remove(&mut self, tag: Tag, place: u32) {
        let mut index = self.home(tag);
        loop {
            let after = self.after(index);
            let group = &mut self.groups[index];
            if let Some(cell) = (0..CELLS).find(|&cell| (group.tags[cell], group.places[cell]) == (tag.0, place)) {
                group.tags[cell] = 0;
                self.taken -= 1;
                return;
            }
            group.overflowed -= 1;
            index = after;
        }
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
            let tag = |key: u64| Tag::of((key % kinds) << 33);
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
                prop_assert_eq!(table.taken, map.len());
            }
            for (key, place) in map {
                table.remove(tag(key), place);
            }
            prop_assert!(table.groups.iter().all(|group| group.overflowed == 0 && group.cells(0) == 0b111_1111));
        }
    }
}
