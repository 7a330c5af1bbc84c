//! When the phases of an instrument change by themselves: at local times of a time zone, on trading days.
//!
//! Local times are those of the clock on the wall. A time that it leaves out as it is put forward counts as the instant at which it
//! jumps, one that it shows twice as it is put back counts the first time. So the steps of a day keep their order; several of them may
//! fall on one instant. A day that a zone leaves out altogether (Samoa, 30 December 2011) is no trading day.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::{GapInfo, Tz};

use super::phase::Phase;
use crate::kernel::{Date, Timestamp};

/// A change of phase at a local time of each trading day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayStep {
    pub at: NaiveTime,
    pub to: Phase,
}

/// A change of phase at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub at: Timestamp,
    pub to: Phase,
}

/// A schedule that passed the checks of [`super::ScheduleInput`]: every trading day begins and ends closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub(super) zone: Tz,
    /// In their order, one after the other.
    pub(super) steps: Vec<DayStep>,
    pub(super) weekdays: Vec<Weekday>,
    pub(super) holidays: BTreeSet<Date>,
}

/// How a day of the week is written.
pub fn weekday_code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}

impl Schedule {
    pub fn zone(&self) -> Tz {
        self.zone
    }

    pub fn steps(&self) -> &[DayStep] {
        &self.steps
    }

    /// Whether the instrument trades on a local day.
    pub fn is_trading_day(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The next change of phase after an instant: when to look again. What is to be done then, [`Self::catch_up`] says, since several
    /// steps may be due at once.
    pub fn next_step_after(&self, instant: Timestamp) -> Option<Due> {
        let mut day = self.local_day(instant).pred_opt()?;
        // A weekday of trading comes every week, and each holiday takes away one at most.
        for _ in 0..7 * (self.holidays.len() + 3) {
            if let Some(due) = self.steps_of(day).into_iter().find(|due| due.at > instant) {
                return Some(due);
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// The phase that should hold at an instant, if nobody has decided otherwise by hand.
    pub fn phase_at(&self, instant: Timestamp) -> Phase {
        // Every trading day ends closed: what was before yesterday does not matter.
        let yesterday = self.local_day(instant) - Days::new(1);
        let steps = yesterday.iter_days().take(3).flat_map(|day| self.steps_of(day));
        steps.take_while(|due| due.at <= instant).last().map_or(Phase::Closed, |due| due.to)
    }

    /// What is to be done of the steps after `since`, up to and including `until`, for an instrument that is in a phase: in order, and
    /// only what [`Phase::step`] allows. Those that were missed are made up for, so that orders for a call get it and the session
    /// ends; sessions that would have begun and ended meanwhile are left out, since nobody could take part. Out of a halt nothing leads
    /// by itself: who halted an instrument says how it goes on.
    pub fn catch_up(&self, from: Phase, since: Timestamp, until: Timestamp) -> Vec<Phase> {
        let (mut phase, mut done) = (from, Vec::new());
        // How many steps had been done when it was closed.
        let mut closed_after = (from == Phase::Closed).then_some(0);
        for due in self.steps_between(since, until) {
            if phase == Phase::Halted || phase.step(due.to).is_none() {
                continue;
            }
            phase = due.to;
            done.push(phase);
            if phase == Phase::Closed {
                done.truncate(closed_after.unwrap_or(done.len()));
                closed_after = Some(done.len());
            }
        }
        done
    }

    fn steps_between(&self, since: Timestamp, until: Timestamp) -> impl Iterator<Item = Due> {
        let first = self.local_day(since) - Days::new(1);
        let last = self.local_day(until) + Days::new(1);
        let days = first.iter_days().take_while(move |&day| day <= last);
        days.flat_map(|day| self.steps_of(day)).filter(move |due| due.at > since && due.at <= until)
    }

    /// The steps of a day, in order; none if it is no trading day.
    fn steps_of(&self, day: Date) -> Vec<Due> {
        if !self.is_trading_day(day) || !self.exists(day) {
            return Vec::new();
        }
        let due = |step: &DayStep| Some(Due { at: self.instant(day.and_time(step.at))?, to: step.to });
        self.steps.iter().filter_map(due).collect()
    }

    /// Whether the zone does not leave out the day as a whole.
    fn exists(&self, day: Date) -> bool {
        let midnight = |day: Date| self.instant(day.and_time(NaiveTime::MIN));
        day.succ_opt().is_some_and(|next| midnight(day) != midnight(next))
    }

    /// The instant of a local time: the first of two, or the end of the gap it lies in.
    fn instant(&self, local: NaiveDateTime) -> Option<Timestamp> {
        let found = self.zone.from_local_datetime(&local).earliest();
        let found = found.or_else(|| GapInfo::new(&local, &self.zone)?.end)?;
        Some(found.with_timezone(&Utc))
    }

    fn local_day(&self, instant: Timestamp) -> Date {
        instant.with_timezone(&self.zone).date_naive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::schedule_input::{ScheduleInput, StepInput};
    use super::*;
    use crate::kernel::Faults;
    use Phase::{Closed, ClosingAuction, Continuous, Halted, OpeningAuction, PreOpen, VolatilityAuction};

    const DAY: [(&str, &str); 5] = [
        ("08:30", "pre_open"),
        ("09:00", "opening_auction"),
        ("09:15", "continuous"),
        ("17:00", "closing_auction"),
        ("17:15", "closed"),
    ];

    fn schedule(zone: &str, steps: &[(&str, &str)], weekdays: &[&str], holidays: &[&str]) -> Schedule {
        let input = ScheduleInput {
            name: "Test".into(),
            time_zone: zone.into(),
            steps: steps.iter().map(|(at, phase)| StepInput { at: (*at).into(), phase: (*phase).into() }).collect(),
            weekdays: weekdays.iter().map(|day| (*day).into()).collect(),
            holidays: holidays.iter().map(|day| day.parse().unwrap()).collect(),
        };
        let mut faults = Faults::default();
        input.check("", &mut faults).unwrap_or_else(|| panic!("{faults:?}"))
    }

    fn workdays(zone: &str, holidays: &[&str]) -> Schedule {
        schedule(zone, &DAY, &["mon", "tue", "wed", "thu", "fri"], holidays)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn next(of: &Schedule, after: &str) -> (String, Phase) {
        let due = of.next_step_after(at(after)).unwrap();
        (due.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), due.to)
    }

    #[test]
    fn steps_follow_each_other_over_the_day_and_the_weekend() {
        let moscow = workdays("Europe/Moscow", &[]);
        // 27 November 2026 is a Friday; Moscow is three hours ahead all year.
        assert_eq!(next(&moscow, "2026-11-27T05:29:59Z"), ("2026-11-27T05:30:00Z".into(), PreOpen));
        assert_eq!(next(&moscow, "2026-11-27T05:30:00Z"), ("2026-11-27T06:00:00Z".into(), OpeningAuction));
        assert_eq!(next(&moscow, "2026-11-27T14:15:00Z"), ("2026-11-30T05:30:00Z".into(), PreOpen));
        for (instant, phase) in [
            ("2026-11-27T05:29:59Z", Closed),
            ("2026-11-27T05:30:00Z", PreOpen),
            ("2026-11-27T06:15:00Z", Continuous),
            ("2026-11-27T14:14:59Z", ClosingAuction),
            ("2026-11-27T14:15:00Z", Closed),
            ("2026-11-28T09:00:00Z", Closed),
        ] {
            assert_eq!(moscow.phase_at(at(instant)), phase, "{instant}");
        }
    }

    #[test]
    fn holidays_are_no_trading_days() {
        let holidays: Vec<String> = (1..=31).map(|day| format!("2026-12-{day:02}")).collect();
        let holidays: Vec<&str> = holidays.iter().map(String::as_str).collect();
        let berlin = workdays("Europe/Berlin", &holidays);
        assert_eq!(next(&berlin, "2026-11-30T17:00:00Z"), ("2027-01-01T07:30:00Z".into(), PreOpen));
        assert_eq!(berlin.phase_at(at("2026-12-01T10:00:00Z")), Closed);
        assert!(berlin.is_trading_day("2026-11-30".parse().unwrap()));
        // A schedule of one day a week finds the next one behind all its holidays.
        let rare = schedule("UTC", &DAY, &["tue"], &["2026-12-01", "2026-12-08", "2026-12-15"]);
        assert_eq!(next(&rare, "2026-11-28T00:00:00Z").0, "2026-12-22T08:30:00Z");
    }

    #[test]
    fn the_local_time_stays_while_the_clock_changes() {
        let berlin = workdays("Europe/Berlin", &[]);
        // 29 March and 25 October 2026 are the Sundays between.
        assert_eq!(next(&berlin, "2026-03-27T00:00:00Z").0, "2026-03-27T07:30:00Z");
        assert_eq!(next(&berlin, "2026-03-28T00:00:00Z").0, "2026-03-30T06:30:00Z");
        assert_eq!(next(&berlin, "2026-10-23T00:00:00Z").0, "2026-10-23T06:30:00Z");
        assert_eq!(next(&berlin, "2026-10-24T00:00:00Z").0, "2026-10-26T07:30:00Z");
    }

    const NIGHT: [(&str, &str); 5] = [
        ("01:30", "pre_open"),
        ("02:15", "opening_auction"),
        ("02:45", "continuous"),
        ("03:00", "closing_auction"),
        ("03:30", "closed"),
    ];

    #[test]
    fn a_time_that_is_left_out_counts_as_the_end_of_the_gap() {
        let berlin = schedule("Europe/Berlin", &NIGHT, &["sun"], &[]);
        let gap = "2026-03-29T01:00:00Z";
        assert_eq!(next(&berlin, "2026-03-29T00:30:00Z"), (gap.into(), OpeningAuction));
        // All three fall on the jump from 02:00 to 03:00, and are done in their order.
        let (before, after) = (at("2026-03-29T00:30:00Z"), at(gap));
        assert_eq!(berlin.catch_up(PreOpen, before, after), [OpeningAuction, Continuous, ClosingAuction]);
        assert_eq!(berlin.phase_at(after), ClosingAuction);
        assert_eq!(next(&berlin, gap), ("2026-03-29T01:30:00Z".into(), Closed));
    }

    #[test]
    fn a_time_that_comes_twice_counts_the_first_time() {
        let berlin = schedule("Europe/Berlin", &NIGHT, &["sun"], &[]);
        assert_eq!(next(&berlin, "2026-10-24T23:30:00Z"), ("2026-10-25T00:15:00Z".into(), OpeningAuction));
        assert_eq!(next(&berlin, "2026-10-25T00:15:00Z"), ("2026-10-25T00:45:00Z".into(), Continuous));
        // 03:00 comes once, an hour later than on other days.
        assert_eq!(next(&berlin, "2026-10-25T00:45:00Z"), ("2026-10-25T02:00:00Z".into(), ClosingAuction));
        assert_eq!(berlin.phase_at(at("2026-10-25T01:30:00Z")), Continuous);
    }

    #[test]
    fn a_day_that_a_zone_leaves_out_is_no_trading_day() {
        let samoa = workdays("Pacific/Apia", &[]);
        // After Thursday the 29th came Saturday the 31st.
        assert_eq!(next(&samoa, "2011-12-30T09:59:00Z"), ("2012-01-01T18:30:00Z".into(), PreOpen));
        assert_eq!(samoa.catch_up(Closed, at("2011-12-30T09:59:00Z"), at("2011-12-30T10:00:00Z")), []);
    }

    #[test]
    fn steps_that_were_missed_are_made_up_for_in_order() {
        let berlin = workdays("Europe/Berlin", &[]);
        let missed = |from, since: &str, until: &str| berlin.catch_up(from, at(since), at(until));
        // Monday 11:00 to 17:10 local: the closing auction.
        assert_eq!(missed(Continuous, "2026-11-23T10:00:00Z", "2026-11-23T16:10:00Z"), [ClosingAuction]);
        // To Wednesday 11:00: Monday's session ends, Tuesday's is left out, Wednesday's begins.
        assert_eq!(
            missed(Continuous, "2026-11-23T10:00:00Z", "2026-11-25T10:00:00Z"),
            [ClosingAuction, Closed, PreOpen, OpeningAuction, Continuous]
        );
        // A year of sessions is left out where it was closed before.
        assert_eq!(missed(Closed, "2025-11-23T20:00:00Z", "2026-11-25T20:00:00Z"), []);
        assert_eq!(missed(Closed, "2025-11-23T20:00:00Z", "2026-11-25T07:30:00Z"), [PreOpen]);
        // What is due at `since` was done, what is due at `until` is to be done.
        assert_eq!(missed(PreOpen, "2026-11-25T07:30:00Z", "2026-11-25T08:00:00Z"), [OpeningAuction]);
        assert_eq!(missed(PreOpen, "2026-11-25T07:30:00Z", "2026-11-25T07:30:00Z"), []);
    }

    #[test]
    fn what_was_decided_by_hand_is_not_overturned() {
        let berlin = workdays("Europe/Berlin", &[]);
        let missed = |from, since: &str, until: &str| berlin.catch_up(from, at(since), at(until));
        // Closed by hand at noon: it opens again the day after.
        assert_eq!(missed(Closed, "2026-11-25T11:00:00Z", "2026-11-25T20:00:00Z"), []);
        assert_eq!(missed(Closed, "2026-11-25T11:00:00Z", "2026-11-26T07:30:00Z"), [PreOpen]);
        // Opened early by hand: it goes on with the next step.
        assert_eq!(missed(PreOpen, "2026-11-25T06:00:00Z", "2026-11-25T08:00:00Z"), [OpeningAuction]);
        assert_eq!(missed(Halted, "2026-11-25T11:00:00Z", "2026-11-26T11:00:00Z"), []);
        assert_eq!(missed(VolatilityAuction, "2026-11-25T11:00:00Z", "2026-11-25T16:00:00Z"), [ClosingAuction]);
    }

    #[test]
    fn the_phase_that_should_hold_is_where_catching_up_leads() {
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"] {
            let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let schedule = schedule(zone, &NIGHT, &all, &["2026-04-05"]);
            let begin = at("2026-01-01T20:00:00Z");
            let begin = schedule.next_step_after(begin).unwrap().at - chrono::TimeDelta::seconds(1);
            let (mut instant, mut phase, mut since) = (begin, schedule.phase_at(begin), begin);
            while instant < at("2027-01-02T00:00:00Z") {
                instant = schedule.next_step_after(instant).unwrap().at;
                for to in schedule.catch_up(phase, since, instant) {
                    assert!(phase.step(to).is_some());
                    phase = to;
                }
                since = instant;
                assert_eq!(schedule.phase_at(instant), phase, "{zone} {instant}");
            }
        }
    }
}
