//! The test that every state machine of a document has.

use std::fmt::Debug;

use super::{Kind, Refusal};

/// Tries every step in every state: those that are legal lead where the table says, and all others are refused as not possible now.
pub fn check<S: Copy + PartialEq + Debug, T: Copy + PartialEq + Debug>(
    states: &[S],
    steps: &[T],
    legal: &[(S, T, S)],
    after: impl Fn(S, T) -> Result<S, Refusal>,
) {
    for &state in states {
        for &step in steps {
            let expected = legal.iter().find(|(from, by, _)| (*from, *by) == (state, step)).map(|(_, _, to)| *to);
            let after = after(state, step);
            assert_eq!(after.as_ref().ok().copied(), expected, "{state:?} {step:?}");
            assert!(after.is_ok() || after.is_err_and(|refusal| refusal.kind == Kind::WrongState));
        }
    }
}
