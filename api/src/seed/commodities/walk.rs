//! Numbers that look as if they came by chance and are the same each time.

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to `end`, without `end` itself.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// The next step of a price that wanders, in ticks: at most two, and back where it has gone far from where it began.
    pub fn step(&mut self, price: i64, begin: i64) -> i64 {
        let far = begin / 50;
        let step = i64::try_from(self.below(5)).unwrap_or_default() - 2;
        match price - begin {
            away if away > far => -step.abs(),
            away if away < -far => step.abs(),
            _ => step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_wanders_in_the_same_way_each_time_and_never_far() {
        let wander = || {
            let (mut chance, mut price) = (Chance::new(7), 5_000);
            let mut seen = Vec::new();
            for _ in 0..10_000 {
                price += chance.step(price, 5_000);
                seen.push(price);
            }
            seen
        };
        let seen = wander();
        assert_eq!(seen, wander());
        assert!(seen.iter().all(|price| (4_898..=5_102).contains(price)));
        assert!(seen.iter().any(|&price| price > 5_020) && seen.iter().any(|&price| price < 4_980));
    }
}
