//! A quick hash for tables in memory, with a secret key of each process, so that nobody can choose names that collide. Nothing that
//! can be observed depends on it: no table is ever walked in its order.

use std::hash::{BuildHasher, Hasher, RandomState};

#[derive(Debug, Clone, Copy)]
pub struct Keyed(u64, u64);

impl Default for Keyed {
    fn default() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0_u8), random.hash_one(1_u8))
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded { state: self.0, key: self.1 }
    }
}

/// Multiplies to 128 bits and folds the halves together.
#[derive(Debug)]
pub struct Folded {
    state: u64,
    key: u64,
}

pub fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.state = fold(self.state ^ word, self.key);
    }

    /// Both halves at once: each is hidden by a key before they are multiplied.
    fn write_u128(&mut self, word: u128) {
        self.state = fold(self.state ^ word as u64, self.key ^ (word >> 64) as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}
