//! Secrets of API clients: two at a time, so that one can be replaced without a gap, and none for ever.

use chrono::TimeDelta;

use crate::kernel::{Kind, Refusal, Timestamp};

/// How many secrets of a client may be valid at once.
pub const MOST_SECRETS: usize = 2;

/// The longest life of a secret.
pub const LONGEST_LIFE: TimeDelta = TimeDelta::days(366);

/// When a new secret ends: `wanted`, or a year from now. Refuses a third valid secret, a life of more than a year, and an end in
/// the past.
pub fn secret_end(valid: usize, wanted: Option<Timestamp>, at: Timestamp) -> Result<Timestamp, Refusal> {
    if valid >= MOST_SECRETS {
        return Err(Refusal::new(Kind::SecretLimit, "The client has two valid secrets already."));
    }
    let end = wanted.unwrap_or(at + TimeDelta::days(365));
    if end <= at || end > at + LONGEST_LIFE {
        return Err(Refusal::fault("/expires_at", "out_of_range", "A secret ends in the future, within a year."));
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_secrets_for_a_year_at_most() {
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(secret_end(1, None, at), Ok(at + TimeDelta::days(365)));
        assert_eq!(secret_end(0, Some(at + TimeDelta::hours(1)), at), Ok(at + TimeDelta::hours(1)));
        assert_eq!(secret_end(2, None, at).unwrap_err().kind, Kind::SecretLimit);
        for odd in [at, at + TimeDelta::days(367)] {
            assert_eq!(secret_end(0, Some(odd), at).unwrap_err().kind, Kind::InvalidInput);
        }
    }
}
