//! A price that falls by a step at an interval until somebody accepts it.

use chrono::TimeDelta;

use super::price::Price;
use crate::kernel::Timestamp;

/// Which price stands when. Times count alone, not when somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub opens_at: Timestamp,
    pub start: Price,
    /// The last price, which may be less than a step below the one before it.
    pub floor: Price,
    /// More than nothing.
    pub step: Price,
    /// In seconds, more than nothing.
    pub interval: u32,
}

impl Clock {
    /// How many times the price falls.
    fn steps(&self) -> i64 {
        let fall = self.start - self.floor;
        fall / self.step + i64::from(fall % self.step != 0)
    }

    /// How many times it has fallen; each price stands from its instant on.
    fn fallen(&self, at: Timestamp) -> i64 {
        let interval = i64::from(self.interval) * 1_000_000;
        let passed = (at - self.opens_at).num_microseconds().unwrap_or(i64::MAX);
        (passed / interval).clamp(0, self.steps())
    }

    fn instant(&self, steps: i64) -> Timestamp {
        self.opens_at + TimeDelta::seconds(i64::from(self.interval).saturating_mul(steps))
    }

    /// The price that stands at an instant: that of the start before the opening, the floor after the end.
    pub fn price_at(&self, at: Timestamp) -> Price {
        self.start.saturating_sub(self.step.saturating_mul(self.fallen(at))).max(self.floor)
    }

    /// The next instant after `at` at which the price falls, or at the floor the end.
    pub fn next_after(&self, at: Timestamp) -> Timestamp {
        self.instant(self.fallen(at) + 1)
    }

    /// When the floor has stood for an interval and nobody can accept any more.
    pub fn ends_at(&self) -> Timestamp {
        self.instant(self.steps() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::at;
    use super::*;

    fn clock() -> Clock {
        Clock { opens_at: at(0), start: 100, floor: 75, step: 10, interval: 60 }
    }

    #[test]
    fn the_price_falls_by_a_step_at_an_interval_down_to_the_floor() {
        let prices = [(-5, 100), (0, 100), (59, 100), (60, 90), (119, 90), (120, 80), (180, 75), (239, 75), (999, 75)];
        for (seconds, price) in prices {
            assert_eq!(clock().price_at(at(seconds)), price, "{seconds}");
        }
        assert_eq!(clock().ends_at(), at(240));
    }

    #[test]
    fn it_says_when_it_falls_next() {
        for (seconds, next) in [(0, 60), (59, 60), (60, 120), (180, 240), (200, 240)] {
            assert_eq!(clock().next_after(at(seconds)), at(next), "{seconds}");
        }
    }

    #[test]
    fn a_fall_of_whole_steps_ends_with_the_floor() {
        let even = Clock { floor: 80, ..clock() };
        assert_eq!((even.price_at(at(120)), even.ends_at()), (80, at(180)));
    }
}
