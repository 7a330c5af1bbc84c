//! A hash table of 64-bit cells with linear probing: one cache line a look-up in most cases. Keys are kept elsewhere; a cell holds 32
//! bits of a key's hash, its tag, above 32 bits that say where.

/// Bits of a cell that say where; those above are the tag.
pub const WHERE: u64 = u32::MAX as u64;

/// The tag of a hash. Never nothing, so that an empty cell is known by its zero.
pub fn tag(hash: u64) -> u64 {
    (hash | 1 << 32) & !WHERE
}

#[derive(Debug)]
pub struct Table {
    /// A power of two, at most half of them taken.
    cells: Vec<u64>,
    taken: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { cells: vec![0; 64], taken: 0 }
    }
}

impl Table {
    fn home(&self, cell: u64) -> usize {
        let spread = (cell >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (spread >> (64 - self.cells.len().trailing_zeros())) as usize
    }

    fn after(&self, index: usize) -> usize {
        (index + 1) & (self.cells.len() - 1)
    }

    fn find_index(&self, tag: u64, mut is_it: impl FnMut(u64) -> bool) -> Option<usize> {
        let mut index = self.home(tag);
        loop {
            match self.cells[index] {
                0 => return None,
                cell if cell & !WHERE == tag && is_it(cell & WHERE) => return Some(index),
                _ => index = self.after(index),
            }
        }
    }

    /// Where it is, among those of that tag the one that is meant.
    pub fn find(&self, tag: u64, is_it: impl FnMut(u64) -> bool) -> Option<u64> {
        self.find_index(tag, is_it).map(|index| self.cells[index] & WHERE)
    }

    pub fn insert(&mut self, tag: u64, place: u64) {
        if (self.taken + 1) * 2 > self.cells.len() {
            let double = vec![0; self.cells.len() * 2];
            let cells = std::mem::replace(&mut self.cells, double);
            cells.into_iter().filter(|&cell| cell != 0).for_each(|cell| self.settle(cell));
        }
        self.taken += 1;
        self.settle(tag | place);
    }

    fn settle(&mut self, cell: u64) {
        let mut index = self.home(cell);
        while self.cells[index] != 0 {
            index = self.after(index);
        }
        self.cells[index] = cell;
    }

    /// What was in one place is in another one.
    pub fn move_to(&mut self, tag: u64, from: u64, to: u64) {
        if let Some(index) = self.find_index(tag, |place| place == from) {
            self.cells[index] = tag | to;
        }
    }

    /// Takes one out, and closes the gap: whatever could not lie nearer to its home moves up.
    pub fn remove(&mut self, tag: u64, place: u64) {
        let Some(mut gap) = self.find_index(tag, |other| other == place) else { return };
        self.taken -= 1;
        let mut index = self.after(gap);
        while self.cells[index] != 0 {
            let home = self.home(self.cells[index]);
            let mask = self.cells.len() - 1;
            let from_home = index.wrapping_sub(home) & mask;
            let from_gap = index.wrapping_sub(gap) & mask;
            if from_home >= from_gap {
                self.cells[gap] = self.cells[index];
                gap = index;
            }
            index = self.after(index);
        }
        self.cells[gap] = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a map, with tags that collide often.
        #[test]
        fn it_finds_what_was_put_in_and_nothing_else(steps in prop::collection::vec((0_u64..40, 0_u64..4, any::<bool>()), 1..400)) {
            let mut table = Table::default();
            let mut map = BTreeMap::new();
            for (step, (key, kind, adds)) in steps.into_iter().enumerate() {
                let tag = tag((key % 7) << 40);
                match (map.get(&key).copied(), adds) {
                    (None, true) => {
                        table.insert(tag, step as u64);
                        map.insert(key, step as u64);
                    }
                    (Some(place), true) if kind == 0 => {
                        table.move_to(tag, place, step as u64);
                        map.insert(key, step as u64);
                    }
                    (Some(place), false) => {
                        table.remove(tag, place);
                        map.remove(&key);
                    }
                    _ => {}
                }
                for key in 0..40 {
                    let place = map.get(&key).copied();
                    let found = table.find(super::tag((key % 7) << 40), |other| Some(other) == place);
                    prop_assert_eq!(found, place);
                }
                prop_assert_eq!(table.taken, map.len());
            }
        }
    }
}
