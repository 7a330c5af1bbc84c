//! Files of goods: the jobs that take them in, what was refused of them, and the goods themselves, many at once.

pub mod error;
pub mod file;
pub mod goods;
pub mod job;
pub mod mapping;
pub mod write;

/// Pushes arrays as the arguments of `unnest`.
macro_rules! arrays {
    ($out:ident; $first:ty => $values:expr $(, $kind:ty => $more:expr)* $(,)?) => {
        $out.push_bind_param::<diesel::sql_types::Array<$first>, _>($values)?;
        $(
            $out.push_sql(", ");
            $out.push_bind_param::<diesel::sql_types::Array<$kind>, _>($more)?;
        )*
    };
}
pub(crate) use arrays;
