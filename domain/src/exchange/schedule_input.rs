//! A trading schedule as it is sent in, and the checks of it.

use std::collections::BTreeSet;

use chrono::{NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;

use super::phase::Phase;
use super::schedule::{DayStep, Schedule, weekday_code};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Faults};
use crate::party::registration::text;

/// The most changes of phase of a day.
pub const MAX_STEPS: usize = 48;

/// The most holidays: those of many years.
pub const MAX_HOLIDAYS: usize = 1000;

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A schedule as it is sent in. The names of the fields are those of the body.
#[derive(Debug, Clone)]
pub struct ScheduleInput {
    pub name: String,
    /// A zone of the IANA time zone database, such as `Europe/Moscow`.
    pub time_zone: String,
    pub steps: Vec<StepInput>,
    /// `mon` to `sun`.
    pub weekdays: Vec<String>,
    pub holidays: Vec<Date>,
}

/// A change of phase: `at` is a local time such as `09:00` or `09:00:30`.
#[derive(Debug, Clone)]
pub struct StepInput {
    pub at: String,
    pub phase: String,
}

impl ScheduleInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(&self, pointer: &str, faults: &mut Faults) -> Option<Schedule> {
        let before = faults.0.len();
        faults.keep(format!("{pointer}/name"), text(&self.name, 200));
        let zone = faults.keep(format!("{pointer}/time_zone"), check_zone(&self.time_zone));
        let steps = self.check_steps(pointer, faults);
        let weekdays = self.check_weekdays(pointer, faults);
        let holidays: BTreeSet<Date> = self.holidays.iter().copied().collect();
        if self.holidays.len() > MAX_HOLIDAYS {
            faults.add(format!("{pointer}/holidays"), "too_many", format!("At most {MAX_HOLIDAYS} holidays."));
        }
        let zone = zone?;
        (faults.0.len() == before).then_some(Schedule { zone, steps, weekdays, holidays })
    }

    fn check_steps(&self, pointer: &str, faults: &mut Faults) -> Vec<DayStep> {
        if self.steps.len() > MAX_STEPS {
            faults.add(format!("{pointer}/steps"), "too_many", format!("At most {MAX_STEPS} steps a day."));
            return Vec::new();
        }
        let mut steps: Vec<DayStep> = Vec::new();
        // None behind a step that could not be read: what follows is not judged by it.
        let mut phase = Some(Phase::Closed);
        for (index, step) in self.steps.iter().enumerate() {
            let pointer = format!("{pointer}/steps/{index}");
            let at = faults.keep(format!("{pointer}/at"), check_time(&step.at));
            let to = faults.keep(format!("{pointer}/phase"), check_phase(&step.phase));
            if let (Some(at), Some(last)) = (at, steps.last())
                && at <= last.at
            {
                faults.add(format!("{pointer}/at"), "not_later", "Each step is later than the one before.");
            }
            if let (Some(from), Some(to)) = (phase, to)
                && from.step(to).is_none()
            {
                let detail = format!("`{}` does not follow `{}`.", to.code(), from.code());
                faults.add(format!("{pointer}/phase"), "unreachable", detail);
            }
            phase = to;
            if let (Some(at), Some(to)) = (at, to) {
                steps.push(DayStep { at, to });
            }
        }
        if self.steps.is_empty() {
            faults.add(format!("{pointer}/steps"), "required", "A trading day has steps.");
        } else if phase.is_some_and(|phase| phase != Phase::Closed) {
            let last = format!("{pointer}/steps/{}/phase", self.steps.len() - 1);
            faults.add(last, "not_closed", "A trading day ends with the phase `closed`.");
        }
        steps
    }

    fn check_weekdays(&self, pointer: &str, faults: &mut Faults) -> Vec<Weekday> {
        let mut weekdays = Vec::new();
        for (index, code) in self.weekdays.iter().enumerate() {
            let pointer = format!("{pointer}/weekdays/{index}");
            match faults.keep(pointer.clone(), check_weekday(code)) {
                Some(day) if weekdays.contains(&day) => faults.add(pointer, "twice", "It is named twice."),
                Some(day) => weekdays.push(day),
                None => {}
            }
        }
        if self.weekdays.is_empty() {
            faults.add(format!("{pointer}/weekdays"), "required", "There is a day of trading in a week.");
        }
        weekdays
    }
}

fn check_zone(name: &str) -> Result<Tz, Invalid> {
    let detail = || format!("`{name}` is not a zone of the IANA time zone database, such as `Europe/Moscow`.");
    name.parse().map_err(|_| Invalid::new("time_zone", detail()))
}

fn check_time(text: &str) -> Result<NaiveTime, Invalid> {
    let format = match text.len() {
        5 => "%H:%M",
        8 => "%H:%M:%S",
        _ => "",
    };
    let invalid = || Invalid::new("time", "A local time such as `09:00` or `09:00:30` is expected.");
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let time = NaiveTime::parse_from_str(text, format).ok().filter(|_| digits).ok_or_else(invalid)?;
    // The second 60 is a leap second, which is counted in nanoseconds.
    if time.nanosecond() == 0 { Ok(time) } else { Err(invalid()) }
}

fn check_phase(code: &str) -> Result<Phase, Invalid> {
    let phase = Phase::parse(code)?;
    if matches!(phase, Phase::Halted | Phase::VolatilityAuction) {
        return Err(Invalid::new("not_by_schedule", format!("`{code}` does not begin by a schedule.")));
    }
    Ok(phase)
}

fn check_weekday(code: &str) -> Result<Weekday, Invalid> {
    let known = WEEKDAYS.into_iter().find(|&day| weekday_code(day) == code);
    known.ok_or_else(|| Invalid::new("weekday", format!("`{code}` is not one of `mon` to `sun`.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ScheduleInput {
        let steps =
            [("09:00", "pre_open"), ("09:30:30", "opening_auction"), ("10:00", "continuous"), ("18:00", "closed")];
        ScheduleInput {
            name: "Day".into(),
            time_zone: "Europe/Moscow".into(),
            steps: steps.map(|(at, phase)| StepInput { at: at.into(), phase: phase.into() }).into(),
            weekdays: vec!["mon".into(), "fri".into()],
            holidays: vec!["2027-01-01".parse().unwrap()],
        }
    }

    fn faults(input: &ScheduleInput) -> Vec<String> {
        let mut faults = Faults::default();
        let checked = input.check("", &mut faults);
        assert_eq!(checked.is_none(), !faults.0.is_empty());
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_schedule_that_fits_passes() {
        assert_eq!(faults(&input()), [""; 0]);
        let twice = [("09:00", "pre_open"), ("12:00", "closed"), ("13:00", "pre_open"), ("14:00", "closed")];
        let steps = twice.map(|(at, phase)| StepInput { at: at.into(), phase: phase.into() }).into();
        assert_eq!(faults(&ScheduleInput { steps, ..input() }), [""; 0]);
    }

    #[test]
    fn all_faults_of_a_schedule_are_told() {
        let steps = [
            ("9:00", "pre_open"),
            ("08:60", "continuous"),
            ("10:00", "lunch"),
            ("10:00", "halted"),
            ("09:59", "pre_open"),
        ];
        let odd = ScheduleInput {
            name: " ".into(),
            time_zone: "Moscow".into(),
            steps: steps.map(|(at, phase)| StepInput { at: at.into(), phase: phase.into() }).into(),
            weekdays: vec!["mon".into(), "Tue".into(), "mon".into()],
            holidays: Vec::new(),
        };
        let expected = [
            "/name blank",
            "/time_zone time_zone",
            "/steps/0/at time",
            "/steps/1/at time",
            "/steps/1/phase unreachable",
            "/steps/2/phase phase",
            "/steps/3/phase not_by_schedule",
            "/steps/4/phase not_closed",
            "/weekdays/1 weekday",
            "/weekdays/2 twice",
        ];
        assert_eq!(faults(&odd), expected);
        let none = ScheduleInput { steps: Vec::new(), weekdays: Vec::new(), ..input() };
        assert_eq!(faults(&none), ["/steps required", "/weekdays required"]);
        let mut back = input();
        back.steps[2].at = "09:30:30".into();
        assert_eq!(faults(&back), ["/steps/2/at not_later"]);
        let many = ScheduleInput { holidays: vec!["2027-01-01".parse().unwrap(); MAX_HOLIDAYS + 1], ..input() };
        assert_eq!(faults(&many), ["/holidays too_many"]);
    }

    #[test]
    fn times_are_written_in_one_way() {
        for good in ["00:00", "23:59", "09:00:30"] {
            assert!(check_time(good).is_ok(), "{good}");
        }
        for bad in ["", "9:00", "24:00", "09:00:60", "+9:00", " 9:00", "09.00", "09:00:5", "0900", "09:00:300"] {
            assert_eq!(check_time(bad).unwrap_err().code, "time", "{bad}");
        }
    }
}
