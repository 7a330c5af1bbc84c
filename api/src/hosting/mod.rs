//! State machines that the journal hosts: what calls for them have in common, whatever the machine decides. One node hosts a machine; the
//! others forward what is asked of it.

pub mod act;
pub mod forward;
pub mod live;
mod machines;
pub mod stream;

pub use machines::{Hosted, Machines, Served, all_caught_up, all_streams, caught_up, of_stream, stream_of};
