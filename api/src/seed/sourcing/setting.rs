//! What the stories of the requests speak of: who is in them, which day it is, what is asked for.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::kernel::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::categories::Categories;
use super::companies::{Cast, Who};
use crate::http::dto::Time;

pub struct Setting {
    /// When it is loaded.
    pub now: Timestamp,
    pub cast: Cast,
    pub categories: Categories,
}

impl Setting {
    /// A day, counted from today: -1 was yesterday.
    pub fn day(&self, day: i64) -> NaiveDate {
        (self.now + TimeDelta::days(day)).date_naive()
    }

    /// An hour of such a day.
    pub fn at(&self, day: i64, hour: i64) -> Timestamp {
        self.day(day).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
    }

    /// The same as bodies name it.
    pub fn time(&self, day: i64, hour: i64) -> Value {
        json!(Time(self.at(day, hour)))
    }

    /// Companies as bodies name them.
    pub fn companies(&self, all: &[Who]) -> Vec<Uuid> {
        all.iter().map(|who| self.cast.company(*who)).collect()
    }
}
