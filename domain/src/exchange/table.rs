//! A hash table of 32-bit places, made for memory that is seldom in a cache: a look-up reads one cache line in nearly all cases, and
//! since that line has 16 bits for each of many keys, all such lines together stay near even when there are millions of keys. Keys are
//! kept elsewhere: who grows the table tells them anew.

/// So many tags share a cache line, with two counts.
const CELLS: usize = 30;

/// So many of a group's cells are taken at most, on average: then few groups overflow.
const FILLED: usize = 22;

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
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Group {
    /// Those that are taken come first.
    marks: [u16; CELLS],
    taken: u16,
    /// How many that belong here lie in groups behind this one; from the greatest number on nobody counts.
    overflowed: u16,
}

impl Group {
    /// Looks at all cells without a decision on the way, which a processor would guess wrong.
    fn has(&self, mark: u16) -> bool {
        self.marks.iter().fold(false, |has, &other| has | (other == mark))
    }
}

#[derive(Debug)]
pub struct Table {
    /// A power of two.
    groups: Vec<Group>,
    /// By group and cell.
    places: Vec<[u32; CELLS]>,
    taken: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self::of_groups(8)
    }
}

impl Table {
    fn of_groups(groups: usize) -> Self {
        Self { groups: vec![Group::default(); groups], places: vec![[0; CELLS]; groups], taken: 0 }
    }

    fn home(&self, tag: Tag) -> usize {
        (tag.0 >> (64 - self.groups.len().trailing_zeros())) as usize
    }

    fn after(&self, index: usize) -> usize {
        (index + 1) & (self.groups.len() - 1)
    }

    /// Among those of that tag the place that is meant.
    pub fn find(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut index = self.home(tag);
        loop {
            let group = &self.groups[index];
            if group.has(tag.mark())
                && let Some(cell) = self.cell(index, tag, &is_it)
            {
                return Some(self.places[index][cell]);
            }
            if group.overflowed == 0 {
                return None;
            }
            index = self.after(index);
        }
    }

    fn cell(&self, index: usize, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        let (marks, places) = (&self.groups[index].marks, &self.places[index]);
        (0..CELLS).find(|&cell| marks[cell] == tag.mark() && is_it(places[cell]))
    }

    /// Whether [`Self::grow`] comes before the next [`Self::insert`].
    pub fn is_full(&self) -> bool {
        self.taken >= self.groups.len() * FILLED
    }

    /// Makes the table twice as large. `all` is what was put in.
    pub fn grow(&mut self, all: impl Iterator<Item = (Tag, u32)>) {
        *self = Self::of_groups(self.groups.len() * 2);
        all.for_each(|(tag, place)| self.insert(tag, place));
    }

    pub fn insert(&mut self, tag: Tag, place: u32) {
        self.taken += 1;
        let mut index = self.home(tag);
        loop {
            let after = self.after(index);
            let group = &mut self.groups[index];
            let cell = usize::from(group.taken);
            if cell < CELLS {
                group.marks[cell] = tag.mark();
                group.taken += 1;
                self.places[index][cell] = place;
                return;
            }
            group.overflowed = group.overflowed.saturating_add(1);
            index = after;
        }
    }

    /// Takes out one that is there.
    pub fn remove(&mut self, tag: Tag, place: u32) {
        self.taken -= 1;
        let mut index = self.home(tag);
        loop {
            let cell = self.cell(index, tag, |other| other == place);
            let group = &mut self.groups[index];
            if let Some(cell) = cell {
                group.taken -= 1;
                let last = usize::from(group.taken);
                group.marks[cell] = group.marks[last];
                group.marks[last] = 0;
                self.places[index][cell] = self.places[index][last];
                return;
            }
            if group.overflowed < u16::MAX {
                group.overflowed -= 1;
            }
            index = self.after(index);
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
            let tag = |key: u64| Tag::of((key % kinds) << 61 | (key % kinds) << 1);
            for (step, (key, adds)) in steps.into_iter().enumerate() {
                match (map.get(&key).copied(), adds) {
                    (None, true) => {
                        if table.is_full() {
                            table.grow(map.iter().map(|(&key, &place)| (tag(key), place)));
                        }
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
            prop_assert!(table.groups.iter().all(|group| group.overflowed == 0 && group.taken == 0 && group.marks == [0; CELLS]));
        }
    }
}
