//! Exports of everything that an organisation owns: the jobs, the parts that they have written, and what there is to write.

pub mod job;
pub mod owned;
pub mod part;
