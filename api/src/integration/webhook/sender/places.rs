//! The places of lanes: so many endpoints are sent to at a time, and none keeps the others out for long.
//!
//! There are few places to begin at, of which a lane that lasts long gives its own back: a hundred receivers that answer slowly take up nobody
//! else's turn, as they cost next to nothing while they are waited for. What bounds them is the number of all lanes, and how many of them
//! one organisation has.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::integration::webhook::MOST_WEBHOOKS;
use tokio::sync::Notify;
use uuid::Uuid;

/// Places to begin at, for endpoints that do well and for those that fail: however many hang, there is room for the others.
const WELL: usize = 200;
const FAILING: usize = 100;

/// All lanes of a node.
const MOST: usize = 5_000;

/// The lanes of an organisation: as many as it may have webhooks. Those that it deletes while something is sent to them count until that ends.
const MOST_OF_ONE: i64 = MOST_WEBHOOKS;

/// The endpoints that this node sends to.
#[derive(Default)]
pub struct Places {
    well: Cell<usize>,
    failing: Cell<usize>,
    all: Cell<usize>,
    of: RefCell<BTreeMap<Uuid, i64>>,
    /// Told when a place is given back.
    pub freed: Notify,
}

impl Places {
    /// How many more endpoints can be begun with, of those that do well and of those that fail.
    pub fn room(&self) -> (usize, usize) {
        let left = MOST.saturating_sub(self.all.get());
        let well = WELL.saturating_sub(self.well.get()).min(left);
        (well, FAILING.saturating_sub(self.failing.get()).min(left - well))
    }

    /// Whether somebody may be waiting for a place.
    pub fn is_full(&self) -> bool {
        let (well, failing) = self.room();
        well == 0 || failing == 0
    }

    /// The organisations that have as many lanes as one may have.
    pub fn full(&self) -> Vec<Uuid> {
        self.of.borrow().iter().filter(|(_, count)| **count >= MOST_OF_ONE).map(|(of, _)| *of).collect()
    }

    fn beginning(&self, failing: bool) -> &Cell<usize> {
        if failing { &self.failing } else { &self.well }
    }
}

/// The place of a lane. It is given back when it is dropped, however the lane ends.
pub struct Place {
    places: Rc<Places>,
    of: Uuid,
    failing: bool,
    /// Whether it still has one of those to begin at.
    begins: bool,
}

impl Place {
    pub fn take(places: &Rc<Places>, of: Uuid, failing: bool) -> Self {
        places.all.set(places.all.get() + 1);
        let begin = places.beginning(failing);
        begin.set(begin.get() + 1);
        *places.of.borrow_mut().entry(of).or_default() += 1;
        Self { places: places.clone(), of, failing, begins: true }
    }

    /// Makes room for others to begin, while this lane goes on.
    pub fn make_room(&mut self) {
        if std::mem::replace(&mut self.begins, false) {
            let begin = self.places.beginning(self.failing);
            begin.set(begin.get().saturating_sub(1));
            self.places.freed.notify_one();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.make_room();
        self.places.all.set(self.places.all.get().saturating_sub(1));
        let mut of = self.places.of.borrow_mut();
        if let Some(count) = of.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                of.remove(&self.of);
            }
        }
        self.places.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_once_and_a_lane_that_lasts_makes_room_before() {
        let places = Rc::new(Places::default());
        let of = |n| Uuid::from_u128(n);
        let mut taken: Vec<Place> = (0..WELL).map(|n| Place::take(&places, of(n as u128), false)).collect();
        assert_eq!((places.room(), places.is_full()), ((0, FAILING), true));
        taken[0].make_room();
        taken[0].make_room();
        assert_eq!((places.room(), places.is_full()), ((1, FAILING), false));
        drop(taken);
        assert_eq!((places.room(), places.all.get(), places.of.borrow().len()), ((WELL, FAILING), 0, 0));
    }

    #[test]
    fn there_is_an_end_to_all_lanes_and_to_those_of_one_organisation() {
        let places = Rc::new(Places::default());
        let mut taken = Vec::new();
        for n in 0..MOST {
            // Each lasts long.
            let mut place = Place::take(&places, Uuid::from_u128((n / 50) as u128), n % 2 == 0);
            place.make_room();
            taken.push(place);
        }
        assert_eq!((places.room(), places.full().len()), ((0, 0), MOST / 50));
        drop(taken.pop());
        assert_eq!((places.room(), places.full().len()), ((1, 0), MOST / 50 - 1));
    }

    #[test]
    fn a_lane_that_panics_gives_its_place_back() {
        let places = Rc::new(Places::default());
        let place = Place::take(&places, Uuid::nil(), true);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let _place = place;
            panic!("a lane ends so");
        }));
        assert!(ended.is_err());
        assert_eq!((places.room(), places.all.get()), ((WELL, FAILING), 0));
    }
}
