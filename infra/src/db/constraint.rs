//! The database refuses what the application did not see coming; here its refusal gets a name.

use diesel::result::{DatabaseErrorKind, Error};
use domain::kernel::Refusal;

use crate::Failure;

/// Turns the violation of the named constraint into a refusal and passes on everything else.
pub fn refuse<T>(result: Result<T, Error>, constraint: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Failure> {
    result.map_err(|error| match &error {
        Error::DatabaseError(kind, info)
            if info.constraint_name() == Some(constraint)
                && matches!(
                    kind,
                    DatabaseErrorKind::UniqueViolation
                        | DatabaseErrorKind::CheckViolation
                        | DatabaseErrorKind::ForeignKeyViolation
                        | DatabaseErrorKind::ExclusionViolation
                ) =>
        {
            Failure::Refused(refusal())
        }
        _ => Failure::Database(error),
    })
}
