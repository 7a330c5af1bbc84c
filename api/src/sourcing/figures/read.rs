//! Working out figures.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use domain::kernel::{Kind, Refusal, Timestamp};
use domain::sourcing::{Figures, by_category_and_month};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::figures::{self, Side};

use super::dto::{FiguresOfGroup, FiguresQuery, SourcingFigures};
use crate::http::principal::Principal;
use crate::sourcing::rights;

/// The longest time that figures are given of, in months.
const LONGEST: Months = Months::new(60);

/// Of what figures are given if nothing is said.
const USUAL: Months = Months::new(12);

/// The figures of the caller's company.
pub async fn figures(
    connection: &mut Connection,
    by: &Principal,
    query: &FiguresQuery,
    now: Timestamp,
) -> Result<SourcingFigures, Failure> {
    let own = by.require(rights::READ)?;
    let (name, side) = match query.side.as_deref() {
        None | Some("supplier") => ("supplier", Side::Supplier),
        Some("buyer") => ("buyer", Side::Buyer),
        Some(_) => return Err(invalid("`side` is `supplier` or `buyer`.").into()),
    };
    let (since, until) = days(query, now.date_naive())?;
    let end = until.checked_add_days(Days::new(1)).unwrap_or(until);
    let records = figures::handled(connection, own, side, midnight(since), midnight(end)).await?;
    let groups = by_category_and_month(&records);
    Ok(SourcingFigures {
        side: name.to_owned(),
        since,
        until,
        total: (&Figures::of(&records)).into(),
        groups: groups.iter().map(|(group, figures)| FiguresOfGroup::of(group, figures)).collect(),
    })
}

/// The first and the last day.
fn days(query: &FiguresQuery, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let until = query.until.unwrap_or(today);
    let usual = until.checked_sub_months(USUAL).unwrap_or(until);
    let since = query.since.unwrap_or(usual);
    if !(2000..10_000).contains(&since.year()) || !(2000..10_000).contains(&until.year()) {
        return Err(invalid("Days lie between the years 2000 and 9999."));
    }
    if until < since {
        return Err(invalid("`until` is not before `since`."));
    }
    if since.checked_add_months(LONGEST).is_none_or(|longest| longest < until) {
        return Err(invalid("Figures are given of five years at most."));
    }
    Ok((since, until))
}

fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn invalid(detail: &str) -> Refusal {
    Refusal::new(Kind::InvalidQuery, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(since: Option<&str>, until: Option<&str>) -> Option<(String, String)> {
        let day = |text: &str| text.parse().expect("a day");
        let query = FiguresQuery { side: None, since: since.map(day), until: until.map(day) };
        let today = day("2027-03-31");
        days(&query, today).ok().map(|(since, until)| (since.to_string(), until.to_string()))
    }

    #[test]
    fn the_last_twelve_months_are_usual_and_five_years_the_most() {
        let some = |since: &str, until: &str| Some((since.to_owned(), until.to_owned()));
        assert_eq!(asked(None, None), some("2026-03-31", "2027-03-31"));
        assert_eq!(asked(None, Some("2025-01-15")), some("2024-01-15", "2025-01-15"));
        assert_eq!(asked(Some("2022-03-31"), None), some("2022-03-31", "2027-03-31"));
        assert_eq!(asked(Some("2022-03-30"), None), None);
        assert_eq!(asked(Some("2027-04-01"), None), None);
        assert_eq!(asked(Some("-4800-01-01"), Some("-4799-01-01")), None);
    }
}
