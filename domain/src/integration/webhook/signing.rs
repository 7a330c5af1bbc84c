//! What is signed, and by which secrets: one, or two while a secret is replaced.

use chrono::TimeDelta;

use crate::kernel::{Refusal, Timestamp};

/// How many bytes a secret has; Standard Webhooks asks for 24 to 64.
pub const SECRET_BYTES: usize = 32;

/// How long a replaced secret signs beside the new one, where nothing else is asked for.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// The longest that it may: 7 days.
pub const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(7);

/// What a signature is over: `id.timestamp.body`, the time in seconds since 1970.
pub fn content(id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.to_string().as_bytes(), b".", body].concat()
}

/// Until when the replaced secret goes on signing; `hours` as it is asked for, 0 if it has become known to others.
pub fn overlap_end(hours: Option<u16>, at: Timestamp) -> Result<Timestamp, Refusal> {
    let overlap = hours.map_or(OVERLAP, |hours| TimeDelta::hours(hours.into()));
    if overlap > LONGEST_OVERLAP {
        return Err(Refusal::fault("/overlap_hours", "out_of_range", "The old secret signs for 168 hours at most."));
    }
    Ok(at + overlap)
}

/// The secrets that sign at a time, the newest first. The old one does until its end, and not at it.
pub fn signers<T>(current: T, old: Option<(T, Timestamp)>, at: Timestamp) -> Vec<T> {
    let old = old.filter(|(_, until)| *until > at).map(|(secret, _)| secret);
    [current].into_iter().chain(old).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kind;

    #[test]
    fn the_content_is_id_time_and_body_as_they_are() {
        assert_eq!(content("msg_1", 1_674_087_231, b"{\"a\": 1}\n"), b"msg_1.1674087231.{\"a\": 1}\n");
    }

    #[test]
    fn both_secrets_sign_until_the_old_one_ends() {
        let end = Timestamp::UNIX_EPOCH + TimeDelta::hours(24);
        let before = end - TimeDelta::microseconds(1);
        assert_eq!(signers("new", Some(("old", end)), before), ["new", "old"]);
        assert_eq!(signers("new", Some(("old", end)), end), ["new"]);
        assert_eq!(signers("new", None, before), ["new"]);
    }

    #[test]
    fn an_overlap_is_a_day_or_what_is_asked_for_within_a_week() {
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(overlap_end(None, at), Ok(at + TimeDelta::hours(24)));
        assert_eq!(overlap_end(Some(0), at), Ok(at));
        assert_eq!(overlap_end(Some(168), at), Ok(at + TimeDelta::days(7)));
        assert_eq!(overlap_end(Some(169), at).unwrap_err().kind, Kind::InvalidInput);
    }
}
