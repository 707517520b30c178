//! What the example programs share.
#![forbid(unsafe_code)]

pub mod paint;
pub mod quick_start;
pub mod scan;
pub mod tickets;
